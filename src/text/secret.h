/* Secrets in a text: what no report shows. A text is enough to find passwords in URIs and connection strings
 * (`scheme://user:PASSWORD@host`, `password=...`) and the values of keys that name a secret, also where it is no YAML;
 * whoever knows more of it (a schema) adds to them. What only refers to a secret (`$(DB_PASSWORD)`, `<token>`,
 * `changeme`, the name of a Secret) is none.
 *
 * A secret is shown as `***`, whatever its length. */
#ifndef TEXT_SECRET_H
#define TEXT_SECRET_H

#include "base/buf.h"
#include "text/finding.h"

#define SECRET_MASK STR("***")

struct secrets {
    struct VEC(struct span) spans; /* in order, without overlaps, once secrets_find was called */
    struct VEC(struct str) texts;  /* of them, and as they are read where that differs, sorted; messages quote them */
    bool complete;
};

/* Whether a key of that name holds a secret: `password`, `API_TOKEN`, `clientSecret`; not `existingSecret`. */
bool secret_is_name(struct str name);

/* Whether a value says where the secret is, or that there is none yet. */
bool secret_is_reference(struct str value);

/* Adds a secret that is known before secrets_find: its place in the text of `source`, and what is read there. */
void secrets_add(struct arena *a, struct source *source, struct span span, struct str value);

/* Finds the secrets of `source`, once. */
void secrets_find(struct arena *a, struct source *source);

/* `text`, which may quote `source` (NULL: nothing is known of it), without secrets. The result may be `text` itself. */
struct str secrets_mask(struct arena *a, const struct source *source, struct str text);

/* Masks what the findings about `source` say, and finds the secrets of the sources that they relate to. */
void secrets_mask_findings(struct arena *a, struct source *source, struct findings *findings);

/* The part [from, to) of the text of `source` with its secrets masked; `*start` and `*end`, offsets in the text, become
 * offsets in the result. */
struct str secrets_cut(struct arena *a, const struct source *source, uint32_t from, uint32_t to, uint32_t *start,
                       uint32_t *end);

/* A copy of `text` with as many `*` in place of each secret that it holds or that is one of `secrets` (may be NULL), so
 * that all offsets hold. */
struct str secrets_blot(struct arena *a, const struct secrets *secrets, struct str text);

#endif
