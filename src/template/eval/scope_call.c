/* Calls: other templates, texts that are run, functions. */
#include "template/eval/scope_work.h"

#define CALLS_MAX 60 /* of routines inside each other; Helm allows more, but nobody writes them */
#define VISITS_MAX 32u

static bool was_visited(const struct routine *routine, const struct abstract *dot, enum truth reach) {
    for (uint32_t i = 0; i < routine->visits.len; i++) {
        const struct visit *visit = &routine->visits.items[i];
        if (!visit->changes && visit->reach >= reach && abstract_same(&visit->dot, dot)) return true;
    }
    return false;
}

/* Where a visit with this dot is noted: that of one which has to be repeated, or a new one. False where there are too
 * many. */
static bool note_visit(struct work *w, struct routine *routine, const struct visit *visit, uint32_t *at) {
    for (*at = 0; *at < routine->visits.len; ++*at) {
        struct visit *before = &routine->visits.items[*at];
        if (!before->changes || !abstract_same(&before->dot, &visit->dot)) continue;
        *before = *visit;
        return true;
    }
    if (routine->visits.len >= VISITS_MAX) return false;
    vec_push(w->arena, &routine->visits, *visit);
    return true;
}

/* The dot as it is now: what the template made may be changed later. */
static struct abstract copy_of(struct work *w, const struct abstract *v) {
    struct abstract copy = *v;
    if (v->kind != ABSTRACT_DICT && v->kind != ABSTRACT_LIST) return copy;
    copy.items = arena_new(w->arena, struct abstract_items);
    copy.items->open = v->items->open;
    for (uint32_t i = 0; i < v->items->list.len; i++) vec_push(w->arena, &copy.items->list, v->items->list.items[i]);
    return copy;
}

void work_routine(struct work *w, struct routine *routine, const struct abstract *dot) {
    struct abstract outer_dot = w->dot;
    const struct unit *outer = w->unit;
    uint32_t first = w->first_variable, known = w->variables.len, loose = w->loose;
    enum truth reach = w->reach, limit = w->limit;
    if (was_visited(routine, dot, work_reach(w))) return;
    struct visit visit = {copy_of(w, dot), work_reach(w), false};
    uint32_t at, serial = w->serial, changed = w->changed;
    if (w->nesting > CALLS_MAX * 5 || !note_visit(w, routine, &visit, &at)) {
        work_miss(w);
        work_lose(w, dot);
        return;
    }
    w->changed = UINT32_MAX;
    w->nesting += 3;
    w->dot = *dot;
    w->unit = &routine->unit;
    w->reach = work_reach(w);
    w->limit = TRUTH_YES;
    w->first_variable = known;
    work_declare(w, STR("$"), dot);
    work_nodes(w, routine->body);
    w->nesting -= 3;
    if (w->changed <= serial) routine->visits.items[at].changes = true;
    if (changed < w->changed) w->changed = changed;
    w->variables.len = known;
    w->first_variable = first;
    w->loose = loose;
    w->reach = reach;
    w->limit = limit;
    w->unit = outer;
    w->dot = outer_dot;
}

void work_template(struct work *w, struct str name, const struct abstract *dot) {
    struct routine *routine = map_get(&w->defines, name);
    struct abstract v = *dot;
    v.boxed = false;
    if (routine) {
        work_routine(w, routine, &v);
    } else {
        work_miss(w);
        work_lose(w, &v);
    }
}

struct abstract call_include(struct call *c) {
    struct str name;
    if (c->count != 2) return abstract_unknown();
    struct abstract dot = c->args[1];
    if (abstract_text(&c->args[0], &name)) {
        work_template(c->work, name, &dot);
    } else if (!c->of_file || dot.kind != ABSTRACT_ROOT) {
        work_miss(c->work);
        work_lose(c->work, &dot);
    }
    work_take(c->work, &c->args[0], c->spans[0]);
    return abstract_unknown();
}

/* ---- tpl ---- */

/* The text as a routine; its body is NULL where it does not parse. What it defines is not seen. */
static struct routine *routine_of_text(struct work *w, struct str text, struct span span) {
    struct routine *routine = map_get(&w->texts, text);
    struct tmpl_error error;
    if (routine) return routine;
    routine = arena_new(w->arena, struct routine);
    map_put(w->arena, &w->texts, text, routine);
    struct tmpl_tree *tree = arena_new(w->arena, struct tmpl_tree);
    routine->unit = (struct unit){tree, w->unit->file, true, w->unit->inside ? w->unit->span : span};
    if (tmpl_parse(w->arena, text, tree, &error) && tree->defines.len == 0) routine->body = tree->body;
    else routine->unit.tree = NULL;
    return routine;
}

static void run_text(struct work *w, struct str text, const struct abstract *dot, struct span span) {
    work_charge(w, text.len);
    if (str_find(text, STR("{{")) == text.len) return;
    struct routine *routine = routine_of_text(w, text, span);
    if (routine->unit.tree) {
        work_routine(w, routine, dot);
    } else {
        work_miss(w);
        work_lose(w, dot);
    }
}

/* All strings of `value` that hold an action. What surrounds them in the text may change them. */
static void run_strings(struct work *w, const struct value *value, const struct abstract *dot, struct span span) {
    if (!work_step(w)) return;
    if (value->kind == VALUE_STRING) {
        run_text(w, value->string, dot, span);
    } else if (value->kind == VALUE_LIST) {
        for (uint32_t i = 0; i < value->list.len; i++) run_strings(w, &value->list.items[i], dot, span);
    } else if (value->kind == VALUE_MAP) {
        for (uint32_t i = 0; i < value->map.len; i++) {
            run_text(w, value->map.members[i].key, dot, span);
            run_strings(w, &value->map.members[i].value, dot, span);
        }
    }
}

struct abstract call_tpl(struct call *c) {
    struct work *w = c->work;
    struct str text;
    if (c->count != 2) return abstract_unknown();
    struct abstract dot = c->args[1];
    dot.boxed = false;
    work_take(w, &c->args[0], c->spans[0]);
    if (abstract_text(&c->args[0], &text)) {
        run_text(w, text, &dot, c->spans[0]);
    } else if (c->args[0].text_of) {
        struct branch branch = work_enter(w, TRUTH_MAYBE);
        run_strings(w, c->args[0].text_of, &dot, c->spans[0]);
        work_leave(w, branch);
    } else if (c->args[0].kind != ABSTRACT_DATA) {
        if (dot.kind != ABSTRACT_ROOT) work_miss(w);
        work_lose(w, &dot);
    }
    return abstract_unknown();
}

/* ---- functions ---- */

/* Whether the argument is of a kind that the parameter takes; what fails is told. */
static void check_argument(const struct call *c, uint32_t i, char parameter) {
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
    if (parameter == 'm') fits = kind == VALUE_MAP || (kind == VALUE_NULL && !v->boxed);
    if (fits) return;
    struct template_failure *failure = work_fail(c->work, TEMPLATE_FAILURE_ARGUMENT, v, c->spans[i], c->name);
    if (failure) failure->integer = number && parameter == 'i';
}

struct abstract call_unknown(struct call *c) {
    for (uint32_t i = 0; i < c->count; i++) work_take(c->work, &c->args[i], c->spans[i]);
    return abstract_unknown();
}

bool call_among(struct call *c, const struct call_entry *entries, size_t count, struct abstract *result) {
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(c->name, entries[i].name)) continue;
        *result = entries[i].call(c);
        return true;
    }
    return false;
}

struct abstract call_function(struct call *c) {
    const struct template_function *function = template_function(c->name);
    struct abstract result = abstract_unknown();
    for (uint32_t i = 0; function && i < c->count; i++) {
        struct str text;
        if (abstract_text(&c->args[i], &text)) work_charge(c->work, text.len);
        check_argument(c, i, template_parameter(function, i));
    }
    bool rootless = c->work->input->watch && function, hands_on = rootless && template_hands_on(c->name);
    for (uint32_t i = 0; hands_on && i < c->count; i++) rootless = rootless && work_is_rootless(c->work, &c->args[i]);
    if (str_eq(c->name, STR("include"))) result = call_include(c);
    else if (str_eq(c->name, STR("tpl"))) result = call_tpl(c);
    else if (!call_map_function(c, &result) && !call_list_function(c, &result) && !call_logic_function(c, &result) &&
             !call_text_function(c, &result))
        result = call_unknown(c);
    result.rootless |= rootless && result.kind == ABSTRACT_UNKNOWN;
    return result;
}
