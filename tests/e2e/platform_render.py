#!/usr/bin/env python3
"""The platform's charts with the platform's own shared templates (fixtures/platform/helm), in real Helm 3 and 4.

Each service of fixtures/platform/after, and the standard's defaults alone, must render to objects that are sound
(tests/support/manifests.py) and say what the values say (tests/support/platform_charts.py); also with what is off by
default turned on, with blocks left empty, and all of them at once below the umbrella. The charts as they were before must
not render. That the checks see anything is seen with objects that are spoilt on purpose.

Takes $VALUELINT, $VALUELINT_HELM3 and $VALUELINT_HELM4 from the environment. PyYAML is installed for it where it can be
had."""
import concurrent.futures
import configparser
import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support import manifests, platform_charts, samples, tools  # noqa: E402

SKIPPED = 77
HELMS = ("VALUELINT_HELM3", "VALUELINT_HELM4")
STANDARD = ROOT / "fixtures" / "schema" / "standard.yaml"
STANDARD_CHART = f'apiVersion: v2\nname: {samples.CHART}\nversion: 0.1.0\nappVersion: "1.0.0"\n'
RULES, TWICE = ROOT / "rules" / "env.yaml", "VL304"
NEW = "new-service"
ONE_STRING = "mdoc-engine"  # its image; and its prefix of topics does not end in a dot
SIXTY_THREE = "a-name-that-is-as-long-as-any-name-in-a-cluster-may-be-at-most1"
CREDENTIALS = {"name": "some-secret", "username_key": "user", "password_key": "pass"}
MARKED = {"annotations": {"a.example.com/b": "c"}, "labels": {"release": "x"}}
ISTIO = {"serviceMesh": {"enabled": True, "type": "istio"}, "monitoring": {"podMonitor": {"enabled": True}}}
LINKERD = {"serviceMesh": {"enabled": True, "type": "linkerd", "linkerd": {"injection": "enabled"}},
           "monitoring": {"podMonitor": {"enabled": True, "scrapeTimeout": "5s", "labels": {"release": "prometheus"}}}}
AZURE = {"keyVault": {"enabled": True, "type": "azure", "azure": {
    "vault_url": "https://example.vault.azure.net", "tenant_id": "", "client_id": "", "client_secret": "",
    "credentialsSecret": {"name": "vault", "tenant_id_key": "t", "client_id_key": "c", "client_secret_key": "s"}}}}
NATS = {"eventBus": {"type": "nats", "nats": {
    "servers": "nats.marty.svc.cluster.local:4222", "subject_prefix": "x.",
    "security": {"enabled": True, "username": "", "password": "", "credentialsSecret": CREDENTIALS}}}}
RABBITMQ = {"eventBus": {"type": "rabbitmq", "rabbitmq": {
    "host": "rabbitmq.marty.svc.cluster.local", "port": 5672, "vhost": "/", "exchange_prefix": "x.", "username": "",
    "password": "", "credentialsSecret": CREDENTIALS}}}
STORAGE = {"objectStorage": {"enabled": True}}
VOLUME = {"persistence": {"enabled": True}}
INGRESS = {"ingress": {
    "enabled": True, "className": "nginx", "annotations": {"nginx.ingress.kubernetes.io/proxy-body-size": "8m"},
    "hosts": [{"host": "a.example.com", "paths": [{"path": "/", "pathType": "Prefix"}, {"path": "/x", "pathType": "Exact"}]},
              {"host": "b.example.com", "paths": [{"path": "/", "pathType": "Prefix"}]}],
    "tls": [{"secretName": "tls", "hosts": ["a.example.com", "b.example.com"]}]}}
SCALING = {"autoscaling": {"enabled": True, "minReplicas": 2, "maxReplicas": 5, "targetMemoryUtilizationPercentage": 70}}
# Named in the platform's description: for each service.
EVERYWHERE = {
    "as it is": {}, "istio": ISTIO, "linkerd": LINKERD, "azure": AZURE, "nats": NATS, "rabbitmq": RABBITMQ,
    "storage, volume, ingress, autoscaling": {**STORAGE, **VOLUME, **INGRESS, **SCALING},
    "all of it": {**ISTIO, **AZURE, **RABBITMQ, **STORAGE, **VOLUME, **INGRESS, **SCALING},
}
# The corners of the standard: for its defaults.
CORNERS = {
    "istio without injection": platform_charts.merge(ISTIO, {"serviceMesh": {"istio": {"injection": "disabled"}}}),
    "istio, permissive": platform_charts.merge(ISTIO, {"serviceMesh": {"istio": {"mtls": {"mode": "PERMISSIVE"}}}}),
    "linkerd for an ingress": platform_charts.merge(LINKERD, {"serviceMesh": {"linkerd": {"injection": "ingress"}}}),
    "a mesh without TLS": {**ISTIO, "grpc": {"tls": {"enabled": False}}},
    "no TLS": {"grpc": {"tls": {"enabled": False}}},
    "no mTLS": {"grpc": {"tls": {"mtls": False, "require_client_auth": False}}},
    "certificates in one folder": {"grpc": {"tls": {
        "server_cert": "/etc/tls/server.crt", "server_key": "/etc/tls/server.key", "client_ca": "/etc/tls/ca.crt",
        "client_cert": "/etc/tls/client.crt", "client_key": "/etc/tls/client.key"}}},
    "keys apart from certificates": {"grpc": {"tls": {
        "server_key": "/run/keys/server.key", "client_key": "/run/keys/client.key"}}},
    "hashicorp": {"keyVault": {"enabled": True}},
    "azure in plain text": platform_charts.merge(AZURE, {"keyVault": {"azure": {
        "tenant_id": "1", "client_id": "2", "client_secret": "3"}}}),
    "kafka with a login": {"eventBus": {"kafka": {"brokers": "a:9092,b:9092", "security": {
        "enabled": True, "sasl_mechanism": "SCRAM-SHA-512"}}}},
    "kafka in plain text": {"eventBus": {"kafka": {"security": {"enabled": True, "username": "u", "password": "p,=\"'"}}}},
    "nats without a login": platform_charts.merge(NATS, {"eventBus": {"nats": {"security": {"enabled": False}}}}),
    "storage in plain text": {"objectStorage": {"enabled": True, "use_ssl": True, "access_key": "a", "secret_key": "s"}},
    "a password in plain text": {"database": {"password": "p"}},
    "a shared volume": {"persistence": {
        "enabled": True, "accessMode": "ReadWriteMany", "storageClass": "nfs", "size": "1.5Ti",
        "annotations": {"a.example.com/b": "c"}}},
    "zeros": {"replicaCount": 0, "migration": {"job": {"backoffLimit": 0, "ttlSecondsAfterFinished": 0}}},
    "large numbers": {"migration": {"job": {"activeDeadlineSeconds": 1000000, "ttlSecondsAfterFinished": 2592000}},
                      "database": {"pool": {"max_size": 100000}}},
    "a ServiceAccount from elsewhere": {"serviceAccount": {"create": False, "name": "default"}},
    "annotations and labels": {
        "serviceAccount": {"annotations": {"a.example.com/b": "1"}}, "podAnnotations": {"b": "true"},
        "monitoring": {"serviceMonitor": {"labels": {"release": "prometheus"}, "scrapeTimeout": "10s"}}},
    "no annotations": {"podAnnotations": None},
    "a long name": {"fullnameOverride": SIXTY_THREE},
    "another name": {"nameOverride": "another"},
    "no migration": {"migration": {"enabled": False}},
    "a migration that is tried again": {"migration": {"job": {"restartPolicy": "OnFailure"}, "alembic": {
        "command": ["alembic", "upgrade", "head"], "config_file": "/srv/app/alembic.ini"}}},
    "no monitors": {"monitoring": {"serviceMonitor": {"enabled": False}}},
    "a root that is read-only": {"securityContext": {"readOnlyRootFilesystem": True}},
    "where it runs": {"nodeSelector": {"a.example.com/zone": "1"}, "imagePullSecrets": [{"name": "registry"}],
                      "tolerations": [{"key": "a", "operator": "Exists", "effect": "NoSchedule"}],
                      "affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": []}}},
    "ports by name": {"service": {"http": {"targetPort": "web"}, "metrics": {"targetPort": "prom"}}},
    "other ports in the container": {"service": {"type": "NodePort", "http": {"port": 80}, "grpc": {"port": 443}}},
    "a health port": {"env": {"HEALTH_CHECK_PORT": "9999"}, "livenessProbe": {"httpGet": {"path": "/", "port": 9999}},
                      "readinessProbe": {"tcpSocket": {"port": "http"}}},
    "settings of its own": {"serviceConfig": {"a": {"b": [1, "x"]}, "retention": 2592000},
                            "env": {"A": "$(DATABASE_PASSWORD)"}},
    "what is optional": {
        "podDisruptionBudget": {"enabled": True, "minAvailable": 0, **MARKED},
        "secret": {"enabled": True, "stringData": {"a": "b"}, "data": {"c": "ZA=="}, "immutable": True, **MARKED},
        "configMap": {"enabled": True, "name": "own", "data": {"A": "1"}, "binaryData": {"b": "ZA=="}, **MARKED},
        "networkPolicy": {"enabled": True, "policyTypes": ["Ingress", "Egress"], "ingress": [{"ports": [{"port": 8080}]}],
                          "egress": [{"ports": [{"port": 5432}]}], **MARKED}},
}


class NotRendered(Exception):
    """What Helm said."""


class Renderer:
    def __init__(self, yaml, folder):
        self.yaml, self.folder = yaml, folder

    def render(self, helm, chart, more=None):
        """The objects that Helm makes of a chart, with the values `more` given by --set."""
        done = subprocess.run([os.environ[helm], "template", "marty", chart, "--namespace", "marty", *flags(more or {})],
                              capture_output=True, text=True, timeout=120, check=False)
        if done.returncode:
            raise NotRendered(done.stderr.strip())
        return [one for one in self.yaml.load_all(done.stdout, Loader=self.yaml.CSafeLoader) if one]

    def chart(self, path):
        return self.yaml.safe_load((path / "Chart.yaml").read_text(encoding="utf-8"))


def flags(values, path=""):
    """--set and its kin for every leaf of `values`."""
    words = []
    for key, value in values.items():
        place = f"{path}{key}"
        if isinstance(value, dict) and value and not any("." in name or "/" in name for name in value):
            words += flags(value, f"{place}.")
        elif isinstance(value, (dict, list)):
            words += ["--set-json", f"{place}={json.dumps(value)}"]
        elif isinstance(value, str):
            words += ["--set-string", place + "=" + re.sub(r"([,\\])", r"\\\1", value)]
        else:
            words += ["--set", f"{place}={json.dumps(value)}"]
    return words


def expect(fine, what):
    if not fine:
        raise AssertionError(what)


def check_chart(renderer, helm, chart, values, more):
    """A chart renders, to objects that are sound and are what the values say."""
    objects = renderer.render(helm, chart, more)
    values = platform_charts.merge(values, {key: value for key, value in more.items() if value is not None})
    for key in [key for key, value in more.items() if value is None]:
        values[key] = {}
    found = manifests.problems(objects)
    found += [f"{what}: {one!r}, not {other!r}"
              for what, one, other in platform_charts.differences(objects, values, renderer.chart(chart))]
    expect(not found, "\n".join(found))


def check_empty_block(renderer, helm, folder, path, more):
    """The standard's defaults, and `more`, with an empty block in place of a block."""
    values = platform_charts.merge(platform_charts.show(STANDARD), more)
    *parents, last = path.split(".")
    (platform_charts.get(values, ".".join(parents)) if parents else values)[last] = {}
    for name in parents[:1] + ["keyVault", "objectStorage", "persistence", "ingress", "autoscaling"]:
        if "enabled" in values[name]:
            values[name]["enabled"] = True  # so that the templates look into it
    renderer.render(helm, platform_charts.write_chart(folder, STANDARD_CHART, values))


def check_missing_block(renderer, helm, folder):
    """What the old script left out: the shared templates need `persistence`."""
    values = platform_charts.show(STANDARD)
    del values["persistence"]
    chart = platform_charts.write_chart(folder, STANDARD_CHART, values)
    expect_failure(renderer, helm, chart, r"nil pointer evaluating interface {}\.enabled")


def expect_failure(renderer, helm, chart, pattern):
    try:
        renderer.render(helm, chart)
    except NotRendered as error:
        expect(re.search(pattern, str(error)), f"fails for another reason: {error}")
        return
    raise AssertionError("renders")


def check_before(renderer, helm, folder, name):
    """A chart as it was before the standard, with the shared templates."""
    before = platform_charts.BEFORE / name
    chart = platform_charts.write_chart(folder, before / "Chart.yaml", before / "values.yaml")
    expect_failure(renderer, helm, chart, r"nil pointer evaluating interface {}\.\w+")


def check_swapped_first(renderer, helm, folder, name):
    """A chart that got the shared templates before its values were fixed: there is no output to keep."""
    before = platform_charts.BEFORE / name
    chart = platform_charts.write_chart(folder, before / "Chart.yaml", before / "values.yaml")
    words = [os.environ["VALUELINT"], "--no-config", "--fix", "--unsafe-fixes", "--exit-zero", chart]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    expect(done.returncode == 0, done.stderr)
    check_chart(renderer, helm, chart, platform_charts.show(chart / "values.yaml"), {})


def check_left(renderer, helm, folder):
    """An image that is one string, which is left to do by hand."""
    after = platform_charts.AFTER / ONE_STRING
    chart = platform_charts.write_chart(folder, after / "Chart.yaml", after / "values.yaml")
    expect_failure(renderer, helm, chart, r"can't evaluate field repository in type interface {}")


def check_as_it_stands(renderer, helm, folder, name):
    """A chart to which something is left to do by hand, before it is done."""
    after = platform_charts.AFTER / name
    chart = platform_charts.write_chart(folder, after / "Chart.yaml", after / "values.yaml")
    check_chart(renderer, helm, chart, platform_charts.show(after / "values.yaml"), {})


def check_umbrella(renderer, helm, chart):
    objects = renderer.render(helm, chart)
    found = manifests.problems(objects)
    expect(not found, "\n".join(found))
    deployments = {one["metadata"]["name"]: one["spec"]["replicas"] for one in manifests.find(objects, "Deployment")}
    expect(sorted(deployments) == platform_charts.SERVICES, f"deploys {sorted(deployments)}")
    expect(deployments["trust-svc"] == 3, "the umbrella's own values are not read")
    one = platform_charts.SERVICES[0]
    fewer = renderer.render(helm, chart, {one: {"enabled": False}})
    expect(len(manifests.find(fewer, "Deployment")) == len(deployments) - 1, f"{one}.enabled is not read")


def check_new_service(renderer, helm, folder, name):
    """The template for a new service, used as it says."""
    text = (platform_charts.HELM_FOLDER / "values-template.yaml").read_text(encoding="utf-8")
    text = text.replace(NEW, name).replace(NEW.replace("-", "_"), name.replace("-", "_"))
    values = folder.with_name("template.yaml")
    values.parent.mkdir(parents=True)
    values.write_text(text, encoding="utf-8")
    chart = platform_charts.write_chart(folder, STANDARD_CHART.replace(samples.CHART, name), values)
    done = subprocess.run([os.environ["VALUELINT"], "--no-config", chart], capture_output=True, text=True, check=False)
    wrong = [line for line in done.stdout.splitlines() if "SERVICE_VERSION" not in line]
    expect(done.returncode == 0, "\n".join(wrong))
    check_chart(renderer, helm, chart, platform_charts.show(values), {})


def expand(pattern):
    """All texts that a pattern of names, groups and `|` matches."""
    def alternatives(at):
        texts, heads = set(), {""}
        while at < len(pattern) and pattern[at] != ")":
            if pattern[at] == "|":
                texts, heads, at = texts | heads, {""}, at + 1
            elif pattern[at] == "(":
                inner, at = alternatives(at + 1)
                heads = {head + text for head in heads for text in inner}
            else:
                heads, at = {head + pattern[at] for head in heads}, at + 1
        return texts | heads, at + 1
    return alternatives(0)[0]


def check_rule(yaml):
    """VL304 warns of the variables that the templates set, and of no others."""
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))["rules"]
    condition = next(rule for rule in rules if rule["id"] == TWICE)["when"]
    listed = expand(re.sub(r"\s", "", re.search(r"matches\(r'\(\?x\)\^\((.*)\)\$'\)", condition, re.S)[1]))
    expect(listed == platform_charts.ALL_VARIABLES, f"{sorted(listed ^ platform_charts.ALL_VARIABLES)}")


def container(objects):
    return manifests.find(objects, "Deployment")[0]["spec"]["template"]["spec"]["containers"][0]


def pod_of_job(objects):
    return manifests.find(objects, "Job")[0]["spec"]["template"]["spec"]


def service(objects):
    return manifests.find(objects, "Service")[0]["spec"]


# Changes to the objects of a chart, each of which has to be noticed.
SPOILT = {
    "a port twice": lambda o: container(o)["ports"].append({"name": "more", "containerPort": 8080}),
    "a port's name twice": lambda o: container(o)["ports"][1].update(name="http"),
    "a variable twice": lambda o: container(o)["env"].append({"name": "LOG_LEVEL", "value": "INFO"}),
    "a number in a variable": lambda o: container(o)["env"].append({"name": "X", "value": 1}),
    "no volume": lambda o: container(o)["volumeMounts"].append({"name": "none", "mountPath": "/x"}),
    "a folder twice": lambda o: container(o)["volumeMounts"][0].update(mountPath="/etc/tls/server"),
    "a probe of no port": lambda o: container(o)["livenessProbe"]["httpGet"].update(port=1234),
    "no quantity": lambda o: container(o)["resources"]["limits"].update(cpu="much"),
    "a request above the limit": lambda o: container(o)["resources"]["requests"].update(memory="2Gi"),
    "a Job that restarts always": lambda o: pod_of_job(o).update(restartPolicy="Always"),
    "a ServiceAccount that comes too late": lambda o: pod_of_job(o).update(serviceAccountName=samples.CHART),
    "a ConfigMap that comes too late": lambda o: manifests.find(o, "ConfigMap")[0]["metadata"]["annotations"].update(
        {"helm.sh/hook-weight": "0"}),
    "no ServiceAccount": lambda o: o.remove(manifests.find(o, "ServiceAccount")[0]),
    "a Service that leads nowhere": lambda o: service(o)["selector"].update({"app.kubernetes.io/name": "x"}),
    "a targetPort that is not there": lambda o: service(o)["ports"][0].update(targetPort="web"),
    "a Service's port twice": lambda o: service(o)["ports"][0].update(port=9090),
    "a monitor of no port": lambda o: manifests.find(o, "ServiceMonitor")[0]["spec"]["endpoints"][0].update(port="x"),
    "a long name": lambda o: manifests.find(o, "Service")[0]["metadata"].update(name="a" * 64),
    "a label with a space": lambda o: manifests.find(o, "Service")[0]["metadata"]["labels"].update(a="b c"),
    "another image": lambda o: container(o).update(image="marty/example-service:2"),
    "another value": lambda o: container(o)["env"][0].update(value="1"),
}


def check_spoilt(renderer, helm, chart, what):
    objects = copy.deepcopy(renderer.render(helm, chart))
    SPOILT[what](objects)
    found = manifests.problems(objects) or platform_charts.differences(objects, platform_charts.show(STANDARD),
                                                                       renderer.chart(chart))
    expect(found, "nobody notices")


def blocks(values, path=""):
    """The paths of all mappings."""
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield f"{path}{key}"
            yield from blocks(value, f"{path}{key}.")


def cases(renderer, helm):
    """(title, function) of all that is checked with one Helm. Each case has a folder of its own to write to."""
    numbers = iter(range(10000))

    def fresh():
        return renderer.folder / helm / str(next(numbers)) / "chart"

    standard = platform_charts.write_chart(fresh(), STANDARD_CHART, STANDARD)
    defaults = platform_charts.show(STANDARD)
    for title, more in {**EVERYWHERE, **CORNERS}.items():
        yield f"the standard, {title}", lambda more=more: check_chart(renderer, helm, standard, defaults, more)
    for name in platform_charts.SERVICES:
        chart, values = platform_charts.write_service(fresh(), name), platform_charts.service_values(name)
        for title, more in EVERYWHERE.items():
            yield f"{name}, {title}", lambda chart=chart, values=values, more=more: check_chart(
                renderer, helm, chart, values, more)
        yield f"{name} before", lambda folder=fresh(), name=name: check_before(renderer, helm, folder, name)
        if name != ONE_STRING:
            yield f"{name} with new templates", lambda folder=fresh(), name=name: check_swapped_first(
                renderer, helm, folder, name)
    for path, more in [(path, more) for more in ({}, LINKERD, AZURE, NATS, RABBITMQ) for path in blocks(more or defaults)]:
        yield f"empty {path}", lambda folder=fresh(), path=path, more=more: check_empty_block(
            renderer, helm, folder, path, more)
    for what in SPOILT:
        yield f"spoilt: {what}", lambda what=what: check_spoilt(renderer, helm, standard, what)
    yield "no persistence", lambda folder=fresh(): check_missing_block(renderer, helm, folder)
    for name in sorted(platform_charts.BY_HAND.keys() - {ONE_STRING}):
        yield f"{name} as it stands", lambda folder=fresh(), name=name: check_as_it_stands(renderer, helm, folder, name)
    yield "an image that is one string", lambda folder=fresh(): check_left(renderer, helm, folder)
    umbrella = platform_charts.write_umbrella(renderer.folder / helm / "umbrella")
    yield "the umbrella", lambda: check_umbrella(renderer, helm, umbrella)
    for name in (NEW, "another"):
        yield f"a new service, {name}", lambda folder=fresh(), name=name: check_new_service(renderer, helm, folder, name)


def run_case(case):
    title, function = case
    try:
        function()
    except (AssertionError, NotRendered, LookupError, TypeError, AttributeError, ValueError, configparser.Error) as error:
        return f"FAIL {title}\n{type(error).__name__}: {error}"
    return None


def main():
    site = tools.find_python_package(*tools.PYYAML)
    if not os.environ.get("VALUELINT") or not site:
        print("no " + ("PyYAML" if not site else "VALUELINT"))
        return SKIPPED
    sys.path.insert(0, site)
    import yaml  # pylint: disable=import-outside-toplevel

    missing = [name for name in HELMS if not os.environ.get(name)]
    for name in missing:
        print(f"SKIP the platform in {name.replace('VALUELINT_', '').lower()}: not there")
    failures, count = [], 0
    with tempfile.TemporaryDirectory(prefix="valuelint-platform-") as folder, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        renderer = Renderer(yaml, pathlib.Path(folder))
        wanted = [("the rule for variables", lambda: check_rule(yaml))]
        for helm in HELMS:
            if helm not in missing:
                wanted += [(f"{helm[-5:].lower()}: {title}", function) for title, function in cases(renderer, helm)]
        for failure in pool.map(run_case, wanted):
            count += 1
            failures += [failure] if failure else []
    print("\n".join(failures))
    print(f"{count - len(failures)} passed, {len(failures)} failed, {len(missing)} skipped")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
