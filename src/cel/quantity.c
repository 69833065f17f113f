#include "cel/quantity.h"

#define NANO QUANTITY_NANO

/* Beyond this a quantity is refused: 1e28, where 128 bits of nano units still have room. */
#define LIMIT ((int128)10000000000000000000u * 1000000000)

bool quantity_is_within(int128 nanos) {
    return nanos <= LIMIT * NANO && nanos >= -LIMIT * NANO;
}

/* The factor of the suffix as a power of 10, or, where `*shift` is set, of 2. */
static bool suffix_scale(struct str s, int *power, int *shift) {
    static const struct {
        struct str suffix;
        int power, shift;
    } suffixes[] = {{STR_INIT(""), 0, 0},    {STR_INIT("n"), -9, 0},  {STR_INIT("u"), -6, 0},  {STR_INIT("m"), -3, 0},
                    {STR_INIT("k"), 3, 0},   {STR_INIT("M"), 6, 0},   {STR_INIT("G"), 9, 0},   {STR_INIT("T"), 12, 0},
                    {STR_INIT("P"), 15, 0},  {STR_INIT("E"), 18, 0},  {STR_INIT("Ki"), 0, 10}, {STR_INIT("Mi"), 0, 20},
                    {STR_INIT("Gi"), 0, 30}, {STR_INIT("Ti"), 0, 40}, {STR_INIT("Pi"), 0, 50}, {STR_INIT("Ei"), 0, 60}};

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (!str_eq(s, suffixes[i].suffix)) continue;
        *power = suffixes[i].power;
        *shift = suffixes[i].shift;
        return true;
    }
    size_t at = 1;
    if (s.len < 2 || (s.ptr[0] | 0x20) != 'e') return false;
    bool negative = s.ptr[1] == '-';
    if (s.ptr[1] == '-' || s.ptr[1] == '+') at++;
    if (at == s.len || s.len - at > 3) return false;
    for (*power = 0; at < s.len; at++) {
        if (s.ptr[at] < '0' || s.ptr[at] > '9') return false;
        *power = *power * 10 + (s.ptr[at] - '0');
    }
    if (negative) *power = -*power;
    *shift = 0;
    return true;
}

/* `number` times 10^power, in nano units, rounded away from zero; false where it is too large. */
static bool scale_ten(int128 number, int power, int128 *out) {
    bool rest = false;
    for (; power > 0 && number; power--) {
        if (number > LIMIT * NANO / 10) return false;
        number *= 10;
    }
    for (; power < 0 && number; power++) {
        rest = rest || number % 10;
        number /= 10;
    }
    *out = number + (rest ? 1 : 0);
    return quantity_is_within(*out);
}

bool quantity_parse(struct str s, int128 *nanos) {
    int128 digits = 0;
    size_t at = 0, count = 0, seen = 0;
    int decimals = 0, power, shift;
    bool negative = s.len && s.ptr[0] == '-', point = false;

    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+')) at++;
    for (; at < s.len; at++) {
        char c = s.ptr[at];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9') break;
        seen++;
        if (digits || c != '0') count++;
        if (count > 28) return false; /* more than 128 bits could hold */
        digits = digits * 10 + (c - '0');
        if (point) decimals++;
    }
    if (seen == 0 || decimals > 28 || !suffix_scale(str_slice(s, at, s.len), &power, &shift)) return false;
    if (digits > ((int128)1 << 126) >> shift) return false;
    digits <<= shift;
    if (!scale_ten(digits, power - decimals + 9, nanos)) return false;
    if (negative) *nanos = -*nanos;
    return true;
}

struct str quantity_text(struct arena *a, struct cel_quantity q) {
    int128 n = quantity_nanos(q);
    bool negative = n < 0;
    char text[64];
    size_t at = sizeof text;
    int places = 0;

    if (negative) n = -n;
    for (; places < 9 && n % 10 == 0; places++) n /= 10; /* zeros behind the point */
    bool fraction = places < 9;
    for (; places < 9; places++, n /= 10) text[--at] = (char)('0' + (int)(n % 10));
    if (fraction) text[--at] = '.';
    do {
        text[--at] = (char)('0' + (int)(n % 10));
        n /= 10;
    } while (n);
    if (negative) text[--at] = '-';
    return arena_str(a, (struct str){text + at, sizeof text - at});
}
