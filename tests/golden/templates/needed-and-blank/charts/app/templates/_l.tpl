{{ define "l" }}a: b{{ end }}
