/* Blocks: what stands between {{if}} and {{end}}, and the defines of a file. Follows text/template/parse/parse.go with
 * one token of look-ahead, so that it finds the same error first; but for its recursion: open blocks are on a stack. */
#include "template/syntax/parse.h"

#include "template/syntax/parser.h"

/* ---- tokens and errors ---- */

void tmpl_next(struct tmpl_parser *p) {
    p->before = p->token.span;
    if (p->has_ahead) p->token = p->ahead;
    else p->token = tmpl_lex(&p->lexer);
    p->has_ahead = false;
}

const struct tmpl_token *tmpl_peek(struct tmpl_parser *p) {
    if (!p->has_ahead) p->ahead = tmpl_lex(&p->lexer);
    p->has_ahead = true;
    return &p->ahead;
}

bool tmpl_refuse(struct tmpl_parser *p, struct span span, struct str message) {
    *p->error = (struct tmpl_error){span, message};
    return false;
}

bool tmpl_refuse_token(struct tmpl_parser *p) {
    enum tmpl_token_kind kind = p->token.kind;
    if (kind == TMPL_TOKEN_ERROR) return false;
    if (kind == TMPL_TOKEN_PIPE || kind == TMPL_TOKEN_RIGHT_PAREN)
        return tmpl_refuse(p, p->token.span,
                           arena_printf(p->arena, "a value is missing before `%.*s`", STR_ARG(tmpl_token_text(p))));
    if (kind == TMPL_TOKEN_RIGHT)
        return tmpl_refuse(p, (struct span){p->before.start, p->token.span.end}, STR("a value is missing"));
    if (str_eq(tmpl_token_text(p), STR("}"))) return tmpl_refuse_action(p, "the action is not closed");
    return tmpl_refuse(p, p->token.span, arena_printf(p->arena, "unexpected `%.*s`", STR_ARG(tmpl_token_text(p))));
}

/* The span of the action that is read, up to its closing mark. */
static struct span whole_action(struct tmpl_parser *p) {
    struct tmpl_error error = *p->error;
    while (p->token.kind != TMPL_TOKEN_RIGHT && p->token.kind != TMPL_TOKEN_ERROR) tmpl_next(p);
    *p->error = error;
    return (struct span){p->action.start, p->token.span.end};
}

bool tmpl_refuse_action(struct tmpl_parser *p, const char *message) {
    return tmpl_refuse(p, whole_action(p), str_from(message));
}

void tmpl_note_depth(struct tmpl_parser *p, uint32_t depth) {
    if (depth > p->tree->depth) p->tree->depth = depth;
}

/* The token closes the action; gives the action's span. */
static struct span close_action(const struct tmpl_parser *p) {
    return (struct span){p->action.start, p->token.span.end};
}

/* Nothing may stand between the keyword `keyword`, which the token was, and the closing mark. */
static bool expect_close(struct tmpl_parser *p, const char *keyword) {
    tmpl_next(p);
    if (p->token.kind == TMPL_TOKEN_RIGHT) return true;
    if (p->token.kind == TMPL_TOKEN_ERROR) return false;
    return tmpl_refuse(p, p->token.span, arena_printf(p->arena, "nothing may follow `%s`", keyword));
}

/* Adds a node for the action, which the token closes. */
static struct tmpl_node *add_node(struct tmpl_parser *p, enum tmpl_node_kind kind) {
    struct tmpl_node *node = arena_new(p->arena, struct tmpl_node);
    node->kind = kind;
    node->define = TMPL_NONE;
    node->span = close_action(p);
    *p->tail = node;
    p->tail = &node->next;
    return node;
}

static struct tmpl_open_block *open_block(struct tmpl_parser *p, struct tmpl_node *first) {
    struct tmpl_open_block block = {.first = first,
                                    .last = first,
                                    .tail = p->tail,
                                    .depth = p->depth,
                                    .variables = p->variables.len,
                                    .ranges = p->ranges,
                                    .visible = p->visible};
    vec_push(p->arena, &p->blocks, block);
    tmpl_note_depth(p, ++p->depth);
    return &p->blocks.items[p->blocks.len - 1];
}

static const struct tmpl_pipe *parse_pipe(struct tmpl_parser *p, bool range) {
    struct tmpl_pipe *pipe = arena_new(p->arena, struct tmpl_pipe);
    return tmpl_parse_pipe(p, range, pipe) ? pipe : NULL;
}

/* ---- defines and calls ---- */

/* The name of a template, at the token. */
static bool parse_name(struct tmpl_parser *p, struct str *name) {
    if (p->token.kind == TMPL_TOKEN_ERROR) return false;
    if (p->token.kind != TMPL_TOKEN_STRING && p->token.kind != TMPL_TOKEN_RAW_STRING)
        return tmpl_refuse_action(p, "the template's name, a string constant, is missing");
    if (tmpl_unquote(p->arena, tmpl_token_text(p), name)) return true;
    return tmpl_refuse(p, p->token.span,
                       arena_printf(p->arena, "`%.*s` is not a valid constant", STR_ARG(tmpl_token_text(p))));
}

/* The body that follows sees no variables and no range of what is around it. */
static void open_define(struct tmpl_parser *p, struct tmpl_define *define, struct tmpl_node *call) {
    struct tmpl_open_block *block = open_block(p, NULL);
    block->define = define;
    block->call = call;
    define->span = close_action(p);
    p->visible = (struct map){0};
    p->ranges = 0;
    p->tail = &define->body;
}

static bool parse_define(struct tmpl_parser *p) {
    struct tmpl_define *define = arena_new(p->arena, struct tmpl_define);
    tmpl_next(p);
    define->name_span = p->token.span;
    if (!parse_name(p, &define->name)) return false;
    tmpl_next(p);
    if (p->token.kind == TMPL_TOKEN_ERROR) return false;
    if (p->token.kind != TMPL_TOKEN_RIGHT) return tmpl_refuse_action(p, "only a name follows `define`");
    open_define(p, define, NULL);
    return true;
}

/* {{template}} and {{block}}. */
static bool parse_call(struct tmpl_parser *p, bool block) {
    struct tmpl_define *define = arena_new(p->arena, struct tmpl_define);
    const struct tmpl_pipe *pipe = NULL;
    tmpl_next(p);
    define->name_span = p->token.span;
    if (!parse_name(p, &define->name)) return false;
    tmpl_next(p);
    if (block && p->token.kind == TMPL_TOKEN_RIGHT) return tmpl_refuse_action(p, "`block` needs a name and a value");
    if (p->token.kind != TMPL_TOKEN_RIGHT && !(pipe = parse_pipe(p, false))) return false;
    struct tmpl_node *node = add_node(p, TMPL_TEMPLATE);
    node->name = define->name;
    node->name_span = define->name_span;
    node->pipe = pipe;
    define->block = block;
    if (block) open_define(p, define, node);
    return true;
}

static bool is_blank(struct str text, const struct tmpl_node *body) {
    for (; body; body = body->next)
        if (body->kind != TMPL_TEXT || str_trim(span_text(text, body->span)).len) return false;
    return true;
}

/* Helm refuses a second one of the same name in one file; one that is empty does not count. */
static bool add_define(struct tmpl_parser *p, struct tmpl_define *define) {
    define->end_action = close_action(p);
    define->empty = is_blank(p->lexer.text, define->body);
    if (!define->empty && map_get(&p->bodies, define->name))
        return tmpl_refuse(p, define->span,
                           arena_printf(p->arena, "the file defines `%.*s` twice", STR_ARG(define->name)));
    if (!define->empty) map_put(p->arena, &p->bodies, define->name, p);
    vec_push(p->arena, &p->tree->defines, *define);
    return true;
}

/* ---- if, with, range ---- */

static bool parse_control(struct tmpl_parser *p, enum tmpl_node_kind kind) {
    uint32_t variables = p->variables.len;
    tmpl_next(p);
    const struct tmpl_pipe *pipe = parse_pipe(p, kind == TMPL_RANGE);
    if (!pipe) return false;
    struct tmpl_node *node = add_node(p, kind);
    node->pipe = pipe;
    open_block(p, node)->variables = variables;
    p->ranges += kind == TMPL_RANGE;
    p->tail = &node->body;
    return true;
}

/* `else if` is an `else` that holds an `if`, with one {{end}} for both. The token is the second keyword. */
static bool parse_else_branch(struct tmpl_parser *p, struct tmpl_open_block *block) {
    enum tmpl_node_kind kind = p->token.kind == TMPL_TOKEN_IF ? TMPL_IF : TMPL_WITH;
    if (kind != block->last->kind || block->has_else)
        return tmpl_refuse_action(p, "`else if` belongs to an `if`, and `else with` to a `with`");
    p->tail = &block->last->otherwise;
    tmpl_next(p);
    const struct tmpl_pipe *pipe = parse_pipe(p, false);
    if (!pipe) return false;
    struct tmpl_node *node = add_node(p, kind);
    node->pipe = pipe;
    block->last->else_action = node->span;
    block->last = node;
    p->tail = &node->body;
    tmpl_note_depth(p, ++p->depth);
    return true;
}

static bool parse_else(struct tmpl_parser *p) {
    struct tmpl_open_block *block = p->blocks.len ? &p->blocks.items[p->blocks.len - 1] : NULL;
    tmpl_next(p);
    if (p->token.kind == TMPL_TOKEN_ERROR) return false;
    bool branch = p->token.kind == TMPL_TOKEN_IF || p->token.kind == TMPL_TOKEN_WITH;
    if (!branch && p->token.kind != TMPL_TOKEN_RIGHT)
        return tmpl_refuse_action(p, "only `if` or `with` may follow `else`");
    if (!block || block->define || block->has_else) return tmpl_refuse_action(p, "`else` without a block");
    p->ranges = block->ranges;
    if (branch) return parse_else_branch(p, block);
    block->has_else = true;
    block->last->else_action = close_action(p);
    p->tail = &block->last->otherwise;
    return true;
}

static bool parse_end(struct tmpl_parser *p) {
    if (!expect_close(p, "end")) return false;
    if (p->blocks.len == 0) return tmpl_refuse_action(p, "`end` without a block");
    struct tmpl_open_block *block = &p->blocks.items[--p->blocks.len];
    while (p->variables.len > block->variables) --*p->variables.items[--p->variables.len];
    if (block->define) p->visible = block->visible;
    p->ranges = block->ranges;
    p->depth = block->depth;
    p->tail = block->tail;
    if (block->call) block->call->define = p->tree->defines.len;
    if (block->define) return add_define(p, block->define);
    block->last->end_action = close_action(p);
    for (struct tmpl_node *node = block->first; node != block->last; node = node->otherwise)
        node->end_action = block->last->end_action;
    return true;
}

/* ---- actions ---- */

static bool parse_jump(struct tmpl_parser *p, bool breaks) {
    if (!expect_close(p, breaks ? "break" : "continue")) return false;
    if (p->ranges == 0) return tmpl_refuse_action(p, "`break` and `continue` are allowed inside `range` only");
    add_node(p, breaks ? TMPL_BREAK : TMPL_CONTINUE);
    return true;
}

static bool parse_action(struct tmpl_parser *p) {
    p->action = p->token.span;
    tmpl_next(p);
    switch (p->token.kind) {
    case TMPL_TOKEN_IF: return parse_control(p, TMPL_IF);
    case TMPL_TOKEN_WITH: return parse_control(p, TMPL_WITH);
    case TMPL_TOKEN_RANGE: return parse_control(p, TMPL_RANGE);
    case TMPL_TOKEN_TEMPLATE: return parse_call(p, false);
    case TMPL_TOKEN_BLOCK: return parse_call(p, true);
    case TMPL_TOKEN_DEFINE:
        return p->blocks.len ? tmpl_refuse_action(p, "`define` is allowed at the top level of a file only")
                             : parse_define(p);
    case TMPL_TOKEN_BREAK: return parse_jump(p, true);
    case TMPL_TOKEN_CONTINUE: return parse_jump(p, false);
    case TMPL_TOKEN_END: return parse_end(p);
    case TMPL_TOKEN_ELSE: return parse_else(p);
    case TMPL_TOKEN_RIGHT: return tmpl_refuse_action(p, "the action is empty");
    default: break;
    }
    const struct tmpl_pipe *pipe = parse_pipe(p, false);
    if (!pipe) return false;
    add_node(p, TMPL_ACTION)->pipe = pipe;
    return true;
}

static struct span opening_of(const struct tmpl_open_block *block) {
    return block->define ? block->define->span : block->first->span;
}

bool tmpl_parse(struct arena *a, struct str text, struct tmpl_tree *tree, struct tmpl_error *error) {
    struct tmpl_parser p = {.arena = a, .lexer = {.arena = a, .text = text, .error = error}, .tree = tree};
    p.error = error;
    p.tail = &tree->body;
    *error = (struct tmpl_error){0};
    *tree = (struct tmpl_tree){.text = text};
    for (tmpl_next(&p); p.token.kind != TMPL_TOKEN_EOF; tmpl_next(&p)) {
        if (p.token.kind == TMPL_TOKEN_ERROR) return false;
        p.action = p.token.span;
        if (p.token.kind == TMPL_TOKEN_TEXT) add_node(&p, TMPL_TEXT);
        else if (!parse_action(&p)) return false;
    }
    if (p.blocks.len == 0) return true;
    return tmpl_refuse(&p, opening_of(&p.blocks.items[p.blocks.len - 1]), STR("the block has no `end`"));
}
