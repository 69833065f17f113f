/* Functions of strings that make new text: cases, words, tests, sums and encodings. */
#include "base/ascii.h"
#include "base/utf8.h"
#include "template/eval/fn_help.h"
#include "template/go/hash.h"
#include "template/go/unicode.h"

static bool map_runes(struct go_call *call, uint32_t (*map)(uint32_t code)) {
    struct str s = fn_text(call, 0);
    struct buf out = buf_in(call->env->arena);
    uint32_t code;
    for (size_t i = 0; i < s.len;) {
        i += utf8_next(s, i, &code);
        go_add_rune(&out, map(code));
    }
    return fn_give_buf(call, &out);
}

static bool fn_upper(struct go_call *call) {
    return map_runes(call, go_to_upper);
}

static bool fn_lower(struct go_call *call) {
    return map_runes(call, go_to_lower);
}

static bool is_separator(uint32_t code) {
    if (code < 0x80) return !ascii_is_alnum((char)code) && code != '_';
    return !go_is_letter(code) && !go_is_digit(code) && go_is_space(code);
}

static bool fn_title(struct go_call *call) {
    struct str s = fn_text(call, 0);
    struct buf out = buf_in(call->env->arena);
    uint32_t code, before = ' ';
    for (size_t i = 0; i < s.len; before = code) {
        i += utf8_next(s, i, &code);
        go_add_rune(&out, is_separator(before) ? go_to_title(code) : code);
    }
    return fn_give_buf(call, &out);
}

/* The first letter of each word in lower case. */
static bool fn_untitle(struct go_call *call) {
    struct str s = fn_text(call, 0);
    struct buf out = buf_in(call->env->arena);
    bool first = true;
    uint32_t code;
    for (size_t i = 0; i < s.len;) {
        i += utf8_next(s, i, &code);
        bool space = go_is_space(code);
        go_add_rune(&out, first && !space ? go_to_lower(code) : code);
        first = space;
    }
    return fn_give_buf(call, &out);
}

static bool fn_swapcase(struct go_call *call) {
    struct str s = fn_text(call, 0);
    struct buf out = buf_in(call->env->arena);
    bool after_space = true;
    uint32_t code;
    for (size_t i = 0; i < s.len;) {
        i += utf8_next(s, i, &code);
        uint32_t swapped = code;
        if (go_is_upper(code) || go_is_title(code)) {
            swapped = go_to_lower(code);
            after_space = false;
        } else if (go_is_lower(code)) {
            swapped = after_space ? go_to_title(code) : go_to_upper(code);
            after_space = false;
        } else {
            after_space = go_is_space(code);
        }
        go_add_rune(&out, swapped);
    }
    return fn_give_buf(call, &out);
}

/* initials and nospace take each byte for a character of its own: what is no ASCII comes out broken. */
static bool fn_initials(struct go_call *call) {
    struct str s = fn_text(call, 0);
    struct buf out = buf_in(call->env->arena);
    bool first = true;
    for (size_t i = 0; i < s.len; i++) {
        uint32_t code = (unsigned char)s.ptr[i];
        bool space = go_is_space(code);
        if (first && !space) go_add_rune(&out, code);
        first = space;
    }
    return fn_give_buf(call, &out);
}

static bool fn_nospace(struct go_call *call) {
    struct str s = fn_text(call, 0);
    struct buf out = buf_in(call->env->arena);
    bool any = false;
    for (size_t i = 0; i < s.len; i++) {
        uint32_t code = (unsigned char)s.ptr[i];
        if (go_is_space(code)) any = true;
        else go_add_rune(&out, code);
    }
    return any ? fn_give_buf(call, &out) : go_give(call, call->args[0]);
}

static struct str abbreviate(struct arena *a, struct str s, int64_t offset, int64_t width) {
    int64_t len = (int64_t)s.len;
    if (len <= width) return s;
    if (offset > len) offset = len;
    if (len - offset < width - 3) offset = len - (width - 3);
    if (offset <= 4) return arena_printf(a, "%.*s...", STR_ARG(str_slice(s, 0, (size_t)(width - 3))));
    if (width < 7) return STR("");
    struct str rest = str_slice(s, (size_t)(offset + width - 3 < len ? offset : len - (width - 3)), s.len);
    if (offset + width - 3 < len) rest = width - 3 < 4 ? STR("") : abbreviate(a, rest, 0, width - 3);
    return arena_printf(a, "...%.*s", STR_ARG(rest));
}

static bool fn_abbrev(struct go_call *call) {
    int64_t width = call->args[0].integer;
    if (width < 4) return go_give(call, call->args[1]);
    return fn_give_text(call, abbreviate(call->env->arena, fn_text(call, 1), 0, width));
}

static bool fn_abbrevboth(struct go_call *call) {
    int64_t left = call->args[0].integer, right = call->args[1].integer;
    if (right < 4 || (left > 0 && right < 7)) return go_give(call, call->args[2]);
    return fn_give_text(call, abbreviate(call->env->arena, fn_text(call, 2), left, right));
}

static bool wrap(struct go_call *call, int64_t width, struct str line_end, struct str s, bool long_words) {
    struct buf out = buf_in(call->env->arena);
    size_t at = 0;
    if (width < 1) width = 1;
    if (line_end.len == 0) line_end = STR("\n");
    while (s.len && (int64_t)(s.len - at) > width) {
        if (s.ptr[at] == ' ') {
            at++;
            continue;
        }
        size_t end = at + (size_t)width;
        size_t space = str_rfind_char(str_slice(s, at, end + 1), ' ');
        if (space < (size_t)width + 1) {
            space += at;
        } else if (long_words) {
            buf_add(&out, str_slice(s, at, end));
            buf_add(&out, line_end);
            at = end;
            continue;
        } else {
            space = str_find_char(str_slice(s, end, s.len), ' ') + end;
        }
        buf_add(&out, str_slice(s, at, space));
        at = space;
        if (space == s.len) break;
        buf_add(&out, line_end);
        at++;
    }
    buf_add(&out, str_slice(s, at, s.len));
    return fn_give_buf(call, &out);
}

static bool fn_wrap(struct go_call *call) {
    return wrap(call, call->args[0].integer, STR(""), fn_text(call, 1), false);
}

static bool fn_wrap_with(struct go_call *call) {
    return wrap(call, call->args[0].integer, fn_text(call, 1), fn_text(call, 2), true);
}

static bool fn_plural(struct go_call *call) {
    return go_give(call, call->args[call->args[2].integer == 1 ? 0 : 1]);
}

static bool fn_contains(struct go_call *call) {
    struct str needle = fn_text(call, 0), s = fn_text(call, 1);
    return go_give(call, go_bool(needle.len == 0 || str_find(s, needle) < s.len));
}

static bool fn_has_prefix(struct go_call *call) {
    return go_give(call, go_bool(str_starts(fn_text(call, 1), fn_text(call, 0))));
}

static bool fn_has_suffix(struct go_call *call) {
    return go_give(call, go_bool(str_ends(fn_text(call, 1), fn_text(call, 0))));
}

/* The pieces of `s` between separators, at most `limit` (below 0: all); without a separator its characters. */
static struct go_value split(struct go_call *call, struct str separator, struct str s, int64_t limit) {
    struct VEC(struct go_value) pieces = {0};
    uint32_t code;
    size_t at = 0;
    if (limit == 0) return go_list(&GO_TYPE_STRINGS, NULL, 0);
    while (limit < 0 || pieces.len + 1 < limit) {
        if (separator.len == 0 && at >= s.len) break;
        struct str rest = str_slice(s, at, s.len);
        size_t len = separator.len ? str_find(rest, separator) : utf8_next(s, at, &code);
        if (separator.len && len == rest.len) break;
        if (separator.len == 0 && at + len == s.len) break;
        vec_push(call->env->arena, &pieces, go_string(str_slice(rest, 0, len)));
        at += len + separator.len;
    }
    if (separator.len || at < s.len) vec_push(call->env->arena, &pieces, go_string(str_slice(s, at, s.len)));
    if (!pieces.items) pieces.items = fn_items(call, 0);
    return go_list(&GO_TYPE_STRINGS, pieces.items, pieces.len);
}

static bool give_pieces(struct go_call *call, struct go_value pieces) {
    struct go_value map = go_map(call->env, &GO_TYPE_STRING_MAP, pieces.list.len);
    for (uint32_t i = 0; i < pieces.list.len; i++)
        go_map_set(call->env, map.map, arena_printf(call->env->arena, "_%u", i), pieces.list.items[i]);
    return go_give(call, map);
}

static bool fn_split(struct go_call *call) {
    return give_pieces(call, split(call, fn_text(call, 0), fn_text(call, 1), -1));
}

static bool fn_split_list(struct go_call *call) {
    return go_give(call, split(call, fn_text(call, 0), fn_text(call, 1), -1));
}

static bool fn_splitn(struct go_call *call) {
    return give_pieces(call, split(call, fn_text(call, 0), fn_text(call, 2), call->args[1].integer));
}

/* The sum of a text; of one with holes a hole whose length is known. */
static bool give_sum(struct go_call *call, void (*sum)(struct buf *out, struct str s), int64_t length) {
    const struct go_hole *hole = fn_hole(call, &call->args[0]);
    struct buf out = buf_in(call->env->arena);
    if (hole) {
        struct go_value unknown = go_hole_value(call->env, &GO_TYPE_STRING, hole->reason, 1, length);
        return go_give(call, go_with_paths(call->env, unknown, go_paths_of(call->env, &call->args[0])));
    }
    sum(&out, fn_text(call, 0));
    struct go_value text = go_string(buf_str(&out));
    return go_give(call, go_with_paths(call->env, text, go_paths_of(call->env, &call->args[0])));
}

static bool fn_sha1sum(struct go_call *call) {
    return give_sum(call, go_sha1, 40);
}

static bool fn_sha256sum(struct go_call *call) {
    return give_sum(call, go_sha256, 64);
}

static bool fn_sha512sum(struct go_call *call) {
    return give_sum(call, go_sha512, 128);
}

static bool fn_adler32sum(struct go_call *call) {
    return give_sum(call, go_adler32, -1);
}

static bool fn_b64enc(struct go_call *call) {
    int64_t length = fn_hole(call, &call->args[0]) ? go_text_length(&call->args[0]) : 0;
    return give_sum(call, go_base64_encode, length < 0 ? -1 : (length + 2) / 3 * 4);
}

static bool fn_b32enc(struct go_call *call) {
    int64_t length = fn_hole(call, &call->args[0]) ? go_text_length(&call->args[0]) : 0;
    return give_sum(call, go_base32_encode, length < 0 ? -1 : (length + 4) / 5 * 8);
}

/* Of a text that is none such the error's text is the result. */
static bool give_decoded(struct go_call *call, const char *name, bool (*decode)(struct buf *, struct str, size_t *)) {
    struct buf out = buf_in(call->env->arena);
    size_t bad;
    if (decode(&out, fn_text(call, 0), &bad)) return fn_give_buf(call, &out);
    return fn_give_text(call, arena_printf(call->env->arena, "illegal %s data at input byte %zu", name, bad));
}

static bool fn_b64dec(struct go_call *call) {
    return give_decoded(call, "base64", go_base64_decode);
}

static bool fn_b32dec(struct go_call *call) {
    return give_decoded(call, "base32", go_base32_decode);
}

const struct go_function FN_STRINGS[] = {
    {"abbrev", "is:s", fn_abbrev, 0},
    {"abbrevboth", "iis:s", fn_abbrevboth, 0},
    {"adler32sum", "s:s", fn_adler32sum, FN_HOLES},
    {"b32dec", "s:s", fn_b32dec, 0},
    {"b32enc", "s:s", fn_b32enc, FN_HOLES},
    {"b64dec", "s:s", fn_b64dec, 0},
    {"b64enc", "s:s", fn_b64enc, FN_HOLES},
    {"contains", "ss:b", fn_contains, 0},
    {"hasPrefix", "ss:b", fn_has_prefix, 0},
    {"hasSuffix", "ss:b", fn_has_suffix, 0},
    {"initials", "s:s", fn_initials, 0},
    {"lower", "s:s", fn_lower, 0},
    {"nospace", "s:s", fn_nospace, 0},
    {"plural", "ssi:s", fn_plural, 0},
    {"sha1sum", "s:s", fn_sha1sum, FN_HOLES},
    {"sha256sum", "s:s", fn_sha256sum, FN_HOLES},
    {"sha512sum", "s:s", fn_sha512sum, FN_HOLES},
    {"split", "ss:M", fn_split, 0},
    {"splitList", "ss:S", fn_split_list, 0},
    {"splitn", "sis:M", fn_splitn, 0},
    {"swapcase", "s:s", fn_swapcase, 0},
    {"title", "s:s", fn_title, 0},
    {"untitle", "s:s", fn_untitle, 0},
    {"upper", "s:s", fn_upper, 0},
    {"wrap", "is:s", fn_wrap, 0},
    {"wrapWith", "iss:s", fn_wrap_with, 0},
    {0},
};
