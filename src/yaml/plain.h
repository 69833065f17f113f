/* A reader for the plain part of YAML that nearly all values files keep to: block mappings and lists, scalars on one
 * line, literal blocks, flow collections on one line, comments. It knows when a text goes beyond that, and gives up.
 * What it reads it reads as parse.c does through libfyaml, to the node (the tests and the fuzzer compare), in a tenth
 * of the time. */
#ifndef YAML_PLAIN_H
#define YAML_PLAIN_H

#include "yaml/build.h"

/* Reads all of b->text, which is UTF-8 without tabs and byte order mark, into b->tree. False where it gives up: then
 * nothing is known of the text, and what was built is to be thrown away. */
bool plain_read(struct build *b);

#endif
