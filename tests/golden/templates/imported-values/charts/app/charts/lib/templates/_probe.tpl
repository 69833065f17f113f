{{ define "lib.probe" }}{{ .Values.probe.path }}{{ end }}
