#include "chart/hidden.h"

#include "base/path.h"
#include "chart/boundary.h"
#include "chart/git_index.h"
#include "chart/overlay.h"

struct search {
    struct arena *arena;
    struct str root;
    const struct map *ignored;
    struct hidden_paths *list;
};

static void look_at(void *data, struct str path) {
    struct search *s = data;
    struct str name = path_name(path);
    if (!str_eq(name, STR("values.yaml")) && !overlay_is_name(name)) return;
    struct arena_mark mark = arena_mark(s->arena);
    struct str absolute = path_join(s->arena, s->root, path);
    for (struct str at = absolute; at.len > s->root.len; at = path_folder(at)) {
        if (!map_get(s->ignored, at)) continue;
        vec_push(s->arena, s->list, absolute);
        return;
    }
    arena_release(s->arena, mark);
}

void hidden_find(struct arena *a, struct str folder, const struct map *ignored, struct hidden_paths *list) {
    struct search search = {a, boundary_repository(a, folder), ignored, list};
    struct arena index = {NULL, NULL};
    if (ignored->len && search.root.len) git_index_read(&index, search.root, look_at, &search);
    arena_free(&index);
}
