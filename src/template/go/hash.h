/* Sums and encodings of bytes. */
#ifndef TEMPLATE_GO_HASH_H
#define TEMPLATE_GO_HASH_H

#include "base/buf.h"

/* They add the sum in lower case hexadecimal digits. */
void go_sha1(struct buf *out, struct str s);
void go_sha256(struct buf *out, struct str s);
void go_sha512(struct buf *out, struct str s);
/* In decimal. */
void go_adler32(struct buf *out, struct str s);

/* RFC 4648, with padding. */
void go_base64_encode(struct buf *out, struct str s);
void go_base32_encode(struct buf *out, struct str s);
/* Line ends in the text are skipped. False where it is no such text: then *bad is the offset that Go names. */
bool go_base64_decode(struct buf *out, struct str s, size_t *bad);
bool go_base32_decode(struct buf *out, struct str s, size_t *bad);

#endif
