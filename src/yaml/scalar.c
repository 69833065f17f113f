#include "yaml/scalar.h"

#include <math.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "value/json.h"

/* Longer texts are never numbers that matter, and need no copy on the heap. */
#define NUMBER_MAX 400

struct word {
    const char *text;
    enum scalar_kind kind;
    double real;
    bool boolean;
};

static const struct word CORE_WORDS[] = {
    {"true", SCALAR_BOOL, 0, true},
    {"false", SCALAR_BOOL, 0, false},
    {"~", SCALAR_NULL, 0, false},
    {"null", SCALAR_NULL, 0, false},
    {"Null", SCALAR_NULL, 0, false},
    {"NULL", SCALAR_NULL, 0, false},
    {"True", SCALAR_BOOL, 0, true},
    {"TRUE", SCALAR_BOOL, 0, true},
    {"False", SCALAR_BOOL, 0, false},
    {"FALSE", SCALAR_BOOL, 0, false},
    {".nan", SCALAR_FLOAT, NAN, false},
    {".NaN", SCALAR_FLOAT, NAN, false},
    {".NAN", SCALAR_FLOAT, NAN, false},
    {".inf", SCALAR_FLOAT, INFINITY, false},
    {".Inf", SCALAR_FLOAT, INFINITY, false},
    {".INF", SCALAR_FLOAT, INFINITY, false},
    {"+.inf", SCALAR_FLOAT, INFINITY, false},
    {"+.Inf", SCALAR_FLOAT, INFINITY, false},
    {"+.INF", SCALAR_FLOAT, INFINITY, false},
    {"-.inf", SCALAR_FLOAT, -INFINITY, false},
    {"-.Inf", SCALAR_FLOAT, -INFINITY, false},
    {"-.INF", SCALAR_FLOAT, -INFINITY, false},
};

/* What YAML 1.1 has on top. */
static const struct word OLD_WORDS[] = {
    {"y", SCALAR_BOOL, 0, true},    {"Y", SCALAR_BOOL, 0, true},    {"yes", SCALAR_BOOL, 0, true},
    {"Yes", SCALAR_BOOL, 0, true},  {"YES", SCALAR_BOOL, 0, true},  {"on", SCALAR_BOOL, 0, true},
    {"On", SCALAR_BOOL, 0, true},   {"ON", SCALAR_BOOL, 0, true},   {"n", SCALAR_BOOL, 0, false},
    {"N", SCALAR_BOOL, 0, false},   {"no", SCALAR_BOOL, 0, false},  {"No", SCALAR_BOOL, 0, false},
    {"NO", SCALAR_BOOL, 0, false},  {"off", SCALAR_BOOL, 0, false}, {"Off", SCALAR_BOOL, 0, false},
    {"OFF", SCALAR_BOOL, 0, false},
};

#define LONGEST_WORD 5
#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool find_word(const struct word *words, size_t count, struct str text, struct scalar *out) {
    for (size_t i = 0; i < count; i++) {
        if (words[i].text[0] != text.ptr[0] || !str_eq(text, str_from(words[i].text))) continue;
        out->kind = words[i].kind;
        if (out->kind == SCALAR_BOOL) out->boolean = words[i].boolean;
        else out->real = words[i].real;
        return true;
    }
    return false;
}

/* Beyond the digits of any base. */
#define NO_DIGIT 99

static int digit_value(char c) {
    int value = ascii_hex_value(c);
    return value < 0 ? NO_DIGIT : value;
}

/* All of `digits` in `base`, without a sign; false for anything else, and beyond 64 bits. */
static bool parse_digits(struct str digits, int base, uint64_t *out) {
    uint64_t number = 0;
    if (digits.len == 0) return false;
    for (size_t i = 0; i < digits.len; i++) {
        int digit = digit_value(digits.ptr[i]);
        if (digit >= base) return false;
        if (__builtin_mul_overflow(number, (uint64_t)base, &number)) return false;
        if (__builtin_add_overflow(number, (uint64_t)digit, &number)) return false;
    }
    *out = number;
    return true;
}

static bool set_integer(bool negative, bool sign, uint64_t number, struct scalar *out) {
    if (number > (uint64_t)INT64_MAX + (negative ? 1 : 0)) {
        if (sign) return false;
        *out = (struct scalar){.kind = SCALAR_UINT, .natural = number};
        return true;
    }
    *out = (struct scalar){.kind = SCALAR_INT};
    out->integer = negative ? (int64_t)(0 - number) : (int64_t)number;
    return true;
}

/* Go's strconv.ParseInt and ParseUint with base 0. */
static bool parse_go_integer(struct str s, struct scalar *out) {
    bool sign = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+');
    bool negative = sign && s.ptr[0] == '-';
    int base = 10;
    uint64_t number;
    if (sign) s = str_slice(s, 1, s.len);
    if (s.len > 1 && s.ptr[0] == '0') {
        char mark = (char)(s.ptr[1] | 0x20);
        base = s.len < 3 ? 8 : mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 8;
        s = str_slice(s, base == 8 && !(s.len >= 3 && mark == 'o') ? 1 : 2, s.len);
    }
    return parse_digits(s, base, &number) && set_integer(negative, sign, number, out);
}

/* [-+]? ( \.[0-9]+ | [0-9]+ (\.[0-9]*)? ) ([eE][-+]?[0-9]+)? */
static bool looks_like_float(struct str s) {
    size_t i = 0, whole, fraction = 0;
    if (i < s.len && (s.ptr[i] == '-' || s.ptr[i] == '+')) i++;
    for (whole = i; i < s.len && ascii_is_digit(s.ptr[i]);) i++;
    whole = i - whole;
    if (i < s.len && s.ptr[i] == '.') {
        fraction = ++i;
        while (i < s.len && ascii_is_digit(s.ptr[i])) i++;
        fraction = i - fraction;
    }
    if (whole == 0 && fraction == 0) return false;
    if (i < s.len && (s.ptr[i] | 0x20) == 'e') {
        i++;
        if (i < s.len && (s.ptr[i] == '-' || s.ptr[i] == '+')) i++;
        size_t exponent = i;
        while (i < s.len && ascii_is_digit(s.ptr[i])) i++;
        if (i == exponent) return false;
    }
    return i == s.len;
}

static double to_double(struct str s) {
    char text[NUMBER_MAX + 1];
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    return strtod(text, NULL);
}

static bool parse_float(struct str s, struct scalar *out) {
    if (!looks_like_float(s)) return false;
    *out = (struct scalar){.kind = SCALAR_FLOAT, .real = to_double(s)};
    return true;
}

const uint8_t SCALAR_HINTS[256] = {
    ['y'] = HINT_WORD,  ['Y'] = HINT_WORD,  ['n'] = HINT_WORD,  ['N'] = HINT_WORD,  ['t'] = HINT_WORD,
    ['T'] = HINT_WORD,  ['f'] = HINT_WORD,  ['F'] = HINT_WORD,  ['o'] = HINT_WORD,  ['O'] = HINT_WORD,
    ['~'] = HINT_WORD,  ['+'] = HINT_SIGN,  ['-'] = HINT_SIGN,  ['.'] = HINT_SIGN,  ['0'] = HINT_DIGIT,
    ['1'] = HINT_DIGIT, ['2'] = HINT_DIGIT, ['3'] = HINT_DIGIT, ['4'] = HINT_DIGIT, ['5'] = HINT_DIGIT,
    ['6'] = HINT_DIGIT, ['7'] = HINT_DIGIT, ['8'] = HINT_DIGIT, ['9'] = HINT_DIGIT,
};

/* The short cut for most numbers: digits without a leading zero. */
static bool parse_plain_digits(struct str text, struct scalar *out) {
    int64_t number = 0;
    if (text.len > 15 || (text.ptr[0] == '0' && text.len > 1)) return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!ascii_is_digit(text.ptr[i])) return false;
        number = number * 10 + (text.ptr[i] - '0');
    }
    *out = (struct scalar){.kind = SCALAR_INT, .plain = true, .integer = number};
    return true;
}

struct scalar scalar_resolve_helm(struct str text) {
    const struct scalar string = {.kind = SCALAR_STRING};
    struct scalar out = string;
    char plain[NUMBER_MAX];
    size_t len = 0;

    if (text.len == 0) return (struct scalar){.kind = SCALAR_NULL, .plain = true};
    char first = text.ptr[0];
    enum scalar_hint hint = (enum scalar_hint)SCALAR_HINTS[(unsigned char)first];
    bool number = hint >= HINT_SIGN;
    if (hint == HINT_STRING || (hint == HINT_WORD && text.len > LONGEST_WORD)) return string;
    if (hint == HINT_DIGIT && parse_plain_digits(text, &out)) return out;
    out = string;
    if (text.len <= LONGEST_WORD && hint != HINT_DIGIT && find_word(CORE_WORDS, COUNT(CORE_WORDS), text, &out)) {
        out.plain = true;
        return out;
    }
    if (hint == HINT_WORD && find_word(OLD_WORDS, COUNT(OLD_WORDS), text, &out)) return out;
    if (!number || text.len > NUMBER_MAX) return string;

    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '_' || first == '.') plain[len++] = text.ptr[i];
    struct str digits = {plain, len};
    if (first != '.' && parse_go_integer(digits, &out)) return out;
    if (parse_float(digits, &out) && isfinite(out.real)) return out;
    return string;
}

struct scalar scalar_resolve_core(struct str text) {
    const struct scalar string = {.kind = SCALAR_STRING};
    struct scalar out = string;
    uint64_t number;

    if (text.len == 0) return (struct scalar){.kind = SCALAR_NULL};
    if (text.len <= LONGEST_WORD && find_word(CORE_WORDS, COUNT(CORE_WORDS), text, &out)) return out;
    if (text.len > NUMBER_MAX) return string;
    if (str_starts(text, STR("0x")) && parse_digits(str_slice(text, 2, text.len), 16, &number) &&
        set_integer(false, false, number, &out))
        return out;
    if (str_starts(text, STR("0o")) && parse_digits(str_slice(text, 2, text.len), 8, &number) &&
        set_integer(false, false, number, &out))
        return out;
    bool sign = text.ptr[0] == '-' || text.ptr[0] == '+';
    if (parse_digits(str_slice(text, sign, text.len), 10, &number) &&
        set_integer(text.ptr[0] == '-', sign, number, &out))
        return out;
    return parse_float(text, &out) ? out : string;
}

static double scalar_number(const struct scalar *s) {
    return s->kind == SCALAR_INT ? (double)s->integer : s->kind == SCALAR_UINT ? (double)s->natural : s->real;
}

static bool is_number(const struct scalar *s) {
    return s->kind == SCALAR_INT || s->kind == SCALAR_UINT || s->kind == SCALAR_FLOAT;
}

bool scalar_equal(const struct scalar *a, const struct scalar *b) {
    if (is_number(a) && is_number(b)) {
        double x = scalar_number(a), y = scalar_number(b);
        return x == y || (isnan(x) && isnan(y));
    }
    if (a->kind != b->kind) return false;
    return a->kind != SCALAR_BOOL || a->boolean == b->boolean;
}

struct str scalar_words(struct arena *a, struct str text, const struct scalar *s) {
    struct buf out = buf_in(a);
    struct value v;
    switch (s->kind) {
    case SCALAR_NULL: return STR("null");
    case SCALAR_BOOL: return s->boolean ? STR("the boolean true") : STR("the boolean false");
    case SCALAR_STRING: return arena_printf(a, "the string \"%.*s\"", STR_ARG(text));
    default: break;
    }
    if (s->kind == SCALAR_FLOAT && !isfinite(s->real)) return isnan(s->real) ? STR("not a number") : STR("infinity");
    v = scalar_value(text, s);
    buf_add(&out, STR("the number "));
    if (s->kind == SCALAR_INT) buf_addf(&out, "%lld", (long long)s->integer);
    else json_write_number(&out, &v);
    return buf_str(&out);
}

struct value scalar_value(struct str text, const struct scalar *s) {
    switch (s->kind) {
    case SCALAR_NULL: return (struct value){.kind = VALUE_NULL};
    case SCALAR_BOOL: return (struct value){.kind = VALUE_BOOL, .boolean = s->boolean};
    case SCALAR_STRING: return value_from_string(text);
    default: return value_from_number(scalar_number(s));
    }
}
