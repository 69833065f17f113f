/* Operations planned one after the other, each on the text that those before it leave: see yaml/document.h for how
 * that is known without reading it as a whole. The text after all of them is what must be verified. */
#include "patch/planner.h"
#include "patch/verify.h"
#include "value/change.h"
#include "value/pointer.h"
#include "yaml/lex.h"

static bool plan_test(struct planner *p) {
    const struct value *value = pointer_get(p->arena, p->values, p->operation->path);
    if (!value) return planner_refuse(p, (struct span){0, 0}, "there is no `%.*s`", STR_ARG(p->operation->path));
    if (value_equal(value, p->operation->value)) return true;
    p->waits = !p->fresh; /* to know where it stands */
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
        return planner_refuse(p, last->span, "the file ends inside a block scalar, without a newline");
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

/* Blank lines behind a block text that keeps them (`|+`) would become a part of it: those that an edit would put or
 * leave there go. */
static void guard_kept_blanks(struct planner *p) {
    const struct node *moved = p->operation->kind == PATCH_MOVE ? p->moved : NULL;
    if (p->tree->is_plain) return; /* it has none */
    bool ends_keeping = moved && extent_keeps_blanks(p, extent_last_leaf(moved));
    for (uint32_t i = 0; i < p->edits.len; i++) {
        struct edit *edit = &p->edits.items[i];
        bool follows = extent_at_line_start(p, edit->span.start) && lookup_follows_keeping(p, edit->span.start);
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
                                  "this comment would become part of the moved text");
    }
    return true;
}

/* Whether a scalar takes the place of another within its line. */
static bool is_exchange(const struct patch_operation *operation) {
    return operation->kind == PATCH_REPLACE && operation->value->kind != VALUE_MAP &&
           operation->value->kind != VALUE_LIST;
}

/* Whether the operation, which was planned last with `edits` and `dropped` before it, changes nothing but the bytes of
 * a scalar: then the next one of the kind need not see it done. */
static bool is_exchanged(const struct planner *p, uint32_t edits, uint32_t dropped) {
    if (p->edits.len != edits + 1 || p->dropped.len != dropped) return false;
    const struct edit *edit = &p->edits.items[edits];
    return str_find_char(span_text(p->text, edit->span), '\n') == span_len(edit->span) && edit->text.len > 0;
}

/* The edits of one operation, not settled yet. */
static bool plan_one(struct planner *p, const struct patch_operation *operation) {
    static bool (*const plans[])(struct planner *) = {
        [PATCH_ADD] = plan_add,       [PATCH_REMOVE] = remove_plan, [PATCH_REPLACE] = replace_plan,
        [PATCH_MOVE] = move_plan,     [PATCH_COPY] = plan_copy,     [PATCH_TEST] = plan_test,
        [PATCH_RENAME] = rename_plan,
    };
    p->operation = operation;
    p->edits = (struct edits){NULL, 0, 0};
    p->pending.len = 0;
    p->dropped = p->made = (struct patch_comments){NULL, 0, 0};
    p->moved = NULL;
    p->waits = false;
    p->reason = STR("");
    p->about = (struct span){0, 0};
    if (p->tab < p->text.len)
        return planner_refuse(p, span_make(p->tab, p->tab + 1), "this line is indented with a tab");
    return plans[operation->kind](p);
}

/* Plans one more addition on top of those that are pending. False, with nothing changed, where it has to see them done,
 * or is refused: it is planned again then. */
static bool plan_join(struct planner *p, const struct patch_operation *operation) {
    uint32_t edits = p->edits.len, pending = p->pending.len, made = p->made.len;
    const struct patch_operation *before = p->operation;
    if (operation->kind != PATCH_ADD || pending == 0 || lookup_has_keeping(p)) return false;
    p->operation = operation;
    if (plan_add(p) && p->pending.len == pending + 1) return true;
    p->operation = before;
    p->edits.len = edits;
    p->pending.len = pending;
    p->made.len = made;
    p->waits = false;
    p->reason = STR("");
    p->about = (struct span){0, 0};
    return false;
}

/* Plans one more exchange on top of others. The same. */
static bool plan_exchange(struct planner *p, const struct patch_operation *operation) {
    uint32_t edits = p->edits.len, dropped = p->dropped.len;
    const struct patch_operation *before = p->operation;
    p->operation = operation;
    if (is_exchange(operation) && replace_plan(p) && is_exchanged(p, edits, dropped)) return true;
    p->operation = before;
    p->edits.len = edits;
    p->dropped.len = dropped;
    p->waits = false;
    p->reason = STR("");
    p->about = (struct span){0, 0};
    return false;
}

static bool finish_edits(struct planner *p) {
    if (!edits_settle(p->arena, &p->edits)) return planner_refuse(p, (struct span){0, 0}, "its changes overlap");
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

/* Looks at what the document has become. */
static void look(struct planner *p) {
    p->tree = &p->document.tree;
    p->text = p->document.source.text;
    p->slabs = p->document.slabs;
    p->style = style_detect(p->tree, &p->slabs);
    lookup_reset(p);
    p->tab = p->tree->has_tab ? find_tab_indentation(p) : (uint32_t)p->text.len;
}

/* The edits of one operation, or of some additions. */
struct stage {
    struct str text; /* before them */
    struct edits edits;
};

struct stages VEC(struct stage);

/* One list of edits for `count` stages, at least one; in halves, so that no list is gone through too often. */
static struct edits compose(struct arena *a, const struct stage *stages, uint32_t count) {
    if (count == 1) return stages[0].edits;
    struct edits first = compose(a, stages, count / 2);
    struct edits second = compose(a, stages + count / 2, count - count / 2);
    return edits_compose(a, stages[0].text, &first, &second);
}

/* Where a span of the text after the stages stood before them. */
static struct span first_span(const struct stages *stages, struct span span) {
    for (uint32_t i = stages->len; i > 0; i--) {
        const struct edits *edits = &stages->items[i - 1].edits;
        span = (struct span){edits_origin(edits, span.start), edits_origin(edits, span.end)};
    }
    return span;
}

static void add_all(struct arena *a, struct patch_comments *to, const struct patch_comments *from) {
    for (uint32_t i = 0; i < from->len; i++) vec_push(a, to, from->items[i]);
}

/* The values with additions whose places are known to be free, or with exchanges. */
static struct value expect_all(struct planner *p, const struct patch_operation *operations, uint32_t count) {
    struct value_change *changes = arena_array(p->arena, struct value_change, count);
    for (uint32_t i = 0; i < count; i++) {
        struct str *keys;
        pointer_parse(p->arena, operations[i].path, &keys, &changes[i].count);
        changes[i].keys = keys;
        changes[i].value = *operations[i].value;
    }
    return value_with(p->arena, p->values, changes, count);
}

/* Does what was planned to the text and the values, and to the document where another operation follows. `tree` is the
 * one that the first values came from. */
static enum verify_promise take_stage(struct planner *p, const struct tree *tree, bool last, struct patch_plan *plan,
                                      const struct patch_operation *operations, uint32_t count, struct stages *stages) {
    struct value expected = plan->expected;
    struct stage stage = {p->text, p->edits};
    if (!p->model && count == 1 && !verify_expect(p->arena, tree, p->values, operations, &expected)) {
        p->waits = !p->fresh;
        return VERIFY_VALUES;
    }
    if (!p->model && count > 1) expected = expect_all(p, operations, count);
    if (p->edits.len == 0) return VERIFY_KEPT;
    if (!last && !yaml_document_follow(p->arena, &p->document, &p->edits)) return VERIFY_PARSES;
    vec_push(p->arena, stages, stage);
    plan->expected = expected;
    p->fresh = false;
    add_all(p->arena, &plan->dropped, &p->dropped);
    add_all(p->arena, &plan->made, &p->made);
    if (last) p->text = edits_apply(p->arena, p->text, &p->edits);
    else look(p);
    return VERIFY_KEPT;
}

/* Plans and does the first of `operations[0..left)`, with the additions or exchanges behind it that need not see it
 * done; only the first with `alone`. Gives how many; `outcome` is that of all of them. */
static uint32_t do_some(struct planner *p, const struct tree *tree, bool alone, struct patch_plan *plan,
                        const struct patch_operation *operations, uint32_t left, struct stages *stages,
                        struct patch_outcome *outcome) {
    enum verify_promise promise = VERIFY_KEPT;
    uint32_t taken = 1;
    bool done = plan_one(p, operations), shared = tree->has_alias || tree->has_merge;
    bool exchanges = done && !alone && is_exchange(operations) && is_exchanged(p, 0, 0);
    while (exchanges && taken < left && plan_exchange(p, &operations[taken])) taken++;
    while (done && !alone && !exchanges && taken < left && plan_join(p, &operations[taken])) taken++;
    done = done && finish_edits(p);
    if (done) promise = take_stage(p, tree, shared || taken == left, plan, operations, taken, stages);
    if (taken > 1 && (!done || promise != VERIFY_KEPT))
        return do_some(p, tree, true, plan, operations, left, stages, outcome);
    *outcome = (struct patch_outcome){PATCH_DONE, STR(""), {0, 0}};
    if (!done) *outcome = (struct patch_outcome){PATCH_REFUSED, p->reason, first_span(stages, p->about)};
    if (promise != VERIFY_KEPT) *outcome = (struct patch_outcome){PATCH_BROKEN, verify_words(promise), {0, 0}};
    return taken;
}

void patch_plan(struct arena *a, const struct tree *tree, const struct value *values, const struct value *model,
                const struct patch_operation *operations, uint32_t count, const struct patch_guide *guide,
                struct patch_plan *plan) {
    struct planner p = {.arena = a, .values = &plan->expected, .model = model, .fresh = true, .guide = guide};
    struct stages stages = {NULL, 0, 0};
    bool shared = tree->has_alias || tree->has_merge; /* what a value becomes elsewhere, only a parse tells */
    bool ends = false;

    *plan = (struct patch_plan){.expected = *values, .outcomes = arena_array(a, struct patch_outcome, count)};
    yaml_document_open(a, tree, &p.document);
    look(&p);
    while (plan->taken < count && !ends) {
        struct patch_outcome outcome;
        const struct patch_operation *next = &operations[plan->taken];
        uint32_t taken = do_some(&p, tree, false, plan, next, count - plan->taken, &stages, &outcome);
        if (p.waits) break;
        for (uint32_t i = 0; i < taken; i++) plan->outcomes[plan->taken++] = outcome;
        ends = (shared && !p.fresh) || (outcome.state == PATCH_REFUSED && next->kind == PATCH_TEST);
    }
    if (model) plan->expected = *model;
    if (stages.len) plan->edits = compose(a, stages.items, stages.len);
    plan->text = p.text;
}
