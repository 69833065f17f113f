{{- define "files" }}{{ .Values.a }}{{ end }}
