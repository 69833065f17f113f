#include "schema/schema.h"

struct schema_message schema_violation_message(struct arena *a, const struct violation *violation) {
    return (struct schema_message){arena_printf(a, "%.*s", STR_ARG(schema_keyword_name(violation->keyword))),
                                   {NULL, 0}};
}
