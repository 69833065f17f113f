{{- define "app.labels" -}}
app: {{ .Values.label.name }}
{{- end }}
