#define PCRE2_CODE_UNIT_WIDTH 8
#include "schema/regex.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/buf.h"

/* How much work one search may be: some milliseconds at the worst. */
#define MATCH_LIMIT 200000u
#define DEPTH_LIMIT 20000u
#define HEAP_LIMIT_KIB 8192u

/* What ECMA-262 takes as white space, and everything else, as the inside of a class. */
#define SPACES "\\x09-\\x0d\\x20\\xa0\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}"
#define NOT_SPACES                                                                                                     \
    "\\x00-\\x08\\x0e-\\x1f\\x21-\\x9f\\xa1-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}"        \
    "\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}"

struct regex {
    pcre2_code *code;
};

/* Long names of general categories (UAX 44), which PCRE2 knows by their short ones only. */
static const char *const CATEGORIES[][2] = {
    {"Letter", "L"},
    {"Cased_Letter", "L&"},
    {"LC", "L&"},
    {"Uppercase_Letter", "Lu"},
    {"Lowercase_Letter", "Ll"},
    {"Titlecase_Letter", "Lt"},
    {"Modifier_Letter", "Lm"},
    {"Other_Letter", "Lo"},
    {"Mark", "M"},
    {"Combining_Mark", "M"},
    {"Nonspacing_Mark", "Mn"},
    {"Spacing_Mark", "Mc"},
    {"Enclosing_Mark", "Me"},
    {"Number", "N"},
    {"Decimal_Number", "Nd"},
    {"digit", "Nd"},
    {"Letter_Number", "Nl"},
    {"Other_Number", "No"},
    {"Punctuation", "P"},
    {"punct", "P"},
    {"Connector_Punctuation", "Pc"},
    {"Dash_Punctuation", "Pd"},
    {"Open_Punctuation", "Ps"},
    {"Close_Punctuation", "Pe"},
    {"Initial_Punctuation", "Pi"},
    {"Final_Punctuation", "Pf"},
    {"Other_Punctuation", "Po"},
    {"Symbol", "S"},
    {"Math_Symbol", "Sm"},
    {"Currency_Symbol", "Sc"},
    {"Modifier_Symbol", "Sk"},
    {"Other_Symbol", "So"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Line_Separator", "Zl"},
    {"Paragraph_Separator", "Zp"},
    {"Other", "C"},
    {"Control", "Cc"},
    {"cntrl", "Cc"},
    {"Format", "Cf"},
    {"Surrogate", "Cs"},
    {"Private_Use", "Co"},
    {"Unassigned", "Cn"},
};

struct translation {
    struct str in;
    size_t at;
    struct buf out;
    bool in_class;
    char *message;
    size_t message_size;
};

static bool refuse(struct translation *t, const char *why, struct str what) {
    snprintf(t->message, t->message_size, "%s %.*s", why, STR_ARG(what));
    return false;
}

/* Reads up to `max` hexadecimal digits, at least `min`. */
static bool read_hex(struct translation *t, size_t min, size_t max, uint32_t *code) {
    size_t count = 0;
    *code = 0;
    for (; count < max && t->at < t->in.len; count++, t->at++) {
        char c = t->in.ptr[t->at];
        int digit = ascii_hex_value(c);
        if (digit < 0) break;
        *code = *code * 16 + (uint32_t)digit;
    }
    return count >= min;
}

/* \uXXXX, \uXXXX\uXXXX (a surrogate pair) and \u{X...}; `at` stands behind the u. */
static bool translate_unicode(struct translation *t) {
    size_t start = t->at - 2;
    uint32_t code, low;
    if (t->at < t->in.len && t->in.ptr[t->at] == '{') {
        t->at++;
        if (!read_hex(t, 1, 6, &code) || t->at == t->in.len || t->in.ptr[t->at++] != '}')
            return refuse(t, "broken escape", str_slice(t->in, start, t->at));
    } else {
        if (!read_hex(t, 4, 4, &code)) return refuse(t, "broken escape", str_slice(t->in, start, t->at));
        if (code >= 0xD800 && code < 0xDC00 && str_starts(str_slice(t->in, t->at, t->in.len), STR("\\u"))) {
            size_t behind = t->at;
            t->at += 2;
            if (read_hex(t, 4, 4, &low) && low >= 0xDC00 && low < 0xE000)
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            else t->at = behind;
        }
    }
    buf_addf(&t->out, "\\x{%x}", code);
    return true;
}

/* \p{...} and \P{...}; `at` stands behind the p. */
static bool translate_property(struct translation *t, char letter) {
    size_t start = t->at - 2;
    struct str rest = str_slice(t->in, t->at, t->in.len);
    size_t end = str_find_char(rest, '}');
    if (rest.len == 0 || rest.ptr[0] != '{' || end == rest.len)
        return refuse(t, "broken escape", str_slice(t->in, start, t->at));
    struct str name = str_slice(rest, 1, end);
    t->at += end + 1;
    size_t equals = str_find_char(name, '=');
    struct str kind = str_slice(name, 0, equals);
    bool valued = equals < name.len;
    struct str value = valued ? str_slice(name, equals + 1, name.len) : name;

    if (!valued || str_eq(kind, STR("General_Category")) || str_eq(kind, STR("gc"))) {
        for (size_t i = 0; i < sizeof CATEGORIES / sizeof *CATEGORIES; i++)
            if (str_eq(value, str_from(CATEGORIES[i][0]))) value = str_from(CATEGORIES[i][1]);
        buf_addf(&t->out, "\\%c{%.*s}", letter, STR_ARG(value));
    } else {
        bool extensions = str_eq(kind, STR("Script_Extensions")) || str_eq(kind, STR("scx"));
        if (!extensions && !str_eq(kind, STR("Script")) && !str_eq(kind, STR("sc")))
            return refuse(t, "unknown property", name);
        buf_addf(&t->out, "\\%c{%s:%.*s}", letter, extensions ? "scx" : "sc", STR_ARG(value));
    }
    return true;
}

static bool translate_letter(struct translation *t, char c) {
    static const char controls[] = "t\x09n\x0av\x0b"
                                   "f\x0cr\x0d";
    uint32_t code;
    for (size_t i = 0; i < sizeof controls - 1; i += 2)
        if (controls[i] == c) {
            buf_addf(&t->out, "\\x{%x}", (unsigned)controls[i + 1]);
            return true;
        }
    switch (c) {
    case 'd':
    case 'D':
    case 'w':
    case 'W': buf_addf(&t->out, "\\%c", c); return true;
    case 'b': buf_add(&t->out, t->in_class ? STR("\\x08") : STR("\\b")); return true;
    case 's': buf_addf(&t->out, t->in_class ? "%s" : "[%s]", SPACES); return true;
    case 'S': buf_addf(&t->out, t->in_class ? "%s" : "[%s]", NOT_SPACES); return true;
    case 'p':
    case 'P': return translate_property(t, c);
    case 'u': return translate_unicode(t);
    case 'x':
        if (!read_hex(t, 2, 2, &code)) return refuse(t, "broken escape", STR("\\x"));
        buf_addf(&t->out, "\\x{%x}", code);
        return true;
    case 'c':
        if (t->at == t->in.len) return refuse(t, "broken escape", STR("\\c"));
        c = t->in.ptr[t->at++];
        if (!((c | 32) >= 'a' && (c | 32) <= 'z')) return refuse(t, "broken escape", STR("\\c"));
        buf_addf(&t->out, "\\x{%x}", (unsigned)c & 31u);
        return true;
    default: break;
    }
    if (!t->in_class && (c == 'B' || c == 'k')) {
        buf_addf(&t->out, "\\%c", c);
        return true;
    }
    char text[3] = {'\\', c, '\0'};
    return refuse(t, "unknown escape", str_from(text));
}

/* \1, \12; `at` stands behind the first digit. */
static void translate_back_reference(struct translation *t) {
    size_t start = t->at - 1;
    while (t->at < t->in.len && ascii_is_digit(t->in.ptr[t->at])) t->at++;
    buf_addf(&t->out, "\\g{%.*s}", STR_ARG(str_slice(t->in, start, t->at)));
}

static bool translate_escape(struct translation *t) {
    if (++t->at == t->in.len) return refuse(t, "a \\ at the end", STR(""));
    char c = t->in.ptr[t->at++];
    if ((c | 32) >= 'a' && (c | 32) <= 'z' && !(c & 0x80)) return translate_letter(t, c);
    if (c == '0') buf_add(&t->out, STR("\\x00"));
    else if (c >= '1' && c <= '9' && !t->in_class) translate_back_reference(t);
    else if (c & 0x80) buf_add_char(&t->out, c);
    else buf_addf(&t->out, "\\%c", c);
    return true;
}

/* Into PCRE2's dialect; false with the message set. */
static bool translate(struct translation *t) {
    while (t->at < t->in.len) {
        char c = t->in.ptr[t->at];
        if (c == '\\') {
            if (!translate_escape(t)) return false;
            continue;
        }
        t->at++;
        if (t->in_class) {
            if (c == ']') t->in_class = false;
            if (c == '[') buf_add_char(&t->out, '\\');
            buf_add_char(&t->out, c);
        } else if (c == '.') {
            buf_add(&t->out, STR("[^\\n\\r\\x{2028}\\x{2029}]"));
        } else if (c == '(' && t->at < t->in.len && t->in.ptr[t->at] == '*') {
            return refuse(t, "nothing to repeat before", STR("*"));
        } else {
            if (c == '[') t->in_class = true;
            buf_add_char(&t->out, c);
        }
    }
    return true;
}

static void *arena_for_pcre2(size_t size, void *arena) {
    return arena_alloc_raw(arena, size);
}

static void nothing_to_free(void *piece, void *arena) {
    (void)piece, (void)arena;
}

const struct regex *regex_compile(struct arena *a, struct str pattern, char *message, size_t message_size) {
    struct regex *regex = arena_new(a, struct regex);
    struct translation t = {pattern, 0, buf_in(a), false, message, message_size};
    const uint32_t flags = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF |
                           PCRE2_NEVER_BACKSLASH_C;
    int problem;
    size_t offset;

    if (!translate(&t)) return NULL;
    /* In the arena, which frees it as a whole. */
    pcre2_general_context *memory = pcre2_general_context_create(arena_for_pcre2, nothing_to_free, a);
    pcre2_compile_context *context = pcre2_compile_context_create(memory);
    if (!context) base_panic("out of memory");
    pcre2_set_parens_nest_limit(context, 200);
    struct str text = t.out.len ? buf_str(&t.out) : STR("");
    regex->code = pcre2_compile((PCRE2_SPTR)text.ptr, text.len, flags, &problem, &offset, context);
    if (regex->code) return regex;
    PCRE2_UCHAR why[160];
    pcre2_get_error_message(problem, why, sizeof why);
    snprintf(message, message_size, "%s", (const char *)why);
    return NULL;
}

bool regex_is_valid(struct str pattern) {
    struct arena scratch = {0};
    char message[160];
    bool valid = regex_compile(&scratch, pattern, message, sizeof message) != NULL;
    arena_free(&scratch);
    return valid;
}

/* ---- Matching ---- */

/* The longest text whose result is remembered, in bytes, and for how many of them: each has one place, which the last
 * one takes. */
#define KNOWN_TEXT 46
#define KNOWN_COUNT 512u

struct regex_known {
    const struct regex *regex; /* NULL: nothing is known here */
    uint8_t len, result;
    char text[KNOWN_TEXT];
};

static uint32_t known_place(const struct regex *regex, struct str text) {
    uint32_t hash = (uint32_t)((uintptr_t)regex >> 4);
    for (size_t i = 0; i < text.len; i++) hash = (hash ^ (unsigned char)text.ptr[i]) * 16777619u;
    return (hash ^ hash >> 15) % KNOWN_COUNT;
}

static void prepare(struct regex_work *work) {
    work->match_data = pcre2_match_data_create(1, NULL);
    work->limits = pcre2_match_context_create(NULL);
    if (work->remembers) work->known = calloc(KNOWN_COUNT, sizeof *work->known);
    if (!work->match_data || !work->limits || (work->remembers && !work->known)) base_panic("out of memory");
    pcre2_set_match_limit(work->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(work->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(work->limits, HEAP_LIMIT_KIB);
}

static enum regex_result run_match(const struct regex *regex, struct regex_work *work, struct str text) {
    PCRE2_SPTR bytes = (PCRE2_SPTR)(text.len ? text.ptr : "");
    int result = pcre2_match(regex->code, bytes, text.len, 0, 0, work->match_data, work->limits);
    if (result >= 0) return REGEX_MATCH;
    bool limit =
        result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_DEPTHLIMIT || result == PCRE2_ERROR_HEAPLIMIT;
    return limit ? REGEX_GAVE_UP : REGEX_NO_MATCH;
}

enum regex_result regex_search(const struct regex *regex, struct regex_work *work, struct str text) {
    if (!work->match_data) prepare(work);
    if (!work->known || text.len > KNOWN_TEXT) return run_match(regex, work, text);
    struct regex_known *known = &work->known[known_place(regex, text)];
    if (known->regex != regex || !str_eq((struct str){known->text, known->len}, text)) {
        *known = (struct regex_known){regex, (uint8_t)text.len, (uint8_t)run_match(regex, work, text), ""};
        if (text.len) memcpy(known->text, text.ptr, text.len);
    }
    return (enum regex_result)known->result;
}

void regex_work_free(struct regex_work *work) {
    pcre2_match_data_free(work->match_data);
    pcre2_match_context_free(work->limits);
    free(work->known);
    *work = (struct regex_work){.remembers = work->remembers};
}

struct str regex_library_version(struct arena *a) {
    char text[64] = ""; /* PCRE2 asks for 24 */
    pcre2_config(PCRE2_CONFIG_VERSION, text);
    struct str version = arena_str(a, str_from(text)), number;
    return str_split_next(&version, ' ', &number) ? number : version;
}
