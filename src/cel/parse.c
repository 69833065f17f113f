/* The grammar of langdef.md, by recursive descent with binding powers for the binary operators. Macros are found
 * here, since their arguments are no ordinary expressions. */
#include "cel/parse.h"

#include "base/utf8.h"
#include "cel/lex.h"
#include "cel/macro.h"
#include "cel/parser.h"

static const struct operator{
    struct str text;
    int power; /* binds tighter where it is higher */
    enum op op;
}
operators[] = {
    {STR_INIT("=="), 1, OP_EQ}, {STR_INIT("!="), 1, OP_NE}, {STR_INIT("<"), 1, OP_LT},  {STR_INIT("<="), 1, OP_LE},
    {STR_INIT(">"), 1, OP_GT},  {STR_INIT(">="), 1, OP_GE}, {STR_INIT("in"), 1, OP_IN}, {STR_INIT("+"), 2, OP_ADD},
    {STR_INIT("-"), 2, OP_SUB}, {STR_INIT("*"), 3, OP_MUL}, {STR_INIT("/"), 3, OP_DIV}, {STR_INIT("%"), 3, OP_MOD},
};

struct str op_name(enum op op) {
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (operators[i].op == op) return operators[i].text;
    return STR("?");
}

void *parse_fail(struct parser *p, struct span span, const char *format, ...) {
    if (!p->failed) {
        va_list args;
        va_start(args, format);
        p->error->span = span;
        p->error->message = arena_vprintf(p->arena, format, args);
        va_end(args);
        p->failed = true;
    }
    return NULL;
}

static void *lexer_failed(struct parser *p) {
    return parse_fail(p, p->lexer.error.span, "%.*s", STR_ARG(p->lexer.error.message));
}

static void advance(struct parser *p) {
    p->last_end = p->token.span.end;
    p->token = lex_next(&p->lexer);
    if (p->token.kind == TOKEN_ERROR) lexer_failed(p);
}

static bool at_punct(const struct parser *p, const char *text) {
    return p->token.kind == TOKEN_PUNCT && str_eq(p->token.text, str_from(text));
}

static bool accept(struct parser *p, const char *text) {
    if (!at_punct(p, text)) return false;
    advance(p);
    return true;
}

/* "`)`" or "the end of the expression". */
static struct str token_text(struct parser *p) {
    if (p->token.kind == TOKEN_END) return STR("the end of the expression");
    size_t cut = p->token.text.len > 40 ? 40 : p->token.text.len;
    return arena_printf(p->arena, "`%.*s%s`", (int)cut, p->token.text.ptr, cut < p->token.text.len ? "..." : "");
}

static void *expected(struct parser *p, const char *what) {
    if (p->token.kind == TOKEN_ERROR) return lexer_failed(p);
    return parse_fail(p, p->token.span, "expected %s, found %.*s", what, STR_ARG(token_text(p)));
}

/* Takes the closing bracket of what was opened at `open`. */
static bool expect_close(struct parser *p, const char *close, struct span open, const char *instead) {
    if (accept(p, close)) return true;
    if (p->token.kind == TOKEN_END)
        parse_fail(p, open, "this `%.*s` is never closed: expected `%s`", STR_ARG(span_text(p->lexer.text, open)),
                   close);
    else expected(p, instead);
    return false;
}

struct cel_node *parse_node(struct parser *p, enum node_kind kind, struct span span, uint32_t child_depth) {
    if (child_depth + 1 > CEL_DEPTH_MAX)
        return parse_fail(p, span, "this expression is nested more than %d levels deep", CEL_DEPTH_MAX);
    struct cel_node *node = arena_new(p->arena, struct cel_node);
    node->kind = kind;
    node->span = span;
    node->name_span = span;
    node->depth = (uint16_t)(child_depth + 1);
    return node;
}

static uint32_t deeper(const struct cel_node *a, const struct cel_node *b) {
    return a->depth > b->depth ? a->depth : b->depth;
}

static uint32_t list_depth(const struct node_list *list) {
    uint32_t depth = 0;
    for (uint32_t i = 0; i < list->len; i++)
        if (list->items[i]->depth > depth) depth = list->items[i]->depth;
    return depth;
}

static struct cel_node *parse_expr(struct parser *p);

struct nodes VEC(struct cel_node *);

static void nodes_push(struct parser *p, struct nodes *nodes, struct cel_node *node) {
    vec_push(p->arena, nodes, node);
}

static struct node_list nodes_list(const struct nodes *nodes) {
    return (struct node_list){nodes->items, nodes->len};
}

/* Expressions up to the closing bracket, which is taken. */
static bool parse_list(struct parser *p, const char *close, bool trailing_comma, struct span open,
                       struct node_list *out) {
    struct nodes nodes = {0};
    bool closed = accept(p, close);

    while (!closed) {
        struct cel_node *item = parse_expr(p);
        if (!item) return false;
        nodes_push(p, &nodes, item);
        if (accept(p, ",")) {
            closed = trailing_comma && accept(p, close);
        } else {
            const char *instead = close[0] == ')' ? "`,` or `)`" : "`,` or `]`";
            if (!expect_close(p, close, open, instead)) return false;
            closed = true;
        }
    }
    *out = nodes_list(&nodes);
    return !p->failed;
}

static struct cel_node *parse_map(struct parser *p) {
    struct span open = p->token.span;
    struct nodes nodes = {0};

    advance(p);
    bool closed = accept(p, "}");
    while (!closed) {
        struct cel_node *key = parse_expr(p);
        if (!key) return NULL;
        if (!accept(p, ":")) return expected(p, "`:` and the value of this key");
        struct cel_node *value = parse_expr(p);
        if (!value) return NULL;
        nodes_push(p, &nodes, key);
        nodes_push(p, &nodes, value);
        if (accept(p, ",")) {
            closed = accept(p, "}");
        } else {
            if (!expect_close(p, "}", open, "`,` or `}`")) return NULL;
            closed = true;
        }
    }
    struct node_list list = nodes_list(&nodes);
    struct cel_node *node = parse_node(p, NODE_MAP, span_make(open.start, p->last_end), list_depth(&list));
    if (node) node->list = list;
    return node;
}

static struct cel_node *parse_list_literal(struct parser *p) {
    struct span open = p->token.span;
    struct node_list list;

    advance(p);
    if (!parse_list(p, "]", true, open, &list)) return NULL;
    struct cel_node *node = parse_node(p, NODE_LIST, span_make(open.start, p->last_end), list_depth(&list));
    if (node) node->list = list;
    return node;
}

/* The call `name(args)` of what was parsed before (`receiver` may be NULL); the `(` is the token at hand. */
static struct cel_node *parse_call(struct parser *p, struct cel_node *receiver, struct str name,
                                   struct span name_span) {
    struct span open = p->token.span;
    struct node_list args;

    advance(p);
    if (!parse_list(p, ")", false, open, &args)) return NULL;
    uint32_t depth = list_depth(&args);
    if (receiver && receiver->depth > depth) depth = receiver->depth;
    size_t start = receiver ? receiver->span.start : name_span.start;
    struct cel_node *node = parse_node(p, NODE_CALL, span_make(start, p->last_end), depth);
    if (!node) return NULL;
    node->name_span = name_span;
    node->call.name = name;
    node->call.receiver = receiver;
    node->call.args = args;
    return macro_expand(p, node);
}

static struct cel_node *parse_ident(struct parser *p, bool absolute, uint32_t start) {
    struct token token = p->token;

    if (token.kind != TOKEN_IDENT) return expected(p, "a name");
    if (lex_is_reserved(token.text))
        return parse_fail(p, token.span, "`%.*s` is a reserved word and names nothing", STR_ARG(token.text));
    advance(p);
    if (at_punct(p, "(")) {
        struct cel_node *call = parse_call(p, NULL, token.text, token.span);
        if (call) call->span.start = start;
        return call;
    }
    struct cel_node *node = parse_node(p, NODE_IDENT, span_make(start, token.span.end), 0);
    if (!node) return NULL;
    node->name_span = token.span;
    node->ident.name = token.text;
    node->ident.absolute = absolute;
    return node;
}

static struct cel_node *constant(struct parser *p, struct cel_value value) {
    struct cel_node *node = parse_node(p, NODE_CONST, p->token.span, 0);
    if (!node) return NULL;
    node->value = value;
    advance(p);
    return p->failed ? NULL : node;
}

static struct cel_node *parse_number(struct parser *p, bool negative, uint32_t start) {
    struct cel_value value;
    if (!lex_number(&p->lexer, &p->token, negative, &value)) return lexer_failed(p);
    struct cel_node *node = constant(p, value);
    if (node) node->span.start = start;
    return node;
}

static struct cel_node *parse_string(struct parser *p) {
    struct cel_value value = {.kind = p->token.kind == TOKEN_BYTES ? CEL_BYTES : CEL_STRING};
    if (!lex_unquote(&p->lexer, &p->token, &value.string)) return lexer_failed(p);
    return constant(p, value);
}

static struct cel_node *parse_word(struct parser *p) {
    struct str word = p->token.text;
    if (str_eq(word, STR("true"))) return constant(p, (struct cel_value){.kind = CEL_BOOL, .boolean = true});
    if (str_eq(word, STR("false"))) return constant(p, (struct cel_value){.kind = CEL_BOOL});
    if (str_eq(word, STR("null"))) return constant(p, (struct cel_value){.kind = CEL_NULL});
    return parse_ident(p, false, p->token.span.start);
}

static struct cel_node *parse_primary(struct parser *p) {
    struct span open = p->token.span;

    switch (p->token.kind) {
    case TOKEN_INT:
    case TOKEN_UINT:
    case TOKEN_DOUBLE: return parse_number(p, false, open.start);
    case TOKEN_STRING:
    case TOKEN_BYTES: return parse_string(p);
    case TOKEN_IDENT: return parse_word(p);
    default: break;
    }
    if (at_punct(p, "[")) return parse_list_literal(p);
    if (at_punct(p, "{")) return parse_map(p);
    if (accept(p, ".")) return parse_ident(p, true, open.start);
    if (!accept(p, "(")) return expected(p, "an expression");
    struct cel_node *inner = parse_expr(p);
    if (!inner || !expect_close(p, ")", open, "`)`")) return NULL;
    inner->span = span_make(open.start, p->last_end);
    return inner;
}

/* `.name`, `.name(args)`, `.`na-me`` behind `of`; the dot is taken already. */
static struct cel_node *parse_select(struct parser *p, struct cel_node *of) {
    struct token token = p->token;

    if (token.kind != TOKEN_IDENT && token.kind != TOKEN_QUOTED) return expected(p, "a field name");
    if (token.kind == TOKEN_IDENT && lex_is_keyword(token.text))
        return parse_fail(p, token.span, "`%.*s` is a reserved word: write [\"%.*s\"]", STR_ARG(token.text),
                          STR_ARG(token.text));
    advance(p);
    if (at_punct(p, "(") && token.kind == TOKEN_IDENT) return parse_call(p, of, token.text, token.span);
    struct cel_node *node = parse_node(p, NODE_SELECT, span_make(of->span.start, token.span.end), of->depth);
    if (!node) return NULL;
    node->name_span = token.span;
    node->select.of = of;
    node->select.key = token.text;
    node->select.hash = str_hash(token.text);
    return node;
}

static struct cel_node *parse_index(struct parser *p, struct cel_node *of) {
    struct span open = p->token.span;

    advance(p);
    struct cel_node *index = parse_expr(p);
    if (!index || !expect_close(p, "]", open, "`]`")) return NULL;
    struct cel_node *node = parse_node(p, NODE_INDEX, span_make(of->span.start, p->last_end), deeper(of, index));
    if (!node) return NULL;
    node->name_span = index->span;
    node->tuple.a = of;
    node->tuple.b = index;
    return node;
}

static struct cel_node *parse_member(struct parser *p, struct cel_node *node) {
    while (node && !p->failed) {
        if (accept(p, ".")) {
            node = parse_select(p, node);
        } else if (at_punct(p, "[")) {
            node = parse_index(p, node);
        } else if (at_punct(p, "{") && (node->kind == NODE_IDENT || node->kind == NODE_SELECT)) {
            return parse_fail(p, span_make(node->span.start, p->token.span.end),
                              "there are no protobuf messages here: a map is written {\"key\": value}");
        } else {
            return node;
        }
    }
    return NULL;
}

/* `!` and `-`, any number of them; a minus directly before a number belongs to the number. */
static struct cel_node *parse_unary(struct parser *p) {
    struct span sign = p->token.span;
    enum node_kind kind = at_punct(p, "!") ? NODE_NOT : NODE_NEGATE;

    if (!at_punct(p, "!") && !at_punct(p, "-")) return parse_member(p, parse_primary(p));
    advance(p);
    bool number = p->token.kind == TOKEN_INT || p->token.kind == TOKEN_DOUBLE;
    if (kind == NODE_NEGATE && number) return parse_member(p, parse_number(p, true, sign.start));
    if (++p->nesting > CEL_DEPTH_MAX) return parse_node(p, kind, sign, CEL_DEPTH_MAX);
    struct cel_node *inner = parse_unary(p);
    p->nesting--;
    if (!inner) return NULL;
    struct cel_node *node = parse_node(p, kind, span_make(sign.start, inner->span.end), inner->depth);
    if (!node) return NULL;
    node->name_span = sign;
    node->tuple.a = inner;
    return node;
}

static const struct operator* at_operator(const struct parser *p) {
    if (p->token.kind != TOKEN_PUNCT && p->token.kind != TOKEN_IDENT) return NULL;
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (str_eq(p->token.text, operators[i].text)) return &operators[i];
    return NULL;
}

/* Binary operators that bind at least as tight as `power`; all are left-associative. */
static struct cel_node *parse_binary(struct parser *p, int power) {
    struct cel_node *left = parse_unary(p);
    const struct operator* operator;

    while (left && !p->failed && (operator= at_operator(p)) && operator->power >= power) {
        struct span name_span = p->token.span;
        advance(p);
        struct cel_node *right = parse_binary(p, operator->power + 1);
        if (!right) return NULL;
        struct span span = span_make(left->span.start, right->span.end);
        struct cel_node *node = parse_node(p, NODE_BINARY, span, deeper(left, right));
        if (!node) return NULL;
        node->name_span = name_span;
        node->tuple.op = operator->op;
        node->tuple.a = left;
        node->tuple.b = right;
        left = node;
    }
    return p->failed ? NULL : left;
}

/* A chain of `&&` or `||`, as one node whatever its length. */
static struct cel_node *parse_chain(struct parser *p, enum node_kind kind) {
    const char *sign = kind == NODE_OR ? "||" : "&&";
    struct cel_node *first = kind == NODE_OR ? parse_chain(p, NODE_AND) : parse_binary(p, 1);

    if (!first || !at_punct(p, sign)) return p->failed ? NULL : first;
    struct nodes nodes = {0};
    struct span name_span = p->token.span;
    nodes_push(p, &nodes, first);
    while (accept(p, sign)) {
        struct cel_node *next = kind == NODE_OR ? parse_chain(p, NODE_AND) : parse_binary(p, 1);
        if (!next) return NULL;
        nodes_push(p, &nodes, next);
    }
    struct node_list list = nodes_list(&nodes);
    struct cel_node *node = parse_node(p, kind, span_make(first->span.start, p->last_end), list_depth(&list));
    if (!node) return NULL;
    node->name_span = name_span;
    node->list = list;
    return p->failed ? NULL : node;
}

static struct cel_node *parse_cond(struct parser *p) {
    struct cel_node *condition = parse_chain(p, NODE_OR);
    if (!condition || !at_punct(p, "?")) return condition;
    struct span sign = p->token.span;
    advance(p);
    struct cel_node *yes = parse_chain(p, NODE_OR);
    if (!yes) return NULL;
    if (!accept(p, ":")) return expected(p, "`:` and what holds otherwise");
    struct cel_node *no = parse_expr(p);
    if (!no) return NULL;
    uint32_t depth = deeper(condition, yes);
    if (no->depth > depth) depth = no->depth;
    struct cel_node *node = parse_node(p, NODE_COND, span_make(condition->span.start, no->span.end), depth);
    if (!node) return NULL;
    node->name_span = sign;
    node->tuple.a = condition;
    node->tuple.b = yes;
    node->tuple.c = no;
    return node;
}

static struct cel_node *parse_expr(struct parser *p) {
    if (p->failed) return NULL;
    if (++p->nesting > CEL_DEPTH_MAX) return parse_node(p, NODE_FAIL, p->token.span, CEL_DEPTH_MAX);
    struct cel_node *node = parse_cond(p);
    p->nesting--;
    return node;
}

struct cel_node *cel_parse(struct arena *a, struct str text, struct cel_error *error) {
    struct parser p = {.arena = a, .error = error, .lexer = {.text = text, .arena = a}};
    size_t at = utf8_valid_len(text);

    *error = (struct cel_error){{0, 0}, {NULL, 0}};
    if (text.len > TEXT_MAX) return parse_fail(&p, span_make(0, 0), "this expression is too long");
    if (at < text.len) return parse_fail(&p, span_make(at, at + 1), "this byte is no UTF-8");
    advance(&p);
    struct cel_node *node = parse_expr(&p);
    if (!node || p.failed) return NULL;
    if (p.token.kind == TOKEN_END) return node;
    const char *what = at_punct(&p, ")") || at_punct(&p, "]") || at_punct(&p, "}")
                           ? "an operator or the end of the expression: nothing was opened that this closes"
                           : "an operator or the end of the expression";
    if (p.token.kind == TOKEN_ERROR) return lexer_failed(&p);
    return parse_fail(&p, p.token.span, "expected %s, found %.*s", what, STR_ARG(token_text(&p)));
}
