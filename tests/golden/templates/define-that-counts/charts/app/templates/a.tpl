{{- define "files" }}{{ .Values.gone2.b }}{{ end }}
{{- define "own" }}{{ .Values.a }}{{ end }}
