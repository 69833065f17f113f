/* Unsafe fixes may change what templates print, but what rendered before renders after. A default that is added can
 * make a guard true (`if .Values.env`) behind which a template wants another type, or a child that the default lacks.
 * So the templates are evaluated with the values before and after the plan; where they fail anew, the additions that
 * explain it are found by leaving each of them away. Such a one becomes an empty mapping or list, or is left out, as a
 * safe fix would do. */
#include "check/templates.h"
#include "fix/fix_plan.h"
#include "template/eval/value_path.h"
#include "value/change.h"

struct render {
    struct fix_plan *plan;
    bool after; /* with the templates as they become */
};

bool fix_text_at(const struct fix_plan *p, struct str path, bool after, struct str *text, struct error *error) {
    for (uint32_t i = 0; i < p->templates.files.len; i++) {
        const struct fix_template *file = p->templates.files.items[i];
        if (file->holder || !str_eq(file->source.path, path)) continue;
        *text = after && file->follow.len ? edits_apply(p->arena, file->text, &file->follow) : file->text;
        return true;
    }
    return lint_read_text(p->arena, p->request->texts, path, text, error);
}

static bool read_text(void *data, struct str path, struct str *text, struct error *error) {
    const struct render *r = data;
    return fix_text_at(r->plan, path, r->after, text, error);
}

/* The settings under which only renders that fail are looked for, all of them. */
static struct settings settings_of(struct fix_plan *p) {
    struct settings settings = *p->settings;
    uint32_t index = p->request->checks->by[CHECK_RENDER_FAILS]->index;
    settings.enabled = arena_array(p->arena, bool, p->settings->rules->rules.len);
    settings.severity = arena_array(p->arena, enum severity, p->settings->rules->rules.len);
    settings.enabled[index] = true;
    settings.severity[index] = SEVERITY_ERROR;
    settings.lowest = SEVERITY_INFO;
    return settings;
}

/* The place that the dotted path `path` has after the moves of this plan. */
static struct str moved(const struct fix_plan *p, struct str path) {
    for (uint32_t i = 0; i < p->moves.len; i++) {
        const struct fix_move *move = p->moves.items[i];
        struct str from = fix_dotted(p, move->from);
        bool below = dotted_leads(from, path);
        if (!below || move->to.count == 0) continue;
        return arena_printf(p->arena, "%.*s%.*s", STR_ARG(fix_dotted(p, move->to)),
                            STR_ARG(str_slice(path, from.len, path.len)));
    }
    return path;
}

/* A failure, as it is known in both evaluations. */
static struct str key_of(const struct fix_plan *p, const struct template_report *report, const struct finding *finding,
                         bool after) {
    struct str path = after ? finding->path : moved(p, finding->path);
    return arena_printf(p->arena, "%.*s\n%.*s", STR_ARG(report->source.path), STR_ARG(path));
}

/* Puts the failures of the templates with `values` into `failures`, by key_of. */
static void evaluate(struct fix_plan *p, const struct value *values, bool after, struct map *failures,
                     const struct value_path **read_at) {
    struct render render = {p, after};
    struct fix_doc *doc = p->docs.items[0];
    struct settings settings = settings_of(p);
    struct template_reports reports = {NULL, 0, 0};
    struct findings ignored = {NULL, 0, 0};
    struct reporter reporter = doc->reporter;
    struct templates_subject subject = {.folder = p->request->paths->folder,
                                        .chart = &p->chart,
                                        .values = values,
                                        .read_at = read_at,
                                        .read = read_text,
                                        .data = &render,
                                        .memo = p->request->templates};
    reporter.settings = &settings;
    reporter.findings = &ignored;
    templates_check(&reporter, &subject, &reports);
    for (uint32_t i = 0; i < reports.len; i++)
        for (uint32_t k = 0; k < reports.items[i]->findings.len; k++) {
            const struct finding *finding = &reports.items[i]->findings.items[k];
            map_put(p->arena, failures, key_of(p, reports.items[i], finding, after),
                    (void *)(uintptr_t)arena_str(p->arena, finding->message).ptr);
        }
}

struct value fix_without(struct fix_plan *p, const struct value *model, struct key_path path) {
    struct key_path around = {path.keys, path.count - 1};
    const struct value *parent = fix_value(model, around);
    if (!parent || parent->kind != VALUE_MAP) return *model;
    struct value kept = value_map_new(p->arena, parent->map.len);
    bool found;
    for (uint32_t i = 0; i < parent->map.len; i++)
        if (!str_eq(parent->map.members[i].key, path.keys[around.count]))
            value_map_put(&kept, parent->map.members[i].key, &found)->value = parent->map.members[i].value;
    struct value_change change = {around.keys, around.count, kept};
    return around.count ? value_with(p->arena, model, &change, 1) : kept;
}

/* Whether the templates no longer fail at `key` without the addition at `path`; `over` is an overlay's values on top,
 * or NULL. */
static bool is_cause(struct fix_plan *p, struct key_path path, struct str key, const struct value *over) {
    struct value model = fix_without(p, &p->docs.items[0]->model, path);
    struct map failures = {0};
    if (over) model = value_overlay(p->arena, &model, over);
    evaluate(p, &model, true, &failures, NULL);
    return !map_get(&failures, key);
}

static void leave_out(struct fix_plan *p, struct key_path path, struct str reason) {
    if (fix_empty_addition(p, path)) return;
    fix_refuse(p, PART_ADD, path, NULL, (struct span){0, 0}, reason);
}

/* Finds the additions to blame for a failure: one that causes it alone, else all of them. */
static void blame(struct fix_plan *p, struct str key, const char *message, const struct value *over) {
    const struct fix_doc *doc = p->docs.items[0];
    struct str reason = arena_printf(p->arena, "with its default the chart no longer renders: %s", message);
    bool any = false;
    for (uint32_t i = 0; i < doc->added.len; i++) {
        if (!is_cause(p, doc->added.items[i], key, over)) continue;
        leave_out(p, doc->added.items[i], reason);
        any = true;
    }
    for (uint32_t i = 0; i < doc->added.len && !any; i++) leave_out(p, doc->added.items[i], reason);
}

/* Whether it is not known what templates read at `path`: they put other values there, or around it, themselves. */
static bool is_unclear(const struct value_path *place, struct key_path path) {
    if (!place || place->uses & VALUE_PATH_OTHER) return true;
    for (uint32_t i = 0; i < path.count; i++) {
        place = map_get(&place->children, path.keys[i]);
        if (!place) return false;
        if (place->uses & VALUE_PATH_OTHER) return true;
    }
    return false;
}

/* Compares the values of values.yaml alone, or with an overlay on top. */
static void compare(struct fix_plan *p, const struct fix_doc *overlay) {
    const struct fix_doc *doc = p->docs.items[0];
    struct value before = doc->values, after = doc->model;
    struct map failed = {0}, fails = {0};
    const struct value_path *read_at = NULL;
    if (overlay) {
        before = value_overlay(p->arena, &before, &overlay->values);
        after = value_overlay(p->arena, &after, &overlay->model);
    }
    evaluate(p, &after, true, &fails, &read_at);
    for (uint32_t i = 0; i < doc->added.len; i++)
        if (is_unclear(read_at, doc->added.items[i]))
            leave_out(p, doc->added.items[i], STR("it is unknown which values the chart's templates read"));
    if (fails.len == 0 || p->again) return;
    evaluate(p, &before, false, &failed, NULL);
    for (uint32_t i = 0; i < fails.len && !p->again; i++)
        if (!map_get(&failed, fails.entries[i].key))
            blame(p, fails.entries[i].key, fails.entries[i].value, overlay ? &overlay->model : NULL);
}

void fix_keep_rendering(struct fix_plan *p) {
    const struct fix_doc *first = p->docs.items[0];
    if (!p->request->unsafe || first->overlay || first->added.len == 0 || p->templates.files.len == 0) return;
    compare(p, NULL);
    for (uint32_t i = 1; i < p->docs.len && !p->again; i++) compare(p, p->docs.items[i]);
}
