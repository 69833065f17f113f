{{- define "orders.port" -}}{{ .Values.service.port }}{{- end }}
