/* Where what templates read at a path of the values stands once the moves are done. Internal to the template layer. */
#ifndef TEMPLATE_REFS_MOVED_H
#define TEMPLATE_REFS_MOVED_H

#include "template/refs/rewrite.h"

struct template_keys {
    const struct str *keys;
    uint32_t count;
};

enum template_moved_kind {
    TEMPLATE_STAYS,
    TEMPLATE_MOVES,          /* with it or what is around it */
    TEMPLATE_MOVES_BY_PARTS, /* all that is read of it goes to one place, part by part */
    TEMPLATE_SCATTERS,       /* parts of it move, others stay or go elsewhere, or it is read as a whole */
};

struct template_moved {
    enum template_moved_kind kind;
    struct template_keys to; /* of MOVES and MOVES_BY_PARTS */
    uint32_t move;           /* one that it depends on */
};

/* Where `path` stands once the moves are done; the templates of `set`, which is finished, are asked for what is read of
 * it where only parts of it move. The keys of the result are in the arena, or those of the moves. */
struct template_moved template_moved(struct arena *a, const struct template_set *set, const struct template_move *moves,
                                     uint32_t count, struct template_keys path);

#endif
