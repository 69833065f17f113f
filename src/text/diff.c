#include "text/diff.h"

#include "text/diff_match.h"
#include "text/source.h"

enum { CONTEXT = 3 }; /* lines that are shown around a change */

/* git's colours. */
enum paint { PAINT_HEADER, PAINT_HUNK, PAINT_OLD, PAINT_NEW, PAINT_NONE };
static const char *const PAINTS[] = {"\x1B[1m", "\x1B[36m", "\x1B[31m", "\x1B[32m", ""};
#define PAINT_END "\x1B[m"

struct diff {
    struct buf *out;
    bool color;
    struct diff_lines old, new;
    struct diff_changes changes;
};

static struct diff_lines split_lines(struct arena *a, struct str text) {
    struct source source = {.text = text};
    source_lines(a, &source);
    struct diff_lines lines = {text, source.line_starts, source.line_count};
    if (lines.starts[lines.len - 1] == text.len) {
        lines.len--; /* nothing stands behind the last line end */
    } else {
        lines.starts = arena_grow(a, lines.starts, sizeof(uint32_t) * lines.len, sizeof(uint32_t) * (lines.len + 1));
        lines.starts[lines.len] = (uint32_t)text.len;
    }
    return lines;
}

static bool at_line_start(struct str text, uint32_t offset) {
    return offset == 0 || text.ptr[offset - 1] == '\n';
}

/* Where the line of `offset` ends, line end included. */
static uint32_t line_end(struct str text, uint32_t offset) {
    size_t end = offset + str_find_char(str_slice(text, offset, text.len), '\n') + 1;
    return end < text.len ? (uint32_t)end : (uint32_t)text.len;
}

/* The line at whose start `offset` lies, or the number of lines at the end; `from` is one before it. */
static uint32_t line_at(const struct diff_lines *lines, uint32_t from, uint32_t offset) {
    while (lines->starts[from] < offset) from++;
    return from;
}

/* Expands the edits to whole lines, and finds what differs in each region that they make together. */
static void find_changes(struct arena *a, struct diff *diff, const struct edits *edits) {
    struct str old = diff->old.text, new = diff->new.text;
    struct diff_change region = {0, 0, 0, 0}; /* its ends are those of the region before */
    uint32_t gone = 0, come = 0;              /* bytes that the edits so far took away and added */
    for (uint32_t i = 0; i < edits->len;) {
        uint32_t end = edits->items[i].span.start; /* of the region's last line, in the old text */
        while (!at_line_start(old, end)) end--;
        region.old_start = line_at(&diff->old, region.old_end, end);
        region.new_start = line_at(&diff->new, region.new_end, end - gone + come);
        do {
            const struct edit *edit = &edits->items[i++];
            bool inside = edit->span.end < end; /* of a line that the region already has */
            gone += span_len(edit->span);
            come += (uint32_t)edit->text.len;
            if (inside) continue;
            end = edit->span.end;
            if (!at_line_start(old, end) || !at_line_start(new, end - gone + come)) end = line_end(old, end);
        } while (i < edits->len && edits->items[i].span.start <= end);
        region.old_end = line_at(&diff->old, region.old_start, end);
        region.new_end = line_at(&diff->new, region.new_start, end - gone + come);
        diff_match(a, &diff->old, &diff->new, region, &diff->changes);
    }
}

/* Adds a line behind its sign, in colour; git ends the colour before the line end, CR included. */
static void add_line(struct diff *diff, enum paint paint, char sign, struct str line) {
    struct buf *out = diff->out;
    struct str end = STR("");
    bool complete = line.len && line.ptr[line.len - 1] == '\n';
    if (diff->color) {
        size_t len = line.len - complete;
        if (len && line.ptr[len - 1] == '\r') len--;
        end = str_slice(line, len, line.len);
        line = str_slice(line, 0, len);
        buf_add(out, str_from(PAINTS[paint]));
    }
    buf_add_char(out, sign);
    buf_add(out, line);
    if (diff->color) buf_add(out, STR(PAINT_END));
    buf_add(out, end);
    if (complete) return;
    buf_add(out, STR("\n\\ No newline at end of file"));
    if (diff->color) buf_add(out, STR(PAINT_END));
    buf_add_char(out, '\n');
}

static void add_lines(struct diff *diff, enum paint paint, char sign, const struct diff_lines *lines, uint32_t start,
                      uint32_t end) {
    for (uint32_t i = start; i < end; i++) add_line(diff, paint, sign, diff_line(lines, i));
}

/* "5,2"; a single line has no count, and no lines stand behind the line that is named. */
static void add_range(struct buf *out, uint32_t start, uint32_t end) {
    buf_add_int(out, end > start ? start + 1 : start);
    if (end - start == 1) return;
    buf_add_char(out, ',');
    buf_add_int(out, end - start);
}

/* One hunk: the changes [first, last), which are close enough to be shown together. */
static void add_hunk(struct diff *diff, uint32_t first, uint32_t last) {
    const struct diff_change *items = diff->changes.items;
    uint32_t before = items[first].old_start < CONTEXT ? items[first].old_start : CONTEXT;
    uint32_t left = diff->old.len - items[last - 1].old_end, after = left < CONTEXT ? left : CONTEXT;
    uint32_t at = items[first].old_start - before;

    if (diff->color) buf_add(diff->out, str_from(PAINTS[PAINT_HUNK]));
    buf_add(diff->out, STR("@@ -"));
    add_range(diff->out, at, items[last - 1].old_end + after);
    buf_add(diff->out, STR(" +"));
    add_range(diff->out, items[first].new_start - before, items[last - 1].new_end + after);
    buf_add(diff->out, STR(" @@"));
    if (diff->color) buf_add(diff->out, STR(PAINT_END));
    buf_add_char(diff->out, '\n');

    for (uint32_t i = first; i < last; i++) {
        add_lines(diff, PAINT_NONE, ' ', &diff->old, at, items[i].old_start);
        add_lines(diff, PAINT_OLD, '-', &diff->old, items[i].old_start, items[i].old_end);
        add_lines(diff, PAINT_NEW, '+', &diff->new, items[i].new_start, items[i].new_end);
        at = items[i].old_end;
    }
    add_lines(diff, PAINT_NONE, ' ', &diff->old, at, at + after);
}

/* The path below the folder that `a/` stands for: without a slash in front, and without the parts "." and "", which git
 * does not take. */
static struct str shown_path(struct arena *a, struct str path) {
    struct buf out = buf_in(a);
    struct str part;
    while (str_split_next(&path, '/', &part)) {
        if (part.len == 0 || str_eq(part, STR("."))) continue;
        if (out.len) buf_add_char(&out, '/');
        buf_add(&out, part);
    }
    return buf_str(&out);
}

/* Adds a name as git quotes it in C's way; without any need for that, as it is. */
static void add_name(struct buf *out, char side, struct str path) {
    static const char ESCAPED[] = "\a\b\t\n\v\f\r\"\\", LETTERS[] = "abtnvfr\"\\";
    bool quoted = false;
    for (size_t i = 0; i < path.len && !quoted; i++) {
        unsigned char c = (unsigned char)path.ptr[i];
        quoted = c < 0x20 || c >= 0x7F || c == '"' || c == '\\';
    }
    buf_addf(out, quoted ? "\"%c/" : "%c/", side);
    for (size_t i = 0; i < path.len && quoted; i++) {
        unsigned char c = (unsigned char)path.ptr[i];
        const char *escaped = c ? strchr(ESCAPED, c) : NULL;
        if (escaped) buf_addf(out, "\\%c", LETTERS[escaped - ESCAPED]);
        else if (c < 0x20 || c >= 0x7F) buf_addf(out, "\\%03o", c);
        else buf_add_char(out, (char)c);
    }
    buf_add(out, quoted ? STR("\"") : path);
}

/* "--- a/PATH"; a tab ends a name with a space, as patch would else read no farther than that. */
static void add_header(struct diff *diff, struct str mark, char side, struct str path) {
    if (diff->color) buf_add(diff->out, str_from(PAINTS[PAINT_HEADER]));
    buf_add(diff->out, mark);
    add_name(diff->out, side, path);
    if (diff->color) buf_add(diff->out, STR(PAINT_END));
    if (str_find_char(path, ' ') < path.len) buf_add_char(diff->out, '\t');
    buf_add_char(diff->out, '\n');
}

bool diff_unified(struct buf *out, const struct diff_file *file, bool color) {
    struct arena *a = out->arena;
    struct diff diff = {.out = out, .color = color};
    if (file->edits->len == 0) return false;
    diff.old = split_lines(a, file->text);
    diff.new = split_lines(a, edits_apply(a, file->text, file->edits));
    find_changes(a, &diff, file->edits);
    if (diff.changes.len == 0) return false;

    struct str path = shown_path(a, file->path);
    add_header(&diff, STR("--- "), 'a', path);
    add_header(&diff, STR("+++ "), 'b', path);
    for (uint32_t first = 0, last; first < diff.changes.len; first = last) {
        const struct diff_change *items = diff.changes.items;
        last = first + 1;
        while (last < diff.changes.len && items[last].old_start - items[last - 1].old_end <= 2 * CONTEXT) last++;
        add_hunk(&diff, first, last);
    }
    return true;
}
