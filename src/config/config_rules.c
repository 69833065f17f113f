#include "config/config_rules.h"

#include "base/path.h"

static void read_list(struct config_store *store, const struct config *config, const struct value *block,
                      struct rule_documents *documents) {
    const struct value *list = value_get(block, STR("rules"));
    for (uint32_t i = 0; list && i < list->list.len; i++) {
        struct str path = path_join(store->arena, config->folder, list->list.items[i].string);
        struct str shown = arena_str(store->arena, path_relative(path, path_absolute(store->arena, STR("."))));
        rule_files_add(store->arena, &store->files, shown, store->rules, documents, &store->problems);
    }
}

void config_rules_read(struct config_store *store, struct config *config) {
    const struct value *overrides = value_get(&config->document.root, STR("overrides"));
    uint32_t count = overrides ? overrides->list.len : 0;
    read_list(store, config, &config->document.root, &config->rules);
    config->overrides_rules = arena_array(store->arena, struct rule_documents, count);
    for (uint32_t i = 0; i < count; i++)
        read_list(store, config, &overrides->list.items[i], &config->overrides_rules[i]);
}

static bool is_in(const struct rule_documents *documents, const struct document *document) {
    for (uint32_t i = 0; i < documents->len; i++)
        if (documents->items[i] == document) return true;
    return false;
}

bool config_rules_apply(const struct config_store *store, const struct config *config, const bool *matches,
                        const struct rule *rule) {
    const struct value *overrides = value_get(&config->document.root, STR("overrides"));
    bool found = !rule->document || is_in(&store->given_rules, rule->document) || is_in(&config->rules, rule->document);
    for (uint32_t i = 0; overrides && i < overrides->list.len && !found; i++)
        found = matches[i] && is_in(&config->overrides_rules[i], rule->document);
    return found;
}

void config_rules_check(struct config_store *store, const struct config *config, const bool *matches,
                        const struct standard *standard) {
    for (uint32_t i = 0; i < store->rules->rules.len; i++) {
        const struct rule *rule = store->rules->rules.items[i];
        if (!rule->document || !config_rules_apply(store, config, matches, rule)) continue;
        struct str key =
            arena_printf(store->arena, "%.*s %.*s", STR_ARG(rule->check.id), STR_ARG(standard->document->source.path));
        if (map_put(store->arena, &store->checked, key, store)) continue;
        rule_check(store->arena, rule, &standard->properties, &store->problems);
    }
}
