/* JSON as Go's encoding/json reads it into an interface{}. */
#ifndef TEMPLATE_EVAL_JSON_READER_H
#define TEMPLATE_EVAL_JSON_READER_H

#include "template/eval/go_value.h"

/* Reads the whole of `text`: numbers are float64, the last of two equal keys wins. False with Go's words in *error
 * where it is no JSON. True with *error set: a number is too large; it is nil in *out. */
bool go_json_read(struct go_env *env, struct str text, struct go_value *out, struct str *error);

/* "array": the kind of a value that go_json_read gave, in the words of Go's errors. */
const char *go_json_kind_name(const struct go_value *v);

#endif
