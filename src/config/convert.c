#include "config/convert.h"

#include "rule/compile.h"
#include "rule/path.h"
#include "rule/rule.h"

static void report(struct arena *a, const struct standard_files *files, const struct schema_property *property,
                   struct span span, struct str message, struct problems *problems) {
    standard_files_problem(files, problems, span,
                           arena_printf(a, "`convert` of `%.*s`: %.*s", STR_ARG(property->path), STR_ARG(message)),
                           STR(""));
}

/* The JSON Schema types of what a program gives; all where they are not known. */
static uint8_t types_of(const struct cel_program *program) {
    static const struct {
        enum cel_kind kind;
        uint8_t types;
    } known[] = {{CEL_BOOL, TYPE_BOOL},
                 {CEL_INT, TYPE_INTEGER | TYPE_NUMBER},
                 {CEL_UINT, TYPE_INTEGER | TYPE_NUMBER},
                 {CEL_DOUBLE, TYPE_INTEGER | TYPE_NUMBER},
                 {CEL_STRING, TYPE_STRING},
                 {CEL_LIST, TYPE_LIST},
                 {CEL_MAP, TYPE_MAP}};
    const struct cel_type *type = cel_program_type(program);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (type->kind == known[i].kind) return known[i].types;
    return TYPE_ANY;
}

/* What `split` takes of an image's name in one string. A tag stands behind a colon that no slash follows. */
static struct str part_text(const struct value *part) {
    if (str_eq(part->string, STR("tag"))) return STR("self.matches(':[^:/]+$') ? self.find('[^:/]+$') : ''");
    return STR("self.matches(':[^:/]+$') ? self.find('^.*(?=:[^:/]+$)') : self");
}

bool convert_stays(struct arena *a, const struct schema_property *property, const struct value *item) {
    struct rule_path path;
    uint32_t at;
    return rule_path_parse(a, value_get(item, STR("path"))->string, &path, &at) &&
           keys_lead(path.keys, path.count, property->keys, property->key_count);
}

bool convert_compile(struct arena *a, const struct standard_files *files, const struct schema_property *property,
                     const struct value *item, const struct cel_program **program, struct problems *problems) {
    const struct value *text = value_get(item, STR("convert")), *part = value_get(item, STR("split"));
    struct cel_error error;
    uint32_t count;
    *program = NULL;
    if (part && !convert_stays(a, property, item)) {
        *program = cel_compile(a, rule_compile_env(a, NULL), part_text(part), &error);
        if (!*program) base_panic("the conversion of an image's name is broken");
    }
    if (!text) return true;
    *program = cel_compile(a, rule_compile_env(a, NULL), text->string, &error);
    if (!*program) {
        report(a, files, property, standard_files_place(files, text, error.span), error.message, problems);
        return false;
    }
    const struct cel_read *reads = cel_program_reads(a, *program, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (reads[i].slot == RULE_SELF) continue;
        report(a, files, property, standard_files_place(files, text, reads[i].span),
               STR("it may read `self`, the old value, alone"), problems);
        return false;
    }
    if (types_of(*program) & property->types) return true;
    report(a, files, property, text->span,
           arena_printf(a, "it gives a value of the type %.*s, which does not fit the property",
                        STR_ARG(cel_kind_name(cel_program_type(*program)->kind))),
           problems);
    return false;
}

bool convert_is_needed(const struct legacy *legacy) {
    for (uint32_t i = 0; i < legacy->converts.len; i++)
        if (legacy->converts.items[i]) return true;
    return false;
}

bool convert_value(struct arena *a, const struct legacy *legacy, uint32_t index, const struct value *self,
                   struct value *out, struct str *why) {
    const struct cel_program *program = index < legacy->converts.len ? legacy->converts.items[index] : NULL;
    struct cel_value slots[RULE_VARIABLES] = {{0}};
    *out = *self;
    if (!program) return true;
    if (legacy->own_parts && self->kind == VALUE_STRING && str_find_char(self->string, '@') < self->string.len) {
        *why = STR("the standard has no place for a digest");
        return false;
    }
    slots[RULE_SELF] = cel_from_value(self);
    struct cel_value result = cel_eval(program, slots, a, CEL_BUDGET_DEFAULT);
    if (result.kind == CEL_ERROR) {
        *why = arena_printf(a, "`convert` fails on it: %.*s", STR_ARG(cel_error_text(a, &result)));
        return false;
    }
    if (cel_to_value(a, &result, out)) return true;
    *why = STR("`convert` gives no value that YAML can hold");
    return false;
}
