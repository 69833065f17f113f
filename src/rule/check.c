/* What a rule names, against the standard that it is for. */
#include "base/fuzzy.h"
#include "rule/compile.h"
#include "rule/path.h"
#include "rule/text.h"

struct check_run {
    struct rule_compiler compile;
    const struct rule *rule;
    const struct schema_properties *properties;
    bool ok;
};

/* The property at `keys[0..count)`, or NULL. */
static const struct schema_property *find_property(const struct schema_properties *properties, const struct str *keys,
                                                   uint32_t count) {
    for (uint32_t i = 0; i < properties->len; i++) {
        const struct schema_property *property = &properties->items[i];
        bool same = property->key_count == count;
        for (uint32_t k = 0; k < count && same; k++) same = str_eq(property->keys[k], keys[k]);
        if (same) return property;
    }
    return NULL;
}

/* The nearest name to `key` among the children of the property at `keys[0..count)`. */
static struct str nearest_child(struct arena *a, const struct schema_properties *properties, const struct str *keys,
                                uint32_t count, struct str key) {
    struct VEC(struct str) names = {NULL, 0, 0};
    for (uint32_t i = 0; i < properties->len; i++) {
        const struct schema_property *property = &properties->items[i];
        bool below = property->key_count == count + 1;
        for (uint32_t k = 0; k < count && below; k++) below = str_eq(property->keys[k], keys[k]);
        if (below) vec_push(a, &names, property->keys[count]);
    }
    return fuzzy_nearest(key, names.items, names.len);
}

bool rule_path_known(struct arena *a, const struct schema_properties *properties, bool strict, const struct str *keys,
                     uint32_t count, struct str *message, struct str *help) {
    for (uint32_t i = 0; i < count && keys[i].ptr; i++) {
        const struct schema_property *parent = i ? find_property(properties, keys, i) : NULL;
        if (i && !parent) return true;
        *help = STR("");
        if (i && parent->schema && parent->types && !(parent->types & TYPE_MAP)) {
            *message = arena_printf(a, "there is no `%.*s`: `%.*s` is no mapping",
                                    STR_ARG(rule_path_text(a, keys, i + 1)), STR_ARG(parent->path));
            return false;
        }
        if (find_property(properties, keys, i + 1)) continue;
        struct str nearest = nearest_child(a, properties, keys, i, keys[i]);
        bool closed = i ? parent->closed : properties->closed;
        bool silent = i == 0 && !properties->open && (strict || nearest.len);
        if (!closed && !silent) return true;
        *message = arena_printf(a, "the schema has no `%.*s`", STR_ARG(rule_path_text(a, keys, i + 1)));
        if (nearest.len) *help = arena_printf(a, "did you mean `%.*s`?", STR_ARG(nearest));
        return false;
    }
    return true;
}

/* A path that leads into a mapping which takes no such key can never be there. */
static void check_path(struct check_run *c, const struct value *at, struct span part, const struct str *keys,
                       uint32_t count) {
    struct str message, help;
    if (rule_path_known(c->compile.arena, c->properties, false, keys, count, &message, &help)) return;
    rule_problem(&c->compile, c->rule, at, part, message, help);
    c->ok = false;
}

static void check_read(struct check_run *c, const struct value *at, uint32_t start, const struct cel_read *read) {
    if (read->slot == RULE_SELF && read->count == 0) return; /* that is `at` itself */
    uint32_t places = read->slot == RULE_SELF ? c->rule->at_count : read->slot == RULE_VALUES ? 1 : 0;
    for (uint32_t place = 0; place < places; place++) {
        struct VEC(struct str) keys = {NULL, 0, 0};
        const struct rule_path *self = &c->rule->at[place];
        for (uint32_t i = 0; read->slot == RULE_SELF && i < self->count; i++)
            vec_push(c->compile.arena, &keys, self->keys[i]);
        for (uint32_t i = 0; i < read->count; i++) vec_push(c->compile.arena, &keys, read->steps[i].key);
        check_path(c, at, (struct span){start + read->span.start, start + read->span.end}, keys.items, keys.len);
    }
}

/* One expression: the types, with `self` as the schema has it, and the paths that it reads. */
static void check_expression(struct check_run *c, const struct value *at, struct str text, uint32_t start) {
    struct cel_error error;
    uint32_t count;
    const struct cel_program *program = cel_compile(c->compile.arena, c->compile.env, text, &error);
    if (!program) {
        rule_problem(&c->compile, c->rule, at, (struct span){start + error.span.start, start + error.span.end},
                     error.message, arena_printf(c->compile.arena, "`self` has the type that the schema gives it"));
        c->ok = false;
        return;
    }
    const struct cel_read *reads = cel_program_reads(c->compile.arena, program, &count);
    for (uint32_t i = 0; i < count; i++) check_read(c, at, start, &reads[i]);
}

static void check_text(struct check_run *c, enum rule_text which) {
    struct rule_pieces pieces = {NULL, 0, 0};
    struct cel_error error;
    rule_text_split(c->compile.arena, c->rule->texts[which], &pieces, &error);
    for (uint32_t i = 0; i < pieces.len; i++)
        if (pieces.items[i].expression)
            check_expression(c, rule_text_source(c->rule, which), pieces.items[i].text, pieces.items[i].start);
}

static void check_pointer(struct check_run *c, const struct value *at) {
    struct rule_fix_path path;
    if (!at || !rule_fix_path_parse(c->compile.arena, at->string, &path)) return;
    for (uint32_t place = 0; place < (path.relative ? c->rule->at_count : 1); place++) {
        struct VEC(struct str) keys = {NULL, 0, 0};
        uint32_t kept = path.relative ? c->rule->at[place].count - path.up : 0;
        for (uint32_t i = 0; i < kept; i++) vec_push(c->compile.arena, &keys, c->rule->at[place].keys[i]);
        for (uint32_t i = 0; i < path.count; i++) vec_push(c->compile.arena, &keys, path.keys[i]);
        check_path(c, at, span_make(0, at->string.len), keys.items, keys.len);
    }
}

static void check_fix(struct check_run *c) {
    const struct value *list = rule_text_source(c->rule, RULE_FIX);
    for (uint32_t i = 0; list && i < list->list.len; i++) {
        const struct value *expression = value_get(&list->list.items[i], STR("valueExpression"));
        check_pointer(c, value_get(&list->list.items[i], STR("path")));
        check_pointer(c, value_get(&list->list.items[i], STR("from")));
        if (expression) check_expression(c, expression, expression->string, 0);
    }
}

/* CEL's type of a property; NULL where it may be of several. */
static const struct cel_type *type_of(const struct schema_property *property) {
    static const struct {
        uint8_t schema;
        enum cel_kind kind;
    } types[] = {{TYPE_BOOL, CEL_BOOL},
                 {TYPE_INTEGER, CEL_INT},
                 {TYPE_STRING, CEL_STRING},
                 {TYPE_LIST, CEL_LIST},
                 {TYPE_MAP, CEL_MAP}};
    for (size_t i = 0; property && i < sizeof types / sizeof *types; i++)
        if (property->types == types[i].schema) return &cel_types[types[i].kind];
    return NULL;
}

/* The type that `self` has at all places of the rule; NULL where it may be of several. */
static const struct cel_type *type_of_self(const struct rule *rule, const struct schema_properties *properties) {
    const struct cel_type *type = NULL;
    for (uint32_t i = 0; i < rule->at_count; i++) {
        const struct rule_path *at = &rule->at[i];
        const struct cel_type *here = &cel_types[CEL_MAP];
        if (at->count) here = rule_path_is_wild(at) ? NULL : type_of(find_property(properties, at->keys, at->count));
        if (!here || (type && here != type)) return NULL;
        type = here;
    }
    return type;
}

bool rule_check(struct arena *a, const struct rule *rule, const struct schema_properties *properties,
                struct problems *problems) {
    static const enum rule_text conditions[] = {RULE_WHEN, RULE_EXPECT, RULE_GROUP_BY};
    if (rule->builtin) return true;
    struct check_run c = {{a, rule_compile_env(a, type_of_self(rule, properties)), problems}, rule, properties, true};

    for (uint32_t i = 0; i < rule->at_count; i++) {
        const struct value *source = rule_at_source(rule, i);
        struct span all = span_make(0, source ? source->string.len : 0);
        check_path(&c, source, all, rule->at[i].keys, rule->at[i].count);
    }
    check_path(&c, rule_text_source(rule, RULE_POINT), span_make(0, rule->texts[RULE_POINT].len), rule->point.keys,
               rule->point.count);
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        enum rule_text which = conditions[i];
        if (rule->texts[which].len) check_expression(&c, rule_text_source(rule, which), rule->texts[which], 0);
    }
    check_text(&c, RULE_MESSAGE);
    check_text(&c, RULE_HELP);
    check_fix(&c);
    return c.ok;
}
