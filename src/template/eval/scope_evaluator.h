/* What the files of the analysis (scope*.c) share. Internal to this room. */
#ifndef TEMPLATE_EVAL_SCOPE_EVALUATOR_H
#define TEMPLATE_EVAL_SCOPE_EVALUATOR_H

#include "template/eval/abstract.h"
#include "template/eval/scope.h"
#include "template/syntax/functions.h"

/* The text that is gone through. */
struct scope_unit {
    const struct tmpl_tree *tree;
    uint32_t file;
    bool inside;      /* a text that `tpl` runs: */
    struct span span; /* the call, in the file */
};

struct scope_variable {
    struct str name; /* with its $ */
    struct abstract value;
    uint32_t depth, dead; /* of the place where it was declared */
};

/* What a body prints, as far as it is known: enough for guards such as `if include "on" .`. */
struct scope_printed {
    struct str text; /* what is known of it; cut off where it is long */
    bool unknown;    /* other text may be in it, or behind it */
    bool some;       /* something is printed for sure */
};

/* A body that was gone through with a dot. */
struct scope_visit {
    struct abstract dot;
    enum truth reach;
    bool changes; /* it changed a mapping that was made outside of it: it has to be gone through again */
    struct scope_printed printed; /* unknown while it is gone through */
};

/* A define, or a text that `tpl` runs. */
struct scope_routine {
    struct scope_unit unit;
    const struct tmpl_node *body;
    struct VEC(struct scope_visit) visits;
};

struct scope_evaluator {
    struct arena *arena;
    const struct scope_input *input;
    struct scope_result *out;
    struct map defines; /* name -> struct scope_routine */
    struct map texts;   /* text that `tpl` runs -> struct scope_routine; its body is NULL where it does not parse */
    struct abstract chart;
    const struct scope_unit *unit;
    struct abstract dot;
    struct VEC(struct scope_variable) variables;
    struct scope_printed *printed; /* by the body that is gone through; NULL in a branch that is not taken */
    uint32_t first_variable;       /* of this routine: `$` */
    enum truth reach;              /* whether this place is reached */
    enum truth limit;              /* the same, for what `break` and `continue` have done */
    struct scope_guard guard;      /* of this place, the innermost one that is not known */
    uint32_t loose;                /* how often they may have ended what a loop does */
    bool broken;                   /* the last of them that was certain to end it is a `break` */
    uint32_t depth;                /* how many branches around this place may not be taken */
    uint32_t dead;                 /* how many of these are not taken */
    uint32_t nesting;
    uint32_t steps;
    uint32_t serial;  /* of the dict that was made last */
    uint32_t changed; /* the least serial of a dict that was changed */
    bool others;      /* a place got VALUE_PATH_OTHER */
    bool root_grows;  /* templates set keys of the root */
};

/* ---- what is done with a value (scope_use.c) ---- */

/* Whether this place is reached. */
enum truth scope_reach(const struct scope_evaluator *e);

/* Counts a step; false where there have been too many: then nothing is known, and all values count as read. */
bool scope_step(struct scope_evaluator *e);
/* Counts the steps that so many bytes take. */
void scope_charge(struct scope_evaluator *e, size_t size);
void scope_give_up(struct scope_evaluator *e);

/* Values are read as a whole, in a way that is not followed. */
void scope_escape(struct scope_evaluator *e, const struct abstract *v);

/* The same, at `span` of the unit. */
void scope_take(struct scope_evaluator *e, const struct abstract *v, struct span span);

/* The same, where what is not known may change mappings, too. */
void scope_havoc(struct scope_evaluator *e, const struct abstract *v);

/* The dict changes. */
void scope_invalidate(struct scope_evaluator *e, struct abstract_items *items);

/* It matters whether the value is empty. */
enum truth scope_truth(struct scope_evaluator *e, const struct abstract *v);

/* The value may be either; both are read as a whole. */
struct abstract scope_join(struct scope_evaluator *e, const struct abstract *a, const struct abstract *b);

/* Gives the failure, to which its details are added; NULL where there is none, or it is known. */
struct scope_failure *scope_fail(struct scope_evaluator *e, enum scope_failure_cause cause, const struct abstract *v,
                                 struct span span, struct str function);

/* `.key` of a value; a chain that is written at `span`. */
struct abstract scope_field(struct scope_evaluator *e, const struct abstract *v, struct str key, struct span span);

/* The value of the key of a mapping that is there, as `scope_field`, but without a failure. `present` may be NULL. */
struct abstract scope_member(struct scope_evaluator *e, const struct abstract *v, struct str key, enum truth *present);

/* An item of a list, or any member. */
struct abstract scope_item(struct scope_evaluator *e, const struct abstract *v, const struct value *item);

/* The value is printed by the action. */
void scope_print(struct scope_evaluator *e, const struct abstract *v, struct span action);

/* The place no longer holds what the values say. */
void scope_change(struct scope_evaluator *e, struct value_path *place);

/* Whether the value certainly is not the root and does not hold it; of use to a watch alone. */
bool scope_excludes_root(struct scope_evaluator *e, const struct abstract *v);

/* For the watch: the value at a word of the unit's tree; that a value is read in a way that no
 * reference tells; and that a routine may be called with another dot than is seen. */
void scope_see(struct scope_evaluator *e, const struct abstract *v, uint32_t word);
void scope_see_whole(struct scope_evaluator *e, const struct abstract *v);
void scope_miss(struct scope_evaluator *e);

/* A branch that is taken or not. */
struct scope_branch {
    enum truth reach;
    uint32_t depth, dead;
    struct scope_guard guard;
};

/* `guard` says what it depends on, where it is not known. */
struct scope_branch scope_enter(struct scope_evaluator *e, enum truth taken, struct scope_guard guard);
/* The guard whose condition is written at `span` of the unit. */
struct scope_guard scope_guard(const struct scope_evaluator *e, struct span span, bool negated);
void scope_leave(struct scope_evaluator *e, struct scope_branch branch);

/* ---- nodes and pipelines (scope_node.c, scope_pipe.c) ---- */

void scope_nodes(struct scope_evaluator *e, const struct tmpl_node *nodes);
void scope_declare(struct scope_evaluator *e, struct str name, const struct abstract *v);
void scope_assign(struct scope_evaluator *e, struct str name, const struct abstract *v);

/* The value of a pipeline of the unit; `scope_pipeline` gives it to the variable that it sets, too. */
struct abstract scope_value(struct scope_evaluator *e, const struct tmpl_pipe *pipe);
struct abstract scope_pipeline(struct scope_evaluator *e, const struct tmpl_pipe *pipe);

/* ---- calls (scope_call.c, scope_map.c, scope_list.c, scope_logic.c, scope_text.c) ---- */

struct scope_call {
    struct scope_evaluator *evaluator;
    struct str name;
    struct abstract *args;
    struct span *spans; /* of the arguments */
    uint32_t count;
    bool of_file; /* an argument names $.Template.BasePath */
};

/* Goes through the routine with a dot, unless that was done before; gives what it prints. */
struct scope_printed scope_routine(struct scope_evaluator *e, struct scope_routine *routine,
                                   const struct abstract *dot);

/* The template `name` is called; what is not there may do anything with the dot. */
struct scope_printed scope_template(struct scope_evaluator *e, struct str name, const struct abstract *dot);

/* The body that is gone through prints `more` behind what it has printed. */
void scope_add_printed(struct scope_evaluator *e, const struct scope_printed *more);

struct abstract scope_include(struct scope_call *c);
struct abstract scope_tpl(struct scope_call *c);

/* The value of a function, whose arguments are there. */
struct abstract scope_function(struct scope_call *c);

/* The functions of one family; false where the call is none of them. */
bool scope_map_function(struct scope_call *c, struct abstract *result);
bool scope_text_function(struct scope_call *c, struct abstract *result);
bool scope_list_function(struct scope_call *c, struct abstract *result);
bool scope_logic_function(struct scope_call *c, struct abstract *result);

struct scope_call_entry {
    struct str name;
    struct abstract (*call)(struct scope_call *c);
};

/* Calls the one of `entries` that the call names; false where there is none. */
bool scope_call_among(struct scope_call *c, const struct scope_call_entry *entries, size_t count,
                      struct abstract *result);

/* Takes all arguments, and tells nothing of the result. */
struct abstract scope_unknown(struct scope_call *c);

#endif
