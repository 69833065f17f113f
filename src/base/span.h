/* A range of bytes of a text: [start, end), in bytes from its begin. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include "base/str.h"

/* No text is larger than this, so that offsets fit in 32 bits with room to spare. */
#define TEXT_MAX ((size_t)256 << 20)

struct span {
    uint32_t start;
    uint32_t end;
};

static inline struct span span_make(size_t start, size_t end) {
    return (struct span){(uint32_t)start, (uint32_t)end};
}

static inline uint32_t span_len(struct span s) {
    return s.end - s.start;
}

static inline bool span_contains(struct span outer, struct span inner) {
    return outer.start <= inner.start && inner.end <= outer.end;
}

static inline struct str span_text(struct str text, struct span s) {
    return str_slice(text, s.start, s.end);
}

#endif
