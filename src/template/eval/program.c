#include "template/eval/program.h"

#include <stdlib.h>

#include "template/eval/fn_table.h"
#include "template/eval/interpreter.h"
#include "template/syntax/memo.h"
#include "template/syntax/parse.h"

/* A name that was included this often at once is refused, as Helm does. */
#define INCLUDES_MAX 1000u

const struct define *find_define(const struct scope *scope, struct str name) {
    for (; scope; scope = scope->outer) {
        const struct define *define = map_get(&scope->defines, name);
        if (define) return define;
    }
    return NULL;
}

static void add_define(struct interpreter *in, struct scope *scope, struct define define) {
    if (define.empty && find_define(scope, define.name)) return;
    struct define *copy = arena_new(in->arena, struct define);
    *copy = define;
    map_put(in->arena, &scope->defines, define.name, copy);
}

static bool is_blank(struct str text) {
    return str_trim(text).len == 0;
}

/* Whether there is nothing but white space and comments in a template. */
static bool is_empty(const struct template_source *source, const struct tmpl_node *node) {
    for (; node; node = node->next) {
        if (node->kind != TMPL_TEXT || !is_blank(span_text(source->text, node->span))) return false;
    }
    return true;
}

void add_defines(struct interpreter *in, struct scope *scope, const struct template_source *source,
                 const struct tmpl_tree *tree) {
    for (uint32_t i = 0; i < tree->defines.len; i++) {
        const struct tmpl_define *define = &tree->defines.items[i];
        add_define(in, scope, (struct define){define->body, source, define->name, define->empty});
    }
    add_define(in, scope, (struct define){tree->body, source, source->name, is_empty(source, tree->body)});
}

const struct go_function *find_function(struct interpreter *in, struct str name) {
    return map_get(&in->functions, name);
}

/* ---- "<no value>" ---- */

struct go_value drop_no_value(struct go_env *env, struct go_value string) {
    struct str needle = STR("<no value>");
    size_t at = str_find(string.text, needle), from = 0;
    if (at == string.text.len) return string;
    struct go_text text = go_text_in(env);
    while (at < string.text.len) {
        go_text_add_part(&text, &string, from, at);
        from = at + needle.len;
        at = from + str_find(str_slice(string.text, from, string.text.len), needle);
    }
    go_text_add_part(&text, &string, from, string.text.len);
    return go_text_value(&text);
}

/* ---- include ---- */

static uint32_t *include_count(struct interpreter *in, struct str name) {
    uint32_t *count = map_get(&in->includes, name);
    if (!count) {
        count = arena_new(in->arena, uint32_t);
        map_put(in->arena, &in->includes, name, count);
    }
    return count;
}

/* Runs a template into a text of its own, which is the result. */
static bool run_apart(struct interpreter *in, const struct define *define, const struct go_value *dot,
                      struct go_value *printed) {
    struct go_text text = go_text_in(in->env);
    uint32_t templates = in->templates;
    in->templates = 0;
    bool fine = exec_template(in, define, dot, &text);
    in->templates = templates;
    *printed = go_text_value(&text);
    return fine;
}

bool fn_include(struct go_call *call) {
    struct interpreter *in = call->env->run;
    const struct go_value *name = &call->args[0];
    const struct go_hole *hole = go_find_hole(name);
    if (hole) return go_give(call, go_hole_like(call->env, &GO_TYPE_STRING, hole));
    uint32_t *count = include_count(in, name->text);
    if (*count > INCLUDES_MAX) {
        exec_fail(in, TEMPLATE_TOO_DEEP,
                  "rendering template has a nested reference name: %.*s: unable to execute template",
                  STR_ARG(name->text));
        return go_fail(call, "%.*s", STR_ARG(in->error.message));
    }
    const struct define *define = find_define(in->scope, name->text);
    if (!define) {
        exec_fail(in, TEMPLATE_NOT_DEFINED, "template: no template \"%.*s\" associated with template \"gotpl\"",
                  STR_ARG(name->text));
        return go_fail(call, "%.*s", STR_ARG(in->error.message));
    }
    ++*count;
    bool fine = run_apart(in, define, &call->args[1], &call->result);
    --*count;
    if (!fine) call->error = in->error.text;
    return fine;
}

/* ---- tpl ---- */

/* The text of `source`, parsed, or NULL with the error set. The same text is parsed once. */
static const struct tmpl_tree *parse_text(struct interpreter *in, struct str text) {
    struct tmpl_tree *tree = map_get(&in->parsed, text);
    struct tmpl_error error;
    if (tree) return tree;
    tree = arena_new(in->arena, struct tmpl_tree);
    if (!tmpl_parse(in->arena, text, tree, &error)) {
        struct template_source source = {.name = STR("gotpl"), .text = text};
        struct str message =
            arena_printf(in->arena, "cannot parse template \"%.*s\": template: gotpl:%u: %.*s", STR_ARG(text),
                         template_place_of(&source, error.span.start).line, STR_ARG(error.message));
        in->error = (struct template_error){TEMPLATE_NO_PARSE, message, message, site_here(in)};
        return NULL;
    }
    map_put(in->arena, &in->parsed, text, tree);
    return tree;
}

/* The first hole of a text that stands inside of an action; NULL where there is none. */
static const struct go_hole *hole_in_action(const struct go_value *string) {
    uint32_t start = 0;
    bool inside = false;
    for (uint32_t i = 0; string->runs && i < string->runs->count; i++) {
        const struct go_run *run = &string->runs->items[i];
        struct str piece = str_slice(string->text, start, run->end);
        start = run->end;
        if (run->hole && inside) return run->hole;
        if (run->hole) continue;
        for (size_t at = 0; at + 1 < piece.len; at++) {
            if (piece.ptr[at] == '{' && piece.ptr[at + 1] == '{') inside = true;
            if (piece.ptr[at] == '}' && piece.ptr[at + 1] == '}') inside = false;
        }
    }
    return NULL;
}

static bool run_text(struct go_call *call, const struct tmpl_tree *tree, const struct template_source *source) {
    struct interpreter *in = call->env->run;
    const struct scope *outer = in->scope;
    struct scope *scope = arena_new(in->arena, struct scope);
    struct define body = {tree->body, source, source->name, false};
    if (tree->defines.len > 0) {
        scope->outer = outer;
        add_defines(in, scope, source, tree);
        in->scope = scope;
    }
    bool fine = run_apart(in, &body, &call->args[1], &call->result);
    in->scope = outer;
    if (!fine) {
        return go_fail(call, "error during tpl function execution for \"%.*s\": %.*s", STR_ARG(source->text),
                       STR_ARG(in->error.text));
    }
    call->result = drop_no_value(call->env, call->result);
    return true;
}

bool fn_tpl(struct go_call *call) {
    struct interpreter *in = call->env->run;
    const struct go_value *text = &call->args[0];
    if (str_find(text->text, STR("{{")) == text->text.len) return go_give(call, drop_no_value(call->env, *text));
    const struct go_hole *hole = hole_in_action(text);
    if (hole) return go_give(call, go_hole_like(call->env, &GO_TYPE_STRING, hole));
    const struct tmpl_tree *tree = parse_text(in, text->text);
    if (!tree) return go_fail(call, "%.*s", STR_ARG(in->error.message));
    struct template_source *source = arena_new(in->arena, struct template_source);
    *source = (struct template_source){.name = STR("gotpl"), .text = text->text};
    if (call->env->reads) source->reads = reads_source(call->env, text->text, tree);
    if (text->runs) {
        struct go_value *value = arena_new(in->arena, struct go_value);
        *value = *text;
        source->value = value;
    }
    return run_text(call, tree, source);
}

/* ---- files ---- */

static uint32_t count_slashes(struct str s) {
    uint32_t count = 0;
    for (size_t i = 0; i < s.len; i++) count += s.ptr[i] == '/';
    return count;
}

/* Helm's order: the deepest first, then in reverse order of names. */
static int compare_files(const void *a, const void *b) {
    const struct template_file *x = a, *y = b;
    uint32_t dx = count_slashes(x->source.name), dy = count_slashes(y->source.name);
    if (dx != dy) return dx > dy ? -1 : 1;
    return str_cmp(y->source.name, x->source.name);
}

static bool parse_files(struct interpreter *in, struct scope *scope, struct template_file *files, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        struct tmpl_memo own = {.arena = in->arena};
        struct template_source *source = &files[i].source;
        const struct tmpl_parsed *parsed = tmpl_memo_parse(in->env->memo ? in->env->memo : &own, source->text);
        const struct tmpl_tree *tree = &parsed->tree;
        if (parsed->broken) {
            const struct tmpl_error error = parsed->error;
            struct template_place place = template_place_of(source, error.span.start);
            in->source = source;
            exec_at(in, error.span);
            in->error = (struct template_error){TEMPLATE_NO_PARSE, error.message,
                                                arena_printf(in->arena, "parse error at (%.*s:%u): %.*s",
                                                             STR_ARG(source->name), place.line, STR_ARG(error.message)),
                                                site_here(in)};
            return false;
        }
        if (in->env->reads) source->reads = reads_source(in->env, source->name, tree);
        add_defines(in, scope, source, tree);
    }
    return true;
}

/* What .Template is while `file` runs. */
static void set_template(struct interpreter *in, const struct template_file *file) {
    struct go_value map = go_map(in->env, file->dot.type, 2);
    go_map_set(in->env, map.map, STR("Name"), go_string(file->source.name));
    go_map_set(in->env, map.map, STR("BasePath"), go_string(file->base_path));
    go_map_set(in->env, file->dot.map, STR("Template"), map);
}

/* Helm says of required and fail only where the file that ran called it. */
static void clean_error(struct interpreter *in, const struct template_file *file) {
    struct template_error *error = &in->error;
    if (error->failure != TEMPLATE_REQUIRED && error->failure != TEMPLATE_FAIL) return;
    const struct go_site *site = error->site;
    while (site->caller && site->caller->file) site = site->caller;
    struct template_place place = template_place_of(&file->source, site->start);
    error->text = arena_printf(in->arena, "execution error at (%.*s:%u:%u): %.*s", STR_ARG(file->source.name),
                               place.line, place.column - 1, STR_ARG(error->message));
}

static bool run_file(struct interpreter *in, struct template_file *file) {
    struct go_text text = go_text_in(in->env);
    const struct define *define = find_define(in->scope, file->source.name);
    set_template(in, file);
    in->source = define->source;
    in->name = define->name;
    in->caller = NULL;
    in->base = 0;
    in->templates = 0;
    in->variables.len = 0;
    in->out = &text;
    vec_push(in->arena, &in->variables, (struct variable){STR("$"), file->dot});
    if (exec_list(in, &file->dot, define->body) == FLOW_FAIL) {
        clean_error(in, file);
        return false;
    }
    file->output = drop_no_value(in->env, go_text_value(&text));
    return true;
}

static void list_functions(struct interpreter *in) {
    for (size_t t = 0; FN_TABLES[t]; t++) {
        for (const struct go_function *function = FN_TABLES[t]; function->name; function++) {
            uint8_t helm = in->env->helm;
            if ((function->flags & FN_HELM3 && helm != 3) || (function->flags & FN_HELM4 && helm != 4)) continue;
            union {
                const struct go_function *given;
                void *kept;
            } pointer = {.given = function};
            map_put(in->arena, &in->functions, str_from(function->name), pointer.kept);
        }
    }
}

bool program_run(struct go_env *env, struct template_file *files, uint32_t count, struct template_error *error) {
    char here;
    struct interpreter in = {.env = env, .arena = env->arena, .stack = &here};
    struct scope *scope = arena_new(env->arena, struct scope);
    in.scope = scope;
    env->run = &in;
    if (count > 0) qsort(files, count, sizeof *files, compare_files);
    list_functions(&in);
    bool fine = parse_files(&in, scope, files, count);
    for (uint32_t i = 0; i < count && fine; i++) {
        if (!files[i].runs) continue;
        fine = run_file(&in, &files[i]);
        if (fine || in.error.failure != TEMPLATE_CUT_OFF) continue;
        for (uint32_t j = i; j < count; j++)
            files[j].output = go_hole_value(env, &GO_TYPE_STRING, in.error.message, -1, -1);
    }
    *error = in.error;
    env->run = NULL;
    return fine;
}
