#include "template/go/url.h"

#include "base/ascii.h"
#include "template/go/unicode.h"

enum part { HOST, ZONE, PATH, USER, FRAGMENT };

/* What stands in a part as it is, besides letters, digits and `-_.~`. */
static const char *const PLAIN[] = {[HOST] = "!$&'()*+,;=:[]<>\"",
                                    [ZONE] = "!$&'()*+,;=:[]<>\"",
                                    [PATH] = "$&+,/:;=@",
                                    [USER] = "$&+,;=",
                                    [FRAGMENT] = "$&+,/:;=?@!()*"};

static bool is_plain(char c, enum part part) {
    return ascii_is_alnum(c) || (c && (strchr("-_.~", c) || strchr(PLAIN[part], c)));
}

static void escape(struct buf *out, struct str s, enum part part) {
    for (size_t i = 0; i < s.len; i++) {
        if (is_plain(s.ptr[i], part)) buf_add_char(out, s.ptr[i]);
        else buf_addf(out, "%%%02X", (unsigned char)s.ptr[i]);
    }
}

static struct str quoted(struct arena *a, struct str s) {
    struct buf out = buf_in(a);
    go_quote(&out, s, '"', false);
    return buf_str(&out);
}

static bool refuse(struct arena *a, struct str *error, const char *before, struct str s, const char *after) {
    *error = arena_printf(a, "%s%.*s%s", before, STR_ARG(quoted(a, s)), after);
    return false;
}

/* `%XX` at the start of `rest` may stand in `part`. */
static bool is_escape(struct str rest, enum part part, int *byte) {
    if (rest.len < 3 || !ascii_is_hex(rest.ptr[1]) || !ascii_is_hex(rest.ptr[2])) return false;
    *byte = ascii_hex_value(rest.ptr[1]) * 16 + ascii_hex_value(rest.ptr[2]);
    bool percent = str_starts(rest, STR("%25"));
    if (part == HOST) return *byte >= 0x80 || percent;
    return part != ZONE || percent || *byte == ' ' || is_plain((char)*byte, HOST);
}

static bool unescape(struct arena *a, struct str s, enum part part, struct str *out, struct str *error) {
    struct buf text = buf_in(a);
    for (size_t i = 0; i < s.len; i++) {
        int byte = (unsigned char)s.ptr[i];
        if (s.ptr[i] == '%') {
            struct str rest = str_slice(s, i, s.len);
            if (!is_escape(rest, part, &byte))
                return refuse(a, error, "invalid URL escape ", str_slice(rest, 0, 3), "");
            i += 2;
        } else if ((part == HOST || part == ZONE) && byte < 0x80 && !is_plain(s.ptr[i], part)) {
            return refuse(a, error, "invalid character ", str_slice(s, i, i + 1), " in host name");
        }
        buf_add_char(&text, (char)byte);
    }
    *out = text.len ? buf_str(&text) : STR("");
    return true;
}

static bool is_port(struct str s) {
    if (s.len == 0) return true;
    if (s.ptr[0] != ':') return false;
    for (size_t i = 1; i < s.len; i++)
        if (!ascii_is_digit(s.ptr[i])) return false;
    return true;
}

/* Four numbers up to 255 without leading zeros. */
static bool is_ipv4(struct str s) {
    struct str part;
    int parts = 0;
    if (s.len == 0 || s.ptr[s.len - 1] == '.') return false;
    for (; str_split_next(&s, '.', &part); parts++) {
        int number = 0;
        if (part.len == 0 || part.len > 3 || (part.len > 1 && part.ptr[0] == '0')) return false;
        for (size_t i = 0; i < part.len; i++) {
            if (!ascii_is_digit(part.ptr[i])) return false;
            number = number * 10 + (part.ptr[i] - '0');
        }
        if (number > 255) return false;
    }
    return parts == 4;
}

/* Eight groups of up to four digits; `::` stands for one or more of zeros, an IPv4 address for the last two. */
static bool is_ipv6(struct str s) {
    int groups = 0;
    bool gap = false;
    size_t at = 0;
    if (str_starts(s, STR("::"))) gap = true, at = 2;
    while (at < s.len) {
        struct str rest = str_slice(s, at, s.len), group = str_slice(rest, 0, str_find_char(rest, ':'));
        if (group.len == rest.len && is_ipv4(group)) {
            groups += 2;
            at = s.len;
            break;
        }
        if (group.len == 0 || group.len > 4) return false;
        for (size_t i = 0; i < group.len; i++)
            if (!ascii_is_hex(group.ptr[i])) return false;
        groups++;
        at += group.len;
        if (at == s.len) break;
        if (++at == s.len) return false;
        if (s.ptr[at] != ':') continue;
        if (gap) return false;
        gap = true;
        at++;
    }
    return gap ? groups < 8 : groups == 8;
}

/* An IPv6 address between brackets; `close` is where they end. */
static bool parse_literal(struct arena *a, struct str host, size_t close, struct str *out, struct str *error) {
    struct str name, port, inner = str_slice(host, 1, close);
    if (!is_port(str_slice(host, close + 1, host.len)))
        return refuse(a, error, "invalid port ", str_slice(host, close + 1, host.len), " after host");
    if (!unescape(a, str_slice(host, close + 1, host.len), HOST, &port, error)) return false;
    size_t zone = str_find(inner, STR("%25"));
    if (zone < inner.len) {
        struct str first, second;
        if (!unescape(a, str_slice(inner, 0, zone), HOST, &first, error)) return false;
        if (!unescape(a, str_slice(inner, zone, inner.len), ZONE, &second, error)) return false;
        name = arena_printf(a, "%.*s%.*s", STR_ARG(first), STR_ARG(second));
    } else if (!unescape(a, inner, HOST, &name, error)) {
        return false;
    }
    if (!is_ipv6(str_slice(name, 0, str_find_char(name, '%'))))
        return refuse(a, error, "invalid host: ParseAddr(", name, "): unable to parse IP");
    *out = arena_printf(a, "[%.*s]%.*s", STR_ARG(name), STR_ARG(port));
    return true;
}

static bool parse_host(struct arena *a, struct str scheme, struct str host, struct str *out, struct str *error) {
    size_t open = str_rfind_char(host, '['), colon = str_find_char(host, ':');
    if (open < host.len) {
        size_t close = str_rfind_char(host, ']');
        if (open > 0) *error = STR("invalid IP-literal");
        else if (close == host.len) *error = STR("missing ']' in host");
        return open == 0 && close < host.len && parse_literal(a, host, close, out, error);
    }
    bool strict = str_eq(scheme, STR("http")) || str_eq(scheme, STR("https"));
    if (colon < host.len && !strict) colon = str_rfind_char(host, ':');
    if (!is_port(str_slice(host, colon, host.len)))
        return refuse(a, error, "invalid port ", str_slice(host, colon, host.len), " after host");
    return unescape(a, host, HOST, out, error);
}

static bool parse_user(struct arena *a, struct str s, struct go_url *url, struct str *error) {
    for (size_t i = 0; i < s.len; i++) {
        if (ascii_is_alnum(s.ptr[i]) || (s.ptr[i] && strchr("-._:~!$&'()*+,;=%@", s.ptr[i]))) continue;
        *error = STR("net/url: invalid userinfo");
        return false;
    }
    size_t colon = str_find_char(s, ':');
    url->has_user = true;
    url->has_password = colon < s.len;
    return unescape(a, str_slice(s, 0, colon), USER, &url->user, error) &&
           unescape(a, str_slice(s, colon + 1, s.len), USER, &url->password, error);
}

static bool take_scheme(struct arena *a, struct str *rest, struct go_url *url, struct str *error) {
    for (size_t i = 0; i < rest->len; i++) {
        char c = rest->ptr[i];
        if (c == ':' && i == 0) {
            *error = STR("missing protocol scheme");
            return false;
        }
        if (c == ':') {
            char *scheme = arena_alloc(a, i + 1);
            for (size_t k = 0; k < i; k++) scheme[k] = ascii_lower(rest->ptr[k]);
            url->scheme = (struct str){scheme, i};
            *rest = str_slice(*rest, i + 1, rest->len);
            return true;
        }
        bool inner = ascii_is_digit(c) || c == '+' || c == '-' || c == '.';
        if (!ascii_is_alpha(c) && !(inner && i > 0)) break;
    }
    return true;
}

static bool parse_authority(struct arena *a, struct str *rest, struct go_url *url, struct str *error) {
    struct str authority = str_slice(*rest, 2, rest->len);
    size_t slash = str_find_char(authority, '/');
    *rest = str_slice(authority, slash, authority.len);
    authority = str_slice(authority, 0, slash);
    size_t at = str_rfind_char(authority, '@');
    bool user = at < authority.len;
    struct str host = str_slice(authority, user ? at + 1 : 0, authority.len);
    return parse_host(a, url->scheme, host, &url->host, error) &&
           (!user || parse_user(a, str_slice(authority, 0, at), url, error));
}

/* All but the fragment. */
static bool parse(struct arena *a, struct str rest, struct go_url *url, struct str *error) {
    for (size_t i = 0; i < rest.len; i++) {
        if ((unsigned char)rest.ptr[i] >= ' ' && rest.ptr[i] != 0x7F) continue;
        *error = STR("net/url: invalid control character in URL");
        return false;
    }
    if (str_eq(rest, STR("*"))) {
        url->path = rest;
        return true;
    }
    if (!take_scheme(a, &rest, url, error)) return false;
    size_t query = str_find_char(rest, '?');
    url->force_query = query + 1 == rest.len;
    url->query = str_slice(rest, query + 1, rest.len);
    rest = str_slice(rest, 0, query);
    bool rooted = str_starts(rest, STR("/"));
    if (!rooted && url->scheme.len) {
        url->opaque = rest;
        return true;
    }
    struct str segment = str_slice(rest, 0, str_find_char(rest, '/'));
    if (!rooted && str_find_char(segment, ':') < segment.len) {
        *error = STR("first path segment in URL cannot contain colon");
        return false;
    }
    bool authority = (url->scheme.len || !str_starts(rest, STR("///"))) && str_starts(rest, STR("//"));
    if (authority && !parse_authority(a, &rest, url, error)) return false;
    if (!authority && url->scheme.len && rooted) url->omit_host = true;
    return unescape(a, rest, PATH, &url->path, error);
}

bool go_url_parse(struct arena *a, struct str text, struct go_url *url, struct str *error) {
    size_t hash = str_find_char(text, '#');
    struct str before = str_slice(text, 0, hash), why = STR("");
    *url = (struct go_url){0};
    bool ok = parse(a, before, url, &why);
    if (ok && hash < text.len) {
        before = text;
        ok = unescape(a, str_slice(text, hash + 1, text.len), FRAGMENT, &url->fragment, &why);
    }
    if (!ok) *error = arena_printf(a, "parse %.*s: %.*s", STR_ARG(quoted(a, before)), STR_ARG(why));
    return ok;
}

void go_url_format_user(struct buf *out, const struct go_url *url) {
    escape(out, url->user, USER);
    if (!url->has_password) return;
    buf_add_char(out, ':');
    escape(out, url->password, USER);
}

static void format_authority(struct buf *out, const struct go_url *url) {
    if (url->host.len || url->path.len || url->has_user) buf_add(out, STR("//"));
    if (url->has_user) {
        go_url_format_user(out, url);
        buf_add_char(out, '@');
    }
    escape(out, url->host, HOST);
}

void go_url_format(struct buf *out, const struct go_url *url) {
    if (url->scheme.len) {
        buf_add(out, url->scheme);
        buf_add_char(out, ':');
    }
    if (url->opaque.len) {
        buf_add(out, url->opaque);
    } else {
        bool omitted = url->omit_host && !url->host.len && !url->has_user;
        if ((url->scheme.len || url->host.len || url->has_user) && !omitted) format_authority(out, url);
        if (url->path.len && url->path.ptr[0] != '/' && url->host.len) buf_add_char(out, '/');
        struct str segment = str_slice(url->path, 0, str_find_char(url->path, '/'));
        if (out->len == 0 && str_find_char(segment, ':') < segment.len) buf_add(out, STR("./"));
        if (str_eq(url->path, STR("*"))) buf_add_char(out, '*');
        else escape(out, url->path, PATH);
    }
    if (url->force_query || url->query.len) {
        buf_add_char(out, '?');
        buf_add(out, url->query);
    }
    if (url->fragment.len) {
        buf_add_char(out, '#');
        escape(out, url->fragment, FRAGMENT);
    }
}

struct str go_url_hostname(struct str host) {
    size_t colon = str_rfind_char(host, ':');
    if (colon < host.len && is_port(str_slice(host, colon, host.len))) host = str_slice(host, 0, colon);
    bool brackets = host.len >= 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']';
    return brackets ? str_slice(host, 1, host.len - 1) : host;
}
