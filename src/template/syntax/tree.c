/* Follows text/template/parse/parse.go of Go 1.24. */
#include "template/syntax/tree.h"

#include "base/map.h"
#include "template/syntax/functions.h"

/* What is open while the text is read. */
struct frame {
    enum template_keyword keyword;
    struct template_node *node;  /* that gets the next `else`; NULL for a define or block */
    struct template_node **tail; /* where the next node of the frame around it goes */
    uint32_t variables;          /* how many were known before it */
    uint32_t first_variable;     /* those before it are not seen: a define starts anew */
    uint32_t ranges;
    bool has_else;
    struct span action;
};

struct builder {
    struct arena *arena;
    struct str text;
    const struct template_token *tokens;
    struct template_tree *out;
    struct template_error *error;
    struct expression expression;
    struct VEC(struct frame) frames;
    struct VEC(struct str) variables;
    struct map places; /* variable -> uint32_t: where it was found last */
    struct map bodies; /* names of those that are not empty */
    uint32_t first_variable;
    uint32_t ranges; /* around this place, in its define */
    struct template_node **tail;
    struct span action;
};

static struct str text_of(const struct builder *b, uint32_t token) {
    return span_text(b->text, b->tokens[token].span);
}

static bool refuse(struct builder *b, struct span span, struct str words) {
    *b->error = (struct template_error){span, words};
    return false;
}

static bool refuse_action(struct builder *b, const char *words) {
    return refuse(b, b->action, str_from(words));
}

static bool is_declared(const struct builder *b, uint32_t token, uint32_t to) {
    if (token + 1 < to && b->tokens[token + 1].kind == TEMPLATE_DECLARE) return true;
    return token + 3 < to && b->tokens[token + 1].kind == TEMPLATE_COMMA &&
           b->tokens[token + 2].kind == TEMPLATE_VARIABLE && b->tokens[token + 3].kind == TEMPLATE_DECLARE;
}

/* Where it was found last is looked at first, so that many uses of one among many take no longer. */
static bool knows_variable(struct builder *b, struct str name) {
    uint32_t *last = map_get(&b->places, name);
    if (name.len == 1) return true;
    if (last && *last >= b->first_variable && *last < b->variables.len && str_eq(b->variables.items[*last], name))
        return true;
    for (uint32_t i = b->variables.len; i-- > b->first_variable;) {
        if (!str_eq(b->variables.items[i], name)) continue;
        if (!last) map_put(b->arena, &b->places, name, last = arena_new(b->arena, uint32_t));
        *last = i;
        return true;
    }
    return false;
}

/* Whether the names in the tokens [from, to) are known, and the constants are such. */
static bool check_words(struct builder *b, uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; i++) {
        struct str name = text_of(b, i);
        if (!template_is_constant(b->tokens[i].kind, name))
            return refuse(b, b->tokens[i].span, arena_printf(b->arena, "`%.*s` is no constant of Go", STR_ARG(name)));
        if (b->tokens[i].kind == TEMPLATE_VARIABLE) {
            if (is_declared(b, i, to)) vec_push(b->arena, &b->variables, name);
            else if (!knows_variable(b, name))
                return refuse(b, b->tokens[i].span,
                              arena_printf(b->arena, "the variable `%.*s` is not declared", STR_ARG(name)));
        } else if (b->tokens[i].kind == TEMPLATE_IDENTIFIER && !template_function(name)) {
            return refuse(b, b->tokens[i].span, arena_printf(b->arena, "Helm has no function `%.*s`", STR_ARG(name)));
        }
    }
    return true;
}

static void *keep(struct arena *a, const void *items, size_t size) {
    return size ? memcpy(arena_alloc_raw(a, size), items, size) : NULL;
}

static const struct template_pipe *keep_pipe(struct builder *b) {
    const struct expression *e = &b->expression;
    struct template_pipe *pipe = arena_new(b->arena, struct template_pipe);
    uint32_t *inner = arena_array(b->arena, uint32_t, e->operands.len);
    for (uint32_t i = 0; i < e->operands.len; i++) inner[i] = TEMPLATE_NONE;
    for (uint32_t i = 0; i < e->pipelines.len; i++)
        if (e->pipelines.items[i].operand != TEMPLATE_NONE) inner[e->pipelines.items[i].operand] = i;
    pipe->operands = keep(b->arena, e->operands.items, sizeof *e->operands.items * e->operands.len);
    pipe->commands = keep(b->arena, e->commands.items, sizeof *e->commands.items * e->commands.len);
    pipe->pipelines = keep(b->arena, e->pipelines.items, sizeof *e->pipelines.items * e->pipelines.len);
    pipe->inner = inner;
    pipe->pipeline_count = e->pipelines.len;
    return pipe;
}

/* Only a `range` sets two variables. */
static bool check_commas(struct builder *b, uint32_t from, uint32_t to, bool range) {
    for (uint32_t i = from; i < to; i++)
        if (b->tokens[i].kind == TEMPLATE_COMMA && !(range && i == from + 1))
            return refuse(b, b->tokens[i].span, STR("unexpected `,`"));
    return true;
}

static bool read_pipe(struct builder *b, uint32_t from, uint32_t to, const struct template_pipe **pipe) {
    bool range = b->tokens[from - 1].kind == TEMPLATE_KEYWORD && b->tokens[from - 1].keyword == TEMPLATE_RANGE;
    if (!check_commas(b, from, to, range)) return false;
    if (!pipeline_parse(b->arena, b->text, b->tokens, from, to, TEMPLATE_PRINT, &b->expression, b->error)) return false;
    if (!check_words(b, from, to)) return false;
    *pipe = keep_pipe(b);
    return true;
}

static struct template_node *add_node(struct builder *b, enum template_node_kind kind) {
    struct template_node *node = arena_new(b->arena, struct template_node);
    node->kind = kind;
    node->action = b->action;
    *b->tail = node;
    b->tail = &node->next;
    return node;
}

static struct frame *open_frame(struct builder *b, enum template_keyword keyword, struct template_node *node) {
    struct frame f = {keyword, node, b->tail, b->variables.len, b->first_variable, b->ranges, false, b->action};
    vec_push(b->arena, &b->frames, f);
    if (node) b->tail = &node->body;
    return &b->frames.items[b->frames.len - 1];
}

static bool read_name(struct builder *b, uint32_t token, struct str *name) {
    uint8_t sign = b->tokens[token].kind;
    if ((sign == TEMPLATE_STRING || sign == TEMPLATE_RAW_STRING) && template_unquote(b->arena, text_of(b, token), name))
        return true;
    return refuse_action(b, "the name of a template is missing");
}

/* {{template}}, and the place of a {{block}}; `from` is the token of the name. */
static bool read_call(struct builder *b, uint32_t from, uint32_t to, struct str *name) {
    const struct template_pipe *pipe = NULL;
    if (!read_name(b, from, name)) return false;
    if (from + 1 < to && !read_pipe(b, from + 1, to, &pipe)) return false;
    struct template_node *node = add_node(b, TEMPLATE_NODE_CALL);
    node->name = *name;
    node->pipe = pipe;
    return true;
}

/* The body is set when it is closed: the list of defines grows meanwhile. */
static void open_body(struct builder *b, enum template_keyword keyword, struct str name) {
    struct template_node *holder = arena_new(b->arena, struct template_node);
    open_frame(b, keyword, NULL)->node = holder;
    b->tail = &holder->body;
    b->first_variable = b->variables.len;
    b->ranges = 0;
    holder->name = name;
}

static bool open_block(struct builder *b, uint32_t keyword, uint32_t to) {
    static const enum template_node_kind kinds[] = {
        [TEMPLATE_IF] = TEMPLATE_NODE_IF, [TEMPLATE_WITH] = TEMPLATE_NODE_WITH, [TEMPLATE_RANGE] = TEMPLATE_NODE_RANGE};
    enum template_keyword kind = b->tokens[keyword].keyword;
    const struct template_pipe *pipe;
    struct str name;
    if (kind == TEMPLATE_DEFINE) {
        if (b->frames.len) return refuse_action(b, "`define` stands inside of a block");
        if (!read_name(b, keyword + 1, &name)) return false;
        if (keyword + 2 != to) return refuse_action(b, "only a name follows `define`");
        open_body(b, kind, name);
        return true;
    }
    if (kind == TEMPLATE_BLOCK) {
        if (keyword + 2 >= to) return refuse_action(b, "`block` needs a name and a value");
        if (!read_call(b, keyword + 1, to, &name)) return false;
        open_body(b, kind, name);
        return true;
    }
    struct template_node *node = add_node(b, kinds[kind]);
    open_frame(b, kind, node);
    if (!read_pipe(b, keyword + 1, to, &pipe)) return false;
    node->pipe = pipe;
    if (kind == TEMPLATE_RANGE) b->ranges++;
    return true;
}

static bool read_else(struct builder *b, uint32_t from, uint32_t to) {
    struct frame *f = b->frames.len ? &b->frames.items[b->frames.len - 1] : NULL;
    if (!f || f->keyword == TEMPLATE_DEFINE || f->keyword == TEMPLATE_BLOCK || f->has_else)
        return refuse_action(b, "`else` without a block");
    b->ranges = f->ranges;
    b->tail = &f->node->otherwise;
    if (from == to) {
        f->has_else = true;
        return true;
    }
    uint8_t keyword = b->tokens[from].keyword;
    if (keyword != TEMPLATE_IF && keyword != TEMPLATE_WITH)
        return refuse_action(b, "only `if` or `with` may follow `else`");
    if (keyword != f->keyword) return refuse_action(b, "`else if` belongs to an `if`, and `else with` to a `with`");
    struct template_node *node = add_node(b, keyword == TEMPLATE_IF ? TEMPLATE_NODE_IF : TEMPLATE_NODE_WITH);
    f->node = node;
    b->tail = &node->body;
    return read_pipe(b, from + 1, to, &node->pipe);
}

/* Whether [from, to) holds nothing but white space and comments; `token` is the first one behind it. */
static bool is_blank(const struct builder *b, uint32_t from, uint32_t to, uint32_t token) {
    while (from < to) {
        bool comment = token > 0 && b->tokens[token - 1].kind == TEMPLATE_COMMENT;
        uint32_t start = comment ? b->tokens[token - 1].span.end : from;
        if (comment && start <= from) comment = false;
        if (str_trim(str_slice(b->text, comment ? start : from, to)).len) return false;
        if (!comment) return true;
        to = b->tokens[--token].span.start;
    }
    return true;
}

/* A define or block ends before the token `end`. Helm refuses a second one of the same name in one file. */
static bool close_body(struct builder *b, const struct frame *f, uint32_t end) {
    struct template_body body = {f->node->name, f->action, f->node->body, false};
    body.empty = !body.body && is_blank(b, f->action.end, b->action.start, end);
    if (!body.empty && map_get(&b->bodies, body.name))
        return refuse(b, f->action, arena_printf(b->arena, "the file defines `%.*s` twice", STR_ARG(body.name)));
    if (!body.empty) map_put(b->arena, &b->bodies, body.name, f->node);
    vec_push(b->arena, &b->out->defines, body);
    return true;
}

static bool read_end(struct builder *b, uint32_t keyword) {
    if (b->frames.len == 0) return refuse_action(b, "`end` without a block");
    struct frame *f = &b->frames.items[--b->frames.len];
    b->variables.len = f->variables;
    b->first_variable = f->first_variable;
    b->ranges = f->ranges;
    b->tail = f->tail;
    if (f->keyword == TEMPLATE_DEFINE || f->keyword == TEMPLATE_BLOCK) return close_body(b, f, keyword - 1);
    return true;
}

static bool read_action(struct builder *b, uint32_t from, uint32_t to) {
    struct str name;
    if (from == to) return refuse_action(b, "the action is empty");
    if (b->tokens[from].kind != TEMPLATE_KEYWORD) {
        const struct template_pipe *pipe;
        if (!read_pipe(b, from, to, &pipe)) return false;
        add_node(b, TEMPLATE_NODE_PRINT)->pipe = pipe;
        return true;
    }
    uint8_t keyword = b->tokens[from].keyword;
    bool alone = keyword == TEMPLATE_END || keyword == TEMPLATE_BREAK || keyword == TEMPLATE_CONTINUE;
    if (alone && from + 1 < to)
        return refuse(b, b->tokens[from + 1].span,
                      arena_printf(b->arena, "nothing may follow `%.*s`", STR_ARG(text_of(b, from))));
    switch (keyword) {
    case TEMPLATE_IF:
    case TEMPLATE_WITH:
    case TEMPLATE_RANGE:
    case TEMPLATE_DEFINE:
    case TEMPLATE_BLOCK: return open_block(b, from, to);
    case TEMPLATE_ELSE: return read_else(b, from + 1, to);
    case TEMPLATE_TEMPLATE: return read_call(b, from + 1, to, &name);
    case TEMPLATE_END: return read_end(b, from);
    case TEMPLATE_BREAK:
    case TEMPLATE_CONTINUE:
        if (b->ranges == 0) return refuse_action(b, "there is no `range` around it");
        add_node(b, keyword == TEMPLATE_BREAK ? TEMPLATE_NODE_BREAK : TEMPLATE_NODE_CONTINUE);
        return true;
    default: return refuse_action(b, "`nil` is no command");
    }
}

bool template_tree_read(struct arena *a, struct str text, struct template_tree *tree, struct template_error *error) {
    struct template_tokens tokens = {0};
    *tree = (struct template_tree){.text = text};
    bool scanned = template_lex(a, text, &tokens, error);
    struct builder b = {.arena = a, .text = text, .tokens = tokens.items, .out = tree, .error = error};
    tree->tokens = tokens.items;
    b.tail = &tree->body;
    for (uint32_t i = 0; i < tokens.len; i++) {
        if (tokens.items[i].kind != TEMPLATE_OPEN) continue;
        uint32_t end = i + 1;
        while (end < tokens.len && tokens.items[end].kind != TEMPLATE_CLOSE) end++;
        if (end == tokens.len) break;
        b.action = span_make(tokens.items[i].span.start, tokens.items[end].span.end);
        if (!read_action(&b, i + 1, end)) return false;
        i = end;
    }
    if (!scanned) return false;
    if (b.frames.len == 0) return true;
    return refuse(&b, b.frames.items[b.frames.len - 1].action, STR("the block has no `end`"));
}
