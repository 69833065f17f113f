#include "config/settings.h"

/* The variables of the built-in standard, and their values where nobody sets them. */
static const struct {
    const char *name;
    struct setting setting;
} VARIABLES[] = {
    {"registry", {STR_INIT("marty"), STR_INIT("default")}},
    {"namespace", {STR_INIT("marty"), STR_INIT("default")}},
};

void settings_init(struct arena *a, struct settings *settings, const struct rule_set *rules,
                   const struct standard *standard) {
    uint32_t count = rules->rules.len;
    const struct setting none = {STR(""), STR("default")};
    *settings = (struct settings){.rules = rules, .standard = standard, .schema = none, .baseline = none, .mesh = none};
    settings->enabled = arena_array(a, bool, count);
    settings->severity = arena_array(a, enum severity, count);
    settings->enabled_from = arena_array(a, struct str, count);
    settings->severity_from = arena_array(a, struct str, count);
    for (uint32_t i = 0; i < count; i++) {
        settings->enabled[i] = standard->has_opinions || !rules->rules.items[i]->of_standard;
        settings->severity[i] = rules->rules.items[i]->check.severity;
        settings->enabled_from[i] = settings->severity_from[i] = STR("default");
    }
    for (size_t i = 0; standard->has_opinions && i < sizeof VARIABLES / sizeof *VARIABLES; i++)
        map_put(a, &settings->variables, str_from(VARIABLES[i].name), (void *)(uintptr_t)&VARIABLES[i].setting);
}

/* "FILE:LINE" of a value. */
static struct str origin(struct arena *a, const struct source *source, const struct value *at) {
    struct source lines = *source;
    source_lines(a, &lines);
    return arena_printf(a, "%.*s:%u", STR_ARG(source->path), source_position(&lines, at->span.start).line);
}

/* The item of a list of selectors that means `check`, or NULL. */
static const struct value *selector_of(const struct value *list, const struct check *check) {
    for (uint32_t i = 0; list && i < list->list.len; i++)
        if (rule_selected(list->list.items[i].string, check)) return &list->list.items[i];
    return NULL;
}

static void apply_to_check(struct arena *a, struct settings *settings, const struct value *block,
                           const struct source *source, const struct check *check) {
    const struct value *select = value_get(block, STR("select"));
    const struct value *ignored = selector_of(value_get(block, STR("ignore")), check);
    const struct value *severity = value_get(block, STR("severity"));
    uint32_t i = check->index;
    if (select) {
        const struct value *selected = selector_of(select, check);
        settings->enabled[i] = selected != NULL;
        settings->enabled_from[i] = origin(a, source, selected ? selected : select);
    }
    if (ignored) {
        settings->enabled[i] = false;
        settings->enabled_from[i] = origin(a, source, ignored);
    }
    for (uint32_t s = 0; severity && s < severity->map.len; s++) {
        const struct member *member = &severity->map.members[s];
        if (!rule_selected(member->key, check)) continue;
        severity_parse(member->value.string, &settings->severity[i]);
        settings->severity_from[i] = origin(a, source, &member->value);
    }
}

void settings_apply(struct arena *a, struct settings *settings, const struct value *block,
                    const struct source *source) {
    const struct value *variables = value_get(block, STR("variables"));
    const struct value *optional = value_get(block, STR("optional"));
    for (uint32_t i = 0; i < settings->rules->rules.len; i++)
        apply_to_check(a, settings, block, source, &settings->rules->rules.items[i]->check);
    for (uint32_t i = 0; variables && i < variables->map.len; i++) {
        const struct member *member = &variables->map.members[i];
        struct setting *setting = arena_new(a, struct setting);
        *setting = (struct setting){member->value.string, origin(a, source, &member->value)};
        map_put(a, &settings->variables, member->key, setting);
    }
    for (uint32_t i = 0; optional && i < optional->list.len; i++) {
        const struct value *item = &optional->list.items[i];
        vec_push(a, &settings->optional, (struct setting){item->string, origin(a, source, item)});
    }
}

static bool any_means(const struct str *selectors, uint32_t count, const struct check *check) {
    for (uint32_t i = 0; i < count; i++)
        if (rule_selected(selectors[i], check)) return true;
    return false;
}

void settings_select(struct settings *settings, const struct str *select, uint32_t select_count,
                     const struct str *ignore, uint32_t ignore_count) {
    for (uint32_t i = 0; i < settings->rules->rules.len; i++) {
        const struct check *check = &settings->rules->rules.items[i]->check;
        if (select_count) {
            settings->enabled[i] = any_means(select, select_count, check);
            settings->enabled_from[i] = STR("--select");
        }
        if (any_means(ignore, ignore_count, check)) {
            settings->enabled[i] = false;
            settings->enabled_from[i] = STR("--ignore");
        }
    }
}

void settings_drop_previews(struct settings *settings) {
    for (uint32_t i = 0; i < settings->rules->rules.len && !settings->preview; i++) {
        if (!settings->rules->rules.items[i]->check.preview) continue;
        settings->enabled[i] = false;
        settings->enabled_from[i] = STR("preview");
    }
}

bool settings_optional(const struct settings *settings, struct str path) {
    for (uint32_t i = 0; i < settings->optional.len; i++) {
        if (dotted_leads(settings->optional.items[i].value, path)) return true;
    }
    return false;
}

struct str settings_mesh_text(struct arena *a, const struct settings *settings) {
    struct buf out = buf_in(a);
    struct str rest = settings->mesh.value, folder;
    while (str_split_next(&rest, '\n', &folder)) buf_addf(&out, "%s%.*s", out.len ? ", " : "", STR_ARG(folder));
    return buf_str(&out);
}
