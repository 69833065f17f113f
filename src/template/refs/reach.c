#include "template/refs/reach.h"

#include "template/refs/origin.h"
#include "template/syntax/names.h"

/* The longest piece of a template that a reason shows, in bytes. */
#define SHOWN_MAX 80

struct str template_use_text(struct arena *a, const struct template_file *file, const struct template_ref *ref) {
    static const char *const words[] = {[TEMPLATE_IF_SUBJECT] = "if ",
                                        [TEMPLATE_WITH_SUBJECT] = "with ",
                                        [TEMPLATE_RANGE_SUBJECT] = "range ",
                                        [TEMPLATE_SET] = ":= ",
                                        [TEMPLATE_FUNCTION] = ""};
    struct str text = tmpl_excerpt(a, span_text(file->text, ref->span), SHOWN_MAX);
    if (ref->use == TEMPLATE_CALL)
        return arena_printf(a, "template \"%.*s\" %.*s", STR_ARG(ref->function), STR_ARG(text));
    if (ref->use == TEMPLATE_ARGUMENT || ref->use == TEMPLATE_COMPARE || ref->use == TEMPLATE_COMPUTE) {
        if (ref->alone) return arena_printf(a, "%.*s | %.*s", STR_ARG(text), STR_ARG(ref->function));
        return arena_printf(a, "%.*s %.*s", STR_ARG(ref->function), STR_ARG(text));
    }
    const char *word = words[ref->use];
    return arena_printf(a, "%s%.*s", word ? word : "", STR_ARG(text));
}

const struct template_define *template_define_around(const struct template_set *set, const struct template_file *file,
                                                     uint32_t define) {
    return define == TMPL_NONE ? NULL : map_get(&set->defines, file->tree.defines.items[define].name);
}

/* Whether what stands there is rendered with this chart's values. */
static bool counts(const struct template_set *set, const struct template_file *file, uint32_t define) {
    if (file->role != TEMPLATE_LIBRARY) return true;
    const struct template_define *d = template_define_around(set, file, define);
    return d && d->called;
}

/* Whether a root that is handed on goes where its reads are seen: to a template of the set, whose own text tells (those
 * outside the set are found by their calls), a variable, a with. */
static bool is_seen(const struct template_ref *ref) {
    switch (ref->carried_use) {
    case TEMPLATE_CALL:
    case TEMPLATE_SET:
    case TEMPLATE_IF_SUBJECT:
    case TEMPLATE_WITH_SUBJECT: return true;
    case TEMPLATE_ARGUMENT:
        return ref->carried_argument != 1 &&
               (str_eq(ref->carried_function, STR("include")) || str_eq(ref->carried_function, STR("tpl")));
    default: return false;
    }
}

bool template_wraps_root(const struct template_ref *ref) {
    bool wrapped = ref->use != ref->carried_use || !str_eq(ref->function, ref->carried_function);
    return ref->shape == TEMPLATE_WHOLE_ROOT && wrapped && is_seen(ref);
}

struct str template_whole_reason(struct arena *a, const struct template_file *file, struct span span) {
    return arena_printf(a, "`%.*s` may hold all values",
                        STR_ARG(tmpl_excerpt(a, span_text(file->text, span), SHOWN_MAX)));
}

bool template_is_at_root(const struct template_set *set, const struct template_file *file,
                         const struct template_ref *ref) {
    const struct template_define *d = template_define_around(set, file, ref->define);
    if (ref->base != TEMPLATE_BASE_DOT && ref->base != TEMPLATE_BASE_DOLLAR) return false;
    return ref->origin == TEMPLATE_ROOT && !(d && (!d->called || d->other_dot || set->other_dots));
}

enum template_reach template_ref_reach(struct arena *a, const struct template_set *set,
                                       const struct template_file *file, const struct template_ref *ref,
                                       struct str *reason) {
    const struct template_define *d = template_define_around(set, file, ref->define);
    bool dot = ref->base == TEMPLATE_BASE_DOT || ref->base == TEMPLATE_BASE_DOLLAR;
    const char *may = "may read all values";
    if (ref->origin == TEMPLATE_NOT_ROOT || !counts(set, file, ref->define)) return TEMPLATE_READS_NOTHING;
    if (!template_is_at_root(set, file, ref) && template_proved_origin(set, file, ref) == TEMPLATE_NOT_ROOT)
        return TEMPLATE_READS_NOTHING;
    if (ref->shape == TEMPLATE_WHOLE_ROOT) {
        if (is_seen(ref) || (d && dot && d->called && d->only_other)) return TEMPLATE_READS_NOTHING;
    } else if (ref->shape == TEMPLATE_VALUES_NAME) {
        may = "names the values as a whole";
    } else if (ref->part_count > 0 && (ref->parts[0].quoted || !tmpl_is_values_method(ref->parts[0].key))) {
        return TEMPLATE_READS_PATH;
    }
    *reason = arena_printf(a, "`%.*s` %s", STR_ARG(template_use_text(a, file, ref)), may);
    return TEMPLATE_READS_ALL;
}

enum template_reach template_call_reach(struct arena *a, const struct template_set *set,
                                        const struct template_file *file, const struct template_call *call,
                                        struct str *reason) {
    if (!counts(set, file, call->define)) return TEMPLATE_READS_NOTHING;
    if (call->dot == TEMPLATE_NOT_ROOT || call->of_file) return TEMPLATE_READS_NOTHING;
    if (call->of_values) return TEMPLATE_READS_PATH;
    if (call->known && (call->is_tpl || map_get(&set->defines, call->name))) return TEMPLATE_READS_NOTHING;
    if (call->is_tpl) {
        *reason = STR("`tpl` runs a text that is not known here");
    } else if (!call->known) {
        *reason = STR("the name of the template that is called is computed");
    } else {
        *reason =
            arena_printf(a, "the template \"%.*s\", which is called with more than one value, is not in these files",
                         STR_ARG(call->name));
    }
    return TEMPLATE_READS_ALL;
}
