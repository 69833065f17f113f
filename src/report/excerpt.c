#include "report/excerpt.h"

#include <stdio.h>

#include "base/utf8.h"
#include "text/secret.h"

#define DOTS STR("...")
#define NARROWEST 40
/* A stretch of characters without width would otherwise make a line as long as the file. */
#define BYTES_PER_COLUMN 8

/* The part [from, to) of a line that is shown. */
struct window {
    size_t from;
    size_t to;
};

/* How many columns line[from, to) takes, counted up to `most`. */
static size_t columns_of(struct str line, size_t from, size_t to, size_t most) {
    size_t sum = 0;
    while (from < to && sum < most) {
        unsigned columns;
        from += display_next(line, from, &columns);
        sum += columns;
    }
    return sum < most ? sum : most;
}

/* How far one gets from `at` with `columns`. */
static size_t go_forward(struct str line, size_t at, size_t columns) {
    size_t stop = at + columns * BYTES_PER_COLUMN;
    while (at < line.len && at < stop) {
        unsigned next;
        size_t len = display_next(line, at, &next);
        if (next > columns) break;
        columns -= next;
        at += len;
    }
    return at;
}

static size_t go_back(struct str line, size_t at, size_t columns) {
    size_t stop = at > columns * BYTES_PER_COLUMN ? at - columns * BYTES_PER_COLUMN : 0;
    size_t good = at; /* never between a character and the marks that combine with it */
    while (at > stop) {
        unsigned previous;
        size_t start = utf8_previous(line, at);
        display_next(line, start, &previous);
        if (previous > columns) break;
        columns -= previous;
        at = start;
        if (previous) good = at;
    }
    return good;
}

/* What of `line` to show in `room` columns, dots at the cuts included, so that line[start, end) is in sight. */
static struct window window_around(struct str line, size_t start, size_t end, size_t room) {
    if (go_forward(line, 0, room) == line.len) return (struct window){0, line.len};

    size_t inner = room - 2 * DOTS.len;
    size_t marked = columns_of(line, start, end, inner);
    size_t before = (inner - marked) / 2;
    if (before < inner / 4) before = inner / 4;
    size_t from = go_back(line, start, before);
    size_t to = go_forward(line, from, from ? inner : inner + DOTS.len);
    if (to == line.len) from = go_back(line, line.len, inner + DOTS.len);
    return (struct window){from, to};
}

static size_t number_width(const struct source *source, struct span span) {
    char digits[16];
    return (size_t)snprintf(digits, sizeof digits, "%u", source_line_of(source, span.start) + 1);
}

size_t excerpt_margin(const struct source *source, struct span span) {
    return number_width(source, span) + 2;
}

/* The part of `line` within `reach` bytes of [start, end), not cut within a character. */
static struct window near_to(struct str line, size_t start, size_t end, size_t reach) {
    struct window near = {start > reach ? start - reach : 0, end + reach < line.len ? end + reach : line.len};
    if (near.to > start + 2 * reach) near.to = start + 2 * reach;
    while (near.from > 0 && near.from < line.len && utf8_is_continuation(line.ptr[near.from])) near.from--;
    while (near.to < line.len && utf8_is_continuation(line.ptr[near.to])) near.to++;
    return near;
}

void excerpt_add(struct buf *out, const struct source *source, struct span span, unsigned width,
                 const struct palette *palette, enum severity severity) {
    uint32_t number = source_line_of(source, span.start);
    struct str line = source_line(source, number);
    size_t base = line.ptr ? (size_t)(line.ptr - source->text.ptr) : 0;
    size_t start = span.start > base ? span.start - base : 0, end = span.end > base ? span.end - base : 0;
    if (start > line.len) start = line.len;
    if (end > line.len)
        for (end = line.len; end > start && line.ptr[end - 1] == ' ';) end--;
    if (end < start) end = start;
    size_t margin = excerpt_margin(source, span);
    size_t room = (width < NARROWEST ? NARROWEST : width) - margin - 2;
    struct window near = near_to(line, start, end, room * BYTES_PER_COLUMN);
    if (end > near.to) end = near.to;
    bool more_before = near.from > 0, more_behind = near.to < line.len;
    uint32_t first = (uint32_t)(base + start), last = (uint32_t)(base + end);
    struct source own = *source;
    if (!own.secrets) secrets_find(out->arena, &own);
    line = secrets_cut(out->arena, &own, (uint32_t)(base + near.from), (uint32_t)(base + near.to), &first, &last);
    start = first;
    end = last;

    struct window window = window_around(line, start, end, room);
    if (end > window.to) end = window.to;
    more_before = more_before || window.from > 0;
    more_behind = more_behind || window.to < line.len;

    buf_add(out, palette->quiet);
    buf_addf(out, " %u |", number + 1);
    buf_add(out, palette->reset);
    if (line.len) buf_add_char(out, ' ');
    if (more_before) buf_add(out, DOTS);
    clean_add(out, str_slice(line, window.from, window.to));
    if (more_behind) buf_add(out, DOTS);
    buf_add_char(out, '\n');

    size_t marked = columns_of(line, start, end, SIZE_MAX);
    buf_add(out, palette->quiet);
    buf_add_repeat(out, ' ', margin);
    buf_add_char(out, '|');
    buf_add(out, palette->reset);
    buf_add_repeat(out, ' ', 1 + (more_before ? DOTS.len : 0) + columns_of(line, window.from, start, SIZE_MAX));
    buf_add(out, palette->severity[severity]);
    buf_add_repeat(out, '^', marked ? marked : 1);
    buf_add(out, palette->reset);
    buf_add_char(out, '\n');
}
