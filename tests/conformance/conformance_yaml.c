/* Runs the YAML test suite:  conformance_yaml [DIR]
 *
 * DIR holds a folder for each case (some have numbered folders of their own) with `in.yaml`, `test.event` and, where
 * the input must be refused (by the parser, or as something on which Helm fails), a file `error`. Without DIR:
 * yaml-test-suite below $VALUELINT_TESTDATA; where that is not there, the status is 77, skipped. Of an accepted input
 * the events must be those of `test.event` (tags left out: Helm ignores nearly all of them), each byte must have
 * exactly one lexical class, and each node's text must lie in its parent's. Prints every case that does not behave as
 * known, then the score; the status is 0 when there was none. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "base/path.h"
#include "base/vec.h"
#include "yaml/lex.h"

#define FILE_MAX ((size_t)16 << 20)

struct suite {
    struct arena arena;
    struct map known; /* case -> its line */
    struct map seen;
    unsigned passed, failed, expected;
};

static void add_escaped(struct buf *out, struct str text) {
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        const char *names = "\\\\\nn\rr\tt\bb";
        const char *name = NULL;
        for (const char *p = names; *p; p += 2)
            if (*p == c) name = p + 1;
        if (name) buf_addf(out, "\\%c", *name);
        else buf_add_char(out, c);
    }
}

static void add_anchor(struct buf *out, const struct node *node) {
    if (node->props && node->props->anchor.len) buf_addf(out, " &%.*s", STR_ARG(node->props->anchor));
}

static void add_events(struct buf *out, const struct node *node) {
    static const char marks[] = {[STYLE_PLAIN] = ':',   [STYLE_SINGLE] = '\'', [STYLE_DOUBLE] = '"',
                                 [STYLE_LITERAL] = '|', [STYLE_FOLDED] = '>',  [STYLE_EMPTY] = ':'};
    if (node->kind == NODE_ALIAS) {
        buf_addf(out, "=ALI *%.*s\n", STR_ARG(node->text));
    } else if (node->kind == NODE_SCALAR) {
        buf_add(out, STR("=VAL"));
        add_anchor(out, node);
        buf_addf(out, " %c", marks[node->style]);
        add_escaped(out, node->text);
        buf_add_char(out, '\n');
    } else {
        bool map = node->kind == NODE_MAP;
        buf_add(out, map ? STR("+MAP") : STR("+SEQ"));
        if (node->style == STYLE_FLOW) buf_add(out, map ? STR(" {}") : STR(" []"));
        add_anchor(out, node);
        buf_add_char(out, '\n');
        for (const struct node *child = node->first; child; child = child->next) {
            if (child->key) add_events(out, child->key);
            add_events(out, child);
        }
        buf_add(out, map ? STR("-MAP\n") : STR("-SEQ\n"));
    }
}

/* The expected events without those of stream and documents, and without tags. */
static struct str expected_events(struct arena *a, struct str text) {
    struct buf out = buf_in(a);
    struct str line;
    while (str_split_next(&text, '\n', &line)) {
        if (line.len == 0 || str_ends(line, STR("STR")) || str_find(line, STR("DOC")) == 1) continue;
        size_t tag = str_find(line, STR(" <"));
        size_t value = line.len;
        for (const char *mark = ":'\"|>"; *mark; mark++) {
            size_t at = str_find(line, (struct str){(char[]){' ', *mark}, 2});
            if (at < value) value = at;
        }
        if (tag < value) {
            size_t end = tag + str_find_char(str_slice(line, tag, line.len), '>') + 1;
            buf_add(&out, str_slice(line, 0, tag));
            line = str_slice(line, end, line.len);
        }
        buf_add(&out, line);
        buf_add_char(&out, '\n');
    }
    return buf_str(&out);
}

static struct str actual_events(struct arena *a, const struct tree *tree) {
    struct buf out = buf_in(a);
    for (uint32_t i = 1; i < tree->node_count; i++)
        if (!tree->nodes[i]->parent) add_events(&out, tree->nodes[i]);
    return buf_str(&out);
}

/* NULL, or what is wrong with the spans and classes. */
static const char *broken_invariant(struct arena *a, const struct tree *tree) {
    struct str text = tree->source->text;
    const uint8_t *classes = yaml_lex_classify(a, tree);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (classes[i] > LEX_LINE_END) return "a byte without a class";
        if (classes[i] == LEX_WHITE && c != ' ' && c != '\t' && i > 2) return "white space that is none";
        if (classes[i] == LEX_LINE_END && c != '\n' && c != '\r') return "a line end that is none";
    }
    for (uint32_t i = 1; i < tree->node_count; i++) {
        const struct node *node = tree->nodes[i];
        if (node->span.end < node->span.start || node->span.end > text.len) return "a span outside of the text";
        if (node->parent && !span_contains(node->parent->span, node->span)) return "a node outside of its parent";
        if (node->props && node->props->span.end > node->span.start) return "properties behind their node";
    }
    return NULL;
}

/* NULL, or why the case fails. */
static const char *run_case(struct arena *a, struct str folder) {
    struct source source = {.path = folder};
    struct error error;
    struct yaml_issue issue;
    struct tree tree;
    struct str events;

    if (!file_read(a, path_join(a, folder, STR("in.yaml")).ptr, FILE_MAX, &source.text, &error)) return "no in.yaml";
    bool refuse = file_kind(path_join(a, folder, STR("error")).ptr) == FILE_REGULAR;
    bool accepted = tree_parse(a, &source, &tree, &issue);
    if (refuse) return accepted && !tree.refusal ? "accepted, but it is no YAML" : NULL;
    if (!accepted) return arena_printf(a, "refused: %.*s", STR_ARG(issue.message)).ptr;
    const char *broken = broken_invariant(a, &tree);
    if (broken) return broken;
    if (!file_read(a, path_join(a, folder, STR("test.event")).ptr, FILE_MAX, &events, &error)) return "no test.event";
    struct str expected = expected_events(a, events), actual = actual_events(a, &tree);
    return str_eq(expected, actual)
               ? NULL
               : arena_printf(a, "events differ:\n%.*s--- expected:\n%.*s", STR_ARG(actual), STR_ARG(expected)).ptr;
}

static void judge(struct suite *s, struct str folder, struct str name) {
    struct arena arena = {NULL, NULL};
    const char *problem = run_case(&arena, folder);
    const char *known = map_get(&s->known, name);
    if (known) map_put(&s->arena, &s->seen, arena_str(&s->arena, name), (void *)(uintptr_t)known);
    if (!problem && known) {
        printf("FAIL %.*s: passes, but is listed as a known failure\n", STR_ARG(name));
        s->failed++;
    } else if (problem && !known) {
        printf("FAIL %.*s: %s\n", STR_ARG(name), problem);
        s->failed++;
    } else if (problem) s->expected++;
    else s->passed++;
    arena_free(&arena);
}

static int name_cmp(const void *left, const void *right) {
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

static void walk(struct suite *s, struct str folder, struct str name, int depth) {
    struct VEC(struct str) names = {NULL, 0, 0};
    if (file_kind(path_join(&s->arena, folder, STR("in.yaml")).ptr) == FILE_REGULAR) {
        judge(s, folder, name);
        return;
    }
    DIR *dir = depth < 3 ? opendir(folder.ptr) : NULL;
    if (!dir) return;
    for (const struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.') vec_push(&s->arena, &names, arena_str(&s->arena, str_from(entry->d_name)));
    closedir(dir);
    if (names.len) qsort(names.items, names.len, sizeof *names.items, name_cmp);
    for (uint32_t i = 0; i < names.len; i++)
        walk(s, path_join(&s->arena, folder, names.items[i]), path_join(&s->arena, name, names.items[i]), depth + 1);
}

static void read_known(struct suite *s) {
    struct error error;
    struct str text, line;
    if (!file_read(&s->arena, KNOWN_FAILURES, FILE_MAX, &text, &error)) {
        printf("FAIL %s\n", error.message);
        s->failed++;
        return;
    }
    while (str_split_next(&text, '\n', &line)) {
        if (line.len == 0 || line.ptr[0] == '#') continue;
        struct str name = arena_str(&s->arena, str_slice(line, 0, str_find_char(line, ':')));
        map_put(&s->arena, &s->known, name, (void *)(uintptr_t)line.ptr);
    }
}

int main(int argc, char **argv) {
    struct suite s = {.passed = 0};
    const char *data = getenv("VALUELINT_TESTDATA");
    struct str folder =
        argc > 1 ? str_from(argv[1]) : path_join(&s.arena, str_from(data ? data : "."), STR("yaml-test-suite"));
    if (file_kind(folder.ptr) != FILE_FOLDER) {
        printf("%s is not there\n", folder.ptr);
        arena_free(&s.arena);
        return 77;
    }
    read_known(&s);
    walk(&s, folder, STR(""), 0);
    for (uint32_t i = 0; i < s.known.len; i++) {
        if (map_get(&s.seen, s.known.entries[i].key)) continue;
        printf("note: the known failure %.*s is no case of this suite\n", STR_ARG(s.known.entries[i].key));
    }
    if (s.passed + s.failed + s.expected == 0) printf("FAIL no case below %s\n", folder.ptr), s.failed++;
    printf("%u passed, %u failed, %u skipped\n", s.passed, s.failed, s.expected);
    arena_free(&s.arena);
    return s.failed ? 1 : 0;
}
