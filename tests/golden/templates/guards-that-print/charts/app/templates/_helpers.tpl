{{ define "mesh.on" }}{{ if .Values.mesh.enabled }}true{{ end }}{{ end }}
{{ define "always" }}{{ include "word" . }}{{ end }}
{{ define "word" }}{{- range list "y" "es" }}{{ . }}{{ end -}}{{ end }}
{{ define "cluster" }}{{ if .Capabilities.APIVersions.Has "mesh/v1" }}true{{ end }}{{ end }}
{{ define "nothing" }}{{ .Values.absent }}{{ end }}
