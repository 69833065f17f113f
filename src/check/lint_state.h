/* What the files that check one chart share. */
#ifndef CHECK_LINT_STATE_H
#define CHECK_LINT_STATE_H

#include "check/legacy.h"
#include "check/lint.h"
#include "check/templates.h"
#include "check/unread.h"
#include "release/world.h"

struct lint {
    struct arena *arena;
    const struct checks *checks;
    const struct settings *settings;
    const struct settings *base_settings; /* before the standard was chosen; NULL where they are the same */
    const struct lint_texts *texts;       /* may be NULL */
    const struct file_texts *buffers;     /* the same */
    struct tmpl_memo *templates;          /* may be NULL */
    struct regex_work *work;              /* may be NULL */
    struct lint_result *result;
    struct chart chart;
    struct str folder;
    const struct chart_paths *paths;     /* NULL for a single text */
    bool has_templates;                  /* that the values are to be checked against */
    bool has_charts;                     /* the same of charts below it */
    struct reads_found reads;            /* what the templates read; empty where that is not asked, or not known */
    bool has_printed;                    /* what templates print is checked as well */
    const struct value *defaults;        /* of values.yaml, where that is known */
    struct release_world *world;         /* may be NULL */
    struct release_bindings *bindings;   /* NULL until they are asked for */
    const struct release_binding *bound; /* while a layer is checked that is bound from outside; else NULL */
};

/* lint.c */

struct reporter lint_reporter(const struct lint *l, struct lint_file *file);
struct lint_file *lint_add_file(struct lint *l, struct str path);
/* Checks one values file, whose source is there. With `overlay` it need not hold anything. */
void lint_check_values(struct lint *l, struct lint_file *file, bool overlay);
/* Whether the standard applies to a chart with these values, and which. */
void lint_choose_standard(struct lint *l, const struct value *values);
/* The shape, old places and rules of what an overlay holds. */
void lint_check_shape(struct lint *l, struct reporter *f, const struct value *values, bool overlay,
                      struct legacy_state *legacy);

/* lint_layers.c */

/* What is bound to the chart from outside. */
const struct release_bindings *lint_bindings(struct lint *l);
/* Whether it is a file of values, and not a part of one. */
bool lint_is_whole(const struct release_binding *binding);
struct str lint_shown_path(const struct lint *l, struct str path);
/* Checks what is bound to the chart from outside, as overlays of it. */
void lint_check_bound(struct lint *l);
/* Checks what the values hold for the charts that this one has as parts, as overlays of these. */
void lint_check_parts(struct lint *l, struct reporter *f, const struct value *values);

#endif
