/* The three sums of FIPS 180-4 share their shape: the text with a 1 bit, zeros and its length behind it is cut into
 * blocks, each of which is spread into a schedule and mixed into the state. The constants of SHA-2 are the first bits
 * of the fractional parts of the cube roots of the first primes (the state's: of the square roots). */
#include "template/go/hash.h"

static uint32_t rotate_left(uint32_t x, unsigned n) {
    return x << n | x >> (32 - n);
}

static uint32_t rotate32(uint32_t x, unsigned n) {
    return x >> n | x << (32 - n);
}

static uint64_t rotate64(uint64_t x, unsigned n) {
    return x >> n | x << (64 - n);
}

static uint32_t load32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint64_t load64(const uint8_t *p) {
    return (uint64_t)load32(p) << 32 | load32(p + 4);
}

/* Runs `mix` on all blocks of `s` with its padding; a length takes an eighth of a block. */
static void each_block(struct str s, size_t block, void (*mix)(void *state, const uint8_t *block), void *state) {
    uint8_t tail[256] = {0};
    size_t whole = s.len / block * block, rest = s.len - whole;
    size_t tail_len = rest + 1 + block / 8 <= block ? block : 2 * block;
    for (size_t i = 0; i < whole; i += block) mix(state, (const uint8_t *)s.ptr + i);
    if (rest) memcpy(tail, s.ptr + whole, rest);
    tail[rest] = 0x80;
    uint64_t bits = (uint64_t)s.len * 8;
    for (size_t i = 0; i < 8; i++) tail[tail_len - 1 - i] = (uint8_t)(bits >> (8 * i));
    for (size_t i = 0; i < tail_len; i += block) mix(state, tail + i);
}

static void mix_sha1(void *state, const uint8_t *block) {
    static const uint32_t constants[] = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};
    uint32_t *h = state, w[80];
    for (int i = 0; i < 16; i++) w[i] = load32(block + 4 * i);
    for (int i = 16; i < 80; i++) w[i] = rotate_left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 80; i++) {
        uint32_t f = i < 20 ? (b & c) | (~b & d) : i >= 40 && i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
        uint32_t next = rotate_left(a, 5) + f + e + constants[i / 20] + w[i];
        e = d, d = c, c = rotate_left(b, 30), b = a, a = next;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
}

/* SHA-256's constants are the upper halves of the first 64 of these. */
static const uint64_t CONSTANTS[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538,
    0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe,
    0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
    0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5, 0x983e5152ee66dfab,
    0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
    0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed,
    0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
    0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8, 0x19a4c116b8d2d0c8, 0x1e376c085141ab53,
    0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373,
    0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c,
    0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6,
    0x113f9804bef90dae, 0x1b710b35131c471b, 0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
    0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

static void mix_sha256(void *state, const uint8_t *block) {
    uint32_t *h = state, w[64], v[8];
    for (int i = 0; i < 16; i++) w[i] = load32(block + 4 * i);
    for (int i = 16; i < 64; i++) {
        uint32_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + (rotate32(x, 7) ^ rotate32(x, 18) ^ x >> 3) + w[i - 7] +
               (rotate32(y, 17) ^ rotate32(y, 19) ^ y >> 10);
    }
    memcpy(v, h, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t e = v[4], a = v[0];
        uint32_t one = v[7] + (rotate32(e, 6) ^ rotate32(e, 11) ^ rotate32(e, 25)) + ((e & v[5]) ^ (~e & v[6])) +
                       (uint32_t)(CONSTANTS[i] >> 32) + w[i];
        uint32_t two = (rotate32(a, 2) ^ rotate32(a, 13) ^ rotate32(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, sizeof *v * 7);
        v[4] += one;
        v[0] = one + two;
    }
    for (int i = 0; i < 8; i++) h[i] += v[i];
}

static void mix_sha512(void *state, const uint8_t *block) {
    uint64_t *h = state, w[80], v[8];
    for (int i = 0; i < 16; i++) w[i] = load64(block + 8 * i);
    for (int i = 16; i < 80; i++) {
        uint64_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + (rotate64(x, 1) ^ rotate64(x, 8) ^ x >> 7) + w[i - 7] +
               (rotate64(y, 19) ^ rotate64(y, 61) ^ y >> 6);
    }
    memcpy(v, h, sizeof v);
    for (int i = 0; i < 80; i++) {
        uint64_t e = v[4], a = v[0];
        uint64_t one = v[7] + (rotate64(e, 14) ^ rotate64(e, 18) ^ rotate64(e, 41)) + ((e & v[5]) ^ (~e & v[6])) +
                       CONSTANTS[i] + w[i];
        uint64_t two =
            (rotate64(a, 28) ^ rotate64(a, 34) ^ rotate64(a, 39)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, sizeof *v * 7);
        v[4] += one;
        v[0] = one + two;
    }
    for (int i = 0; i < 8; i++) h[i] += v[i];
}

void go_sha1(struct buf *out, struct str s) {
    uint32_t state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    each_block(s, 64, mix_sha1, state);
    for (int i = 0; i < 5; i++) buf_addf(out, "%08x", state[i]);
}

void go_sha256(struct buf *out, struct str s) {
    uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    each_block(s, 64, mix_sha256, state);
    for (int i = 0; i < 8; i++) buf_addf(out, "%08x", state[i]);
}

void go_sha512(struct buf *out, struct str s) {
    uint64_t state[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                         0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
    each_block(s, 128, mix_sha512, state);
    for (int i = 0; i < 8; i++) buf_addf(out, "%016llx", (unsigned long long)state[i]);
}

void go_adler32(struct buf *out, struct str s) {
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < s.len; i++) {
        a = (a + (uint8_t)s.ptr[i]) % 65521;
        b = (b + a) % 65521;
    }
    buf_addf(out, "%u", b << 16 | a);
}

static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char BASE32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* Writes `s` in groups of `group` digits of `bits` bits, filled up with `=`. */
static void encode(struct buf *out, struct str s, const char *digits, unsigned bits, unsigned group) {
    uint64_t window = 0;
    unsigned filled = 0;
    size_t written = 0;
    for (size_t i = 0; i < s.len; i++) {
        window = window << 8 | (uint8_t)s.ptr[i];
        for (filled += 8; filled >= bits; filled -= bits, written++)
            buf_add_char(out, digits[(window >> (filled - bits)) & ((1u << bits) - 1)]);
    }
    if (filled) {
        buf_add_char(out, digits[(window << (bits - filled)) & ((1u << bits) - 1)]);
        written++;
    }
    while (written++ % group) buf_add_char(out, '=');
}

void go_base64_encode(struct buf *out, struct str s) {
    encode(out, s, BASE64, 6, 4);
}

void go_base32_encode(struct buf *out, struct str s) {
    encode(out, s, BASE32, 5, 8);
}

static int digit_of(const char *digits, char c) {
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (int)(found - digits) : -1;
}

static void skip_line_ends(struct str s, size_t *at) {
    while (*at < s.len && (s.ptr[*at] == '\n' || s.ptr[*at] == '\r')) ++*at;
}

/* Four digits from `*at` on. */
static bool decode_group64(struct buf *out, struct str s, size_t *at, size_t *bad) {
    uint32_t value = 0;
    unsigned count = 0;
    while (count < 4) {
        if (*at == s.len) {
            *bad = *at - count;
            return count == 0;
        }
        char c = s.ptr[(*at)++];
        int digit = digit_of(BASE64, c);
        if (digit < 0 && (c == '\n' || c == '\r')) continue;
        if (digit < 0) {
            *bad = *at - 1;
            if (c != '=' || count < 2) return false;
            break;
        }
        value = value << 6 | (uint32_t)digit;
        count++;
    }
    if (count < 4) {
        if (count == 2) {
            skip_line_ends(s, at);
            *bad = *at == s.len ? s.len : *at - 1;
            if (*at == s.len || s.ptr[*at] != '=') return false;
            ++*at;
        }
        skip_line_ends(s, at);
        *bad = *at;
        if (*at < s.len) return false;
        value <<= 6 * (4 - count);
    }
    for (unsigned i = 0; i + 1 < count; i++) buf_add_char(out, (char)(value >> (16 - 8 * i)));
    return true;
}

bool go_base64_decode(struct buf *out, struct str s, size_t *bad) {
    size_t at = 0;
    while (at < s.len)
        if (!decode_group64(out, s, &at, bad)) return false;
    return true;
}

/* Eight digits of a text without line ends; *end: its padding was met. */
static bool decode_group32(struct buf *out, struct str s, size_t *at, bool *end, size_t *bad) {
    uint64_t value = 0;
    size_t count = 0;
    for (; count < 8; count++) {
        size_t left = s.len - *at;
        *bad = *at - count;
        if (left == 0) return false;
        char c = s.ptr[(*at)++];
        left--;
        *bad = *at - 1;
        if (c == '=' && count >= 2 && left < 8) {
            *bad = s.len;
            if (left + count < 7) return false;
            for (size_t k = 0; k < 7 - count; k++) {
                *bad = *at + k - 1;
                if (left > k && s.ptr[*at + k] != '=') return false;
            }
            *bad = *at - 1;
            if (count == 3 || count == 6) return false;
            *end = true;
            break;
        }
        int digit = digit_of(BASE32, c);
        if (digit < 0) return false;
        value = value << 5 | (uint64_t)digit;
    }
    value <<= 5 * (8 - count);
    for (size_t i = 0; i < count * 5 / 8; i++) buf_add_char(out, (char)(value >> (32 - 8 * i)));
    return true;
}

bool go_base32_decode(struct buf *out, struct str s, size_t *bad) {
    struct buf stripped = buf_in(out->arena);
    bool end = false;
    size_t at = 0;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '\n' && s.ptr[i] != '\r') buf_add_char(&stripped, s.ptr[i]);
    s = buf_str(&stripped);
    while (at < s.len && !end)
        if (!decode_group32(out, s, &at, &end, bad)) return false;
    return true;
}
