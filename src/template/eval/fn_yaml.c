/* toYaml, toJson and their kin.
 *
 * toYaml is what Helm's library makes of a value: it is written as JSON, read as YAML and written as YAML. The way over
 * JSON is not walked, but what it does is done: numbers are those that JSON's text stands for, bytes are base64, broken
 * UTF-8 becomes U+FFFD, and a text that YAML refuses makes all of it empty. */
#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "template/eval/fn_help.h"
#include "template/go/hash.h"
#include "template/go/number.h"
#include "template/go/unicode.h"
#include "template/go/yaml.h"

#define DEPTH_MAX 1000

struct writer {
    struct go_call *call;
    struct go_text text; /* what was written, and whose it is */
    struct buf out;      /* what is not in `text` yet */
    struct go_yaml yaml;
    bool pretty, raw;  /* JSON with indentation; without HTML's escapes */
    bool failed;       /* it is no JSON: `error` says why, or no YAML */
    const char *error; /* as encoding/json words it */
};

/* Moves what was written into the text, showing nothing. */
static void flush(struct writer *w) {
    go_text_add(&w->text, buf_str(&w->out));
    w->out.len = 0;
}

/* The same for the scalar `v`, which begins at `from` of what is not moved yet. */
static void flush_scalar(struct writer *w, size_t from, const struct go_value *v) {
    if (!w->call->env->trace && !v->runs) return;
    const struct go_paths *paths = go_paths_of(w->call->env, v);
    if (!paths) return;
    struct str written = arena_str(w->call->env->arena, buf_str(&w->out));
    go_text_add(&w->text, str_slice(written, 0, from));
    go_text_add_shown(&w->text, str_slice(written, from, written.len), paths);
    w->out.len = 0;
}

static void fail(struct writer *w, const char *error) {
    w->failed = true;
    if (!w->error) w->error = error;
}

static struct str with_replacements(struct arena *a, struct str s) {
    if (go_is_utf8(s)) return s;
    struct buf out = buf_in(a);
    uint32_t code;
    for (size_t i = 0; i < s.len;) {
        i += utf8_next(s, i, &code);
        go_add_rune(&out, code);
    }
    return buf_str(&out);
}

static struct str base64(struct arena *a, struct str s) {
    struct buf out = buf_in(a);
    go_base64_encode(&out, s);
    return buf_str(&out);
}

/* What stands between the quotes. */
static void write_json_escaped(struct writer *w, struct str s) {
    struct buf *out = &w->out;
    uint32_t code;
    for (size_t i = 0, len; i < s.len; i += len) {
        len = utf8_next(s, i, &code);
        const char *named = code && code < 0x80 ? strchr("\bb\ff\nn\rr\tt\"\"\\\\", (int)code) : NULL;
        bool html = !w->raw && (code == '<' || code == '>' || code == '&');
        if (code == '"' || code == '\\') buf_addf(out, "\\%c", (char)code);
        else if (named && code < ' ') buf_addf(out, "\\%c", named[1]);
        else if (code < ' ' || html || code == 0x2028 || code == 0x2029) buf_addf(out, "\\u%04x", code);
        else if (code == UTF8_REPLACEMENT && len == 1) buf_add(out, STR("\\ufffd"));
        else buf_add(out, str_slice(s, i, i + len));
    }
}

static void write_json_string(struct writer *w, struct str s) {
    buf_add_char(&w->out, '"');
    write_json_escaped(w, s);
    buf_add_char(&w->out, '"');
}

/* A string with holes: between quotes all the same. */
static void write_json_unsure(struct writer *w, const struct go_value *v) {
    const struct go_paths *paths = go_paths_of(w->call->env, v);
    buf_add_char(&w->out, '"');
    for (size_t at = 0, end; at < v->text.len; at = end) {
        const struct go_hole *hole = fn_stretch_at(v, at, &end);
        if (!hole) {
            write_json_escaped(w, str_slice(v->text, at, end));
            continue;
        }
        flush(w);
        struct go_value unknown = go_hole_like(w->call->env, &GO_TYPE_STRING, hole);
        unknown = go_with_paths(w->call->env, unknown, paths);
        go_text_add_value(&w->text, &unknown);
    }
    buf_add_char(&w->out, '"');
}

static void json_line(struct writer *w, int depth) {
    if (!w->pretty) return;
    buf_add_char(&w->out, '\n');
    buf_add_repeat(&w->out, ' ', (size_t)depth * 2);
}

static void write_json(struct writer *w, const struct go_value *v, int depth);

static void json_member(struct writer *w, bool first, struct str key, const struct go_value *v, int depth) {
    if (!first) buf_add_char(&w->out, ',');
    json_line(w, depth + 1);
    write_json_string(w, key);
    buf_add(&w->out, w->pretty ? STR(": ") : STR(":"));
    write_json(w, v, depth + 1);
}

static void write_json_map(struct writer *w, const struct go_value *v, int depth) {
    if (v->map->nil) {
        buf_add(&w->out, STR("null"));
        return;
    }
    go_map_sort(v->map);
    buf_add_char(&w->out, '{');
    for (uint32_t i = 0; i < v->map->len; i++)
        json_member(w, i == 0, v->map->members[i].key, &v->map->members[i].value, depth);
    if (v->map->len) json_line(w, depth);
    buf_add_char(&w->out, '}');
}

static bool is_left_out(const struct go_field *field, const struct go_value *v) {
    bool object = go_kind(v) == GO_STRUCT && !v->type->pointer;
    return field->json.len == 0 || (field->omit_empty && !object && go_truth(v) == 0);
}

static void write_json_struct(struct writer *w, const struct go_value *v, int depth) {
    bool first = true;
    buf_add_char(&w->out, '{');
    for (uint32_t i = 0; i < v->type->field_count; i++) {
        if (is_left_out(&v->type->fields[i], &v->object.fields[i])) continue;
        json_member(w, first, v->type->fields[i].json, &v->object.fields[i], depth);
        first = false;
    }
    if (!first) json_line(w, depth);
    buf_add_char(&w->out, '}');
}

static void write_json_list(struct writer *w, const struct go_value *v, int depth) {
    if (!v->list.items) {
        buf_add(&w->out, STR("null"));
        return;
    }
    buf_add_char(&w->out, '[');
    for (uint32_t i = 0; i < v->list.len; i++) {
        if (i) buf_add_char(&w->out, ',');
        json_line(w, depth + 1);
        write_json(w, &v->list.items[i], depth + 1);
    }
    if (v->list.len) json_line(w, depth);
    buf_add_char(&w->out, ']');
}

static void add_unknown(struct writer *w, const struct go_value *v) {
    const struct go_hole *hole = go_find_hole(v);
    struct go_value unknown = go_hole_like(w->call->env, &GO_TYPE_STRING, hole);
    unknown = go_with_paths(w->call->env, unknown, go_paths_of(w->call->env, v));
    flush(w);
    go_text_add_value(&w->text, &unknown);
}

/* The text of a number in JSON; NULL where there is none (infinities). */
static bool number_text(struct writer *w, const struct go_value *v, struct buf *out) {
    if (go_kind(v) == GO_INT) buf_add_int(out, v->integer);
    else if (go_kind(v) == GO_UINT) buf_addf(out, "%llu", (unsigned long long)v->natural);
    else if (isfinite(v->real)) go_format_json_float(out, v->real);
    else
        fail(w, isnan(v->real) ? "json: unsupported value: NaN"
                : v->real < 0  ? "json: unsupported value: -Inf"
                               : "json: unsupported value: +Inf");
    return !w->failed;
}

static bool has_hole(const struct writer *w, const struct go_value *v) {
    bool scalar = go_kind(v) == GO_STRING || v->type == &GO_TYPE_BYTES || go_kind(v) == GO_HOLE;
    bool open = go_kind(v) == GO_MAP && v->map->open;
    return w->call->env->holes_made && (scalar || open) && go_find_hole(v);
}

/* What encodes itself as its text. */
static const struct go_value *text_of(struct writer *w, const struct go_value *v) {
    return go_kind(v) == GO_STRUCT && !v->type->fields ? go_stringer(w->call->env, v) : NULL;
}

static void write_json(struct writer *w, const struct go_value *v, int depth) {
    size_t from = w->out.len;
    const struct go_value *text = text_of(w, v);
    if (w->failed) return;
    if (depth > DEPTH_MAX) {
        fail(w, "json: unsupported value: encountered a cycle");
        return;
    }
    if (has_hole(w, v)) {
        if (go_kind(v) == GO_STRING) write_json_unsure(w, v);
        else add_unknown(w, v);
        return;
    }
    if (text) {
        write_json_string(w, text->text);
        return;
    }
    switch (go_kind(v)) {
    case GO_NIL:
    case GO_NIL_KEPT: buf_add(&w->out, STR("null")); break;
    case GO_BOOL: buf_add(&w->out, v->boolean ? STR("true") : STR("false")); break;
    case GO_INT:
    case GO_UINT:
    case GO_FLOAT: number_text(w, v, &w->out); break;
    case GO_STRING: write_json_string(w, v->text); break;
    case GO_SLICE:
        if (v->type == &GO_TYPE_BYTES) write_json_string(w, base64(w->call->env->arena, v->text));
        else write_json_list(w, v, depth);
        return;
    case GO_MAP: write_json_map(w, v, depth); return;
    case GO_STRUCT: write_json_struct(w, v, depth); return;
    case GO_FUNC:
    case GO_HOLE: fail(w, "json: unsupported type: func()"); return;
    }
    flush_scalar(w, from, v);
}

enum { MUST = 1, PRETTY = 2, RAW = 4 };

static bool to_json(struct go_call *call, unsigned how) {
    struct writer w = {.call = call, .pretty = how & PRETTY, .raw = how & RAW};
    w.text = go_text_in(call->env);
    w.out = buf_in(call->env->arena);
    write_json(&w, &call->args[0], 0);
    if (w.failed) return how & (MUST | RAW) ? go_fail(call, "%s", w.error) : fn_give_text(call, STR(""));
    flush(&w);
    return go_give(call, go_text_value(&w.text));
}

static bool fn_to_json(struct go_call *call) {
    return to_json(call, 0);
}

static bool fn_must_to_json(struct go_call *call) {
    return to_json(call, MUST);
}

static bool fn_to_pretty_json(struct go_call *call) {
    return to_json(call, PRETTY);
}

static bool fn_must_to_pretty_json(struct go_call *call) {
    return to_json(call, MUST | PRETTY);
}

static bool fn_to_raw_json(struct go_call *call) {
    return to_json(call, RAW);
}

static void write_yaml(struct writer *w, const struct go_value *v, int depth);

/* The number that go-yaml reads from JSON's text, as it prints it. */
static void write_yaml_number(struct writer *w, const struct go_value *v) {
    struct buf text = buf_in(w->call->env->arena), out = buf_in(w->call->env->arena);
    int64_t integer;
    uint64_t natural;
    if (!number_text(w, v, &text)) return;
    if (go_parse_int(buf_str(&text), 0, &integer) == GO_PARSE_OK) buf_add_int(&out, integer);
    else if (go_parse_uint(buf_str(&text), 0, &natural) == GO_PARSE_OK) out = text;
    else go_format_float(&out, v->real, 'g', -1);
    go_yaml_plain(&w->yaml, buf_str(&out));
}

static bool yaml_text(struct writer *w, struct str s, bool key, struct str *out) {
    struct arena *a = w->call->env->arena;
    s = with_replacements(a, s);
    if (!go_yaml_from_json(a, s, false, out)) fail(w, "yaml: control characters are not allowed");
    else if (key && !go_yaml_from_json(a, s, true, out)) fail(w, "yaml: line 1: did not find expected ',' or '}'");
    return !w->failed;
}

static void write_yaml_string(struct writer *w, struct str s) {
    struct str text;
    if (yaml_text(w, s, false, &text)) go_yaml_string(&w->yaml, text);
}

struct yaml_member {
    struct str key; /* as YAML reads it */
    const struct go_value *value;
};

static int compare_members(const void *a, const void *b) {
    return go_yaml_key_cmp(((const struct yaml_member *)a)->key, ((const struct yaml_member *)b)->key);
}

static void write_yaml_members(struct writer *w, struct yaml_member *members, uint32_t count, int depth) {
    for (uint32_t i = 0; i < count; i++)
        if (!yaml_text(w, members[i].key, true, &members[i].key)) return;
    if (count == 0) {
        go_yaml_empty(&w->yaml, STR("{}"));
        return;
    }
    qsort(members, count, sizeof *members, compare_members);
    int begun = go_yaml_map_begin(&w->yaml);
    for (uint32_t i = 0; i < count && !w->failed; i++) {
        go_yaml_key(&w->yaml, members[i].key);
        go_yaml_value(&w->yaml);
        write_yaml(w, members[i].value, depth + 1);
    }
    go_yaml_collection_end(&w->yaml, begun);
}

static void write_yaml_map(struct writer *w, const struct go_value *v, int depth) {
    if (v->map->nil) {
        go_yaml_plain(&w->yaml, STR("null"));
        return;
    }
    struct yaml_member *members = arena_array(w->call->env->arena, struct yaml_member, v->map->len + 1);
    for (uint32_t i = 0; i < v->map->len; i++)
        members[i] = (struct yaml_member){v->map->members[i].key, &v->map->members[i].value};
    write_yaml_members(w, members, v->map->len, depth);
}

static void write_yaml_struct(struct writer *w, const struct go_value *v, int depth) {
    struct yaml_member *members = arena_array(w->call->env->arena, struct yaml_member, v->type->field_count + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; i < v->type->field_count; i++)
        if (!is_left_out(&v->type->fields[i], &v->object.fields[i]))
            members[count++] = (struct yaml_member){v->type->fields[i].json, &v->object.fields[i]};
    write_yaml_members(w, members, count, depth);
}

static void write_yaml_list(struct writer *w, const struct go_value *v, int depth) {
    if (!v->list.items) {
        go_yaml_plain(&w->yaml, STR("null"));
        return;
    }
    if (v->list.len == 0) {
        go_yaml_empty(&w->yaml, STR("[]"));
        return;
    }
    int begun = go_yaml_list_begin(&w->yaml);
    for (uint32_t i = 0; i < v->list.len && !w->failed; i++) {
        go_yaml_item(&w->yaml);
        write_yaml(w, &v->list.items[i], depth + 1);
    }
    go_yaml_collection_end(&w->yaml, begun);
}

/* A placeholder, as if it were a plain text of one word. */
static void write_yaml_unknown(struct writer *w, const struct go_value *v) {
    size_t from = w->out.len;
    go_yaml_plain(&w->yaml, STR("x"));
    bool space = w->out.len - from > 1;
    w->out.len = from + space;
    add_unknown(w, v);
}

static void write_yaml(struct writer *w, const struct go_value *v, int depth) {
    size_t from = w->out.len;
    const struct go_value *text = text_of(w, v);
    if (w->failed) return;
    if (depth > DEPTH_MAX) {
        w->failed = true;
        return;
    }
    if (has_hole(w, v)) {
        write_yaml_unknown(w, v);
        return;
    }
    if (text) {
        write_yaml_string(w, text->text);
        return;
    }
    switch (go_kind(v)) {
    case GO_NIL:
    case GO_NIL_KEPT: go_yaml_plain(&w->yaml, STR("null")); break;
    case GO_BOOL: go_yaml_plain(&w->yaml, v->boolean ? STR("true") : STR("false")); break;
    case GO_INT:
    case GO_UINT:
    case GO_FLOAT: write_yaml_number(w, v); break;
    case GO_STRING: write_yaml_string(w, v->text); break;
    case GO_SLICE:
        if (v->type == &GO_TYPE_BYTES) write_yaml_string(w, base64(w->call->env->arena, v->text));
        else write_yaml_list(w, v, depth);
        break;
    case GO_MAP: write_yaml_map(w, v, depth); return;
    case GO_STRUCT: write_yaml_struct(w, v, depth); return;
    case GO_FUNC:
    case GO_HOLE: w->failed = true; return;
    }
    if (go_kind(v) != GO_SLICE) flush_scalar(w, from, v);
}

static bool to_yaml(struct go_call *call, bool must) {
    struct writer w = {.call = call};
    w.text = go_text_in(call->env);
    w.out = buf_in(call->env->arena);
    go_yaml_begin(&w.yaml, &w.out);
    write_yaml(&w, &call->args[0], 0);
    if (w.failed && must) return go_fail(call, "%s", w.error ? w.error : "json: unsupported type");
    if (w.failed) return fn_give_text(call, STR(""));
    go_yaml_end(&w.yaml);
    flush(&w);
    /* Helm takes one line end off. */
    struct go_value all = go_text_value(&w.text);
    if (!str_ends(all.text, STR("\n"))) return go_give(call, all);
    struct go_text text = go_text_in(call->env);
    go_text_add_part(&text, &all, 0, all.text.len - 1);
    return go_give(call, go_text_value(&text));
}

static bool fn_to_yaml(struct go_call *call) {
    return to_yaml(call, false);
}

static bool fn_must_to_yaml(struct go_call *call) {
    return to_yaml(call, true);
}

/* Another library's layout (go-yaml v3), which is not written here. */
static bool fn_to_yaml_pretty(struct go_call *call) {
    struct go_value text = go_hole_value(call->env, &GO_TYPE_STRING, STR("toYamlPretty"), 1, -1);
    return go_give(call, go_with_paths(call->env, text, go_paths_of(call->env, &call->args[0])));
}

const struct go_function FN_YAML[] = {
    {"mustToJson", "a:s", fn_must_to_json, FN_HOLES},
    {"mustToPrettyJson", "a:s", fn_must_to_pretty_json, FN_HOLES},
    {"mustToRawJson", "a:s", fn_to_raw_json, FN_HOLES},
    {"mustToYaml", "a:s", fn_must_to_yaml, FN_HOLES | FN_HELM4},
    {"toJson", "a:s", fn_to_json, FN_HOLES},
    {"toPrettyJson", "a:s", fn_to_pretty_json, FN_HOLES},
    {"toRawJson", "a:s", fn_to_raw_json, FN_HOLES},
    {"toYaml", "a:s", fn_to_yaml, FN_HOLES},
    {"toYamlPretty", "a:s", fn_to_yaml_pretty, FN_HOLES},
    {0},
};
