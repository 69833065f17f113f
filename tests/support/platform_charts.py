"""The platform of fixtures/platform for the end-to-end tests: its charts with the shared templates, and what those ought to
make of the values."""
import configparser
import copy
import json
import os
import pathlib
import shutil
import subprocess

from .manifests import find, labels_of

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PLATFORM = ROOT / "fixtures" / "platform"
HELM_FOLDER, OVERLAYS = PLATFORM / "helm", PLATFORM / "k8s"
BEFORE, AFTER = PLATFORM / "before" / "charts", PLATFORM / "after" / "charts"
UMBRELLA = "monitoring"
SERVICES = sorted(path.name for path in AFTER.iterdir() if path.name != UMBRELLA)
OPTIONAL = {"configMap": "ConfigMap", "secret": "Secret", "podDisruptionBudget": "PodDisruptionBudget",
            "networkPolicy": "NetworkPolicy"}
COMMON_LABELS = {f"app.kubernetes.io/{name}" for name in ("name", "instance", "version", "managed-by", "part-of")} | {
    "helm.sh/chart"}
PROMETHEUS_TLS = ["caFile", "certFile", "insecureSkipVerify", "keyFile"]
PORTS = ("http", "grpc", "metrics")
# What fixtures/platform/README.md says that is left to do by hand before a chart takes the shared templates.
BY_HAND = {
    "document-signer": {"env": {"LOG_LEVEL": "INFO"}},
    "inspection-system": {
        "env": {"HEALTH_CHECK_PORT": "8084"},
        "livenessProbe": {"httpGet": {"path": "/health/live", "port": 8084}, "initialDelaySeconds": 30, "periodSeconds": 10},
        "readinessProbe": {"httpGet": {"path": "/health/ready", "port": 8084}, "initialDelaySeconds": 5,
                           "periodSeconds": 5}},
    "mdoc-engine": {
        "image": {"repository": "registry.example.com:5000/marty/mdoc-engine", "tag": "0.4.2",
                  "pullPolicy": "IfNotPresent"},
        "migration": {"image": {"repository": "registry.example.com:5000/marty/mdoc-engine", "tag": "0.4.2",
                                "pullPolicy": "IfNotPresent"}},
        "eventBus": {"kafka": {"topic_prefix": "mdoc-engine."}}},
}
# Variable -> where its value stands.
PLAIN = {
    "GRPC_TLS_ENABLED": "grpc.tls.enabled", "GRPC_TLS_MTLS": "grpc.tls.mtls",
    "GRPC_TLS_REQUIRE_CLIENT_AUTH": "grpc.tls.require_client_auth",
    "DATABASE_DSN": "database.dsn", "DATABASE_HOST": "database.host", "DATABASE_PORT": "database.port",
    "DATABASE_NAME": "database.name", "DATABASE_USER": "database.user",
    "DATABASE_POOL_MIN_SIZE": "database.pool.min_size", "DATABASE_POOL_MAX_SIZE": "database.pool.max_size",
    "DATABASE_POOL_MAX_OVERFLOW": "database.pool.max_overflow", "EVENT_BUS_TYPE": "eventBus.type",
}
WITH_TLS = {"GRPC_TLS_SERVER_CERT": "grpc.tls.server_cert", "GRPC_TLS_SERVER_KEY": "grpc.tls.server_key",
            "GRPC_TLS_CLIENT_CA": "grpc.tls.client_ca"}
WITH_MTLS = {"GRPC_TLS_CLIENT_CERT": "grpc.tls.client_cert", "GRPC_TLS_CLIENT_KEY": "grpc.tls.client_key"}
WITH_STORAGE = {f"OBJECT_STORAGE_{name.upper()}": f"objectStorage.{name}"
                for name in ("endpoint", "bucket", "region", "use_ssl")}
WITH_VAULT = {"KEY_VAULT_TYPE": "keyVault.type"}
WITH_VAULT_TYPE = {
    "hashicorp": {f"KEY_VAULT_{name.upper()}": f"keyVault.hashicorp.{name}"
                  for name in ("endpoint", "auth_method", "role", "mount_path", "secrets_path")},
    "azure": {"KEY_VAULT_URL": "keyVault.azure.vault_url"}}
WITH_BUS = {
    "kafka": {f"KAFKA_{name.upper()}": f"eventBus.kafka.{name}" for name in ("brokers", "topic_prefix", "consumer_group")},
    "nats": {f"NATS_{name.upper()}": f"eventBus.nats.{name}" for name in ("servers", "subject_prefix")},
    "rabbitmq": {f"RABBITMQ_{name.upper()}": f"eventBus.rabbitmq.{name}"
                 for name in ("host", "port", "vhost", "exchange_prefix")}}
WITH_KAFKA_SECURITY = {"KAFKA_SECURITY_PROTOCOL": "eventBus.kafka.security.protocol",
                       "KAFKA_SASL_MECHANISM": "eventBus.kafka.security.sasl_mechanism"}
# Variable -> where its plain value stands, else the name of the Secret and its key.
DATABASE_SECRET = {"DATABASE_PASSWORD": ("database.password", "database.passwordSecret.name", "database.passwordSecret.key")}


def secrets(beginning, block, secret, names):
    return {f"{beginning}_{name.upper()}": (f"{block}.{name}", f"{secret}.name", f"{secret}.{name}_key") for name in names}


STORAGE_SECRET = secrets("OBJECT_STORAGE", "objectStorage", "objectStorage.credentialsSecret", ("access_key", "secret_key"))
VAULT_SECRET = secrets("AZURE", "keyVault.azure", "keyVault.azure.credentialsSecret",
                       ("tenant_id", "client_id", "client_secret"))
BUS_SECRET = {name: secrets(name.upper(), block, f"{block}.credentialsSecret", ("username", "password"))
              for name, block in (("kafka", "eventBus.kafka.security"), ("nats", "eventBus.nats.security"),
                                  ("rabbitmq", "eventBus.rabbitmq"))}
ALWAYS_TRUE = ("SERVICE_MESH_MTLS_ENABLED", "INTERNAL_TLS_DISABLED")
OF_PORTS = {"HTTP_PORT": "http", "GRPC_PORT": "grpc"}
OF_MIGRATION = {"ALEMBIC_CONFIG": "migration.alembic.config_file"}
ALL_VARIABLES = {name for table in (PLAIN, WITH_TLS, WITH_MTLS, WITH_STORAGE, WITH_VAULT, *WITH_VAULT_TYPE.values(),
                                    *WITH_BUS.values(), WITH_KAFKA_SECURITY, DATABASE_SECRET, STORAGE_SECRET, VAULT_SECRET,
                                    *BUS_SECRET.values(), ALWAYS_TRUE, OF_PORTS, OF_MIGRATION) for name in table}


def show(path):
    """A values file as Helm sees it."""
    return json.loads(subprocess.run([os.environ["VALUELINT"], "show", path], capture_output=True, check=True).stdout)


def merge(values, more):
    """`values` with `more` on top, as Helm does it. Both stay as they are."""
    if not (isinstance(values, dict) and isinstance(more, dict)):
        return copy.deepcopy(more)
    result = copy.deepcopy(values)
    for key, value in more.items():
        result[key] = merge(result.get(key), value)
    return result


def get(values, path):
    """The value at a dotted path; None where there is none."""
    for key in path.split("."):
        values = values.get(key) if isinstance(values, dict) else None
    return values


def service_values(name):
    """The values of a service, with what is left to do by hand done."""
    return merge(show(AFTER / name / "values.yaml"), BY_HAND.get(name, {}))


def health_port(values):
    return int(values["env"]["HEALTH_CHECK_PORT"])


def write_chart(folder, chart_yaml, values):
    """A chart with the shared templates; `values` is a file or what JSON can hold."""
    folder.mkdir(parents=True)
    if isinstance(chart_yaml, pathlib.Path):
        shutil.copy(chart_yaml, folder / "Chart.yaml")
    else:
        (folder / "Chart.yaml").write_text(chart_yaml, encoding="utf-8")
    shutil.copytree(HELM_FOLDER / "templates", folder / "templates")
    if isinstance(values, pathlib.Path):
        shutil.copy(values, folder / "values.yaml")
    else:
        (folder / "values.yaml").write_text(json.dumps(values), encoding="utf-8")
    return folder


def write_service(folder, name):
    """A service of the platform; its own text where nothing was left to do by hand."""
    return write_chart(folder, AFTER / name / "Chart.yaml",
                       service_values(name) if name in BY_HAND else AFTER / name / "values.yaml")


def write_umbrella(folder):
    """The whole platform as one chart."""
    folder.mkdir()
    for name in ("Chart.yaml", "values.yaml", ".helmignore"):
        shutil.copy(HELM_FOLDER / name, folder / name)
    shutil.copytree(HELM_FOLDER / "templates", folder / "templates")
    for name in SERVICES:
        write_service(folder / "charts" / name, name)
    shutil.copytree(AFTER / UMBRELLA, folder / "charts" / UMBRELLA)
    return folder


def in_words(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def container_port(values, name):
    port = values["service"][name]
    return port["port"] if isinstance(port["targetPort"], str) else port["targetPort"]


def port_name(values, name):
    target = values["service"][name]["targetPort"]
    return target if isinstance(target, str) else name


def mesh_of(values):
    return values["serviceMesh"]["type"] if values["serviceMesh"]["enabled"] else None


def is_strict_istio(values):
    istio = values["serviceMesh"].get("istio") or {}
    return mesh_of(values) == "istio" and istio["injection"] != "disabled" and istio["mtls"]["mode"] == "STRICT"


def expected_variables(values):
    """What the container's variables must be: name -> text, or (Secret, key)."""
    plain, from_secrets = dict(PLAIN), dict(DATABASE_SECRET)
    tls, bus, vault = values["grpc"]["tls"], values["eventBus"]["type"], values["keyVault"]
    for condition, table in ((tls["enabled"], WITH_TLS), (tls["enabled"] and tls["mtls"], WITH_MTLS),
                             (values["objectStorage"]["enabled"], WITH_STORAGE), (vault["enabled"], WITH_VAULT),
                             (vault["enabled"], WITH_VAULT_TYPE[vault["type"]]), (True, WITH_BUS[bus])):
        plain.update(table if condition else {})
    from_secrets.update(STORAGE_SECRET if values["objectStorage"]["enabled"] else {})
    from_secrets.update(VAULT_SECRET if vault["enabled"] and vault["type"] == "azure" else {})
    if bus == "rabbitmq" or values["eventBus"][bus]["security"]["enabled"]:
        from_secrets.update(BUS_SECRET[bus])
        plain.update(WITH_KAFKA_SECURITY if bus == "kafka" else {})
    wanted = {name: in_words(get(values, path)) for name, path in plain.items()}
    wanted.update({name: str(container_port(values, port)) for name, port in OF_PORTS.items()})
    if mesh_of(values) and tls["enabled"]:
        wanted.update({name: "true" for name in ALWAYS_TRUE})
    for name, (path, secret, key) in from_secrets.items():
        wanted[name] = get(values, path) or (get(values, secret), get(values, key))
    return {**wanted, **values["env"]}


def migration_variables(values):
    database = {name: wanted for name, wanted in expected_variables(values).items() if name.startswith("DATABASE_")}
    return {**database, **{name: get(values, path) for name, path in OF_MIGRATION.items()}, **values["env"]}


def variables_of(container):
    """The container's variables, as expected_variables gives them."""
    return {variable["name"]: (variable["valueFrom"]["secretKeyRef"]["name"], variable["valueFrom"]["secretKeyRef"]["key"])
            if "valueFrom" in variable else variable["value"] for variable in container.get("env") or []}


def expected_files(values):
    """Path -> (Secret, key) of the certificates that are mounted."""
    tls = values["grpc"]["tls"]
    if not tls["enabled"] or mesh_of(values):
        return {}
    wanted = {"server_cert": ("server", "cert_key"), "server_key": ("server", "key_key"), "client_ca": ("ca", "cert_key")}
    if tls["mtls"]:
        wanted.update({"client_cert": ("client", "cert_key"), "client_key": ("client", "key_key")})
    return {tls[path]: (tls["secrets"][name]["name"], tls["secrets"][name][key]) for path, (name, key) in wanted.items()}


def files_of(pod):
    """The same, of a pod."""
    folders = {mount["name"]: mount["mountPath"] for mount in pod["containers"][0].get("volumeMounts") or []}
    return {f"{folders[volume['name']]}/{item['path']}": (source["secret"]["name"], item["key"])
            for volume in pod.get("volumes") or [] for source in (volume.get("projected") or {}).get("sources") or []
            for item in source["secret"]["items"]}


def image_of(block, chart):
    return f"{block['repository']}:{block['tag'] or chart['appVersion']}"


def differences(objects, values, chart):
    """Where the objects that the shared templates made are not what the values say: (what, found, wanted)."""
    name = values["fullnameOverride"] or values["nameOverride"] or chart["name"]
    found = [*compare_deployment(find(objects, "Deployment", name)[0], values, chart),
             *compare_service(find(objects, "Service", name)[0], values),
             *compare_migration(objects, values, chart, name), *compare_kinds(objects, values),
             *compare_optional(objects, values, name),
             *compare_rest(objects, values, name)]
    return [(what, one, other) for what, one, other in found if one != other]


def compare_deployment(deployment, values, chart):
    template = deployment["spec"]["template"]
    pod, container = template["spec"], template["spec"]["containers"][0]
    yield "image", container["image"], image_of(values["image"], chart)
    yield "pullPolicy", container["imagePullPolicy"], values["image"]["pullPolicy"]
    scaled = values["autoscaling"]["enabled"]
    yield "replicas", deployment["spec"].get("replicas"), None if scaled else values["replicaCount"]
    ports = {port_name(values, port): container_port(values, port) for port in PORTS}
    health = int(values["env"].get("HEALTH_CHECK_PORT") or ports[port_name(values, "metrics")])
    if health not in ports.values():
        ports["health"] = health
    yield "ports", {port["name"]: port["containerPort"] for port in container["ports"]}, ports
    yield "env", variables_of(container), expected_variables(values)
    yield "resources", container["resources"], values["resources"]
    for probe, path, delay, period in (("livenessProbe", "live", 30, 10), ("readinessProbe", "ready", 5, 5)):
        default = {"httpGet": {"path": f"/health/{path}", "port": container_port(values, "metrics")},
                   "initialDelaySeconds": delay, "periodSeconds": period}
        yield probe, container[probe], values.get(probe) or default
    yield from compare_placement(pod, values)
    annotations = dict(template["metadata"].get("annotations") or {})
    yield "a checksum", annotations.pop("checksum/config", None) is not None, bool(values["serviceConfig"])
    mesh = mesh_of(values)
    yield "linkerd", annotations.pop("linkerd.io/inject", None), (
        values["serviceMesh"]["linkerd"]["injection"] if mesh == "linkerd" else None)
    yield "istio", template["metadata"]["labels"].get("sidecar.istio.io/inject"), (
        in_words(values["serviceMesh"]["istio"]["injection"] == "enabled") if mesh == "istio" else None)
    yield "podAnnotations", annotations, values["podAnnotations"]
    account = values["serviceAccount"].get("name")
    if values["serviceAccount"].get("create", True):
        account = account or deployment["metadata"]["name"]
    yield "ServiceAccount of the pods", pod["serviceAccountName"], account or "default"
    yield "service links", pod["enableServiceLinks"], False
    yield "certificates", files_of(pod), expected_files(values)
    recreated = values["persistence"]["enabled"] and values["persistence"]["accessMode"].startswith("ReadWriteOnce")
    yield "strategy", deployment["spec"].get("strategy"), {"type": "Recreate"} if recreated else None


def compare_placement(pod, values):
    """What the service's pods and the migration's have in common."""
    yield "securityContext", pod["containers"][0]["securityContext"], values["securityContext"]
    yield "podSecurityContext", pod["securityContext"], values["podSecurityContext"]
    for key, empty in (("imagePullSecrets", []), ("nodeSelector", {}), ("tolerations", []), ("affinity", {})):
        yield key, pod.get(key, empty), values[key]


def compare_service(service, values):
    yield "type", service["spec"]["type"], values["service"]["type"]
    yield "protocols", {port["name"]: port["appProtocol"] for port in service["spec"]["ports"]}, {
        "http": "http", "grpc": "grpc", "metrics": "http"}
    yield "ports of the Service", {port["name"]: (port["port"], port["targetPort"]) for port in service["spec"]["ports"]}, {
        port: (values["service"][port]["port"], port_name(values, port)) for port in PORTS}


def compare_migration(objects, values, chart, name):
    jobs = find(objects, "Job")
    yield "a migration", len(jobs), int(values["migration"]["enabled"])
    for job in jobs:
        migration, spec = values["migration"], job["spec"]
        yield "name of the Job", job["metadata"]["name"], f"{name[:53].rstrip('-')}-migration"
        for key in ("backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished"):
            yield key, spec[key], migration["job"][key]
        pod = spec["template"]["spec"]
        yield "restartPolicy", pod["restartPolicy"], migration["job"]["restartPolicy"]
        yield from compare_placement(pod, values)
        container = pod["containers"][0]
        yield "image of the migration", container["image"], image_of(migration["image"], chart)
        yield "command", container["command"], migration["alembic"]["command"]
        yield "resources of the migration", container["resources"], migration["resources"]
        yield "env of the migration", variables_of(container), migration_variables(values)
        mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
        yield "alembic.ini", migration["alembic"]["config_file"] in mounts, True
        yield "hook", {key: value for key, value in job["metadata"]["annotations"].items() if "hook" in key}, {
            "helm.sh/hook": "pre-install,pre-upgrade", "helm.sh/hook-weight": "-5",
            "helm.sh/hook-delete-policy": "before-hook-creation"}
        account = values["serviceAccount"]
        yield "ServiceAccount of a Job", (pod.get("serviceAccountName"), pod["automountServiceAccountToken"]), (
            None if account.get("create", True) else account["name"], False)
        yield "service links of a Job", pod["enableServiceLinks"], False
        yield "sidecars of a Job", (spec["template"]["metadata"]["labels"]["sidecar.istio.io/inject"],
                                    spec["template"]["metadata"]["annotations"]["linkerd.io/inject"]), ("false", "disabled")


def compare_kinds(objects, values):
    """What is there at all."""
    for kind, wanted in (("ServiceAccount", values["serviceAccount"].get("create", True)),
                         ("Ingress", values["ingress"]["enabled"]),
                         ("HorizontalPodAutoscaler", values["autoscaling"]["enabled"]),
                         ("PersistentVolumeClaim", values["persistence"]["enabled"]),
                         ("ServiceMonitor", values["monitoring"]["serviceMonitor"]["enabled"]),
                         ("PodMonitor", values["monitoring"]["podMonitor"]["enabled"]),
                         ("PodDisruptionBudget", bool(get(values, "podDisruptionBudget.enabled"))),
                         ("NetworkPolicy", bool(get(values, "networkPolicy.enabled"))),
                         ("Secret", bool(get(values, "secret.enabled")))):
        yield f"there is a {kind}", len(find(objects, kind)), int(wanted)


def compare_optional(objects, values, name):
    """The objects that the values may ask for besides."""
    for key, kind in OPTIONAL.items():
        block = values.get(key) or {}
        for one in find(objects, kind, block.get("name") or name) if block.get("enabled") else []:
            yield f"{key}: annotations", one["metadata"].get("annotations", {}), block.get("annotations", {})
            yield f"{key}: labels", block.get("labels", {}).items() <= labels_of(one).items(), True
            for data in ("data", "stringData", "binaryData", "immutable"):
                yield f"{key}: {data}", one.get(data), block.get(data)


def compare_rest(objects, values, name):
    for one in objects:
        yield f"labels of {one['kind']} {one['metadata']['name']}", sorted(COMMON_LABELS - set(labels_of(one))), []
    for account in find(objects, "ServiceAccount"):
        yield "ServiceAccount", account["metadata"]["name"], values["serviceAccount"].get("name") or name
        yield "its annotations", account["metadata"].get("annotations", {}), values["serviceAccount"].get("annotations", {})
    for ingress in find(objects, "Ingress"):
        yield "className", ingress["spec"].get("ingressClassName", ""), values["ingress"]["className"]
        yield "hosts", [(rule["host"], [(path["path"], path["pathType"]) for path in rule["http"]["paths"]])
                        for rule in ingress["spec"]["rules"]], [
            (host["host"], [(path["path"], path["pathType"]) for path in host["paths"]])
            for host in values["ingress"]["hosts"]]
        yield "tls", ingress["spec"].get("tls", []), values["ingress"]["tls"]
        yield "annotations", ingress["metadata"].get("annotations", {}), values["ingress"]["annotations"]
    for scaler in find(objects, "HorizontalPodAutoscaler"):
        targets = {metric["resource"]["name"]: metric["resource"]["target"]["averageUtilization"]
                   for metric in scaler["spec"]["metrics"]}
        autoscaling = values["autoscaling"]
        yield "autoscaling", (scaler["spec"]["minReplicas"], scaler["spec"]["maxReplicas"], targets.get("cpu"),
                              targets.get("memory")), (
            autoscaling["minReplicas"], autoscaling["maxReplicas"], autoscaling["targetCPUUtilizationPercentage"],
            autoscaling.get("targetMemoryUtilizationPercentage"))
    for policy in find(objects, "NetworkPolicy"):
        for key in ("policyTypes", "ingress", "egress"):
            yield f"NetworkPolicy: {key}", policy["spec"].get(key), values["networkPolicy"].get(key)
    for claim in find(objects, "PersistentVolumeClaim"):
        spec, wanted = claim["spec"], values["persistence"]
        yield "volume", (spec["accessModes"], spec.get("storageClassName", ""), spec["resources"]["requests"]["storage"],
                         claim["metadata"].get("annotations", {})), (
            [wanted["accessMode"]], wanted["storageClass"], wanted["size"], wanted["annotations"])
    for kind, endpoints in (("ServiceMonitor", "endpoints"), ("PodMonitor", "podMetricsEndpoints")):
        for monitor in find(objects, kind):
            block = values["monitoring"][kind[0].lower() + kind[1:]]
            endpoint = monitor["spec"][endpoints][0]
            yield f"{kind}: namespaces", monitor["spec"]["namespaceSelector"], {"matchNames": ["marty"]}
            for key in ("port", "path", "interval", "scrapeTimeout"):
                yield f"{kind}: {key}", endpoint.get(key), block.get(key)
            proxies = [one["port"] for one in monitor["spec"][endpoints][1:]]
            proxy = {"istio": ["http-envoy-prom"], "linkerd": ["linkerd-admin"]}.get(mesh_of(values), [])
            yield f"{kind}: proxies", proxies, proxy if kind == "PodMonitor" else []
            for one in monitor["spec"][endpoints][1:]:
                yield f"{kind}: scrapeTimeout of the proxy", one.get("scrapeTimeout"), block.get("scrapeTimeout")
            yield f"{kind}: labels", block["labels"].items() <= labels_of(monitor).items(), True
            over_tls = kind == "ServiceMonitor" and is_strict_istio(values)
            yield f"{kind}: over TLS", endpoint.get("scheme"), "https" if over_tls else None
            yield f"{kind}: certificates", sorted(endpoint.get("tlsConfig", {})), PROMETHEUS_TLS if over_tls else []
    configs = {name: text for config in find(objects, "ConfigMap") for name, text in (config.get("data") or {}).items()}
    yield "settings", bool(configs.get("service.yaml", "").strip()), bool(values["serviceConfig"])
    if values["migration"]["enabled"]:
        ini = configparser.RawConfigParser()
        ini.read_string(configs["alembic.ini"])
        sections = {f"{kind}_{name}" for kind in ("logger", "handler", "formatter")
                    for name in ini[f"{kind}s"]["keys"].split(",")}
        yield "sections of alembic.ini", sorted(sections - set(ini.sections())), []
        folder = values["migration"]["alembic"]["config_file"].rpartition("/")[0]
        yield "migrations", ini["alembic"]["script_location"], f"{folder}/alembic"
