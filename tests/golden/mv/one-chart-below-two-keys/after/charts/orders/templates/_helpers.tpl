{{- define "orders.name" -}}
{{ .Chart.Name }}-{{ index .Values "service" "httpPort" }}
{{- end }}
