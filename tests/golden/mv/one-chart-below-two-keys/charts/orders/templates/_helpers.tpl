{{- define "orders.name" -}}
{{ .Chart.Name }}-{{ index .Values "service" "port" }}
{{- end }}
