"""Fleets made at random from a standard that is known: services and jobs of a company, with the slips that people make. Most charts
have what the standard asks for, some have it under an old name, some have other values, some have keys of their own."""
import json
import random

WORDS = ("pay", "ship", "mail", "user", "cart", "geo", "auth", "bill", "stock", "price"), ("api", "core", "hub", "edge", "sync", "flow")
SIZES = (14, 20, 30, 45)
SHARE = 0.75  # of the services that have a required key

POD = """      containers:
        - name: {name}
          image: "{{{{ .Values.image.repository }}}}:{{{{ .Values.image.tag | default .Chart.AppVersion }}}}"
          imagePullPolicy: {{{{ .Values.{policy} }}}}
          env:
            - name: LOG_LEVEL
              value: {{{{ .Values.{level} | quote }}}}
"""
SERVICE = """apiVersion: apps/v1
kind: Deployment
metadata: {{name: x}}
spec:
  replicas: {{{{ .Values.{replicas} }}}}
  selector: {{matchLabels: {{a: b}}}}
  template:
    metadata: {{labels: {{a: b}}}}
    spec:
{pod}          ports: [{{name: http, containerPort: {{{{ .Values.{port} }}}}}}]
---
apiVersion: v1
kind: Service
metadata: {{name: x}}
spec:
  ports: [{{name: http, port: {{{{ .Values.{port} }}}}}}]
"""
JOB = """apiVersion: batch/v1
kind: CronJob
metadata: {{name: x}}
spec:
  schedule: {{{{ .Values.schedule | quote }}}}
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
{pod}"""


def put(values, path, value):
    *above, key = path.split(".")
    for part in above:
        values = values.setdefault(part, {})
    values[key] = value


def has(values, path):
    for part in path.split("."):
        if not isinstance(values, dict) or part not in values:
            return False
        values = values[part]
    return True


class Fleet:
    def __init__(self, seed, folder):
        self.chance = random.Random(seed)
        self.folder = folder
        choose = self.chance.choice
        self.names = {
            "port": choose(("service.port", "svc.port", "http.port", "port")), "level": choose(("logLevel", "log.level")),
            "replicas": choose((("replicaCount", "replicas"), ("replicas", "instances"), ("scale.replicas", "replicas"))),
            "policy": choose((("image.pullPolicy", "image.policy"), ("image.pullPolicy", "imagePullPolicy"))),
            "host": choose(("ingress.host", "web.host")), "disk": choose(("persistence", "disk"))}
        self.registry = choose(("ghcr.io/acme", "registry.corp/x", "acme"))
        count = choose(SIZES)
        services = int(count * self.chance.uniform(0.6, 0.8))
        self.charts = []  # (is a service, values)
        for number in range(count):
            self.make(f"{choose(WORDS[0])}-{choose(WORDS[1])}{number}", number < services)

    def often(self, share):
        return self.chance.random() < share

    def make(self, name, service):
        chance, names, values = self.chance, self.names, {}
        replicas, policy = (pair[self.often(0.2)] for pair in (names["replicas"], names["policy"]))
        put(values, "image.repository", f"{self.registry}/{name}")
        put(values, "image.tag", "" if self.often(0.5) else f"1.{chance.randint(0, 9)}.{number_of(name)}")
        put(values, policy, "IfNotPresent" if self.often(0.9) else "Always")
        if service:
            put(values, replicas, 2 if self.often(0.85) else chance.choice((1, 3, 5)))
            port = chance.randint(8000, 8999)
            put(values, names["port"], port)
            put(values, "probe.port", port if self.often(0.9) else 9999)
            put(values, "probe.path", "/healthz" if self.often(0.85) else f"/{name}")
            put(values, "nodeSelector", {})
            if self.often(0.92):
                put(values, names["host"], f"{name}.acme.test")
            if self.often(0.35):
                put(values, f"{names['disk']}.size", chance.choice(("1Gi", "5Gi", "10Gi")))
                put(values, f"{names['disk']}.class", "fast")
        else:
            put(values, "schedule", f"{chance.randint(0, 59)} * * * *")
        put(values, names["level"], "info" if self.often(0.85) else chance.choice(("debug", "warn")))
        put(values, "resources.requests.cpu", 1 if self.often(0.03) else "100m" if self.often(0.85) else chance.choice(("50m", "2")))
        if self.often(0.3):
            put(values, f"own_{number_of(name)}.size", chance.randint(1, 9))
        self.write(name, values, service, {"replicas": replicas, "policy": policy})
        self.charts.append((service, values))

    def write(self, name, values, service, spelled):
        words = {**self.names, **spelled, "name": name}
        pod = POD.format(**words)
        if not service:
            pod = "".join(f"    {line}\n" for line in pod.splitlines())
        chart = self.folder / "charts" / name
        (chart / "templates").mkdir(parents=True)
        (chart / "Chart.yaml").write_text(f'apiVersion: v2\nname: {name}\nversion: 0.1.0\nappVersion: "2.0.0"\n', encoding="utf-8")
        (chart / "values.yaml").write_text(json.dumps(values, indent=2), encoding="utf-8")
        (chart / "templates" / "all.yaml").write_text((SERVICE if service else JOB).format(pod=pod, **words), encoding="utf-8")

    def expected(self):
        """The standard, as compare.compare takes it."""
        names, paths = self.names, {}
        services = [values for service, values in self.charts if service]

        def say(path, kind, required=True, **more):
            parts = path.split(".")
            for depth in range(1, len(parts)):
                around = paths.setdefault(".".join(parts[:depth]), {"types": ["object"]})
                around["required"] = around.get("required", False) or required
            paths[path] = {"types": [kind], "required": required, **more}

        say(names["replicas"][0], "integer", default=2)
        say("image.repository", "string", default=f"{self.registry}/${{chart}}")
        say("image.tag", "string")
        say(names["policy"][0], "string", default="IfNotPresent")
        say(names["port"], "integer")
        say("probe.port", "integer", derived=f"values.{names['port']}")
        say("probe.path", "string", default="/healthz")
        say("nodeSelector", "object", default={})
        say(names["host"], "string", sum(has(v, names["host"]) for v in services) >= SHARE * len(services), default="${chart}.acme.test")
        say(f"{names['disk']}.size", "string", False)
        say(f"{names['disk']}.class", "string", False, default="fast")
        say("schedule", "string", False)
        say(names["level"], "string", default="info")
        say("resources.requests.cpu", "string", default="100m")
        pairs = (names["replicas"], names["policy"])
        return {"paths": paths, "spellings": {old: now for now, old in pairs if sum(has(v, old) for _, v in self.charts) > 1}}


def number_of(name):
    return name.lstrip("abcdefghijklmnopqrstuvwxyz-")
