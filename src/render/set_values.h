/* What --set, --set-string and --set-json say (pkg/strvals of Helm): name=value,a.b[0].c={x,y}. */
#ifndef RENDER_SET_VALUES_H
#define RENDER_SET_VALUES_H

#include "base/error.h"
#include "template/eval/go_value.h"

enum set_kind {
    SET_TYPED,  /* --set: numbers are int64, true, false and null are what they say */
    SET_STRING, /* --set-string */
    SET_JSON,   /* --set-json: values are JSON */
};

/* Sets what `text` says in `values`, which is changed in place; values get the places of `layer`. False with `error`
 * set where Helm refuses it; then `values` may be changed in part. */
bool set_values(struct go_env *env, struct go_map *values, struct str text, enum set_kind kind,
                const struct value_layer *layer, struct error *error);

#endif
