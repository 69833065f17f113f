#include "check/shape.h"

#include "base/buf.h"
#include "base/fuzzy.h"
#include "check/coerce.h"
#include "value/json.h"

/* More names than this are counted, not listed. */
#define NAMES_MOST 12

struct names VEC(struct str);

/* The required children of the block at `path`. */
static void required_children(struct reporter *f, const struct schema_property *block, struct names *children) {
    const struct schema_properties *all = &f->settings->standard->properties;
    for (uint32_t i = 0; i < all->len; i++) {
        const struct schema_property *property = &all->items[i];
        if (!property->required || property->condition || property->key_count != block->key_count + 1) continue;
        if (keys_lead(block->keys, block->key_count, property->keys, property->key_count))
            vec_push(f->arena, children, property->keys[block->key_count]);
    }
}

/* Whether it is known what to add at the property. */
static bool has_default(const struct schema_property *property) {
    return property && (property->default_value || value_get(property->annotation, STR("derive")));
}

static void report_block(struct reporter *f, struct span span, const struct schema_property *block,
                         const struct names *children) {
    struct str message = arena_printf(f->arena, "`%.*s` is missing; it holds %.*s", STR_ARG(block->path),
                                      STR_ARG(reporter_list(f->arena, children->items, children->len, NAMES_MOST)));
    struct finding *finding = reporter_add(f, CHECK_MISSING_KEY, span, block->path, message);
    finding->help = block->description;
    finding->fix = FIX_SAFE;
    finding->fix_does = STR("adds it with the standard's defaults");
}

static void report_leaves(struct reporter *f, struct span span, struct str path, const struct names *leaves, bool known,
                          bool any_known) {
    if (leaves->len == 0) return;
    struct str list = reporter_list(f->arena, leaves->items, leaves->len, NAMES_MOST);
    struct str message =
        path.len ? arena_printf(f->arena, "`%.*s` lacks %.*s", STR_ARG(path), STR_ARG(list))
                 : arena_printf(f->arena, "%.*s %s missing", STR_ARG(list), leaves->len == 1 ? "is" : "are");
    struct finding *finding = reporter_add(f, CHECK_MISSING_KEY, span, path, message);
    finding->keys = leaves->items;
    finding->key_count = leaves->len;
    if (any_known) finding->fix = FIX_SAFE;
    finding->fix_does = STR("adds what the standard has a default for");
    if (!known) return;
    finding->fix_does = STR("");
    finding->help =
        leaves->len == 1 ? STR("add it with the standard's default") : STR("add them with the standard's defaults");
}

/* Whether all of the block derives from a mapping that is one value still, as an image is: the two come together. */
static bool is_withheld(struct reporter *f, const struct schema_property *block, const struct names *children,
                        const struct legacy_state *legacy) {
    for (uint32_t i = 0; i < children->len && legacy->count; i++) {
        const struct standard *standard = f->settings->standard;
        struct str path = dotted_member(f->arena, block->path, children->items[i]);
        const struct derivation *derivation = standard_derivation(standard, standard_property(standard, path));
        if (!derivation || !legacy_feeds_derivation(f->arena, legacy, derivation)) return false;
    }
    return legacy->count && children->len;
}

/* A mapping that lacks keys: blocks are told one by one, the rest together. */
static void check_required(struct reporter *f, const struct violation *violation, const struct legacy_state *legacy) {
    bool present = violation->instance->map.len == 0 && violation->path.len > 0;
    if (present) return; /* an empty mapping is an answer: nothing of it is wanted */
    struct span span = reporter_key_span(f, violation->instance);
    struct names leaves = {NULL, 0, 0};
    bool known = true, any_known = false; /* what to add for each of the leaves, for any of them */
    for (uint32_t i = 0; i < violation->name_count; i++) {
        struct str path = dotted_member(f->arena, violation->path, violation->names[i]);
        const struct schema_property *property = standard_property(f->settings->standard, path);
        struct names children = {NULL, 0, 0};
        if (legacy_feeds(legacy, path) || settings_optional(f->settings, path)) continue;
        if (property) required_children(f, property, &children);
        if (property && is_withheld(f, property, &children, legacy)) continue;
        if (children.len) {
            report_block(f, span, property, &children);
        } else {
            vec_push(f->arena, &leaves, violation->names[i]);
            known = known && has_default(property);
            any_known = any_known || has_default(property);
        }
    }
    report_leaves(f, span, violation->path, &leaves, known, any_known);
}

static struct span violation_span(const struct reporter *f, const struct violation *violation) {
    bool at_key =
        violation->member &&
        (violation->keyword == SCHEMA_ADDITIONAL_PROPERTIES || violation->keyword == SCHEMA_UNEVALUATED_PROPERTIES ||
         violation->keyword == SCHEMA_PROPERTY_NAMES || violation->keyword == SCHEMA_DEPENDENT_REQUIRED);
    return at_key ? violation->member->key_span : reporter_value_span(f, violation->instance);
}

/* What is wrong with a scalar's type or case can be put right. */
static void suggest(struct arena *a, const struct violation *violation, struct finding *finding) {
    struct coercion right = coerce_suggest(a, violation);
    struct buf json = buf_in(a);
    finding->fix = right.fix;
    if (!right.value) return;
    json_write(&json, right.value, JSON_ONE_LINE);
    finding->becomes = buf_str(&json);
    finding->fix_does = arena_printf(a, "writes `%.*s`", STR_ARG(finding->becomes));
}

static void check_violation(struct reporter *f, const struct violation *violation) {
    struct schema_message words = schema_violation_message(f->arena, violation);
    bool unknown =
        violation->keyword == SCHEMA_ADDITIONAL_PROPERTIES || violation->keyword == SCHEMA_UNEVALUATED_PROPERTIES;
    struct finding *finding = reporter_add(f, unknown ? CHECK_UNKNOWN_KEY : CHECK_INVALID_VALUE,
                                           violation_span(f, violation), violation->path, words.message);
    if (!unknown) suggest(f->arena, violation, finding);
    /* A suggestion belongs to the message: formats of one line show no help. */
    if (words.suggests)
        finding->message = arena_printf(f->arena, "%.*s; %.*s", STR_ARG(words.message), STR_ARG(words.help));
    else finding->help = words.help;
}

/* Whether Helm itself gives the key at the top a meaning, whatever a standard says of it. */
static bool is_of_helm(const struct chart_names *parts, struct str key) {
    bool found = str_eq(key, STR("global")) || str_eq(key, STR("tags"));
    for (uint32_t i = 0; i < parts->len && !found; i++) found = str_eq(parts->items[i], key);
    return found;
}

/* A key at the top that is almost one of the standard's. Others are the chart's own affair. */
static void check_top_keys(struct reporter *f, const struct value *values, const struct legacy_state *legacy,
                           const struct chart_names *parts) {
    const struct standard *standard = f->settings->standard;
    for (uint32_t i = 0; i < values->map.len; i++) {
        const struct member *member = &values->map.members[i];
        if (standard_at(standard, &member->key, 1) || legacy_stands(legacy, member->key) ||
            legacy_may_stand(legacy, member->key) || is_of_helm(parts, member->key))
            continue;
        struct str nearest = fuzzy_nearest(member->key, standard->top_names, standard->top_count);
        if (nearest.len == 0 || value_get(values, nearest)) continue;
        struct finding *finding = reporter_add(
            f, CHECK_UNKNOWN_KEY, member->key_span, member->key,
            arena_printf(f->arena, "unknown key `%.*s`; did you mean `%.*s`?", STR_ARG(member->key), STR_ARG(nearest)));
        bool has_place = standard_property(standard, STR("serviceConfig")) != NULL;
        finding->help =
            has_place ? STR("rename it, or put it below `serviceConfig` if it is the service's own") : STR("rename it");
    }
}

/* Takes the violations away that only say that such a key is unknown. */
static void drop_keys_of_helm(const struct value *values, const struct chart_names *parts,
                              struct violations *violations) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < violations->len; i++) {
        const struct violation *violation = &violations->items[i];
        bool about_key = violation->keyword == SCHEMA_ADDITIONAL_PROPERTIES ||
                         violation->keyword == SCHEMA_UNEVALUATED_PROPERTIES ||
                         violation->keyword == SCHEMA_PROPERTY_NAMES;
        bool at_top =
            about_key && violation->member && value_member(values, violation->member->key) == violation->member;
        if (!at_top || !is_of_helm(parts, violation->member->key)) violations->items[kept++] = *violation;
    }
    violations->len = kept;
}

void shape_check(struct reporter *f, struct regex_work *work, const struct value *values,
                 const struct legacy_state *legacy, bool overlay, const struct chart_names *parts,
                 struct violations *violations) {
    const struct standard *standard = f->settings->standard;
    if (!standard_validate(standard, f->arena, NULL, work, values, violations)) {
        drop_keys_of_helm(values, parts, violations);
        for (uint32_t i = 0; i < violations->len; i++) {
            const struct violation *violation = &violations->items[i];
            if (violation->keyword == SCHEMA_REQUIRED) {
                if (!overlay) check_required(f, violation, legacy);
            } else if (!legacy_stands(legacy, violation->path) && !legacy_may_stand(legacy, violation->path)) {
                check_violation(f, violation);
            }
        }
    }
    if (standard->top_count) check_top_keys(f, values, legacy, parts);
}

void shape_name_standard(struct reporter *f, uint32_t first) {
    for (uint32_t i = first; i < f->findings->len && f->settings->schema_of_override; i++) {
        struct finding *finding = &f->findings->items[i];
        finding->help = arena_printf(f->arena, "%.*s%sthe standard of this chart is %.*s", STR_ARG(finding->help),
                                     finding->help.len ? "; " : "", STR_ARG(f->settings->schema.value));
    }
}

static bool reads_violation(const struct derivation *derivation, const struct value *values,
                            const struct violations *violations) {
    for (uint32_t i = 0; i < derivation->read_count; i++) {
        const struct cel_read *read = &derivation->reads[i];
        const struct value *value = values;
        for (uint32_t k = 0; k < read->count && value && read->steps[k].key.ptr; k++)
            value = value_get(value, read->steps[k].key);
        for (uint32_t v = 0; v < violations->len; v++)
            if (violations->items[v].instance == value && violations->items[v].keyword != SCHEMA_REQUIRED) return true;
    }
    return false;
}

void shape_check_when(struct reporter *f, const struct value *values, const struct cel_value *slots,
                      const struct violations *violations) {
    const struct derivations *derivations = &f->settings->standard->derivations;
    for (uint32_t i = 0; i < derivations->len; i++) {
        const struct derivation *derivation = &derivations->items[i];
        const struct schema_property *property = derivation->property;
        const struct value *parent = value_path(values, property->keys, property->key_count - 1);
        if (!derivation->when || !parent || settings_optional(f->settings, property->path) ||
            value_get(parent, property->keys[property->key_count - 1]))
            continue;
        if (reads_violation(derivation, values, violations) || !derive_requires(f->arena, derivation, slots)) continue;
        struct finding *finding =
            reporter_add(f, CHECK_MISSING_KEY, reporter_key_span(f, parent), property->path,
                         arena_printf(f->arena, "`%.*s` is missing; it is required when %.*s", STR_ARG(property->path),
                                      STR_ARG(value_get(property->annotation, STR("when"))->string)));
        finding->help = property->description;
        finding->fix_does = STR("adds it with the standard's defaults");
        if (has_default(property) || property->types == TYPE_MAP) finding->fix = FIX_SAFE;
    }
}
