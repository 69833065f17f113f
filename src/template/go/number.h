/* Numbers as Go's strconv reads and prints them. */
#ifndef TEMPLATE_GO_NUMBER_H
#define TEMPLATE_GO_NUMBER_H

#include "base/buf.h"

/* Adds `number` in one of Go's formats: b, e, E, f, g, G, x or X. `precision` -1: as many digits as are needed to read
 * the same number back. */
void go_format_float(struct buf *out, double number, char format, int precision);

/* Adds a finite number as encoding/json does: like ES6, without an exponent from 1e-6 up to 1e21. */
void go_format_json_float(struct buf *out, double number);

enum go_parse { GO_PARSE_OK, GO_PARSE_SYNTAX, GO_PARSE_RANGE };

/* strconv.ParseUint and ParseInt for 64 bits. With base 0 the prefix tells the base, and underscores between digits are
 * skipped. Out of range `*out` is the nearest number; with a wrong syntax 0. */
enum go_parse go_parse_uint(struct str s, int base, uint64_t *out);
enum go_parse go_parse_int(struct str s, int base, int64_t *out);

/* strconv.ParseFloat for 64 bits: decimal or hexadecimal with `p`, inf, infinity and nan in any case. Underscores
 * between digits are skipped. Out of range `*out` is an infinity. */
enum go_parse go_parse_float(struct str s, double *out);

#endif
