/* Functions on mappings: what is read by a key that is written out is a read of that place. */
#include "template/eval/scope_work.h"

/* Whether the argument is a string that stands behind the first one. */
static bool is_written_out(const struct call *c, uint32_t i) {
    char first = span_text(c->work->unit->tree->text, c->spans[i]).ptr[0];
    return (first == '"' || first == '`') && c->spans[i].start > c->spans[0].start;
}

/* A key by which a mapping is read; what is read is not known where the key is not. */
static bool key_of(struct call *c, uint32_t map, uint32_t key, struct str *text) {
    if (!is_written_out(c, key)) work_see_whole(c->work, &c->args[map]);
    if (abstract_text(&c->args[key], text)) return true;
    work_escape(c->work, &c->args[map]);
    work_escape(c->work, &c->args[key]);
    return false;
}

static bool is_other_data(const struct abstract *v) {
    return v->kind == ABSTRACT_DATA && (!v->data || v->data->kind != VALUE_MAP);
}

static struct abstract call_has_key(struct call *c) {
    struct str key;
    enum truth present;
    if (c->count != 2 || !key_of(c, 0, 1, &key)) return abstract_unknown();
    struct abstract member = work_member(c->work, &c->args[0], key, &present);
    if (is_other_data(&c->args[0])) present = c->args[0].data ? TRUTH_MAYBE : TRUTH_NO;
    work_truth(c->work, &member);
    return abstract_truth(present);
}

static struct abstract call_get(struct call *c) {
    struct str key;
    enum truth present;
    if (c->count != 2 || !key_of(c, 0, 1, &key)) return abstract_unknown();
    struct abstract member = work_member(c->work, &c->args[0], key, &present);
    if (present != TRUTH_NO && !is_other_data(&c->args[0])) return member;
    struct abstract none = abstract_string(c->work->arena, STR(""));
    none.place = member.place;
    return none;
}

static struct abstract index_list(struct call *c, const struct abstract *v, const struct abstract *key) {
    bool known = key->kind == ABSTRACT_DATA && key->data && key->data->kind == VALUE_INT && key->data->integer >= 0;
    uint64_t at = known ? (uint64_t)key->data->integer : 0;
    if (v->kind == ABSTRACT_LIST && known && !v->items->open && at < v->items->list.len)
        return v->items->list.items[at].value;
    if (v->kind == ABSTRACT_DATA && known && at < v->data->list.len)
        return work_item(c->work, v, &v->data->list.items[at]);
    work_escape(c->work, v);
    return abstract_unknown();
}

static struct abstract call_index(struct call *c) {
    if (c->count == 0) return abstract_unknown();
    struct abstract v = c->args[0];
    for (uint32_t i = 1; i < c->count; i++) {
        struct str key;
        if (!is_written_out(c, i)) work_see_whole(c->work, &v);
        if (i > 1 && abstract_is_nil(&v)) work_fail(c->work, TEMPLATE_FAILURE_ARGUMENT, &v, c->spans[0], STR("index"));
        bool list = v.kind == ABSTRACT_LIST || (v.kind == ABSTRACT_DATA && v.data && v.data->kind == VALUE_LIST);
        if (list) {
            v = index_list(c, &v, &c->args[i]);
        } else if (v.kind == ABSTRACT_ROOT) {
            /* As the same with a dot. */
            if (!abstract_text(&c->args[i], &key)) work_escape(c->work, &v);
            v = abstract_text(&c->args[i], &key) ? work_hop(c->work, &v, key, c->spans[0]) : abstract_unknown();
        } else if (abstract_text(&c->args[i], &key)) {
            v = work_member(c->work, &v, key, NULL);
        } else {
            work_escape(c->work, &v);
            work_escape(c->work, &c->args[i]);
            v = abstract_unknown();
        }
    }
    return v;
}

static struct abstract call_dig(struct call *c) {
    if (c->count < 3) return abstract_unknown();
    struct abstract v = c->args[c->count - 1], fallback = c->args[c->count - 2];
    if (abstract_is_nil(&v)) work_fail(c->work, TEMPLATE_FAILURE_ARGUMENT, &v, c->spans[c->count - 1], STR("dig"));
    for (uint32_t i = 0; i + 2 < c->count; i++) {
        struct str key;
        enum truth present;
        work_see_whole(c->work, &v);
        if (!abstract_text(&c->args[i], &key)) {
            work_escape(c->work, &v);
            return abstract_unknown();
        }
        if (v.kind == ABSTRACT_DATA && v.data && v.data->kind != VALUE_MAP)
            work_fail(c->work, TEMPLATE_FAILURE_ARGUMENT, &v, c->spans[c->count - 1], STR("dig"));
        v = work_member(c->work, &v, key, &present);
        if (present == TRUTH_NO) {
            for (uint32_t k = i + 1; v.place && k + 2 < c->count && abstract_text(&c->args[k], &key); k++)
                v.place = template_place_below(c->work->arena, v.place, key);
            if (v.place) v.place->uses |= TEMPLATE_PLACE_READ | TEMPLATE_PLACE_TRUTH;
            return fallback;
        }
        if (present == TRUTH_MAYBE) {
            struct abstract unknown = abstract_unknown();
            unknown.place = v.place;
            v = unknown;
        }
    }
    work_escape(c->work, &fallback);
    return v;
}

static struct abstract call_dict(struct call *c) {
    struct abstract v = {.kind = ABSTRACT_DICT, .items = arena_new(c->work->arena, struct abstract_items)};
    v.items->serial = ++c->work->serial;
    for (uint32_t i = 0; i < c->count; i += 2) {
        struct abstract_item item = {.value = abstract_string(c->work->arena, STR(""))};
        if (i + 1 < c->count) item.value = c->args[i + 1];
        if (abstract_text(&c->args[i], &item.key)) {
            vec_push(c->work->arena, &v.items->list, item);
        } else {
            work_escape(c->work, &item.value);
            v.items->open = true;
        }
    }
    return v;
}

/* ---- those that change a mapping ---- */

/* A template sets a key of the root: those before it have to be gone through again, with that in mind. */
static void grow_root(struct work *w) {
    if (work_reach(w) == TRUTH_NO || w->root_grows) return;
    w->root_grows = w->others = true;
}

/* What the mapping holds is not known any more. */
static void forget(struct work *w, const struct abstract *v) {
    work_escape(w, v);
    if (v->kind == ABSTRACT_ROOT) {
        work_change(w, &w->out->root);
        grow_root(w);
    }
    if (v->place) work_change(w, v->place);
    if (v->kind != ABSTRACT_DICT) return;
    v->items->open = true;
    v->items->list.len = 0;
    work_touch(w, v->items);
}

static void set_member(struct call *c, struct str key) {
    struct work *w = c->work;
    const struct abstract *map = &c->args[0], *value = c->count > 2 ? &c->args[2] : NULL;
    struct abstract gone = abstract_unknown();
    if (value) gone = *value;
    if (map->kind == ABSTRACT_ROOT && str_eq(key, STR("Values"))) work_change(w, &w->out->root);
    if (map->kind == ABSTRACT_ROOT) grow_root(w);
    if (map->place) work_change(w, template_place_below(w->arena, map->place, key));
    if (map->kind != ABSTRACT_DICT || w->depth + w->loose > 0) work_escape(w, &gone);
    if (map->kind != ABSTRACT_DICT || work_reach(w) == TRUTH_NO) return;
    work_touch(w, map->items);
    struct abstract *member = (struct abstract *)(uintptr_t)abstract_member(map, key);
    if (w->depth + w->loose > 0 || !value) {
        /* It may be done or not. */
        if (member) work_escape(w, member);
        gone = abstract_unknown();
    }
    struct abstract_item item = {key, gone};
    if (member) *member = gone;
    else if (value) vec_push(w->arena, &map->items->list, item);
}

static struct abstract call_set(struct call *c) {
    struct str key;
    if (c->count < 2) return abstract_unknown();
    if (abstract_text(&c->args[1], &key)) {
        set_member(c, key);
    } else {
        forget(c->work, &c->args[0]);
        for (uint32_t i = 1; i < c->count; i++) work_escape(c->work, &c->args[i]);
    }
    return c->args[0];
}

/* merge and the like: the first mapping takes what the others hold. */
static struct abstract call_merge(struct call *c) {
    for (uint32_t i = 1; i < c->count; i++) work_take(c->work, &c->args[i], c->spans[i]);
    if (c->count && !is_other_data(&c->args[0])) forget(c->work, &c->args[0]);
    struct abstract v = {.kind = ABSTRACT_DICT, .items = arena_new(c->work->arena, struct abstract_items)};
    v.items->open = true;
    return v;
}

static struct abstract call_deep_copy(struct call *c) {
    if (c->count != 1) return abstract_unknown();
    struct abstract v = c->args[0];
    if (abstract_is_nil(&v)) work_fail(c->work, TEMPLATE_FAILURE_ARGUMENT, &v, c->spans[0], c->name);
    if (v.kind == ABSTRACT_ROOT) return v;
    if (v.kind == ABSTRACT_DICT || v.kind == ABSTRACT_LIST) {
        v.items = arena_new(c->work->arena, struct abstract_items);
        v.items->open = c->args[0].items->open;
        for (uint32_t i = 0; i < c->args[0].items->list.len; i++)
            vec_push(c->work->arena, &v.items->list, c->args[0].items->list.items[i]);
        return v;
    }
    work_take(c->work, &v, c->spans[0]);
    v.place = NULL;
    return v;
}

bool call_map_function(struct call *c, struct abstract *result) {
    static const struct call_entry functions[] = {
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
    return call_among(c, functions, sizeof functions / sizeof *functions, result);
}
