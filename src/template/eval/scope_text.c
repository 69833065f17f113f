/* Functions on texts and numbers, as far as guards and names of templates are made with them. */
#include "base/ascii.h"
#include "base/buf.h"
#include "template/eval/scope_evaluator.h"

#include <stdlib.h>

/* Whole numbers below print as they are; Go prints larger ones of the values as 1e+06. */
#define PLAIN_NUMBER 1000000
/* Longer texts are not put together. */
#define TEXT_LONGEST 65536

static const struct value *scalar_of(const struct abstract *v) {
    return v->kind == ABSTRACT_DATA && v->data && v->data->kind < VALUE_LIST ? v->data : NULL;
}

static struct abstract call_to_yaml(struct scope_call *c) {
    struct abstract v = abstract_unknown();
    if (c->count != 1) return scope_unknown(c);
    scope_take(c->evaluator, &c->args[0], c->spans[0]);
    v.truth = TRUTH_YES;
    if (c->args[0].kind == ABSTRACT_DATA) v.text_of = c->args[0].data;
    return v;
}

static struct abstract call_from_yaml(struct scope_call *c) {
    if (c->count != 1) return scope_unknown(c);
    const struct value *data = c->args[0].text_of;
    scope_unknown(c);
    return data && data->kind == VALUE_MAP ? abstract_data(data) : abstract_unknown();
}

/* The text that a value prints as; false where that is not known. */
static bool printed(struct arena *a, const struct abstract *v, struct str *text) {
    const struct value *data = scalar_of(v);
    if (!data) return false;
    if (data->kind == VALUE_STRING) *text = data->string;
    else if (data->kind == VALUE_BOOL) *text = data->boolean ? STR("true") : STR("false");
    else if (data->kind == VALUE_INT && data->integer > -PLAIN_NUMBER && data->integer < PLAIN_NUMBER)
        *text = arena_printf(a, "%d", (int)data->integer);
    else return false;
    return true;
}

static struct abstract call_to_string(struct scope_call *c) {
    struct str text;
    if (c->count != 1) return scope_unknown(c);
    bool known = printed(c->evaluator->arena, &c->args[0], &text);
    struct abstract v = abstract_unknown();
    v.text_of = c->args[0].text_of;
    v.truth = c->args[0].kind == ABSTRACT_DATA && c->args[0].data ? TRUTH_YES : TRUTH_MAYBE;
    scope_unknown(c);
    return known ? abstract_string(c->evaluator->arena, text) : v;
}

/* quote, squote: no value is left out. */
static struct abstract call_quote(struct scope_call *c) {
    bool nothing = c->count == 1 && abstract_is_nil(&c->args[0]);
    struct value_path *place = nothing ? c->args[0].place : NULL;
    struct abstract v = call_to_string(c);
    if (!nothing) {
        struct abstract text = abstract_unknown();
        text.text_of = v.text_of;
        text.truth = c->count == 1 && c->args[0].kind == ABSTRACT_DATA ? TRUTH_YES : TRUTH_MAYBE;
        return text;
    }
    v = abstract_string(c->evaluator->arena, STR(""));
    v.place = place;
    return v;
}

/* What changes nothing in the strings that a text was made of. */
static struct abstract call_indent(struct scope_call *c) {
    struct abstract v = abstract_unknown();
    if (c->count) v.text_of = c->args[c->count - 1].text_of;
    scope_unknown(c);
    return v;
}

static struct abstract call_case(struct scope_call *c) {
    struct str text;
    bool known = c->count == 1 && abstract_text(&c->args[0], &text);
    struct buf out = buf_in(c->evaluator->arena);
    bool upper = str_eq(c->name, STR("upper"));
    scope_unknown(c);
    for (size_t i = 0; known && i < text.len; i++) {
        char ch = text.ptr[i];
        if ((unsigned char)ch >= 0x80) return abstract_unknown();
        bool changes = ascii_is_alpha(ch) && (ch == ascii_lower(ch)) == upper;
        buf_add_char(&out, changes ? (char)(ch ^ 0x20) : ch);
    }
    return known ? abstract_string(c->evaluator->arena, buf_str(&out)) : abstract_unknown();
}

static struct abstract call_trim(struct scope_call *c) {
    struct str text;
    bool known = c->count == 1 && abstract_text(&c->args[0], &text);
    struct abstract v = call_indent(c);
    return known ? abstract_string(c->evaluator->arena, str_trim(text)) : v;
}

static struct abstract call_find(struct scope_call *c) {
    struct str part, text;
    bool known = c->count == 2 && abstract_text(&c->args[0], &part) && abstract_text(&c->args[1], &text);
    scope_unknown(c);
    if (!known) return abstract_unknown();
    bool found = str_eq(c->name, STR("contains"))    ? part.len == 0 || str_find(text, part) < text.len
                 : str_eq(c->name, STR("hasPrefix")) ? str_starts(text, part)
                                                     : str_ends(text, part);
    return abstract_truth(found ? TRUTH_YES : TRUTH_NO);
}

static struct abstract call_print(struct scope_call *c) {
    struct buf out = buf_in(c->evaluator->arena);
    bool known = true;
    for (uint32_t i = 0; i < c->count; i++) {
        struct str text = {NULL, 0};
        known = known && abstract_text(&c->args[i], &text) && out.len + text.len <= TEXT_LONGEST;
        if (known) buf_add(&out, text);
    }
    scope_unknown(c);
    return known ? abstract_string(c->evaluator->arena, buf_str(&out)) : abstract_unknown();
}

static struct abstract call_printf(struct scope_call *c) {
    struct buf out = buf_in(c->evaluator->arena);
    struct str format, text;
    uint32_t at = 1;
    bool known = c->count && abstract_text(&c->args[0], &format);
    for (size_t i = 0; known && i < format.len; i++) {
        char ch = format.ptr[i];
        if (ch != '%') {
            buf_add_char(&out, ch);
            continue;
        }
        char verb = ++i < format.len ? format.ptr[i] : 0;
        known = (verb == 's' || verb == 'v') && at < c->count && printed(c->evaluator->arena, &c->args[at], &text) &&
                (verb == 'v' || c->args[at].data->kind == VALUE_STRING);
        known = known && out.len + text.len <= TEXT_LONGEST;
        if (known) buf_add(&out, text);
        at++;
    }
    known = known && at == c->count;
    scope_unknown(c);
    return known ? abstract_string(c->evaluator->arena, buf_str(&out)) : abstract_unknown();
}

/* ---- numbers ---- */

static struct abstract call_int(struct scope_call *c) {
    if (c->count != 1) return scope_unknown(c);
    const struct value *data = scalar_of(&c->args[0]);
    bool known = true, nil = abstract_is_nil(&c->args[0]);
    int64_t number = 0;
    if (data && data->kind == VALUE_INT) number = data->integer;
    else if (data && data->kind == VALUE_BOOL) number = data->boolean;
    else if (data && data->kind == VALUE_STRING) {
        struct str copy = arena_str(c->evaluator->arena, data->string);
        char *end;
        number = strtoll(copy.ptr, &end, 10);
        known = copy.len > 0 && copy.len < 18 && !*end && (copy.len == 1 || copy.ptr[0] != '0');
    } else known = nil;
    scope_unknown(c);
    return known ? abstract_whole(c->evaluator->arena, number) : abstract_unknown();
}

static struct abstract call_len(struct scope_call *c) {
    if (c->count != 1) return scope_unknown(c);
    const struct abstract *v = &c->args[0];
    bool made = (v->kind == ABSTRACT_DICT || v->kind == ABSTRACT_LIST) && !v->items->open;
    int64_t len = -1;
    if (made) len = v->items->list.len;
    else if (v->kind == ABSTRACT_DATA && v->data && v->data->kind == VALUE_STRING) len = (int64_t)v->data->string.len;
    else if (v->kind == ABSTRACT_DATA && v->data && v->data->kind == VALUE_LIST) len = v->data->list.len;
    else if (v->kind == ABSTRACT_DATA && v->data && v->data->kind == VALUE_MAP) len = v->data->map.len;
    scope_unknown(c);
    return len >= 0 ? abstract_whole(c->evaluator->arena, len) : abstract_unknown();
}

bool scope_text_function(struct scope_call *c, struct abstract *result) {
    static const struct scope_call_entry functions[] = {
        {STR_INIT("toYaml"), call_to_yaml},
        {STR_INIT("mustToYaml"), call_to_yaml},
        {STR_INIT("toYamlPretty"), call_to_yaml},
        {STR_INIT("toJson"), call_to_yaml},
        {STR_INIT("mustToJson"), call_to_yaml},
        {STR_INIT("toPrettyJson"), call_to_yaml},
        {STR_INIT("toRawJson"), call_to_yaml},
        {STR_INIT("fromYaml"), call_from_yaml},
        {STR_INIT("fromJson"), call_from_yaml},
        {STR_INIT("toString"), call_to_string},
        {STR_INIT("quote"), call_quote},
        {STR_INIT("squote"), call_quote},
        {STR_INIT("indent"), call_indent},
        {STR_INIT("nindent"), call_indent},
        {STR_INIT("lower"), call_case},
        {STR_INIT("upper"), call_case},
        {STR_INIT("trim"), call_trim},
        {STR_INIT("contains"), call_find},
        {STR_INIT("hasPrefix"), call_find},
        {STR_INIT("hasSuffix"), call_find},
        {STR_INIT("print"), call_print},
        {STR_INIT("printf"), call_printf},
        {STR_INIT("int"), call_int},
        {STR_INIT("int64"), call_int},
        {STR_INIT("len"), call_len},
    };
    return scope_call_among(c, functions, sizeof functions / sizeof *functions, result);
}
