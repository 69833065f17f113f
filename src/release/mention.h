/* Texts that name values by their dotted paths: helm commands in scripts and CI, Terraform, skaffold, questions, suites
 * of tests, READMEs. */
#ifndef RELEASE_MENTION_H
#define RELEASE_MENTION_H

#include "base/map.h"
#include "base/span.h"
#include "base/vec.h"

struct mention_file {
    struct str path; /* absolute */
    struct str text;
};

struct mention {
    const struct mention_file *file;
    struct span span; /* the whole of the dotted path: `orders.service.port` */
    struct span path; /* from the key on that an old path begins with: `service.port` */
};

struct mentions {
    struct VEC(struct mention) list; /* in the order of the files */
    bool more;                       /* there is more text than is looked at */
};

/* Looks once through the text files below `root` (those that git tracks, where that is known; else all) for dotted
 * paths in which one of the keys `firsts` stands. Templates, values and other YAML of the charts in the folders
 * `charts` are left out: they are looked at otherwise. */
void mentions_find(struct arena *a, struct str root, const struct map *charts, const struct map *firsts,
                   struct mentions *mentions);

/* The command or object around the mention: in a shell script a command with the lines that continue it, in YAML the
 * object or the block from the left margin on, elsewhere the latter. */
struct str mention_around(const struct mention *mention);

/* Whether `name` stands in `text` as a word. */
bool mention_has_word(struct str text, struct str name);

#endif
