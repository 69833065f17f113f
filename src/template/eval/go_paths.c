/* Which places of values a value shows: small sets, joined where values are put together. */
#include "template/eval/go_value.h"

/* A set keeps no more than this many: who reads provenance wants the few that matter. */
#define PATHS_MAX 64

static bool paths_have(const struct go_paths *paths, const struct go_path *path) {
    for (uint32_t i = 0; i < paths->count; i++) {
        if (paths->items[i] == path) return true;
    }
    return false;
}

static bool paths_cover(const struct go_paths *all, const struct go_paths *part) {
    if (part->more && !all->more) return false;
    for (uint32_t i = 0; i < part->count; i++) {
        if (!paths_have(all, part->items[i])) return false;
    }
    return true;
}

const struct go_paths *go_paths_join(struct go_env *env, const struct go_paths *a, const struct go_paths *b) {
    if (!a || a == b) return b;
    if (!b || paths_cover(a, b)) return a;
    if (paths_cover(b, a)) return b;
    uint32_t room = a->count + b->count;
    struct go_paths *joined = arena_alloc_raw(env->arena, sizeof *joined + sizeof(struct go_path *) * room);
    joined->count = a->count;
    joined->more = a->more || b->more;
    memcpy(joined->items, a->items, sizeof(struct go_path *) * a->count);
    for (uint32_t i = 0; i < b->count; i++) {
        if (paths_have(a, b->items[i])) continue;
        if (joined->count == PATHS_MAX) {
            joined->more = true;
            break;
        }
        joined->items[joined->count++] = b->items[i];
    }
    return joined;
}

static const struct go_paths *paths_of(struct go_env *env, const struct go_value *v, int depth) {
    const struct go_paths *paths = NULL;
    for (uint32_t i = 0; v->runs && i < v->runs->count; i++) paths = go_paths_join(env, paths, v->runs->items[i].paths);
    if (depth > 100 || (paths && paths->more)) return paths;
    if (v->type->kind == GO_MAP) {
        for (uint32_t i = 0; i < v->map->len; i++)
            paths = go_paths_join(env, paths, paths_of(env, &v->map->members[i].value, depth + 1));
    } else if (v->type->kind == GO_SLICE && v->type != &GO_TYPE_BYTES) {
        for (uint32_t i = 0; i < v->list.len; i++)
            paths = go_paths_join(env, paths, paths_of(env, &v->list.items[i], depth + 1));
    }
    return paths;
}

const struct go_paths *go_paths_of(struct go_env *env, const struct go_value *v) {
    return env->trace ? paths_of(env, v, 0) : NULL;
}

static const struct go_runs *runs_of_one(struct go_env *env, struct go_run run) {
    struct go_runs *runs = arena_alloc_raw(env->arena, sizeof *runs + sizeof run);
    runs->count = 1;
    runs->items[0] = run;
    return runs;
}

struct go_value go_with_paths(struct go_env *env, struct go_value v, const struct go_paths *paths) {
    if (!paths) return v;
    if (!v.runs) {
        v.runs = runs_of_one(env, (struct go_run){.end = UINT32_MAX, .paths = paths});
        return v;
    }
    struct go_runs *runs = arena_alloc_raw(env->arena, sizeof *runs + sizeof *runs->items * v.runs->count);
    runs->count = v.runs->count;
    for (uint32_t i = 0; i < runs->count; i++) {
        runs->items[i] = v.runs->items[i];
        runs->items[i].paths = go_paths_join(env, runs->items[i].paths, paths);
    }
    v.runs = runs;
    return v;
}

struct go_path *go_path_new(struct go_env *env, const struct go_path *parent, struct str key) {
    struct go_path *path = arena_new(env->arena, struct go_path);
    struct go_paths *paths = arena_alloc_raw(env->arena, sizeof *paths + sizeof(struct go_path *));
    *paths = (struct go_paths){.count = 1};
    paths->items[0] = path;
    path->parent = parent;
    path->key = key;
    path->runs = runs_of_one(env, (struct go_run){.end = UINT32_MAX, .paths = paths});
    return path;
}

static bool is_name(struct str key) {
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
            return false;
    }
    return key.len > 0;
}

static void add_path(struct buf *out, const struct go_path *path) {
    if (!path->parent) return;
    add_path(out, path->parent);
    if (out->len > 0) buf_add_char(out, '.');
    if (is_name(path->key)) {
        buf_add(out, path->key);
    } else {
        buf_add_char(out, '"');
        for (size_t i = 0; i < path->key.len; i++) {
            if (path->key.ptr[i] == '"' || path->key.ptr[i] == '\\') buf_add_char(out, '\\');
            buf_add_char(out, path->key.ptr[i]);
        }
        buf_add_char(out, '"');
    }
}

struct str go_path_text(struct arena *a, const struct go_path *path) {
    struct buf out = buf_in(a);
    add_path(&out, path);
    return buf_str(&out);
}
