/* The base protocol: messages between two programs, each behind a header with its length in bytes.
 *
 *     Content-Length: 17\r\n
 *     \r\n
 *     {"jsonrpc":"2.0"}
 *
 * Input may be anything. What is no header is passed over until the next line that begins with Content-Length, so that
 * one broken message costs no other. */
#ifndef LSP_FRAME_H
#define LSP_FRAME_H

#include "base/arena.h"

/* No message is taken that is longer, in bytes; and no header. */
#define FRAME_MAX ((size_t)64 << 20)
#define FRAME_HEADER_MAX ((size_t)8 << 10)

enum frame_kind {
    FRAME_NONE,    /* the bytes that are here hold no whole message */
    FRAME_MESSAGE, /* `text` is one */
    FRAME_BROKEN,  /* bytes were passed over that are no message; `text` says why */
};

/* Reads from an open file (base/system.h). Zero-initialised but for `file`; freed by frame_input_free. */
struct frame_input {
    int file;
    bool ended; /* nothing comes any more */
    struct arena arena;
    char *bytes; /* [start, end) were read and not taken yet */
    size_t start, end, cap;
    size_t skip; /* bytes of a message that is too long, still to be passed over */
};

/* Reads what has come, waiting for at least one byte. At the end `ended` is set. */
void frame_read(struct frame_input *in);

/* Takes the next message out of what was read. `text` is valid until the next frame_read. */
enum frame_kind frame_take(struct frame_input *in, struct str *text);

void frame_input_free(struct frame_input *in);

/* Writes a message to an open file; false where that fails. */
bool frame_write(struct arena *scratch, int file, struct str text);

#endif
