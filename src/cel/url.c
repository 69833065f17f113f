#include "cel/url.h"

#include "base/ascii.h"

static bool is_one_of(char c, const char *set) {
    return c && strchr(set, c);
}

bool url_unescape(struct arena *a, struct str s, bool plus, struct str *out) {
    struct buf b = buf_in(a);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '%') {
            if (s.len - i < 3 || ascii_hex_value(s.ptr[i + 1]) < 0 || ascii_hex_value(s.ptr[i + 2]) < 0) return false;
            c = (char)(ascii_hex_value(s.ptr[i + 1]) << 4 | ascii_hex_value(s.ptr[i + 2]));
            i += 2;
        } else if (plus && c == '+') {
            c = ' ';
        }
        buf_add_char(&b, c);
    }
    *out = buf_str(&b);
    return true;
}

/* Takes `scheme:` off the front of `rest`; false where a colon comes first. */
static bool take_scheme(struct arena *a, struct str *rest, struct str *scheme) {
    for (size_t i = 0; i < rest->len; i++) {
        char c = rest->ptr[i];
        if (ascii_is_alpha(c)) continue;
        if (i == 0 && (ascii_is_digit(c) || is_one_of(c, "+-."))) return true;
        if (ascii_is_digit(c) || is_one_of(c, "+-.")) continue;
        if (c != ':') return true;
        if (i == 0) return false;
        struct buf b = buf_in(a);
        for (size_t j = 0; j < i; j++)
            buf_add_char(&b, (char)(ascii_is_alpha(rest->ptr[j]) ? rest->ptr[j] | 0x20 : rest->ptr[j]));
        *scheme = buf_str(&b);
        *rest = str_slice(*rest, i + 1, rest->len);
        return true;
    }
    return true;
}

/* Nothing, or a colon and digits. */
static bool is_port(struct str s) {
    if (s.len == 0) return true;
    if (s.ptr[0] != ':') return false;
    for (size_t i = 1; i < s.len; i++)
        if (!ascii_is_digit(s.ptr[i])) return false;
    return true;
}

/* Checks and decodes a host; only bytes beyond ASCII may be escaped in it. */
static bool parse_host(struct arena *a, struct str host, struct str *out) {
    if (host.len && host.ptr[0] == '[') {
        size_t close = str_rfind_char(host, ']');
        if (close == host.len || !is_port(str_slice(host, close + 1, host.len))) return false;
    } else {
        size_t colon = str_rfind_char(host, ':');
        if (!is_port(str_slice(host, colon, host.len))) return false;
    }
    for (size_t i = 0; i < host.len; i++) {
        char c = host.ptr[i];
        bool plain = ascii_is_alpha(c) || ascii_is_digit(c) || is_one_of(c, "-_.~!$&'()*+,;=:[]<>\"") ||
                     (unsigned char)c >= 0x80;
        bool zone = c == '%' && host.ptr[0] == '[' && str_starts(str_slice(host, i, host.len), STR("%25"));
        bool escaped = c == '%' && host.len - i >= 3 && ascii_hex_value(host.ptr[i + 1]) >= 8;
        if (!plain && !escaped && !zone) return false;
    }
    return url_unescape(a, host, false, out);
}

static bool is_userinfo(struct str s) {
    for (size_t i = 0; i < s.len; i++)
        if (!ascii_is_alpha(s.ptr[i]) && !ascii_is_digit(s.ptr[i]) && !is_one_of(s.ptr[i], "-._:~!$&'()*+,;=%@"))
            return false;
    return true;
}

static bool parse_authority(struct arena *a, struct str authority, struct str *host) {
    size_t at = str_rfind_char(authority, '@');
    if (at == authority.len) return parse_host(a, authority, host);
    struct str user = str_slice(authority, 0, at), decoded;
    return is_userinfo(user) && url_unescape(a, user, false, &decoded) &&
           parse_host(a, str_slice(authority, at + 1, authority.len), host);
}

/* The path as it is escaped: unchanged where all of it may stand so, else escaped anew. */
static bool parse_path(struct arena *a, struct str path, struct str *out) {
    struct str decoded;
    bool valid = true;

    if (!url_unescape(a, path, false, &decoded)) return false;
    for (size_t i = 0; i < path.len; i++)
        valid = valid && (ascii_is_alpha(path.ptr[i]) || ascii_is_digit(path.ptr[i]) ||
                          is_one_of(path.ptr[i], "-_.~!$&'()*+,;=:@[]/%"));
    *out = path;
    if (valid) return true;
    struct buf b = buf_in(a);
    for (size_t i = 0; i < decoded.len; i++) {
        char c = decoded.ptr[i];
        if (ascii_is_alpha(c) || ascii_is_digit(c) || is_one_of(c, "-_.~$&+,/:;=@")) buf_add_char(&b, c);
        else buf_addf(&b, "%%%02X", (unsigned char)c);
    }
    *out = buf_str(&b);
    return true;
}

bool url_parse(struct arena *a, struct str text, struct cel_url *url) {
    struct str rest = text;

    *url = (struct cel_url){.text = text};
    if (text.len == 0) return false;
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7F) return false;
    if (!take_scheme(a, &rest, &url->scheme)) return false;
    size_t question = str_find_char(rest, '?');
    url->query = str_slice(rest, question + 1, rest.len);
    rest = str_slice(rest, 0, question);
    if (rest.len == 0 || rest.ptr[0] != '/') return url->scheme.len > 0; /* opaque, as mailto:a@example.com */
    if (url->scheme.len && str_starts(rest, STR("//"))) {
        struct str authority = str_slice(rest, 2, rest.len);
        size_t slash = str_find_char(authority, '/');
        rest = str_slice(authority, slash, authority.len);
        if (!parse_authority(a, str_slice(authority, 0, slash), &url->host)) return false;
    }
    return parse_path(a, rest, &url->path);
}

/* Where the port's colon stands in `host`, or host.len. */
static size_t port_colon(struct str host) {
    size_t colon = str_rfind_char(host, ':');
    return colon < host.len && is_port(str_slice(host, colon, host.len)) ? colon : host.len;
}

struct str url_hostname(struct str host) {
    struct str name = str_slice(host, 0, port_colon(host));
    bool brackets = name.len >= 2 && name.ptr[0] == '[' && name.ptr[name.len - 1] == ']';
    return brackets ? str_slice(name, 1, name.len - 1) : name;
}

struct str url_port(struct str host) {
    return str_slice(host, port_colon(host) + 1, host.len);
}
