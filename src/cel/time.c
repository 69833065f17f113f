/* Timestamps (RFC 3339, years 1 to 9999) and durations (as Go writes them: 1h30m, 1.5s), in UTC. */
#include "cel/calendar.h"
#include <stdio.h>

#include "base/ascii.h"
#include "cel/eval.h"

/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z in seconds. A duration's nanoseconds fit in 64 bits (about 292 years),
 * as in cel-go and so in Kubernetes. */
#define TIMESTAMP_MIN (-62135596800)
#define TIMESTAMP_MAX 253402300799

bool time_make(enum cel_kind kind, int128 nanos, struct cel_time *out) {
    int128 seconds = nanos / NANOS_PER_SECOND, rest = nanos % NANOS_PER_SECOND;
    if (rest < 0) {
        rest += NANOS_PER_SECOND;
        seconds--;
    }
    *out = (struct cel_time){(int64_t)seconds, (int32_t)rest};
    if (kind == CEL_TIMESTAMP) return seconds >= TIMESTAMP_MIN && seconds <= TIMESTAMP_MAX;
    return nanos >= INT64_MIN && nanos <= INT64_MAX;
}

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar. Years begin in March here, so that the leap day
 * is the last of its year. */
int64_t calendar_days(int64_t year, int month, int day) {
    if (month <= 2) year--;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct calendar calendar_of(int64_t seconds) {
    struct calendar c;
    int64_t days = seconds / 86400, rest = seconds % 86400;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    c.day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    c.month = (int)(month < 10 ? month + 3 : month - 9);
    c.year = year_of_era + era * 400 + (c.month <= 2 ? 1 : 0);
    c.day_of_year = (int)(days - calendar_days(c.year, 1, 1));
    c.weekday = (int)(((days + 4) % 7 + 7) % 7);
    c.hour = (int)(rest / 3600);
    c.minute = (int)(rest / 60 % 60);
    c.second = (int)(rest % 60);
    return c;
}

/* Reads exactly `digits` digits at `*at`. */
static bool take_digits(struct str s, size_t *at, int digits, int *out) {
    *out = 0;
    for (int i = 0; i < digits; i++, (*at)++) {
        if (*at >= s.len || s.ptr[*at] < '0' || s.ptr[*at] > '9') return false;
        *out = *out * 10 + (s.ptr[*at] - '0');
    }
    return true;
}

static bool take_char(struct str s, size_t *at, char c) {
    if (*at >= s.len || s.ptr[*at] != c) return false;
    (*at)++;
    return true;
}

/* A fraction's digits behind the point, as nanoseconds. */
static bool take_nanos(struct str s, size_t *at, int *nanos) {
    int scale = 100000000;
    size_t start = *at;
    for (*nanos = 0; *at < s.len && ascii_is_digit(s.ptr[*at]); (*at)++, scale /= 10)
        *nanos += (s.ptr[*at] - '0') * scale;
    return *at > start;
}

bool calendar_offset(struct str s, int *seconds) {
    size_t at = 0;
    int hours, minutes;
    bool negative = s.len && s.ptr[0] == '-';
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+')) at++;
    if (!take_digits(s, &at, 2, &hours) || !take_char(s, &at, ':') || !take_digits(s, &at, 2, &minutes)) return false;
    if (at != s.len || hours > 23 || minutes > 59) return false;
    *seconds = (hours * 60 + minutes) * 60 * (negative ? -1 : 1);
    return true;
}

static int month_days(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool timestamp_parse(struct str s, struct cel_time *out) {
    int year, month, day, hour, minute, second, nanos = 0, offset = 0;
    size_t at = 0;

    if (!take_digits(s, &at, 4, &year) || !take_char(s, &at, '-') || !take_digits(s, &at, 2, &month) ||
        !take_char(s, &at, '-') || !take_digits(s, &at, 2, &day))
        return false;
    if (!take_char(s, &at, 'T') && !take_char(s, &at, 't')) return false;
    if (!take_digits(s, &at, 2, &hour) || !take_char(s, &at, ':') || !take_digits(s, &at, 2, &minute) ||
        !take_char(s, &at, ':') || !take_digits(s, &at, 2, &second))
        return false;
    if (take_char(s, &at, '.') && !take_nanos(s, &at, &nanos)) return false;
    struct str zone = str_slice(s, at, s.len);
    bool utc = zone.len == 1 && (zone.ptr[0] | 0x20) == 'z';
    if (!utc && (zone.len != 6 || !calendar_offset(zone, &offset))) return false;
    if (month < 1 || month > 12 || day < 1 || day > month_days(year, month) || hour > 23 || minute > 59 || second > 59)
        return false;
    int64_t seconds = calendar_days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
    return time_make(CEL_TIMESTAMP, (int128)seconds * NANOS_PER_SECOND + nanos, out);
}

/* The nanoseconds of the unit at `*at`, or 0. */
static int64_t take_unit(struct str s, size_t *at) {
    static const struct {
        struct str name;
        int64_t nanos;
    } units[] = {{STR_INIT("ns"), 1},
                 {STR_INIT("us"), 1000},
                 {STR_INIT("\xC2\xB5s"), 1000},
                 {STR_INIT("\xCE\xBCs"), 1000},
                 {STR_INIT("ms"), 1000000},
                 {STR_INIT("s"), NANOS_PER_SECOND},
                 {STR_INIT("m"), 60ll * NANOS_PER_SECOND},
                 {STR_INIT("h"), 3600ll * NANOS_PER_SECOND}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!str_starts(str_slice(s, *at, s.len), units[i].name)) continue;
        *at += units[i].name.len;
        return units[i].nanos;
    }
    return 0;
}

bool duration_parse(struct str s, struct cel_time *out) {
    size_t at = 0;
    int128 total = 0;
    bool negative = s.len && s.ptr[0] == '-';

    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+')) at++;
    if (str_eq(str_slice(s, at, s.len), STR("0"))) return time_make(CEL_DURATION, 0, out);
    if (at == s.len) return false;
    while (at < s.len) {
        int128 whole = 0, fraction = 0, scale = 1;
        size_t start = at, digits = 0;
        for (; at < s.len && ascii_is_digit(s.ptr[at]); at++, digits++) {
            if (at - start > 15) return false; /* beyond all that a duration may be */
            whole = whole * 10 + (s.ptr[at] - '0');
        }
        if (take_char(s, &at, '.')) {
            for (; at < s.len && ascii_is_digit(s.ptr[at]); at++, digits++) {
                if (scale >= 1000000000000000) continue; /* far below a nanosecond */
                fraction = fraction * 10 + (s.ptr[at] - '0');
                scale *= 10;
            }
        }
        int64_t unit = take_unit(s, &at);
        if (digits == 0 || unit == 0) return false;
        total += whole * unit + fraction * unit / scale;
        if (total > (int128)INT64_MAX + 1) return false;
    }
    return time_make(CEL_DURATION, negative ? -total : total, out);
}

/* Adds `.123`, without zeros at its end; nothing for none. */
static void add_fraction(struct buf *b, int32_t nanos) {
    char digits[16];
    if (nanos == 0) return;
    int len = snprintf(digits, sizeof digits, ".%09d", nanos);
    while (digits[len - 1] == '0') len--;
    buf_add(b, (struct str){digits, (size_t)len});
}

struct str timestamp_text(struct arena *a, struct cel_time t) {
    struct calendar c = calendar_of(t.seconds);
    struct buf b = buf_in(a);
    buf_addf(&b, "%04d-%02d-%02dT%02d:%02d:%02d", (int)c.year, c.month, c.day, c.hour, c.minute, c.second);
    add_fraction(&b, t.nanos);
    buf_add_char(&b, 'Z');
    return buf_str(&b);
}

struct str duration_text(struct arena *a, struct cel_time t) {
    struct buf b = buf_in(a);
    bool negative = t.seconds < 0;
    int64_t seconds = t.seconds;
    int32_t nanos = t.nanos;
    if (negative) { /* to sign and size */
        seconds = -seconds - (nanos ? 1 : 0);
        nanos = nanos ? NANOS_PER_SECOND - nanos : 0;
    }
    buf_addf(&b, "%s%lld", negative ? "-" : "", (long long)seconds);
    add_fraction(&b, nanos);
    buf_add_char(&b, 's');
    return buf_str(&b);
}
