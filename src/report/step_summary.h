/* The page that GitHub shows below a step: the file that GITHUB_STEP_SUMMARY names, to which every step appends. */
#ifndef REPORT_STEP_SUMMARY_H
#define REPORT_STEP_SUMMARY_H

#include "base/buf.h"
#include "report/report.h"

/* GitHub drops the whole page of a step when it is larger. */
#define STEP_SUMMARY_MAX ((size_t)1 << 20)

struct step_summary {
    FILE *file; /* NULL: there is none, or it failed */
    const struct report_options *options;
    struct buf buf;    /* the row being made */
    size_t room;       /* bytes that may still be written */
    uint32_t rows;     /* findings written */
    uint32_t left_out; /* findings without room */
};

/* Opens the file that `options` names; where that fails says so in `options->warnings`, and the calls below do
 * nothing. */
struct step_summary job_summary_open(struct arena *a, const struct report_options *options);

/* Adds a finding to the table, or counts it as left out where the page is full. */
void job_summary_add(struct step_summary *page, const struct report_file *file, const struct finding *finding);

/* Writes the end and closes the file. Returns whether the page has every finding. */
bool job_summary_close(struct step_summary *page, const struct report_summary *summary);

#endif
