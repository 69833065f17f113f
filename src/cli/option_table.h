/* The tables behind options.c and help.c: the only place where a command or an option is described. */
#ifndef CLI_OPTION_TABLE_H
#define CLI_OPTION_TABLE_H

#include "cli/options.h"

#define MANY UINT32_MAX

struct command_spec {
    const char *name;
    const char *operands; /* as in its usage line */
    uint32_t least;       /* operands */
    uint32_t most;
    const char *summary;
};

enum option_kind {
    KIND_FLAG,     /* bool */
    KIND_TEXT,     /* struct str */
    KIND_HELM,     /* struct str; `helm` where no value stands behind a `=` */
    KIND_TEXTS,    /* struct str_list, one more each time */
    KIND_LIST,     /* struct str_list, the parts between commas */
    KIND_THREADS,  /* unsigned */
    KIND_SEVERITY, /* enum severity */
    KIND_COLOR,    /* enum color_mode */
    KIND_FORMAT,   /* struct output_list */
};

enum option_group { GROUP_FIX, GROUP_CHECK, GROUP_RENDER, GROUP_OUTPUT, GROUP_EXIT, GROUP_RUN, GROUP_COUNT };

struct option_spec {
    const char *name; /* with its dashes */
    char letter;      /* of the short form; 0 for none */
    enum option_kind kind;
    size_t field;      /* of struct options */
    const char *value; /* its name in the help; NULL for a flag */
    enum option_group group;
    uint32_t commands; /* a bit for each that takes it */
    const char *help;
};

extern const struct command_spec COMMANDS[COMMAND_COUNT];
extern const struct option_spec OPTIONS[OPTION_COUNT];
extern const char *const OPTION_GROUPS[GROUP_COUNT];

extern const char ABOUT[];             /* the program, in a few sentences */
extern const char *const EXIT_CODES[]; /* what each says, from 0 on; NULL at the end */
extern const char EXAMPLES[];          /* lines */

#endif
