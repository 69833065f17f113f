/* One values file of a plan: its text and values, the operations on it, and the values that these lead to. */
#include "check/rules.h"
#include "fix/fix_plan.h"
#include "patch/verify.h"
#include "value/change.h"
#include "value/pointer.h"

void fix_take_text(struct fix_plan *p, struct fix_doc *doc) {
    doc->reporter = reporter_on(p->arena, p->request->checks, p->settings, &doc->source, &doc->ignored);
    doc->reporter.tree = &doc->tree;
    doc->suppressions = suppress_read(&doc->reporter);
}

void fix_add_doc(struct fix_plan *p, struct fix_doc *doc) {
    doc->first = doc->source.text;
    doc->first_values = doc->values;
    fix_take_text(p, doc);
    vec_push(p->arena, &p->docs, doc);
}

/* The chart's values in all values of the layer's file. */
static struct value values_below(const struct fix_doc *doc, const struct value *whole) {
    const struct value *below = value_path(whole, doc->above.keys, doc->above.count);
    return below && below->kind == VALUE_MAP ? *below : (struct value){.kind = VALUE_MAP};
}

void fix_layer_take(struct fix_plan *p, struct fix_doc *doc, struct value whole, bool model) {
    doc = fix_doc_owner(doc);
    if (model) doc->whole_model = whole;
    else doc->whole = whole;
    for (uint32_t i = 0; i < p->docs.len; i++) {
        struct fix_doc *of = p->docs.items[i];
        if (fix_doc_owner(of) != doc) continue;
        if (model) fix_set_model(of, values_below(of, &whole));
        else of->values = values_below(of, &whole);
    }
}

uint32_t fix_layer_depth(const struct fix_plan *p, const struct fix_doc *doc, const struct str *keys, uint32_t count) {
    for (uint32_t i = 0; i < p->docs.len; i++) {
        const struct fix_doc *of = p->docs.items[i];
        if (of != doc && of->owner != doc) continue;
        if (keys_lead(of->above.keys, of->above.count, keys, count)) return of->above.count;
    }
    return count;
}

struct str fix_doc_pointer(const struct fix_plan *p, const struct fix_doc *doc, struct str pointer) {
    if (!doc->view || pointer.len == 0) return pointer;
    struct str above = keys_pointer(p->arena, doc->above.keys, doc->above.count);
    return arena_printf(p->arena, "%.*s%.*s", STR_ARG(above), STR_ARG(pointer));
}

void fix_set_model(struct fix_doc *doc, struct value model) {
    doc->model = model;
    doc->violations = NULL;
}

const struct violations *fix_violations(struct fix_plan *p, struct fix_doc *doc) {
    if (doc->violations) return doc->violations;
    struct violations *violations = arena_new(p->arena, struct violations);
    struct value *model = arena_new(p->arena, struct value); /* violations point to it */
    *model = doc->model;
    standard_validate(p->settings->standard, p->arena, p->memo, p->request->work, model, violations);
    doc->violations = violations;
    return violations;
}

void fix_record(struct fix_plan *p, struct fix_doc *doc, const struct patch_operation *operation,
                struct fix_origin origin) {
    vec_push(p->arena, &doc->operations, *operation);
    vec_push(p->arena, &doc->origins, origin);
}

bool fix_do(struct fix_plan *p, struct fix_doc *doc, const struct patch_operation *operation,
            struct fix_origin origin) {
    struct patch_operation whole = *operation;
    struct value out;
    whole.path = fix_doc_pointer(p, doc, operation->path);
    whole.from = fix_doc_pointer(p, doc, operation->from);
    struct fix_doc *owner = fix_doc_owner(doc);
    if (!verify_expect(p->arena, &doc->tree, doc->view ? &owner->whole_model : &doc->model, &whole, &out)) {
        fix_refuse(p, origin.kind, origin.path, &doc->source, fix_span(doc, origin.path),
                   arena_printf(p->arena, "a parent of `%.*s` is not a mapping", STR_ARG(operation->path)));
        return false;
    }
    if (doc->view) fix_layer_take(p, doc, out, true);
    else fix_set_model(doc, out);
    fix_record(p, owner, &whole, origin);
    return true;
}

void fix_record_exchange(struct fix_plan *p, struct fix_doc *doc, struct fix_exchange exchange) {
    struct patch_operation replace = {
        .kind = PATCH_REPLACE, .path = fix_pointer(p, exchange.path), .value = exchange.value};
    fix_record(p, doc, &replace, (struct fix_origin){PART_SCALAR, exchange.path});
}

void fix_exchange(struct fix_plan *p, struct fix_doc *doc, const struct fix_exchanges *list) {
    struct value_change *changes = arena_array(p->arena, struct value_change, list->len);
    for (uint32_t i = 0; i < list->len; i++) {
        const struct fix_exchange *exchange = &list->items[i];
        changes[i] = (struct value_change){exchange->path.keys, exchange->path.count, *exchange->value};
        fix_record_exchange(p, doc, *exchange);
    }
    if (list->len) fix_set_model(doc, value_with(p->arena, &doc->model, changes, list->len));
}

void fix_coalesce(const struct fix_plan *p, const struct fix_doc *doc, struct value *before, struct value *after) {
    const struct fix_doc *first = p->docs.items[0];
    *before = first->overlay ? value_map_new(p->arena, 0) : first->values;
    *after = first->overlay ? value_map_new(p->arena, 0) : first->model;
    if (doc->base) {
        *before = value_overlay(p->arena, before, &doc->base->values);
        *after = value_overlay(p->arena, after, &doc->base->model);
    }
    if (doc == first && !first->overlay) return;
    *before = value_overlay(p->arena, before, &doc->values);
    *after = value_overlay(p->arena, after, &doc->model);
}

void fix_slots(struct fix_plan *p, struct fix_doc *doc, const struct value *values, struct cel_value *slots) {
    struct rules_subject subject = {.values = values, .chart = &p->chart, .overlay = doc->overlay};
    rules_slots(&doc->reporter, &subject, slots);
}
