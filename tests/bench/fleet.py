#!/usr/bin/env python3
"""Makes a fleet of charts to measure on: COUNT folders below OUT, each with Chart.yaml and values.yaml.

The values are those of standard.yaml (or legacy.yaml with --shape legacy) with names, ports and sizes of their own;
one chart in ten has a real mistake. The same arguments make the same bytes.
"""
import argparse
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
WORDS = ("ledger", "passport", "signer", "anchor", "inspection", "document", "trust", "engine")

# What one chart in ten has wrong: a text of standard.yaml, and what stands there instead.
MISTAKES = (
    ("max_size: @POOL@", "max_size: 0"),
    ('SERVICE_NAME: "@NAME@"', 'SERVICE_NAME: "another-service"'),
    ('tag: "1.@MINOR@.0"', "tag: latest"),
    ("enabled: true\n    mtls: true", "enabled: false\n    mtls: true"),
    ("cpu: @CPU@m", "cpu: 4000m"),
    ("replicaCount: @REPLICAS@", 'replicaCount: "@REPLICAS@"'),
    ("pullPolicy: IfNotPresent", "pullPolicy: Sometimes"),
    ("activeDeadlineSeconds: 600", "activeDeadlineSeconds: 30"),
)


def fill(text, number):
    name = f"{WORDS[number % len(WORDS)]}-{number:05d}"
    base = 8000 + 10 * (number % 200)
    fields = {"NAME": name, "SNAKE": name.replace("-", "_"), "REPLICAS": 1 + number % 5, "MINOR": number % 40,
              "HTTP": base, "METRICS": base + 1, "GRPC": 50051 + number % 100, "POOL": 5 + number % 20,
              "CPU": 100 + 50 * (number % 10), "DB": number % 16, "STORAGE": "true" if number % 3 else "false",
              "LOG_LEVEL": ("DEBUG", "INFO", "WARNING", "ERROR")[number % 4]}
    return name, re.sub(r"@([A-Z_]+)@", lambda match: str(fields[match[1]]), text)


def write_chart(out, template, number):
    if number % 10 == 9:
        template = template.replace(*MISTAKES[number // 10 % len(MISTAKES)], 1)
    name, values = fill(template, number)
    folder = out / name
    folder.mkdir()
    (folder / "values.yaml").write_text(values, encoding="utf-8")
    (folder / "Chart.yaml").write_text(
        f"apiVersion: v2\nname: {name}\ndescription: The service {name} of the platform\ntype: application\n"
        f'version: 0.1.0\nappVersion: "1.{number % 40}.0"\n', encoding="utf-8")


def write_fleet(out, count, shape="standard"):
    """Makes the fleet; the folder `out` must not be there yet."""
    out.mkdir(parents=True)
    template = (HERE / f"{shape}.yaml").read_text(encoding="utf-8")
    for number in range(count):
        write_chart(out, template, number)


MANIFESTS = (
    "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {{name: {name}}}\nspec:\n  selector: {{matchLabels: "
    "{{app: {name}}}}}\n  rules: [{{from: [{{source: {{principals: [cluster.local/ns/default/sa/{other}]}}}}]}}]\n",
    "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {{name: {name}}}\nspec:\n  hosts: [{name}]\n  http: "
    "[{{route: [{{destination: {{host: {name}, port: {{number: 8080}}}}}}]}}]\n",
    "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {{name: {name}}}\nspec: {{host: {name}}}\n",
    "apiVersion: policy.linkerd.io/v1beta3\nkind: Server\nmetadata: {{name: {name}}}\nspec: {{podSelector: {{matchLabels: "
    "{{app: {name}}}}}, port: http}}\n",
)


def write_mesh(out, count):
    """Charts like fixtures/mesh/charts/ledger, and as many manifests, of four kinds in turn, for every one."""
    ledger = HERE.parent.parent / "fixtures" / "mesh" / "charts" / "ledger"
    (out / "k8s").mkdir(parents=True)
    for number in range(count):
        name = f"{WORDS[number % len(WORDS)]}-{number:05d}"
        for path in (path for path in ledger.rglob("*") if path.is_file()):
            target = out / "charts" / name / path.relative_to(ledger)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(path.read_text(encoding="utf-8").replace("ledger", name), encoding="utf-8")
        other = f"{WORDS[(number + 1) % len(WORDS)]}-{(number + 1) % count:05d}"
        (out / "k8s" / f"{name}.yaml").write_text(MANIFESTS[number % 4].format(name=name, other=other), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--charts", type=int, default=1000, metavar="COUNT")
    parser.add_argument("--shape", choices=("standard", "legacy"), default="standard")
    parser.add_argument("out", type=pathlib.Path)
    options = parser.parse_args()
    write_fleet(options.out, options.charts, options.shape)


if __name__ == "__main__":
    main()
