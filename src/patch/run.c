#include "patch/verify.h"

#include "yaml/read.h"

/* A text with all that is known of it. */
struct state {
    struct source source;
    struct tree tree;
    struct value values;
};

struct run {
    struct arena *arena;
    const struct patch_operation *operations;
    const struct patch_guide *guide;
    struct patch_result *result;
    struct str first; /* the text before the run */
};

static bool read_state(struct run *r, struct str path, struct str text, struct state *state, struct yaml_issue *issue) {
    struct yaml_issues issues = {NULL, 0, 0};
    state->source = (struct source){.path = path, .text = text};
    r->result->parses++;
    if (read_text_values(r->arena, &state->source, &state->tree, &state->values, &issues)) return true;
    *issue = issues.items[issues.len - 1];
    return false;
}

/* The place in the first text of the span `span` of the current one. */
static struct span first_span(const struct run *r, struct span span) {
    return (struct span){edits_origin(&r->result->edits, span.start), edits_origin(&r->result->edits, span.end)};
}

/* Whether the planned text keeps all promises; then `next` is that text. */
static enum verify_promise try_plan(struct run *r, const struct state *now, const struct patch_plan *plan,
                                    struct state *next) {
    struct yaml_issue issue;
    bool good = read_state(r, now->source.path, plan->text, next, &issue);
    struct verify_input input = {.before = &now->tree,
                                 .expected = &plan->expected,
                                 .after = good ? &next->tree : NULL,
                                 .values = good ? &next->values : NULL,
                                 .dropped = plan->dropped.items,
                                 .dropped_count = plan->dropped.len,
                                 .made = plan->made.items,
                                 .made_count = plan->made.len};
    return verify_patch(r->arena, &input);
}

/* Whether the values need not be looked at before all operations are done. */
static bool is_blind(const struct state *now, const struct patch_operation *operations, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (operations[i].kind == PATCH_TEST || operations[i].kind == PATCH_COPY) return false;
    return !now->tree.has_alias && !now->tree.has_merge;
}

static bool is_done(const struct patch_plan *plan, uint32_t count) {
    for (uint32_t i = 0; i < plan->taken; i++)
        if (plan->outcomes[i].state != PATCH_DONE) return false;
    return plan->taken == count;
}

/* Plans and does what can be done at once of `operations[0..count)`, which `model` (may be NULL) is after. Returns how
 * many that were. */
static uint32_t run_batch(struct run *r, struct state **now, const struct value *model,
                          const struct patch_operation *operations, uint32_t count, struct patch_outcome *outcomes) {
    struct state *next = arena_new(r->arena, struct state);
    enum verify_promise promise = VERIFY_KEPT;
    struct patch_plan plan;
    if (model && !is_blind(*now, operations, count)) model = NULL;
    for (;; model = NULL) {
        patch_plan(r->arena, &(*now)->tree, &(*now)->values, model, operations, count, r->guide, &plan);
        if (model && !is_done(&plan, count)) continue;
        promise = plan.edits.len ? try_plan(r, *now, &plan, next) : VERIFY_KEPT;
        if (promise == VERIFY_KEPT || (plan.taken == 1 && !model)) break;
        if (model) continue;
        count = plan.taken / 2; /* find out which of them it is */
    }
    for (uint32_t i = 0; i < plan.taken; i++) {
        outcomes[i] = plan.outcomes[i];
        outcomes[i].span = first_span(r, plan.outcomes[i].span);
    }
    if (promise != VERIFY_KEPT) {
        outcomes[0].state = PATCH_BROKEN;
        outcomes[0].reason = verify_words(promise);
    } else if (plan.edits.len) {
        r->result->edits = edits_compose(r->arena, r->first, &r->result->edits, &plan.edits);
        *now = next;
    }
    return plan.taken;
}

/* Runs on a text that was read. */
static void run_on(struct run *run, struct state *now, const struct value *model, uint32_t count) {
    const struct patch_operation *operations = run->operations;
    struct patch_result *result = run->result;
    for (uint32_t at = 0; at < count;) {
        uint32_t last = at + run_batch(run, &now, model, operations + at, count - at, result->outcomes + at) - 1;
        at = last + 1;
        model = NULL; /* not all are done */
        if (operations[last].kind == PATCH_TEST && result->outcomes[last].state == PATCH_REFUSED) break;
    }
    for (uint32_t i = 0; i < count; i++) {
        result->done += result->outcomes[i].state == PATCH_DONE;
        if (result->outcomes[i].state == PATCH_LEFT) result->outcomes[i].reason = STR("a test before it failed");
    }
    result->text = now->source.text;
    result->tree = &now->tree;
    result->values = &now->values;
}

bool patch_run(struct arena *a, const struct source *source, const struct patch_operation *operations, uint32_t count,
               const struct patch_guide *guide, struct patch_result *result) {
    struct run run = {a, operations, guide, result, source->text};
    struct state *now = arena_new(a, struct state);
    struct yaml_issue issue;

    *result = (struct patch_result){.text = source->text, .outcomes = arena_array(a, struct patch_outcome, count)};
    if (!read_state(&run, source->path, source->text, now, &issue)) {
        for (uint32_t i = 0; i < count; i++)
            result->outcomes[i] = (struct patch_outcome){PATCH_REFUSED, issue.message, issue.span};
        return false;
    }
    run_on(&run, now, NULL, count);
    return true;
}

void patch_run_read(struct arena *a, const struct tree *tree, const struct value *values, const struct value *model,
                    const struct patch_operation *operations, uint32_t count, const struct patch_guide *guide,
                    struct patch_result *result) {
    struct run run = {a, operations, guide, result, tree->source->text};
    struct state *now = arena_new(a, struct state);
    *now = (struct state){*tree->source, *tree, *values};
    now->tree.source = &now->source;
    *result = (struct patch_result){.text = now->source.text, .outcomes = arena_array(a, struct patch_outcome, count)};
    run_on(&run, now, model, count);
}
