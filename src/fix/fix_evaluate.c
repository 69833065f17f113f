/* What the symbolic side cannot prove, and what unsafe fixes leave open, is tried: the chart is rendered with the
 * values before and after the plan, alone and with each overlay. Where it rendered before and does not after, the
 * additions that explain it are left out; where none does, alone or together, nothing of the plan but its moves stays,
 * and at last not even these. Nothing is tried where no template names what is added. */
#include "fix/fix_plan.h"
#include "render/render.h"

#define STEPS_MAX UINT64_C(20000000)
#define BYTES_MAX (UINT64_C(64) << 20)

struct trial {
    struct fix_plan *plan;
    bool after;             /* with the templates as they become */
    struct render_input in; /* of the render */
};

static bool read_text(void *data, struct str path, struct str *text, struct error *error) {
    const struct trial *t = data;
    return fix_text_at(t->plan, path, t->after, text, error);
}

/* Whether the chart renders, as far as can be told here; else `message` says why not. */
static bool renders(struct fix_plan *p, const struct value *values, const struct value *overlay, bool after,
                    struct str *message) {
    struct arena arena = {0};
    struct go_env env = {.arena = &arena, .budget = {STEPS_MAX, BYTES_MAX, 0}, .helm = 3};
    struct trial trial = {.plan = p, .after = after, .in = {.read = read_text, .own = values, .overlay = overlay}};
    struct render_options options = {.root = {.release = STR("release-name"), .name_space = STR("default")},
                                     .in = &trial.in};
    struct render_result result;
    const struct setting_list *shared = &p->settings->templates;
    trial.in.data = &trial;
    options.chart = arena_str(&arena, p->request->paths->folder.len ? p->request->paths->folder : STR("."));
    for (uint32_t i = 0; i < shared->len; i++) vec_push(&arena, &trial.in.shared, shared->items[i].value);
    render_chart(&env, &options, &result);
    bool cut_off = result.stage == RENDER_TEMPLATE && result.template.failure == TEMPLATE_CUT_OFF;
    *message = arena_str(p->arena, result.stage == RENDER_DONE ? STR("") : result.message);
    arena_free(&arena);
    /* The chart's schema is asked by fix_check_schema. */
    return result.stage == RENDER_DONE || result.stage == RENDER_VALUES || cut_off;
}

static void leave_out(struct fix_plan *p, struct key_path path, struct str reason) {
    if (!fix_empty_addition(p, path)) fix_refuse(p, PART_ADD, path, NULL, (struct span){0, 0}, reason);
}

/* Refuses what was planned besides additions and, where that is nothing, all of it. */
static void refuse_others(struct fix_plan *p, struct str reason) {
    for (int moves = 0; moves < 2 && !p->again; moves++) {
        for (uint32_t i = 0; i < p->docs.len; i++) {
            struct fix_doc *doc = p->docs.items[i];
            for (uint32_t k = 0; k < doc->origins.len; k++) {
                struct fix_origin origin = doc->origins.items[k];
                if ((origin.kind == PART_MOVE) != (moves == 1)) continue;
                fix_refuse(p, origin.kind, origin.path, &doc->source, fix_span(doc, origin.path), reason);
            }
        }
    }
}

static void blame(struct fix_plan *p, const struct value *overlay, struct str message) {
    const struct fix_doc *doc = p->docs.items[0];
    struct str reason = arena_printf(p->arena, "with it the chart no longer renders: %.*s", STR_ARG(message)), other;
    bool any = false;
    for (uint32_t i = 0; i < doc->added.len; i++) {
        struct value model = fix_without(p, &doc->model, doc->added.items[i]);
        if (!renders(p, &model, overlay, true, &other)) continue;
        leave_out(p, doc->added.items[i], reason);
        any = true;
    }
    struct value model = doc->model;
    for (uint32_t i = 0; i < doc->added.len; i++) model = fix_without(p, &model, doc->added.items[i]);
    if (!any && doc->added.len && renders(p, &model, overlay, true, &other)) {
        for (uint32_t i = 0; i < doc->added.len; i++) leave_out(p, doc->added.items[i], reason);
        any = true;
    }
    if (!any) refuse_others(p, reason);
}

static void try(struct fix_plan *p, const struct fix_doc *overlay) {
    const struct fix_doc *doc = p->docs.items[0];
    struct str message;
    if (renders(p, &doc->model, overlay ? &overlay->model : NULL, true, &message)) return;
    struct str reason = message;
    if (!renders(p, &doc->values, overlay ? &overlay->values : NULL, false, &message)) return;
    blame(p, overlay ? &overlay->model : NULL, reason);
}

/* Whether a template may read what is added, or another unsafe change is planned. */
static bool is_open(const struct fix_plan *p) {
    const struct fix_doc *doc = p->docs.items[0];
    for (uint32_t i = 0; i < p->docs.len && p->request->unsafe; i++)
        for (uint32_t k = 0; k < p->docs.items[i]->origins.len; k++)
            if (p->docs.items[i]->origins.items[k].kind != PART_ADD) return true;
    for (uint32_t i = 0; i < doc->added.len; i++) {
        struct str key = doc->added.items[i].keys[0];
        for (uint32_t k = 0; k < p->templates.files.len; k++) {
            struct str text = p->templates.files.items[k]->text;
            if (str_find(text, key) < text.len) return true;
        }
    }
    return false;
}

void fix_try_renders(struct fix_plan *p) {
    if (p->docs.items[0]->overlay || p->request->rename || p->templates.files.len == 0 || !is_open(p)) return;
    try(p, NULL);
    for (uint32_t i = 1; i < p->docs.len && !p->again; i++)
        if (p->docs.items[i]->overlay && !p->docs.items[i]->view) try(p, p->docs.items[i]);
}
