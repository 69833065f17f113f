#include "report/display.h"

struct width_range {
    uint32_t first;
    uint32_t last;
};

#include "report/width_table.h"

static bool in_table(const struct width_range *table, size_t count, uint32_t code) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (code > table[middle].last) low = middle + 1;
        else high = middle;
    }
    return low < count && table[low].first <= code;
}

unsigned width_of(uint32_t code) {
    if (code < 0x300) return 1;
    if (in_table(ZERO, sizeof ZERO / sizeof *ZERO, code)) return 0;
    return in_table(WIDE, sizeof WIDE / sizeof *WIDE, code) ? 2 : 1;
}
