/* C source text, for the tools of the build that write tables. */
#ifndef RULE_C_TEXT_H
#define RULE_C_TEXT_H

#include <stdio.h>

#include "base/buf.h"

/* Writes `s` as an initialiser of a struct str. */
static inline void c_text_add_string(struct buf *out, struct str s) {
    buf_add(out, STR("STR_INIT(\""));
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\' || c == '?') buf_addf(out, "\\%03o", c);
        else buf_add_char(out, (char)c);
    }
    buf_add(out, STR("\")"));
}

/* Writes all of `out` to the file at `path`; gives the tool's exit status. */
static inline int c_text_write(const struct buf *out, const char *path) {
    FILE *file = fopen(path, "we");
    bool ok = file && fwrite(out->ptr, 1, out->len, file) == out->len;
    if (file && fclose(file) != 0) ok = false;
    if (!ok) perror(path);
    return ok ? 0 : 1;
}

#endif
