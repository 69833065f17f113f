#include "operations.h"

#include "value/json.h"

static struct str text_of(const struct value *object, struct str key) {
    const struct value *found = value_get(object, key);
    return found && found->kind == VALUE_STRING ? found->string : STR("");
}

static bool flag_of(const struct value *object, struct str key) {
    const struct value *found = value_get(object, key);
    return found && found->kind == VALUE_BOOL && found->boolean;
}

struct patch_operation *operations_read(struct arena *a, struct str json, uint32_t *count) {
    static const char *const names[] = {"add", "remove", "replace", "move", "copy", "test", "rename"};
    struct value list;
    struct json_error error;
    if (!json_parse(a, json, &list, &error) || list.kind != VALUE_LIST) base_panic("a patch must be a list in JSON");
    struct patch_operation *operations = arena_array(a, struct patch_operation, list.list.len);
    for (uint32_t i = 0; i < list.list.len; i++) {
        const struct value *object = &list.list.items[i];
        size_t kind = 0;
        while (kind < sizeof names / sizeof *names && !str_eq(text_of(object, STR("op")), str_from(names[kind])))
            kind++;
        if (kind == sizeof names / sizeof *names) base_panic("an unknown operation");
        operations[i] = (struct patch_operation){.kind = (enum patch_kind)kind,
                                                 .path = text_of(object, STR("path")),
                                                 .from = text_of(object, STR("from")),
                                                 .key = text_of(object, STR("key")),
                                                 .value = value_get(object, STR("value")),
                                                 .heading = text_of(object, STR("heading")),
                                                 .before = text_of(object, STR("before")),
                                                 .after = text_of(object, STR("after")),
                                                 .as_string = flag_of(object, STR("asString")),
                                                 .prune = flag_of(object, STR("prune")),
                                                 .keep_comments = flag_of(object, STR("keepComments"))};
    }
    *count = list.list.len;
    return operations;
}
