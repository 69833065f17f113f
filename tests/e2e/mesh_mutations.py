#!/usr/bin/env python3
"""Faults that are planted into the platform's mesh overlays and values, one at a time: each gives findings of exactly one rule, at
one place unless the row says how many, and the overlays as they stand give none.

The charts are those of fixtures/platform/after with the shared templates; the faults are the rows of TABLE: a file, what stands
there, what is put in its place, and the rule that has to tell. At least RECALL of the rows must be told, and none falsely.

    mesh_mutations.py [WORD]      only rows whose title holds WORD, and what they give

Takes $VALUELINT from the environment."""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

PROGRAM = os.environ.setdefault("VALUELINT", str(ROOT / "build" / "valuelint"))

from support import platform_charts  # noqa: E402

RECALL = 0.95
ROUTES, POLICIES = "k8s/istio/gateway-virtualservice.yaml", "k8s/istio/authorization-policies.yaml"
RULES, PEERS = "k8s/istio/destination-rules.yaml", "k8s/istio/peer-authentication.yaml"
SERVERS, CLIENTS = "k8s/linkerd/servers.yaml", "k8s/linkerd/server-authorizations.yaml"
PATHS, SPACES = "k8s/linkerd/http-routes.yaml", "k8s/linkerd/namespaces.yaml"
LEDGER = "charts/credential-ledger/values.yaml"
LEDGER_HOST = "            host: credential-ledger.marty.svc.cluster.local\n"
ONLY_FROM = "              - cluster.local/ns/marty/sa/passport-engine\n"
SELECTOR = "  selector:\n    matchLabels:\n      app.kubernetes.io/name: credential-ledger\n  action"
HEALTH = "  client:\n    unauthenticated: true\n    networks:\n      - cidr: 10.0.0.0/8"
MARTY = "  namespace: marty\nspec:\n  mtls:\n    mode: "

Row = collections.namedtuple("Row", "title path old new rule count", defaults=[1])
TABLE = [
    # fields
    Row("an unknown field of a route", ROUTES, "perTryTimeout", "perTryTimout", "VL807"),
    Row("an unknown field of a Gateway", ROUTES, "credentialName:", "credentialNam:", "VL807"),
    Row("`routes` for `route`", ROUTES, "      route:\n", "      routes:\n", "VL807"),
    Row("a misspelled selector", POLICIES, "  selector:", "  seletor:", "VL807"),
    Row("an unknown field of a DestinationRule", RULES, "outlierDetection", "outlierDetecton", "VL807"),
    Row("a field that is pruned", CLIENTS, "  client:\n    meshTLS:", "  requiredRoutes: []\n  client:\n    meshTLS:", "VL807"),
    Row("a version that is none", SERVERS, "policy.linkerd.io/v1beta1", "policy.linkerd.io/v1beta9", "VL807"),
    Row("`backendRef` for `backendRefs`", PATHS, "backendRefs", "backendRef", "VL807"),
    Row("a kind that is none", RULES, "kind: DestinationRule", "kind: DestinatonRule", "VL807"),
    Row("a mode that is none", PEERS, "mode: STRICT", "mode: STRIKT", "VL808"),
    Row("a TLS mode that is none", ROUTES, "mode: SIMPLE", "mode: SIMPEL", "VL808"),
    Row("an action that is none", POLICIES, "action: ALLOW", "action: ALOW", "VL808"),
    Row("a number for a duration", ROUTES, "timeout: 30s", "timeout: 30", "VL808"),
    Row("a number for a port in quotes", POLICIES, 'ports: ["8089", "9090"]', "ports: [8089, 9090]", "VL808", 2),
    Row("a spec of nothing", POLICIES, "spec: {}", "spec:", "VL809"),
    Row("a selector of nothing", POLICIES, SELECTOR, "  selector:\n  action", "VL809"),
    Row("a proxyProtocol that is none", SERVERS, "proxyProtocol: HTTP/1", "proxyProtocol: HTTP/1.1", "VL810"),
    Row("a protocol that is none", ROUTES, "protocol: HTTPS", "protocol: HTTPX", "VL810"),
    Row("no client", CLIENTS, HEALTH, HEALTH.replace("    unauthenticated: true\n", ""), "VL810"),
    Row("a network that is none", CLIENTS, "10.0.0.0/8", "10.0.0/8", "VL810"),
    Row("a path that is not absolute", PATHS, "value: /", "value: v1", "VL810"),
    Row("a principal for a port", POLICIES, 'ports: ["8081", "9090"]', 'ports: ["http", "9090"]', "VL810"),
    # labels and annotations
    Row("a misspelled label of injection", "k8s/namespace.yaml", "istio-injection:", "istio-injecton:", "VL811"),
    Row("a wrong label of injection", "k8s/namespace.yaml", "istio-injection: enabled", "istio-injection: enable", "VL811"),
    Row("a misspelled annotation of injection", SPACES, "linkerd.io/inject: enabled", "linkerd.io/injct: enabled", "VL811"),
    Row("a default policy that is none", SPACES, "inbound-policy: deny", "inbound-policy: denied", "VL811"),
    Row("a misspelled default policy", SPACES, "default-inbound-policy", "default-inboud-policy", "VL811"),
    Row("misspelled opaque ports", SPACES, "opaque-ports", "opaque-prots", "VL811"),
    # references
    Row("a route to another port", ROUTES, "number: 8089", "number: 8088", "VL801"),
    Row("a match at another port", ROUTES, "- port: 8081", "- port: 8181", "VL801"),
    Row("a route of Linkerd to another port", PATHS, "      port: 8089\n  rules", "      port: 8080\n  rules", "VL801"),
    Row("another port in the values", LEDGER, "8089", "8189", "VL801", 4),
    Row("a destination that is none", ROUTES, "host: csca-service.marty", "host: csca-servce.marty", "VL805"),
    Row("a host that is none", ROUTES, "- credential-ledger.marty.svc", "- credential-leger.marty.svc", "VL805"),
    Row("a DestinationRule for nobody", RULES, "host: csca-service.marty", "host: csca.marty", "VL805"),
    Row("a backend that is none", PATHS, "        - name: csca-service", "        - name: csca-servce", "VL805"),
    Row("a parent that is none", PATHS, "      name: csca-service\n", "      name: csca-servce\n", "VL805"),
    Row("a Server that is none", CLIENTS, "name: credential-ledger-http\n  client", "name: credential-ledger-htp\n  client", "VL805"),
    Row("a selector for no pod", POLICIES, "name: credential-ledger\n  action", "name: credential-leger\n  action", "VL815"),
    Row("a label that no pod has", POLICIES, "app.kubernetes.io/name: csca-service", "app: csca-service", "VL815"),
    Row("a Server for no pod", SERVERS, "      app.kubernetes.io/name: credential-ledger", "      app: credential-ledger", "VL815"),
    Row("a Gateway for no pod", ROUTES, "istio: ingressgateway", "istio: ingressgatway", "VL815"),
    Row("a gateway that is none", ROUTES, "- marty-gateway\n", "- marty-gatway\n", "VL816"),
    Row("a match at a gateway that is none", ROUTES, "gateways: [marty-gateway]", "gateways: [marty-gatway]", "VL816"),
    Row("a subset that is none", ROUTES, LEDGER_HOST, LEDGER_HOST + "            subset: v1\n", "VL816"),
    Row("Servers that are none", CLIENTS, "        marty.example.com/port: metrics", "        marty.example.com/port: metrcs", "VL816"),
    Row("a parent of no kind", PATHS, "kind: Service", "kind: Servce", "VL816"),
    Row("a caller that is none", POLICIES, "sa/document-signer", "sa/document-singer", "VL817"),
    Row("another trust domain", POLICIES, "cluster.local/ns/marty/sa/mdl", "cluster.lokal/ns/marty/sa/mdl", "VL817"),
    Row("`spiffe://` in a principal", POLICIES, "- cluster.local/ns/marty/sa/mdl", "- spiffe://cluster.local/ns/marty/sa/mdl", "VL817"),
    Row("a gateway's account that is none", POLICIES, "istio-ingressgateway-service-account", "istio-ingresgateway-service-account", "VL817"),
    Row("a caller of Linkerd that is none", CLIENTS, "- name: document-signer", "- name: document-singer", "VL817"),
    Row("an ingress that is none", CLIENTS, "- name: ingress-nginx", "- name: ingress-ngnx", "VL817"),
    Row("a port that no container has", POLICIES, 'ports: ["8089", "9090"]', 'ports: ["8098", "9090"]', "VL818"),
    Row("a Server's port that no container has", SERVERS, "port: 8089", "port: 8080", "VL818"),
    Row("a destination without its port", ROUTES, "            port:\n              number: 8089\n", "", "VL819"),
    Row("a host of another namespace", ROUTES, "host: mdl-engine.marty.svc", "host: mdl-engine.marti.svc", "VL820"),
    Row("a caller of another namespace", POLICIES, "ns/marty/sa/mdl", "ns/mart/sa/mdl", "VL820"),
    Row("a namespace of callers that is none", POLICIES, "namespaces: [monitoring]", "namespaces: [monitorng]", "VL820"),
    Row("a policy in another namespace", POLICIES, "csca-service\n  namespace: marty", "csca-service\n  namespace: martyy", "VL820"),
    Row("a caller of Linkerd's of another namespace", CLIENTS, "          namespace: marty", "          namespace: mary", "VL820"),
    # meaning
    Row("a rule cut in two", POLICIES, ONLY_FROM + "      to:", ONLY_FROM + "    - to:", "VL830"),
    Row("all is allowed", POLICIES, "spec: {}", "spec:\n  rules:\n    - {}", "VL831"),
    Row("a Gateway's other hosts", ROUTES, '"*.marty.example.com"', '"*.marty.exmple.com"', "VL836"),
    Row("an outside host that is none", ROUTES, "- mdl-engine.marty.example.com", "- mdl-engine.marty.exmple.com", "VL836"),
    Row("two rules for one host", RULES, "host: csca-service.marty.svc", "host: credential-ledger.marty.svc", "VL837"),
    Row("TLS turned off", RULES, "mode: ISTIO_MUTUAL", "mode: DISABLE", "VL838"),
    Row("TLS of one's own", RULES, "mode: ISTIO_MUTUAL", "mode: SIMPLE", "VL838"),
    Row("plain text for the namespace", PEERS, MARTY + "STRICT", MARTY + "PERMISSIVE", "VL839"),
    Row("the health checks' port", POLICIES, 'ports: ["8090"]', 'ports: ["8089"]', "VL842"),
    Row("a Server of no role", SERVERS, "marty.example.com/port: health", "marty.example.com/port: helth", "VL842"),
    Row("health checks that are not exempted", CLIENTS, "values: [health, metrics]", "values: [metrics]", "VL842"),
    Row("two Servers for one port", SERVERS, "port: 9090", "port: 8089", "VL844"),
    Row("gRPC as HTTP/1", SERVERS, "proxyProtocol: gRPC", "proxyProtocol: HTTP/1", "VL850"),
    Row("a denial", POLICIES, "action: ALLOW", "action: DENY", "VL852"),
    Row("a caller fewer in Istio", POLICIES, "              - cluster.local/ns/marty/sa/mdl-engine\n", "", "VL854"),
    Row("a caller fewer in Linkerd", CLIENTS, "        - name: mdl-engine\n          namespace: marty\n", "", "VL854"),
]


def build(folder):
    for name in platform_charts.SERVICES:
        platform_charts.write_service(folder / "charts" / name, name)
    shutil.copytree(platform_charts.OVERLAYS, folder / "k8s")
    (folder / ".valuelint.yaml").write_text("mesh: k8s\npreview: true\n", encoding="utf-8")


def findings(folder):
    done = subprocess.run([PROGRAM, "--select", "VL8", "--format", "json", "charts"], cwd=folder, capture_output=True, text=True,
                          check=False)
    if done.returncode not in (0, 1):
        return [("?", done.stderr)]
    return [(one["id"], f"{one['path']}:{one['start']['line']} {one['message']}") for one in json.loads(done.stdout)["findings"]]


def plant(folder, row):
    path = folder / row.path
    text = path.read_text(encoding="utf-8")
    if row.old not in text:
        return [("?", f"{row.path} does not hold {row.old!r}")]
    path.write_text(text.replace(row.old, row.new, 1), encoding="utf-8")
    try:
        return findings(folder)
    finally:
        path.write_text(text, encoding="utf-8")


def main():
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="valuelint-mutations-"))
    try:
        build(folder)
        clean, missed, wrong, rows = findings(folder), 0, 0, [row for row in TABLE if word in row.title]
        for row in rows:
            found = plant(folder, row)
            told = len(found) == row.count and {one[0] for one in found} == {row.rule}
            missed += not found
            wrong += bool(found) and not told
            if word or not told:
                print("ok  " if told else "FAIL", row.title, *[f"\n     {' '.join(one)}" for one in found])
    finally:
        shutil.rmtree(folder)
    print("".join(f"FAIL without a fault: {' '.join(one)}\n" for one in clean), end="")
    right = len(rows) - missed - wrong
    print(f"{right} of {len(rows)} faults are told, each by its rule alone; {missed} are missed, {wrong} told otherwise")
    return 1 if clean or wrong or right < RECALL * len(rows) else 0


if __name__ == "__main__":
    sys.exit(main())
