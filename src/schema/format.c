/* Formats of times, numbers and names; those of URIs stand in schema_format_uri.c. */
#include "schema/format.h"

#include "base/ascii.h"
#include "schema/format_ip.h"
#include "schema/format_uri.h"
#include "schema/regex.h"

/* ---- Dates and times (RFC 3339) ---- */

/* Takes `count` digits off the front. */
static bool take_number(struct str *s, size_t count, int *number) {
    *number = 0;
    if (s->len < count) return false;
    for (size_t i = 0; i < count; i++) {
        if (!ascii_is_digit(s->ptr[i])) return false;
        *number = *number * 10 + (s->ptr[i] - '0');
    }
    *s = str_slice(*s, count, s->len);
    return true;
}

static bool take_date(struct str *s) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    if (!take_number(s, 4, &year) || !str_take_char(s, '-') || !take_number(s, 2, &month) || !str_take_char(s, '-') ||
        !take_number(s, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1) return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && leap);
}

/* `Z` or `+hh:mm`, into minutes east of UTC. */
static bool take_zone(struct str *s, int *minutes) {
    int hour, minute;
    *minutes = 0;
    if (str_take_char(s, 'Z') || str_take_char(s, 'z')) return true;
    int sign = str_take_char(s, '+') ? 1 : str_take_char(s, '-') ? -1 : 0;
    if (!sign || !take_number(s, 2, &hour) || !str_take_char(s, ':') || !take_number(s, 2, &minute)) return false;
    *minutes = sign * (hour * 60 + minute);
    return hour < 24 && minute < 60;
}

static bool format_time(struct str s) {
    int hour, minute, second, zone;
    if (!take_number(&s, 2, &hour) || !str_take_char(&s, ':') || !take_number(&s, 2, &minute) ||
        !str_take_char(&s, ':') || !take_number(&s, 2, &second))
        return false;
    if (str_take_char(&s, '.')) {
        if (s.len == 0 || !ascii_is_digit(s.ptr[0])) return false;
        while (s.len && ascii_is_digit(s.ptr[0])) s = str_slice(s, 1, s.len);
    }
    if (!take_zone(&s, &zone) || s.len || hour > 23 || minute > 59 || second > 60) return false;
    if (second < 60) return true;
    int utc = ((hour * 60 + minute - zone) % 1440 + 1440) % 1440; /* leap seconds end a day of UTC */
    return utc == 23 * 60 + 59;
}

static bool format_date(struct str s) {
    return take_date(&s) && s.len == 0;
}

static bool format_date_time(struct str s) {
    if (!take_date(&s)) return false;
    return (str_take_char(&s, 'T') || str_take_char(&s, 't')) && format_time(s);
}

/* ISO 8601 as in RFC 3339, appendix A: units in order, none left out between two; weeks alone. */
static bool take_units(struct str *s, const char *units, int *count) {
    int last = -1;
    *count = 0;
    while (s->len && ascii_is_digit(s->ptr[0])) {
        while (s->len && ascii_is_digit(s->ptr[0])) *s = str_slice(*s, 1, s->len);
        int unit = 0;
        while (units[unit] && !(s->len && s->ptr[0] == units[unit])) unit++;
        if (!units[unit] || (last >= 0 && unit != last + 1)) return false;
        *s = str_slice(*s, 1, s->len);
        last = unit;
        ++*count;
    }
    return true;
}

static bool format_duration(struct str s) {
    int dates, times = 0;
    if (!str_take_char(&s, 'P')) return false;
    struct str weeks = s;
    if (take_units(&weeks, "W", &dates) && dates == 1 && weeks.len == 0) return true;
    if (!take_units(&s, "YMD", &dates)) return false;
    if (str_take_char(&s, 'T') && (!take_units(&s, "HMS", &times) || !times)) return false;
    return s.len == 0 && dates + times > 0;
}

/* ---- Hosts and addresses ---- */

/* RFC 1123. A label in the `xn--` form must have something behind it. */
static bool format_hostname(struct str s) {
    if (s.len == 0 || s.len > 253) return false;
    size_t start = 0;
    while (start <= s.len) {
        struct str label = str_slice(s, start, start + str_find_char(str_slice(s, start, s.len), '.'));
        if (label.len == 0 || label.len > 63) return false;
        if (label.ptr[0] == '-' || label.ptr[label.len - 1] == '-') return false;
        for (size_t i = 0; i < label.len; i++)
            if (!ascii_is_alpha(label.ptr[i]) && !ascii_is_digit(label.ptr[i]) && label.ptr[i] != '-') return false;
        start += label.len + 1;
    }
    return true;
}

/* RFC 5321's Mailbox. */
static bool is_local_part(struct str s, bool international) {
    static const char others[] = "!#$%&'*+-/=?^_`{|}~";
    if (s.len == 0 || s.len > 64) return false;
    if (s.ptr[0] == '"') {
        if (s.len < 2 || s.ptr[s.len - 1] != '"') return false;
        for (size_t i = 1; i + 1 < s.len; i++) {
            unsigned char c = (unsigned char)s.ptr[i];
            if (c < 32 || c == 127 || (c >= 128 && !international) || c == '"') return false;
            if (c == '\\' && ++i + 1 >= s.len) return false;
        }
        return true;
    }
    bool dot = true;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '.' && dot) return false;
        dot = c == '.';
        bool plain =
            ascii_is_alpha(c) || ascii_is_digit(c) || dot || (c && strchr(others, c)) || (international && (c & 0x80));
        if (!plain) return false;
    }
    return !dot;
}

static bool is_mail_domain(struct str s, bool international) {
    if (s.len > 2 && s.ptr[0] == '[' && s.ptr[s.len - 1] == ']') {
        struct str inner = str_slice(s, 1, s.len - 1);
        if (str_starts(inner, STR("IPv6:"))) return schema_format_ipv6(str_slice(inner, 5, inner.len));
        return schema_format_ipv4(inner);
    }
    if (!international) return format_hostname(s);
    for (size_t i = 0; i < s.len; i++)
        if (!(s.ptr[i] & 0x80) && !ascii_is_alpha(s.ptr[i]) && !ascii_is_digit(s.ptr[i]) && s.ptr[i] != '-' &&
            s.ptr[i] != '.')
            return false;
    return s.len > 0;
}

static bool is_mail(struct str s, bool international) {
    size_t at = str_rfind_char(s, '@');
    if (at == s.len) return false;
    return is_local_part(str_slice(s, 0, at), international) &&
           is_mail_domain(str_slice(s, at + 1, s.len), international);
}

static bool format_email(struct str s) {
    return is_mail(s, false);
}

static bool format_idn_email(struct str s) {
    return is_mail(s, true);
}

/* ---- The rest ---- */

static bool format_uuid(struct str s) {
    if (s.len != 36) return false;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? s.ptr[i] != '-' : !ascii_is_hex(s.ptr[i])) return false;
    }
    return true;
}

static bool format_json_pointer(struct str s) {
    if (s.len && s.ptr[0] != '/') return false;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '~' && (i + 1 == s.len || (s.ptr[i + 1] != '0' && s.ptr[i + 1] != '1'))) return false;
    return true;
}

static bool format_relative_json_pointer(struct str s) {
    size_t digits = 0;
    while (digits < s.len && ascii_is_digit(s.ptr[digits])) digits++;
    if (digits == 0 || (digits > 1 && s.ptr[0] == '0')) return false;
    struct str rest = str_slice(s, digits, s.len);
    return str_eq(rest, STR("#")) || format_json_pointer(rest);
}

static const struct schema_format_rule RULES[] = {
    {STR_INIT("date"), format_date, "a date such as 2024-12-31"},
    {STR_INIT("time"), format_time, "a time with its zone, such as 13:30:00Z"},
    {STR_INIT("date-time"), format_date_time, "a date and time such as 2024-12-31T13:30:00Z"},
    {STR_INIT("duration"), format_duration, "an ISO 8601 duration such as PT30S"},
    {STR_INIT("email"), format_email, "an email address"},
    {STR_INIT("idn-email"), format_idn_email, "an email address"},
    {STR_INIT("hostname"), format_hostname, "a host name such as db.example.com"},
    {STR_INIT("ipv4"), schema_format_ipv4, "an IPv4 address such as 192.0.2.1"},
    {STR_INIT("ipv6"), schema_format_ipv6, "an IPv6 address such as 2001:db8::1"},
    {STR_INIT("uri"), schema_format_uri, "a URI such as https://example.com/path"},
    {STR_INIT("uri-reference"), schema_format_uri_reference, "a URI or a relative reference"},
    {STR_INIT("iri"), schema_format_iri, "a URI such as https://example.com/path"},
    {STR_INIT("iri-reference"), schema_format_iri_reference, "a URI or a relative reference"},
    {STR_INIT("uri-template"), schema_format_uri_template, "a URI template such as https://example.com/{name}"},
    {STR_INIT("uuid"), format_uuid, "a UUID such as 123e4567-e89b-12d3-a456-426614174000"},
    {STR_INIT("json-pointer"), format_json_pointer, "a JSON Pointer such as /a/b"},
    {STR_INIT("relative-json-pointer"), format_relative_json_pointer, "a relative JSON Pointer such as 1/a"},
    {STR_INIT("regex"), regex_is_valid, "a regular expression"},
};

const struct schema_format_rule *schema_format_rule(struct str name) {
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++)
        if (str_eq(RULES[i].name, name)) return &RULES[i];
    return NULL;
}
