#include "template/rewrite.h"

#include "base/buf.h"
#include "template/origin.h"
#include "template/reach.h"

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

/* Why the reference cannot be changed along, or an empty string where it can. */
static struct str obstacle(const struct work *w, const struct template_ref *ref, const struct template_move *move) {
    const struct template_define *d = template_define_around(w->set, w->file, ref->define);
    struct str use = template_use_text(w->arena, w->file, ref), name = d ? d->name : (struct str){NULL, 0};
    bool proved =
        template_is_at_root(w->set, w->file, ref) ||
        (!(d && d->foreign) && !w->set->foreign_dots && template_proved_origin(w->set, w->file, ref) == TEMPLATE_ROOT);
    if (!proved && ref->base == TEMPLATE_BASE_VARIABLE)
        return arena_printf(w->arena, "`%.*s` goes through a variable", STR_ARG(use));
    if (!proved && ref->base == TEMPLATE_BASE_EXPRESSION)
        return arena_printf(w->arena, "`%.*s` does not begin at the root", STR_ARG(use));
    if (!proved && ref->origin != TEMPLATE_ROOT)
        return arena_printf(w->arena, "`%.*s` stands where the dot may not be the root", STR_ARG(use));
    if (!proved && d && !d->called)
        return arena_printf(w->arena, "`%.*s` is in the define \"%.*s\", which nothing here calls by name",
                            STR_ARG(use), STR_ARG(name));
    if (!proved && d && (d->other_dot || w->set->other_dots))
        return arena_printf(w->arena, "`%.*s` is in the define \"%.*s\", which is called with more than the root",
                            STR_ARG(use), STR_ARG(name));
    if (ref->shape == TEMPLATE_KEY_ARGUMENT && move->from_count == ref->part_count)
        return arena_printf(w->arena, "`%.*s` names its last key apart", STR_ARG(use));
    if (w->file->role != TEMPLATE_OWN)
        return arena_printf(w->arena, "`%.*s` is in a template that is not changed", STR_ARG(use));
    return (struct str){NULL, 0};
}

static void add_keys(struct work *w, struct buf *b, const struct template_move *move) {
    for (uint32_t i = 0; i < move->to_count; i++) {
        buf_add_char(b, ' ');
        buf_add(b, template_quote(w->arena, move->to[i]));
    }
}

/* The edit that makes the reference name the new place. The keys of the old one are its first parts. */
static void follow(struct work *w, const struct template_ref *ref, uint32_t move_index) {
    const struct template_move *move = &w->moves[move_index];
    const struct template_part *last = &ref->parts[move->from_count - 1];
    struct span span = {ref->values.end, last->span.end};
    struct buf b = buf_in(w->arena);
    bool chain = true;
    for (uint32_t i = 0; i < move->to_count; i++) chain = chain && template_is_identifier(move->to[i]);
    if (last->quoted) {
        add_keys(w, &b, move);
    } else if (chain) {
        for (uint32_t i = 0; i < move->to_count; i++) {
            buf_add_char(&b, '.');
            buf_add(&b, move->to[i]);
        }
    } else {
        bool bare = ref->alone && move->from_count == ref->part_count;
        span.start = ref->span.start;
        /* `{{if.Values.a}}` needs no space before its chain, but one before a function. */
        if (!strchr(" \t\r\n({|=", w->file->text.ptr[span.start - 1])) buf_add_char(&b, ' ');
        buf_add(&b, bare ? STR("index ") : STR("(index "));
        buf_add(&b, str_slice(w->file->text, ref->span.start, ref->values.end));
        add_keys(w, &b, move);
        if (!bare) buf_add_char(&b, ')');
    }
    struct edit edit = {span, buf_str(&b)};
    vec_push(w->arena, &w->out->edits, edit);
    vec_push(w->arena, &w->out->edit_moves, move_index);
}

/* A reference to a path: followed by the move of the longest path that it lies at or below, pinned by the moves that
 * take something out of what it reads. */
static void read_path(struct work *w, const struct template_ref *ref) {
    uint32_t best = TEMPLATE_NONE;
    for (uint32_t i = 0; i < w->count; i++) {
        const struct template_move *move = &w->moves[i];
        uint32_t common = common_keys(ref, move->from, move->from_count);
        if (common == move->from_count) {
            if (best == TEMPLATE_NONE || w->moves[best].from_count < common) best = i;
        } else if (common == ref->part_count) {
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
    if (best == TEMPLATE_NONE) return;
    struct str reason = obstacle(w, ref, &w->moves[best]);
    if (reason.len > 0) pin(w, TEMPLATE_PIN_SOURCE, best, ref->span, reason);
    else follow(w, ref, best);
}

static void read_ref(struct work *w, const struct template_ref *ref) {
    struct str reason;
    enum template_reach reach = template_ref_reach(w->arena, w->set, w->file, ref, &reason);
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
            arena_printf(a, "the template does not parse: %.*s", STR_ARG(file->error.words)));
        return;
    }
    for (uint32_t i = 0; i < file->refs.refs.len; i++) read_ref(&w, &file->refs.refs.items[i]);
    for (uint32_t i = 0; i < file->refs.calls.len; i++) read_call(&w, &file->refs.calls.items[i]);
}
