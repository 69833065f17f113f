#include "run/fixable.h"

#include "check/templates.h"
#include "fix/fix.h"
#include "run/explain.h"

struct marker {
    struct arena *arena;
    const struct lint_request *request;
    const struct chart_paths *whole; /* the chart, all of whose files are fixed together */
    struct lint_result *result;
    enum fixability **found; /* by file and finding: what is true of it */
    bool unsafe_differs;
    struct VEC(struct fix_moved) moved; /* by the plans so far */
    const struct fix_result *last;      /* plan of safe fixes, with what it refuses; NULL for none */
    bool last_is_first;                 /* it is about the texts as they are */
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
    uint32_t index = finding->check->index;
    char *key = arena_alloc_raw(m->arena, sizeof index + finding->path.len + 1 + message.len), *at = key;
    memcpy(at, &index, sizeof index), at += sizeof index;
    if (finding->path.len) memcpy(at, finding->path.ptr, finding->path.len), at += finding->path.len;
    *at++ = '\n';
    if (message.len) memcpy(at, message.ptr, message.len), at += message.len;
    return (struct str){key, (size_t)(at - key)};
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

/* The same where the value has moved: what is found at its new place is not gone. */
static bool take_moved(const struct marker *m, const struct map *left, const struct finding *finding) {
    for (uint32_t i = 0; i < m->moved.len; i++) {
        struct str from = m->moved.items[i].from, to = m->moved.items[i].to;
        struct finding there = *finding;
        if (!str_starts(finding->path, from)) continue;
        if (finding->path.len > from.len && finding->path.ptr[from.len] != '.') continue;
        struct str rest = str_slice(finding->path, from.len, finding->path.len);
        there.path = arena_printf(m->arena, "%.*s%.*s", STR_ARG(to), STR_ARG(rest));
        if (take(left, key_of(m, &there, false))) return true;
    }
    return false;
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
                stays[i] =
                    take(&about, key_of(m, &before->items[i], false)) || take_moved(m, &about, &before->items[i]);
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

/* `texts` under those that the fixes changed: the first text of a path is the one that counts. */
static const struct lint_texts *texts_after(const struct marker *m, const struct fix_result *fixed,
                                            const struct lint_texts *texts) {
    struct lint_texts *after = arena_new(m->arena, struct lint_texts);
    for (uint32_t i = 0; i < fixed->after.len; i++) vec_push(m->arena, after, fixed->after.items[i]);
    for (uint32_t i = 0; texts && i < texts->len; i++) vec_push(m->arena, after, texts->items[i]);
    return after;
}

/* The settings for the second check: of the rules, those that found something, and those with fixes. */
static const struct settings *settings_after(const struct marker *m) {
    const struct rule_set *set = m->request->settings->rules;
    struct settings *settings = arena_new(m->arena, struct settings);
    *settings = *m->request->settings;
    settings->enabled = arena_array(m->arena, bool, set->rules.len);
    for (uint32_t i = 0; i < set->rules.len; i++)
        settings->enabled[i] =
            m->request->settings->enabled[i] && (set->rules.items[i]->builtin || set->rules.items[i]->fix != FIX_NONE);
    for (uint32_t i = 0; i < m->result->files.len; i++)
        for (uint32_t k = 0; k < m->result->files.items[i]->findings.len; k++)
            settings->enabled[m->result->files.items[i]->findings.items[k].check->index] = true;
    return settings;
}

/* Whether somebody wants to see the texts that the fixes lead to. */
static bool wants_texts(const struct marker *m, bool unsafe) {
    return m->request->keeps_plan && !unsafe;
}

/* Plans round after round, as a run with fixes does, until nothing looks fixable any more or nothing can be fixed.
 * False where that needs the texts that fixes lead to (see fix_request.foresee). */
static bool plan_rounds(struct marker *m, bool unsafe, bool foresee) {
    struct fix_request plan = {.checks = m->request->checks,
                               .settings = m->request->settings,
                               .paths = m->whole,
                               .texts = m->request->texts,
                               .buffers = m->request->buffers,
                               .checked = m->result,
                               .foresee = foresee && !any_of_templates(m),
                               .shown = wants_texts(m, unsafe) && !any_of_templates(m),
                               .one_round = true,
                               .unsafe = unsafe,
                               .templates = m->request->templates,
                               .world = m->request->world,
                               .work = m->request->work};
    struct lint_request again = *m->request;
    again.chart = m->result->read;
    again.settings = settings_after(m);
    again.values_only = again.values_only || !any_of_templates(m);
    for (int round = 0; round < FIX_ROUNDS_MOST && any_looks(plan.checked, FIX_SAFE); round++) {
        struct lint_result *after = arena_new(m->arena, struct lint_result);
        struct fix_result *fixed = arena_new(m->arena, struct fix_result);
        fix_chart(m->arena, &plan, fixed);
        m->unsafe_differs |= fixed->unsafe_differs;
        if (fixed->unsure) return false;
        if (!unsafe) m->last = fixed, m->last_is_first = round == 0;
        if (fixed->bug.len || fixed->stopped.reason.len) return true;
        if (fixed->after.len == 0) break;
        for (uint32_t i = 0; i < fixed->moved.len; i++) vec_push(m->arena, &m->moved, fixed->moved.items[i]);
        if (round == 0 && !unsafe && m->request->keeps_plan) m->result->planned = fixed;
        again.texts = plan.texts = texts_after(m, fixed, plan.texts);
        lint_chart(m->arena, &again, after);
        plan.checked = after;
    }
    if (plan.checked != m->result) mark_gone(m, plan.checked, unsafe ? FIX_UNSAFE : FIX_SAFE);
    return true;
}

static void ask_planner(struct marker *m, bool unsafe) {
    if (wants_texts(m, unsafe) || !plan_rounds(m, unsafe, true)) plan_rounds(m, unsafe, false);
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
    if (!paths->whole || (paths->values.len == 0 && paths->overlays.len == 0)) return paths;
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
    struct explain_words words = {"`--fix` leaves it", m.last_is_first};
    if (m.last) explain_refusals(a, request->checks, m.last, &words, result);
}
