/* What the schema cannot say alone, as CEL in `x-valuelint`: `derive`, a default that follows from other values, and
 * `when`, a condition under which a property is required. Compiled once; immutable. */
#ifndef CONFIG_DERIVE_H
#define CONFIG_DERIVE_H

#include "cel/cel.h"
#include "config/standard_files.h"

struct derivation {
    const struct schema_property *property;
    const struct cel_program *derive; /* NULL for none */
    const struct cel_program *when;   /* the same */
    const struct cel_read *reads;     /* what `when` reads */
    uint32_t read_count;
    const struct cel_read *sources; /* what `derive` reads */
    uint32_t source_count;
};

struct derivations {
    const struct derivation *items; /* each behind those from which it derives, as far as there is no circle */
    uint32_t len;
};

/* Compiles the annotations of all `properties`, which come from `files`. False where one is broken, or where values
 * derive from each other in a circle in which none has a `default`: then `problems` has grown. */
bool derive_load(struct arena *a, const struct standard_files *files, const struct schema_properties *properties,
                 struct derivations *out, struct problems *problems);

/* The value that the property of `derivation` derives, given the slots of enum rule_variable. False where it derives
 * none: something that it reads is not there. */
bool derive_value(struct arena *a, const struct derivation *derivation, const struct cel_value *slots,
                  struct value *out);

/* Whether the condition of `derivation` asks for its property. */
bool derive_requires(struct arena *a, const struct derivation *derivation, const struct cel_value *slots);

#endif
