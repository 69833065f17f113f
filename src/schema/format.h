/* The values of `format`. */
#ifndef SCHEMA_FORMAT_H
#define SCHEMA_FORMAT_H

#include "base/str.h"

/* Whether `s` is in the format. */
typedef bool schema_format_check(struct str s);

struct schema_format_rule {
    struct str name;
    schema_format_check *check;
    const char *words; /* what it must be, for a person, with its article */
};

/* The format of that name, or NULL for one that is not known (which every value fits). */
const struct schema_format_rule *schema_format_rule(struct str name);

#endif
