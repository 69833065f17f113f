/* camelcase, snakecase and kebabcase, as huandu/xstrings cuts texts into words: runs of letters, an upper case letter
 * beginning a new one, runs of digits, of punctuation, of connectors (`-`, `_`, white space) and of all else. */
#include "base/utf8.h"
#include "template/eval/fn_help.h"
#include "template/go/unicode.h"

static bool is_connector(uint32_t code) {
    return code == '-' || code == '_' || go_is_space(code);
}

/* A letter of a script that has words of letters. */
static bool is_alphabet(uint32_t code) {
    if (!go_is_letter(code)) return false;
    return !((code >= 0x3400 && code <= 0x4D85) || (code >= 0x4E00 && code <= 0x9FCC) ||
             (code >= 0x20000 && code <= 0x2B81D));
}

static bool fn_camelcase(struct go_call *call) {
    struct str s = fn_text(call, 0);
    struct buf out = buf_in(call->env->arena);
    uint32_t code = 0, before;
    bool first_was_upper = false;
    size_t i = 0;
    if (s.len == 0) return fn_give_text(call, s);
    while (i < s.len) {
        i += utf8_next(s, i, &code);
        if (!is_connector(code)) {
            first_was_upper = go_is_upper(code);
            code = go_to_upper(code);
            break;
        }
        go_add_rune(&out, code);
    }
    while (i < s.len) {
        before = code;
        i += utf8_next(s, i, &code);
        if (is_connector(code) && is_connector(before)) {
            go_add_rune(&out, before);
        } else if (is_connector(before)) {
            first_was_upper = go_is_upper(code);
            code = go_to_upper(code);
        } else {
            if (first_was_upper && go_is_upper(code)) code = go_to_lower(code);
            else first_was_upper = false;
            go_add_rune(&out, before);
        }
    }
    go_add_rune(&out, code);
    return fn_give_buf(call, &out);
}

enum word { WORD_NONE, WORD_NUMBER, WORD_UPPER, WORD_LETTERS, WORD_CONNECTOR, WORD_PUNCT, WORD_OTHER };

/* The next character that is no U+FFFD and no broken byte; `before` where there is none. *size: with what was skipped.
 */
static uint32_t valid_rune(struct str s, size_t at, uint32_t before, size_t *size) {
    uint32_t code;
    size_t start = at;
    while (at < s.len) {
        at += utf8_next(s, at, &code);
        *size = at - start;
        if (code != UTF8_REPLACEMENT) return code;
    }
    *size = at - start;
    return before;
}

static bool goes_on(enum word word, uint32_t code) {
    switch (word) {
    case WORD_CONNECTOR: return is_connector(code);
    case WORD_PUNCT: return go_is_punct(code);
    case WORD_NUMBER: return go_is_number(code);
    case WORD_UPPER: return go_is_upper(code);
    case WORD_LETTERS: return is_alphabet(code) && !go_is_upper(code);
    default: return !is_connector(code) && !is_alphabet(code) && !go_is_number(code) && !go_is_punct(code);
    }
}

static enum word begin_word(uint32_t code) {
    if (is_connector(code)) return WORD_CONNECTOR;
    if (go_is_punct(code)) return WORD_PUNCT;
    if (go_is_upper(code)) return WORD_UPPER;
    if (is_alphabet(code)) return WORD_LETTERS;
    return go_is_number(code) ? WORD_NUMBER : WORD_OTHER;
}

struct words {
    struct str rest;
    enum word word; /* the kind of the one at hand */
    struct str text;
};

/* Goes on at *at while the characters belong to `word`; *last is the size of the last one, *code what ended it. */
static void run_on(struct str s, size_t *at, enum word word, uint32_t *code, size_t *last) {
    size_t size;
    while (*at < s.len) {
        *code = valid_rune(s, *at, *code, &size);
        if (!goes_on(word, *code)) return;
        *last = size;
        *at += size;
    }
}

static void next_word(struct words *w) {
    struct str s = w->rest;
    size_t at, last = 0, size;
    w->text = STR("");
    w->word = WORD_NONE;
    if (s.len == 0) return;
    uint32_t code = valid_rune(s, 0, UTF8_REPLACEMENT, &at);
    if (code != UTF8_REPLACEMENT) {
        enum word word = w->word = begin_word(code);
        if (word == WORD_UPPER && at < s.len) {
            uint32_t second = valid_rune(s, at, code, &size);
            if (go_is_upper(second)) {
                /* HTTPServer: the S begins the next word. */
                run_on(s, &at, WORD_UPPER, &code, &last);
                if (at < s.len && is_alphabet(code)) at -= last;
            } else if (is_alphabet(second)) {
                run_on(s, &at, WORD_LETTERS, &code, &last);
            }
        } else {
            run_on(s, &at, word, &code, &last);
        }
    }
    w->text = str_slice(s, 0, at);
    w->rest = str_slice(s, at, s.len);
}

/* Adds a word; upper case becomes lower, connectors the one that is wanted. */
static void add_word(struct buf *out, enum word word, struct str s, char connector) {
    uint32_t code;
    if (word != WORD_UPPER && word != WORD_CONNECTOR) {
        buf_add(out, s);
        return;
    }
    for (size_t i = 0; i < s.len;) {
        i += utf8_next(s, i, &code);
        go_add_rune(out, is_connector(code) ? (unsigned char)connector : go_is_upper(code) ? go_to_lower(code) : code);
    }
}

/* Adds the letters and numbers that follow, which belong to the number before them. */
static void add_with_number(struct words *w, struct buf *out, char connector) {
    while (w->word == WORD_LETTERS || w->word == WORD_NUMBER) {
        add_word(out, w->word, w->text, connector);
        next_word(w);
    }
    if (w->word != WORD_NONE && w->word != WORD_PUNCT && w->word != WORD_CONNECTOR) buf_add_char(out, connector);
}

/* After a word of letters: what separates it from the next one. A number belongs to it (bld4_floor), unless small
 * letters follow the number (http_2xx). */
static void add_after_letters(struct words *w, struct buf *out, char connector) {
    if (w->word != WORD_NUMBER) {
        if (w->word != WORD_CONNECTOR && w->word != WORD_PUNCT) buf_add_char(out, connector);
        return;
    }
    if (w->rest.len == 0) return;
    struct str number = w->text;
    next_word(w);
    if (w->word != WORD_LETTERS) {
        add_word(out, WORD_NUMBER, number, connector);
        if (w->word != WORD_CONNECTOR && w->word != WORD_PUNCT) buf_add_char(out, connector);
        return;
    }
    buf_add_char(out, connector);
    add_word(out, WORD_NUMBER, number, connector);
    add_with_number(w, out, connector);
}

static bool connect(struct go_call *call, char connector) {
    struct words w = {.rest = fn_text(call, 0)};
    struct buf out = buf_in(call->env->arena);
    next_word(&w);
    while (w.rest.len) {
        enum word before = w.word;
        struct str text = w.text;
        if (before != WORD_CONNECTOR) add_word(&out, before, text, connector);
        next_word(&w);
        if (before == WORD_NUMBER) add_with_number(&w, &out, connector);
        else if (before == WORD_CONNECTOR) add_word(&out, before, text, connector);
        else if (before != WORD_PUNCT) add_after_letters(&w, &out, connector);
    }
    add_word(&out, w.word, w.text, connector);
    return fn_give_buf(call, &out);
}

static bool fn_snakecase(struct go_call *call) {
    return connect(call, '_');
}

static bool fn_kebabcase(struct go_call *call) {
    return connect(call, '-');
}

const struct go_function FN_CASE[] = {
    {"camelcase", "s:s", fn_camelcase, 0},
    {"kebabcase", "s:s", fn_kebabcase, 0},
    {"snakecase", "s:s", fn_snakecase, 0},
    {0},
};
