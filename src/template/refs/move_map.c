/* A path that a move takes along has one new place. A path of which only parts move has one too, where the templates
 * read it by parts alone and the new places of these begin alike: it is found by going through the parts that are read.
 * Where one of these stays, that place is the path itself. */
#include "template/refs/move_map.h"

#include "template/eval/value_path.h"
#include "template/refs/root_proof.h"

struct search {
    struct arena *arena;
    const struct refs_move *moves;
    uint32_t count;
    bool nested;         /* a mapping in the mapping is to have a key of its own in the new place */
    struct refs_keys to; /* what the new places of all parts begin with, with at least one key behind it */
    bool any;
    bool stays; /* a part that is read does not move */
};

static uint32_t common_keys(struct refs_keys a, struct refs_keys b) {
    uint32_t i = 0;
    while (i < a.count && i < b.count && str_eq(a.keys[i], b.keys[i])) i++;
    return i;
}

/* The move of the longest path at or above `path`; TMPL_NONE for none. */
static uint32_t move_above(const struct search *s, struct refs_keys path) {
    uint32_t best = TMPL_NONE;
    for (uint32_t i = 0; i < s->count; i++) {
        const struct refs_move *move = &s->moves[i];
        if (common_keys(path, (struct refs_keys){move->from, move->from_count}) < move->from_count) continue;
        if (best == TMPL_NONE || s->moves[best].from_count < move->from_count) best = i;
    }
    return best;
}

static bool is_below(const struct refs_move *move, struct refs_keys path) {
    struct refs_keys from = {move->from, move->from_count};
    return from.count > path.count && common_keys(path, from) == path.count;
}

/* A move of something below `path`; TMPL_NONE for none. */
static uint32_t move_below(const struct search *s, struct refs_keys path) {
    for (uint32_t i = 0; i < s->count; i++)
        if (is_below(&s->moves[i], path)) return i;
    return TMPL_NONE;
}

/* The new place of a path that `move` takes along. */
static struct refs_keys along(const struct search *s, uint32_t move, struct refs_keys path) {
    const struct refs_move *m = &s->moves[move];
    uint32_t rest = path.count - m->from_count;
    struct str *keys = arena_array(s->arena, struct str, m->to_count + rest + 1);
    for (uint32_t i = 0; i < m->to_count; i++) keys[i] = m->to[i];
    for (uint32_t i = 0; i < rest; i++) keys[m->to_count + i] = path.keys[m->from_count + i];
    return (struct refs_keys){keys, m->to_count + rest};
}

static void add_part(struct search *s, struct refs_keys to) {
    struct refs_keys around = {to.keys, to.count ? to.count - 1 : 0};
    if (!s->any) s->to = around;
    else s->to.count = common_keys(s->to, around);
    s->any = true;
}

static bool find_parts(struct search *s, const struct value_path *place, struct refs_keys path);

/* Adds the parts that are read; false where the place, or one of them that has moves below it, is read as a whole. */
static bool add_parts(struct search *s, const struct value_path *place, struct refs_keys path) {
    if (!refs_is_by_parts(place)) return false;
    struct str *keys = arena_array(s->arena, struct str, path.count + 1);
    for (uint32_t i = 0; i < path.count; i++) keys[i] = path.keys[i];
    for (uint32_t i = 0; i < place->children.len; i++) {
        const struct value_path *child = place->children.entries[i].value;
        struct refs_keys below = {keys, path.count + 1};
        struct search inner = *s;
        keys[path.count] = child->key;
        uint32_t move = move_above(s, below);
        inner.any = false;
        if (move == TMPL_NONE && move_below(s, below) == TMPL_NONE) add_part(s, below), s->stays = true;
        else if (move != TMPL_NONE) add_part(s, along(s, move, below));
        else if (!find_parts(s->nested ? &inner : s, child, below)) return false;
        else if (s->nested) add_part(s, inner.to), s->stays |= inner.stays;
    }
    return true;
}

/* The same, and what moves unread where nothing is read. */
static bool find_parts(struct search *s, const struct value_path *place, struct refs_keys path) {
    if (move_below(s, path) == TMPL_NONE || !add_parts(s, place, path)) return false;
    for (uint32_t i = 0; place->children.len == 0 && i < s->count; i++)
        if (is_below(&s->moves[i], path)) add_part(s, (struct refs_keys){s->moves[i].to, s->moves[i].to_count});
    return true;
}

struct refs_destination refs_map_path(struct arena *a, const struct refs_set *set, const struct refs_move *moves,
                                      uint32_t count, struct refs_keys path) {
    struct search s = {.arena = a, .moves = moves, .count = count, .nested = true};
    uint32_t above = move_above(&s, path), below = move_below(&s, path);
    if (above != TMPL_NONE) return (struct refs_destination){REFS_MOVES, along(&s, above, path), above};
    if (below == TMPL_NONE) return (struct refs_destination){.kind = REFS_STAYS};
    const struct value_path *place = refs_proved_path(set, path.keys, path.count);
    bool found = place && find_parts(&s, place, path);
    if (found && s.to.count == 0) {
        s = (struct search){.arena = a, .moves = moves, .count = count};
        found = find_parts(&s, place, path);
    }
    bool itself = s.to.count == path.count && common_keys(s.to, path) == path.count;
    if (found && s.to.count && (itself || !s.stays)) return (struct refs_destination){REFS_MOVES_BY_PARTS, s.to, below};
    return (struct refs_destination){REFS_SCATTERS, {NULL, 0}, below};
}
