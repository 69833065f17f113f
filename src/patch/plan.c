/* Several operations planned from one text. An operation that depends on an earlier one waits for the next text: that
 * is so where their paths lie in one another or in one collection, or where their edits meet. */
#include "patch/planner.h"
#include "value/pointer.h"
#include "yaml/lex.h"

void planner_touch(struct planner *p, const struct str *keys, uint32_t count, bool in_list, bool structural) {
    if (in_list) count--, structural = false; /* all items count differently */
    vec_push(p->arena, &p->touches, (struct touch){keys, count, structural});
}

static bool same_keys(const struct touch *a, const struct touch *b, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (!str_eq(a->keys[i], b->keys[i])) return false;
    return true;
}

/* Whether one lies in the other, or both come or go in one collection. */
static bool touches_meet(const struct touch *a, const struct touch *b) {
    uint32_t shorter = a->count < b->count ? a->count : b->count;
    if (same_keys(a, b, shorter)) return true;
    return a->structural && b->structural && a->count == b->count && same_keys(a, b, shorter - 1);
}

static bool edits_meet(const struct edits *a, const struct edits *b) {
    for (uint32_t i = 0; i < a->len; i++)
        for (uint32_t k = 0; k < b->len; k++)
            if (a->items[i].span.start <= b->items[k].span.end && b->items[k].span.start <= a->items[i].span.end)
                return true;
    return false;
}

/* The paths of the operation as they are given. */
static void add_named(struct planner *p, struct touches *touches) {
    const struct str names[] = {p->operation->path, p->operation->from};
    for (size_t i = 0; i < 2; i++) {
        struct str *keys;
        uint32_t count;
        if (names[i].len == 0 || !pointer_parse(p->arena, names[i], &keys, &count)) continue;
        vec_push(p->arena, touches, (struct touch){keys, count, true});
    }
}

static bool plan_test(struct planner *p) {
    const struct value *value = pointer_get(p->arena, p->values, p->operation->path);
    if (!value) return planner_refuse(p, (struct span){0, 0}, "there is no `%.*s`", STR_ARG(p->operation->path));
    if (value_equal(value, p->operation->value)) return true;
    return planner_refuse(p, value->span, "`%.*s` has another value", STR_ARG(p->operation->path));
}

static bool ends_in_block_text(const struct planner *p) {
    const struct node *last = p->tree->node_count > 1 ? p->tree->nodes[p->tree->node_count - 1] : NULL;
    return last && (last->style == STYLE_LITERAL || last->style == STYLE_FOLDED);
}

static bool has_block_text(const struct planner *p) {
    for (uint32_t id = 1; id < p->tree->node_count; id++)
        if (p->tree->nodes[id]->style == STYLE_LITERAL || p->tree->nodes[id]->style == STYLE_FOLDED) return true;
    return false;
}

/* A text without a line end at its end stays so. */
static bool keep_open_end(struct planner *p) {
    struct edit *last = p->edits.len ? &p->edits.items[p->edits.len - 1] : NULL;
    if (!last || p->text.len == 0 || p->text.ptr[p->text.len - 1] == '\n' || last->span.end != p->text.len) return true;
    if (ends_in_block_text(p))
        return planner_refuse(p, last->span, "the file ends within a block text, without a line end");
    if (has_block_text(p)) return true;
    if (last->text.len) {
        if (str_ends(last->text, STR("\n"))) last->text.len--;
        if (str_ends(last->text, STR("\r"))) last->text.len--;
        return true;
    }
    uint32_t start = last->span.start;
    if (start > 0 && p->text.ptr[start - 1] == '\n') start--;
    if (start > 0 && start < last->span.start && p->text.ptr[start - 1] == '\r') start--;
    if (p->edits.len > 1 && p->edits.items[p->edits.len - 2].span.end > start) return true;
    last->span.start = start;
    return true;
}

static bool is_blank_start(struct str text, size_t *line) {
    size_t at = 0;
    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t' || text.ptr[at] == '\r')) at++;
    *line = at + 1;
    return at < text.len && text.ptr[at] == '\n';
}

/* Whether a block text that keeps its blank lines ends right before `at`. */
static bool follows_keeping(const struct planner *p, uint32_t at) {
    if (!extent_at_line_start(p, at)) return false;
    for (uint32_t id = 1; id < p->tree->node_count; id++) {
        const struct node *node = p->tree->nodes[id];
        if (node->span.end >= at || !extent_keeps_blanks(p, node)) continue;
        uint32_t next = extent_next_line(p, node->span.end);
        if (next <= at && extent_blank_end(p, next) >= at) return true;
    }
    return false;
}

/* Blank lines behind a block text that keeps them (`|+`) would become a part of it: those that an edit would put or
 * leave there go. */
static void guard_kept_blanks(struct planner *p) {
    const struct node *moved = p->operation->kind == PATCH_MOVE ? p->moved : NULL;
    bool ends_keeping = moved && extent_keeps_blanks(p, extent_last_leaf(moved));
    for (uint32_t i = 0; i < p->edits.len; i++) {
        struct edit *edit = &p->edits.items[i];
        bool follows = follows_keeping(p, edit->span.start);
        size_t line;
        while (follows && is_blank_start(edit->text, &line)) edit->text = str_slice(edit->text, line, edit->text.len);
        if (!(follows && edit->text.len == 0) && !(ends_keeping && edit->text.len)) continue;
        if (!extent_at_line_start(p, edit->span.end)) continue;
        uint32_t end = extent_blank_end(p, edit->span.end);
        if (i + 1 == p->edits.len || end < p->edits.items[i + 1].span.start) edit->span.end = end;
    }
}

/* Refuses where a comment behind a block text that moved is as deep as that, and would become a part of it. */
static bool check_comment_behind(struct planner *p) {
    const struct node *leaf = p->moved ? extent_last_leaf(p->moved) : NULL;
    if (!leaf || (leaf->style != STYLE_LITERAL && leaf->style != STYLE_FOLDED)) return true;
    for (uint32_t i = 0; i < p->edits.len; i++) {
        uint32_t line = extent_blank_end(p, p->edits.items[i].span.end);
        uint32_t comment = extent_white_behind(p, line);
        if (p->edits.items[i].text.len == 0 || comment >= p->text.len || p->text.ptr[comment] != '#') continue;
        if (extent_at_line_start(p, line) && comment - line > p->moved_column)
            return planner_refuse(p, span_make(comment, comment + 1),
                                  "this comment would become a part of the text that moves");
    }
    return true;
}

static bool plan_one(struct planner *p, const struct patch_operation *operation) {
    static bool (*const plans[])(struct planner *) = {
        [PATCH_ADD] = add_plan,       [PATCH_REMOVE] = remove_plan, [PATCH_REPLACE] = replace_plan,
        [PATCH_MOVE] = move_plan,     [PATCH_COPY] = copy_plan,     [PATCH_TEST] = plan_test,
        [PATCH_RENAME] = rename_plan,
    };
    p->operation = operation;
    p->edits = (struct edits){NULL, 0, 0};
    p->dropped = (struct strs){NULL, 0, 0};
    p->touches = (struct touches){NULL, 0, 0};
    p->reason = STR("");
    p->about = (struct span){0, 0};
    if (p->tab < p->text.len)
        return planner_refuse(p, span_make(p->tab, p->tab + 1), "a tab stands in the indentation of this line");
    if (!plans[operation->kind](p)) return false;
    if (!edits_settle(p->arena, &p->edits))
        return planner_refuse(p, (struct span){0, 0}, "its changes meet in one place");
    guard_kept_blanks(p);
    if (!check_comment_behind(p)) return false;
    return keep_open_end(p);
}

/* The first tab in the indentation of a line outside of scalars, or the text's length. Parsers do not agree on where
 * those may stand. */
static uint32_t find_tab_indentation(const struct planner *p) {
    for (uint32_t line = 0; line < p->slabs.line_count; line++) {
        uint32_t at = p->slabs.starts[line];
        for (; at < p->text.len && p->slabs.classes[at] == LEX_WHITE; at++)
            if (p->text.ptr[at] == '\t') return at;
    }
    return (uint32_t)p->text.len;
}

static bool waits(struct planner *p, const struct touches *others, const struct edits *edits) {
    add_named(p, &p->touches);
    for (uint32_t i = 0; i < p->touches.len; i++)
        for (uint32_t k = 0; k < others->len; k++)
            if (touches_meet(&p->touches.items[i], &others->items[k])) return true;
    return edits_meet(&p->edits, edits);
}

void patch_plan(struct arena *a, const struct tree *tree, const struct value *values,
                const struct patch_operation *operations, uint32_t count, const struct patch_guide *guide,
                struct patch_plan *plan) {
    struct planner p = {.arena = a, .tree = tree, .text = tree->source->text, .values = values, .guide = guide};
    struct touches touches = {NULL, 0, 0};

    *plan = (struct patch_plan){.outcomes = arena_array(a, struct patch_outcome, count)};
    slab_lines(a, tree, &p.slabs);
    p.style = style_detect(tree, &p.slabs);
    p.tab = tree->has_tab ? find_tab_indentation(&p) : (uint32_t)p.text.len;
    for (uint32_t i = 0; i < count; i++) {
        bool done = plan_one(&p, &operations[i]);
        if (i > 0 && ((done && tree->has_alias) || waits(&p, &touches, &plan->edits))) break;
        plan->taken = i + 1;
        plan->outcomes[i] = (struct patch_outcome){done ? PATCH_DONE : PATCH_REFUSED, p.reason, p.about};
        if (!done && operations[i].kind == PATCH_TEST) break;
        if (!done) continue;
        for (uint32_t e = 0; e < p.edits.len; e++) vec_push(a, &plan->edits, p.edits.items[e]);
        for (uint32_t t = 0; t < p.touches.len; t++) vec_push(a, &touches, p.touches.items[t]);
        for (uint32_t d = 0; d < p.dropped.len; d++) vec_push(a, &plan->dropped, p.dropped.items[d]);
        if (tree->has_alias && p.edits.len) break;
    }
    if (!edits_settle(a, &plan->edits)) base_panic("edits of two operations overlap");
}
