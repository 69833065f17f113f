#include "schema/format_uri.h"

#include "base/ascii.h"
#include "schema/format_ip.h"
#include "schema/uri.h"

/* Whether `s` holds nothing but unreserved characters, %XX, sub-delims and those of `more` (and, where `international`,
 * anything beyond ASCII). */
static bool holds_only(struct str s, const char *more, bool international) {
    static const char plain[] = "-._~!$&'()*+,;=";
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '%') {
            if (i + 2 >= s.len || !ascii_is_hex(s.ptr[i + 1]) || !ascii_is_hex(s.ptr[i + 2])) return false;
            i += 2;
            continue;
        }
        bool good = ascii_is_alpha(c) || ascii_is_digit(c) || (c && (strchr(plain, c) || strchr(more, c)));
        if (!good && !(international && (c & 0x80))) return false;
    }
    return true;
}

static bool is_host(struct str s, bool international) {
    if (s.len == 0 || s.ptr[0] != '[') return holds_only(s, "", international);
    if (s.ptr[s.len - 1] != ']') return false;
    struct str inner = str_slice(s, 1, s.len - 1);
    if (inner.len && (inner.ptr[0] | 32) == 'v') {
        size_t dot = str_find_char(inner, '.');
        for (size_t i = 1; i < dot; i++)
            if (!ascii_is_hex(inner.ptr[i])) return false;
        return dot > 1 && dot + 1 < inner.len && holds_only(str_slice(inner, dot + 1, inner.len), ":", false);
    }
    return schema_format_ipv6(inner);
}

static bool is_authority(struct str s, bool international) {
    size_t at = str_find_char(s, '@');
    if (at < s.len) {
        if (!holds_only(str_slice(s, 0, at), ":", international)) return false;
        s = str_slice(s, at + 1, s.len);
    }
    size_t colon = str_rfind_char(s, ':');
    size_t bracket = str_rfind_char(s, ']');
    if (colon < s.len && (bracket == s.len || colon > bracket)) {
        for (size_t i = colon + 1; i < s.len; i++)
            if (!ascii_is_digit(s.ptr[i])) return false;
        s = str_slice(s, 0, colon);
    }
    return is_host(s, international);
}

static bool is_uri(struct str s, bool relative_too, bool international) {
    struct uri_parts parts = uri_split(s);
    if (!parts.scheme.ptr && !relative_too) return false;
    if (!holds_only(parts.fragment, ":@/?", international) || !holds_only(parts.query, ":@/?", international))
        return false;
    if (parts.authority.ptr)
        return is_authority(parts.authority, international) && holds_only(parts.path, ":@/", international);
    /* Without a scheme the first part of the path holds no colon: it would be one. */
    struct str first = str_slice(parts.path, 0, str_find_char(parts.path, '/'));
    if (!parts.scheme.ptr && str_find_char(first, ':') < first.len) return false;
    return holds_only(parts.path, ":@/", international);
}

bool schema_format_uri(struct str s) {
    return is_uri(s, false, false);
}

bool schema_format_uri_reference(struct str s) {
    return is_uri(s, true, false);
}

bool schema_format_iri(struct str s) {
    return is_uri(s, false, true);
}

bool schema_format_iri_reference(struct str s) {
    return is_uri(s, true, true);
}

/* One name with its modifier: `name`, `name*`, `name:3`. */
static bool is_variable(struct str s) {
    if (s.len && s.ptr[s.len - 1] == '*') {
        s.len--;
    } else {
        size_t colon = str_find_char(s, ':');
        size_t digits = colon < s.len ? s.len - colon - 1 : 1;
        if (digits < 1 || digits > 4 || (colon < s.len && s.ptr[colon + 1] == '0')) return false;
        for (size_t i = colon + 1; i < s.len; i++)
            if (!ascii_is_digit(s.ptr[i])) return false;
        s = str_slice(s, 0, colon);
    }
    bool dot = true;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool escape = c == '%' && i + 2 < s.len && ascii_is_hex(s.ptr[i + 1]) && ascii_is_hex(s.ptr[i + 2]);
        if ((c == '.' && dot) || (!escape && c != '.' && c != '_' && !ascii_is_alpha(c) && !ascii_is_digit(c)))
            return false;
        dot = c == '.';
        if (escape) i += 2;
    }
    return s.len && !dot;
}

static bool is_expression(struct str s) {
    if (s.len && s.ptr[0] && strchr("+#./;?&", s.ptr[0])) s = str_slice(s, 1, s.len);
    size_t start = 0;
    while (start <= s.len) {
        size_t end = start + str_find_char(str_slice(s, start, s.len), ',');
        if (!is_variable(str_slice(s, start, end))) return false;
        start = end + 1;
    }
    return true;
}

bool schema_format_uri_template(struct str s) {
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '{') {
            size_t end = i + str_find_char(str_slice(s, i, s.len), '}');
            if (end == s.len || !is_expression(str_slice(s, i + 1, end))) return false;
            i = end;
        } else if (c <= ' ' || c == 127 || strchr("\"'<>\\^`|}", c)) {
            return false;
        }
    }
    return true;
}
