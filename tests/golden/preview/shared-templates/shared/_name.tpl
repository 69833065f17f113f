{{ define "name" }}{{ .Chart.Name }}-{{ .Values.image.tag }}{{ end }}
