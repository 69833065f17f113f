{{- define "app.port" -}}{{ .Values.service.port }}{{- end }}
