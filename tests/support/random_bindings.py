"""Monorepos for a seed whose charts get values from outside: files that the configuration names, objects of Argo CD and
Flux, helmfiles, scripts. Next to the files, the stacks: what each chart is rendered with, in Helm's order."""
import textwrap

from support import random_monorepos
from support.random_monorepos import OLD, nest

PATHS = ("orders", "billing", "ledger")


class Bindings:
    """A stack is (chart's folder, sources). A source is ("file", path), ("part", path, document, keys) or
    ("set", "a.b=c")."""

    def __init__(self, seed):
        self.maker = random_monorepos.Maker(seed)
        self.random = self.maker.random
        self.files, self.stacks, self.configuration = self.maker.files, [], []
        self.helmfile = []

    def values(self, most=3):
        return nest(self.maker.values(most)) or "replicaCount: 2\n"

    def flow(self):
        path = self.random.choice([path for path in sorted(OLD) if path.count(".") == 1])
        block, key = path.split(".")
        return f"{{{block}: {{{key}: {self.random.choice(OLD[path])}}}}}"

    def comment(self, indent):
        return f"{indent}# {self.random.choice(('as agreed', 'service.port of the gateway'))}\n" \
            if self.maker.chance(0.3) else ""

    # --- kinds of bindings

    def configured(self, name):
        folder, path = f"env/{self.random.choice(('prod', 'test'))}", None
        if self.maker.chance(0.3):
            path = f"{folder}/wrapper-{name}.yaml"
            self.files[path] = f"apps:\n  {name}:\n" + textwrap.indent(self.values(), "    ")
            self.configuration.append(f"  - charts: [{name}]\n    files: [{path}]\n    below: apps.{name}\n")
            self.stacks.append((name, [("part", path, 0, ("apps", name))]))
            return
        path = f"{folder}/{name}.yaml"
        text = self.values()
        if self.maker.chance(0.1):
            text = text.replace(":", ": # {{ .Values.x }}\n  x:", 1) if self.maker.chance(0.5) else text
        self.files[path] = text
        self.configuration.append(f'  - charts: ["{name}"]\n    files: ["env/*/{name}.yaml"]\n')
        self.stacks.append((name, [("file", path)]))

    def common(self, name):
        self.files["env/common.yaml"] = self.files.get("env/common.yaml", self.values(2))
        self.configuration.append(f"  - charts: [{name}]\n    files: [env/common.yaml]\n")
        self.stacks.append((name, [("file", "env/common.yaml")]))

    def argo(self, name):
        path, number = f"apps/{self.random.choice(('all', name))}.yaml", 0
        helm, sources = "", []
        if self.maker.chance(0.4):
            extra = f"deploy/{name}-argo.yaml"
            self.files[extra] = self.values(2)
            helm += f"      valueFiles:\n        - ../{extra}\n"
            sources.append(("file", extra))
        number = self.files.get(path, "").count("kind: Application")
        kind = self.random.random()
        if kind < 0.4:
            helm += "      valuesObject:\n" + self.comment(" " * 8) + textwrap.indent(self.values(), " " * 8)
            sources.append(("part", path, number, ("spec", "source", "helm", "valuesObject")))
        elif kind < 0.5:
            helm += f"      valuesObject: {self.flow()}\n"
            sources.append(("part", path, number, ("spec", "source", "helm", "valuesObject")))
        elif kind < 0.8:
            helm += "      values: |\n" + self.comment(" " * 8) + textwrap.indent(self.values(), " " * 8)
            sources.append(("part", path, number, ("spec", "source", "helm", "values")))
        elif kind < 0.9:
            helm += f"      values: '{self.flow()}'\n"
            sources.append(("part", path, number, ("spec", "source", "helm", "values")))
        if self.maker.chance(0.15):
            old = self.random.choice(sorted(OLD))
            helm += f"      parameters:\n        - name: {old}\n          value: \"1\"\n"
            sources.append(("set", f"{old}=1"))
        revision = self.random.choice(("HEAD", "main", "v1.2.0") if self.maker.chance(0.3) else ("HEAD",))
        text = (f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: {name}\nspec:\n"
                f"  source:\n    path: {name}\n    targetRevision: {revision}\n")
        if helm:
            text += "    helm:\n" + helm
        text += "  destination: {namespace: shop}\n" if self.maker.chance(0.5) else ""
        self.files[path] = self.files[path] + "---\n" + text if path in self.files else text
        self.stacks.append((name, sources))

    def flux(self, name):
        path, patch = f"clusters/{name}.yaml", f"clusters/prod/{name}.yaml"
        spec, sources = "", []
        if self.maker.chance(0.4):
            extra = f"deploy/{name}-flux.yaml"
            self.files[extra] = self.values(2)
            spec += f"      valuesFiles: [{extra}]\n"
            sources.append(("file", extra))
        if self.maker.chance(0.7):
            spec += "  values:\n" + self.comment("    ") + textwrap.indent(self.values(), "    ")
            sources.append(("part", path, 0, ("spec", "values")))
        if self.maker.chance(0.1):
            old = self.random.choice(sorted(OLD))
            spec += f"  valuesFrom:\n    - {{kind: Secret, name: x, valuesKey: y, targetPath: {old}}}\n"
            sources.append(("set", f"{old}=2"))
        head = f"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: {name}\n  namespace: shop\n"
        self.files[path] = head + ("spec:\n  chart:\n    spec:\n"
                                   f"      chart: ./{name}\n      sourceRef: {{kind: GitRepository, name: shop}}\n") + spec
        self.stacks.append((name, sources))
        if self.maker.chance(0.4):
            body = head + "spec:\n  values:\n" + textwrap.indent(self.values(2), "    ")
            if self.maker.chance(0.5):
                self.files[patch] = body
                self.stacks.append((name, [*sources, ("part", patch, 0, ("spec", "values"))]))
            else:
                where = f"clusters/{name}-prod/kustomization.yaml"
                self.files[where] = (f"resources: [../{name}.yaml]\npatches:\n  - patch: |\n" + textwrap.indent(body, " " * 6))
                self.stacks.append((name, [*sources, ("part", where, 0, ("patches", 0, "patch", "spec", "values"))]))

    def helm(self, name):
        index, values, sources = len(self.helmfile), "", []
        if self.maker.chance(0.5):
            extra = f"deploy/{name}-helmfile.yaml"
            self.files[extra] = self.values(2)
            values += f"      - {extra}\n"
            sources.append(("file", extra))
        if self.maker.chance(0.6):
            body = textwrap.indent(self.values(), " " * 8)
            number = values.count("- ")
            values += "      - " + body[8:]
            sources.append(("part", "helmfile.yaml", 0, ("releases", index, "values", number)))
        text = f"  - name: {name}\n    chart: ./{name}\n" + (f"    values:\n{values}" if values else "")
        if self.maker.chance(0.2):
            old = self.random.choice(sorted(OLD))
            text += f"    set:\n      - name: {old}\n        value: 3\n"
            sources.append(("set", f"{old}=3"))
        self.helmfile.append(text)
        self.stacks.append((name, sources))

    def script(self, name):
        old = self.random.choice(sorted(OLD))
        self.files[f"scripts/{name}.sh"] = (f"#!/bin/sh\nset -e\nhelm upgrade --install {name} ./{name} \\\n"
                                            f"  --set {old}=4 --wait\n")
        self.stacks.append((name, [("set", f"{old}=4")]))


def make(seed):
    """The files of the monorepo of that seed, and its stacks."""
    bindings = Bindings(seed)
    names = PATHS[:bindings.random.randint(1, 3)]
    services = {name: bindings.maker.service(name, name) for name in names}
    kinds = (bindings.configured, bindings.common, bindings.argo, bindings.flux, bindings.helm, bindings.script)
    for name in names:
        for kind in bindings.random.sample(kinds, bindings.random.randint(1, 2)):
            kind(name)
    if bindings.maker.chance(0.5):
        bindings.maker.umbrella("shop", "shop", 1, services)
        if bindings.maker.chance(0.5):
            bindings.argo("shop")
    if bindings.helmfile:
        bindings.files["helmfile.yaml"] = "releases:\n" + "".join(bindings.helmfile)
    configuration = "values:\n" + "".join(bindings.configuration) if bindings.configuration else "preview: false\n"
    bindings.files[".valuelint.yaml"] = configuration
    for path, text in bindings.files.items():
        if "/templates/" in path:  # what is quoted ends there
            bindings.files[path] = text.replace("quote }}x", "quote }}")
    return bindings.files, bindings.stacks
