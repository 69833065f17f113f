/* What rules say of their own repair: JSON Patch whose values may be expressions. */
#include "rule/fix.h"

#include "check/rules.h"
#include "fix/fix_plan.h"

static bool is_allowed(const struct fix_plan *p, const struct rule *rule) {
    return !rule->builtin && p->settings->enabled[rule->check.index] &&
           (rule->fix == FIX_SAFE || (rule->fix == FIX_UNSAFE && p->request->unsafe));
}

static bool any_allowed(const struct fix_plan *p) {
    const struct rule_set *set = p->settings->rules;
    for (uint32_t i = 0; i < set->rules.len; i++)
        if (is_allowed(p, set->rules.items[i])) return true;
    return false;
}

/* A path of the rule's fix as one from the root; false where it leads out of the values. */
static bool make_absolute(struct fix_plan *p, const struct rules_hit *hit, const struct rule_fix_path *path,
                          struct key_path *out) {
    if (path->relative && path->up > hit->count) return false;
    uint32_t kept = path->relative ? hit->count - path->up : 0;
    struct str *keys = arena_array(p->arena, struct str, kept + path->count + 1);
    if (kept) memcpy(keys, hit->keys, sizeof *keys * kept);
    if (path->count) memcpy(keys + kept, path->keys, sizeof *keys * path->count);
    *out = (struct key_path){keys, kept + path->count};
    return true;
}

/* The operation on the file; false where its value or its paths cannot be had. */
static bool make_operation(struct fix_plan *p, struct fix_doc *doc, const struct rules_hit *hit,
                           const struct rule_fix_operation *from, const struct cel_value *slots,
                           struct patch_operation *out) {
    static const enum patch_kind kinds[RULE_FIX_OPS] = {
        [RULE_FIX_ADD] = PATCH_ADD,   [RULE_FIX_REMOVE] = PATCH_REMOVE, [RULE_FIX_REPLACE] = PATCH_REPLACE,
        [RULE_FIX_MOVE] = PATCH_MOVE, [RULE_FIX_COPY] = PATCH_COPY,     [RULE_FIX_TEST] = PATCH_TEST};
    struct value *value = arena_new(p->arena, struct value);
    struct key_path path, source = {NULL, 0};
    bool sourced = from->op == RULE_FIX_MOVE || from->op == RULE_FIX_COPY;
    *value = from->value;
    if (!make_absolute(p, hit, &from->path, &path)) return false;
    if (sourced && !make_absolute(p, hit, &from->from, &source)) return false;
    if (from->program) {
        struct cel_value result = cel_eval(from->program, slots, p->arena, CEL_BUDGET_DEFAULT);
        if (result.kind == CEL_ERROR || !cel_to_value(p->arena, &result, value)) return false;
    }
    *out = (struct patch_operation){.kind = kinds[from->op], .path = fix_pointer(p, path), .value = value};
    if (sourced) out->from = fix_pointer(p, source);
    if (from->op == RULE_FIX_COPY) {
        /* A copy may stand in place of what is there, which the patch layer's does not. */
        const struct value *copied = fix_value(&doc->model, source);
        if (!copied) return false;
        *value = *copied;
        out->kind = fix_value(&doc->model, path) ? PATCH_REPLACE : PATCH_ADD;
    }
    return true;
}

/* Adds the operations of one rule that does not hold; all of them, or none, and none where they change nothing. */
static void repair(struct fix_plan *p, struct fix_doc *doc, const struct rules_hit *hit, struct cel_value *slots) {
    struct rule_fix_operations operations;
    struct key_path self = {hit->keys, hit->count};
    struct value before = doc->model;
    uint32_t first = doc->operations.len;
    rule_fix_read(p->arena, p->settings->rules->env, hit->rule, &operations);
    slots[RULE_SELF] = cel_from_value(hit->self);
    slots[RULE_KEY] = cel_from_string(hit->count ? hit->keys[hit->count - 1] : STR(""));
    slots[RULE_PATH] = cel_from_string(fix_dotted(p, self));
    for (uint32_t i = 0; i < operations.len && !p->again; i++) {
        struct patch_operation operation;
        if (make_operation(p, doc, hit, &operations.items[i], slots, &operation))
            fix_do(p, doc, &operation, (struct fix_origin){PART_RULE, self});
        else
            fix_refuse(p, PART_RULE, self, &doc->source, hit->span,
                       arena_printf(p->arena, "the fix of %.*s does not apply here", STR_ARG(hit->rule->check.id)));
    }
    if (value_equal(&doc->model, &before)) doc->operations.len = doc->origins.len = first;
}

void fix_plan_rules(struct fix_plan *p, struct fix_doc *doc) {
    struct rules_hits hits = {NULL, 0, 0};
    struct cel_value slots[RULE_VARIABLES];
    struct VEC(struct key_path) taken = {NULL, 0, 0};
    if (!any_allowed(p)) return;
    struct value model = doc->model;
    struct rules_subject subject = {&model, &p->chart, fix_violations(p, doc), doc->overlay, &hits};
    rules_slots(&doc->reporter, &subject, slots);
    rules_check(&doc->reporter, &subject, slots);
    for (uint32_t i = 0; i < hits.len && !p->again; i++) {
        const struct rules_hit *hit = &hits.items[i];
        struct key_path self = {hit->keys, hit->count};
        bool met = false;
        if (!is_allowed(p, hit->rule) || fix_is_refused(p, PART_RULE, self)) continue;
        if (!fix_is_wanted(p, doc, &hit->rule->check, hit->span)) continue;
        /* What another rule changes already is looked at again in the next round. */
        for (uint32_t k = 0; k < taken.len; k++) met = met || key_paths_meet(taken.items[k], self);
        if (met) continue;
        vec_push(p->arena, &taken, self);
        map_put(p->arena, &p->rule_checks, fix_pointer(p, self), (void *)(uintptr_t)&hit->rule->check);
        repair(p, doc, hit, slots);
    }
}
