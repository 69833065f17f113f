#include "lsp/words.h"

#include "base/clean.h"
#include "base/utf8.h"
#include "config/defaults.h"
#include "value/pointer.h"

/* Bytes of a value that a hover shows. */
#define CODE_MOST 120
/* References and allOf, one behind the other. */
#define DEPTH_MOST 8

const struct standard *lsp_standard_of(const struct settings *settings, bool without_standard) {
    if (without_standard && settings->without_standard) settings = settings->without_standard;
    return settings->standard;
}

struct str lsp_types_of(struct arena *a, const struct schema_property *property) {
    static const struct {
        uint8_t type;
        const char *name;
    } types[] = {{TYPE_STRING, "string"}, {TYPE_BOOL, "boolean"}, {TYPE_NUMBER, "number"}, {TYPE_INTEGER, "integer"},
                 {TYPE_LIST, "list"},     {TYPE_MAP, "mapping"},  {TYPE_NULL, "null"}};
    struct buf out = buf_in(a);
    uint8_t left = property->types;
    if ((left & TYPE_ANY) == TYPE_ANY) return STR("");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if ((left & types[i].type) != types[i].type) continue;
        if (types[i].type == TYPE_NUMBER) left &= (uint8_t)~TYPE_INTEGER; /* it is one */
        buf_addf(&out, "%s%s", out.len ? " or " : "", types[i].name);
    }
    return buf_str(&out);
}

static void add_choices(struct arena *a, const struct value *root, const struct value *schema, int depth,
                        struct lsp_values *choices) {
    const struct value *list = value_get(schema, STR("enum")), *one = value_get(schema, STR("const"));
    const struct value *all = value_get(schema, STR("allOf")), *reference = value_get(schema, STR("$ref"));
    if (depth > DEPTH_MOST || choices->len) return;
    for (uint32_t i = 0; list && list->kind == VALUE_LIST && i < list->list.len; i++)
        vec_push(a, choices, &list->list.items[i]);
    if (!list && one) vec_push(a, choices, one);
    if (reference && reference->kind == VALUE_STRING && str_starts(reference->string, STR("#")))
        add_choices(a, root, pointer_get(a, root, str_slice(reference->string, 1, reference->string.len)), depth + 1,
                    choices);
    for (uint32_t i = 0; all && all->kind == VALUE_LIST && i < all->list.len; i++)
        add_choices(a, root, &all->list.items[i], depth + 1, choices);
}

void lsp_choices_of(struct arena *a, const struct standard *standard, const struct schema_property *property,
                    struct lsp_values *choices) {
    static const struct value truths[] = {{.kind = VALUE_BOOL, .boolean = true}, {.kind = VALUE_BOOL}};
    if (property->schema) add_choices(a, &standard->document->root, property->schema, 0, choices);
    for (size_t i = 0; choices->len < 2 && property->types == TYPE_BOOL && i < 2; i++) vec_push(a, choices, &truths[i]);
}

bool lsp_default_of(struct arena *a, const struct settings *settings, const struct schema_property *property,
                    struct str chart, struct value *value) {
    if (!property->default_value) return false;
    struct value variables = defaults_variables(a, settings, arena_str(a, chart));
    *value = defaults_expand(a, property->default_value, &variables);
    return true;
}

void lsp_add_code(struct buf *out, struct str text) {
    bool cut = text.len > CODE_MOST;
    struct buf clean = buf_in(out->arena);
    clean_add(&clean, str_slice(text, 0, utf8_cut(text, cut ? CODE_MOST : text.len)));
    bool ticks = str_find_char(buf_str(&clean), '`') < clean.len;
    buf_addf(out, "%s%.*s%s%s", ticks ? "`` " : "`", STR_ARG(buf_str(&clean)), cut ? "..." : "", ticks ? " ``" : "`");
}
