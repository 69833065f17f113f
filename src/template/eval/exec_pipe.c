/* Pipelines, commands and words, as text/template evaluates them. */
#include "template/eval/interpreter.h"

/* ---- constants ---- */

static bool has_any(struct str s, const char *characters) {
    for (size_t i = 0; i < s.len; i++) {
        if (strchr(characters, s.ptr[i])) return true;
    }
    return false;
}

/* A constant where no type is asked for: what it looks like decides. */
static bool ideal_constant(struct interpreter *in, const struct tmpl_arg *arg, struct go_value *out) {
    const struct tmpl_number *number = arg->number;
    bool is_hex = arg->name.len > 2 && arg->name.ptr[0] == '0' &&
                  (arg->name.ptr[1] == 'x' || arg->name.ptr[1] == 'X') && !has_any(arg->name, "pP");
    bool is_rune = arg->name.len > 0 && arg->name.ptr[0] == '\'';
    if (number->is_complex && !number->is_float) {
        *out = go_hole_value(in->env, &GO_TYPE_HOLE, STR("a complex number"), -1, -1);
    } else if (number->is_float && !is_hex && !is_rune && has_any(arg->name, ".eEpP")) {
        *out = go_float(number->real);
    } else if (number->is_int) {
        *out = go_int(number->integer);
    } else {
        return exec_fail(in, TEMPLATE_WRONG_TYPE, "%.*s overflows int", STR_ARG(arg->name));
    }
    return true;
}

static struct str words_of(struct interpreter *in, const struct tmpl_arg *arg) {
    return span_text(in->source->text, arg->span);
}

static bool want(struct interpreter *in, const char *kind, const struct tmpl_arg *arg) {
    return exec_fail(in, TEMPLATE_WRONG_TYPE, "expected %s; found %.*s", kind, STR_ARG(words_of(in, arg)));
}

/* ---- types of parameters ---- */

static const struct {
    char letter;
    const char *name;
    bool nillable;
    const struct go_type *type;
} LETTERS[] = {
    {'a', "interface {}", true, &GO_TYPE_HOLE},
    {'v', "reflect.Value", true, &GO_TYPE_HOLE},
    {'s', "string", false, &GO_TYPE_STRING},
    {'i', "int", false, &GO_TYPE_INT},
    {'I', "int64", false, &GO_TYPE_INT64},
    {'f', "float64", false, &GO_TYPE_FLOAT64},
    {'b', "bool", false, &GO_TYPE_BOOL},
    {'u', "uint64", false, &GO_TYPE_UINT64},
    {'B', "[]uint8", true, &GO_TYPE_BYTES},
    {'t', "time.Time", false, NULL},
    {'l', "[]interface {}", true, &GO_TYPE_LIST},
    {'S', "[]string", true, &GO_TYPE_STRINGS},
    {'m', "map[string]interface {}", true, &GO_TYPE_MAP},
    {'M', "map[string]string", true, &GO_TYPE_STRING_MAP},
};

static size_t letter_index(char letter) {
    for (size_t i = 0; i < sizeof LETTERS / sizeof *LETTERS; i++) {
        if (LETTERS[i].letter == letter) return i;
    }
    return 0;
}

/* Whether a value of `type` can be given to a parameter of the type `letter`. */
static bool is_assignable(const struct go_type *type, char letter) {
    size_t index = letter_index(letter);
    const struct go_type *wanted = LETTERS[index].type;
    if (letter == 'a' || letter == 'v') return true;
    if (letter == 't') return str_eq(type->name, STR("time.Time"));
    if (wanted->kind == GO_SLICE || wanted->kind == GO_MAP)
        return type->kind == wanted->kind && type->elem == wanted->elem;
    return type == wanted;
}

/* Go's nil of a slice or map type. */
static struct go_value zero_of(struct interpreter *in, char letter) {
    const struct go_type *type = LETTERS[letter_index(letter)].type;
    if (letter == 'a' || letter == 'v' || letter == 0) return go_nil();
    if (type->kind != GO_MAP) return (struct go_value){.type = type};
    struct go_value map = go_map(in->env, type, 0);
    map.map->nil = true;
    return map;
}

bool exec_check_argument(struct interpreter *in, char letter, struct go_value *v) {
    enum go_kind kind = go_kind(v);
    size_t index = letter_index(letter);
    if (letter == 0) return true;
    if (letter == 'v') return true;
    if (letter == 'a') {
        if (kind == GO_NIL_KEPT) v->type = &GO_TYPE_NIL;
        return true;
    }
    if (kind == GO_NIL) {
        if (!LETTERS[index].nillable)
            return exec_fail(in, TEMPLATE_WRONG_TYPE, "invalid value; expected %s", LETTERS[index].name);
        const struct go_runs *runs = v->runs;
        *v = zero_of(in, letter);
        v->runs = runs;
        return true;
    }
    if (kind == GO_HOLE && v->hole->type == &GO_TYPE_HOLE) {
        if (letter == 's') *v = go_hole_like(in->env, &GO_TYPE_STRING, v->hole);
        return true;
    }
    const struct go_type *type = kind == GO_HOLE ? v->hole->type : v->type;
    if (is_assignable(type, letter)) return true;
    return exec_fail(in, TEMPLATE_WRONG_TYPE, "wrong type for value; expected %s; got %.*s", LETTERS[index].name,
                     STR_ARG(kind == GO_NIL_KEPT ? STR("interface {}") : type->name));
}

/* A constant for a parameter of the type `letter`. */
static bool eval_constant(struct interpreter *in, char letter, const struct tmpl_arg *arg, struct go_value *out) {
    bool is_number = arg->kind == TMPL_NUMBER;
    exec_at_word(in, arg);
    switch (letter) {
    case 's':
        if (arg->kind != TMPL_STRING) return want(in, "string", arg);
        *out = go_string(arg->name);
        return true;
    case 'b':
        if (arg->kind != TMPL_BOOL) return want(in, "bool", arg);
        *out = go_bool(arg->boolean);
        return true;
    case 'i':
    case 'I':
        if (!is_number || !arg->number->is_int) return want(in, "integer", arg);
        *out = letter == 'i' ? go_int(arg->number->integer) : go_int64(arg->number->integer);
        return true;
    case 'u':
        if (!is_number || !arg->number->is_uint) return want(in, "unsigned integer", arg);
        *out = go_uint64(arg->number->natural);
        return true;
    case 'f':
        if (!is_number || !arg->number->is_float) return want(in, "float", arg);
        *out = go_float(arg->number->real);
        return true;
    default:
        return exec_fail(in, TEMPLATE_WRONG_TYPE, "can't handle %.*s for arg of type %s", STR_ARG(words_of(in, arg)),
                         LETTERS[letter_index(letter)].name);
    }
}

/* ---- words ---- */

static bool find_variable(struct interpreter *in, struct str name, struct go_value *out) {
    for (uint32_t i = in->variables.len; i > in->base; i--) {
        if (!str_eq(in->variables.items[i - 1].name, name)) continue;
        *out = in->variables.items[i - 1].value;
        return true;
    }
    return exec_fail(in, TEMPLATE_FUNCTION, "undefined variable: %.*s", STR_ARG(name));
}

static bool no_arguments(struct interpreter *in, const struct tmpl_command *command, const struct go_value *final) {
    if ((!command || command->arg_count < 2) && !final) return true;
    return exec_fail(in, TEMPLATE_ARGUMENTS, "can't give argument to non-function %.*s",
                     STR_ARG(command ? words_of(in, &command->args[0]) : STR("")));
}

static bool eval_function(struct interpreter *in, const struct go_value *dot, const struct tmpl_arg *arg,
                          const struct tmpl_command *command, const struct go_value *final, struct go_value *out) {
    const struct go_function *function = find_function(in, arg->name);
    exec_at_word(in, arg);
    if (!function) {
        struct str reason = arena_printf(in->arena, "%.*s, which is not known here", STR_ARG(arg->name));
        *out = go_hole_value(in->env, &GO_TYPE_HOLE, reason, -1, -1);
        return true;
    }
    return eval_call(in, dot, function, NULL, command, final, out);
}

/* A word with fields, methods or arguments behind it. `command`: the one whose first word it is, or NULL. */
static bool eval_first(struct interpreter *in, const struct go_value *dot, const struct tmpl_arg *arg,
                       const struct tmpl_command *command, const struct go_value *final, struct go_value *out) {
    struct go_value head;
    exec_at_word(in, arg);
    switch (arg->kind) {
    case TMPL_FIELD: return eval_fields(in, dot, *dot, arg->fields, arg->field_count, command, final, out);
    case TMPL_VARIABLE:
        if (!find_variable(in, arg->name, &head)) return false;
        if (arg->field_count > 0) return eval_fields(in, dot, head, arg->fields, arg->field_count, command, final, out);
        *out = head;
        return no_arguments(in, command, final);
    case TMPL_CHAIN:
        if (!eval_arg(in, dot, 0, arg->head, &head)) return false;
        exec_at_word(in, arg);
        return eval_fields(in, dot, head, arg->fields, arg->field_count, command, final, out);
    case TMPL_IDENTIFIER: return eval_function(in, dot, arg, command, final, out);
    case TMPL_PIPE: return no_arguments(in, command, final) && eval_pipe(in, dot, arg->pipe, out);
    default: break;
    }
    if (!no_arguments(in, command, final)) return false;
    switch (arg->kind) {
    case TMPL_DOT: *out = *dot; return true;
    case TMPL_BOOL: *out = go_bool(arg->boolean); return true;
    case TMPL_NUMBER: return ideal_constant(in, arg, out);
    case TMPL_STRING: *out = go_string(arg->name); return true;
    default: return exec_fail(in, TEMPLATE_ARGUMENTS, "nil is not a command");
    }
}

bool eval_word(struct interpreter *in, const struct go_value *dot, const struct tmpl_arg *arg, struct go_value *out) {
    return eval_first(in, dot, arg, NULL, NULL, out);
}

bool eval_arg(struct interpreter *in, const struct go_value *dot, char letter, const struct tmpl_arg *arg,
              struct go_value *out) {
    exec_at_word(in, arg);
    switch (arg->kind) {
    case TMPL_NIL:
        *out = zero_of(in, letter);
        if (letter == 0 || LETTERS[letter_index(letter)].nillable) return true;
        return exec_fail(in, TEMPLATE_WRONG_TYPE, "cannot assign nil to %s", LETTERS[letter_index(letter)].name);
    case TMPL_BOOL:
    case TMPL_NUMBER:
    case TMPL_STRING:
        if (letter == 0 || letter == 'a' || letter == 'v') return eval_word(in, dot, arg, out);
        return eval_constant(in, letter, arg, out);
    default:
        if (!eval_word(in, dot, arg, out)) return false;
        exec_at_word(in, arg);
        return exec_check_argument(in, letter, out);
    }
}

const struct go_type *type_of_letter(char letter) {
    const struct go_type *type = LETTERS[letter_index(letter)].type;
    return type ? type : &GO_TYPE_HOLE;
}

static void set_variables(struct interpreter *in, const struct tmpl_pipe *pipe, const struct go_value *value) {
    for (uint32_t i = 0; i < pipe->variable_count; i++) {
        struct str name = pipe->variables[i].name;
        if (!pipe->assigns) {
            vec_push(in->arena, &in->variables, (struct variable){name, *value});
            continue;
        }
        for (uint32_t v = in->variables.len; v > in->base; v--) {
            if (!str_eq(in->variables.items[v - 1].name, name)) continue;
            in->variables.items[v - 1].value = *value;
            break;
        }
    }
}

bool eval_pipe(struct interpreter *in, const struct go_value *dot, const struct tmpl_pipe *pipe, struct go_value *out) {
    *out = go_nil();
    if (!pipe) return true;
    for (uint32_t i = 0; i < pipe->command_count; i++) {
        const struct tmpl_command *command = &pipe->commands[i];
        struct go_value final = *out;
        if (!exec_step(in)) return false;
        if (!eval_first(in, dot, &command->args[0], command, i > 0 ? &final : NULL, out)) return false;
        if (go_kind(out) == GO_NIL_KEPT) out->type = &GO_TYPE_NIL;
    }
    set_variables(in, pipe, out);
    return true;
}
