/* Which entry owns which lines of a text: what goes along when an entry moves.
 *
 * An entry is a member of a block mapping or an item of a block list that starts its line (behind white space). It owns
 * the lines from its own first to its last, and of the lines between entries:
 *
 *     # Values of the shop           the first block of the file stays at its top: nobody's
 *
 *     # How often it runs            directly above: replicas'
 *     replicas: 2   # two            at the end of a line: the line's
 *     service:
 *       # Ports of the service       above a blank line: the parent's, service
 *
 *       # the public one             directly above: port's; with it the blank line before it
 *       port: 80
 *         # and not 8080             indented deeper than port: port's
 *       # type: NodePort             as deep as port and not directly above an entry as deep: the parent's, service
 *     image: shop
 *
 * A comment between two entries that is indented deeper than the second one is such a tail: it goes to the deepest of
 * the entries that end there which it is indented deeper than. A blank line belongs to what follows it; blank lines at
 * the end of the text are nobody's. Lines inside of a value (a text over several lines, `[` and `{` over several lines)
 * belong to its entry. Where several entries start in one line (`- name: x`), the outermost owns it. Directives, `---`,
 * `...` and all documents but the first are nobody's. Entries inside of a complex key own nothing. */
#ifndef YAML_SLAB_H
#define YAML_SLAB_H

#include "yaml/tree.h"

/* The lines (from 0) of one entry, with those of the entries inside of it. */
struct slab {
    uint32_t first;  /* of the blank lines and comments that go before it */
    uint32_t head;   /* on which the entry itself starts */
    uint32_t end;    /* behind the last one; 0 where the entry starts no line, and has no slab */
    uint32_t start;  /* offset of its first byte: of the key, of `?`, of `-`; set without a slab too, in block style */
    uint32_t column; /* bytes before `start` in its line, a byte order mark left out */
    const struct node *outer; /* the value of the nearest entry around it that has a slab; NULL where there is none */
};

struct slabs {
    uint32_t line_count; /* lines as in struct source: the part behind the last line end counts */
    const uint32_t *
        starts; /* line_count + 1 offsets: where each line starts (behind a byte order mark), and the end of the text */
    const struct node **owners; /* by line: the value of the entry that owns it, or NULL */
    struct slab *of;            /* by id of an entry's value */
    const uint8_t *classes;     /* enum lex_class of each byte */
    uint8_t *kinds;             /* by line: what stands in it. For slab.c and document.c */
    uint32_t *columns;          /* by line: of its comment, where it holds nothing else. For the same */
};

/* Finds the slabs of a parsed text, in time linear in its length. */
void slab_lines(struct arena *a, const struct tree *tree, struct slabs *slabs);

/* Shares the lines before the entry `next` anew, in slabs that were put together from those of parts (document.c):
 * `last` is the last entry with a slab before it. `next` may be NULL, for the end of the text. */
void slab_join(const struct tree *tree, struct slabs *slabs, const struct node *last, const struct node *next);

/* The line (from 0) of `offset`. */
uint32_t slab_line_of(const struct slabs *slabs, uint32_t offset);

/* Whether the entry with the value `node` has a slab. */
static inline bool slab_has(const struct slabs *slabs, const struct node *node) {
    return slabs->of[node->id].end > 0;
}

/* NULL, or which of these does not hold: each line has one owner at most, an entry's slab is one run of lines that
 * holds its own lines and those of the entries inside of it and no others, slabs nest as their entries do, and the
 * lines one after the other are the text. Lines here end as editors end them, so none of it is asked of a text that
 * Helm divides into others (tree->has_break): such a text is not edited. */
const char *slab_check(struct arena *a, const struct tree *tree, const struct slabs *slabs);

#endif
