{{ define "known" }}{{ include "lost" . }}{{ end }}
