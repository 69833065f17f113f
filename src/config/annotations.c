#include "config/annotations.h"

#include "base/fuzzy.h"
#include "rule/path.h"
#include "rule/rule.h"

#define ANNOTATION STR("x-valuelint")

/* ---- Their form ---- */

struct walk {
    struct arena *arena;
    const struct document *document;
    struct problems *problems;
    bool draft_7;
    bool ok;
};

/* Keywords that count beside a `$ref` in draft 7, since they constrain nothing. */
static const char *const BESIDE_REF[] = {"$ref",        "$id",       "$schema",   "$comment", "title",
                                         "description", "default",   "examples",  "$defs",    "definitions",
                                         "readOnly",    "writeOnly", "deprecated"};

/* Draft 7 looks at nothing beside a `$ref`, without a word. */
static void check_beside_ref(struct walk *w, const struct value *schema) {
    const struct value *ref = value_get(schema, STR("$ref"));
    if (!w->draft_7 || !ref || ref->kind != VALUE_STRING) return;
    for (uint32_t i = 0; i < schema->map.len; i++) {
        const struct member *member = &schema->map.members[i];
        bool counts = str_starts(member->key, STR("x-"));
        for (size_t k = 0; k < sizeof BESIDE_REF / sizeof *BESIDE_REF; k++)
            counts = counts || str_eq(member->key, str_from(BESIDE_REF[k]));
        if (counts) continue;
        w->ok = false;
        problem_add(w->arena, w->problems, &w->document->source, member->key_span,
                    arena_printf(w->arena, "draft 7 ignores `%.*s` beside `$ref`", STR_ARG(member->key)),
                    STR("put the `$ref` into `allOf`"));
    }
}

/* A required key that is described nowhere, beside one that is much like it. Where other schemas join in, they may
 * describe it. */
static void check_required(struct walk *w, const struct value *schema) {
    static const char *const joining[] = {"$ref", "allOf", "anyOf", "oneOf", "if", "patternProperties"};
    const struct value *required = value_get(schema, STR("required"));
    const struct value *properties = value_get(schema, STR("properties"));
    struct VEC(struct str) names = {NULL, 0, 0};
    bool alone = required && required->kind == VALUE_LIST && properties && properties->kind == VALUE_MAP;
    for (size_t i = 0; alone && i < sizeof joining / sizeof *joining; i++)
        alone = !value_get(schema, str_from(joining[i]));
    if (!alone) return;
    for (uint32_t i = 0; i < properties->map.len; i++) vec_push(w->arena, &names, properties->map.members[i].key);
    for (uint32_t i = 0; i < required->list.len; i++) {
        const struct value *key = &required->list.items[i];
        if (key->kind != VALUE_STRING || value_get(properties, key->string)) continue;
        struct str nearest = fuzzy_nearest(key->string, names.items, names.len);
        if (nearest.len == 0) continue;
        w->ok = false;
        problem_add(w->arena, w->problems, &w->document->source, key->span,
                    arena_printf(w->arena, "`%.*s` is required, and no property describes it", STR_ARG(key->string)),
                    arena_printf(w->arena, "did you mean `%.*s`?", STR_ARG(nearest)));
    }
}

/* Whether what stands under `key` in a schema is data, so that an annotation in it is none. */
static bool holds_data(struct str key) {
    return str_eq(key, STR("default")) || str_eq(key, STR("const")) || str_eq(key, STR("enum")) ||
           str_eq(key, STR("examples"));
}

/* Whether what stands under `key` in a schema is a mapping from names to schemas. */
static bool holds_names(struct str key) {
    return str_eq(key, STR("properties")) || str_eq(key, STR("patternProperties")) || str_eq(key, STR("definitions")) ||
           str_eq(key, STR("$defs")) || str_eq(key, STR("dependentSchemas")) || str_eq(key, STR("dependencies"));
}

/* The depth is bounded: the document was parsed. */
static void walk_schema(struct walk *w, const struct value *v, bool names) {
    for (uint32_t i = 0; v->kind == VALUE_LIST && i < v->list.len; i++) walk_schema(w, &v->list.items[i], false);
    if (!names) {
        check_beside_ref(w, v);
        check_required(w, v);
    }
    for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.len; i++) {
        const struct member *member = &v->map.members[i];
        if (!names && holds_data(member->key)) continue;
        if (names || !str_eq(member->key, ANNOTATION))
            walk_schema(w, &member->value, !names && holds_names(member->key));
        else if (!document_check_part(w->arena, w->document, &member->value, STR("schema/x-valuelint.schema.json"),
                                      w->problems))
            w->ok = false;
    }
}

bool annotations_check(struct arena *a, const struct document *document, struct problems *problems) {
    const struct value *draft = value_get(&document->root, STR("$schema"));
    bool newer = draft && draft->kind == VALUE_STRING && str_find(draft->string, STR("/draft/20")) < draft->string.len;
    struct walk w = {a, document, problems, !newer, true};
    walk_schema(&w, &document->root, false);
    return w.ok;
}

/* ---- Old places ---- */

/* One path under `legacy` or `absorbs`. */
struct claim {
    const struct schema_property *property;
    const struct value *item; /* the path as written */
    struct rule_path path;
    struct str split; /* the part; empty where the value moves as one */
    bool convert;
    bool subtree;
};

struct checker {
    struct arena *arena;
    const struct standard *standard;
    struct problems *problems;
    struct VEC(struct claim) claims;
    uint32_t last; /* where the last report was */
    bool ok;
};

static void report(struct checker *c, const struct value *at, struct span part, struct str message, struct str help) {
    const struct standard_files *files = &c->standard->files;
    struct span span = span_len(part) ? standard_files_place(files, at, part) : at->span;
    const struct problem *last = c->problems->len ? &c->problems->items[c->problems->len - 1] : NULL;
    c->ok = false;
    if (c->last == span.start && last && str_eq(last->message, message)) return; /* a path and its parent */
    c->last = span.start;
    standard_files_problem(files, c->problems, span, message, help);
}

static void collect(struct checker *c, const struct schema_property *property, struct str key) {
    const struct value *list = value_get(property->annotation, key);
    for (uint32_t i = 0; list && i < list->list.len; i++) {
        const struct value *item = &list->list.items[i], *split = value_get(item, STR("split"));
        struct claim claim = {.property = property};
        claim.item = item->kind == VALUE_MAP ? value_get(item, STR("path")) : item;
        uint32_t at;
        bool known = false;
        for (uint32_t k = 0; k < c->claims.len; k++) known = known || c->claims.items[k].item == claim.item;
        if (known || !rule_path_parse(c->arena, claim.item->string, &claim.path, &at)) continue;
        if (split) claim.split = split->string;
        claim.convert = value_get(item, STR("convert")) != NULL;
        claim.subtree = str_eq(key, STR("absorbs"));
        vec_push(c->arena, &c->claims, claim);
    }
}

static bool leads(const struct claim *claim, const struct schema_property *property) {
    return keys_lead(claim->path.keys, claim->path.count, property->keys, property->key_count);
}

/* The words for a property that takes no mapping. */
static const char *type_words(uint8_t types) {
    return types == TYPE_LIST                                  ? "a list"
           : types == TYPE_STRING                              ? "a string"
           : types == TYPE_BOOL                                ? "a boolean"
           : types && !(types & ~(TYPE_INTEGER | TYPE_NUMBER)) ? "a number"
                                                               : "no mapping";
}

/* The part of a string goes below its old place, under the name of the part. */
static void check_split(struct checker *c, const struct claim *claim) {
    const struct schema_property *property = claim->property;
    if (!leads(claim, property)) return; /* a name of its own */
    bool fits = property->key_count == claim->path.count + 1 && leads(claim, property) &&
                str_eq(property->keys[property->key_count - 1], claim->split);
    if (!fits)
        report(c, claim->item, (struct span){0, 0},
               arena_printf(c->arena, "the part `%.*s` of `%.*s` cannot go to `%.*s`", STR_ARG(claim->split),
                            STR_ARG(claim->item->string), STR_ARG(property->path)),
               arena_printf(c->arena, "an image as one string is split into `%.*s.repository` and `%.*s.tag`",
                            STR_ARG(claim->item->string), STR_ARG(claim->item->string)));
}

/* An old place against the properties of the schema. */
static void check_claim(struct checker *c, const struct claim *claim) {
    struct arena *a = c->arena;
    struct str path = claim->item->string, own = claim->property->path;
    const struct span all = {0, 0};
    if (claim->split.len) {
        check_split(c, claim);
        return;
    }
    if (claim->subtree && !(claim->property->types & TYPE_MAP)) {
        report(c, claim->item, all,
               arena_printf(a, "`absorbs` takes what is left of a mapping, and `%.*s` is %s", STR_ARG(own),
                            type_words(claim->property->types)),
               STR("a single value moves by `legacy`"));
        return;
    }
    if (claim->path.count == claim->property->key_count && leads(claim, claim->property)) {
        report(c, claim->item, all,
               arena_printf(a, "`%.*s` is the property itself, not an old place of it", STR_ARG(path)),
               STR("delete it"));
        return;
    }
    if (keys_lead(claim->property->keys, claim->property->key_count, claim->path.keys, claim->path.count) ||
        leads(claim, claim->property)) {
        report(c, claim->item, all,
               arena_printf(a, "the old place `%.*s` and `%.*s` lie inside of each other", STR_ARG(path), STR_ARG(own)),
               STR("a value can only move to a place outside of its own"));
        return;
    }
    for (uint32_t count = 1; count <= claim->path.count; count++) {
        const struct schema_property *there = standard_at(c->standard, claim->path.keys, count);
        if (!there) continue;
        if (count == claim->path.count)
            report(c, claim->item, all,
                   arena_printf(a, "the old place `%.*s` of `%.*s` is a property of the schema", STR_ARG(path),
                                STR_ARG(own)),
                   STR("it is the one or the other: delete the property or the old place"));
        else if (!(there->types & TYPE_MAP))
            report(c, claim->item, all,
                   arena_printf(a, "the old place `%.*s` leads nowhere: `%.*s` is %s", STR_ARG(path),
                                STR_ARG(there->path), type_words(there->types)),
                   STR("delete it, or name the old place by another path"));
        else continue;
        return;
    }
}

/* Whether the property derives from `other`. */
static bool derives_from(const struct checker *c, const struct schema_property *property,
                         const struct schema_property *other) {
    const struct derivation *derivation = standard_derivation(c->standard, property);
    for (uint32_t i = 0; derivation && i < derivation->source_count; i++) {
        const struct cel_read *read = &derivation->sources[i];
        bool same = read->slot == RULE_VALUES && read->count == other->key_count;
        for (uint32_t k = 0; same && k < read->count; k++)
            same = read->steps[k].key.ptr && str_eq(read->steps[k].key, other->keys[k]);
        if (same) return true;
    }
    return false;
}

/* Two properties, or one of them twice, with the same old place. Those behind the first must follow from it. */
static void check_same(struct checker *c, const struct claim *first, const struct claim *second) {
    struct arena *a = c->arena;
    struct str path = second->item->string;
    bool parts = first->split.len && second->split.len && !str_eq(first->split, second->split);
    if (parts && leads(first, first->property) != leads(second, second->property)) {
        report(c, second->item, (struct span){0, 0},
               arena_printf(a, "one part of `%.*s` stays below it, and another goes elsewhere", STR_ARG(path)),
               STR("let both stay, or give both a name of their own"));
        return;
    }
    parts = parts || (first->convert && second->convert && first->property != second->property);
    bool other_condition = first->property->condition != second->property->condition;
    if (parts || (other_condition && str_eq(first->property->path, second->property->path))) return;
    if (first->property == second->property)
        report(c, second->item, (struct span){0, 0}, arena_printf(a, "`%.*s` is named twice", STR_ARG(path)),
               STR("delete one of them"));
    else if (!derives_from(c, second->property, first->property))
        report(
            c, second->item, (struct span){0, 0},
            arena_printf(a, "`%.*s` is the old place of `%.*s` already", STR_ARG(path), STR_ARG(first->property->path)),
            STR("a value moves to one place; others must `derive` from that one, or take their part by `convert`"));
}

/* Old places of which one is around another: to move it would take the other along. */
static void check_overlap(struct checker *c, const struct claim *first, const struct claim *second) {
    bool around = keys_lead(first->path.keys, first->path.count, second->path.keys, second->path.count);
    bool inside = keys_lead(second->path.keys, second->path.count, first->path.keys, first->path.count);
    const struct claim *outer = around ? first : second;
    if (around == inside || outer->subtree || outer->split.len) return;
    report(c, second->item, (struct span){0, 0},
           arena_printf(c->arena, "the old places `%.*s` of `%.*s` and `%.*s` of `%.*s` overlap",
                        STR_ARG(second->item->string), STR_ARG(second->property->path), STR_ARG(first->item->string),
                        STR_ARG(first->property->path)),
           STR("name the outer one under `absorbs`, which takes what is left"));
}

static bool is_same_place(const struct claim *first, const struct claim *second) {
    return first->path.count == second->path.count &&
           keys_lead(first->path.keys, first->path.count, second->path.keys, second->path.count);
}

static void check_pairs(struct checker *c, uint32_t index) {
    const struct claim *claim = &c->claims.items[index];
    bool compared = false;
    for (uint32_t i = 0; i < index; i++) {
        const struct claim *before = &c->claims.items[i];
        if (!is_same_place(before, claim)) check_overlap(c, before, claim);
        else if (!compared) check_same(c, before, claim);
        compared = compared || is_same_place(before, claim);
    }
}

/* ---- What expressions read ---- */

static void check_reads(struct checker *c, const struct schema_property *property, struct str key,
                        const struct cel_read *reads, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        struct VEC(struct str) keys = {NULL, 0, 0};
        struct str message, help;
        if (reads[i].slot != RULE_VALUES) continue;
        for (uint32_t k = 0; k < reads[i].count; k++) vec_push(c->arena, &keys, reads[i].steps[k].key);
        if (rule_path_known(c->arena, &c->standard->properties, true, keys.items, keys.len, &message, &help)) continue;
        report(
            c, value_get(property->annotation, key), reads[i].span,
            arena_printf(c->arena, "`%.*s` of `%.*s`: %.*s", STR_ARG(key), STR_ARG(property->path), STR_ARG(message)),
            help);
    }
}

bool annotations_check_paths(struct arena *a, const struct standard *standard, struct problems *problems) {
    struct checker c = {.arena = a, .standard = standard, .problems = problems, .ok = true};
    for (uint32_t i = 0; i < standard->properties.len; i++) {
        const struct schema_property *property = &standard->properties.items[i];
        if (!property->annotation) continue;
        collect(&c, property, STR("legacy"));
        collect(&c, property, STR("absorbs"));
    }
    for (uint32_t i = 0; i < c.claims.len; i++) {
        check_claim(&c, &c.claims.items[i]);
        check_pairs(&c, i);
    }
    for (uint32_t i = 0; i < standard->derivations.len; i++) {
        const struct derivation *derivation = &standard->derivations.items[i];
        check_reads(&c, derivation->property, STR("derive"), derivation->sources, derivation->source_count);
        check_reads(&c, derivation->property, STR("when"), derivation->reads, derivation->read_count);
    }
    return c.ok;
}
