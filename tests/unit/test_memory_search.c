/* memory_search.c beside the C library's own functions. */
#define memchr word_memchr
#define memcmp word_memcmp
#define bcmp word_bcmp
#include "base/memory_search.c"
#undef memchr
#undef memcmp
#undef bcmp

#include <criterion/criterion.h>
#include <string.h>

#define MOST 40

static int sign(int order) {
    return (order > 0) - (order < 0);
}

/* Every length and alignment up to some words, with the byte at each place, and a neighbour of the byte below it. */
Test(memory_search, finds_the_first_byte) {
    static const unsigned char WANTED[] = {0, 1, 'a', 0x7f, 0x80, 0xff};
    unsigned char text[MOST + 8];
    for (size_t w = 0; w < sizeof WANTED; w++)
        for (size_t start = 0; start < 8; start++)
            for (size_t len = 0; len <= MOST; len++)
                for (size_t at = 0; at <= len; at++) {
                    memset(text, WANTED[w] ^ 1, sizeof text);
                    if (at < len) text[start + at] = WANTED[w];
                    text[start + len] = WANTED[w]; /* behind the end */
                    cr_assert_eq(word_memchr(text + start, WANTED[w], len), memchr(text + start, WANTED[w], len));
                    cr_assert_eq(word_memchr(text + start, WANTED[w] - 256, len), memchr(text + start, WANTED[w], len));
                }
}

Test(memory_search, orders_by_the_first_byte_that_differs) {
    unsigned char left[MOST], right[MOST];
    for (size_t len = 0; len <= MOST; len++)
        for (size_t at = 0; at <= len; at++)
            for (int change = 1; change < 256; change += 31) {
                for (size_t i = 0; i < MOST; i++) left[i] = right[i] = (unsigned char)(i * 37);
                if (at < len) right[at] = (unsigned char)(right[at] ^ change);
                if (at + 1 < len) left[at + 1] = (unsigned char)~left[at + 1];
                cr_assert_eq(sign(word_memcmp(left, right, len)), sign(memcmp(left, right, len)), "%zu of %zu", at,
                             len);
                cr_assert_eq(word_bcmp(left, right, len) == 0, memcmp(left, right, len) == 0);
            }
}
