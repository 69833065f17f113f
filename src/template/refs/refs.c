#include "template/refs/refs.h"

#include "base/map.h"
#include "template/syntax/pipeline.h"

struct reader {
    struct arena *arena;
    struct str text;
    const struct template_token *tokens;
    struct template_refs *out;
    struct template_error *error;
    struct expression expression;
    struct map root_variables; /* variables that were given the root somewhere */
    uint32_t block;            /* the innermost one, or TEMPLATE_NONE */
    struct span action;
};

static struct str text_of(const struct reader *r, uint32_t token) {
    return span_text(r->text, r->tokens[token].span);
}

static bool refuse(struct reader *r, const char *words) {
    *r->error = (struct template_error){r->action, str_from(words)};
    return false;
}

static enum template_origin dot_now(const struct reader *r) {
    return r->block == TEMPLATE_NONE ? TEMPLATE_ROOT : r->out->blocks.items[r->block].dot;
}

static uint32_t define_now(const struct reader *r) {
    return r->block == TEMPLATE_NONE ? TEMPLATE_NONE : r->out->blocks.items[r->block].define;
}

/* The fields of the root that hold something else than values; what lies below them is never the root. */
static bool is_root_field(struct str field) {
    static const struct str names[] = {STR_INIT(".Values"),   STR_INIT(".Chart"),        STR_INIT(".Release"),
                                       STR_INIT(".Files"),    STR_INIT(".Capabilities"), STR_INIT(".Template"),
                                       STR_INIT(".Subcharts")};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_eq(field, names[i])) return true;
    return false;
}

/* What the dot is where it is set to the value of one operand. */
static enum template_origin origin_of_operand(const struct reader *r, const struct operand *o) {
    const struct template_token *t = &r->tokens[o->first];
    bool dollar = t->kind == TEMPLATE_VARIABLE && span_len(t->span) == 1;
    if (t->kind == TEMPLATE_STRING || t->kind == TEMPLATE_RAW_STRING || t->kind == TEMPLATE_NUMBER)
        return TEMPLATE_NOT_ROOT;
    if (t->kind != TEMPLATE_DOT && t->kind != TEMPLATE_FIELD && !dollar) return TEMPLATE_UNKNOWN;
    enum template_origin base = dollar ? TEMPLATE_ROOT : dot_now(r);
    if (o->fields == o->end || base != TEMPLATE_ROOT) return base;
    return is_root_field(text_of(r, o->fields)) ? TEMPLATE_NOT_ROOT : TEMPLATE_UNKNOWN;
}

/* The same for the whole pipeline of the action. */
static enum template_origin origin_of_pipeline(const struct reader *r) {
    const struct pipeline *p = &r->expression.pipelines.items[0];
    const struct command *c = &r->expression.commands.items[p->first_command];
    if (p->first_command != p->last_command || c->operand_count != 1) return TEMPLATE_UNKNOWN;
    return origin_of_operand(r, &r->expression.operands.items[c->first_operand]);
}

struct parts VEC(struct template_part);

enum keys { KEYS_NONE, KEYS_SOME, KEYS_ALL };

/* Adds the literal keys behind the operand, in `index`, `get` and `hasKey`: none, some of those that are there, all. */
static enum keys add_literal_keys(struct reader *r, const struct operand *o, struct parts *parts) {
    const struct command *c = &r->expression.commands.items[o->command];
    struct str function = pipeline_function(&r->expression, r->text, r->tokens, o->command);
    bool index = str_eq(function, STR("index"));
    bool pair = (str_eq(function, STR("get")) || str_eq(function, STR("hasKey"))) && c->operand_count == 3 && !c->piped;
    if (o->place != 1 || c->operand_count < 2 || (!index && !pair)) return KEYS_NONE;
    uint32_t i = o->next, before = parts->len;
    for (; i != TEMPLATE_NONE; i = r->expression.operands.items[i].next) {
        const struct operand *key = &r->expression.operands.items[i];
        const struct template_token *t = &r->tokens[key->first];
        struct str content;
        if (t->kind != TEMPLATE_STRING && t->kind != TEMPLATE_RAW_STRING) break;
        if (key->end != key->first + 1 || !template_unquote(r->arena, span_text(r->text, t->span), &content)) break;
        struct template_part part = {content, t->span, true, false};
        vec_push(r->arena, parts, part);
    }
    if (i != TEMPLATE_NONE || c->piped) return index ? KEYS_SOME : KEYS_NONE;
    return parts->len > before ? KEYS_ALL : KEYS_NONE;
}

/* Adds the fields [from, to) of a chain. */
static void add_fields(struct reader *r, uint32_t from, uint32_t to, bool behind, struct parts *parts) {
    for (uint32_t at = from; at < to; at++) {
        struct span span = r->tokens[at].span;
        struct template_part part = {str_slice(r->text, span.start + 1, span.end), span, false, behind && at == from};
        vec_push(r->arena, parts, part);
    }
}

static struct template_ref ref_begin(const struct reader *r, const struct operand *o) {
    const struct expression *e = &r->expression;
    struct flow flow = pipeline_flow(e, r->text, r->tokens, o);
    struct flow carried = pipeline_carried(e, r->text, r->tokens, o);
    return (struct template_ref){
        .span = {r->tokens[o->first].span.start, r->tokens[o->end - 1].span.end},
        .shape = TEMPLATE_CHAIN,
        .origin = TEMPLATE_UNKNOWN,
        .use = flow.use,
        .function = flow.function,
        .argument = flow.argument,
        .carried_use = carried.use,
        .carried_function = carried.function,
        .carried_argument = carried.argument,
        .alone = e->commands.items[o->command].operand_count == 1,
        .action = r->action,
        .block = r->block,
        .define = define_now(r),
    };
}

/* Finds what is taken from the value at the parts of `ref`, whose operand is `o`, with `keys` added from its command.
 * Follows it through parentheses whose fields and keys are read next; each of these is passed once. */
static void follow_value(struct reader *r, struct template_ref *ref, const struct operand *o, enum keys keys) {
    const struct expression *e = &r->expression;
    struct parts tail = {0};
    for (;;) {
        const struct command *c = &e->commands.items[o->command];
        const struct pipeline *p = &e->pipelines.items[c->pipeline];
        struct str function = pipeline_function(e, r->text, r->tokens, o->command);
        bool index = keys == KEYS_ALL && str_eq(function, STR("index"));
        ref->gets = keys == KEYS_ALL && str_eq(function, STR("get"));
        if (index || ref->gets) ref->needs = c->needs;
        else if (keys == KEYS_ALL) ref->needs = TEMPLATE_NEEDS_KEY;
        else ref->needs = pipeline_needs(r->arena, e, r->text, r->tokens, o);
        bool passes = index || (c->operand_count == 1 && !c->piped);
        if (!passes || c->next != TEMPLATE_NONE || p->variable != TEMPLATE_NONE || p->operand == TEMPLATE_NONE) break;
        o = &e->operands.items[p->operand];
        add_fields(r, o->fields, o->end, true, &tail);
        keys = add_literal_keys(r, o, &tail);
    }
    ref->tail = tail.items;
    ref->tail_count = tail.len;
}

/* `values` is the token of `.Values`. */
static void add_chain(struct reader *r, const struct operand *o, uint32_t values) {
    struct template_ref ref = ref_begin(r, o);
    const struct template_token *first = &r->tokens[o->first];
    struct parts parts = {0};
    ref.values = r->tokens[values].span;
    if (values != o->fields || (first->kind != TEMPLATE_FIELD && first->kind != TEMPLATE_VARIABLE)) {
        ref.base = TEMPLATE_BASE_EXPRESSION;
    } else if (first->kind == TEMPLATE_FIELD) {
        ref.base = TEMPLATE_BASE_DOT;
        ref.origin = dot_now(r);
    } else if (span_len(first->span) == 1) {
        ref.base = TEMPLATE_BASE_DOLLAR;
        ref.origin = TEMPLATE_ROOT;
    } else {
        ref.base = TEMPLATE_BASE_VARIABLE;
    }
    if (ref.base == TEMPLATE_BASE_EXPRESSION && str_eq(text_of(r, o->fields), STR(".Subcharts")))
        ref.origin = TEMPLATE_NOT_ROOT;
    add_fields(r, values + 1, o->end, false, &parts);
    uint32_t fields = parts.len;
    enum keys keys = add_literal_keys(r, o, &parts);
    ref.parts = parts.items;
    ref.part_count = parts.len;
    ref.span.end = parts.len ? parts.items[parts.len - 1].span.end : ref.values.end;
    ref.computed = keys == KEYS_SOME;
    if (parts.len > fields) ref.shape = str_eq(ref.function, STR("index")) ? TEMPLATE_INDEX : TEMPLATE_KEY_ARGUMENT;
    follow_value(r, &ref, o, keys);
    vec_push(r->arena, &r->out->refs, ref);
}

static void add_whole(struct reader *r, const struct operand *o, enum template_base base) {
    struct template_ref ref = ref_begin(r, o);
    ref.shape = TEMPLATE_WHOLE_ROOT;
    ref.base = base;
    ref.origin = base == TEMPLATE_BASE_VARIABLE ? TEMPLATE_UNKNOWN : TEMPLATE_ROOT;
    /* The variable holds the root, or a dict or list with the root in it. */
    uint32_t name = r->expression.pipelines.items[0].variable;
    bool given = ref.carried_use == TEMPLATE_SET || ref.carried_use == TEMPLATE_IF_SUBJECT ||
                 ref.carried_use == TEMPLATE_WITH_SUBJECT || ref.carried_use == TEMPLATE_RANGE_SUBJECT;
    if (name != TEMPLATE_NONE && given) map_put(r->arena, &r->root_variables, text_of(r, name), r);
    vec_push(r->arena, &r->out->refs, ref);
}

/* What is read of a variable, a parenthesis, or a dot that may be a value. */
static void add_relative(struct reader *r, const struct operand *o) {
    const struct template_token *first = &r->tokens[o->first];
    bool dollar = first->kind == TEMPLATE_VARIABLE && span_len(first->span) == 1;
    bool root =
        define_now(r) == TEMPLATE_NONE && (dollar || (first->kind == TEMPLATE_FIELD && dot_now(r) == TEMPLATE_ROOT));
    struct parts parts = {0};
    if (root && o->fields < o->end && is_root_field(text_of(r, o->fields))) return;
    add_fields(r, o->fields, o->end, first->kind == TEMPLATE_LEFT_PAREN, &parts);
    enum keys keys = add_literal_keys(r, o, &parts);
    if (parts.len == 0) return;
    struct template_ref ref = ref_begin(r, o);
    ref.shape = TEMPLATE_RELATIVE;
    ref.base = first->kind == TEMPLATE_VARIABLE ? TEMPLATE_BASE_VARIABLE : TEMPLATE_BASE_DOT;
    if (first->kind == TEMPLATE_LEFT_PAREN) ref.base = TEMPLATE_BASE_EXPRESSION;
    ref.parts = parts.items;
    ref.part_count = parts.len;
    ref.span.end = parts.items[parts.len - 1].span.end;
    ref.computed = keys == KEYS_SOME;
    ref.behind_index = ref.base == TEMPLATE_BASE_EXPRESSION && str_eq(text_of(r, o->first + 1), STR("index"));
    follow_value(r, &ref, o, keys);
    vec_push(r->arena, &r->out->relatives, ref);
}

static void add_operand_ref(struct reader *r, const struct operand *o) {
    const struct template_token *first = &r->tokens[o->first];
    for (uint32_t i = o->fields; i < o->end; i++) {
        if (!str_eq(text_of(r, i), STR(".Values"))) continue;
        add_chain(r, o, i);
        return;
    }
    struct str content;
    if (first->kind == TEMPLATE_STRING || first->kind == TEMPLATE_RAW_STRING) {
        if (!template_unquote(r->arena, text_of(r, o->first), &content) || !str_eq(content, STR("Values"))) return;
        struct template_ref ref = ref_begin(r, o);
        ref.shape = TEMPLATE_VALUES_NAME;
        vec_push(r->arena, &r->out->refs, ref);
        return;
    }
    add_relative(r, o);
    if (o->fields == o->end && first->kind == TEMPLATE_DOT && dot_now(r) == TEMPLATE_ROOT) {
        add_whole(r, o, TEMPLATE_BASE_DOT);
    } else if (o->fields == o->end && first->kind == TEMPLATE_VARIABLE) {
        if (span_len(first->span) == 1) add_whole(r, o, TEMPLATE_BASE_DOLLAR);
        else if (map_get(&r->root_variables, text_of(r, o->first))) add_whole(r, o, TEMPLATE_BASE_VARIABLE);
    }
}

/* Whether the operand names a file of the chart's templates: (print $.Template.BasePath "/x.yaml"). Only its first
 * tokens are looked at, so that calls within calls take no longer. */
static bool names_file(const struct reader *r, const struct operand *o) {
    uint32_t end = o->end - o->first > 16 ? o->first + 16 : o->end;
    for (uint32_t i = o->first; i < end; i++)
        if (r->tokens[i].kind == TEMPLATE_FIELD && str_eq(text_of(r, i), STR(".BasePath"))) return true;
    return false;
}

/* Whether the operand is a value that is written out, or `(toYaml ...)` of one. */
static bool names_value(const struct reader *r, const struct operand *o) {
    uint32_t at = o->first;
    if (r->tokens[at].kind == TEMPLATE_LEFT_PAREN && str_eq(text_of(r, at + 1), STR("toYaml"))) at += 2;
    if (r->tokens[at].kind == TEMPLATE_DOT) return dot_now(r) == TEMPLATE_NOT_ROOT;
    if (r->tokens[at].kind == TEMPLATE_VARIABLE && span_len(r->tokens[at].span) == 1) at++;
    if (!str_eq(text_of(r, at), STR(".Values")))
        return r->tokens[at].kind == TEMPLATE_FIELD && dot_now(r) == TEMPLATE_NOT_ROOT;
    return r->tokens[at + 1].kind == TEMPLATE_FIELD;
}

/* `name` and `dot` may be NULL: then they come through the pipe, or there is none. */
static void add_call(struct reader *r, const struct operand *name, const struct operand *dot, bool is_tpl) {
    struct template_call call = {.is_tpl = is_tpl, .action = r->action, .define = define_now(r)};
    call.dot = dot ? origin_of_operand(r, dot) : TEMPLATE_UNKNOWN;
    if (name && name->end == name->first + 1 &&
        (r->tokens[name->first].kind == TEMPLATE_STRING || r->tokens[name->first].kind == TEMPLATE_RAW_STRING)) {
        struct str content;
        call.known = template_unquote(r->arena, text_of(r, name->first), &content);
        call.name = content;
        if (is_tpl && str_find(content, STR("{{")) < content.len) call.known = false;
    } else if (name) {
        call.of_file = names_file(r, name);
        call.of_values = is_tpl && names_value(r, name);
    }
    vec_push(r->arena, &r->out->calls, call);
}

/* The calls through include and tpl; the dot may come through the pipe: `. | include "x"`. */
static void add_calls(struct reader *r) {
    const struct expression *e = &r->expression;
    for (uint32_t i = 0; i < e->commands.len; i++) {
        const struct command *c = &e->commands.items[i];
        struct str function = pipeline_function(e, r->text, r->tokens, i);
        bool is_tpl = str_eq(function, STR("tpl"));
        if (!is_tpl && !str_eq(function, STR("include"))) continue;
        uint32_t first = e->operands.items[c->first_operand].next;
        uint32_t second = first == TEMPLATE_NONE ? TEMPLATE_NONE : e->operands.items[first].next;
        const struct operand *name = first == TEMPLATE_NONE ? NULL : &e->operands.items[first];
        const struct operand *dot = second == TEMPLATE_NONE ? NULL : &e->operands.items[second];
        const struct command *before = c->piped ? &e->commands.items[c->previous] : NULL;
        if (!dot && before && !before->piped && before->operand_count == 1)
            dot = &e->operands.items[before->first_operand];
        add_call(r, name, dot, is_tpl);
    }
}

static bool read_pipeline(struct reader *r, uint32_t from, uint32_t to, enum template_use use) {
    struct expression *e = &r->expression;
    if (!pipeline_parse(r->arena, r->text, r->tokens, from, to, use, e, r->error)) return false;
    add_calls(r);
    for (uint32_t i = 0; i < e->operands.len; i++) add_operand_ref(r, &e->operands.items[i]);
    return true;
}

/* The call of {{template}} and {{block}}; [from, to) is the pipeline of its dot, or empty. */
static bool read_call(struct reader *r, struct str name, uint32_t from, uint32_t to) {
    struct template_call call = {.name = name, .known = true, .define = define_now(r), .action = r->action};
    uint32_t ref = r->out->refs.len;
    call.dot = TEMPLATE_NOT_ROOT;
    if (from < to) {
        if (!read_pipeline(r, from, to, TEMPLATE_CALL)) return false;
        call.dot = origin_of_pipeline(r);
    }
    for (; ref < r->out->refs.len; ref++) {
        if (r->out->refs.items[ref].use == TEMPLATE_CALL) r->out->refs.items[ref].function = name;
        if (r->out->refs.items[ref].carried_use == TEMPLATE_CALL) r->out->refs.items[ref].carried_function = name;
    }
    vec_push(r->arena, &r->out->calls, call);
    return true;
}

/* Reads the pipeline of an if, with or range of the block `b`, and notes which references set a variable by it. */
static bool read_subject(struct reader *r, struct template_block *b, uint32_t from, uint32_t to,
                         enum template_use use) {
    uint32_t first = r->out->refs.len;
    if (!read_pipeline(r, from, to, use)) return false;
    b->first_ref = b->end_ref = r->out->refs.len;
    if (r->expression.pipelines.items[0].variable != TEMPLATE_NONE) b->first_ref = first;
    return true;
}

static bool open_block(struct reader *r, uint32_t keyword, uint32_t to) {
    enum template_keyword kind = r->tokens[keyword].keyword;
    struct template_block b = {kind, r->block, r->action, {NULL, 0}, define_now(r), dot_now(r), dot_now(r)};
    uint32_t index = r->out->blocks.len, from = keyword + 1;
    if (kind == TEMPLATE_DEFINE || kind == TEMPLATE_BLOCK) {
        uint8_t sign = r->tokens[from].kind;
        if ((sign != TEMPLATE_STRING && sign != TEMPLATE_RAW_STRING) ||
            !template_unquote(r->arena, text_of(r, from), &b.name))
            return refuse(r, "the name of a template is missing");
        if (kind == TEMPLATE_DEFINE && from + 1 != to) return refuse(r, "only a name follows `define`");
        if (kind == TEMPLATE_BLOCK && !read_call(r, b.name, from + 1, to)) return false;
        b.define = index;
        b.dot = TEMPLATE_ROOT;
    } else {
        static const enum template_use uses[] = {[TEMPLATE_IF] = TEMPLATE_IF_SUBJECT,
                                                 [TEMPLATE_WITH] = TEMPLATE_WITH_SUBJECT,
                                                 [TEMPLATE_RANGE] = TEMPLATE_RANGE_SUBJECT};
        if (!read_subject(r, &b, from, to, uses[kind])) return false;
        enum template_origin subject = origin_of_pipeline(r);
        if (kind == TEMPLATE_WITH) b.dot = subject;
        if (kind == TEMPLATE_RANGE) b.dot = subject == TEMPLATE_ROOT ? TEMPLATE_UNKNOWN : subject;
    }
    vec_push(r->arena, &r->out->blocks, b);
    r->block = index;
    return true;
}

/* `else` gives the dot back; `else if` and `else with` go on in the same block. A variable of its pipeline is known
 * there too, and holds what is empty. */
static bool read_else(struct reader *r, uint32_t from, uint32_t to) {
    if (r->block == TEMPLATE_NONE) return refuse(r, "`else` without a block");
    struct template_block *b = &r->out->blocks.items[r->block];
    if (b->keyword == TEMPLATE_DEFINE || b->keyword == TEMPLATE_BLOCK) return refuse(r, "`else` without a block");
    b->dot = b->outer;
    for (uint32_t i = b->first_ref; i < b->end_ref; i++) {
        struct template_ref *ref = &r->out->refs.items[i];
        ref->needs = (uint8_t)((ref->needs & ~TEMPLATE_STOPS_EMPTY) | TEMPLATE_NEEDS_ALL);
    }
    b->first_ref = b->end_ref;
    if (from == to) return true;
    uint8_t keyword = r->tokens[from].keyword;
    if (keyword != TEMPLATE_IF && keyword != TEMPLATE_WITH) return refuse(r, "only `if` or `with` may follow `else`");
    enum template_use use = keyword == TEMPLATE_IF ? TEMPLATE_IF_SUBJECT : TEMPLATE_WITH_SUBJECT;
    if (!read_subject(r, b, from + 1, to, use)) return false;
    if (keyword == TEMPLATE_WITH) r->out->blocks.items[r->block].dot = origin_of_pipeline(r);
    return true;
}

static bool read_template(struct reader *r, uint32_t from, uint32_t to) {
    struct str name;
    uint8_t sign = r->tokens[from].kind;
    if ((sign != TEMPLATE_STRING && sign != TEMPLATE_RAW_STRING) ||
        !template_unquote(r->arena, text_of(r, from), &name))
        return refuse(r, "the name of a template is missing");
    return read_call(r, name, from + 1, to);
}

/* The tokens of one action without its marks: [from, to). */
static bool read_action(struct reader *r, uint32_t from, uint32_t to) {
    if (from == to) return refuse(r, "the action is empty");
    if (r->tokens[from].kind != TEMPLATE_KEYWORD) return read_pipeline(r, from, to, TEMPLATE_PRINT);
    switch (r->tokens[from].keyword) {
    case TEMPLATE_IF:
    case TEMPLATE_WITH:
    case TEMPLATE_RANGE:
    case TEMPLATE_DEFINE:
    case TEMPLATE_BLOCK: return open_block(r, from, to);
    case TEMPLATE_ELSE: return read_else(r, from + 1, to);
    case TEMPLATE_TEMPLATE: return read_template(r, from + 1, to);
    case TEMPLATE_END:
        if (r->block == TEMPLATE_NONE) return refuse(r, "`end` without a block");
        r->block = r->out->blocks.items[r->block].parent;
        return true;
    case TEMPLATE_BREAK:
    case TEMPLATE_CONTINUE: return true;
    default: return refuse(r, "`nil` is no command");
    }
}

bool template_refs(struct arena *a, struct str text, struct template_refs *refs, struct template_error *error) {
    struct template_tokens tokens = {0};
    bool scanned = template_lex(a, text, &tokens, error);
    struct reader r = {.arena = a, .text = text, .out = refs, .error = error, .block = TEMPLATE_NONE};
    r.tokens = tokens.items;
    *refs = (struct template_refs){0};
    for (uint32_t i = 0; i < tokens.len; i++) {
        if (tokens.items[i].kind != TEMPLATE_OPEN) continue;
        uint32_t end = i + 1;
        while (end < tokens.len && tokens.items[end].kind != TEMPLATE_CLOSE) end++;
        if (end == tokens.len) break;
        r.action = span_make(tokens.items[i].span.start, tokens.items[end].span.end);
        if (!read_action(&r, i + 1, end)) return false;
        i = end;
    }
    if (!scanned) return false;
    if (r.block == TEMPLATE_NONE) return true;
    r.action = refs->blocks.items[r.block].action;
    return refuse(&r, "the block has no `end`");
}
