#include "base/path.h"

#include "base/buf.h"
#include "base/system.h"

struct str path_join(struct arena *a, struct str folder, struct str name) {
    if (name.len == 0) return arena_str(a, folder);
    bool alone = folder.len == 0 || str_eq(folder, STR(".")) || (name.len && name.ptr[0] == '/');
    if (alone) return arena_str(a, name);
    size_t slash = folder.ptr[folder.len - 1] != '/';
    size_t len = folder.len + slash + name.len;
    char *path = arena_alloc_raw(a, len + 1);
    memcpy(path, folder.ptr, folder.len);
    if (slash) path[folder.len] = '/';
    memcpy(path + folder.len + slash, name.ptr, name.len);
    path[len] = '\0';
    return (struct str){path, len};
}

struct str path_folder(struct str path) {
    size_t slash = str_rfind_char(path, '/');
    if (slash == path.len) return STR(".");
    return slash == 0 ? STR("/") : str_slice(path, 0, slash);
}

struct str path_name(struct str path) {
    size_t slash = str_rfind_char(path, '/');
    return slash == path.len ? path : str_slice(path, slash + 1, path.len);
}

/* Takes the last part off `out`, unless it is a `..` that must stay; `floor` is where parts begin. */
static bool drop_last_part(struct buf *out, size_t floor) {
    if (out->len == floor) return false;
    struct str built = str_slice(buf_str(out), floor, out->len);
    if (str_eq(path_name(built), STR(".."))) return false;
    size_t slash = str_rfind_char(built, '/');
    out->len = floor + (slash == built.len ? 0 : slash);
    return true;
}

struct str path_normalize(struct arena *a, struct str path) {
    struct buf out = buf_in(a);
    bool absolute = path.len && path.ptr[0] == '/';
    if (absolute) buf_add_char(&out, '/');
    size_t floor = out.len;
    struct str rest = path, part;

    while (str_split_next(&rest, '/', &part)) {
        if (part.len == 0 || str_eq(part, STR("."))) continue;
        if (str_eq(part, STR("..")) && (drop_last_part(&out, floor) || absolute)) continue;
        if (out.len > floor) buf_add_char(&out, '/');
        buf_add(&out, part);
    }
    if (out.len == 0) buf_add_char(&out, '.');
    return arena_str(a, buf_str(&out));
}

struct str path_absolute(struct arena *a, struct str path) {
    if (path.len && path.ptr[0] == '/') return path_normalize(a, path);
    struct str here = system_current_folder(a);
    if (here.len == 0) return path_normalize(a, path);
    return path_normalize(a, arena_printf(a, "%.*s/%.*s", STR_ARG(here), STR_ARG(path)));
}

struct str path_real(struct arena *a, struct str path) {
    char real[SYSTEM_PATH_MAX];
    if (system_real_path(path.ptr, real)) return (struct str){NULL, 0};
    return arena_str(a, str_from(real));
}

bool path_is_below(struct str path, struct str folder) {
    if (!str_starts(path, folder)) return false;
    return path.len == folder.len || path.ptr[folder.len] == '/' || str_eq(folder, STR("/"));
}

struct str path_relative(struct str path, struct str folder) {
    if (str_eq(path, folder)) return STR(".");
    if (str_eq(folder, STR("/"))) return str_slice(path, 1, path.len);
    if (str_starts(path, folder) && path.len > folder.len && path.ptr[folder.len] == '/')
        return str_slice(path, folder.len + 1, path.len);
    return path;
}

struct str path_between(struct arena *a, struct str folder, struct str path) {
    struct buf out = buf_in(a);
    size_t common = 0, at = 0;
    for (;; at++) {
        bool folder_ends = at >= folder.len || folder.ptr[at] == '/', path_ends = at >= path.len || path.ptr[at] == '/';
        if (folder_ends && path_ends) common = at;
        if (at >= folder.len || at >= path.len || folder.ptr[at] != path.ptr[at]) break;
    }
    struct str up = str_slice(folder, common, folder.len), down = str_slice(path, common, path.len), part;
    while (str_split_next(&up, '/', &part))
        if (part.len) buf_add(&out, out.len ? STR("/..") : STR(".."));
    while (str_split_next(&down, '/', &part)) {
        if (part.len == 0) continue;
        if (out.len) buf_add_char(&out, '/');
        buf_add(&out, part);
    }
    if (out.len == 0) buf_add_char(&out, '.');
    return arena_str(a, buf_str(&out));
}

/* Matches one `[...]` that starts at pattern.ptr[*at] against `c`; moves *at behind it. A `[` without its `]` is
 * the character itself. */
static bool match_class(struct str pattern, size_t *at, char c) {
    size_t i = *at + 1;
    bool negated = i < pattern.len && (pattern.ptr[i] == '!' || pattern.ptr[i] == '^');
    bool hit = false;
    if (negated) i++;
    size_t first = i;
    for (; i < pattern.len && (pattern.ptr[i] != ']' || i == first); i++) {
        unsigned char low = (unsigned char)pattern.ptr[i], high = low;
        if (i + 2 < pattern.len && pattern.ptr[i + 1] == '-' && pattern.ptr[i + 2] != ']') {
            high = (unsigned char)pattern.ptr[i + 2];
            i += 2;
        }
        if ((unsigned char)c >= low && (unsigned char)c <= high) hit = true;
    }
    if (i >= pattern.len) {
        *at += 1;
        return c == '[';
    }
    *at = i + 1;
    return c != '/' && hit != negated;
}

/* Matches one pattern item other than `*` at *at against `c`, and moves *at behind it. */
static bool match_one(struct str pattern, size_t *at, char c) {
    char p = pattern.ptr[*at];
    if (p == '[') return match_class(pattern, at, c);
    if (p == '\\' && *at + 1 < pattern.len) p = pattern.ptr[++*at];
    else if (p == '?') {
        *at += 1;
        return c != '/';
    }
    *at += 1;
    return p == c;
}

/* Two places to go back to are enough: the newest `*`, and the newest `**`, each of which may only grow. */
bool path_match(struct str pattern, struct str path) {
    const size_t none = (size_t)-1;
    size_t p = 0, s = 0;
    size_t star_p = none, star_s = 0, deep_p = none, deep_s = 0;

    for (;;) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            bool deep = p + 1 < pattern.len && pattern.ptr[p + 1] == '*';
            while (p < pattern.len && pattern.ptr[p] == '*') p++;
            if (!deep) {
                star_p = p, star_s = s;
                continue;
            }
            /* "**" followed by a slash also matches no folder at all; it may begin only at a part's start. */
            if (p < pattern.len && pattern.ptr[p] == '/') p++;
            deep_p = p, deep_s = s, star_p = none;
            continue;
        }
        if (s == path.len) {
            if (p == pattern.len) return true;
        } else if (p < pattern.len) {
            size_t next = p;
            if (match_one(pattern, &next, path.ptr[s])) {
                p = next, s++;
                continue;
            }
        }
        if (star_p != none && star_s < path.len && path.ptr[star_s] != '/') {
            p = star_p, s = ++star_s;
            continue;
        }
        if (deep_p == none || deep_s >= path.len) return false;
        /* A "**" + "/" that grows must end at a slash, so that "a/" + "**" + "/b" does not match "a/xb". */
        deep_s++;
        if (deep_p > 0 && pattern.ptr[deep_p - 1] == '/')
            while (deep_s < path.len && path.ptr[deep_s - 1] != '/') deep_s++;
        if (deep_p > 0 && pattern.ptr[deep_p - 1] == '/' && path.ptr[deep_s - 1] != '/') return false;
        p = deep_p, s = deep_s, star_p = none;
    }
}
