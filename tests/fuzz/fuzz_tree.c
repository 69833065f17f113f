/* Any bytes as a values file: the source tree, the values that Helm makes of it, lexical classes and slabs. Whatever
 * the text is, each of them must end, and end well. */
#include <stddef.h>
#include <stdint.h>

#include "../support/trees.h"
#include "base/vec.h"
#include "yaml/helm.h"
#include "yaml/lex.h"
#include "yaml/slab.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 leaks memory on some texts that it refuses, and on some odd scalars: several '' in a row, U+0085 in
 * blocks, white space behind `|+`. That the parser itself is freed is seen by the unit tests, which run without this.
 */
const char *__lsan_default_suppressions(void) {
    return "leak:libfyaml.so\n";
}

static void check_classes(struct arena *a, const struct tree *tree) {
    struct str text = tree->source->text;
    const uint8_t *classes = yaml_lex_classify(a, tree);
    struct spans comments = {NULL, 0, 0};
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (classes[i] > LEX_LINE_END) base_panic("a byte without a lexical class");
        if (classes[i] == LEX_WHITE && c != ' ' && c != '\t' && i > 2) base_panic("white space that is none");
        if (classes[i] == LEX_LINE_END && c != '\n' && c != '\r') base_panic("a line end that is none");
    }
    yaml_lex_comments(a, tree, &comments);
    for (uint32_t i = 0; i < comments.len; i++) {
        struct span span = comments.items[i];
        if (span.end <= span.start || text.ptr[span.start] != '#') base_panic("a comment without `#`");
        for (uint32_t at = span.start; at < span.end; at++)
            if (classes[at] != LEX_COMMENT) base_panic("a comment of another class");
    }
    for (uint32_t i = 1; i < tree->node_count; i++) {
        const struct node *node = tree->nodes[i];
        if (node->kind == NODE_SCALAR && span_len(node->span) && classes[node->span.start] != LEX_TOKEN)
            base_panic("a scalar that is no token");
    }
}

static void check_node(const struct tree *tree, const struct node *node, uint32_t id) {
    if (node->id != id) base_panic("a node out of its place");
    if (node->span.end < node->span.start || node->span.end > tree->source->text.len)
        base_panic("a node outside of the text");
    if (node->parent && !span_contains(node->parent->span, node->span)) base_panic("a node outside of its parent");
    if (node->key && node_start(node->key) > node_start(node)) base_panic("a key behind its value");
    if (node->props && node->props->span.end > node->span.start) base_panic("properties behind their node");
    if (node->props && node->props->span.start >= node->props->span.end) base_panic("properties without text");
    if (node->kind == NODE_SCALAR || node->kind == NODE_ALIAS) return;
    uint32_t count = 0, end = node_start(node);
    for (const struct node *child = node->first; child; child = child->next, count++) {
        if (child->parent != node) base_panic("a child of another node");
        if (child->key && child->key->span.end > node_start(child)) base_panic("a key reaches into its value");
        if (child->next && child->span.end > node_entry_start(child->next)) base_panic("two entries overlap");
        if (child->span.end < end) base_panic("entries out of order");
        end = child->span.end;
    }
    if (count != node->count) base_panic("a wrong count of children");
}

static void check_tree(struct arena *a, const struct tree *tree) {
    struct yaml_issues issues = {NULL, 0, 0};
    struct slabs slabs;
    struct value values;

    for (uint32_t id = 1; id < tree->node_count; id++) check_node(tree, tree->nodes[id], id);
    check_classes(a, tree);
    slab_lines(a, tree, &slabs);
    const char *wrong = slab_check(a, tree, &slabs);
    if (wrong) base_panic(wrong);
    bool good = helm_values(a, tree, &values, &issues);
    if (values.kind != VALUE_MAP) base_panic("values that are no map");
    if (!good && (issues.len == 0 || issues.items[issues.len - 1].kind != YAML_REFUSED))
        base_panic("a refusal without an issue");
    for (uint32_t i = 0; i < issues.len; i++)
        if (issues.items[i].message.len == 0 || issues.items[i].span.end > tree->source->text.len)
            base_panic("an issue without words or outside of the text");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = {0};
    struct str text = arena_str(&arena, (struct str){(const char *)data, size});
    struct source source = {.path = STR("fuzz"), .text = text};
    struct tree tree;
    struct yaml_issue issue;

    bool accepted = tree_parse(&arena, &source, &tree, &issue);
    struct tree events;
    struct yaml_issue events_issue;
    bool events_accepted = tree_parse_by(&arena, &source, READ_BY_GRAMMAR, &events, &events_issue);
    if (accepted != events_accepted) base_panic("the two readers differ in whether the text can be read");
    const char *difference = accepted ? tree_difference(&tree, &events) : NULL;
    if (difference) base_panic(difference);
    if (accepted) check_tree(&arena, &tree);
    else if (issue.message.len == 0 || issue.span.end > size || tree.node_count != 1)
        base_panic("a refusal without an issue");
    arena_free(&arena);
    return 0;
}
