#include <stdlib.h>

#include "rule/rule.h"

static struct str text_field(const struct value *entry, struct str key) {
    const struct value *v = value_get(entry, key);
    return v && v->kind == VALUE_STRING ? v->string : STR("");
}

static bool add_rule(struct arena *a, struct rule_set *set, const struct document *document, const struct value *entry,
                     struct problems *problems) {
    const struct value *builtin = value_get(entry, STR("builtin"));
    struct rule *rule = arena_new(a, struct rule);
    rule->check.id = text_field(entry, STR("id"));
    rule->check.name = text_field(entry, STR("name"));
    rule->check.summary = text_field(entry, STR("summary"));
    severity_parse(text_field(entry, STR("severity")), &rule->check.severity);
    rule->section = text_field(&document->root, STR("section"));
    rule->why = text_field(entry, STR("why"));
    rule->builtin = builtin && builtin->boolean;
    rule->document = document;
    rule->entry = entry;
    if (rule_find(set, rule->check.id)) {
        problem_add(a, problems, &document->source, value_get(entry, STR("id"))->span,
                    arena_printf(a, "the id %.*s is taken by another rule", STR_ARG(rule->check.id)), STR(""));
        return false;
    }
    vec_push(a, &set->rules, rule);
    map_put(a, &set->by_id, rule->check.id, rule);
    return true;
}

static int rule_cmp(const void *left, const void *right) {
    const struct rule *const *a = left, *const *b = right;
    return str_cmp((*a)->check.id, (*b)->check.id);
}

bool rule_set_add(struct arena *a, struct rule_set *set, const struct document *document, struct problems *problems) {
    bool ok = true;
    if (!document_check(a, document, STR("schema/rules.schema.json"), problems)) return false;
    const struct value *rules = value_get(&document->root, STR("rules"));
    for (uint32_t i = 0; i < rules->list.len; i++) ok = add_rule(a, set, document, &rules->list.items[i], problems) && ok;
    if (set->rules.len) qsort(set->rules.items, set->rules.len, sizeof *set->rules.items, rule_cmp);
    for (uint32_t i = 0; i < set->rules.len; i++) set->rules.items[i]->check.index = i;
    return ok;
}

void rule_set_add_embedded(struct arena *a, struct rule_set *set) {
    struct problems problems = {NULL, 0, 0};
    struct str name;
    for (uint32_t i = 0; (name = document_embedded_name(i)).ptr; i++) {
        if (!str_starts(name, STR("rules/"))) continue;
        struct document *document = arena_new(a, struct document);
        bool ok = document_parse(a, name, *document_embedded(name), document, &problems) &&
                  rule_set_add(a, set, document, &problems);
        if (!ok) base_panic(arena_str(a, problem_text(a, &problems.items[0])).ptr);
    }
}

const struct rule *rule_find(const struct rule_set *set, struct str id) {
    return map_get(&set->by_id, id);
}

bool rule_selected(struct str selector, const struct check *check) {
    if (str_eq(selector, STR("ALL")) || str_eq(selector, check->name)) return true;
    return str_starts(selector, STR("VL")) && str_starts(check->id, selector);
}

bool rule_set_knows(const struct rule_set *set, struct str selector) {
    for (uint32_t i = 0; i < set->rules.len; i++)
        if (rule_selected(selector, &set->rules.items[i]->check)) return true;
    return false;
}
