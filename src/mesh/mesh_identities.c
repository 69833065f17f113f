/* Who callers are: principals, service accounts, identities and namespaces, against the accounts that charts print:
 * VL817, VL820. Of other namespaces nobody knows the accounts; a name there that is one letter off one that is written
 * more often is told. */
#include "base/fuzzy.h"
#include "mesh/mesh_index.h"
#include "mesh/mesh_read.h"

/* What is said of the identities in all policies, before any of them is judged. */
struct identities {
    struct mesh_judge *j;
    struct map counts; /* "NAMESPACE/ACCOUNT", "NAMESPACE/" and "@TRUST-DOMAIN" -> uint32_t: how often it is written */
    struct str domain; /* that the mesh's configuration sets; empty: it does not */
    bool judge;        /* false: counting */
};

static void count(struct identities *all, struct str key) {
    uint32_t *times = map_get(&all->counts, key);
    if (!times) {
        times = arena_new(all->j->arena, uint32_t);
        map_put(all->j->arena, &all->counts, arena_str(all->j->arena, key), times);
    }
    ++*times;
}

static bool is_defined(const struct mesh_judge *j, struct str namespace) {
    return mesh_is_ours(j, namespace) || mesh_named(j, "", "Namespace", namespace, j->namespace)->len ||
           mesh_named(j, "", "Namespace", namespace, STR(""))->len;
}

/* A key that is written more often than `key`, begins with `prefix`, and is near to it. */
static struct str find_frequent(const struct identities *all, struct str key, struct str prefix) {
    const uint32_t *own = map_get(&all->counts, key);
    struct VEC(struct str) names = {NULL, 0, 0};
    for (uint32_t i = 0; i < all->counts.len; i++) {
        const struct map_entry *entry = &all->counts.entries[i];
        bool more = *(const uint32_t *)entry->value > (own ? *own : 0);
        bool account = str_find_char(entry->key, '/') + 1 < entry->key.len;
        bool wants = str_find_char(key, '/') + 1 < key.len;
        if (more && account == wants && str_starts(entry->key, prefix) && !str_eq(entry->key, key))
            vec_push(all->j->arena, &names, str_slice(entry->key, prefix.len, entry->key.len));
    }
    struct str rest = str_slice(key, prefix.len, key.len), nearest = fuzzy_nearest(rest, names.items, names.len);
    return nearest.len && fuzzy_distance(rest, nearest, 2) <= 2 ? nearest : STR("");
}

static void judge_namespace(struct identities *all, const struct mesh_object *o, const struct value *at,
                            struct str namespace) {
    struct mesh_judge *j = all->j;
    struct str key = arena_printf(j->arena, "%.*s/", STR_ARG(namespace)), near = STR("");
    if (is_defined(j, namespace) || str_find_char(namespace, '*') < namespace.len) return;
    for (uint32_t i = 0; i < j->mesh->namespaces.len && near.len == 0; i++) {
        struct str ours = j->mesh->namespaces.entries[i].key;
        if (ours.len > 2 && fuzzy_distance(namespace, ours, 1) == 1) near = ours;
    }
    if (near.len == 0) near = find_frequent(all, key, STR(""));
    if (near.len && near.ptr[near.len - 1] == '/') near.len--;
    if (near.len == 0) return;
    struct mesh_finding *finding =
        mesh_report(j, CHECK_MESH_NAMESPACE, o, at,
                    arena_printf(j->arena, "%.*s `%.*s` names the namespace `%.*s`, of which nothing else is said",
                                 STR_ARG(o->kind), STR_ARG(o->name), STR_ARG(namespace)));
    if (finding) finding->finding.help = arena_printf(j->arena, "did you mean `%.*s`?", STR_ARG(near));
}

/* Whether some pod runs with the account, or it is printed. */
static enum mesh_match has_account(const struct mesh_judge *j, struct str name, struct str namespace) {
    if (mesh_named(j, "", "ServiceAccount", name, namespace)->len) return MESH_YES;
    for (uint32_t i = 0; i < j->index->pods.len; i++) {
        const struct mesh_pod *pod = &j->index->pods.items[i];
        if (!str_eq(pod->of->namespace, namespace)) continue;
        if (mesh_is_unknown(value_get(pod->spec, STR("serviceAccountName")))) return MESH_MAYBE;
        if (str_eq(mesh_pod_account(pod), name)) return MESH_YES;
    }
    return mesh_may_be_unprinted(j, name) ? MESH_MAYBE : MESH_NO;
}

static struct str suggest_account(const struct identities *all, struct str name, struct str namespace) {
    struct mesh_judge *j = all->j;
    struct VEC(struct str) names = {NULL, 0, 0};
    for (uint32_t i = 0; i < j->index->pods.len; i++)
        if (str_eq(j->index->pods.items[i].of->namespace, namespace))
            vec_push(j->arena, &names, mesh_pod_account(&j->index->pods.items[i]));
    struct str nearest = fuzzy_nearest(name, names.items, names.len);
    return nearest.len ? arena_printf(j->arena, "did you mean `%.*s`?", STR_ARG(nearest)) : STR("");
}

/* An account that a policy names. */
static void see_account(struct identities *all, const struct mesh_object *o, const struct value *at, struct str name,
                        struct str namespace) {
    struct mesh_judge *j = all->j;
    struct str key = arena_printf(j->arena, "%.*s/%.*s", STR_ARG(namespace), STR_ARG(name)), near = STR("");
    if (!all->judge) {
        count(all, key);
        count(all, arena_printf(j->arena, "%.*s/", STR_ARG(namespace)));
        return;
    }
    if (str_find_char(name, '*') < name.len) return;
    judge_namespace(all, o, at, namespace);
    if (mesh_knows_namespace(j, namespace)) {
        if (has_account(j, name, namespace) != MESH_NO) return;
    } else {
        struct str prefix = arena_printf(j->arena, "%.*s/", STR_ARG(namespace));
        near = find_frequent(all, key, prefix);
        if (near.len == 0 || mesh_is_ours(j, namespace)) return;
    }
    struct mesh_finding *finding = mesh_report(
        j, CHECK_MESH_IDENTITY, o, at,
        arena_printf(j->arena, "%.*s `%.*s` names the ServiceAccount `%.*s` of `%.*s`, with which nothing runs",
                     STR_ARG(o->kind), STR_ARG(o->name), STR_ARG(name), STR_ARG(namespace)));
    if (!finding) return;
    finding->finding.help = near.len ? arena_printf(j->arena, "did you mean `%.*s`?", STR_ARG(near))
                                     : suggest_account(all, name, namespace);
}

static void report_form(struct identities *all, const struct mesh_object *o, const struct value *at, const char *what,
                        const char *help) {
    struct mesh_finding *finding = NULL;
    if (all->judge)
        finding = mesh_report(all->j, CHECK_MESH_IDENTITY, o, at,
                              arena_printf(all->j->arena, "%.*s `%.*s` %s", STR_ARG(o->kind), STR_ARG(o->name), what));
    if (finding) finding->finding.help = str_from(help);
}

static void see_domain(struct identities *all, const struct mesh_object *o, const struct value *at, struct str domain) {
    struct str key = arena_printf(all->j->arena, "@%.*s", STR_ARG(domain)), wanted = all->domain;
    if (!all->judge) {
        count(all, key);
        return;
    }
    if (wanted.len == 0) {
        const uint32_t *standard = map_get(&all->counts, STR("@cluster.local"));
        if (standard) wanted = STR("cluster.local");
    }
    if (wanted.len == 0 || str_eq(domain, wanted) || str_eq(domain, STR("cluster.local")) || str_eq(domain, STR("*")))
        return;
    report_form(all, o, at, "names a principal of another trust domain than the mesh's",
                arena_printf(all->j->arena, "the mesh's is `%.*s`", STR_ARG(wanted)).ptr);
}

/* `DOMAIN/ns/NAMESPACE/sa/NAME` */
static void see_principal(struct identities *all, const struct mesh_object *o, const struct value *at) {
    struct str rest = at->string, part[5];
    uint32_t parts = 0;
    if (at->kind != VALUE_STRING || str_find_char(at->string, '*') < at->string.len) return;
    if (str_starts(at->string, STR("spiffe://"))) {
        report_form(all, o, at, "names a principal with `spiffe://`", "principals begin with the trust domain");
        return;
    }
    while (parts < 5 && str_split_next(&rest, '/', &part[parts])) parts++;
    if (parts != 5 || rest.len || !str_eq(part[1], STR("ns")) || !str_eq(part[3], STR("sa"))) {
        report_form(all, o, at, "names a principal that is none", "write DOMAIN/ns/NAMESPACE/sa/SERVICEACCOUNT");
        return;
    }
    see_domain(all, o, at, part[0]);
    see_account(all, o, at, part[4], part[2]);
}

static void see_istio(struct identities *all, const struct mesh_object *o) {
    struct value_list rules = mesh_list(o->root, "spec.rules");
    static const char *const PRINCIPALS[] = {"source.principals", "source.notPrincipals"};
    static const char *const NAMESPACES[] = {"source.namespaces", "source.notNamespaces"};
    for (uint32_t i = 0; i < rules.len; i++) {
        struct value_list from = mesh_list(&rules.items[i], "from");
        for (uint32_t f = 0; f < from.len; f++)
            for (int n = 0; n < 2; n++) {
                struct value_list who = mesh_list(&from.items[f], PRINCIPALS[n]);
                struct value_list where = mesh_list(&from.items[f], NAMESPACES[n]);
                for (uint32_t k = 0; k < who.len; k++) see_principal(all, o, &who.items[k]);
                for (uint32_t k = 0; k < where.len; k++) {
                    struct str name = where.items[k].kind == VALUE_STRING ? where.items[k].string : STR("");
                    if (!all->judge) count(all, arena_printf(all->j->arena, "%.*s/", STR_ARG(name)));
                    else if (name.len) judge_namespace(all, o, &where.items[k], name);
                }
            }
    }
}

/* `NAME.NAMESPACE.serviceaccount.identity.linkerd.DOMAIN` */
static void see_identities(struct identities *all, const struct mesh_object *o, struct value_list list) {
    for (uint32_t i = 0; i < list.len; i++) {
        struct str rest = list.items[i].kind == VALUE_STRING ? list.items[i].string : STR(""), name, namespace;
        if (rest.len == 0 || str_find_char(rest, '*') < rest.len) continue;
        bool known = str_split_next(&rest, '.', &name) && str_split_next(&rest, '.', &namespace) &&
                     str_starts(rest, STR("serviceaccount.identity."));
        if (known) see_account(all, o, &list.items[i], name, namespace);
        else
            report_form(all, o, &list.items[i], "names an identity that no pod has",
                        "write NAME.NAMESPACE.serviceaccount.identity.linkerd.cluster.local");
    }
}

static void see_references(struct identities *all, const struct mesh_object *o, struct value_list list, bool plain) {
    for (uint32_t i = 0; i < list.len; i++) {
        const struct value *name = mesh_get(&list.items[i], "name");
        struct str namespace = mesh_text(&list.items[i], "namespace");
        bool account = plain || str_eq(mesh_text(&list.items[i], "kind"), STR("ServiceAccount"));
        if (account && name && name->kind == VALUE_STRING && !mesh_is_unknown(name))
            see_account(all, o, name, name->string, namespace.len ? namespace : o->namespace);
        if (all->judge && name && str_eq(mesh_text(&list.items[i], "kind"), STR("Namespace")))
            judge_namespace(all, o, name, name->string);
    }
}

static void see_linkerd(struct identities *all, const struct mesh_object *o) {
    see_references(all, o, mesh_list(o->root, "spec.client.meshTLS.serviceAccounts"), true);
    see_identities(all, o, mesh_list(o->root, "spec.client.meshTLS.identities"));
    see_references(all, o, mesh_list(o->root, "spec.requiredAuthenticationRefs"), false);
    see_references(all, o, mesh_list(o->root, "spec.identityRefs"), false);
    see_identities(all, o, mesh_list(o->root, "spec.identities"));
}

static void see_all(struct identities *all) {
    static const char *const LINKERD[] = {"ServerAuthorization", "AuthorizationPolicy", "MeshTLSAuthentication"};
    const struct mesh_objects *istio = mesh_of_kind(all->j, "security.istio.io", "AuthorizationPolicy");
    for (uint32_t i = 0; i < istio->len; i++)
        if (!istio->items[i]->spoilt) see_istio(all, istio->items[i]);
    for (size_t k = 0; k < sizeof LINKERD / sizeof *LINKERD; k++) {
        const struct mesh_objects *list = mesh_of_kind(all->j, "policy.linkerd.io", LINKERD[k]);
        for (uint32_t i = 0; i < list->len; i++)
            if (!list->items[i]->spoilt) see_linkerd(all, list->items[i]);
    }
}

/* Hosts of services, at any depth below `value`, name a namespace. */
static void see_hosts(struct identities *all, const struct mesh_object *o, const struct value *value) {
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->list.len; i++)
        see_hosts(all, o, &value->list.items[i]);
    for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->map.len; i++) {
        const struct member *member = &value->map.members[i];
        bool hosts = str_eq(member->key, STR("hosts")) && member->value.kind == VALUE_LIST;
        struct mesh_name name;
        for (uint32_t k = 0; hosts && k < member->value.list.len; k++)
            if (mesh_services_of(all->j, &member->value.list.items[k], STR(""), &name) && name.namespace.len)
                judge_namespace(all, o, &member->value.list.items[k], name.namespace);
        if (str_eq(member->key, STR("host")) && mesh_services_of(all->j, &member->value, STR(""), &name) &&
            name.namespace.len)
            judge_namespace(all, o, &member->value, name.namespace);
        see_hosts(all, o, &member->value);
    }
}

/* A namespace in which an object is, though nothing else is said of it: misspelled. */
static void judge_own_namespaces(struct identities *all) {
    const struct mesh_objects *objects = &all->j->index->objects;
    for (uint32_t i = 0; i < objects->len; i++) {
        const struct value *named = mesh_get(objects->items[i]->root, "metadata.namespace");
        if (named && named->kind == VALUE_STRING && !objects->items[i]->spoilt && objects->items[i]->in)
            judge_namespace(all, objects->items[i], named, named->string);
        if (str_eq(objects->items[i]->group, STR("networking.istio.io")) && !objects->items[i]->spoilt)
            see_hosts(all, objects->items[i], objects->items[i]->root);
    }
}

void mesh_judge_identities(struct mesh_judge *j) {
    struct identities all = {.j = j, .domain = STR("")};
    const struct mesh_objects *operators = mesh_of_kind(j, "install.istio.io", "IstioOperator");
    for (uint32_t i = 0; i < operators->len; i++)
        if (all.domain.len == 0) all.domain = mesh_text(operators->items[i]->root, "spec.meshConfig.trustDomain");
    see_all(&all);
    all.judge = true;
    see_all(&all);
    judge_own_namespaces(&all);
}
