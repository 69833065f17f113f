/* What --fix would write is made here from the schema alone: a model of values with all defaults, in which properties
 * without one get a sample of their type, so that what derives from them can be had too. The model is validated as a
 * chart's values are. A violation counts where a default, or what was derived, is the value that does not fit, and
 * still does not when it stands alone: what only disagrees with other defaults may be told apart by a condition. */
#include "config/defaults.h"

#include "base/fuzzy.h"
#include "rule/rule.h"
#include "value/change.h"

/* The next `${name}` in `text` from `from` on. */
static bool next_variable(struct str text, size_t from, struct span *whole, struct str *name) {
    struct str rest = str_slice(text, from, text.len);
    size_t at = str_find(rest, STR("${")), len = str_find_char(str_slice(rest, at, rest.len), '}');
    if (at == rest.len || at + len == rest.len) return false;
    *whole = span_make(from + at, from + at + len + 1);
    *name = str_slice(rest, at + 2, at + len);
    return true;
}

static struct str expand_text(struct arena *a, struct str text, const struct value *variables) {
    struct buf out = buf_in(a);
    struct span whole;
    struct str name;
    size_t done = 0, at = 0;
    for (; next_variable(text, at, &whole, &name);) {
        const struct value *variable = value_get(variables, name);
        bool known = variable && variable->kind == VALUE_STRING;
        at = known ? whole.end : whole.start + 2;
        if (!known) continue;
        buf_add(&out, str_slice(text, done, whole.start));
        buf_add(&out, variable->string);
        done = at;
    }
    if (done == 0) return text;
    buf_add(&out, str_slice(text, done, text.len));
    return out.len ? buf_str(&out) : STR("");
}

struct value defaults_expand(struct arena *a, const struct value *value, const struct value *variables) {
    bool found;
    if (value->kind == VALUE_STRING) return value_from_string(expand_text(a, value->string, variables));
    if (value->kind == VALUE_LIST) {
        struct value *items = arena_array(a, struct value, value->list.len + 1);
        for (uint32_t i = 0; i < value->list.len; i++) items[i] = defaults_expand(a, &value->list.items[i], variables);
        return value_from_items(a, items, value->list.len);
    }
    if (value->kind == VALUE_MAP) {
        struct value map = value_map_new(a, value->map.len);
        for (uint32_t i = 0; i < value->map.len; i++)
            value_map_put(&map, value->map.members[i].key, &found)->value =
                defaults_expand(a, &value->map.members[i].value, variables);
        return map;
    }
    return *value;
}

static void put_text(struct value *map, struct str key, struct str text) {
    bool found;
    value_map_put(map, key, &found)->value = value_from_string(text);
}

struct value defaults_variables(struct arena *a, const struct settings *settings, struct str chart) {
    struct value map = value_map_new(a, settings->variables.len + 2);
    struct str snake = arena_str(a, chart);
    for (char *c = (char *)(uintptr_t)snake.ptr; *c; c++)
        if (*c == '-') *c = '_';
    put_text(&map, STR("chart"), chart);
    put_text(&map, STR("chart_snake"), snake);
    for (uint32_t i = 0; i < settings->variables.len; i++)
        put_text(&map, settings->variables.entries[i].key,
                 ((const struct setting *)settings->variables.entries[i].value)->value);
    return map;
}

struct checker {
    struct arena *arena;
    const struct settings *settings;
    const struct standard *standard;
    struct map *reported;
    struct problems *problems;
    struct value variables;
    struct value model;
    bool *derived; /* by place in properties: the model holds what it derives */
    bool *sampled; /* the same: the model holds a sample */
};

static void report(struct checker *c, struct span span, struct str message, struct str help) {
    const struct standard_files *files = &c->standard->files;
    struct str key =
        arena_printf(c->arena, "%.*s %.*s", STR_ARG(standard_files_position(files, span)), STR_ARG(message));
    if (!map_put(c->arena, c->reported, key, c)) standard_files_problem(files, c->problems, span, message, help);
}

/* ---- Variables ---- */

static void report_variable(struct checker *c, struct span span, struct str name) {
    struct VEC(struct str) names = {NULL, 0, 0};
    for (uint32_t i = 0; i < c->variables.map.len; i++) vec_push(c->arena, &names, c->variables.map.members[i].key);
    struct str nearest = fuzzy_nearest(name, names.items, names.len);
    report(c, span, arena_printf(c->arena, "the variable `%.*s` is not set", STR_ARG(name)),
           nearest.len ? arena_printf(c->arena, "did you mean `%.*s`?", STR_ARG(nearest))
                       : STR("set it under `variables:` in .valuelint.yaml"));
}

static void check_variables(struct checker *c, const struct value *value) {
    struct span whole;
    struct str name;
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->list.len; i++)
        check_variables(c, &value->list.items[i]);
    for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->map.len; i++)
        check_variables(c, &value->map.members[i].value);
    if (value->kind != VALUE_STRING) return;
    for (size_t at = 0; next_variable(value->string, at, &whole, &name); at = whole.start + 2)
        if (!value_get(&c->variables, name))
            report_variable(c, standard_files_place(&c->standard->files, value, whole), name);
}

static void check_reads(struct checker *c, const struct schema_property *property, struct str key,
                        const struct cel_read *reads, uint32_t count) {
    const struct value *text = value_get(property->annotation, key);
    for (uint32_t i = 0; i < count; i++) {
        const struct cel_read *read = &reads[i];
        if (read->slot != RULE_VARS || read->count == 0 || read->required == 0 || !read->steps[0].key.ptr) continue;
        if (!value_get(&c->variables, read->steps[0].key))
            report_variable(c, standard_files_place(&c->standard->files, text, read->span), read->steps[0].key);
    }
}

/* ---- Values ---- */

static void put(struct checker *c, const struct schema_property *property, struct value value) {
    struct value_change change = {property->keys, property->key_count, value};
    c->model = value_with(c->arena, &c->model, &change, 1);
}

/* A value of the property's type, where that is one type: one that it names, if it does. */
static bool sample_of(struct checker *c, const struct schema_property *property, struct value *out) {
    const struct value *names = value_get(property->schema, STR("enum"));
    const struct value *only = value_get(property->schema, STR("const"));
    if (only) *out = *only;
    else if (names && names->kind == VALUE_LIST && names->list.len) *out = names->list.items[0];
    else if (property->types == TYPE_STRING) *out = value_from_string(STR("example"));
    else if (property->types == TYPE_BOOL) *out = (struct value){.kind = VALUE_BOOL, .boolean = true};
    else if (property->types && !(property->types & ~(TYPE_INTEGER | TYPE_NUMBER))) *out = value_from_number(1);
    else if (property->types == TYPE_LIST) *out = value_from_items(c->arena, NULL, 0);
    else return false;
    return true;
}

/* Defaults, and samples where there are none: parents come before their children. */
static void make_model(struct checker *c) {
    const struct schema_properties *all = &c->standard->properties;
    c->model = value_map_new(c->arena, 0);
    for (uint32_t i = 0; i < all->len; i++) {
        const struct schema_property *property = &all->items[i];
        struct value value;
        if (property->condition) continue;
        if (property->default_value) {
            put(c, property, defaults_expand(c->arena, property->default_value, &c->variables));
        } else if (!value_path(&c->model, property->keys, property->key_count) && sample_of(c, property, &value)) {
            c->sampled[i] = true;
            put(c, property, value);
        }
    }
}

static const struct value *example_chart(struct arena *a) {
    struct value *chart = arena_new(a, struct value);
    *chart = value_map_new(a, 3);
    put_text(chart, STR("name"), STR("example"));
    put_text(chart, STR("version"), STR("1.0.0"));
    put_text(chart, STR("appVersion"), STR("1.0.0"));
    return chart;
}

static void derive_all(struct checker *c) {
    const struct derivations *list = &c->standard->derivations;
    struct cel_value slots[RULE_VARIABLES] = {{0}};
    slots[RULE_CHART] = cel_from_value(example_chart(c->arena));
    slots[RULE_VARS] = cel_from_value(&c->variables);
    for (uint32_t i = 0; i < list->len; i++) {
        const struct schema_property *property = list->items[i].property;
        struct value *now = arena_new(c->arena, struct value), value;
        *now = c->model;
        slots[RULE_VALUES] = cel_from_value(now);
        if (property->condition || !derive_value(c->arena, &list->items[i], slots, &value)) continue;
        put(c, property, value);
        c->derived[property - c->standard->properties.items] = true;
    }
}

/* Whether the value is of no use alone either. */
static bool fails_alone(struct checker *c, const struct schema_property *property, enum schema_keyword keyword) {
    const struct value *value = value_path(&c->model, property->keys, property->key_count);
    struct value_change change = {property->keys, property->key_count, *value};
    struct violations violations = {NULL, 0, 0};
    struct value empty = value_map_new(c->arena, 0), root = value_with(c->arena, &empty, &change, 1);
    standard_validate(c->standard, c->arena, NULL, NULL, &root, &violations);
    for (uint32_t i = 0; i < violations.len; i++)
        if (violations.items[i].keyword == keyword && str_starts(violations.items[i].pointer, property->pointer))
            return true;
    return false;
}

/* Whether a sample is among what the property derives from: then only the type of the result is known. */
static bool reads_sample(const struct checker *c, const struct schema_property *property) {
    const struct derivation *derivation = standard_derivation(c->standard, property);
    for (uint32_t i = 0; i < c->standard->properties.len; i++) {
        const struct schema_property *other = &c->standard->properties.items[i];
        for (uint32_t k = 0; c->sampled[i] && k < derivation->source_count; k++) {
            const struct cel_read *read = &derivation->sources[k];
            bool meets = read->slot == RULE_VALUES;
            for (uint32_t s = 0; meets && s < read->count && s < other->key_count; s++)
                meets = !read->steps[s].key.ptr || str_eq(read->steps[s].key, other->keys[s]);
            if (meets) return true;
        }
    }
    return false;
}

/* The deepest property of ours whose value the violation is in; UINT32_MAX for none. */
static uint32_t property_of(const struct checker *c, const struct violation *violation) {
    uint32_t found = UINT32_MAX;
    for (uint32_t i = 0; i < c->standard->properties.len; i++) {
        const struct schema_property *property = &c->standard->properties.items[i];
        size_t len = property->pointer.len;
        bool ours = !property->condition && (property->default_value || c->derived[i]);
        if (!ours || !str_starts(violation->pointer, property->pointer)) continue;
        if (violation->pointer.len > len && violation->pointer.ptr[len] != '/') continue;
        if (found == UINT32_MAX || property->key_count > c->standard->properties.items[found].key_count) found = i;
    }
    return found;
}

static void check_violation(struct checker *c, const struct violation *violation) {
    uint32_t i = property_of(c, violation);
    if (i == UINT32_MAX || violation->keyword == SCHEMA_REQUIRED) return; /* --fix adds what is required */
    const struct schema_property *property = &c->standard->properties.items[i];
    if (!fails_alone(c, property, violation->keyword)) return;
    if (c->derived[i] && violation->keyword != SCHEMA_TYPE && reads_sample(c, property)) return;
    struct schema_message words = schema_violation_message(c->arena, violation);
    const struct value *at = c->derived[i] ? value_get(property->annotation, STR("derive")) : property->default_value;
    report(c, at->span,
           arena_printf(c->arena, "%s `%.*s` does not fit it: %.*s",
                        c->derived[i] ? "what `derive` gives for" : "the default of", STR_ARG(property->path),
                        STR_ARG(words.message)),
           STR(""));
}

static void check_values(struct checker *c) {
    struct violations violations = {NULL, 0, 0};
    make_model(c);
    derive_all(c);
    if (standard_validate(c->standard, c->arena, NULL, NULL, &c->model, &violations)) return;
    for (uint32_t i = 0; i < violations.len; i++) check_violation(c, &violations.items[i]);
}

void defaults_check(struct arena *a, const struct settings *settings, struct map *reported, struct problems *problems) {
    const struct standard *standard = settings->standard;
    struct checker c = {
        .arena = a, .settings = settings, .standard = standard, .reported = reported, .problems = problems};
    uint32_t before = problems->len;
    c.variables = defaults_variables(a, settings, STR("example"));
    c.derived = arena_array(a, bool, standard->properties.len + 1);
    c.sampled = arena_array(a, bool, standard->properties.len + 1);
    for (uint32_t i = 0; i < standard->properties.len; i++) {
        const struct value *value = standard->properties.items[i].default_value;
        if (value) check_variables(&c, value);
    }
    for (uint32_t i = 0; i < standard->derivations.len; i++) {
        const struct derivation *derivation = &standard->derivations.items[i];
        check_reads(&c, derivation->property, STR("derive"), derivation->sources, derivation->source_count);
        check_reads(&c, derivation->property, STR("when"), derivation->reads, derivation->read_count);
    }
    if (problems->len == before) check_values(&c);
}
