/* What Kubernetes asks of texts and numbers beyond their types. Internal to the room. */
#ifndef OBJECT_FORMAT_H
#define OBJECT_FORMAT_H

#include "base/arena.h"
#include "value/value.h"

/* What is wrong with `value` in the field `field` of the type `type` (`key`: with the key `text` of such a mapping);
 * NULL: nothing, or nobody knows. `image` is set where it is a reference to an image that is wrong. */
const char *object_format_wrong(struct str type, struct str field, const struct value *value, bool *image);

/* The same for the name of an object of this kind. */
const char *object_format_wrong_name(struct str kind, struct str name);

/* The same for a key and a value of labels, and a key of annotations. */
const char *object_format_wrong_label_key(struct str key);
const char *object_format_wrong_label_value(struct str value);

/* The words that Kubernetes takes in such a field, put into `words`; gives their number, 0 where it takes any text. */
#define OBJECT_FORMAT_WORDS_MAX 5
uint32_t object_format_words(struct str type, struct str field, struct str words[OBJECT_FORMAT_WORDS_MAX]);

/* Whether Kubernetes reads `text` as a quantity: 500m, 1Gi, 1e3. */
bool object_format_is_quantity(struct str text);

#endif
