#include "report/display.h"

#include "base/clean.h"
#include "base/path.h"
#include "base/utf8.h"

#define TAB_COLUMNS 4

size_t display_next(struct str s, size_t at, unsigned *columns) {
    uint32_t code;
    size_t len = utf8_next(s, at, &code);
    *columns = code == '\t' ? TAB_COLUMNS : clean_is_unsafe(code) ? 1 : width_of(code);
    return len;
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
    clean_add_start(out, source->path);
    buf_add_char(out, ':');
    add_number(out, at.line);
    buf_add_char(out, ':');
    add_number(out, at.column);
}

struct str display_path(struct arena *a, const struct report_options *options, struct str path) {
    if (options->root.len == 0) return path;
    return path_relative(path_normalize(a, path_join(a, options->folder, path)), options->root);
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
