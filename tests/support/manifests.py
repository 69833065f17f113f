"""What is wrong with a set of Kubernetes objects, as far as one can tell without a cluster: names, labels, ports, volumes,
quantities, and whether the objects that one refers to are there. `problems(objects)` gives a line for each."""
import re

LABEL_NAME = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)")
NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
PREFIX = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?/")
PORT_NAME = re.compile(r"(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
IMAGE = re.compile(r"[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?")
FACTORS = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}
FACTORS.update({f"{letter}i": 1024 ** (index + 1) for index, letter in enumerate("KMGTPE")})
LONGEST = 63
PATH_TYPES = ("Prefix", "Exact", "ImplementationSpecific")
HOOK, WEIGHT = "helm.sh/hook", "helm.sh/hook-weight"


def quantity(value):
    """A quantity as a number; None where it is none."""
    match = QUANTITY.fullmatch(str(value))
    if not match or isinstance(value, bool):
        return None
    suffix = match[2] or ""
    return float(match[1]) * (FACTORS[suffix] if suffix in FACTORS else float(f"1{suffix}"))


def title(one):
    return f"{one.get('kind')} {(one.get('metadata') or {}).get('name')}"


def find(objects, kind, name=None):
    return [one for one in objects if one.get("kind") == kind and name in (None, one["metadata"]["name"])]


def pod_of(one):
    """The template of the pods that an object makes; None where it makes none."""
    return one["spec"]["template"] if one.get("kind") in ("Deployment", "Job") else None


def labels_of(one):
    return one["metadata"].get("labels") or {}


def selects(selector, labels):
    """Whether a selector, which is a map of labels, chooses what has these labels. An empty one is not meant."""
    return bool(selector) and selector.items() <= labels.items()


def hook_of(one):
    """The events and the weight of a hook; None where it is none."""
    annotations = one["metadata"].get("annotations") or {}
    return (set(annotations[HOOK].split(",")), int(annotations.get(WEIGHT, "0"))) if HOOK in annotations else None


def there_in_time(one, other):
    """Whether `other` is made before `one` runs."""
    mine, its = hook_of(one), hook_of(other)
    return mine is None or (its is not None and mine[0] <= its[0] and its[1] < mine[1])


def repeated(values):
    values = list(values)
    return sorted({str(value) for value in values if values.count(value) > 1})


def problems(objects):
    found = [f"{title(one)}: no apiVersion, kind or name" for one in objects
             if not (one.get("apiVersion") and one.get("kind") and (one.get("metadata") or {}).get("name"))]
    if found:
        return found
    found += [f"{name} stands there twice" for name in repeated(map(title, objects))]
    for one in objects:
        found += [f"{title(one)}: {what}" for what in check_metadata(one["metadata"])]
        if pod_of(one):
            found += [f"{title(one)}: {what}" for what in [*check_workload(one), *check_pod(one, objects)]]
        check = CHECKS.get(one["kind"])
        found += [f"{title(one)}: {what}" for what in (check(one, objects) if check else [])]
    return found


def check_metadata(metadata):
    name = metadata.get("name")
    if name is not None and (len(name) > LONGEST or not NAME.fullmatch(name)):
        yield f"the name {name} is none"
    for key, value in (metadata.get("labels") or {}).items():
        if not isinstance(value, str) or len(value) > LONGEST or (value and not LABEL_NAME.fullmatch(value)):
            yield f"the label {key} cannot be {value!r}"
    for kind in ("labels", "annotations"):
        for key, value in (metadata.get(kind) or {}).items():
            if not isinstance(value, str):
                yield f"{kind}: {key} is {value!r}, no string"
            if not LABEL_NAME.fullmatch(PREFIX.sub("", key, count=1)):
                yield f"{kind}: {key} is no key"


def check_workload(one):
    """The object around the pods."""
    template, spec = pod_of(one), one["spec"]
    if one["kind"] == "Deployment":
        if not selects(spec["selector"].get("matchLabels"), template["metadata"]["labels"]):
            yield "the selector does not match its own pods"
        if template["spec"].get("restartPolicy", "Always") != "Always":
            yield "a Deployment restarts its pods always"
        return
    if template["spec"].get("restartPolicy") not in ("Never", "OnFailure"):
        yield f"a Job's restartPolicy cannot be {template['spec'].get('restartPolicy')}"
    for key, least in (("backoffLimit", 0), ("activeDeadlineSeconds", 1), ("ttlSecondsAfterFinished", 0)):
        if key in spec and not (isinstance(spec[key], int) and spec[key] >= least):
            yield f"{key} is {spec[key]!r}"


def check_pod(one, objects):
    template = pod_of(one)
    spec = template["spec"]
    yield from check_metadata(template["metadata"])
    containers, volumes = spec["containers"], spec.get("volumes") or []
    yield from (f"two containers named {name}" for name in repeated(container["name"] for container in containers))
    yield from (f"two volumes named {name}" for name in repeated(volume["name"] for volume in volumes))
    names = {volume["name"] for volume in volumes}
    mounted = {mount["name"] for container in containers for mount in container.get("volumeMounts") or []}
    yield from (f"no volume {name}" for name in sorted(mounted - names))
    yield from (f"nobody mounts the volume {name}" for name in sorted(names - mounted))
    for volume in volumes:
        yield from check_metadata({"name": volume["name"]})
        yield from check_volume(one, volume, objects)
    account = spec.get("serviceAccountName", "default")
    if account != "default" and not is_there(one, "ServiceAccount", account, objects):
        yield f"no ServiceAccount {account}"
    for container in containers:
        yield from (f"container {container['name']}: {what}" for what in check_container(one, container, objects))


def is_there(one, kind, name, objects):
    """Whether the render has it, and early enough."""
    return any(there_in_time(one, other) for other in find(objects, kind, name))


def check_volume(one, volume, objects):
    if "configMap" in volume and not is_there(one, "ConfigMap", volume["configMap"]["name"], objects):
        yield f"no ConfigMap {volume['configMap']['name']} (in time)"
    if "persistentVolumeClaim" in volume:
        claim = volume["persistentVolumeClaim"]["claimName"]
        if not is_there(one, "PersistentVolumeClaim", claim, objects):
            yield f"no PersistentVolumeClaim {claim}"
    sources = (volume.get("projected") or {}).get("sources") or []
    files = [item["path"] for source in sources for item in source["secret"]["items"]]
    yield from (f"two files {name} in the volume {volume['name']}" for name in repeated(files))
    yield from (f"{name} is no file's name" for name in files if "/" in name or not name)
    kinds = set(volume) - {"name"}
    if len(kinds) != 1 or ("projected" in kinds and not sources):
        yield f"the volume {volume['name']} is made of {sorted(kinds)}"


def check_container(one, container, objects):
    if not IMAGE.fullmatch(container["image"]):
        yield f"{container['image']} is no image with a tag"
    ports = container.get("ports") or []
    yield from (f"two ports named {name}" for name in repeated(port["name"] for port in ports))
    yield from (f"two ports {number}" for number in repeated(port["containerPort"] for port in ports))
    for port in ports:
        yield from check_port(port["name"], port["containerPort"])
    for kind in ("livenessProbe", "readinessProbe"):
        for action in ("httpGet", "tcpSocket", "grpc"):
            port = ((container.get(kind) or {}).get(action) or {}).get("port")
            if port is not None and not any(port in (each["name"], each["containerPort"]) for each in ports):
                yield f"{kind}: the container has no port {port}"
    variables = container.get("env") or []
    yield from (f"{name} is set twice" for name in repeated(variable["name"] for variable in variables))
    for variable in variables:
        yield from check_variable(variable)
    for source in container.get("envFrom") or []:
        for key, reference in source.items():
            kind = {"configMapRef": "ConfigMap", "secretRef": "Secret"}[key]
            if not is_there(one, kind, reference["name"], objects):
                yield f"no {kind} {reference['name']}"
    mounts = container.get("volumeMounts") or []
    configs = {volume["name"]: volume["configMap"]["name"] for volume in pod_of(one)["spec"].get("volumes") or []
               if "configMap" in volume}
    for mount in mounts:
        files = [name for config in find(objects, "ConfigMap", configs.get(mount["name"])) for name in config.get("data") or {}]
        if mount["name"] in configs and mount["mountPath"].rpartition(".")[1] and mount.get("subPath") not in files:
            yield f"{mount['mountPath']} is a folder, or no file of the ConfigMap"
    yield from (f"two volumes at {path}" for path in repeated(mount["mountPath"] for mount in mounts))
    yield from (f"mounted at {mount['mountPath']}" for mount in mounts if not mount["mountPath"].startswith("/"))
    yield from check_resources(container.get("resources") or {})


def check_variable(variable):
    if not VARIABLE.fullmatch(variable["name"]):
        yield f"{variable['name']} is no name of a variable"
    if "valueFrom" in variable:
        reference = variable["valueFrom"]["secretKeyRef"]
        if not (reference.get("name") and reference.get("key")):
            yield f"{variable['name']}: the Secret's name or key is missing"
    elif not isinstance(variable.get("value"), str):
        yield f"{variable['name']}: {variable.get('value')!r} is no string"


def check_port(name, number):
    if len(name) > 15 or not PORT_NAME.fullmatch(name):
        yield f"{name} is no port's name"
    if not isinstance(number, int) or not 0 < number < 65536:
        yield f"{number!r} is no port"


def check_resources(resources):
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    for key, value in [*limits.items(), *requests.items()]:
        if quantity(value) is None:
            yield f"{key}: {value!r} is no quantity"
        elif key in limits and key in requests and quantity(requests[key]) > (quantity(limits[key]) or 0):
            yield f"{key}: more is requested than allowed"


def check_service(one, objects):
    spec = one["spec"]
    yield from (f"two ports named {name}" for name in repeated(port["name"] for port in spec["ports"]))
    yield from (f"two ports {number}" for number in repeated(port["port"] for port in spec["ports"]))
    chosen = [other for other in objects if pod_of(other)
              and selects(spec["selector"], pod_of(other)["metadata"]["labels"])]
    if [other["kind"] for other in chosen] != ["Deployment"]:
        yield f"leads to the pods of {list(map(title, chosen))}"
        return
    known = [known for container in pod_of(chosen[0])["spec"]["containers"] for port in container.get("ports") or []
             for known in (port["name"], port["containerPort"])]
    for port in spec["ports"]:
        yield from check_port(port["name"], port["port"])
        if port["targetPort"] not in known:
            yield f"the pods have no port {port['targetPort']}"


def check_service_monitor(one, objects):
    chosen = [other for other in find(objects, "Service")
              if selects(one["spec"]["selector"]["matchLabels"], labels_of(other))]
    if len(chosen) != 1:
        yield f"scrapes {list(map(title, chosen))}"
        return
    names = [port["name"] for port in chosen[0]["spec"]["ports"]]
    yield from (f"{chosen[0]['metadata']['name']} has no port {endpoint['port']}"
                for endpoint in one["spec"]["endpoints"] if endpoint["port"] not in names)


def check_pod_selector(one, objects):
    """What chooses a Deployment's pods."""
    selector = one["spec"].get("selector") or one["spec"].get("podSelector")
    chosen = [other for other in objects if pod_of(other)
              and selects(selector["matchLabels"], pod_of(other)["metadata"]["labels"])]
    if [other["kind"] for other in chosen] != ["Deployment"]:
        yield f"chooses the pods of {list(map(title, chosen))}"


def check_autoscaler(one, objects):
    spec = one["spec"]
    targets = find(objects, spec["scaleTargetRef"]["kind"], spec["scaleTargetRef"]["name"])
    if len(targets) != 1:
        yield "what it scales is not there"
    elif "replicas" in targets[0]["spec"]:
        yield "the Deployment has replicas of its own"
    if spec["minReplicas"] > spec["maxReplicas"] or not spec["metrics"]:
        yield f"from {spec['minReplicas']} to {spec['maxReplicas']} by {spec['metrics']}"


def check_claim(one, _):
    if quantity(one["spec"]["resources"]["requests"]["storage"]) is None:
        yield f"{one['spec']['resources']['requests']['storage']!r} is no quantity"


def check_ingress(one, objects):
    for rule in one["spec"]["rules"]:
        for path in rule["http"]["paths"]:
            backend = path["backend"]["service"]
            names = [port["name"] for service in find(objects, "Service", backend["name"])
                     for port in service["spec"]["ports"]]
            if backend["port"]["name"] not in names:
                yield f"no Service {backend['name']} with the port {backend['port']['name']}"
            if path["pathType"] not in PATH_TYPES or not path["path"].startswith("/"):
                yield f"{path['pathType']} {path['path']}"


CHECKS = {"Service": check_service, "ServiceMonitor": check_service_monitor, "PodMonitor": check_pod_selector,
          "PodDisruptionBudget": check_pod_selector, "NetworkPolicy": check_pod_selector,
          "HorizontalPodAutoscaler": check_autoscaler, "PersistentVolumeClaim": check_claim, "Ingress": check_ingress}
