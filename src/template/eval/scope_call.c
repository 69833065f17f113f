/* Calls: other templates, texts that are run, functions. */
#include "template/eval/scope_evaluator.h"

#define CALLS_MAX 60 /* of routines inside each other; Helm allows more, but nobody writes them */
#define VISITS_MAX 32u

static bool was_visited(const struct scope_routine *routine, const struct abstract *dot, enum truth reach) {
    for (uint32_t i = 0; i < routine->visits.len; i++) {
        const struct scope_visit *visit = &routine->visits.items[i];
        if (!visit->changes && visit->reach >= reach && abstract_same(&visit->dot, dot)) return true;
    }
    return false;
}

/* Where a visit with this dot is noted: that of one which has to be repeated, or a new one. False where there are too
 * many. */
static bool note_visit(struct scope_evaluator *e, struct scope_routine *routine, const struct scope_visit *visit,
                       uint32_t *at) {
    for (*at = 0; *at < routine->visits.len; ++*at) {
        struct scope_visit *before = &routine->visits.items[*at];
        if (!before->changes || !abstract_same(&before->dot, &visit->dot)) continue;
        *before = *visit;
        return true;
    }
    if (routine->visits.len >= VISITS_MAX) return false;
    vec_push(e->arena, &routine->visits, *visit);
    return true;
}

/* The dot as it is now: what the template made may be changed later. */
static struct abstract copy_of(struct scope_evaluator *e, const struct abstract *v) {
    struct abstract copy = *v;
    if (v->kind != ABSTRACT_DICT && v->kind != ABSTRACT_LIST) return copy;
    copy.items = arena_new(e->arena, struct abstract_items);
    copy.items->open = v->items->open;
    for (uint32_t i = 0; i < v->items->list.len; i++) vec_push(e->arena, &copy.items->list, v->items->list.items[i]);
    return copy;
}

/* More text than this is not kept: no guard asks for it. */
#define PRINTED_MAX 256

void scope_add_printed(struct scope_evaluator *e, const struct scope_printed *more) {
    struct scope_printed *printed = e->printed;
    if (!printed) return;
    if (e->limit != TRUTH_YES) { /* a `break` or `continue` may have ended it */
        printed->unknown = true;
        return;
    }
    if (more->text.len + printed->text.len > PRINTED_MAX) printed->unknown = true;
    else if (!printed->unknown && printed->text.len == 0) printed->text = more->text;
    else if (!printed->unknown && more->text.len)
        printed->text = arena_printf(e->arena, "%.*s%.*s", STR_ARG(printed->text), STR_ARG(more->text));
    printed->unknown |= more->unknown;
    printed->some |= more->some || more->text.len > 0;
}

static const struct scope_printed NOT_KNOWN = {.unknown = true};

/* What was printed by the visit that was_visited found. */
static struct scope_printed printed_before(const struct scope_routine *routine, const struct abstract *dot,
                                           enum truth reach) {
    for (uint32_t i = 0; i < routine->visits.len; i++) {
        const struct scope_visit *visit = &routine->visits.items[i];
        if (!visit->changes && visit->reach >= reach && abstract_same(&visit->dot, dot)) return visit->printed;
    }
    return NOT_KNOWN;
}

struct scope_printed scope_routine(struct scope_evaluator *e, struct scope_routine *routine,
                                   const struct abstract *dot) {
    struct scope_printed printed = {.text = STR("")}, *outer_printed = e->printed;
    struct abstract outer_dot = e->dot;
    const struct scope_unit *outer = e->unit;
    uint32_t first = e->first_variable, known = e->variables.len, loose = e->loose;
    enum truth reach = e->reach, limit = e->limit;
    if (was_visited(routine, dot, scope_reach(e))) return printed_before(routine, dot, scope_reach(e));
    struct scope_visit visit = {copy_of(e, dot), scope_reach(e), false, NOT_KNOWN};
    uint32_t at, serial = e->serial, changed = e->changed;
    if (e->nesting > CALLS_MAX * 5 || !note_visit(e, routine, &visit, &at)) {
        scope_miss(e);
        scope_havoc(e, dot);
        return NOT_KNOWN;
    }
    e->printed = &printed;
    e->changed = UINT32_MAX;
    e->nesting += 3;
    e->dot = *dot;
    e->unit = &routine->unit;
    e->reach = scope_reach(e);
    e->limit = TRUTH_YES;
    e->first_variable = known;
    scope_declare(e, STR("$"), dot);
    scope_nodes(e, routine->body);
    e->nesting -= 3;
    if (e->changed <= serial) routine->visits.items[at].changes = true;
    if (changed < e->changed) e->changed = changed;
    e->variables.len = known;
    e->first_variable = first;
    e->loose = loose;
    e->reach = reach;
    e->limit = limit;
    e->unit = outer;
    e->dot = outer_dot;
    e->printed = outer_printed;
    routine->visits.items[at].printed = printed;
    return printed;
}

struct scope_printed scope_template(struct scope_evaluator *e, struct str name, const struct abstract *dot) {
    struct scope_routine *routine = map_get(&e->defines, name);
    struct abstract v = *dot;
    v.interface_nil = false;
    if (routine) return scope_routine(e, routine, &v);
    scope_miss(e);
    scope_havoc(e, &v);
    return NOT_KNOWN;
}

/* The text that a template printed. */
static struct abstract text_value(struct scope_evaluator *e, const struct scope_printed *printed) {
    if (!printed->unknown) return abstract_string(e->arena, printed->text);
    struct abstract v = abstract_unknown();
    if (printed->some) v.truth = TRUTH_YES;
    return v;
}

struct abstract scope_include(struct scope_call *c) {
    struct str name;
    if (c->count != 2) return abstract_unknown();
    struct abstract dot = c->args[1];
    struct scope_printed printed = NOT_KNOWN;
    if (abstract_text(&c->args[0], &name)) {
        printed = scope_template(c->evaluator, name, &dot);
    } else if (!c->of_file || dot.kind != ABSTRACT_ROOT) {
        scope_miss(c->evaluator);
        scope_havoc(c->evaluator, &dot);
    }
    scope_take(c->evaluator, &c->args[0], c->spans[0]);
    return text_value(c->evaluator, &printed);
}

/* ---- tpl ---- */

/* The text as a routine; its body is NULL where it does not parse. What it defines is not seen. */
static struct scope_routine *routine_of_text(struct scope_evaluator *e, struct str text, struct span span) {
    struct scope_routine *routine = map_get(&e->texts, text);
    struct tmpl_error error;
    if (routine) return routine;
    routine = arena_new(e->arena, struct scope_routine);
    map_put(e->arena, &e->texts, text, routine);
    struct tmpl_tree *tree = arena_new(e->arena, struct tmpl_tree);
    routine->unit = (struct scope_unit){tree, e->unit->file, true, e->unit->inside ? e->unit->span : span};
    if (tmpl_parse(e->arena, text, tree, &error) && tree->defines.len == 0) routine->body = tree->body;
    else routine->unit.tree = NULL;
    return routine;
}

static void run_text(struct scope_evaluator *e, struct str text, const struct abstract *dot, struct span span) {
    scope_charge(e, text.len);
    if (str_find(text, STR("{{")) == text.len) return;
    struct scope_routine *routine = routine_of_text(e, text, span);
    if (routine->unit.tree) {
        scope_routine(e, routine, dot);
    } else {
        scope_miss(e);
        scope_havoc(e, dot);
    }
}

/* All strings of `value` that hold an action. What surrounds them in the text may change them. */
static void run_strings(struct scope_evaluator *e, const struct value *value, const struct abstract *dot,
                        struct span span) {
    if (!scope_step(e)) return;
    if (value->kind == VALUE_STRING) {
        run_text(e, value->string, dot, span);
    } else if (value->kind == VALUE_LIST) {
        for (uint32_t i = 0; i < value->list.len; i++) run_strings(e, &value->list.items[i], dot, span);
    } else if (value->kind == VALUE_MAP) {
        for (uint32_t i = 0; i < value->map.len; i++) {
            run_text(e, value->map.members[i].key, dot, span);
            run_strings(e, &value->map.members[i].value, dot, span);
        }
    }
}

struct abstract scope_tpl(struct scope_call *c) {
    struct scope_evaluator *e = c->evaluator;
    struct str text;
    if (c->count != 2) return abstract_unknown();
    struct abstract dot = c->args[1];
    dot.interface_nil = false;
    scope_take(e, &c->args[0], c->spans[0]);
    if (abstract_text(&c->args[0], &text)) {
        run_text(e, text, &dot, c->spans[0]);
    } else if (c->args[0].text_of) {
        struct scope_branch branch = scope_enter(e, TRUTH_MAYBE, (struct scope_guard){0});
        run_strings(e, c->args[0].text_of, &dot, c->spans[0]);
        scope_leave(e, branch);
    } else if (c->args[0].kind != ABSTRACT_DATA) {
        if (dot.kind != ABSTRACT_ROOT) scope_miss(e);
        scope_havoc(e, &dot);
    }
    return abstract_unknown();
}

/* ---- functions ---- */

/* Whether the argument is of a kind that the parameter takes; what fails is told. */
static void check_argument(const struct scope_call *c, uint32_t i, char parameter) {
    const struct abstract *v = &c->args[i];
    if (v->kind != ABSTRACT_DATA || parameter == 'a') return;
    enum value_kind kind = v->data ? v->data->kind : VALUE_NULL;
    bool fits = kind != VALUE_NULL, number = kind == VALUE_INT || kind == VALUE_FLOAT;
    if (parameter == 's') fits = kind == VALUE_STRING;
    if (parameter == 'b') fits = kind == VALUE_BOOL;
    if (parameter == 'i') fits = number && v->whole;
    if (parameter == 'l') fits = kind == VALUE_LIST;
    if (parameter == 'n') fits = kind == VALUE_LIST || kind == VALUE_NULL;
    /* Nil that came out of its interface is an empty mapping. */
    if (parameter == 'm') fits = kind == VALUE_MAP || (kind == VALUE_NULL && !v->interface_nil);
    if (fits) return;
    struct scope_failure *failure = scope_fail(c->evaluator, SCOPE_FAILS_ARGUMENT, v, c->spans[i], c->name);
    if (failure) failure->integer = number && parameter == 'i';
}

struct abstract scope_unknown(struct scope_call *c) {
    for (uint32_t i = 0; i < c->count; i++) scope_take(c->evaluator, &c->args[i], c->spans[i]);
    return abstract_unknown();
}

bool scope_call_among(struct scope_call *c, const struct scope_call_entry *entries, size_t count,
                      struct abstract *result) {
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(c->name, entries[i].name)) continue;
        *result = entries[i].call(c);
        return true;
    }
    return false;
}

struct abstract scope_function(struct scope_call *c) {
    const struct tmpl_function *function = tmpl_function(c->name);
    struct abstract result = abstract_unknown();
    for (uint32_t i = 0; function && i < c->count; i++) {
        struct str text;
        if (abstract_text(&c->args[i], &text)) scope_charge(c->evaluator, text.len);
        check_argument(c, i, tmpl_parameter(function, i));
    }
    bool excludes_root = c->evaluator->input->watch && function, hands_on = excludes_root && tmpl_hands_on(c->name);
    for (uint32_t i = 0; hands_on && i < c->count; i++)
        excludes_root = excludes_root && scope_excludes_root(c->evaluator, &c->args[i]);
    if (str_eq(c->name, STR("include"))) result = scope_include(c);
    else if (str_eq(c->name, STR("tpl"))) result = scope_tpl(c);
    else if (!scope_map_function(c, &result) && !scope_list_function(c, &result) && !scope_logic_function(c, &result) &&
             !scope_text_function(c, &result))
        result = scope_unknown(c);
    result.excludes_root |= excludes_root && result.kind == ABSTRACT_UNKNOWN;
    return result;
}
