/* Blocks: what stands between {{if}} and {{end}}, and the defines of a file. Follows text/template/parse/parse.go, by
 * recursive descent with one token of look-ahead; the order in which it finds errors is Go's. */
#include "template/syntax/parse.h"

#include "template/syntax/parser.h"

#define DEPTH_MAX 1000u

/* How a list of nodes ended. */
enum list_end { ENDS_NOT, ENDS_WITH_EOF, ENDS_WITH_END, ENDS_WITH_ELSE };

struct list {
    struct tmpl_node *first;
    struct tmpl_node **tail;
    enum list_end end;
};

static bool parse_list(struct tmpl_parser *p, struct list *list);

/* ---- tokens and errors ---- */

void tmpl_next(struct tmpl_parser *p) {
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
    if (kind == TMPL_TOKEN_RIGHT) return tmpl_refuse_action(p, "a value is missing");
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

bool tmpl_descend(struct tmpl_parser *p) {
    if (++p->depth > p->tree->depth) p->tree->depth = p->depth;
    if (p->depth <= DEPTH_MAX) return true;
    return tmpl_refuse(p, p->token.span,
                       arena_printf(p->arena, "blocks and parentheses nest more than %u deep here", DEPTH_MAX));
}

void tmpl_ascend(struct tmpl_parser *p) {
    p->depth--;
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

static struct tmpl_node *add_node(struct tmpl_parser *p, struct list *list, enum tmpl_node_kind kind) {
    struct tmpl_node *node = arena_new(p->arena, struct tmpl_node);
    node->kind = kind;
    *list->tail = node;
    list->tail = &node->next;
    return node;
}

/* ---- defines and calls ---- */

/* The name of a template, at the token. */
static bool parse_name(struct tmpl_parser *p, struct str *name) {
    if (p->token.kind == TMPL_TOKEN_ERROR) return false;
    if (p->token.kind != TMPL_TOKEN_STRING && p->token.kind != TMPL_TOKEN_RAW_STRING)
        return tmpl_refuse_action(p, "the name of a template is missing");
    if (tmpl_unquote(p->arena, tmpl_token_text(p), name)) return true;
    return tmpl_refuse(p, p->token.span,
                       arena_printf(p->arena, "`%.*s` is no constant of Go", STR_ARG(tmpl_token_text(p))));
}

static bool is_blank(struct str text, const struct tmpl_node *body) {
    for (; body; body = body->next)
        if (body->kind != TMPL_TEXT || str_trim(span_text(text, body->span)).len) return false;
    return true;
}

/* Helm refuses a second one of the same name in one file; one that is empty does not count. */
static bool add_define(struct tmpl_parser *p, struct tmpl_define *define) {
    define->empty = is_blank(p->lexer.text, define->body);
    if (!define->empty && map_get(&p->bodies, define->name))
        return tmpl_refuse(p, define->span,
                           arena_printf(p->arena, "the file defines `%.*s` twice", STR_ARG(define->name)));
    if (!define->empty) map_put(p->arena, &p->bodies, define->name, p);
    vec_push(p->arena, &p->tree->defines, *define);
    return true;
}

/* A list ended with something else than its {{end}}: the token is what ended it. */
static bool refuse_end(struct tmpl_parser *p, const struct list *list, struct span opening) {
    if (list->end == ENDS_WITH_EOF) return tmpl_refuse(p, opening, STR("the block has no `end`"));
    return tmpl_refuse_action(p, "`else` without a block");
}

/* Reads the body of a define or block, whose action is closed, up to its {{end}}. It sees no variables of what is
 * around it. */
static bool parse_body(struct tmpl_parser *p, struct tmpl_define *define) {
    struct map visible = p->visible;
    uint32_t ranges = p->ranges;
    struct list list;
    if (!tmpl_descend(p)) return false;
    p->visible = (struct map){0};
    p->ranges = 0;
    if (!parse_list(p, &list)) return false;
    if (list.end != ENDS_WITH_END) return refuse_end(p, &list, define->span);
    p->visible = visible;
    p->ranges = ranges;
    tmpl_ascend(p);
    define->body = list.first;
    define->end_action = close_action(p);
    return add_define(p, define);
}

static bool parse_define(struct tmpl_parser *p) {
    struct tmpl_define define = {0};
    tmpl_next(p);
    define.name_span = p->token.span;
    if (!parse_name(p, &define.name)) return false;
    if (tmpl_peek(p)->kind != TMPL_TOKEN_RIGHT) {
        if (p->ahead.kind == TMPL_TOKEN_ERROR) return false;
        return tmpl_refuse_action(p, "only a name follows `define`");
    }
    tmpl_next(p);
    define.span = close_action(p);
    return parse_body(p, &define);
}

/* {{template}} and {{block}}, at their keyword. */
static bool parse_call(struct tmpl_parser *p, struct list *list, bool block) {
    struct tmpl_define define = {.block = block};
    struct tmpl_pipe *pipe = NULL;
    tmpl_next(p);
    define.name_span = p->token.span;
    if (!parse_name(p, &define.name)) return false;
    tmpl_next(p);
    if (block && p->token.kind == TMPL_TOKEN_RIGHT) return tmpl_refuse_action(p, "`block` needs a name and a value");
    if (p->token.kind != TMPL_TOKEN_RIGHT) {
        pipe = arena_new(p->arena, struct tmpl_pipe);
        if (!tmpl_parse_pipe(p, TMPL_IN_ACTION, pipe)) return false;
    }
    struct tmpl_node *node = add_node(p, list, TMPL_TEMPLATE);
    node->span = define.span = close_action(p);
    node->name = define.name;
    node->name_span = define.name_span;
    node->pipe = pipe;
    return !block || parse_body(p, &define);
}

/* ---- if, with, range ---- */

static void forget_variables(struct tmpl_parser *p, uint32_t count) {
    while (p->variables.len > count) --*p->variables.items[--p->variables.len];
}

/* Reads the pipeline and the body of a branch; the keyword is the token. */
static bool parse_branch(struct tmpl_parser *p, struct tmpl_node *node, struct list *body) {
    struct tmpl_pipe *pipe = arena_new(p->arena, struct tmpl_pipe);
    bool range = node->kind == TMPL_RANGE;
    if (!tmpl_descend(p)) return false;
    tmpl_next(p);
    if (!tmpl_parse_pipe(p, range ? TMPL_IN_RANGE : TMPL_IN_ACTION, pipe)) return false;
    node->pipe = pipe;
    node->span = close_action(p);
    p->ranges += range;
    if (!parse_list(p, body)) return false;
    p->ranges -= range;
    node->body = body->first;
    return true;
}

/* Reads what an {{else}} holds, which the token closes. */
static bool parse_else(struct tmpl_parser *p, struct tmpl_node *node, struct list *rest) {
    if (p->token.kind != TMPL_TOKEN_RIGHT)
        return tmpl_refuse_action(p, "`else if` belongs to an `if`, and `else with` to a `with`");
    node->else_action = close_action(p);
    if (!parse_list(p, rest)) return false;
    node->otherwise = rest->first;
    return true;
}

/* Reads if, with or range, at its keyword, up to its {{end}}. `else if` is an `else` that holds an `if`, with one
 * {{end}} for both. */
static bool parse_control(struct tmpl_parser *p, struct list *list, enum tmpl_node_kind kind) {
    uint32_t variables = p->variables.len, depth = p->depth;
    enum tmpl_token_kind keyword = p->token.kind;
    struct tmpl_node *first = add_node(p, list, kind), *last = first;
    struct list body;
    for (;;) {
        if (!parse_branch(p, last, &body)) return false;
        if (body.end != ENDS_WITH_ELSE || kind == TMPL_RANGE || p->token.kind != keyword) break;
        struct list chain = {.tail = &last->otherwise};
        last = add_node(p, &chain, kind);
    }
    if (body.end == ENDS_WITH_ELSE && !parse_else(p, last, &body)) return false;
    if (body.end != ENDS_WITH_END) return refuse_end(p, &body, first->span);
    last->end_action = close_action(p);
    for (struct tmpl_node *node = first; node != last; node = node->otherwise) {
        node->else_action = node->otherwise->span;
        node->end_action = last->end_action;
    }
    p->depth = depth;
    forget_variables(p, variables);
    return true;
}

/* ---- lists ---- */

/* {{end}} and {{else}}, at their keyword: they end the list. */
static bool parse_end(struct tmpl_parser *p, struct list *list) {
    if (p->token.kind == TMPL_TOKEN_END) {
        list->end = ENDS_WITH_END;
        return expect_close(p, "end");
    }
    list->end = ENDS_WITH_ELSE;
    tmpl_next(p);
    switch (p->token.kind) {
    case TMPL_TOKEN_RIGHT:
    case TMPL_TOKEN_IF:
    case TMPL_TOKEN_WITH: return true;
    case TMPL_TOKEN_ERROR: return false;
    default: return tmpl_refuse_action(p, "only `if` or `with` may follow `else`");
    }
}

static bool parse_jump(struct tmpl_parser *p, struct list *list, bool breaks) {
    if (!expect_close(p, breaks ? "break" : "continue")) return false;
    if (p->ranges == 0) return tmpl_refuse_action(p, "there is no `range` around it");
    add_node(p, list, breaks ? TMPL_BREAK : TMPL_CONTINUE)->span = close_action(p);
    return true;
}

static bool parse_action(struct tmpl_parser *p, struct list *list) {
    struct tmpl_pipe *pipe;
    p->action = p->token.span;
    tmpl_next(p);
    switch (p->token.kind) {
    case TMPL_TOKEN_IF: return parse_control(p, list, TMPL_IF);
    case TMPL_TOKEN_WITH: return parse_control(p, list, TMPL_WITH);
    case TMPL_TOKEN_RANGE: return parse_control(p, list, TMPL_RANGE);
    case TMPL_TOKEN_TEMPLATE: return parse_call(p, list, false);
    case TMPL_TOKEN_BLOCK: return parse_call(p, list, true);
    case TMPL_TOKEN_DEFINE:
        return p->depth == 0 ? parse_define(p) : tmpl_refuse_action(p, "`define` stands inside of a block");
    case TMPL_TOKEN_BREAK: return parse_jump(p, list, true);
    case TMPL_TOKEN_CONTINUE: return parse_jump(p, list, false);
    case TMPL_TOKEN_END:
    case TMPL_TOKEN_ELSE: return parse_end(p, list);
    case TMPL_TOKEN_RIGHT: return tmpl_refuse_action(p, "the action is empty");
    default: break;
    }
    pipe = arena_new(p->arena, struct tmpl_pipe);
    if (!tmpl_parse_pipe(p, TMPL_IN_ACTION, pipe)) return false;
    struct tmpl_node *node = add_node(p, list, TMPL_ACTION);
    node->pipe = pipe;
    node->span = close_action(p);
    return true;
}

/* Reads nodes up to {{end}} or {{else}}, or the end of the text. After `else` the token is what stands behind it. */
static bool parse_list(struct tmpl_parser *p, struct list *list) {
    *list = (struct list){.tail = &list->first, .end = ENDS_NOT};
    while (list->end == ENDS_NOT) {
        tmpl_next(p);
        switch (p->token.kind) {
        case TMPL_TOKEN_TEXT: add_node(p, list, TMPL_TEXT)->span = p->token.span; break;
        case TMPL_TOKEN_LEFT:
            if (!parse_action(p, list)) return false;
            break;
        case TMPL_TOKEN_EOF: list->end = ENDS_WITH_EOF; break;
        default: return false;
        }
    }
    return true;
}

bool tmpl_parse(struct arena *a, struct str text, struct tmpl_tree *tree, struct tmpl_error *error) {
    struct tmpl_parser p = {.arena = a, .lexer = {.arena = a, .text = text, .error = error}, .tree = tree};
    struct list list;
    p.error = error;
    *error = (struct tmpl_error){0};
    *tree = (struct tmpl_tree){.text = text};
    if (!parse_list(&p, &list)) return false;
    if (list.end == ENDS_WITH_END) return tmpl_refuse_action(&p, "`end` without a block");
    if (list.end == ENDS_WITH_ELSE) return tmpl_refuse_action(&p, "`else` without a block");
    tree->body = list.first;
    return true;
}
