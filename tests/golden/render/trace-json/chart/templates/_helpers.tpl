{{- define "chart.labels" -}}
app: {{ .Values.name }}
{{ toYaml .Values.labels }}
{{- end }}
