#include "schema/uri.h"

#include "base/ascii.h"
#include "base/buf.h"

static size_t scheme_len(struct str s) {
    if (s.len == 0 || !ascii_is_alpha(s.ptr[0])) return 0;
    for (size_t i = 1; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == ':') return i;
        if (!ascii_is_alpha(c) && !ascii_is_digit(c) && c != '+' && c != '-' && c != '.') return 0;
    }
    return 0;
}

struct uri_parts uri_split(struct str s) {
    struct uri_parts parts = {0};
    size_t end = scheme_len(s);

    if (end) {
        parts.scheme = str_slice(s, 0, end);
        s = str_slice(s, end + 1, s.len);
    }
    end = str_find_char(s, '#');
    if (end < s.len) parts.fragment = str_slice(s, end + 1, s.len);
    s = str_slice(s, 0, end);
    end = str_find_char(s, '?');
    if (end < s.len) parts.query = str_slice(s, end + 1, s.len);
    s = str_slice(s, 0, end);
    if (str_starts(s, STR("//"))) {
        struct str rest = str_slice(s, 2, s.len);
        end = str_find_char(rest, '/');
        parts.authority = str_slice(rest, 0, end);
        s = str_slice(rest, end, rest.len);
    }
    parts.path = s;
    return parts;
}

/* RFC 3986, 5.2.4, over the whole parts of the path. */
static void add_without_dots(struct buf *out, struct str path) {
    size_t floor = out->len;
    bool absolute = path.len && path.ptr[0] == '/';
    size_t at = 0;

    while (at < path.len) {
        size_t start = at + (path.ptr[at] == '/');
        size_t end = start + str_find_char(str_slice(path, start, path.len), '/');
        struct str part = str_slice(path, start, end);
        bool last = end == path.len;
        bool dot = str_eq(part, STR(".")), dots = str_eq(part, STR(".."));
        if (dots) {
            while (out->len > floor && out->ptr[--out->len] != '/') continue;
        }
        if (!dot && !dots) {
            if (absolute || out->len > floor) buf_add_char(out, '/');
            buf_add(out, part);
        } else if (last) {
            buf_add_char(out, '/');
        }
        at = end;
    }
}

static void add_merged_path(struct buf *out, const struct uri_parts *base, struct str path) {
    struct buf merged = buf_in(out->arena);
    if (base->authority.ptr && base->path.len == 0) {
        buf_add_char(&merged, '/');
    } else {
        size_t slash = str_rfind_char(base->path, '/');
        if (slash < base->path.len) buf_add(&merged, str_slice(base->path, 0, slash + 1));
    }
    buf_add(&merged, path);
    add_without_dots(out, buf_str(&merged));
}

struct str uri_resolve(struct arena *a, struct str base_text, struct str reference) {
    struct uri_parts base = uri_split(base_text), r = uri_split(reference);
    struct str scheme = r.scheme.ptr ? r.scheme : base.scheme;
    bool own_authority = r.scheme.ptr || r.authority.ptr;
    struct str authority = own_authority ? r.authority : base.authority;
    bool own_path = own_authority || r.path.len;
    struct str query = own_path || r.query.ptr ? r.query : base.query;
    struct buf out = buf_in(a);

    if (scheme.ptr) {
        buf_add(&out, scheme);
        buf_add_char(&out, ':');
    }
    if (authority.ptr) {
        buf_add(&out, STR("//"));
        buf_add(&out, authority);
    }
    if (!own_path) buf_add(&out, base.path);
    else if (own_authority || r.path.ptr[0] == '/') add_without_dots(&out, r.path);
    else add_merged_path(&out, &base, r.path);
    if (query.ptr) {
        buf_add_char(&out, '?');
        buf_add(&out, query);
    }
    if (r.fragment.ptr) {
        buf_add_char(&out, '#');
        buf_add(&out, r.fragment);
    }
    return out.len ? buf_str(&out) : STR("");
}

struct str uri_split_fragment(struct str uri, struct str *fragment) {
    size_t end = str_find_char(uri, '#');
    *fragment = (struct str){NULL, 0};
    if (end < uri.len) *fragment = (struct str){uri.ptr + end + 1, uri.len - end - 1};
    return str_slice(uri, 0, end);
}

struct str uri_unescape(struct arena *a, struct str s) {
    if (str_find_char(s, '%') == s.len) return s;
    struct buf out = buf_in(a);
    for (size_t i = 0; i < s.len; i++) {
        int high = i + 2 < s.len ? ascii_hex_value(s.ptr[i + 1]) : -1;
        int low = high >= 0 ? ascii_hex_value(s.ptr[i + 2]) : -1;
        if (s.ptr[i] == '%' && low >= 0) {
            buf_add_char(&out, (char)(high * 16 + low));
            i += 2;
        } else {
            buf_add_char(&out, s.ptr[i]);
        }
    }
    return buf_str(&out);
}
