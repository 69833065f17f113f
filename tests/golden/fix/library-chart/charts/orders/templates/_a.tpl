{{ define "a" }}{{ .Values.service.port }}{{ end }}
