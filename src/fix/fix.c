#include "fix/fix.h"

#include "base/file.h"
#include "base/path.h"
#include "chart/boundary.h"
#include "check/encrypted.h"
#include "check/exemption.h"
#include "check/lint.h"
#include "config/convert.h"
#include "config/membership.h"
#include "fix/fix_plan.h"
#include "patch/certain.h"
#include "value/change.h"
#include "value/json.h"
#include "yaml/read.h"

/* Plans of one round, each with one more refusal. */
#define PLANS_MOST 2000

/* Takes over what a check has read; false where it has not. */
static bool take_checked(struct fix_plan *p, struct fix_doc *doc) {
    const struct lint_result *checked = p->request->checked;
    for (uint32_t i = 0; checked && i < checked->files.len; i++) {
        const struct lint_file *file = checked->files.items[i];
        if (!file->values || !str_eq(file->source.path, doc->source.path)) continue;
        doc->source.text = file->source.text;
        doc->tree = *file->tree;
        doc->tree.source = &doc->source;
        doc->values = *file->values;
        doc->foreseen = file->foreseen;
        fix_add_doc(p, doc);
        return true;
    }
    return false;
}

/* Reads a values file; false where its values cannot be had. */
static bool open_doc(struct fix_plan *p, struct str path, bool overlay) {
    struct fix_doc *doc = arena_new(p->arena, struct fix_doc);
    struct yaml_issues issues = {NULL, 0, 0};
    struct error error;
    doc->overlay = overlay;
    doc->within.end = UINT32_MAX;
    doc->source.path = path;
    if (take_checked(p, doc)) return true;
    if (!lint_read_text(p->arena, p->request->texts, path, &doc->source.text, &error)) return false;
    if (!read_text_values(p->arena, &doc->source, &doc->tree, &doc->values, &issues)) return false;
    fix_add_doc(p, doc);
    return true;
}

/* Whether the file at `path` may be a part of other charts too: a link leads to it out of the chart, or another chart
 * of this run has it. */
static bool is_shared(struct fix_plan *p, struct str path) {
    const struct chart_paths *paths = p->request->paths;
    struct str boundary = paths->has_links ? boundary_real(p->arena, paths->folder) : STR("");
    for (uint32_t i = 0; i < paths->shared.len; i++)
        if (str_eq(paths->shared.items[i], path)) return true;
    return boundary.len && !boundary_holds(p->arena, boundary, path);
}

/* Why a file is not to be written; empty where it may be. */
static struct str find_lock(struct fix_plan *p, const struct fix_doc *doc) {
    const struct chart_paths *paths = p->request->paths;
    if (encrypted_is(&doc->values)) return STR("is encrypted by SOPS, which refuses it after an edit");
    if (doc->tree.has_break)
        return STR(
            "contains a character that ends a line for Helm but not for editors (U+0085, U+2028 or U+2029); delete it "
            "first");
    if ((paths->has_links || paths->shared.len) && is_shared(p, doc->source.path))
        return STR("is shared through a symbolic link, so other charts may read it; valuelint never writes shared "
                   "files");
    return STR("");
}

/* Reads the overlays; of one that has several names in the chart, only the first. */
static void open_overlays(struct fix_plan *p) {
    const struct chart_paths *paths = p->request->paths;
    struct map seen = {NULL, 0, 0, NULL, 0};
    if (paths->has_links && paths->values.len) file_visit(p->arena, &seen, paths->values.ptr);
    for (uint32_t i = 0; i < paths->overlays.len; i++) {
        struct str path = paths->overlays.items[i];
        if (paths->has_links && !file_visit(p->arena, &seen, path.ptr)) continue;
        if (!open_doc(p, path, true)) p->unread = path;
    }
}

/* False where nothing is to be done for the chart. */
static bool open_chart(struct fix_plan *p) {
    const struct chart_paths *paths = p->request->paths;
    if (p->request->checked) p->chart = *p->request->checked->read;
    else lint_read_chart(p->arena, paths->folder, paths->has_chart_yaml, &p->chart);
    parts_list_keys(p->arena, paths->folder, paths->is_flat, &p->chart, &p->part_keys);
    fix_list_imports(p);
    p->result->chart = p->chart.name;
    p->result->unread = paths->values.len && !open_doc(p, paths->values, false);
    if (p->result->unread) return false;
    if (paths->is_plain) return false;
    if (!p->request->rename && p->docs.len &&
        exemption_of(p->arena, p->settings, &p->chart, paths->folder, paths->has_templates, &p->docs.items[0]->values)
            .len)
        return false;
    const struct settings *without = p->settings->without_standard;
    if (without && p->docs.len && !membership_holds(p->settings->standard, &p->docs.items[0]->values)) {
        p->settings = without;
        p->docs.items[0]->reporter.settings = without;
    }
    open_overlays(p);
    for (uint32_t i = 0; i < p->docs.len; i++) p->docs.items[i]->locked = find_lock(p, p->docs.items[i]);
    p->result->unread = p->unread.len > 0;
    if (p->docs.len && !p->docs.items[0]->overlay) fix_open_bound(p, false);
    return p->docs.len > 0;
}

/* The order of the standard, for the patch layer. */

struct fix_layer_guide {
    struct fix_plan *plan;
    const struct fix_doc *doc;
};

static const struct schema_property *property_at(struct fix_plan *p, const struct str *keys, uint32_t count) {
    return standard_at(p->settings->standard, keys, count);
}

static uint32_t find_rank(struct fix_plan *p, const struct str *keys, uint32_t count) {
    const struct schema_property *property = property_at(p, keys, count);
    return property ? standard_rank(p->settings->standard, property) : UINT32_MAX;
}

/* Keys at the top are asked for again and again, as the same bytes of the text. */
static uint32_t guide_rank(void *user, const struct str *keys, uint32_t count) {
    struct fix_plan *p = user;
    if (count != 1 || keys[0].len == 0) return find_rank(p, keys, count);
    uintptr_t place = (uintptr_t)keys[0].ptr;
    struct fix_rank *known = &p->ranks[(place ^ place >> 6) % FIX_RANKS];
    if (known->key.ptr != keys[0].ptr || known->key.len != keys[0].len)
        *known = (struct fix_rank){keys[0], find_rank(p, keys, count)};
    return known->rank;
}

static struct str guide_heading(void *user, const struct str *keys, uint32_t count) {
    const struct schema_property *property = count == 1 ? property_at(user, keys, count) : NULL;
    const struct value *heading = property ? value_get(property->annotation, STR("heading")) : NULL;
    return heading && heading->kind == VALUE_STRING ? heading->string : STR("");
}

/* In a layer of an ancestor the chart's own keys begin below the view's. */
static uint32_t guide_layer_rank(void *user, const struct str *keys, uint32_t count) {
    const struct fix_layer_guide *guide = user;
    uint32_t skip = fix_layer_depth(guide->plan, guide->doc, keys, count);
    return count <= skip ? UINT32_MAX : find_rank(guide->plan, keys + skip, count - skip);
}

/* An overlay gets no headings: it holds little, and its readers know the standard from values.yaml. */
struct patch_guide fix_guide_of(struct fix_plan *p, const struct fix_doc *doc) {
    if (!doc->view)
        return (struct patch_guide){p, guide_rank, doc->overlay || p->request->rename ? NULL : guide_heading};
    struct fix_layer_guide *guide = arena_new(p->arena, struct fix_layer_guide);
    *guide = (struct fix_layer_guide){p, doc};
    return (struct patch_guide){guide, guide_layer_rank, NULL};
}

/* Whether the check of the file found something that hangs on its text and not on its values. */
static bool any_of_text(const struct fix_plan *p, const struct fix_doc *doc) {
    const struct lint_result *checked = p->request->checked;
    for (uint32_t i = 0; i < checked->files.len; i++) {
        const struct findings *findings = &checked->files.items[i]->findings;
        if (!str_eq(checked->files.items[i]->source.path, doc->source.path)) continue;
        for (uint32_t k = 0; k < findings->len; k++)
            for (int check = CHECK_YAML_FIRST; check <= CHECK_YAML_LAST; check++)
                if (findings->items[k].check == p->request->checks->by[check]) return true;
    }
    return false;
}

/* Leaves the edits of a file away where it is certain that they can be made, and nobody needs the text. */
static bool foresee_doc(struct fix_plan *p, struct fix_doc *doc) {
    if (!p->request->foresee || doc->bound || doc->foreseen || doc->suppressions || any_of_text(p, doc)) return false;
    return doc->foreseen = patch_is_certain(p->arena, &doc->tree, doc->operations.items, doc->operations.len);
}

/* Turns the plan of a file into edits; what cannot be done is refused. */
static void patch_doc(struct fix_plan *p, struct fix_doc *doc) {
    p->result->unsure |= doc->foreseen;
    if (doc->foreseen || foresee_doc(p, doc)) return;
    const struct patch_guide guide = fix_guide_of(p, doc);
    const struct value *values = doc->view ? &doc->whole : &doc->values;
    const struct value *model = doc->view ? &doc->whole_model : &doc->model;
    patch_run_read(p->arena, &doc->tree, values, model, doc->operations.items, doc->operations.len, &guide,
                   &doc->patched);
    for (uint32_t i = 0; i < doc->operations.len; i++) {
        const struct patch_outcome *outcome = &doc->patched.outcomes[i];
        if (outcome->state == PATCH_DONE) continue;
        struct str reason = outcome->reason;
        if (outcome->state == PATCH_BROKEN)
            reason = arena_printf(p->arena, "%.*s; this is a bug in valuelint; please report it", STR_ARG(reason));
        fix_refuse(p, doc->origins.items[i].kind, doc->origins.items[i].path, &doc->source, outcome->span, reason);
        /* What comes behind it may have failed for want of it; but no operation waits for an exchange. */
        if (doc->operations.items[i].kind != PATCH_REPLACE) return;
    }
    if (doc->file.ptr && !fix_keep_within(p, doc, model)) {
        fix_refuse_moves(p, &doc->source, doc->within, STR("the values cannot be edited where they stand"));
        return;
    }
    if (!value_equal(doc->patched.values, model))
        p->result->bug = arena_printf(p->arena, "%.*s would not have the intended values", STR_ARG(doc->source.path));
}

static bool any_operation(const struct fix_plan *p) {
    for (uint32_t i = 0; i < p->docs.len; i++)
        if (p->docs.items[i]->operations.len) return true;
    return false;
}

void fix_stop(struct fix_plan *p, struct str reason) {
    p->result->stopped = (struct fix_refusal){.path = STR(""), .reason = reason};
}

/* The changes of the values alone. */
static void plan_values(struct fix_plan *p) {
    for (uint32_t i = 0; i < p->docs.len; i++) {
        struct fix_doc *doc = p->docs.items[i];
        fix_set_model(doc, doc->values);
        doc->whole_model = doc->whole;
        if (doc->fits) doc->violations = arena_new(p->arena, struct violations);
        doc->operations.len = doc->origins.len = doc->added.len = 0;
    }
    fix_find_moves(p);
    if (!p->again && fix_open_layers(p)) p->again = true; /* the layers have a say too */
    for (uint32_t i = 0; i < p->docs.len && !p->again; i++) {
        struct fix_doc *doc = p->docs.items[i];
        bool all = !doc->view && !p->request->rename; /* not only moves */
        if (all) fix_plan_booleans(p, doc);
        if (!p->again) fix_plan_moves(p, doc);
        if (!p->again && all) fix_plan_scalars(p, doc);
        if (!p->again && !p->request->rename) fix_check_moved(p, doc);
    }
    if (p->request->rename) return;
    if (!p->again && !p->docs.items[0]->overlay) fix_plan_additions(p, p->docs.items[0]);
    for (uint32_t i = 0; i < p->docs.len && !p->again; i++)
        if (!p->docs.items[i]->view) fix_plan_rules(p, p->docs.items[i]);
}

/* Refuses what would change files that are not to be written. */
static void keep_locked(struct fix_plan *p) {
    for (uint32_t i = 0; i < p->docs.len; i++) {
        struct fix_doc *doc = p->docs.items[i];
        if (doc->locked.len && doc->origins.len && !doc->overlay && doc->tree.has_break) {
            fix_stop(p, arena_printf(p->arena, "%.*s %.*s", STR_ARG(doc->source.path), STR_ARG(doc->locked)));
            return;
        }
        for (uint32_t k = 0; doc->locked.len && k < doc->origins.len; k++) {
            const struct fix_origin *origin = &doc->origins.items[k];
            fix_refuse(p, origin->kind, origin->path, &doc->source, fix_span(doc, origin->path),
                       arena_printf(p->arena, "%.*s %.*s", STR_ARG(doc->source.path), STR_ARG(doc->locked)));
        }
    }
}

/* One plan; false where it has to be made again, since something was refused. */
static bool plan_once(struct fix_plan *p) {
    struct error error;
    p->again = false;
    fix_forget_following(p);
    plan_values(p);
    if (!p->again) keep_locked(p);
    if (p->again) return false;
    if (p->result->stopped.reason.len) return true;
    if (!any_operation(p) && !(p->request->rename && p->moves.len)) return true;
    if (!fix_read_templates(p, &error)) {
        fix_stop(p, arena_str(p->arena, str_from(error.message)));
        return true;
    }
    fix_rewrite_references(p);
    if (!p->again) fix_check_releases(p);
    if (!p->again) fix_check_schema_names(p);
    if (!p->again) fix_verify_output(p);
    if (!p->again) fix_keep_rendering(p);
    if (!p->again) fix_try_renders(p);
    for (uint32_t i = 0; i < p->docs.len && !p->again; i++)
        if (p->docs.items[i]->operations.len) patch_doc(p, p->docs.items[i]);
    return !p->again;
}

static bool is_over(const struct fix_plan *p) {
    return p->result->bug.len || p->result->stopped.reason.len;
}

/* Makes what was planned the ground of the next round. */
static void take_round(struct fix_plan *p) {
    for (uint32_t i = 0; i < p->moves.len; i++) {
        const struct fix_move *move = p->moves.items[i];
        vec_push(p->arena, &p->made, move);
        struct str to = move->to.count ? fix_dotted(p, move->to) : move->legacy->targets.items[0]->path;
        uint32_t targets = convert_is_needed(move->legacy) ? move->legacy->targets.len : 1;
        vec_push(p->arena, &p->result->moved, (struct fix_moved){fix_dotted(p, move->from), to});
        for (uint32_t t = 1; t < targets; t++)
            vec_push(p->arena, &p->result->moved,
                     (struct fix_moved){fix_dotted(p, move->from), move->legacy->targets.items[t]->path});
    }
    for (uint32_t i = 0; i < p->docs.len; i++) {
        struct fix_doc *doc = p->docs.items[i];
        if (doc->operations.len == 0) continue;
        if (doc->foreseen) {
            if (doc->view) fix_layer_take(p, doc, doc->whole_model, false); /* who asks for its file reads it again */
            else doc->values = doc->model;
            continue;
        }
        doc->edits = edits_compose(p->arena, doc->first, &doc->edits, &doc->patched.edits);
        doc->source = (struct source){.path = doc->source.path, .text = doc->patched.text};
        doc->tree = *doc->patched.tree;
        if (doc->view) fix_layer_take(p, doc, *doc->patched.values, false);
        else doc->values = *doc->patched.values;
        doc->fits = doc->violations && doc->violations->len == 0; /* the values are those of the model */
        fix_take_text(p, doc);
    }
    for (uint32_t i = 0; i < p->docs.len; i++) {
        struct fix_doc *doc = p->docs.items[i];
        if (!doc->owner || doc->owner->operations.len == 0 || doc->owner->foreseen) continue;
        doc->source = doc->owner->source;
        doc->tree = doc->owner->tree;
        fix_take_text(p, doc);
    }
    fix_take_templates(p);
}

/* Plans until a plan holds. False where there is nothing to do, or nothing can be done. */
static bool plan_round(struct fix_plan *p) {
    for (int plan = 0; plan < PLANS_MOST; plan++) {
        if (!plan_once(p)) continue;
        if (is_over(p) || !(any_operation(p) || fix_any_follows(p))) return false;
        fix_check_schema(p);
        return !is_over(p);
    }
    p->result->bug = STR("no consistent set of fixes was found");
    return false;
}

void fix_chart(struct arena *a, const struct fix_request *request, struct fix_result *result) {
    struct fix_plan p = {.arena = a, .request = request, .settings = request->settings, .result = result};
    int round = 0, most = request->one_round ? 1 : FIX_ROUNDS_MOST;
    *result = (struct fix_result){.bug = STR("")};
    if (!open_chart(&p)) return;
    p.memo = schema_memo_new(a);
    while (round < most && plan_round(&p)) {
        take_round(&p);
        round++;
        result->rounds++;
        /* What was refused is judged anew, as a second run would: with the other changes made it may be in order. */
        p.refused = p.emptied = (struct map){0};
        result->waits = false;
    }
    if (round == FIX_ROUNDS_MOST && !request->one_round) result->bug = STR("a second run would change it again");
    if (!is_over(&p)) fix_collect(&p);
    if (is_over(&p)) result->files.len = result->moved.len = result->after.len = 0;
    if (request->rename) fix_end_rename(&p);
    for (uint32_t i = 0; i < p.refused.len; i++)
        vec_push(a, &result->refused, *(const struct fix_refusal *)p.refused.entries[i].value);
}
