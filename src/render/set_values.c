#include "render/set_values.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "render/helm_chart.h"
#include "value/json.h"

#define INDEX_MAX 65536
#define NESTED_MAX 30u

struct parser {
    struct go_env *env;
    struct arena *arena;
    struct str rest;
    enum set_kind kind;
    const struct value_layer *layer;
    struct error *error;
    bool ended; /* the text was used up where that ends it well */
};

static bool refuse(struct parser *p, const char *what, struct str about) {
    error_set(p->error, 0, "%s%s%.*s%s", what, about.len ? " \"" : "", STR_ARG(about), about.len ? "\"" : "");
    return false;
}

/* Takes the text up to one of `stops` into `*out`, without backslashes; gives the stop, 0 at the end of the text. */
static char take_until(struct parser *p, const char *stops, struct str *out) {
    struct buf taken = buf_in(p->arena);
    char stop = 0;
    size_t at = 0;
    for (; at < p->rest.len; at++) {
        char c = p->rest.ptr[at];
        if (strchr(stops, c)) {
            stop = c;
            at++;
            break;
        }
        if (c == '\\') {
            if (++at == p->rest.len) break;
            c = p->rest.ptr[at];
        }
        buf_add_char(&taken, c);
    }
    p->rest = str_slice(p->rest, at, p->rest.len);
    *out = buf_str(&taken);
    return stop;
}

static bool same_word(struct str s, const char *word) {
    if (s.len != strlen(word)) return false;
    for (size_t i = 0; i < s.len; i++) {
        if ((s.ptr[i] | 0x20) != word[i]) return false;
    }
    return true;
}

static bool read_int(struct str s, int64_t *out) {
    bool negative = s.len > 0 && s.ptr[0] == '-';
    size_t at = s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+');
    uint64_t number = 0, limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    if (at == s.len) return false;
    for (; at < s.len; at++) {
        uint64_t digit = (uint64_t)(s.ptr[at] - '0');
        if (s.ptr[at] < '0' || digit > 9 || number > (limit - digit) / 10) return false;
        number = number * 10 + digit;
    }
    *out = negative ? (int64_t)(0 - number) : (int64_t)number;
    return true;
}

static struct go_value placed(struct parser *p, struct go_value v) {
    if (!p->env->trace) return v;
    struct go_path *path = go_path_new(p->env, go_path_new(p->env, NULL, STR("")), p->layer->path);
    path->layer = p->layer;
    v.runs = path->runs;
    return v;
}

static struct go_value typed(struct parser *p, struct str s) {
    int64_t number;
    if (p->kind == SET_STRING) return placed(p, go_string(s));
    if (same_word(s, "true") || same_word(s, "false")) return placed(p, go_bool(same_word(s, "true")));
    if (same_word(s, "null")) return go_nil();
    if (str_eq(s, STR("0"))) return placed(p, go_int64(0));
    if (s.len > 0 && s.ptr[0] != '0' && read_int(s, &number)) return placed(p, go_int64(number));
    return placed(p, go_string(s));
}

static void skip_to_comma(struct parser *p, bool *empty) {
    *empty = true;
    while (p->rest.len > 0) {
        char c = p->rest.ptr[0];
        if (c != ',' && c != ' ' && !(c >= '\t' && c <= '\r')) {
            *empty = false;
            return;
        }
        p->rest = str_slice(p->rest, 1, p->rest.len);
        if (c == ',') return;
    }
    p->ended = true;
}

/* The length of the JSON value that `s` begins with. */
static size_t json_length(struct str s) {
    uint32_t depth = 0;
    size_t at = 0;
    while (at < s.len && (s.ptr[at] == ' ' || (s.ptr[at] >= '\t' && s.ptr[at] <= '\r'))) at++;
    for (bool in_string = false; at < s.len; at++) {
        char c = s.ptr[at];
        if (in_string) {
            if (c == '\\') at++;
            else if (c == '"') in_string = false;
            if (!in_string && depth == 0) return at + 1;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            if (depth == 0) return at;
            if (--depth == 0) return at + 1;
        } else if (depth == 0 && (c == ',' || c == ' ')) {
            return at;
        }
    }
    return at < s.len ? at : s.len;
}

static bool take_json(struct parser *p, struct go_value *out) {
    struct json_error problem;
    bool empty;
    skip_to_comma(p, &empty);
    *out = go_nil();
    if (empty) return true;
    struct value *value = arena_new(p->arena, struct value);
    size_t len = json_length(p->rest);
    if (!json_parse(p->arena, str_slice(p->rest, 0, len), value, &problem))
        return refuse(p, "it is no JSON:", str_slice(p->rest, 0, len));
    p->rest = str_slice(p->rest, len, p->rest.len);
    *out = placed(p, helm_value_from(p->env, value, p->layer, NULL));
    skip_to_comma(p, &empty);
    return true;
}

/* {a,b} behind its brace. */
static bool take_list(struct parser *p, struct go_value *out) {
    struct VEC(struct go_value) items = {0};
    struct str item;
    for (;;) {
        char stop = take_until(p, ",}", &item);
        if (!stop) return refuse(p, "list must terminate with '}'", STR(""));
        vec_push(p->arena, &items, go_kept(typed(p, item)));
        if (stop == '}') break;
    }
    if (p->rest.len > 0 && p->rest.ptr[0] == ',') p->rest = str_slice(p->rest, 1, p->rest.len);
    *out = placed(p, go_list(&GO_TYPE_LIST, items.items, items.len));
    return true;
}

static bool take_value(struct parser *p, struct go_value *out) {
    struct str text;
    if (p->kind == SET_JSON) return take_json(p, out);
    if (p->rest.len == 0) {
        *out = placed(p, go_string(STR("")));
        p->ended = true;
        return true;
    }
    if (p->rest.ptr[0] == '{') {
        p->rest = str_slice(p->rest, 1, p->rest.len);
        return take_list(p, out);
    }
    if (!take_until(p, ",", &text)) p->ended = true;
    *out = typed(p, text);
    return true;
}

static bool parse_key(struct parser *p, struct go_map *map, uint32_t nested);

static bool take_index(struct parser *p, int64_t *index) {
    struct str text;
    if (!take_until(p, "]", &text) || !read_int(text, index)) return refuse(p, "error parsing index", text);
    if (*index < 0 || *index > INDEX_MAX) return refuse(p, "an index is negative, or too large", text);
    return true;
}

static bool set_index(struct parser *p, struct go_value *list, int64_t index, struct go_value value) {
    uint32_t len = list->list.len > (uint64_t)index ? list->list.len : (uint32_t)index + 1;
    struct go_value *items = arena_array(p->arena, struct go_value, len);
    for (uint32_t i = 0; i < len; i++) items[i] = i < list->list.len ? list->list.items[i] : go_kept(go_nil());
    items[index] = go_kept(value);
    list->list = (struct go_list){items, len};
    return true;
}

/* What stands behind the index `index` of `list`. */
static bool parse_item(struct parser *p, struct go_value *list, int64_t index, uint32_t nested) {
    struct str text;
    struct go_value value = go_nil();
    char stop = take_until(p, "[.=", &text);
    const struct go_value *old = (uint64_t)index < list->list.len ? &list->list.items[index] : NULL;
    if (text.len > 0) return refuse(p, "unexpected data at end of array index:", text);
    if (stop == '=') {
        if (!take_value(p, &value)) return false;
    } else if (stop == '[') {
        int64_t next;
        if (!take_index(p, &next)) return false;
        value = go_list(&GO_TYPE_LIST, NULL, 0);
        if (old && !go_is_nil(old) && go_kind(old) != GO_SLICE) return refuse(p, "a value is no list", STR(""));
        if (old && go_kind(old) == GO_SLICE) value = *old;
        if (!parse_item(p, &value, next, nested)) return false;
    } else if (stop == '.') {
        value = old && go_kind(old) == GO_MAP ? *old : go_map(p->env, &GO_TYPE_MAP, 1);
        if (!parse_key(p, value.map, nested)) return false;
    } else {
        return refuse(p, "an index has no value", STR(""));
    }
    return set_index(p, list, index, value);
}

static void set_key(struct parser *p, struct go_map *map, struct str key, struct go_value value) {
    if (key.len > 0) go_map_set(p->env, map, key, value);
}

static bool parse_in_list(struct parser *p, struct go_map *map, struct str key, uint32_t nested) {
    int64_t index;
    struct go_value list = go_list(&GO_TYPE_LIST, NULL, 0);
    const struct go_value *old = go_map_get(map, key);
    if (!take_index(p, &index)) return false;
    if (old && go_kind(old) != GO_SLICE) return refuse(p, "unable to parse key: no list stands at", key);
    if (old) list = *old;
    bool fine = parse_item(p, &list, index, nested);
    set_key(p, map, key, list);
    return fine;
}

static bool parse_in_map(struct parser *p, struct go_map *map, struct str key, uint32_t nested) {
    const struct go_value *old = go_map_get(map, key);
    if (nested + 1 > NESTED_MAX) return refuse(p, "a name nests too deeply", STR(""));
    if (old && go_kind(old) != GO_MAP) return refuse(p, "unable to parse key: no map stands at", key);
    struct go_value inner = old ? *old : go_map(p->env, &GO_TYPE_MAP, 1);
    if (!parse_key(p, inner.map, nested + 1)) return false;
    if (inner.map->len == 0) return refuse(p, "key map has no value:", key);
    set_key(p, map, key, inner);
    return true;
}

static bool parse_key(struct parser *p, struct go_map *map, uint32_t nested) {
    struct str key;
    struct go_value value;
    switch (take_until(p, "=[,.", &key)) {
    case '=':
        if (!take_value(p, &value)) return false;
        set_key(p, map, key, value);
        return true;
    case '[': return parse_in_list(p, map, key, nested);
    case '.': return parse_in_map(p, map, key, nested);
    case ',': return refuse(p, "key has no value (cannot end with ,):", key);
    default: p->ended = true; return key.len == 0 || refuse(p, "key has no value:", key);
    }
}

bool set_values(struct go_env *env, struct go_map *values, struct str text, enum set_kind kind,
                const struct value_layer *layer, struct error *error) {
    struct parser parser = {env, env->arena, text, kind, layer, error, false};
    while (!parser.ended) {
        if (!parse_key(&parser, values, 0)) return false;
    }
    return true;
}
