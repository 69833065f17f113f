{{- define "libraries" }}{{ .Values.not1.b }}{{ end }}
