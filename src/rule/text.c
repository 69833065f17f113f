#include "rule/text.h"

#include "rule/rule.h"

static void add_piece(struct arena *a, struct rule_pieces *pieces, struct str text, size_t start, size_t end,
                      bool expression) {
    if (start == end) return;
    vec_push(a, pieces, (struct rule_piece){str_slice(text, start, end), expression, (uint32_t)start});
}

/* Behind the string literal that begins at `at`. */
static size_t skip_literal(struct str text, size_t at) {
    char quote = text.ptr[at];
    for (at++; at < text.len && text.ptr[at] != quote; at++)
        if (text.ptr[at] == '\\') at++;
    return at + 1;
}

/* The brace that closes the one before `at`; text.len where there is none. */
static size_t closing_brace(struct str text, size_t at) {
    unsigned depth = 1;
    while (at < text.len) {
        char c = text.ptr[at];
        if (c == '\'' || c == '"') {
            at = skip_literal(text, at);
            continue;
        }
        if (c == '{') depth++;
        if (c == '}' && --depth == 0) return at;
        at++;
    }
    return text.len;
}

static bool fail(struct cel_error *error, size_t at, struct str message) {
    *error = (struct cel_error){span_make(at, at + 1), message};
    return false;
}

bool rule_text_split(struct arena *a, struct str text, struct rule_pieces *pieces, struct cel_error *error) {
    size_t plain = 0;
    for (size_t at = 0; at < text.len; at++) {
        char c = text.ptr[at];
        if (c != '{' && c != '}') continue;
        if (at + 1 < text.len && text.ptr[at + 1] == c) { /* doubled: the first of the two stays */
            add_piece(a, pieces, text, plain, at + 1, false);
            plain = ++at + 1;
            continue;
        }
        if (c == '}') return fail(error, at, STR("this brace closes nothing; write `}}` for a brace"));
        size_t end = closing_brace(text, at + 1);
        if (end == text.len) return fail(error, at, STR("this brace is never closed; write `{{` for a brace"));
        if (str_trim(str_slice(text, at + 1, end)).len == 0)
            return fail(error, at, STR("there is no expression in these braces"));
        add_piece(a, pieces, text, plain, at, false);
        add_piece(a, pieces, text, at + 1, end, true);
        at = end;
        plain = end + 1;
    }
    add_piece(a, pieces, text, plain, text.len, false);
    return true;
}

/* What went wrong is kept where it is the first. */
static void add_value(struct arena *a, struct buf *out, const struct cel_value *value, struct cel_value *failure) {
    if (value->kind != CEL_ERROR) {
        buf_add(out, cel_to_text(a, value));
        return;
    }
    buf_add_char(out, '?');
    if (failure->kind == CEL_NULL) *failure = *value;
}

struct str rule_text_expand(struct arena *a, const struct rule_set *set, const struct rule *rule, enum rule_text which,
                            const struct cel_value *slots, struct cel_value *failure) {
    struct rule_pieces pieces = {NULL, 0, 0};
    struct buf out = buf_in(a);
    struct cel_error error;

    *failure = (struct cel_value){.kind = CEL_NULL};
    if (str_find_char(rule->texts[which], '{') == rule->texts[which].len) return str_trim(rule->texts[which]);
    if (!rule_text_split(a, rule->texts[which], &pieces, &error)) base_panic("a rule's text was never compiled");
    for (uint32_t i = 0; i < pieces.len; i++) {
        if (!pieces.items[i].expression) {
            buf_add(&out, pieces.items[i].text);
            continue;
        }
        /* Findings are few: compiling for each costs less than compiling all texts at the start of each run. */
        const struct cel_program *program = cel_compile(a, set->env, pieces.items[i].text, &error);
        if (!program) base_panic("a rule's text was never compiled");
        struct cel_value value = cel_eval(program, slots, a, CEL_BUDGET_DEFAULT);
        add_value(a, &out, &value, failure);
    }
    return str_trim(buf_str(&out));
}
