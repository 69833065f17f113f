/* The text of values that %s, and messages, show; values as those of files. */
#include <math.h>
#include <stdlib.h>

#include "cel/eval.h"
#include "cel/quantity.h"
#include "cel/url.h"
#include "value/json.h"

struct entry {
    struct str key;
    struct cel_value value;
};

static int compare_entries(const void *a, const void *b) {
    return str_cmp(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

static bool list_text(struct cel_eval *e, struct buf *out, const struct cel_value *v, struct cel_value *error) {
    struct cel_value item;
    buf_add_char(out, '[');
    for (uint32_t i = 0, len = list_len(v); i < len; i++) {
        list_item(v, i, &item);
        if (i) buf_add(out, STR(", "));
        if (!cel_value_text(e, out, &item, error)) return false;
    }
    buf_add_char(out, ']');
    return true;
}

/* Entries sorted by the text of their keys. */
static bool map_text(struct cel_eval *e, struct buf *out, const struct cel_value *v, struct cel_value *error) {
    uint32_t len = cel_map_len(v);
    struct cel_value key;

    if (!cel_eval_charge(e, (uint64_t)len * 3, error)) return false;
    struct entry *entries = arena_array(e->arena, struct entry, len);
    for (uint32_t i = 0; i < len; i++) {
        cel_map_entry(v, i, &key, &entries[i].value);
        entries[i].key = cel_to_text(e->arena, &key);
    }
    if (len) qsort(entries, len, sizeof *entries, compare_entries);
    buf_add_char(out, '{');
    for (uint32_t i = 0; i < len; i++) {
        if (i) buf_add(out, STR(", "));
        buf_add(out, entries[i].key);
        buf_add(out, STR(": "));
        if (!cel_value_text(e, out, &entries[i].value, error)) return false;
    }
    buf_add_char(out, '}');
    return true;
}

/* The text of a value that is no list or map. */
static struct str scalar_text(struct arena *a, const struct cel_value *v) {
    switch (v->kind) {
    case CEL_NULL: return STR("null");
    case CEL_BOOL: return v->boolean ? STR("true") : STR("false");
    case CEL_INT: return arena_printf(a, "%lld", (long long)v->integer);
    case CEL_UINT: return arena_printf(a, "%llu", (unsigned long long)v->uinteger);
    case CEL_DOUBLE: return double_text(a, v->real);
    case CEL_TYPE: return cel_kind_name(v->type);
    case CEL_TIMESTAMP: return timestamp_text(a, v->time);
    case CEL_DURATION: return duration_text(a, v->time);
    case CEL_QUANTITY: return quantity_text(a, v->quantity);
    case CEL_URL: return v->url->text;
    case CEL_ERROR: return cel_error_text(a, v);
    default: return v->string;
    }
}

bool cel_value_text(struct cel_eval *e, struct buf *out, const struct cel_value *v, struct cel_value *error) {
    if (!cel_eval_charge(e, 2, error)) return false;
    if (v->kind == CEL_LIST) return list_text(e, out, v, error);
    if (v->kind == CEL_MAP) return map_text(e, out, v, error);
    struct str text = scalar_text(e->arena, v);
    if (!cel_eval_charge_bytes(e, text.len, error)) return false;
    buf_add(out, text);
    return true;
}

static bool list_to_value(struct arena *a, const struct cel_value *v, struct value *out) {
    uint32_t len = v->list.len;
    struct value *items = arena_array(a, struct value, len);
    for (uint32_t i = 0; i < len; i++)
        if (!cel_to_value(a, &v->list.items[i], &items[i])) return false;
    *out = (struct value){.kind = VALUE_LIST, .list = {items, len}};
    return true;
}

static bool map_to_value(struct arena *a, const struct cel_value *v, struct value *out) {
    const struct cel_map *map = v->map;
    bool found;

    *out = value_map_new(a, map->len);
    for (uint32_t i = 0; i < map->len; i++) {
        struct member *member = value_map_put(out, cel_to_text(a, &map->keys[i]), &found);
        if (found || !cel_to_value(a, &map->values[i], &member->value))
            return false; /* 1 and '1' are one key in JSON */
    }
    return true;
}

bool cel_to_value(struct arena *a, const struct cel_value *v, struct value *out) {
    if (v->kind == CEL_ERROR) return false;
    if (v->origin) {
        *out = *v->origin;
        return true;
    }
    switch (v->kind) {
    case CEL_NULL: *out = (struct value){.kind = VALUE_NULL}; return true;
    case CEL_BOOL: *out = (struct value){.kind = VALUE_BOOL, .boolean = v->boolean}; return true;
    case CEL_INT: *out = (struct value){.kind = VALUE_INT, .integer = v->integer}; return true;
    case CEL_UINT:
        *out = (struct value){.kind = VALUE_INT, .integer = (int64_t)v->uinteger};
        return v->uinteger <= (uint64_t)INT64_MAX;
    case CEL_DOUBLE: *out = value_from_number(v->real); return isfinite(v->real);
    case CEL_LIST: return list_to_value(a, v, out);
    case CEL_MAP: return map_to_value(a, v, out);
    default: *out = value_from_string(cel_to_text(a, v)); return true;
    }
}

struct str double_text(struct arena *a, double d) {
    if (isnan(d)) return STR("NaN");
    if (isinf(d)) return d > 0 ? STR("Infinity") : STR("-Infinity");
    if (d == 0 && signbit(d)) return STR("-0");
    struct value number = {.kind = VALUE_FLOAT, .real = d};
    struct buf b = buf_in(a);
    json_write_number(&b, &number);
    return buf_str(&b);
}

struct str cel_to_text(struct arena *a, const struct cel_value *v) {
    if (v->kind == CEL_STRING) return v->string;
    if (v->kind == CEL_ERROR) return cel_error_text(a, v);
    struct cel_eval e = {.arena = a, .budget = UINT64_MAX};
    struct cel_value error;
    struct buf b = buf_in(a);
    cel_value_text(&e, &b, v, &error);
    return buf_str(&b);
}

struct str cel_error_text(struct arena *a, const struct cel_value *v) {
    static const struct str texts[] = {
        [CEL_FAULT_UNBOUND] = STR_INIT("undeclared reference"),
        [CEL_FAULT_NO_KEY] = STR_INIT("no such key"),
        [CEL_FAULT_NO_OVERLOAD] = STR_INIT("no such overload"),
        [CEL_FAULT_OVERFLOW] = STR_INIT("integer overflow"),
        [CEL_FAULT_DIVISION] = STR_INIT("division by zero"),
        [CEL_FAULT_MODULUS] = STR_INIT("modulus by zero"),
        [CEL_FAULT_RANGE] = STR_INIT("range error"),
        [CEL_FAULT_BUDGET] = STR_INIT("the evaluation takes too many steps"),
        [CEL_FAULT_REGEX] = STR_INIT("the regular expression takes too many steps on this text"),
    };
    if (v->kind != CEL_ERROR) return STR("no error");
    if (v->fault == CEL_FAULT_OTHER) return v->string;
    if (v->string.len == 0) return texts[v->fault];
    return arena_printf(a, "%.*s: %.*s", STR_ARG(texts[v->fault]), STR_ARG(v->string));
}
