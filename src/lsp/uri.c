#include "lsp/uri.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/path.h"

#define SCHEME STR("file://")

struct str lsp_uri_path(struct arena *a, struct str uri) {
    struct buf out = buf_in(a);
    if (!str_starts(uri, SCHEME)) return STR("");
    struct str rest = str_slice(uri, SCHEME.len, uri.len);
    rest = str_slice(rest, str_find_char(rest, '/'), rest.len); /* a host is passed over */
    for (size_t i = 0; i < rest.len && rest.ptr[i] != '?' && rest.ptr[i] != '#'; i++) {
        int high = rest.ptr[i] == '%' && i + 2 < rest.len ? ascii_hex_value(rest.ptr[i + 1]) : -1;
        int low = high >= 0 ? ascii_hex_value(rest.ptr[i + 2]) : -1;
        char c = low >= 0 ? (char)(high * 16 + low) : rest.ptr[i];
        if (c == '\0') return STR("");
        buf_add_char(&out, c);
        if (low >= 0) i += 2;
    }
    return out.len ? path_normalize(a, buf_str(&out)) : STR("");
}

struct str lsp_uri_of(struct arena *a, struct str path) {
    struct buf out = buf_in(a);
    struct str absolute = path_absolute(a, path);
    buf_add(&out, SCHEME);
    for (size_t i = 0; i < absolute.len; i++) {
        char c = absolute.ptr[i];
        bool plain = ascii_is_alnum(c) || (c && strchr("/-._~", c));
        if (plain) buf_add_char(&out, c);
        else buf_addf(&out, "%%%02X", (unsigned char)c);
    }
    return buf_str(&out);
}
