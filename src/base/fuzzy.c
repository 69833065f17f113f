#include "base/fuzzy.h"

#include "base/ascii.h"

#define LONGEST 64

static unsigned min3(unsigned a, unsigned b, unsigned c) {
    unsigned least = a < b ? a : b;
    return least < c ? least : c;
}

/* Whether more letters of one string are missing in the other, whatever their case and place, than `limit` edits can
 * make up for: each edit brings in or takes away one. That spares the table for most pairs. */
static bool is_far(struct str a, struct str b, unsigned limit) {
    int8_t more[32] = {0}; /* of a in b's place; letters that fold together hide a difference at most */
    unsigned missing = 0, added = 0;
    for (size_t i = 0; i < a.len; i++) more[(unsigned char)ascii_lower(a.ptr[i]) & 31]++;
    for (size_t i = 0; i < b.len; i++) more[(unsigned char)ascii_lower(b.ptr[i]) & 31]--;
    for (size_t i = 0; i < sizeof more; i++) {
        if (more[i] > 0) missing += (unsigned)more[i];
        else added += (unsigned)-more[i];
    }
    return missing > limit || added > limit;
}

/* Optimal string alignment distance. */
unsigned fuzzy_distance(struct str a, struct str b, unsigned limit) {
    unsigned rows[3][LONGEST + 1], least_above = 0;
    char other[LONGEST];
    size_t gap = a.len > b.len ? a.len - b.len : b.len - a.len;
    if (a.len > LONGEST || b.len > LONGEST || gap > limit || is_far(a, b, limit)) return limit + 1;

    for (size_t j = 0; j <= b.len; j++) rows[0][j] = (unsigned)j;
    for (size_t j = 0; j < b.len; j++) other[j] = ascii_lower(b.ptr[j]);
    for (size_t i = 1; i <= a.len; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        char x = ascii_lower(a.ptr[i - 1]), before = i > 1 ? ascii_lower(a.ptr[i - 2]) : '\0';
        unsigned least = row[0] = (unsigned)i;
        for (size_t j = 1; j <= b.len; j++) {
            char y = other[j - 1];
            row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y));
            bool swapped = i > 1 && j > 1 && x == other[j - 2] && before == y;
            if (swapped && two_above[j - 2] + 1 < row[j]) row[j] = two_above[j - 2] + 1;
            if (row[j] < least) least = row[j];
        }
        /* What comes is made from the last two rows, and never becomes less than they are. */
        if (least > limit && least_above > limit) return limit + 1;
        least_above = least;
    }
    unsigned distance = rows[a.len % 3][b.len];
    return distance > limit ? limit + 1 : distance;
}

/* Whether `name` is the start of `word`, cut inside of a word: not `service` for `serviceMesh`. */
static bool abbreviates(struct str name, struct str word) {
    if (name.len < 3 || word.len <= name.len || !str_starts(word, name)) return false;
    char next = word.ptr[name.len];
    return next >= 'a' && next <= 'z';
}

struct str fuzzy_nearest(struct str word, const struct str *names, size_t count) {
    unsigned limit = (unsigned)(word.len / 3);
    struct str best = {NULL, 0};
    if (limit == 0 && word.len > 1) limit = 1;
    for (size_t i = 0; i < count; i++) {
        unsigned distance = fuzzy_distance(word, names[i], limit);
        if (distance > limit || distance >= names[i].len) continue;
        best = names[i];
        if (distance == 0) break;
        limit = distance - 1;
    }
    for (size_t i = 0; i < count && best.len == 0; i++)
        if (abbreviates(names[i], word)) best = names[i];
    return best;
}
