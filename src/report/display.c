#include "report/display.h"

#include "base/utf8.h"

#define TAB_COLUMNS 4

/* Control characters, and those that turn the direction of writing and so hide what a line says. */
static bool is_unsafe(uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

size_t display_next(struct str s, size_t at, unsigned *columns) {
    uint32_t code;
    size_t len = utf8_next(s, at, &code);
    *columns = code == '\t' ? TAB_COLUMNS : is_unsafe(code) ? 1 : width_of(code);
    return len;
}

void display_add(struct buf *out, struct str s) {
    for (size_t at = 0; at < s.len;) {
        size_t plain = at;
        while (plain < s.len && s.ptr[plain] >= 0x20 && s.ptr[plain] < 0x7F) plain++;
        buf_add(out, str_slice(s, at, plain));
        at = plain;
        if (at == s.len) break;

        uint32_t code;
        size_t len = utf8_next(s, at, &code);
        if (code == '\t') buf_add_repeat(out, ' ', TAB_COLUMNS);
        else if (code == '\n') buf_add_char(out, ' ');
        else if (code == '\r' && at + 1 < s.len && s.ptr[at + 1] == '\n') {
            /* the line end's other half makes the space */
        } else if (is_unsafe(code) || (code == UTF8_REPLACEMENT && len == 1)) buf_add(out, STR("\xEF\xBF\xBD"));
        else buf_add(out, str_slice(s, at, at + len));
        at += len;
    }
}

static void add_number(struct buf *out, uint32_t number) {
    char digits[10];
    size_t at = sizeof digits;
    do digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    buf_add(out, (struct str){digits + at, sizeof digits - at});
}

void display_place(struct buf *out, const struct source *source, struct span span) {
    struct position at = source_position(source, span.start);
    display_add(out, source->path);
    buf_add_char(out, ':');
    add_number(out, at.line);
    buf_add_char(out, ':');
    add_number(out, at.column);
}

void display_url(struct buf *out, const struct report_options *options, const struct check *check) {
    if (!options->docs) return;
    buf_add(out, str_from(options->docs));
    buf_add_char(out, '/');
    buf_add(out, check->id);
    buf_add(out, STR(".md"));
}

const struct palette *palette_for(bool color) {
    static const struct palette plain = {0};
    static const struct palette coloured = {
        .severity = {[SEVERITY_INFO] = STR_INIT("\x1B[1;36m"),
                     [SEVERITY_WARNING] = STR_INIT("\x1B[1;33m"),
                     [SEVERITY_ERROR] = STR_INIT("\x1B[1;31m")},
        .strong = STR_INIT("\x1B[1m"),
        .quiet = STR_INIT("\x1B[34m"),
        .help = STR_INIT("\x1B[1;36m"),
        .reset = STR_INIT("\x1B[0m"),
    };
    return color ? &coloured : &plain;
}
