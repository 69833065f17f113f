#include "yaml/token.h"

#include "base/ascii.h"
#include "base/utf8.h"

/* Helm's parser looks no farther for the `:` of a key, in characters. */
#define KEY_MAX 1024

bool token_refuse(struct tokens *t, struct span span, struct str message, struct str help) {
    *t->issue = (struct yaml_issue){.kind = YAML_REFUSED, .span = span, .message = message, .help = help};
    return false;
}

static bool refuse_here(struct tokens *t, struct str message, struct str help) {
    uint32_t at = t->mark.at, end = at;
    if (!token_is_end(t, at) && !token_break(t, at)) {
        token_skip(t);
        end = t->mark.at;
    }
    return token_refuse(t, (struct span){at, end}, message, help);
}

static void insert(struct tokens *t, uint32_t place, struct token token) {
    vec_push(t->arena, &t->list, token);
    struct token *items = t->list.items;
    memmove(items + place + 1, items + place, sizeof *items * (t->list.len - 1 - place));
    items[place] = token;
}

/* A text stands where a key must, and no `:` follows on its line. */
static bool refuse_key(struct tokens *t, const struct possible_key *key) {
    struct span span = t->list.items[key->token].span;
    uint32_t before = key->token;
    while (before > 0 &&
           (t->list.items[before - 1].kind == TOKEN_ANCHOR || t->list.items[before - 1].kind == TOKEN_TAG))
        before--;
    if (before > 0 && t->list.items[before - 1].kind == TOKEN_VALUE)
        return token_refuse(t, (struct span){span.start, span.start + 1},
                            STR("Helm wants this value indented below its key"),
                            STR("indent it, or put it on the line of its key"));
    return token_refuse(t, span, STR("a `:` is missing behind this key"),
                        STR("write `key: value`, or indent the line as part of the text above"));
}

static struct possible_key *innermost_key(struct tokens *t) {
    return &t->keys.items[t->keys.len - 1];
}

/* Nothing can make a key any more of what would have been one. */
static bool drop_key(struct tokens *t) {
    struct possible_key *key = innermost_key(t);
    if (key->possible && key->required) return refuse_key(t, key);
    key->possible = false;
    return true;
}

/* The token that comes next may be a key. */
static bool save_key(struct tokens *t) {
    if (!t->key_allowed) return true;
    bool required = t->flow == 0 && t->indent == (int32_t)t->mark.column;
    if (!drop_key(t)) return false;
    *innermost_key(t) = (struct possible_key){t->mark, t->list.len, true, required};
    return true;
}

/* Opens a block collection at `column` where none is open there; `place` is where its token goes in the list. */
static void roll_indent(struct tokens *t, struct mark mark, uint32_t place, enum token_kind kind) {
    if (t->flow > 0 || t->indent >= (int32_t)mark.column) return;
    vec_push(t->arena, &t->indents, t->indent);
    t->indent = (int32_t)mark.column;
    insert(t, place, (struct token){.kind = (uint8_t)kind, .span = {mark.at, mark.at}});
}

/* Closes the block collections that are indented deeper than `column`. */
static void unroll_indent(struct tokens *t, int32_t column) {
    while (t->flow == 0 && t->indent > column) {
        token_push(t, TOKEN_BLOCK_END, t->mark.at, t->mark.at);
        t->indent = t->indents.items[--t->indents.len];
    }
}

/* Pushes the token of the `len` characters here. */
static bool push_indicator(struct tokens *t, enum token_kind kind, uint32_t len) {
    uint32_t start = t->mark.at;
    for (uint32_t i = 0; i < len; i++) token_skip(t);
    token_push(t, kind, start, t->mark.at);
    return true;
}

static bool open_flow(struct tokens *t, enum token_kind kind) {
    if (!save_key(t)) return false;
    vec_push(t->arena, &t->keys, (struct possible_key){.mark = t->mark});
    t->flow++;
    t->key_allowed = true;
    return push_indicator(t, kind, 1);
}

static bool close_flow(struct tokens *t, enum token_kind kind) {
    if (!drop_key(t)) return false;
    if (t->flow > 0) {
        t->flow--;
        t->keys.len--;
    }
    t->key_allowed = false;
    return push_indicator(t, kind, 1);
}

static bool read_flow_entry(struct tokens *t) {
    if (!drop_key(t)) return false;
    t->key_allowed = true;
    return push_indicator(t, TOKEN_FLOW_ENTRY, 1);
}

static bool read_block_entry(struct tokens *t) {
    if (t->flow == 0 && !t->key_allowed)
        return refuse_here(t, STR("a list item cannot start on the line of its key"),
                           STR("put the `-` on its own line, below the key"));
    roll_indent(t, t->mark, t->list.len, TOKEN_BLOCK_LIST);
    if (!drop_key(t)) return false;
    t->key_allowed = true;
    return push_indicator(t, TOKEN_BLOCK_ENTRY, 1);
}

static bool read_explicit_key(struct tokens *t) {
    if (t->flow == 0 && !t->key_allowed)
        return refuse_here(t, STR("a key cannot start here"), STR("put it on its own line"));
    roll_indent(t, t->mark, t->list.len, TOKEN_BLOCK_MAP);
    if (!drop_key(t)) return false;
    t->key_allowed = t->flow == 0;
    return push_indicator(t, TOKEN_KEY, 1);
}

/* Whether what stands before this `:` is its key. false in *ok where it had to be one, and is not. */
static bool key_is_valid(struct tokens *t, struct possible_key *key, bool *ok) {
    *ok = true;
    if (!key->possible) return false;
    if (key->mark.line == t->mark.line && key->mark.index + KEY_MAX >= t->mark.index) return true;
    if (key->required && key->mark.line != t->mark.line) *ok = refuse_key(t, key);
    key->possible = false;
    return false;
}

static bool read_value(struct tokens *t) {
    struct possible_key *key = innermost_key(t);
    bool ok, was_possible = key->possible;
    if (key_is_valid(t, key, &ok)) {
        insert(t, key->token, (struct token){.kind = TOKEN_KEY, .span = {key->mark.at, key->mark.at}});
        roll_indent(t, key->mark, key->token, TOKEN_BLOCK_MAP);
        key->possible = false;
        t->key_allowed = false;
        return push_indicator(t, TOKEN_VALUE, 1);
    }
    if (!ok) return false;
    if (was_possible && key->mark.line == t->mark.line)
        return token_refuse(t, t->list.items[key->token].span,
                            arena_printf(t->arena, "Helm does not accept a key longer than %d characters", KEY_MAX),
                            STR("shorten the key"));
    if (t->flow == 0 && !t->key_allowed)
        return refuse_here(t, STR("a second `: ` on one line is not allowed in a plain scalar"),
                           STR("quote the value, or put the nested mapping on its own lines"));
    roll_indent(t, t->mark, t->list.len, TOKEN_BLOCK_MAP);
    t->key_allowed = t->flow == 0;
    return push_indicator(t, TOKEN_VALUE, 1);
}

static bool is_name(char c) {
    return ascii_is_alnum(c) || c == '_' || c == '-';
}

/* The name here: letters, digits, `_` and `-`. */
static struct str read_name(struct tokens *t) {
    uint32_t start = t->mark.at;
    while (is_name(token_here(t))) token_skip(t);
    return str_slice(t->text, start, t->mark.at);
}

static bool read_anchor(struct tokens *t, enum token_kind kind) {
    uint32_t start = t->mark.at;
    if (!save_key(t)) return false;
    t->key_allowed = false;
    token_skip(t);
    struct str name = read_name(t);
    uint32_t end = t->mark.at;
    char c = token_here(t);
    if (name.len == 0 || !(token_is_space(t, end) || strchr("?:,]}%@`", c))) {
        struct str wrong = STR("");
        if (!token_is_space(t, end)) {
            token_skip(t);
            wrong = str_slice(t->text, end, t->mark.at);
        }
        return token_refuse(
            t, (struct span){start, end},
            wrong.len ? arena_printf(t->arena, "Helm takes no `%.*s` in the name of an anchor", STR_ARG(wrong))
                      : arena_printf(t->arena, "`%c` must be followed by a name", t->text.ptr[start]),
            STR("use letters, digits, `_` and `-`; quote the text if no anchor is meant"));
    }
    token_push(t, kind, start, end);
    t->list.items[t->list.len - 1].text = name;
    return true;
}

static bool refuse_tag(struct tokens *t, uint32_t start) {
    return token_refuse(t, (struct span){start, t->mark.at > start ? t->mark.at : start + 1},
                        STR("Helm cannot read this tag"), STR("quote the text if no tag is meant"));
}

/* `!`, `!name` or `!name!`. */
static struct str read_handle(struct tokens *t) {
    uint32_t start = t->mark.at;
    token_skip(t);
    read_name(t);
    if (token_here(t) == '!') token_skip(t);
    return str_slice(t->text, start, t->mark.at);
}

/* The character that `%` and two digits for each of its bytes stand for. */
static bool read_uri_escapes(struct tokens *t, struct buf *out) {
    uint32_t left = 1;
    for (bool first = true; left > 0; left--, first = false) {
        uint32_t at = t->mark.at;
        if (token_here(t) != '%' || !ascii_is_hex(token_byte(t, at + 1)) || !ascii_is_hex(token_byte(t, at + 2)))
            return false;
        uint32_t octet =
            (uint32_t)(ascii_hex_value(token_byte(t, at + 1)) * 16 + ascii_hex_value(token_byte(t, at + 2)));
        if (first) {
            left = octet < 0x80             ? 1
                   : (octet & 0xE0) == 0xC0 ? 2
                   : (octet & 0xF0) == 0xE0 ? 3
                   : (octet & 0xF8) == 0xF0 ? 4
                                            : 0;
            if (left == 0) return false;
        } else if (!utf8_is_continuation((char)octet)) {
            return false;
        }
        buf_add_char(out, (char)octet);
        for (int i = 0; i < 3; i++) token_skip(t);
    }
    return true;
}

/* The characters of a URI here, their escapes resolved, behind `head`. */
static bool read_uri(struct tokens *t, struct str head, struct str *uri) {
    uint32_t start = t->mark.at;
    struct buf out = buf_in(t->arena);
    buf_add(&out, head);
    for (char c; (c = token_here(t)) && (is_name(c) || strchr(";/?:@&=+$,.!~*'()[]%", c));) {
        if (c == '%') {
            if (!read_uri_escapes(t, &out)) return false;
        } else {
            buf_add_char(&out, c);
            token_skip(t);
        }
    }
    *uri = out.len ? buf_str(&out) : STR("");
    return t->mark.at > start;
}

static bool read_tag(struct tokens *t) {
    struct token token = {.kind = TOKEN_TAG, .handle = STR(""), .text = STR("")};
    uint32_t start = t->mark.at;
    if (!save_key(t)) return false;
    t->key_allowed = false;
    if (token_byte(t, start + 1) == '<') {
        token_skip(t);
        token_skip(t);
        if (!read_uri(t, STR(""), &token.text) || token_here(t) != '>') return refuse_tag(t, start);
        token_skip(t);
    } else {
        struct str handle = read_handle(t);
        bool named = handle.len > 1 && handle.ptr[handle.len - 1] == '!';
        if (named) {
            if (!read_uri(t, STR(""), &token.text)) return refuse_tag(t, start);
            token.handle = handle;
        } else {
            uint32_t at = t->mark.at;
            bool any = read_uri(t, str_slice(handle, 1, handle.len), &token.text);
            if (!any && t->mark.at != at) return refuse_tag(t, start);
            if (!any && token_here(t) == '%') return refuse_tag(t, start);
            token.handle = token.text.len ? STR("!") : STR("");
            if (token.text.len == 0) token.text = STR("!");
        }
    }
    if (!token_is_space(t, t->mark.at)) return refuse_tag(t, start);
    token.span = (struct span){start, t->mark.at};
    vec_push(t->arena, &t->list, token);
    return true;
}

static bool refuse_directive(struct tokens *t, uint32_t start, struct str message) {
    return token_refuse(t, (struct span){start, t->mark.at > start ? t->mark.at : start + 1}, message,
                        STR("delete the line; a values file needs no directive. Quote the text if none is meant"));
}

/* One or two digits. */
static bool read_version_number(struct tokens *t, uint32_t *number) {
    uint32_t length = 0;
    for (*number = 0; token_here(t) >= '0' && token_here(t) <= '9'; token_skip(t), length++)
        if (length < 2) *number = *number * 10 + (uint32_t)(token_here(t) - '0');
    return length == 1 || length == 2;
}

static bool read_version(struct tokens *t, struct token *token) {
    uint32_t major, minor;
    token->kind = TOKEN_VERSION;
    if (!read_version_number(t, &major) || token_here(t) != '.') return false;
    token_skip(t);
    if (!read_version_number(t, &minor)) return false;
    token->style = major == 1 && minor == 1;
    return true;
}

static bool read_tag_directive(struct tokens *t, struct token *token) {
    token->kind = TOKEN_TAG_DIRECTIVE;
    if (token_here(t) != '!') return false;
    token->handle = read_handle(t);
    if (token->handle.len > 1 && token->handle.ptr[token->handle.len - 1] != '!') return false;
    if (!token_is_blank(token_here(t))) return false;
    token_skip_blanks(t);
    return read_uri(t, STR(""), &token->text) && token_is_space(t, t->mark.at);
}

static bool read_directive(struct tokens *t) {
    struct token token = {.kind = TOKEN_VERSION};
    uint32_t start = t->mark.at;
    unroll_indent(t, -1);
    if (!drop_key(t)) return false;
    t->key_allowed = false;
    token_skip(t);
    struct str name = read_name(t);
    bool version = str_eq(name, STR("YAML"));
    if ((!version && !str_eq(name, STR("TAG"))) || !token_is_space(t, t->mark.at))
        return refuse_directive(t, start, STR("Helm does not know this directive"));
    token_skip_blanks(t);
    if (!(version ? read_version(t, &token) : read_tag_directive(t, &token)))
        return refuse_directive(t, start, STR("Helm cannot read this directive"));
    token.span = (struct span){start, t->mark.at};
    token_skip_blanks(t);
    if (token_here(t) == '#') token_skip_rest(t);
    uint32_t len = token_break(t, t->mark.at);
    if (!len && !token_is_end(t, t->mark.at)) return refuse_directive(t, start, STR("Helm cannot read this directive"));
    if (len) token_skip_line(t, len);
    vec_push(t->arena, &t->list, token);
    return true;
}

static bool read_document_mark(struct tokens *t, enum token_kind kind) {
    unroll_indent(t, -1);
    if (!drop_key(t)) return false;
    t->key_allowed = false;
    return push_indicator(t, kind, 3);
}

static bool read_end(struct tokens *t) {
    t->mark.line++; /* so that what had to be a key is one no longer */
    unroll_indent(t, -1);
    if (!drop_key(t)) return false;
    token_push(t, TOKEN_END, t->mark.at, t->mark.at);
    return true;
}

/* Moves past white space, comments and line breaks. A tab is white space only where no key may start. */
static void skip_to_token(struct tokens *t) {
    for (;;) {
        while (token_here(t) == ' ' || (token_here(t) == '\t' && (t->flow > 0 || !t->key_allowed))) token_skip(t);
        if (token_here(t) == '#') token_skip_rest(t);
        uint32_t len = token_break(t, t->mark.at);
        if (!len) return;
        token_skip_line(t, len);
        if (t->flow == 0) t->key_allowed = true;
    }
}

static bool read_scalar(struct tokens *t, bool (*read)(struct tokens *)) {
    if (!save_key(t)) return false;
    t->key_allowed = false;
    return read(t);
}

static bool starts_plain(const struct tokens *t) {
    char c = token_here(t), after = token_byte(t, t->mark.at + 1);
    if (c == '-') return !token_is_blank(after);
    if (c == '?' || c == ':') return t->flow == 0 && !token_is_space(t, t->mark.at + 1);
    return c != '\t' && !strchr(",[]{}#&*!|>'\"%@`", c);
}

static bool refuse_character(struct tokens *t) {
    if (token_here(t) == '\t')
        return refuse_here(t, STR("tabs are not allowed here; use spaces"), STR("replace the tab with spaces"));
    return refuse_here(t, STR("a plain scalar cannot start with this character"), STR("put quotes around the text"));
}

static bool read_token(struct tokens *t) {
    char c = token_here(t);
    bool block = t->flow == 0, space = token_is_space(t, t->mark.at + 1);
    switch (c) {
    case '[': return open_flow(t, TOKEN_FLOW_LIST);
    case '{': return open_flow(t, TOKEN_FLOW_MAP);
    case ']': return close_flow(t, TOKEN_FLOW_LIST_END);
    case '}': return close_flow(t, TOKEN_FLOW_MAP_END);
    case ',': return read_flow_entry(t);
    case '*': return read_anchor(t, TOKEN_ALIAS);
    case '&': return read_anchor(t, TOKEN_ANCHOR);
    case '!': return read_tag(t);
    case '\'':
    case '"': return read_scalar(t, token_quoted);
    default: break;
    }
    if (c == '-' && space) return read_block_entry(t);
    if (c == '?' && (!block || space)) return read_explicit_key(t);
    if (c == ':' && (!block || space)) return read_value(t);
    if ((c == '|' || c == '>') && block) {
        if (!drop_key(t)) return false;
        t->key_allowed = true;
        return token_block_scalar(t);
    }
    return starts_plain(t) ? read_scalar(t, token_plain) : refuse_character(t);
}

/* Reads what comes next; false where it is refused. */
static bool read_next(struct tokens *t) {
    skip_to_token(t);
    unroll_indent(t, (int32_t)t->mark.column);
    if (token_is_end(t, t->mark.at)) return read_end(t);
    if (t->mark.column == 0 && token_here(t) == '%') return read_directive(t);
    if (token_is_document_mark(t, '-')) return read_document_mark(t, TOKEN_DOCUMENT_START);
    if (token_is_document_mark(t, '.')) return read_document_mark(t, TOKEN_DOCUMENT_END);
    return read_token(t);
}

/* Ends the list where what follows its first `len` tokens is refused, from `mark` on. Helm's library makes tokens one
 * by one as its parser asks for them, but gives none away that may still become a key. */
static void break_off(struct tokens *t, uint32_t len, struct mark mark) {
    t->list.len = len;
    for (uint32_t i = 0; i < t->keys.len; i++) {
        const struct possible_key *key = &t->keys.items[i];
        bool open = key->required || (key->mark.line == mark.line && key->mark.index + KEY_MAX >= mark.index);
        if (key->possible && open && key->token < t->list.len) t->list.len = key->token;
    }
    token_push(t, TOKEN_BROKEN, mark.at, mark.at);
}

void tokens_read(struct tokens *t, uint32_t start) {
    t->mark = (struct mark){.at = start};
    t->indent = -1;
    t->key_allowed = true;
    vec_push(t->arena, &t->keys, (struct possible_key){.possible = false});
    do {
        struct mark mark = t->mark;
        uint32_t len = t->list.len;
        if (!read_next(t)) break_off(t, len, mark);
    } while (t->list.items[t->list.len - 1].kind < TOKEN_END);
}
