#include "config/config_values.h"

#include "base/glob.h"
#include "base/path.h"
#include "chart/boundary.h"

/* The files of one entry; kept with the configuration, since globs look at folders. */
struct stack {
    struct glob_files files;
};

static void find_files(struct config_store *store, const struct config *config, const struct value *name,
                       struct glob_files *files) {
    struct arena *a = store->arena;
    struct glob_files found = {NULL, 0, 0};
    struct str boundary = boundary_of(a, config->folder, STR(""));
    glob_find(a, path_join(a, config->folder, name->string), &found);
    for (uint32_t i = 0; i < found.len; i++) {
        struct str real = path_real(a, found.items[i]);
        bool inside = store->overrides.config.len || boundary_holds(a, boundary, real);
        if (real.len && inside) vec_push(a, files, real);
    }
    if (found.len == 0)
        problem_add(a, &store->warnings, &config->document.source, name->span,
                    arena_printf(a, "`%.*s` matches no file", STR_ARG(name->string)),
                    STR("values in files that cannot be found are not checked, nor moved along"));
}

/* The files that one entry of `values` names: a name, or a mapping with `files`. */
static const struct glob_files *files_of(struct config_store *store, const struct config *config,
                                         const struct value *entry) {
    struct str key =
        arena_printf(store->arena, "values %.*s %u", STR_ARG(config->document.source.path), entry->span.start);
    struct stack *stack = map_get(&store->checked, key);
    if (stack) return &stack->files;
    stack = arena_new(store->arena, struct stack);
    map_put(store->arena, &store->checked, key, stack);
    const struct value *files = entry->kind == VALUE_MAP ? value_get(entry, STR("files")) : NULL;
    if (!files) find_files(store, config, entry, &stack->files);
    for (uint32_t i = 0; files && i < files->list.len; i++)
        find_files(store, config, &files->list.items[i], &stack->files);
    return &stack->files;
}

/* `a.b` as keys. */
static uint32_t keys_of(struct arena *a, struct str dotted, const struct str **keys) {
    struct VEC(struct str) list = {NULL, 0, 0};
    struct str key;
    while (dotted.len && str_split_next(&dotted, '.', &key)) vec_push(a, &list, key);
    *keys = list.items;
    return list.len;
}

/* A stack is one way to deploy the chart; a name alone is a file that all of them have. */
static bool is_stack(const struct value *entry) {
    return entry->kind == VALUE_MAP;
}

static bool is_wild(struct str name) {
    for (size_t i = 0; i < name.len; i++)
        if (strchr("*?[\\", name.ptr[i])) return true;
    return false;
}

/* Whether the entry names the file itself, and not by a glob. */
static bool names_file(struct config_store *store, const struct config *config, const struct value *entry,
                       struct str path) {
    const struct value *files = is_stack(entry) ? value_get(entry, STR("files")) : entry;
    uint32_t count = is_stack(entry) ? files->list.len : 1;
    for (uint32_t i = 0; i < count; i++) {
        struct str name = is_stack(entry) ? files->list.items[i].string : files->string;
        if (is_wild(name)) continue;
        struct str real = path_real(store->arena, path_join(store->arena, config->folder, name));
        if (str_eq(real, path)) return true;
    }
    return false;
}

static bool is_meant(const struct config *config, const struct value *entry, struct str folder) {
    const struct value *charts = value_get(entry, STR("charts"));
    return !charts || config_matches(config, charts, folder);
}

/* Whether each deployment of the chart gets the file: it is named alone, or in each of the stacks. */
static bool is_always(struct config_store *store, const struct config *config, struct str folder, struct str path) {
    const struct value *entries = value_get(&config->document.root, STR("values"));
    bool any = false, all = true;
    for (uint32_t i = 0; i < entries->list.len; i++) {
        const struct value *entry = &entries->list.items[i];
        if (!is_meant(config, entry, folder)) continue;
        bool names = names_file(store, config, entry, path);
        if (!is_stack(entry) && names) return true;
        if (is_stack(entry)) any = true, all = all && names;
    }
    return any && all;
}

static bool is_known(const struct config_bindings *list, struct str path) {
    for (uint32_t i = 0; i < list->len; i++)
        if (str_eq(list->items[i].path, path) && list->items[i].key_count == 0) return true;
    return false;
}

void config_bindings(struct config_store *store, struct str folder, struct config_bindings *list) {
    const struct config *config = config_for(store, folder);
    const struct value *entries = value_get(&config->document.root, STR("values"));
    for (uint32_t i = 0; entries && i < entries->list.len; i++) {
        const struct value *entry = &entries->list.items[i];
        const struct value *below = value_get(entry, STR("below"));
        if (!is_meant(config, entry, folder)) continue;
        const struct glob_files *files = files_of(store, config, entry);
        for (uint32_t k = 0; k < files->len; k++) {
            struct config_binding binding = {.path = files->items[k]};
            if (below) binding.key_count = keys_of(store->arena, below->string, &binding.keys);
            if (is_known(list, binding.path)) continue;
            binding.always = binding.key_count == 0 && is_always(store, config, folder, binding.path);
            vec_push(store->arena, list, binding);
        }
    }
}

bool config_is_local(struct config_store *store, struct str folder) {
    const struct config *config = config_for(store, folder);
    const struct value *globs = value_get(&config->document.root, STR("local-dependencies"));
    return globs && config_matches(config, globs, folder);
}
