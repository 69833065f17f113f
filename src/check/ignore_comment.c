#include "check/ignore_comment.h"

#include "base/map.h"
#include "yaml/lex.h"

/* What is written: one comment for each place. */
struct comment {
    uint32_t at; /* offset in the text */
    enum where { AT_TOP, AT_END, ABOVE } where;
    uint32_t indent; /* ABOVE: spaces in front */
    struct VEC(struct str) ids;
};

struct writer {
    struct arena *arena;
    const struct tree *tree;
    struct source source; /* with its lines */
    const uint8_t *classes;
    struct map by_place;
    struct VEC(struct comment *) comments;
};

/* Where the line's text ends, without its line end. */
static uint32_t end_of_line(const struct writer *w, uint32_t line) {
    uint32_t end = line + 1 < w->source.line_count ? w->source.line_starts[line + 1] : (uint32_t)w->source.text.len;
    while (end > w->source.line_starts[line] &&
           (w->source.text.ptr[end - 1] == '\n' || w->source.text.ptr[end - 1] == '\r'))
        end--;
    return end;
}

/* Whether the line ends outside of all tokens, so that a comment may stand there. */
static bool ends_open(const struct writer *w, uint32_t line) {
    uint32_t end = end_of_line(w, line);
    return end == w->source.text.len || w->classes[end] == LEX_LINE_END;
}

static bool has_comment(const struct writer *w, uint32_t line) {
    for (uint32_t at = w->source.line_starts[line]; at < end_of_line(w, line); at++)
        if (w->classes[at] == LEX_COMMENT) return true;
    return false;
}

/* The innermost entry around `offset` above which a line of its own may be put; NULL for none. */
static const struct node *entry_around(const struct writer *w, uint32_t offset) {
    const struct node *found = NULL;
    for (uint32_t i = 1; i < w->tree->node_count; i++) {
        const struct node *node = w->tree->nodes[i];
        if (!node->parent || (!node->key && node->parent->kind != NODE_LIST)) continue;
        uint32_t start = node_entry_start(node), line = source_line_of(&w->source, start);
        if (start > offset || (node->span.end <= offset && start != offset)) continue;
        if (line > 0 && !ends_open(w, line - 1)) continue;
        if (!found || start >= node_entry_start(found)) found = node;
    }
    return found;
}

static struct comment *comment_at(struct writer *w, enum where where, uint32_t at, uint32_t indent) {
    struct str place = arena_printf(w->arena, "%d %u", (int)where, at);
    struct comment *comment = map_get(&w->by_place, place);
    if (comment) return comment;
    comment = arena_new(w->arena, struct comment);
    comment->where = where;
    comment->at = at;
    comment->indent = indent;
    map_put(w->arena, &w->by_place, place, comment);
    vec_push(w->arena, &w->comments, comment);
    return comment;
}

static struct comment *place_of(struct writer *w, struct span span) {
    bool marked = str_starts(w->source.text, STR("\xEF\xBB\xBF"));
    uint32_t top = marked ? 3 : 0, line = source_line_of(&w->source, span.start);
    if (span.end <= top || !w->tree->root) return comment_at(w, AT_TOP, top, 0);
    if (ends_open(w, line) && !has_comment(w, line)) return comment_at(w, AT_END, end_of_line(w, line), 0);
    const struct node *entry = entry_around(w, span.start);
    if (!entry) return comment_at(w, AT_TOP, top, 0);
    uint32_t start = w->source.line_starts[source_line_of(&w->source, node_entry_start(entry))], at = start;
    while (w->source.text.ptr[at] == ' ') at++;
    return comment_at(w, ABOVE, start, at - start);
}

static void add_id(struct arena *a, struct comment *comment, struct str id) {
    for (uint32_t i = 0; i < comment->ids.len; i++)
        if (str_eq(comment->ids.items[i], id)) return;
    vec_push(a, &comment->ids, id);
}

static struct str text_of(const struct writer *w, const struct comment *comment, struct str reason) {
    struct buf out = buf_in(w->arena);
    bool crlf = str_find(w->source.text, STR("\r\n")) < w->source.text.len;
    if (comment->where == AT_END && comment->at > 0 && w->source.text.ptr[comment->at - 1] != '\n')
        buf_add(&out, STR("  "));
    buf_add_repeat(&out, ' ', comment->indent);
    buf_add(&out, comment->where == AT_TOP ? STR("# valuelint: ignore-file[") : STR("# valuelint: ignore["));
    for (uint32_t i = 0; i < comment->ids.len; i++)
        buf_addf(&out, "%s%.*s", i ? ", " : "", STR_ARG(comment->ids.items[i]));
    buf_addf(&out, "]%s%.*s", reason.len ? " " : "", STR_ARG(reason));
    if (comment->where != AT_END) buf_add(&out, crlf ? STR("\r\n") : STR("\n"));
    return buf_str(&out);
}

struct edits suppress_with_comments(struct arena *a, const struct tree *tree, const struct ignore_wishes *wishes,
                                    struct str reason) {
    struct writer w = {.arena = a, .tree = tree, .source = *tree->source, .classes = yaml_lex_classify(a, tree)};
    struct edits edits = {NULL, 0, 0};
    source_lines(a, &w.source);
    for (uint32_t i = 0; i < wishes->len; i++) add_id(a, place_of(&w, wishes->items[i].span), wishes->items[i].id);
    for (uint32_t i = 0; i < w.comments.len; i++) {
        const struct comment *comment = w.comments.items[i];
        vec_push(a, &edits, (struct edit){span_make(comment->at, comment->at), text_of(&w, comment, reason)});
    }
    edits_settle(a, &edits);
    return edits;
}
