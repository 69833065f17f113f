/* Random operations on real and on made-up values files:  property_patch [ROUNDS [FIRST]]
 *
 * For each file: without operations the text comes back byte for byte; slabs keep their invariants; after random
 * operations the text that is read again holds the values that it should, every comment survives, undoing the edits
 * gives the first bytes back, and doing the operations one by one makes the same text. ROUNDS (default 20) is the
 * number of random patches a real file gets, and a hundredth of the number of made-up files; FIRST (default 1) seeds
 * them. A failure prints the seed with which it comes back.
 *
 * The real files are values-corpus below $VALUELINT_TESTDATA; where that is not there, they count as skipped. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "random_patch.h"
#include "yaml/helm.h"
#include "yaml/slab.h"

#define FILE_MAX ((size_t)16 << 20)
#define MAX_OPERATIONS 12

struct property {
    struct arena arena;
    uint32_t rounds;
    uint64_t first;
    unsigned passed, failed, skipped;
    unsigned long operations, done;
};

static void fail(struct property *p, struct str name, uint64_t seed, const char *why,
                 const struct patch_operation *operations, uint32_t count) {
    struct arena arena = {0};
    printf("FAIL %.*s seed %llu: %s\n", STR_ARG(name), (unsigned long long)seed, why);
    for (uint32_t i = 0; i < count; i++) printf("    %s\n", random_words(&arena, &operations[i]).ptr);
    arena_free(&arena);
    p->failed++;
}

/* One random patch; false where it fails. */
static bool try_patch(struct property *p, const struct source *source, const struct value *values, uint64_t seed) {
    struct arena arena = {0};
    struct dice dice = {seed};
    uint32_t count = 1 + dice_roll(&dice, MAX_OPERATIONS), done = 0;
    struct patch_operation *operations = random_operations(&arena, &dice, values, count);
    const char *wrong = random_check(&arena, source, operations, count, true, &done);
    p->operations += count;
    p->done += done;
    if (wrong) fail(p, source->path, seed, wrong, operations, count);
    arena_free(&arena);
    return wrong == NULL;
}

static const char *check_unchanged(struct arena *a, const struct source *source, const struct tree *tree) {
    struct patch_result result;
    struct slabs slabs;
    slab_lines(a, tree, &slabs);
    const char *wrong = slab_check(a, tree, &slabs);
    if (wrong) return wrong;
    patch_run(a, source, NULL, 0, NULL, &result);
    return str_eq(result.text, source->text) && result.edits.len == 0 ? NULL : "no operation, but another text";
}

static void check_text(struct property *p, struct str name, struct str text, uint32_t rounds) {
    struct arena arena = {0};
    struct source source = {.path = name, .text = text};
    struct tree tree;
    struct yaml_issue issue;
    struct yaml_issues issues = {NULL, 0, 0};
    struct value values;
    bool good = tree_parse(&arena, &source, &tree, &issue) && helm_values(&arena, &tree, &values, &issues);
    const char *wrong = good ? check_unchanged(&arena, &source, &tree) : NULL;
    if (wrong) fail(p, name, 0, wrong, NULL, 0);
    for (uint32_t i = 0; i < rounds && good && !wrong; i++)
        if (!try_patch(p, &source, &values, p->first + i)) wrong = "";
    p->passed += good && !wrong;
    arena_free(&arena);
}

/* Made-up files. */

struct maker {
    struct buf out;
    struct dice dice;
    const char *line_end;
    uint32_t step;
    uint32_t keys;    /* so that no key stands twice */
    uint32_t anchors; /* made so far; the odd ones name mappings */
    bool with_anchors;
};

static void add_end(struct maker *m) {
    if (dice_roll(&m->dice, 5) == 0) buf_addf(&m->out, "%*s# c%u", 1 + (int)dice_roll(&m->dice, 4), "", m->keys++);
    buf_add(&m->out, str_from(m->line_end));
}

static void add_gap(struct maker *m, uint32_t column) {
    static const uint8_t shifts[] = {0, 0, 0, 2, 4};
    for (uint32_t i = dice_roll(&m->dice, 12); i >= 9; i--) {
        if (dice_roll(&m->dice, 2)) buf_add(&m->out, str_from(m->line_end));
        if (dice_roll(&m->dice, 2) == 0) continue;
        buf_add_repeat(&m->out, ' ', column + shifts[dice_roll(&m->dice, sizeof shifts)]);
        buf_addf(&m->out, "#%s comment %u%s", dice_roll(&m->dice, 8) ? "" : "\t", m->keys++, m->line_end);
    }
}

static void add_block_text(struct maker *m, uint32_t column) {
    static const char *const headers[] = {"|", "|-", "|+", ">", ">-", "|", ">+"};
    bool indicator = dice_roll(&m->dice, 4) == 0;
    buf_add(&m->out, str_from(headers[dice_roll(&m->dice, 7)]));
    if (indicator) buf_addf(&m->out, "%u", m->step);
    add_end(m);
    for (uint32_t i = 1 + dice_roll(&m->dice, 3); i > 0; i--) {
        buf_add_repeat(&m->out, ' ', column + m->step + (indicator && dice_roll(&m->dice, 2)));
        buf_addf(&m->out, "line # %u%s", i, m->line_end);
        if (dice_roll(&m->dice, 4) == 0) buf_add(&m->out, str_from(m->line_end));
    }
}

/* A scalar or flow collection behind a key or dash at `column`, with the line's end. */
static void add_inline(struct maker *m, uint32_t column) {
    static const char *const words[] = {
        "8080", "text", "\"in quotes\"", "'it''s'", "true",      "0644", "1.10",     "~", "{a: 1, b: [x, y]}",
        "[]",   "{}",   "[1, {c: 2}]",   "a b c",   "\"x\\ty\"", "yes",  "{ p: 80 }"};
    uint32_t anchor = m->with_anchors ? dice_roll(&m->dice, 6) : 0;
    if (anchor == 1) buf_addf(&m->out, " &a%u", 2 * m->anchors++);
    if (anchor == 2 && m->anchors) {
        buf_addf(&m->out, " *a%u", dice_roll(&m->dice, 2 * m->anchors));
        add_end(m);
        return;
    }
    uint32_t kind = dice_roll(&m->dice, 24);
    if (kind < 16) {
        buf_addf(&m->out, " %s", words[kind]);
        add_end(m);
    } else if (kind < 18) {
        add_end(m);
    } else if (kind < 20) {
        buf_add_char(&m->out, ' ');
        add_block_text(m, column);
    } else if (kind == 20) {
        buf_addf(&m->out, " \"folded%s", m->line_end);
        buf_add_repeat(&m->out, ' ', column + 1 + dice_roll(&m->dice, 4));
        buf_add(&m->out, STR("text\""));
        add_end(m);
    } else if (kind == 21) {
        buf_addf(&m->out, " plain%s", m->line_end);
        buf_add_repeat(&m->out, ' ', column + 1 + dice_roll(&m->dice, 4));
        buf_addf(&m->out, "text%s", m->line_end);
    } else if (kind == 22) {
        buf_addf(&m->out, " {%s", m->line_end);
        buf_add_repeat(&m->out, ' ', column + 2);
        buf_addf(&m->out, "f%u: 1,", m->keys++);
        add_end(m);
        buf_add_repeat(&m->out, ' ', column + 2);
        buf_addf(&m->out, "g: [x]%s", dice_roll(&m->dice, 2) ? "," : "");
        add_end(m);
        buf_add_repeat(&m->out, ' ', column + 1);
        buf_add_char(&m->out, '}');
        add_end(m);
    } else {
        buf_add(&m->out, STR(" \t x"));
        add_end(m);
    }
}

static void add_list(struct maker *m, uint32_t column, int depth);

static void add_map(struct maker *m, uint32_t column, int depth, bool started) {
    for (uint32_t i = 1 + dice_roll(&m->dice, 4); i > 0; i--, started = false) {
        if (!started) add_gap(m, column);
        if (!started) buf_add_repeat(&m->out, ' ', column);
        buf_addf(&m->out, dice_roll(&m->dice, 8) ? "k%u:" : "\"k %u\":", m->keys++);
        uint32_t kind = depth > 0 ? dice_roll(&m->dice, 4) : 0;
        if (kind < 2) {
            add_inline(m, column);
            continue;
        }
        bool anchored = kind == 2 && m->with_anchors && dice_roll(&m->dice, 3) == 0;
        if (anchored) buf_addf(&m->out, " &a%u", 2 * m->anchors++ + 1);
        add_end(m);
        if (kind == 2 && m->anchors && m->with_anchors && dice_roll(&m->dice, 6) == 0) {
            buf_add_repeat(&m->out, ' ', column + m->step);
            buf_addf(&m->out, "<<: *a%u", 2 * dice_roll(&m->dice, m->anchors) + 1);
            add_end(m);
        }
        if (kind == 2) add_map(m, column + m->step, depth - 1, false);
        else add_list(m, column + (m->keys % 2 ? 0 : m->step), depth - 1);
    }
}

static void add_list(struct maker *m, uint32_t column, int depth) {
    for (uint32_t i = 1 + dice_roll(&m->dice, 3); i > 0; i--) {
        add_gap(m, column);
        buf_add_repeat(&m->out, ' ', column);
        buf_add_char(&m->out, '-');
        if (depth > 0 && dice_roll(&m->dice, 2)) {
            buf_add_char(&m->out, ' ');
            add_map(m, column + 2, depth - 1, true);
        } else {
            add_inline(m, column);
        }
    }
}

static struct str make_text(struct arena *a, uint64_t seed) {
    struct maker m = {.out = buf_in(a), .dice = {seed}};
    m.line_end = dice_roll(&m.dice, 6) ? "\n" : "\r\n";
    m.with_anchors = dice_roll(&m.dice, 3) == 0;
    m.step = 2 + (dice_roll(&m.dice, 4) == 0) * 2;
    if (dice_roll(&m.dice, 2)) buf_addf(&m.out, "# A file%s%s", m.line_end, m.line_end);
    add_map(&m, 0, 4, false);
    add_gap(&m, 0);
    if (m.out.len && dice_roll(&m.dice, 8) == 0) m.out.len--;
    return buf_str(&m.out);
}

static int name_cmp(const void *left, const void *right) {
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

static void walk(struct property *p, struct str folder, int depth) {
    struct VEC(struct str) names = {NULL, 0, 0};
    struct error error;
    struct str text;
    DIR *dir = depth < 12 ? opendir(folder.ptr) : NULL;
    if (!dir) return;
    for (const struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.') vec_push(&p->arena, &names, arena_str(&p->arena, str_from(entry->d_name)));
    closedir(dir);
    if (names.len) qsort(names.items, names.len, sizeof *names.items, name_cmp);
    for (uint32_t i = 0; i < names.len; i++) {
        struct str path = path_join(&p->arena, folder, names.items[i]);
        if (file_kind(path.ptr) == FILE_FOLDER) walk(p, path, depth + 1);
        else if (str_ends(path, STR(".yaml")) && file_read(&p->arena, path.ptr, FILE_MAX, &text, &error))
            check_text(p, path, text, p->rounds);
    }
}

int main(int argc, char **argv) {
    struct property p = {.rounds = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 20,
                         .first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1};
    const char *data = getenv("VALUELINT_TESTDATA");
    struct str corpus = path_join(&p.arena, str_from(data ? data : "."), STR("values-corpus"));
    if (file_kind(corpus.ptr) == FILE_FOLDER) {
        walk(&p, corpus, 0);
    } else {
        printf("SKIP the real values files: %s is not there\n", corpus.ptr);
        p.skipped++;
    }
    for (uint32_t i = 0; i < p.rounds * 100; i++) {
        struct arena arena = {0};
        struct str text = make_text(&arena, p.first + i);
        check_text(&p, arena_printf(&arena, "made-up file %llu", (unsigned long long)(p.first + i)), text, 3);
        arena_free(&arena);
    }
    printf("%lu of %lu operations were done, the others refused\n", p.done, p.operations);
    printf("%u passed, %u failed, %u skipped\n", p.passed, p.failed, p.skipped);
    arena_free(&p.arena);
    return p.failed ? 1 : 0;
}
