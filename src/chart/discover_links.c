#include "chart/discover_links.h"

#include "base/file.h"
#include "chart/discover.h"

void discover_links_visit(struct arena *a, struct discover_links *links, struct str folder) {
    vec_push(a, &links->visited, arena_str(a, folder.len ? folder : STR(".")));
}

void discover_links_wait(struct arena *a, struct discover_links *links, struct str path) {
    vec_push(a, &links->waiting, arena_str(a, path));
}

bool discover_links_next(struct arena *a, struct discover_links *links, struct str *path) {
    for (uint32_t at = 0; at < links->waiting.len; at++) {
        /* Only where there are links is anything asked of the folders that need none. */
        for (; links->known < links->visited.len; links->known++) {
            struct str real = file_identity(a, links->visited.items[links->known].ptr);
            if (real.len) map_put(a, &links->real, real, links);
        }
        *path = links->waiting.items[at];
        struct str real = file_identity(a, path->ptr);
        if (real.len == 0 || map_get(&links->real, real)) continue;
        memmove(links->waiting.items, links->waiting.items + at + 1,
                sizeof *links->waiting.items * (links->waiting.len - at - 1));
        links->waiting.len -= at + 1;
        return true;
    }
    links->waiting.len = 0;
    return false;
}

/* Who has a file. */
struct holder {
    const struct chart_paths *chart;
    bool several;
};

typedef void file_visitor(struct arena *a, struct map *holders, struct chart_paths *chart, struct str path);

static void note_holder(struct arena *a, struct map *holders, struct chart_paths *chart, struct str path) {
    struct str identity = file_identity(a, path.ptr);
    struct holder *holder = map_get(holders, identity);
    if (holder) {
        holder->several = holder->several || holder->chart != chart;
        return;
    }
    holder = arena_new(a, struct holder);
    holder->chart = chart;
    map_put(a, holders, identity, holder);
}

static void mark_shared(struct arena *a, struct map *holders, struct chart_paths *chart, struct str path) {
    const struct holder *holder = map_get(holders, file_identity(a, path.ptr));
    if (holder && holder->several) vec_push(a, &chart->shared, path);
}

void discover_share(struct arena *a, struct chart_list *charts) {
    static file_visitor *const visitors[] = {note_holder, mark_shared};
    struct map holders = {NULL, 0, 0, NULL, 0};
    bool links = false;
    for (uint32_t i = 0; i < charts->len; i++) links = links || charts->items[i].has_links;
    for (int pass = 0; pass < 2 && links; pass++) {
        for (uint32_t i = 0; i < charts->len; i++) {
            struct chart_paths *chart = &charts->items[i];
            if (chart->values.len) visitors[pass](a, &holders, chart, chart->values);
            for (uint32_t k = 0; k < chart->overlays.len; k++)
                visitors[pass](a, &holders, chart, chart->overlays.items[k]);
        }
    }
}
