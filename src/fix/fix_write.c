#include "fix/fix_write.h"

#include <errno.h>

#include "base/file.h"
#include "chart/boundary.h"

/* A step: the file gets the text `to` in place of `from`. */
struct writing {
    const char *path;
    struct str from, to;
};

#define PHASES 3

/* What a file's step is in a phase; false where it has none. */
static bool step_of(const struct fix_file *file, int phase, struct writing *step) {
    bool template = file->role == FIX_TEMPLATE, twice = file->between.len > 0;
    *step = (struct writing){file->source.path.ptr, file->source.text, file->after};
    if (phase == 0) step->to = file->between;
    if (phase == 2 && twice) step->from = file->between;
    bool has = phase == 0 ? twice : phase == 1 ? template : !template;
    return has && !str_eq(step->from, step->to);
}

/* The file whose turn is at `place` in the phase. The chart's own values come first in the result, then those of charts
 * around. They give their old places up in the opposite order: as long as one of the chart's own stands, the next run
 * sees what a killed one left undone. */
static const struct fix_file *file_at(const struct fix_result *result, int phase, uint32_t place) {
    return &result->files.items[phase == 2 ? result->files.len - 1 - place : place];
}

/* Takes the first `count` steps back, the last one first. Says in `error` what could not be taken back. */
static void take_back(const struct fix_result *result, uint32_t count, struct error *error) {
    for (int phase = PHASES; phase-- > 0;) {
        for (uint32_t i = result->files.len; i-- > 0;) {
            uint32_t number = (uint32_t)phase * result->files.len + i;
            struct error problem;
            struct writing step;
            if (number >= count || !step_of(file_at(result, phase, i), phase, &step)) continue;
            if (file_replace(step.path, step.to, step.from, &problem)) continue;
            size_t len = strlen(error->message);
            snprintf(error->message + len, sizeof error->message - len,
                     "; earlier writes could not be undone (%s); the chart still renders, and the next run continues",
                     problem.message);
            return;
        }
    }
}

bool fix_is_current(const struct fix_result *result) {
    int problem;
    for (uint32_t i = 0; i < result->read.len; i++)
        if (!file_holds(result->read.items[i].path.ptr, result->read.items[i].text, &problem)) return false;
    return true;
}

/* Whether all files may be written. */
static bool may_write(const struct fix_result *result, struct str boundary, struct error *error) {
    struct arena arena = {NULL, NULL};
    bool ok = true;
    for (uint32_t i = 0; i < result->files.len && ok; i++) {
        struct str path = result->files.items[i].source.path;
        ok = boundary.len == 0 || boundary_holds(&arena, boundary, path);
        if (!ok) error_set(error, EPERM, "%s is not written: it is outside of %.*s", path.ptr, STR_ARG(boundary));
        ok = ok && file_may_replace(path.ptr, error);
    }
    arena_free(&arena);
    return ok;
}

bool fix_write(const struct fix_result *result, struct str boundary, struct error *error) {
    if (!may_write(result, boundary, error)) return false;
    for (int phase = 0; phase < PHASES; phase++) {
        for (uint32_t i = 0; i < result->files.len; i++) {
            struct writing step;
            if (!step_of(file_at(result, phase, i), phase, &step)) continue;
            if (file_replace(step.path, step.from, step.to, error)) continue;
            take_back(result, (uint32_t)phase * result->files.len + i, error);
            return false;
        }
    }
    return true;
}
