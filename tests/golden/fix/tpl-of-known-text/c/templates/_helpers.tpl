{{- define "render" -}}
{{- tpl (.value | toYaml) .context -}}
{{- end -}}
{{- /*
Usage: {{ include "render" (dict "value" .Values.x "context" $) }}
*/}}
