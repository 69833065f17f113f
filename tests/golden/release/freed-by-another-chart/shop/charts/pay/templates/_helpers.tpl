{{- define "common.name" -}}
{{ .Chart.Name }}
{{- end }}
{{- define "pay.level" -}}
{{ .Values.config.logLevel }}
{{- end }}
