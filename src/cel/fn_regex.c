/* matches, and Kubernetes' find and findAll, by PCRE2. What PCRE2 allocates lies in an arena, so that nothing needs to
 * be freed on any path: a constant pattern lives with its program, all else with the evaluation.
 *
 * Backtracking is bounded: what goes over the limit at one place of the text ends the evaluation. The limit leaves room
 * for patterns that take time linear in the text. An unanchored pattern is tried at each place, so the budget pays for
 * the square of the text's length: with CEL_BUDGET_DEFAULT, texts of more than about 8 KB need an anchor (`^`). */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "cel/eval.h"

#include "base/utf8.h"

/* The most that pcre2_match may do at one place: so much, and so much more for each byte of the text. */
#define LIMIT_ANCHORED 20000
#define LIMIT_FLOATING 1000
#define LIMIT_PER_BYTE 4
#define HEAP_LIMIT_KIB 8192
#define PATTERN_MAX 8192

struct cel_regex {
    pcre2_code *code;
    bool anchored;
};

struct scratch {
    pcre2_general_context *general;
    pcre2_match_context *context;
    pcre2_match_data *data;
};

static void *arena_malloc(size_t size, void *arena) {
    return arena_alloc_raw(arena, size);
}

static void arena_no_free(void *ptr, void *arena) {
    (void)ptr;
    (void)arena;
}

const struct cel_regex *cel_regex_compile(struct arena *a, struct str pattern, struct str *message, uint32_t *offset) {
    /* `$` is the end only, \d and \w are ASCII, as in RE2, which CEL's patterns are written for. */
    uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
    int code;
    PCRE2_SIZE at;

    *offset = 0;
    if (pattern.len > PATTERN_MAX) {
        *message = STR("this pattern is too long");
        return NULL;
    }
    pcre2_general_context *general = pcre2_general_context_create(arena_malloc, arena_no_free, a);
    pcre2_compile_context *context = pcre2_compile_context_create(general);
    struct cel_regex *regex = arena_new(a, struct cel_regex);
    regex->code =
        pcre2_compile((PCRE2_SPTR)(pattern.len ? pattern.ptr : ""), pattern.len, options, &code, &at, context);
    uint32_t all_options = 0;
    if (regex->code) {
        pcre2_pattern_info(regex->code, PCRE2_INFO_ALLOPTIONS, &all_options);
        regex->anchored = (all_options & PCRE2_ANCHORED) != 0;
        return regex;
    }
    char text[256];
    pcre2_get_error_message(code, (PCRE2_UCHAR *)text, sizeof text);
    *message = arena_str(a, str_from(text));
    *offset = (uint32_t)at;
    return NULL;
}

/* The pattern of this call: compiled before, or now. NULL where `out` is an error. */
static const struct cel_regex *pattern_of(struct cel_eval *e, const struct cel_value *pattern, struct cel_value *out) {
    struct str message;
    uint32_t offset;

    if (e->call && e->call->kind == NODE_CALL && e->call->call.regex) return e->call->call.regex;
    if (!cel_eval_charge(e, 200 + 4 * pattern->string.len, out))
        return NULL; /* it takes 100 times a node, and memory */
    const struct cel_regex *regex = cel_regex_compile(e->arena, pattern->string, &message, &offset);
    if (!regex) cel_eval_failf(e, out, "invalid regular expression: %.*s", STR_ARG(message));
    return regex;
}

static struct scratch *scratch_of(struct cel_eval *e) {
    struct scratch *scratch = e->regex_scratch;
    if (scratch) return scratch;
    scratch = arena_new(e->arena, struct scratch);
    scratch->general = pcre2_general_context_create(arena_malloc, arena_no_free, e->arena);
    scratch->context = pcre2_match_context_create(scratch->general);
    scratch->data = pcre2_match_data_create(1, scratch->general);
    pcre2_set_heap_limit(scratch->context, HEAP_LIMIT_KIB);
    e->regex_scratch = scratch;
    return scratch;
}

enum found { FOUND_NOT, FOUND, FOUND_ERROR };

/* Looks for `regex` in `s` from byte `from` on; [*start, *end) is the place. With FOUND_ERROR `out` is an error. */
static enum found match(struct cel_eval *e, const struct cel_regex *regex, struct str s, size_t from, size_t *start,
                        size_t *end, struct cel_value *out) {
    uint64_t len = s.len - from;
    if (!cel_eval_charge(e, 128 + len + (regex->anchored ? 0 : len * len / 64), out)) return FOUND_ERROR;
    struct scratch *scratch = scratch_of(e);
    uint64_t limit = (regex->anchored ? LIMIT_ANCHORED : LIMIT_FLOATING) + len * LIMIT_PER_BYTE;
    pcre2_set_match_limit(scratch->context, limit > UINT32_MAX ? UINT32_MAX : (uint32_t)limit);
    int rc =
        pcre2_match(regex->code, (PCRE2_SPTR)(s.len ? s.ptr : ""), s.len, from, 0, scratch->data, scratch->context);
    if (rc == PCRE2_ERROR_NOMATCH) return FOUND_NOT;
    if (rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_HEAPLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT) {
        cel_eval_fatal(e, out, CEL_FAULT_REGEX);
        return FOUND_ERROR;
    }
    if (rc < 0) {
        cel_eval_failf(e, out, "the text for this regular expression is no UTF-8");
        return FOUND_ERROR;
    }
    const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(scratch->data);
    *start = ovector[0];
    *end = ovector[1];
    return FOUND;
}

static void run_matches(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    size_t start, end;
    const struct cel_regex *regex = pattern_of(e, &args[1], out);
    if (!regex) return;
    enum found found = match(e, regex, args[0].string, 0, &start, &end, out);
    if (found != FOUND_ERROR) set_bool(out, found == FOUND);
}

static void run_find(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    size_t start = 0, end = 0;
    const struct cel_regex *regex = pattern_of(e, &args[1], out);
    if (!regex) return;
    if (match(e, regex, args[0].string, 0, &start, &end, out) == FOUND_ERROR) return;
    set_string(out, start < end ? str_slice(args[0].string, start, end) : STR(""));
}

struct values VEC(struct cel_value);

static void find_all(struct cel_eval *e, const struct cel_value *args, int64_t limit, struct cel_value *out) {
    struct str s = args[0].string;
    struct values found = {0};
    size_t at = 0, start, end, last_end = SIZE_MAX;
    const struct cel_regex *regex = pattern_of(e, &args[1], out);
    if (!regex) return;
    while (at <= s.len && (limit < 0 || found.len < limit)) {
        enum found result = match(e, regex, s, at, &start, &end, out);
        if (result == FOUND_ERROR) return;
        if (result == FOUND_NOT) break;
        if (start != end || start != last_end) /* an empty match next to the one before is none, as in Go */
            vec_push(e->arena, &found, cel_from_string(str_slice(s, start, end)));
        last_end = end;
        at = end;
        if (start != end) continue;
        for (at++; at < s.len && utf8_is_continuation(s.ptr[at]);) at++;
    }
    set_list(out, found.items, found.len);
}

static void run_find_all(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    find_all(e, args, -1, out);
}

static void run_find_all_limit(struct cel_eval *e, const struct cel_value *args, struct cel_value *out) {
    find_all(e, args, args[2].integer, out);
}

#define S KIND(CEL_STRING)

static const struct cel_function functions[] = {
    {STR_INIT("matches"), true, 2, {S, S}, CEL_BOOL, run_matches, 1},
    {STR_INIT("matches"), false, 2, {S, S}, CEL_BOOL, run_matches, 1},
    {STR_INIT("find"), true, 2, {S, S}, CEL_STRING, run_find, 1},
    {STR_INIT("findAll"), true, 2, {S, S}, CEL_LIST, run_find_all, 1},
    {STR_INIT("findAll"), true, 3, {S, S, KIND(CEL_INT)}, CEL_LIST, run_find_all_limit, 1},
};

const struct cel_table fn_regex = CEL_TABLE(functions);
