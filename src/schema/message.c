/* Violations in the words of a chart's author. */
#include "base/ascii.h"
#include "base/fuzzy.h"
#include "schema/format.h"
#include "schema/schema.h"
#include "schema/words.h"
#include "value/json.h"

#define CHOICES_LONG 12
#define PATTERN_LONG 120

struct writer {
    struct arena *a;
    struct buf message, help;
    const struct violation *v;
    bool about_key; /* the value is a key, which the subject shows already */
    bool suggests;  /* the help names the nearest allowed text */
};

/* The annotation `x-valuelint: {message: ...}` beside the violated keyword, which speaks of the value as a whole;
 * empty where there is none. */
static struct str own_message(const struct violation *v) {
    const struct str path[] = {STR_INIT("x-valuelint"), STR_INIT("message")};
    const struct value *message = value_path(v->schema, path, 2);
    return message && message->kind == VALUE_STRING ? message->string : STR("");
}

static struct str text_of(const struct value *schema, struct str key) {
    const struct value *text = value_get(schema, key);
    return text && text->kind == VALUE_STRING ? str_trim(text->string) : STR("");
}

static struct str description_of(const struct value *schema) {
    struct str text = text_of(schema, STR("description"));
    if (!text.len) text = text_of(schema, STR("title"));
    if (text.len && text.ptr[text.len - 1] == '.') text.len--;
    return text;
}

static bool is_left_empty(const struct value *v) {
    return v->kind == VALUE_NULL && v->node && span_len(v->span) == 0;
}

/* ", not X"; nothing where X says no more than the rest of the sentence. */
static void add_not(struct writer *w, bool with_kind) {
    const struct value *v = w->v->instance;
    if (w->about_key) return;
    if (is_left_empty(v)) {
        buf_add(&w->message, STR(", but it is empty"));
        return;
    }
    buf_add(&w->message, STR(", not "));
    words_value(&w->message, v, with_kind);
}

/* ---- Types ---- */

static bool looks_like_number(struct str s) {
    bool digit = false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        digit = digit || ascii_is_digit(c);
        if (!ascii_is_digit(c) && c != '.' && !(c == '-' && i == 0)) return false;
    }
    return digit;
}

/* "true" or "false" for a string that means it, or NULL. */
static const char *boolean_meant(struct str s) {
    static const char *const words[][2] = {{"true", "true"},   {"yes", "true"}, {"on", "true"},   {"y", "true"},
                                           {"false", "false"}, {"no", "false"}, {"off", "false"}, {"n", "false"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i][0]) == s.len && strncasecmp(words[i][0], s.ptr, s.len) == 0) return words[i][1];
    return NULL;
}

static bool is_empty(const struct value *v) {
    return v->kind == VALUE_NULL || (v->kind == VALUE_LIST && !v->list.len) || (v->kind == VALUE_MAP && !v->map.len);
}

static void help_with_type(struct writer *w, uint8_t types) {
    const struct value *v = w->v->instance;
    bool scalar = v->kind == VALUE_BOOL || value_is_number(v) || v->kind == VALUE_STRING;
    if (w->about_key) return;
    if ((types & TYPE_STRING) && v->kind != VALUE_STRING && scalar) {
        buf_add(&w->help, STR("put quotes around it"));
    } else if ((types & TYPE_BOOL) && v->kind == VALUE_STRING && boolean_meant(v->string)) {
        buf_addf(&w->help, "write %s without quotes", boolean_meant(v->string));
    } else if ((types & (TYPE_INTEGER | TYPE_NUMBER)) && v->kind == VALUE_STRING && looks_like_number(v->string)) {
        buf_add(&w->help, STR("remove the quotes"));
    } else if (types == TYPE_LIST && scalar) {
        buf_add(&w->help, STR("wrap it in a list"));
    } else if (is_empty(v) && (types == TYPE_LIST || types == TYPE_MAP || types == TYPE_STRING)) {
        const char *empty = types == TYPE_LIST ? "list is []" : types == TYPE_MAP ? "mapping is {}" : "string is \"\"";
        buf_addf(&w->help, "an empty %s", empty);
    }
}

static void write_types(struct writer *w, uint8_t types) {
    buf_add(&w->message, STR(" must be "));
    words_types(&w->message, types);
    bool whole = !(types & TYPE_NUMBER) && (types & TYPE_INTEGER) && w->v->instance->kind == VALUE_FLOAT;
    add_not(w, !whole);
}

static void write_type(struct writer *w) {
    write_types(w, w->v->types);
}

/* ---- Fixed values ---- */

static void add_choices(struct writer *w, const struct value *const *choices, uint32_t count, uint8_t types) {
    uint32_t shown = count > CHOICES_LONG ? CHOICES_LONG - 1 : count;
    buf_add(&w->message, count > 2 ? STR(" must be one of ") : STR(" must be "));
    for (uint32_t i = 0; i < shown; i++) {
        if (i) buf_add(&w->message, i + 1 == count ? STR(" or ") : STR(", "));
        words_choice(&w->message, choices[i]);
    }
    if (shown < count) buf_addf(&w->message, " or %u more", count - shown);
    if (types) {
        buf_add(&w->message, STR(", or "));
        words_types(&w->message, types);
    }
    if (count == 0 && !types) buf_add(&w->message, STR("nothing at all"));
}

/* The allowed string that is nearest to the one that stands there. */
static void suggest_choice(struct writer *w, const struct value *const *choices, uint32_t count) {
    const struct value *v = w->v->instance;
    struct str *names = arena_array(w->a, struct str, count);
    uint32_t strings = 0;
    for (uint32_t i = 0; i < count; i++)
        if (choices[i]->kind == VALUE_STRING) names[strings++] = choices[i]->string;
    struct buf text = buf_in(w->a);
    if (v->kind == VALUE_STRING) {
        struct str nearest = fuzzy_nearest(v->string, names, strings);
        if (!nearest.len) return;
        w->suggests = true;
        buf_add(&w->help, STR("did you mean "));
        words_quoted(&w->help, nearest);
        buf_add_char(&w->help, '?');
        return;
    }
    if (v->kind != VALUE_BOOL && !value_is_number(v)) return;
    words_value(&text, v, false);
    for (uint32_t i = 0; i < strings; i++)
        if (str_eq(names[i], buf_str(&text))) buf_add(&w->help, STR("put quotes around it"));
}

static void write_choices(struct writer *w, const struct value *const *choices, uint32_t count, uint8_t types) {
    bool strings = true;
    for (uint32_t i = 0; i < count; i++) strings = strings && choices[i]->kind == VALUE_STRING;
    add_choices(w, choices, count, types);
    add_not(w, strings && value_is_number(w->v->instance));
}

/* The values of the violated enum or const, or those that a merge of alternatives brought. */
static const struct value *const *choices_of(struct writer *w, uint32_t *count) {
    const struct violation *v = w->v;
    *count = v->choice_count;
    if (v->choices || !v->expected) return v->choices;
    bool list = v->keyword == SCHEMA_ENUM && v->expected->kind == VALUE_LIST;
    *count = list ? v->expected->list.len : 1;
    const struct value **choices = arena_array(w->a, const struct value *, *count);
    for (uint32_t i = 0; i < *count; i++) choices[i] = list ? &v->expected->list.items[i] : v->expected;
    return choices;
}

static void write_enum(struct writer *w) {
    uint32_t count;
    const struct value *const *choices = choices_of(w, &count);
    write_choices(w, choices, count, 0);
}

/* ---- Bounds ---- */

static void write_bound(struct writer *w, const char *words) {
    buf_addf(&w->message, " must be %s ", words);
    json_write_number(&w->message, w->v->expected);
    add_not(w, false);
}

static void write_maximum(struct writer *w) {
    write_bound(w, "at most");
}

static void write_exclusive_maximum(struct writer *w) {
    write_bound(w, "less than");
}

static void write_minimum(struct writer *w) {
    write_bound(w, "at least");
}

static void write_exclusive_minimum(struct writer *w) {
    write_bound(w, "more than");
}

static void write_multiple_of(struct writer *w) {
    if (value_number(w->v->expected) != 1) {
        write_bound(w, "a multiple of");
        return;
    }
    buf_add(&w->message, STR(" must be a whole number"));
    add_not(w, false);
}

/* At least or at most so many characters, items or keys. */
static void write_size(struct writer *w, bool least, const char *noun) {
    double bound = value_number(w->v->expected);
    if (least && w->v->count == 0 && bound == 1) {
        buf_add(&w->message, STR(" must not be empty"));
    } else if (!least && bound == 0) {
        buf_add(&w->message, STR(" must be empty"));
    } else {
        buf_addf(&w->message, " must have at %s ", least ? "least" : "most");
        words_count(&w->message, bound > 1e18 ? (uint64_t)1 << 60 : (uint64_t)bound, noun);
        buf_addf(&w->message, ", not %u", w->v->count);
    }
}

static void write_max_length(struct writer *w) {
    write_size(w, false, "character");
}

static void write_min_length(struct writer *w) {
    write_size(w, true, "character");
}

static void write_max_items(struct writer *w) {
    write_size(w, false, "item");
}

static void write_min_items(struct writer *w) {
    write_size(w, true, "item");
}

static void write_max_properties(struct writer *w) {
    write_size(w, false, "key");
}

static void write_min_properties(struct writer *w) {
    write_size(w, true, "key");
}

/* ---- Strings ---- */

static void add_pattern(struct buf *out, const struct value *pattern) {
    struct str text = pattern->string;
    bool cut = text.len > PATTERN_LONG;
    buf_addf(out, "the pattern %.*s%s", STR_ARG(str_slice(text, 0, PATTERN_LONG)), cut ? "..." : "");
}

static void write_pattern(struct writer *w) {
    struct str description = description_of(w->v->schema);
    if (w->v->gave_up) {
        buf_add(&w->message, STR(" could not be checked: "));
        add_pattern(&w->message, w->v->expected);
        buf_add(&w->message, STR(" takes too long on it"));
        return;
    }
    if (!description.len) {
        buf_add(&w->message, STR(" must match "));
        add_pattern(&w->message, w->v->expected);
        add_not(w, false);
        return;
    }
    buf_add(&w->message, STR(" has the wrong form"));
    if (!w->about_key) {
        buf_add(&w->message, STR(": "));
        words_value(&w->message, w->v->instance, false);
    }
    buf_addf(&w->help, "expected: %.*s (", STR_ARG(description));
    add_pattern(&w->help, w->v->expected);
    buf_add_char(&w->help, ')');
}

static void write_format(struct writer *w) {
    const struct schema_format_rule *rule = schema_format_rule(w->v->expected->string);
    buf_addf(&w->message, " must be %s", rule ? rule->words : "in its format");
    add_not(w, false);
}

/* ---- Lists ---- */

/* What the items that are looked for must be. */
static void add_item_words(struct buf *out, const struct value *schema, bool plural) {
    const struct value *constant = value_get(schema, STR("const"));
    const struct value *type = value_get(schema, STR("type"));
    struct str description = description_of(schema);
    const char *joint = plural ? ", each of them" : " that is";
    if (constant) {
        buf_addf(out, "%s ", joint);
        words_choice(out, constant);
    } else if (description.len) {
        buf_addf(out, " of this form: %.*s", STR_ARG(description));
    } else if (type && type->kind == VALUE_STRING) {
        buf_addf(out, "%s ", joint);
        words_types(out, words_type_named(type->string));
    } else {
        buf_add(out, STR(" of the form that the schema asks for"));
    }
}

static void write_contains(struct writer *w) {
    const struct value *schema = value_get(w->v->schema, STR("contains"));
    bool most = w->v->keyword == SCHEMA_MAX_CONTAINS;
    double bound = w->v->keyword == SCHEMA_CONTAINS ? 1 : value_number(w->v->expected);
    buf_addf(&w->message, " must hold at %s ", most ? "most" : "least");
    words_count(&w->message, bound > 1e9 ? 1000000000 : (uint64_t)bound, "item");
    if (schema) add_item_words(&w->message, schema, bound != 1);
    if (w->v->keyword != SCHEMA_CONTAINS) buf_addf(&w->message, ", not %u", w->v->count);
}

static void write_unique_items(struct writer *w) {
    buf_addf(&w->message, " repeats item %u of the list", w->v->other_index);
    const struct value *v = w->v->instance;
    if (v->kind == VALUE_LIST || v->kind == VALUE_MAP) return;
    buf_add(&w->message, STR(", "));
    words_value(&w->message, v, false);
}

static void write_additional_items(struct writer *w) {
    if (w->v->keyword == SCHEMA_UNEVALUATED_ITEMS || w->v->count == 0) {
        buf_add(&w->message, STR(" is not allowed in this list"));
        return;
    }
    buf_add(&w->message, STR(" is too many: the list takes "));
    words_count(&w->message, w->v->count, "item");
}

/* ---- Maps ---- */

static void write_required(struct writer *w) {
    buf_add(&w->message, STR(" lacks "));
    words_names(&w->message, w->v->names, w->v->name_count, "and");
}

static void write_dependent_required(struct writer *w) {
    struct str key = w->v->member->key;
    buf_add(&w->message, STR(" has "));
    words_names(&w->message, &key, 1, "and");
    buf_add(&w->message, STR(", so it needs "));
    words_names(&w->message, w->v->names, w->v->name_count, "and");
    buf_add(&w->message, STR(" too"));
}

/* ---- Logic ---- */

static void write_false(struct writer *w) {
    buf_add(&w->message, STR(" is not allowed here"));
}

/* Names that are needed, or of which there are too many. */
static void write_names(struct writer *w) {
    if (w->v->count) {
        buf_addf(&w->message, " has %s", w->v->name_count == 2 ? "both " : "");
        words_names(&w->message, w->v->names, w->v->name_count, "and");
        buf_add(&w->message, STR(", but takes only one of them"));
        return;
    }
    buf_addf(&w->message, " needs %s", w->v->name_count == 1 ? "" : w->v->name_count == 2 ? "either " : "one of ");
    words_names(&w->message, w->v->names, w->v->name_count, "or");
}

static void write_alternatives(struct writer *w) {
    const struct violation *v = w->v;
    if (v->names) write_names(w);
    else if (v->choices) write_choices(w, v->choices, v->choice_count, v->types);
    else if (v->types) write_types(w, v->types);
    else if (v->count > 1)
        buf_addf(&w->message, " fits %u of the forms that it may have, but must fit exactly one", v->count);
    else buf_add(&w->message, STR(" fits none of the forms that it may have"));
}

static void write_not(struct writer *w) {
    const struct value *expected = w->v->expected;
    const struct value *constant = value_get(expected, STR("const")), *list = value_get(expected, STR("enum"));
    const struct value *names = value_get(expected, STR("required")), *pattern = value_get(expected, STR("pattern"));
    bool only = expected->kind == VALUE_MAP && expected->map.len == 1;
    struct str description = description_of(expected);
    if (constant || list || (only && value_get(expected, STR("type")))) {
        buf_add(&w->message, STR(" must not be "));
        words_value(&w->message, w->v->instance, false);
    } else if (only && names && names->kind == VALUE_LIST && names->list.len) {
        struct str *keys = arena_array(w->a, struct str, names->list.len);
        for (uint32_t i = 0; i < names->list.len; i++) keys[i] = names->list.items[i].string;
        buf_add(&w->message, STR(" must not have "));
        words_names(&w->message, keys, names->list.len, "and");
        if (names->list.len > 1) buf_add(&w->message, STR(" together"));
    } else if (pattern && pattern->kind == VALUE_STRING) {
        buf_add(&w->message, STR(" must not match "));
        add_pattern(&w->message, pattern);
    } else {
        buf_add(&w->message, STR(" has a form that is not allowed"));
        if (description.len) buf_addf(&w->message, ": %.*s", STR_ARG(description));
    }
}

static void write_limit(struct writer *w) {
    buf_add(&w->message, STR(" could not be checked to the end: the schema makes it too long or too deep"));
}

/* What each keyword says behind the subject. Those of unknown keys and propertyNames are sentences of their own. */
static void (*const WRITERS[SCHEMA_KEYWORDS])(struct writer *w) = {
    [SCHEMA_FALSE] = write_false,
    [SCHEMA_TYPE] = write_type,
    [SCHEMA_ENUM] = write_enum,
    [SCHEMA_CONST] = write_enum,
    [SCHEMA_MULTIPLE_OF] = write_multiple_of,
    [SCHEMA_MAXIMUM] = write_maximum,
    [SCHEMA_EXCLUSIVE_MAXIMUM] = write_exclusive_maximum,
    [SCHEMA_MINIMUM] = write_minimum,
    [SCHEMA_EXCLUSIVE_MINIMUM] = write_exclusive_minimum,
    [SCHEMA_MAX_LENGTH] = write_max_length,
    [SCHEMA_MIN_LENGTH] = write_min_length,
    [SCHEMA_PATTERN] = write_pattern,
    [SCHEMA_FORMAT] = write_format,
    [SCHEMA_MAX_ITEMS] = write_max_items,
    [SCHEMA_MIN_ITEMS] = write_min_items,
    [SCHEMA_UNIQUE_ITEMS] = write_unique_items,
    [SCHEMA_ADDITIONAL_ITEMS] = write_additional_items,
    [SCHEMA_CONTAINS] = write_contains,
    [SCHEMA_MAX_CONTAINS] = write_contains,
    [SCHEMA_MIN_CONTAINS] = write_contains,
    [SCHEMA_UNEVALUATED_ITEMS] = write_additional_items,
    [SCHEMA_MAX_PROPERTIES] = write_max_properties,
    [SCHEMA_MIN_PROPERTIES] = write_min_properties,
    [SCHEMA_REQUIRED] = write_required,
    [SCHEMA_DEPENDENT_REQUIRED] = write_dependent_required,
    [SCHEMA_ANY_OF] = write_alternatives,
    [SCHEMA_ONE_OF] = write_alternatives,
    [SCHEMA_NOT] = write_not,
    [SCHEMA_LIMIT] = write_limit,
};

/* Whether the keyword speaks of the value as a whole, so that the schema's own message may take the words' place. */
static bool is_about_value(const struct violation *v) {
    switch (v->keyword) {
    case SCHEMA_UNIQUE_ITEMS:
    case SCHEMA_ADDITIONAL_ITEMS:
    case SCHEMA_UNEVALUATED_ITEMS:
    case SCHEMA_REQUIRED:
    case SCHEMA_DEPENDENT_REQUIRED:
    case SCHEMA_LIMIT: return false;
    case SCHEMA_PATTERN: return !v->gave_up;
    default: return true;
    }
}

/* "must be a string in quotes: as a number, 1.10 becomes 1.1": what is there goes before the colon. */
static void write_own_message(struct writer *w, struct str text) {
    const struct value *v = w->v->instance;
    size_t colon = str_find(text, STR(": "));
    bool filled = (v->kind == VALUE_LIST && v->list.len) || (v->kind == VALUE_MAP && v->map.len);
    buf_add_char(&w->message, ' ');
    buf_add(&w->message, str_slice(text, 0, colon));
    if (w->v->keyword == SCHEMA_TYPE || !filled) add_not(w, false);
    buf_add(&w->message, str_slice(text, colon, text.len));
}

static void write_help(struct writer *w) {
    uint32_t count;
    if (w->v->keyword == SCHEMA_ENUM || w->v->keyword == SCHEMA_CONST || w->v->choices) {
        const struct value *const *choices = choices_of(w, &count);
        suggest_choice(w, choices, count);
    }
    bool wrong_type = w->v->keyword == SCHEMA_TYPE || (w->v->types && !w->v->choices);
    /* The schema's own message may have said it already. */
    bool said = str_find(buf_str(&w->message), STR("quotes")) < w->message.len;
    if (wrong_type && !said && !w->help.len) help_with_type(w, w->v->types);
}

/* The rest of the sentence behind the subject. */
static void write_sentence(struct writer *w) {
    struct str own = own_message(w->v);
    if (own.len && is_about_value(w->v)) write_own_message(w, own);
    else WRITERS[w->v->keyword](w);
    write_help(w);
}

static void write_unknown_key(struct writer *w) {
    buf_addf(&w->message, "unknown key `%.*s`", STR_ARG(w->v->path));
    struct str nearest = fuzzy_nearest(w->v->member->key, w->v->names, w->v->name_count);
    w->suggests = nearest.len > 0;
    if (nearest.len) buf_addf(&w->help, "did you mean `%.*s`?", STR_ARG(nearest));
}

static void write_property_name(struct writer *w) {
    const struct violation *v = w->v;
    buf_addf(&w->message, "the key `%.*s`", STR_ARG(v->path));
    if (!v->cause || v->cause->keyword == SCHEMA_FALSE) {
        buf_add(&w->message, STR(" is not allowed"));
        return;
    }
    w->v = v->cause;
    w->about_key = true;
    write_sentence(w);
}

struct schema_message schema_violation_message(struct arena *a, const struct violation *violation) {
    struct writer w = {a, buf_in(a), buf_in(a), violation, false, false};
    if (violation->keyword == SCHEMA_PROPERTY_NAMES) {
        write_property_name(&w);
    } else if (violation->member && violation->keyword != SCHEMA_DEPENDENT_REQUIRED) {
        write_unknown_key(&w);
    } else {
        if (violation->path.len) buf_addf(&w.message, "`%.*s`", STR_ARG(violation->path));
        else buf_add(&w.message, STR("the top level"));
        write_sentence(&w);
    }
    return (struct schema_message){buf_str(&w.message), buf_str(&w.help), w.suggests};
}
