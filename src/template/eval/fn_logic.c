/* Defaults, truth, types, and the escapers of text/template. */
#include "base/ascii.h"
#include "base/utf8.h"
#include "template/eval/fn_help.h"
#include "template/go/unicode.h"

static bool give_unknown(struct go_call *call, const struct go_value *v) {
    const struct go_hole *hole = go_find_hole(v);
    return go_give(call, go_hole_like(call->env, &GO_TYPE_HOLE, hole));
}

static bool fn_default(struct go_call *call) {
    int truth = call->count > 1 ? go_truth(&call->args[1]) : 0;
    if (truth < 0) return give_unknown(call, &call->args[1]);
    return go_give(call, call->args[truth ? 1 : 0]);
}

static bool give_truth(struct go_call *call, const struct go_value *v, int truth) {
    if (truth >= 0) return go_give(call, go_bool(truth));
    return go_give(call, go_hole_like(call->env, &GO_TYPE_BOOL, go_find_hole(v)));
}

static bool fn_empty(struct go_call *call) {
    int truth = go_truth(&call->args[0]);
    return give_truth(call, &call->args[0], truth < 0 ? -1 : !truth);
}

static bool fn_coalesce(struct go_call *call) {
    for (uint32_t i = 0; i < call->count; i++) {
        int truth = go_truth(&call->args[i]);
        if (truth < 0) return give_unknown(call, &call->args[i]);
        if (truth) return go_give(call, call->args[i]);
    }
    return go_give(call, go_nil());
}

/* Whether one of the arguments has the truth `wanted`. */
static bool look_for(struct go_call *call, int wanted) {
    const struct go_value *unsure = NULL;
    for (uint32_t i = 0; i < call->count; i++) {
        int truth = go_truth(&call->args[i]);
        if (truth == wanted) return go_give(call, go_bool(wanted));
        if (truth < 0) unsure = &call->args[i];
    }
    return unsure ? give_truth(call, unsure, -1) : go_give(call, go_bool(!wanted));
}

static bool fn_all(struct go_call *call) {
    return look_for(call, 0);
}

static bool fn_any(struct go_call *call) {
    return look_for(call, 1);
}

static bool fn_ternary(struct go_call *call) {
    int truth = go_truth(&call->args[2]);
    if (truth < 0) return give_unknown(call, &call->args[2]);
    return go_give(call, call->args[truth ? 0 : 1]);
}

/* Of a hole the type may be known. */
static const struct go_type *type_of(const struct go_value *v) {
    const struct go_type *type = go_kind(v) == GO_HOLE ? v->hole->type : v->type;
    return type->kind == GO_HOLE ? NULL : type;
}

static bool give_type(struct go_call *call, const struct go_value *v, bool kind) {
    const struct go_type *type = type_of(v);
    if (!type) return go_give(call, go_hole_like(call->env, &GO_TYPE_STRING, v->hole));
    struct go_value typed = {.type = type};
    return fn_give_text(call, kind ? str_from(fn_kind_name(&typed)) : type->name);
}

static bool is_type(struct go_call *call, bool kind, bool like) {
    struct str wanted = fn_text(call, 0);
    const struct go_type *type = type_of(&call->args[1]);
    const struct go_hole *hole = fn_hole(call, &call->args[0]);
    if (!type) hole = call->args[1].hole;
    if (hole) return go_give(call, go_hole_like(call->env, &GO_TYPE_BOOL, hole));
    struct go_value typed = {.type = type};
    struct str name = kind ? str_from(fn_kind_name(&typed)) : type->name;
    bool pointer =
        like && name.len == wanted.len + 1 && name.ptr[0] == '*' && str_eq(str_slice(name, 1, name.len), wanted);
    return go_give(call, go_bool(pointer || str_eq(name, wanted)));
}

static bool fn_kind_of(struct go_call *call) {
    return give_type(call, &call->args[0], true);
}

static bool fn_kind_is(struct go_call *call) {
    return is_type(call, true, false);
}

static bool fn_type_of(struct go_call *call) {
    return give_type(call, &call->args[0], false);
}

static bool fn_type_is(struct go_call *call) {
    return is_type(call, false, false);
}

static bool fn_type_is_like(struct go_call *call) {
    return is_type(call, false, true);
}

static bool fn_deep_equal_values(struct go_call *call) {
    int equal = fn_deep_equal(&call->args[0], &call->args[1]);
    if (equal >= 0) return go_give(call, go_bool(equal));
    const struct go_value *v = go_find_hole(&call->args[0]) ? &call->args[0] : &call->args[1];
    if (!go_find_hole(v)) return go_fail(call, "the values hold themselves");
    return give_truth(call, v, -1);
}

/* The arguments as print prints them, but for nil. */
static struct str printed(struct go_call *call) {
    struct go_text text = go_text_in(call->env);
    bool string_before = true;
    for (uint32_t i = 0; i < call->count; i++) {
        struct go_value v = go_is_nil(&call->args[i]) ? go_string(STR("<no value>")) : call->args[i];
        bool string = go_kind(&v) == GO_STRING;
        if (i > 0 && !string && !string_before) go_text_add(&text, STR(" "));
        go_print(&text, &v);
        string_before = string;
    }
    return buf_str(&text.bytes);
}

static bool fn_html(struct go_call *call) {
    static const struct {
        char c;
        struct str text;
    } escapes[] = {{'\0', STR_INIT("\xEF\xBF\xBD")}, {'"', STR_INIT("&#34;")}, {'\'', STR_INIT("&#39;")},
                   {'&', STR_INIT("&amp;")},         {'<', STR_INIT("&lt;")},  {'>', STR_INIT("&gt;")}};
    struct str s = printed(call);
    struct buf out = buf_in(call->env->arena);
    for (size_t i = 0; i < s.len; i++) {
        size_t found = 0;
        while (found < sizeof escapes / sizeof *escapes && escapes[found].c != s.ptr[i]) found++;
        if (found < sizeof escapes / sizeof *escapes) buf_add(&out, escapes[found].text);
        else buf_add_char(&out, s.ptr[i]);
    }
    return fn_give_buf(call, &out);
}

static bool fn_js(struct go_call *call) {
    struct str s = printed(call);
    struct buf out = buf_in(call->env->arena);
    uint32_t code;
    for (size_t i = 0, len; i < s.len; i += len) {
        len = utf8_next(s, i, &code);
        if (code == '\\' || code == '\'' || code == '"') buf_addf(&out, "\\%c", (char)code);
        else if (code < ' ' || (code < 0x80 && strchr("<>&=", (int)code))) buf_addf(&out, "\\u00%02X", code);
        else if (code < 0x80 || go_is_print(code)) buf_add(&out, str_slice(s, i, i + len));
        else buf_addf(&out, "\\u%04X", code);
    }
    return fn_give_buf(call, &out);
}

static bool fn_urlquery(struct go_call *call) {
    struct str s = printed(call);
    struct buf out = buf_in(call->env->arena);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (ascii_is_alnum(c) || (c && strchr("-_.~", c))) buf_add_char(&out, c);
        else if (c == ' ') buf_add_char(&out, '+');
        else buf_addf(&out, "%%%02X", (unsigned char)c);
    }
    return fn_give_buf(call, &out);
}

static bool fn_hello(struct go_call *call) {
    return fn_give_text(call, STR("Hello!"));
}

const struct go_function FN_LOGIC[] = {
    {"all", "a*:b", fn_all, FN_HOLES},
    {"any", "a*:b", fn_any, FN_HOLES},
    {"coalesce", "a*:a", fn_coalesce, FN_HOLES},
    {"deepEqual", "aa:b", fn_deep_equal_values, FN_HOLES},
    {"default", "aa*:a", fn_default, FN_HOLES},
    {"empty", "a:b", fn_empty, FN_HOLES},
    {"hello", ":s", fn_hello, 0},
    {"html", "a*:s", fn_html, 0},
    {"js", "a*:s", fn_js, 0},
    {"kindIs", "sa:b", fn_kind_is, FN_HOLES},
    {"kindOf", "a:s", fn_kind_of, FN_HOLES},
    {"ternary", "aab:a", fn_ternary, FN_HOLES},
    {"typeIs", "sa:b", fn_type_is, FN_HOLES},
    {"typeIsLike", "sa:b", fn_type_is_like, FN_HOLES},
    {"typeOf", "a:s", fn_type_of, FN_HOLES},
    {"urlquery", "a*:s", fn_urlquery, 0},
    {0},
};
