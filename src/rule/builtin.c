#include "rule/table.h"

void rule_set_add_builtin(struct arena *a, struct rule_set *set) {
    struct rule *rules = arena_alloc_raw(a, sizeof *rules * RULE_TABLE_LEN);
    memcpy(rules, RULE_TABLE, sizeof *rules * RULE_TABLE_LEN);
    for (uint32_t i = 0; i < RULE_TABLE_LEN; i++) {
        vec_push(a, &set->rules, &rules[i]);
        map_put(a, &set->by_id, rules[i].check.id, &rules[i]);
        map_put(a, &set->by_name, rules[i].check.name, &rules[i]);
    }
}

struct document document_standard(void) {
    struct str name = DOCUMENT_STANDARD;
    return (struct document){.source = {.path = name, .text = *document_embedded(name)}, .root = STANDARD_TABLE};
}
