#include "check/reporter.h"

#include "base/buf.h"

struct reporter reporter_on(struct arena *a, const struct checks *checks, const struct settings *settings,
                            struct source *source, struct findings *findings) {
    return (struct reporter){
        .arena = a, .checks = checks, .settings = settings, .source = source, .findings = findings};
}

/* A finding that is switched off goes into a place of its own, so that callers need not ask. */
struct finding *reporter_add_check(struct reporter *f, const struct check *meta, struct span span, struct str path,
                                   struct str message) {
    struct finding finding = {
        .check = meta, .severity = f->settings->severity[meta->index], .span = span, .path = path, .message = message};
    if (!f->settings->enabled[meta->index]) {
        struct finding *unseen = arena_new(f->arena, struct finding);
        *unseen = finding;
        return unseen;
    }
    finding.rank = f->findings->len;
    vec_push(f->arena, f->findings, finding);
    return &f->findings->items[f->findings->len - 1];
}

struct finding *reporter_add(struct reporter *f, enum builtin_check check, struct span span, struct str path,
                             struct str message) {
    return reporter_add_check(f, f->checks->by[check], span, path, message);
}

static const struct node *node_of(const struct reporter *f, const struct value *value) {
    return value->node && f->tree && value->node < f->tree->node_count ? f->tree->nodes[value->node] : NULL;
}

struct span reporter_key_span(const struct reporter *f, const struct value *value) {
    const struct node *node = node_of(f, value);
    if (node && node->key) return node->key->span;
    return node && !node->parent ? (struct span){0, 0} : value->span;
}

struct span reporter_value_span(const struct reporter *f, const struct value *value) {
    return span_len(value->span) ? value->span : reporter_key_span(f, value);
}

void reporter_relate(struct reporter *f, struct finding *finding, struct span span, struct str message) {
    finding_relate(f->arena, finding, f->source, span, message);
}

struct str reporter_list(struct arena *a, const struct str *names, uint32_t count, uint32_t most) {
    struct buf out = buf_in(a);
    uint32_t shown = count > most ? most : count;
    for (uint32_t i = 0; i < shown; i++) {
        if (i > 0) buf_add(&out, i + 1 == count ? STR(" and ") : STR(", "));
        buf_addf(&out, "`%.*s`", STR_ARG(names[i]));
    }
    if (shown < count) buf_addf(&out, " and %u more", count - shown);
    return buf_str(&out);
}
