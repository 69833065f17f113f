{{ define "inner" }}{{ .Values.switched.inner }}{{ end }}
{{ define "port" }}{{ if .it.on }}
  port{{ .it.port }}: "on"
{{- end }}{{ end }}
