/* The promises about a patched text, checked on the text itself. */
#ifndef PATCH_VERIFY_H
#define PATCH_VERIFY_H

#include "patch/patch.h"

/* Applies one operation to values, as RFC 6902 says with the differences that patch/patch.h names. `tree` is the one
 * that `values` came from. false where it cannot be applied; then `*out` is not set. */
bool verify_expect(struct arena *a, const struct tree *tree, const struct value *values,
                   const struct patch_operation *operation, struct value *out);

enum verify_promise {
    VERIFY_KEPT,
    VERIFY_PARSES,   /* the new text is YAML that Helm loads */
    VERIFY_VALUES,   /* it holds the values that were expected */
    VERIFY_COMMENTS, /* each comment of the old text, and each that was made, stands in the new one, but for those that
                        were dropped */
};

struct verify_input {
    const struct tree *before;
    const struct value *expected;
    const struct tree *after;         /* NULL where the new text could not be parsed */
    const struct value *values;       /* of `after`; NULL where Helm refuses them */
    const struct str *dropped, *made; /* comments that went, and that came, as was asked for */
    uint32_t dropped_count, made_count;
};

/* The first promise that does not hold; VERIFY_KEPT where all do. */
enum verify_promise verify_patch(struct arena *a, const struct verify_input *input);

/* The promise in words, as "the new text does not ...". */
struct str verify_words(enum verify_promise promise);

#endif
