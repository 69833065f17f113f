{{ define "lib.a" }}{{ .Values.a }}{{ end }}
