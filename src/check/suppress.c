#include "check/suppress.h"

#include "base/fuzzy.h"
#include "yaml/lex.h"

#define MARK STR("valuelint:")

struct suppression {
    struct span comment;
    struct span scope;                /* a finding that starts in it is meant */
    struct VEC(struct str) selectors; /* none: every finding */
    bool used;
};

struct suppressions {
    struct VEC(struct suppression) list;
};

/* The text behind `# valuelint:`; false for any other comment. */
static bool directive(struct str comment, struct str *text) {
    struct str body = str_trim(str_slice(comment, 1, comment.len));
    if (!str_starts(body, MARK)) return false;
    *text = str_trim(str_slice(body, MARK.len, body.len));
    return true;
}

static struct span line_of(struct finder *f, uint32_t offset) {
    uint32_t line = source_line_of(f->source, offset);
    bool last = line + 1 >= f->source->line_count;
    return span_make(f->source->line_starts[line], last ? f->source->text.len + 1 : f->source->line_starts[line + 1]);
}

/* The entry that starts on the line of `offset`, the outermost one; NULL for none. */
static const struct node *entry_on_line(struct finder *f, uint32_t offset) {
    struct span line = line_of(f, offset);
    for (uint32_t i = 1; i < f->tree->node_count; i++) {
        const struct node *node = f->tree->nodes[i];
        bool entry = node->parent && (node->key || node->parent->kind == NODE_LIST);
        if (entry && node_entry_start(node) >= line.start && node_entry_start(node) < line.end) return node;
    }
    return NULL;
}

/* What a comment is meant for: its line, the entry below it, or the file. */
static bool find_scope(struct finder *f, struct span comment, bool whole_file, struct span *scope) {
    struct span line = line_of(f, comment.start);
    struct str before = str_trim(str_slice(f->source->text, line.start, comment.start));
    *scope = span_make(0, f->source->text.len + 1);
    if (whole_file) return !f->tree->root || comment.start < node_entry_start(f->tree->root) || !f->tree->root->first;
    *scope = line;
    if (before.len > 0 && !str_eq(before, STR("\xEF\xBB\xBF"))) return true;
    /* More comments may stand between this one and its key. */
    for (uint32_t next = line.end; next < f->source->text.len;) {
        const struct node *entry = entry_on_line(f, next);
        if (entry) {
            *scope =
                span_make(node_entry_start(entry),
                          entry->span.end > node_entry_start(entry) ? entry->span.end : node_entry_start(entry) + 1);
            return true;
        }
        struct span below = line_of(f, next);
        struct str text = str_trim(str_slice(f->source->text, below.start, below.end));
        if (text.len == 0 || text.ptr[0] != '#') return false;
        next = below.end;
    }
    return false;
}

static void complain(struct finder *f, struct span comment, struct str message, struct str help) {
    finder_add(f, CHECK_INVALID_SUPPRESSION, comment, STR(""), message)->help = help;
}

/* Reads `[a, b]` in front of `rest`; false where the bracket is not closed or names an unknown rule. */
static bool read_selectors(struct finder *f, struct str rest, struct suppression *out) {
    struct str item;
    if (rest.len == 0 || rest.ptr[0] != '[') return true;
    size_t close = str_find_char(rest, ']');
    if (close == rest.len) {
        complain(f, out->comment, STR("the bracket behind `ignore` is never closed"), STR("write `ignore[VL101]`"));
        return false;
    }
    struct str list = str_slice(rest, 1, close);
    while (str_split_next(&list, ',', &item)) {
        item = str_trim(item);
        if (!rule_set_knows(f->settings->rules, item)) {
            complain(f, out->comment, arena_printf(f->arena, "unknown rule `%.*s`", STR_ARG(item)),
                     rule_set_nearest(f->arena, f->settings->rules, item));
            return false;
        }
        vec_push(f->arena, &out->selectors, item);
    }
    if (out->selectors.len) return true;
    complain(f, out->comment, STR("the brackets behind `ignore` name no rule"), STR("write `ignore[VL101]`"));
    return false;
}

static bool read_suppression(struct finder *f, struct span comment, struct str text, struct suppression *out) {
    *out = (struct suppression){.comment = comment};
    bool whole_file = str_starts(text, STR("ignore-file"));
    if (!whole_file && !str_starts(text, STR("ignore"))) {
        complain(f, comment, STR("this comment is not understood"),
                 STR("write `# valuelint: ignore[VL101] reason`, or `ignore-file[...]`"));
        return false;
    }
    struct str rest = str_slice(text, whole_file ? 11 : 6, text.len);
    if (rest.len && rest.ptr[0] != '[' && rest.ptr[0] != ' ') {
        complain(f, comment, STR("this comment is not understood"),
                 STR("write `# valuelint: ignore[VL101] reason`, or `ignore-file[...]`"));
        return false;
    }
    if (!read_selectors(f, rest, out)) return false;
    if (find_scope(f, comment, whole_file, &out->scope)) return true;
    complain(f, comment,
             whole_file ? STR("`ignore-file` must stand above the first key") : STR("this comment stands above no key"),
             STR("put it at the end of a line, or directly above a key"));
    return false;
}

static bool is_meant(const struct suppression *s, const struct check *check, struct span span) {
    if (span.start < s->scope.start || span.start >= s->scope.end) return false;
    if (s->selectors.len == 0) return true;
    for (uint32_t i = 0; i < s->selectors.len; i++)
        if (rule_selected(s->selectors.items[i], check)) return true;
    return false;
}

bool suppress_holds_back(struct suppressions *suppressions, const struct check *check, struct span span) {
    bool suppressed = false;
    for (uint32_t i = 0; suppressions && i < suppressions->list.len; i++) {
        struct suppression *suppression = &suppressions->list.items[i];
        if (!is_meant(suppression, check, span)) continue;
        suppression->used = true;
        suppressed = true;
    }
    return suppressed;
}

struct suppressions *suppress_read(struct finder *f) {
    struct suppressions *suppressions;
    struct spans comments = {NULL, 0, 0};
    struct str text;

    if (!f->tree || str_find(f->source->text, MARK) == f->source->text.len) return NULL;
    suppressions = arena_new(f->arena, struct suppressions);
    source_lines(f->arena, f->source);
    lex_comments(f->arena, f->tree, &comments);
    for (uint32_t i = 0; i < comments.len; i++) {
        struct suppression suppression;
        if (!directive(span_text(f->source->text, comments.items[i]), &text)) continue;
        if (read_suppression(f, comments.items[i], text, &suppression))
            vec_push(f->arena, &suppressions->list, suppression);
    }
    return suppressions;
}

uint32_t suppress_findings(struct finder *f) {
    uint32_t kept = 0, before = f->findings->len;
    struct suppressions *suppressions = suppress_read(f);
    if (!suppressions) return 0;
    uint32_t complaints = f->findings->len - before;
    for (uint32_t i = 0; i < f->findings->len; i++) {
        const struct finding *finding = &f->findings->items[i];
        if (i >= before || !suppress_holds_back(suppressions, finding->check, finding->span))
            f->findings->items[kept++] = *finding;
    }
    f->findings->len = kept;
    for (uint32_t i = 0; i < suppressions->list.len; i++)
        if (!suppressions->list.items[i].used)
            finder_add(f, CHECK_UNUSED_SUPPRESSION, suppressions->list.items[i].comment, STR(""),
                       STR("this comment suppresses nothing"))
                ->help = STR("delete it");
    return before + complaints - kept;
}
