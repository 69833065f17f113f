/* One walk over the paths of the plan finds all values that rules read; after it, whether a rule applies is a matter of
 * looking at a few pointers. */
#include "check/rules.h"

#include "check/legacy.h"
#include "config/defaults.h"
#include "rule/path.h"
#include "rule/plan.h"

struct run {
    struct reporter *reporter;
    const struct rules_subject *subject;
    const struct rule_plan *plan;
    const struct value **at; /* by node: the value there, or NULL */
    bool *bad;               /* by node: the value does not fit the schema; NULL where all do */
    struct cel_value slots[RULE_VARIABLES];
    struct arena scratch; /* of one rule at a time: a search takes 20 KB of it */
};

static void find_values(struct run *r) {
    const struct plan_node *nodes = r->plan->nodes;
    r->at = arena_array(r->reporter->arena, const struct value *, r->plan->node_count);
    r->at[0] = r->subject->values;
    for (uint32_t i = 1; i < r->plan->node_count;) {
        const struct member *member = value_member_hashed(r->at[nodes[i].parent], nodes[i].key, nodes[i].hash);
        if (member) r->at[i] = &member->value;
        i = member ? i + 1 : nodes[i].end;
    }
}

/* Whether a violation says that its instance is not as it should be, not that something beside it is missing or too
 * much. */
static bool is_about_value(const struct violation *violation) {
    switch (violation->keyword) {
    case SCHEMA_REQUIRED:
    case SCHEMA_DEPENDENT_REQUIRED:
    case SCHEMA_ADDITIONAL_PROPERTIES:
    case SCHEMA_UNEVALUATED_PROPERTIES:
    case SCHEMA_PROPERTY_NAMES: return false;
    default: return true;
    }
}

static void mark_bad(struct run *r, const struct violation *violation) {
    for (uint32_t i = 0; i < r->plan->node_count; i++) {
        if (!r->at[i]) continue;
        bool below =
            r->plan->nodes[i].deep && dotted_leads(rule_plan_path(r->reporter->arena, r->plan, i), violation->path);
        if (r->at[i] == violation->instance || below) r->bad[i] = true;
    }
}

static void find_bad(struct run *r) {
    const struct violations *violations = r->subject->violations;
    for (uint32_t v = 0; v < violations->len; v++) {
        if (!is_about_value(&violations->items[v])) continue;
        if (!r->bad) r->bad = arena_array(r->reporter->arena, bool, r->plan->node_count);
        mark_bad(r, &violations->items[v]);
    }
    for (uint32_t i = 1; r->bad && i < r->plan->node_count; i++)
        r->bad[i] = r->bad[i] || r->bad[r->plan->nodes[i].parent];
}

/* Whether `value`, which no node stands for, fits the schema. */
static bool fits(const struct run *r, const struct value *value) {
    const struct violations *violations = r->subject->violations;
    for (uint32_t v = 0; v < violations->len; v++)
        if (violations->items[v].instance == value && is_about_value(&violations->items[v])) return false;
    return true;
}

static struct span span_of(const struct run *r, const struct value *value) {
    bool collection = value->kind == VALUE_MAP || value->kind == VALUE_LIST;
    return collection ? reporter_key_span(r->reporter, value) : reporter_value_span(r->reporter, value);
}

static void report_failure(struct run *r, const struct rule *rule, struct span span, struct str path,
                           const struct cel_value *failure) {
    struct arena *a = r->reporter->arena;
    struct finding *finding = reporter_add(r->reporter, CHECK_RULE_FAILED, span, path,
                                           arena_printf(a, "rule %.*s cannot be evaluated: %.*s",
                                                        STR_ARG(rule->check.id), STR_ARG(cel_error_text(a, failure))));
    finding->help = STR("the rule is wrong, not these values");
}

/* A value that is not there ends a rule in silence: it does not apply. */
static bool is_missing_data(const struct cel_value *v) {
    return v->kind == CEL_ERROR && (v->fault == CEL_FAULT_NO_KEY || v->fault == CEL_FAULT_UNBOUND);
}

enum answer { ANSWER_YES, ANSWER_NO, ANSWER_NONE, ANSWER_FAILED };

static enum answer ask(struct run *r, const struct cel_program *program, struct cel_value *failure) {
    struct cel_value v = cel_eval(program, r->slots, &r->scratch, CEL_BUDGET_DEFAULT);
    if (v.kind == CEL_BOOL) return v.boolean ? ANSWER_YES : ANSWER_NO;
    if (is_missing_data(&v)) return ANSWER_NONE;
    *failure = v;
    if (v.kind != CEL_ERROR) {
        struct str message =
            arena_printf(r->reporter->arena, "its condition returned %.*s", STR_ARG(cel_kind_name(v.kind)));
        *failure = (struct cel_value){.kind = CEL_ERROR, .fault = CEL_FAULT_OTHER, .string = message};
    }
    return ANSWER_FAILED;
}

/* Where a finding of the rule about `self` points to. */
static struct span point_of(struct run *r, const struct plan_rule *rule, const struct value *self, struct str *path) {
    const struct value *value = rule->point == PLAN_NONE ? NULL : r->at[rule->point];
    if (value) *path = rule_plan_path(r->reporter->arena, r->plan, rule->point);
    return span_of(r, value ? value : self);
}

/* Takes note of a rule that does not hold on the value at keys[0..count) below its node. */
static void add_hit(struct run *r, const struct plan_rule *plan, const struct value *self, const struct str *keys,
                    uint32_t count) {
    struct rules_hit hit = {.rule = plan->rule, .self = self};
    struct str path;
    uint32_t depth = 0;
    for (uint32_t node = plan->at; node; node = r->plan->nodes[node].parent) depth++;
    struct str *all = arena_array(r->reporter->arena, struct str, depth + count + 1);
    hit.keys = all;
    hit.count = depth + count;
    for (uint32_t node = plan->at; node; node = r->plan->nodes[node].parent) all[--depth] = r->plan->nodes[node].key;
    if (count) memcpy(all + hit.count - count, keys, sizeof *keys * count);
    hit.span = point_of(r, plan, self, &path);
    vec_push(r->reporter->arena, r->subject->hits, hit);
}

static void report(struct run *r, const struct plan_rule *plan, const struct value *self, struct str path) {
    struct arena *a = r->reporter->arena;
    const struct rule_set *set = r->reporter->settings->rules;
    const struct rule *rule = plan->rule;
    struct cel_value failure, help_failure;
    struct str self_path = path;
    struct span span = point_of(r, plan, self, &path);

    r->slots[RULE_PATH] = cel_from_string(self_path);
    struct str message = rule_text_expand(a, set, rule, RULE_MESSAGE, r->slots, &failure);
    struct finding *finding = reporter_add_check(r->reporter, &rule->check, span, path, message);
    finding->help = rule_text_expand(a, set, rule, RULE_HELP, r->slots, &help_failure);
    finding->fix = rule->fix;
    if (failure.kind == CEL_NULL) failure = help_failure;
    if (failure.kind == CEL_ERROR) report_failure(r, rule, span, path, &failure);
}

static void report_member(struct run *r, const struct plan_rule *plan, const struct value *self, struct str path) {
    struct cel_value key = cel_eval(plan->rule->group_by, r->slots, &r->scratch, CEL_BUDGET_DEFAULT);
    if (is_missing_data(&key)) return;
    struct span span = point_of(r, plan, self, &path);
    if (key.kind == CEL_ERROR) report_failure(r, plan->rule, span, path, &key);
    else
        reporter_add_check(r->reporter, &plan->rule->check, span, path,
                           arena_str(r->reporter->arena, cel_to_text(&r->scratch, &key)));
}

/* The path of `self`, which is at the node of the rule, or `keys[0..count)` below it. */
static struct str path_of(struct run *r, const struct plan_rule *plan, const struct str *keys, uint32_t count) {
    struct arena *a = r->reporter->arena;
    struct str above = plan->path;
    if (count == 0) return above;
    struct str below = rule_path_text(a, keys, count);
    return arena_printf(a, "%.*s%s%.*s", STR_ARG(above), above.len && below.ptr[0] != '[' ? "." : "", STR_ARG(below));
}

/* Runs a rule on one value. `keys[0..count)` lead to it from the node of the rule. */
static void run_on(struct run *r, const struct plan_rule *plan, const struct value *self, const struct str *keys,
                   uint32_t count) {
    const struct rule *rule = plan->rule;
    struct cel_value failure;
    enum answer answer = ANSWER_YES;

    r->slots[RULE_SELF] = cel_from_value(self);
    r->slots[RULE_KEY] = cel_from_string(count ? keys[count - 1] : r->plan->nodes[plan->at].key);
    if (plan->reads_path) r->slots[RULE_PATH] = cel_from_string(path_of(r, plan, keys, count));
    if (rule->when) answer = ask(r, rule->when, &failure);
    if (answer == ANSWER_YES && rule->expect) {
        answer = ask(r, rule->expect, &failure);
        if (answer == ANSWER_NO) report(r, plan, self, path_of(r, plan, keys, count));
        if (answer == ANSWER_NO && r->subject->hits && rule->fix != FIX_NONE) add_hit(r, plan, self, keys, count);
    } else if (answer == ANSWER_YES) {
        report_member(r, plan, self, path_of(r, plan, keys, count));
    }
    /* Under a schema of the user's a value may be of a type that a rule of ours is not about. */
    bool other_type = answer == ANSWER_FAILED && !rule->document && failure.fault == CEL_FAULT_NO_OVERLOAD;
    if (answer == ANSWER_FAILED && !other_type) {
        struct str path = path_of(r, plan, keys, count);
        report_failure(r, rule, span_of(r, self), path, &failure);
    }
    if (r->scratch.first) arena_reset(&r->scratch);
}

/* Whether what the rule reads below `self`, which is one of several, is there and fits. */
static bool has_below(const struct run *r, const struct plan_rule *plan, const struct value *self) {
    for (uint32_t i = 0; i < plan->below_count; i++) {
        const struct plan_below *below = &plan->below[i];
        const struct value *value = self;
        uint32_t needed = r->subject->overlay ? below->count : below->required, k = 0;
        while (k < below->count && below->keys[k].ptr && (value = value_get(value, below->keys[k]))) {
            k++;
            if (r->bad && !fits(r, value)) return false;
        }
        if (k < needed && (k == below->count || below->keys[k].ptr)) return false;
    }
    return true;
}

#define WILD_MOST 16

/* Follows plan->rest from its step `count` on; `keys` holds the steps taken. */
static void run_wild(struct run *r, const struct plan_rule *plan, const struct value *value, struct str *keys,
                     uint32_t count) {
    if (r->bad && count > 0 && !fits(r, value)) return;
    if (count == plan->rest.count) {
        if (has_below(r, plan, value)) run_on(r, plan, value, keys, count);
        return;
    }
    if (count == WILD_MOST) return;
    struct str key = plan->rest.keys[count];
    if (key.ptr) {
        const struct value *child = value_get(value, key);
        keys[count] = key;
        if (child) run_wild(r, plan, child, keys, count + 1);
        return;
    }
    for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->map.len; i++) {
        keys[count] = value->map.members[i].key;
        run_wild(r, plan, &value->map.members[i].value, keys, count + 1);
    }
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->list.len; i++) {
        keys[count] = arena_printf(r->reporter->arena, "%u", i);
        run_wild(r, plan, &value->list.items[i], keys, count + 1);
    }
}

static bool applies(const struct run *r, const struct plan_rule *plan) {
    if (r->subject->overlay && plan->rule->group_by) return false;
    if (!r->reporter->settings->enabled[plan->rule->check.index]) return false;
    for (uint32_t i = 0; i < plan->required_count; i++)
        if (!r->at[plan->required[i]]) return false;
    if (r->subject->overlay)
        for (uint32_t i = 0; i < plan->read_count; i++)
            if (!r->at[plan->reads[i]]) return false;
    if (r->bad)
        for (uint32_t i = 0; i < plan->read_count; i++)
            if (r->bad[plan->reads[i]]) return false;
    return true;
}

/* What `chart` holds: no appVersion of which it is unknown what the author meant. */
static const struct value *chart_document(struct arena *a, const struct chart *chart) {
    if (!span_len(chart->app_version_lost)) return &chart->document;
    struct value *out = arena_new(a, struct value);
    *out = value_map_new(a, chart->document.map.len);
    for (uint32_t i = 0; i < chart->document.map.len; i++) {
        const struct member *member = &chart->document.map.members[i];
        bool found;
        if (!str_eq(member->key, STR("appVersion"))) *value_map_put(out, member->key, &found) = *member;
    }
    return out;
}

void rules_slots(struct reporter *f, const struct rules_subject *subject, struct cel_value *slots) {
    struct value *variables = arena_new(f->arena, struct value);
    *variables = defaults_variables(f->arena, f->settings, subject->chart->name);
    memset(slots, 0, sizeof *slots * RULE_VARIABLES);
    slots[RULE_VALUES] = cel_from_value(subject->values);
    slots[RULE_CHART] = cel_from_value(chart_document(f->arena, subject->chart));
    slots[RULE_VARS] = cel_from_value(variables);
}

/* Rules that find secrets, on values that stand at old places of theirs. */
static void run_at_old_places(struct run *r) {
    const struct legacy_state *legacy = r->subject->legacy;
    for (uint32_t i = 0; legacy && i < legacy->count; i++) {
        const struct legacy *old = legacy->standing[i];
        for (uint32_t k = 0; k < r->plan->rule_count && !old->split && !old->subtree; k++) {
            struct plan_rule plan = r->plan->rules[k];
            bool meant = plan.rule->secret && plan.rest.count == 0 && str_eq(plan.path, old->targets.items[0]->path);
            if (!meant || !r->reporter->settings->enabled[plan.rule->check.index]) continue;
            plan.path = old->path;
            plan.reads_path = true;
            run_on(r, &plan, legacy->values[i], NULL, 0);
        }
    }
}

void rules_check(struct reporter *f, const struct rules_subject *subject, const struct cel_value *slots) {
    struct run r = {.reporter = f, .subject = subject, .plan = f->settings->rules->plan};
    struct str keys[WILD_MOST + 1];

    find_values(&r);
    if (subject->violations->len) find_bad(&r);
    memcpy(r.slots, slots, sizeof r.slots);
    for (uint32_t i = 0; i < r.plan->rule_count; i++) {
        const struct plan_rule *plan = &r.plan->rules[i];
        if (!applies(&r, plan)) continue;
        if (plan->rest.count) run_wild(&r, plan, r.at[plan->at], keys, 0);
        else run_on(&r, plan, r.at[plan->at], NULL, 0);
    }
    run_at_old_places(&r);
    arena_free(&r.scratch);
}

void rules_take_members(struct reporter *f, struct rules_members *members) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < f->findings->len; i++) {
        const struct finding *finding = &f->findings->items[i];
        const struct rule *rule = f->settings->rules->rules.items[finding->check->index];
        struct rules_member member = {rule, finding->severity, finding->message, finding->path, finding->span};
        if (!rule->group_by) f->findings->items[kept++] = *finding;
        else if (finding->severity >= f->settings->lowest) vec_push(f->arena, members, member);
    }
    f->findings->len = kept;
}
