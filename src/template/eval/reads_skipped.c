/* What does not run is walked: for each chain in it, the place in the values that it would come to, as far as the dot
 * and the variables are known, counts as read with all below it. So do the values of a dot or a variable that stands
 * alone, since it may be handed to anything, but for the root: where that is handed to a template, the template is
 * walked with it. Behind `with` and `range` the dot is not known; but what it is made of has been read as a whole by
 * then, and only chains through `.Values` are left, whose names are taken. */
#include "template/eval/interpreter.h"

#define DEPTH_MAX 200
#define STEPS_MAX 2000000u

/* What a walk knows. */
struct walk {
    struct interpreter *in;
    const struct template_source *source;
    const struct go_value *dot, *dollar; /* NULL: not known */
    bool variables;                      /* those of the template that runs can be seen */
    int depth;
};

static void walk_nodes(struct walk *w, const struct tmpl_node *node);
static void walk_pipe(struct walk *w, const struct tmpl_pipe *pipe);

static struct value_reads *reads_of(const struct walk *w) {
    return w->in->env->reads;
}

static void add_names(struct arena *a, struct value_reads *reads, struct str text) {
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        while (at < text.len && value_path_is_word(text.ptr[at])) at++;
        struct str word = str_slice(text, start, at);
        if (word.len) map_put(a, &reads->names, word, reads);
        if (str_eq(word, STR("Values")) && (at == text.len || text.ptr[at] != '.')) reads->everything = true;
        if (at == start) at++;
    }
}

/* ---- chains ---- */

static const struct go_site *site_of(struct walk *w, struct span span) {
    struct go_site *site = arena_new(w->in->arena, struct go_site);
    *site = (struct go_site){w->source, span.start, span.end, w->in->caller};
    return site;
}

static void add_fault(struct walk *w, struct span span, struct str message) {
    struct value_reads *reads = reads_of(w);
    vec_push(w->in->arena, &reads->faults, (struct reads_fault){site_of(w, span), message});
}

/* A field of a struct: of .Capabilities or, in Helm 3, .Chart. False where there is none, or a method. */
static bool struct_field(struct walk *w, struct go_value *v, struct str name, struct span span) {
    for (uint32_t i = 0; i < v->type->field_count; i++) {
        if (!str_eq(v->type->fields[i].name, name)) continue;
        *v = v->object.fields[i];
        return true;
    }
    if (v->type->fields && !find_method(v->type, name))
        add_fault(w, span, arena_printf(w->in->arena, "there is no field `%.*s`", STR_ARG(name)));
    return false;
}

/* The next value on the way; false where the way ends. */
static bool step_down(struct walk *w, struct go_value *v, struct str key, struct span span) {
    struct go_env *env = w->in->env;
    if (go_kind(v) == GO_STRUCT) return struct_field(w, v, key, span);
    if (go_kind(v) != GO_MAP) return false;
    const struct go_value *found = go_map_get(v->map, key);
    if (!found) {
        reads_mark_missing(env, v, key, site_of(w, span));
        return false;
    }
    reads_mark(env, found, VALUE_PATH_READ);
    *v = *found;
    return true;
}

/* Follows the fields of a word, and `keys` behind them, from `v`. */
static void follow(struct walk *w, const struct go_value *v, const struct tmpl_arg *word, const struct tmpl_arg *keys,
                   uint32_t key_count) {
    struct go_value at = *v;
    for (uint32_t i = 0; i < word->field_count; i++)
        if (!step_down(w, &at, word->fields[i].name, word->span)) return;
    for (uint32_t i = 0; i < key_count; i++)
        if (!step_down(w, &at, keys[i].name, word->span)) return;
    if (go_kind(&at) != GO_MAP || !reads_is_root(at.map)) reads_mark_whole(w->in->env, &at);
}

static const struct go_value *variable_of(const struct walk *w, struct str name) {
    if (str_eq(name, STR("$"))) return w->dollar;
    for (uint32_t i = w->in->variables.len; w->variables && i > w->in->base; i--)
        if (str_eq(w->in->variables.items[i - 1].name, name)) return &w->in->variables.items[i - 1].value;
    return NULL;
}

/* A dot or variable, with its fields. */
static void walk_chain(struct walk *w, const struct tmpl_arg *word, const struct tmpl_arg *keys, uint32_t key_count) {
    const struct go_value *v = word->kind == TMPL_VARIABLE ? variable_of(w, word->name) : w->dot;
    if (v && word->field_count + key_count > 0) {
        follow(w, v, word, keys, key_count);
    } else if (v) {
        reads_mark_skipped(w->in->env, v);
    } else {
        struct str text = span_text(w->source->text, word->span);
        bool rooted = str_find(text, STR("Values")) < text.len;
        if (rooted) add_names(w->in->arena, reads_of(w), text);
        for (uint32_t i = 0; i < key_count && rooted; i++) add_names(w->in->arena, reads_of(w), keys[i].name);
    }
}

/* ---- templates that would be called ---- */

/* Whether this was walked with this dot before. */
static bool was_walked(struct walk *w, const void *what, const struct go_value *dot) {
    const void *where = !dot ? NULL : go_kind(dot) == GO_MAP ? (const void *)dot->map : (const void *)dot->runs;
    struct str key = arena_printf(w->in->arena, "%p %p", what, where);
    return map_put(w->in->arena, &reads_of(w)->walked, key, reads_of(w)) != NULL;
}

static void walk_define(struct walk *w, struct str name, struct span at, const struct tmpl_arg *argument) {
    const struct define *define = find_define(w->in->scope, name);
    const struct go_value *dot = NULL;
    if (argument && argument->kind == TMPL_DOT) dot = w->dot;
    if (argument && argument->kind == TMPL_VARIABLE && argument->field_count == 0) dot = variable_of(w, argument->name);
    if (!define) add_fault(w, at, arena_printf(w->in->arena, "no template `%.*s` is defined", STR_ARG(name)));
    if (!define || was_walked(w, define, dot)) return;
    struct walk inner = {w->in, define->source, dot, dot, false, w->depth + 1};
    walk_nodes(&inner, define->body);
}

/* ---- words ---- */

static void walk_word(struct walk *w, const struct tmpl_arg *word) {
    switch (word->kind) {
    case TMPL_FIELD:
    case TMPL_DOT:
    case TMPL_VARIABLE: walk_chain(w, word, NULL, 0); break;
    case TMPL_CHAIN: walk_word(w, word->head); break;
    case TMPL_PIPE: walk_pipe(w, word->pipe); break;
    default: break;
    }
}

static bool is_function(const struct tmpl_command *command, const char *name) {
    return command->args[0].kind == TMPL_IDENTIFIER && str_eq(command->args[0].name, str_from(name));
}

/* index, get or hasKey of a chain with keys that are written out. */
static bool walk_index(struct walk *w, const struct tmpl_command *command) {
    bool named = is_function(command, "index") || is_function(command, "get") || is_function(command, "hasKey");
    if (!named || command->arg_count < 3) return false;
    for (uint32_t i = 2; i < command->arg_count; i++)
        if (command->args[i].kind != TMPL_STRING) return false;
    enum tmpl_arg_kind kind = command->args[1].kind;
    if (kind != TMPL_FIELD && kind != TMPL_DOT && kind != TMPL_VARIABLE) return false;
    walk_chain(w, &command->args[1], &command->args[2], command->arg_count - 2);
    return true;
}

static void walk_pipe(struct walk *w, const struct tmpl_pipe *pipe) {
    struct value_reads *reads = reads_of(w);
    if (++reads->steps > STEPS_MAX || w->depth > DEPTH_MAX) reads->everything = true;
    if (reads->everything || !pipe) return;
    w->depth++;
    for (uint32_t c = 0; c < pipe->command_count; c++) {
        const struct tmpl_command *command = &pipe->commands[c];
        if (is_function(command, "include") && command->arg_count == 3 && command->args[1].kind == TMPL_STRING)
            walk_define(w, command->args[1].name, command->span, &command->args[2]);
        if (command->args[0].kind == TMPL_PIPE && (command->arg_count > 1 || c > 0))
            add_fault(w, command->span, STR("what is in parentheses is no function, and takes no arguments"));
        if (walk_index(w, command)) continue;
        for (uint32_t i = 0; i < command->arg_count; i++) walk_word(w, &command->args[i]);
    }
    w->depth--;
}

/* The only word of a pipe, or NULL. */
static const struct tmpl_arg *only_word(const struct tmpl_pipe *pipe) {
    bool one = pipe && pipe->command_count == 1 && pipe->commands[0].arg_count == 1;
    return one ? &pipe->commands[0].args[0] : NULL;
}

static void walk_nodes(struct walk *w, const struct tmpl_node *node) {
    if (++w->depth > DEPTH_MAX) reads_of(w)->everything = true;
    for (; node && !reads_of(w)->everything; node = node->next) {
        struct walk inner = *w;
        if (w->source->reads) w->source->reads->seen[node->span.start] = 1;
        walk_pipe(w, node->pipe);
        if (node->kind == TMPL_TEMPLATE) walk_define(w, node->name, node->span, only_word(node->pipe));
        if (node->kind == TMPL_WITH || node->kind == TMPL_RANGE) inner.dot = NULL;
        walk_nodes(&inner, node->body);
        walk_nodes(w, node->otherwise);
    }
    w->depth--;
}

void reads_skip_nodes(struct interpreter *in, const struct go_value *dot, const struct tmpl_node *node) {
    if (!in->env->reads || in->env->reads->everything || !node) return;
    struct walk w = {in, in->source, dot, NULL, true, 0};
    if (in->variables.len > in->base) w.dollar = &in->variables.items[in->base].value;
    bool root = go_kind(dot) == GO_MAP && reads_is_root(dot->map) && in->variables.len == in->base + 1;
    if (root && was_walked(&w, node, dot)) return;
    walk_nodes(&w, node);
}

void reads_skip_words(struct interpreter *in, const struct go_value *dot, const struct tmpl_arg *words,
                      uint32_t count) {
    if (!in->env->reads || in->env->reads->everything) return;
    struct walk w = {in, in->source, dot, NULL, true, 0};
    if (in->variables.len > in->base) w.dollar = &in->variables.items[in->base].value;
    for (uint32_t i = 0; i < count; i++) walk_word(&w, &words[i]);
}

/* ---- what was neither run nor walked ---- */

static void finish_nodes(struct arena *a, struct value_reads *reads, const struct reads_source *source,
                         const struct tmpl_node *node, int depth) {
    if (depth > DEPTH_MAX) reads->everything = true;
    for (; node && !reads->everything; node = node->next) {
        if (!source->seen[node->span.start] && node->pipe)
            add_names(a, reads, span_text(source->tree->text, node->pipe->span));
        finish_nodes(a, reads, source, node->body, depth + 1);
        finish_nodes(a, reads, source, node->otherwise, depth + 1);
    }
}

void reads_finish(struct arena *a, struct value_reads *reads) {
    for (uint32_t i = 0; i < reads->sources.len; i++) {
        const struct reads_source *source = reads->sources.entries[i].value;
        finish_nodes(a, reads, source, source->tree->body, 0);
        for (uint32_t k = 0; k < source->tree->defines.len; k++)
            finish_nodes(a, reads, source, source->tree->defines.items[k].body, 0);
    }
}
