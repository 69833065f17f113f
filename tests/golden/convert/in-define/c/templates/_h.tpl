{{- define "g" -}}
{{- $v := .Values -}}
{{ .Values.gateway }}{{ $v.gateway }}
{{- end }}
