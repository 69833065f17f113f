/* Helm 3 hands a values file to its YAML library as it is, which reads the first document. Helm 4 adds a line end where
 * the file has none at its end, cuts the text at each line that begins with `---` (behind which only a comment may
 * stand), and merges the documents. So the pieces are read here one by one, in the rare texts where that can make a
 * difference. */
#include "yaml/helm.h"

struct versions {
    struct arena *arena;
    const struct tree *tree;
    struct yaml_issues *issues;
    struct str text; /* with a line end */
    struct value merged;
};

static bool report(struct versions *v, struct span span, struct str message, struct str help) {
    uint32_t len = (uint32_t)v->tree->source->text.len;
    if (span.end > len) span.end = len;
    if (span.start > span.end) span.start = span.end;
    vec_push(v->arena, v->issues,
             (struct yaml_issue){.kind = YAML_VERSIONS, .span = span, .message = message, .help = help});
    return false;
}

/* `over` on top of `under`, mapping by mapping. */
static struct value merge(struct arena *a, const struct value *under, const struct value *over) {
    struct value out = value_map_copy(a, under, over->map.len);
    for (uint32_t i = 0; i < over->map.len; i++) {
        const struct member *member = &over->map.members[i];
        bool found;
        struct member *own = value_map_put(&out, member->key, &found);
        bool both = found && own->value.kind == VALUE_MAP && member->value.kind == VALUE_MAP;
        own->value = both ? merge(a, &own->value, &member->value) : member->value;
    }
    return out;
}

/* Reads one document of Helm 4's; false where it is refused, which is reported. */
static bool read_piece(struct versions *v, uint32_t start, uint32_t end) {
    struct source source = {.path = v->tree->source->path, .text = str_slice(v->text, start, end)};
    struct yaml_issues issues = {NULL, 0, 0};
    struct yaml_issue broken;
    struct tree tree;
    struct value values;
    if (!tree_parse(v->arena, &source, &tree, &broken)) vec_push(v->arena, &issues, broken);
    else if (helm_first_values(v->arena, &tree, &values, &issues)) {
        v->merged = merge(v->arena, &v->merged, &values);
        return true;
    }
    const struct yaml_issue *last = &issues.items[issues.len - 1];
    return report(v, span_make(start + last->span.start, start + last->span.end),
                  arena_printf(v->arena, "Helm 4 reads the text between two `---` on its own and rejects it: %.*s",
                               STR_ARG(last->message)),
                  STR("put everything into one document, without directives"));
}

/* Reads all pieces; false where one is refused. */
static bool read_pieces(struct versions *v) {
    uint32_t start = 0, len = (uint32_t)v->text.len;
    for (uint32_t line = 0, next; line < len; line = next) {
        next = line + (uint32_t)str_find_char(str_slice(v->text, line, len), '\n') + 1;
        struct str content = str_slice(v->text, line, next);
        if (!str_starts(content, STR("---"))) continue;
        struct str rest = str_trim(str_slice(content, 3, content.len));
        if (rest.len && rest.ptr[0] != '#')
            return report(v, span_make(line, line + 3),
                          STR("Helm 4 reads `---` as the end of a document and rejects what follows it"),
                          STR("put it on the next line, or quote the text"));
        if (line == start) continue;
        if (!read_piece(v, start, line)) return false;
        start = next;
    }
    return start >= len || read_piece(v, start, len);
}

/* The last scalar of the text, if it is a block text. */
static const struct node *last_block_text(const struct tree *tree) {
    const struct node *last = tree->node_count > 1 ? tree->nodes[tree->node_count - 1] : NULL;
    return last && (last->style == STYLE_LITERAL || last->style == STYLE_FOLDED) ? last : NULL;
}

/* Whether Helm 4 may read another text from it than Helm 3: a line begins with `---` behind the first content, or with
 * a directive above it. */
static bool may_be_cut(const struct tree *tree) {
    struct str text = tree->source->text;
    if (tree->document_count > 1 || str_starts(text, STR("%"))) return true;
    for (size_t at = 0; at < text.len;) {
        struct str rest = str_slice(text, at, text.len);
        if (str_starts(rest, STR("---"))) {
            struct str line = str_trim(str_slice(rest, 3, str_find_char(rest, '\n')));
            if ((line.len && line.ptr[0] != '#') || (tree->root && at > node_start(tree->root))) return true;
        }
        if (str_starts(rest, STR("%"))) return true;
        size_t next = str_find(rest, STR("\n---")), directive = str_find(rest, STR("\n%"));
        at += (next < directive ? next : directive) + 1;
    }
    return false;
}

/* Adds an issue (YAML_VERSIONS) where Helm 4 refuses a text, or reads other values from it than Helm 3, which are
 * `values`; nulls apart, and apart from what a YAML_DOCUMENTS says already. */
static void check_versions(struct arena *a, const struct tree *tree, const struct value *values,
                           struct yaml_issues *issues) {
    struct versions v = {.arena = a, .tree = tree, .issues = issues, .text = tree->source->text};
    bool open_end = v.text.len && v.text.ptr[v.text.len - 1] != '\n';
    const struct node *last = open_end ? last_block_text(tree) : NULL;
    if (tree->is_plain || (!last && !may_be_cut(tree))) return;
    if (open_end) v.text = arena_printf(a, "%.*s\n", STR_ARG(v.text));
    v.merged = value_map_new(a, 0);
    if (!read_pieces(&v) || tree->document_count > 1) return;
    struct value helm3 = value_without_nulls(a, values), helm4 = value_without_nulls(a, &v.merged);
    if (value_equal(&helm3, &helm4)) return;
    if (last)
        report(&v, last->span, STR("Helm 3 reads this text without a final newline, Helm 4 with one"),
               STR("end the file with a newline"));
    else
        report(&v, (struct span){0, 0}, STR("Helm 3 and Helm 4 read different values from this file"),
               STR("keep to one document, without `---` behind its first line"));
}

/* The `---` of the second document, or its first bytes where it has none. */
static struct span document_mark(const struct tree *tree) {
    size_t end = tree->second_document + 3;
    return span_make(tree->second_document, end < tree->source->text.len ? end : tree->source->text.len);
}

bool helm_values(struct arena *a, const struct tree *tree, struct value *out, struct yaml_issues *issues) {
    if (tree->document_count > 1)
        vec_push(a, issues,
                 (struct yaml_issue){.kind = YAML_DOCUMENTS,
                                     .span = document_mark(tree),
                                     .message = STR("a values file is one document: Helm 3 ignores this second one in "
                                                    "silence, and Helm 4 merges it over the first"),
                                     .help = STR("put everything into the first document")});
    if (!helm_first_values(a, tree, out, issues)) return false;
    check_versions(a, tree, out, issues);
    return true;
}
