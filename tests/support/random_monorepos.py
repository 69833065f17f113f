"""Monorepos for a seed: services, umbrellas over them in every way that Helm knows, and what both read and set.

A monorepo is a dictionary of relative paths to texts, bytes (packed charts) or Link (symbolic links). What is put together
need not be sensible; only the comparison of what Helm prints of it before and after counts."""
import gzip
import io
import random
import tarfile

OLD = {"service.port": ("8080", "9090", '"8080"'), "service.healthPort": ("8081", "8082"),
       "config.logLevel": ("INFO", "info", '"DEBUG"'), "config.database.host": ("db.example.com", "10.0.0.1"),
       "config.database.port": ("5432",), "config.redis.host": ("redis",), "config.redis.db": ("0", "2"),
       "serviceMonitor.enabled": ("true", "false"), "openxpki.url": ("https://ca",)}
NEW = {"service.http.port": ("7000",), "env.LOG_LEVEL": ("ERROR",), "database.host": ("elsewhere",),
       "serviceConfig.redis.host": ("other",), "serviceConfig.extra": ("1",)}
READS = ("{{ .Values.%s }}", "{{ .Values.%s | quote }}", "{{ .Values.%s | default \"none\" }}",
         "{{ with .Values.%s }}{{ . }}{{ end }}", "{{ if .Values.%s }}yes{{ end }}")


class Link(str):
    """Where a symbolic link leads."""


def nest(entries, indent=""):
    """{dotted path: text} as YAML."""
    tree = {}
    for path, text in entries.items():
        inner = tree
        *way, last = path.split(".")
        for key in way:
            inner = inner.setdefault(key, {})
            if not isinstance(inner, dict):
                break
        else:
            inner[last] = text
    return "".join(write(tree, indent))


def write(tree, indent):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield f"{indent}{key}:\n"
            yield from write(value, indent + "  ")
        else:
            yield f"{indent}{key}: {value}\n"


def below(name, entries):
    return {f"{name}.{path}": text for path, text in entries.items()}


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.files = {}

    def some(self, items, most):
        return self.random.sample(sorted(items), self.random.randint(0, min(most, len(items))))

    def chance(self, share):
        return self.random.random() < share

    def values(self, most=4, null=0.0):
        entries = {path: self.random.choice(OLD[path]) for path in self.some(OLD, most)}
        if self.chance(0.15):
            path = self.random.choice(sorted(NEW))
            entries[path] = self.random.choice(NEW[path])
        if self.chance(null):
            entries[self.random.choice(("config", "service", *OLD))] = "null"
        return entries

    def chart_yaml(self, name, dependencies=(), kind="application"):
        text = f'apiVersion: v2\nname: {name}\nversion: 0.1.0\nappVersion: "1.0.0"\ntype: {kind}\n'
        if dependencies:
            text += "dependencies:\n"
            for dependency in dependencies:
                text += "  - {" + ", ".join(f"{key}: {value}" for key, value in dependency.items()) + "}\n"
        return text

    def reads(self, paths, prefix=""):
        lines = ["kind: ConfigMap", "apiVersion: v1", "metadata:", "  name: x", "data:"]
        for number, path in enumerate(paths):
            lines.append(f"  k{number}: {self.random.choice(READS) % (prefix + path)}x")
        return "\n".join(lines) + "\n"

    def service(self, folder, name):
        """A chart of its own; returns the paths that it sets."""
        entries = {path: self.random.choice(OLD[path]) for path in self.random.sample(sorted(OLD), 3)}
        self.files[f"{folder}/Chart.yaml"] = self.chart_yaml(name)
        self.files[f"{folder}/values.yaml"] = f"# values of {name}\n" + nest(entries)
        body = self.reads(entries)
        if self.chance(0.5):
            define = self.random.choice(("app.port", f"{name}.port"))
            path = self.random.choice(sorted(entries))
            self.files[f"{folder}/templates/_helpers.tpl"] = (
                '{{- define "%s" -}}\n{{ .Values.%s }}\n{{- end }}\n' % (define, path))
            body += '  d: {{ include "%s" . }}x\n' % define
        if self.chance(0.15):
            body += "  all: {{ toJson .Values.config | quote }}\n"
        self.files[f"{folder}/templates/a.yaml"] = body
        if self.chance(0.4):
            self.files[f"{folder}/values-prod.yaml"] = nest(self.values(2)) or "{}\n"
        return entries

    def pack(self, name):
        maker = Maker(self.random.random())
        maker.service(name, name)
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode="w") as archive:
            for path, text in maker.files.items():
                info = tarfile.TarInfo(path)
                info.size = len(text.encode())
                archive.addfile(info, io.BytesIO(text.encode()))
        return gzip.compress(data.getvalue(), mtime=0)

    def umbrella(self, folder, name, depth, services):
        """A chart over others: unpacked, by file://, under aliases, packed, unlisted."""
        dependencies, parts = [], {}
        for number in range(self.random.randint(1, 3)):
            part = self.random.choice(("api", "web", "jobs", "store")) + str(number)
            way = self.random.random()
            if way < 0.2 and services:
                other = self.random.choice(sorted(services))
                dependency = {"name": other, "version": "0.1.0", "repository": f'"file://../{other}"'}
                paths, part = services[other], other
            elif way < 0.3:
                self.files[f"{folder}/charts/{part}-0.1.0.tgz"] = self.pack(part)
                dependency, paths = {"name": part, "version": "0.1.0"}, dict.fromkeys(OLD, "")
            else:
                inner = f"{folder}/charts/{self.random.choice((part, part + '-folder'))}"
                dependency = {"name": part, "version": self.random.choice(("0.1.0", "0.1.0", "9.9.9"))}
                if depth and self.chance(0.3):
                    paths = self.umbrella(inner, part, depth - 1, {})
                else:
                    paths = self.service(inner, part)
            if any(known["name"] == part for known in dependencies):
                continue
            key = part
            if self.chance(0.25) and dependency["version"] == "0.1.0":
                dependency["alias"] = key = f"{part}-alias"
            if self.chance(0.15):
                dependency["condition"] = f"{key}.{self.random.choice(('enabled', 'serviceMonitor.enabled'))}"
            if self.chance(0.05):
                dependency["import-values"] = "[{child: config, parent: imported}]"
            if "repository" in dependency or "alias" in dependency or "condition" in dependency or self.chance(0.5):
                dependencies.append(dependency)
            parts[key] = paths
        entries, own = {}, self.values(1)
        for key in parts:
            if self.chance(0.6):
                entries.update(below(key, self.values(2, null=0.1)))
        self.files[f"{folder}/Chart.yaml"] = self.chart_yaml(name, dependencies)
        self.files[f"{folder}/values.yaml"] = nest({**own, **entries}) or "{}\n"
        if self.chance(0.5):
            overlay = {}
            for key in parts:
                overlay.update(below(key, self.values(2, null=0.1)) if self.chance(0.5) else {})
            self.files[f"{folder}/{self.random.choice(('values-prod', 'values.prod'))}.yaml"] = nest(overlay) or "{}\n"
        reads = [f"{key}.{path}" for key, paths in parts.items() if "-" not in key for path in paths if self.chance(0.1)]
        if reads or self.chance(0.3):
            self.files[f"{folder}/templates/a.yaml"] = self.reads(reads or list(own))
        if self.chance(0.1):
            self.files[f"{folder}/templates/_helpers.tpl"] = '{{- define "app.port" -}}of {{ .Chart.Name }}{{- end }}\n'
        return {f"{key}.{path}": "" for key, paths in parts.items() for path in paths}


def make(seed):
    """The files of the monorepo of that seed."""
    maker = Maker(seed)
    services = {}
    for name in ("orders", "billing", "ledger")[:maker.random.randint(1, 3)]:
        services[name] = maker.service(name, name)
    for name in ("shop", "platform")[:maker.random.randint(1, 2)]:
        maker.umbrella(name, name, 2, services)
    if maker.chance(0.1) and len(services) > 1:
        maker.files["orders/values-shared.yaml"] = Link("../shared/values.yaml")
        maker.files["billing/values-shared.yaml"] = Link("../shared/values.yaml")
        maker.files["shared/values.yaml"] = nest(maker.values(2)) or "{}\n"
    return maker.files
