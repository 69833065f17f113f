#include "text/secret.h"

#include <stdlib.h>

#include "base/ascii.h"

/* A shorter secret is masked where it stands, but is not looked for in messages, which would hold it by chance. */
#define SOUGHT_MIN 4
/* A password in a URI is not longer, which bounds how often a byte is read. */
#define PASSWORD_MOST 1024

/* A text and its length, which is 0 behind the last one of a list. */
struct word {
    size_t len;
    char text[24];
};

#define WORD(text)                                                                                                     \
    { sizeof(text) - 1, text }

static bool is_same(const char *text, const struct word *word) {
    for (size_t i = 0; i < word->len; i++)
        if (ascii_lower(text[i]) != word->text[i]) return false;
    return true;
}

/* Words are in lower case; the text may be in any. */
static bool ends_with_any(struct str s, const struct word *ends) {
    char last = s.len ? ascii_lower(s.ptr[s.len - 1]) : '\0';
    for (; ends->len; ends++)
        if (ends->text[ends->len - 1] == last && s.len >= ends->len && is_same(s.ptr + s.len - ends->len, ends))
            return true;
    return false;
}

static bool starts_with_any(struct str s, const struct word *starts) {
    for (; starts->len; starts++)
        if (s.len >= starts->len && is_same(s.ptr, starts)) return true;
    return false;
}

static bool is_any(struct str s, const struct word *words) {
    for (; words->len; words++)
        if (s.len == words->len && is_same(s.ptr, words)) return true;
    return false;
}

/* Whether any name of a secret ends with these two letters: nearly all other names are told by them. */
static bool may_end_name(char before, char last) {
    switch (last) {
    case 'd': return before == 'r' || before == 'w';
    case 'e': return before == 's';
    case 'n': return before == 'e';
    case 't': return before == 'e';
    case 'y': return before == 'e';
    case 's': return before == 'l';
    default: return false;
    }
}

bool secret_is_name(struct str name) {
    static const struct word secret[] = {
        WORD("password"),    WORD("passwd"),      WORD("passphrase"),    WORD("pwd"),
        WORD("token"),       WORD("secret"),      WORD("apikey"),        WORD("api_key"),
        WORD("api-key"),     WORD("accesskey"),   WORD("access_key"),    WORD("secretkey"),
        WORD("secret_key"),  WORD("secret-key"),  WORD("privatekey"),    WORD("private_key"),
        WORD("signingkey"),  WORD("signing_key"), WORD("accountkey"),    WORD("account_key"),
        WORD("masterkey"),   WORD("master_key"),  WORD("encryptionkey"), WORD("encryption_key"),
        WORD("credentials"), WORD("access-key"),  WORD("private-key"),   {0, ""}};
    static const struct word names[] = {WORD("existingsecret"),
                                        WORD("existing_secret"),
                                        WORD("pullsecret"),
                                        WORD("tlssecret"),
                                        WORD("certsecret"),
                                        WORD("casecret"),
                                        WORD("credentialssecret"),
                                        WORD("passwordsecret"),
                                        WORD("usepassword"),
                                        WORD("require_token"),
                                        WORD("automounttoken"),
                                        WORD("use_token"),
                                        {0, ""}};
    static const struct word keys[] = {
        WORD("public_key"),  WORD("partition_key"), WORD("routing_key"), WORD("sort_key"),
        WORD("primary_key"), WORD("foreign_key"),   WORD("cache_key"),   {0, ""}};
    if (name.len < 3 || name.len > 128) return false;
    if (!may_end_name(ascii_lower(name.ptr[name.len - 2]), ascii_lower(name.ptr[name.len - 1]))) return false;
    bool shouts = name.len > 4 && str_eq(str_slice(name, name.len - 4, name.len), STR("_KEY"));
    if (shouts) return !ends_with_any(name, keys);
    return ends_with_any(name, secret) && !ends_with_any(name, names);
}

/* The name of a Secret, such as `example-service-tls`. */
static bool is_object_name(struct str value) {
    static const struct word ends[] = {WORD("-secret"),      WORD("-secrets"), WORD("-tls"),   WORD("-creds"),
                                       WORD("-credentials"), WORD("-key"),     WORD("-keys"),  WORD("-token"),
                                       WORD("-tokens"),      WORD("-cert"),    WORD("-certs"), WORD("-password"),
                                       WORD("-passwords"),   {0, ""}};
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        bool fits = (c >= 'a' && c <= 'z') || ascii_is_digit(c) || c == '-' || c == '.';
        if (!fits) return false;
    }
    return ends_with_any(value, ends);
}

/* `$(NAME)`, `${NAME}`, `$NAME`, `{{ ... }}`, `<name>`. */
static bool is_variable(struct str value) {
    char last = value.ptr[value.len - 1];
    if (value.ptr[0] == '<') return last == '>';
    if (str_starts(value, STR("{{"))) return last == '}';
    if (value.ptr[0] != '$' || value.len == 1) return false;
    if (value.ptr[1] == '(' || value.ptr[1] == '{') return last == ')' || last == '}';
    for (size_t i = 1; i < value.len; i++)
        if (value.ptr[i] != '_' && (value.ptr[i] < 'A' || value.ptr[i] > 'Z')) return false;
    return true;
}

bool secret_is_reference(struct str value) {
    static const struct word plain[] = {WORD("true"), WORD("false"),    WORD("yes"),         WORD("no"),
                                        WORD("on"),   WORD("off"),      WORD("null"),        WORD("~"),
                                        WORD("none"), WORD("enabled"),  WORD("disabled"),    WORD("todo"),
                                        WORD("tbd"),  WORD("dummy"),    WORD("placeholder"), WORD("{}"),
                                        WORD("[]"),   WORD("optional"), WORD("required"),    {0, ""}};
    static const struct word starts[] = {WORD("change"), WORD("replace"), WORD("your"), WORD("vault:"),
                                         WORD("ref+"),   WORD("arn:"),    WORD("op:"),  WORD("sops:"),
                                         WORD("file:"),  WORD("enc["),    {0, ""}};
    bool blank = true;
    if (value.len == 0 || value.ptr[0] == '/' || is_variable(value)) return true;
    for (size_t i = 0; i < value.len; i++) blank = blank && (value.ptr[i] == '*' || ascii_lower(value.ptr[i]) == 'x');
    if (blank && value.len > 2) return true;
    return is_any(value, plain) || starts_with_any(value, starts) || is_object_name(value);
}

static void add(struct arena *a, struct source *source, struct span span, struct str value) {
    if (!source->secrets) source->secrets = arena_new(a, struct secrets);
    struct secrets *secrets = source->secrets;
    vec_push(a, &secrets->spans, span);
    if (value.len >= SOUGHT_MIN) vec_push(a, &secrets->texts, value);
}

void secrets_add(struct arena *a, struct source *source, struct span span, struct str value) {
    if (span_len(span) == 0 || span.end > source->text.len || secret_is_reference(value)) return;
    add(a, source, span, value);
}

/* One reading of a text: what was found goes to `source`. */
struct reader {
    struct arena *arena;
    struct source *source;
    struct str text;
    bool named;        /* the last `name:` names a secret: the `value:` that follows is one */
    bool in_block;     /* in a text block that is a secret */
    size_t key_column; /* of the block's key */
};

static void found(struct reader *r, size_t start, size_t end) {
    struct str value = str_slice(r->text, start, end);
    secrets_add(r->arena, r->source, span_make(start, end), value);
}

static bool ends_word(char c) {
    return c == ' ' || c == '\t' || c == '"' || c == '\'' || c == '`' || c == '\r' || c == '<' || c == '>';
}

/* The password of a URI whose `://` stands before `at`: from the first colon to the last `@`. This and the functions
 * below give the place from which to read on. */
static size_t read_uri(struct reader *r, size_t at, size_t end) {
    size_t begin = at, colon = 0, sign = 0;
    if (end > at + PASSWORD_MOST) end = at + PASSWORD_MOST;
    bool beyond = false; /* behind the authority, as a password that is not escaped may reach */
    for (; at < end && !ends_word(r->text.ptr[at]); at++) {
        char c = r->text.ptr[at];
        if (c == '/' || c == '?' || c == '#') {
            if (sign || !colon || ascii_is_digit(r->text.ptr[colon + 1])) break;
            beyond = true;
        }
        if (c == ':' && !colon) colon = at;
        if (c == '@' && colon) sign = at;
        if (beyond && sign) break;
    }
    if (!colon || sign <= colon + 1) return begin;
    /* What stands there is never the name of an object, whatever it looks like. */
    struct str value = str_slice(r->text, colon + 1, sign);
    if (!is_variable(value)) add(r->arena, r->source, span_make((uint32_t)(colon + 1), (uint32_t)sign), value);
    return sign;
}

static bool is_name_char(char c) {
    return ascii_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

static struct str name_before(const struct reader *r, size_t from, size_t at) {
    size_t start = at;
    while (start > from && is_name_char(r->text.ptr[start - 1])) start--;
    return str_slice(r->text, start, at);
}

/* `password=...` in a connection string, an address or an argument. */
static size_t read_parameter(struct reader *r, size_t from, size_t equals, size_t end) {
    size_t at = equals + 1;
    if (!secret_is_name(name_before(r, from, equals))) return at;
    while (at < end && !ends_word(r->text.ptr[at]) && r->text.ptr[at] != '&' && r->text.ptr[at] != ';') at++;
    if (at > equals + 1) found(r, equals + 1, at);
    return at;
}

/* The scalar that begins at `at`, without its quotes. */
static size_t read_scalar(struct reader *r, size_t at, size_t end, bool flow) {
    while (at < end && (r->text.ptr[at] == ' ' || r->text.ptr[at] == '\t')) at++;
    if (at == end || r->text.ptr[at] == '#' || r->text.ptr[at] == '{' || r->text.ptr[at] == '[') return at;
    char quote = r->text.ptr[at];
    size_t stop = at;
    if (quote == '"' || quote == '\'') {
        for (stop = ++at; stop < end; stop++) {
            bool doubled =
                quote == '\'' && stop + 1 < end && r->text.ptr[stop] == quote && r->text.ptr[stop + 1] == quote;
            if (doubled || (quote == '"' && r->text.ptr[stop] == '\\')) stop++;
            else if (r->text.ptr[stop] == quote) break;
        }
        if (stop > end) stop = end;
        found(r, at, stop);
        return stop;
    }
    for (; stop < end; stop++) {
        char c = r->text.ptr[stop];
        if (flow && (c == ',' || c == '}' || c == ']')) break;
        if (c == '#' && stop > at && r->text.ptr[stop - 1] == ' ') break;
    }
    while (stop > at && (r->text.ptr[stop - 1] == ' ' || r->text.ptr[stop - 1] == '\r')) stop--;
    if (stop > at) found(r, at, stop);
    return stop;
}

/* A key, whose colon is at `colon`; the line begins at `from`. */
static size_t read_key(struct reader *r, size_t from, size_t colon, size_t end, bool flow) {
    size_t stop = colon;
    if (stop > from && (r->text.ptr[stop - 1] == '"' || r->text.ptr[stop - 1] == '\'')) stop--;
    struct str name = name_before(r, from, stop);
    bool secret = secret_is_name(name) || (r->named && str_eq(name, STR("value")));
    size_t at = colon + 1;
    while (at < end && r->text.ptr[at] == ' ') at++;
    if (str_eq(name, STR("name"))) {
        size_t word = at + (at < end && (r->text.ptr[at] == '"' || r->text.ptr[at] == '\'')), last = word;
        while (last < end && is_name_char(r->text.ptr[last])) last++;
        r->named = secret_is_name(str_slice(r->text, word, last));
    } else if (str_eq(name, STR("value"))) r->named = false;
    if (!secret) return colon + 1;
    bool block = at < end && (r->text.ptr[at] == '|' || r->text.ptr[at] == '>');
    if (!block) return read_scalar(r, at, end, flow);
    size_t column = from;
    while (column < end && (r->text.ptr[column] == ' ' || r->text.ptr[column] == '-')) column++;
    r->in_block = true;
    r->key_column = column - from;
    return end;
}

/* A line of a text block that is a secret; false where the block has ended. */
static bool read_block_line(struct reader *r, size_t from, size_t end) {
    size_t at = from;
    while (at < end && (r->text.ptr[at] == ' ' || r->text.ptr[at] == '\r')) at++;
    if (at == end) return true;
    if (at - from <= r->key_column) return r->in_block = false;
    if (end > at && r->text.ptr[end - 1] == '\r') end--;
    found(r, at, end);
    return true;
}

static void read_line(struct reader *r, size_t from, size_t end) {
    static const bool stops[256] = {['{'] = true, ['['] = true, ['='] = true, [':'] = true};
    bool flow = false;
    for (size_t at = from; at < end;) {
        while (at < end && !stops[(unsigned char)r->text.ptr[at]]) at++;
        if (at == end) return;
        char c = r->text.ptr[at++];
        if (c == '{' || c == '[') flow = true;
        if (c == '=') at = read_parameter(r, from, at - 1, end);
        if (c != ':') continue;
        if (at + 1 < end && r->text.ptr[at] == '/' && r->text.ptr[at + 1] == '/') at = read_uri(r, at + 2, end);
        else if (at == end || r->text.ptr[at] == ' ' || r->text.ptr[at] == '\r')
            at = read_key(r, from, at - 1, end, flow);
    }
}

static void read_text(struct reader *r) {
    for (size_t at = 0; at < r->text.len;) {
        const char *stop = memchr(r->text.ptr + at, '\n', r->text.len - at);
        size_t end = stop ? (size_t)(stop - r->text.ptr) : r->text.len;
        if (!r->in_block || !read_block_line(r, at, end)) read_line(r, at, end);
        at = end + 1;
    }
}

static int span_cmp(const void *left, const void *right) {
    const struct span *a = left, *b = right;
    if (a->start != b->start) return a->start < b->start ? -1 : 1;
    return a->end < b->end ? 1 : a->end > b->end ? -1 : 0;
}

static int text_cmp(const void *left, const void *right) {
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

/* Puts the spans in order, and makes one of those that overlap; sorts the texts. */
static void settle(struct secrets *secrets) {
    uint32_t kept = 0;
    if (secrets->spans.len) qsort(secrets->spans.items, secrets->spans.len, sizeof *secrets->spans.items, span_cmp);
    for (uint32_t i = 0; i < secrets->spans.len; i++) {
        struct span span = secrets->spans.items[i], *last = kept ? &secrets->spans.items[kept - 1] : NULL;
        if (last && span.start < last->end) {
            if (span.end > last->end) last->end = span.end;
        } else secrets->spans.items[kept++] = span;
    }
    secrets->spans.len = kept;
    if (secrets->texts.len) qsort(secrets->texts.items, secrets->texts.len, sizeof *secrets->texts.items, text_cmp);
}

void secrets_find(struct arena *a, struct source *source) {
    struct reader reader = {.arena = a, .source = source, .text = source->text};
    if (source->secrets && source->secrets->complete) return;
    read_text(&reader);
    if (!source->secrets) source->secrets = arena_new(a, struct secrets);
    settle(source->secrets);
    source->secrets->complete = true;
}
