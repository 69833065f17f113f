/* The chart's templates: their references follow the values that move, and nothing is changed that one of them would
 * print otherwise. */
#include "base/file.h"
#include "base/path.h"
#include "config/convert.h"
#include "fix/fix_plan.h"
#include "template/refs/equivalence.h"
#include "value/change.h"

static const enum refs_role ROLES[] = {
    [CHART_TEMPLATE_OWN] = REFS_OWN,
    [CHART_TEMPLATE_SHARED] = REFS_SHARED,
    [CHART_TEMPLATE_LIBRARY] = REFS_LIBRARY,
    [CHART_TEMPLATE_PARENT] = REFS_LIBRARY,
};

static struct fix_template *add_text(struct fix_plan *p, struct str path, struct str text, enum refs_role role) {
    struct fix_template *file = arena_new(p->arena, struct fix_template);
    file->source = (struct source){.path = path, .text = text};
    file->role = role;
    file->text = text;
    vec_push(p->arena, &p->templates.files, file);
    return file;
}

/* Adds the strings of `value` that hold an action: a template may run them. */
static void add_strings(struct fix_plan *p, const struct fix_doc *doc, const struct value *value) {
    for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->map.len; i++)
        add_strings(p, doc, &value->map.members[i].value);
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->list.len; i++)
        add_strings(p, doc, &value->list.items[i]);
    if (value->kind != VALUE_STRING || str_find(value->string, STR("{{")) == value->string.len) return;
    struct fix_template *file = add_text(p, doc->source.path, value->string, REFS_SHARED);
    file->holder = doc;
    file->span = reporter_value_span(&doc->reporter, value);
}

static bool holds_brace(const struct value *value) {
    bool found = value->kind == VALUE_STRING && str_find_char(value->string, '{') < value->string.len;
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->list.len && !found; i++)
        found = holds_brace(&value->list.items[i]);
    for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->map.len && !found; i++) {
        const struct member *member = &value->map.members[i];
        found = str_find_char(member->key, '{') < member->key.len || holds_brace(&member->value);
    }
    return found;
}

/* Whether no text of the values, before the round or after it, holds a brace, nor does Chart.yaml. */
static bool without_braces(const struct fix_plan *p, bool after) {
    struct str chart = p->chart.source.text;
    bool found = str_find_char(chart, '{') < chart.len;
    for (uint32_t d = 0; d < p->docs.len && !found; d++)
        found = holds_brace(after ? &p->docs.items[d]->model : &p->docs.items[d]->values);
    return !found;
}

static bool runs_values(const struct fix_templates *templates) {
    for (uint32_t i = 0; i < templates->files.len; i++) {
        const struct refs_file *file = templates->files.items[i]->before;
        for (uint32_t c = 0; file && c < file->refs.calls.len; c++)
            if (file->refs.calls.items[c].is_tpl) return true;
    }
    return false;
}

/* Makes the set of what stands in this round. */
static void read_before(struct fix_plan *p) {
    struct fix_templates *templates = &p->templates;
    uint32_t kept = 0;
    refs_set_init(p->arena, p->request->templates, &templates->before);
    for (uint32_t i = 0; i < templates->files.len; i++) {
        struct fix_template *file = templates->files.items[i];
        if (file->holder) continue;
        file->before = refs_set_add(&templates->before, file->text, file->role);
        templates->files.items[kept++] = file;
    }
    templates->files.len = kept;
    for (uint32_t d = 0; runs_values(templates) && d < p->docs.len; d++)
        add_strings(p, p->docs.items[d], &p->docs.items[d]->values);
    for (uint32_t i = kept; i < templates->files.len; i++)
        templates->files.items[i]->before =
            refs_set_add(&templates->before, templates->files.items[i]->text, REFS_SHARED);
    templates->before.without_actions = without_braces(p, false);
    refs_set_finish(&templates->before);
    templates->ready = true;
}

bool fix_read_templates(struct fix_plan *p, struct error *error) {
    struct chart_templates list = {NULL, 0, 0};
    struct str text;
    if (!p->templates.read && !chart_list_templates(p->arena, p->request->paths->folder, &list, error)) return false;
    for (uint32_t i = 0; i < list.len; i++) {
        if (!lint_read_text(p->arena, p->request->texts, list.items[i].path, &text, error)) return false;
        add_text(p, list.items[i].path, text, ROLES[list.items[i].kind]);
    }
    p->templates.read = true;
    if (!p->templates.ready) read_before(p);
    return true;
}

void fix_take_templates(struct fix_plan *p) {
    for (uint32_t i = 0; i < p->templates.files.len; i++) {
        struct fix_template *file = p->templates.files.items[i];
        if (file->follow.len == 0) continue;
        file->edits = edits_compose(p->arena, file->source.text, &file->edits, &file->follow);
        file->text = file->after->text;
        file->follow.len = 0;
    }
    p->templates.ready = false;
}

bool fix_any_follows(const struct fix_plan *p) {
    for (uint32_t i = 0; i < p->templates.files.len; i++)
        if (p->templates.files.items[i]->follow.len) return true;
    return false;
}

void fix_forget_following(struct fix_plan *p) {
    for (uint32_t i = 0; i < p->templates.files.len; i++) {
        p->templates.files.items[i]->follow.len = 0;
        p->templates.files.items[i]->follow_moves.len = 0;
        p->templates.files.items[i]->converted = false;
    }
}

/* The moves that references follow: those of values, and behind them, for references to values that are not set, those
 * of places whose surroundings go. */
struct followed {
    struct VEC(struct refs_move) list;
    struct VEC(const struct fix_move *) moves; /* by item of the list; NULL for the second kind */
};

static void add_followed(struct fix_plan *p, struct followed *f, struct key_path from, struct key_path to,
                         const struct fix_move *move) {
    vec_push(p->arena, &f->list, (struct refs_move){from.keys, from.count, to.keys, to.count});
    vec_push(p->arena, &f->moves, move);
}

static void find_followed(struct fix_plan *p, struct followed *f) {
    const struct map *legacies = &p->settings->standard->legacies;
    const struct fix_doc *doc = p->docs.items[0];
    for (uint32_t i = 0; i < p->moves.len; i++)
        if (p->moves.items[i]->to.count)
            add_followed(p, f, p->moves.items[i]->from, p->moves.items[i]->to, p->moves.items[i]);
    for (uint32_t i = 0; i < legacies->len && !p->request->rename; i++) {
        const struct legacy *legacy = legacies->entries[i].value;
        struct key_path from = {legacy->keys, legacy->key_count};
        struct key_path around = {from.keys, legacy->subtree ? from.count : from.count - 1};
        const struct schema_property *target = legacy->targets.items[0];
        if (legacy->split || convert_is_needed(legacy) || around.count == 0 ||
            map_get(&p->moves_by_from, fix_pointer(p, from)))
            continue;
        if (!fix_value(&doc->values, around) || fix_value(&doc->model, around)) continue;
        add_followed(p, f, from, (struct key_path){target->keys, target->key_count}, NULL);
    }
}

/* A text for a person to be pointed to, as it stands in this round. */
static struct source *source_of(struct fix_plan *p, const struct fix_template *file) {
    struct source *source = arena_new(p->arena, struct source);
    *source = file->holder ? file->holder->source : (struct source){.path = file->source.path, .text = file->text};
    return source;
}

static struct span span_of(const struct fix_template *file, struct span span) {
    return file->holder ? file->span : span;
}

static void refuse_pinned(struct fix_plan *p, const struct fix_template *file, const struct refs_blocker *pin,
                          const struct fix_move *move) {
    fix_refuse(p, PART_MOVE, move->from, source_of(p, file), span_of(file, pin->span), pin->reason);
}

/* Whether it is only not known what is read there: whoever compares renders need not ask. */
static bool is_doubt(const struct fix_plan *p, const struct refs_blocker *pin) {
    return p->request->trust && pin->move == REFS_EVERY_MOVE && pin->span.end > pin->span.start;
}

/* Whether a pin stands against the move `index`. What only reads the new place is judged by what it would print. */
static bool is_pinned(const struct refs_rewrite *rewrite, uint32_t index) {
    for (uint32_t i = 0; i < rewrite->blockers.len; i++) {
        const struct refs_blocker *pin = &rewrite->blockers.items[i];
        if (pin->kind == REFS_BLOCKS_SOURCE && (pin->move == index || pin->move == REFS_EVERY_MOVE)) return true;
    }
    return false;
}

static void follow_edit(struct fix_plan *p, struct fix_template *file, const struct followed *f,
                        const struct refs_rewrite *rewrite, uint32_t index, const bool *unsure) {
    uint32_t move = rewrite->edit_moves.items[index];
    const struct fix_move *of = f->moves.items[move];
    if (unsure[move]) return;
    if (of && convert_is_needed(of->legacy)) {
        fix_follow_conversion(p, file, of, rewrite->edits.items[index].span);
        return;
    }
    vec_push(p->arena, &file->follow, rewrite->edits.items[index]);
    vec_push(p->arena, &file->follow_moves, f->moves.items[move]);
}

static void follow_file(struct fix_plan *p, struct fix_template *file, const struct followed *f,
                        const struct refs_rewrite *rewrite, const bool *unsure) {
    for (uint32_t i = 0; i < rewrite->blockers.len; i++) {
        const struct refs_blocker *pin = &rewrite->blockers.items[i];
        if (pin->kind != REFS_BLOCKS_SOURCE || is_doubt(p, pin)) continue;
        for (uint32_t m = 0; m < f->list.len; m++)
            if (f->moves.items[m] && (pin->move == m || pin->move == REFS_EVERY_MOVE))
                refuse_pinned(p, file, pin, f->moves.items[m]);
    }
    file->follow = (struct edits){NULL, 0, 0};
    file->follow_moves.len = 0;
    for (uint32_t i = 0; i < rewrite->edits.len; i++) follow_edit(p, file, f, rewrite, i, unsure);
}

void fix_rewrite_references(struct fix_plan *p) {
    struct followed f = {{NULL, 0, 0}, {NULL, 0, 0}};
    uint32_t count = p->templates.files.len;
    struct refs_rewrite *rewrites = arena_array(p->arena, struct refs_rewrite, count + 1);
    bool more = false;
    find_followed(p, &f);
    bool *unsure = arena_array(p->arena, bool, f.list.len + 1); /* by item: its references stay as they are */
    for (uint32_t i = 0; i < count; i++) {
        refs_rewrite_file(p->arena, &p->templates.before, p->templates.files.items[i]->before, f.list.items, f.list.len,
                          &rewrites[i]);
        more = more || rewrites[i].more;
    }
    for (uint32_t i = 0; more && i < count; i++)
        refs_rewrite_parts(p->arena, &p->templates.before, p->templates.files.items[i]->before, f.list.items,
                           f.list.len, &rewrites[i]);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t m = 0; m < f.list.len; m++)
            unsure[m] = unsure[m] || (!f.moves.items[m] && is_pinned(&rewrites[i], m));
    for (uint32_t i = 0; i < count; i++) follow_file(p, p->templates.files.items[i], &f, &rewrites[i], unsure);
}

/* The place in the template at which it may read the chart's file `name` as a text; UINT32_MAX for none. Helm keeps
 * values.yaml and templates out of `.Files`, but not overlays. */
static uint32_t file_read_at(const struct fix_template *file, struct str name) {
    static const struct str whole[] = {STR_INIT(".Glob"), STR_INIT(".AsConfig"), STR_INIT(".AsSecrets")};
    size_t at = str_find(file->text, STR(".Files"));
    if (at == file->text.len || file->role == REFS_LIBRARY) return UINT32_MAX;
    bool reads = str_find(file->text, name) < file->text.len;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        reads = reads || str_find(file->text, whole[i]) < file->text.len;
    return reads ? (uint32_t)at : UINT32_MAX;
}

/* Refuses all that changes an overlay which a template may print as a text. */
static void keep_overlay(struct fix_plan *p, const struct fix_doc *doc) {
    for (uint32_t i = 0; i < p->templates.files.len; i++) {
        const struct fix_template *file = p->templates.files.items[i];
        uint32_t at = file_read_at(file, path_name(doc->source.path));
        if (at == UINT32_MAX) continue;
        for (uint32_t k = 0; k < doc->origins.len; k++)
            fix_refuse(p, doc->origins.items[k].kind, doc->origins.items[k].path, source_of(p, file),
                       span_of(file, span_make(at, at + 6)),
                       arena_printf(p->arena, "a template may read %.*s as text", STR_ARG(doc->source.path)))
                ->unsafe = true;
        p->result->unsafe_differs = true;
        return;
    }
}

/* Makes the set of what will stand after this round. */
static void read_after(struct fix_plan *p) {
    struct fix_templates *templates = &p->templates;
    refs_set_init(p->arena, p->request->templates, &templates->after);
    for (uint32_t i = 0; i < templates->files.len; i++) {
        struct fix_template *file = templates->files.items[i];
        struct str text = edits_apply(p->arena, file->text, &file->follow);
        file->after = refs_set_add(&templates->after, text, file->role);
    }
    templates->after.without_actions = without_braces(p, true);
    refs_set_finish(&templates->after);
}

static struct fix_refusal *refuse_difference(struct fix_plan *p, const struct fix_template *file,
                                             const struct refs_difference *difference, enum fix_part part,
                                             struct key_path path) {
    struct fix_refusal *refusal =
        fix_refuse(p, part, path, source_of(p, file), span_of(file, difference->span), difference->reason);
    refusal->unsafe = difference->effect == REFS_PRINTS_OTHER && !difference->type_mismatch;
    p->result->unsafe_differs |= refusal->unsafe;
    return refusal;
}

static bool is_empty(const struct value *value) {
    return (value->kind == VALUE_MAP && value->map.len == 0) || (value->kind == VALUE_LIST && value->list.len == 0);
}

bool fix_empty_addition(struct fix_plan *p, struct key_path path) {
    const struct value *value = fix_value(&p->docs.items[0]->model, path);
    struct str pointer = fix_pointer(p, path);
    bool may_be_empty = value && (value->kind == VALUE_MAP || value->kind == VALUE_LIST) && !is_empty(value);
    if (!may_be_empty || map_get(&p->emptied, pointer)) return false;
    map_put(p->arena, &p->emptied, pointer, p);
    return p->result->unsafe_differs = p->again = true;
}

/* Additions that the reference sees: as an empty mapping or list first, which most templates only ask for, then not at
 * all. */
static bool blame_additions(struct fix_plan *p, const struct fix_template *file,
                            const struct refs_difference *difference, struct key_path now) {
    const struct fix_doc *doc = p->docs.items[0];
    bool any = false;
    for (uint32_t i = 0; i < doc->added.len; i++) {
        struct key_path path = doc->added.items[i];
        if (!key_paths_meet(path, now)) continue;
        any = true;
        if (!fix_empty_addition(p, path)) refuse_difference(p, file, difference, PART_ADD, path);
    }
    return any;
}

static bool blame_operations(struct fix_plan *p, const struct fix_template *file,
                             const struct refs_difference *difference, struct key_path now) {
    bool any = false;
    for (uint32_t d = 0; d < p->docs.len; d++) {
        const struct fix_doc *doc = p->docs.items[d];
        for (uint32_t i = 0; i < doc->origins.len; i++) {
            const struct fix_origin *origin = &doc->origins.items[i];
            if (origin->kind == PART_MOVE) continue;
            if (!key_paths_meet(origin->path, now)) continue;
            refuse_difference(p, file, difference, origin->kind, origin->path);
            any = true;
        }
    }
    return any;
}

static uint32_t common_keys(struct key_path a, struct key_path b) {
    uint32_t i = 0;
    while (i < a.count && i < b.count && str_eq(a.keys[i], b.keys[i])) i++;
    return i;
}

/* The moves whose value the reference reads at its old place (`before`), or at its new one (`now`): that of a `split`
 * is the old one, which becomes a mapping. */
static bool blame_moves(struct fix_plan *p, const struct fix_template *file, const struct refs_difference *difference,
                        const struct key_path *before, const struct key_path *now) {
    bool any = false;
    for (uint32_t i = 0; i < p->moves.len; i++) {
        const struct fix_move *move = p->moves.items[i];
        if (!(before && key_paths_meet(move->from, *before)) &&
            !(now && key_paths_meet(move->to.count ? move->to : move->from, *now)))
            continue;
        refuse_difference(p, file, difference, PART_MOVE, move->from);
        any = true;
    }
    return any;
}

/* The moves that take away what stands around the value that the reference asks for. */
static bool blame_neighbours(struct fix_plan *p, const struct fix_template *file,
                             const struct refs_difference *difference, struct key_path before) {
    uint32_t longest = 0;
    for (uint32_t i = 0; i < p->moves.len; i++) {
        uint32_t common = common_keys(p->moves.items[i]->from, before);
        if (common > longest) longest = common;
    }
    for (uint32_t i = 0; i < p->moves.len && longest; i++)
        if (common_keys(p->moves.items[i]->from, before) == longest)
            refuse_difference(p, file, difference, PART_MOVE, p->moves.items[i]->from);
    return longest > 0;
}

void fix_attribute_difference(struct fix_plan *p, const struct fix_template *file,
                              const struct refs_difference *difference) {
    struct key_path before = {difference->keys, difference->key_count},
                    now = {difference->new_keys, difference->new_key_count};
    bool doubt = before.count == 0 && now.count == 0 && difference->span.end > difference->span.start;
    if (p->request->trust && doubt && difference->effect == REFS_PRINTS_OTHER) return;
    if (p->request->unsafe && difference->effect == REFS_PRINTS_OTHER && !difference->type_mismatch) return;
    /* References above a moved value are pinned by then: one that meets it reads it in its new place, or as its parts.
     */
    if ((before.count && blame_moves(p, file, difference, &before, NULL)) ||
        blame_additions(p, file, difference, now) || blame_operations(p, file, difference, now) ||
        blame_moves(p, file, difference, NULL, &now) || blame_neighbours(p, file, difference, before))
        return;
    p->result->bug = arena_printf(p->arena, "%.*s: %.*s, which no single fix explains", STR_ARG(file->source.path),
                                  STR_ARG(difference->reason));
}

/* Compares what the templates print with the values of one file: values.yaml alone, or with an overlay on top. */
static void verify_output_with(struct fix_plan *p, const struct value *before, const struct value *after) {
    bool more = false;
    for (uint32_t i = 0; i < p->templates.files.len; i++) {
        const struct fix_template *file = p->templates.files.items[i];
        struct refs_differences differences = {NULL, 0, 0};
        if (file->converted) continue; /* running it has proved more */
        more |= refs_compare(p->arena, &p->templates.before, file->before, before, &p->templates.after, file->after,
                             after, &differences);
        for (uint32_t c = 0; c < differences.len; c++) fix_attribute_difference(p, file, &differences.items[c]);
    }
    for (uint32_t i = 0; more && i < p->templates.files.len; i++) {
        const struct fix_template *file = p->templates.files.items[i];
        struct refs_differences differences = {NULL, 0, 0};
        if (file->converted) continue;
        refs_compare_parts(p->arena, &p->templates.before, file->before, before, &p->templates.after, file->after,
                           after, &differences);
        for (uint32_t c = 0; c < differences.len; c++) fix_attribute_difference(p, file, &differences.items[c]);
    }
}

void fix_verify_output(struct fix_plan *p) {
    const struct fix_doc *first = p->docs.items[0];
    for (uint32_t i = 0; i < p->docs.len && !p->request->unsafe; i++)
        if (p->docs.items[i]->overlay && !p->docs.items[i]->view) keep_overlay(p, p->docs.items[i]);
    if (p->templates.files.len == 0) return;
    fix_prove_conversions(p);
    if (p->again) return;
    read_after(p);
    if (first->overlay) {
        struct value none = value_map_new(p->arena, 0);
        verify_output_with(p, &none, &none);
    }
    for (uint32_t i = 0; i < p->docs.len && (i == 0 || !p->again); i++) {
        struct value before, after;
        fix_coalesce(p, p->docs.items[i], &before, &after);
        verify_output_with(p, &before, &after);
    }
}
