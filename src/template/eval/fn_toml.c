/* toToml, as BurntSushi/toml writes values: first what stands directly under a table, then the tables in it, each by
 * the order of keys. */
#include <math.h>
#include <stdlib.h>

#include "template/eval/fn_help.h"
#include "template/go/number.h"

#define DEPTH_MAX 1000

/* The keys that lead to a table. */
struct key {
    const struct key *parent;
    struct str name;
    uint32_t depth; /* 1 for a key at the root */
};

struct toml {
    struct go_call *call;
    struct buf out;
    const char *error;
};

static bool refuse(struct toml *t, const char *error) {
    t->error = error;
    return false;
}

static void new_line(struct toml *t) {
    if (t->out.len) buf_add_char(&t->out, '\n');
}

static void add_quoted(struct toml *t, struct str s) {
    static const char named[] = "btn.fr"; /* for 8 to 13; 11 has none */
    buf_add_char(&t->out, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '"' || c == '\\') buf_addf(&t->out, "\\%c", c);
        else if (c >= 8 && c <= 13 && c != 11) buf_addf(&t->out, "\\%c", named[c - 8]);
        else if (c < ' ' || c == 0x7F) buf_addf(&t->out, "\\u%04x", c);
        else buf_add_char(&t->out, (char)c);
    }
    buf_add_char(&t->out, '"');
}

static void add_key(struct toml *t, struct str name) {
    bool bare = name.len > 0;
    for (size_t i = 0; i < name.len && bare; i++) {
        char c = name.ptr[i];
        bare = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }
    if (bare) buf_add(&t->out, name);
    else add_quoted(t, name);
}

static void add_path(struct toml *t, const struct key *key) {
    if (key->parent) {
        add_path(t, key->parent);
        buf_add_char(&t->out, '.');
    }
    add_key(t, key->name);
}

/* nil, or Go's nil of a list or map type. */
static bool is_nothing(const struct go_value *v) {
    if (go_kind(v) == GO_MAP) return v->map->nil;
    return go_is_nil(v) || (go_kind(v) == GO_SLICE && v->type != &GO_TYPE_BYTES && !v->list.items);
}

/* Whether all items of a list are tables into *tables; false where one is nil, at any depth. */
static bool check_list(struct toml *t, const struct go_value *list, bool *tables) {
    bool unused;
    *tables = fn_length(list) > 0;
    for (uint32_t i = 0; i < fn_length(list); i++) {
        struct go_value item = fn_item(list, i);
        if (is_nothing(&item)) return refuse(t, "toml: cannot encode array with nil element");
        if (go_kind(&item) == GO_SLICE && !check_list(t, &item, &unused)) return false;
        if (go_kind(&item) != GO_MAP) *tables = false;
    }
    return true;
}

static void add_float(struct toml *t, double number) {
    struct buf text = buf_in(t->call->env->arena);
    go_format_float(&text, number, 'g', -1);
    struct str s = buf_str(&text);
    if (!isfinite(number)) s = isnan(number) ? STR("nan") : number < 0 ? STR("-inf") : STR("inf");
    buf_add(&t->out, s);
    bool whole = str_find_char(s, 'e') == s.len && str_find_char(s, '.') == s.len;
    if (whole && isfinite(number)) buf_add(&t->out, STR(".0"));
}

static bool add_map(struct toml *t, const struct key *key, const struct go_value *map, bool within_line);

static bool add_element(struct toml *t, const struct go_value *v) {
    const struct go_value *text = go_stringer(t->call->env, v); /* of durations and versions */
    if (text) {
        add_quoted(t, text->text);
        return true;
    }
    switch (go_kind(v)) {
    case GO_STRING: add_quoted(t, v->text); return true;
    case GO_BOOL: buf_add(&t->out, v->boolean ? STR("true") : STR("false")); return true;
    case GO_INT: buf_add_int(&t->out, v->integer); return true;
    case GO_UINT: buf_addf(&t->out, "%llu", (unsigned long long)v->natural); return true;
    case GO_FLOAT: add_float(t, v->real); return true;
    case GO_SLICE:
        buf_add_char(&t->out, '[');
        for (uint32_t i = 0; i < fn_length(v); i++) {
            struct go_value item = fn_item(v, i);
            if (i) buf_add(&t->out, STR(", "));
            if (!add_element(t, &item)) return false;
        }
        buf_add_char(&t->out, ']');
        return true;
    case GO_MAP: return add_map(t, NULL, v, true);
    default: return refuse(t, "unsupported type");
    }
}

static void add_indent(struct toml *t, const struct key *key) {
    buf_add_repeat(&t->out, ' ', 2 * (size_t)(key->depth - 1));
}

static bool add_member(struct toml *t, const struct key *key, const struct go_value *v) {
    add_indent(t, key);
    add_key(t, key->name);
    buf_add(&t->out, STR(" = "));
    return add_element(t, v);
}

static bool add_tables(struct toml *t, const struct key *key, const struct go_value *list) {
    if (!key) return refuse(t, "toml: top-level values must be Go maps or structs");
    for (uint32_t i = 0; i < list->list.len; i++) {
        new_line(t);
        add_indent(t, key);
        buf_add(&t->out, STR("[["));
        add_path(t, key);
        buf_add(&t->out, STR("]]"));
        new_line(t);
        if (!add_map(t, key, &list->list.items[i], false)) return false;
    }
    return true;
}

static bool add_value(struct toml *t, const struct key *key, const struct go_value *v) {
    bool tables = false;
    if (go_kind(v) == GO_MAP && v->map->nil) return true;
    if (go_kind(v) == GO_SLICE && !check_list(t, v, &tables)) return false;
    if (tables) return add_tables(t, key, v);
    if (go_kind(v) != GO_MAP) {
        if (!key) return add_element(t, v);
        if (!add_member(t, key, v)) return false;
        new_line(t);
        return true;
    }
    if (key) {
        if (key->depth == 1) new_line(t);
        add_indent(t, key);
        buf_add_char(&t->out, '[');
        add_path(t, key);
        buf_add_char(&t->out, ']');
        new_line(t);
    }
    return add_map(t, key, v, false);
}

/* Members of one kind: those that are tables, or the others. *count is how many there are, nil ones too. */
static bool is_table(struct toml *t, const struct go_value *v, bool *table) {
    *table = go_kind(v) == GO_MAP;
    return go_kind(v) != GO_SLICE || check_list(t, v, table);
}

static bool add_members(struct toml *t, const struct key *parent, const struct go_map *map, const bool *tables,
                        bool wanted, bool within_line, bool more_follow) {
    uint32_t last = 0;
    for (uint32_t i = 0; i < map->len; i++)
        if (tables[i] == wanted) last = i;
    for (uint32_t i = 0; i < map->len; i++) {
        const struct go_value *v = &map->members[i].value;
        struct key key = {parent, map->members[i].key, parent ? parent->depth + 1 : 1};
        if (tables[i] != wanted || is_nothing(v)) continue;
        if (!within_line) {
            if (!add_value(t, &key, v)) return false;
            continue;
        }
        if (!add_member(t, &key, v)) return false;
        if (more_follow || i != last) buf_add(&t->out, STR(", "));
    }
    return true;
}

static bool add_map(struct toml *t, const struct key *key, const struct go_value *v, bool within_line) {
    struct go_map *map = v->map;
    bool *tables = arena_array(t->call->env->arena, bool, map->len + 1);
    bool any_table = false;
    if (key && key->depth > DEPTH_MAX) return refuse(t, "the values hold themselves");
    go_map_sort(map);
    for (uint32_t i = 0; i < map->len; i++) {
        if (!is_table(t, &map->members[i].value, &tables[i])) return false;
        any_table = any_table || tables[i];
    }
    if (within_line) buf_add_char(&t->out, '{');
    if (!add_members(t, key, map, tables, false, within_line, any_table)) return false;
    if (!add_members(t, key, map, tables, true, within_line, false)) return false;
    if (within_line) buf_add_char(&t->out, '}');
    return true;
}

static bool to_toml(struct go_call *call, bool must) {
    struct toml t = {.call = call, .out = buf_in(call->env->arena)};
    const struct go_value *v = &call->args[0];
    if (go_is_nil(v)) return go_fail(call, "reflect: call of reflect.Value.Type on zero Value");
    if (go_kind(v) == GO_STRUCT && v->type->fields)
        return go_give(call, go_hole_value(call->env, &GO_TYPE_STRING, STR("toToml"), 1, -1));
    if (add_value(&t, NULL, v)) return fn_give_buf(call, &t.out);
    return must ? go_fail(call, "%s", t.error) : fn_give_text(call, str_from(t.error));
}

static bool fn_to_toml(struct go_call *call) {
    return to_toml(call, false);
}

static bool fn_must_to_toml(struct go_call *call) {
    return to_toml(call, true);
}

/* Not read here. */
static bool fn_from_toml(struct go_call *call) {
    return go_give(call, go_hole_value(call->env, &GO_TYPE_MAP, STR("fromToml"), -1, -1));
}

const struct go_function FN_TOML[] = {
    {"fromToml", "s:m", fn_from_toml, FN_HOLES},
    {"mustToToml", "a:s", fn_must_to_toml, FN_HELM4},
    {"toToml", "a:s", fn_to_toml, 0},
    {0},
};
