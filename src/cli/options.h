/* The command line as plain data. Nothing here prints or exits. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/error.h"
#include "base/vec.h"
#include "cli/terminal.h"
#include "report/report.h"

enum command {
    COMMAND_LINT, /* the default */
    COMMAND_SHOW,
    COMMAND_RENDER,
    COMMAND_EXPLAIN,
    COMMAND_RULES,
    COMMAND_CONFIG,
    COMMAND_SCHEMA,
    COMMAND_INIT,
    COMMAND_NEW,
    COMMAND_MV,
    COMMAND_DOCS,
    COMMAND_BASELINE,
    COMMAND_MESH,
    COMMAND_TEST,
    COMMAND_COMPLETION,
    COMMAND_MAN,
    COMMAND_DEBUG,
    COMMAND_LSP,
    COMMAND_VERSION,
    COMMAND_HELP,
    COMMAND_COUNT,
};

enum option {
    OPTION_FIX,
    OPTION_DIFF,
    OPTION_UNSAFE_FIXES,
    OPTION_VERIFY,
    OPTION_ALSO_VALUES,
    OPTION_ADD_IGNORES,
    OPTION_SELECT,
    OPTION_IGNORE,
    OPTION_SEVERITY,
    OPTION_SCHEMA,
    OPTION_RULES,
    OPTION_MESH,
    OPTION_BASELINE,
    OPTION_CONFIG,
    OPTION_NO_CONFIG,
    OPTION_ISOLATED,
    OPTION_PREVIEW,
    OPTION_CHANGED_SINCE,
    OPTION_STDIN_FILENAME,
    OPTION_FORMAT,
    OPTION_OUTPUT_FILE,
    OPTION_STATISTICS,
    OPTION_VERBOSE,
    OPTION_QUIET,
    OPTION_COLOR,
    OPTION_FAIL_ON,
    OPTION_EXIT_ZERO,
    OPTION_WRITE,
    OPTION_FORCE,
    OPTION_ANNOTATED,
    OPTION_JOBS,
    OPTION_NO_CACHE,
    OPTION_VALUES,
    OPTION_SET,
    OPTION_SET_STRING,
    OPTION_SET_JSON,
    OPTION_NAMESPACE,
    OPTION_KUBE_VERSION,
    OPTION_API_VERSIONS,
    OPTION_IS_UPGRADE,
    OPTION_INCLUDE_CRDS,
    OPTION_SKIP_TESTS,
    OPTION_NO_HOOKS,
    OPTION_SHOW_ONLY,
    OPTION_HELM,
    OPTION_HOLES,
    OPTION_TRACE,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_COUNT,
};

struct str_list VEC(struct str);

/* Where a report goes, from --format F[=FILE]. */
struct output {
    const struct format *format;
    struct str file; /* empty: standard output */
};

struct output_list VEC(struct output);

/* Every string is a piece of argv with a NUL behind it, except for those in `select` and `ignore`. */
struct options {
    enum command command;
    enum command topic;       /* of COMMAND_HELP */
    uint64_t given;           /* a bit for each enum option: whether it stood on the command line */
    struct str_list operands; /* of the command: paths */

    bool fix;
    bool diff;
    bool unsafe_fixes;
    struct str verify; /* the helm that renders before and after; empty for none */
    struct str_list also_values;

    struct str_list select; /* ids and prefixes of ids */
    struct str_list ignore;
    enum severity severity; /* the lowest that is reported */
    struct str schema;
    struct str_list rules;
    struct str add_ignores; /* the reason; empty: not asked for */
    struct str_list mesh;   /* folders */
    struct str baseline;
    struct str config;
    bool no_config;
    bool isolated;
    bool preview;
    struct str changed_since; /* a revision of git; empty for all charts */
    struct str stdin_filename;

    struct str output_file;     /* of the output that has none; empty for standard output */
    struct output_list outputs; /* at least one; at most one goes to standard output */
    bool statistics;
    bool verbose;
    bool quiet;
    enum color_mode color;

    enum severity fail_on;
    bool exit_zero;
    bool write;
    bool force;
    bool annotated;
    unsigned jobs; /* 0: as many as there are processors */
    bool no_cache;

    /* Of `render`. */
    struct str_list values; /* files */
    struct str_list set, set_string, set_json;
    struct str name_space;
    struct str kube_version;
    struct str_list api_versions;
    bool is_upgrade, include_crds, skip_tests, no_hooks;
    struct str_list show_only;
    struct str helm; /* "3" or "4"; empty for 3 */
    bool holes, trace;

    const struct fix_rename *rename; /* of `mv`, once its operands are read; else NULL */

    bool help; /* only while parsing: these become commands */
    bool version;
};

/* Reads argv[1..argc) into `options`; what was not given has its default. False, with one line in `error`, where it
 * cannot be obeyed: the caller exits with 2. Asks the file system only whether a first operand exists, and
 * whether it holds charts where it is a command too. */
bool options_parse(struct arena *a, int argc, char *const *argv, struct options *options, struct error *error);

/* Whether `option` stood on the command line, and so goes before what a configuration file says. */
static inline bool options_given(const struct options *options, enum option option) {
    return options->given >> option & 1;
}

/* What --help prints for `command` (COMMAND_LINT: the program as a whole), for a terminal of so many columns (0: they
 * are not known, and 80 are taken); at most 100 are used. */
struct str options_help(struct arena *a, enum command command, unsigned columns);

#endif
