#include "run/fixable.h"

#include "check/templates.h"
#include "fix/fix.h"

struct marker {
    struct arena *arena;
    const struct lint_request *request;
    const struct chart_paths *whole; /* the chart, all of whose files are fixed together */
    struct lint_result *result;
    enum fixability **found; /* by file and finding: what is true of it */
    bool unsafe_differs;
};

/* How many findings of one kind the second check has. */
struct left {
    uint32_t count;
};

static bool any_looks(const struct lint_result *result, enum fixability least) {
    for (uint32_t i = 0; i < result->files.len; i++)
        for (uint32_t k = 0; k < result->files.items[i]->findings.len; k++)
            if (result->files.items[i]->findings.items[k].fix >= least) return true;
    return false;
}

static bool any_of_templates(const struct marker *m) {
    for (uint32_t i = 0; i < m->result->files.len; i++) {
        const struct findings *findings = &m->result->files.items[i]->findings;
        for (uint32_t k = 0; k < findings->len; k++)
            if (templates_is_check(m->request->checks, findings->items[k].check)) return true;
    }
    return false;
}

/* Two findings are about the same where they are of one check and one value; `exact` where they also say the same. */
static struct str key_of(const struct marker *m, const struct finding *finding, bool exact) {
    struct str message = exact ? finding->message : STR("");
    return arena_printf(m->arena, "%u\n%.*s\n%.*s", finding->check->index, STR_ARG(finding->path), STR_ARG(message));
}

static void count(const struct marker *m, struct map *left, struct str key) {
    struct left *entry = map_get(left, key);
    if (!entry) map_put(m->arena, left, key, entry = arena_new(m->arena, struct left));
    entry->count++;
}

static bool take(const struct map *left, struct str key) {
    struct left *entry = map_get(left, key);
    return entry && entry->count && entry->count--;
}

/* Decides which findings of a file a check of the fixed text has still. Each of the second check's stands for one of
 * the first: for one that says the same, else for one about the same value, and of these for one that did not look
 * fixable.
 */
static void find_stays(const struct marker *m, const struct findings *before, const struct findings *after,
                       bool *stays) {
    struct map same = {0}, about = {0};
    for (uint32_t i = 0; i < after->len; i++) {
        count(m, &same, key_of(m, &after->items[i], true));
        count(m, &about, key_of(m, &after->items[i], false));
    }
    for (uint32_t i = 0; i < before->len; i++)
        stays[i] = take(&same, key_of(m, &before->items[i], true)) && take(&about, key_of(m, &before->items[i], false));
    for (int looks = 0; looks < 2; looks++)
        for (uint32_t i = 0; i < before->len; i++)
            if (!stays[i] && (before->items[i].fix != FIX_NONE) == looks)
                stays[i] = take(&about, key_of(m, &before->items[i], false));
}

static const struct lint_file *file_at(const struct lint_result *result, struct str path) {
    for (uint32_t i = 0; i < result->files.len; i++)
        if (str_eq(result->files.items[i]->source.path, path)) return result->files.items[i];
    return NULL;
}

/* Marks the findings that are not in `after`, and were not marked before, with `fix`. */
static void mark_gone(struct marker *m, const struct lint_result *after, enum fixability fix) {
    static const struct findings none = {NULL, 0, 0};
    for (uint32_t i = 0; i < m->result->files.len; i++) {
        const struct lint_file *file = m->result->files.items[i], *now = file_at(after, file->source.path);
        bool *stays = arena_array(m->arena, bool, file->findings.len + 1);
        find_stays(m, &file->findings, now ? &now->findings : &none, stays);
        for (uint32_t k = 0; k < file->findings.len; k++)
            if (!stays[k] && m->found[i][k] == FIX_NONE) m->found[i][k] = fix;
    }
}

/* Texts of the request, with those that the fixes changed in their places. */
static struct lint_texts texts_after(const struct marker *m, const struct fix_result *fixed) {
    struct lint_texts texts = {NULL, 0, 0};
    for (uint32_t i = 0; i < fixed->after.len; i++) vec_push(m->arena, &texts, fixed->after.items[i]);
    for (uint32_t i = 0; m->request->texts && i < m->request->texts->len; i++)
        vec_push(m->arena, &texts, m->request->texts->items[i]); /* the first text of a path is the one that counts */
    return texts;
}

static void ask_planner(struct marker *m, bool unsafe) {
    struct fix_request plan = {.checks = m->request->checks,
                               .settings = m->request->settings,
                               .paths = m->whole,
                               .texts = m->request->texts,
                               .checked = m->result,
                               .unsafe = unsafe};
    struct lint_request again = *m->request;
    struct fix_result fixed;
    struct lint_result after;
    fix_chart(m->arena, &plan, &fixed);
    m->unsafe_differs = fixed.unsafe_differs;
    if (fixed.files.len == 0) return;
    struct lint_texts texts = texts_after(m, &fixed);
    again.texts = &texts;
    again.values_only = again.values_only || !any_of_templates(m);
    lint_chart(m->arena, &again, &after);
    mark_gone(m, &after, unsafe ? FIX_UNSAFE : FIX_SAFE);
}

/* Whether a finding that stays so far might go with unsafe fixes. */
static bool may_need_unsafe(const struct marker *m) {
    for (uint32_t i = 0; i < m->result->files.len; i++) {
        const struct findings *findings = &m->result->files.items[i]->findings;
        for (uint32_t k = 0; k < findings->len; k++)
            if (m->found[i][k] == FIX_NONE && (findings->items[k].fix == FIX_UNSAFE || m->unsafe_differs)) return true;
    }
    return false;
}

/* All of the chart, of which only some files may have been asked for. */
static const struct chart_paths *whole_of(const struct marker *m, const struct chart_paths *paths) {
    struct chart_list charts = {NULL, 0, 0};
    struct discover_problems problems = {NULL, 0, 0};
    if (!paths->whole) return paths;
    struct str file = paths->values.len ? paths->values : paths->overlays.items[0];
    discover_charts(m->arena, file, paths->whole, &charts, &problems);
    return charts.len ? &charts.items[0] : paths;
}

void fixable_mark(struct arena *a, const struct lint_request *request, enum fixable_done done,
                  struct lint_result *result) {
    struct marker m = {.arena = a, .request = request, .result = result};
    bool asks = done != FIXABLE_ALL_DONE && any_looks(result, FIX_SAFE);
    m.found = arena_array(a, enum fixability *, result->files.len + 1);
    for (uint32_t i = 0; i < result->files.len; i++)
        m.found[i] = arena_array(a, enum fixability, result->files.items[i]->findings.len + 1);
    if (asks) {
        m.whole = whole_of(&m, request->paths);
        if (done == FIXABLE_NOTHING_DONE) ask_planner(&m, false);
        else m.unsafe_differs = true;
        if (may_need_unsafe(&m)) ask_planner(&m, true);
    }
    for (uint32_t i = 0; i < result->files.len; i++)
        for (uint32_t k = 0; k < result->files.items[i]->findings.len; k++)
            result->files.items[i]->findings.items[k].fix = m.found[i][k];
}
