{{- define "common.tplvalues.render" }}{{ tpl (.value | toYaml) .context }}{{ end }}
{{- define "x.all" }}{{ toYaml .Values }}{{ .Values.config.logLevel }}{{ end }}
