{{ define "app.name" }}{{ .context.Chart.Name }}{{ end }}
