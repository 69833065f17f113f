{{- define "own" }}{{ .Values.not2.b }}{{ end }}
{{- define "deep" }}{{ .Values.a }}{{ end }}
