#include "template/eval/go_format.h"

void go_print(struct go_text *text, const struct go_value *v) {
    struct buf out = buf_in(text->env->arena);
    switch (v->type->kind) {
    case GO_STRING: go_text_add_value(text, v); return;
    case GO_HOLE: go_text_add_hole(text, v->hole); return;
    case GO_NIL:
    case GO_NIL_KEPT: buf_add(&out, STR("<nil>")); break;
    case GO_BOOL: buf_add(&out, v->boolean ? STR("true") : STR("false")); break;
    case GO_INT: buf_add_int(&out, v->integer); break;
    case GO_UINT: buf_addf(&out, "%llu", (unsigned long long)v->natural); break;
    case GO_FLOAT: buf_addf(&out, "%g", v->real); break;
    default: buf_addf(&out, "%.*s", STR_ARG(v->type->name)); break;
    }
    go_text_add_shown(text, buf_str(&out), v->runs ? v->runs->items[0].paths : NULL);
}
