/* fromYaml, fromJson and their kin: texts become values.
 *
 * YAML is read by the room yaml, as Helm reads it. Each value gets the paths that its stretch of the text shows. A text
 * with holes is read with a word of the same length in place of each hole; where that word turns up in a value, the
 * hole is put back. What the hole's text is to YAML nobody knows, so a value that is nothing else has no known type. */
#include "template/eval/fn_help.h"
#include "template/eval/json_reader.h"
#include "yaml/helm.h"

#define WORD_DIGITS 6
#define WORD_START "QzHo"

struct reader {
    struct go_call *call;
    const struct go_value *text;
    struct VEC(const struct go_hole *) holes;
};

/* The text with words for its holes. */
static struct str without_holes(struct reader *r) {
    struct arena *a = r->call->env->arena;
    struct str s = r->text->text;
    if (!fn_hole(r->call, r->text)) return s;
    struct buf out = buf_in(a);
    uint32_t from = 0;
    for (uint32_t i = 0; i < r->text->runs->count && from < s.len; i++) {
        const struct go_run *run = &r->text->runs->items[i];
        uint32_t end = run->end < s.len ? run->end : (uint32_t)s.len;
        size_t word = sizeof WORD_START - 1 + WORD_DIGITS;
        if (run->hole && end - from >= word) {
            buf_addf(&out, "%s%0*u", WORD_START, WORD_DIGITS, r->holes.len);
            buf_add_repeat(&out, 'x', end - from - word);
            vec_push(a, &r->holes, run->hole);
        } else {
            buf_add(&out, str_slice(s, from, end));
        }
        from = end;
    }
    buf_add(&out, str_slice(s, from, s.len));
    return buf_str(&out);
}

/* The next word for a hole in `s` from *at on; *at and *end are set to where it begins and ends. */
static const struct go_hole *next_hole(const struct reader *r, struct str s, size_t *at, size_t *end) {
    struct str start = STR(WORD_START);
    for (size_t i = *at; r->holes.len && i < s.len; i++) {
        i += str_find(str_slice(s, i, s.len), start);
        size_t k = i + start.len, number = 0, digits = 0;
        for (; k < s.len && digits < WORD_DIGITS && s.ptr[k] >= '0' && s.ptr[k] <= '9'; k++, digits++)
            number = number * 10 + (size_t)(s.ptr[k] - '0');
        if (digits < WORD_DIGITS || number >= r->holes.len) continue;
        while (k < s.len && s.ptr[k] == 'x') k++;
        *at = i;
        *end = k;
        return r->holes.items[number];
    }
    return NULL;
}

static struct go_value string_value(struct reader *r, struct str s, bool quoted) {
    struct go_env *env = r->call->env;
    size_t from = 0, at = 0, end = 0;
    const struct go_hole *hole = next_hole(r, s, &at, &end);
    if (!hole) return go_string(s);
    if (at == 0 && end == s.len && !quoted) return go_hole_like(env, &GO_TYPE_HOLE, hole);
    struct go_text text = go_text_in(env);
    while (hole) {
        go_text_add(&text, str_slice(s, from, at));
        go_text_add_hole(&text, hole);
        from = at = end;
        hole = next_hole(r, s, &at, &end);
    }
    go_text_add(&text, str_slice(s, from, s.len));
    return go_text_value(&text);
}

/* The paths that the stretch `span` of the text shows. */
static const struct go_paths *paths_of_span(struct reader *r, struct span span) {
    const struct go_runs *runs = r->text->runs;
    const struct go_paths *paths = NULL;
    uint32_t from = 0;
    if (!r->call->env->trace || !runs || span.start == span.end) return NULL;
    for (uint32_t i = 0; i < runs->count && from < span.end; i++) {
        if (runs->items[i].end > span.start) paths = go_paths_join(r->call->env, paths, runs->items[i].paths);
        from = runs->items[i].end;
    }
    return paths;
}

static struct go_value value_of(struct reader *r, const struct value *v);

static struct go_value map_of(struct reader *r, const struct value *v) {
    struct go_value made = go_map(r->call->env, &GO_TYPE_MAP, v->map.len);
    for (uint32_t i = 0; i < v->map.len; i++) {
        const struct member *member = &v->map.members[i];
        size_t at = 0, end;
        const struct go_hole *hole = next_hole(r, member->key, &at, &end);
        if (hole) {
            made.map->open = true;
            made.map->hole = hole;
        } else {
            go_map_set(r->call->env, made.map, member->key, value_of(r, &member->value));
        }
    }
    return made;
}

static struct go_value list_of(struct reader *r, const struct value *v) {
    struct go_value *items = fn_items(r->call, v->list.len);
    for (uint32_t i = 0; i < v->list.len; i++) items[i] = go_kept(value_of(r, &v->list.items[i]));
    return go_list(&GO_TYPE_LIST, items, v->list.len);
}

static struct go_value value_of(struct reader *r, const struct value *v) {
    struct go_value made = go_nil();
    char first = v->span.start < r->text->text.len ? r->text->text.ptr[v->span.start] : '\0';
    switch (v->kind) {
    case VALUE_NULL: break;
    case VALUE_BOOL: made = go_bool(v->boolean); break;
    case VALUE_INT:
    case VALUE_FLOAT: made = go_float(value_number(v)); break;
    case VALUE_STRING: made = string_value(r, v->string, first == '"' || first == '\''); break;
    case VALUE_LIST: return list_of(r, v);
    case VALUE_MAP: return map_of(r, v);
    }
    return go_with_paths(r->call->env, made, paths_of_span(r, v->span));
}

static const char *json_name(const struct value *v) {
    switch (v->kind) {
    case VALUE_BOOL: return "bool";
    case VALUE_INT:
    case VALUE_FLOAT: return "number";
    case VALUE_STRING: return "string";
    case VALUE_LIST: return "array";
    default: return "object";
    }
}

/* The result for a text that is not what was wanted: a map with an Error, or a list with it. NULL: it is not known. */
static bool give_error(struct go_call *call, bool list, const struct str *error) {
    struct go_value text =
        error ? go_string(*error)
              : go_hole_value(call->env, &GO_TYPE_STRING, STR("a message of Helm's YAML library"), 1, -1);
    if (list) {
        struct go_value *items = fn_items(call, 1);
        items[0] = text;
        return go_give(call, go_list(&GO_TYPE_LIST, items, 1));
    }
    struct go_value made = go_map(call->env, &GO_TYPE_MAP, 1);
    go_map_set(call->env, made.map, STR("Error"), text);
    return go_give(call, made);
}

static bool from_yaml(struct go_call *call, bool list) {
    struct reader r = {.call = call, .text = &call->args[0]};
    struct arena *a = call->env->arena;
    struct source *source = arena_new(a, struct source);
    struct tree *tree = arena_new(a, struct tree);
    struct yaml_issue broken;
    struct yaml_issues issues = {0};
    struct value value;
    source->text = without_holes(&r);
    if (!tree_parse(a, source, tree, &broken) || !helm_first_document(a, tree, &value, &issues))
        return give_error(call, list, NULL);
    if (value.kind == VALUE_NULL)
        return go_give(call, list ? go_list(&GO_TYPE_LIST, fn_items(call, 0), 0) : go_map(call->env, &GO_TYPE_MAP, 0));
    if (value.kind == (list ? VALUE_LIST : VALUE_MAP)) return go_give(call, value_of(&r, &value));
    struct go_value made = value_of(&r, &value);
    if (go_kind(&made) == GO_HOLE) return go_give(call, made);
    struct str error = arena_printf(a,
                                    "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal %s into Go "
                                    "value of type %s",
                                    json_name(&value), list ? "[]interface {}" : "map[string]interface {}");
    return give_error(call, list, &error);
}

static bool fn_from_yaml(struct go_call *call) {
    return from_yaml(call, false);
}

static bool fn_from_yaml_array(struct go_call *call) {
    return from_yaml(call, true);
}

static bool from_json(struct go_call *call, bool list) {
    struct go_value value;
    struct str error;
    enum go_kind wanted = list ? GO_SLICE : GO_MAP;
    if (!go_json_read(call->env, fn_text(call, 0), &value, &error)) return give_error(call, list, &error);
    if (go_is_nil(&value) && !error.len) {
        value = list ? go_list(&GO_TYPE_LIST, NULL, 0) : go_map(call->env, &GO_TYPE_MAP, 0);
        if (!list) value.map->nil = true;
        return go_give(call, value);
    }
    if (go_kind(&value) == GO_MAP && wanted == GO_MAP && error.len)
        go_map_set(call->env, value.map, STR("Error"), go_string(error));
    else if (error.len && go_kind(&value) == wanted) return give_error(call, list, &error);
    if (go_kind(&value) == wanted) return go_give(call, value);
    error = arena_printf(call->env->arena, "json: cannot unmarshal %s into Go value of type %s",
                         go_is_nil(&value) ? "number" : go_json_kind_name(&value),
                         list ? "[]interface {}" : "map[string]interface {}");
    return give_error(call, list, &error);
}

static bool fn_from_json(struct go_call *call) {
    return from_json(call, false);
}

static bool fn_from_json_array(struct go_call *call) {
    return from_json(call, true);
}

static bool fn_must_from_json(struct go_call *call) {
    struct go_value value;
    struct str error;
    if (!go_json_read(call->env, fn_text(call, 0), &value, &error) || error.len)
        return go_fail(call, "%.*s", STR_ARG(error));
    return go_give(call, value);
}

const struct go_function FN_READ[] = {
    {"fromJson", "s:m", fn_from_json, 0},          {"fromJsonArray", "s:l", fn_from_json_array, 0},
    {"fromYaml", "s:m", fn_from_yaml, FN_HOLES},   {"fromYamlArray", "s:l", fn_from_yaml_array, FN_HOLES},
    {"mustFromJson", "s:a", fn_must_from_json, 0}, {0},
};
