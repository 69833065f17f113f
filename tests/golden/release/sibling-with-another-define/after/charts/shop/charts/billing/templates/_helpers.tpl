{{- define "billing.port" -}}{{ .Values.service.http.port }}{{- end }}
