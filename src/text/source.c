#include "text/source.h"

#include "base/vec.h"

void source_lines(struct arena *a, struct source *source) {
    struct VEC(uint32_t) starts = {NULL, 0, 0};
    struct str text = source->text;

    if (source->line_starts) return;
    vec_push(a, &starts, 0);
    for (size_t at = 0; at < text.len;) {
        const char *end = memchr(text.ptr + at, '\n', text.len - at);
        if (!end) break;
        at = (size_t)(end - text.ptr) + 1;
        vec_push(a, &starts, (uint32_t)at);
    }
    source->line_starts = starts.items;
    source->line_count = starts.len;
}

uint32_t source_line_of(const struct source *source, uint32_t offset) {
    uint32_t low = 0, high = source->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= offset) low = middle;
        else high = middle;
    }
    return low;
}

struct position source_position(const struct source *source, uint32_t offset) {
    if (offset > source->text.len) offset = (uint32_t)source->text.len;
    uint32_t line = source_line_of(source, offset);
    uint32_t start = source->line_starts[line];
    if (start == 0 && str_starts(source->text, STR("\xEF\xBB\xBF"))) start = offset < 3 ? offset : 3;

    uint32_t column = 1;
    for (uint32_t i = start; i < offset; i++)
        if (((unsigned char)source->text.ptr[i] & 0xC0) != 0x80) column++;
    return (struct position){line + 1, column, offset - start + 1};
}

struct str source_line(const struct source *source, uint32_t line) {
    uint32_t start = source->line_starts[line];
    size_t end = line + 1 < source->line_count ? source->line_starts[line + 1] - 1 : source->text.len;
    struct str text = str_slice(source->text, start, end);
    if (text.len && text.ptr[text.len - 1] == '\r') text.len--;
    if (start == 0 && str_starts(text, STR("\xEF\xBB\xBF"))) text = str_slice(text, 3, text.len);
    return text;
}
