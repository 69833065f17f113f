"""Charts that put values at old places and read them in every way that templates know: one chart for a seed.

A chart is a dictionary of relative paths to texts. Its values are put together from VALUES, its templates from SNIPPETS
below; both speak of the same paths, so that most of what a template reads is there, and moves. What a template makes of it
need not be sensible, and need not even render: only the comparison with what it makes of it later counts."""
import json
import random
import re

# Old places with a value each; leaves that come from the same parent stand together.
LEGACY = {
    "service.port": ("8080", "9090", "8081", '"8080"'),
    "service.targetPort": ("8080", "http"),
    "service.metricsPort": ("9100", "9100", '"9100"'),
    "service.healthPort": ("8081", "8082", '"8082"'),
    "config.logLevel": ("INFO", "info", '"DEBUG"', "'WARNING'"),
    "config.database.host": ("db.example.com", '"postgres"', "10.0.0.1"),
    "config.database.port": ("5432", '"5432"', "1000000"),
    "config.database.name": ("orders", '"my_db"', "1.10", "yes"),
    "config.database.user": ("app", "'app'"),
    "config.database.password": ("hunter2", '""', "12345", "1e3"),
    "config.database.url": ("postgresql://app@db:5432/orders", "mysql://db/orders"),
    "config.database.poolSize": ("5", "20"),
    "config.database.poolOverflow": ("0", "10"),
    "config.database.timeout": ("30", "1.50"),
    "config.kafka.brokers": ("kafka:9092", '"a:1,b:2"'),
    "config.kafka.topicPrefix": ("orders.", "orders"),
    "config.kafka.acks": ("all", "1"),
    "config.metrics.port": ("9100", "9101"),
    "config.metrics.enabled": ("true", "yes"),
    "config.redis.host": ("redis", '"redis.example.com"'),
    "config.redis.db": ("0", "2"),
    "config.sync.interval": ("3600", "1h"),
    "config.sync.sources": ("[a, b]", "\n{indent}- a\n{indent}- b # second"),
    "config.cors.origins": ("[]", '["https://a.example.com"]'),
    "config.environment": ("production", "staging"),
    "config.debug": ("false", "true", "off", "null"),
    "config.greeting": ("Hello # no comment", '"a: {b}"', "|\n{indent}one\n{indent}  two\n"),
    "config.log-format": ("json", '"{{ .Values.config.logLevel }}"'),
    "config.empty": ("{}", "[]", '""'),
    "serviceMonitor.enabled": ("true", "false"),
    "serviceMonitor.interval": ("15s",),
    "serviceMonitor.labels": ("{release: prometheus}", "{}"),
    "openxpki.url": ("https://openxpki", "'https://ca'"),
    "openxpki.realm": ("csca",),
}
IMAGES = ("image:\n  repository: acme/app\n  tag: \"1.2\"\n", "image:\n  repository: acme/app\n  tag: 1.10\n",
          "image: acme/app:1.2.3\n", "image: registry:5000/acme/app\n", "image: {repository: acme/app, tag: latest}\n",
          "image: acme/app@sha256:0123456789abcdef\n", "image: 'acme/app:1.10'\n", "")
# What stands at the standard's places already, in some charts.
STANDARD = ("replicaCount: 2\n", 'replicaCount: "3"\n', "nodeSelector: {}\n", "env:\n  LOG_LEVEL: INFO\n",
            "env:\n  EXTRA: \"1\" # kept\n", "env: []\n", "env: {}\n", "database:\n  host: db.example.com\n",
            "database:\n  host: elsewhere\n  pool: {}\n", "serviceConfig:\n  redis:\n    host: redis\n",
            "serviceConfig: {}\n", "podAnnotations:\n  a: b\n", "ingress: {}\n", "ingress:\n  enabled: true\n",
            "resources: {}\n", "monitoring:\n  serviceMonitor:\n    enabled: true\n", "eventBus:\n  type: nats\n",
            "serviceAccount:\n  create: yes\n", "tolerations:\n- key: a\n  operator: Exists\n",
            "persistence:\n  enabled: false\n", "autoscaling:\n  enabled: off\n", "migration: {}\n",
            "fullnameOverride: \"\"\n", "livenessProbe: {}\n", "secret: {}\n", "serviceMesh:\n  enabled: true\n",
            "global:\n  region: eu\n", "custom:\n  own: 1\n", "affinity: null\n", "imagePullSecrets: []\n")
# Names of the standard that templates ask for.
KNOWN = ("env", "env.LOG_LEVEL", "database", "database.host", "database.dsn", "service.http.port", "serviceConfig",
         "serviceConfig.redis", "nodeSelector", "tolerations", "affinity", "ingress", "ingress.enabled", "resources",
         "autoscaling.enabled", "replicaCount", "image", "image.repository", "image.tag", "monitoring", "persistence",
         "podAnnotations", "migration.enabled", "livenessProbe", "serviceAccount.name", "grpc", "grpc.tls.enabled",
         "global.region", "custom.own", "eventBus.kafka.brokers", "serviceMonitor", "fullnameOverride", "secret",
         "configMap", "podDisruptionBudget.minAvailable", "imagePullSecrets", "keyVault.type")
MISSING = ("config.database.sslmode", "config.missing", "config.kafka.security.protocol", "service.nodePort",
           "config.redis.password", "openxpki.token", "serviceMonitor.scrapeTimeout", "nothing.at.all",
           "config.database.schema", "config.metrics.path", "config.sync.enabled", "database.schema", "service.name")

# {p}: a path, {l}: its last key, {a}: the path around it ({A} the first key), {q}: another path; {i}: its keys for index.
# Each becomes the value of a key of a ConfigMap, as a block text.
SNIPPETS = (
    "{{ .Values.{p} }}", "{{ .Values.{p} }}", "{{ .Values.{p} }}", "{{ .Values.{p} }}:{{ .Values.{q} }}",
    "{{ $.Values.{p} }}", "{{.Values.{p}}}", "{{- .Values.{p} -}}", "x {{- /* .Values.{p} */ -}} y",
    "{{ .Values.{p} | quote }}", "{{ quote .Values.{p} }}", "{{ .Values.{p} | toString | quote }}", "{{ .Values.{p} | squote }}",
    "{{ .Values.{p} | default \"none\" }}", "{{ .Values.{p} | default 5 | quote }}", "{{ default .Values.{q} .Values.{p} }}",
    "{{ printf \"%v/%v\" .Values.{p} .Values.{q} }}", "{{ printf \"%s\" .Values.{p} }}", "{{ printf \"%d\" (int .Values.{p}) }}",
    "{{ int .Values.{p} }}", "{{ .Values.{p} | int64 }}", "{{ add .Values.{p} 1 }}", "{{ .Values.{p} | float64 }}",
    "{{ kindOf .Values.{p} }}", "{{ typeOf .Values.{p} }}", "{{ .Values.{p} | upper }}", "{{ .Values.{p} | toString | lower }}",
    "{{ toJson .Values.{p} }}", "{{ .Values.{p} | toJson | sha256sum }}", "{{ .Values.{p} | toString | b64enc }}",
    "{{ if .Values.{p} }}yes {{ .Values.{p} }}{{ else }}no{{ end }}", "{{ if not .Values.{p} }}none{{ end }}",
    "{{ if .Values.{a} }}{{ .Values.{p} }}{{ end }}", "{{ if and .Values.{a} .Values.{p} }}both{{ end }}",
    "{{ if or .Values.{p} .Values.{q} }}one{{ end }}", "{{ if eq (toString .Values.{p}) \"5432\" }}same{{ end }}",
    "{{ if eq .Values.{p} .Values.{q} }}same{{ else }}other{{ end }}", "{{ if ne .Values.{p} \"INFO\" }}other{{ end }}",
    "{{ if gt (int .Values.{p}) 8000 }}high{{ end }}", "{{ ternary .Values.{p} \"x\" (not (empty .Values.{q})) }}",
    "{{ coalesce .Values.{p} .Values.{q} \"x\" }}", "{{ required \"missing\" .Values.{p} }}", "{{ empty .Values.{p} }}",
    "{{ with .Values.{p} }}{{ . }}{{ end }}", "{{ with .Values.{a} }}{{ .{l} }}{{ end }}", "{{ with .Values.{p} }}{{ toJson . }}{{ else }}none{{ end }}",
    "{{ with .Values.{A} }}{{ toJson . }}{{ end }}", "{{ with $.Values.{a} }}{{ .{l} }} {{ $.Values.{q} }}{{ end }}",
    "{{ with .Values }}{{ .{p} }}{{ end }}", "{{ with . }}{{ .Values.{p} }}{{ end }}", "{{ with $ }}{{ .Values.{p} }}{{ end }}",
    "{{ range $k, $v := .Values.{a} }}{{ $k }}={{ $v }};{{ end }}", "{{ range .Values.{p} }}[{{ . }}]{{ end }}",
    "{{ range until 2 }}{{ $.Values.{p} }}{{ end }}", "{{ range $k, $v := .Values.{A} }}{{ $k }} {{ end }}",
    "{{ range list .Values.{p} .Values.{q} }}{{ . }},{{ end }}", "{{ range $i := until 1 }}{{ with $.Values.{a} }}{{ .{l} }}{{ end }}{{ end }}",
    "{{ range $name, $port := dict \"a\" .Values.{p} \"b\" .Values.{q} }}{{ $name }}:{{ $port }} {{ end }}",
    "{{ toYaml .Values.{p} | nindent 6 }}", "{{ .Values.{a} | toYaml | nindent 6 }}", "{{ toYaml .Values.{A} | nindent 6 }}", "{{ toYaml .Values.{p} }}",
    "{{ index .Values {i} }}", "{{ (index .Values \"{A}\") | toJson }}", "{{ index .Values.{a} \"{l}\" }}", "{{ index $.Values {i} | quote }}",
    "{{ get .Values.{a} \"{l}\" }}", "{{ hasKey .Values.{a} \"{l}\" }}", "{{ if hasKey .Values \"{A}\" }}has{{ end }}",
    "{{ dig {i} \"fallback\" .Values.AsMap }}", "{{ dig \"{l}\" \"fallback\" .Values.{a} }}", "{{ pluck \"{l}\" .Values.{a} | first }}",
    "{{ keys .Values.{a} | sortAlpha | join \",\" }}", "{{ keys .Values | sortAlpha | join \",\" }}", "{{ len .Values.{a} }}", "{{ len .Values }}",
    "{{ omit .Values.{a} \"{l}\" | toJson }}", "{{ pick .Values.{a} \"{l}\" | toJson }}", "{{ values .Values.{a} | toJson | len }}",
    "{{ merge (dict) .Values.{a} | toJson }}", "{{ mergeOverwrite (dict \"x\" 1) .Values.{a} | toJson }}",
    "{{ (merge (dict) .Values).{p} }}", "{{ (deepCopy .Values.{a}).{l} }}", "{{ toJson (dict \"v\" .Values.{p}) }}",
    "{{ (.Values.{a}).{l} }}", "{{ ((.Values).{A}) | toJson }}", "{{ (.Values).{p} }}", "{{ ($.Values.{a}).{l} | quote }}", "{{ (default dict .Values.{a}).{l} }}",
    "{{ $x := .Values.{a} }}{{ $x.{l} }}", "{{ $x := .Values.{p} }}{{ $x }}", "{{ $v := .Values }}{{ $v.{p} }}", "{{ $x := .Values.{a} | default dict }}{{ $x.{l} }}",
    "{{ $r := . }}{{ $r.Values.{p} }}", "{{ $x := 1 }}{{ if .Values.{a} }}{{ $x = .Values.{p} }}{{ end }}{{ $x }}",
    "{{ $x := dict \"p\" .Values.{p} }}{{ $x.p }}", "{{ $x := list .Values.{p} . }}{{ (index $x 1).Values.{q} }}",
    "{{ $_ := set .Values.{a} \"{l}\" \"new\" }}{{ .Values.{p} }}", "{{ $_ := set .Values \"extra\" 1 }}{{ .Values.extra }}",
    "{{ $_ := unset .Values.{a} \"{l}\" }}{{ toJson .Values.{a} }}",
    "{{ include \"show\" . }}", "{{ include \"show\" $ }}", "{{ template \"show\" . }}", "{{ include \"show.fixed\" . | nindent 6 }}", "{{ include \"show\" (dict \"Values\" .Values) }}",
    "{{ include \"value\" .Values.{p} }}", "{{ include \"member\" (dict \"root\" . \"x\" .Values.{p}) }}", "{{ include \"leaf\" .Values.{a} }}",
    "{{ include \"ctx\" (dict \"ctx\" $ \"name\" \"x\") }}", "{{ include \"ctx\" (dict \"ctx\" .) }}", "{{ include \"pair\" (list . .Values.{p}) }}",
    "{{ include (printf \"%s\" \"show\") . }}", "{{ include (print \"sh\" \"ow\") . }}", "{{ include \"dollar\" . }}", "{{ include \"dollar\" .Values.{a} }}",
    "{{ include (print $.Template.BasePath \"/other.yaml\") . | sha256sum }}", "{{ include \"nested\" . }}", "{{ include \"lib.show\" . }}",
    "{{ include \"whole\" .Values }}", "{{ include \"guarded\" . }}", "{{ block \"inline\" . }}{{ .Values.{p} }}{{ end }}",
    "{{ tpl \"{{ .Values.{p} }}\" . }}", "{{ tpl .Values.tplText . }}", "{{ tpl (toYaml .Values.{a}) . | nindent 6 }}", "{{ tpl (.Values.tplText | default \"\") $ }}", "{{ tpl (printf \"{{ .Values.%s }}\" \"{p}\") . }}",
    "{{ tpl (toString .Values.{p}) . }}", "{{ tpl (.Files.Get \"files/script.sh\") . | nindent 6 }}", "{{ .Files.Get \"files/script.sh\" | nindent 6 }}",
    "{{ (.Files.Glob \"files/*\").AsConfig | sha256sum }}",
    "{{ toJson .Values | sha256sum }}", "{{ .Values | toYaml | len }}", "{{ toJson .Values }}", "{{ toJson .Subcharts | len }}",
    "{{ \"{{ .Values.{p} }}\" }}", "{{ `{{ .Values.{p} }}` }}", "{{/* {{ .Values.{p} }} */}}", "{{- /* a\n   b .Values.{p} */ -}}z",
    "{{ .Values.{p}\n    | quote }}", "{{ printf \"%v\"\n      .Values.{p} }}", "{{ if .Values.{p}}}a{{else if .Values.{q}}}b{{else}}c{{end}}",
    "{{ with .Values.{p} }}a{{ else with .Values.{q} }}b{{ end }}", "{{ .Values.{p} }}{{ .Values.{p} }}{{ .Values.{q} }}",
    "{{ and .Values.{p} .Values.{q} | toJson }}", "{{ or .Values.{p} \"x\" }}", "{{ not .Values.{p} }}", "{{ if (not (hasKey .Values \"{A}\")) }}none{{ end }}",
    "{{ range $i, $e := .Values.{p} }}{{ $i }}{{ else }}none{{ end }}", "{{ if kindIs \"map\" .Values.{a} }}map{{ end }}", "{{ if kindIs \"string\" .Values.{p} }}s{{ else }}n{{ end }}",
    "{{ .Values.{p} | trunc 3 }}", "{{ .Values.{p} | replace \".\" \"-\" }}", "{{ splitList \":\" .Values.{p} | first }}", "{{ contains \"a\" .Values.{p} }}", "{{ semverCompare \">=1.0\" .Values.{p} }}",
    "{{ if has .Values.{p} (list \"INFO\" \"DEBUG\") }}known{{ end }}", "{{ if regexMatch \"^[0-9]+$\" (toString .Values.{p}) }}digits{{ end }}",
    "{{ if .Capabilities.APIVersions.Has \"monitoring.coreos.com/v1\" }}{{ .Values.{p} }}{{ end }}", "{{ .Chart.Name }}-{{ .Values.{p} }}",
    "{{ lookup \"v1\" \"Secret\" \"a\" (toString .Values.{p}) | toJson }}", "{{ .Release.Name | printf \"%s-%v\" | quote }}", "{{ break_free }}",
    "{{ range .Values.{a} }}{{ . }}{{ break }}{{ end }}", "{{ with $x := .Values.{a} }}{{ $x.{l} }}{{ .{l} }}{{ end }}", "{{ if $x := .Values.{p} }}{{ $x }}{{ end }}",
    "{{ if .Values.{a}.{l} }}{{ .Values.{a}.{l} }}{{ end }}{{ $.Values.{q} }}", "{{ (index .Values.{a} \"{l}\") | default .Values.{q} }}",
    "{{ eq (kindOf .Values.{p}) \"float64\" }}", "{{ .Values.{p} | toYaml | quote }}", "{{ fromJson (toJson .Values.{a}) }}", "{{ (fromYaml (toYaml .Values.{a})).{l} }}",
    "{{ if eq .Values.{p} nil }}nil{{ end }}", "{{ list .Values.{p} .Values.{q} | compact | toJson }}", "{{ join \",\" (list .Values.{p} .Values.{q}) }}",
    "{{ $x := .Values.{a} }}{{ if $x }}{{ get $x \"{l}\" }}{{ end }}", "{{ with .Values.{a} }}{{ index . \"{l}\" | quote }}{{ hasKey . \"{l}\" }}{{ end }}",
    "{{ with .Values.{A} }}{{ $.Values.{p} }}{{ end }}", "{{ with .Values.{a} }}{{ .{l} }}{{ .{l} | quote }}{{ else }}none{{ end }}", "{{ with .Values.{a} }}{{ .{l} }}{{ toJson . }}{{ end }}",
    "{{ include \"part\" (dict \"m\" .Values.{a} \"ctx\" $) }}", "{{ include \"part\" (dict \"m\" (.Values.{a} | default dict) \"ctx\" .) }}", "{{ with .Values.{a} }}{{ include \"leaf\" . }}{{ end }}",
    "{{ $r := $ }}{{ range until 1 }}{{ with $r.Values.{a} }}{{ .{l} }}{{ end }}{{ end }}", "{{ if and .Values.{a} .Values.{a}.{l} }}{{ .Values.{p} }}{{ end }}", "{{ $x := .Values.{a} }}{{ with $x }}{{ .{l} }}{{ end }}",
    "{{ .Values.{p} | empty | ternary \"a\" \"b\" }}", "{{ if empty .Values.{a} }}gone{{ end }}", "{{ typeIs \"float64\" .Values.{p} }}", "{{ mul (.Values.{p} | int) 2 }}",
)
UNPARSED = ("break_free",)  # a function that Helm does not know

DEFINES = (
    '{{ define "show" }}{{ .Values.{p} }}{{ end }}', '{{- define "show" -}}\n{{- with .Values.{a} }}{{ .{l} }}{{ end -}}\n{{- end -}}',
    '{{ define "show" }}{{ .Values.{p} | quote }} {{ $.Values.{q} }}{{ end }}', '{{ define "show" }}{{ if .Values.{p} }}{{ .Values.{p} }}{{ end }}{{ end }}',
    '{{ define "show" }}{{ include "nested" . }}{{ end }}',
)
HELPERS = """{{/* Helpers. */}}
{show}
{{ define "show.fixed" }}port: {{ .Values.service.port }}{{ end }}
{{ define "value" }}{{ . | toJson }}{{ end }}
{{ define "member" }}{{ .x | toJson }}{{ end }}
{{ define "leaf" }}{{ .{l} }}{{ end }}
{{ define "part" }}{{ with .m }}{{ .{l} }}{{ end }}{{ .ctx.Values.{q} }}{{ end }}
{{ define "ctx" }}{{ .ctx.Values.{p} }}{{ end }}
{{ define "pair" }}{{ (index . 0).Values.{p} }} {{ index . 1 }}{{ end }}
{{ define "dollar" }}{{ $.{l} }}{{ end }}
{{ define "nested" }}{{ .Values.{q} | default "d" }}{{ end }}
{{ define "whole" }}{{ .{p} }}{{ end }}
{{ define "guarded" }}{{ if and .Values.{a} .Values.{p} }}{{ .Values.{p} }}{{ else }}off{{ end }}{{ end }}
"""
TPL_TEXTS = ("tplText: '{{ .Values.{p} }}'\n", 'tplText: "{{ .Values.{p} | quote }}"\n', "tplText: plain\n", "")


class Chart:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.files = {}
        self.paths = []
        self.has_subchart = self.one_in(6)
        # What a template takes from the subcharts as a whole is not looked at.
        self.snippets = [text for text in SNIPPETS if not self.has_subchart or ".Subcharts" not in text]

    def one_in(self, number):
        return self.random.randrange(number) == 0

    def pick(self, choices):
        return self.random.choice(choices)

    def path(self):
        """A path for a template: mostly one that the values hold at an old place."""
        number = self.random.random()
        if number < 0.8 and self.paths:
            return self.pick(self.paths)
        if number < 0.84:
            return self.pick(list(LEGACY))
        return self.pick(MISSING if number < 0.88 else KNOWN)

    @staticmethod
    def suits(text, path):
        """Whether the snippet can be about the path. What the standard adds may be of any kind: a template that compares
        it with something else was written for nothing."""
        if "-" in path or (("{a}" in text or "{l}" in text) and "." not in path):
            return False
        return path not in KNOWN or not re.search(r"\b(eq|ne) ", text)

    def fill(self, text):
        """A snippet with paths put in."""
        path, other = self.path(), self.path()
        while not self.suits(text, path) or not self.suits(text, other):
            path, other = self.path(), self.path()
        around, _, last = path.rpartition(".")
        for name, value in (("p", path), ("q", other), ("a", around or path), ("l", last), ("A", path.split(".")[0]),
                            ("i", " ".join(f'"{key}"' for key in path.split(".")))):
            text = text.replace("{%s}" % name, value)
        return text


def make_chart(seed):
    """The files of the chart for a seed."""
    c = Chart(seed)
    name = c.pick(("orders", "trust-svc", "a-b-c"))
    c.files["Chart.yaml"] = f"apiVersion: v2\nname: {name}\nversion: 0.1.0\nappVersion: \"1.2.3\"\n"
    c.files["values.yaml"] = make_values(c, LEGACY, 0.45)
    make_templates(c)
    if c.one_in(3):
        c.files["values-prod.yaml"] = make_overlay(c)
        if c.one_in(3):
            c.files["values-eu.yaml"] = make_overlay(c)
    if c.one_in(6):
        add_library(c)
    if c.has_subchart:
        add_subchart(c)
    if c.one_in(8):
        for path in [path for path in c.files if path.startswith("templates/")]:
            c.files[path] = c.files[path].replace("\n", "\r\n")
    if c.one_in(12):
        c.files["values.yaml"] = c.files["values.yaml"].replace("\n", "\r\n")
    return c.files


def share_values(c, text):
    """The text with an anchor, and aliases or merges in other places."""
    lines = text.split("\n")
    plain = [i for i, line in enumerate(lines) if re.fullmatch(r" +[\w-]+: [\w.:/-]+", line)]
    blocks = [i for i, line in enumerate(lines) if re.fullmatch(r"[\w-]+:", line) and i + 1 < len(lines)
              and re.fullmatch(r" +[\w-]+: [\w.:/-]+", lines[i + 1])]
    if len(plain) > 1 and c.one_in(2):
        first, second = sorted(c.random.sample(plain, 2))
        lines[first] = lines[first].replace(": ", ": &one ", 1)
        lines[second] = lines[second].split(": ")[0] + ": *one"
    elif len(blocks) > 1:
        first, second = sorted(c.random.sample(blocks, 2))
        lines[first] += " &block"
        lines.insert(second + 1, re.match(" +", lines[second + 1])[0] + "<<: *block")
        if c.one_in(2):
            lines += ["shared: *block", ""]
    return "\n".join(lines)


def make_values(c, pool, share):
    chosen = [path for path in pool if c.random.random() < share]
    c.paths = c.paths + chosen
    tree = {}
    for path in chosen:
        *around, last = path.split(".")
        at = tree
        for key in around:
            at = at.setdefault(key, {})
        at[last] = c.pick(pool[path])
    blocks = [print_block(c, key, value) for key, value in tree.items()]
    image = c.pick(IMAGES)
    blocks += [image, c.fill(c.pick(TPL_TEXTS))]
    taken = set(tree) | {"image"}
    for block in c.random.sample(STANDARD, c.random.randrange(6)):
        if block.split(":")[0] not in taken:
            taken.add(block.split(":")[0])
            blocks.append(block)
    c.random.shuffle(blocks)
    text = "".join(("\n" if c.one_in(2) else "") + block for block in blocks if block)
    if c.one_in(5):
        text = share_values(c, text)
    if c.one_in(10):
        text = text.rstrip("\n")
    return ("# Values.\n\n" if c.one_in(2) else "") + text


def print_block(c, key, value):
    """A mapping as text: in block or flow style, with comments here and there."""
    if c.one_in(6) and all(is_plain(inner) for inner in value.values()):
        return f"{key}: {print_flow(value)}\n"
    step = c.pick((2, 2, 2, 4))
    return f"{comment(c, 0)}{key}:{side_comment(c)}\n" + print_map(c, value, step, step)


def is_plain(value):
    return all(is_plain(inner) for inner in value.values()) if isinstance(value, dict) else not re.search(r"[\n#]", value)


def print_flow(value):
    if not isinstance(value, dict):
        return value if re.fullmatch(r"[\w./:\"'-]+|\[.*\]|\{.*\}", value) else json.dumps(value)
    return "{" + ", ".join(f"{key}: {print_flow(inner)}" for key, inner in value.items()) + "}"


def comment(c, column):
    return " " * column + c.pick(("# about it\n", "# two\n" + " " * column + "# lines\n")) if c.one_in(6) else ""


def side_comment(c):
    return c.pick(("  # why", " #")) if c.one_in(8) else ""


def print_map(c, value, column, step):
    text = ""
    keys = list(value)
    c.random.shuffle(keys)
    for key in keys:
        inner = value[key]
        text += comment(c, column) + " " * column + f"{key}:"
        if not isinstance(inner, dict):
            text += " " + inner.replace("{indent}", " " * (column + step))
            text += side_comment(c) if "\n" not in inner else ""
            text += "" if text.endswith("\n") else "\n"
        elif c.one_in(5) and is_plain(inner):
            text += f" {print_flow(inner)}{side_comment(c)}\n"
        else:
            text += side_comment(c) + "\n" + print_map(c, inner, column + step, step)
        text += "\n" if c.one_in(8) else ""
    return text


def make_overlay(c):
    known = {path: LEGACY[path] for path in LEGACY if path in c.paths or c.one_in(6)}
    if c.one_in(4):
        above = {path.rpartition(".")[0] for path in known if path.count(".") > 1}
        known = {path: (*choices, "null") for path, choices in known.items()}
        for path in c.random.sample(sorted(above), min(len(above), 2)):
            known = {name: choices for name, choices in known.items() if not name.startswith(path + ".")}
            known[path] = ("null", "{}", "text")
    return make_values(c, known, 0.3)


def make_templates(c):
    count = c.random.randrange(1, 6)
    lines = []
    for number in range(count):
        lines.append(f"  k{number}: |-\n    >>{c.fill(c.pick(c.snippets))}<<\n")
        if c.one_in(10):
            lines.append(c.fill("  # {{ .Values.{p} }}\n"))
    c.files["templates/main.yaml"] = ("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: main\ndata:\n  a: b\n" + "".join(lines))
    c.files["templates/other.yaml"] = c.fill(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\ndata:\n  port: {{ .Values.{p} | quote }}\n")
    if c.one_in(2):
        del c.files["templates/other.yaml"]
    if c.one_in(6):
        c.files["templates/more/deep.yaml"] = c.fill(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: deep\ndata:\n  x: |-\n    >>" + c.pick(c.snippets) + "<<\n")
    if '"' in "".join(lines) and "include" in "".join(lines) + "template" or c.one_in(4):
        c.files["templates/_helpers.tpl"] = c.fill(HELPERS.replace("{show}", c.fill(c.pick(DEFINES))))
    if c.one_in(4):
        c.files["templates/NOTES.txt"] = c.fill("Port {{ .Values.{p} }}, {{ .Values.{q} }}\n")
    if "files/script.sh" in "".join(lines):
        c.files["files/script.sh"] = c.fill("echo {{ .Values.{p} }} $X\n")


def add_library(c):
    c.files["charts/lib/Chart.yaml"] = "apiVersion: v2\nname: lib\nversion: 0.1.0\ntype: library\n"
    c.files["charts/lib/templates/_lib.tpl"] = c.fill('{{ define "lib.show" }}{{ .Values.{p} }}{{ end }}\n')
    c.files["templates/lib.yaml"] = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: lib\ndata:\n  x: {{ include \"lib.show\" "
        + c.pick((".", "$", '(dict "Values" .Values)')) + " | quote }}\n")


def add_subchart(c):
    c.files["charts/sub/Chart.yaml"] = "apiVersion: v2\nname: sub\nversion: 0.1.0\n"
    if c.one_in(3):
        c.files["Chart.yaml"] += "dependencies:\n- name: sub\n  version: 0.1.0\n  condition: " + c.pick((
            "config.metrics.enabled", "config.debug, sub.enabled", "serviceMonitor.enabled", "autoscaling.enabled",
            "persistence.enabled", "config.sync.enabled,migration.enabled")) + "\n"
    c.files["charts/sub/values.yaml"] = make_values(c, {path: LEGACY[path] for path in list(LEGACY)[:12]}, 0.5)
    c.files["charts/sub/templates/sub.yaml"] = c.fill(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: sub\ndata:\n  x: |-\n    >>" + c.pick(c.snippets) + "<<\n")
    if c.one_in(3):
        c.files["templates/above.yaml"] = c.fill(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: above\ndata:\n  x: |-\n    >>"
            + c.pick(c.snippets).replace(".Values.", ".Values.sub.") + "<<\n")
    if c.one_in(2):
        c.files["values.yaml"] = c.files["values.yaml"].rstrip("\n") + c.pick(("\nsub:\n  custom: 1\n", "\nsub: {}\n"))
