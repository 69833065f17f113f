/* See reads.h for the idea. What the values say of themselves is their provenance: each value of a values file shows
 * its place (go_value.runs), also where it was merged or copied into a map that templates made. */
#include "template/eval/reads.h"

#include "template/eval/function.h"

#define DEPTH_MAX 100

struct reads_source *reads_source(struct go_env *env, struct str name, const struct tmpl_tree *tree) {
    struct reads_source *source = map_get(&env->reads->sources, name);
    if (source) return source;
    source = arena_new(env->arena, struct reads_source);
    *source = (struct reads_source){tree, arena_array(env->arena, uint8_t, tree->text.len + 1)};
    map_put(env->arena, &env->reads->sources, name, source);
    return source;
}

/* ---- places ---- */

/* The file that says what stands at the path, or around it where nothing does. */
static const struct value_layer *layer_of(const struct go_path *path) {
    while (path && !path->layer) path = path->parent;
    return path ? path->layer : NULL;
}

static struct value_path *place_of(struct go_env *env, const struct go_path *path, const struct value_layer *layer) {
    struct value_path *place;
    if (path->parent) {
        place = value_path_below(env->arena, place_of(env, path->parent, layer), path->key);
    } else {
        struct str rest = layer ? layer->prefix : STR(""), key;
        for (place = &env->reads->root; str_split_next(&rest, '.', &key);) {
            place = value_path_below(env->arena, place, key);
            place->uses |= VALUE_PATH_READ;
        }
    }
    place->uses |= VALUE_PATH_READ;
    return place;
}

/* The one place that `v` is from; NULL where that is none, or several. */
static const struct go_path *path_of(const struct go_value *v) {
    const struct go_paths *paths = v->runs && v->runs->count == 1 ? v->runs->items[0].paths : NULL;
    return paths && paths->count == 1 ? paths->items[0] : NULL;
}

void reads_mark(struct go_env *env, const struct go_value *v, unsigned uses) {
    const struct go_path *path = env->reads ? path_of(v) : NULL;
    if (!path) return;
    struct value_path *place = place_of(env, path, layer_of(path));
    place->uses = (uint8_t)(place->uses | uses);
}

bool reads_is_root(const struct go_map *map) {
    return go_map_get(map, STR("Capabilities")) && go_map_get(map, STR("Values"));
}

/* `spared`: the chart's root and its values, which are handed on everywhere, are not meant. */
static void mark_whole(struct go_env *env, const struct go_value *v, bool spared, int depth) {
    enum go_kind kind = go_kind(v);
    const struct go_path *path = path_of(v);
    if (depth > DEPTH_MAX || (kind == GO_MAP && spared && reads_is_root(v->map))) return;
    if (kind != GO_MAP && (kind != GO_SLICE || v->type == &GO_TYPE_BYTES)) {
        if (path) place_of(env, path, layer_of(path));
        return;
    }
    if (path && !path->parent && spared) return;
    if (path) reads_mark(env, v, VALUE_PATH_WHOLE);
    for (uint32_t i = 0; kind == GO_SLICE && i < v->list.len; i++)
        mark_whole(env, &v->list.items[i], spared, depth + 1);
    for (uint32_t i = 0; kind == GO_MAP && i < v->map->len; i++) {
        const struct go_value *member = &v->map->members[i].value;
        const struct go_path *below = path_of(member);
        bool holds = go_kind(member) == GO_MAP || go_kind(member) == GO_SLICE;
        if (holds || !below || below->parent != path) mark_whole(env, member, spared, depth + 1);
    }
}

void reads_mark_whole(struct go_env *env, const struct go_value *v) {
    if (env->reads) mark_whole(env, v, false, 0);
}

void reads_mark_skipped(struct go_env *env, const struct go_value *v) {
    mark_whole(env, v, true, 0);
}

void reads_mark_missing(struct go_env *env, const struct go_value *map, struct str key, const struct go_site *site) {
    const struct go_path *path = env->reads ? path_of(map) : NULL;
    if (!path) return;
    struct value_path *place = value_path_below(env->arena, place_of(env, path, layer_of(path)), key);
    if (!(place->uses & VALUE_PATH_MISSED) && site)
        vec_push(env->arena, &env->reads->missing, (struct reads_missing){place, site, false});
    place->uses |= VALUE_PATH_READ | (site ? VALUE_PATH_MISSED : 0);
}

void reads_mark_printed(struct go_env *env, const struct go_value *v, const struct go_site *site) {
    const struct go_path *path = env->reads ? path_of(v) : NULL;
    if (!path || !path->parent || path->layer) return;
    struct value_path *place = place_of(env, path, layer_of(path));
    vec_push(env->arena, &env->reads->missing, (struct reads_missing){place, site, true});
}

/* ---- calls ---- */

enum effect {
    EFFECT_WHOLE, /* the arguments may be seen entirely */
    EFFECT_PASS,  /* they are handed on */
    EFFECT_TRUTH, /* it matters whether they are empty */
    EFFECT_KEYS,  /* keys of the first argument, each of it */
    EFFECT_PATH,  /* keys of the first argument, each of what is at the one before */
    EFFECT_DIG,   /* the same of the last argument; the one before is the default */
    EFFECT_PLUCK, /* one key of several maps */
};

static enum effect effect_of(const char *name) {
    static const struct {
        const char *name;
        enum effect effect;
    } EFFECTS[] = {
        {"append", EFFECT_PASS},
        {"coalesce", EFFECT_TRUTH},
        {"concat", EFFECT_PASS},
        {"deepCopy", EFFECT_PASS},
        {"default", EFFECT_TRUTH},
        {"dict", EFFECT_PASS},
        {"dig", EFFECT_DIG},
        {"empty", EFFECT_TRUTH},
        {"first", EFFECT_PASS},
        {"get", EFFECT_KEYS},
        {"hasKey", EFFECT_KEYS},
        {"include", EFFECT_PASS},
        {"index", EFFECT_PATH},
        {"initial", EFFECT_PASS},
        {"kindIs", EFFECT_PASS},
        {"kindOf", EFFECT_PASS},
        {"last", EFFECT_PASS},
        {"len", EFFECT_TRUTH},
        {"list", EFFECT_PASS},
        {"merge", EFFECT_PASS},
        {"mergeOverwrite", EFFECT_PASS},
        {"mustAppend", EFFECT_PASS},
        {"mustDeepCopy", EFFECT_PASS},
        {"mustFirst", EFFECT_PASS},
        {"mustInitial", EFFECT_PASS},
        {"mustLast", EFFECT_PASS},
        {"mustMerge", EFFECT_PASS},
        {"mustMergeOverwrite", EFFECT_PASS},
        {"mustPrepend", EFFECT_PASS},
        {"mustRest", EFFECT_PASS},
        {"not", EFFECT_TRUTH},
        {"omit", EFFECT_KEYS},
        {"pick", EFFECT_KEYS},
        {"pluck", EFFECT_PLUCK},
        {"prepend", EFFECT_PASS},
        {"required", EFFECT_TRUTH},
        {"rest", EFFECT_PASS},
        {"set", EFFECT_KEYS},
        {"ternary", EFFECT_PASS},
        {"tpl", EFFECT_PASS},
        {"tuple", EFFECT_PASS},
        {"typeIs", EFFECT_PASS},
        {"typeIsLike", EFFECT_PASS},
        {"typeOf", EFFECT_PASS},
        {"unset", EFFECT_KEYS},
        {"AsMap", EFFECT_PASS},
    };
    for (size_t i = 0; i < sizeof EFFECTS / sizeof *EFFECTS; i++)
        if (EFFECTS[i].name[0] == name[0] && strcmp(EFFECTS[i].name, name) == 0) return EFFECTS[i].effect;
    return EFFECT_WHOLE;
}

/* The member of `map` that a written-out key names, which is read; NULL where there is none, or all is read. */
static const struct go_value *mark_key(struct go_env *env, const struct go_value *map, const struct go_value *key,
                                       bool constant, const struct go_site *site) {
    if (go_kind(map) == GO_SLICE) {
        reads_mark_whole(env, map);
        return NULL;
    }
    if (go_kind(map) != GO_MAP) return NULL;
    if (!constant || go_kind(key) != GO_STRING) {
        reads_mark_whole(env, map);
        return NULL;
    }
    const struct go_value *found = go_map_get(map->map, key->text);
    if (found) reads_mark(env, found, VALUE_PATH_READ);
    else reads_mark_missing(env, map, key->text, site);
    return found;
}

static void mark_path(struct go_env *env, const struct go_value *map, const struct go_value *keys, uint32_t count,
                      uint64_t constants, const struct go_site *site) {
    for (uint32_t i = 0; i < count && map; i++) map = mark_key(env, map, &keys[i], (constants >> i) & 1, site);
}

void reads_call(struct go_env *env, const struct go_function *function, const struct go_value *args, uint32_t count,
                uint64_t constants, const struct go_site *site) {
    enum effect effect = effect_of(function->name);
    bool sets = strcmp(function->name, "set") == 0 || strcmp(function->name, "unset") == 0;
    uint32_t keys_end = sets && count > 2 ? 2 : count;
    if (count > 63) constants = 0;
    switch (effect) {
    case EFFECT_PASS: return;
    case EFFECT_WHOLE:
        for (uint32_t i = 0; i < count; i++) reads_mark_whole(env, &args[i]);
        return;
    case EFFECT_TRUTH:
        for (uint32_t i = 0; i < count; i++) reads_mark(env, &args[i], VALUE_PATH_TRUTH);
        return;
    case EFFECT_KEYS:
        for (uint32_t i = 1; i < keys_end; i++)
            mark_key(env, &args[0], &args[i], (constants >> i) & 1, sets ? NULL : site);
        return;
    case EFFECT_PATH:
        if (count > 1) mark_path(env, &args[0], &args[1], count - 1, constants >> 1, site);
        return;
    case EFFECT_DIG:
        if (count > 2) mark_path(env, &args[count - 1], &args[0], count - 2, constants, site);
        return;
    case EFFECT_PLUCK:
        for (uint32_t i = 1; i < count; i++) mark_key(env, &args[i], &args[0], constants & 1, NULL);
        return;
    }
}
