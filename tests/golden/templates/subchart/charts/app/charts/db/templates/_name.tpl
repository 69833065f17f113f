{{ define "db.name" }}{{ .Values.own.name }}{{ .Values.db.any.thing }}{{ end }}
