/* Functions that copy stretches of text. They keep the runs of what they copy, and holes where these are: a hole at an
 * edge that is cut or tested stays a hole, but its length is not sure any more. */
#include "base/utf8.h"
#include "template/eval/fn_help.h"
#include "template/go/unicode.h"

/* Adds a hole that was changed in a way that is not known; `may_vanish`: to nothing, perhaps. */
static void add_changed_hole(struct go_text *text, const struct go_hole *hole, bool may_vanish) {
    struct go_hole *changed = arena_new(text->env->arena, struct go_hole);
    *changed = *hole;
    changed->length = -1;
    if (may_vanish) changed->truth = -1;
    go_text_add_hole(text, changed);
}

/* A string that is unknown because of `from`. */
static bool give_unknown(struct go_call *call, const struct go_hole *from) {
    return go_give(call, go_hole_like(call->env, &GO_TYPE_STRING, from));
}

/* Adds [from, to) of a string with `old` replaced by `new` in its known stretches. */
static void add_replaced(struct go_text *text, const struct go_value *v, struct str old, struct str new,
                         bool may_vanish) {
    for (size_t at = 0, end; at < v->text.len; at = end) {
        const struct go_hole *hole = fn_stretch_at(v, at, &end);
        if (hole) {
            add_changed_hole(text, hole, may_vanish);
            continue;
        }
        while (at < end) {
            size_t found = str_find(str_slice(v->text, at, end), old) + at;
            go_text_add_part(text, v, at, found < end ? found : end);
            if (found >= end) break;
            go_text_add(text, new);
            at = found + old.len;
        }
    }
}

static bool indent(struct go_call *call, const char *before) {
    int64_t spaces = call->args[0].integer;
    if (spaces < 0) return go_fail(call, "strings: negative Repeat count");
    size_t lines = 1;
    for (size_t i = 0; i < fn_text(call, 1).len; i++) lines += fn_text(call, 1).ptr[i] == '\n';
    if (spaces > UINT32_MAX || !go_spend(call, lines * (uint64_t)spaces))
        return go_fail(call, "the result is too large");
    struct buf line = buf_in(call->env->arena);
    buf_add_char(&line, '\n');
    buf_add_repeat(&line, ' ', (size_t)spaces);
    struct go_text text = go_text_in(call->env);
    go_text_add(&text, str_from(before));
    go_text_add(&text, str_slice(buf_str(&line), 1, line.len));
    add_replaced(&text, &call->args[1], STR("\n"), buf_str(&line), false);
    return go_give(call, go_text_value(&text));
}

static bool fn_indent(struct go_call *call) {
    return indent(call, "");
}

static bool fn_nindent(struct go_call *call) {
    return indent(call, "\n");
}

/* An empty `old` is before each character and at the end. */
static bool fn_replace(struct go_call *call) {
    const struct go_value *source = &call->args[2];
    struct str old = fn_text(call, 0), new = fn_text(call, 1);
    const struct go_hole *hole = fn_hole(call, &call->args[0]);
    struct go_text text = go_text_in(call->env);
    if (!hole) hole = fn_hole(call, &call->args[1]);
    if (!hole && old.len != 1) hole = fn_hole(call, source);
    if (hole) return give_unknown(call, hole);
    if (!go_spend(call, (uint64_t)source->text.len * (old.len ? new.len / old.len + 1 : new.len + 1) / 8)) return false;
    if (old.len) {
        add_replaced(&text, source, old, new, true);
        return go_give(call, go_text_value(&text));
    }
    uint32_t code;
    for (size_t at = 0, len; at < source->text.len; at += len) {
        len = utf8_next(source->text, at, &code);
        go_text_add(&text, new);
        go_text_add_part(&text, source, at, at + len);
    }
    go_text_add(&text, new);
    return go_give(call, go_text_value(&text));
}

/* The string argument `index` without what lies before `from` and behind `to`. */
static bool give_part(struct go_call *call, uint32_t index, size_t from, size_t to) {
    const struct go_value *v = &call->args[index];
    if (from == 0 && to == v->text.len) return go_give(call, *v);
    struct go_text text = go_text_in(call->env);
    go_text_add_part(&text, v, from, to);
    return go_give(call, go_text_value(&text));
}

/* The same where a hole stands at an edge that was looked at: there the hole goes on, changed. */
static bool give_with_open_edges(struct go_call *call, const struct go_value *v, bool front, bool back) {
    struct go_text text = go_text_in(call->env);
    for (size_t at = 0, end; at < v->text.len; at = end) {
        const struct go_hole *hole = fn_stretch_at(v, at, &end);
        bool edge = (front && at == 0) || (back && end == v->text.len);
        if (hole && edge) add_changed_hole(&text, hole, true);
        else go_text_add_part(&text, v, at, end);
    }
    return go_give(call, go_text_value(&text));
}

/* Where the known bytes at the front end, and where those at the back begin. */
static void known_edges(const struct go_call *call, const struct go_value *v, size_t *front, size_t *back) {
    size_t end;
    *front = v->text.len;
    *back = 0;
    if (!fn_hole(call, v)) return;
    *front = 0;
    for (size_t at = 0; at < v->text.len; at = end) {
        if (!fn_stretch_at(v, at, &end)) {
            if (at == 0) *front = end;
            continue;
        }
        *back = end;
    }
}

static bool in_set(struct str set, struct str rune) {
    return rune.len && str_find(set, rune) < set.len;
}

/* Trims what `drop` says of each character from both ends. */
static bool trim(struct go_call *call, uint32_t index, bool (*drop)(struct str set, struct str rune), struct str set) {
    const struct go_value *v = &call->args[index];
    struct str s = v->text;
    size_t front, back, from = 0, to = s.len;
    known_edges(call, v, &front, &back);
    uint32_t code;
    while (from < front) {
        size_t len = utf8_next(s, from, &code);
        if (from + len > front || !drop(set, str_slice(s, from, from + len))) break;
        from += len;
    }
    size_t floor = back > from ? back : from;
    while (to > floor) {
        size_t before = utf8_previous(str_slice(s, floor, s.len), to - floor) + floor;
        if (!drop(set, str_slice(s, before, to))) break;
        to = before;
    }
    bool open_front = from == front && front < s.len, open_back = to == back && back > 0;
    if (!give_part(call, index, from, to)) return false;
    struct go_value trimmed = call->result;
    return open_front || open_back ? give_with_open_edges(call, &trimmed, open_front, open_back) : true;
}

static bool is_space_rune(struct str set, struct str rune) {
    (void)set;
    return go_trim_space(rune).len == 0;
}

/* A byte that is no UTF-8 counts as U+FFFD. */
static bool is_in_set(struct str set, struct str rune) {
    if (in_set(set, rune) && go_is_utf8(rune)) return true;
    if (go_is_utf8(rune) && !str_eq(rune, STR("\xEF\xBF\xBD"))) return false;
    bool bad_in_set = !go_is_utf8(set) || in_set(set, STR("\xEF\xBF\xBD"));
    return bad_in_set;
}

static bool fn_trim(struct go_call *call) {
    return trim(call, 0, is_space_rune, STR(""));
}

static bool fn_trim_all(struct go_call *call) {
    const struct go_hole *hole = fn_hole(call, &call->args[0]);
    return hole ? give_unknown(call, hole) : trim(call, 1, is_in_set, fn_text(call, 0));
}

static bool fn_trim_suffix(struct go_call *call) {
    const struct go_value *v = &call->args[1];
    struct str suffix = fn_text(call, 0);
    size_t front, back;
    if (fn_hole(call, &call->args[0])) return give_unknown(call, fn_hole(call, &call->args[0]));
    known_edges(call, v, &front, &back);
    if (back > 0 && v->text.len - back < suffix.len) return give_with_open_edges(call, v, false, true);
    bool ends = str_ends(v->text, suffix);
    return give_part(call, 1, 0, v->text.len - (ends ? suffix.len : 0));
}

static bool fn_trim_prefix(struct go_call *call) {
    const struct go_value *v = &call->args[1];
    struct str prefix = fn_text(call, 0);
    size_t front, back;
    if (fn_hole(call, &call->args[0])) return give_unknown(call, fn_hole(call, &call->args[0]));
    known_edges(call, v, &front, &back);
    if (front < v->text.len && front < prefix.len) return give_with_open_edges(call, v, true, false);
    return give_part(call, 1, str_starts(v->text, prefix) ? prefix.len : 0, v->text.len);
}

static bool fn_trunc(struct go_call *call) {
    const struct go_value *v = &call->args[1];
    int64_t count = call->args[0].integer, len = (int64_t)v->text.len;
    const struct go_hole *hole = fn_hole(call, v);
    if (hole) {
        size_t front, back;
        int64_t real = go_text_length(v);
        known_edges(call, v, &front, &back);
        if (count >= 0 && real >= 0 && real <= count) return go_give(call, *v);
        if (count >= 0 && (int64_t)front >= count) return give_part(call, 1, 0, (size_t)count);
        if (count < 0 && len - (int64_t)back >= -count) return give_part(call, 1, (size_t)(len + count), (size_t)len);
        int64_t kept = real < 0 ? -1 : count < 0 ? (real + count > 0 ? -count : real) : count;
        return go_give(call, go_hole_value(call->env, &GO_TYPE_STRING, hole->reason, -1, kept));
    }
    if (count < 0 && len + count > 0) return give_part(call, 1, (size_t)(len + count), (size_t)len);
    if (count >= 0 && len > count) return give_part(call, 1, 0, (size_t)count);
    return go_give(call, *v);
}

/* Go's panic for a slice of a string out of its bounds. */
static bool fail_slice(struct go_call *call, int64_t from, int64_t to, int64_t len, bool open) {
    const char *prefix = "runtime error: slice bounds out of range";
    if (!open && (to < 0 || to > len)) {
        if (to < 0) return go_fail(call, "%s [:%lld]", prefix, (long long)to);
        return go_fail(call, "%s [:%lld] with length %lld", prefix, (long long)to, (long long)len);
    }
    return go_fail(call, "%s [%lld:%lld]", prefix, (long long)from, (long long)(open ? len : to));
}

static bool fn_substr(struct go_call *call) {
    int64_t start = call->args[0].integer, end = call->args[1].integer, len = (int64_t)fn_text(call, 2).len;
    const struct go_hole *hole = fn_hole(call, &call->args[2]);
    if (hole) return give_unknown(call, hole);
    if (start < 0) {
        if (end < 0 || end > len) return fail_slice(call, 0, end, len, false);
        return give_part(call, 2, 0, (size_t)end);
    }
    if (end < 0 || end > len) {
        if (start > len) return fail_slice(call, start, end, len, true);
        return give_part(call, 2, (size_t)start, (size_t)len);
    }
    if (start > end) return fail_slice(call, start, end, len, false);
    return give_part(call, 2, (size_t)start, (size_t)end);
}

static bool fn_repeat(struct go_call *call) {
    int64_t count = call->args[0].integer;
    if (count < 0) return go_fail(call, "strings: negative Repeat count");
    if (fn_text(call, 1).len == 0) return fn_give_text(call, STR(""));
    if (count > UINT32_MAX || !go_spend(call, (uint64_t)count * fn_text(call, 1).len))
        return go_fail(call, "the result is too large");
    struct go_text text = go_text_in(call->env);
    for (int64_t i = 0; i < count; i++) go_text_add_value(&text, &call->args[1]);
    return go_give(call, go_text_value(&text));
}

void fn_add_strval(struct go_text *text, const struct go_value *v) {
    if (v->type == &GO_TYPE_BYTES) go_text_add_value(text, v);
    else go_print(text, v);
}

/* A known stretch of a string between quotes, as %q escapes it, without the quotes. */
static void add_escaped(struct go_text *text, const struct go_value *v, size_t from, size_t to) {
    struct buf out = buf_in(text->env->arena);
    for (size_t at = from, end; at < to; at = end) {
        /* Each run on its own, so that it keeps what it shows. */
        size_t start;
        end = to;
        if (v->runs) {
            go_text_hole_at(v, at, &start, &end);
            if (end > to || end <= at) end = to;
        }
        struct str piece = str_slice(v->text, at, end);
        bool plain = true;
        for (size_t i = 0; i < piece.len && plain; i++)
            plain = piece.ptr[i] >= ' ' && piece.ptr[i] != '"' && piece.ptr[i] != '\\' && piece.ptr[i] != 0x7F;
        if (plain) {
            go_text_add_part(text, v, at, end);
            continue;
        }
        out = buf_in(text->env->arena);
        go_quote(&out, piece, '"', false);
        struct str escaped = str_slice(buf_str(&out), 1, out.len - 1);
        const struct go_paths *paths = NULL;
        for (uint32_t i = 0; v->runs && i < v->runs->count; i++) {
            if (at >= v->runs->items[i].end) continue;
            paths = v->runs->items[i].paths;
            break;
        }
        go_text_add_shown(text, escaped, paths);
    }
}

static void add_quoted(struct go_text *text, const struct go_value *v) {
    struct go_text plain = go_text_in(text->env);
    fn_add_strval(&plain, v);
    struct go_value s = go_text_value(&plain);
    go_text_add(text, STR("\""));
    for (size_t at = 0, end; at < s.text.len; at = end) {
        const struct go_hole *hole = fn_stretch_at(&s, at, &end);
        if (hole) add_changed_hole(text, hole, false);
        else add_escaped(text, &s, at, end);
    }
    go_text_add(text, STR("\""));
}

static void add_single_quoted(struct go_text *text, const struct go_value *v) {
    go_text_add(text, STR("'"));
    go_print(text, v);
    go_text_add(text, STR("'"));
}

/* All arguments but nil, with a space between two. */
static bool put_together(struct go_call *call, void (*add)(struct go_text *text, const struct go_value *v)) {
    struct go_text text = go_text_in(call->env);
    bool first = true;
    for (uint32_t i = 0; i < call->count; i++) {
        const struct go_value *v = &call->args[i];
        if (go_is_nil(v)) continue;
        if (go_kind(v) == GO_HOLE && v->hole->type == &GO_TYPE_HOLE)
            return give_unknown(call, v->hole); /* nil, perhaps */
        if (!first) go_text_add(&text, STR(" "));
        first = false;
        add(&text, v);
    }
    return go_give(call, go_text_value(&text));
}

static bool fn_quote(struct go_call *call) {
    return put_together(call, add_quoted);
}

static bool fn_squote(struct go_call *call) {
    return put_together(call, add_single_quoted);
}

/* cat trims its own format, "%v %v ", which is never more than the one space behind it. */
static bool fn_cat(struct go_call *call) {
    return put_together(call, go_print);
}

static bool fn_to_string(struct go_call *call) {
    struct go_text text = go_text_in(call->env);
    fn_add_strval(&text, &call->args[0]);
    return go_give(call, go_text_value(&text));
}

static bool fn_print(struct go_call *call) {
    struct go_text text = go_text_in(call->env);
    bool string_before = true;
    for (uint32_t i = 0; i < call->count; i++) {
        const struct go_value *v = &call->args[i];
        if (go_kind(v) == GO_HOLE && v->hole->type == &GO_TYPE_HOLE) return give_unknown(call, v->hole);
        bool string = go_kind(v) == GO_STRING;
        if (i > 0 && !string && !string_before) go_text_add(&text, STR(" "));
        go_print(&text, v);
        string_before = string;
    }
    return go_give(call, go_text_value(&text));
}

static bool fn_println(struct go_call *call) {
    struct go_text text = go_text_in(call->env);
    for (uint32_t i = 0; i < call->count; i++) {
        if (i > 0) go_text_add(&text, STR(" "));
        go_print(&text, &call->args[i]);
    }
    go_text_add(&text, STR("\n"));
    return go_give(call, go_text_value(&text));
}

static bool fn_printf(struct go_call *call) {
    const struct go_hole *hole = fn_hole(call, &call->args[0]);
    if (hole) return give_unknown(call, hole);
    struct go_text text = go_text_in(call->env);
    go_printf(&text, fn_text(call, 0), call->args + 1, call->count - 1);
    return go_give(call, go_text_value(&text));
}

/* The strings of a list, with `separator` between two. */
static bool fn_join(struct go_call *call) {
    const struct go_hole *hole = fn_hole(call, &call->args[0]);
    struct go_value strings = fn_strings(call, &call->args[1]);
    if (go_kind(&strings) == GO_HOLE) hole = strings.hole;
    if (hole) return give_unknown(call, hole);
    struct go_text text = go_text_in(call->env);
    for (uint32_t i = 0; i < strings.list.len; i++) {
        if (i > 0) go_text_add_value(&text, &call->args[0]);
        go_text_add_value(&text, &strings.list.items[i]);
    }
    return go_give(call, go_text_value(&text));
}

const struct go_function FN_TEXT[] = {
    {"cat", "a*:s", fn_cat, FN_HOLES},
    {"indent", "is:s", fn_indent, FN_HOLES},
    {"join", "sa:s", fn_join, FN_HOLES},
    {"nindent", "is:s", fn_nindent, FN_HOLES},
    {"print", "a*:s", fn_print, FN_HOLES},
    {"printf", "sa*:s", fn_printf, FN_HOLES},
    {"println", "a*:s", fn_println, FN_HOLES},
    {"quote", "a*:s", fn_quote, FN_HOLES},
    {"repeat", "is:s", fn_repeat, FN_HOLES},
    {"replace", "sss:s", fn_replace, FN_HOLES},
    {"squote", "a*:s", fn_squote, FN_HOLES},
    {"substr", "iis:s", fn_substr, FN_HOLES},
    {"toString", "a:s", fn_to_string, FN_HOLES},
    {"trim", "s:s", fn_trim, FN_HOLES},
    {"trimAll", "ss:s", fn_trim_all, FN_HOLES},
    {"trimPrefix", "ss:s", fn_trim_prefix, FN_HOLES},
    {"trimSuffix", "ss:s", fn_trim_suffix, FN_HOLES},
    {"trimall", "ss:s", fn_trim_all, FN_HOLES},
    {"trunc", "is:s", fn_trunc, FN_HOLES},
    {0},
};
