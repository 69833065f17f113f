/* Functions on mappings: what is read by a key that is written out is a read of that place. */
#include "template/eval/scope_evaluator.h"

/* Whether the argument is a string that stands behind the first one. */
static bool is_written_out(const struct scope_call *c, uint32_t i) {
    char first = span_text(c->evaluator->unit->tree->text, c->spans[i]).ptr[0];
    return (first == '"' || first == '`') && c->spans[i].start > c->spans[0].start;
}

/* A key by which a mapping is read; what is read is not known where the key is not. */
static bool key_of(struct scope_call *c, uint32_t map, uint32_t key, struct str *text) {
    if (!is_written_out(c, key)) scope_see_whole(c->evaluator, &c->args[map]);
    if (abstract_text(&c->args[key], text)) return true;
    scope_escape(c->evaluator, &c->args[map]);
    scope_escape(c->evaluator, &c->args[key]);
    return false;
}

static bool is_other_data(const struct abstract *v) {
    return v->kind == ABSTRACT_DATA && (!v->data || v->data->kind != VALUE_MAP);
}

static struct abstract call_has_key(struct scope_call *c) {
    struct str key;
    enum truth present;
    if (c->count != 2 || !key_of(c, 0, 1, &key)) return abstract_unknown();
    struct abstract member = scope_member(c->evaluator, &c->args[0], key, &present);
    if (is_other_data(&c->args[0])) present = c->args[0].data ? TRUTH_MAYBE : TRUTH_NO;
    scope_truth(c->evaluator, &member);
    return abstract_truth(present);
}

static struct abstract call_get(struct scope_call *c) {
    struct str key;
    enum truth present;
    if (c->count != 2 || !key_of(c, 0, 1, &key)) return abstract_unknown();
    struct abstract member = scope_member(c->evaluator, &c->args[0], key, &present);
    if (present != TRUTH_NO && !is_other_data(&c->args[0])) return member;
    struct abstract none = abstract_string(c->evaluator->arena, STR(""));
    none.place = member.place;
    return none;
}

static struct abstract index_list(struct scope_call *c, const struct abstract *v, const struct abstract *key) {
    bool known = key->kind == ABSTRACT_DATA && key->data && key->data->kind == VALUE_INT && key->data->integer >= 0;
    uint64_t at = known ? (uint64_t)key->data->integer : 0;
    if (v->kind == ABSTRACT_LIST && known && !v->items->open && at < v->items->list.len)
        return v->items->list.items[at].value;
    if (v->kind == ABSTRACT_DATA && known && at < v->data->list.len)
        return scope_item(c->evaluator, v, &v->data->list.items[at]);
    scope_escape(c->evaluator, v);
    return abstract_unknown();
}

static struct abstract call_index(struct scope_call *c) {
    if (c->count == 0) return abstract_unknown();
    struct abstract v = c->args[0];
    for (uint32_t i = 1; i < c->count; i++) {
        struct str key;
        if (!is_written_out(c, i)) scope_see_whole(c->evaluator, &v);
        if (i > 1 && abstract_is_nil(&v)) scope_fail(c->evaluator, SCOPE_FAILS_ARGUMENT, &v, c->spans[0], STR("index"));
        bool list = v.kind == ABSTRACT_LIST || (v.kind == ABSTRACT_DATA && v.data && v.data->kind == VALUE_LIST);
        if (list) {
            v = index_list(c, &v, &c->args[i]);
        } else if (v.kind == ABSTRACT_ROOT) {
            /* As the same with a dot. */
            if (!abstract_text(&c->args[i], &key)) scope_escape(c->evaluator, &v);
            v = abstract_text(&c->args[i], &key) ? scope_field(c->evaluator, &v, key, c->spans[0]) : abstract_unknown();
        } else if (abstract_text(&c->args[i], &key)) {
            v = scope_member(c->evaluator, &v, key, NULL);
        } else {
            scope_escape(c->evaluator, &v);
            scope_escape(c->evaluator, &c->args[i]);
            v = abstract_unknown();
        }
    }
    return v;
}

static struct abstract call_dig(struct scope_call *c) {
    if (c->count < 3) return abstract_unknown();
    struct abstract v = c->args[c->count - 1], fallback = c->args[c->count - 2];
    if (abstract_is_nil(&v)) scope_fail(c->evaluator, SCOPE_FAILS_ARGUMENT, &v, c->spans[c->count - 1], STR("dig"));
    for (uint32_t i = 0; i + 2 < c->count; i++) {
        struct str key;
        enum truth present;
        scope_see_whole(c->evaluator, &v);
        if (!abstract_text(&c->args[i], &key)) {
            scope_escape(c->evaluator, &v);
            return abstract_unknown();
        }
        if (v.kind == ABSTRACT_DATA && v.data && v.data->kind != VALUE_MAP)
            scope_fail(c->evaluator, SCOPE_FAILS_ARGUMENT, &v, c->spans[c->count - 1], STR("dig"));
        v = scope_member(c->evaluator, &v, key, &present);
        if (present == TRUTH_NO) {
            for (uint32_t k = i + 1; v.place && k + 2 < c->count && abstract_text(&c->args[k], &key); k++)
                v.place = value_path_below(c->evaluator->arena, v.place, key);
            if (v.place) v.place->uses |= VALUE_PATH_READ | VALUE_PATH_TRUTH;
            return fallback;
        }
        if (present == TRUTH_MAYBE) {
            struct abstract unknown = abstract_unknown();
            unknown.place = v.place;
            v = unknown;
        }
    }
    scope_escape(c->evaluator, &fallback);
    return v;
}

static struct abstract call_dict(struct scope_call *c) {
    struct abstract v = {.kind = ABSTRACT_DICT, .items = arena_new(c->evaluator->arena, struct abstract_items)};
    v.items->serial = ++c->evaluator->serial;
    for (uint32_t i = 0; i < c->count; i += 2) {
        struct abstract_item item = {.value = abstract_string(c->evaluator->arena, STR(""))};
        if (i + 1 < c->count) item.value = c->args[i + 1];
        if (abstract_text(&c->args[i], &item.key)) {
            vec_push(c->evaluator->arena, &v.items->list, item);
        } else {
            scope_escape(c->evaluator, &item.value);
            v.items->open = true;
        }
    }
    return v;
}

/* ---- those that change a mapping ---- */

/* A template sets a key of the root: those before it have to be gone through again, with that in mind. */
static void grow_root(struct scope_evaluator *e) {
    if (scope_reach(e) == TRUTH_NO || e->root_grows) return;
    e->root_grows = e->others = true;
}

/* What the mapping holds is not known any more. */
static void forget(struct scope_evaluator *e, const struct abstract *v) {
    scope_escape(e, v);
    if (v->kind == ABSTRACT_ROOT) {
        scope_change(e, &e->out->root);
        grow_root(e);
    }
    if (v->place) scope_change(e, v->place);
    if (v->kind != ABSTRACT_DICT) return;
    v->items->open = true;
    v->items->list.len = 0;
    scope_invalidate(e, v->items);
}

static void set_member(struct scope_call *c, struct str key) {
    struct scope_evaluator *e = c->evaluator;
    const struct abstract *map = &c->args[0], *value = c->count > 2 ? &c->args[2] : NULL;
    struct abstract gone = abstract_unknown();
    if (value) gone = *value;
    if (map->kind == ABSTRACT_ROOT && str_eq(key, STR("Values"))) scope_change(e, &e->out->root);
    if (map->kind == ABSTRACT_ROOT) grow_root(e);
    if (map->place) scope_change(e, value_path_below(e->arena, map->place, key));
    if (map->kind != ABSTRACT_DICT || e->depth + e->loose > 0) scope_escape(e, &gone);
    if (map->kind != ABSTRACT_DICT || scope_reach(e) == TRUTH_NO) return;
    scope_invalidate(e, map->items);
    struct abstract *member = (struct abstract *)(uintptr_t)abstract_member(map, key);
    if (e->depth + e->loose > 0 || !value) {
        /* It may be done or not. */
        if (member) scope_escape(e, member);
        gone = abstract_unknown();
    }
    struct abstract_item item = {key, gone};
    if (member) *member = gone;
    else if (value) vec_push(e->arena, &map->items->list, item);
}

static struct abstract call_set(struct scope_call *c) {
    struct str key;
    if (c->count < 2) return abstract_unknown();
    if (abstract_text(&c->args[1], &key)) {
        set_member(c, key);
    } else {
        forget(c->evaluator, &c->args[0]);
        for (uint32_t i = 1; i < c->count; i++) scope_escape(c->evaluator, &c->args[i]);
    }
    return c->args[0];
}

/* merge and the like: the first mapping takes what the others hold. */
static struct abstract call_merge(struct scope_call *c) {
    for (uint32_t i = 1; i < c->count; i++) scope_take(c->evaluator, &c->args[i], c->spans[i]);
    if (c->count && !is_other_data(&c->args[0])) forget(c->evaluator, &c->args[0]);
    struct abstract v = {.kind = ABSTRACT_DICT, .items = arena_new(c->evaluator->arena, struct abstract_items)};
    v.items->open = true;
    return v;
}

static struct abstract call_deep_copy(struct scope_call *c) {
    if (c->count != 1) return abstract_unknown();
    struct abstract v = c->args[0];
    if (abstract_is_nil(&v)) scope_fail(c->evaluator, SCOPE_FAILS_ARGUMENT, &v, c->spans[0], c->name);
    if (v.kind == ABSTRACT_ROOT) return v;
    if (v.kind == ABSTRACT_DICT || v.kind == ABSTRACT_LIST) {
        v.items = arena_new(c->evaluator->arena, struct abstract_items);
        v.items->open = c->args[0].items->open;
        for (uint32_t i = 0; i < c->args[0].items->list.len; i++)
            vec_push(c->evaluator->arena, &v.items->list, c->args[0].items->list.items[i]);
        return v;
    }
    scope_take(c->evaluator, &v, c->spans[0]);
    v.place = NULL;
    return v;
}

bool scope_map_function(struct scope_call *c, struct abstract *result) {
    static const struct scope_call_entry functions[] = {
        {STR_INIT("hasKey"), call_has_key},
        {STR_INIT("get"), call_get},
        {STR_INIT("index"), call_index},
        {STR_INIT("dig"), call_dig},
        {STR_INIT("dict"), call_dict},
        {STR_INIT("set"), call_set},
        {STR_INIT("unset"), call_set},
        {STR_INIT("merge"), call_merge},
        {STR_INIT("mustMerge"), call_merge},
        {STR_INIT("mergeOverwrite"), call_merge},
        {STR_INIT("mustMergeOverwrite"), call_merge},
        {STR_INIT("deepCopy"), call_deep_copy},
        {STR_INIT("mustDeepCopy"), call_deep_copy},
    };
    return scope_call_among(c, functions, sizeof functions / sizeof *functions, result);
}
