/* Paths to a value inside a document, in the three ways in which they are written: as a chain of steps while a
 * tree is walked, as a JSON Pointer (RFC 6901) and, for people, with dots: `service.http.port`, `tolerations[0].key`.
 */
#ifndef VALUE_POINTER_H
#define VALUE_POINTER_H

#include "value/value.h"

/* One step down from `parent` (NULL: from the root). Lives on the walker's stack. */
struct step {
    const struct step *parent;
    struct str key; /* of a map's member; `ptr` is NULL for an item of a list */
    uint32_t index; /* of a list's item */
};

/* The path to `last` with dots; a key that holds anything but letters, digits, `_`, `-` and `/` is written `["key"]`.
 * Empty for the root. */
struct str step_dotted(struct arena *a, const struct step *last);

/* The path to `last` as a JSON Pointer; empty for the root. */
struct str step_pointer(struct arena *a, const struct step *last);

/* The same for a path of map keys. */
struct str keys_dotted(struct arena *a, const struct str *keys, uint32_t count);
struct str keys_pointer(struct arena *a, const struct str *keys, uint32_t count);

/* The same path in the `room` bytes at `bytes`, or the one key where that is it; `ptr` is NULL where it needs more. */
struct str keys_dotted_into(char *bytes, size_t room, const struct str *keys, uint32_t count);

/* The path to the member `key` of what stands at `path`, both with dots. */
struct str dotted_member(struct arena *a, struct str path, struct str key);

/* Takes the first key off the front of the dotted path `rest`; an item of a list is given as it is written, `[0]`.
 * False where nothing is left. */
bool dotted_next(struct str *rest, struct str *key);

/* Whether the dotted path `above` (empty: the root) is `path` or leads to it. */
bool dotted_leads(struct str above, struct str path);

/* What stands at the dotted path of map keys in `root`, or NULL. */
const struct value *value_at_dotted(const struct value *root, struct str path);

/* Whether `above[0..above_count)` is the path `keys[0..count)` or leads to it. */
bool keys_lead(const struct str *above, uint32_t above_count, const struct str *keys, uint32_t count);

/* Splits the JSON Pointer `text` into `*keys`, unescaped: parts of `text`, or in the arena. False where it is not one.
 */
bool pointer_parse(struct arena *a, struct str text, struct str **keys, uint32_t *count);

/* What the JSON Pointer `text` names in `root`, or NULL. */
const struct value *pointer_get(struct arena *a, const struct value *root, struct str text);

/* The place in a list that the pointer's part `key` names; false where it is no number as RFC 6901 has them. */
bool pointer_index(struct str key, uint32_t *index);

#endif
