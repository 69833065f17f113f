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
            .message = STR("an invisible character that Helm takes for the end of a line stands here"),
            .help = STR("delete it, or write it as an escape in a double-quoted string"),
        };
        vec_push(d->arena, d->issues, issue);
    }
}

bool dialect_check(struct arena *a, const struct tree *tree, struct yaml_issues *issues) {
    struct dialect d = {a, tree, tree->source->text, issues};
    if (tree->has_break) report_break(&d);
    if (tree->refusal) vec_push(a, issues, *tree->refusal);
    return !tree->refusal;
}
