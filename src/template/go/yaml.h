/* go-yaml v2's emitter, as sigs.k8s.io/yaml (and so Helm's toYaml) uses it.
 *
 * The caller walks its values and calls, for a map: map_begin, then for each member key, the value, then map_end; for
 * a list: list_begin, for each item: item, the value; then list_end. Empty ones are go_yaml_empty. The root is between
 * go_yaml_begin and go_yaml_end. */
#ifndef TEMPLATE_GO_YAML_H
#define TEMPLATE_GO_YAML_H

#include "base/buf.h"

struct go_yaml {
    struct buf *out;
    int indent;         /* of the innermost collection; -1 outside of any */
    int column;         /* in characters */
    bool whitespace;    /* the last character was white space, or none is needed */
    bool indention;     /* the line holds nothing yet but indentation and `-`, `?`, `:` */
    bool in_map;        /* the node that comes is a member's key or value */
    bool simple_key;    /* it is a key on one line */
    bool simple_member; /* of the member at hand the key stands on one line with its value */
};

void go_yaml_begin(struct go_yaml *yaml, struct buf *out);
void go_yaml_end(struct go_yaml *yaml);

/* Writes true, null, a number. */
void go_yaml_plain(struct go_yaml *yaml, struct str text);
/* Writes a string (UTF-8), quoted, folded or as a block of lines where that is needed. */
void go_yaml_string(struct go_yaml *yaml, struct str text);
/* Writes `[]` or `{}`. */
void go_yaml_empty(struct go_yaml *yaml, struct str brackets);

/* They return what the matching end takes. */
int go_yaml_list_begin(struct go_yaml *yaml);
int go_yaml_map_begin(struct go_yaml *yaml);
void go_yaml_item(struct go_yaml *yaml);
void go_yaml_key(struct go_yaml *yaml, struct str key);
/* Between a key and its value. */
void go_yaml_value(struct go_yaml *yaml);
void go_yaml_collection_end(struct go_yaml *yaml, int begun);

/* The order of keys: <0, 0, >0. Numbers within them count as numbers. */
int go_yaml_key_cmp(struct str a, struct str b);

/* Whether go-yaml would read the plain text `s` as something else than a string (a number, a boolean, null, a date). */
bool go_yaml_resolves(struct str s);

/* What becomes of `s` when it is written as JSON and read as YAML, as Helm does it before it prints: a next line
 * (U+0085) is folded as a line break. False where YAML refuses the text: a control character above U+007E, U+FFFE and
 * U+FFFF; as a key also more than 1,024 characters with quotes and escapes, or a line break. */
bool go_yaml_from_json(struct arena *a, struct str s, bool key, struct str *out);

#endif
