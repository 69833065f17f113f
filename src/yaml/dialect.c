#include "yaml/dialect.h"

struct dialect {
    struct arena *arena;
    const struct tree *tree;
    struct str text;
    struct yaml_issues *issues;
};

static void report_break(struct dialect *d) {
    static const struct str breaks[] = {STR_INIT("\xC2\x85"), STR_INIT("\xE2\x80\xA8"), STR_INIT("\xE2\x80\xA9")};
    for (int i = 0; i < 3; i++) {
        size_t at = str_find(d->text, breaks[i]);
        if (at == d->text.len) continue;
        struct yaml_issue issue = {
            .kind = YAML_AMBIGUOUS,
            .span = span_make(at, at + breaks[i].len),
            .message = STR("invisible character that Helm reads as a line break"),
            .help = STR("delete it, or write it as an escape in a double-quoted string"),
        };
        vec_push(d->arena, d->issues, issue);
    }
}

/* Characters that nobody sees, with what they are called. */
static const struct {
    struct str bytes;
    struct str name;
} INVISIBLE[] = {
    {STR_INIT("\xC2\xA0"), STR_INIT("no-break space (U+00A0)")},
    {STR_INIT("\xC2\xAD"), STR_INIT("soft hyphen (U+00AD)")},
    {STR_INIT("\xE2\x80\x87"), STR_INIT("figure space (U+2007)")},
    {STR_INIT("\xE2\x80\x8B"), STR_INIT("zero-width space (U+200B)")},
    {STR_INIT("\xE2\x80\x8C"), STR_INIT("zero-width non-joiner (U+200C)")},
    {STR_INIT("\xE2\x80\x8D"), STR_INIT("zero-width joiner (U+200D)")},
    {STR_INIT("\xE2\x80\xAF"), STR_INIT("narrow no-break space (U+202F)")},
    {STR_INIT("\xE2\x81\xA0"), STR_INIT("word joiner (U+2060)")},
    {STR_INIT("\xE3\x80\x80"), STR_INIT("ideographic space (U+3000)")},
};

#define INVISIBLE_COUNT (sizeof INVISIBLE / sizeof *INVISIBLE)

/* The first invisible character in `span`, or INVISIBLE_COUNT. */
static size_t find_invisible(struct str text, struct span span, struct span *place) {
    struct str part = span_text(text, span);
    size_t found = INVISIBLE_COUNT;
    for (size_t i = 0; i < INVISIBLE_COUNT; i++) {
        size_t at = str_find(part, INVISIBLE[i].bytes);
        if (at == part.len) continue;
        *place = span_make(span.start + at, span.start + at + INVISIBLE[i].bytes.len);
        part = str_slice(part, 0, at);
        found = i;
    }
    return found;
}

bool dialect_find_invisible(struct arena *a, struct str text, struct span span, struct yaml_issue *issue) {
    struct span place;
    size_t found = find_invisible(text, span, &place);
    if (found == INVISIBLE_COUNT) return false;
    *issue =
        (struct yaml_issue){.kind = YAML_INVISIBLE,
                            .span = place,
                            .message = arena_printf(a, "invisible character: %.*s", STR_ARG(INVISIBLE[found].name)),
                            .help = STR("write a space, or nothing; in quotes, an escape if it is meant")};
    return true;
}

/* Whether the text holds any of them; most hold no such byte. */
static bool may_hold_invisible(struct str text) {
    struct span place;
    if (!memchr(text.ptr, 0xC2, text.len) && !memchr(text.ptr, 0xE2, text.len) && !memchr(text.ptr, 0xE3, text.len))
        return false;
    return find_invisible(text, span_make(0, text.len), &place) < INVISIBLE_COUNT;
}

/* In plain keys and values nobody means them. */
static void report_invisible(struct dialect *d) {
    if (d->text.len == 0 || !may_hold_invisible(d->text)) return;
    for (uint32_t i = 1; i < d->tree->node_count; i++) {
        const struct node *node = d->tree->nodes[i];
        struct yaml_issue issue;
        if (node->kind != NODE_SCALAR || node->style != STYLE_PLAIN) continue;
        if (!dialect_find_invisible(d->arena, d->text, node->span, &issue)) continue;
        issue.node = node->id;
        vec_push(d->arena, d->issues, issue);
    }
}

bool dialect_check(struct arena *a, const struct tree *tree, struct yaml_issues *issues) {
    struct dialect d = {a, tree, tree->source->text, issues};
    if (tree->has_break) report_break(&d);
    report_invisible(&d);
    if (tree->refusal) vec_push(a, issues, *tree->refusal);
    return !tree->refusal;
}
