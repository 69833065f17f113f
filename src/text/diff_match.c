/* Lines that the other side does not have at all are put aside first, since they can match nothing. The others become
 * numbers, equal for equal lines. Of the lines that stand once on each side, the longest chain that is in order on both
 * holds: these are seldom equal by chance (Bram Cohen's patience diff). Between them goes Eugene Myers' greedy
 * algorithm (An O(ND) Difference Algorithm and Its Variations, 1986). It looks at the points that a number of steps (a
 * line taken away or added) leads to, and stops at STEPS of them: then it keeps the way to the point that is farthest,
 * and starts anew from there. So a round costs STEPS * STEPS at most and gets ahead by STEPS lines at least. */
#include "text/diff_match.h"

enum { STEPS = 64 };

#define MANY UINT32_MAX

/* A line of the new text, and those that are equal to it. */
struct slot {
    uint32_t hash; /* 0 in an empty slot */
    uint32_t line;
    uint32_t id;
    bool both; /* the old text has it too */
};

/* Lines that both sides have. */
struct side {
    uint32_t *ids;
    uint32_t *lines;
    uint32_t len;
};

/* Equal lines, as indices in the two sides. */
struct pair {
    uint32_t left, right;
};

struct matcher {
    struct side left, right;
    uint32_t ids;          /* how many different lines the new text has */
    uint32_t *match;       /* for each line of the left side 1 + the new text's line, or 0 */
    struct search *search; /* NULL until it is needed */
};

/* How far the search got: farthest[d * d + d + k] is the line of the old side that `d` steps reach on the diagonal `k`
 * (the old line less the new one; -d, 2 - d, ... d), or NOWHERE. */
struct search {
    int32_t farthest[(STEPS + 1) * (STEPS + 1)];
};

enum { NOWHERE = -1 };

static bool same_line(const struct diff_lines *old, uint32_t i, const struct diff_lines *new, uint32_t k) {
    return str_eq(diff_line(old, i), diff_line(new, k));
}

/* The slot of `line`, or the empty one where it would be put. */
static struct slot *find_slot(struct slot *slots, uint32_t mask, const struct diff_lines *new, struct str line,
                              uint32_t hash) {
    uint32_t at = hash & mask;
    while (slots[at].hash && !(slots[at].hash == hash && str_eq(diff_line(new, slots[at].line), line)))
        at = (at + 1) & mask;
    return &slots[at];
}

static void side_add(struct side *side, uint32_t id, uint32_t line) {
    side->ids[side->len] = id;
    side->lines[side->len++] = line;
}

static struct side side_make(struct arena *a, uint32_t lines) {
    return (struct side){arena_array(a, uint32_t, lines), arena_array(a, uint32_t, lines), 0};
}

/* Numbers the lines that both sides of the region have. */
static void keep_common(struct arena *a, const struct diff_lines *old, const struct diff_lines *new,
                        const struct diff_change *region, struct matcher *m) {
    uint32_t count = region->new_end - region->new_start, mask = 7;
    while (mask < count * 2) mask = mask * 2 + 1;
    struct slot *slots = arena_array(a, struct slot, mask + 1);
    struct slot **slot_of = arena_array(a, struct slot *, count);
    m->left = side_make(a, region->old_end - region->old_start);
    m->right = side_make(a, count);

    for (uint32_t i = 0; i < count; i++) {
        struct str line = diff_line(new, region->new_start + i);
        uint32_t hash = str_hash(line);
        struct slot *slot = slot_of[i] = find_slot(slots, mask, new, line, hash);
        if (!slot->hash) *slot = (struct slot){hash, region->new_start + i, m->ids++, false};
    }
    for (uint32_t i = region->old_start; i < region->old_end; i++) {
        struct str line = diff_line(old, i);
        struct slot *slot = find_slot(slots, mask, new, line, str_hash(line));
        if (!slot->hash) continue;
        slot->both = true;
        side_add(&m->left, slot->id, i);
    }
    for (uint32_t i = 0; i < count; i++)
        if (slot_of[i]->both) side_add(&m->right, slot_of[i]->id, region->new_start + i);
}

/* For each id, 1 + where it stands; MANY where it stands several times, 0 where it does not. */
static uint32_t *find_places(struct arena *a, const struct side *side, uint32_t ids) {
    uint32_t *places = arena_array(a, uint32_t, ids);
    for (uint32_t i = 0; i < side->len; i++) places[side->ids[i]] = places[side->ids[i]] ? MANY : i + 1;
    return places;
}

/* The longest chain of lines that stand once on each side and are in order on both; gives its length. */
static uint32_t find_chain(struct arena *a, const struct matcher *m, struct pair **chain) {
    uint32_t *left = find_places(a, &m->left, m->ids), *right = find_places(a, &m->right, m->ids);
    struct pair *pairs = arena_array(a, struct pair, m->right.len);
    uint32_t *before = arena_array(a, uint32_t, m->right.len); /* the pair before each in its chain */
    uint32_t *ends = arena_array(a, uint32_t, m->right.len);   /* the last pair of the best chain of each length */
    uint32_t count = 0, length = 0;
    for (uint32_t i = 0; i < m->right.len; i++) {
        uint32_t id = m->right.ids[i], low = 0, high = length;
        if (left[id] == MANY || right[id] == MANY) continue;
        pairs[count] = (struct pair){left[id] - 1, i};
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (pairs[ends[middle]].left < pairs[count].left) low = middle + 1;
            else high = middle;
        }
        before[count] = low ? ends[low - 1] : 0;
        ends[low] = count++;
        if (low == length) length++;
    }
    *chain = arena_array(a, struct pair, length);
    for (uint32_t i = length, at = length ? ends[length - 1] : 0; i > 0; at = before[at]) (*chain)[--i] = pairs[at];
    return length;
}

/* Where `d` steps begin on the diagonal `k`: behind a line taken away or added after d - 1 steps. `from` gets that
 * one's diagonal. NOWHERE where none leads there. */
static int32_t step_to(const struct search *search, int32_t d, int32_t k, int32_t old_len, int32_t new_len,
                       int32_t *from) {
    const int32_t *before = &search->farthest[(d - 1) * (d - 1) + d - 1];
    int32_t added = k + 1 <= d - 1 ? before[k + 1] : NOWHERE;
    int32_t taken = k - 1 >= 1 - d ? before[k - 1] : NOWHERE;
    if (added != NOWHERE && added - k > new_len) added = NOWHERE;
    if (taken != NOWHERE && ++taken > old_len) taken = NOWHERE;
    *from = taken > added ? k - 1 : k + 1;
    return taken > added ? taken : added;
}

/* Searches from the begin of both sides. Gives the steps and the diagonal of the end or, where that is too far, of the
 * farthest point. */
static void search_forward(struct search *search, const struct side *left, const struct side *right, int32_t *steps,
                           int32_t *diagonal) {
    int32_t old_len = (int32_t)left->len, new_len = (int32_t)right->len;
    int32_t best = NOWHERE;
    for (int32_t d = 0; d <= STEPS; d++) {
        int32_t *row = &search->farthest[d * d + d];
        best = NOWHERE;
        for (int32_t k = -d; k <= d; k += 2) {
            int32_t from = 0, x = d ? step_to(search, d, k, old_len, new_len, &from) : 0;
            while (x != NOWHERE && x < old_len && x - k < new_len && left->ids[x] == right->ids[x - k]) x++;
            row[k] = x;
            if (x == NOWHERE || 2 * x - k <= best) continue;
            best = 2 * x - k;
            *diagonal = k;
            *steps = d;
        }
        if (best == old_len + new_len) return;
    }
}

/* Writes down the pairs on the way that was found in the two parts. Gives the point where it ends. */
static struct pair take_way(struct matcher *m, const struct side *left, const struct side *right, int32_t steps,
                            int32_t diagonal) {
    int32_t old_len = (int32_t)left->len, new_len = (int32_t)right->len, k = diagonal;
    int32_t end = m->search->farthest[steps * steps + steps + k];
    uint32_t *match = m->match + (left->ids - m->left.ids);
    for (int32_t d = steps; d >= 0; d--) {
        int32_t from = 0, start = d ? step_to(m->search, d, k, old_len, new_len, &from) : 0;
        for (int32_t x = start; x < m->search->farthest[d * d + d + k]; x++) match[x] = 1 + right->lines[x - k];
        k = from;
    }
    return (struct pair){(uint32_t)end, (uint32_t)(end - diagonal)};
}

static struct side side_slice(const struct side *side, uint32_t start, uint32_t end) {
    return (struct side){side->ids + start, side->lines + start, end - start};
}

/* Finds the pairs between two points. */
static void match_between(struct arena *a, struct matcher *m, struct pair start, struct pair end) {
    struct side left = side_slice(&m->left, start.left, end.left);
    struct side right = side_slice(&m->right, start.right, end.right);
    while (left.len && right.len) {
        int32_t steps = 0, diagonal = 0;
        if (!m->search) m->search = arena_alloc_raw(a, sizeof *m->search);
        search_forward(m->search, &left, &right, &steps, &diagonal);
        struct pair way = take_way(m, &left, &right, steps, diagonal);
        left = side_slice(&left, way.left, left.len);
        right = side_slice(&right, way.right, right.len);
    }
}

static void add_change(struct arena *a, struct diff_changes *changes, struct diff_change change) {
    struct diff_change *last = changes->len ? &changes->items[changes->len - 1] : NULL;
    if (change.old_start == change.old_end && change.new_start == change.new_end) return;
    if (last && last->old_end == change.old_start && last->new_end == change.new_start) {
        last->old_end = change.old_end;
        last->new_end = change.new_end;
    } else {
        vec_push(a, changes, change);
    }
}

/* The changes within a region that has no equal lines at its ends. */
static void match_inside(struct arena *a, const struct diff_lines *old, const struct diff_lines *new,
                         struct diff_change region, struct diff_changes *changes) {
    struct matcher m = {.ids = 0};
    struct pair *chain, at = {0, 0};
    keep_common(a, old, new, &region, &m);
    m.match = arena_array(a, uint32_t, m.left.len);
    uint32_t length = m.left.len ? find_chain(a, &m, &chain) : 0;
    for (uint32_t i = 0; i < length; i++) {
        match_between(a, &m, at, chain[i]);
        m.match[chain[i].left] = 1 + m.right.lines[chain[i].right];
        at = (struct pair){chain[i].left + 1, chain[i].right + 1};
    }
    match_between(a, &m, at, (struct pair){m.left.len, m.right.len});

    for (uint32_t i = 0; i < m.left.len; i++) {
        uint32_t line = m.left.lines[i];
        if (!m.match[i]) continue;
        add_change(a, changes, (struct diff_change){region.old_start, line, region.new_start, m.match[i] - 1});
        region.old_start = line + 1;
        region.new_start = m.match[i];
    }
    add_change(a, changes, region);
}

void diff_match(struct arena *a, const struct diff_lines *old, const struct diff_lines *new, struct diff_change region,
                struct diff_changes *changes) {
    while (region.old_start < region.old_end && region.new_start < region.new_end &&
           same_line(old, region.old_start, new, region.new_start))
        region.old_start++, region.new_start++;
    while (region.old_start < region.old_end && region.new_start < region.new_end &&
           same_line(old, region.old_end - 1, new, region.new_end - 1))
        region.old_end--, region.new_end--;
    uint32_t taken = region.old_end - region.old_start, added = region.new_end - region.new_start;
    if (taken == 0 || added == 0 || (taken == 1 && added == 1)) add_change(a, changes, region);
    else match_inside(a, old, new, region, changes);
}
