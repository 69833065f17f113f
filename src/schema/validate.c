/* Values against nodes. The one walk serves both questions: with run->out it goes through everything and says what is
 * wrong, without it stops at the first thing that is. */
#include "schema/validate.h"

#include <float.h>
#include <math.h>

#include "base/utf8.h"

/* Violations further apart than this are not compared when repeats are dropped. */
#define REPEAT_WINDOW 64

struct violation *validate_report(struct run *run, enum schema_keyword keyword, const struct schema_node *node,
                                  const struct value *instance, const struct step *step) {
    vec_push(run->a, run->out,
             (struct violation){
                 .keyword = keyword,
                 .schema = node->source,
                 .expected = value_get(node->source, schema_keyword_name(keyword)),
                 .instance = instance,
                 .path = step_dotted(run->a, step),
                 .pointer = step_pointer(run->a, step),
             });
    return &run->out->items[run->out->len - 1];
}

bool validate_quietly(struct run *run, const struct schema_node *node, const struct value *v) {
    struct violations *out = run->out;
    run->out = NULL;
    bool valid = validate_check(run, node, v, NULL);
    run->out = out;
    return valid;
}

/* ---- Numbers ---- */

static int compare_numbers(const struct value *a, const struct value *b) {
    if (a->kind == VALUE_INT && b->kind == VALUE_INT) return (a->integer > b->integer) - (a->integer < b->integer);
    double x = value_number(a), y = value_number(b);
    return (x > y) - (x < y);
}

/* Decimal fractions are not exact in binary: 0.0075 is a multiple of 0.0001. */
static bool is_multiple(const struct value *v, const struct value *of) {
    if (v->kind == VALUE_INT && of->kind == VALUE_INT) return v->integer % of->integer == 0;
    double number = value_number(v), unit = value_number(of);
    if (fmod(number, unit) == 0) return true;
    double times = number / unit;
    return isfinite(times) && fabs(times - round(times)) <= fabs(times) * 4 * DBL_EPSILON;
}

static bool check_number(struct run *run, const struct schema_node *node, const struct value *v,
                         const struct step *step) {
    const struct number_checks *n = node->number;
    bool wrong[] = {
        n->maximum && compare_numbers(v, n->maximum) > 0,
        n->exclusive_maximum && compare_numbers(v, n->exclusive_maximum) >= 0,
        n->minimum && compare_numbers(v, n->minimum) < 0,
        n->exclusive_minimum && compare_numbers(v, n->exclusive_minimum) <= 0,
        n->multiple_of && !is_multiple(v, n->multiple_of),
    };
    static const enum schema_keyword keywords[] = {SCHEMA_MAXIMUM, SCHEMA_EXCLUSIVE_MAXIMUM, SCHEMA_MINIMUM,
                                                   SCHEMA_EXCLUSIVE_MINIMUM, SCHEMA_MULTIPLE_OF};
    bool valid = true;
    for (int i = 0; i < 5; i++) {
        if (!wrong[i]) continue;
        valid = false;
        if (!run->out) break;
        validate_report(run, keywords[i], node, v, step);
    }
    return valid;
}

/* ---- Strings ---- */

/* In Unicode code points. */
static uint32_t character_count(struct str s) {
    uint32_t count = 0;
    for (size_t i = 0; i < s.len; i++) count += !utf8_is_continuation(s.ptr[i]);
    return count;
}

static bool check_length(struct run *run, const struct schema_node *node, const struct value *v,
                         const struct step *step) {
    const struct string_checks *s = node->string;
    /* A character has one to four bytes. */
    if (v->string.len <= s->max_length && v->string.len / 4 >= s->min_length) return true;
    uint32_t count = character_count(v->string);
    bool shorter = count<s->min_length, longer = count> s->max_length;
    if (run->out && shorter) validate_report(run, SCHEMA_MIN_LENGTH, node, v, step)->count = count;
    if (run->out && longer) validate_report(run, SCHEMA_MAX_LENGTH, node, v, step)->count = count;
    return !shorter && !longer;
}

static bool check_string(struct run *run, const struct schema_node *node, const struct value *v,
                         const struct step *step) {
    const struct string_checks *s = node->string;
    bool valid = check_length(run, node, v, step);
    if (s->pattern && (valid || run->out)) {
        enum regex_result result = regex_search(s->pattern, run->regex, v->string);
        if (result != REGEX_MATCH) valid = false;
        if (result != REGEX_MATCH && run->out)
            validate_report(run, SCHEMA_PATTERN, node, v, step)->gave_up = result == REGEX_GAVE_UP;
    }
    if (s->format && (valid || run->out) && !s->format(v->string)) {
        valid = false;
        if (run->out) validate_report(run, SCHEMA_FORMAT, node, v, step);
    }
    return valid;
}

/* ---- Lists ---- */

static bool report_extra_item(struct run *run, const struct schema_node *node, const struct value *item,
                              const struct step *step) {
    struct violation *violation = validate_report(run, SCHEMA_ADDITIONAL_ITEMS, node, item, step);
    if (!violation->expected) violation->expected = value_get(node->source, STR("items"));
    violation->count = node->list->prefix_count;
    return false;
}

static bool check_items(struct run *run, const struct schema_node *node, const struct value *v,
                        const struct step *step) {
    const struct list_checks *list = node->list;
    struct step down = {step, {NULL, 0}, 0};
    bool valid = true;
    for (uint32_t i = 0; i < v->list.len; i++) {
        const struct value *item = &v->list.items[i];
        const struct schema_node *child = i < list->prefix_count ? list->prefix[i] : list->rest;
        if (!child) break;
        down.index = i;
        bool extra = child->never && child == list->rest && run->out;
        if (extra) valid = report_extra_item(run, node, item, &down);
        else if (!validate_check(run, child, item, &down)) valid = false;
        if (!valid && !run->out) return false;
    }
    return valid;
}

static bool check_contains(struct run *run, const struct schema_node *node, const struct value *v,
                           const struct step *step) {
    const struct list_checks *list = node->list;
    uint32_t count = 0;
    for (uint32_t i = 0; i < v->list.len; i++) count += validate_quietly(run, list->contains, &v->list.items[i]);
    if (count >= list->min_contains && count <= list->max_contains) return true;
    if (!run->out) return false;
    enum schema_keyword keyword = SCHEMA_CONTAINS;
    if (count > list->max_contains) keyword = SCHEMA_MAX_CONTAINS;
    else if (list->min_contains != 1) keyword = SCHEMA_MIN_CONTAINS;
    validate_report(run, keyword, node, v, step)->count = count;
    return false;
}

static bool check_unique(struct run *run, const struct schema_node *node, const struct value *v,
                         const struct step *step) {
    uint32_t first, second;
    if (!unique_find_equal(v, &first, &second)) return true;
    if (!run->out) return false;
    struct step down = {step, {NULL, 0}, second};
    struct violation *violation = validate_report(run, SCHEMA_UNIQUE_ITEMS, node, &v->list.items[second], &down);
    violation->other = &v->list.items[first];
    violation->other_index = first;
    return false;
}

static bool check_list(struct run *run, const struct schema_node *node, const struct value *v,
                       const struct step *step) {
    const struct list_checks *list = node->list;
    bool valid = true;
    if (v->list.len > list->max_items || v->list.len < list->min_items) {
        if (!run->out) return false;
        bool more = v->list.len > list->max_items;
        validate_report(run, more ? SCHEMA_MAX_ITEMS : SCHEMA_MIN_ITEMS, node, v, step)->count = v->list.len;
        valid = false;
    }
    if ((list->prefix_count || list->rest) && !check_items(run, node, v, step)) valid = false;
    if (list->contains && (valid || run->out) && !check_contains(run, node, v, step)) valid = false;
    if (list->unique && (valid || run->out) && !check_unique(run, node, v, step)) valid = false;
    return valid;
}

/* ---- Maps ---- */

static void report_unknown_key(struct run *run, enum schema_keyword keyword, const struct schema_node *node,
                               const struct member *member, const struct step *step) {
    struct violation *violation = validate_report(run, keyword, node, &member->value, step);
    violation->member = member;
    if (keyword == SCHEMA_ADDITIONAL_PROPERTIES) {
        violation->names = node->map->known;
        violation->name_count = node->map->known_count;
    }
}

static bool check_name(struct run *run, const struct schema_node *node, const struct member *member,
                       const struct step *step) {
    struct value name = value_from_string(member->key);
    name.span = member->key_span;
    if (validate_quietly(run, node->map->names, &name)) return true;
    if (!run->out || run->gave_up) return false;
    /* Again, for the reason. */
    struct violations *outer = run->out, causes = {NULL, 0, 0};
    struct value *kept = arena_new(run->a, struct value);
    *kept = name;
    run->out = &causes;
    validate_check(run, node->map->names, kept, step);
    run->out = outer;
    struct violation *violation = validate_report(run, SCHEMA_PROPERTY_NAMES, node, &member->value, step);
    violation->member = member;
    violation->cause = causes.len ? causes.items : NULL;
    return false;
}

static bool check_member(struct run *run, const struct schema_node *node, const struct member *member,
                         const struct step *step, uint32_t *required) {
    const struct map_checks *map = node->map;
    const struct property *property = node_property(map, member->key, member->hash);
    bool known = false, valid = true;
    if (property) {
        *required += property->required;
        known = property->node != NULL;
        if (known && !validate_check(run, property->node, &member->value, step)) valid = false;
    }
    for (uint32_t i = 0; i < map->pattern_count; i++) {
        if (!valid && !run->out) return false;
        enum regex_result result = regex_search(map->patterns[i].regex, run->regex, member->key);
        if (result == REGEX_NO_MATCH) continue;
        if (result == REGEX_GAVE_UP) run->gave_up = true;
        known = true;
        if (!validate_check(run, map->patterns[i].node, &member->value, step)) valid = false;
    }
    if (!known && map->additional) {
        if (map->additional->never && run->out)
            report_unknown_key(run, SCHEMA_ADDITIONAL_PROPERTIES, node, member, step);
        if (map->additional->never || !validate_check(run, map->additional, &member->value, step)) valid = false;
    }
    if (map->names && (valid || run->out) && !check_name(run, node, member, step)) valid = false;
    return valid;
}

static bool report_missing(struct run *run, const struct schema_node *node, const struct value *v,
                           const struct step *step) {
    const struct map_checks *map = node->map;
    struct str *names = arena_array(run->a, struct str, map->required_count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < map->property_count; i++)
        if (map->properties[i].required && !value_member(v, map->properties[i].key))
            names[count++] = map->properties[i].key;
    struct violation *violation = validate_report(run, SCHEMA_REQUIRED, node, v, step);
    violation->names = names;
    violation->name_count = count;
    return false;
}

static bool check_dependency(struct run *run, const struct schema_node *node, const struct dependency *dependency,
                             const struct value *v, const struct step *step) {
    const struct member *member = value_member(v, dependency->key);
    if (!member) return true;
    if (dependency->node) return validate_check(run, dependency->node, v, step);
    struct str *names = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < dependency->names->list.len; i++) {
        struct str name = dependency->names->list.items[i].string;
        if (value_member(v, name)) continue;
        if (!run->out) return false;
        if (!names) names = arena_array(run->a, struct str, dependency->names->list.len);
        names[count++] = name;
    }
    if (!count) return true;
    struct violation *violation = validate_report(run, SCHEMA_DEPENDENT_REQUIRED, node, v, step);
    violation->expected = dependency->names;
    violation->member = member;
    violation->names = names;
    violation->name_count = count;
    return false;
}

static bool check_map(struct run *run, const struct schema_node *node, const struct value *v, const struct step *step) {
    const struct map_checks *map = node->map;
    struct step down = {step, {NULL, 0}, 0};
    uint32_t required = 0;
    bool valid = true;
    if (v->map.len > map->max_properties || v->map.len < map->min_properties) {
        if (!run->out) return false;
        bool more = v->map.len > map->max_properties;
        validate_report(run, more ? SCHEMA_MAX_PROPERTIES : SCHEMA_MIN_PROPERTIES, node, v, step)->count = v->map.len;
        valid = false;
    }
    for (uint32_t i = 0; i < v->map.len; i++) {
        down.key = v->map.members[i].key;
        if (check_member(run, node, &v->map.members[i], &down, &required)) continue;
        valid = false;
        if (!run->out) return false;
    }
    if (required != map->required_count) {
        if (!run->out) return false;
        valid = report_missing(run, node, v, step);
    }
    for (uint32_t i = 0; i < map->dependency_count; i++) {
        if (check_dependency(run, node, &map->dependencies[i], v, step)) continue;
        valid = false;
        if (!run->out) return false;
    }
    return valid;
}

/* ---- Any value ---- */

static bool is_in_list(const struct value_checks *checks, const struct value *v) {
    const struct value_list *list = &checks->enumeration->list;
    if (checks->slots && v->kind == VALUE_STRING) {
        uint32_t slot = str_hash(v->string) & (checks->slot_count - 1);
        for (; checks->slots[slot]; slot = (slot + 1) & (checks->slot_count - 1))
            if (str_eq(checks->slots[slot]->string, v->string)) return true;
        return false;
    }
    for (uint32_t i = 0; i < list->len; i++)
        if (value_equal(&list->items[i], v)) return true;
    return false;
}

static bool check_values(struct run *run, const struct schema_node *node, const struct value *v,
                         const struct step *step) {
    const struct value_checks *checks = node->values;
    bool valid = true;
    if (checks->constant && !value_equal(checks->constant, v)) {
        valid = false;
        if (run->out) validate_report(run, SCHEMA_CONST, node, v, step);
    }
    if (checks->enumeration && (valid || run->out) && !is_in_list(checks, v)) {
        valid = false;
        if (run->out) validate_report(run, SCHEMA_ENUM, node, v, step);
    }
    return valid;
}

/* ---- Schemas applied to the same value ---- */

const struct schema_node *validate_dynamic_target(const struct run *run, const struct apply_checks *apply) {
    const struct schema_node *target = apply->dynamic;
    if (!apply->dynamic_anchor.ptr) return target;
    for (const struct scope *scope = run->scope; scope; scope = scope->outer) {
        const struct schema_node *found = map_get(&scope->resource->dynamic_anchors, apply->dynamic_anchor);
        if (found) target = found; /* the outermost one wins */
    }
    return target;
}

static bool check_unevaluated(struct run *run, const struct schema_node *node, const struct value *v,
                              const struct step *step) {
    bool is_map = v->kind == VALUE_MAP;
    uint32_t len = is_map ? v->map.len : v->list.len;
    const struct schema_node *child = is_map ? node->apply->unevaluated_properties : node->apply->unevaluated_items;
    const struct str *names = NULL;
    uint32_t name_count = 0;
    bool valid = true;
    for (uint32_t first = 0; first < len; first += 64) {
        uint64_t seen = evaluated_bits(run, node, v, first, true);
        for (uint32_t i = first; i < len && i < first + 64; i++) {
            if (seen >> (i - first) & 1) continue;
            const struct member *member = is_map ? &v->map.members[i] : NULL;
            const struct value *part = is_map ? &member->value : &v->list.items[i];
            struct step down = {step, is_map ? member->key : (struct str){NULL, 0}, i};
            if (!child->never || !run->out) {
                if (!validate_check(run, child, part, &down)) valid = false;
                if (!valid && !run->out) return false;
                continue;
            }
            valid = false;
            if (is_map && !names) evaluated_names(run, node, &names, &name_count);
            enum schema_keyword keyword = is_map ? SCHEMA_UNEVALUATED_PROPERTIES : SCHEMA_UNEVALUATED_ITEMS;
            struct violation *violation = validate_report(run, keyword, node, part, &down);
            violation->member = member;
            violation->names = names;
            violation->name_count = name_count;
        }
    }
    return valid;
}

static bool check_not(struct run *run, const struct schema_node *node, const struct value *v, const struct step *step) {
    if (!validate_quietly(run, node->apply->negated, v)) return true;
    if (run->out) validate_report(run, SCHEMA_NOT, node, v, step);
    return false;
}

static bool check_condition(struct run *run, const struct schema_node *node, const struct value *v,
                            const struct step *step) {
    const struct apply_checks *apply = node->apply;
    if (!apply->then && !apply->otherwise) return true;
    const struct schema_node *branch = validate_quietly(run, apply->condition, v) ? apply->then : apply->otherwise;
    return !branch || validate_check(run, branch, v, step);
}

#define REQUIRE(check)                                                                                                 \
    do {                                                                                                               \
        if (!(check)) {                                                                                                \
            valid = false;                                                                                             \
            if (!run->out) return false;                                                                               \
        }                                                                                                              \
    } while (0)

static bool check_applied(struct run *run, const struct schema_node *node, const struct value *v,
                          const struct step *step) {
    const struct apply_checks *apply = node->apply;
    bool valid = true;
    if (apply->ref) REQUIRE(validate_check(run, apply->ref, v, step));
    if (apply->dynamic) REQUIRE(validate_check(run, validate_dynamic_target(run, apply), v, step));
    for (uint32_t i = 0; i < apply->all_of.len; i++) REQUIRE(validate_check(run, apply->all_of.items[i], v, step));
    if (apply->any_of.len) REQUIRE(alternatives_check(run, node, SCHEMA_ANY_OF, v, step));
    if (apply->one_of.len) REQUIRE(alternatives_check(run, node, SCHEMA_ONE_OF, v, step));
    if (apply->negated) REQUIRE(check_not(run, node, v, step));
    if (apply->condition) REQUIRE(check_condition(run, node, v, step));
    if (apply->unevaluated_properties && v->kind == VALUE_MAP) REQUIRE(check_unevaluated(run, node, v, step));
    if (apply->unevaluated_items && v->kind == VALUE_LIST) REQUIRE(check_unevaluated(run, node, v, step));
    return valid;
}

/* ---- The walk ---- */

static bool wrong_type(struct run *run, const struct schema_node *node, const struct value *v,
                       const struct step *step) {
    /* Whole numbers beyond 64 bits are floats here. */
    bool whole =
        v->kind == VALUE_FLOAT && (node->types & TYPE_INTEGER) && isfinite(v->real) && floor(v->real) == v->real;
    if (whole) return false;
    if (run->out && node->never) validate_report(run, SCHEMA_FALSE, node, v, step);
    else if (run->out) validate_report(run, SCHEMA_TYPE, node, v, step)->types = node->types;
    return true;
}

static bool check_parts(struct run *run, const struct schema_node *node, const struct value *v,
                        const struct step *step) {
    bool valid = true;
    if (!(node->types & node_types_of(v)) && wrong_type(run, node, v, step)) return false;
    switch (v->kind) {
    case VALUE_STRING:
        if (node->string) REQUIRE(check_string(run, node, v, step));
        break;
    case VALUE_INT:
    case VALUE_FLOAT:
        if (node->number) REQUIRE(check_number(run, node, v, step));
        break;
    case VALUE_LIST:
        if (node->list) REQUIRE(check_list(run, node, v, step));
        break;
    case VALUE_MAP:
        if (node->map) REQUIRE(check_map(run, node, v, step));
        break;
    case VALUE_NULL:
    case VALUE_BOOL: break;
    }
    if (node->values) REQUIRE(check_values(run, node, v, step));
    if (node->apply) REQUIRE(check_applied(run, node, v, step));
    return valid;
}

bool validate_check(struct run *run, const struct schema_node *node, const struct value *v, const struct step *step) {
    bool dynamic = run->schema->dynamic;
    if (node->forward && !dynamic) node = node->forward;
    if (run->steps == 0 || run->depth >= SCHEMA_DEPTH_MAX) run->gave_up = true;
    if (run->gave_up) return false;
    bool remembers = run->memo && v->kind == VALUE_MAP && v->map.len && !dynamic;
    uint32_t known = remembers ? memo_get(run->memo, node, v) : 0;
    if (known && known <= run->steps) {
        run->steps -= known;
        return true;
    }
    uint64_t steps = run->steps--;
    run->depth++;
    const struct scope *outer = run->scope;
    struct scope inner = {outer, node->resource};
    if (dynamic && (!outer || outer->resource != node->resource)) run->scope = &inner;
    bool valid = check_parts(run, node, v, step);
    run->scope = outer;
    run->depth--;
    valid = valid && !run->gave_up;
    if (remembers && valid && steps - run->steps <= UINT32_MAX)
        memo_put(run->memo, node, v, (uint32_t)(steps - run->steps));
    return valid;
}

/* Two places of the schema may say the same of one value. */
static bool is_repeat(const struct violation *a, const struct violation *b) {
    if (a->keyword != b->keyword || a->instance != b->instance || a->member != b->member || a->types != b->types)
        return false;
    if (a->name_count != b->name_count || a->choice_count != b->choice_count || !str_eq(a->pointer, b->pointer))
        return false;
    for (uint32_t i = 0; i < a->name_count; i++)
        if (!str_eq(a->names[i], b->names[i])) return false;
    if (a->keyword == SCHEMA_REQUIRED || a->keyword == SCHEMA_ADDITIONAL_PROPERTIES) return true;
    return a->expected == b->expected || (a->expected && b->expected && value_equal(a->expected, b->expected));
}

static void drop_repeats(struct violations *out, uint32_t start) {
    uint32_t kept = start;
    for (uint32_t i = start; i < out->len; i++) {
        uint32_t from = kept - start > REPEAT_WINDOW ? kept - REPEAT_WINDOW : start;
        while (from < kept && !is_repeat(&out->items[from], &out->items[i])) from++;
        if (from == kept) out->items[kept++] = out->items[i];
    }
    out->len = kept;
}

bool schema_validate_again(const struct schema *schema, struct arena *a, struct schema_memo *memo,
                           struct regex_work *work, const struct value *instance, struct violations *out) {
    struct regex_work own = {.remembers = false};
    struct run run = {.schema = schema, .a = a, .out = out, .memo = memo, .steps = schema->max_steps};
    run.regex = work ? work : &own;
    uint32_t start = out->len;
    bool valid = validate_check(&run, schema->root, instance, NULL);
    regex_work_free(&own);
    if (run.gave_up) {
        out->len = start;
        validate_report(&run, SCHEMA_LIMIT, schema->root, instance, NULL);
    } else if (!valid) {
        drop_repeats(out, start);
    }
    return valid;
}

bool schema_validate(const struct schema *schema, struct arena *a, const struct value *instance,
                     struct violations *out) {
    return schema_validate_again(schema, a, NULL, NULL, instance, out);
}

bool schema_is_valid(const struct schema *schema, const struct value *instance) {
    struct regex_work work = {.remembers = false};
    struct run run = {.schema = schema, .regex = &work, .steps = schema->max_steps};
    bool valid = validate_check(&run, schema->root, instance, NULL);
    regex_work_free(&work);
    return valid;
}
