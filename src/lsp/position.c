#include "lsp/position.h"

#include "base/utf8.h"
#include "base/vec.h"

#define MARK STR("\xEF\xBB\xBF")

struct lsp_lines lsp_lines_of(struct arena *a, struct str text, bool hides_mark) {
    struct VEC(uint32_t) starts = {NULL, 0, 0};
    vec_push(a, &starts, hides_mark && str_starts(text, MARK) ? (uint32_t)MARK.len : 0);
    for (size_t at = 0; at < text.len; at++) {
        bool pair = text.ptr[at] == '\r' && at + 1 < text.len && text.ptr[at + 1] == '\n';
        if ((text.ptr[at] != '\r' || pair) && text.ptr[at] != '\n') continue;
        vec_push(a, &starts, (uint32_t)at + 1);
    }
    return (struct lsp_lines){text, starts.items, starts.len, hides_mark};
}

static uint32_t line_at(const struct lsp_lines *lines, uint32_t offset) {
    uint32_t low = 0, high = lines->count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (lines->starts[middle] <= offset) low = middle;
        else high = middle;
    }
    return low;
}

/* Code units of the character `code`. */
static uint32_t units_of(uint32_t code) {
    return code > 0xFFFF ? 2 : 1;
}

struct lsp_position lsp_position_at(const struct lsp_lines *lines, uint32_t offset) {
    struct lsp_position position = {line_at(lines, offset), 0};
    uint32_t code, end = offset < lines->text.len ? offset : (uint32_t)lines->text.len;
    for (uint32_t at = lines->starts[position.line]; at < end;) {
        at += (uint32_t)utf8_next(lines->text, at, &code);
        if (at <= end) position.character += units_of(code);
    }
    return position;
}

uint32_t lsp_offset_at(const struct lsp_lines *lines, struct lsp_position position) {
    uint32_t code, units = 0;
    if (position.line >= lines->count) return (uint32_t)lines->text.len;
    uint32_t at = lines->starts[position.line];
    while (at < lines->text.len && lines->text.ptr[at] != '\n' && lines->text.ptr[at] != '\r') {
        uint32_t size = (uint32_t)utf8_next(lines->text, at, &code);
        units += units_of(code);
        if (units > position.character) break;
        at += size;
    }
    return at;
}

static bool read_number(const struct value *map, struct str key, uint32_t *number) {
    const struct value *value = value_get(map, key);
    if (!value || value->kind != VALUE_INT || value->integer < 0) return false;
    *number = value->integer > INT32_MAX ? INT32_MAX : (uint32_t)value->integer;
    return true;
}

bool lsp_position_read(const struct value *value, struct lsp_position *position) {
    return read_number(value, STR("line"), &position->line) &&
           read_number(value, STR("character"), &position->character);
}

static void put_position(struct emit *out, const char *key, const struct lsp_lines *lines, uint32_t offset) {
    struct lsp_position position = lsp_position_at(lines, offset);
    emit_key(out, key);
    emit_open(out, '{');
    emit_put_number(out, "line", position.line);
    emit_put_number(out, "character", position.character);
    emit_close(out, '}');
}

void lsp_put_range(struct emit *out, const char *key, const struct lsp_lines *lines, struct span span) {
    emit_key(out, key);
    emit_open(out, '{');
    put_position(out, "start", lines, span.start);
    put_position(out, "end", lines, span.end);
    emit_close(out, '}');
}
