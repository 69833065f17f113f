#include "template/refs/rewrite.h"

#include "base/buf.h"
#include "template/refs/moved.h"
#include "template/refs/origin.h"
#include "template/refs/reach.h"

struct work {
    struct arena *arena;
    const struct template_set *set;
    const struct template_file *file;
    const struct template_move *moves;
    uint32_t count;
    struct template_rewrite *out;
};

static void pin(struct work *w, enum template_pin_kind kind, uint32_t move, struct span span, struct str reason) {
    struct template_pin p = {kind, move, span, reason};
    vec_push(w->arena, &w->out->pins, p);
}

/* How many keys the path of the reference and `path` have in common at their start. */
static uint32_t common_keys(const struct template_ref *ref, const struct str *path, uint32_t count) {
    uint32_t i = 0;
    while (i < count && i < ref->part_count && str_eq(ref->parts[i].key, path[i])) i++;
    return i;
}

/* Whether the reference certainly begins at the root, and at that of this chart alone. */
static bool is_at_root(const struct work *w, const struct template_ref *ref, const struct template_define *d) {
    if (template_is_at_root(w->set, w->file, ref)) return true;
    if (w->set->foreign_dots || (d && d->foreign)) return false;
    return template_proved_origin(w->set, w->file, ref) == TEMPLATE_ROOT;
}

/* Why the reference cannot be changed along, or an empty string where it can. */
static struct str obstacle(const struct work *w, const struct template_ref *ref) {
    const struct template_define *d = template_define_around(w->set, w->file, ref->define);
    struct str use = template_use_text(w->arena, w->file, ref), name = d ? d->name : (struct str){NULL, 0};
    if (is_at_root(w, ref, d)) {
        if (w->file->role == TEMPLATE_OWN) return (struct str){NULL, 0};
        return arena_printf(w->arena, "`%.*s` is in a template that is not changed", STR_ARG(use));
    }
    if (ref->base == TEMPLATE_BASE_VARIABLE)
        return arena_printf(w->arena, "`%.*s` goes through a variable", STR_ARG(use));
    if (ref->base == TEMPLATE_BASE_EXPRESSION)
        return arena_printf(w->arena, "`%.*s` does not begin at the root", STR_ARG(use));
    if (ref->origin != TEMPLATE_ROOT)
        return arena_printf(w->arena, "`%.*s` stands where the dot may not be the root", STR_ARG(use));
    if (d && !d->called)
        return arena_printf(w->arena, "`%.*s` is in the define \"%.*s\", which nothing here calls by name",
                            STR_ARG(use), STR_ARG(name));
    return arena_printf(w->arena, "`%.*s` is in the define \"%.*s\", which is called with more than the root",
                        STR_ARG(use), STR_ARG(name));
}

static void add_keys(struct work *w, struct buf *b, struct template_keys to) {
    for (uint32_t i = 0; i < to.count; i++) {
        buf_add_char(b, ' ');
        buf_add(b, tmpl_quote(w->arena, to.keys[i]));
    }
}

/* A chain with the keys, false where one of them cannot be written so. */
static bool add_chain(struct buf *b, struct template_keys to) {
    for (uint32_t i = 0; i < to.count; i++)
        if (!tmpl_is_identifier(to.keys[i])) return false;
    for (uint32_t i = 0; i < to.count; i++) {
        buf_add_char(b, '.');
        buf_add(b, to.keys[i]);
    }
    return true;
}

/* The edits stay in the order of the text. */
static void add_edit(struct work *w, struct span span, struct str text, uint32_t move) {
    struct template_rewrite *out = w->out;
    struct edit edit = {span, text};
    vec_push(w->arena, &out->edits, edit);
    vec_push(w->arena, &out->edit_moves, move);
    for (uint32_t i = out->edits.len - 1; i && out->edits.items[i - 1].span.start > span.start; i--) {
        out->edits.items[i] = out->edits.items[i - 1];
        out->edit_moves.items[i] = out->edit_moves.items[i - 1];
        out->edits.items[i - 1] = edit;
        out->edit_moves.items[i - 1] = move;
    }
}

/* `get` and `hasKey`, whose last key stands apart. */
static void follow_apart(struct work *w, const struct template_ref *ref, struct template_keys to, uint32_t move) {
    const struct template_part *last = &ref->parts[ref->part_count - 1];
    struct span span = {ref->values.end,
                        ref->part_count > 1 ? ref->parts[ref->part_count - 2].span.end : ref->values.end};
    struct template_keys above = {to.keys, to.count - 1};
    struct buf b = buf_in(w->arena);
    if (!add_chain(&b, above)) {
        span.start = ref->span.start;
        buf_addf(&b, "(index %.*s", STR_ARG(str_slice(w->file->text, ref->span.start, ref->values.end)));
        add_keys(w, &b, above);
        buf_add_char(&b, ')');
    }
    add_edit(w, span, buf_str(&b), move);
    add_edit(w, last->span, tmpl_quote(w->arena, to.keys[to.count - 1]), move);
}

/* The edit that makes the reference name the new place `to` of what its first `from_count` parts name. */
static void follow(struct work *w, const struct template_ref *ref, uint32_t from_count, struct template_keys to,
                   uint32_t move) {
    const struct template_part *last = &ref->parts[from_count - 1];
    struct span span = {ref->values.end, last->span.end};
    struct buf b = buf_in(w->arena);
    if (ref->shape == TEMPLATE_KEY_ARGUMENT && from_count == ref->part_count) {
        follow_apart(w, ref, to, move);
        return;
    }
    if (last->quoted) {
        add_keys(w, &b, to);
    } else if (!add_chain(&b, to)) {
        bool bare = ref->alone && from_count == ref->part_count;
        span.start = ref->span.start;
        /* `{{if.Values.a}}` needs no space before its chain, but one before a function. */
        if (!strchr(" \t\r\n({|=", w->file->text.ptr[span.start - 1])) buf_add_char(&b, ' ');
        buf_add(&b, bare ? STR("index ") : STR("(index "));
        buf_add(&b, str_slice(w->file->text, ref->span.start, ref->values.end));
        add_keys(w, &b, to);
        if (!bare) buf_add_char(&b, ')');
    }
    add_edit(w, span, buf_str(&b), move);
}

/* A reference to a mapping of which parts move is followed where all that is read of it goes to one place. */
static bool follow_parts(struct work *w, const struct template_ref *ref) {
    struct str *keys = arena_array(w->arena, struct str, ref->part_count + 1);
    for (uint32_t i = 0; i < ref->part_count; i++) keys[i] = ref->parts[i].key;
    struct template_moved moved =
        template_moved(w->arena, w->set, w->moves, w->count, (struct template_keys){keys, ref->part_count});
    if (ref->computed || moved.kind != TEMPLATE_MOVES_BY_PARTS) return false;
    struct str reason = obstacle(w, ref);
    if (reason.len > 0) pin(w, TEMPLATE_PIN_SOURCE, moved.move, ref->span, reason);
    else follow(w, ref, ref->part_count, moved.to, moved.move);
    w->out->more = true;
    return true;
}

/* A reference to a path: followed by the move of the longest path that it lies at or below, pinned by the moves that
 * take something out of what it reads. */
static void read_path(struct work *w, const struct template_ref *ref) {
    uint32_t best = TMPL_NONE;
    enum { NOT_ASKED, PINNED, FOLLOWED } whole = NOT_ASKED;
    for (uint32_t i = 0; i < w->count; i++) {
        const struct template_move *move = &w->moves[i];
        uint32_t common = common_keys(ref, move->from, move->from_count);
        if (common == move->from_count) {
            if (best == TMPL_NONE || w->moves[best].from_count < common) best = i;
        } else if (common == ref->part_count) {
            if (whole == NOT_ASKED) whole = follow_parts(w, ref) ? FOLLOWED : PINNED;
            if (whole == PINNED)
                pin(w, TEMPLATE_PIN_SOURCE, i, ref->span,
                    arena_printf(w->arena, "`%.*s` %s", STR_ARG(template_use_text(w->arena, w->file, ref)),
                                 ref->computed ? "computes a key below it" : "reads the whole of it"));
        }
        common = common_keys(ref, move->to, move->to_count);
        if (common == move->to_count || common == ref->part_count)
            pin(w, TEMPLATE_PIN_TARGET, i, ref->span,
                arena_printf(w->arena, "`%.*s` reads the new place",
                             STR_ARG(template_use_text(w->arena, w->file, ref))));
    }
    if (best == TMPL_NONE) return;
    const struct template_move *move = &w->moves[best];
    struct str reason = obstacle(w, ref);
    if (reason.len > 0) pin(w, TEMPLATE_PIN_SOURCE, best, ref->span, reason);
    else follow(w, ref, move->from_count, (struct template_keys){move->to, move->to_count}, best);
}

/* Whether another file has a reference to the mapping, or to one around it. */
static bool is_named_elsewhere(const struct work *w, struct template_keys mapping) {
    for (uint32_t i = 0; i < w->set->files.len; i++) {
        const struct template_file *file = w->set->files.items[i];
        for (uint32_t k = 0; file != w->file && k < file->refs.refs.len; k++) {
            const struct template_ref *ref = &file->refs.refs.items[k];
            if (ref->part_count && ref->part_count <= mapping.count &&
                common_keys(ref, mapping.keys, mapping.count) == ref->part_count)
                return true;
        }
    }
    return false;
}

/* Why what reads a part of the mapping cannot be changed along, or an empty string where it can. Files are replaced one
 * after the other, and between them the chart must render: a define cannot be changed with its callers. */
static struct str part_obstacle(const struct work *w, const struct template_ref *ref, struct template_keys mapping) {
    const struct template_define *d = template_define_around(w->set, w->file, ref->define);
    struct str use = template_use_text(w->arena, w->file, ref);
    if (w->file->role != TEMPLATE_OWN || w->set->foreign_dots || (d && d->foreign))
        return arena_printf(w->arena, "`%.*s` is in a template that is not changed", STR_ARG(use));
    if (d && is_named_elsewhere(w, mapping))
        return arena_printf(w->arena, "`%.*s` is in the define \"%.*s\", and other files name what it reads a part of",
                            STR_ARG(use), STR_ARG(d->name));
    return (struct str){NULL, 0};
}

/* What is read by a part of a mapping, once the mapping is followed to its new place. */
static void read_part(struct work *w, const struct template_ref *ref) {
    uint32_t count, own;
    const struct str *keys = template_proved_keys(w->arena, w->set, w->file, ref, &count, &own);
    if (!keys) return;
    struct template_keys path = {keys, count}, above = {keys, count - own};
    struct template_moved base = template_moved(w->arena, w->set, w->moves, w->count, above);
    struct template_moved moved = template_moved(w->arena, w->set, w->moves, w->count, path);
    if (base.kind != TEMPLATE_MOVES_BY_PARTS || moved.kind == TEMPLATE_STAYS || moved.kind == TEMPLATE_SCATTERS) return;
    const struct template_part *first = &ref->parts[ref->part_count - own], *last = &ref->parts[ref->part_count - 1];
    struct template_keys to = {moved.to.keys + base.to.count, moved.to.count - base.to.count};
    bool same = to.count == own;
    for (uint32_t i = 0; same && i < own; i++) same = str_eq(to.keys[i], keys[count - own + i]);
    if (same) return;
    bool apart = last->quoted && (first != last || to.count != 1);
    struct buf b = buf_in(w->arena);
    struct str reason = part_obstacle(w, ref, above);
    if (reason.len == 0 && (moved.to.count <= base.to.count || apart || (!last->quoted && !add_chain(&b, to))))
        reason = arena_printf(w->arena, "`%.*s` cannot name its new place",
                              STR_ARG(template_use_text(w->arena, w->file, ref)));
    if (reason.len > 0) {
        pin(w, TEMPLATE_PIN_SOURCE, moved.move, ref->span, reason);
        return;
    }
    if (last->quoted) buf_add(&b, tmpl_quote(w->arena, to.keys[0]));
    add_edit(w, (struct span){first->span.start, last->span.end}, buf_str(&b), moved.move);
}

static void read_ref(struct work *w, const struct template_ref *ref) {
    struct str reason;
    enum template_reach reach = template_ref_reach(w->arena, w->set, w->file, ref, &reason);
    if (template_wraps_root(ref)) w->out->more = true;
    if (reach == TEMPLATE_READS_ALL) pin(w, TEMPLATE_PIN_SOURCE, TEMPLATE_EVERY_MOVE, ref->span, reason);
    else if (reach == TEMPLATE_READS_PATH) read_path(w, ref);
}

static void read_call(struct work *w, const struct template_call *call) {
    struct str reason;
    enum template_reach reach = template_call_reach(w->arena, w->set, w->file, call, &reason);
    if (reach == TEMPLATE_READS_ALL) pin(w, TEMPLATE_PIN_SOURCE, TEMPLATE_EVERY_MOVE, call->action, reason);
    else if (reach == TEMPLATE_READS_PATH) vec_push(w->arena, &w->out->tpls, call->action);
}

void template_rewrite(struct arena *a, const struct template_set *set, const struct template_file *file,
                      const struct template_move *moves, uint32_t count, struct template_rewrite *result) {
    struct work w = {a, set, file, moves, count, result};
    *result = (struct template_rewrite){0};
    if (count == 0) return;
    if (file->broken) {
        pin(&w, TEMPLATE_PIN_SOURCE, TEMPLATE_EVERY_MOVE, file->error.span,
            arena_printf(a, "the template does not parse: %.*s", STR_ARG(file->error.message)));
        return;
    }
    for (uint32_t i = 0; i < file->refs.refs.len; i++) read_ref(&w, &file->refs.refs.items[i]);
    for (uint32_t i = 0; i < file->refs.calls.len; i++) read_call(&w, &file->refs.calls.items[i]);
}

static bool is_pinned_at(const struct template_rewrite *result, struct span span) {
    for (uint32_t i = 0; i < result->pins.len; i++)
        if (result->pins.items[i].move == TEMPLATE_EVERY_MOVE && result->pins.items[i].span.start == span.start)
            return true;
    return false;
}

void template_rewrite_parts(struct arena *a, const struct template_set *set, const struct template_file *file,
                            const struct template_move *moves, uint32_t count, struct template_rewrite *result) {
    struct work w = {a, set, file, moves, count, result};
    struct span span;
    if (count == 0) return;
    for (uint32_t i = 0; template_proved_whole(set, file, &i, &span);)
        if (!is_pinned_at(result, span))
            pin(&w, TEMPLATE_PIN_SOURCE, TEMPLATE_EVERY_MOVE, span, template_whole_reason(a, file, span));
    for (uint32_t i = 0; !file->broken && i < file->refs.relatives.len; i++)
        read_part(&w, &file->refs.relatives.items[i]);
}
