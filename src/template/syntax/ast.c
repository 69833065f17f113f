#include "template/syntax/ast.h"

/* How much of a word tmpl_names_base_path looks at. */
#define WORDS_MAX 16u
#define PARENTHESES_MAX 4

bool tmpl_is_integer(const struct tmpl_arg *number) {
    struct str text = number->name;
    bool hex = str_starts(text, STR("0x")) || str_starts(text, STR("0X"));
    if (!number->number->is_int || number->number->is_complex) return false;
    if (text.ptr[0] == '\'') return true;
    for (size_t i = 0; i < text.len; i++)
        if (strchr(hex ? "pP" : ".eE", text.ptr[i])) return false;
    return true;
}

static bool names_base_path(const struct tmpl_arg *arg, int depth, uint32_t *left) {
    if (*left == 0) return false;
    --*left;
    for (uint32_t i = 0; i < arg->field_count; i++)
        if (str_eq(arg->fields[i].name, STR("BasePath"))) return true;
    if (arg->kind == TMPL_CHAIN) arg = arg->head;
    if (arg->kind != TMPL_PIPE || depth == 0) return false;
    for (uint32_t c = 0; c < arg->pipe->command_count; c++)
        for (uint32_t i = 0; i<arg->pipe->commands[c].arg_count && * left> 0; i++)
            if (names_base_path(&arg->pipe->commands[c].args[i], depth - 1, left)) return true;
    return false;
}

bool tmpl_names_base_path(const struct tmpl_arg *arg) {
    uint32_t left = WORDS_MAX;
    return names_base_path(arg, PARENTHESES_MAX, &left);
}
