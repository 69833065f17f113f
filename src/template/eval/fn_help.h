/* What the files of functions share. */
#ifndef TEMPLATE_EVAL_FN_HELP_H
#define TEMPLATE_EVAL_FN_HELP_H

#include "template/eval/fn_table.h"
#include "template/eval/go_format.h"

/* The text of the string argument `index`. */
static inline struct str fn_text(const struct go_call *call, uint32_t index) {
    return call->args[index].text;
}

/* The first hole in `v`, or NULL: go_find_hole, but quick where there is none at all. */
static inline const struct go_hole *fn_hole(const struct go_call *call, const struct go_value *v) {
    return call->env->holes_made ? go_find_hole(v) : NULL;
}

static inline bool fn_give_text(struct go_call *call, struct str s) {
    return go_give(call, go_string(s.ptr ? s : STR("")));
}

static inline bool fn_give_buf(struct go_call *call, const struct buf *b) {
    return fn_give_text(call, buf_str(b));
}

/* sprig's strval: the text of a string, of bytes, of what has a String method, else what %v prints. Adds it with its
 * runs. */
void fn_add_strval(struct go_text *text, const struct go_value *v);
/* The same as bytes; *hole is set where there is one. */
struct str fn_strval(struct go_call *call, const struct go_value *v, const struct go_hole **hole);

/* sprig's strslice: the items of a list as strings, without nil; one item for anything else. */
struct go_value fn_strings(struct go_call *call, const struct go_value *v);

/* The stretch of a text that begins at `at`: known bytes up to *end, or the placeholder of a hole. */
const struct go_hole *fn_stretch_at(const struct go_value *v, size_t at, size_t *end);

/* spf13/cast: what int, int64 and float64 make of any value; 0 for what they cannot convert. */
int64_t fn_to_int64(const struct go_value *v);
double fn_to_float(const struct go_value *v);

/* reflect.DeepEqual: 1, 0, or -1 where a hole leaves it open. */
int fn_deep_equal(const struct go_value *a, const struct go_value *b);

/* reflect's name of the value's kind: "slice". */
const char *fn_kind_name(const struct go_value *v);

/* A list with room for `len` items, to be filled. */
struct go_value *fn_items(struct go_call *call, uint32_t len);

/* The item `index` of a list of any type, []uint8 too. */
struct go_value fn_item(const struct go_value *list, uint32_t index);
uint32_t fn_length(const struct go_value *list);

#endif
