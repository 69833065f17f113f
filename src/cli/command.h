/* The room of the command line: options, one file for each command, messages, exit status. What a command does is left
 * to the rooms below.
 *
 * The commands of the command line. Each takes the parsed options and returns the exit status. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h"
#include "text/problem.h"

enum exit_status {
    EXIT_CLEAN = 0, /* nothing at or above --fail-on is left */
    EXIT_FINDINGS = 1,
    EXIT_USAGE = 2, /* usage or configuration */
    EXIT_IO = 3,    /* a file could not be read or written */
};

int command_completion(struct arena *a, const struct options *options);
int command_man(struct arena *a, const struct options *options);
int command_version(struct arena *a, const struct options *options);
int command_lsp(struct arena *a, const struct options *options);
int command_lint(struct arena *a, const struct options *options);
int command_mesh(struct arena *a, const struct options *options);
int command_baseline(struct arena *a, const struct options *options);
int command_schema(struct arena *a, const struct options *options);
int command_show(struct arena *a, const struct options *options);
int command_render(struct arena *a, const struct options *options);
int command_config(struct arena *a, const struct options *options);
int command_rules(struct arena *a, const struct options *options);
int command_explain(struct arena *a, const struct options *options);
int command_init(struct arena *a, const struct options *options);
int command_new(struct arena *a, const struct options *options);
int command_mv(struct arena *a, const struct options *options);
int command_debug(struct arena *a, const struct options *options);
int command_docs(struct arena *a, const struct options *options);
int command_test(struct arena *a, const struct options *options);

/* Writes lines for people to standard output, cleaned (base/clean.h); gives the exit status. */
int command_print(struct str text);

/* Writes data to standard output, byte by byte; gives the exit status. */
int command_print_data(struct str text);

/* Prints one line for people to standard output, cleaned; a failure shows when standard output is flushed. */
void command_say(struct str line);

/* Prints "valuelint: error: MESSAGE" (or "warning") to standard error, cleaned. */
void command_error(struct str message);
void command_warning(struct str message);

/* Prints one line for people to standard error, cleaned, where standard output may belong to a report. */
void command_note(struct str line);

/* Whether --format asks for one of the two formats of a command that prints no findings, on standard output; else an
 * error is printed. */
bool command_text_or_json(struct arena *a, const struct options *options);

/* Whether --format asks for JSON. */
bool command_json(const struct options *options);

/* Prints each problem as an error; gives EXIT_USAGE where there are any, else EXIT_CLEAN. */
int command_problems(struct arena *a, const struct problems *problems);

#endif
