/* What the parts of the interpreter share. Internal to the room. */
#ifndef TEMPLATE_EVAL_INTERPRETER_H
#define TEMPLATE_EVAL_INTERPRETER_H

#include "base/map.h"
#include "template/eval/function.h"
#include "template/eval/program.h"
#include "template/eval/reads.h"
#include "template/syntax/ast.h"

struct define {
    struct tmpl_node *body;
    const struct template_source *source;
    struct str name;
    bool empty;
};

/* The defines that can be seen; those in a text of tpl hide the outer ones. */
struct scope {
    const struct scope *outer;
    struct map defines; /* name -> struct define */
};

struct variable {
    struct str name;
    struct go_value value;
};

struct interpreter {
    struct go_env *env;
    struct arena *arena;
    struct map functions; /* name -> struct go_function, of this Helm */
    const struct scope *scope;
    struct map parsed;   /* texts of tpl -> struct tmpl_tree */
    struct map includes; /* name -> how often it is running, as a pointer to uint32_t */
    struct VEC(struct variable) variables;
    uint32_t base;                        /* the variables of the template that runs begin here */
    uint32_t templates;                   /* {{template}}s that are running, nested */
    const struct template_source *source; /* of the template that runs */
    struct str name;                      /* of the template that runs */
    const struct go_site *caller;         /* where it was called */
    struct span at;                       /* the action that runs, or the part of it: for errors and sites */
    uint32_t point;                       /* within it: where Go says that it stands */
    struct go_text *out;
    const char *stack; /* an address near the begin of the stack's use */
    bool may_fail;     /* something failed in a branch that may not run */
    struct template_error error;
};

enum flow { FLOW_OK, FLOW_BREAK, FLOW_CONTINUE, FLOW_FAIL };

/* Runs a list of nodes. */
enum flow exec_list(struct interpreter *in, const struct go_value *dot, const struct tmpl_node *node);

/* Runs a template with a dot and variables of its own; prints into `out`. */
bool exec_template(struct interpreter *in, const struct define *define, const struct go_value *dot,
                   struct go_text *out);

const struct define *find_define(const struct scope *scope, struct str name);
/* Adds what `tree` defines and its own body as `name`, as text/template's AddParseTree does. */
void add_defines(struct interpreter *in, struct scope *scope, const struct template_source *source,
                 const struct tmpl_tree *tree);

/* The value of a pipeline (nil for NULL); declares and assigns its variables. */
bool eval_pipe(struct interpreter *in, const struct go_value *dot, const struct tmpl_pipe *pipe, struct go_value *out);

/* The value of a chain of fields on `receiver`. `command`: the command whose first word it is (its other words are
 * arguments), or NULL. `final`: what the pipe gives as the last argument, or NULL. */
bool eval_fields(struct interpreter *in, const struct go_value *dot, struct go_value receiver,
                 const struct tmpl_field *fields, uint32_t count, const struct tmpl_command *command,
                 const struct go_value *final, struct go_value *out);

/* Calls a function, or a method of `self`. */
bool eval_call(struct interpreter *in, const struct go_value *dot, const struct go_function *function,
               const struct go_value *self, const struct tmpl_command *command, const struct go_value *final,
               struct go_value *out);

/* The value of a word, as an argument of the type `letter` (0: any, nil stays nil). */
bool eval_arg(struct interpreter *in, const struct go_value *dot, char letter, const struct tmpl_arg *arg,
              struct go_value *out);
bool eval_word(struct interpreter *in, const struct go_value *dot, const struct tmpl_arg *arg, struct go_value *out);
/* Makes sure that `v` can be given to a parameter of the type `letter`, and has that type then. */
bool exec_check_argument(struct interpreter *in, char letter, struct go_value *v);
/* The type that a letter of a signature stands for; GO_TYPE_HOLE where it may be any. */
const struct go_type *type_of_letter(char letter);

const struct go_function *find_function(struct interpreter *in, struct str name);
const struct go_function *find_method(const struct go_type *type, struct str name);

/* Says what runs now. A word's place is, for Go, where its second field begins, or the first one behind its head. */
static inline void exec_at(struct interpreter *in, struct span at) {
    in->at = at;
    in->point = at.start;
}
void exec_at_word(struct interpreter *in, const struct tmpl_arg *arg);

/* The place that runs, with the calls that led there. */
const struct go_site *site_here(struct interpreter *in);

/* Sets the error at the place that runs; gives false. */
bool exec_fail(struct interpreter *in, enum template_failure failure, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The function `name` failed with `text`. What failed inside of it keeps its kind and place. */
bool exec_call_failed(struct interpreter *in, const char *name, struct str text);

/* Takes a step; false, with TEMPLATE_CUT_OFF, where the budget or the stack is used up. */
bool exec_step(struct interpreter *in);

/* Takes `bytes` that were made off the budget; the next step finds out where it is used up. */
static inline void exec_charge(struct interpreter *in, uint64_t bytes) {
    struct go_budget *budget = &in->env->budget;
    budget->bytes -= bytes < budget->bytes ? bytes : budget->bytes;
}

/* Without "<no value>". */
struct go_value drop_no_value(struct go_env *env, struct go_value string);

/* include and tpl. */
bool fn_include(struct go_call *call);
bool fn_tpl(struct go_call *call);

#endif
