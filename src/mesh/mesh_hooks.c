/* What hooks that run before an installation use of their own chart: VL822. */
#include "mesh/mesh_index.h"
#include "mesh/mesh_read.h"

/* Whether an object is a hook that is there before the installation. */
static bool runs_before(const struct mesh_object *o) {
    const struct value *hook = value_get(mesh_get(o->root, "metadata.annotations"), STR("helm.sh/hook"));
    if (!o->is_hook || !hook || hook->kind != VALUE_STRING) return false;
    return str_find(hook->string, STR("pre-install")) < hook->string.len;
}

/* A name that a pod of a hook gives: the chart prints it, and only after the hook. */
static void need(struct mesh_judge *j, const struct mesh_object *hook, const char *kind, const struct value *name) {
    if (!name || name->kind != VALUE_STRING || mesh_is_unknown(name)) return;
    const struct mesh_objects *all = mesh_named(j, "", kind, name->string, hook->namespace);
    const struct mesh_object *later = NULL;
    for (uint32_t i = 0; i < all->len; i++) {
        if (all->items[i]->chart != hook->chart || runs_before(all->items[i])) return;
        later = all->items[i];
    }
    if (!later) return;
    struct mesh_finding *finding = mesh_report(
        j, CHECK_MESH_HOOK, hook, name,
        arena_printf(j->arena, "%.*s `%.*s` runs before the installation, and uses the %s `%.*s`, which comes with it",
                     STR_ARG(hook->kind), STR_ARG(hook->name), kind, STR_ARG(name->string)));
    mesh_relate_object(j, finding, later, NULL, STR("this is installed after it"));
    if (finding) finding->finding.help = arena_printf(j->arena, "make the %s a hook with a lower weight", kind);
}

static void need_sources(struct mesh_judge *j, const struct mesh_object *hook, struct value_list list, const char *map,
                         const char *secret) {
    for (uint32_t i = 0; i < list.len; i++) {
        need(j, hook, "ConfigMap", mesh_get(&list.items[i], map));
        need(j, hook, "Secret", mesh_get(&list.items[i], secret));
    }
}

static void check_pod(struct mesh_judge *j, const struct mesh_pod *pod) {
    struct value_list volumes = mesh_list(pod->spec, "volumes"), containers = mesh_list(pod->spec, "containers");
    need(j, pod->of, "ServiceAccount", mesh_get(pod->spec, "serviceAccountName"));
    need_sources(j, pod->of, volumes, "configMap.name", "secret.secretName");
    for (uint32_t i = 0; i < volumes.len; i++)
        need_sources(j, pod->of, mesh_list(&volumes.items[i], "projected.sources"), "configMap.name", "secret.name");
    for (uint32_t i = 0; i < containers.len; i++) {
        need_sources(j, pod->of, mesh_list(&containers.items[i], "envFrom"), "configMapRef.name", "secretRef.name");
        need_sources(j, pod->of, mesh_list(&containers.items[i], "env"), "valueFrom.configMapKeyRef.name",
                     "valueFrom.secretKeyRef.name");
    }
}

void mesh_judge_hooks(struct mesh_judge *j) {
    for (uint32_t i = 0; i < j->index->pods.len; i++)
        if (j->index->pods.items[i].of->chart && runs_before(j->index->pods.items[i].of))
            check_pod(j, &j->index->pods.items[i]);
}
