#include "template/go/date.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/system.h"

#define SECOND 1000000000
#define DAY 86400

struct go_time go_time_utc(int64_t seconds) {
    return (struct go_time){seconds, 0, STR("UTC")};
}

struct go_time go_time_local(struct arena *a, int64_t seconds) {
    char name[64];
    int32_t offset;
    if (!system_local_zone(seconds, &offset, name, sizeof name)) return go_time_utc(seconds);
    return (struct go_time){seconds, offset, arena_str(a, str_from(name))};
}

struct civil {
    int64_t year;
    int month, day; /* from 1 */
    int day_of_year;
    int weekday; /* Sunday is 0 */
    int hour, minute, second;
};

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

/* By eras of 400 years that begin in March, so that the day that comes and goes is the last one. */
static struct civil civil_of(const struct go_time *time) {
    int64_t seconds = time->seconds + time->offset, days = floor_div(seconds, DAY), clock = seconds - days * DAY;
    int64_t shifted = days + 719468, era = floor_div(shifted, 146097), day_of_era = shifted - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    struct civil c = {.year = year_of_era + era * 400, .hour = (int)(clock / 3600), .minute = (int)(clock / 60 % 60)};
    c.second = (int)(clock % 60);
    c.day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    c.month = (int)(month < 10 ? month + 3 : month - 9);
    if (c.month <= 2) c.year++;
    bool leap = (c.year % 4 == 0 && c.year % 100 != 0) || c.year % 400 == 0;
    c.day_of_year = (int)(c.month > 2 ? day_of_year + 60 + leap : day_of_year - 305);
    c.weekday = (int)((days % 7 + 11) % 7);
    return c;
}

enum part {
    NONE,
    LONG_MONTH,
    MONTH,
    NUMBER_MONTH,
    ZERO_MONTH,
    LONG_WEEKDAY,
    WEEKDAY,
    DAY_NUMBER,
    SPACE_DAY,
    ZERO_DAY,
    SPACE_YEAR_DAY,
    ZERO_YEAR_DAY,
    HOUR,
    HOUR12,
    ZERO_HOUR12,
    MINUTE,
    ZERO_MINUTE,
    SECONDS,
    ZERO_SECONDS,
    LONG_YEAR,
    SHORT_YEAR,
    UPPER_PM,
    LOWER_PM,
    ZONE_NAME,
    ZONE, /* an offset */
};

/* The longest of those with a common start stands first. `word`: no small letter may follow. */
static const struct {
    struct str text;
    enum part part;
    bool word;
} PARTS[] = {
    {STR_INIT("January"), LONG_MONTH, false},
    {STR_INIT("Jan"), MONTH, true},
    {STR_INIT("Monday"), LONG_WEEKDAY, false},
    {STR_INIT("Mon"), WEEKDAY, true},
    {STR_INIT("MST"), ZONE_NAME, false},
    {STR_INIT("01"), ZERO_MONTH, false},
    {STR_INIT("02"), ZERO_DAY, false},
    {STR_INIT("03"), ZERO_HOUR12, false},
    {STR_INIT("04"), ZERO_MINUTE, false},
    {STR_INIT("05"), ZERO_SECONDS, false},
    {STR_INIT("06"), SHORT_YEAR, false},
    {STR_INIT("002"), ZERO_YEAR_DAY, false},
    {STR_INIT("15"), HOUR, false},
    {STR_INIT("1"), NUMBER_MONTH, false},
    {STR_INIT("2006"), LONG_YEAR, false},
    {STR_INIT("2"), DAY_NUMBER, false},
    {STR_INIT("_2"), SPACE_DAY, false},
    {STR_INIT("__2"), SPACE_YEAR_DAY, false},
    {STR_INIT("3"), HOUR12, false},
    {STR_INIT("4"), MINUTE, false},
    {STR_INIT("5"), SECONDS, false},
    {STR_INIT("PM"), UPPER_PM, false},
    {STR_INIT("pm"), LOWER_PM, false},
    {STR_INIT("-070000"), ZONE, false},
    {STR_INIT("-07:00:00"), ZONE, false},
    {STR_INIT("-0700"), ZONE, false},
    {STR_INIT("-07:00"), ZONE, false},
    {STR_INIT("-07"), ZONE, false},
    {STR_INIT("Z070000"), ZONE, false},
    {STR_INIT("Z07:00:00"), ZONE, false},
    {STR_INIT("Z0700"), ZONE, false},
    {STR_INIT("Z07:00"), ZONE, false},
    {STR_INIT("Z07"), ZONE, false},
};

static enum part part_at(struct str rest, size_t *len) {
    if (str_starts(rest, STR("_2006"))) return NONE; /* an underscore before a year */
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        size_t end = PARTS[i].text.len;
        if (!str_starts(rest, PARTS[i].text)) continue;
        if (PARTS[i].word && rest.len > end && rest.ptr[end] >= 'a' && rest.ptr[end] <= 'z') continue;
        *len = end;
        return PARTS[i].part;
    }
    return NONE;
}

/* +hh, +hhmm, +hh:mm:ss, as `text` says; Z for UTC where it begins with that. */
static void add_offset(struct buf *out, int32_t offset, struct str text) {
    if (text.ptr[0] == 'Z' && offset == 0) {
        buf_add_char(out, 'Z');
        return;
    }
    const char *colon = str_find_char(text, ':') < text.len ? ":" : "";
    size_t digits = text.len - (*colon ? (text.len - 3) / 3 : 0) - 1;
    int32_t size = abs(offset);
    buf_addf(out, "%c%02d", offset < 0 ? '-' : '+', size / 3600);
    if (digits >= 4) buf_addf(out, "%s%02d", colon, size / 60 % 60);
    if (digits >= 6) buf_addf(out, "%s%02d", colon, size % 60);
}

static void add_zone_name(struct buf *out, const struct go_time *time) {
    if (time->zone.len) {
        buf_add(out, time->zone);
        return;
    }
    int32_t minutes = abs(time->offset) / 60;
    buf_addf(out, "%c%02d%02d", time->offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

static void add_year(struct buf *out, int64_t year) {
    buf_addf(out, "%s%04lld", year < 0 ? "-" : "", (long long)(year < 0 ? -year : year));
}

static void add_part(struct buf *out, const struct go_time *time, const struct civil *c, enum part part,
                     struct str text) {
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    static const char *const weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                           "Thursday", "Friday", "Saturday"};
    const char *month = months[c->month - 1], *weekday = weekdays[c->weekday];
    int hour12 = c->hour % 12 ? c->hour % 12 : 12;
    int short_year = (int)((c->year < 0 ? -c->year : c->year) % 100);
    switch (part) {
    case NONE: break;
    case LONG_MONTH: buf_addf(out, "%s", month); break;
    case MONTH: buf_addf(out, "%.3s", month); break;
    case NUMBER_MONTH: buf_addf(out, "%d", c->month); break;
    case ZERO_MONTH: buf_addf(out, "%02d", c->month); break;
    case LONG_WEEKDAY: buf_addf(out, "%s", weekday); break;
    case WEEKDAY: buf_addf(out, "%.3s", weekday); break;
    case DAY_NUMBER: buf_addf(out, "%d", c->day); break;
    case SPACE_DAY: buf_addf(out, "%2d", c->day); break;
    case ZERO_DAY: buf_addf(out, "%02d", c->day); break;
    case SPACE_YEAR_DAY: buf_addf(out, "%3d", c->day_of_year); break;
    case ZERO_YEAR_DAY: buf_addf(out, "%03d", c->day_of_year); break;
    case HOUR: buf_addf(out, "%02d", c->hour); break;
    case HOUR12: buf_addf(out, "%d", hour12); break;
    case ZERO_HOUR12: buf_addf(out, "%02d", hour12); break;
    case MINUTE: buf_addf(out, "%d", c->minute); break;
    case ZERO_MINUTE: buf_addf(out, "%02d", c->minute); break;
    case SECONDS: buf_addf(out, "%d", c->second); break;
    case ZERO_SECONDS: buf_addf(out, "%02d", c->second); break;
    case LONG_YEAR: add_year(out, c->year); break;
    case SHORT_YEAR: buf_addf(out, "%02d", short_year); break;
    case UPPER_PM: buf_add(out, c->hour >= 12 ? STR("PM") : STR("AM")); break;
    case LOWER_PM: buf_add(out, c->hour >= 12 ? STR("pm") : STR("am")); break;
    case ZONE_NAME: add_zone_name(out, time); break;
    case ZONE: add_offset(out, time->offset, text); break;
    }
}

/* A fraction of a second, `.000` or `,999`, that no digit follows: all times here are whole seconds. */
static size_t fraction_at(struct str rest) {
    if (rest.len < 2 || (rest.ptr[0] != '.' && rest.ptr[0] != ',') || (rest.ptr[1] != '0' && rest.ptr[1] != '9'))
        return 0;
    size_t end = 1;
    while (end < rest.len && rest.ptr[end] == rest.ptr[1]) end++;
    return end < rest.len && ascii_is_digit(rest.ptr[end]) ? 0 : end;
}

void go_time_format(struct buf *out, const struct go_time *time, struct str layout) {
    struct civil c = civil_of(time);
    for (size_t i = 0; i < layout.len;) {
        struct str rest = str_slice(layout, i, layout.len);
        size_t len = 1, fraction = fraction_at(rest);
        enum part part = part_at(rest, &len);
        if (fraction && rest.ptr[1] == '0') buf_add(out, str_slice(rest, 0, fraction));
        else if (!fraction && part == NONE) buf_add_char(out, rest.ptr[0]);
        else if (!fraction) add_part(out, time, &c, part, str_slice(rest, 0, len));
        i += fraction ? fraction : len;
    }
}

/* `number` with the point `digits` from its end, without zeros behind it. */
static void add_fraction(struct buf *out, uint64_t number, int digits) {
    uint64_t scale = 1;
    for (int i = 0; i < digits; i++) scale *= 10;
    buf_addf(out, "%llu", (unsigned long long)(number / scale));
    uint64_t rest = number % scale;
    if (rest == 0) return;
    while (rest % 10 == 0) rest /= 10, digits--;
    buf_addf(out, ".%0*llu", digits, (unsigned long long)rest);
}

void go_duration_format(struct buf *out, int64_t duration) {
    uint64_t size = duration < 0 ? 0 - (uint64_t)duration : (uint64_t)duration, seconds = size / SECOND;
    if (duration < 0) buf_add_char(out, '-');
    if (size == 0) {
        buf_add(out, STR("0s"));
    } else if (size < SECOND) {
        int digits = size < 1000 ? 0 : size < 1000000 ? 3 : 6;
        add_fraction(out, size, digits);
        buf_add(out, digits == 0 ? STR("ns") : digits == 3 ? STR("\xC2\xB5s") : STR("ms"));
    } else {
        if (seconds >= 3600) buf_addf(out, "%lluh", (unsigned long long)(seconds / 3600));
        if (seconds >= 60) buf_addf(out, "%um", (unsigned)(seconds / 60 % 60));
        add_fraction(out, size % ((uint64_t)60 * SECOND), 9);
        buf_add_char(out, 's');
    }
}

static uint64_t unit_at(struct str name) {
    static const struct {
        struct str name;
        uint64_t size;
    } units[] = {{STR_INIT("ns"), 1},
                 {STR_INIT("us"), 1000},
                 {STR_INIT("\xC2\xB5s"), 1000},
                 {STR_INIT("\xCE\xBCs"), 1000},
                 {STR_INIT("ms"), 1000000},
                 {STR_INIT("s"), SECOND},
                 {STR_INIT("m"), (uint64_t)60 * SECOND},
                 {STR_INIT("h"), (uint64_t)3600 * SECOND}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_eq(name, units[i].name)) return units[i].size;
    return 0;
}

#define LIMIT ((uint64_t)1 << 63)

/* One number with its unit from `*at` on, added to *sum. */
static bool add_term(struct str s, size_t *at, uint64_t *sum) {
    uint64_t whole = 0, fraction = 0;
    double scale = 1;
    size_t i = *at, digits = 0;
    bool full = false;
    for (; i < s.len && ascii_is_digit(s.ptr[i]); i++, digits++) {
        if (whole > LIMIT / 10) return false;
        whole = whole * 10 + (uint64_t)(s.ptr[i] - '0');
        if (whole > LIMIT) return false;
    }
    if (i < s.len && s.ptr[i] == '.') {
        for (i++; i < s.len && ascii_is_digit(s.ptr[i]); i++, digits++) {
            full = full || fraction > (LIMIT - 1) / 10 || fraction * 10 + (uint64_t)(s.ptr[i] - '0') > LIMIT;
            if (full) continue;
            fraction = fraction * 10 + (uint64_t)(s.ptr[i] - '0');
            scale *= 10;
        }
    }
    size_t unit_start = i;
    while (i < s.len && s.ptr[i] != '.' && !ascii_is_digit(s.ptr[i])) i++;
    uint64_t unit = unit_at(str_slice(s, unit_start, i));
    if (digits == 0 || unit == 0 || whole > LIMIT / unit) return false;
    whole *= unit;
    if (fraction > 0) whole += (uint64_t)((double)fraction * ((double)unit / scale));
    *at = i;
    if (whole > LIMIT) return false;
    *sum += whole;
    return *sum <= LIMIT;
}

bool go_duration_parse(struct str s, int64_t *duration) {
    bool negative = s.len && s.ptr[0] == '-';
    uint64_t sum = 0;
    *duration = 0;
    if (s.len && (negative || s.ptr[0] == '+')) s = str_slice(s, 1, s.len);
    if (str_eq(s, STR("0"))) return true;
    if (s.len == 0) return false;
    for (size_t at = 0; at < s.len;)
        if (!add_term(s, &at, &sum)) return false;
    if (!negative && sum > LIMIT - 1) return false;
    *duration = negative ? (int64_t)(0 - sum) : (int64_t)sum;
    return true;
}
