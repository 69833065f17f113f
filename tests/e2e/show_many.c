/* What `valuelint show` makes of many texts, in one process: for tests/e2e/values_helm.py.
 *
 * Standard input holds texts, each after a line with its length in bytes. For each a line of JSON comes out:
 *
 *     {"values": {...}, "issues": ["documents", ...]}   or   {"error": "MESSAGE at byte N"} */
#include <stdio.h>

#include "base/buf.h"
#include "value/json.h"
#include "yaml/helm.h"

static const char *const KINDS[YAML_ISSUE_KINDS] = {
    [YAML_UNREADABLE] = "unreadable", [YAML_DUPLICATE] = "duplicate",
    [YAML_AMBIGUOUS] = "ambiguous",   [YAML_CHANGED_KEY] = "changed key",
    [YAML_REFUSED] = "refused",       [YAML_DOCUMENTS] = "documents",
    [YAML_MERGE] = "merge",           [YAML_VERSIONS] = "versions",
};

static void add_error(struct arena *a, struct buf *out, const struct yaml_issue *issue) {
    struct value message =
        value_from_string(arena_printf(a, "%.*s at byte %u", STR_ARG(issue->message), issue->span.start));
    buf_add(out, STR("{\"error\": "));
    json_write(out, &message, JSON_ONE_LINE);
    buf_add(out, STR("}\n"));
}

static void answer(struct arena *a, struct str text) {
    struct source source = {.path = STR("values.yaml"), .text = text};
    struct yaml_issues issues = {NULL, 0, 0};
    struct buf out = buf_in(a);
    struct yaml_issue issue;
    struct value values;
    struct tree tree;
    if (!tree_parse(a, &source, &tree, &issue)) {
        add_error(a, &out, &issue);
    } else if (!helm_values(a, &tree, &values, &issues)) {
        add_error(a, &out, &issues.items[issues.len - 1]);
    } else {
        buf_add(&out, STR("{\"values\": "));
        json_write(&out, &values, JSON_ONE_LINE);
        buf_add(&out, STR(", \"issues\": ["));
        for (uint32_t i = 0; i < issues.len; i++)
            buf_addf(&out, "%s\"%s\"", i ? ", " : "", KINDS[issues.items[i].kind]);
        buf_add(&out, STR("]}\n"));
    }
    fwrite(out.ptr, 1, out.len, stdout);
}

int main(void) {
    struct arena arena = {NULL, NULL};
    unsigned length;
    while (scanf("%u", &length) == 1 && getchar() == '\n') {
        char *text = arena_alloc_raw(&arena, length);
        if (fread(text, 1, length, stdin) != length) {
            fprintf(stderr, "the input ends in a text\n");
            return 1;
        }
        answer(&arena, (struct str){text, length});
        arena_reset(&arena);
    }
    arena_free(&arena);
    return 0;
}
