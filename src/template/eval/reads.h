/* What templates read of the values while they run, and what they might read where they did not run.
 *
 * The interpreter marks each place of the values that it comes to in a tree of places. What does not run this time (a
 * branch, the right side of an `and`) is walked with the dot and the variables that it would see: each chain in it
 * reads its place with all below. What cannot be followed there, behind a dot that is not known, and what was neither
 * run nor walked, counts by its names: a key of such a name is read wherever it stands. So a value is called unread
 * only where no template that ran came to it and none that did not run could. A key that is computed reads its whole
 * map.
 *
 * One record serves several runs of the same templates, with other values each; they share its arena. */
#ifndef TEMPLATE_EVAL_READS_H
#define TEMPLATE_EVAL_READS_H

#include "template/eval/go_value.h"
#include "template/eval/value_path.h"
#include "template/syntax/ast.h"

/* A text of templates with what was done with it. */
struct reads_source {
    const struct tmpl_tree *tree;
    uint8_t *seen; /* for each byte of the text: whether the node that begins there ran, or was walked */
};

/* A key that a template asked for and that is not there. */
struct reads_missing {
    const struct value_path *place;
    const struct go_site *site; /* the action, or the word */
    bool printed;               /* the action is nothing but the value, and prints nothing */
};

/* What would fail the render, whatever the values, if it ran. */
struct reads_fault {
    const struct go_site *site; /* the word */
    struct str message;
};

struct value_reads {
    struct value_path root;
    struct map sources;                       /* a file's name, or the text that tpl ran -> struct reads_source */
    struct VEC(struct reads_missing) missing; /* the first one of each place, and all that are printed */
    struct VEC(struct reads_fault) faults;    /* of what did not run, as far as it was walked */
    struct map names;                         /* of keys that count as read */
    struct map walked;                        /* what was walked, and with which dot */
    uint32_t steps;                           /* of walks */
    bool everything;                          /* all values may be read */
};

/* What was seen of the source `name`; made where it is not there yet. */
struct reads_source *reads_source(struct go_env *env, struct str name, const struct tmpl_tree *tree);

/* All of these do nothing where env->reads is NULL. */

/* `v` was come to: by a field, a key, an index. `uses`: bits of enum value_path_use. */
void reads_mark(struct go_env *env, const struct go_value *v, unsigned uses);
/* `v` goes where all that it holds may be seen. */
void reads_mark_whole(struct go_env *env, const struct go_value *v);
/* The same, by what does not run: the root and all values, which are handed on everywhere, are not meant. */
void reads_mark_skipped(struct go_env *env, const struct go_value *v);

/* The key `key` of `map` was asked for and is not there. `site` may be NULL. */
void reads_mark_missing(struct go_env *env, const struct go_value *map, struct str key, const struct go_site *site);
/* The value of a missing key, which shows its place, is printed by the action at `site`. */
void reads_mark_printed(struct go_env *env, const struct go_value *v, const struct go_site *site);

/* A call begins. Bit i of `constants` tells that argument i is written out. */
void reads_call(struct go_env *env, const struct go_function *function, const struct go_value *args, uint32_t count,
                uint64_t constants, const struct go_site *site);

/* Whether the map is what a chart is rendered with: it holds .Values and the rest. */
bool reads_is_root(const struct go_map *map);

/* To be called after the last run: takes the names in what was not seen. */
void reads_finish(struct arena *a, struct value_reads *reads);

struct interpreter;

/* The nodes do not run this time. */
void reads_skip_nodes(struct interpreter *in, const struct go_value *dot, const struct tmpl_node *node);
/* The same for words of a command. */
void reads_skip_words(struct interpreter *in, const struct go_value *dot, const struct tmpl_arg *words, uint32_t count);

#endif
