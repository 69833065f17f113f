#include "text/source.h"

#include "base/utf8.h"
#include "base/vec.h"

/* Bytes. */
#define LONG_LINE ((size_t)4 << 10)

/* Characters (code points) that begin in [from, to). */
static uint32_t count_characters(struct str text, uint32_t from, uint32_t to) {
    uint32_t count = 0;
    for (uint32_t i = from; i < to; i++) count += !utf8_is_continuation(text.ptr[i]);
    return count;
}

/* So that a column far out in a line need not be counted from its start, again for each finding. */
static const uint32_t *count_blocks(struct arena *a, struct str text) {
    uint32_t count = (uint32_t)(text.len / SOURCE_BLOCK) + 1;
    uint32_t *characters = arena_array(a, uint32_t, count);
    for (uint32_t i = 1; i < count; i++)
        characters[i] = characters[i - 1] + count_characters(text, (i - 1) * SOURCE_BLOCK, i * SOURCE_BLOCK);
    return characters;
}

/* Characters that begin before `offset`. */
static uint32_t characters_before(const struct source *source, uint32_t offset) {
    uint32_t block = offset / SOURCE_BLOCK;
    return source->characters[block] + count_characters(source->text, block * SOURCE_BLOCK, offset);
}

void source_lines(struct arena *a, struct source *source) {
    struct VEC(uint32_t) starts = {NULL, 0, 0};
    struct str text = source->text;
    bool is_long = false;

    if (source->line_starts) return;
    vec_push(a, &starts, 0);
    for (size_t at = 0; at < text.len;) {
        const char *end = memchr(text.ptr + at, '\n', text.len - at);
        if (!end) break;
        is_long = is_long || (size_t)(end - text.ptr) - at > LONG_LINE;
        at = (size_t)(end - text.ptr) + 1;
        vec_push(a, &starts, (uint32_t)at);
    }
    source->line_starts = starts.items;
    source->line_count = starts.len;
    is_long = is_long || text.len - starts.items[starts.len - 1] > LONG_LINE;
    if (is_long) source->characters = count_blocks(a, text);
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
    if (source->characters) column += characters_before(source, offset) - characters_before(source, start);
    else column += count_characters(source->text, start, offset);
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
