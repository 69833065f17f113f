#include "check/secrets.h"

#include "text/secret.h"

#define DEPTH_MOST 32

static void add_value(struct reporter *f, const struct value *value) {
    struct str text = span_text(f->source->text, value->span), read = value->string;
    struct span span = value->span;
    if (value->kind == VALUE_MAP || value->kind == VALUE_NULL || value->kind == VALUE_BOOL || text.len == 0) return;
    if (value->kind == VALUE_LIST) {
        for (uint32_t i = 0; i < value->list.len; i++)
            if (value->list.items[i].kind != VALUE_LIST) add_value(f, &value->list.items[i]);
        return;
    }
    if (value->kind != VALUE_STRING) read = text;
    bool quoted = text.len > 1 && (text.ptr[0] == '"' || text.ptr[0] == '\'');
    if (quoted) span = (struct span){span.start + 1, span.end - 1};
    secrets_add(f->arena, f->source, span, read);
}

static void add_named(struct reporter *f, const struct value *value, unsigned depth) {
    for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->map.len; i++) {
        const struct member *member = &value->map.members[i];
        if (secret_is_name(member->key)) add_value(f, &member->value);
        if (depth < DEPTH_MOST) add_named(f, &member->value, depth + 1);
    }
    for (uint32_t i = 0; value->kind == VALUE_LIST && depth < DEPTH_MOST && i < value->list.len; i++)
        add_named(f, &value->list.items[i], depth + 1);
}

void lint_secrets(struct reporter *f, const struct value *values) {
    const struct standard *standard = f->settings->standard;
    for (uint32_t i = 0; i < standard->secrets.len; i++) {
        const struct standard_path *path = &standard->secrets.items[i];
        const struct value *value = value_path(values, path->keys, path->count);
        if (value) add_value(f, value);
    }
    add_named(f, values, 0);
}
