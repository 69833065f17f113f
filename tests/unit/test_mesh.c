/* What is read of the manifests of a service mesh. */
#include <criterion/criterion.h>

#include "mesh/mesh_overlays.h"
#include "text/source.h"

static struct arena arena;

/* The records of `text`, a file of manifests. */
static void add(struct mesh_overlays *overlays, const char *text) {
    mesh_overlays_add(overlays, STR("k8s/all.yaml"), str_from(text));
}

static struct mesh_overlays read(const char *text) {
    struct mesh_overlays overlays = {.arena = &arena};
    add(&overlays, text);
    return overlays;
}

#define ISTIO(kind) "apiVersion: networking.istio.io/v1\nkind: " kind "\nmetadata: {name: it, namespace: marty}\n"
#define SECURITY(kind) "apiVersion: security.istio.io/v1\nkind: " kind "\nmetadata: {name: it, namespace: marty}\n"
#define LINKERD(kind) "apiVersion: policy.linkerd.io/v1beta3\nkind: " kind "\nmetadata: {name: it, namespace: marty}\n"

static void expect_name(const struct mesh_name *name, const char *expected, const char *namespace) {
    cr_expect(str_eq(name->name, str_from(expected)), "%.*s, not %s", STR_ARG(name->name), expected);
    cr_expect(str_eq(name->namespace, str_from(namespace)), "%.*s, not %s", STR_ARG(name->namespace), namespace);
}

/* The host `host` is read as the service `name` of `namespace`; NULL: as none. */
static void expect_host(const char *host, const char *name, const char *namespace) {
    struct str text = arena_printf(&arena, ISTIO("DestinationRule") "spec: {host: \"%s\"}\n", host);
    struct mesh_overlays o = read(text.ptr);
    cr_assert_eq(o.references.len, name ? 1 : 0, "%s", host);
    if (name) expect_name(&o.references.items[0].service, name, namespace);
}

Test(mesh, hosts_that_are_services) {
    expect_host("ledger", "ledger", "marty");
    expect_host("ledger.other", "ledger", "other");
    expect_host("ledger.other.svc", "ledger", "other");
    expect_host("ledger.other.svc.cluster.local", "ledger", "other");
    expect_host("ledger.other.svc.k8s.example.com", "ledger", "other");
    expect_host("ledger.example.com", NULL, NULL);
    expect_host("*.marty.svc.cluster.local", NULL, NULL);
    expect_host("*", NULL, NULL);
    expect_host("", NULL, NULL);
    expect_host(".marty", NULL, NULL);
}

Test(mesh, routes_of_istio) {
    const char *text = ISTIO("VirtualService") "spec:\n"
                                               "  hosts: [a]\n"
                                               "  http:\n"
                                               "    - route: [{destination: {host: b, port: {number: 1}}}]\n"
                                               "      mirror: {host: c}\n"
                                               "      mirrors: [{destination: {host: d, port: {number: 2}}}]\n"
                                               "  tcp: [{route: [{destination: {host: e, port: {number: 65536}}}]}]\n"
                                               "  tls: [{route: [{destination: {host: f, port: {number: \"3\"}}}]}]\n";
    static const char *const names[] = {"a", "b", "d", "c", "e", "f"};
    static const uint32_t ports[] = {0, 1, 2, 0, 0, 0};
    struct mesh_overlays o = read(text);
    cr_assert_eq(o.references.len, 6);
    for (uint32_t i = 0; i < 6; i++) {
        expect_name(&o.references.items[i].service, names[i], "marty");
        cr_expect_eq(o.references.items[i].port, ports[i]);
    }
    struct span at = o.references.items[2].port_span;
    cr_expect(str_eq(span_text(str_from(text), at), STR("2")));
    cr_expect_eq(str_find(str_from(text), STR("number: 2")) + 8, at.start);
}

Test(mesh, hosts_for_gateways_alone_are_no_services) {
    cr_expect_eq(read(ISTIO("VirtualService") "spec: {hosts: [a], gateways: [edge]}\n").references.len, 0);
    cr_expect_eq(read(ISTIO("VirtualService") "spec: {hosts: [a], gateways: [edge, mesh]}\n").references.len, 1);
}

Test(mesh, routes_of_the_gateway_api) {
    struct mesh_overlays o =
        read("apiVersion: gateway.networking.k8s.io/v1\n"
             "kind: HTTPRoute\n"
             "metadata: {name: it}\n"
             "spec:\n"
             "  parentRefs: [{name: edge}, {name: a, kind: Service, port: 1}, {name: s, kind: Server}]\n"
             "  rules:\n"
             "    - backendRefs: [{name: b, port: 2}, {name: c, kind: Other, port: 3}, {port: 4}]\n"
             "      filters: [{requestMirror: {backendRef: {name: d, namespace: other, port: 5}}}]\n");
    cr_assert_eq(o.references.len, 3);
    expect_name(&o.references.items[0].service, "a", "");
    expect_name(&o.references.items[1].service, "b", "");
    expect_name(&o.references.items[2].service, "d", "other");
    cr_expect_eq(o.references.items[2].port, 5);
    cr_assert_eq(o.routes.len, 1);
    cr_assert_eq(o.routes.items[0].servers.len, 1);
    expect_name(&o.routes.items[0].servers.items[0], "s", "");
}

Test(mesh, authorization_of_istio) {
    struct mesh_overlays o = {.arena = &arena};
    add(&o, SECURITY("AuthorizationPolicy") "spec: {}\n");
    add(&o, SECURITY("AuthorizationPolicy") "spec: {action: DENY, rules: [{}]}\n");
    add(&o, SECURITY("AuthorizationPolicy") "spec: {rules: [{}]}\n");
    add(&o, SECURITY("AuthorizationPolicy") "spec: {rules: [{to: [{operation: {hosts: [a, 'b:80', 'c.*']}}]}]}\n");
    add(&o, SECURITY("AuthorizationPolicy") "spec: {rules: [{to: [{operation: {hosts: [a]}}]}, {}]}\n");
    add(&o, SECURITY("AuthorizationPolicy") "spec:\n  selector: {matchLabels: {app: d, tier: x}}\n  rules: [{from: "
                                            "[{source: {principals: [cluster.local/ns/other/sa/e, '*']}}]}]\n");
    cr_assert_eq(o.policies.len, 5);
    cr_expect(o.policies.items[0].denies);
    cr_expect(o.policies.items[1].everything && !o.policies.items[1].denies);
    cr_expect(!o.policies.items[2].everything);
    cr_assert_eq(o.policies.items[2].services.len, 3);
    expect_name(&o.policies.items[2].services.items[1], "b", "marty");
    expect_name(&o.policies.items[2].services.items[2], "c", "marty");
    cr_expect(o.policies.items[3].everything);
    const struct mesh_policy *last = &o.policies.items[4];
    cr_expect(!last->everything);
    cr_assert_eq(last->selectors.len, 1);
    cr_expect(last->selectors.items[0].other);
    cr_assert_eq(last->accounts.len, 1);
    expect_name(&last->accounts.items[0], "e", "other");
    cr_assert_eq(o.references.len, 1);
    expect_name(&o.references.items[0].service, "d", "marty");
}

Test(mesh, authorization_of_linkerd) {
    struct mesh_overlays o = {.arena = &arena};
    add(&o, LINKERD("Server") "spec: {podSelector: {matchLabels: {app: a, app.kubernetes.io/instance: b}}}\n");
    add(&o, LINKERD("Server") "spec: {externalWorkloadSelector: {}}\n");
    add(&o,
        LINKERD(
            "ServerAuthorization") "spec: {server: {name: s}, client: {meshTLS: {serviceAccounts: [{name: c}]}}}\n");
    add(&o, LINKERD("AuthorizationPolicy") "spec: {targetRef: {kind: HTTPRoute, name: r}}\n");
    add(&o, LINKERD("AuthorizationPolicy") "spec: {targetRef: {kind: Namespace, name: marty}}\n");
    add(&o, LINKERD("MeshTLSAuthentication") "spec: {identities: "
                                             "[d.other.serviceaccount.identity.linkerd.cluster.local, '*']}\n");
    cr_assert_eq(o.servers.len, 1);
    cr_assert_eq(o.servers.items[0].selector.labels.len, 2);
    cr_expect_eq(o.servers.items[0].selector.labels.items[1].kind, MESH_LABEL_INSTANCE);
    cr_assert_eq(o.policies.len, 4);
    expect_name(&o.policies.items[0].servers.items[0], "s", "marty");
    expect_name(&o.policies.items[0].accounts.items[0], "c", "marty");
    expect_name(&o.policies.items[1].routes.items[0], "r", "marty");
    cr_expect(o.policies.items[2].everything);
    cr_assert_eq(o.policies.items[3].accounts.len, 1);
    expect_name(&o.policies.items[3].accounts.items[0], "d", "other");
}

Test(mesh, modes_and_namespaces) {
    struct mesh_overlays o = {.arena = &arena};
    add(&o, SECURITY("PeerAuthentication") "spec: {mtls: {mode: STRICT}}\n");
    add(&o, SECURITY("PeerAuthentication") "spec: {selector: {matchLabels: {tier: x}}}\n");
    add(&o, "{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {istio-injection: enabled}}}\n");
    add(&o, "{apiVersion: v1, kind: Namespace, metadata: {name: b, labels: {istio.io/rev: stable}}}\n");
    add(&o, "{apiVersion: v1, kind: Namespace, metadata: {name: c, annotations: {linkerd.io/inject: ingress}}}\n");
    add(&o, "{apiVersion: v1, kind: Namespace, metadata: {name: d, labels: {istio-injection: disabled}}}\n");
    cr_assert_eq(o.peers.len, 2);
    cr_expect(str_eq(o.peers.items[0].mode, STR("STRICT")) && !o.peers.items[0].selects);
    cr_expect(o.peers.items[1].mode.len == 0 && o.peers.items[1].selects);
    static const bool injected[][2] = {{true, false}, {true, false}, {false, true}, {false, false}};
    cr_assert_eq(o.namespaces.len, 4);
    for (uint32_t i = 0; i < 4; i++)
        for (int type = 0; type < 2; type++) cr_expect_eq(o.namespaces.items[i].injected[type], injected[i][type]);
}

Test(mesh, all_documents_of_a_file_with_exact_places) {
    const char *text = "\xEF\xBB\xBF# \xC3\xA9\r\n"
                       "a: |\r\n"
                       "  ---\r\n"
                       "  kind: text\r\n"
                       "--- # one more\r\n"
                       "\r\n"
                       "...\r\n"
                       "---\r\n"
                       "apiVersion: networking.istio.io/v1\r\n"
                       "kind: DestinationRule\r\n"
                       "metadata: {name: it}\r\n"
                       "spec: {host: ledger}\r\n";
    struct mesh_overlays o = read(text);
    cr_assert_eq(o.references.len, 1);
    cr_expect(str_eq(span_text(str_from(text), o.references.items[0].service.span), STR("ledger")));
    cr_expect_eq(o.references.items[0].service.span.start, str_find(str_from(text), STR("ledger")));
}

Test(mesh, items_of_a_list) {
    struct mesh_overlays o = read("apiVersion: v1\n"
                                  "kind: List\n"
                                  "items:\n"
                                  "  - {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n"
                                  "  - {apiVersion: v1, kind: Service, metadata: {name: b}}\n");
    cr_expect_eq(o.namespaces.len, 1);
}

Test(mesh, files_that_are_no_manifests) {
    struct mesh_overlays o = {.arena = &arena};
    mesh_overlays_add(&o, STR("a"), STR("a: [\n"));
    mesh_overlays_add(&o, STR("b"), STR("- a\n"));
    mesh_overlays_add(&o, STR("c"), STR("a: \"{{ b }}\"\n"));
    mesh_overlays_add(&o, STR("d"), STR("# {{ b }}\na: 1 # valuelint: ignore\n"));
    mesh_overlays_add(&o, STR("e"), STR(""));
    cr_assert_eq(o.files.len, 5);
    cr_expect_eq(o.files.items[0].state, MESH_FILE_BROKEN);
    cr_expect_eq(o.files.items[0].issue.kind, YAML_UNREADABLE);
    cr_expect_eq(o.files.items[1].state, MESH_FILE_BROKEN);
    cr_expect_eq(o.files.items[1].issue.kind, YAML_REFUSED);
    cr_expect_eq(o.files.items[2].state, MESH_FILE_TEMPLATE);
    cr_expect_eq(o.files.items[3].state, MESH_FILE_READ);
    cr_expect(o.files.items[3].has_comments);
    cr_expect_eq(o.files.items[4].state, MESH_FILE_READ);
}

/* Wrong types at every place are passed over. */
Test(mesh, manifests_of_wrong_types) {
    static const char *const kinds[] = {
        ISTIO("VirtualService"),
        ISTIO("DestinationRule"),
        ISTIO("ServiceEntry"),
        LINKERD("HTTPRoute"),
        SECURITY("AuthorizationPolicy"),
        SECURITY("PeerAuthentication"),
        LINKERD("Server"),
        LINKERD("ServerAuthorization"),
        LINKERD("AuthorizationPolicy"),
        LINKERD("MeshTLSAuthentication"),
    };
    static const char *const specs[] = {
        "spec: 1\n",
        "spec: []\n",
        "spec: {hosts: a, host: [], http: {}, tcp: [1], tls: [{route: 1}], subsets: [1], rules: 1, selector: 1}\n",
        "spec: {hosts: [1, {}], host: 1, http: [{route: [{destination: 1}]}], ports: [1, {number: a}], rules: [1]}\n",
        "spec: {rules: [{to: 1, from: 1, backendRefs: 1, filters: [1]}], selector: {matchLabels: 1}, mtls: {mode: "
        "1}}\n",
        "spec: {rules: [{to: [1], from: [{source: {principals: [1]}}], backendRefs: [1]}], podSelector: 1, server: "
        "1}\n",
        "spec: {rules: [{to: [{operation: {hosts: [1]}}]}], podSelector: {matchExpressions: [1]}, targetRef: 1}\n",
        "spec: {server: {name: 1}, targetRef: {name: 1}, identities: [1], identityRefs: [1], targetRefs: [1]}\n",
        "spec: {parentRefs: [1, {name: 1, kind: 2}], selector: {matchLabels: {app: 1}}, client: {meshTLS: []}}\n",
    };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t s = 0; s < sizeof specs / sizeof *specs; s++) {
            struct mesh_overlays o = read(arena_printf(&arena, "%s%s", kinds[k], specs[s]).ptr);
            cr_expect_eq(o.files.items[0].state, MESH_FILE_READ);
            cr_expect_eq(o.references.len, 0, "%s%s", kinds[k], specs[s]);
        }
}
