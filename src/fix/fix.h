/* The room of the planner, and of the writer of its plans. It takes what src/check says is wrong, decides what becomes
 * of it, and what holds it back; the edits of bytes are left to src/patch, the references of templates to
 * src/template/refs.
 *
 * What --fix makes of one chart: its values, its overlays and its own templates in the shape of the standard.
 *
 * The work is planned on values first: what moves, which scalars change, what is added, what rules repair, all seen as
 * one change of the values. Only where that change holds (the schema takes it, and every template prints the same
 * with it) does it become edits of bytes, by JSON Patch. What stands against a part of it is a refusal, and the rest is
 * planned again without that part. */
#ifndef FIX_FIX_H
#define FIX_FIX_H

#include "chart/discover.h"
#include "check/lint.h"
#include "config/settings.h"
#include "fix/fix_rename.h"
#include "text/edit.h"

/* What a fix does. */
enum fix_part {
    PART_MOVE,   /* a value goes from an old place to the standard's */
    PART_SCALAR, /* a value gets the type, or the spelling, that the schema wants */
    PART_ADD,    /* a key that is missing gets its default */
    PART_RULE,   /* what a rule says of itself */
};

/* A part of the change that was not made. */
struct fix_refusal {
    enum fix_part part;
    const struct check *check; /* of PART_RULE: the rule */
    struct str path;           /* dotted: the old place, or the one to be changed */
    struct str reason;         /* one sentence without a final full stop */
    struct source *about;      /* the text that the reason is about; NULL where it is about none */
    struct span span;          /* in it */
    bool quiet;                /* a comment or the configuration asked for it: nobody needs to be told */
    bool unsafe;               /* --unsafe-fixes would make it */
};

struct fix_moved {
    struct str from, to; /* dotted */
};

/* A text that names an old place, of whatever chart. */
struct fix_mention {
    const struct source *source;
    struct span span;
    struct str from; /* dotted: the old place */
};

enum fix_role { FIX_VALUES, FIX_OVERLAY, FIX_TEMPLATE };

/* A file that changes. */
struct fix_file {
    enum fix_role role;
    struct source source; /* as it was read */
    struct str after;
    struct edits edits; /* from source.text to after */
    struct str between; /* of values: a text with the moved values at both places, to be written before the templates
                           change; empty where none does */
};

/* A file as it was read. */
struct rule_fix_read {
    struct str path, text;
};

struct fix_result {
    struct str chart; /* its name */
    struct VEC(struct fix_file) files;
    struct VEC(struct fix_moved) moved; /* in the order of the standard */
    struct VEC(struct fix_refusal) refused;
    struct fix_refusal
        stopped; /* why nothing of the chart is changed, with a reason; an empty one where it is not so */
    struct VEC(struct rule_fix_read) read;   /* all that the plan relies on */
    struct VEC(struct fix_mention) mentions; /* in no order */
    struct lint_texts after;                 /* the files as they become, values with their trees */
    uint32_t rounds;                         /* that changed something */
    bool unsafe_differs;                     /* with `unsafe`, other fixes may be made */
    bool unsure;     /* it would take the texts of an earlier round: ask again without `foresee` */
    bool waits;      /* another chart stands against a move as it is now: once it is fixed itself, it may not */
    bool unread;     /* a values file could not be read or parsed */
    bool named;      /* of a rename: a values file sets the old place, or a template that could follow reads it */
    struct str near; /* of a rename whose old place nothing names: a dotted path that may be meant, or empty */
    struct str bug; /* a promise that would have been broken: nothing is changed, and it is a mistake of this program */
};

/* Rounds until nothing is left to do; one does it for the standard, and the next finds nothing. */
#define FIX_ROUNDS_MOST 6

struct fix_request {
    const struct checks *checks;
    const struct settings *settings;
    const struct chart_paths *paths;   /* with its values.yaml and all of its overlays */
    const struct lint_texts *texts;    /* in place of what the files hold; may be NULL */
    const struct file_texts *buffers;  /* the same for all files of the chart (lint_request.buffers); may be NULL */
    const struct lint_result *checked; /* of a check of the same texts, which parsed them already; may be NULL */
    bool foresee;                      /* nobody needs the texts, where it is certain that they can be made */
    bool shown;                  /* the texts are looked at, and not written: none is needed that holds both places */
    bool one_round;              /* the caller asks again, with the texts that come out, until none does */
    bool unsafe;                 /* also what changes what templates print */
    struct tmpl_memo *templates; /* of this chart, in an arena that lives as long as `a`; may be NULL */
    struct release_world *world; /* the charts around; NULL where the chart is to be taken as on its own */
    bool trust; /* moves too that are only not proved to keep the output: the caller renders before and after */
    const struct fix_rename *rename; /* this move alone; NULL for what the standard asks for */
    struct regex_work *work;         /* of this thread, for the standard's schema; may be NULL */
};

/* Plans the fixes of one chart. Reads its files and writes nothing; everything in `result` lives in the arena. Files
 * that cannot be read or parsed are left out: a check tells of them. */
void fix_chart(struct arena *a, const struct fix_request *request, struct fix_result *result);

#endif
