/* Number constants, as Go's strconv reads them for text/template/parse: an integer of any base first, which is then a
 * float as well; else a float, which is then an integer as well where it has no fraction. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "template/syntax/quote.h"
#include "template/syntax/token.h"

/* Longer numbers are cut: nobody writes them, and they would have to be copied for strtod. */
#define NUMBER_LENGTH_MAX 1000u

/* The base that a prefix tells, and how many bytes that takes. A leading zero alone is octal. */
static int read_base(struct str digits, size_t *prefix) {
    int c = digits.len > 1 && digits.ptr[0] == '0' ? digits.ptr[1] | 0x20 : 0;
    *prefix = 2;
    if (c == 'x') return 16;
    if (c == 'o') return 8;
    if (c == 'b') return 2;
    *prefix = digits.len > 0 && digits.ptr[0] == '0' ? 1 : 0;
    return *prefix ? 8 : 10;
}

/* Underscores may only separate digits; a prefix counts as one. */
static bool are_underscores_good(struct str digits) {
    size_t prefix;
    int base = read_base(digits, &prefix);
    bool hex = base == 16, digit = prefix == 2;
    for (size_t i = prefix == 2 ? 2 : 0; i < digits.len; i++) {
        char c = digits.ptr[i];
        if (c == '_') {
            bool next = i + 1 < digits.len && (hex ? ascii_is_hex(digits.ptr[i + 1]) : ascii_is_digit(digits.ptr[i + 1]));
            if (!digit || !next) return false;
        }
        digit = hex ? ascii_is_hex(c) : ascii_is_digit(c);
    }
    return true;
}

static bool read_natural(struct str digits, uint64_t *number) {
    size_t prefix;
    uint64_t base = (uint64_t)read_base(digits, &prefix);
    *number = 0;
    if (digits.len == 0 || (prefix == 2 && digits.len == 2) || !are_underscores_good(digits)) return false;
    for (size_t i = prefix; i < digits.len; i++) {
        if (digits.ptr[i] == '_') continue;
        int digit = ascii_hex_value(digits.ptr[i]);
        if (digit < 0 || (uint64_t)digit >= base) return false;
        if (*number > (UINT64_MAX - (uint64_t)digit) / base) return false;
        *number = *number * base + (uint64_t)digit;
    }
    return true;
}

static struct str without_sign(struct str text, bool *negative) {
    *negative = text.len && text.ptr[0] == '-';
    return text.len && (text.ptr[0] == '-' || text.ptr[0] == '+') ? str_slice(text, 1, text.len) : text;
}

/* Whether [*at, ...) begins with digits of the base, underscores aside; passes them. */
static bool pass_digits(struct str s, size_t *at, bool hex) {
    bool any = false;
    for (; *at < s.len && (s.ptr[*at] == '_' || ascii_is_digit(s.ptr[*at]) || (hex && ascii_is_hex(s.ptr[*at]))); ++*at)
        any |= s.ptr[*at] != '_';
    return any;
}

/* Whether `s`, without a sign, is a decimal or hexadecimal float; the latter need an exponent. */
static bool is_float(struct str s) {
    bool hex = s.len > 1 && s.ptr[0] == '0' && (s.ptr[1] | 0x20) == 'x';
    size_t at = hex ? 2 : 0;
    bool digits = pass_digits(s, &at, hex);
    if (at < s.len && s.ptr[at] == '.') {
        at++;
        digits |= pass_digits(s, &at, hex);
    }
    bool exponent = at < s.len && (s.ptr[at] | 0x20) == (hex ? 'p' : 'e');
    if (!digits || (hex && !exponent)) return false;
    if (exponent) {
        at++;
        if (at < s.len && (s.ptr[at] == '+' || s.ptr[at] == '-')) at++;
        if (!pass_digits(s, &at, false)) return false;
    }
    return at == s.len && (str_find_char(s, '_') == s.len || are_underscores_good(s));
}

/* False where `text` is no float, or one that is too large. */
static bool read_float(struct str text, double *number) {
    char copy[NUMBER_LENGTH_MAX + 1];
    size_t len = 0;
    bool negative;
    if (text.len > NUMBER_LENGTH_MAX || !is_float(without_sign(text, &negative))) return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '_') copy[len++] = text.ptr[i];
    copy[len] = '\0';
    *number = strtod(copy, NULL);
    return isfinite(*number);
}

/* The integers that a float is equal to. */
static void add_integers(struct tmpl_number *n) {
    if (trunc(n->real) < n->real || trunc(n->real) > n->real) return;
    if (!n->is_int && n->real >= -0x1p63 && n->real < 0x1p63) {
        n->is_int = true;
        n->integer = (int64_t)n->real;
    }
    if (!n->is_uint && n->real >= 0 && n->real < 0x1p64) {
        n->is_uint = true;
        n->natural = (uint64_t)n->real;
    }
}

static bool read_complex(struct str real, struct str imaginary, struct tmpl_number *n) {
    if (real.len && !read_float(real, &n->real)) return false;
    if (!read_float(imaginary, &n->imaginary)) return false;
    n->is_complex = true;
    n->is_float = !(n->imaginary < 0 || n->imaginary > 0);
    if (n->is_float) add_integers(n);
    return true;
}

/* Where the imaginary part of `1+2i` begins, with its sign: not at one that belongs to an exponent. */
static size_t imaginary_part(struct str text) {
    bool hex = str_find_char(text, 'x') < text.len || str_find_char(text, 'X') < text.len;
    for (size_t i = text.len; i-- > 1;) {
        int before = text.ptr[i - 1] | 0x20;
        if ((text.ptr[i] == '+' || text.ptr[i] == '-') && before != 'p' && (hex || before != 'e')) return i;
    }
    return 0;
}

static bool read_character(struct str text, struct tmpl_number *n) {
    uint32_t code;
    size_t end;
    if (!tmpl_unquote_character(text, 1, &end, &code) || end + 1 != text.len) return false;
    *n = (struct tmpl_number){true, true, true, false, code, code, code, 0};
    return true;
}

bool tmpl_read_number(struct str text, enum tmpl_token_kind kind, struct tmpl_number *n) {
    bool negative;
    *n = (struct tmpl_number){0};
    if (kind == TMPL_TOKEN_CHARACTER) return read_character(text, n);
    if (text.len == 0) return false;
    size_t last = text.len - 1;
    if (kind == TMPL_TOKEN_COMPLEX) {
        size_t at = imaginary_part(str_slice(text, 0, last));
        return read_complex(str_slice(text, 0, at), str_slice(text, at, last), n);
    }
    if (text.ptr[last] == 'i') return read_complex((struct str){NULL, 0}, str_slice(text, 0, last), n);
    struct str digits = without_sign(text, &negative);
    bool sign = digits.len < text.len, natural = read_natural(digits, &n->natural);
    if (natural && n->natural <= (uint64_t)INT64_MAX + negative) {
        n->is_int = true;
        n->integer = negative ? (int64_t)(0 - n->natural) : (int64_t)n->natural;
    }
    n->is_uint = natural && (!sign || n->natural == 0);
    if (!n->is_uint) n->natural = 0;
    if (n->is_int || n->is_uint) {
        n->is_float = true;
        n->real = n->is_int ? (double)n->integer : (double)n->natural;
        return true;
    }
    /* What has no mark of a float is an integer that is too large. */
    bool marked = false;
    for (size_t i = 0; i < text.len; i++) marked |= strchr(".eEpP", text.ptr[i]) != NULL;
    if (!marked || !read_float(text, &n->real)) return false;
    n->is_float = true;
    add_integers(n);
    return true;
}
