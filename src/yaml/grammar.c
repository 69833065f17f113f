/* Recursive descent over the tokens, one function for each production, with the look-ahead of go-yaml's parser: which
 * tokens stand for an empty node differs from one production to the next there, and is kept as it is. */
#include "yaml/grammar.h"

#include "yaml/token.h"

struct tag_prefix {
    struct str handle, prefix;
};

struct grammar {
    struct build *build;
    struct tokens tokens;
    const struct token *next;
    struct VEC(struct tag_prefix) tags; /* of the document */
    uint32_t cursor;                    /* end of the last leaf, bracket or block dash */
};

/* One bit for each kind of token. */
#define BIT(kind) (1u << (kind))

static bool at(const struct grammar *g, uint32_t kinds) {
    return (BIT(g->next->kind) & kinds) != 0;
}

static bool refuse(struct grammar *g, struct str message, struct str help) {
    if (at(g, BIT(TOKEN_BROKEN))) return false; /* the issue is there already */
    struct span span = g->next->span;
    if (span_len(span) == 0 && span.start < g->build->text.len && g->build->text.ptr[span.start] != '\n') span.end++;
    return token_refuse(&g->tokens, span, message, help);
}

static void reach(struct grammar *g, uint32_t end) {
    if (end > g->cursor) g->cursor = end;
}

static bool add_empty(struct grammar *g, const struct props *props, uint32_t place) {
    build_scalar(g->build, STYLE_EMPTY, props, (struct span){place, place}, STR(""));
    reach(g, place);
    return true;
}

/* The prefix that a tag's handle stands for in this document, or NULL. */
static const struct str *find_prefix(const struct grammar *g, struct str handle) {
    for (uint32_t i = 0; i < g->tags.len; i++)
        if (str_eq(g->tags.items[i].handle, handle)) return &g->tags.items[i].prefix;
    return NULL;
}

/* What a tag means, in the form that it would have without directives and escapes. */
static bool resolve_tag(struct grammar *g, const struct token *token, struct str *out) {
    struct str long_form = STR("tag:yaml.org,2002:");
    *out = span_text(g->build->text, token->span);
    if (token->handle.len == 0) return true;
    const struct str *prefix = find_prefix(g, token->handle);
    if (!prefix)
        return token_refuse(&g->tokens, token->span, STR("no %TAG directive defines this tag's prefix"),
                            STR("delete the tag, or quote the text if no tag is meant"));
    bool own = str_eq(token->handle, STR("!")) ? str_eq(*prefix, STR("!"))
                                               : str_eq(token->handle, STR("!!")) && str_eq(*prefix, long_form);
    if (!own || memchr(out->ptr, '%', out->len))
        *out = arena_printf(g->build->arena, "!<%.*s%.*s>", STR_ARG(*prefix), STR_ARG(token->text));
    return true;
}

/* An anchor and a tag, in either order, each at most once. *props becomes NULL where there is none. */
static bool read_props(struct grammar *g, const struct props **props) {
    struct props *found = NULL;
    *props = NULL;
    for (uint32_t kinds = BIT(TOKEN_ANCHOR) | BIT(TOKEN_TAG); at(g, kinds); g->next++) {
        kinds &= ~BIT(g->next->kind);
        if (!found) {
            *props = found = arena_new(g->build->arena, struct props);
            found->span.start = g->next->span.start;
        }
        found->span.end = g->next->span.end;
        if (g->next->kind == TOKEN_ANCHOR) found->anchor = g->next->text;
        else if (!resolve_tag(g, g->next, &found->tag)) return false;
    }
    if (found) reach(g, found->span.end);
    return true;
}

static bool open_collection(struct grammar *g, enum node_kind kind, enum node_style style, const struct props *props) {
    build_open(g->build, kind, style, props, g->next->span);
    if (g->build->stack.len <= TREE_DEPTH_MAX) return true;
    return refuse(g, arena_printf(g->build->arena, "collections are nested more than %d levels deep", TREE_DEPTH_MAX),
                  STR("nest them less; no values file needs that many"));
}

/* Closes a collection without brackets at the end of its last child. */
static void close_block(struct grammar *g) {
    struct frame frame = g->build->stack.items[--g->build->stack.len];
    struct node *node = frame.node;
    node->span.end = frame.last ? frame.last->span.end : node->span.start;
    if (node->kind == NODE_MAP && node->first && node->first->key->style != STYLE_EMPTY)
        node->span.start = node_entry_start(node->first);
}

static bool read_node(struct grammar *g, bool block, bool may_be_list);

#define BLOCK_VALUE_ENDS (BIT(TOKEN_KEY) | BIT(TOKEN_VALUE) | BIT(TOKEN_BLOCK_END))

/* The node behind a `?` or `:` of a block mapping. */
static bool read_member_part(struct grammar *g) {
    uint32_t place = g->next++->span.end;
    return at(g, BLOCK_VALUE_ENDS) ? add_empty(g, NULL, place) : read_node(g, true, true);
}

static bool read_block_map(struct grammar *g, const struct props *props) {
    if (!open_collection(g, NODE_MAP, STYLE_BLOCK, props)) return false;
    for (g->next++; at(g, BIT(TOKEN_KEY));) {
        if (!read_member_part(g)) return false;
        if (at(g, BIT(TOKEN_VALUE))) {
            if (!read_member_part(g)) return false;
        } else {
            add_empty(g, NULL, g->cursor);
        }
    }
    if (at(g, BIT(TOKEN_VALUE)))
        return refuse(g, STR("a key is missing before this `:`"), STR("give the key a name, or quote it"));
    if (!at(g, BIT(TOKEN_BLOCK_END)) && (g->next[-1].style == STYLE_LITERAL || g->next[-1].style == STYLE_FOLDED))
        return refuse(g, STR("this line is indented less than the block text above it, and so ends it"),
                      STR("indent it like the first line of the text"));
    if (!at(g, BIT(TOKEN_BLOCK_END)))
        return refuse(g, STR("a key with its `:` is expected here"),
                      STR("check the indentation of this line and of the one above"));
    g->next++;
    close_block(g);
    return true;
}

/* A list; `ends` are the tokens that may follow a dash without a value. One that is as deep as its key has no end of
 * its own. */
static bool read_block_list(struct grammar *g, const struct props *props, uint32_t ends, bool has_end) {
    if (!open_collection(g, NODE_LIST, STYLE_BLOCK, props)) return false;
    if (has_end) g->next++;
    while (at(g, BIT(TOKEN_BLOCK_ENTRY))) {
        uint32_t place = g->next++->span.end;
        reach(g, place - 1);
        if (!(at(g, ends) ? add_empty(g, NULL, place) : read_node(g, true, false))) return false;
    }
    if (has_end && !at(g, BIT(TOKEN_BLOCK_END)))
        return refuse(g, STR("a key is at the level of list items"),
                      STR("indent it as part of an item, or less than the list"));
    if (has_end) g->next++;
    close_block(g);
    return true;
}

static bool close_flow(struct grammar *g) {
    struct node *node = g->build->stack.items[--g->build->stack.len].node;
    node->span.end = g->next++->span.end;
    reach(g, node->span.end);
    return true;
}

/* A `:` in a flow collection that no key stands before. */
static bool refuse_colon(struct grammar *g) {
    const struct token *before = g->next - 1;
    struct str gap = str_slice(g->build->text, before->span.end, g->next->span.start);
    if (before->kind == TOKEN_SCALAR && str_find_char(gap, '\n') < gap.len)
        return token_refuse(&g->tokens, before->span, STR("Helm wants a key and its `:` on one line"),
                            STR("put them on one line"));
    return refuse(g, STR("Helm takes this `:` for the end of a key"), STR("put quotes around the text"));
}

/* The `,` between two entries; false where it is missing. */
static bool read_comma(struct grammar *g) {
    if (at(g, BIT(TOKEN_VALUE))) return refuse_colon(g);
    if (!at(g, BIT(TOKEN_FLOW_ENTRY)) && g->next[-1].style == STYLE_DOUBLE &&
        g->next[-1].span.end == g->next->span.start)
        return refuse(g, STR("the quote before this ends the text"),
                      STR("escape quotes inside of a text (`\\\"`), or put single quotes around it"));
    if (!at(g, BIT(TOKEN_FLOW_ENTRY)))
        return refuse(g, STR("a comma or a closing bracket is missing"),
                      STR("close the bracket that is open, or put a comma between the entries; quote a text that holds "
                          "`[`, `]`, `{`, `}`, `,` or `?`"));
    g->next++;
    return true;
}

/* The value in a flow mapping, where its `:` stands, before one of `ends`; else an empty one. */
static bool read_flow_value(struct grammar *g, uint32_t ends) {
    if (!at(g, BIT(TOKEN_VALUE))) return add_empty(g, NULL, g->cursor);
    uint32_t place = g->next++->span.end;
    return at(g, ends) ? add_empty(g, NULL, place) : read_node(g, false, false);
}

/* `a: b` in a list. */
static bool read_pair(struct grammar *g) {
    const uint32_t ends = BIT(TOKEN_FLOW_ENTRY) | BIT(TOKEN_FLOW_LIST_END);
    if (!open_collection(g, NODE_MAP, STYLE_FLOW, NULL)) return false;
    uint32_t place = g->next++->span.end;
    if (at(g, ends | BIT(TOKEN_VALUE))) {
        add_empty(g, NULL, place);
        g->next++; /* as go-yaml does, which then misses it */
        if (at(g, BIT(TOKEN_END) | BIT(TOKEN_BROKEN)))
            return refuse(g, STR("a bracket is never closed"), STR("add the missing `]` or `}`"));
    } else if (!read_node(g, false, false)) {
        return false;
    }
    if (!read_flow_value(g, ends)) return false;
    close_block(g);
    return true;
}

static bool read_flow_list(struct grammar *g, const struct props *props) {
    if (!open_collection(g, NODE_LIST, STYLE_FLOW, props)) return false;
    reach(g, g->next++->span.end);
    for (bool first = true; !at(g, BIT(TOKEN_FLOW_LIST_END)); first = false) {
        if (!first && !read_comma(g)) return false;
        if (at(g, BIT(TOKEN_FLOW_LIST_END))) break;
        if (!(at(g, BIT(TOKEN_KEY)) ? read_pair(g) : read_node(g, false, false))) return false;
    }
    return close_flow(g);
}

static bool read_flow_map(struct grammar *g, const struct props *props) {
    const uint32_t ends = BIT(TOKEN_FLOW_ENTRY) | BIT(TOKEN_FLOW_MAP_END);
    if (!open_collection(g, NODE_MAP, STYLE_FLOW, props)) return false;
    reach(g, g->next++->span.end);
    for (bool first = true; !at(g, BIT(TOKEN_FLOW_MAP_END)); first = false) {
        if (!first && !read_comma(g)) return false;
        if (at(g, BIT(TOKEN_FLOW_MAP_END))) break;
        bool pair = at(g, BIT(TOKEN_KEY));
        uint32_t place = g->next->span.end;
        if (pair) g->next++;
        if (!(pair && at(g, ends | BIT(TOKEN_VALUE)) ? add_empty(g, NULL, place) : read_node(g, false, false)))
            return false;
        if (!pair) add_empty(g, NULL, g->cursor);
        else if (!read_flow_value(g, ends)) return false;
    }
    return close_flow(g);
}

static bool read_leaf(struct grammar *g, const struct props *props) {
    const struct token *token = g->next++;
    build_scalar(g->build, token->style, props, token->span, token->text);
    reach(g, token->span.end);
    return true;
}

static bool read_alias(struct grammar *g) {
    const struct token *token = g->next++;
    struct node *node = build_node(g->build, NODE_ALIAS, NULL);
    node->text = token->text;
    node->target = map_get(&g->build->anchors, node->text);
    node->span = token->span;
    g->build->tree->has_alias = true;
    build_attach(g->build, node);
    reach(g, token->span.end);
    return true;
}

static bool refuse_node(struct grammar *g, bool block) {
    if (at(g, BIT(TOKEN_END) | BIT(TOKEN_DOCUMENT_START) | BIT(TOKEN_DOCUMENT_END)) && g->build->stack.len)
        return refuse(g, STR("a bracket is never closed"), STR("add the missing `]` or `}`"));
    if (!block && at(g, BIT(TOKEN_VALUE))) return refuse_colon(g);
    if (!block && at(g, BIT(TOKEN_FLOW_ENTRY)))
        return refuse(g, STR("a value is missing before this comma"), STR("delete the comma, or write `null`"));
    return refuse(g, STR("Helm finds no value here"), STR("check the brackets and the indentation of this line"));
}

static bool read_node(struct grammar *g, bool block, bool may_be_list) {
    const struct props *props;
    if (at(g, BIT(TOKEN_ALIAS))) return read_alias(g);
    if (!read_props(g, &props)) return false;
    switch (g->next->kind) {
    case TOKEN_BLOCK_ENTRY:
        if (may_be_list) return read_block_list(g, props, BLOCK_VALUE_ENDS | BIT(TOKEN_BLOCK_ENTRY), false);
        break;
    case TOKEN_SCALAR: return read_leaf(g, props);
    case TOKEN_FLOW_LIST: return read_flow_list(g, props);
    case TOKEN_FLOW_MAP: return read_flow_map(g, props);
    case TOKEN_BLOCK_LIST:
        if (block) return read_block_list(g, props, BIT(TOKEN_BLOCK_ENTRY) | BIT(TOKEN_BLOCK_END), true);
        break;
    case TOKEN_BLOCK_MAP:
        if (block) return read_block_map(g, props);
        break;
    default: break;
    }
    return props ? add_empty(g, props, props->span.end) : refuse_node(g, block);
}

/* %YAML and %TAG above a document, and what every document has. */
static bool read_directives(struct grammar *g) {
    bool version = false;
    g->tags.len = 0;
    for (; at(g, BIT(TOKEN_VERSION) | BIT(TOKEN_TAG_DIRECTIVE)); g->next++) {
        bool is_version = g->next->kind == TOKEN_VERSION;
        struct str help = STR("delete the line; a values file needs no directive");
        if (is_version ? version : find_prefix(g, g->next->handle) != NULL)
            return refuse(g, STR("duplicate directive"), help);
        if (is_version && !g->next->style) return refuse(g, STR("Helm accepts only YAML version 1.1"), help);
        version = version || is_version;
        if (!is_version) vec_push(g->build->arena, &g->tags, (struct tag_prefix){g->next->handle, g->next->text});
    }
    if (!find_prefix(g, STR("!"))) vec_push(g->build->arena, &g->tags, (struct tag_prefix){STR("!"), STR("!")});
    if (!find_prefix(g, STR("!!")))
        vec_push(g->build->arena, &g->tags, (struct tag_prefix){STR("!!"), STR("tag:yaml.org,2002:")});
    return true;
}

static bool read_document(struct grammar *g, bool first) {
    const uint32_t directives = BIT(TOKEN_VERSION) | BIT(TOKEN_TAG_DIRECTIVE);
    struct tree *tree = g->build->tree;
    bool bare = first && !at(g, directives | BIT(TOKEN_DOCUMENT_START));
    if (!read_directives(g)) return false;
    if (!bare && !at(g, BIT(TOKEN_DOCUMENT_START)))
        return refuse(g, STR("a `---` is missing behind the directive"), STR("delete the directive"));
    tree->document_count++;
    g->build->anchors = (struct map){0};
    if (tree->document_count == 2) tree->second_document = g->next->span.start;
    if (!bare) g->next++;
    bool empty = !bare && at(g, directives | BIT(TOKEN_DOCUMENT_START) | BIT(TOKEN_DOCUMENT_END) | BIT(TOKEN_END));
    return empty ? add_empty(g, NULL, g->cursor) : read_node(g, true, false);
}

/* Whether the first document is one that Helm takes for values. */
static bool is_values(const struct node *root) {
    if (!root || (root->kind == NODE_SCALAR && (root->style == STYLE_EMPTY || str_eq(root->text, STR("~")))))
        return true;
    return root->kind == NODE_MAP && (!root->first || root->first->key->kind == NODE_SCALAR);
}

/* Helm's library looks at nothing behind a document that has ended, unless a `---` begins another one. */
static bool refuse_rest(struct grammar *g, const struct token *rest) {
    uint32_t end = rest->span.start;
    while (end < g->build->text.len && !token_break(&g->tokens, end)) end++;
    return token_refuse(&g->tokens, (struct span){rest->span.start, end},
                        STR("the document ends above this line: Helm silently ignores everything from here on"),
                        STR("indent this line like the keys above it, or delete what is ignored"));
}

enum grammar_outcome grammar_read(struct build *b, uint32_t start, struct yaml_issue *issue) {
    struct grammar g = {.build = b, .cursor = start};
    g.tokens = (struct tokens){.arena = b->arena, .text = b->text, .issue = issue};
    tokens_read(&g.tokens, start);
    g.next = g.tokens.list.items;
    for (bool first = true; !at(&g, BIT(TOKEN_END)); first = false) {
        const struct token *rest = g.next;
        uint32_t ended = b->tree->document_count;
        if (!read_document(&g, first)) {
            bool ignored = ended && b->tree->document_count == ended && rest->kind != TOKEN_DOCUMENT_START &&
                           is_values(b->tree->root);
            if (ignored) refuse_rest(&g, rest);
            return ignored ? GRAMMAR_IGNORES_REST : GRAMMAR_REFUSES;
        }
        while (at(&g, BIT(TOKEN_DOCUMENT_END))) g.next++;
    }
    return GRAMMAR_READ;
}
