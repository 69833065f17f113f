{{- define "common.name" -}}
{{ .Chart.Name }}
{{- end }}
{{- define "pay.level" -}}
{{ .Values.env.LOG_LEVEL }}
{{- end }}
