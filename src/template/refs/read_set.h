/* How much of the values a reference or a call may read. Internal to this room. */
#ifndef TEMPLATE_REFS_READ_SET_H
#define TEMPLATE_REFS_READ_SET_H

#include "template/refs/rewrite.h"

enum refs_reads {
    REFS_READS_NOTHING, /* of this chart's values, as far as this place alone goes */
    REFS_READS_PATH,    /* the path that the reference names; of a call: a text of the values is run */
    REFS_READS_ALL,     /* it may read any of them */
};

/* `reason` is set for READS_ALL, for a person: "`toYaml .` may read all values". */
enum refs_reads refs_reference_reads(struct arena *a, const struct refs_set *set, const struct refs_file *file,
                                     const struct refs_reference *ref, struct str *reason);
enum refs_reads refs_call_reads(struct arena *a, const struct refs_set *set, const struct refs_file *file,
                                const struct refs_call *call, struct str *reason);

/* Whether the text around the reference alone tells that it begins at the root. */
bool refs_is_at_root(const struct refs_set *set, const struct refs_file *file, const struct refs_reference *ref);

/* Whether the define `define` of the file is one that nothing in the set calls: what stands in it is never rendered
 * with this chart's values. What a chart around calls it with, the set of that chart tells. */
bool refs_is_dead(const struct refs_set *set, const struct refs_file *file, uint32_t define);

/* Whether the reference hands the root on in a dict or list: what is made of that, only going through the templates
 * tells (refs_proved_whole). The reason where one place of it reads all, for a person. */
bool refs_wraps_root(const struct refs_reference *ref);
struct str refs_whole_reason(struct arena *a, const struct refs_file *file, struct span span);

/* What the reference is part of, for a person, on one line: `with .Values.a`, `toYaml .Values.a`. */
struct str refs_use_text(struct arena *a, const struct refs_file *file, const struct refs_reference *ref);

/* The define around a reference or a call (`define` is an index into those of its tree), or NULL. */
const struct refs_define *refs_define_around(const struct refs_set *set, const struct refs_file *file, uint32_t define);

#endif
