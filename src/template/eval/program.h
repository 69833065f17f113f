/* The templates of a chart, run as Helm runs them: all files share their defines, run one after another in Helm's
 * order, and print text. */
#ifndef TEMPLATE_EVAL_PROGRAM_H
#define TEMPLATE_EVAL_PROGRAM_H

#include "template/eval/go_value.h"

/* A text of templates. A go_site's `file` points to one. */
struct template_source {
    struct str name; /* as Helm has it: chart/templates/a.yaml; `gotpl` for a text that tpl runs */
    struct str path; /* the file on the disk; empty where it is none */
    struct str text;
    const struct go_value *value; /* the string that tpl was given, for its runs; else NULL */
    struct reads_source *reads;   /* of env.reads, set by program_run; or NULL */
};

/* A file of templates. */
struct template_file {
    struct template_source source; /* without a byte order mark */
    struct str base_path;          /* chart/templates */
    struct go_value dot;           /* a map with Values, Release and so on; shared by all files of a chart */
    bool runs;                     /* false: it only defines */
    struct go_value output;        /* set by program_run: a string */
};

/* Why a render fails; the kinds that people, and tests, tell apart. */
enum template_failure {
    TEMPLATE_OK,
    TEMPLATE_NO_PARSE,
    TEMPLATE_NIL_POINTER, /* a second hop on nil */
    TEMPLATE_NO_FIELD,    /* a field of what has none */
    TEMPLATE_WRONG_TYPE,  /* an argument of the wrong type */
    TEMPLATE_ARGUMENTS,   /* too few, too many, or for what is no function */
    TEMPLATE_RANGE,       /* range over a scalar */
    TEMPLATE_COMPARE,     /* eq, lt and so on of what cannot be compared */
    TEMPLATE_LENGTH,      /* len of what has none */
    TEMPLATE_INDEX,       /* index, slice: out of range, or of what cannot be indexed */
    TEMPLATE_REQUIRED,    /* required: the chart's own text */
    TEMPLATE_FAIL,        /* fail: the same */
    TEMPLATE_NOT_DEFINED, /* a template that nobody defines */
    TEMPLATE_TOO_DEEP,    /* Helm's own limit of nested includes */
    TEMPLATE_FUNCTION,    /* another function failed */
    TEMPLATE_CUT_OFF,     /* not a failure of Helm's: the budget is used up */
};

struct template_error {
    enum template_failure failure;
    struct str message;         /* the innermost cause, without where: one line unless the chart's own text has more */
    struct str text;            /* what Helm says, whole */
    const struct go_site *site; /* the innermost place */
};

/* Runs `files[0..count)`, which are put into Helm's order first. False with `error` set where Helm fails: then outputs
 * are set up to the file that failed. `env->run` is used by it. With TEMPLATE_CUT_OFF the outputs that are missing are
 * holes. */
bool program_run(struct go_env *env, struct template_file *files, uint32_t count, struct template_error *error);

/* Line and column (from 1; the column in bytes) of an offset in a source. */
struct template_place {
    uint32_t line, column;
};
struct template_place template_place_of(const struct template_source *source, uint32_t offset);

#endif
