#!/usr/bin/env python3
"""The platform's mesh overlays (fixtures/platform/k8s) against the values of its services: every service has a route to
the port that it has, and policies that deny everything and then allow it its calls, its health checks and its metrics. That
the checks see anything is seen with overlays that are spoilt on purpose.

Takes $VALUELINT from the environment. PyYAML is installed for it where it can be had."""
import copy
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support import manifests, platform_charts, tools  # noqa: E402

SKIPPED = 77
NAMESPACE = "marty"
DOMAIN = f"{NAMESPACE}.svc.cluster.local"
NAME_LABEL = "app.kubernetes.io/name"
GATEWAY = "cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account"
FILES = {"namespace.yaml", *(f"istio/{name}.yaml" for name in (
    "istio-operator", "peer-authentication", "destination-rules", "authorization-policies", "gateway-virtualservice")),
         *(f"linkerd/{name}.yaml" for name in ("namespaces", "servers", "server-authorizations", "http-routes"))}
PROBES = {"/health/live", "/health/ready"}


def ports_of(name):
    """The port of each kind that a service answers at, as its values say."""
    values = platform_charts.service_values(name)
    ports = {port: values["service"][port]["port"] for port in platform_charts.PORTS}
    for port in platform_charts.PORTS:  # policies speak of the containers' ports, routes of the Service's
        if platform_charts.container_port(values, port) != ports[port]:
            raise AssertionError(f"{name}: {port} has two numbers")
    return {**ports, "health": platform_charts.health_port(values)}


def host_of(name):
    return f"{name}.{DOMAIN}"


def by_name(objects, kind):
    return {one["metadata"]["name"]: one for one in manifests.find(objects, kind)}


def check_objects(objects, _):
    for one in objects:
        metadata = one.get("metadata") or {}
        if not (one.get("apiVersion") and one.get("kind") and metadata.get("name")):
            yield "an object without apiVersion, kind or name"
        else:
            yield from (f"{manifests.title(one)}: {what}" for what in manifests.check_metadata(metadata))
            if one["kind"] != "Namespace" and not metadata.get("namespace"):
                yield f"{manifests.title(one)} has no namespace"


def check_strict(objects, _):
    modes = {(one["metadata"]["namespace"], one["spec"]["mtls"]["mode"])
             for one in manifests.find(objects, "PeerAuthentication") if "selector" not in one["spec"]}
    if modes != {("istio-system", "STRICT"), (NAMESPACE, "STRICT")}:
        yield f"PeerAuthentication: {sorted(modes)}"


def check_destinations(objects, services):
    rules = by_name(objects, "DestinationRule")
    if sorted(rules) != sorted(services):
        yield f"DestinationRules for {sorted(rules)}"
    for name, rule in rules.items():
        if rule["spec"]["host"] != host_of(name) or rule["spec"]["trafficPolicy"]["tls"]["mode"] != "ISTIO_MUTUAL":
            yield f"DestinationRule {name} is about {rule['spec']['host']}"


def check_virtual_services(objects, services):
    routes = by_name(objects, "VirtualService")
    gateways = {"mesh", *by_name(objects, "Gateway")}
    if sorted(routes) != sorted(services):
        yield f"VirtualServices for {sorted(routes)}"
    for name in routes.keys() & services.keys():
        spec, ports = routes[name]["spec"], services[name]
        if host_of(name) not in spec["hosts"] or not set(spec["gateways"]) <= gateways:
            yield f"VirtualService {name}: {spec['hosts']} at {spec['gateways']}"
        for route in spec["http"]:
            wanted = (host_of(name), ports[route["name"]])
            for target in route["route"]:
                found = (target["destination"]["host"], target["destination"]["port"]["number"])
                if found != wanted:
                    yield f"VirtualService {name}: {route['name']} leads to {found}, not {wanted}"
            inside = [match.get("port") for match in route["match"] if "mesh" in match["gateways"]]
            if inside != [ports[route["name"]]]:
                yield f"VirtualService {name}: {route['name']} takes the calls to {inside}"
        if {route["name"] for route in spec["http"]} != {"http", "grpc"}:
            yield f"VirtualService {name} has other routes than http and grpc"


def policies_of(objects, name):
    return [one for one in manifests.find(objects, "AuthorizationPolicy")
            if ((one["spec"].get("selector") or {}).get("matchLabels") or {}).get(NAME_LABEL) == name]


def check_authorization(objects, services):
    if not [one for one in manifests.find(objects, "AuthorizationPolicy")
            if one["spec"] == {} and one["metadata"]["namespace"] == NAMESPACE]:
        yield "nothing is denied"
    routes = by_name(objects, "VirtualService")
    for name, ports in services.items():
        rules = [rule for policy in policies_of(objects, name) for rule in policy["spec"]["rules"]]
        allowed = {}  # port -> who may call it
        for rule in rules:
            callers = {who for source in rule.get("from") or [{"source": {"principals": ["*"]}}]
                       for key in ("principals", "namespaces") for who in source["source"].get(key) or []}
            for port in (port for to in rule["to"] for port in to["operation"]["ports"]):
                allowed.setdefault(int(port), set()).update(callers)
        inside = any(who.startswith(f"cluster.local/ns/{NAMESPACE}/") for who in allowed.get(ports["http"], ()))
        wanted = {port for kind, port in ports.items() if kind != "grpc" or inside}  # nobody outside speaks gRPC
        if set(allowed) != wanted:
            yield f"AuthorizationPolicy {name}: ports {sorted(allowed)}, not {sorted(wanted)}"
            continue
        strangers = {who for callers in allowed.values() for who in callers if who.startswith("cluster.local/ns/marty/")
                     and who.rpartition("/")[2] not in services}
        if strangers or not allowed[ports["http"]]:
            yield f"AuthorizationPolicy {name}: {sorted(strangers) or 'nobody'} may call it"
        outside = bool(set(routes[name]["spec"]["gateways"]) - {"mesh"}) if name in routes else None
        if outside != (GATEWAY in allowed[ports["http"]]):
            yield f"AuthorizationPolicy {name}: the gateway may {'not ' if outside else ''}call it"
        if "*" in allowed[ports["http"]] | allowed.get(ports["grpc"], set()):
            yield f"AuthorizationPolicy {name}: anybody may call it"
        exempt = [to["operation"] for rule in rules if "from" not in rule for to in rule["to"]]
        found = [(operation["ports"], set(operation.get("paths", ()))) for operation in exempt]
        if found != [([str(ports["health"])], PROBES)]:
            yield f"AuthorizationPolicy {name}: health checks at {exempt}"


def check_servers(objects, services):
    servers = by_name(objects, "Server")
    for name, ports in services.items():
        mine = {one["spec"]["port"]: one for one in servers.values()
                if one["spec"]["podSelector"]["matchLabels"] == {NAME_LABEL: name}}
        if set(mine) != set(ports.values()):
            yield f"Servers of {name}: ports {sorted(mine)}, not {sorted(ports.values())}"
        elif mine[ports["grpc"]]["spec"]["proxyProtocol"] != "gRPC":
            yield f"Server of {name}: gRPC is not spoken at {ports['grpc']}"
    if len(servers) != sum(len(set(ports.values())) for ports in services.values()):
        yield "there are Servers of no service"


def check_server_authorizations(objects, services):
    servers = by_name(objects, "Server")
    covered = set()
    for one in manifests.find(objects, "ServerAuthorization"):
        server = one["spec"]["server"]
        if "name" in server:
            chosen = {server["name"]} & set(servers)
        else:
            chosen = {name for name, other in servers.items() if matches(server["selector"], manifests.labels_of(other))}
        if not chosen:
            yield f"{manifests.title(one)} is about no Server"
        covered |= chosen
        accounts = (one["spec"]["client"].get("meshTLS") or {}).get("serviceAccounts") or []
        strangers = [account["name"] for account in accounts if account["namespace"] == NAMESPACE
                     and account["name"] not in services]
        if strangers:
            yield f"{manifests.title(one)}: {strangers} may call"
    inside = called_inside(objects)
    wanted = {name for name in servers if not name.endswith("-grpc") or name.removesuffix("-grpc") in inside}
    if wanted - covered:
        yield f"nobody may call {sorted(wanted - covered)}"
    spaces = by_name(objects, "Namespace")
    if spaces[NAMESPACE]["metadata"]["annotations"]["config.linkerd.io/default-inbound-policy"] != "deny":
        yield "nothing is denied"


def called_inside(objects):
    """The services that other services call: the others are called from outside alone, where nobody speaks gRPC."""
    return {one["metadata"]["name"].removesuffix("-http") for one in manifests.find(objects, "ServerAuthorization")
            for account in (one["spec"]["client"].get("meshTLS") or {}).get("serviceAccounts") or []
            if account["namespace"] == NAMESPACE and one["metadata"]["name"].endswith("-http")}


def matches(selector, labels):
    chosen = (selector.get("matchLabels") or {}).items() <= labels.items()
    return chosen and all(labels.get(one["key"]) in one["values"] for one in selector.get("matchExpressions") or [])


def check_http_routes(objects, services):
    routes = by_name(objects, "HTTPRoute")
    if sorted(routes) != sorted(services):
        yield f"HTTPRoutes for {sorted(routes)}"
    for name in routes.keys() & services.keys():
        spec = routes[name]["spec"]
        found = {(one["name"], one["port"]) for one in spec["parentRefs"]}
        found |= {(one["name"], one["port"]) for rule in spec["rules"] for one in rule["backendRefs"]}
        if found != {(name, services[name]["http"])}:
            yield f"HTTPRoute {name} leads to {sorted(found)}"


ISTIO = (check_objects, check_strict, check_destinations, check_virtual_services, check_authorization)
LINKERD = (check_objects, check_servers, check_server_authorizations, check_http_routes)


def same_calls(istio, linkerd, services):
    """Both overlays allow the same services the same calls."""
    for name in services:
        inside = {who.rpartition("/")[2] for policy in policies_of(istio, name) for rule in policy["spec"]["rules"]
                  for source in rule.get("from") or [] for who in source["source"].get("principals") or [] if who != GATEWAY}
        other = {account["name"] for one in manifests.find(linkerd, "ServerAuthorization")
                 if one["metadata"]["name"] in (f"{name}-http", f"{name}-grpc")
                 for account in one["spec"]["client"]["meshTLS"]["serviceAccounts"] if account["namespace"] == NAMESPACE}
        if inside != other:
            yield f"{name} is called by {sorted(inside)} with Istio and by {sorted(other)} with Linkerd"


def first_destination(spec):
    return spec["http"][0]["route"][0]["destination"]


def first_source(spec):
    return spec["rules"][0]["from"][0]["source"]


# What is changed, by the kind and the name of an object.
SPOILT = {
    "a route to the old port": (
        "VirtualService", "credential-ledger", lambda spec: first_destination(spec)["port"].update(number=8080)),
    "a route that takes all calls": (
        "VirtualService", "pkd-service", lambda spec: spec["http"][0]["match"][0].pop("port")),
    "a route to another service": (
        "VirtualService", "trust-svc", lambda spec: first_destination(spec).update(host=host_of("trust-anchor"))),
    "another host": ("DestinationRule", "mdl-engine", lambda spec: spec.update(host=host_of("mdl"))),
    "plain text": ("PeerAuthentication", "default", lambda spec: spec["mtls"].update(mode="PERMISSIVE")),
    "all is allowed": ("AuthorizationPolicy", "deny-all", lambda spec: spec.update(rules=[{}])),
    "the old port is allowed": (
        "AuthorizationPolicy", "csca-service", lambda spec: spec["rules"][0]["to"][0]["operation"].update(ports=["8080"])),
    "a stranger is allowed": (
        "AuthorizationPolicy", "trust-svc",
        lambda spec: first_source(spec)["principals"].append("cluster.local/ns/marty/sa/default")),
    "the gateway is not allowed": (
        "AuthorizationPolicy", "mdoc-engine",
        lambda spec: first_source(spec).update(principals=["cluster.local/ns/marty/sa/trust-svc"])),
    "anybody is allowed": ("AuthorizationPolicy", "trust-anchor", lambda spec: spec["rules"][0].pop("from")),
    "no health checks": ("AuthorizationPolicy", "trust-anchor-health", lambda spec: spec["rules"].pop(0)),
    "a Server's old port": ("Server", "passport-engine-http", lambda spec: spec.update(port=8080)),
    "an authorization for no Server": (
        "ServerAuthorization", "csca-service-http", lambda spec: spec["server"].update(name="csca")),
    "health checks are denied": (
        "ServerAuthorization", "health",
        lambda spec: spec["server"].update(selector={"matchLabels": {"marty.example.com/port": "metrics"}})),
    "a route of Linkerd to the old port": (
        "HTTPRoute", "credential-ledger", lambda spec: spec["rules"][0]["backendRefs"][0].update(port=8080)),
}


def spoilt_is_noticed(overlays, services, kind, name, change):
    overlays = copy.deepcopy(overlays)
    for one in (one for objects in overlays.values() for one in manifests.find(objects, kind, name)):
        change(one["spec"])
    for objects, checks in ((overlays["istio"], ISTIO), (overlays["linkerd"], LINKERD)):
        if any(list(check(objects, services)) for check in checks):
            return []
    return ["nobody notices"]


def run(overlays, services, found):
    """(title, problems) of each case."""
    yield "the files", [] if found == FILES else sorted(found ^ FILES)
    for mesh, checks in (("istio", ISTIO), ("linkerd", LINKERD)):
        for check in checks:
            yield f"{mesh}: {check.__name__}", list(check(overlays[mesh], services))
    yield "the same calls", list(same_calls(overlays["istio"], overlays["linkerd"], services))
    for title, (kind, name, change) in SPOILT.items():
        yield f"spoilt: {title}", spoilt_is_noticed(overlays, services, kind, name, change)


def main():
    site = tools.find_python_package(*tools.PYYAML)
    if not os.environ.get("VALUELINT") or not site:
        print("no " + ("PyYAML" if not site else "VALUELINT"))
        return SKIPPED
    sys.path.insert(0, site)
    import yaml  # pylint: disable=import-outside-toplevel

    found = {str(path.relative_to(platform_charts.OVERLAYS)): list(yaml.safe_load_all(path.read_text(encoding="utf-8")))
             for path in platform_charts.OVERLAYS.rglob("*.yaml")}
    overlays = {mesh: [one for name in sorted(found) if name.startswith(f"{mesh}/") for one in found[name]]
                for mesh in ("istio", "linkerd")}
    overlays["istio"] = found["namespace.yaml"] + overlays["istio"]
    services = {name: ports_of(name) for name in platform_charts.SERVICES}
    passed = failed = 0
    for title, problems in run(overlays, services, set(found)):
        passed, failed = passed + (not problems), failed + bool(problems)
        if problems:
            print("\n".join([f"FAIL {title}", *problems]))
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
