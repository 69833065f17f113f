#define PCRE2_CODE_UNIT_WIDTH 8
#include "template/go/regex.h"

#include <pcre2.h>
#include <stdio.h>

#include "base/utf8.h"
#include "template/go/unicode.h"

#define MATCH_LIMIT 1000000
#define HEAP_LIMIT_KIB 65536

struct go_regex {
    struct go_regex_syntax syntax;
    pcre2_code *code;
    uint32_t groups; /* the whole match counts as one */
    bool empty;      /* the pattern was */
};

static void *arena_malloc(size_t size, void *arena) {
    return arena_alloc_raw(arena, size);
}

static void arena_no_free(void *ptr, void *arena) {
    (void)ptr;
    (void)arena;
}

enum go_regex_result go_regex_compile(struct arena *a, struct str pattern, const struct go_regex **out,
                                      struct str *error) {
    struct go_regex *regex = arena_new(a, struct go_regex);
    int problem;
    PCRE2_SIZE offset;

    if (!go_regex_translate(a, pattern, &regex->syntax)) {
        *error = regex->syntax.error;
        return GO_REGEX_REFUSED;
    }
    pcre2_general_context *memory = pcre2_general_context_create(arena_malloc, arena_no_free, a);
    pcre2_compile_context *context = memory ? pcre2_compile_context_create(memory) : NULL;
    if (!context) base_panic("out of memory");
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pcre2_set_parens_nest_limit(context, 1000);
    regex->code = pcre2_compile((PCRE2_SPTR)regex->syntax.pattern.ptr, regex->syntax.pattern.len,
                                PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C, &problem, &offset, context);
    if (!regex->code) return GO_REGEX_UNSURE;
    pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &regex->groups);
    regex->groups++;
    regex->empty = pattern.len == 0;
    *out = regex;
    return GO_REGEX_OK;
}

/* A text in which PCRE2 searches: a copy with U+FFFD for each byte that is no UTF-8, where there are such. Then
 * `offsets` leads back: for each byte of the copy the one it stands for. */
struct subject {
    const struct go_regex *regex;
    struct str original, text;
    const size_t *offsets; /* NULL: they are the same */
    pcre2_match_data *data;
    pcre2_match_context *context;
    const PCRE2_SIZE *groups; /* of the match */
};

static void replace_bad_bytes(struct arena *a, struct subject *s) {
    struct buf text = buf_in(a);
    size_t *offsets = arena_array(a, size_t, s->original.len * 3 + 1);
    uint32_t code;
    for (size_t i = 0, len; i < s->original.len; i += len) {
        len = utf8_next(s->original, i, &code);
        size_t from = text.len;
        go_add_rune(&text, code);
        for (size_t k = from; k < text.len; k++) offsets[k] = i;
    }
    offsets[text.len] = s->original.len;
    s->text = buf_str(&text);
    s->offsets = offsets;
}

static struct subject subject_of(struct arena *a, const struct go_regex *regex, struct str text) {
    struct subject s = {.regex = regex, .original = text, .text = text};
    pcre2_general_context *memory = pcre2_general_context_create(arena_malloc, arena_no_free, a);
    s.data = memory ? pcre2_match_data_create_from_pattern(regex->code, memory) : NULL;
    s.context = memory ? pcre2_match_context_create(memory) : NULL;
    if (!s.data || !s.context) base_panic("out of memory");
    pcre2_set_match_limit(s.context, MATCH_LIMIT);
    pcre2_set_heap_limit(s.context, HEAP_LIMIT_KIB);
    if (!go_is_utf8(text)) replace_bad_bytes(a, &s);
    return s;
}

/* The first match at or behind `at` (of the searched text). */
static enum go_regex_result search(struct subject *s, size_t at) {
    PCRE2_SPTR bytes = (PCRE2_SPTR)(s->text.len ? s->text.ptr : "");
    int result = pcre2_match(s->regex->code, bytes, s->text.len, at, PCRE2_NO_UTF_CHECK, s->data, s->context);
    if (result == PCRE2_ERROR_NOMATCH) return GO_REGEX_NONE;
    if (result < 0) return GO_REGEX_UNSURE;
    s->groups = pcre2_get_ovector_pointer(s->data);
    return GO_REGEX_OK;
}

static size_t back(const struct subject *s, size_t at) {
    return s->offsets ? s->offsets[at] : at;
}

static struct go_regex_piece piece(const struct subject *s, size_t start, size_t end) {
    return (struct go_regex_piece){back(s, start), back(s, end)};
}

static size_t width_at(const struct subject *s, size_t at) {
    uint32_t code;
    return at < s->text.len ? utf8_next(s->text, at, &code) : 0;
}

enum go_regex_result go_regex_find(struct arena *a, const struct go_regex *regex, struct str text,
                                   struct go_regex_piece *found) {
    struct subject s = subject_of(a, regex, text);
    enum go_regex_result result = search(&s, 0);
    if (result == GO_REGEX_OK) *found = piece(&s, s.groups[0], s.groups[1]);
    return result;
}

/* All matches, in the searched text. An empty match right behind another one is none. */
static enum go_regex_result find_all(struct arena *a, struct subject *s, int64_t limit, struct go_regex_pieces *found) {
    size_t at = 0, last_end = SIZE_MAX;
    *found = (struct go_regex_pieces){0};
    while (at <= s->text.len && (limit < 0 || found->len < limit)) {
        enum go_regex_result result = search(s, at);
        if (result == GO_REGEX_UNSURE) return result;
        if (result == GO_REGEX_NONE) break;
        struct go_regex_piece match = {s->groups[0], s->groups[1]};
        bool accept = true;
        if (match.end == at) {
            accept = match.start != last_end;
            size_t width = width_at(s, at);
            at = width ? at + width : s->text.len + 1;
        } else {
            at = match.end;
        }
        last_end = match.end;
        if (accept) vec_push(a, found, match);
    }
    return GO_REGEX_OK;
}

enum go_regex_result go_regex_find_all(struct arena *a, const struct go_regex *regex, struct str text, int64_t limit,
                                       struct go_regex_pieces *found) {
    struct subject s = subject_of(a, regex, text);
    enum go_regex_result result = find_all(a, &s, limit, found);
    for (uint32_t i = 0; i < found->len; i++) found->items[i] = piece(&s, found->items[i].start, found->items[i].end);
    return result;
}

enum go_regex_result go_regex_split(struct arena *a, const struct go_regex *regex, struct str text, int64_t limit,
                                    struct go_regex_pieces *found) {
    struct subject s = subject_of(a, regex, text);
    struct go_regex_pieces matches = {0};
    size_t begin = 0, end = 0;
    *found = (struct go_regex_pieces){0};
    if (limit == 0) return GO_REGEX_OK;
    if (!regex->empty && text.len == 0) {
        vec_push(a, found, (struct go_regex_piece){0, 0});
        return GO_REGEX_OK;
    }
    enum go_regex_result result = find_all(a, &s, limit, &matches);
    if (result != GO_REGEX_OK) return result;
    for (uint32_t i = 0; i < matches.len; i++) {
        if (limit > 0 && found->len == limit - 1) break;
        end = matches.items[i].start;
        if (matches.items[i].end != 0) vec_push(a, found, piece(&s, begin, end));
        begin = matches.items[i].end;
    }
    if (end != s.text.len) vec_push(a, found, piece(&s, begin, s.text.len));
    return GO_REGEX_OK;
}

/* The name behind a `$`: `1`, `name`, `{name}`. Returns its length with braces, or 0 where none stands there. */
static size_t read_name(struct str s, struct str *name) {
    bool brace = s.len && s.ptr[0] == '{';
    size_t i = brace, start = brace;
    uint32_t code;
    while (i < s.len) {
        size_t len = utf8_next(s, i, &code);
        if (!go_is_letter(code) && !go_is_digit(code) && code != '_') break;
        i += len;
    }
    if (i == start) return 0;
    *name = str_slice(s, start, i);
    if (!brace) return i;
    return i < s.len && s.ptr[i] == '}' ? i + 1 : 0;
}

/* The group that `name` means; 0 with *found false where there is none. */
static void add_group(struct arena *a, const struct subject *s, struct str name, struct go_regex_parts *parts) {
    uint32_t number = 0;
    bool numeric = name.len < 9 && !(name.len > 1 && name.ptr[0] == '0');
    for (size_t i = 0; i < name.len && numeric; i++) {
        numeric = name.ptr[i] >= '0' && name.ptr[i] <= '9';
        number = number * 10 + (uint32_t)(name.ptr[i] - '0');
    }
    for (uint32_t i = numeric ? number : 1; i < s->regex->groups; i++) {
        if (!numeric && !str_eq(s->regex->syntax.names.items[i - 1], name)) continue;
        PCRE2_SIZE start = s->groups[2 * i];
        if (start != PCRE2_UNSET) {
            struct go_regex_piece found = piece(s, start, s->groups[2 * i + 1]);
            vec_push(a, parts, (struct go_regex_part){found.start, found.end, {NULL, 0}});
            return;
        }
        if (numeric) return;
    }
}

static void add_text(struct arena *a, struct str text, struct go_regex_parts *parts) {
    if (text.len) vec_push(a, parts, (struct go_regex_part){0, 0, text});
}

/* What stands for a match: `template` with its groups put in. */
static void expand(struct arena *a, const struct subject *s, struct str template, struct go_regex_parts *parts) {
    struct str name;
    while (template.len) {
        size_t dollar = str_find_char(template, '$');
        add_text(a, str_slice(template, 0, dollar), parts);
        if (dollar == template.len) return;
        template = str_slice(template, dollar + 1, template.len);
        if (template.len && template.ptr[0] == '$') {
            add_text(a, STR("$"), parts);
            template = str_slice(template, 1, template.len);
            continue;
        }
        size_t len = read_name(template, &name);
        if (len == 0) add_text(a, STR("$"), parts);
        else add_group(a, s, name, parts);
        template = str_slice(template, len, template.len);
    }
}

enum go_regex_result go_regex_replace(struct arena *a, const struct go_regex *regex, struct str text,
                                      struct str replacement, bool literal, struct go_regex_parts *parts) {
    struct subject s = subject_of(a, regex, text);
    size_t last_end = 0, at = 0;
    *parts = (struct go_regex_parts){0};
    if (regex->syntax.unsure_groups && !literal && str_find_char(replacement, '$') < replacement.len)
        return GO_REGEX_UNSURE;
    while (at <= s.text.len) {
        enum go_regex_result result = search(&s, at);
        if (result == GO_REGEX_UNSURE) return result;
        if (result == GO_REGEX_NONE) break;
        struct go_regex_piece match = {s.groups[0], s.groups[1]}, before = piece(&s, last_end, match.start);
        if (before.start < before.end) vec_push(a, parts, (struct go_regex_part){before.start, before.end, {NULL, 0}});
        /* Not for an empty match right behind another one. */
        if (match.end > last_end || match.start == 0) {
            if (literal) add_text(a, replacement, parts);
            else expand(a, &s, replacement, parts);
        }
        last_end = match.end;
        size_t width = width_at(&s, at);
        if (at + width > match.end) at += width;
        else if (at + 1 > match.end) at++;
        else at = match.end;
    }
    struct go_regex_piece rest = piece(&s, last_end, s.text.len);
    if (rest.start < rest.end) vec_push(a, parts, (struct go_regex_part){rest.start, rest.end, {NULL, 0}});
    return GO_REGEX_OK;
}

void go_regex_quote(struct buf *out, struct str s) {
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] && strchr("\\.+*?()|[]{}^$", s.ptr[i])) buf_add_char(out, '\\');
        buf_add_char(out, s.ptr[i]);
    }
}
