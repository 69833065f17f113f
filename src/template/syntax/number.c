/* Number constants, as Go's strconv reads them for text/template/parse: an integer of any base first, which is then a
 * float as well; else a float, which is then an integer as well where it has no fraction. */
#include <math.h>

#include "template/go/number.h"
#include "template/syntax/quote.h"
#include "template/syntax/token.h"

/* The integers that a float is equal to. */
static void add_integers(struct tmpl_number *n) {
    if (trunc(n->real) < n->real || trunc(n->real) > n->real) return;
    if (!n->is_int && n->real >= -0x1p63 && n->real < 0x1p63) {
        n->is_int = true;
        n->integer = (int64_t)n->real;
    }
    if (!n->is_uint && n->real >= 0 && n->real < 0x1p64) {
        n->is_uint = true;
        n->natural = (uint64_t)n->real;
    }
}

static bool read_complex(struct str real, struct str imaginary, struct tmpl_number *n) {
    if (real.len && go_parse_float(real, &n->real) != GO_PARSE_OK) return false;
    if (go_parse_float(imaginary, &n->imaginary) != GO_PARSE_OK) return false;
    n->is_complex = true;
    n->is_float = !(n->imaginary < 0 || n->imaginary > 0);
    if (n->is_float) add_integers(n);
    return true;
}

/* Where the imaginary part of `1+2i` begins, with its sign: not at one that belongs to an exponent. */
static size_t imaginary_part(struct str text) {
    bool hex = str_find_char(text, 'x') < text.len || str_find_char(text, 'X') < text.len;
    for (size_t i = text.len; i-- > 1;) {
        int before = text.ptr[i - 1] | 0x20;
        if ((text.ptr[i] == '+' || text.ptr[i] == '-') && before != 'p' && (hex || before != 'e')) return i;
    }
    return 0;
}

static bool read_character(struct str text, struct tmpl_number *n) {
    uint32_t code;
    size_t end;
    if (!tmpl_unquote_character(text, 1, &end, &code) || end + 1 != text.len) return false;
    *n = (struct tmpl_number){true, true, true, false, code, code, code, 0};
    return true;
}

bool tmpl_read_number(struct str text, enum tmpl_token_kind kind, struct tmpl_number *n) {
    *n = (struct tmpl_number){0};
    if (kind == TMPL_TOKEN_CHARACTER) return read_character(text, n);
    size_t last = text.len - 1;
    if (kind == TMPL_TOKEN_COMPLEX) {
        size_t at = imaginary_part(str_slice(text, 0, last));
        return read_complex(str_slice(text, 0, at), str_slice(text, at, last), n);
    }
    if (text.ptr[last] == 'i') return read_complex((struct str){NULL, 0}, str_slice(text, 0, last), n);
    n->is_uint = go_parse_uint(text, 0, &n->natural) == GO_PARSE_OK;
    n->is_int = go_parse_int(text, 0, &n->integer) == GO_PARSE_OK;
    if (n->is_int && n->integer == 0) n->is_uint = true;
    if (!n->is_uint) n->natural = 0;
    if (!n->is_int) n->integer = 0;
    if (n->is_int || n->is_uint) {
        n->is_float = true;
        n->real = n->is_int ? (double)n->integer : (double)n->natural;
        return true;
    }
    /* What has no mark of a float is an integer that is too large. */
    bool marked = false;
    for (size_t i = 0; i < text.len; i++) marked |= strchr(".eEpP", text.ptr[i]) != NULL;
    if (!marked || go_parse_float(text, &n->real) != GO_PARSE_OK) return false;
    n->is_float = true;
    add_integers(n);
    return true;
}
