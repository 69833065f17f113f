{{- define "orders.port" -}}{{ .Values.service.http.port }}{{- end }}
