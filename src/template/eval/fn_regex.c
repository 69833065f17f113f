/* regexMatch and its kin. The pattern is the first argument; the text that is searched the second. */
#include "template/eval/fn_help.h"
#include "template/go/regex.h"
#include "template/go/unicode.h"

/* What regexp.MustCompile says. */
static bool fail_panic(struct go_call *call, struct str pattern, struct str error) {
    struct buf quoted = buf_in(call->env->arena);
    if (go_can_backquote(pattern)) buf_addf(&quoted, "`%.*s`", STR_ARG(pattern));
    else go_quote(&quoted, pattern, '"', false);
    return go_fail(call, "regexp: Compile(%.*s): %.*s", STR_ARG(buf_str(&quoted)), STR_ARG(error));
}

/* Compiles the pattern. Else *result says whether the call has failed (false) or gives a hole (true). `must`: Go's
 * error, without the pattern in front. */
static const struct go_regex *compile(struct go_call *call, bool must, bool *result) {
    const struct go_regex *regex;
    struct str error, pattern = fn_text(call, 0);
    enum go_regex_result compiled = go_regex_compile(call->env->arena, pattern, &regex, &error);
    if (compiled == GO_REGEX_OK) return regex;
    if (compiled == GO_REGEX_UNSURE)
        *result = go_give(call, go_hole_value(call->env, &GO_TYPE_HOLE, STR("a regular expression"), -1, -1));
    else if (must) *result = go_fail(call, "%.*s", STR_ARG(error));
    else *result = fail_panic(call, pattern, error);
    return NULL;
}

static bool give_unsure(struct go_call *call, const struct go_type *type) {
    return go_give(call, go_hole_value(call->env, type, STR("a regular expression"), -1, -1));
}

static bool match(struct go_call *call, bool must) {
    bool result = false;
    struct go_regex_piece found;
    const struct go_regex *regex = compile(call, true, &result);
    if (!regex) return result || must ? result : go_give(call, go_bool(false));
    enum go_regex_result searched = go_regex_find(call->env->arena, regex, fn_text(call, 1), &found);
    if (searched == GO_REGEX_UNSURE) return give_unsure(call, &GO_TYPE_BOOL);
    return go_give(call, go_bool(searched == GO_REGEX_OK));
}

static bool find(struct go_call *call, bool must) {
    bool result = false;
    struct go_regex_piece found = {0, 0};
    const struct go_regex *regex = compile(call, must, &result);
    if (!regex) return result;
    if (go_regex_find(call->env->arena, regex, fn_text(call, 1), &found) == GO_REGEX_UNSURE)
        return give_unsure(call, &GO_TYPE_STRING);
    return fn_give_text(call, str_slice(fn_text(call, 1), found.start, found.end));
}

static bool give_pieces(struct go_call *call, const struct go_regex_pieces *pieces, bool nil) {
    struct go_value *items = fn_items(call, pieces->len);
    for (uint32_t i = 0; i < pieces->len; i++) {
        struct str piece = str_slice(fn_text(call, 1), pieces->items[i].start, pieces->items[i].end);
        items[i] = go_string(piece.ptr ? piece : STR(""));
    }
    return go_give(call, go_list(&GO_TYPE_STRINGS, nil ? NULL : items, pieces->len));
}

static bool find_all(struct go_call *call, bool must) {
    bool result = false;
    struct go_regex_pieces found;
    const struct go_regex *regex = compile(call, must, &result);
    if (!regex) return result;
    int64_t limit = call->args[2].integer;
    if (go_regex_find_all(call->env->arena, regex, fn_text(call, 1), limit, &found) == GO_REGEX_UNSURE)
        return give_unsure(call, &GO_TYPE_STRINGS);
    return give_pieces(call, &found, found.len == 0);
}

static bool split(struct go_call *call, bool must) {
    bool result = false;
    struct go_regex_pieces found;
    const struct go_regex *regex = compile(call, must, &result);
    if (!regex) return result;
    int64_t limit = call->args[2].integer;
    if (go_regex_split(call->env->arena, regex, fn_text(call, 1), limit, &found) == GO_REGEX_UNSURE)
        return give_unsure(call, &GO_TYPE_STRINGS);
    return give_pieces(call, &found, limit == 0);
}

static bool replace(struct go_call *call, bool must, bool literal) {
    bool result = false;
    struct go_regex_parts parts;
    struct str text = fn_text(call, 1);
    struct arena *a = call->env->arena;
    const struct go_regex *regex = compile(call, must, &result);
    if (!regex) return result;
    if (go_regex_replace(a, regex, text, fn_text(call, 2), literal, &parts) == GO_REGEX_UNSURE)
        return give_unsure(call, &GO_TYPE_STRING);
    struct buf out = buf_in(a);
    for (uint32_t i = 0; i < parts.len; i++) {
        const struct go_regex_part *part = &parts.items[i];
        struct str piece = part->replacement.ptr ? part->replacement : str_slice(text, part->start, part->end);
        if (!go_spend(call, piece.len)) return false;
        buf_add(&out, piece);
    }
    return fn_give_buf(call, &out);
}

static bool fn_regex_match(struct go_call *call) {
    return match(call, false);
}

static bool fn_must_regex_match(struct go_call *call) {
    return match(call, true);
}

static bool fn_regex_find(struct go_call *call) {
    return find(call, false);
}

static bool fn_must_regex_find(struct go_call *call) {
    return find(call, true);
}

static bool fn_regex_find_all(struct go_call *call) {
    return find_all(call, false);
}

static bool fn_must_regex_find_all(struct go_call *call) {
    return find_all(call, true);
}

static bool fn_regex_split(struct go_call *call) {
    return split(call, false);
}

static bool fn_must_regex_split(struct go_call *call) {
    return split(call, true);
}

static bool fn_regex_replace_all(struct go_call *call) {
    return replace(call, false, false);
}

static bool fn_must_regex_replace_all(struct go_call *call) {
    return replace(call, true, false);
}

static bool fn_regex_replace_all_literal(struct go_call *call) {
    return replace(call, false, true);
}

static bool fn_must_regex_replace_all_literal(struct go_call *call) {
    return replace(call, true, true);
}

static bool fn_regex_quote_meta(struct go_call *call) {
    struct buf out = buf_in(call->env->arena);
    go_regex_quote(&out, fn_text(call, 0));
    return fn_give_buf(call, &out);
}

const struct go_function FN_REGEX[] = {
    {"mustRegexFind", "ss:s", fn_must_regex_find, 0},
    {"mustRegexFindAll", "ssi:S", fn_must_regex_find_all, 0},
    {"mustRegexMatch", "ss:b", fn_must_regex_match, 0},
    {"mustRegexReplaceAll", "sss:s", fn_must_regex_replace_all, 0},
    {"mustRegexReplaceAllLiteral", "sss:s", fn_must_regex_replace_all_literal, 0},
    {"mustRegexSplit", "ssi:S", fn_must_regex_split, 0},
    {"regexFind", "ss:s", fn_regex_find, 0},
    {"regexFindAll", "ssi:S", fn_regex_find_all, 0},
    {"regexMatch", "ss:b", fn_regex_match, 0},
    {"regexQuoteMeta", "s:s", fn_regex_quote_meta, 0},
    {"regexReplaceAll", "sss:s", fn_regex_replace_all, 0},
    {"regexReplaceAllLiteral", "sss:s", fn_regex_replace_all_literal, 0},
    {"regexSplit", "ssi:S", fn_regex_split, 0},
    {0},
};
