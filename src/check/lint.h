/* The room of what is found in one chart: the shape against the standard, values at old places, rules, values against
 * templates, suppression comments. It decides what is wrong, and what looks fixable; what fixes do is left to src/fix,
 * whether they can be done to src/run, and how findings look to src/report.
 *
 * This file: checks one chart: its values.yaml, its overlays, its Chart.yaml. Pure: reads the chart's files, writes
 * nothing, and shares nothing with other charts, so that any number may run at once. */
#ifndef CHECK_LINT_H
#define CHECK_LINT_H

#include "chart/discover.h"
#include "check/checks.h"
#include "check/mesh_values.h"
#include "check/rules.h"

struct lint_file {
    struct source source;         /* with its lines */
    struct findings findings;     /* sorted */
    struct rules_members members; /* what it may have in common with those of other charts */
    struct mesh_values *mesh;     /* what a mesh's overlays are held against; NULL where there are none to be */
    uint32_t suppressed;          /* by comments */
    uint32_t baselined;           /* by the baseline */
    const struct tree *tree;      /* of a values file, with its values; both NULL where they cannot be had */
    const struct value *values;
    bool foreseen;   /* the values are those after fixes, and the text and its tree those before */
    bool is_values;  /* a values file or an overlay, not Chart.yaml */
    bool unreadable; /* its bytes could not be had */
};

/* What a render by the user's own helm said of a chart's fixes. */
struct lint_verified {
    uint32_t renders;   /* that print the same before and after */
    uint32_t charts;    /* whose fixes were compared */
    uint32_t skipped;   /* renders that were not compared: they fail before, or print something else each time */
    struct str differs; /* what does not print the same, in lines; empty where nothing does */
};

struct fix_result;
struct mesh_prints;

struct lint_result {
    struct str chart;                     /* its name */
    const struct chart *read;             /* its Chart.yaml */
    bool without_standard;                /* it is no chart of the built-in standard, and nobody named another one */
    struct str exemption;                 /* why the standard was not applied; empty where it was */
    struct VEC(struct lint_file *) files; /* in the order of their paths */
    struct mesh_prints *prints;           /* what it prints for a mesh's overlays; NULL where that was not asked */
    const struct fix_result *fixed;       /* what was done to the chart before the check; NULL for nothing */
    const struct fix_result *planned;     /* what --fix would do now; NULL where that was not asked or is nothing */
    bool again;                           /* only what was done is told: the chart comes once more, with what is left */
    struct lint_verified verified;
    struct str failure; /* why that could not be written; empty where it could */
};

/* Reads the Chart.yaml of the chart in `folder`, which names the chart where that does not. */
void lint_read_chart(struct arena *a, struct str folder, bool has_chart_yaml, struct chart *chart);

/* A text that stands in place of what the file at `path` holds. */
struct lint_text {
    struct str path;
    struct str text;
    const struct tree *tree;    /* of the text, where it has been parsed; else NULL */
    const struct value *values; /* that the file will hold once `text`, which holds others, is rewritten; else NULL */
};

struct lint_texts VEC(struct lint_text);

/* The text that stands in place of the file at `path`, or NULL; `texts` may be NULL. */
const struct lint_text *lint_text_at(const struct lint_texts *texts, struct str path);

/* Gives the text of the file at `path`, or the one in its place. */
bool lint_read_text(struct arena *a, const struct lint_texts *texts, struct str path, struct str *text,
                    struct error *error);

struct release_world;
struct tmpl_memo;

struct lint_request {
    const struct checks *checks;
    const struct settings *settings;
    const struct chart_paths *paths;
    const struct lint_texts *texts; /* may be NULL */
    /* What an editor has not saved: to the check, the files hold it. Where it holds a file that `texts` may hold
     * (values, templates), that has it too. May be NULL. */
    const struct file_texts *buffers;
    const struct chart *chart;   /* where its Chart.yaml was read before; else NULL */
    bool values_only;            /* the values are not checked against the chart's templates */
    struct tmpl_memo *templates; /* of this chart, in the same arena; may be NULL */
    struct release_world *world; /* the charts around; NULL where the chart is to be taken as on its own */
    struct regex_work *work;     /* of this thread, for the standard's schema; may be NULL */
    bool keeps_plan;             /* somebody wants to see what --fix would do (lint_result.planned) */
};

/* Checks the chart. Everything in `result` lives in the arena. Messages may quote secrets: before any of it is shown,
 * lint_mask_secrets has to be called. */
void lint_chart(struct arena *a, const struct lint_request *request, struct lint_result *result);

/* Takes what is secret out of all findings, and notes in the sources where it stands. Comes when nothing is added to
 * `result` any more, and once: it reads whole files. */
void lint_mask_secrets(struct arena *a, const struct checks *checks, const struct settings *settings,
                       struct lint_result *result);

/* The same as lint_chart for one values file whose text is given (standard input), and which stands at `path`. */
void lint_text(struct arena *a, const struct checks *checks, const struct settings *settings, struct str path,
               struct str text, struct lint_result *result);

#endif
