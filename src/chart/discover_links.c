#include "chart/discover_links.h"

#include "base/file.h"

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
