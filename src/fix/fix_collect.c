/* The end of a plan: what it makes of each file. Several parts of one file are planned apart, each as a text of its own
 * with the offsets of the file; their edits come together here. */
#include "config/convert.h"
#include "fix/fix_plan.h"
#include "yaml/read.h"

struct operations VEC(struct patch_operation);

/* The operations that add what moved in `doc` at its old places, or at its new ones; false where there may be more new
 * ones than it knows. */
static bool plan_places(struct fix_plan *p, const struct fix_doc *doc, bool old, struct operations *operations) {
    for (uint32_t i = 0; i < p->made.len; i++) {
        const struct fix_move *move = p->made.items[i];
        const struct value *before = fix_value(&doc->first_values, move->from);
        if (before && !old && convert_is_needed(move->legacy)) return false;
        if (!before || move->legacy->split || (!old && fix_value(&doc->first_values, move->to))) continue;
        struct patch_operation add = {.kind = PATCH_ADD,
                                      .path = fix_doc_pointer(p, doc, old ? move->pointer : fix_pointer(p, move->to)),
                                      .value = old ? before : fix_value(&doc->values, move->to)};
        vec_push(p->arena, operations, add);
    }
    return true;
}

/* The edits that lead to a text of the file that holds all that moved at both places: the new text with the old places
 * added or, where that cannot be done, the text as it was read with the new ones. None where nothing in it moves. Gives
 * false where neither can be. */
static bool add_places(struct fix_plan *p, const struct fix_doc *doc, bool old, struct edits *edits) {
    const struct source base = {.path = doc->source.path, .text = old ? doc->source.text : doc->first};
    const struct patch_guide guide = fix_guide_of(p, doc);
    struct operations operations = {NULL, 0, 0};
    struct patch_result result;
    *edits = (struct edits){NULL, 0, 0};
    for (uint32_t i = 0; i < p->docs.len; i++) {
        const struct fix_doc *one = p->docs.items[i];
        if ((one == doc || one->owner == doc) && !plan_places(p, one, old, &operations)) return false;
    }
    if (operations.len == 0) return true;
    if (!patch_run(p->arena, &base, operations.items, operations.len, &guide, &result)) return false;
    *edits = old ? edits_compose(p->arena, doc->first, &doc->edits, &result.edits) : result.edits;
    return result.done == operations.len;
}

static void add_between(struct fix_plan *p, const struct fix_doc *doc, struct edits *between) {
    struct edits edits;
    if (!add_places(p, doc, true, &edits) && !add_places(p, doc, false, &edits)) {
        fix_stop(p,
                 arena_printf(p->arena, "%.*s cannot hold the moved values at both places, which a safe write requires",
                              STR_ARG(doc->source.path)));
        return;
    }
    for (uint32_t i = 0; i < edits.len; i++) vec_push(p->arena, between, edits.items[i]);
}

static void add_file(struct fix_plan *p, enum fix_role role, const struct source *first, struct str text,
                     const struct edits *edits, struct str between, const struct tree *tree) {
    struct fix_file file = {role, *first, text, *edits, between};
    if (!str_eq(edits_apply(p->arena, first->text, edits), text))
        p->result->bug = arena_printf(p->arena, "the edits of %.*s do not produce its new text", STR_ARG(first->path));
    vec_push(p->arena, &p->result->files, file);
    vec_push(p->arena, &p->result->after, (struct lint_text){.path = first->path, .text = text, .tree = tree});
}

static void add_read(struct fix_plan *p, struct str path, struct str text) {
    vec_push(p->arena, &p->result->read, (struct rule_fix_read){path, text});
}

static struct str file_text(const struct fix_doc *doc) {
    return doc->file.ptr ? doc->file : doc->first;
}

static void note_read(struct fix_plan *p) {
    if (p->chart.found) add_read(p, p->chart.source.path, p->chart.source.text);
    for (uint32_t i = 0; i < p->docs.len; i++) add_read(p, p->docs.items[i]->source.path, file_text(p->docs.items[i]));
    for (uint32_t i = 0; i < p->templates.files.len; i++) {
        const struct fix_template *file = p->templates.files.items[i];
        if (!file->holder) add_read(p, file->source.path, file->source.text);
    }
}

/* Whether the parts of a file hold in its new text what was planned. */
static void check_part(struct fix_plan *p, const struct fix_doc *doc, struct str text) {
    struct release_layer layer = {.source = {.path = doc->source.path}};
    if (!doc->bound || doc->owner) return;
    release_layer_read(p->arena, doc->bound, text, &layer);
    if (layer.unread || layer.is_loose || !value_equal(&layer.values, &doc->whole))
        p->result->bug = arena_printf(p->arena, "%.*s would not have the intended values", STR_ARG(doc->source.path));
}

/* The file of the documents from number `first` on that have its path. */
static void add_values(struct fix_plan *p, uint32_t first, bool twice) {
    const struct fix_doc *doc = p->docs.items[first];
    struct source source = {.path = doc->source.path, .text = file_text(doc)};
    struct edits edits = {NULL, 0, 0}, between = {NULL, 0, 0};
    for (uint32_t i = first; i < p->docs.len; i++) {
        const struct fix_doc *part = p->docs.items[i];
        if (!str_eq(part->source.path, source.path) || part->edits.len == 0) continue;
        for (uint32_t k = 0; k < part->edits.len; k++) vec_push(p->arena, &edits, part->edits.items[k]);
        if (twice) add_between(p, part, &between);
    }
    if (!edits_settle(p->arena, &edits) || !edits_settle(p->arena, &between))
        p->result->bug = arena_printf(p->arena, "the edits of %.*s overlap", STR_ARG(source.path));
    if (p->result->bug.len) return;
    struct str text = edits_apply(p->arena, source.text, &edits);
    for (uint32_t i = first; i < p->docs.len; i++)
        if (str_eq(p->docs.items[i]->source.path, source.path)) check_part(p, p->docs.items[i], text);
    add_file(p, doc->overlay ? FIX_OVERLAY : FIX_VALUES, &source, text, &edits,
             between.len ? edits_apply(p->arena, source.text, &between) : STR(""), doc->bound ? NULL : &doc->tree);
}

/* Whether an earlier document is of the same file, and changes. */
static bool is_added(const struct fix_plan *p, uint32_t number) {
    for (uint32_t i = 0; i < number; i++)
        if (p->docs.items[i]->edits.len && str_eq(p->docs.items[i]->source.path, p->docs.items[number]->source.path))
            return true;
    return false;
}

void fix_collect(struct fix_plan *p) {
    bool follows = false;
    note_read(p);
    for (uint32_t i = 0; i < p->templates.files.len; i++) follows = follows || p->templates.files.items[i]->edits.len;
    for (uint32_t i = 0; i < p->docs.len; i++) {
        const struct fix_doc *doc = p->docs.items[i];
        if (doc->foreseen && !doc->view) {
            struct lint_text foreseen = {
                .path = doc->source.path, .text = doc->first, .tree = &doc->tree, .values = &doc->values};
            vec_push(p->arena, &p->result->after, foreseen);
        }
        if (doc->edits.len && !is_added(p, i)) add_values(p, i, follows && !p->request->foresee && !p->request->shown);
    }
    for (uint32_t i = 0; i < p->templates.files.len; i++) {
        const struct fix_template *file = p->templates.files.items[i];
        if (file->edits.len) add_file(p, FIX_TEMPLATE, &file->source, file->text, &file->edits, STR(""), NULL);
    }
}
