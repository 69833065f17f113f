#include "template/rewrite.h"

#include "base/buf.h"

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

/* The longest piece of a template that a reason shows, in bytes. */
#define SHOWN_MAX 80

/* The reference as it is written, on one line, and cut where it is long. */
static struct str ref_text(const struct work *w, const struct template_ref *ref) {
    struct str text = span_text(w->file->text, ref->span);
    struct buf b = buf_in(w->arena);
    size_t end = text.len;
    if (text.len > SHOWN_MAX)
        for (end = SHOWN_MAX; end > 0 && ((unsigned char)text.ptr[end] & 0xC0) == 0x80;) end--;
    for (size_t i = 0; i < end; i++) buf_add_char(&b, (unsigned char)text.ptr[i] < ' ' ? ' ' : text.ptr[i]);
    if (end < text.len) buf_add(&b, STR("..."));
    return buf_str(&b);
}

/* What the reference is part of, for a person: `with .Values.a`, `toYaml .Values.a`. */
static struct str use_text(const struct work *w, const struct template_ref *ref) {
    static const char *const words[] = {[TEMPLATE_IF_SUBJECT] = "if ",
                                        [TEMPLATE_WITH_SUBJECT] = "with ",
                                        [TEMPLATE_RANGE_SUBJECT] = "range ",
                                        [TEMPLATE_SET] = ":= ",
                                        [TEMPLATE_FUNCTION] = ""};
    struct str text = ref_text(w, ref);
    if (ref->use == TEMPLATE_CALL)
        return arena_printf(w->arena, "template \"%.*s\" %.*s", STR_ARG(ref->function), STR_ARG(text));
    if (ref->use == TEMPLATE_ARGUMENT || ref->use == TEMPLATE_COMPARE || ref->use == TEMPLATE_COMPUTE) {
        if (ref->alone) return arena_printf(w->arena, "%.*s | %.*s", STR_ARG(text), STR_ARG(ref->function));
        return arena_printf(w->arena, "%.*s %.*s", STR_ARG(ref->function), STR_ARG(text));
    }
    const char *word = words[ref->use];
    return arena_printf(w->arena, "%s%.*s", word ? word : "", STR_ARG(text));
}

/* How many keys the path of the reference and `path` have in common at their start. */
static uint32_t common_keys(const struct template_ref *ref, const struct str *path, uint32_t count) {
    uint32_t i = 0;
    while (i < count && i < ref->part_count && str_eq(ref->parts[i].key, path[i])) i++;
    return i;
}

/* Methods of the values, which stand where a key could. */
static bool is_method(struct str key) {
    static const struct str names[] = {STR_INIT("AsMap"), STR_INIT("YAML"), STR_INIT("Table"), STR_INIT("Encode"),
                                       STR_INIT("PathValue")};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_eq(key, names[i])) return true;
    return false;
}

static const struct template_define *define_around(const struct work *w, const struct template_ref *ref) {
    if (ref->define == TEMPLATE_NONE) return NULL;
    return map_get(&w->set->defines, w->file->refs.blocks.items[ref->define].name);
}

/* Why the reference cannot be changed along, or an empty string where it can. */
static struct str obstacle(const struct work *w, const struct template_ref *ref, const struct template_move *move) {
    const struct template_define *d = define_around(w, ref);
    struct str use = use_text(w, ref), name = d ? d->name : (struct str){NULL, 0};
    if (ref->base == TEMPLATE_BASE_VARIABLE)
        return arena_printf(w->arena, "`%.*s` goes through a variable", STR_ARG(use));
    if (ref->base == TEMPLATE_BASE_EXPRESSION)
        return arena_printf(w->arena, "`%.*s` does not begin at the root", STR_ARG(use));
    if (ref->origin != TEMPLATE_ROOT)
        return arena_printf(w->arena, "`%.*s` stands where the dot may not be the root", STR_ARG(use));
    if (d && !d->called)
        return arena_printf(w->arena, "`%.*s` is in the define \"%.*s\", which nothing here calls by name",
                            STR_ARG(use), STR_ARG(name));
    if (d && (d->other_dot || w->set->other_dots))
        return arena_printf(w->arena, "`%.*s` is in the define \"%.*s\", which is called with more than the root",
                            STR_ARG(use), STR_ARG(name));
    if (ref->shape == TEMPLATE_KEY_ARGUMENT && move->from_count == ref->part_count)
        return arena_printf(w->arena, "`%.*s` names its last key apart", STR_ARG(use));
    if (w->file->read_only) return arena_printf(w->arena, "`%.*s` is in a template that is not changed", STR_ARG(use));
    return (struct str){NULL, 0};
}

static void add_keys(struct work *w, struct buf *b, const struct template_move *move) {
    for (uint32_t i = 0; i < move->to_count; i++) {
        buf_add_char(b, ' ');
        buf_add(b, template_quote(w->arena, move->to[i]));
    }
}

/* The edit that makes the reference name the new place. The keys of the old one are its first parts. */
static void follow(struct work *w, const struct template_ref *ref, uint32_t ref_index, uint32_t move_index) {
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
    struct template_edit edit = {span, buf_str(&b), move_index, ref_index};
    vec_push(w->arena, &w->out->edits, edit);
}

/* A reference to a path: followed by the move of the longest path that it lies at or below, pinned by the moves that
 * take something out of what it reads. */
static void read_path(struct work *w, const struct template_ref *ref, uint32_t ref_index) {
    uint32_t best = TEMPLATE_NONE;
    for (uint32_t i = 0; i < w->count; i++) {
        const struct template_move *move = &w->moves[i];
        uint32_t common = common_keys(ref, move->from, move->from_count);
        if (common == move->from_count) {
            if (best == TEMPLATE_NONE || w->moves[best].from_count < common) best = i;
        } else if (common == ref->part_count) {
            pin(w, TEMPLATE_PIN_SOURCE, i, ref->span,
                arena_printf(w->arena, "`%.*s` %s", STR_ARG(use_text(w, ref)),
                             ref->computed ? "computes a key below it" : "reads the whole of it"));
        }
        common = common_keys(ref, move->to, move->to_count);
        if (common == move->to_count || common == ref->part_count)
            pin(w, TEMPLATE_PIN_TARGET, i, ref->span,
                arena_printf(w->arena, "`%.*s` reads the new place", STR_ARG(use_text(w, ref))));
    }
    if (best == TEMPLATE_NONE) return;
    struct str reason = obstacle(w, ref, &w->moves[best]);
    if (reason.len > 0) pin(w, TEMPLATE_PIN_SOURCE, best, ref->span, reason);
    else follow(w, ref, ref_index, best);
}

/* Whether a root that is handed on goes where its reads are seen: to a template of the set, whose own text tells (those
 * outside the set are found by their calls), a variable, a with. */
static bool is_seen(const struct template_ref *ref) {
    switch (ref->carried_use) {
    case TEMPLATE_CALL:
    case TEMPLATE_SET:
    case TEMPLATE_IF_SUBJECT:
    case TEMPLATE_WITH_SUBJECT: return true;
    case TEMPLATE_ARGUMENT:
        return ref->carried_argument != 1 &&
               (str_eq(ref->carried_function, STR("include")) || str_eq(ref->carried_function, STR("tpl")));
    default: return false;
    }
}

static void read_ref(struct work *w, const struct template_ref *ref, uint32_t index) {
    const struct template_define *d = define_around(w, ref);
    bool dot = ref->base == TEMPLATE_BASE_DOT || ref->base == TEMPLATE_BASE_DOLLAR;
    if (ref->origin == TEMPLATE_NOT_ROOT) return;
    if (ref->shape == TEMPLATE_WHOLE_ROOT) {
        if (is_seen(ref) || (d && dot && d->called && d->only_other)) return;
        pin(w, TEMPLATE_PIN_SOURCE, TEMPLATE_EVERY_MOVE, ref->span,
            arena_printf(w->arena, "`%.*s` may read all values", STR_ARG(use_text(w, ref))));
    } else if (ref->shape == TEMPLATE_VALUES_NAME) {
        pin(w, TEMPLATE_PIN_SOURCE, TEMPLATE_EVERY_MOVE, ref->span,
            arena_printf(w->arena, "`%.*s` names the values as a whole", STR_ARG(use_text(w, ref))));
    } else if (ref->part_count == 0 || (!ref->parts[0].quoted && is_method(ref->parts[0].key))) {
        pin(w, TEMPLATE_PIN_SOURCE, TEMPLATE_EVERY_MOVE, ref->span,
            arena_printf(w->arena, "`%.*s` may read all values", STR_ARG(use_text(w, ref))));
    } else {
        read_path(w, ref, index);
    }
}

static void read_call(struct work *w, const struct template_call *call) {
    if (call->dot == TEMPLATE_NOT_ROOT || call->of_file) return;
    if (call->of_values) {
        vec_push(w->arena, &w->out->tpls, call->action);
    } else if (call->is_tpl && !call->known) {
        pin(w, TEMPLATE_PIN_SOURCE, TEMPLATE_EVERY_MOVE, call->action, STR("`tpl` runs a text that is not known here"));
    } else if (!call->is_tpl && !call->known) {
        pin(w, TEMPLATE_PIN_SOURCE, TEMPLATE_EVERY_MOVE, call->action,
            STR("the name of the template that is called is computed"));
    } else if (!call->is_tpl && !map_get(&w->set->defines, call->name)) {
        pin(w, TEMPLATE_PIN_SOURCE, TEMPLATE_EVERY_MOVE, call->action,
            arena_printf(w->arena,
                         "the template \"%.*s\", which is called with more than one value, is not in these files",
                         STR_ARG(call->name)));
    }
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
    for (uint32_t i = 0; i < file->refs.refs.len; i++) read_ref(&w, &file->refs.refs.items[i], i);
    for (uint32_t i = 0; i < file->refs.calls.len; i++) read_call(&w, &file->refs.calls.items[i]);
}

struct str template_apply(struct arena *a, struct str text, const struct template_edit *edits, uint32_t count) {
    struct buf b = buf_in(a);
    size_t done = 0;
    for (uint32_t i = 0; i < count; i++) {
        buf_add(&b, str_slice(text, done, edits[i].span.start));
        buf_add(&b, edits[i].text);
        done = edits[i].span.end;
    }
    buf_add(&b, str_slice(text, done, text.len));
    return buf_str(&b);
}
