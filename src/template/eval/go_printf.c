/* fmt.Sprintf's formats: %[1]*.[2]*[3]d and all that is simpler. */
#include "template/eval/go_format.h"

#include "base/utf8.h"
#include "template/go/unicode.h"

#define NUMBER_MAX 1000000

struct format {
    struct go_text *out;
    struct str format;
    size_t at;
    const struct go_value *args;
    uint32_t count;
    int64_t arg;      /* the next one */
    bool reordered;   /* an index was given */
    bool good_index;  /* all indices of this verb are right */
    bool after_index; /* what comes stands right behind one */
    struct go_flags flags;
};

static bool next_is(const struct format *f, char c) {
    return f->at < f->format.len && f->format.ptr[f->at] == c;
}

/* A decimal number in [*at, end); false where none stands there or it is too large, which uses all up. */
static bool read_number(struct str s, size_t *at, size_t end, int *number) {
    bool any = false;
    *number = 0;
    for (; *at < end && s.ptr[*at] >= '0' && s.ptr[*at] <= '9'; ++*at) {
        if (*number > NUMBER_MAX) {
            *at = end;
            *number = 0;
            return false;
        }
        *number = *number * 10 + (s.ptr[*at] - '0');
        any = true;
    }
    return any;
}

/* [3] in front of a verb or a `*`. */
static void read_index(struct format *f) {
    if (!next_is(f, '[')) {
        f->after_index = false;
        return;
    }
    struct str rest = str_slice(f->format, f->at, f->format.len);
    size_t close = str_find_char(rest, ']'), at = 1;
    int number;
    f->reordered = true;
    if (rest.len < 3 || close == rest.len) {
        f->at++;
        f->good_index = f->after_index = false;
        return;
    }
    bool ok = read_number(rest, &at, close, &number) && at == close;
    f->at += close + 1;
    f->after_index = ok;
    if (ok && number >= 1 && (uint32_t)number <= f->count) f->arg = number - 1;
    else f->good_index = false;
}

/* The argument of a `*`. */
static bool take_int(struct format *f, int *number) {
    *number = 0;
    if (f->arg >= f->count) return false;
    const struct go_value *v = &f->args[f->arg++];
    bool fits = (go_kind(v) == GO_INT && v->integer <= NUMBER_MAX && v->integer >= -NUMBER_MAX) ||
                (go_kind(v) == GO_UINT && v->natural <= NUMBER_MAX);
    if (fits) *number = (int)v->integer;
    return fits;
}

static void read_flags(struct format *f) {
    for (; f->at < f->format.len; f->at++) {
        switch (f->format.ptr[f->at]) {
        case '#': f->flags.sharp = true; break;
        case '0': f->flags.zero = true; break;
        case '+': f->flags.plus = true; break;
        case '-': f->flags.minus = true; break;
        case ' ': f->flags.space = true; break;
        default: return;
        }
    }
}

static void read_width(struct format *f) {
    if (!next_is(f, '*')) {
        f->flags.has_width = read_number(f->format, &f->at, f->format.len, &f->flags.width);
        if (f->after_index && f->flags.has_width) f->good_index = false;
        return;
    }
    f->at++;
    f->flags.has_width = take_int(f, &f->flags.width);
    if (!f->flags.has_width) go_text_add(f->out, STR("%!(BADWIDTH)"));
    if (f->flags.width < 0) {
        f->flags.width = -f->flags.width;
        f->flags.minus = true;
        f->flags.zero = false;
    }
    f->after_index = false;
}

static void read_precision(struct format *f) {
    if (f->at + 1 >= f->format.len || !next_is(f, '.')) return;
    f->at++;
    if (f->after_index) f->good_index = false;
    read_index(f);
    if (!next_is(f, '*')) {
        if (!read_number(f->format, &f->at, f->format.len, &f->flags.precision)) f->flags.precision = 0;
        f->flags.has_precision = true;
        return;
    }
    f->at++;
    f->flags.has_precision = take_int(f, &f->flags.precision);
    if (f->flags.precision < 0) {
        f->flags.precision = 0;
        f->flags.has_precision = false;
    }
    if (!f->flags.has_precision) go_text_add(f->out, STR("%!(BADPREC)"));
    f->after_index = false;
}

static void add_note(struct format *f, uint32_t verb, const char *note) {
    struct buf text = buf_in(f->out->env->arena);
    buf_add(&text, STR("%!"));
    go_add_rune(&text, verb);
    buf_add(&text, str_from(note));
    go_text_add(f->out, buf_str(&text));
}

/* `at` stands behind the `%`. False where the format ends without a verb. */
static bool print_verb(struct format *f) {
    uint32_t verb;
    f->flags = (struct go_flags){false};
    f->good_index = true;
    read_flags(f);
    bool simple =
        f->at < f->format.len && f->format.ptr[f->at] >= 'a' && f->format.ptr[f->at] <= 'z' && f->arg < f->count;
    if (!simple) {
        read_index(f);
        read_width(f);
        read_precision(f);
        if (!f->after_index) read_index(f);
        if (f->at >= f->format.len) {
            go_text_add(f->out, STR("%!(NOVERB)"));
            return false;
        }
    }
    f->at += utf8_next(f->format, f->at, &verb);
    if (verb == '%') {
        go_text_add(f->out, STR("%"));
    } else if (!f->good_index) {
        add_note(f, verb, "(BADINDEX)");
    } else if (f->arg >= f->count) {
        add_note(f, verb, "(MISSING)");
    } else {
        if (verb == 'v' || verb == 'w') {
            f->flags.sharp_v = f->flags.sharp;
            f->flags.plus_v = f->flags.plus;
            f->flags.sharp = f->flags.plus = false;
        }
        go_print_verb(f->out, &f->args[f->arg++], verb, &f->flags);
    }
    return true;
}

static void print_extra(struct format *f) {
    static const struct go_flags plain = {false};
    go_text_add(f->out, STR("%!(EXTRA "));
    for (int64_t i = f->arg; i < f->count; i++) {
        const struct go_value *v = &f->args[i];
        if (i > f->arg) go_text_add(f->out, STR(", "));
        if (!go_is_nil(v)) {
            go_print_verb(f->out, v, 'T', &plain);
            go_text_add(f->out, STR("="));
        }
        go_print(f->out, v);
    }
    go_text_add(f->out, STR(")"));
}

void go_printf(struct go_text *text, struct str format, const struct go_value *args, uint32_t count) {
    struct format f = {.out = text, .format = format, .args = args, .count = count};
    while (f.at < format.len) {
        size_t percent = str_find_char(str_slice(format, f.at, format.len), '%') + f.at;
        go_text_add(text, str_slice(format, f.at, percent));
        f.at = percent + 1;
        if (percent == format.len || !print_verb(&f)) break;
    }
    if (!f.reordered && f.arg < count) print_extra(&f);
}
