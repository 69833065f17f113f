/* The room of what comes out: a file for each output format, and what they share. It gets findings and prints them, and
 * knows neither charts nor rules.
 *
 * Output formats. Each one is a C file with one `const struct format`, named in src/report/meson.build; nothing else
 * knows it. A report is made by one thread: `begin`, then `file` once for each file, then `end`. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdio.h>

#include "base/error.h"
#include "text/edit.h"
#include "text/finding.h"

/* What the run had to say about one file; given in the order of paths, findings sorted. A file without findings is
 * given too, and so is one that has only fixes (a template). Nothing of it needs to live longer than the call. */
struct report_file {
    struct source *source; /* with its lines (source_lines); so are the sources of related places */
    const struct findings *findings;
    struct str chart;          /* the chart's name */
    const struct edits *fixes; /* what --fix would do to the file; NULL for nothing, or where no format shows it */
};

/* A chart that got only the checks that hold for any YAML, and why ("library chart", "umbrella chart: ..."); or a file
 * that was not looked at, and why ("skipped: ..."). */
struct report_note {
    struct str path;
    struct str text; /* without a final full stop */
    bool skipped;
};

struct check_count {
    const struct check *check;
    uint32_t count;
};

struct chart_count {
    struct str chart; /* its name */
    uint32_t count;   /* findings */
    uint32_t fixable; /* of them, those that are FIX_SAFE */
};

/* A value that --fix has moved, in so many charts. */
struct report_move {
    struct str from, to; /* dotted paths */
    uint32_t charts;
};

/* What --fix refused to do in one chart. */
struct report_unfixed {
    struct str chart;
    struct str path;   /* dotted */
    struct str place;  /* "FILE:LINE:COLUMN" that the reason is about; may be empty */
    struct str reason; /* without a final full stop */
};

/* What a run with --fix or --diff did, or would do. */
struct report_fixes {
    bool written;
    bool renames;           /* one move was asked for, and nothing else */
    uint32_t charts, files; /* that changed */
    const struct report_move *moves;
    uint32_t move_count;
    const struct report_unfixed *unfixed; /* the first ones of them */
    uint32_t unfixed_count;
    uint32_t unfixed_total;
    struct str helm; /* the version of the helm that rendered before and after; empty for none */
    uint32_t renders, verified_charts, not_compared, differing; /* renders; charts; renders; charts */
};

struct report_summary {
    uint32_t charts;
    uint32_t files; /* values files that were checked */
    uint32_t findings[SEVERITY_COUNT];
    uint32_t fixable_safe;   /* findings that are FIX_SAFE */
    uint32_t fixable_unsafe; /* findings that are FIX_UNSAFE, on top of the safe ones */
    uint32_t suppressed;     /* findings that comments hold back */
    uint32_t baselined;      /* findings that the baseline holds back */
    uint32_t unreadable;     /* files that could not be read at all: exit status 3 */
    const struct report_note *notes;
    uint32_t note_count;
    const struct check_count *statistics; /* with --statistics: findings by check, most frequent first; else NULL */
    uint32_t statistic_count;
    struct chart_count *const *chart_statistics; /* the same by chart, in the order of the run; without those at 0 */
    uint32_t chart_statistic_count;
    const struct report_fixes *fixes; /* NULL where nothing was to be fixed */
};

struct report_options {
    FILE *out;                /* where the report goes; the caller closes it */
    FILE *warnings;           /* what went wrong beside the report, a line each; standard error */
    bool color;               /* for formats that know it */
    bool quiet;               /* no summary where there are no findings, no notes */
    bool verbose;             /* text: what --fix repairs in full, too */
    bool statistics;          /* --statistics: with `quiet`, text shows nothing else */
    unsigned width;           /* of the terminal in columns; 0 where it is not known */
    const char *docs;         /* where the rules' pages stand: a URL or folder, without a slash at its end; or NULL */
    const char *version;      /* of valuelint */
    const char *step_summary; /* github: the file named by GITHUB_STEP_SUMMARY, or NULL */
    struct str root;          /* of the repository in a CI's job, absolute; empty where it is not known */
    struct str folder;        /* the current one, absolute */
    /* What is written of why a check exists; empty where nothing is. */
    struct str (*why)(void *data, const struct check *check);
    void *why_data;
};

struct format {
    const char *name;
    const char *summary; /* one line for --help */
    bool shows_fixes;    /* it wants to know what --fix would do to a file */
    /* Each is called with a `state` that `begin` made (any pointer, or NULL). `arena` and `options` live as long as
     * the report. */
    void *(*begin)(struct arena *arena, const struct report_options *options);
    void (*file)(void *state, const struct report_file *file);
    /* Writes what is left and flushes `out`. False, with `error` set, where any byte of the report did not get out. */
    bool (*end)(void *state, const struct report_summary *summary, struct error *error);
};

/* The format of that name, or NULL. */
const struct format *format_find(struct str name);

/* All formats, in the order of src/report/meson.build; NULL at the end. */
extern const struct format *const FORMATS[];

#endif
