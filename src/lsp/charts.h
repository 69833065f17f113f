/* The charts of which a file is open: what is in force for each, what the last check found, and whether it has to be
 * checked again. */
#ifndef LSP_CHARTS_H
#define LSP_CHARTS_H

#include "config/config.h"
#include "lsp/documents.h"
#include "run/baseline.h"
#include "run/fixable.h"
#include "template/syntax/memo.h"

/* What is in force for a chart, and its files: read when the chart is opened, and again when the disk has changed. */
struct lsp_setup {
    struct arena arena;
    struct file_texts texts; /* that were open */
    struct config_overrides overrides;
    struct rule_set rules;
    struct checks checks;
    struct config_store store;       /* with what is wrong with the configuration */
    const struct settings *settings; /* NULL where the configuration is broken */
    struct chart_paths paths;
    struct baseline baseline; /* that the configuration names */
    bool has_baseline;
    bool fresh; /* else it has to be read */
};

/* What a check found. */
struct lsp_outcome {
    struct arena arena;
    struct file_texts buffers; /* that were open */
    struct lint_texts texts;   /* the same */
    struct tmpl_memo templates;
    struct lint_result result;
    bool fresh; /* else the chart has to be checked */
};

struct lsp_chart {
    struct arena names;
    struct str folder; /* absolute, normalized */
    struct lsp_setup setup;
    struct lsp_outcome outcome;
    struct arena published_arena;
    struct VEC(struct str) published; /* paths of the files that the editor shows findings of the chart for */
    bool open;                        /* one of its documents is */
    bool urgent;                      /* it was edited last */
    bool given_up;                    /* it cannot be checked before something changes */
};

struct lsp_charts {
    const struct config_overrides *overrides;
    const struct lsp_documents *documents;
    struct arena arena;
    struct VEC(struct lsp_chart *) list;
    struct str root; /* the folder that the editor has open (NUL behind it): what a run would be asked for; or empty */
    struct arena world_arena;
    struct release_world *world; /* the charts around; NULL: not known, or no longer */
};

/* The chart that the file at `path` is a part of, opened where it is not; NULL for none. */
struct lsp_chart *lsp_charts_open(struct lsp_charts *charts, struct str path);

/* Forgets what is known of the chart. */
void lsp_charts_close(struct lsp_chart *chart);

/* Reads what is in force, unless that is fresh. False where the configuration is broken. */
bool lsp_chart_setup(struct lsp_charts *charts, struct lsp_chart *chart);

/* Checks the chart with what is open, unless the last check is fresh. False where its configuration is broken. */
bool lsp_chart_check(struct lsp_charts *charts, struct lsp_chart *chart);

/* What is known of the charts around, for as long as it holds. */
struct release_world *lsp_charts_world(struct lsp_charts *charts);

/* The request of a check of the chart as its outcome's texts have it. */
struct lint_request lsp_chart_request(struct lsp_charts *charts, struct lsp_chart *chart);

/* Something has changed: a text, so that the charts have to be checked again; what is in force for them, too; or the
 * charts around them. */
void lsp_charts_forget_outcomes(struct lsp_charts *charts);
void lsp_charts_forget_setups(struct lsp_charts *charts);
void lsp_charts_forget_world(struct lsp_charts *charts);

void lsp_charts_free(struct lsp_charts *charts);

#endif
