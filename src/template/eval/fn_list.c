/* Functions of lists. They move values about, so holes in them stay where they are. */
#include <math.h>
#include <stdlib.h>

#include "template/eval/fn_help.h"

#define NIL_POINTER "runtime error: invalid memory address or nil pointer dereference"

/* Whether `list` is one; else the call has failed (`what` is for "Cannot push on type"), or *hole is set. */
static bool is_list(struct go_call *call, const struct go_value *list, const char *what) {
    if (go_kind(list) == GO_SLICE) return true;
    if (go_kind(list) == GO_HOLE) return go_give(call, go_hole_like(call->env, &GO_TYPE_HOLE, list->hole)), false;
    if (go_is_nil(list)) return go_fail(call, NIL_POINTER);
    return go_fail(call, "%s %s", what, fn_kind_name(list));
}

/* What is_list left behind where it said no: true for a hole. */
static bool not_a_list(const struct go_call *call) {
    return call->error.len == 0;
}

static bool give_list(struct go_call *call, struct go_value *items, uint32_t len) {
    return go_give(call, go_list(&GO_TYPE_LIST, items, len));
}

static bool give_nil_list(struct go_call *call) {
    return go_give(call, go_list(&GO_TYPE_LIST, NULL, 0));
}

static bool fn_list(struct go_call *call) {
    struct go_value *items = fn_items(call, call->count);
    for (uint32_t i = 0; i < call->count; i++) items[i] = go_kept(call->args[i]);
    return give_list(call, items, call->count);
}

/* The items [from, to) of a list, with `extra` before and behind. */
static struct go_value *copy_items(struct go_call *call, const struct go_value *list, uint32_t from, uint32_t to,
                                   uint32_t extra_before, uint32_t extra_behind) {
    struct go_value *items = fn_items(call, to - from + extra_before + extra_behind);
    for (uint32_t i = from; i < to; i++) items[extra_before + i - from] = fn_item(list, i);
    return items;
}

static bool fn_append(struct go_call *call) {
    const struct go_value *list = &call->args[0];
    if (!is_list(call, list, "Cannot push on type")) return not_a_list(call);
    uint32_t len = fn_length(list);
    struct go_value *items = copy_items(call, list, 0, len, 0, 1);
    items[len] = go_kept(call->args[1]);
    return give_list(call, items, len + 1);
}

static bool fn_prepend(struct go_call *call) {
    const struct go_value *list = &call->args[0];
    if (!is_list(call, list, "Cannot prepend on type")) return not_a_list(call);
    uint32_t len = fn_length(list);
    struct go_value *items = copy_items(call, list, 0, len, 1, 0);
    items[0] = go_kept(call->args[1]);
    return give_list(call, items, len + 1);
}

static bool fn_first(struct go_call *call) {
    const struct go_value *list = &call->args[0];
    if (!is_list(call, list, "Cannot find first on type")) return not_a_list(call);
    return go_give(call, fn_length(list) ? fn_item(list, 0) : go_nil());
}

static bool fn_last(struct go_call *call) {
    const struct go_value *list = &call->args[0];
    if (!is_list(call, list, "Cannot find last on type")) return not_a_list(call);
    uint32_t len = fn_length(list);
    return go_give(call, len ? fn_item(list, len - 1) : go_nil());
}

static bool fn_rest(struct go_call *call) {
    const struct go_value *list = &call->args[0];
    if (!is_list(call, list, "Cannot find rest on type")) return not_a_list(call);
    uint32_t len = fn_length(list);
    return len ? give_list(call, copy_items(call, list, 1, len, 0, 0), len - 1) : give_nil_list(call);
}

static bool fn_initial(struct go_call *call) {
    const struct go_value *list = &call->args[0];
    if (!is_list(call, list, "Cannot find initial on type")) return not_a_list(call);
    uint32_t len = fn_length(list);
    return len ? give_list(call, copy_items(call, list, 0, len - 1, 0, 0), len - 1) : give_nil_list(call);
}

static bool fn_reverse(struct go_call *call) {
    const struct go_value *list = &call->args[0];
    if (!is_list(call, list, "Cannot find reverse on type")) return not_a_list(call);
    uint32_t len = fn_length(list);
    struct go_value *items = fn_items(call, len);
    for (uint32_t i = 0; i < len; i++) items[len - 1 - i] = fn_item(list, i);
    return give_list(call, items, len);
}

/* Which items a list keeps depends on something unknown. */
static bool give_unsure(struct go_call *call, const struct go_value *v) {
    const struct go_hole *hole = go_find_hole(v);
    for (uint32_t i = 0; !hole && i < call->count; i++) hole = go_find_hole(&call->args[i]);
    if (!hole)
        return go_give(call, go_hole_value(call->env, &GO_TYPE_HOLE, STR("values that hold themselves"), -1, -1));
    return go_give(call, go_hole_like(call->env, &GO_TYPE_LIST, hole));
}

static bool fn_compact(struct go_call *call) {
    const struct go_value *list = &call->args[0];
    if (!is_list(call, list, "Cannot compact on type")) return not_a_list(call);
    uint32_t len = fn_length(list), kept = 0;
    struct go_value *items = fn_items(call, len);
    for (uint32_t i = 0; i < len; i++) {
        struct go_value item = fn_item(list, i);
        int truth = go_truth(&item);
        if (truth < 0) return give_unsure(call, &item);
        if (truth) items[kept++] = item;
    }
    return give_list(call, items, kept);
}

/* Whether `item` is among `count` others: 1, 0, -1. */
static int is_among(const struct go_value *item, const struct go_value *others, uint32_t count) {
    int found = 0;
    for (uint32_t i = 0; i < count; i++) {
        int equal = fn_deep_equal(item, &others[i]);
        if (equal > 0) return 1;
        if (equal < 0) found = -1;
    }
    return found;
}

static bool fn_uniq(struct go_call *call) {
    const struct go_value *list = &call->args[0];
    if (!is_list(call, list, "Cannot find uniq on type")) return not_a_list(call);
    uint32_t len = fn_length(list), kept = 0;
    struct go_value *items = fn_items(call, len);
    for (uint32_t i = 0; i < len; i++) {
        struct go_value item = fn_item(list, i);
        int found = is_among(&item, items, kept);
        if (found < 0) return give_unsure(call, &item);
        if (!found) items[kept++] = item;
    }
    return give_list(call, items, kept);
}

static bool fn_without(struct go_call *call) {
    const struct go_value *list = &call->args[0];
    if (!is_list(call, list, "Cannot find without on type")) return not_a_list(call);
    uint32_t len = fn_length(list), kept = 0;
    struct go_value *items = fn_items(call, len);
    for (uint32_t i = 0; i < len; i++) {
        struct go_value item = fn_item(list, i);
        int found = is_among(&item, call->args + 1, call->count - 1);
        if (found < 0) return give_unsure(call, &item);
        if (!found) items[kept++] = item;
    }
    return give_list(call, items, kept);
}

static bool fn_has(struct go_call *call) {
    const struct go_value *list = &call->args[1];
    int found = 0;
    if (go_is_nil(list)) return go_give(call, go_bool(false));
    if (!is_list(call, list, "Cannot find has on type")) return not_a_list(call);
    for (uint32_t i = 0; i < fn_length(list) && found <= 0; i++) {
        struct go_value item = fn_item(list, i);
        int equal = fn_deep_equal(&call->args[0], &item);
        if (equal) found = equal;
    }
    if (found < 0) return give_unsure(call, list);
    return go_give(call, go_bool(found));
}

static bool fn_slice(struct go_call *call) {
    const struct go_value *list = &call->args[0];
    if (!is_list(call, list, "list should be type of slice or array but")) return not_a_list(call);
    uint32_t len = fn_length(list);
    for (uint32_t i = 1; i < call->count; i++)
        if (go_kind(&call->args[i]) == GO_HOLE) return give_unsure(call, &call->args[i]);
    if (len == 0) return go_give(call, go_nil());
    int64_t start = call->count > 1 ? fn_to_int64(&call->args[1]) : 0;
    int64_t end = call->count > 2 ? fn_to_int64(&call->args[2]) : len;
    /* Go lets a slice grow into what was allocated behind it, which nobody can know. */
    if (start >= 0 && end >= start && end > len && end <= 2 * (int64_t)len)
        return go_give(call, go_hole_value(call->env, &GO_TYPE_HOLE, STR("what lies behind a list"), -1, -1));
    if (start < 0 || end < start || end > len) return go_fail(call, "reflect.Value.Slice: slice index out of bounds");
    struct go_value part = *list;
    if (list->type == &GO_TYPE_BYTES) {
        part = go_bytes(str_slice(list->text, (size_t)start, (size_t)end));
        part.runs = list->runs;
    } else {
        part.list.items += start;
        part.list.len = (uint32_t)(end - start);
    }
    return go_give(call, part);
}

static bool fn_concat(struct go_call *call) {
    uint32_t len = 0, at = 0;
    for (uint32_t i = 0; i < call->count; i++) {
        const struct go_value *list = &call->args[i];
        if (go_kind(list) != GO_SLICE && go_kind(list) != GO_HOLE && !go_is_nil(list))
            return go_fail(call, "Cannot concat type %s as list", fn_kind_name(list));
        if (!is_list(call, list, "")) return not_a_list(call);
        len += fn_length(list);
    }
    if (len == 0) return give_nil_list(call);
    struct go_value *items = fn_items(call, len);
    for (uint32_t i = 0; i < call->count; i++)
        for (uint32_t k = 0; k < fn_length(&call->args[i]); k++) items[at++] = fn_item(&call->args[i], k);
    return give_list(call, items, len);
}

/* Sizes below 1 give what the arithmetic of sprig's function gives. */
static bool fn_chunk(struct go_call *call) {
    const struct go_value *list = &call->args[1];
    int64_t size = call->args[0].integer;
    if (!is_list(call, list, "Cannot chunk type")) return not_a_list(call);
    int64_t len = fn_length(list);
    double exact = floor((double)(len - 1) / (double)size) + 1;
    if (!(exact >= 0 && exact <= (double)len + 1)) return go_fail(call, "runtime error: makeslice: len out of range");
    uint32_t count = (uint32_t)exact;
    struct go_value *chunks = fn_items(call, count);
    for (uint32_t i = 0; i < count; i++) {
        int64_t part = size;
        if (i == count - 1 && (part = (int64_t)floor(fmod((double)len, (double)size))) == 0) part = size;
        if (part < 0) return go_fail(call, "runtime error: makeslice: len out of range");
        int64_t from = i * size;
        if (from < 0 || from + part > len) return go_fail(call, "reflect: slice index out of range");
        struct go_value *items = copy_items(call, list, (uint32_t)from, (uint32_t)(from + part), 0, 0);
        chunks[i] = go_list(&GO_TYPE_LIST, items, (uint32_t)part);
    }
    return go_give(call, go_list(&GO_TYPE_LISTS, chunks, count));
}

static int compare_strings(const void *a, const void *b) {
    return str_cmp(((const struct go_value *)a)->text, ((const struct go_value *)b)->text);
}

static bool fn_sort_alpha(struct go_call *call) {
    const struct go_value *v = &call->args[0];
    struct go_value strings;
    if (go_kind(v) == GO_SLICE || go_kind(v) == GO_HOLE) {
        strings = fn_strings(call, v);
    } else {
        struct go_value *item = fn_items(call, 1);
        struct go_text text = go_text_in(call->env);
        fn_add_strval(&text, v);
        *item = go_text_value(&text);
        return go_give(call, go_list(&GO_TYPE_STRINGS, item, 1));
    }
    if (fn_hole(call, &strings)) return give_unsure(call, &strings);
    struct go_value *items = copy_items(call, &strings, 0, strings.list.len, 0, 0);
    if (strings.list.len) qsort(items, strings.list.len, sizeof *items, compare_strings);
    return go_give(call, go_list(&GO_TYPE_STRINGS, strings.list.items ? items : NULL, strings.list.len));
}

static bool fn_to_strings(struct go_call *call) {
    return go_give(call, fn_strings(call, &call->args[0]));
}

const struct go_function FN_LIST[] = {
    {"append", "aa:l", fn_append, FN_HOLES},
    {"chunk", "ia:a", fn_chunk, FN_HOLES},
    {"compact", "a:l", fn_compact, FN_HOLES},
    {"concat", "a*:a", fn_concat, FN_HOLES},
    {"first", "a:a", fn_first, FN_HOLES},
    {"has", "aa:b", fn_has, FN_HOLES},
    {"initial", "a:l", fn_initial, FN_HOLES},
    {"last", "a:a", fn_last, FN_HOLES},
    {"list", "a*:l", fn_list, FN_HOLES},
    {"mustAppend", "aa:l", fn_append, FN_HOLES},
    {"mustChunk", "ia:a", fn_chunk, FN_HOLES},
    {"mustCompact", "a:l", fn_compact, FN_HOLES},
    {"mustFirst", "a:a", fn_first, FN_HOLES},
    {"mustHas", "aa:b", fn_has, FN_HOLES},
    {"mustInitial", "a:l", fn_initial, FN_HOLES},
    {"mustLast", "a:a", fn_last, FN_HOLES},
    {"mustPrepend", "aa:l", fn_prepend, FN_HOLES},
    {"mustPush", "aa:l", fn_append, FN_HOLES},
    {"mustRest", "a:l", fn_rest, FN_HOLES},
    {"mustReverse", "a:l", fn_reverse, FN_HOLES},
    {"mustSlice", "aa*:a", fn_slice, FN_HOLES},
    {"mustUniq", "a:l", fn_uniq, FN_HOLES},
    {"mustWithout", "aa*:l", fn_without, FN_HOLES},
    {"prepend", "aa:l", fn_prepend, FN_HOLES},
    {"push", "aa:l", fn_append, FN_HOLES},
    {"rest", "a:l", fn_rest, FN_HOLES},
    {"reverse", "a:l", fn_reverse, FN_HOLES},
    {"slice", "aa*:a", fn_slice, FN_HOLES},
    {"sortAlpha", "a:S", fn_sort_alpha, FN_HOLES},
    {"toStrings", "a:S", fn_to_strings, FN_HOLES},
    {"tuple", "a*:l", fn_list, FN_HOLES},
    {"uniq", "a:l", fn_uniq, FN_HOLES},
    {"without", "aa*:l", fn_without, FN_HOLES},
    {0},
};
