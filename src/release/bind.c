#include "release/bind.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "base/system.h"
#include "chart/discover.h"
#include "chart/templates.h"

static bool same_keys(const struct str *a, uint32_t a_count, const struct str *b, uint32_t b_count) {
    bool same = a_count == b_count;
    for (uint32_t i = 0; same && i < a_count; i++) same = str_eq(a[i], b[i]);
    return same;
}

static bool is_same(const struct release_binding *a, const struct release_binding *b) {
    return str_eq(a->path, b->path) && a->place.document == b->place.document && a->is_unknown == b->is_unknown &&
           str_eq(a->sets, b->sets) &&
           same_keys(a->place.keys, a->place.key_count, b->place.keys, b->place.key_count) &&
           same_keys(a->keys, a->key_count, b->keys, b->key_count);
}

/* What is the same for all charts that read these values. */
static struct str identity(struct arena *a, const struct release_binding *binding) {
    struct buf out = buf_in(a);
    buf_addf(&out, "%.*s\n%u", STR_ARG(binding->path), binding->place.document);
    for (uint32_t i = 0; i < binding->place.key_count; i++) buf_addf(&out, "\n%.*s", STR_ARG(binding->place.keys[i]));
    buf_add_char(&out, '\n');
    for (uint32_t i = 0; i < binding->key_count; i++) buf_addf(&out, "\n%.*s", STR_ARG(binding->keys[i]));
    return buf_str(&out);
}

static void note_holder(struct arena *a, struct release_bound *bound, struct str folder,
                        const struct release_binding *binding) {
    struct str key = identity(a, binding);
    struct release_holder *holder = map_get(&bound->holders, key);
    if (holder) {
        holder->several = holder->several || !str_eq(holder->folder, folder);
        return;
    }
    holder = arena_new(a, struct release_holder);
    holder->folder = folder;
    map_put(a, &bound->holders, key, holder);
}

void release_bind(struct arena *a, struct release_bound *bound, struct str folder,
                  const struct release_binding *binding) {
    struct release_bindings *list = folder.len ? map_get(&bound->charts, folder) : &bound->everybody;
    if (!list) map_put(a, &bound->charts, folder, list = arena_new(a, struct release_bindings));
    for (uint32_t i = 0; i < list->len; i++) {
        if (!is_same(&list->items[i], binding)) continue;
        if (list->items[i].blocker.len == 0) list->items[i].blocker = binding->blocker;
        return;
    }
    vec_push(a, list, *binding);
    if (!binding->is_unknown && binding->sets.len == 0 && folder.len) note_holder(a, bound, folder, binding);
}

bool release_is_shared(struct arena *a, const struct release_bound *bound, const struct release_binding *binding) {
    const struct release_holder *holder = bound ? map_get(&bound->holders, identity(a, binding)) : NULL;
    return holder && holder->several;
}

/* ---- YAML in the chart's own folder ---- */

/* Folders inside each other. */
#define DEPTH_MAX 16

struct own {
    struct arena *arena;
    const struct release_chart *chart;
    struct release_bindings *list;
    struct map known; /* its values.yaml and its overlays */
};

static bool is_yaml(struct str name) {
    return str_ends(name, STR(".yaml")) || str_ends(name, STR(".yml"));
}

/* Whether a template of the chart names the file, or its folder, and reads files: then it is data. */
static bool is_data(struct own *o, struct str below) {
    struct chart_templates templates = {NULL, 0, 0};
    struct str first = below, folder;
    struct error error;
    str_split_next(&first, '/', &folder);
    if (!chart_list_templates(o->arena, o->chart->folder, &templates, &error)) return false;
    for (uint32_t i = 0; i < templates.len; i++) {
        struct str text;
        if (templates.items[i].kind != CHART_TEMPLATE_OWN) continue;
        if (!file_read(o->arena, templates.items[i].path.ptr, INPUT_MAX, &text, &error)) continue;
        if (str_find(text, STR(".Files")) == text.len) continue;
        if (str_find(text, path_name(below)) < text.len) return true;
        if (folder.len < below.len && str_find(text, arena_printf(o->arena, "%.*s/", STR_ARG(folder))) < text.len)
            return true;
        if (str_find(text, STR("*.yaml")) < text.len || str_find(text, STR("**")) < text.len) return true;
    }
    return false;
}

static bool is_passed_over(struct str below) {
    static const struct str NAMES[] = {STR_INIT("Chart.yaml"), STR_INIT("requirements.yaml"),
                                       STR_INIT("templates"),  STR_INIT("charts"),
                                       STR_INIT("crds"),       STR_INIT("node_modules")};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (str_eq(below, NAMES[i])) return true;
    bool suite = str_ends(below, STR("_test.yaml")) || str_ends(below, STR("_test.yml"));
    return suite || str_starts(path_name(below), STR("values-template"));
}

static void look_below(struct own *o, struct str below, int depth) {
    struct system_entries entries = {NULL, 0, 0};
    struct str folder = path_join(o->arena, o->chart->folder, below);
    if (depth > DEPTH_MAX || system_list(o->arena, folder.ptr, &entries)) return;
    for (uint32_t i = 0; i < entries.len && depth; i++)
        if (str_eq(entries.items[i].name, STR("Chart.yaml"))) return; /* a chart of its own */
    for (uint32_t i = 0; i < entries.len; i++) {
        const struct system_entry *entry = &entries.items[i];
        struct str name = path_join(o->arena, below, entry->name), path = path_join(o->arena, folder, entry->name);
        if (entry->name.ptr[0] == '.' || entry->is_link || is_passed_over(name)) continue;
        if (entry->kind == FILE_FOLDER) look_below(o, name, depth + 1);
        if (entry->kind != FILE_REGULAR || !is_yaml(name) || map_get(&o->known, path) || is_data(o, name)) continue;
        vec_push(o->arena, o->list, (struct release_binding){.path = path});
    }
}

void release_bind_own(struct arena *a, const struct release_chart *chart, struct release_bindings *list) {
    struct own o = {.arena = a, .chart = chart, .list = list};
    struct chart_paths paths;
    discover_chart(a, chart->folder, &paths);
    map_put(a, &o.known, path_join(a, chart->folder, STR("values.yaml")), list);
    map_put(a, &o.known, path_join(a, chart->folder, STR("values.yml")), list);
    for (uint32_t i = 0; i < paths.overlays.len; i++) map_put(a, &o.known, paths.overlays.items[i], list);
    look_below(&o, STR(""), 0);
}
