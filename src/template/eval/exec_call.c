/* Calls of functions and methods: counting and checking arguments by the signature, and what becomes of holes. */
#include "template/eval/interpreter.h"

struct signature {
    const char *letters;
    uint32_t count; /* of letters */
    bool variadic;
    char result;
};

static struct signature read_signature(const char *text) {
    struct signature s = {.letters = text};
    while (*text && *text != ':' && *text != '*') {
        s.count++;
        text++;
    }
    if (*text == '*') {
        s.variadic = true;
        text++;
    }
    s.result = *text == ':' ? text[1] : 'a';
    return s;
}

static char parameter(const struct signature *s, uint32_t index) {
    return s->letters[index < s->count ? index : s->count - 1];
}

static bool check_count(struct interpreter *in, const char *name, const struct signature *s, uint32_t words,
                        uint32_t given) {
    uint32_t fixed = s->variadic ? s->count - 1 : s->count;
    if (s->variadic && given < fixed)
        return exec_fail(in, TEMPLATE_ARGUMENTS, "wrong number of args for %s: want at least %u got %u", name, fixed,
                         words);
    if (!s->variadic && given != fixed)
        return exec_fail(in, TEMPLATE_ARGUMENTS, "wrong number of args for %s: want %u got %u", name, fixed, given);
    return true;
}

/* and, or: they stop at the first argument that decides. */
static bool call_logic(struct interpreter *in, const struct go_value *dot, bool is_or,
                       const struct tmpl_command *command, const struct go_value *final, struct go_value *out) {
    uint32_t words = command ? command->arg_count - 1 : 0;
    for (uint32_t i = 0; i < words; i++) {
        if (!eval_arg(in, dot, 'v', &command->args[i + 1], out)) return false;
        reads_mark(in->env, out, VALUE_PATH_TRUTH);
        bool last = i + 1 == words && !final;
        int truth = go_truth(out);
        if (truth < 0 || truth == is_or) reads_skip_words(in, dot, &command->args[i + 2], words - i - 1);
        if (truth < 0 && !last) {
            *out = go_hole_like(in->env, &GO_TYPE_HOLE, go_find_hole(out));
            return true;
        }
        if (truth == is_or) return true;
    }
    if (final) *out = *final;
    return true;
}

/* Functions whose result has no line ends, whatever they are given. */
static bool gives_one_line(const char *name) {
    static const char *const NAMES[] = {
        "adler32sum", "b32enc",       "b64enc",    "bcrypt",      "date",    "dateInZone", "derivePassword", "htpasswd",
        "randAlpha",  "randAlphaNum", "randBytes", "randNumeric", "sha1sum", "sha256sum",  "sha512sum",      "uuidv4"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (strcmp(NAMES[i], name) == 0) return true;
    }
    return false;
}

/* Whether the text has no line ends, whatever its holes become. */
static bool is_one_line(const struct go_value *text) {
    uint32_t from = 0;
    if (go_kind(text) != GO_STRING || !text->runs) return false;
    for (uint32_t i = 0; i < text->runs->count; i++) {
        const struct go_run *run = &text->runs->items[i];
        struct str piece = str_slice(text->text, from, run->end);
        if (run->hole ? !run->hole->one_line : str_find_char(piece, '\n') < piece.len) return false;
        from = run->end < text->text.len ? run->end : (uint32_t)text->text.len;
    }
    return true;
}

/* Whether the function changes letters alone: what is one line stays one. */
static bool keeps_one_line(const struct go_function *function, const struct go_value *args, uint32_t count) {
    static const char *const NAMES[] = {"lower", "upper", "title", "untitle", "swapcase"};
    for (size_t i = 0; count == 1 && i < sizeof NAMES / sizeof *NAMES; i++)
        if (strcmp(NAMES[i], function->name) == 0) return is_one_line(&args[0]);
    return false;
}

/* What a function gives that cannot be asked, for the hole `from` (NULL: for itself). */
static struct go_value hole_result(struct interpreter *in, const struct go_function *function,
                                   const struct signature *s, const struct go_hole *from, bool one_line) {
    struct go_hole *hole = arena_new(in->arena, struct go_hole);
    struct go_text text = go_text_in(in->env);
    *hole = (struct go_hole){.reason = from ? from->reason : str_from(function->name),
                             .type = type_of_letter(s->result),
                             .truth = -1,
                             .length = -1,
                             .one_line = one_line || gives_one_line(function->name)};
    in->env->holes_made = true;
    if (hole->type != &GO_TYPE_STRING) return (struct go_value){.type = &GO_TYPE_HOLE, .hole = hole};
    go_text_add_hole(&text, hole);
    return go_text_value(&text);
}

/* The hole that keeps `function` from being called with `args`; NULL: it may be called. */
static const struct go_hole *blocking_hole(struct interpreter *in, const struct go_function *function,
                                           const struct signature *s, const struct go_value *args, uint32_t count) {
    if (!in->env->holes_made) return NULL;
    for (uint32_t i = 0; i < count; i++) {
        char letter = parameter(s, i);
        if (function->flags & FN_HOLES) {
            if (go_kind(&args[i]) == GO_HOLE && letter != 'a' && letter != 'v') return args[i].hole;
        } else {
            const struct go_hole *hole = go_find_hole(&args[i]);
            if (hole) return hole;
        }
    }
    return NULL;
}

static void show_paths(struct interpreter *in, struct go_call *call) {
    const struct go_paths *paths = call->self ? go_paths_of(in->env, call->self) : NULL;
    for (uint32_t i = 0; i < call->count; i++)
        paths = go_paths_join(in->env, paths, go_paths_of(in->env, &call->args[i]));
    call->result = go_with_paths(in->env, call->result, paths);
}

static bool is_text(const struct go_value *v) {
    return go_kind(v) == GO_STRING || v->type->elem == &GO_TYPE_UINT8;
}

/* The holes of a text that has no line ends for sure. */
static void mark_one_line(struct interpreter *in, struct go_value *text) {
    if (!text->runs) return;
    size_t size = sizeof *text->runs + sizeof *text->runs->items * text->runs->count;
    struct go_runs *runs = arena_alloc_raw(in->arena, size);
    memcpy(runs, text->runs, size);
    for (uint32_t i = 0; i < runs->count; i++) {
        if (!runs->items[i].hole) continue;
        struct go_hole *hole = arena_new(in->arena, struct go_hole);
        *hole = *runs->items[i].hole;
        hole->one_line = true;
        runs->items[i].hole = hole;
    }
    text->runs = runs;
}

/* What a call costs, in bytes: what it made, and a part of what it had to read. `made`: maps and members. */
static uint64_t cost_of(const struct go_call *call, uint64_t made) {
    bool encodes = str_starts(str_from(call->function->name), STR("to")); /* toYaml: the work is larger than the text */
    uint64_t cost = made * 128;
    const struct go_value *result = &call->result;
    for (uint32_t i = 0; i < call->count; i++) {
        if (is_text(&call->args[i])) cost += call->args[i].text.len / 4;
    }
    if (is_text(result)) cost += result->text.len * (encodes ? 8 : 1);
    else if (go_kind(result) == GO_SLICE) cost += result->list.len * sizeof *result;
    return cost;
}

/* Which arguments are written out, in bits; what the pipe gives is not. */
static uint64_t constants_of(const struct tmpl_command *command) {
    uint64_t bits = 0;
    for (uint32_t i = 1; command && i < command->arg_count && i <= 64; i++)
        if (command->args[i].kind == TMPL_STRING) bits |= UINT64_C(1) << (i - 1);
    return bits;
}

static bool run_function(struct interpreter *in, const struct go_function *function, const struct go_value *self,
                         const struct signature *s, const struct go_value *args, uint32_t count, struct go_value *out) {
    struct go_call call = {
        .env = in->env, .function = function, .self = self, .args = args, .count = count, .result = go_nil()};
    const struct go_hole *hole = blocking_hole(in, function, s, args, count);
    if (hole) {
        *out = hole_result(in, function, s, hole, keeps_one_line(function, args, count));
        return true;
    }
    if (function->flags & FN_RANDOM && !function->call) {
        *out = hole_result(in, function, s, NULL, false);
        return true;
    }
    uint64_t serial = in->env->serial;
    if (!function->call(&call)) return exec_call_failed(in, function->name, call.error);
    exec_charge(in, cost_of(&call, in->env->serial - serial));
    if (in->env->trace && !(function->flags & FN_HOLES)) show_paths(in, &call);
    if (in->env->holes_made && go_kind(&call.result) == GO_STRING && gives_one_line(function->name))
        mark_one_line(in, &call.result);
    *out = s->result == 'a' ? go_kept(call.result) : call.result;
    return true;
}

bool eval_call(struct interpreter *in, const struct go_value *dot, const struct go_function *function,
               const struct go_value *self, const struct tmpl_command *command, const struct go_value *final,
               struct go_value *out) {
    struct signature s = read_signature(function->signature);
    uint32_t words = command ? command->arg_count - 1 : 0, count = words + (final ? 1 : 0);
    struct span at = in->at;
    if (!check_count(in, function->name, &s, words, count)) return false;
    if (!self && (strcmp(function->name, "and") == 0 || strcmp(function->name, "or") == 0))
        return call_logic(in, dot, function->name[0] == 'o', command, final, out);
    struct go_value *args = arena_alloc_raw(in->arena, sizeof *args * (count + 1));
    for (uint32_t i = 0; i < words; i++) {
        if (!eval_arg(in, dot, parameter(&s, i), &command->args[i + 1], &args[i])) return false;
    }
    exec_at(in, at);
    if (final) {
        args[words] = *final;
        if (!exec_check_argument(in, parameter(&s, words), &args[words])) return false;
    }
    exec_at(in, command ? command->span : at);
    if (in->env->reads) {
        reads_call(in->env, function, args, count, constants_of(command), site_here(in));
        if (self && strcmp(function->name, "AsMap") != 0) reads_mark_whole(in->env, self);
    }
    return run_function(in, function, self, &s, args, count, out);
}
