/* Functions on lists. */
#include "template/eval/scope_evaluator.h"

#define ITEMS_MAX 64u
/* Of longer lists what lies behind is not followed. */
#define LIST_MAX 256u

static struct abstract new_list(struct scope_evaluator *e) {
    return (struct abstract){.kind = ABSTRACT_LIST, .items = arena_new(e->arena, struct abstract_items)};
}

static void add(struct scope_evaluator *e, struct abstract *list, const struct abstract *item) {
    struct abstract_item added = {.value = *item};
    if (list->items->list.len >= LIST_MAX) {
        scope_escape(e, item);
        list->items->open = true;
        return;
    }
    vec_push(e->arena, &list->items->list, added);
}

/* Adds what the list `v` holds. */
static void add_all(struct scope_evaluator *e, struct abstract *list, const struct abstract *v) {
    if (v->kind == ABSTRACT_LIST) {
        list->items->open |= v->items->open;
        for (uint32_t i = 0; i < v->items->list.len && scope_step(e); i++) add(e, list, &v->items->list.items[i].value);
    } else if (v->kind == ABSTRACT_DATA && v->data && v->data->kind == VALUE_LIST && v->data->list.len <= ITEMS_MAX) {
        scope_truth(e, v);
        for (uint32_t i = 0; i < v->data->list.len; i++) {
            struct abstract item = scope_item(e, v, &v->data->list.items[i]);
            add(e, list, &item);
        }
    } else {
        scope_escape(e, v);
        list->items->open = true;
    }
}

static struct abstract call_list(struct scope_call *c) {
    struct abstract list = new_list(c->evaluator);
    for (uint32_t i = 0; i < c->count; i++) add(c->evaluator, &list, &c->args[i]);
    return list;
}

static struct abstract call_concat(struct scope_call *c) {
    struct abstract list = new_list(c->evaluator);
    for (uint32_t i = 0; i < c->count; i++) add_all(c->evaluator, &list, &c->args[i]);
    return list;
}

static struct abstract call_append(struct scope_call *c) {
    struct abstract list = new_list(c->evaluator);
    bool front = str_eq(c->name, STR("prepend")) || str_eq(c->name, STR("mustPrepend"));
    if (c->count != 2) return scope_unknown(c);
    if (front) add(c->evaluator, &list, &c->args[1]);
    add_all(c->evaluator, &list, &c->args[0]);
    if (!front) add(c->evaluator, &list, &c->args[1]);
    return list;
}

static struct abstract call_first(struct scope_call *c) {
    struct abstract list = new_list(c->evaluator);
    bool last = str_eq(c->name, STR("last")) || str_eq(c->name, STR("mustLast"));
    if (c->count != 1) return scope_unknown(c);
    add_all(c->evaluator, &list, &c->args[0]);
    uint32_t count = list.items->list.len;
    if (count == 0 && !list.items->open) return abstract_data(NULL);
    if (count == 0 || list.items->open) {
        scope_escape(c->evaluator, &list);
        return abstract_unknown();
    }
    return list.items->list.items[last ? count - 1 : 0].value;
}

static struct abstract call_until(struct scope_call *c) {
    const struct value *count = c->count == 1 && c->args[0].kind == ABSTRACT_DATA ? c->args[0].data : NULL;
    struct abstract list = new_list(c->evaluator);
    if (!count || count->kind != VALUE_INT || count->integer > (int64_t)ITEMS_MAX) return scope_unknown(c);
    for (int64_t i = 0; i < count->integer; i++) {
        struct abstract item = abstract_whole(c->evaluator->arena, i);
        add(c->evaluator, &list, &item);
    }
    scope_take(c->evaluator, &c->args[0], c->spans[0]);
    return list;
}

bool scope_list_function(struct scope_call *c, struct abstract *result) {
    static const struct scope_call_entry functions[] = {
        {STR_INIT("list"), call_list},          {STR_INIT("tuple"), call_list},
        {STR_INIT("concat"), call_concat},      {STR_INIT("append"), call_append},
        {STR_INIT("mustAppend"), call_append},  {STR_INIT("push"), call_append},
        {STR_INIT("mustPush"), call_append},    {STR_INIT("prepend"), call_append},
        {STR_INIT("mustPrepend"), call_append}, {STR_INIT("first"), call_first},
        {STR_INIT("mustFirst"), call_first},    {STR_INIT("last"), call_first},
        {STR_INIT("mustLast"), call_first},     {STR_INIT("until"), call_until},
    };
    return scope_call_among(c, functions, sizeof functions / sizeof *functions, result);
}
