/* A reference follows the move of the longest path that it lies at or below. What reads a mapping as a whole blocks the
 * moves that take something out of it, unless all that is read of it goes to one place: then the reference names the
 * new mapping, and what reads its parts (a `with` over it, a variable, a template called with it) follows in turn. */
#include "template/refs/rewrite.h"

#include "base/buf.h"
#include "template/refs/move_map.h"
#include "template/refs/read_set.h"
#include "template/refs/root_proof.h"

struct rewriter {
    struct arena *arena;
    const struct refs_set *set;
    const struct refs_file *file;
    const struct refs_move *moves;
    uint32_t count;
    struct refs_rewrite *out;
};

static void add_blocker(struct rewriter *r, enum refs_blocker_kind kind, uint32_t move, struct span span,
                        struct str reason) {
    struct refs_blocker p = {kind, move, span, reason};
    vec_push(r->arena, &r->out->blockers, p);
}

/* How many keys the path of the reference and `path` have in common at their start. */
static uint32_t common_keys(const struct refs_reference *ref, const struct str *path, uint32_t count) {
    uint32_t i = 0;
    while (i < count && i < ref->part_count && str_eq(ref->parts[i].key, path[i])) i++;
    return i;
}

/* Whether the reference certainly begins at the root, and at that of this chart alone. */
static bool is_at_root(const struct rewriter *r, const struct refs_reference *ref, const struct refs_define *d) {
    if (refs_is_at_root(r->set, r->file, ref)) return true;
    if (r->set->foreign_dots || (d && d->foreign)) return false;
    return refs_proved_origin(r->set, r->file, ref) == REFS_ROOT;
}

/* Why the reference cannot be changed along, or an empty string where it can. */
static struct str obstacle(const struct rewriter *r, const struct refs_reference *ref) {
    const struct refs_define *d = refs_define_around(r->set, r->file, ref->define);
    struct str use = refs_use_text(r->arena, r->file, ref), name = d ? d->name : (struct str){NULL, 0};
    if (is_at_root(r, ref, d)) {
        if (r->file->role == REFS_OWN) return (struct str){NULL, 0};
        return arena_printf(r->arena, "`%.*s` is in a template that is not changed", STR_ARG(use));
    }
    if (ref->base == REFS_BASE_VARIABLE) return arena_printf(r->arena, "`%.*s` goes through a variable", STR_ARG(use));
    if (ref->base == REFS_BASE_EXPRESSION)
        return arena_printf(r->arena, "`%.*s` does not begin at the root", STR_ARG(use));
    if (ref->origin != REFS_ROOT)
        return arena_printf(r->arena, "`%.*s` is used where the dot may not be the root", STR_ARG(use));
    if (d && !d->called)
        return arena_printf(r->arena, "`%.*s` is in the named template \"%.*s\", which nothing here calls by name",
                            STR_ARG(use), STR_ARG(name));
    return arena_printf(r->arena, "`%.*s` is in the named template \"%.*s\", which is called with more than the root",
                        STR_ARG(use), STR_ARG(name));
}

static void add_keys(struct rewriter *r, struct buf *b, struct refs_keys to) {
    for (uint32_t i = 0; i < to.count; i++) {
        buf_add_char(b, ' ');
        buf_add(b, tmpl_quote(r->arena, to.keys[i]));
    }
}

/* A chain with the keys, false where one of them cannot be written so. */
static bool add_chain(struct buf *b, struct refs_keys to) {
    for (uint32_t i = 0; i < to.count; i++)
        if (!tmpl_is_identifier(to.keys[i])) return false;
    for (uint32_t i = 0; i < to.count; i++) {
        buf_add_char(b, '.');
        buf_add(b, to.keys[i]);
    }
    return true;
}

/* The edits stay in the order of the text. */
static void add_edit(struct rewriter *r, struct span span, struct str text, uint32_t move) {
    struct refs_rewrite *out = r->out;
    struct edit edit = {span, text};
    vec_push(r->arena, &out->edits, edit);
    vec_push(r->arena, &out->edit_moves, move);
    for (uint32_t i = out->edits.len - 1; i && out->edits.items[i - 1].span.start > span.start; i--) {
        out->edits.items[i] = out->edits.items[i - 1];
        out->edit_moves.items[i] = out->edit_moves.items[i - 1];
        out->edits.items[i - 1] = edit;
        out->edit_moves.items[i - 1] = move;
    }
}

/* `get` and `hasKey`, whose last key stands apart. */
static void follow_apart(struct rewriter *r, const struct refs_reference *ref, struct refs_keys to, uint32_t move) {
    const struct refs_part *last = &ref->parts[ref->part_count - 1];
    struct span span = {ref->values.end,
                        ref->part_count > 1 ? ref->parts[ref->part_count - 2].span.end : ref->values.end};
    struct refs_keys above = {to.keys, to.count - 1};
    struct buf b = buf_in(r->arena);
    if (!add_chain(&b, above)) {
        span.start = ref->span.start;
        buf_addf(&b, "(index %.*s", STR_ARG(str_slice(r->file->text, ref->span.start, ref->values.end)));
        add_keys(r, &b, above);
        buf_add_char(&b, ')');
    }
    add_edit(r, span, buf_str(&b), move);
    add_edit(r, last->span, tmpl_quote(r->arena, to.keys[to.count - 1]), move);
}

/* The edit that makes the reference name the new place `to` of what its first `from_count` parts name. */
static void follow(struct rewriter *r, const struct refs_reference *ref, uint32_t from_count, struct refs_keys to,
                   uint32_t move) {
    const struct refs_part *last = &ref->parts[from_count - 1];
    struct span span = {ref->values.end, last->span.end};
    struct buf b = buf_in(r->arena);
    if (ref->shape == REFS_KEY_ARGUMENT && from_count == ref->part_count) {
        follow_apart(r, ref, to, move);
        return;
    }
    if (last->quoted) {
        add_keys(r, &b, to);
    } else if (!add_chain(&b, to)) {
        bool bare = ref->alone && from_count == ref->part_count;
        span.start = ref->span.start;
        /* `{{if.Values.a}}` needs no space before its chain, but one before a function. */
        if (!strchr(" \t\r\n({|=", r->file->text.ptr[span.start - 1])) buf_add_char(&b, ' ');
        buf_add(&b, bare ? STR("index ") : STR("(index "));
        buf_add(&b, str_slice(r->file->text, ref->span.start, ref->values.end));
        add_keys(r, &b, to);
        if (!bare) buf_add_char(&b, ')');
    }
    add_edit(r, span, buf_str(&b), move);
}

static bool is_itself(struct refs_keys to, struct refs_keys path) {
    bool same = to.count == path.count;
    for (uint32_t i = 0; same && i < path.count; i++) same = str_eq(to.keys[i], path.keys[i]);
    return same;
}

/* A reference to a mapping of which parts move is followed where all that is read of it goes to one place. */
static bool follow_parts(struct rewriter *r, const struct refs_reference *ref) {
    struct str *keys = arena_array(r->arena, struct str, ref->part_count + 1);
    for (uint32_t i = 0; i < ref->part_count; i++) keys[i] = ref->parts[i].key;
    struct refs_destination moved =
        refs_map_path(r->arena, r->set, r->moves, r->count, (struct refs_keys){keys, ref->part_count});
    if (ref->computed || moved.kind != REFS_MOVES_BY_PARTS) return false;
    r->out->more = true;
    if (is_itself(moved.to, (struct refs_keys){keys, ref->part_count})) return true;
    struct str reason = obstacle(r, ref);
    if (reason.len > 0) add_blocker(r, REFS_BLOCKS_SOURCE, moved.move, ref->span, reason);
    else follow(r, ref, ref->part_count, moved.to, moved.move);
    return true;
}

/* A reference to a path: followed by the move of the longest path that it lies at or below, pinned by the moves that
 * take something out of what it reads. */
static void read_path(struct rewriter *r, const struct refs_reference *ref) {
    uint32_t best = TMPL_NONE;
    enum { NOT_ASKED, BLOCKED, FOLLOWED } whole = NOT_ASKED;
    for (uint32_t i = 0; i < r->count; i++) {
        const struct refs_move *move = &r->moves[i];
        uint32_t common = common_keys(ref, move->from, move->from_count);
        if (common == move->from_count) {
            if (best == TMPL_NONE || r->moves[best].from_count < common) best = i;
        } else if (common == ref->part_count) {
            if (whole == NOT_ASKED) whole = follow_parts(r, ref) ? FOLLOWED : BLOCKED;
            if (whole == BLOCKED)
                add_blocker(r, REFS_BLOCKS_SOURCE, i, ref->span,
                            arena_printf(r->arena, "`%.*s` %s", STR_ARG(refs_use_text(r->arena, r->file, ref)),
                                         ref->computed ? "computes a key below it" : "reads all of it"));
        }
        common = common_keys(ref, move->to, move->to_count);
        if (common == move->to_count || common == ref->part_count)
            add_blocker(
                r, REFS_BLOCKS_TARGET, i, ref->span,
                arena_printf(r->arena, "`%.*s` reads the new place", STR_ARG(refs_use_text(r->arena, r->file, ref))));
    }
    if (best == TMPL_NONE) return;
    const struct refs_move *move = &r->moves[best];
    struct str reason = obstacle(r, ref);
    if (reason.len > 0) add_blocker(r, REFS_BLOCKS_SOURCE, best, ref->span, reason);
    else follow(r, ref, move->from_count, (struct refs_keys){move->to, move->to_count}, best);
}

/* Whether another file has a reference to the mapping, or to one around it. */
static bool is_named_elsewhere(const struct rewriter *r, struct refs_keys mapping) {
    for (uint32_t i = 0; i < r->set->files.len; i++) {
        const struct refs_file *file = r->set->files.items[i];
        for (uint32_t k = 0; file != r->file && k < file->refs.refs.len; k++) {
            const struct refs_reference *ref = &file->refs.refs.items[k];
            if (ref->part_count && ref->part_count <= mapping.count &&
                common_keys(ref, mapping.keys, mapping.count) == ref->part_count)
                return true;
        }
    }
    return false;
}

/* Why what reads a part of the mapping cannot be changed along, or an empty string where it can. Files are replaced one
 * after the other, and between them the chart must render: a define cannot be changed with its callers, unless the
 * mapping `stays`. */
static struct str part_obstacle(const struct rewriter *r, const struct refs_reference *ref, struct refs_keys mapping,
                                bool stays) {
    const struct refs_define *d = refs_define_around(r->set, r->file, ref->define);
    struct str use = refs_use_text(r->arena, r->file, ref);
    if (r->file->role != REFS_OWN || r->set->foreign_dots || (d && d->foreign))
        return arena_printf(r->arena, "`%.*s` is in a template that is not changed", STR_ARG(use));
    if (d && !stays && is_named_elsewhere(r, mapping))
        return arena_printf(r->arena,
                            "`%.*s` is in the named template \"%.*s\", and other files name what it reads a part of",
                            STR_ARG(use), STR_ARG(d->name));
    return (struct str){NULL, 0};
}

/* What is read by a part of a mapping, once the mapping is followed to its new place. */
static void read_part(struct rewriter *r, const struct refs_reference *ref) {
    uint32_t count, own;
    const struct str *keys = refs_proved_keys(r->arena, r->set, r->file, ref, &count, &own);
    if (!keys) return;
    struct refs_keys path = {keys, count}, above = {keys, count - own};
    struct refs_destination base = refs_map_path(r->arena, r->set, r->moves, r->count, above);
    struct refs_destination moved = refs_map_path(r->arena, r->set, r->moves, r->count, path);
    if (base.kind != REFS_MOVES_BY_PARTS || moved.kind == REFS_STAYS || moved.kind == REFS_SCATTERS) return;
    const struct refs_part *first = &ref->parts[ref->part_count - own], *last = &ref->parts[ref->part_count - 1];
    struct refs_keys to = {moved.to.keys + base.to.count, moved.to.count - base.to.count};
    if (is_itself(to, (struct refs_keys){keys + count - own, own})) return;
    bool apart = last->quoted && (first != last || to.count != 1);
    struct buf b = buf_in(r->arena);
    struct str reason = part_obstacle(r, ref, above, is_itself(base.to, above));
    if (reason.len == 0 && (moved.to.count <= base.to.count || apart || (!last->quoted && !add_chain(&b, to))))
        reason = arena_printf(r->arena, "`%.*s` cannot be rewritten to its new place",
                              STR_ARG(refs_use_text(r->arena, r->file, ref)));
    if (reason.len > 0) {
        add_blocker(r, REFS_BLOCKS_SOURCE, moved.move, ref->span, reason);
        return;
    }
    if (last->quoted) buf_add(&b, tmpl_quote(r->arena, to.keys[0]));
    add_edit(r, (struct span){first->span.start, last->span.end}, buf_str(&b), moved.move);
}

/* A define that nothing calls reads nothing. What it names at the root follows all the same, so that it goes on to mean
 * what it meant. */
static void read_dead(struct rewriter *r, const struct refs_reference *ref) {
    bool dot = ref->base == REFS_BASE_DOT || ref->base == REFS_BASE_DOLLAR;
    uint32_t best = TMPL_NONE;
    if (r->file->role != REFS_OWN || !dot || ref->origin != REFS_ROOT || ref->shape == REFS_WHOLE_ROOT ||
        ref->shape == REFS_VALUES_NAME)
        return;
    for (uint32_t i = 0; i < r->count; i++) {
        uint32_t count = r->moves[i].from_count;
        if (common_keys(ref, r->moves[i].from, count) < count) continue;
        if (best == TMPL_NONE || r->moves[best].from_count < count) best = i;
    }
    if (best == TMPL_NONE) return;
    follow(r, ref, r->moves[best].from_count, (struct refs_keys){r->moves[best].to, r->moves[best].to_count}, best);
}

static void read_ref(struct rewriter *r, const struct refs_reference *ref) {
    struct str reason;
    if (refs_is_dead(r->set, r->file, ref->define)) {
        read_dead(r, ref);
        return;
    }
    enum refs_reads reach = refs_reference_reads(r->arena, r->set, r->file, ref, &reason);
    if (refs_wraps_root(ref)) r->out->more = true;
    if (reach == REFS_READS_ALL) add_blocker(r, REFS_BLOCKS_SOURCE, REFS_EVERY_MOVE, ref->span, reason);
    else if (reach == REFS_READS_PATH) read_path(r, ref);
}

static void read_call(struct rewriter *r, const struct refs_call *call) {
    struct str reason;
    enum refs_reads reach = refs_call_reads(r->arena, r->set, r->file, call, &reason);
    if (reach == REFS_READS_ALL) add_blocker(r, REFS_BLOCKS_SOURCE, REFS_EVERY_MOVE, call->action, reason);
    else if (reach == REFS_READS_PATH) vec_push(r->arena, &r->out->tpls, call->action);
}

void refs_rewrite_file(struct arena *a, const struct refs_set *set, const struct refs_file *file,
                       const struct refs_move *moves, uint32_t count, struct refs_rewrite *result) {
    struct rewriter r = {a, set, file, moves, count, result};
    *result = (struct refs_rewrite){0};
    if (count == 0) return;
    if (file->broken) {
        add_blocker(&r, REFS_BLOCKS_SOURCE, REFS_EVERY_MOVE, file->error.span,
                    arena_printf(a, "the template does not parse: %.*s", STR_ARG(file->error.message)));
        return;
    }
    for (uint32_t i = 0; i < file->refs.refs.len; i++) read_ref(&r, &file->refs.refs.items[i]);
    for (uint32_t i = 0; i < file->refs.calls.len; i++) read_call(&r, &file->refs.calls.items[i]);
}

static bool is_blocked_at(const struct refs_rewrite *result, struct span span) {
    for (uint32_t i = 0; i < result->blockers.len; i++)
        if (result->blockers.items[i].move == REFS_EVERY_MOVE && result->blockers.items[i].span.start == span.start)
            return true;
    return false;
}

void refs_rewrite_parts(struct arena *a, const struct refs_set *set, const struct refs_file *file,
                        const struct refs_move *moves, uint32_t count, struct refs_rewrite *result) {
    struct rewriter r = {a, set, file, moves, count, result};
    struct span span;
    if (count == 0) return;
    for (uint32_t i = 0; refs_proved_whole(set, file, &i, &span);)
        if (!is_blocked_at(result, span))
            add_blocker(&r, REFS_BLOCKS_SOURCE, REFS_EVERY_MOVE, span, refs_whole_reason(a, file, span));
    for (uint32_t i = 0; !file->broken && i < file->refs.relatives.len; i++)
        read_part(&r, &file->refs.relatives.items[i]);
}
