/* The reports of one run: one for each --format. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/map.h"
#include "check/lint.h"
#include "cli/options.h"

struct output_state {
    const struct format *format;
    struct report_options options;
    void *state;
    struct str file; /* empty: standard output */
};

struct outputs {
    struct VEC(struct output_state) list;
    struct report_summary summary;           /* grows with every chart */
    uint32_t *counts;                        /* findings by check.index */
    struct VEC(struct chart_count *) charts; /* those with findings */
    struct map chart_by_name;
    struct VEC(struct report_note) notes;
    struct arena *arena;
    const struct rule_set *rules;
    struct rule_set *embedded; /* with what people read of the rules; NULL until that is asked for */
};

/* Opens a report for each of options->outputs. False where a file cannot be opened: then `error` says which. `outputs`
 * must not move. */
bool outputs_open(struct outputs *outputs, struct arena *a, const struct options *options, const struct rule_set *rules,
                  struct error *error);

/* Whether there is any report: --diff has standard output for itself. */
bool outputs_any(const struct outputs *outputs);

/* Whether one of them shows what --fix would do. */
bool outputs_show_fixes(const struct outputs *outputs);

/* Hands one file to all reports. */
void outputs_file(struct outputs *outputs, struct lint_file *file, struct str chart);

/* Hands one chart to all reports. */
void outputs_chart(struct outputs *outputs, const struct lint_result *result);

/* Notes that the file at `path` was not looked at, and why; both are copied. */
void outputs_skipped(struct outputs *outputs, struct str path, struct str why);

/* Ends all reports and closes their files; false where not all could be written: then `error` says which. */
bool outputs_close(struct outputs *outputs, const struct rule_set *rules, bool statistics, struct error *error);

#endif
