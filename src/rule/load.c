/* From documents to rules, as far as reading goes: nothing is compiled here. */
#include <stdlib.h>

#include "base/ascii.h"
#include "base/fuzzy.h"
#include "rule/rule.h"
#include "value/json.h"

static const char *const TEXT_KEYS[RULE_TEXTS] = {
    [RULE_WHEN] = "when",   [RULE_EXPECT] = "expect",   [RULE_GROUP_BY] = "groupBy",
    [RULE_POINT] = "point", [RULE_MESSAGE] = "message", [RULE_HELP] = "help",
};

static struct str text_field(const struct value *entry, struct str key) {
    const struct value *v = value_get(entry, key);
    return v && v->kind == VALUE_STRING ? v->string : STR("");
}

/* One text, or a list of them, with line ends in between. */
static struct str read_texts(struct arena *a, const struct value *v) {
    struct buf text = buf_in(a);
    if (!v || v->kind == VALUE_STRING) return v ? v->string : STR("");
    for (uint32_t i = 0; i < v->list.len; i++) {
        if (i > 0) buf_add_char(&text, '\n');
        buf_add(&text, v->list.items[i].string);
    }
    return buf_str(&text);
}

static struct rule *read_rule(struct arena *a, const struct document *document, const struct value *entry) {
    const struct value *fix = value_get(entry, STR("fix"));
    struct rule *rule = arena_new(a, struct rule);
    rule->check.id = text_field(entry, STR("id"));
    rule->check.name = text_field(entry, STR("name"));
    rule->check.summary = text_field(entry, STR("summary"));
    const struct value *counted = value_get(entry, STR("counted"));
    if (counted) rule->check.one = counted->list.items[0].string, rule->check.many = counted->list.items[1].string;
    rule->check.replaces = read_texts(a, value_get(entry, STR("replaces")));
    rule->check.preview = value_get(entry, STR("preview")) != NULL;
    severity_parse(text_field(entry, STR("severity")), &rule->check.severity);
    rule->section = text_field(&document->root, STR("section"));
    rule->why = str_trim(text_field(entry, STR("why")));
    rule->builtin = value_get(entry, STR("builtin")) != NULL;
    rule->of_standard = str_eq(text_field(entry, STR("scope")), STR("standard"));
    rule->secret = value_get(entry, STR("secret")) != NULL;
    rule->document = document;
    rule->entry = entry;
    for (int i = 0; i < RULE_TEXTS; i++)
        if (TEXT_KEYS[i]) rule->texts[i] = text_field(entry, str_from(TEXT_KEYS[i]));
    rule->texts[RULE_AT] = read_texts(a, value_get(entry, STR("at")));
    if (fix) {
        struct buf json = buf_in(a);
        json_write(&json, fix, JSON_ONE_LINE);
        rule->texts[RULE_FIX] = buf_str(&json);
    }
    if (value_get(entry, STR("safety")))
        rule->fix = str_eq(text_field(entry, STR("safety")), STR("safe")) ? FIX_SAFE : FIX_UNSAFE;
    return rule;
}

/* Whether `key` of the rule is free in `map`; else `problems` grows. */
static bool is_free(struct arena *a, const struct map *map, const struct rule *rule, struct str key, struct str value,
                    struct problems *problems) {
    const struct rule *other = map_get(map, value);
    if (!other) return true;
    problem_add(a, problems, &rule->document->source, value_get(rule->entry, key)->span,
                arena_printf(a, "the %.*s `%.*s` is already used by another rule", STR_ARG(key), STR_ARG(value)),
                other->document ? arena_printf(a, "it is in %.*s", STR_ARG(other->document->source.path))
                                : STR("it is built in"));
    return false;
}

bool rule_set_add(struct arena *a, struct rule_set *set, const struct document *document, struct problems *problems) {
    bool ok = true;
    if (!document_check(a, document, STR("schema/rules.schema.json"), problems)) return false;
    const struct value *rules = value_get(&document->root, STR("rules"));
    for (uint32_t i = 0; i < rules->list.len; i++) {
        struct rule *rule = read_rule(a, document, &rules->list.items[i]);
        bool is_new = is_free(a, &set->by_id, rule, STR("id"), rule->check.id, problems) &&
                      is_free(a, &set->by_name, rule, STR("name"), rule->check.name, problems);
        ok = ok && is_new;
        if (!is_new) continue;
        vec_push(a, &set->rules, rule);
        map_put(a, &set->by_id, rule->check.id, rule);
        map_put(a, &set->by_name, rule->check.name, rule);
    }
    return ok;
}

static int rule_cmp(const void *left, const void *right) {
    const struct rule *const *a = left, *const *b = right;
    return str_cmp((*a)->check.id, (*b)->check.id);
}

void rule_set_sort(struct rule_set *set) {
    if (set->rules.len) qsort(set->rules.items, set->rules.len, sizeof *set->rules.items, rule_cmp);
    for (uint32_t i = 0; i < set->rules.len; i++) set->rules.items[i]->check.index = i;
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
    rule_set_sort(set);
}

const struct rule *rule_find(const struct rule_set *set, struct str id) {
    return map_get(&set->by_id, id);
}

/* Whether `selector` can be the beginning of an id: capital letters, then digits. */
static bool is_prefix(struct str selector) {
    size_t letters = 0, digits = 0;
    while (letters < selector.len && selector.ptr[letters] >= 'A' && selector.ptr[letters] <= 'Z') letters++;
    while (letters + digits < selector.len && ascii_is_digit(selector.ptr[letters + digits])) digits++;
    return letters >= 2 && letters + digits == selector.len;
}

static bool has_replaced(const struct check *check, struct str id) {
    struct str rest = check->replaces, retired;
    while (str_split_next(&rest, '\n', &retired))
        if (str_eq(retired, id)) return true;
    return false;
}

bool rule_selected(struct str selector, const struct check *check) {
    if (str_eq(selector, STR("ALL")) || str_eq(selector, check->name)) return true;
    if (check->replaces.len && has_replaced(check, selector)) return true;
    return is_prefix(selector) && str_starts(check->id, selector);
}

bool rule_set_knows(const struct rule_set *set, struct str selector) {
    for (uint32_t i = 0; i < set->rules.len; i++)
        if (rule_selected(selector, &set->rules.items[i]->check)) return true;
    return false;
}

const struct check *rule_set_successor(const struct rule_set *set, struct str id) {
    for (uint32_t i = 0; i < set->rules.len; i++)
        if (has_replaced(&set->rules.items[i]->check, id)) return &set->rules.items[i]->check;
    return NULL;
}

struct str rule_set_nearest(struct arena *a, const struct rule_set *set, struct str selector) {
    size_t count = 0;
    struct str *names = arena_array(a, struct str, (size_t)set->rules.len * 2);
    for (uint32_t i = 0; i < set->rules.len; i++) {
        names[count++] = set->rules.items[i]->check.id;
        names[count++] = set->rules.items[i]->check.name;
    }
    struct str nearest = fuzzy_nearest(selector, names, count);
    for (size_t len = selector.len; nearest.len == 0 && len > 1 && ascii_is_digit(selector.ptr[len - 1]); len--)
        if (rule_set_knows(set, str_slice(selector, 0, len - 1))) nearest = str_slice(selector, 0, len - 1);
    return nearest.len ? arena_printf(a, "did you mean `%.*s`?", STR_ARG(nearest))
                       : STR("`valuelint rules` lists all of them");
}
