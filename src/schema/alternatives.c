/* anyOf and oneOf. Saying that a value fits none of five schemas helps nobody, so the reason is sought that a person
 * would give: the types or values that were possible, the keys of which one is needed, or what is wrong with the
 * alternative that was most likely meant. */
#include "schema/validate.h"

struct branch {
    const struct schema_node *node;
    uint32_t start, end; /* its violations in run->out */
    uint32_t score;      /* the less, the likelier it was meant */
};

static const struct node_list *list_of(const struct schema_node *node, enum schema_keyword keyword) {
    return keyword == SCHEMA_ANY_OF ? &node->apply->any_of : &node->apply->one_of;
}

static const struct schema_node *follow(const struct schema_node *node) {
    return node->forward ? node->forward : node;
}

static bool is_choice(const struct schema_node *node) {
    node = follow(node);
    return node->values && !node->apply && !node->number && !node->string && !node->list && !node->map;
}

/* The one key that `node` asks for, where it asks for nothing else; `ptr` NULL otherwise. */
static struct str only_required(const struct schema_node *node) {
    const struct map_checks *map = follow(node)->map;
    node = follow(node);
    bool other = node->values || node->apply || node->number || node->string || node->list || !map;
    if (other || map->required_count != 1 || map->property_count != 1 || map->properties[0].node)
        return (struct str){NULL, 0};
    if (map->pattern_count || map->additional || map->names || map->dependency_count || map->min_properties)
        return (struct str){NULL, 0};
    return map->properties[0].key;
}

static void add_choices(struct run *run, struct violation *violation, const struct value *schema) {
    const struct value *constant = value_get(schema, STR("const"));
    const struct value *list = value_get(schema, STR("enum"));
    uint32_t more = constant ? 1 : list ? list->list.len : 0;
    const struct value **choices = arena_array(run->a, const struct value *, violation->choice_count + more);
    if (violation->choice_count) memcpy(choices, violation->choices, sizeof *choices * violation->choice_count);
    for (uint32_t i = 0; i < more; i++) {
        const struct value *choice = constant ? constant : &list->list.items[i];
        bool known = false;
        for (uint32_t k = 0; k < violation->choice_count && !known; k++) known = value_equal(choices[k], choice);
        if (!known) choices[violation->choice_count++] = choice;
    }
    violation->choices = choices;
}

/* Where each alternative is either a list of values or of another type: all of that in one. */
static bool report_choices(struct run *run, const struct schema_node *node, enum schema_keyword keyword,
                           const struct value *v, const struct step *step) {
    const struct node_list *list = list_of(node, keyword);
    bool any = false;
    for (uint32_t i = 0; i < list->len; i++) {
        bool choice = is_choice(list->items[i]);
        if (!choice && (list->items[i]->possible_types & node_types_of(v))) return false;
        any |= choice;
    }
    if (!any) return false;
    struct violation *violation = validate_report(run, keyword, node, v, step);
    for (uint32_t i = 0; i < list->len; i++) {
        const struct schema_node *branch = follow(list->items[i]);
        if (is_choice(branch)) add_choices(run, violation, branch->source);
        else violation->types |= branch->possible_types;
    }
    return true;
}

/* The keys of which one is needed, where each alternative asks for one key and nothing else. */
static bool report_keys(struct run *run, const struct schema_node *node, enum schema_keyword keyword,
                        const struct value *v, const struct step *step, uint32_t matches) {
    const struct node_list *list = list_of(node, keyword);
    struct str *names = arena_array(run->a, struct str, list->len);
    uint32_t count = 0;
    if (v->kind != VALUE_MAP) return false;
    for (uint32_t i = 0; i < list->len; i++) {
        struct str name = only_required(list->items[i]);
        if (!name.ptr) return false;
        if (matches == 0 || value_member(v, name)) names[count++] = name;
    }
    struct violation *violation = validate_report(run, keyword, node, v, step);
    violation->names = names;
    violation->name_count = count;
    violation->count = matches;
    return true;
}

static bool is_fixed_value(const struct violation *violation) {
    return violation->keyword == SCHEMA_CONST || violation->keyword == SCHEMA_ENUM;
}

/* A branch whose fixed values (`type: kafka`) do not match was not meant; one that only lacks keys was rather not. */
static uint32_t score_of(const struct violations *out, uint32_t start, uint32_t end) {
    uint32_t score = 0;
    for (uint32_t i = start; i < end && i < start + 1000; i++) {
        const struct violation *violation = &out->items[i];
        if (is_fixed_value(violation) || violation->keyword == SCHEMA_FALSE) score += 10000;
        else if (violation->keyword == SCHEMA_TYPE) score += 100;
        else score += 10;
    }
    return score;
}

/* Where all branches want another fixed value at one place: the values of all of them. */
static bool merge_fixed_values(struct run *run, const struct branch *branches, uint32_t count) {
    struct violations *out = run->out;
    const struct violation *found[64];
    if (count < 2 || count > 64) return false;
    for (uint32_t b = 0; b < count; b++) {
        found[b] = NULL;
        for (uint32_t i = branches[b].start; i < branches[b].end && !found[b]; i++) {
            const struct violation *violation = &out->items[i];
            if (is_fixed_value(violation) && (b == 0 || violation->instance == found[0]->instance))
                found[b] = violation;
        }
        if (!found[b]) return false;
    }
    struct violation merged = *found[0];
    merged.keyword = SCHEMA_ENUM;
    for (uint32_t b = 0; b < count; b++) add_choices(run, &merged, found[b]->schema);
    out->items[branches[0].start] = merged;
    out->len = branches[0].start + 1;
    return true;
}

/* Keeps what the best of the branches had to say. */
static void keep_best(struct run *run, const struct branch *branches, uint32_t count) {
    const struct branch *best = &branches[0];
    struct violations *out = run->out;
    for (uint32_t i = 1; i < count; i++)
        if (branches[i].score < best->score) best = &branches[i];
    if (best->score >= 10000 && merge_fixed_values(run, branches, count)) return;
    uint32_t len = best->end - best->start;
    memmove(&out->items[branches[0].start], &out->items[best->start], sizeof *out->items * len);
    out->len = branches[0].start + len;
}

/* `v` fits none of the alternatives. */
static void report_none(struct run *run, const struct schema_node *node, enum schema_keyword keyword,
                        const struct value *v, const struct step *step) {
    const struct node_list *list = list_of(node, keyword);
    uint8_t types = 0, own = node_types_of(v);
    for (uint32_t i = 0; i < list->len; i++) types |= list->items[i]->possible_types;
    bool whole = (types & (TYPE_INTEGER | TYPE_NUMBER)) == TYPE_INTEGER;
    if (!(types & own) && !(whole && v->kind == VALUE_FLOAT && value_number(v) > 9e18)) {
        validate_report(run, keyword, node, v, step)->types = types;
        return;
    }
    if (report_choices(run, node, keyword, v, step) || report_keys(run, node, keyword, v, step, 0)) return;

    struct branch *branches = arena_array(run->a, struct branch, list->len);
    uint32_t count = 0, start = run->out->len;
    for (uint32_t i = 0; i < list->len && !run->gave_up; i++) {
        const struct schema_node *node_i = list->items[i];
        if (!(node_i->possible_types & own) || follow(node_i)->never) continue;
        struct branch *branch = &branches[count];
        *branch = (struct branch){node_i, run->out->len, 0, 0};
        validate_check(run, node_i, v, step);
        branch->end = run->out->len;
        branch->score = score_of(run->out, branch->start, branch->end);
        if (branch->end > branch->start) count++;
    }
    if (count) keep_best(run, branches, count);
    else if (run->out->len == start) validate_report(run, keyword, node, v, step);
}

bool alternatives_check(struct run *run, const struct schema_node *node, enum schema_keyword keyword,
                        const struct value *v, const struct step *step) {
    const struct node_list *list = list_of(node, keyword);
    uint32_t matches = 0;
    for (uint32_t i = 0; i < list->len; i++) {
        if (!validate_quietly(run, list->items[i], v)) continue;
        matches++;
        if (keyword == SCHEMA_ANY_OF) return true;
        if (matches > 1 && !run->out) return false;
    }
    if (matches == 1) return true;
    if (!run->out || run->gave_up) return false;
    if (matches == 0) report_none(run, node, keyword, v, step);
    else if (!report_keys(run, node, keyword, v, step, matches))
        validate_report(run, keyword, node, v, step)->count = matches;
    return false;
}
