/* Values as the verbs of fmt print them. Scalars and what is put together of them are written into a buffer of bytes;
 * the value as a whole gives the runs. Only a string that is printed as it is keeps its runs one by one. */
#include "template/eval/go_format.h"

#include <math.h>

#include "base/utf8.h"
#include "template/eval/function.h"
#include "template/go/number.h"
#include "template/go/unicode.h"

struct printer {
    struct go_env *env;
    struct buf out;
    struct go_flags flags;
    bool unknown;  /* an address was to be printed */
    bool erroring; /* what a bad verb was for is printed without its String method */
};

#define LOWER "0123456789abcdefx"
#define UPPER "0123456789ABCDEFX"

static void add_padding(struct printer *p, size_t count, char fill) {
    buf_add_repeat(&p->out, fill, count);
}

static char fill_of(const struct printer *p) {
    return p->flags.zero && !p->flags.minus ? '0' : ' ';
}

static void pad_with(struct printer *p, struct str s, char fill) {
    size_t len = p->flags.has_width ? utf8_count(s) : 0;
    size_t missing = p->flags.has_width && (size_t)p->flags.width > len ? (size_t)p->flags.width - len : 0;
    if (!p->flags.minus) add_padding(p, missing, fill);
    buf_add(&p->out, s);
    if (p->flags.minus) add_padding(p, missing, fill);
}

static void pad(struct printer *p, struct str s) {
    pad_with(p, s, fill_of(p));
}

static struct str truncate(const struct printer *p, struct str s) {
    size_t end = 0;
    uint32_t code;
    if (!p->flags.has_precision) return s;
    for (int i = 0; i < p->flags.precision && end < s.len; i++) end += utf8_next(s, end, &code);
    return str_slice(s, 0, end);
}

/* Digits of a number with the sign and the prefix that the flags ask for. */
static void print_integer(struct printer *p, uint64_t number, bool is_signed, unsigned base, uint32_t verb,
                          const char *digits) {
    bool negative = is_signed && (int64_t)number < 0;
    const struct go_flags *f = &p->flags;
    char text[80];
    int at = (int)sizeof text, least = 0;
    struct buf out = buf_in(p->env->arena);

    if (negative) number = 0 - number;
    if (f->has_precision) {
        least = f->precision;
        if (least == 0 && number == 0) {
            add_padding(p, f->has_width ? (size_t)f->width : 0, ' ');
            return;
        }
    } else if (f->zero && !f->minus && f->has_width) {
        least = f->width - (negative || f->plus || f->space);
    }
    do {
        text[--at] = digits[number % base];
        number /= base;
    } while (number);
    int count = (int)sizeof text - at;
    if (negative) buf_add_char(&out, '-');
    else if (f->plus) buf_add_char(&out, '+');
    else if (f->space) buf_add_char(&out, ' ');
    if (verb == 'O') buf_add(&out, STR("0o"));
    bool zeros = least > count;
    if (f->sharp && base == 2) buf_add(&out, STR("0b"));
    else if (f->sharp && base == 8 && !zeros && text[at] != '0') buf_add_char(&out, '0');
    else if (f->sharp && base == 16) buf_addf(&out, "0%c", digits[16]);
    if (zeros) buf_add_repeat(&out, '0', (size_t)(least - count));
    buf_add(&out, (struct str){text + at, (size_t)count});
    pad_with(p, buf_str(&out), ' ');
}

static void print_hex_0x(struct printer *p, uint64_t number) {
    bool sharp = p->flags.sharp;
    p->flags.sharp = true;
    print_integer(p, number, false, 16, 'v', LOWER);
    p->flags.sharp = sharp;
}

static void print_unicode(struct printer *p, uint64_t number) {
    struct buf out = buf_in(p->env->arena);
    int digits = p->flags.has_precision && p->flags.precision > 4 ? p->flags.precision : 4;
    buf_addf(&out, "U+%0*llX", digits, (unsigned long long)number);
    if (p->flags.sharp && number <= 0x10FFFF && go_is_print((uint32_t)number)) {
        buf_add(&out, STR(" '"));
        go_add_rune(&out, (uint32_t)number);
        buf_add_char(&out, '\'');
    }
    pad_with(p, buf_str(&out), ' ');
}

static void print_bad_verb(struct printer *p, const struct go_value *v, uint32_t verb);

static void print_number(struct printer *p, const struct go_value *v, uint32_t verb) {
    bool is_signed = go_kind(v) == GO_INT;
    uint64_t number = is_signed ? (uint64_t)v->integer : v->natural;
    uint32_t rune = number > 0x10FFFF ? UTF8_REPLACEMENT : (uint32_t)number;
    struct buf out = buf_in(p->env->arena);
    switch (verb) {
    case 'v':
        if (p->flags.sharp_v && !is_signed) {
            print_hex_0x(p, number);
            return;
        }
        print_integer(p, number, is_signed, 10, verb, LOWER);
        return;
    case 'd': print_integer(p, number, is_signed, 10, verb, LOWER); return;
    case 'b': print_integer(p, number, is_signed, 2, verb, LOWER); return;
    case 'o':
    case 'O': print_integer(p, number, is_signed, 8, verb, LOWER); return;
    case 'x': print_integer(p, number, is_signed, 16, verb, LOWER); return;
    case 'X': print_integer(p, number, is_signed, 16, verb, UPPER); return;
    case 'U': print_unicode(p, number); return;
    case 'c': go_add_rune(&out, rune); break;
    case 'q': go_quote_rune(&out, rune, p->flags.plus); break;
    default: print_bad_verb(p, v, verb); return;
    }
    pad(p, buf_str(&out));
}

/* For the flag #: a decimal point always, and the zeros that %g drops. */
static struct str keep_zeros(struct printer *p, struct str number, char format, int precision) {
    struct buf out = buf_in(p->env->arena);
    int digits = strchr("vgGx", format) ? (precision < 0 ? 6 : precision) : 0;
    bool point = false, significant = false, hexadecimal = format == 'x' || format == 'X';
    size_t end = 1;
    for (; end < number.len; end++) {
        char c = number.ptr[end];
        if (c == 'p' || c == 'P' || ((c == 'e' || c == 'E') && !hexadecimal)) break;
        if (c == '.') {
            point = true;
            continue;
        }
        if (c != '0') significant = true;
        if (significant) digits--;
    }
    buf_add(&out, str_slice(number, 0, end));
    if (!point) {
        if (end == 2 && number.ptr[1] == '0') digits--;
        buf_add_char(&out, '.');
    }
    if (digits > 0) buf_add_repeat(&out, '0', (size_t)digits);
    buf_add(&out, str_slice(number, end, number.len));
    return buf_str(&out);
}

static void print_float(struct printer *p, double number, char format, int precision) {
    const struct go_flags *f = &p->flags;
    struct buf out = buf_in(p->env->arena);
    if (f->has_precision) precision = f->precision;
    go_format_float(&out, number, format, precision);
    struct str text = buf_str(&out);
    if (text.ptr[0] != '-' && text.ptr[0] != '+') text = arena_printf(p->env->arena, "+%.*s", STR_ARG(text));
    if (f->space && text.ptr[0] == '+' && !f->plus)
        text = arena_printf(p->env->arena, " %.*s", STR_ARG(str_slice(text, 1, text.len)));
    if (!isfinite(number)) {
        if (isnan(number) && !f->space && !f->plus) text = str_slice(text, 1, text.len);
        pad_with(p, text, ' ');
        return;
    }
    if (f->sharp && format != 'b') text = keep_zeros(p, text, format, precision);
    if (!f->plus && text.ptr[0] == '+') {
        pad(p, str_slice(text, 1, text.len));
        return;
    }
    if (f->zero && !f->minus && f->has_width && (size_t)f->width > text.len) {
        buf_add_char(&p->out, text.ptr[0]);
        add_padding(p, (size_t)f->width - text.len, '0');
        buf_add(&p->out, str_slice(text, 1, text.len));
        return;
    }
    pad(p, text);
}

static void print_real(struct printer *p, const struct go_value *v, uint32_t verb) {
    switch (verb) {
    case 'v': print_float(p, v->real, 'g', -1); break;
    case 'b':
    case 'g':
    case 'G':
    case 'x':
    case 'X': print_float(p, v->real, (char)verb, -1); break;
    case 'f':
    case 'e':
    case 'E': print_float(p, v->real, (char)verb, 6); break;
    case 'F': print_float(p, v->real, 'f', 6); break;
    default: print_bad_verb(p, v, verb); break;
    }
}

static void print_bytes_hex(struct printer *p, struct str s, const char *digits) {
    const struct go_flags *f = &p->flags;
    size_t count = f->has_precision && (size_t)f->precision < s.len ? (size_t)f->precision : s.len;
    struct buf out = buf_in(p->env->arena);
    for (size_t i = 0; i < count; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (f->space && i) buf_add_char(&out, ' ');
        if (f->sharp && (i == 0 || f->space)) buf_addf(&out, "0%c", digits[16]);
        buf_add_char(&out, digits[c >> 4]);
        buf_add_char(&out, digits[c & 15]);
    }
    if (out.len) pad(p, buf_str(&out));
    else if (f->has_width) add_padding(p, (size_t)f->width, fill_of(p));
}

static void print_quoted(struct printer *p, struct str s) {
    struct buf out = buf_in(p->env->arena);
    s = truncate(p, s);
    if (p->flags.sharp && go_can_backquote(s)) buf_addf(&out, "`%.*s`", STR_ARG(s));
    else go_quote(&out, s, '"', p->flags.plus);
    pad(p, buf_str(&out));
}

static void print_string(struct printer *p, const struct go_value *v, struct str s, uint32_t verb) {
    switch (verb) {
    case 'v':
        if (p->flags.sharp_v) print_quoted(p, s);
        else pad(p, truncate(p, s));
        break;
    case 's': pad(p, truncate(p, s)); break;
    case 'x': print_bytes_hex(p, s, LOWER); break;
    case 'X': print_bytes_hex(p, s, UPPER); break;
    case 'q': print_quoted(p, s); break;
    default: print_bad_verb(p, v, verb); break;
    }
}

static void print_value(struct printer *p, const struct go_value *v, uint32_t verb, int depth);

/* The open and close of a collection, and what stands between its items. */
static void print_list(struct printer *p, const struct go_value *v, uint32_t verb, int depth) {
    bool go = p->flags.sharp_v, bytes = v->type == &GO_TYPE_BYTES;
    size_t len = bytes ? v->text.len : v->list.len;
    if (go) buf_add(&p->out, v->type->name);
    if (go && !bytes && !v->list.items) {
        buf_add(&p->out, STR("(nil)"));
        return;
    }
    buf_add_char(&p->out, go ? '{' : '[');
    for (size_t i = 0; i < len; i++) {
        if (i) buf_add(&p->out, go ? STR(", ") : STR(" "));
        struct go_value byte = {.type = &GO_TYPE_UINT8, .natural = bytes ? (unsigned char)v->text.ptr[i] : 0};
        print_value(p, bytes ? &byte : &v->list.items[i], verb, depth + 1);
    }
    buf_add_char(&p->out, go ? '}' : ']');
}

static void print_map(struct printer *p, const struct go_value *v, uint32_t verb, int depth) {
    bool go = p->flags.sharp_v;
    go_map_sort(v->map);
    if (go) buf_add(&p->out, v->type->name);
    buf_add(&p->out, go ? STR("{") : STR("map["));
    for (uint32_t i = 0; i < v->map->len; i++) {
        if (i) buf_add(&p->out, go ? STR(", ") : STR(" "));
        struct go_value key = go_string(v->map->members[i].key);
        print_value(p, &key, verb, depth + 1);
        buf_add_char(&p->out, ':');
        print_value(p, &v->map->members[i].value, verb, depth + 1);
    }
    buf_add_char(&p->out, go ? '}' : ']');
}

static void print_struct(struct printer *p, const struct go_value *v, uint32_t verb, int depth) {
    const struct go_type *type = v->type;
    if ((type->pointer && depth > 0) || !type->fields) { /* an address, or fields that are not kept */
        p->unknown = true;
        return;
    }
    if (type->pointer) buf_add_char(&p->out, '&');
    if (p->flags.sharp_v) buf_add(&p->out, str_slice(type->name, type->pointer, type->name.len));
    buf_add_char(&p->out, '{');
    for (uint32_t i = 0; i < type->field_count; i++) {
        if (i) buf_add(&p->out, p->flags.sharp_v ? STR(", ") : STR(" "));
        if (p->flags.sharp_v || p->flags.plus_v) buf_addf(&p->out, "%.*s:", STR_ARG(type->fields[i].name));
        print_value(p, &v->object.fields[i], verb, depth + 1);
    }
    buf_add_char(&p->out, '}');
}

const struct go_value *go_stringer(struct go_env *env, const struct go_value *v) {
    for (const struct go_function *method = v->type->methods; method && method->name; method++) {
        if (strcmp(method->name, "String") != 0) continue;
        struct go_call *call = arena_new(env->arena, struct go_call);
        *call = (struct go_call){.env = env, .function = method, .self = v};
        return method->call(call) ? &call->result : NULL;
    }
    return NULL;
}

/* A map that holds itself would not end. */
#define DEPTH_MAX 1000

static void print_value(struct printer *p, const struct go_value *v, uint32_t verb, int depth) {
    if (depth > DEPTH_MAX) {
        p->unknown = true;
        return;
    }
    const struct go_value *string =
        !p->erroring && !p->flags.sharp_v && verb < 0x80 && strchr("vsxXq", (int)verb) ? go_stringer(p->env, v) : NULL;
    if (string) {
        print_string(p, v, string->text, verb);
        return;
    }
    switch (go_kind(v)) {
    case GO_NIL:
    case GO_NIL_KEPT: buf_add(&p->out, p->flags.sharp_v ? STR("interface {}(nil)") : STR("<nil>")); break;
    case GO_BOOL:
        if (verb == 't' || verb == 'v') pad(p, v->boolean ? STR("true") : STR("false"));
        else print_bad_verb(p, v, verb);
        break;
    case GO_INT:
    case GO_UINT: print_number(p, v, verb); break;
    case GO_FLOAT: print_real(p, v, verb); break;
    case GO_STRING: print_string(p, v, v->text, verb); break;
    case GO_SLICE:
        if (v->type == &GO_TYPE_BYTES && verb < 0x80 && strchr("sqxX", (int)verb)) print_string(p, v, v->text, verb);
        else print_list(p, v, verb, depth);
        break;
    case GO_MAP: print_map(p, v, verb, depth); break;
    case GO_STRUCT: print_struct(p, v, verb, depth); break;
    case GO_FUNC:
    case GO_HOLE: p->unknown = true; break;
    }
}

static void print_bad_verb(struct printer *p, const struct go_value *v, uint32_t verb) {
    buf_add(&p->out, STR("%!"));
    go_add_rune(&p->out, verb);
    if (go_is_nil(v)) {
        buf_add(&p->out, STR("(<nil>)"));
        return;
    }
    buf_addf(&p->out, "(%.*s=", STR_ARG(v->type->name));
    bool erroring = p->erroring;
    p->erroring = true;
    print_value(p, v, 'v', 0);
    p->erroring = erroring;
    buf_add_char(&p->out, ')');
}

/* An argument itself: nil is not the same there as within a list. */
static void print_arg(struct printer *p, const struct go_value *v, uint32_t verb) {
    bool collection = go_kind(v) == GO_SLICE || go_kind(v) == GO_MAP || go_kind(v) == GO_STRUCT;
    if (go_is_nil(v)) {
        if (verb == 'T' || verb == 'v') pad(p, STR("<nil>"));
        else print_bad_verb(p, v, verb);
    } else if (verb == 'T') {
        pad(p, truncate(p, v->type->name));
    } else if (verb == 'p') {
        if (collection) p->unknown = true;
        else print_bad_verb(p, v, verb);
    } else if (verb == 'w' && collection && v->type != &GO_TYPE_BYTES) {
        print_bad_verb(p, v, verb);
    } else {
        print_value(p, v, verb, 0);
    }
}

static bool is_plain(const struct go_flags *f) {
    return !f->sharp && !f->sharp_v && !f->has_width && !f->has_precision;
}

void go_print_verb(struct go_text *text, const struct go_value *v, uint32_t verb, const struct go_flags *flags) {
    struct go_env *env = text->env;
    bool as_it_is = (verb == 's' || verb == 'v') && is_plain(flags);
    if (as_it_is && (go_kind(v) == GO_STRING || (verb == 's' && v->type == &GO_TYPE_BYTES))) {
        go_text_add_value(text, v);
        return;
    }
    const struct go_hole *hole = verb == 'T' && go_kind(v) != GO_HOLE ? NULL : go_find_hole(v);
    struct printer p = {.env = env, .out = buf_in(env->arena), .flags = *flags};
    if (!hole) print_arg(&p, v, verb);
    if (hole || p.unknown) {
        struct go_value unknown = hole ? go_hole_like(env, &GO_TYPE_STRING, hole)
                                       : go_hole_value(env, &GO_TYPE_STRING, STR("an address"), 1, -1);
        go_text_add_value(text, &unknown);
        return;
    }
    go_text_add_shown(text, buf_str(&p.out), go_paths_of(env, v));
}

void go_print(struct go_text *text, const struct go_value *v) {
    static const struct go_flags plain = {false};
    go_print_verb(text, v, 'v', &plain);
}
