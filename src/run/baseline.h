/* The baseline: a file with the findings that stand, so that a run reports only what is new. A finding is known by its
 * file, its rule and the value that it is about (by its message where it is about none), not by its line. */
#ifndef RUN_BASELINE_H
#define RUN_BASELINE_H

#include "check/lint.h"
#include "text/problem.h"

#define BASELINE_NAME STR(".valuelint-baseline.json")

/* A baseline that is read or being made. For one thread at a time. */
struct baseline {
    struct arena *arena;
    const struct checks *checks;
    struct document document; /* that it was read from */
    struct str folder;        /* that its paths begin at: absolute, normalized */
    struct map files;         /* path below `folder` -> struct baseline_file */
    struct arena scratch;     /* for the length of a call */
};

/* Makes an empty baseline that will stand at `path`. Freed by baseline_free. */
void baseline_init(struct baseline *baseline, struct arena *a, const struct checks *checks, struct str path);

/* Reads the baseline at `path` (NUL behind it). False where there is none, or it is broken: then `problems` has grown.
 */
bool baseline_read(struct baseline *baseline, struct arena *a, const struct checks *checks, struct str path,
                   struct problems *problems);

/* Adds the findings of `file`. */
void baseline_add(struct baseline *baseline, const struct lint_file *file);

/* How many findings and files it holds. */
uint32_t baseline_count(const struct baseline *baseline, uint32_t *files);

/* The document: files, and the entries of each, in the order of their bytes; an entry a line. */
struct str baseline_text(struct arena *a, const struct baseline *baseline);

/* Forgets what was found of it: a check begins anew. */
void baseline_restart(struct baseline *baseline);

/* Takes the findings that the baseline holds out of `file` and counts them there; of several that are alike, the first
 * ones. Call it in the order of the charts. `settings` are those that the file was checked under; NULL
 * for findings that come on top of those of the check. */
void baseline_take(struct baseline *baseline, const struct settings *settings, struct lint_file *file);

/* Fills `file` with what may be deleted from the baseline: entries of files that were checked, or are gone, which hid
 * nothing though their rule was in force. */
void baseline_report(struct baseline *baseline, struct arena *a, const struct settings *settings,
                     struct lint_file *file);

void baseline_free(struct baseline *baseline);

#endif
