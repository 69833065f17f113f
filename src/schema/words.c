#include "schema/words.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "schema/schema.h"
#include "value/json.h"

/* Longer texts are cut, in bytes. */
#define TEXT_LONG 60
#define NAMES_LONG 12

static struct str cut(struct str s, bool *was_cut) {
    *was_cut = s.len > TEXT_LONG;
    if (!*was_cut) return s;
    return str_slice(s, 0, utf8_cut(s, TEXT_LONG - 3));
}

void words_quoted(struct buf *out, struct str s) {
    bool was_cut;
    s = cut(s, &was_cut);
    json_write_string(out, s);
    if (!was_cut) return;
    out->len--;
    buf_add(out, STR("...\""));
}

void words_value(struct buf *out, const struct value *v, bool with_kind) {
    switch (v->kind) {
    case VALUE_NULL: buf_add(out, STR("null")); break;
    case VALUE_BOOL: buf_add(out, v->boolean ? STR("true") : STR("false")); break;
    case VALUE_INT:
    case VALUE_FLOAT:
        if (with_kind) buf_add(out, STR("the number "));
        json_write_number(out, v);
        break;
    case VALUE_STRING:
        if (with_kind) buf_add(out, STR("the string "));
        words_quoted(out, v->string);
        break;
    case VALUE_LIST: buf_add(out, v->list.len ? STR("a list") : STR("an empty list")); break;
    case VALUE_MAP: buf_add(out, v->map.len ? STR("a mapping") : STR("an empty mapping")); break;
    }
}

/* Whether YAML or a person could take the word for something other than a string. */
static bool is_ambiguous(struct str s) {
    static const char *const words[] = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"};
    if (s.len == 0 || s.len > 40) return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == s.len && strncasecmp(words[i], s.ptr, s.len) == 0) return true;
    bool digits = true;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool digit = ascii_is_digit(c) || c == '.' || c == '-' || c == '+';
        bool letter = ascii_is_alpha(c) || c == '_' || c == '/';
        if (!digit && !letter) return true;
        digits = digits && digit;
    }
    return digits;
}

void words_choice(struct buf *out, const struct value *v) {
    if (v->kind == VALUE_STRING && !is_ambiguous(v->string)) {
        buf_add(out, v->string);
        return;
    }
    struct buf text = buf_in(out->arena);
    bool was_cut;
    json_write(&text, v, JSON_ONE_LINE);
    struct str shown = cut(buf_str(&text), &was_cut);
    buf_add(out, shown);
    if (was_cut) buf_add(out, STR("..."));
}

void words_names(struct buf *out, const struct str *names, uint32_t count, const char *joint) {
    uint32_t shown = count > NAMES_LONG ? NAMES_LONG - 1 : count;
    for (uint32_t i = 0; i < shown; i++) {
        bool was_cut;
        struct str name = cut(names[i], &was_cut);
        if (i) buf_addf(out, i + 1 == count ? " %s " : ", ", joint);
        buf_addf(out, "`%.*s%s`", STR_ARG(name), was_cut ? "..." : "");
    }
    if (shown < count) buf_addf(out, " %s %u more", joint, count - shown);
}

void words_types(struct buf *out, uint8_t types) {
    static const struct {
        uint8_t type;
        const char *words;
    } names[] = {
        {TYPE_MAP, "a mapping"},          {TYPE_LIST, "a list"},
        {TYPE_STRING, "a string"},        {TYPE_NUMBER, "a number"},
        {TYPE_INTEGER, "a whole number"}, {TYPE_NULL, "null"},
        {TYPE_BOOL, "true or false"},
    };
    if (types & TYPE_NUMBER) types &= (uint8_t)~TYPE_INTEGER;
    bool first = true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!(types & names[i].type)) continue;
        types &= (uint8_t)~names[i].type;
        bool last = types == 0 && names[i].type != TYPE_BOOL; /* "true or false" has its own "or" */
        if (!first) buf_add(out, last ? STR(" or ") : STR(", "));
        buf_add(out, str_from(names[i].words));
        first = false;
    }
}

uint8_t words_type_named(struct str name) {
    static const struct {
        struct str name;
        uint8_t types;
    } types[] = {
        {STR_INIT("null"), TYPE_NULL},       {STR_INIT("boolean"), TYPE_BOOL},
        {STR_INIT("integer"), TYPE_INTEGER}, {STR_INIT("number"), TYPE_INTEGER | TYPE_NUMBER},
        {STR_INIT("string"), TYPE_STRING},   {STR_INIT("array"), TYPE_LIST},
        {STR_INIT("object"), TYPE_MAP},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq(name, types[i].name)) return types[i].types;
    return 0;
}

void words_count(struct buf *out, uint64_t count, const char *noun) {
    buf_addf(out, "%llu %s%s", (unsigned long long)count, noun, count == 1 ? "" : "s");
}
