#include "run/explain.h"

static bool is_at_or_below(struct str path, struct str above) {
    return str_starts(path, above) && (path.len == above.len || above.len == 0 || path.ptr[above.len] == '.');
}

/* Whether `finding` says that the key at the dotted `path` is missing. It may tell of several keys of one mapping. */
static bool is_of_missing(struct arena *a, const struct finding *finding, struct str path) {
    for (uint32_t i = 0; i < finding->key_count; i++) {
        struct str key = finding->keys[i];
        if (finding->path.len) key = arena_printf(a, "%.*s.%.*s", STR_ARG(finding->path), STR_ARG(key));
        if (str_eq(key, path)) return true;
    }
    return finding->key_count == 0 && str_eq(finding->path, path);
}

/* Whether `finding`, of a values file, is about what was refused. A decision is the same for all files of a chart. */
static bool is_about(struct arena *a, const struct checks *checks, const struct finding *finding,
                     const struct fix_refusal *refusal) {
    const struct check *check = finding->check;
    switch (refusal->part) {
    case PART_MOVE:
        return str_eq(finding->path, refusal->path) &&
               (check == checks->by[CHECK_LEGACY_PATH] || check == checks->by[CHECK_LEGACY_CONFLICT]);
    case PART_SCALAR: return str_eq(finding->path, refusal->path) && check == checks->by[CHECK_INVALID_VALUE];
    case PART_ADD: return check == checks->by[CHECK_MISSING_KEY] && is_of_missing(a, finding, refusal->path);
    case PART_RULE: return check == refusal->check && is_at_or_below(finding->path, refusal->path);
    }
    return false;
}

/* Whether the finding says `why` already: of several keys that it is about, many have one reason. */
static bool says(const struct finding *finding, struct str why, const struct fix_refusal *refusal) {
    for (uint32_t i = 0; i < finding->related_count; i++) {
        const struct related *related = &finding->related[i];
        if (related->source == refusal->about && related->span.start == refusal->span.start &&
            str_eq(related->message, why))
            return true;
    }
    return str_find(finding->help, why) < finding->help.len;
}

/* Says in the finding why --fix leaves it. */
static void explain(struct arena *a, struct finding *finding, const struct fix_refusal *refusal,
                    const struct explain_words *words) {
    struct str why = arena_printf(a, "%s: %.*s", words->label, STR_ARG(refusal->reason));
    if (says(finding, why, refusal)) return;
    if (!words->places || !refusal->about || span_len(refusal->span) == 0) {
        finding->help = finding->help.len ? arena_printf(a, "%.*s; %.*s", STR_ARG(finding->help), STR_ARG(why)) : why;
        return;
    }
    finding_relate(a, finding, refusal->about, refusal->span, why);
}

static void explain_file(struct arena *a, const struct checks *checks, const struct fix_result *fixed,
                         const struct explain_words *words, struct lint_file *file) {
    for (uint32_t r = 0; r < fixed->refused.len; r++) {
        const struct fix_refusal *refusal = &fixed->refused.items[r];
        for (uint32_t i = 0; i < file->findings.len && !refusal->quiet; i++) {
            struct finding *finding = &file->findings.items[i];
            if (finding->fix != FIX_SAFE && is_about(a, checks, finding, refusal)) explain(a, finding, refusal, words);
        }
    }
}

void explain_refusals(struct arena *a, const struct checks *checks, const struct fix_result *fixed,
                      const struct explain_words *words, struct lint_result *result) {
    for (uint32_t i = 0; i < result->files.len; i++)
        if (result->files.items[i]->is_values) explain_file(a, checks, fixed, words, result->files.items[i]);
}
