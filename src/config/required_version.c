#include "config/required_version.h"

#include <stdint.h>

#include "base/ascii.h"

/* The numbers of a version; gives how many there are. */
static int read_numbers(struct str text, uint32_t numbers[3]) {
    int count = 0;
    size_t at = 0;
    numbers[0] = numbers[1] = numbers[2] = 0;
    while (count < 3 && at < text.len && ascii_is_digit(text.ptr[at])) {
        uint32_t number = 0;
        for (; at < text.len && ascii_is_digit(text.ptr[at]); at++)
            if (number < 100000000) number = number * 10 + (uint32_t)(text.ptr[at] - '0');
        numbers[count++] = number;
        if (at >= text.len || text.ptr[at] != '.') break;
        at++;
    }
    return count;
}

static int compare(const uint32_t a[3], const uint32_t b[3], int count) {
    for (int i = 0; i < count; i++)
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
}

static bool is_met(struct str comparison, const uint32_t version[3]) {
    uint32_t wanted[3];
    size_t at = 0;
    while (at < comparison.len && !ascii_is_digit(comparison.ptr[at])) at++;
    struct str sign = str_trim(str_slice(comparison, 0, at));
    int count = read_numbers(str_slice(comparison, at, comparison.len), wanted);
    int order = compare(version, wanted, 3);
    if (str_eq(sign, STR(">="))) return order >= 0;
    if (str_eq(sign, STR("<="))) return order <= 0;
    if (str_eq(sign, STR(">"))) return order > 0;
    if (str_eq(sign, STR("<"))) return order < 0;
    return compare(version, wanted, count) == 0;
}

bool required_version_met(struct str required, struct str version) {
    struct str comparison;
    uint32_t numbers[3];
    read_numbers(version, numbers);
    while (str_split_next(&required, ',', &comparison))
        if (!is_met(str_trim(comparison), numbers)) return false;
    return true;
}
