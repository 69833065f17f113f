#include "yaml/lex.h"

/* Called with the pieces of a text in order: tokens with a node, and what lies between them. */
struct lexer {
    struct arena *arena;
    struct str text;
    uint8_t *classes;       /* or NULL */
    struct spans *comments; /* or NULL */
    uint32_t at;
};

/* What is not marked is LEX_TOKEN, which is 0. */
static void mark(struct lexer *l, uint32_t start, uint32_t end, enum lex_class class) {
    if (!l->classes) return;
    if (end == start + 1) l->classes[start] = (uint8_t) class;
    else memset(l->classes + start, (int)class, end - start);
}

static bool starts_comment(const struct lexer *l, uint32_t at) {
    if (l->text.ptr[at] != '#') return false;
    if (at == 0) return true;
    char before = l->text.ptr[at - 1];
    return before == ' ' || before == '\t' || before == '\n' || before == '\r' || (at == 3 && before == '\xBF');
}

static uint32_t line_end(const struct lexer *l, uint32_t at) {
    const char *end = memchr(l->text.ptr + at, '\n', l->text.len - at);
    uint32_t stop = end ? (uint32_t)(end - l->text.ptr) : (uint32_t)l->text.len;
    return stop > at && l->text.ptr[stop - 1] == '\r' ? stop - 1 : stop;
}

/* Everything up to `end` that no node claims. */
static void lex_gap(struct lexer *l, uint32_t end) {
    while (l->at < end) {
        if (!l->classes) /* nothing but comments is looked for */
            while (l->at < end && l->text.ptr[l->at] != '#') l->at++;
        if (l->at == end) return;
        char c = l->text.ptr[l->at];
        uint32_t next = l->at + 1;
        enum lex_class class = LEX_TOKEN;
        if (c == ' ' || c == '\t') {
            class = LEX_WHITE;
            while (next < end && l->text.ptr[next] == ' ') next++;
        } else if (c == '\n' || c == '\r') class = LEX_LINE_END;
        else if (l->at == 0 && str_starts(l->text, STR("\xEF\xBB\xBF"))) class = LEX_WHITE, next = 3;
        else if (starts_comment(l, l->at)) {
            class = LEX_COMMENT;
            next = line_end(l, l->at);
            if (next > end) next = end; /* Helm ends a line at U+0085, too: what follows may be a token */
            if (l->comments) vec_push(l->arena, l->comments, (struct span){l->at, next});
        }
        if (class != LEX_TOKEN) mark(l, l->at, next, class);
        l->at = next;
    }
}

static void lex_token(struct lexer *l, uint32_t start, uint32_t end) {
    if (start < l->at || end <= start) return;
    lex_gap(l, start);
    l->at = end;
}

static void lex_node(struct lexer *l, const struct node *node) {
    if (node->props) lex_token(l, node->props->span.start, node->props->span.end);
    if (node->kind != NODE_SCALAR && node->kind != NODE_ALIAS) return;
    if (node->style != STYLE_LITERAL && node->style != STYLE_FOLDED) {
        lex_token(l, node->span.start, node->span.end);
        return;
    }
    /* A comment may stand behind the header of a block scalar; all lines below are its content. */
    uint32_t header = line_end(l, node->span.start);
    if (header > node->span.end) header = node->span.end;
    lex_token(l, node->span.start, node->span.start + 1);
    lex_gap(l, header);
    lex_gap(l, header < node->span.end ? line_end(l, header) : header);
    lex_token(l, header, node->span.end);
}

static void lex(struct lexer *l, const struct tree *tree) {
    for (uint32_t i = 1; i < tree->node_count; i++) lex_node(l, tree->nodes[i]);
    lex_gap(l, (uint32_t)l->text.len);
}

uint8_t *yaml_lex_classify(struct arena *a, const struct tree *tree) {
    struct lexer l = {.arena = a, .text = tree->source->text};
    l.classes = arena_alloc(a, l.text.len + 1);
    lex(&l, tree);
    return l.classes;
}

void yaml_lex_comments(struct arena *a, const struct tree *tree, struct spans *comments) {
    struct lexer l = {.arena = a, .text = tree->source->text, .comments = comments};
    lex(&l, tree);
}
