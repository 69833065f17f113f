#include "engine/config.h"

#include "base/file.h"
#include "base/path.h"
#include "engine/config_rules.h"

#define CONFIG_NAME STR(".valuelint.yaml")

/* The variables of the standard, and their values where nobody sets them. */
static const struct {
    const char *name;
    struct str value;
} VARIABLES[] = {{"registry", STR_INIT("marty")}, {"namespace", STR_INIT("marty")}};

static void warn(struct config_store *store, const struct config *config, const struct value *at, struct str message) {
    problem_add(store->arena, &store->warnings, at && config->found ? &config->document.source : NULL,
                at ? at->span : (struct span){0, 0}, message, STR(""));
}

/* A selector that means no rule: its rules may come with a later version, or it is misspelled. */
static void check_selector(struct config_store *store, const struct config *config, const struct value *at,
                           struct str selector) {
    if (!rule_set_knows(store->rules, selector))
        warn(store, config, at, arena_printf(store->arena, "no rule is meant by `%.*s`", STR_ARG(selector)));
}

void config_store_init(struct config_store *store, struct arena *a, struct rule_set *rules,
                       const struct config_overrides *overrides) {
    *store = (struct config_store){.arena = a, .rules = rules, .overrides = *overrides};
    for (uint32_t i = 0; i < overrides->rules_count; i++)
        rule_files_add(a, &store->files, overrides->rules[i], rules, &store->given_rules, &store->problems);
}

static void check_selectors(struct config_store *store, const struct config *config, const struct value *block) {
    static const char *const lists[] = {"select", "ignore"};
    for (int l = 0; l < 2; l++) {
        const struct value *list = value_get(block, str_from(lists[l]));
        for (uint32_t i = 0; list && i < list->list.len; i++)
            check_selector(store, config, &list->list.items[i], list->list.items[i].string);
    }
    const struct value *severities = value_get(block, STR("severity"));
    for (uint32_t i = 0; severities && i < severities->map.len; i++) {
        const struct member *member = &severities->map.members[i];
        check_selector(store, config, &member->value, member->key);
    }
}

/* Reads the configuration file at `path`, once. */
static struct config *read_config(struct config_store *store, struct str path, struct str shown) {
    struct arena *a = store->arena;
    struct config *config = map_get(&store->by_path, path);
    if (config) return config;
    config = arena_new(a, struct config);
    config->folder = arena_str(a, path_folder(path));
    config->found = true;
    map_put(a, &store->by_path, path, config);
    bool ok = document_read(a, shown, &config->document, &store->problems) &&
              document_check(a, &config->document, STR("schema/config.schema.json"), &store->problems);
    if (!ok) {
        config->document.root = value_map_new(a, 0);
        return config;
    }
    config_rules_read(store, config);
    return config;
}

void config_store_close(struct config_store *store) {
    const struct config_overrides *o = &store->overrides;
    if (store->problems.len || !rule_set_compile(store->arena, store->rules, &store->problems)) return;
    for (uint32_t i = 0; i < o->select_count; i++) check_selector(store, NULL, NULL, o->select[i]);
    for (uint32_t i = 0; i < o->ignore_count; i++) check_selector(store, NULL, NULL, o->ignore[i]);
    for (uint32_t i = 0; i < store->by_path.len; i++) {
        const struct config *config = store->by_path.entries[i].value;
        const struct value *overrides = value_get(&config->document.root, STR("overrides"));
        check_selectors(store, config, &config->document.root);
        for (uint32_t k = 0; overrides && k < overrides->list.len; k++)
            check_selectors(store, config, &overrides->list.items[k]);
    }
}

static struct config *no_config(struct config_store *store, struct str folder) {
    struct config *config = map_get(&store->by_path, STR(""));
    if (config) return config;
    config = arena_new(store->arena, struct config);
    config->document.root = value_map_new(store->arena, 0);
    config->folder = arena_str(store->arena, folder);
    map_put(store->arena, &store->by_path, STR(""), config);
    return config;
}

static struct config *find_config(struct config_store *store, struct str folder) {
    struct arena *a = store->arena;
    struct config *config = map_get(&store->by_folder, folder);
    if (config) return config;
    if (store->overrides.no_config) return no_config(store, folder);
    if (store->overrides.config.len)
        return read_config(store, path_absolute(a, store->overrides.config), arena_str(a, store->overrides.config));

    folder = arena_str(a, folder);
    struct str path = path_join(a, folder, CONFIG_NAME);
    if (file_kind(path.ptr) != FILE_MISSING)
        config = read_config(store, path, arena_str(a, path_relative(path, path_absolute(a, STR(".")))));
    else if (folder.len <= 1) config = no_config(store, folder);
    else config = find_config(store, path_folder(folder));
    map_put(a, &store->by_folder, folder, config);
    return config;
}

const struct config *config_for(struct config_store *store, struct str folder) {
    return find_config(store, folder);
}

void config_excludes(struct arena *a, const struct config *config, const struct str **globs, uint32_t *count) {
    const struct value *list = value_get(&config->document.root, STR("exclude"));
    *count = list ? list->list.len : 0;
    struct str *out = arena_array(a, struct str, *count);
    for (uint32_t i = 0; i < *count; i++) out[i] = list->list.items[i].string;
    *globs = out;
}

static bool any_selected(const struct value *list, const struct check *check) {
    for (uint32_t i = 0; i < list->list.len; i++)
        if (rule_selected(list->list.items[i].string, check)) return true;
    return false;
}

static bool any_named(const struct str *list, uint32_t count, const struct check *check) {
    for (uint32_t i = 0; i < count; i++)
        if (rule_selected(list[i], check)) return true;
    return false;
}

/* Puts what one block of a configuration says on top of `settings`. */
static void apply_block(struct config_store *store, const struct value *block, struct settings *settings) {
    const struct value *select = value_get(block, STR("select"));
    const struct value *ignore = value_get(block, STR("ignore"));
    const struct value *severity = value_get(block, STR("severity"));
    const struct value *variables = value_get(block, STR("variables"));
    for (uint32_t i = 0; i < store->rules->rules.len; i++) {
        const struct check *check = &store->rules->rules.items[i]->check;
        if (select) settings->enabled[i] = any_selected(select, check);
        if (ignore && any_selected(ignore, check)) settings->enabled[i] = false;
        for (uint32_t s = 0; severity && s < severity->map.len; s++)
            if (rule_selected(severity->map.members[s].key, check))
                severity_parse(severity->map.members[s].value.string, &settings->severity[i]);
    }
    for (uint32_t i = 0; variables && i < variables->map.len; i++) {
        struct member *member = &variables->map.members[i];
        map_put(store->arena, &settings->variables, member->key, &member->value.string);
    }
}

static void apply_command_line(const struct config_store *store, struct settings *settings) {
    const struct config_overrides *o = &store->overrides;
    for (uint32_t i = 0; i < store->rules->rules.len; i++) {
        const struct check *check = &store->rules->rules.items[i]->check;
        if (o->select_count) settings->enabled[i] = any_named(o->select, o->select_count, check);
        if (any_named(o->ignore, o->ignore_count, check)) settings->enabled[i] = false;
    }
    settings->lowest = o->lowest;
}

/* Whether the chart in `folder` is meant by one of an override's globs. */
static bool override_matches(const struct config *config, const struct value *override, struct str folder) {
    const struct value *charts = value_get(override, STR("charts"));
    struct str below = path_relative(folder, config->folder);
    for (uint32_t i = 0; i < charts->list.len; i++) {
        struct str glob = charts->list.items[i].string;
        bool name_only = str_find_char(glob, '/') == glob.len;
        if (path_match(glob, below) || (name_only && path_match(glob, path_name(folder)))) return true;
    }
    return false;
}

static const struct standard *find_standard(struct config_store *store, const struct config *config) {
    struct str path = STR("");
    const struct value *schema = value_get(&config->document.root, STR("schema"));
    if (schema) path = path_join(store->arena, config->folder, schema->string);
    if (store->overrides.schema.len) path = arena_str(store->arena, store->overrides.schema);
    const struct standard *standard = map_get(&store->standards, path);
    if (standard) return standard;
    standard = standard_load(store->arena, path, &store->problems);
    if (standard) map_put(store->arena, &store->standards, path, (void *)(uintptr_t)standard);
    return standard;
}

static struct settings *make_settings(struct config_store *store, const struct config *config, const bool *matches) {
    struct arena *a = store->arena;
    struct settings *settings = arena_new(a, struct settings);
    const struct value *root = &config->document.root, *overrides = value_get(root, STR("overrides"));
    uint32_t count = store->rules->rules.len;

    settings->rules = store->rules;
    settings->enabled = arena_array(a, bool, count);
    settings->severity = arena_array(a, enum severity, count);
    for (uint32_t i = 0; i < count; i++) {
        settings->enabled[i] = true;
        settings->severity[i] = store->rules->rules.items[i]->check.severity;
    }
    for (size_t i = 0; i < sizeof VARIABLES / sizeof *VARIABLES; i++)
        map_put(a, &settings->variables, str_from(VARIABLES[i].name), (void *)(uintptr_t)&VARIABLES[i].value);
    apply_block(store, root, settings);
    for (uint32_t i = 0; overrides && i < overrides->list.len; i++)
        if (matches[i]) apply_block(store, &overrides->list.items[i], settings);
    apply_command_line(store, settings);
    for (uint32_t i = 0; i < count; i++)
        if (!config_rules_apply(store, config, store->rules->rules.items[i])) settings->enabled[i] = false;
    settings->standard = find_standard(store, config);
    if (settings->standard) config_rules_check(store, config, settings->standard);
    return settings->standard ? settings : NULL;
}

/* The settings of a configuration with those of its overrides that are marked in `matches`, made once. */
static const struct settings *settings_with(struct config_store *store, const struct config *config,
                                            const bool *matches, uint32_t count) {
    struct buf key = buf_in(store->arena);
    buf_add(&key, config->document.source.path);
    buf_add_char(&key, '\n');
    for (uint32_t i = 0; i < count; i++) buf_add_char(&key, matches[i] ? '1' : '0');
    struct settings *settings = map_get(&store->settings, buf_str(&key));
    if (settings) return settings;
    settings = make_settings(store, config, matches);
    if (settings) map_put(store->arena, &store->settings, buf_str(&key), settings);
    return settings;
}

void config_open(struct config_store *store, struct str folder, bool may_hold) {
    find_config(store, may_hold || folder.len <= 1 ? folder : path_folder(folder));
}

const struct settings *config_settings(struct config_store *store, struct str folder, bool may_hold) {
    struct config *config = find_config(store, may_hold || folder.len <= 1 ? folder : path_folder(folder));
    if (store->problems.len) return NULL;
    const struct value *overrides = value_get(&config->document.root, STR("overrides"));
    uint32_t count = overrides ? overrides->list.len : 0;
    if (count == 0) {
        if (!config->settings) config->settings = settings_with(store, config, NULL, 0);
        return config->settings;
    }
    bool *matches = arena_array(store->arena, bool, count);
    for (uint32_t i = 0; i < count; i++) matches[i] = override_matches(config, &overrides->list.items[i], folder);
    return settings_with(store, config, matches, count);
}
