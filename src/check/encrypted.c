#include "check/encrypted.h"

#define MARK STR("ENC[")

bool encrypted_is(const struct value *values) {
    const struct value *sops = value_get(values, STR("sops"));
    return sops && sops->kind == VALUE_MAP && value_get(sops, STR("mac"));
}

bool encrypted_looks(struct str text) {
    bool first = str_starts(text, STR("sops:"));
    return (first || str_find(text, STR("\nsops:")) < text.len) && str_find(text, MARK) < text.len;
}

/* The line of `offset`, from there on. */
static struct str rest_of_line(struct str text, uint32_t offset) {
    struct str rest = str_slice(text, offset, text.len);
    return str_slice(rest, 0, str_find_char(rest, '\n'));
}

void encrypted_drop_findings(const struct reporter *f, const struct value *values) {
    const struct value *sops = value_get(values, STR("sops"));
    struct str text = f->source->text;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < f->findings->len; i++) {
        struct span span = f->findings->items[i].span;
        struct str line = rest_of_line(text, span.start);
        bool opaque = str_find(line, MARK) < line.len || str_starts(line, STR("sops:"));
        if (!opaque && !(sops && span_contains(sops->span, span))) f->findings->items[kept++] = f->findings->items[i];
    }
    f->findings->len = kept;
}
