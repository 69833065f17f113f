#include "release/find.h"

#include "base/map.h"
#include "base/path.h"
#include "base/system.h"

/* Folders inside each other. */
#define DEPTH_MAX 64

struct search {
    struct arena *arena;
    struct str root;
    const struct map *flat;
    struct found_charts *found;
    struct found_links *links;
    struct map visited; /* folders, with all links resolved: each has one such path */
};

/* Whether this folder is met for the first time. */
static bool enter(struct search *s, struct str folder) {
    return !map_put(s->arena, &s->visited, folder, s);
}

static bool has_entry(const struct system_entries *entries, struct str name) {
    for (uint32_t i = 0; i < entries->len; i++)
        if (str_eq(entries->items[i].name, name)) return true;
    return false;
}

/* Adds the chart in `folder`, and the names of the packed charts in its charts/. */
static void add_chart(struct search *s, struct str folder, bool has_charts) {
    struct found_chart chart = {.folder = folder};
    struct system_entries entries = {NULL, 0, 0};
    if (has_charts && system_list(s->arena, path_join(s->arena, folder, STR("charts")).ptr, &entries)) entries.len = 0;
    for (uint32_t i = 0; i < entries.len; i++)
        if (str_ends(entries.items[i].name, STR(".tgz"))) vec_push(s->arena, &chart.packed, entries.items[i].name);
    vec_push(s->arena, s->found, chart);
}

/* Where the link at `path` leads; empty for nowhere. */
static struct str follow(struct search *s, struct str path) {
    struct str real = path_real(s->arena, path);
    if (real.len) vec_push(s->arena, s->links, (struct found_link){path, real});
    return real;
}

static void walk(struct search *s, struct str folder, int depth) {
    struct system_entries entries = {NULL, 0, 0};
    if (depth > DEPTH_MAX || !enter(s, folder)) return;
    if (map_get(s->flat, folder)) {
        add_chart(s, folder, false);
        return;
    }
    if (system_list(s->arena, folder.ptr, &entries)) return;
    if (has_entry(&entries, STR("Chart.yaml"))) add_chart(s, folder, has_entry(&entries, STR("charts")));
    for (uint32_t i = 0; i < entries.len; i++) {
        const struct system_entry *entry = &entries.items[i];
        struct str path = path_join(s->arena, folder, entry->name);
        if (entry->name.ptr[0] == '.' || str_eq(entry->name, STR("node_modules"))) continue;
        if (entry->is_link) path = follow(s, path);
        bool followed = entry->is_link && path.len && path_is_below(path, s->root);
        if (entry->kind == FILE_FOLDER || followed) walk(s, path, depth + 1);
    }
}

void release_find_charts(struct arena *a, struct str root, const struct map *flat, struct found_charts *found,
                         struct found_links *links) {
    struct search s = {a, root, flat, found, links, {0}};
    walk(&s, root, 0);
}
