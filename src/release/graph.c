/* How charts hang together. Helm's rules, as measured:
 *
 * - Each folder in charts/ with a Chart.yaml is a subchart, listed or not, but for those that begin with `_` or `.`;
 *   the chart's name counts, not the folder's.
 * - A listed dependency with an alias stands under the alias alone, where its version matches; each entry of one name
 *   makes one subchart. Where the version does not match, the alias is ignored and the own name applies.
 * - `file://` is relative to the parent's folder, and is what `helm dependency build` packs.
 *
 * Where it cannot be told which of two things Helm does, there is a link for either, marked as uncertain: who holds a
 * change back for one link too many loses a fix, for one too few a release. */
#include <stdlib.h>

#include "base/file.h"
#include "base/path.h"
#include "chart/boundary.h"
#include "chart/parts.h"
#include "release/find.h"
#include "release/release.h"

static int folder_cmp(const void *left, const void *right) {
    return str_cmp((*(struct release_chart *const *)left)->folder, (*(struct release_chart *const *)right)->folder);
}

static void add_link(struct arena *a, const struct release_link *link) {
    for (uint32_t i = 0; i < link->above->below.len; i++) {
        struct release_link *known = link->above->below.items[i];
        if (known->below != link->below || !str_eq(known->key, link->key)) continue;
        known->uncertain = known->uncertain && link->uncertain;
        return;
    }
    struct release_link *kept = arena_new(a, struct release_link);
    *kept = *link;
    vec_push(a, &link->above->below, kept);
    vec_push(a, &link->below->above, kept);
}

static struct str version_of(const struct chart_dependency *dependency) {
    const struct value *version = value_get(dependency->item, STR("version"));
    return version && version->kind == VALUE_STRING ? version->string : STR("");
}

/* Whether the dependency asks for just this version. Ranges are not looked into. */
static bool wants_version(const struct chart_dependency *dependency, struct str version) {
    struct str wanted = version_of(dependency);
    if (str_starts(wanted, STR("v"))) wanted = str_slice(wanted, 1, wanted.len);
    if (str_starts(version, STR("v"))) version = str_slice(version, 1, version.len);
    return wanted.len > 0 && str_eq(wanted, version);
}

/* Whether a packed chart in the parent's charts/ may be one of this name: NAME-VERSION.tgz. */
static bool is_packed_too(const struct release_chart *above, struct str name) {
    for (uint32_t i = 0; i < above->packed.len; i++) {
        struct str file = above->packed.items[i];
        if (str_starts(file, name) && file.len > name.len && (file.ptr[name.len] == '-' || file.ptr[name.len] == '.'))
            return true;
    }
    return false;
}

/* A chart that lies in the charts/ of `above`. */
static void link_unpacked(struct arena *a, struct release_chart *above, struct release_chart *below) {
    struct str name = below->chart.name;
    bool packed = is_packed_too(above, name), listed = false, own = false;
    for (uint32_t i = 0; i < above->chart.dependencies.len; i++) {
        const struct chart_dependency *dependency = &above->chart.dependencies.items[i];
        if (!str_eq(dependency->name, name)) continue;
        bool sure = wants_version(dependency, below->chart.version);
        struct release_link link = {above, below, parts_key(dependency), RELEASE_UNPACKED, dependency, packed};
        add_link(a, &link);
        listed = true;
        own = own || (!sure && dependency->alias.len);
    }
    struct release_link link = {above, below, name, RELEASE_UNPACKED, NULL, packed || listed};
    if (!listed || own) add_link(a, &link);
}

/* The folder that lies in charts/ directly; its parent is the chart around. */
static void link_to_folder_above(struct arena *a, const struct release_graph *graph, struct release_chart *chart) {
    struct str charts = path_folder(chart->folder), name = path_name(chart->folder);
    if (!str_eq(path_name(charts), STR("charts")) || name.ptr[0] == '_') return;
    struct release_chart *above = map_get(&graph->by_folder, path_folder(charts));
    if (above) link_unpacked(a, above, chart);
}

static void link_to_file(struct arena *a, const struct release_graph *graph, struct release_chart *above,
                         const struct chart_dependency *dependency) {
    struct str way = str_slice(dependency->repository, strlen("file://"), dependency->repository.len);
    struct str folder = path_real(a, path_join(a, above->folder, way));
    struct release_chart *below = folder.len ? map_get(&graph->by_folder, folder) : NULL;
    if (!below || below == above) return;
    struct release_link link = {above, below, parts_key(dependency), RELEASE_FILE, dependency, false};
    add_link(a, &link);
}

/* A dependency by URL: the one chart here that has its name and, where that is written out, its version. Copies in
 * charts/ folders are no source of it. */
static void link_to_repository(struct arena *a, const struct release_graph *graph, struct release_chart *above,
                               const struct chart_dependency *dependency, const struct map *by_name) {
    const struct release_links *named = map_get(by_name, dependency->name);
    struct release_chart *found = NULL;
    uint32_t exact = 0, others = 0;
    (void)graph;
    for (uint32_t i = 0; named && i < named->len; i++) {
        struct release_chart *chart = named->items[i]->below;
        if (chart == above) continue;
        if (wants_version(dependency, chart->chart.version)) exact++, found = chart;
        else others++;
    }
    bool range = false;
    struct str version = version_of(dependency);
    for (size_t i = 0; i < version.len; i++) range = range || strchr("^~<>=*xX| ", version.ptr[i]) != NULL;
    if (exact == 0 && others == 1 && (range || version.len == 0))
        for (uint32_t i = 0; i < named->len; i++)
            if (named->items[i]->below != above) found = named->items[i]->below;
    if (exact > 1 || !found) return;
    struct release_link link = {above, found, parts_key(dependency), RELEASE_REPOSITORY, dependency, true};
    add_link(a, &link);
}

/* Charts that are nobody's copy, by their names: each as the `below` of a link that is no more than a holder. */
static struct map index_names(struct arena *a, const struct release_graph *graph) {
    struct map by_name = {0};
    for (uint32_t i = 0; i < graph->charts.len; i++) {
        struct release_chart *chart = graph->charts.items[i];
        if (str_eq(path_name(path_folder(chart->folder)), STR("charts")) &&
            map_get(&graph->by_folder, path_folder(path_folder(chart->folder))))
            continue;
        struct release_links *named = map_get(&by_name, chart->chart.name);
        if (!named) map_put(a, &by_name, chart->chart.name, named = arena_new(a, struct release_links));
        struct release_link *holder = arena_new(a, struct release_link);
        holder->below = chart;
        vec_push(a, named, holder);
    }
    return by_name;
}

static bool lies_in_charts(const struct release_chart *above, struct str name) {
    for (uint32_t i = 0; i < above->below.len; i++)
        if (above->below.items[i]->source == RELEASE_UNPACKED && str_eq(above->below.items[i]->below->chart.name, name))
            return true;
    return false;
}

static void link_all(struct arena *a, const struct release_graph *graph) {
    struct map by_name = index_names(a, graph);
    for (uint32_t i = 0; i < graph->charts.len; i++) link_to_folder_above(a, graph, graph->charts.items[i]);
    for (uint32_t i = 0; i < graph->charts.len; i++) {
        struct release_chart *above = graph->charts.items[i];
        for (uint32_t d = 0; d < above->chart.dependencies.len; d++) {
            const struct chart_dependency *dependency = &above->chart.dependencies.items[d];
            if (str_starts(dependency->repository, STR("file://"))) link_to_file(a, graph, above, dependency);
            else if (!lies_in_charts(above, dependency->name))
                link_to_repository(a, graph, above, dependency, &by_name);
        }
    }
}

/* A link in charts/ makes what it leads to a subchart; any other one shares it. */
static void note_link(struct arena *a, struct release_graph *graph, const struct found_link *link) {
    struct str folder = path_folder(link->path);
    struct release_chart *above = map_get(&graph->by_folder, path_folder(folder));
    struct release_chart *below = map_get(&graph->by_folder, link->to);
    if (str_eq(path_name(folder), STR("charts")) && above && below && above != below) {
        link_unpacked(a, above, below);
        return;
    }
    if (str_eq(folder, path_folder(link->to))) return;
    struct release_strs *known = map_get(&graph->links, link->to);
    if (!known) map_put(a, &graph->links, link->to, known = arena_new(a, struct release_strs));
    vec_push(a, known, link->path);
}

struct release_graph *release_graph_read(struct arena *a, struct str root, const struct map *flat) {
    struct release_graph *graph = arena_new(a, struct release_graph);
    struct found_charts found = {NULL, 0, 0};
    struct found_links links = {NULL, 0, 0};
    const struct map none = {0};
    graph->root = path_real(a, root);
    if (graph->root.len == 0) return graph;
    release_find_charts(a, graph->root, flat ? flat : &none, &found, &links);

    for (uint32_t i = 0; i < found.len; i++) {
        struct release_chart *chart = arena_new(a, struct release_chart);
        chart->folder = found.items[i].folder;
        chart->packed.items = found.items[i].packed.items;
        chart->packed.len = found.items[i].packed.len;
        chart_read(a, path_join(a, chart->folder, STR("Chart.yaml")), path_name(chart->folder), &chart->chart);
        vec_push(a, &graph->charts, chart);
        map_put(a, &graph->by_folder, chart->folder, chart);
    }
    if (graph->charts.len) qsort(graph->charts.items, graph->charts.len, sizeof *graph->charts.items, folder_cmp);
    for (uint32_t i = 0; i < links.len; i++) note_link(a, graph, &links.items[i]);
    link_all(a, graph);
    return graph;
}

const struct release_chart *release_chart_at(struct arena *a, const struct release_graph *graph, struct str folder) {
    struct str real = path_real(a, folder.len ? folder : STR("."));
    return real.len ? map_get(&graph->by_folder, real) : NULL;
}

/* ---- Views ---- */

struct trail {
    const struct release_chart *chart;
    const struct trail *inner;
};

static bool is_on_trail(const struct trail *trail, const struct release_chart *chart) {
    for (; trail; trail = trail->inner)
        if (trail->chart == chart) return true;
    return false;
}

void release_views(struct arena *a, const struct release_chart *chart, struct release_views *views) {
    struct VEC(const struct trail *) trails = {NULL, 0, 0}; /* by view */
    struct trail start = {chart, NULL};
    *views = (struct release_views){0};
    /* The views are the queue themselves: each one is gone through for the parents of its chart. */
    for (uint32_t next = 0; next <= views->list.len; next++) {
        const struct release_view *inner = next ? &views->list.items[next - 1] : NULL;
        const struct trail *trail = next ? trails.items[next - 1] : &start;
        const struct release_links *above = next ? &inner->from->above : &chart->above;
        uint32_t inner_count = inner ? inner->key_count : 0;
        for (uint32_t i = 0; i < above->len; i++) {
            const struct release_link *link = above->items[i];
            if (views->list.len == RELEASE_VIEWS_MOST || is_on_trail(trail, link->above)) {
                views->more = true;
                continue;
            }
            inner = next ? &views->list.items[next - 1] : NULL; /* the list may have grown */
            struct str *keys = arena_array(a, struct str, inner_count + 1);
            keys[0] = link->key;
            if (inner) memcpy(keys + 1, inner->keys, sizeof *keys * inner_count);
            struct trail *kept = arena_new(a, struct trail);
            *kept = (struct trail){link->above, trail};
            struct release_view view = {link->above,
                                        keys,
                                        inner_count + 1,
                                        inner ? inner->link : link,
                                        link->uncertain || (inner && inner->uncertain),
                                        link->source == RELEASE_REPOSITORY || (inner && inner->by_repository)};
            vec_push(a, &views->list, view);
            vec_push(a, &trails, kept);
        }
    }
}

static bool has_entry(struct arena *a, struct str folder, struct str name) {
    return file_kind(path_join(a, folder, name).ptr) != FILE_MISSING;
}

/* The outermost chart in whose charts/ the folder lies, at any depth. */
static struct str outermost_chart(struct arena *a, struct str folder) {
    for (;;) {
        struct str charts = path_folder(folder);
        if (!str_eq(path_name(charts), STR("charts"))) return folder;
        if (!has_entry(a, path_folder(charts), STR("Chart.yaml"))) return folder;
        folder = path_folder(charts);
    }
}

struct str release_root_outside(struct arena *a, struct str start, const struct str *operands, uint32_t operand_count) {
    struct str top = start.len ? arena_str(a, outermost_chart(a, start)) : start;
    for (uint32_t i = 0; i < operand_count && top.len; i++)
        if (operands[i].len && path_is_below(top, operands[i])) return operands[i];
    return top;
}

struct str release_root(struct arena *a, struct str folder, const struct str *operands, uint32_t operand_count) {
    struct str start = path_real(a, folder.len ? folder : STR("."));
    struct str repository = start.len ? boundary_repository(a, start) : start;
    struct str *real = arena_array(a, struct str, operand_count + 1);
    if (repository.len) return arena_str(a, repository);
    for (uint32_t i = 0; i < operand_count; i++) real[i] = path_real(a, operands[i]);
    return release_root_outside(a, start, real, operand_count);
}
