#include "rule/compile.h"

#include "rule/path.h"
#include "rule/place.h"
#include "rule/plan.h"
#include "rule/text.h"

static const struct cel_type TEXT_MAP = {CEL_MAP, &cel_types[CEL_STRING], &cel_types[CEL_STRING]};
static const struct cel_type TEXT_LIST = {CEL_LIST, NULL, &cel_types[CEL_STRING]};

const struct cel_env *rule_compile_env(struct arena *a, const struct cel_type *self) {
    const struct cel_variable variables[RULE_VARIABLES] = {
        [RULE_SELF] = {STR("self"), self},
        [RULE_VALUES] = {STR("values"), &cel_types[CEL_MAP]},
        [RULE_CHART] = {STR("chart"), &cel_types[CEL_MAP]},
        [RULE_VARS] = {STR("vars"), &TEXT_MAP},
        [RULE_KEY] = {STR("key"), &cel_types[CEL_STRING]},
        [RULE_PATH] = {STR("path"), &cel_types[CEL_STRING]},
        [RULE_CHARTS] = {STR("charts"), &TEXT_LIST},
    };
    return cel_env_make(a, &(struct cel_options){.variables = variables, .count = RULE_VARIABLES});
}

const struct value *rule_text_source(const struct rule *rule, enum rule_text which) {
    static const struct str keys[RULE_TEXTS] = {
        [RULE_AT] = STR_INIT("at"),         [RULE_WHEN] = STR_INIT("when"),
        [RULE_EXPECT] = STR_INIT("expect"), [RULE_GROUP_BY] = STR_INIT("groupBy"),
        [RULE_POINT] = STR_INIT("point"),   [RULE_MESSAGE] = STR_INIT("message"),
        [RULE_HELP] = STR_INIT("help"),     [RULE_FIX] = STR_INIT("fix"),
    };
    return rule->entry ? value_get(rule->entry, keys[which]) : NULL;
}

const struct value *rule_at_source(const struct rule *rule, uint32_t index) {
    const struct value *at = rule_text_source(rule, RULE_AT);
    return at && at->kind == VALUE_LIST ? &at->list.items[index] : at;
}

void rule_problem(struct rule_compiler *c, const struct rule *rule, const struct value *at, struct span part,
                  struct str message, struct str help) {
    message = arena_printf(c->arena, "%.*s: %.*s", STR_ARG(rule->check.id), STR_ARG(message));
    if (!rule->document) {
        problem_add(c->arena, c->problems, NULL, (struct span){0, 0}, message, help);
        return;
    }
    const struct source *source = &rule->document->source;
    struct span span = value_get(rule->entry, STR("id"))->span;
    if (at) span = at->kind == VALUE_STRING ? place_of(source->text, at, part) : at->span;
    problem_add(c->arena, c->problems, source, span, message, help);
}

/* Compiles one expression, `text`, that begins at the byte `start` of the string `at`. */
static const struct cel_program *compile(struct rule_compiler *c, const struct rule *rule, const struct value *at,
                                         struct str text, uint32_t start) {
    struct cel_error error;
    const struct cel_program *program = cel_compile(c->arena, c->env, text, &error);
    struct span span = program ? (struct span){0, 0} : (struct span){start + error.span.start, start + error.span.end};
    if (!program) rule_problem(c, rule, at, span, error.message, STR(""));
    return program;
}

/* Compiles the condition `which` into *program; true where the rule has none. */
static bool compile_condition(struct rule_compiler *c, const struct rule *rule, enum rule_text which,
                              const struct cel_program **program) {
    const struct value *at = rule_text_source(rule, which);
    struct str text = rule->texts[which];
    if (text.len == 0) return true;
    *program = compile(c, rule, at, text, 0);
    if (!*program) return false;
    enum cel_kind kind = cel_program_type(*program)->kind;
    if (which == RULE_GROUP_BY || kind == CEL_BOOL || kind == CEL_DYN) return true;
    rule_problem(c, rule, at, span_make(0, text.len),
                 arena_printf(c->arena, "this returns %.*s, but a condition must return true or false",
                              STR_ARG(cel_kind_name(kind))),
                 STR(""));
    return false;
}

static bool compile_path(struct rule_compiler *c, const struct rule *rule, const struct value *source, struct str text,
                         struct rule_path *path) {
    uint32_t at;
    if (rule_path_parse(c->arena, text, path, &at)) return true;
    rule_problem(c, rule, source, (struct span){at, at + 1}, STR("this is not a path"),
                 STR("write it like service.http.port, env.* or podAnnotations[\"a.b/c\"]"));
    return false;
}

static bool compile_at(struct rule_compiler *c, struct rule *rule) {
    struct VEC(struct rule_path) paths = {NULL, 0, 0};
    struct str rest = rule->texts[RULE_AT], text;
    bool ok = true;
    while (str_split_next(&rest, '\n', &text)) {
        struct rule_path path;
        ok = compile_path(c, rule, rule_at_source(rule, paths.len), text, &path) && ok;
        vec_push(c->arena, &paths, path);
    }
    if (paths.len == 0) vec_push(c->arena, &paths, (struct rule_path){NULL, 0});
    rule->at = paths.items;
    rule->at_count = paths.len;
    return ok;
}

static bool compile_point(struct rule_compiler *c, struct rule *rule) {
    const struct value *source = rule_text_source(rule, RULE_POINT);
    if (!compile_path(c, rule, source, rule->texts[RULE_POINT], &rule->point)) return false;
    if (!rule_path_is_wild(&rule->point)) return true;
    rule_problem(c, rule, source, span_make(0, rule->texts[RULE_POINT].len), STR("only `at` can mean each child"),
                 STR(""));
    return false;
}

static bool compile_text(struct rule_compiler *c, const struct rule *rule, enum rule_text which) {
    const struct value *at = rule_text_source(rule, which);
    struct rule_pieces pieces = {NULL, 0, 0};
    struct cel_error error;
    bool ok = true;
    if (!rule_text_split(c->arena, rule->texts[which], &pieces, &error)) {
        rule_problem(c, rule, at, error.span, error.message, STR(""));
        return false;
    }
    for (uint32_t i = 0; i < pieces.len; i++) {
        const struct rule_piece *piece = &pieces.items[i];
        if (piece->expression) ok = compile(c, rule, at, piece->text, piece->start) && ok;
    }
    return ok;
}

static bool check_pointer(struct rule_compiler *c, const struct rule *rule, const struct value *at) {
    struct rule_fix_path path;
    if (!at) return true;
    bool ok = rule_fix_path_parse(c->arena, at->string, &path);
    for (uint32_t i = 0; i < rule->at_count; i++) ok = ok && path.up <= rule->at[i].count;
    if (!ok)
        rule_problem(c, rule, at, span_make(0, at->string.len), STR("this is not a path in the values"),
                     STR("write a JSON Pointer (/service/http/port), or one relative to `at` (0, 0/port, 1/tag)"));
    return ok;
}

/* Checks the operations of the fix, as far as the schema of rules cannot. */
static bool compile_fix(struct rule_compiler *c, const struct rule *rule) {
    const struct value *list = rule_text_source(rule, RULE_FIX);
    bool ok = true;
    for (uint32_t i = 0; list && i < list->list.len; i++) {
        const struct value *operation = &list->list.items[i];
        const struct value *expression = value_get(operation, STR("valueExpression"));
        ok = check_pointer(c, rule, value_get(operation, STR("path"))) && ok;
        ok = check_pointer(c, rule, value_get(operation, STR("from"))) && ok;
        if (expression) ok = compile(c, rule, expression, expression->string, 0) && ok;
    }
    return ok;
}

bool rule_compile(struct rule_compiler *c, struct rule *rule) {
    bool ok = true;
    if (rule->builtin) return true;
    ok = compile_at(c, rule) && ok;
    ok = compile_point(c, rule) && ok;
    ok = compile_condition(c, rule, RULE_WHEN, &rule->when) && ok;
    ok = compile_condition(c, rule, RULE_EXPECT, &rule->expect) && ok;
    ok = compile_condition(c, rule, RULE_GROUP_BY, &rule->group_by) && ok;
    if (!rule->entry) return ok; /* from the table: the tests have seen its texts and its fix */
    ok = compile_text(c, rule, RULE_MESSAGE) && ok;
    ok = compile_text(c, rule, RULE_HELP) && ok;
    return ok && compile_fix(c, rule);
}

bool rule_set_compile(struct arena *a, struct rule_set *set, struct problems *problems) {
    bool ok = true;
    set->env = rule_compile_env(a, NULL);
    struct rule_compiler c = {a, set->env, problems};
    rule_set_sort(set);
    for (uint32_t i = 0; i < set->rules.len; i++) ok = rule_compile(&c, set->rules.items[i]) && ok;
    if (ok) set->plan = rule_plan_make(a, set);
    return ok;
}
