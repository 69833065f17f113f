/* Functions of paths with `/`, as Go's package path has them; those of path/filepath are the same on Unix. */
#include "template/eval/fn_help.h"

/* path.Clean: without empty, `.` and, as far as they have something to take away, `..` parts. */
static struct str clean(struct arena *a, struct str path) {
    bool rooted = path.len && path.ptr[0] == '/';
    struct buf out = buf_in(a);
    size_t fixed = rooted, at = 0; /* what `..` must not take away */
    if (rooted) buf_add_char(&out, '/');
    while (at < path.len) {
        size_t end = at + str_find_char(str_slice(path, at, path.len), '/');
        struct str part = str_slice(path, at, end);
        at = end + 1;
        if (part.len == 0 || str_eq(part, STR("."))) continue;
        if (!str_eq(part, STR("..")) || (out.len <= fixed && !rooted)) {
            if (out.len > (size_t)rooted) buf_add_char(&out, '/');
            buf_add(&out, part);
            if (str_eq(part, STR(".."))) fixed = out.len;
        } else if (out.len > fixed) {
            size_t slash = str_rfind_char(str_slice(buf_str(&out), fixed, out.len), '/');
            out.len = slash == out.len - fixed ? fixed : fixed + slash;
        }
    }
    return out.len ? buf_str(&out) : STR(".");
}

static bool fn_base(struct go_call *call) {
    struct str path = fn_text(call, 0);
    if (path.len == 0) return fn_give_text(call, STR("."));
    while (path.len && path.ptr[path.len - 1] == '/') path.len--;
    size_t slash = str_rfind_char(path, '/');
    if (slash < path.len) path = str_slice(path, slash + 1, path.len);
    return fn_give_text(call, path.len ? path : STR("/"));
}

static bool fn_dir(struct go_call *call) {
    struct str path = fn_text(call, 0);
    size_t slash = str_rfind_char(path, '/');
    return fn_give_text(call, clean(call->env->arena, str_slice(path, 0, slash < path.len ? slash + 1 : 0)));
}

static bool fn_clean(struct go_call *call) {
    return fn_give_text(call, clean(call->env->arena, fn_text(call, 0)));
}

static bool fn_ext(struct go_call *call) {
    struct str path = fn_text(call, 0);
    for (size_t i = path.len; i > 0 && path.ptr[i - 1] != '/'; i--)
        if (path.ptr[i - 1] == '.') return fn_give_text(call, str_slice(path, i - 1, path.len));
    return fn_give_text(call, STR(""));
}

static bool fn_is_abs(struct go_call *call) {
    return go_give(call, go_bool(str_starts(fn_text(call, 0), STR("/"))));
}

const struct go_function FN_PATH[] = {
    {"base", "s:s", fn_base, 0},
    {"clean", "s:s", fn_clean, 0},
    {"dir", "s:s", fn_dir, 0},
    {"ext", "s:s", fn_ext, 0},
    {"isAbs", "s:b", fn_is_abs, 0},
    {"osBase", "s:s", fn_base, 0},
    {"osClean", "s:s", fn_clean, 0},
    {"osDir", "s:s", fn_dir, 0},
    {"osExt", "s:s", fn_ext, 0},
    {"osIsAbs", "s:b", fn_is_abs, 0},
    {0},
};
