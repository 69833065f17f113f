/* Strings: the standard's functions and cel-go's string extensions. Positions count characters. */
#include "base/utf8.h"
#include "cel/eval.h"

static void run_contains(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    bool found = args[1].string.len == 0 || str_find(args[0].string, args[1].string) < args[0].string.len;
    if (cel_eval_charge_bytes(e, args[0].string.len, out)) set_bool(out, found);
}

static void run_starts(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    set_bool(out, str_starts(args[0].string, args[1].string));
}

static void run_ends(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    (void)e;
    set_bool(out, str_ends(args[0].string, args[1].string));
}

/* The byte offset of character `index` (the end is one, too); false where `out` is an error. */
static bool offset_of(struct cel_eval *e, struct str s, int64_t index, size_t *offset, struct cel_value *out) {
    if (!cel_eval_charge_bytes(e, s.len, out)) return false;
    if (index >= 0 && (uint64_t)index <= s.len && utf8_offset(s, (size_t)index, offset)) return true;
    cel_eval_index_error(e, out, index);
    return false;
}

static void run_char_at(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    struct str s = args[0].string;
    size_t at;
    if (!offset_of(e, s, args[1].integer, &at, out)) return;
    set_string(out, at == s.len ? STR("") : str_slice(s, at, at + utf8_len(s, at)));
}

/* Where `needle` stands in `s` at byte `from` or behind, in characters; -1 for nowhere. */
static int64_t find_from(struct str s, struct str needle, size_t from) {
    struct str rest = str_slice(s, from, s.len);
    size_t hit = str_find(rest, needle);
    if (needle.len && hit == rest.len) return -1;
    return (int64_t)utf8_count(str_slice(s, 0, from + hit));
}

static void run_index_of(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    if (cel_eval_charge_bytes(e, args[0].string.len, out)) set_int(out, find_from(args[0].string, args[1].string, 0));
}

static void run_index_of_from(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    size_t from;
    if (offset_of(e, args[0].string, args[2].integer, &from, out))
        set_int(out, find_from(args[0].string, args[1].string, from));
}

/* The last place of `needle` that begins at byte `from` or before. */
static void find_last(struct cel_eval *e, struct str s, struct str needle, size_t from, struct cel_value *out) {
    if (needle.len > s.len) {
        set_int(out, -1);
        return;
    }
    if (!cel_eval_charge(e, (s.len / 32 + 1) * (needle.len / 32 + 1), out)) return;
    size_t at = from > s.len - needle.len ? s.len - needle.len : from;
    for (;; at--) {
        if (str_starts(str_slice(s, at, s.len), needle)) {
            set_int(out, (int64_t)utf8_count(str_slice(s, 0, at)));
            return;
        }
        if (at == 0) break;
    }
    set_int(out, -1);
}

static void run_last_index_of(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    find_last(e, args[0].string, args[1].string, args[0].string.len, out);
}

static void run_last_index_of_from(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    size_t from;
    if (offset_of(e, args[0].string, args[2].integer, &from, out))
        find_last(e, args[0].string, args[1].string, from, out);
}

/* A copy of args[0] with the ASCII letters [from, from + 25] moved by `by`. */
static void change_case(struct cel_eval *e, const struct cel_value *args, char from, int by, struct cel_value *out) {
    struct str s = args[0].string;
    if (!cel_eval_charge_bytes(e, s.len, out)) return;
    char *text = arena_alloc_raw(e->arena, s.len);
    for (size_t i = 0; i < s.len; i++) {
        bool letter = s.ptr[i] >= from && s.ptr[i] <= from + 25;
        text[i] = letter ? (char)(s.ptr[i] + by) : s.ptr[i];
    }
    set_string(out, (struct str){text, s.len});
}

static void run_lower(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    change_case(e, args, 'A', 'a' - 'A', out);
}

static void run_upper(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    change_case(e, args, 'a', 'A' - 'a', out);
}

/* Replaces the first `limit` places of `old` (all where it is negative); an empty `old` stands before each character.
 */
static void replace(struct cel_eval *e, struct str s, struct str old, struct str new, int64_t limit,
                    struct cel_value *out) {
    struct buf b = buf_in(e->arena);
    size_t at = 0;

    while (limit != 0) {
        struct str rest = str_slice(s, at, s.len);
        size_t hit = str_find(rest, old);
        if (old.len && hit == rest.len) break;
        if (!cel_eval_charge(e, hit / 32 + new.len / 32 + 1, out)) return;
        buf_add(&b, str_slice(rest, 0, hit));
        buf_add(&b, new);
        at += hit + old.len;
        if (limit > 0) limit--;
        if (old.len) continue;
        if (at == s.len) break;
        size_t len = utf8_len(s, at);
        buf_add(&b, str_slice(s, at, at + len));
        at += len;
    }
    if (!cel_eval_charge_bytes(e, s.len - at, out)) return;
    buf_add(&b, str_slice(s, at, s.len));
    set_string(out, buf_str(&b));
}

static void run_replace(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    replace(e, args[0].string, args[1].string, args[2].string, -1, out);
}

static void run_replace_limit(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    replace(e, args[0].string, args[1].string, args[2].string, args[3].integer, out);
}

struct values VEC(struct cel_value);

/* At most `limit` pieces (the last one holds the rest), all where it is negative; an empty separator splits characters.
 */
static void split(struct cel_eval *e, struct str s, struct str separator, int64_t limit, struct cel_value *out) {
    struct values pieces = {0};
    size_t at = 0;
    bool rest_left = limit != 0 && (separator.len || s.len);

    while (rest_left) {
        struct str rest = str_slice(s, at, s.len);
        size_t hit = separator.len ? str_find(rest, separator) : utf8_len(s, at);
        bool last = hit == rest.len || (limit > 0 && pieces.len + 1 == limit);
        if (last) hit = rest.len;
        if (!cel_eval_charge(e, hit / 32 + 2, out)) return;
        vec_push(e->arena, &pieces, cel_from_string(str_slice(rest, 0, hit)));
        at += hit + separator.len;
        rest_left = !last;
    }
    set_list(out, pieces.items, pieces.len);
}

static void run_split(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    split(e, args[0].string, args[1].string, -1, out);
}

static void run_split_limit(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    split(e, args[0].string, args[1].string, args[2].integer, out);
}

static void join(struct cel_eval *e, const struct cel_value *list, struct str separator, struct cel_value *out) {
    struct buf b = buf_in(e->arena);
    struct cel_value item;

    for (uint32_t i = 0, len = list_len(list); i < len; i++) {
        list_item(list, i, &item);
        if (item.kind != CEL_STRING) {
            cel_eval_failf(e, out, "no such overload: join() takes a list of strings, not of %.*s",
                           STR_ARG(cel_kind_name(item.kind)));
            return;
        }
        if (!cel_eval_charge_bytes(e, item.string.len + separator.len, out)) return;
        if (i) buf_add(&b, separator);
        buf_add(&b, item.string);
    }
    set_string(out, buf_str(&b));
}

static void run_join(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    join(e, &args[0], STR(""), out);
}

static void run_join_with(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    join(e, &args[0], args[1].string, out);
}

static void run_substring(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    size_t from;
    if (!offset_of(e, args[0].string, args[1].integer, &from, out)) return;
    set_string(out, str_slice(args[0].string, from, args[0].string.len));
}

static void run_substring_to(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    size_t from, to;
    if (!offset_of(e, args[0].string, args[1].integer, &from, out)) return;
    if (!offset_of(e, args[0].string, args[2].integer, &to, out)) return;
    if (from <= to) set_string(out, str_slice(args[0].string, from, to));
    else
        cel_eval_failf(e, out, "invalid substring range. start: %lld, end: %lld", (long long)args[1].integer,
                       (long long)args[2].integer);
}

/* Unicode's White_Space. */
static bool is_space(uint32_t c) {
    return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

static void run_trim(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    struct str s = args[0].string;
    size_t start = s.len, end = s.len;
    uint32_t code;

    if (!cel_eval_charge_bytes(e, s.len, out)) return;
    for (size_t at = 0, len; at < s.len; at += len) {
        len = utf8_next(s, at, &code);
        if (is_space(code)) continue;
        if (start == s.len) start = at;
        end = at + len;
    }
    set_string(out, str_slice(s, start, end));
}

static void run_reverse(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    struct str s = args[0].string;
    if (!cel_eval_charge_bytes(e, s.len, out)) return;
    char *text = arena_alloc_raw(e->arena, s.len);
    for (size_t at = 0, len; at < s.len; at += len) {
        len = utf8_len(s, at);
        memcpy(text + s.len - at - len, s.ptr + at, len);
    }
    set_string(out, (struct str){text, s.len});
}

static void run_quote(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    static const char special[] = "\a\b\f\n\r\t\v\\\"", letters[] = "abfnrtv\\\"";
    struct str s = args[0].string;
    struct buf b = buf_in(e->arena);
    uint32_t code;

    if (!cel_eval_charge_bytes(e, s.len, out)) return;
    buf_add_char(&b, '"');
    for (size_t at = 0, len; at < s.len; at += len) {
        len = utf8_next(s, at, &code);
        const char *hit = code && code < 0x80 ? strchr(special, (char)code) : NULL;
        if (hit) {
            buf_add_char(&b, '\\');
            buf_add_char(&b, letters[hit - special]);
        } else {
            utf8_add(&b, code);
        }
    }
    buf_add_char(&b, '"');
    set_string(out, buf_str(&b));
}

#define S KIND(CEL_STRING)
#define I KIND(CEL_INT)
#define L KIND(CEL_LIST)

static const struct cel_function functions[] = {
    {STR_INIT("contains"), true, 2, {S, S}, CEL_BOOL, run_contains},
    {STR_INIT("startsWith"), true, 2, {S, S}, CEL_BOOL, run_starts},
    {STR_INIT("endsWith"), true, 2, {S, S}, CEL_BOOL, run_ends},
    {STR_INIT("charAt"), true, 2, {S, I}, CEL_STRING, run_char_at},
    {STR_INIT("indexOf"), true, 2, {S, S}, CEL_INT, run_index_of},
    {STR_INIT("indexOf"), true, 3, {S, S, I}, CEL_INT, run_index_of_from},
    {STR_INIT("lastIndexOf"), true, 2, {S, S}, CEL_INT, run_last_index_of},
    {STR_INIT("lastIndexOf"), true, 3, {S, S, I}, CEL_INT, run_last_index_of_from},
    {STR_INIT("lowerAscii"), true, 1, {S}, CEL_STRING, run_lower},
    {STR_INIT("upperAscii"), true, 1, {S}, CEL_STRING, run_upper},
    {STR_INIT("replace"), true, 3, {S, S, S}, CEL_STRING, run_replace},
    {STR_INIT("replace"), true, 4, {S, S, S, I}, CEL_STRING, run_replace_limit},
    {STR_INIT("split"), true, 2, {S, S}, CEL_LIST, run_split},
    {STR_INIT("split"), true, 3, {S, S, I}, CEL_LIST, run_split_limit},
    {STR_INIT("join"), true, 1, {L}, CEL_STRING, run_join},
    {STR_INIT("join"), true, 2, {L, S}, CEL_STRING, run_join_with},
    {STR_INIT("substring"), true, 2, {S, I}, CEL_STRING, run_substring},
    {STR_INIT("substring"), true, 3, {S, I, I}, CEL_STRING, run_substring_to},
    {STR_INIT("trim"), true, 1, {S}, CEL_STRING, run_trim},
    {STR_INIT("reverse"), true, 1, {S}, CEL_STRING, run_reverse},
    {STR_INIT("strings.quote"), false, 1, {S}, CEL_STRING, run_quote},
};

const struct cel_table fn_string = CEL_TABLE(functions);
