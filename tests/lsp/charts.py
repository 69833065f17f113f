"""Charts for the tests of the language server's requests."""

STANDARD = """\
type: object
properties:
  image:
    description: What runs.
    type: object
    required: [tag]
    properties:
      tag: {type: string, description: The tag of the image., default: "1.0"}
      pullPolicy: {enum: [Always, "no", IfNotPresent], default: IfNotPresent}
  level: {type: string, x-valuelint: {legacy: [config.level]}}
  debug: {type: boolean}
  dbPassword: {type: string, x-valuelint: {secret: true}}
required: [image]
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  template:
    spec:
      containers:
        - name: web
          image: "web:{{ .Values.image.tag }}"
          imagePullPolicy: {{ with .Values.image }}{{ .pullPolicy }}{{ end }}
          env:
            {{- include "env" . | nindent 12 }}
"""
HELPERS = """\
{{- define "env" -}}
- name: LEVEL
  value: {{ .Values.level | quote }}
- name: PASSWORD
  value: {{ .Values.dbPassword | quote }}
{{- end -}}
"""
FILES = {
    ".valuelint.yaml": "schema: standard.yaml\n",
    "standard.yaml": STANDARD,
    "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "web/values.yaml": "image:\n  tag: \"1.10\"\n  pullPolicy: Always\nlevel: info # \U0001F600 wide\ndbPassword: hunter2hunter2\n",
    "web/values-dev.yaml": "image:\n  tag: dev\n",
    "web/templates/deployment.yaml": DEPLOYMENT,
    "web/templates/_helpers.tpl": HELPERS,
    "shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n- name: web\n  version: 1.0.0\n"
                       "  repository: file://../web\n  alias: front\n",
    "shop/values.yaml": "image:\n  tag: shop\nfront:\n  image:\n    tag: \"2.0\"\n  level: warn\n",
}


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
