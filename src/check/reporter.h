/* Where the checks of one file put what they find. */
#ifndef CHECK_REPORTER_H
#define CHECK_REPORTER_H

#include "check/checks.h"
#include "config/settings.h"
#include "yaml/tree.h"

struct reporter {
    struct arena *arena;
    const struct checks *checks;
    const struct settings *settings;
    struct source *source;
    const struct tree *tree; /* of the source; NULL while it has none */
    struct findings *findings;
};

/* One that puts what is found in `source` into `findings`; it has no tree yet. */
struct reporter reporter_on(struct arena *a, const struct checks *checks, const struct settings *settings,
                            struct source *source, struct findings *findings);

/* Adds a finding of `check`, unless the settings switch it off. The result may be changed (help, fix, related) until
 * the next one is added; it is never NULL. */
struct finding *reporter_add(struct reporter *f, enum builtin_check check, struct span span, struct str path,
                             struct str message);

/* The same for any check of f->settings->rules. */
struct finding *reporter_add_check(struct reporter *f, const struct check *check, struct span span, struct str path,
                                   struct str message);

/* The span of the key of `value` where it has one, else its own. */
struct span reporter_key_span(const struct reporter *f, const struct value *value);

/* Where to point for `value`: at its text, or at its key where it has none. */
struct span reporter_value_span(const struct reporter *f, const struct value *value);

/* Gives `finding` a second place in the same source. */
void reporter_relate(struct reporter *f, struct finding *finding, struct span span, struct str message);

/* "`a`, `b` and `c`"; at most `most` of them, and how many more there are. */
struct str reporter_list(struct arena *a, const struct str *names, uint32_t count, uint32_t most);

#endif
