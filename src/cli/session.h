/* What every command that works on charts begins with: the rules, the configuration, the charts and what is in force
 * for each of them. A function that returns int gives the exit status to end with, having told why; EXIT_CLEAN to go
 * on. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "cli/command.h"
#include "config/config.h"
#include "run/run.h"

struct session {
    struct arena *arena;
    const struct options *options;
    struct rule_set rules;
    struct checks checks;
    struct config_store store;
    struct chart_list charts;
    struct run_job *jobs; /* one for each chart, once session_open_charts was called */
    bool unreadable;      /* a path or folder could not be read */
};

/* What `options` say of the configuration. */
struct config_overrides session_overrides(const struct options *options);

/* Begins with the rules that are built in and what `options` say of the configuration. The session must not move. */
void session_begin(struct session *session, struct arena *a, const struct options *options);

/* Finds the charts below the operands (without any: below the current folder), without what their configurations
 * exclude, and the settings of each. There may be none, where all files that were named are none of a chart's values.
 */
int session_open_charts(struct session *session);

/* The settings of the one chart in `folder` (absolute, normalized), where no charts were looked for. */
int session_open_folder(struct session *session, struct str folder, const struct settings **settings);

/* Whether one of the operands is a folder of charts, rather than a chart or a file: all charts are there, as far as the
 * run can tell. */
bool session_covers_folder(const struct session *session);

/* How many threads a run may use. */
unsigned session_threads(const struct session *session);

#endif
