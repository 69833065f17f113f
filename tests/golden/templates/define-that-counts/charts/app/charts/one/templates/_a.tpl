{{- define "libraries" }}{{ .Values.a }}{{ end }}
{{- define "deep" }}{{ .Values.gone1.b }}{{ end }}
