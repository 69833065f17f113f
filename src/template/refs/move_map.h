/* Where what templates read at a path of the values stands once the moves are done. Internal to this room. */
#ifndef TEMPLATE_REFS_MOVE_MAP_H
#define TEMPLATE_REFS_MOVE_MAP_H

#include "template/refs/rewrite.h"

struct refs_keys {
    const struct str *keys;
    uint32_t count;
};

enum refs_destination_kind {
    REFS_STAYS,
    REFS_MOVES,          /* with it or what is around it */
    REFS_MOVES_BY_PARTS, /* all that is read of it goes to one place, part by part; or stays in it, under other keys */
    REFS_SCATTERS,       /* parts of it move, others stay or go elsewhere, or it is read as a whole */
};

struct refs_destination {
    enum refs_destination_kind kind;
    struct refs_keys to; /* of MOVES and MOVES_BY_PARTS */
    uint32_t move;       /* one that it depends on */
};

/* Where `path` stands once the moves are done; the templates of `set`, which is finished, are asked for what is read of
 * it where only parts of it move. The keys of the result are in the arena, or those of the moves. */
struct refs_destination refs_map_path(struct arena *a, const struct refs_set *set, const struct refs_move *moves,
                                      uint32_t count, struct refs_keys path);

#endif
