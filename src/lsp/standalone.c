#include "lsp/standalone.h"

#include "base/path.h"

#define CONFIG_NAME STR(".valuelint.yaml")
#define ANNOTATION STR("x-valuelint")

static bool is_schema_name(struct str path) {
    return str_ends(path, STR(".json")) || str_ends(path, STR(".yaml")) || str_ends(path, STR(".yml"));
}

/* Keeps the problems of the document alone; those without a place are the configuration's. */
static void keep_own(struct arena *a, struct str path, struct problems *from, struct problems *to) {
    for (uint32_t i = 0; i < from->len; i++) {
        const struct source *source = from->items[i].source;
        bool own = source ? str_eq(path_absolute(a, source->path), path) : str_eq(path_name(path), CONFIG_NAME);
        if (own) vec_push(a, to, from->items[i]);
    }
}

void lsp_standalone_check(struct arena *a, const struct config_overrides *overrides, const struct file_texts *texts,
                          struct str path, struct problems *problems, struct problems *warnings) {
    struct rule_set *rules = arena_new(a, struct rule_set);
    struct config_store *store = arena_new(a, struct config_store);
    struct config_overrides *with = arena_new(a, struct config_overrides);
    struct str folder = arena_str(a, path_folder(path));
    const struct str *text = file_text_at(texts, path);
    if (!is_schema_name(path) || !text) return;
    *with = *overrides;
    with->texts = texts;
    rule_set_add_builtin(a, rules);
    config_store_init(store, a, rules, with);
    config_open(store, folder, true);
    config_store_close(store);
    const struct settings *settings = config_settings(store, folder, true);
    struct problems found = store->problems;
    bool named = settings && settings->schema.value.len && str_eq(path_absolute(a, settings->schema.value), path);
    bool annotated = !str_eq(path_name(path), CONFIG_NAME) && str_find(*text, ANNOTATION) < text->len;
    if (!named && annotated && found.len == 0) standard_load_or(a, texts, path, STR(""), &found);
    keep_own(a, path, &found, problems);
    keep_own(a, path, &store->warnings, warnings);
}
