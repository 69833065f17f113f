#include "rule/fix.h"

#include <assert.h>

#include "base/ascii.h"
#include "value/json.h"
#include "value/pointer.h"

static const struct str OPS[RULE_FIX_OPS] = {
    [RULE_FIX_ADD] = STR_INIT("add"),         [RULE_FIX_REMOVE] = STR_INIT("remove"),
    [RULE_FIX_REPLACE] = STR_INIT("replace"), [RULE_FIX_MOVE] = STR_INIT("move"),
    [RULE_FIX_COPY] = STR_INIT("copy"),       [RULE_FIX_TEST] = STR_INIT("test"),
};

bool rule_fix_path_parse(struct arena *a, struct str text, struct rule_fix_path *path) {
    struct str *keys;
    size_t digits = 0;
    *path = (struct rule_fix_path){.up = 0};
    while (digits < text.len && digits < 3 && ascii_is_digit(text.ptr[digits]))
        path->up = path->up * 10 + (uint32_t)(text.ptr[digits++] - '0');
    path->relative = digits > 0;
    bool ok = pointer_parse(a, str_slice(text, digits, text.len), &keys, &path->count);
    path->keys = ok ? keys : NULL;
    return ok;
}

static struct rule_fix_operation read_operation(struct arena *a, const struct cel_env *env, const struct value *entry) {
    const struct value *value = value_get(entry, STR("value"));
    const struct value *expression = value_get(entry, STR("valueExpression"));
    const struct value *from = value_get(entry, STR("from"));
    struct rule_fix_operation operation = {.op = RULE_FIX_ADD};
    struct cel_error error;
    bool ok = rule_fix_path_parse(a, value_get(entry, STR("path"))->string, &operation.path);
    while (!str_eq(OPS[operation.op], value_get(entry, STR("op"))->string)) operation.op++;
    if (from) ok = rule_fix_path_parse(a, from->string, &operation.from) && ok;
    if (value) operation.value = *value;
    if (expression) operation.program = cel_compile(a, env, expression->string, &error);
    assert(ok && (!expression || operation.program)); /* rule_compile refuses a rule whose fix does not compile */
    (void)ok;
    return operation;
}

void rule_fix_read(struct arena *a, const struct cel_env *env, const struct rule *rule,
                   struct rule_fix_operations *operations) {
    struct json_error error;
    struct value list;
    *operations = (struct rule_fix_operations){NULL, 0, 0};
    if (rule->texts[RULE_FIX].len == 0) return;
    if (!json_parse(a, rule->texts[RULE_FIX], &list, &error)) base_panic("a rule's fix cannot be read");
    for (uint32_t i = 0; i < list.list.len; i++) vec_push(a, operations, read_operation(a, env, &list.list.items[i]));
}
