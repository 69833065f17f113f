/* Pipelines: commands, their words, and the variables that they set. Follows text/template/parse/parse.go, but for its
 * recursion: the pipelines in parentheses are on a stack of their own, and so are their commands and words. */
#include "template/syntax/functions.h"
#include "template/syntax/parser.h"

/* As many as Go takes. */
#define PARENTHESES_MAX 10000u

/* What the vec holds from `from` on, as an array of its own; the vec is cut there. */
#define KEEP(p, vec, from, array, count)                                                                               \
    do {                                                                                                               \
        (count) = (vec)->len - (from);                                                                                 \
        (array) = (count) ? keep((p)->arena, (vec)->items + (from), sizeof *(vec)->items * (count)) : NULL;            \
        (vec)->len = (from);                                                                                           \
    } while (0)

static void *keep(struct arena *a, const void *items, size_t size) {
    return memcpy(arena_alloc_raw(a, size), items, size);
}

/* ---- words ---- */

static bool parse_identifier(struct tmpl_parser *p, struct tmpl_arg *arg) {
    arg->kind = TMPL_IDENTIFIER;
    arg->name = tmpl_token_text(p);
    arg->function = tmpl_function(arg->name);
    if (!arg->function)
        return tmpl_refuse(p, arg->span, arena_printf(p->arena, "Helm has no function `%.*s`", STR_ARG(arg->name)));
    if (arg->function->helm4_only && span_len(p->tree->helm4_function) == 0) p->tree->helm4_function = arg->span;
    return true;
}

static bool parse_variable(struct tmpl_parser *p, struct tmpl_arg *arg) {
    arg->kind = TMPL_VARIABLE;
    arg->name = tmpl_token_text(p);
    const uint32_t *count = arg->name.len > 1 ? map_get(&p->visible, arg->name) : NULL;
    if (arg->name.len == 1 || (count && *count)) return true;
    return tmpl_refuse(p, arg->span, arena_printf(p->arena, "the variable `%.*s` is not declared", STR_ARG(arg->name)));
}

static bool parse_constant(struct tmpl_parser *p, struct tmpl_arg *arg) {
    struct str text = tmpl_token_text(p);
    bool good;
    if (p->token.kind == TMPL_TOKEN_STRING || p->token.kind == TMPL_TOKEN_RAW_STRING) {
        arg->kind = TMPL_STRING;
        good = tmpl_unquote(p->arena, text, &arg->name);
    } else {
        struct tmpl_number *number = arena_new(p->arena, struct tmpl_number);
        arg->kind = TMPL_NUMBER;
        arg->name = text;
        arg->number = number;
        good = tmpl_read_number(text, p->token.kind, number);
    }
    if (good) return true;
    return tmpl_refuse(p, arg->span, arena_printf(p->arena, "`%.*s` is not a valid constant", STR_ARG(text)));
}

/* Reads the fields that follow at once. The token is the first of them. */
static bool parse_fields(struct tmpl_parser *p, struct tmpl_arg *arg) {
    uint32_t from = p->fields.len;
    bool chains = arg->kind == TMPL_FIELD || arg->kind == TMPL_VARIABLE;
    if (!chains && arg->kind != TMPL_PIPE && arg->kind != TMPL_IDENTIFIER)
        return tmpl_refuse(
            p, p->token.span,
            arena_printf(p->arena, "`%.*s` has no fields", STR_ARG(span_text(p->lexer.text, arg->span))));
    if (!chains) {
        struct tmpl_arg *head = arena_new(p->arena, struct tmpl_arg);
        *head = *arg;
        *arg = (struct tmpl_arg){.kind = TMPL_CHAIN, .span = head->span, .head = head};
    }
    if (arg->kind == TMPL_FIELD) vec_push(p->arena, &p->fields, *arg->fields);
    while (p->token.kind == TMPL_TOKEN_FIELD && !p->token.spaced) {
        struct span span = p->token.span;
        struct tmpl_field field = {str_slice(p->lexer.text, span.start + 1, span.end), span};
        vec_push(p->arena, &p->fields, field);
        arg->span.end = span.end;
        tmpl_next(p);
    }
    KEEP(p, &p->fields, from, arg->fields, arg->field_count);
    return true;
}

static bool begins_arg(enum tmpl_token_kind kind) {
    switch (kind) {
    case TMPL_TOKEN_STRING:
    case TMPL_TOKEN_RAW_STRING:
    case TMPL_TOKEN_CHARACTER:
    case TMPL_TOKEN_NUMBER:
    case TMPL_TOKEN_COMPLEX:
    case TMPL_TOKEN_BOOL:
    case TMPL_TOKEN_IDENTIFIER:
    case TMPL_TOKEN_VARIABLE:
    case TMPL_TOKEN_FIELD:
    case TMPL_TOKEN_DOT:
    case TMPL_TOKEN_LEFT_PAREN:
    case TMPL_TOKEN_NIL: return true;
    default: return false;
    }
}

/* Adds a word to the command, with the fields that follow at once. The token is the one behind it. */
static bool add_arg(struct tmpl_parser *p, struct tmpl_arg *arg) {
    struct tmpl_field *field;
    if (p->token.kind == TMPL_TOKEN_FIELD && !p->token.spaced) {
        if (!parse_fields(p, arg)) return false;
    } else if (arg->kind == TMPL_FIELD) {
        field = arena_new(p->arena, struct tmpl_field);
        *field = *arg->fields;
        arg->fields = field;
    }
    arg->word = p->tree->word_count;
    p->tree->word_count += 1 + arg->field_count;
    vec_push(p->arena, &p->args, *arg);
    if (p->token.spaced || !begins_arg(p->token.kind)) return true;
    return tmpl_refuse(p, p->token.span,
                       arena_printf(p->arena, "a space is missing before `%.*s`", STR_ARG(tmpl_token_text(p))));
}

/* Reads a word that is no parenthesis. */
static bool parse_arg(struct tmpl_parser *p) {
    struct tmpl_arg arg = {.span = p->token.span};
    struct tmpl_field field;
    bool good = true;
    switch (p->token.kind) {
    case TMPL_TOKEN_IDENTIFIER: good = parse_identifier(p, &arg); break;
    case TMPL_TOKEN_VARIABLE: good = parse_variable(p, &arg); break;
    case TMPL_TOKEN_DOT: arg.kind = TMPL_DOT; break;
    case TMPL_TOKEN_NIL: arg.kind = TMPL_NIL; break;
    case TMPL_TOKEN_BOOL:
        arg.kind = TMPL_BOOL;
        arg.boolean = str_eq(tmpl_token_text(p), STR("true"));
        break;
    case TMPL_TOKEN_FIELD:
        arg.kind = TMPL_FIELD;
        field = (struct tmpl_field){str_slice(p->lexer.text, arg.span.start + 1, arg.span.end), arg.span};
        arg.fields = &field;
        arg.field_count = 1;
        break;
    default: good = parse_constant(p, &arg); break;
    }
    if (!good) return false;
    tmpl_next(p);
    return add_arg(p, &arg);
}

/* ---- variables ---- */

static void declare(struct tmpl_parser *p, struct str name) {
    uint32_t *count = map_get(&p->visible, name);
    if (!count) {
        count = arena_new(p->arena, uint32_t);
        map_put(p->arena, &p->visible, name, count);
    }
    ++*count;
    vec_push(p->arena, &p->variables, count);
}

/* Reads the variables before a pipeline: `$x :=`, `$x =`, in a range `$k, $v :=`. A variable is known from the sign
 * behind it on. */
static bool parse_variables(struct tmpl_parser *p, bool range, struct tmpl_pipe *pipe) {
    struct tmpl_variable variables[2];
    while (p->token.kind == TMPL_TOKEN_VARIABLE) {
        enum tmpl_token_kind sign = tmpl_peek(p)->kind;
        if (sign != TMPL_TOKEN_DECLARE && sign != TMPL_TOKEN_ASSIGN && sign != TMPL_TOKEN_COMMA) break;
        if (sign == TMPL_TOKEN_COMMA && (!range || pipe->variable_count))
            return tmpl_refuse(p, tmpl_peek(p)->span, STR("unexpected `,`"));
        variables[pipe->variable_count++] = (struct tmpl_variable){tmpl_token_text(p), p->token.span};
        declare(p, tmpl_token_text(p));
        tmpl_next(p);
        tmpl_next(p);
        if (sign == TMPL_TOKEN_COMMA) {
            bool good = p->token.kind == TMPL_TOKEN_VARIABLE || p->token.kind == TMPL_TOKEN_RIGHT ||
                        p->token.kind == TMPL_TOKEN_RIGHT_PAREN;
            if (!good) return tmpl_refuse_token(p);
            continue;
        }
        pipe->assigns = sign == TMPL_TOKEN_ASSIGN;
        break;
    }
    if (pipe->variable_count) pipe->variables = keep(p->arena, variables, sizeof *variables * pipe->variable_count);
    return true;
}

/* ---- pipelines ---- */

/* Only the first command may begin with something that cannot be called. */
static bool check_commands(struct tmpl_parser *p, const struct tmpl_pipe *pipe) {
    for (uint32_t i = 1; i < pipe->command_count; i++) {
        const struct tmpl_arg *first = &pipe->commands[i].args[0];
        switch (first->kind) {
        case TMPL_BOOL:
        case TMPL_DOT:
        case TMPL_NIL:
        case TMPL_NUMBER:
        case TMPL_STRING:
            return tmpl_refuse(p, first->span,
                               arena_printf(p->arena, "`%.*s` follows `|` but is not a function",
                                            STR_ARG(span_text(p->lexer.text, first->span))));
        default: break;
        }
    }
    return true;
}

static bool open_pipe(struct tmpl_parser *p, bool range, struct tmpl_pipe *pipe, struct span paren) {
    struct tmpl_open_pipe open = {pipe, paren, p->commands.len, p->args.len};
    *pipe = (struct tmpl_pipe){.span = {p->token.span.start, p->token.span.start}};
    vec_push(p->arena, &p->pipes, open);
    tmpl_note_depth(p, p->depth + p->pipes.len - 1);
    return parse_variables(p, range, pipe);
}

static bool open_parenthesis(struct tmpl_parser *p) {
    struct span paren = p->token.span;
    if (p->pipes.len > PARENTHESES_MAX)
        return tmpl_refuse(p, paren, arena_printf(p->arena, "more than %u parentheses nest here", PARENTHESES_MAX));
    tmpl_next(p);
    return open_pipe(p, false, arena_new(p->arena, struct tmpl_pipe), paren);
}

/* Keeps the words that were read as a command, where there are any. */
static void close_command(struct tmpl_parser *p) {
    const struct tmpl_open_pipe *open = &p->pipes.items[p->pipes.len - 1];
    struct tmpl_command command;
    if (p->args.len == open->args) return;
    KEEP(p, &p->args, open->args, command.args, command.arg_count);
    command.span = (struct span){command.args[0].span.start, command.args[command.arg_count - 1].span.end};
    vec_push(p->arena, &p->commands, command);
}

/* The innermost pipeline ends at the token. Go takes a `|` with nothing behind it there. */
static bool close_pipe(struct tmpl_parser *p) {
    struct tmpl_open_pipe open = p->pipes.items[p->pipes.len - 1];
    struct tmpl_pipe *pipe = open.pipe;
    bool parens = p->token.kind == TMPL_TOKEN_RIGHT_PAREN;
    close_command(p);
    KEEP(p, &p->commands, open.commands, pipe->commands, pipe->command_count);
    if (pipe->command_count == 0) return tmpl_refuse_token(p);
    pipe->span.end = pipe->commands[pipe->command_count - 1].span.end;
    p->pipes.len--;
    if (!check_commands(p, pipe)) return false;
    if (!parens) return true;
    struct tmpl_arg arg = {.kind = TMPL_PIPE, .span = {open.paren.start, p->token.span.end}, .pipe = pipe};
    tmpl_next(p);
    return add_arg(p, &arg);
}

static bool parse_token(struct tmpl_parser *p) {
    if (p->token.kind == TMPL_TOKEN_LEFT_PAREN) return open_parenthesis(p);
    if (begins_arg(p->token.kind)) return parse_arg(p);
    if (p->token.kind == TMPL_TOKEN_RIGHT || p->token.kind == TMPL_TOKEN_RIGHT_PAREN) return close_pipe(p);
    bool empty = p->args.len == p->pipes.items[p->pipes.len - 1].args;
    if (p->token.kind != TMPL_TOKEN_PIPE || empty) return tmpl_refuse_token(p);
    close_command(p);
    tmpl_next(p);
    return true;
}

bool tmpl_parse_pipe(struct tmpl_parser *p, bool range, struct tmpl_pipe *pipe) {
    if (!open_pipe(p, range, pipe, (struct span){0, 0})) return false;
    while (p->pipes.len > 0)
        if (!parse_token(p)) return false;
    return true;
}
