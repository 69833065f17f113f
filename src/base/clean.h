/* What of a text must not reach a terminal or a CI's log as it is. Whatever prints a text that it did not make itself
 * (messages, reports, logs) asks here, so that no two of them differ. */
#ifndef BASE_CLEAN_H
#define BASE_CLEAN_H

#include "base/buf.h"

/* Whether the character steers a terminal (controls, C1 included), ends a line, or turns the direction of writing and
 * so hides what a line says. */
bool clean_is_unsafe(uint32_t code);

/* Whether a runner would read s[at, ...) as the start of a command wherever it stands in a line: `##[` of GitHub and
 * Azure, `##vso[`, `##teamcity[`. */
bool clean_is_command(struct str s, size_t at);

/* Whether a runner would read a line that begins with `s` as a command: `::`, behind white space or not. */
bool clean_begins_command(struct str s);

/* Adds one line of text: a line end becomes a space, a tab four; U+FFFD stands for what is no UTF-8, for each unsafe
 * character, and for the second `#` of a command. */
void clean_add(struct buf *out, struct str s);

/* The same for what begins a line, such as a path: with `./` before what would begin a command. */
void clean_add_start(struct buf *out, struct str s);

/* The same for a text of several lines, whose line ends stay. */
void clean_add_lines(struct buf *out, struct str s);

#endif
