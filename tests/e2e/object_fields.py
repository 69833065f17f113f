#!/usr/bin/env python3
"""What is said of objects' fields (VL909 to VL911) against Kubernetes' own schemas.

Public charts as they stand, with their defaults and each overlay, have no error of VL906 to VL919, and no other warning
than those in WARNINGS, each of which was read. Then they get one change each: a value of values.yaml becomes one of another
type, or null. For those that still render, each finding must be confirmed by the JSON schemas of the Python package
kubernetes-validate for the object that `valuelint render` prints, and each error of the schemas should be found: the share is
printed by kind, and must not fall below RECALL.

    object_fields.py [CHANGES [SEED]]      default: 150 changes

Takes $VALUELINT from the environment, the charts from tests/support/tools.py. Reports itself as skipped where they, or the
package, cannot be had."""
import collections
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support import tools  # noqa: E402

SKIPPED = 77
RECALL = 0.9
PROGRAM = os.environ.get("VALUELINT", str(ROOT / "build" / "valuelint"))
SCHEMAS = f"kubernetes_validate/kubernetes-json-schema/v{tools.KUBERNETES_VALIDATE[1]}-local-strict"
CLASSES = {"VL909": "type", "VL910": "unknown", "VL911": "missing"}
ALERTS = "project-sunbird+sunbird-devops/kubernetes/helm_charts/monitoring/alertrules/templates"
WARNINGS = {
    # A count of messages becomes 1e+06 in a configuration that is a text.
    ("VL916", "argoproj+argo-helm/charts/argo-events/templates/argo-events-controller/config.yaml"),
    # The subject of a RoleBinding has no labels.
    ("VL910", "helm+charts/incubator/cassandra-operator/templates/rolebinding.yaml"),
    # Rules with nothing behind them: all of them are switched off.
    ("VL911", f"{ALERTS}/promrulesApiResponse.yml"), ("VL911", f"{ALERTS}/promrulesDruid.yml"),
    ("VL911", f"{ALERTS}/promrulesServiceHealthCheck.yml"),
    # Left over: no template says these words.
    ("VL914", "argoproj+argo-helm/charts/argo-events/ci/test-values.yaml"),
    ("VL914", "argoproj+argo-helm/charts/argocd-image-updater/ci/enable-ingress-values.yaml"),
    # A field with nothing behind it.
    ("VL918", "SigNoz+charts/charts/k8s-infra/templates/otel-deployment/deployment.yaml"),
    ("VL918", "formancehq+helm/charts/agent/templates/_helpers.tpl"),
    ("VL918", "grafana+helm-charts/charts/promtail/templates/networkpolicy.yaml"),
    ("VL918", "helm+charts/stable/eventrouter/templates/deployment.yaml"),
    ("VL918", "helm+charts/stable/mssql-linux/templates/deployment.yaml"),
    # deleteUploads and enabled are what the values have.
    ("VL918", "helm+charts/stable/lamp/templates/deployment.yaml"),
    ("VL918", "prometheus-community+helm-charts/charts/prometheus-modbus-exporter/templates/deployment.yaml"),
}
REMOVED = "VL919"  # old charts have old APIs: counted
# Where the schemas ask for more than the API does, or for other things.
ABOUT_SCHEMAS = re.compile(r"^status(\.|$)")


def run(*words):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False)


class Schemas:
    """Validators by kind, made once."""

    def __init__(self, site):
        sys.path.insert(0, site)
        import jsonschema  # pylint: disable=import-outside-toplevel
        import referencing  # pylint: disable=import-outside-toplevel
        self.folder = next(pathlib.Path(site).glob(SCHEMAS))
        definitions = json.loads((self.folder / "_definitions.json").read_text(encoding="utf-8"))
        self.registry = referencing.Resource.from_contents(definitions) @ referencing.Registry()
        self.validator = jsonschema.validators.Draft202012Validator
        self.known = {}

    def of(self, thing):
        group = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", str(thing.get("apiVersion")))
        path = self.folder / f"{str(thing.get('kind')).lower()}-{group}.json"
        if path not in self.known:
            self.known[path] = None
            if path.is_file():
                schema = json.loads(path.read_text(encoding="utf-8"))
                self.known[path] = self.validator(schema, registry=self.registry)
        return self.known[path]

    def errors(self, thing):
        """(class, path) of each error of the schema; None where there is no schema for it."""
        validator = self.of(thing)
        if not validator:
            return None
        found = set()
        for error in validator.iter_errors(without_nulls(thing)):
            path = dotted(error.absolute_path)
            if error.validator == "required":
                name = re.match(r"'(.*)' is a required", error.message)[1]
                found.add(("missing", f"{path}.{name}".lstrip(".")))
            elif error.validator == "additionalProperties":
                found |= {("unknown", dotted([*error.absolute_path, key]))
                          for key in error.instance if key not in error.schema.get("properties", {})}
            else:
                found.add(("type", path))
        return {(kind, path) for kind, path in found if not ABOUT_SCHEMAS.match(path)}


def without_nulls(value):
    """A null is to the API as if it were not there."""
    if isinstance(value, dict):
        return {key: without_nulls(member) for key, member in value.items() if member is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def dotted(keys):
    text = ""
    for key in keys:
        if isinstance(key, int):
            text += f"[{key}]"
        elif re.search(r"[./\s]", key):
            text += f'["{key}"]'
        else:
            text += f".{key}" if text else key
    return text


def paths_of(value, path=()):
    for key, member in value.items():
        yield (*path, key), member
        if isinstance(member, dict):
            yield from paths_of(member, (*path, key))


def changed(values, rng):
    """A copy of the values with one change, and what it was."""
    values = json.loads(json.dumps(values))
    path, old = rng.choice(list(paths_of(values)))
    place = values
    for key in path[:-1]:
        place = place[key]
    new = rng.choice([new for new in (5, True, "text", "1", ["a"], {"a": "b"}, None, 1.5, "") if new != old])
    place[path[-1]] = new
    return values, f"{'.'.join(path)} = {json.dumps(new)}"


def printed(chart, folder):
    """The objects that the chart prints; None where it does not render, or not all is known."""
    done = run("render", str(chart))
    if done.returncode:
        return None
    things = []
    for text in re.split(r"^---\n", done.stdout, flags=re.M):
        document = folder / "document.yaml"
        document.write_text(text, encoding="utf-8")
        shown = run("show", str(document))
        thing = json.loads(shown.stdout) if shown.returncode == 0 and shown.stdout.strip() else None
        if isinstance(thing, dict) and thing.get("kind"):
            things += thing["items"] if thing["kind"] == "List" and isinstance(thing.get("items"), list) else [thing]
    return things


def findings_of(chart):
    """(class, kind, path) of each finding on fields."""
    done = run("--preview", "--no-config", "--isolated", "--select", ",".join(CLASSES), "--format", "json", str(chart))
    found = set()
    for finding in json.loads(done.stdout)["findings"]:
        message = finding["message"]
        if message.rpartition("(with `")[1]:
            continue  # only with an overlay
        match = (re.match(r"`(.*?)` of the (\S+) must be", message) or
                 re.match(r"Kubernetes knows no `(.*?)` in the (\S+)$", message))
        needs = re.match(r"the (\S+) needs `(.*?)`, and", message)
        if not needs and not match and re.match(r"(nothing stands|the API knows)", message):
            continue  # of a custom resource, which Kubernetes' schemas do not know
        kind, path = (needs[1], needs[2]) if needs else (match[2], match[1])
        found.add((CLASSES[finding["id"]], kind, path))
    return found


def bare(path):
    return re.sub(r"\[\d+\]", "[]", path)


def check_as_they_stand(folder):
    """What is told of charts that render, and ought not to be."""
    done = run("--preview", "--no-config", "--isolated", "--select", "VL906,VL907,VL908,VL909,VL91", "--severity", "warning",
               "--format", "json", str(folder))
    findings = json.loads(done.stdout)["findings"]
    print(f"     {sum(finding['id'] == REMOVED for finding in findings)} versions of APIs are removed")
    for finding in findings:
        place = os.path.relpath(finding["path"], folder)
        if finding["id"] == REMOVED:
            continue
        if finding["severity"] == "error" or (finding["id"], place) not in WARNINGS:
            yield f"as it stands: {place}: {finding['id']}: {finding['message']}"


class Result:
    def __init__(self):
        self.rendered = self.confirmed = 0
        self.false = []
        self.wanted, self.found, self.missed = (collections.Counter() for _ in range(3))

    def judge(self, what, things, errors, findings):
        self.rendered += 1
        known = {(kind, thing["kind"], path) for thing, found in zip(things, errors) for kind, path in found or ()}
        for finding in sorted(findings):
            # A quantity in a wrong form has the right type to the schemas; of custom kinds they say nothing.
            if finding[1] in CUSTOM:
                continue
            if finding in known or is_quantity(finding, things):
                self.confirmed += 1
            else:
                self.false.append(f"{what}: {finding}")
        shapes = {(kind, name, bare(path)) for kind, name, path in findings}
        for kind, name, path in known:
            self.wanted[kind] += 1
            if (kind, name, bare(path)) in shapes:
                self.found[kind] += 1
            else:
                self.missed[f"{kind} {name} {bare(path)}"] += 1


# Kinds of CustomResourceDefinitions, which charts of the corpus print: Kubernetes' own schemas do not have them.
CUSTOM = ("PodMonitor", "Probe", "PrometheusRule", "ScrapeConfig", "ServiceMonitor", "Gateway", "HTTPRoute", "VirtualService",
          "DestinationRule", "AuthorizationPolicy", "PeerAuthentication")


def is_quantity(finding, things):
    asks = re.search(r"(limits|requests|capacity|sizeLimit)\b", finding[2]) is not None
    return finding[0] == "type" and asks and bool(things)


def main():
    data, _ = tools.find_data()
    charts = sorted(path.parent for path in (pathlib.Path(data) / "charts").rglob("Chart.yaml"))
    charts = [chart for chart in charts if not (chart.parent.parent / "Chart.yaml").exists() and
              (chart / "values.yaml").exists()]
    site = tools.find_python_package(*tools.KUBERNETES_VALIDATE)
    if not charts or not site:
        print("SKIP object_fields: no charts, or no kubernetes-validate")
        return SKIPPED
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    schemas, result = Schemas(site), Result()
    result.false += check_as_they_stand(pathlib.Path(data) / "charts")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for _ in range(count):
            chart = rng.choice(charts)
            copy = folder / "copy" / chart.name
            shutil.rmtree(folder / "copy", ignore_errors=True)
            shutil.copytree(chart, copy, symlinks=True)
            values = json.loads(run("show", str(copy / "values.yaml")).stdout or "{}")
            if not values:
                continue
            values, what = changed(values, rng)
            (copy / "values.yaml").write_text(json.dumps(values), encoding="utf-8")
            things = printed(copy, folder)
            if things is None:
                continue
            errors = [schemas.errors(thing) for thing in things]
            result.judge(f"{chart.name}: {what}", things, errors, findings_of(copy))
    print(f"{result.rendered} of {count} changed charts render; {result.confirmed} findings confirmed, "
          f"{len(result.false)} not")
    for kind, wanted in sorted(result.wanted.items()):
        print(f"  {kind}: {result.found[kind]} of {wanted} found")
    for text, times in result.missed.most_common(20):
        print(f"  missed {times} times: {text}")
    for text in result.false:
        print(f"FAIL not confirmed: {text}")
    short = sum(result.found.values()) < RECALL * sum(result.wanted.values())
    failed = len(result.false) + short
    print(f"{result.confirmed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
