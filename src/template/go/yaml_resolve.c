/* Which plain texts are something else than strings to go-yaml v2: it quotes these. */
#include "template/go/number.h"
#include "template/go/yaml.h"

static bool is_digit_at(struct str s, size_t at) {
    return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';
}

static bool is_word(struct str s) {
    static const char *const words[] = {
        "y",    "Y",    "yes",  "Yes",   "YES",   "true",  "True",  "TRUE",  "on",    "On",    "ON",    "n",    "N",
        "no",   "No",   "NO",   "false", "False", "FALSE", "off",   "Off",   "OFF",   "~",     "null",  "Null", "NULL",
        ".nan", ".NaN", ".NAN", ".inf",  ".Inf",  ".INF",  "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"};
    if (s.len == 0) return true;
    if (s.len > 5) return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(s, str_from(words[i]))) return true;
    return false;
}

/* A number of one or two digits at `*at`; -1 where there is none. */
static int short_number(struct str s, size_t *at) {
    if (!is_digit_at(s, *at)) return -1;
    int number = s.ptr[(*at)++] - '0';
    if (is_digit_at(s, *at)) number = number * 10 + (s.ptr[(*at)++] - '0');
    return number;
}

static bool skip(struct str s, size_t *at, char c) {
    if (*at >= s.len || s.ptr[*at] != c) return false;
    ++*at;
    return true;
}

/* h:m:s with a fraction of any length. */
static bool is_clock(struct str s, size_t *at) {
    int hour = short_number(s, at);
    if (hour < 0 || hour > 23 || !skip(s, at, ':')) return false;
    int minute = short_number(s, at);
    if (minute < 0 || minute > 59 || !skip(s, at, ':')) return false;
    int second = short_number(s, at);
    if (second < 0 || second > 59) return false;
    if (*at + 1 < s.len && (s.ptr[*at] == '.' || s.ptr[*at] == ',') && is_digit_at(s, *at + 1))
        for (++*at; is_digit_at(s, *at);) ++*at;
    return true;
}

/* Z or +hh:mm at the end. */
static bool is_offset(struct str s, size_t at) {
    if (at < s.len && s.ptr[at] == 'Z') return at + 1 == s.len;
    if (s.len - at != 6 || (s.ptr[at] != '+' && s.ptr[at] != '-') || s.ptr[at + 3] != ':') return false;
    for (size_t i = 1; i < 6; i++)
        if (i != 3 && !is_digit_at(s, at + i)) return false;
    int hours = (s.ptr[at + 1] - '0') * 10 + s.ptr[at + 2] - '0',
        minutes = (s.ptr[at + 4] - '0') * 10 + s.ptr[at + 5] - '0';
    return hours <= 24 && minutes <= 60;
}

static bool is_timestamp(struct str s) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    size_t at = 5;
    if (s.len < 6 || s.ptr[4] != '-') return false;
    for (size_t i = 0; i < 4; i++)
        if (!is_digit_at(s, i)) return false;
    int year = (s.ptr[0] - '0') * 1000 + (s.ptr[1] - '0') * 100 + (s.ptr[2] - '0') * 10 + s.ptr[3] - '0';
    int month = short_number(s, &at);
    if (month < 1 || month > 12 || !skip(s, &at, '-')) return false;
    int day = short_number(s, &at);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day < 1 || day > days[month - 1] + (month == 2 && leap)) return false;
    if (at == s.len) return true;
    char mark = s.ptr[at];
    if (mark != 'T' && mark != 't' && mark != ' ') return false;
    for (at++; mark == ' ' && at < s.len && s.ptr[at] == ' ';) at++;
    if (!is_clock(s, &at)) return false;
    return mark == ' ' ? at == s.len : is_offset(s, at);
}

/* [-+]? ( \.[0-9]+ | [0-9]+ (\.[0-9]*)? ) ([eE][-+]?[0-9]+)? */
static bool looks_like_float(struct str s) {
    size_t i = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+') ? 1 : 0, start = i;
    while (is_digit_at(s, i)) i++;
    bool whole = i > start;
    if (skip(s, &i, '.')) {
        if (!whole && !is_digit_at(s, i)) return false;
        while (is_digit_at(s, i)) i++;
    } else if (!whole) {
        return false;
    }
    if (i < s.len && (s.ptr[i] | 0x20) == 'e') {
        i++;
        if (i < s.len && (s.ptr[i] == '-' || s.ptr[i] == '+')) i++;
        if (!is_digit_at(s, i)) return false;
        while (is_digit_at(s, i)) i++;
    }
    return i == s.len;
}

/* [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)? */
static bool is_base60(struct str s) {
    size_t i = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+') ? 1 : 0, groups = 0;
    if (!is_digit_at(s, i)) return false;
    while (is_digit_at(s, i) || (i < s.len && s.ptr[i] == '_')) i++;
    while (skip(s, &i, ':')) {
        if (!is_digit_at(s, i)) return false;
        if (s.ptr[i] <= '5' && is_digit_at(s, i + 1)) i++;
        i++;
        groups++;
    }
    if (groups == 0) return false;
    if (skip(s, &i, '.'))
        while (is_digit_at(s, i) || (i < s.len && s.ptr[i] == '_')) i++;
    return i == s.len;
}

static bool is_number(struct str s) {
    int64_t integer;
    uint64_t natural;
    double real;
    if (go_parse_int(s, 0, &integer) == GO_PARSE_OK || go_parse_uint(s, 0, &natural) == GO_PARSE_OK) return true;
    if (looks_like_float(s) && go_parse_float(s, &real) == GO_PARSE_OK) return true;
    if (str_starts(s, STR("0b"))) {
        s = str_slice(s, 2, s.len);
        return go_parse_int(s, 2, &integer) == GO_PARSE_OK || go_parse_uint(s, 2, &natural) == GO_PARSE_OK;
    }
    return false; /* -0b... is what go_parse_int reads */
}

bool go_yaml_resolves(struct str s) {
    double real;
    if (is_word(s)) return true;
    char first = s.ptr[0];
    if (first == '.') return go_parse_float(s, &real) == GO_PARSE_OK;
    if (first != '+' && first != '-' && !is_digit_at(s, 0)) return false;
    if (is_timestamp(s) || is_base60(s)) return true;
    if (!memchr(s.ptr, '_', s.len)) return is_number(s);
    struct arena scratch = {0};
    struct buf plain = buf_in(&scratch);
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '_') buf_add_char(&plain, s.ptr[i]);
    bool number = plain.len && is_number(buf_str(&plain));
    arena_free(&scratch);
    return number;
}
