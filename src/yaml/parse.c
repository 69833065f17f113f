/* libfyaml's events to our tree.
 *
 * The parser tells where tokens start and end, but not all of it, and not always rightly (measured on 0.7.12): quotes
 * and the sigils `&` and `*` lie outside of its marks, nulls have none, block scalars end too late, block collections
 * may end behind the next key. So leaf spans are mended from the text here, collections span their children, and
 * `cursor`, the end of the last leaf, tells where to look for what has no mark.
 *
 * An empty block scalar (`key: |`) before a line that is indented like its key takes that line, and the keys below it,
 * as its content. Where that is seen the parse starts again on a copy of the text in which a `~` stands in the place of
 * that `|` (no offset changes), and the scalar is made from what the text really holds. */
#include <libfyaml.h>

#include "base/utf8.h"
#include "yaml/build.h"
#include "yaml/dialect.h"
#include "yaml/explain.h"
#include "yaml/grammar.h"
#include "yaml/plain.h"
#include "yaml/scan.h"

struct parse {
    struct build build;
    uint32_t base;   /* offset of the parser's first byte in the text */
    uint32_t cursor; /* end of the last leaf, bracket or block dash */
    struct yaml_issue *issue;
    struct VEC(uint32_t) hidden; /* offsets of the block headers that are hidden from the parser, in order */
    bool restart;                /* the parse must start again, with one more hidden header */
    bool unexplained;            /* libfyaml's own words are all that is known of its error */
};

/* Each hidden header costs one more parse. */
#define HIDDEN_MAX 200

static struct span token_span(const struct parse *p, struct fy_token *token) {
    const struct fy_mark *start = token ? fy_token_start_mark(token) : NULL;
    const struct fy_mark *end = token ? fy_token_end_mark(token) : NULL;
    if (!start || !end) return (struct span){0, 0};
    return span_make(start->input_pos + p->base, end->input_pos + p->base);
}

static char byte_at(const struct parse *p, uint32_t at) {
    return at < p->build.text.len ? p->build.text.ptr[at] : '\0';
}

/* The first byte from `at` on that is neither white space nor part of a comment. */
static uint32_t skip_gap(const struct parse *p, uint32_t at) {
    for (; at < p->build.text.len; at++) {
        char c = p->build.text.ptr[at];
        if (c == '#' && (at == 0 || strchr(" \t\n", p->build.text.ptr[at - 1]))) {
            const char *end = memchr(p->build.text.ptr + at, '\n', p->build.text.len - at);
            if (!end) return (uint32_t)p->build.text.len;
            at = (uint32_t)(end - p->build.text.ptr);
        } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
            break;
        }
    }
    return at;
}

static const struct props *make_props(struct parse *p, struct fy_token *anchor, struct fy_token *tag) {
    struct props *props = arena_new(p->build.arena, struct props);
    struct span a = token_span(p, anchor), t = token_span(p, tag);
    if (anchor) {
        props->anchor = span_text(p->build.text, a);
        a.start--;
        props->span = a;
    }
    if (tag) {
        props->tag = span_text(p->build.text, t);
        if (!anchor || t.start < props->span.start) props->span.start = t.start;
        if (t.end > props->span.end) props->span.end = t.end;
    }
    return props;
}

static inline const struct props *read_props(struct parse *p, struct fy_token *anchor, struct fy_token *tag) {
    return anchor || tag ? make_props(p, anchor, tag) : NULL;
}

/* Whether the node that comes next is a map's key. */
static bool wants_key(const struct parse *p) {
    if (p->build.stack.len == 0) return false;
    const struct frame *frame = &p->build.stack.items[p->build.stack.len - 1];
    return frame->node->kind == NODE_MAP && !frame->key;
}

/* Where a null without text stands: behind its properties, else behind the indicator that calls for it. */
static uint32_t empty_place(const struct parse *p, const struct props *props) {
    if (props) return props->span.end;
    if (p->build.stack.len == 0) return p->cursor;
    uint32_t at = skip_gap(p, p->cursor);
    char want = wants_key(p) ? '?' : p->build.stack.items[p->build.stack.len - 1].node->kind == NODE_LIST ? '-' : ':';
    if (byte_at(p, at) != want) return p->cursor;
    /* Else it is the first byte of the next plain scalar (`:-`). */
    char after = byte_at(p, at + 1);
    bool flow = p->build.stack.items[p->build.stack.len - 1].node->style == STYLE_FLOW;
    bool indicator = at + 1 >= p->build.text.len || strchr(flow ? " \t\r\n,]}" : " \t\r\n", after);
    return indicator ? at + 1 : p->cursor;
}

/* The indicators of the block scalar that starts at `start`: `|2-`. */
static struct span header_span(const struct parse *p, uint32_t start) {
    uint32_t end = start + 1;
    while (strchr("+-0123456789", byte_at(p, end)) && byte_at(p, end)) end++;
    return (struct span){start, end};
}

/* The span of a block scalar whose content libfyaml places at `content`: from its `|` or `>` to the end of its last
 * line that is not blank. */
static struct span block_span(const struct parse *p, const struct props *props, struct span content) {
    uint32_t start = skip_gap(p, props ? props->span.end : p->cursor);
    while (start < content.start && byte_at(p, start) != '|' && byte_at(p, start) != '>')
        start = skip_gap(p, start + 1);
    uint32_t header = header_span(p, start).end, end = content.end;
    while (end > header && strchr(" \t\r\n", p->build.text.ptr[end - 1])) end--;
    if (end <= content.start) return (struct span){start, header};
    while (end < content.end && byte_at(p, end) != '\n') end++;
    if (end > 0 && p->build.text.ptr[end - 1] == '\r') end--;
    return (struct span){start, end};
}

/* The content of a block scalar without any line of text, for which libfyaml gives bytes from elsewhere: its blank
 * lines where the header says to keep them, else nothing. */
static struct str blank_block_text(struct parse *p, struct str blank, uint32_t header) {
    uint32_t lines = 0;
    while (strchr("|>-0123456789", byte_at(p, header)) && byte_at(p, header)) header++;
    if (byte_at(p, header) != '+') return STR("");
    for (size_t i = 0; i < blank.len; i++) lines += blank.ptr[i] == '\n';
    char *text = arena_alloc_raw(p->build.arena, lines + 1);
    memset(text, '\n', lines);
    return (struct str){text, lines};
}

static bool is_blank(struct str text) {
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != ' ' && text.ptr[i] != '\n' && text.ptr[i] != '\r') return false;
    return true;
}

/* Done here since libfyaml leaks memory on several '' in a row. */
static struct str unescape_single(struct parse *p, struct str raw) {
    char *text = arena_alloc_raw(p->build.arena, raw.len);
    size_t len = 0;
    for (size_t i = 0; i < raw.len; i++) {
        if (raw.ptr[i] == '\'' && i + 1 < raw.len && raw.ptr[i + 1] == '\'') i++;
        text[len++] = raw.ptr[i];
    }
    return (struct str){text, len};
}

/* Whether a block scalar's content begins with a line that is not indented below the collection it stands in. */
static bool block_swallows(const struct parse *p, struct span header, struct span content) {
    uint32_t at = content.start, line = at, column = 0;
    if (p->build.stack.len == 0) return false;
    for (uint32_t i = header.start; i < header.end; i++)
        if (byte_at(p, i) >= '1' && byte_at(p, i) <= '9') return false; /* the indentation is given */
    while (line > 0 && p->build.text.ptr[line - 1] != '\n') line--;
    for (at = line; at < content.end && strchr(" \r\n", p->build.text.ptr[at]); at++)
        if (p->build.text.ptr[at] == '\n') line = at + 1;
    if (at >= content.end) return false;
    const struct frame *frame = &p->build.stack.items[p->build.stack.len - 1];
    const struct node *first = frame->node->first ? frame->node->first->key : frame->key;
    uint32_t parent = frame->node->span.start;
    if (frame->node->kind == NODE_MAP && first && node_start(first) < parent) parent = node_start(first);
    while (parent - column > p->base && p->build.text.ptr[parent - column - 1] != '\n') column++;
    return at - line <= column;
}

/* The block scalar whose header was hidden at `start`. */
static struct str hidden_text(struct parse *p, uint32_t start) {
    uint32_t end = start, last = start;
    while (end < p->build.text.len && p->build.text.ptr[end] != '\n') end++;
    for (last = end; last < p->build.text.len && strchr(" \t\r\n", p->build.text.ptr[last]);) last++;
    while (last > end && p->build.text.ptr[last - 1] != '\n') last--;
    return blank_block_text(p, str_slice(p->build.text, end < p->build.text.len ? end + 1 : end, last), start);
}

static bool is_hidden(const struct parse *p, uint32_t start) {
    for (uint32_t i = 0; i < p->hidden.len; i++)
        if (p->hidden.items[i] == start) return true;
    return false;
}

static struct node *add_leaf(struct parse *p, enum node_style style, const struct props *props, struct span span,
                             struct str text) {
    if (span.end > p->cursor) p->cursor = span.end;
    return build_scalar(&p->build, style, props, span, text);
}

/* The content of a scalar as libfyaml has made it out, for one that does not stand in the text as it is. */
static struct str token_text(struct parse *p, struct fy_token *token) {
    size_t len;
    const char *content = fy_token_get_text(token, &len);
    if (!content) base_panic("the YAML parser gave a scalar without its text");
    return arena_str(p->build.arena, (struct str){content, len});
}

static void add_quoted(struct parse *p, struct fy_token *token, enum node_style style, const struct props *props,
                       struct span content, bool folded) {
    struct str text = span_text(p->build.text, content);
    bool as_it_is = !folded && (text.len == 0 || !memchr(text.ptr, style == STYLE_SINGLE ? '\'' : '\\', text.len));
    if (!as_it_is) text = style == STYLE_SINGLE && !folded ? unescape_single(p, text) : token_text(p, token);
    add_leaf(p, style, props, (struct span){content.start - 1, content.end + 1}, text);
}

/* False where the block has swallowed what stands behind it. */
static bool add_block(struct parse *p, struct fy_token *token, enum node_style style, const struct props *props,
                      struct span content) {
    struct span span = block_span(p, props, content);
    struct str raw = span_text(p->build.text, content), text;
    if (block_swallows(p, header_span(p, span.start), content)) {
        vec_push(p->build.arena, &p->hidden, span.start);
        p->restart = true;
        return false;
    }
    if (is_blank(raw)) {
        text = blank_block_text(p, raw, span.start);
    } else {
        text = token_text(p, token);
        /* Helm's parser adds no line end that the file does not have. */
        bool open_end = content.end == p->build.text.len && p->build.text.ptr[p->build.text.len - 1] != '\n';
        if (open_end && text.len && text.ptr[text.len - 1] == '\n') text.len--;
    }
    add_leaf(p, style, props, span, text);
    return true;
}

static void add_hidden(struct parse *p, const struct props *props, uint32_t start) {
    enum node_style style = byte_at(p, start) == '|' ? STYLE_LITERAL : STYLE_FOLDED;
    add_leaf(p, style, props, header_span(p, start), hidden_text(p, start));
}

static bool add_scalar(struct parse *p, const struct fy_event *event) {
    struct fy_token *token = event->scalar.value;
    const struct props *props = read_props(p, event->scalar.anchor, event->scalar.tag);
    const struct fy_mark *start = token ? fy_token_start_mark(token) : NULL;
    const struct fy_mark *end = token ? fy_token_end_mark(token) : NULL;
    enum fy_scalar_style style = token ? fy_token_scalar_style(token) : FYSS_PLAIN;

    if (!start || !end || (style == FYSS_PLAIN && end->input_pos == start->input_pos)) {
        uint32_t place = empty_place(p, props);
        add_leaf(p, STYLE_EMPTY, props, (struct span){place, place}, STR(""));
        return true;
    }
    struct span span = span_make(start->input_pos + p->base, end->input_pos + p->base);
    bool folded = start->line != end->line;
    switch (style) {
    case FYSS_SINGLE_QUOTED: add_quoted(p, token, STYLE_SINGLE, props, span, folded); return true;
    case FYSS_DOUBLE_QUOTED: add_quoted(p, token, STYLE_DOUBLE, props, span, folded); return true;
    case FYSS_LITERAL: return add_block(p, token, STYLE_LITERAL, props, span);
    case FYSS_FOLDED: return add_block(p, token, STYLE_FOLDED, props, span);
    default: break;
    }
    if (p->hidden.len && is_hidden(p, span.start)) add_hidden(p, props, span.start);
    else add_leaf(p, STYLE_PLAIN, props, span, folded ? token_text(p, token) : span_text(p->build.text, span));
    return true;
}

static void add_alias(struct parse *p, const struct fy_event *event) {
    struct span span = token_span(p, event->alias.anchor);
    struct node *node = build_node(&p->build, NODE_ALIAS, NULL);
    node->text = span_text(p->build.text, span);
    node->target = map_get(&p->build.anchors, node->text);
    node->span = (struct span){span.start - 1, span.end};
    p->build.tree->has_alias = true;
    build_attach(&p->build, node);
    p->cursor = span.end;
}

static bool open_collection(struct parse *p, enum node_kind kind, struct fy_token *start, struct fy_token *anchor,
                            struct fy_token *tag) {
    struct span span = token_span(p, start);
    struct node *node = build_node(&p->build, kind, read_props(p, anchor, tag));
    char first = byte_at(p, span.start);
    bool bracket = span_len(span) > 0 && (first == '{' || first == '[');

    node->style = bracket ? STYLE_FLOW : STYLE_BLOCK;
    node->span = span;
    build_attach(&p->build, node);
    vec_push(p->build.arena, &p->build.stack, (struct frame){node, NULL, NULL});
    if (node->props && node->props->span.end > p->cursor) p->cursor = node->props->span.end;
    if (bracket) p->cursor = span.end;
    else if ((kind == NODE_LIST || first == '?') && span.start > p->cursor) p->cursor = span.start;
    if (p->build.stack.len <= TREE_DEPTH_MAX) return true;
    *p->issue = (struct yaml_issue){
        .kind = YAML_UNREADABLE,
        .span = span,
        .message = arena_printf(p->build.arena, "collections are nested more than %d levels deep", TREE_DEPTH_MAX),
        .help = STR("nest them less; no values file needs that many"),
    };
    return false;
}

static void close_collection(struct parse *p, struct fy_token *end) {
    struct frame frame = p->build.stack.items[--p->build.stack.len];
    struct node *node = frame.node;
    struct span close = token_span(p, end);
    bool bracket = node->style == STYLE_FLOW;

    if (bracket) {
        node->span.end = close.end;
        p->cursor = close.end;
    } else if (node->first) {
        node->span.end = frame.last->span.end;
        uint32_t start = node_entry_start(node->first);
        if (node->kind == NODE_MAP && start < node->span.start) node->span.start = start;
        if (node->kind == NODE_MAP && node->first->key->style != STYLE_EMPTY) node->span.start = start;
    } else {
        node->span.end = node->span.start;
    }
    if (p->build.stack.len) {
        const struct node *parent = p->build.stack.items[p->build.stack.len - 1].node;
        /* `[a: b]` holds a map without brackets of its own. */
        if (node->style == STYLE_BLOCK && parent->style == STYLE_FLOW) node->style = STYLE_FLOW;
    }
}

/* Takes one event; false ends the parse, with p->issue set. */
static bool take_event(struct parse *p, const struct fy_event *event) {
    struct tree *tree = p->build.tree;
    switch (event->type) {
    case FYET_DOCUMENT_START:
        tree->document_count++;
        p->build.anchors = (struct map){0};
        if (tree->document_count == 2)
            tree->second_document = token_span(p, event->document_start.document_start).start;
        return true;
    case FYET_SCALAR: return add_scalar(p, event);
    case FYET_ALIAS: add_alias(p, event); return true;
    case FYET_MAPPING_START:
        return open_collection(p, NODE_MAP, event->mapping_start.mapping_start, event->mapping_start.anchor,
                               event->mapping_start.tag);
    case FYET_SEQUENCE_START:
        return open_collection(p, NODE_LIST, event->sequence_start.sequence_start, event->sequence_start.anchor,
                               event->sequence_start.tag);
    case FYET_MAPPING_END: close_collection(p, event->mapping_end.mapping_end); return true;
    case FYET_SEQUENCE_END: close_collection(p, event->sequence_end.sequence_end); return true;
    default: return true;
    }
}

/* A text in which the parser stopped before its end, in silence. */
static void refuse_rest(struct parse *p, uint32_t end) {
    *p->issue = (struct yaml_issue){
        .kind = YAML_UNREADABLE,
        .span = {end, end},
        .message = STR("the text cannot be read from here on"),
        .help = STR("check the indentation and the quotes of this line and of the one above"),
    };
    p->unexplained = true;
}

/* The offset of a place that libfyaml gives as line and column (from 1, in characters). */
static uint32_t place_offset(const struct parse *p, int line, int column) {
    size_t at = p->base;
    for (; line > 1; line--) {
        const char *end = at < p->build.text.len ? memchr(p->build.text.ptr + at, '\n', p->build.text.len - at) : NULL;
        if (!end) return (uint32_t)p->build.text.len;
        at = (size_t)(end - p->build.text.ptr) + 1;
    }
    for (; column > 1 && at < p->build.text.len && p->build.text.ptr[at] != '\n'; column--) do
            at++;
        while (at < p->build.text.len && utf8_is_continuation(p->build.text.ptr[at]));
    return (uint32_t)at;
}

static void refuse_error(struct parse *p, struct fy_diag *diag) {
    void *iterator = NULL;
    const struct fy_diag_error *error = fy_diag_errors_iterate(diag, &iterator);
    uint32_t offset = error ? place_offset(p, error->line, error->column) : p->cursor;
    p->unexplained = !yaml_explain_error(p->build.arena, p->build.text, p->cursor, offset,
                                         error && error->msg ? error->msg : "syntax error", p->issue);
}

/* Runs all events through take_event; false where the text is refused. */
static bool run_events(struct parse *p, struct fy_parser *parser, struct fy_diag *diag) {
    struct fy_event *event;
    uint32_t end = 0;
    bool ended = false, ok = true;

    while (ok && (event = fy_parser_parse(parser))) {
        if (event->type == FYET_STREAM_END) {
            ended = true;
            end = token_span(p, event->stream_end.stream_end).end;
        }
        ok = take_event(p, event);
        fy_parser_event_free(parser, event);
    }
    if (!ok) return false;
    if (fy_parser_get_stream_error(parser) || !ended) {
        refuse_error(p, diag);
        return false;
    }
    if (end != p->build.text.len) refuse_rest(p, end < p->build.text.len ? end : p->cursor);
    return end == p->build.text.len;
}

static void no_output(struct fy_diag *diag, void *user, const char *text, size_t len) {
    (void)diag, (void)user, (void)text, (void)len;
}

/* The body with a `~` in the place of each hidden header. */
static const char *hide_headers(struct parse *p) {
    char *copy = arena_alloc_raw(p->build.arena, p->build.text.len);
    memcpy(copy, p->build.text.ptr, p->build.text.len);
    for (uint32_t i = 0; i < p->hidden.len; i++) {
        struct span header = header_span(p, p->hidden.items[i]);
        memset(copy + header.start, ' ', span_len(header));
        copy[header.start] = '~';
    }
    return copy + p->base;
}

static bool parse_body(struct parse *p) {
    struct fy_diag_cfg diag_cfg;
    struct fy_diag *diag = NULL;
    struct fy_parser *parser = NULL;
    bool ok = false;

    memset(&diag_cfg, 0, sizeof diag_cfg); /* fy_diag_cfg_default would ask the system about the terminal */
    diag_cfg.output_fn = no_output;
    diag_cfg.level = FYET_ERROR;
    diag_cfg.module_mask = (1u << FYEM_MAX) - 1;
    diag = fy_diag_create(&diag_cfg);
    if (!diag) base_panic("out of memory");
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg cfg = {.flags = FYPCF_COLLECT_DIAG | FYPCF_SLOPPY_FLOW_INDENTATION, .diag = diag};
    parser = fy_parser_create(&cfg);
    if (!parser) base_panic("out of memory");
    const char *body = p->hidden.len ? hide_headers(p) : p->build.text.ptr + p->base;
    if (fy_parser_set_string(parser, body, p->build.text.len - p->base) != 0) base_panic("out of memory");

    ok = run_events(p, parser, diag);
    fy_parser_destroy(parser); /* before the diag, which it still uses */
    fy_diag_destroy(diag);
    return ok;
}

/* Back to the state before the first event, but for what is hidden. */
static void start_again(struct parse *p) {
    p->restart = false;
    p->cursor = p->base;
    p->build.stack.len = 0;
    p->build.nodes.len = 1;
    p->build.second_first = 0;
    p->build.anchors = (struct map){0};
    *p->build.tree = (struct tree){.source = p->build.tree->source};
}

/* Reads the body through libfyaml. */
static bool parse_events(struct parse *p) {
    bool ok;
    do {
        start_again(p);
        ok = p->build.text.len == p->base || parse_body(p);
    } while (p->restart && p->hidden.len < HIDDEN_MAX);
    if (p->restart)
        *p->issue = (struct yaml_issue){.kind = YAML_UNREADABLE,
                                        .span = span_make(p->hidden.items[0], p->hidden.items[0] + 1),
                                        .message = STR("the file holds too many empty block texts like this one"),
                                        .help = STR("write `\"\"` for an empty text")};
    if (!ok) start_again(p);
    return ok;
}

/* A text that cannot be read for an invisible character, which stands in the line of the error or in the few above it:
 * `replicas:<U+00A0>1` is no key and value. */
static void name_invisible(struct parse *p) {
    const char *text = p->build.text.ptr;
    uint32_t start = p->issue->span.start, end = start, lines = 0;
    struct yaml_issue invisible;
    while (end < p->build.text.len && text[end] != '\n') end++;
    for (; start > p->base && lines < 4; start--) lines += text[start - 1] == '\n';
    if (lines == 4) start++;
    if (dialect_find_invisible(p->build.arena, p->build.text, (struct span){start, end}, &invisible))
        *p->issue = invisible;
}

/* Reads the body as Helm does; where Helm refuses it, through libfyaml, so that what YAML takes is checked all the
 * same. */
static bool parse_body_for_helm(struct parse *p, bool has_tab) {
    struct yaml_issue *refusal = arena_new(p->build.arena, struct yaml_issue);
    start_again(p);
    enum grammar_outcome outcome = grammar_read(&p->build, p->base, refusal);
    if (outcome == GRAMMAR_READ) return true;
    start_again(p);
    bool ours = outcome == GRAMMAR_IGNORES_REST || (has_tab && scan_explicit_key(p->build.text));
    if (!ours && parse_events(p)) {
        p->build.tree->refusal = refusal;
        return true;
    }
    if (ours || p->unexplained) *p->issue = *refusal;
    if (outcome != GRAMMAR_IGNORES_REST) name_invisible(p);
    p->issue->kind = YAML_UNREADABLE;
    return false;
}

bool tree_parse_by(struct arena *a, const struct source *source, enum tree_reader reader, struct tree *tree,
                   struct yaml_issue *issue) {
    struct parse p = {.build = {.arena = a, .tree = tree, .text = source->text}, .issue = issue};
    struct scan scan;

    *tree = (struct tree){.source = source};
    *issue = (struct yaml_issue){.kind = YAML_UNREADABLE};
    vec_push(a, &p.build.nodes, NULL);
    bool ok = scan_text(a, source->text, &scan, issue);
    if (ok) {
        p.base = scan.body;
        bool plain = reader == READ_BY_ANY && scan.body == 0 && !scan.has_tab && !scan.has_break;
        start_again(&p);
        plain = plain && plain_read(&p.build);
        ok = plain || (reader == READ_BY_LIBRARY ? parse_events(&p) : parse_body_for_helm(&p, scan.has_tab));
        tree->is_plain = plain;
        tree->has_break = ok && scan.has_break;
        tree->has_tab = ok && scan.has_tab;
    }
    if (p.build.second_first && tree->second_document == 0) /* it has no `---` */
        tree->second_document = node_start(p.build.nodes.items[p.build.second_first]);
    tree->nodes = p.build.nodes.items;
    tree->node_count = p.build.nodes.len;
    return ok;
}

bool tree_parse(struct arena *a, const struct source *source, struct tree *tree, struct yaml_issue *issue) {
    return tree_parse_by(a, source, READ_BY_ANY, tree, issue);
}

const char *tree_library_version(void) {
    return fy_library_version();
}
