{{ define "shared.name" }}{{ .Values.serviceConfig.mine }}{{ end }}
