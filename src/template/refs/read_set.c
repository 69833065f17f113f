/* A reference reads a path, all values, or nothing of this chart. Doubt counts as all. */
#include "template/refs/read_set.h"

#include "template/refs/root_proof.h"
#include "template/syntax/names.h"

/* The longest piece of a template that a reason shows, in bytes. */
#define SHOWN_MAX 80

struct str refs_use_text(struct arena *a, const struct refs_file *file, const struct refs_reference *ref) {
    static const char *const words[] = {[REFS_USE_IF] = "if ",
                                        [REFS_USE_WITH] = "with ",
                                        [REFS_USE_RANGE] = "range ",
                                        [REFS_USE_SET] = ":= ",
                                        [REFS_USE_FUNCTION] = ""};
    struct str text = tmpl_excerpt(a, span_text(file->text, ref->span), SHOWN_MAX);
    if (ref->use == REFS_USE_CALL)
        return arena_printf(a, "template \"%.*s\" %.*s", STR_ARG(ref->function), STR_ARG(text));
    if (ref->use == REFS_USE_ARGUMENT || ref->use == REFS_USE_COMPARE || ref->use == REFS_USE_COMPUTE) {
        if (ref->alone) return arena_printf(a, "%.*s | %.*s", STR_ARG(text), STR_ARG(ref->function));
        return arena_printf(a, "%.*s %.*s", STR_ARG(ref->function), STR_ARG(text));
    }
    const char *word = words[ref->use];
    return arena_printf(a, "%s%.*s", word ? word : "", STR_ARG(text));
}

const struct refs_define *refs_define_around(const struct refs_set *set, const struct refs_file *file,
                                             uint32_t define) {
    return define == TMPL_NONE ? NULL : map_get(&set->defines, file->tree.defines.items[define].name);
}

bool refs_is_dead(const struct refs_set *set, const struct refs_file *file, uint32_t define) {
    const struct refs_define *d = refs_define_around(set, file, define);
    return d && !d->called && !d->foreign && !set->computed && !set->other_dots && !set->foreign_dots;
}

/* Whether what stands there is rendered with this chart's values. */
static bool counts(const struct refs_set *set, const struct refs_file *file, uint32_t define) {
    if (refs_is_dead(set, file, define)) return false;
    if (file->role != REFS_LIBRARY) return true;
    const struct refs_define *d = refs_define_around(set, file, define);
    return d && d->called;
}

/* Whether nothing can run what stands there: it is in a define that is called by no name, nor by one that is computed,
 * from this chart's templates and those around. */
static bool never_runs(const struct refs_set *set, const struct refs_file *file, uint32_t define) {
    const struct refs_define *d = refs_define_around(set, file, define);
    bool any_may_be_meant = set->other_dots || set->foreign_dots || set->bodies_called;
    return d && !d->called && !d->foreign && !any_may_be_meant;
}

/* Whether a root that is handed on goes where its reads are seen: to a template of the set, whose own text tells (those
 * outside the set are found by their calls), a variable, a with. */
static bool is_seen(const struct refs_reference *ref) {
    switch (ref->carried_use) {
    case REFS_USE_CALL:
    case REFS_USE_SET:
    case REFS_USE_IF:
    case REFS_USE_WITH: return true;
    case REFS_USE_ARGUMENT:
        return ref->carried_argument != 1 &&
               (str_eq(ref->carried_function, STR("include")) || str_eq(ref->carried_function, STR("tpl")));
    default: return false;
    }
}

bool refs_wraps_root(const struct refs_reference *ref) {
    bool wrapped = ref->use != ref->carried_use || !str_eq(ref->function, ref->carried_function);
    return ref->shape == REFS_WHOLE_ROOT && wrapped && is_seen(ref);
}

struct str refs_whole_reason(struct arena *a, const struct refs_file *file, struct span span) {
    return arena_printf(a, "`%.*s` may hold all values",
                        STR_ARG(tmpl_excerpt(a, span_text(file->text, span), SHOWN_MAX)));
}

bool refs_is_at_root(const struct refs_set *set, const struct refs_file *file, const struct refs_reference *ref) {
    const struct refs_define *d = refs_define_around(set, file, ref->define);
    if (ref->base != REFS_BASE_DOT && ref->base != REFS_BASE_DOLLAR) return false;
    return ref->origin == REFS_ROOT && !(d && (!d->called || d->other_dot || set->other_dots));
}

enum refs_reads refs_reference_reads(struct arena *a, const struct refs_set *set, const struct refs_file *file,
                                     const struct refs_reference *ref, struct str *reason) {
    const struct refs_define *d = refs_define_around(set, file, ref->define);
    bool dot = ref->base == REFS_BASE_DOT || ref->base == REFS_BASE_DOLLAR;
    const char *may = "may read all values";
    if (ref->origin == REFS_NOT_ROOT || !counts(set, file, ref->define)) return REFS_READS_NOTHING;
    if (!refs_is_at_root(set, file, ref) && refs_proved_origin(set, file, ref) == REFS_NOT_ROOT)
        return REFS_READS_NOTHING;
    if (ref->shape == REFS_WHOLE_ROOT) {
        if (is_seen(ref) || (d && dot && d->called && d->only_other)) return REFS_READS_NOTHING;
    } else if (ref->shape == REFS_VALUES_NAME) {
        may = "reads all of `.Values`";
    } else if (ref->part_count > 0 && (ref->parts[0].quoted || !tmpl_is_values_method(ref->parts[0].key))) {
        return REFS_READS_PATH;
    }
    if (never_runs(set, file, ref->define)) return REFS_READS_NOTHING;
    *reason = arena_printf(a, "`%.*s` %s", STR_ARG(refs_use_text(a, file, ref)), may);
    return REFS_READS_ALL;
}

enum refs_reads refs_call_reads(struct arena *a, const struct refs_set *set, const struct refs_file *file,
                                const struct refs_call *call, struct str *reason) {
    if (!counts(set, file, call->define)) return REFS_READS_NOTHING;
    if (call->dot == REFS_NOT_ROOT || call->of_file || never_runs(set, file, call->define)) return REFS_READS_NOTHING;
    if (call->of_values || (call->is_tpl && set->without_actions)) return REFS_READS_PATH;
    if (call->known && (call->is_tpl || map_get(&set->defines, call->name))) return REFS_READS_NOTHING;
    if (call->is_tpl) {
        *reason = STR("`tpl` evaluates text that is not known here");
    } else if (!call->known) {
        *reason = STR("the name of the template that is called is computed");
    } else {
        *reason =
            arena_printf(a, "the template \"%.*s\", which is called with more than one value, is not in these files",
                         STR_ARG(call->name));
    }
    return REFS_READS_ALL;
}
