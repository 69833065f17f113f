#!/usr/bin/env python3
"""Codes of `istioctl analyze` that docs/mesh.md calls done: an input for each, written for it, gives the rule that the table names.

VALUELINT in the environment is the program."""
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "rules"))

import test_mesh  # noqa: E402  pylint: disable=wrong-import-position

NETWORKING, SECURITY, TELEMETRY = "networking.istio.io/v1", "security.istio.io/v1", "telemetry.istio.io/v1"
GATEWAY = "  selector: {istio: ingressgateway}\n  servers:\n"
SERVER = "    - {port: {number: %d, name: %s, protocol: %s}, hosts: [%s]%s}\n"
TO = "route: [{destination: {host: ledger, port: {number: 8080}}}]"
SELECTS = "  selector: {matchLabels: {app: ledger}}\n"
POD = "  containers: [{name: tool, image: %s%s}]\n"
PATCH = "  configPatches: [{applyTo: %s, match: {context: SIDECAR_INBOUND%s}, patch: {operation: %s, value: {a: b}}}]\n"
ENTRY = "  hosts: [db.example.com]\n%s  ports: [{number: 5432, name: db, protocol: %s}]\n  resolution: DNS\n"
INJECTED = "apiVersion: v1\nkind: Namespace\nmetadata: {name: marty, labels: {istio-injection: enabled%s}}\n"


def manifest(api, kind, name, spec, metadata=""):
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}, namespace: marty{metadata}}}\nspec:\n{spec}"


def service(name, port, more="  selector: {app: ledger}\n"):
    return manifest("v1", "Service", name, f"{more}  ports: [{port}]\n")


def routes(http, hosts="[ledger]", more=""):
    return manifest(NETWORKING, "VirtualService", "routes", f"  hosts: {hosts}\n{more}  http:\n    - {http}\n")


def both(*texts):
    return "---\n".join(texts)


CODES = {
    "IST0002": routes(f"{{{TO}, mirror: {{host: signer, port: {{number: 8081}}}}, mirrorPercent: 5}}"),
    "IST0101": routes(f"{{{TO}}}", "[ledger.example.com]", "  gateways: [front]\n"),
    "IST0106": manifest(SECURITY, "PeerAuthentication", "default", "  mtls: {mode: ON}\n"),
    "IST0107": service("tool", "{name: http, port: 80}", "  type: ClusterIP\n").replace(
        "namespace: marty", 'namespace: marty, annotations: {sidecar.istio.io/proxyCPU: 10m}'),
    "IST0108": manifest("v1", "Pod", "tool", POD % ("tool", ""), ", annotations: {sidecar.istio.io/proxyCPUs: 10m}"),
    "IST0109": both(routes(f"{{{TO}}}"), routes(f"{{{TO}}}").replace("name: routes", "name: again")),
    "IST0110": both(*(manifest(NETWORKING, "Sidecar", name, "  workloadSelector: {labels: {app: ledger}}\n  egress: [{hosts: [./*]}]\n")
                      for name in ("one", "two"))),
    "IST0111": both(*(manifest(NETWORKING, "Sidecar", name, "  egress: [{hosts: [./*]}]\n") for name in ("one", "two"))),
    "IST0112": routes("{route: [{destination: {host: signer}}]}", "[signer]"),
    "IST0116": both(INJECTED % "", service("one", "{name: tcp, port: 8080, protocol: TCP}"),
                    service("two", "{name: udp, port: 8080, protocol: UDP}")),
    "IST0118": both(INJECTED % "", service("tool", "{name: website, port: 80}")),
    "IST0123": INJECTED % ", istio.io/rev: canary",
    "IST0125": manifest("v1", "Pod", "tool", POD % ("tool", ""), ', annotations: {sidecar.istio.io/interceptionMode: REDIREKT}'),
    "IST0127": manifest(SECURITY, "AuthorizationPolicy", "nobody", "  selector: {matchLabels: {app: bookkeeper}}\n"),
    "IST0128": manifest(NETWORKING, "DestinationRule", "out", "  host: api.example.com\n  trafficPolicy: {tls: {mode: MUTUAL, "
                        "clientCertificate: /c.pem, privateKey: /k.pem}}\n"),
    "IST0129": manifest(NETWORKING, "DestinationRule", "out", "  host: api.example.com\n  trafficPolicy: {portLevelSettings: "
                        "[{port: {number: 443}, tls: {mode: SIMPLE}}]}\n"),
    "IST0130": routes(f"{{{TO}}}\n    - {{match: [{{uri: {{prefix: /x}}}}], {TO}}}"),
    "IST0131": routes(f"{{match: [{{uri: {{exact: /x}}}}], {TO}}}\n    - {{match: [{{uri: {{exact: /x}}}}], {TO}}}"),
    "IST0132": both(manifest(NETWORKING, "Gateway", "front", GATEWAY + SERVER % (80, "http", "HTTP", "www.example.com", "")),
                    routes(f"{{{TO}}}", "[shop.example.com]", "  gateways: [front]\n")),
    "IST0133": routes(f"{{{TO}, timeouts: 3s}}"),
    "IST0134": manifest(NETWORKING, "ServiceEntry", "db", ENTRY % ("", "TCP")),
    "IST0135": manifest("v1", "Pod", "tool", POD % ("tool", ""), ', annotations: {sidecar.istio.io/statsInclusionPrefixes: a}'),
    "IST0137": both(INJECTED % "", service("one", "{name: http, port: 80, targetPort: 8080}"),
                    service("two", "{name: http, port: 81, targetPort: 8080}")),
    "IST0138": both(*(manifest(NETWORKING, "Gateway", name, GATEWAY + SERVER % (443, "https", "HTTPS", f"{name}.example.com",
                               ", tls: {mode: SIMPLE, credentialName: shared}")) for name in ("one", "two"))),
    "IST0144": both(INJECTED % "", manifest("v1", "Pod", "tool", POD % ("tool", ", securityContext: {runAsUser: 1337}"))),
    "IST0145": both(*(manifest(NETWORKING, "Gateway", name, GATEWAY + SERVER % (80, "http", "HTTP", "shop.example.com", ""))
                      for name in ("one", "two"))),
    "IST0146": both(INJECTED.replace("enabled", "disabled") % "", manifest("v1", "Pod", "tool", POD % ("auto", ""))),
    "IST0149": routes('{match: [{headers: {"@request.auth.claims.role": {exact: admin}}}], ' + TO + "}"),
    "IST0150": both(INJECTED % "", service("far", "{name: tcp-any, port: 443}", "  type: ExternalName\n  externalName: api.example.com\n")),
    "IST0151": manifest("networking.istio.io/v1alpha3", "EnvoyFilter", "f", PATCH % ("HTTP_FILTER", "", "INSERT_AFTER")),
    "IST0152": manifest("networking.istio.io/v1alpha3", "EnvoyFilter", "f", PATCH % ("CLUSTER", "", "REPLACE")),
    "IST0153": manifest("networking.istio.io/v1alpha3", "EnvoyFilter", "f", PATCH % ("HTTP_ROUTE", "", "ADD")),
    "IST0154": manifest("networking.istio.io/v1alpha3", "EnvoyFilter", "f", PATCH % ("ROUTE_CONFIGURATION", "", "REMOVE")),
    "IST0155": manifest("networking.istio.io/v1alpha3", "EnvoyFilter", "f",
                        PATCH % ("CLUSTER", ", proxy: {proxyVersion: ^1}", "MERGE")),
    "IST0157": manifest(TELEMETRY, "Telemetry", "t", "  accessLogging: [{providers: []}]\n"),
    "IST0159": both(*(manifest(TELEMETRY, "Telemetry", name, SELECTS + "  tracing: [{disableSpanReporting: true}]\n")
                      for name in ("one", "two"))),
    "IST0160": both(*(manifest(TELEMETRY, "Telemetry", name, "  tracing: [{disableSpanReporting: true}]\n") for name in ("one", "two"))),
    "IST0161": both(manifest("v1", "Secret", "front-tls", "").replace("spec:\n", "stringData: {tls.crt: a}\n"),
                    manifest(NETWORKING, "Gateway", "front", GATEWAY + SERVER % (443, "https", "HTTPS", "www.example.com",
                             ", tls: {mode: SIMPLE, credentialName: front-tls}"))),
    "IST0162": both(service("ingress", "{name: http, port: 80, targetPort: 8080}", "  selector: {istio: ingressgateway}\n"),
                    manifest(NETWORKING, "Gateway", "front", GATEWAY + SERVER % (8081, "http", "HTTP", "www.example.com", ""))),
    "IST0165": routes(f"{{{TO}}}", "[www.example.com]", "  gateways: [marty/front-istio-autogenerated-k8s-gateway-http]\n"),
    "IST0166": manifest(SECURITY, "RequestAuthentication", "jwt",
                        "  selector: {matchLabels: {gateway.networking.k8s.io/gateway-name: front}}\n"),
    "IST0173": manifest(NETWORKING, "DestinationRule", "ledger", "  host: ledger\n  subsets: [{name: v9, labels: {version: v9}}]\n"),
    "IST0174": manifest(NETWORKING, "DestinationRule", "gone", "  host: bookkeeper\n"),
    "IST0177": both(manifest(NETWORKING, "ServiceEntry", "one", ENTRY % ("  addresses: [10.0.0.1]\n", "TCP")),
                    manifest(NETWORKING, "ServiceEntry", "two", ENTRY % ("  addresses: [10.0.0.1]\n", "HTTP"))),
}
# Rules of namespaces and charts that other tests show: tests/golden/mesh.
ELSEWHERE = {"IST0102", "IST0103"}


def table():
    """Code -> rules, of the rows of docs/mesh.md that are done."""
    rows = re.findall(r"^\| (IST\d{4}) \|[^|]*\| done: ([^|]*)\|", (ROOT / "docs" / "mesh.md").read_text(encoding="utf-8"), re.M)
    return {code: re.findall(r"VL\d{3}", text) for code, text in rows}


class Codes(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="valuelint-codes-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def test_each_code_that_is_done_has_an_input(self):
        self.assertEqual(sorted(table()), sorted(CODES.keys() | ELSEWHERE))

    def test_inputs_give_the_rule_of_the_table(self):
        done = table()
        for code, text in CODES.items():
            with self.subTest(code=code):
                test_mesh.write(self.folder / "work", text)
                found = test_mesh.findings(self.folder / "work", "--select", "VL8")
                self.assertTrue(any(line.startswith(tuple(done.get(code, ["?"]))) for line in found), found)


if __name__ == "__main__":
    unittest.main()
