#include "lsp/frame.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/system.h"

#define CHUNK ((size_t)64 << 10)
#define LENGTH_NAME STR("content-length:")
#define TYPE_NAME STR("Content-Type:")

/* Makes room for a chunk behind what is there. Bytes that were taken go first. */
static void make_room(struct frame_input *in) {
    if (in->start > 0) {
        memmove(in->bytes, in->bytes + in->start, in->end - in->start);
        in->end -= in->start;
        in->start = 0;
    }
    if (in->cap - in->end >= CHUNK) return;
    size_t cap = in->cap * 2 > in->end + CHUNK ? in->cap * 2 : in->end + CHUNK;
    in->bytes = arena_grow(&in->arena, in->bytes, in->cap, cap);
    in->cap = cap;
}

void frame_read(struct frame_input *in) {
    make_room(in);
    long got = system_read(in->file, in->bytes + in->end, in->cap - in->end);
    if (got > 0) in->end += (size_t)got;
    else in->ended = true;
}

/* Whether a header's line begins at `text`, as far as its bytes are here. */
static bool is_length_line(struct str text) {
    struct str name = LENGTH_NAME;
    if (text.len < name.len) return false;
    for (size_t i = 0; i < name.len; i++)
        if (ascii_lower(text.ptr[i]) != name.ptr[i]) return false;
    return true;
}

/* The number of a line `Content-Length: N`; false where it is none, or one that is too large to be meant. */
static bool read_length(struct str line, size_t *length) {
    struct str digits = str_trim(str_slice(line, LENGTH_NAME.len, line.len));
    *length = 0;
    if (digits.len == 0 || digits.len > 15) return false;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9') return false;
        *length = *length * 10 + (size_t)(digits.ptr[i] - '0');
    }
    return true;
}

/* Passes over bytes up to the next one at which a header may begin. True where there were any that are no line end. */
static bool skip_garbage(struct frame_input *in) {
    bool any = false;
    for (; in->start < in->end; in->start++) {
        struct str rest = {in->bytes + in->start, in->end - in->start};
        if (is_length_line(rest)) break;
        bool begins = rest.len < LENGTH_NAME.len && !in->ended; /* it may become one */
        for (size_t i = 0; begins && i < rest.len; i++) begins = ascii_lower(rest.ptr[i]) == LENGTH_NAME.ptr[i];
        if (begins) break;
        any = any || (rest.ptr[0] != '\r' && rest.ptr[0] != '\n');
    }
    return any;
}

/* Lines of a header of which nothing is needed may come before the length. False where the end of one is not here. */
static bool skip_content_type(struct frame_input *in) {
    for (;;) {
        struct str rest = {in->bytes ? in->bytes + in->start : "", in->end - in->start};
        size_t line = str_find_char(rest, '\n');
        bool cut =
            rest.len && rest.len < TYPE_NAME.len && str_starts(TYPE_NAME, rest) && !str_starts(STR("Content-"), rest);
        if (cut && !in->ended) return false;
        if (!str_starts(rest, TYPE_NAME)) return true;
        if (line == rest.len) return rest.len >= FRAME_HEADER_MAX;
        in->start += line + 1;
    }
}

/* How a header is read. */
enum header { HEADER_WHOLE, HEADER_CUT, HEADER_BROKEN };

/* Reads the header at the start of `text`: lines that end with CR LF, then an empty one. `*size` is how many bytes it
 * takes, up to the end of the broken line where one is; `*length` that of the message. */
static enum header read_header(struct str text, size_t *size, size_t *length) {
    bool found = false;
    for (*size = 0;;) {
        struct str rest = str_slice(text, *size, text.len);
        size_t end = str_find_char(rest, '\n');
        struct str line = str_slice(rest, 0, end);
        if (end == rest.len && text.len < FRAME_HEADER_MAX) return HEADER_CUT;
        if (end == rest.len) end = LENGTH_NAME.len - 1;
        *size += end + 1;
        if (line.len == 0 || line.ptr[line.len - 1] != '\r') return HEADER_BROKEN;
        if (line.len == 1) return found ? HEADER_WHOLE : HEADER_BROKEN;
        if (!is_length_line(line)) {
            if (!str_starts(line, TYPE_NAME)) return HEADER_BROKEN;
        } else if (found || !read_length(line, length)) {
            return HEADER_BROKEN;
        }
        found = found || is_length_line(line);
    }
}

enum frame_kind frame_take(struct frame_input *in, struct str *text) {
    size_t skipped = in->skip < in->end - in->start ? in->skip : in->end - in->start;
    size_t size = 0, length = 0;
    in->start += skipped;
    in->skip -= skipped;
    if (in->skip || !skip_content_type(in)) return FRAME_NONE;
    if (skip_garbage(in)) {
        *text = STR("bytes that are no header were skipped");
        return FRAME_BROKEN;
    }
    struct str rest = {in->bytes ? in->bytes + in->start : "", in->end - in->start};
    if (rest.len < LENGTH_NAME.len) return FRAME_NONE;
    enum header header = read_header(rest, &size, &length);
    if (header == HEADER_CUT) return FRAME_NONE;
    if (header == HEADER_BROKEN) {
        in->start += size;
        *text = STR("the header is broken");
        return FRAME_BROKEN;
    }
    if (length > FRAME_MAX) {
        in->start += size;
        in->skip = length;
        *text = STR("the message is too long");
        return FRAME_BROKEN;
    }
    if (rest.len - size < length) return FRAME_NONE;
    *text = str_slice(rest, size, size + length);
    in->start += size + length;
    return FRAME_MESSAGE;
}

void frame_input_free(struct frame_input *in) {
    arena_free(&in->arena);
}

bool frame_write(struct arena *scratch, int file, struct str text) {
    struct buf out = buf_in(scratch);
    buf_addf(&out, "Content-Length: %zu\r\n\r\n", text.len);
    buf_add(&out, text);
    return system_write(file, buf_str(&out)) == 0;
}
