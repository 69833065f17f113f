{{- define "billing.port" -}}{{ .Values.service.port }}{{- end }}
