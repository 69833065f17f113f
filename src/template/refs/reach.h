/* How much of the values a reference or a call may read. Internal to the template layer. */
#ifndef TEMPLATE_REFS_REACH_H
#define TEMPLATE_REFS_REACH_H

#include "template/refs/rewrite.h"

enum template_reach {
    TEMPLATE_READS_NOTHING, /* of this chart's values, as far as this place alone goes */
    TEMPLATE_READS_PATH,    /* the path that the reference names; of a call: a text of the values is run */
    TEMPLATE_READS_ALL,     /* it may read any of them */
};

/* `reason` is set for READS_ALL, for a person: "`toYaml .` may read all values". */
enum template_reach template_ref_reach(struct arena *a, const struct template_set *set,
                                       const struct template_file *file, const struct template_ref *ref,
                                       struct str *reason);
enum template_reach template_call_reach(struct arena *a, const struct template_set *set,
                                        const struct template_file *file, const struct template_call *call,
                                        struct str *reason);

/* Whether the text around the reference alone tells that it begins at the root. */
bool template_is_at_root(const struct template_set *set, const struct template_file *file,
                         const struct template_ref *ref);

/* Whether the reference hands the root on in a dict or list: what is made of that, only going through the templates
 * tells (template_proved_whole). The reason where one place of it reads all, for a person. */
bool template_wraps_root(const struct template_ref *ref);
struct str template_whole_reason(struct arena *a, const struct template_file *file, struct span span);

/* What the reference is part of, for a person, on one line: `with .Values.a`, `toYaml .Values.a`. */
struct str template_use_text(struct arena *a, const struct template_file *file, const struct template_ref *ref);

/* The define around a reference or a call (`define` is an index into those of its tree), or NULL. */
const struct template_define *template_define_around(const struct template_set *set, const struct template_file *file,
                                                     uint32_t define);

#endif
