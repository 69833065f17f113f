#include "config/config.h"

#include "base/file.h"
#include "base/path.h"
#include "chart/boundary.h"
#include "config/config_rules.h"
#include "config/defaults.h"
#include "config/required_version.h"

#define CONFIG_NAME STR(".valuelint.yaml")

static void warn(struct config_store *store, const struct config *config, const struct value *at, struct str message) {
    problem_add(store->arena, &store->warnings, at && config->found ? &config->document.source : NULL,
                at ? at->span : (struct span){0, 0}, message, STR(""));
}

/* A selector of no rule would switch a check off without a word; one of a retired rule goes on for a release. `option`
 * is the one of the command line that holds it, or NULL. */
static void check_selector(struct config_store *store, const struct config *config, const struct value *at,
                           const char *option, struct str selector) {
    struct arena *a = store->arena;
    const struct check *successor = rule_set_successor(store->rules, selector);
    struct str where = option ? arena_printf(a, "%s: ", option) : STR("");
    if (successor) {
        warn(store, config, at,
             arena_printf(a, "%.*srule `%.*s` was replaced by %.*s (%.*s) and becomes an error in the next release",
                          STR_ARG(where), STR_ARG(selector), STR_ARG(successor->id), STR_ARG(successor->name)));
    } else if (!rule_set_knows(store->rules, selector)) {
        problem_add(a, &store->problems, at ? &config->document.source : NULL, at ? at->span : (struct span){0, 0},
                    arena_printf(a, "%.*sunknown rule `%.*s`", STR_ARG(where), STR_ARG(selector)),
                    rule_set_nearest(a, store->rules, selector));
    }
    const struct value *preview = config ? value_get(&config->document.root, STR("preview")) : NULL;
    bool on = !config || store->overrides.preview || (preview && preview->boolean);
    for (uint32_t i = 0; !on && i < store->rules->rules.len; i++) {
        const struct check *check = &store->rules->rules.items[i]->check;
        if (check->preview && (str_eq(selector, check->id) || str_eq(selector, check->name)))
            warn(store, config, at,
                 arena_printf(a, "%.*s is new, and off without `preview: true` or --preview", STR_ARG(check->id)));
    }
}

void config_store_init(struct config_store *store, struct arena *a, struct rule_set *rules,
                       const struct config_overrides *overrides) {
    *store = (struct config_store){.arena = a, .rules = rules, .overrides = *overrides};
    store->files.texts = overrides->texts;
    for (uint32_t i = 0; i < overrides->rules_count; i++)
        rule_files_add(a, &store->files, overrides->rules[i], rules, &store->given_rules, &store->problems);
}

static void check_selectors(struct config_store *store, const struct config *config, const struct value *block) {
    static const char *const lists[] = {"select", "ignore"};
    for (int l = 0; l < 2; l++) {
        const struct value *list = value_get(block, str_from(lists[l]));
        for (uint32_t i = 0; list && i < list->list.len; i++)
            check_selector(store, config, &list->list.items[i], NULL, list->list.items[i].string);
    }
    const struct value *severities = value_get(block, STR("severity"));
    for (uint32_t i = 0; severities && i < severities->map.len; i++) {
        const struct member *member = &severities->map.members[i];
        check_selector(store, config, &member->value, NULL, member->key);
    }
}

static void warn_missing_templates(struct config_store *store, const struct config *config) {
    const struct value *list = value_get(&config->document.root, STR("templates"));
    for (uint32_t i = 0; list && i < list->list.len; i++) {
        const struct value *item = &list->list.items[i];
        if (file_kind(path_join(store->arena, config->folder, item->string).ptr) != FILE_FOLDER)
            warn(store, config, item,
                 arena_printf(store->arena, "the folder `%.*s` does not exist", STR_ARG(item->string)));
    }
}

static bool is_inside(struct config_store *store, const struct config *config, struct str boundary,
                      const struct value *name) {
    if (name->kind != VALUE_STRING) return true;
    if (boundary_holds(store->arena, boundary, path_join(store->arena, config->folder, name->string))) return true;
    problem_add(store->arena, &store->problems, &config->document.source, name->span,
                arena_printf(store->arena, "`%.*s` is outside of %.*s", STR_ARG(name->string), STR_ARG(boundary)),
                STR("a discovered configuration may only name files in its repository; --config allows others"));
    return false;
}

/* Whether all files and folders that a configuration names lie inside: whoever may propose a change to a repository
 * must not get to read other files of the machine. */
static bool check_block_inside(struct config_store *store, const struct config *config, struct str boundary,
                               const struct value *block) {
    static const char *const keys[] = {"schema", "baseline", "mesh", "crds", "rules", "templates"};
    bool ok = true;
    const struct value *stacks = value_get(&config->document.root, STR("values"));
    for (uint32_t i = 0; stacks && i < stacks->list.len; i++) {
        const struct value *files = value_get(&stacks->list.items[i], STR("files"));
        ok = is_inside(store, config, boundary, &stacks->list.items[i]) && ok;
        for (uint32_t k = 0; files && k < files->list.len; k++)
            ok = is_inside(store, config, boundary, &files->list.items[k]) && ok;
    }
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        const struct value *named = value_get(block, str_from(keys[k]));
        if (!named) continue;
        ok = is_inside(store, config, boundary, named) && ok;
        for (uint32_t i = 0; named->kind == VALUE_LIST && i < named->list.len; i++)
            ok = is_inside(store, config, boundary, &named->list.items[i]) && ok;
    }
    return ok;
}

static bool check_inside(struct config_store *store, const struct config *config) {
    struct str boundary = boundary_of(store->arena, config->folder, STR(""));
    const struct value *overrides = value_get(&config->document.root, STR("overrides"));
    bool ok = check_block_inside(store, config, boundary, &config->document.root);
    for (uint32_t i = 0; overrides && i < overrides->list.len; i++)
        ok = check_block_inside(store, config, boundary, &overrides->list.items[i]) && ok;
    return ok;
}

/* Whether a configuration that was found is a file of its repository, and not a link to another one. */
static bool check_found(struct config_store *store, const struct config *config, struct str path, struct str shown) {
    struct str boundary = boundary_of(store->arena, config->folder, STR(""));
    if (boundary_holds(store->arena, boundary, path)) return true;
    problem_add(store->arena, &store->problems, NULL, (struct span){0, 0},
                arena_printf(store->arena, "%.*s leads outside of %.*s", STR_ARG(shown), STR_ARG(boundary)),
                STR("pass it with --config if this is intended"));
    return false;
}

/* Whether this version may run with the configuration; else there is a problem. */
static bool config_version_fits(struct config_store *store, const struct config *config) {
    const struct value *required = value_get(&config->document.root, STR("required-version"));
    if (!required || required_version_met(required->string, store->overrides.version)) return true;
    problem_add(store->arena, &store->problems, &config->document.source, required->span,
                arena_printf(store->arena, "valuelint `%.*s` is required, and this is %.*s", STR_ARG(required->string),
                             STR_ARG(store->overrides.version)),
                STR("install a version that fits, or change required-version"));
    return false;
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
    bool given = store->overrides.config.len > 0;
    bool ok = (given || check_found(store, config, path, shown)) &&
              document_read_or(a, store->overrides.texts, shown, &config->document, &store->problems) &&
              document_check(a, &config->document, STR("schema/config.schema.json"), &store->problems) &&
              (given || check_inside(store, config)) && config_version_fits(store, config);
    if (!ok) {
        config->document.root = value_map_new(a, 0);
        return config;
    }
    config_rules_read(store, config);
    warn_missing_templates(store, config);
    return config;
}

void config_store_close(struct config_store *store) {
    const struct config_overrides *o = &store->overrides;
    if (store->problems.len || !rule_set_compile(store->arena, store->rules, &store->problems)) return;
    for (uint32_t i = 0; i < o->select_count; i++) check_selector(store, NULL, NULL, "--select", o->select[i]);
    for (uint32_t i = 0; i < o->ignore_count; i++) check_selector(store, NULL, NULL, "--ignore", o->ignore[i]);
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
    if (store->overrides.no_config || (store->overrides.isolated && store->overrides.config.len == 0))
        return no_config(store, folder);
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

bool config_matches(const struct config *config, const struct value *globs, struct str folder) {
    struct str below = path_relative(folder, config->folder);
    for (uint32_t i = 0; i < globs->list.len; i++) {
        struct str glob = globs->list.items[i].string;
        bool name_only = str_find_char(glob, '/') == glob.len;
        if (path_match(glob, below) || (name_only && path_match(glob, path_name(folder)))) return true;
    }
    return false;
}

/* The file that `key` in a part of a configuration names, as seen from the current folder; empty where it names none.
 */
static struct setting find_file(const struct config_store *store, const struct config *config,
                                const struct value *block, struct str key) {
    const struct value *name = value_get(block, key);
    if (!name) return (struct setting){STR(""), STR("default")};
    struct str path = path_join(store->arena, config->folder, name->string);
    struct str shown = path_relative(path, path_absolute(store->arena, STR(".")));
    return (struct setting){arena_str(store->arena, shown), config->document.source.path};
}

/* Tells of a folder of overlays that is none, once. */
static void check_mesh(struct config_store *store, const struct config *config, const struct value *at,
                       struct str folder) {
    struct arena *a = store->arena;
    enum file_kind kind = file_kind(arena_str(a, folder).ptr);
    if (kind == FILE_FOLDER || map_put(a, &store->checked, arena_printf(a, "mesh %.*s", STR_ARG(folder)), store))
        return;
    problem_add(a, &store->problems, at ? &config->document.source : NULL, at ? at->span : (struct span){0, 0},
                arena_printf(a, "%s%.*s is %s", at ? "" : "--mesh: ", STR_ARG(folder),
                             kind == FILE_MISSING ? "not there" : "no folder"),
                STR("name the folder of the service mesh's manifests"));
}

/* The folders of the overlays, with line ends between them; a problem for each that is none. */
static struct setting find_mesh(struct config_store *store, const struct config *config) {
    struct arena *a = store->arena;
    const struct value *at = value_get(&config->document.root, STR("mesh"));
    const struct config_overrides *o = &store->overrides;
    struct buf out = buf_in(a);
    for (uint32_t i = 0; i < o->mesh_count; i++) {
        struct str folder = path_normalize(a, o->mesh[i]);
        check_mesh(store, config, NULL, folder);
        buf_addf(&out, "%s%.*s", i ? "\n" : "", STR_ARG(folder));
    }
    if (o->mesh_count || !at)
        return (struct setting){arena_str(a, buf_str(&out)), o->mesh_count ? STR("--mesh") : STR("default")};
    for (uint32_t i = 0; i < (at->kind == VALUE_LIST ? at->list.len : 1); i++) {
        const struct value *item = at->kind == VALUE_LIST ? &at->list.items[i] : at;
        struct str path = path_join(a, config->folder, item->string);
        struct str folder = path_relative(path, path_absolute(a, STR(".")));
        check_mesh(store, config, item, folder);
        buf_addf(&out, "%s%.*s", out.len ? "\n" : "", STR_ARG(folder));
    }
    return (struct setting){arena_str(a, buf_str(&out)), config->document.source.path};
}

/* The fields of the CustomResourceDefinitions in the folders that the configuration names, read once. */
static const struct object_table *find_crds(struct config_store *store, const struct config *config) {
    struct arena *a = store->arena;
    const struct value *list = value_get(&config->document.root, STR("crds"));
    struct buf folders = buf_in(a);
    struct str problem;
    if (!list || list->list.len == 0 || !store->overrides.read_crds) return NULL;
    for (uint32_t i = 0; i < list->list.len; i++) {
        struct str path = path_join(a, config->folder, list->list.items[i].string);
        buf_addf(&folders, "%s%.*s", i ? "\n" : "", STR_ARG(path_relative(path, path_absolute(a, STR(".")))));
    }
    struct str key = arena_printf(a, "crds %.*s", STR_ARG(buf_str(&folders)));
    const struct object_table *known = map_get(&store->checked, key);
    if (known) return known;
    known = store->overrides.read_crds(a, buf_str(&folders), &problem);
    map_put(a, &store->checked, key, (void *)(uintptr_t)known);
    if (problem.len)
        problem_add(a, &store->problems, &config->document.source, list->span, problem,
                    STR("name folders of CustomResourceDefinitions"));
    return known;
}

/* The folders of shared templates. */
static void find_templates(struct config_store *store, const struct config *config, struct settings *settings) {
    const struct value *list = value_get(&config->document.root, STR("templates"));
    for (uint32_t i = 0; list && i < list->list.len; i++) {
        const struct value *item = &list->list.items[i];
        struct str path = path_join(store->arena, config->folder, item->string);
        struct str shown = path_relative(path, path_absolute(store->arena, STR(".")));
        struct setting setting = {arena_str(store->arena, shown), config->document.source.path};
        vec_push(store->arena, &settings->templates, setting);
    }
}

static bool names_standard(struct str schema) {
    return str_eq(schema, STANDARD_BUILTIN) || str_eq(schema, STANDARD_EMPTY);
}

/* The part of the configuration that chooses the standard: the last override for the chart that names one, else all. */
static const struct value *schema_block(const struct config *config, const bool *matches) {
    const struct value *overrides = value_get(&config->document.root, STR("overrides"));
    for (uint32_t i = overrides ? overrides->list.len : 0; i-- > 0;)
        if (matches[i] && value_get(&overrides->list.items[i], STR("schema"))) return &overrides->list.items[i];
    return &config->document.root;
}

/* The standard that the command line or the configuration names: a path, or one of the names that stand for none. */
static struct setting find_schema(const struct config_store *store, const struct config *config,
                                  const struct value *block) {
    const struct value *schema = value_get(block, STR("schema"));
    if (store->overrides.schema.len)
        return (struct setting){arena_str(store->arena, store->overrides.schema), STR("--schema")};
    if (schema && names_standard(schema->string)) return (struct setting){schema->string, config->document.source.path};
    return find_file(store, config, block, STR("schema"));
}

static const struct standard *find_standard(struct config_store *store, const struct config *config, struct str path) {
    const struct standard *standard = map_get(&store->standards, path);
    if (standard) return standard;
    bool named = config->found && store->overrides.schema.len == 0;
    struct str around = named ? config->folder : path_absolute(store->arena, STR("."));
    standard = standard_load_or(store->arena, store->overrides.texts, path, around, &store->problems);
    if (standard) map_put(store->arena, &store->standards, path, (void *)(uintptr_t)standard);
    return standard;
}

/* A section that is made optional but that the schema does not know. */
static void check_optional(struct config_store *store, const struct config *config, const struct value *block,
                           const struct standard *standard) {
    const struct value *optional = value_get(block, STR("optional"));
    for (uint32_t i = 0; optional && i < optional->list.len; i++) {
        const struct value *item = &optional->list.items[i];
        if (!standard_property(standard, item->string))
            warn(store, config, item,
                 arena_printf(store->arena, "the schema has no key `%.*s`", STR_ARG(item->string)));
    }
}

static struct settings *make_settings(struct config_store *store, const struct config *config, const bool *matches,
                                      struct setting schema) {
    struct arena *a = store->arena;
    struct settings *settings = arena_new(a, struct settings);
    const struct value *root = &config->document.root, *overrides = value_get(root, STR("overrides"));
    const struct config_overrides *o = &store->overrides;

    const struct standard *standard = find_standard(store, config, schema.value);
    if (!standard) return NULL;
    settings_init(a, settings, store->rules, standard);
    settings->config = config->document.source.path;
    settings->no_suppressions = o->isolated;
    settings->schema = schema;
    settings->schema_of_override = store->overrides.schema.len == 0 && schema_block(config, matches) != root;
    settings->baseline = find_file(store, config, root, STR("baseline"));
    settings->mesh = find_mesh(store, config);
    find_templates(store, config, settings);
    settings->crds = find_crds(store, config);
    settings_apply(a, settings, root, &config->document.source);
    check_optional(store, config, root, settings->standard);
    for (uint32_t i = 0; overrides && i < overrides->list.len; i++) {
        if (!matches[i]) continue;
        settings_apply(a, settings, &overrides->list.items[i], &config->document.source);
        check_optional(store, config, &overrides->list.items[i], settings->standard);
    }
    settings_select(settings, o->select, o->select_count, o->ignore, o->ignore_count);
    const struct value *preview = value_get(root, STR("preview"));
    const struct value *kube_version = value_get(root, STR("kube-version"));
    if (kube_version) settings->kube_version = kube_version->string;
    settings->preview = o->preview || (preview && preview->boolean);
    settings_drop_previews(settings);
    settings->lowest = o->lowest;
    settings->present = arena_array(a, bool, store->rules->rules.len);
    for (uint32_t i = 0; i < store->rules->rules.len; i++) {
        settings->present[i] = config_rules_apply(store, config, matches, store->rules->rules.items[i]);
        if (!settings->present[i]) settings->enabled[i] = false;
    }
    if (!standard->is_builtin) defaults_check(a, settings, &store->checked, &store->problems);
    config_rules_check(store, config, matches, settings->standard);
    return settings;
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
    settings = make_settings(store, config, matches, find_schema(store, config, schema_block(config, matches)));
    if (settings && !config->found && store->overrides.schema.len == 0)
        settings->without_standard =
            make_settings(store, config, matches, (struct setting){STANDARD_EMPTY, STR("default")});
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
    for (uint32_t i = 0; i < count; i++)
        matches[i] = config_matches(config, value_get(&overrides->list.items[i], STR("charts")), folder);
    return settings_with(store, config, matches, count);
}

const struct settings *config_settings_of(struct config_store *store, struct str folder, uint32_t index) {
    const struct config *config = find_config(store, folder);
    const struct value *overrides = value_get(&config->document.root, STR("overrides"));
    if (store->problems.len || !overrides || index >= overrides->list.len) return NULL;
    bool *matches = arena_array(store->arena, bool, overrides->list.len);
    matches[index] = true;
    return settings_with(store, config, matches, overrides->list.len);
}
