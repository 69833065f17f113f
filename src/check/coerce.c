#include "check/coerce.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "value/json.h"
#include "yaml/scalar.h"

static const struct coercion UNKNOWN = {NULL, FIX_NONE};

static struct coercion spelled(struct arena *a, struct value value, enum fixability fix) {
    struct value *copy = arena_new(a, struct value);
    *copy = value;
    return (struct coercion){copy, fix};
}

static struct str printed(struct arena *a, const struct value *scalar) {
    struct buf out = buf_in(a);
    json_print_scalar(&out, scalar);
    return out.len ? buf_str(&out) : STR("");
}

/* The number or boolean that a string spells in the way in which a template prints it. */
static struct coercion spell_number(struct arena *a, struct str text, unsigned types) {
    struct scalar scalar = scalar_resolve_helm(text);
    struct value found = scalar_value(text, &scalar);
    unsigned own = found.kind == VALUE_BOOL ? TYPE_BOOL : value_is_number(&found) ? TYPE_INTEGER | TYPE_NUMBER : 0;
    return (own & types) && str_eq(printed(a, &found), text) ? spelled(a, found, FIX_SAFE) : UNKNOWN;
}

static bool equal_without_case(struct str a, struct str b) {
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++)
        if (ascii_lower(a.ptr[i]) != ascii_lower(b.ptr[i])) return false;
    return true;
}

/* The one choice that differs from `text` in its case only. */
static struct coercion spell_choice(struct str text, const struct value *choices) {
    const struct value *found = NULL;
    for (uint32_t i = 0; choices->kind == VALUE_LIST && i < choices->list.len; i++) {
        const struct value *choice = &choices->list.items[i];
        if (choice->kind != VALUE_STRING || !equal_without_case(choice->string, text)) continue;
        if (found) return UNKNOWN;
        found = choice;
    }
    return (struct coercion){found, found ? FIX_UNSAFE : FIX_NONE};
}

struct coercion coerce_suggest(struct arena *a, const struct violation *violation) {
    const struct value *value = violation->instance;
    bool text = value->kind == VALUE_STRING, scalar = text || value->kind == VALUE_BOOL || value_is_number(value);
    if (violation->keyword == SCHEMA_ENUM && text) return spell_choice(value->string, violation->expected);
    if (violation->keyword != SCHEMA_TYPE || !scalar) return UNKNOWN;
    if (text) return spell_number(a, value->string, violation->types);
    return violation->types & TYPE_STRING ? spelled(a, value_from_string(printed(a, value)), FIX_SAFE) : UNKNOWN;
}
