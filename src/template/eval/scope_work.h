/* What the files of the analysis (scope*.c) share. Internal to the template layer. */
#ifndef TEMPLATE_EVAL_SCOPE_WORK_H
#define TEMPLATE_EVAL_SCOPE_WORK_H

#include "template/eval/abstract.h"
#include "template/eval/scope.h"
#include "template/syntax/functions.h"

/* The text that is gone through. */
struct unit {
    const struct tmpl_tree *tree;
    uint32_t file;
    bool inside;      /* a text that `tpl` runs: */
    struct span span; /* the call, in the file */
};

struct variable {
    struct str name; /* with its $ */
    struct abstract value;
    uint32_t depth, dead; /* of the place where it was declared */
};

/* A body that was gone through with a dot. */
struct visit {
    struct abstract dot;
    enum truth reach;
    bool changes; /* it changed a mapping that was made outside of it: it has to be gone through again */
};

/* A define, or a text that `tpl` runs. */
struct routine {
    struct unit unit;
    const struct tmpl_node *body;
    struct VEC(struct visit) visits;
};

struct work {
    struct arena *arena;
    const struct template_scope_input *input;
    struct template_scope *out;
    struct map defines; /* name -> struct routine */
    struct map texts;   /* text that `tpl` runs -> struct routine; its body is NULL where it does not parse */
    struct abstract chart;
    const struct unit *unit;
    struct abstract dot;
    struct VEC(struct variable) variables;
    uint32_t first_variable; /* of this routine: `$` */
    enum truth reach;        /* whether this place is reached */
    enum truth limit;        /* the same, for what `break` and `continue` have done */
    uint32_t loose;          /* how often they may have ended what a loop does */
    bool broken;             /* the last of them that was certain to end it is a `break` */
    uint32_t depth;          /* how many branches around this place may not be taken */
    uint32_t dead;           /* how many of these are not taken */
    uint32_t nesting;
    uint32_t steps;
    uint32_t serial;  /* of the dict that was made last */
    uint32_t changed; /* the least serial of a dict that was changed */
    bool others;      /* a place got TEMPLATE_PLACE_OTHER */
    bool root_grows;  /* templates set keys of the root */
};

/* ---- what is done with a value (scope_use.c) ---- */

/* Whether this place is reached. */
enum truth work_reach(const struct work *w);

/* Counts a step; false where there have been too many: then nothing is known, and all values count as read. */
bool work_step(struct work *w);
/* Counts the steps that so many bytes take. */
void work_charge(struct work *w, size_t size);
void work_give_up(struct work *w);

/* Values are read as a whole, in a way that is not followed. */
void work_escape(struct work *w, const struct abstract *v);

/* The same, at `span` of the unit. */
void work_take(struct work *w, const struct abstract *v, struct span span);

/* The same, where what is not known may change mappings, too. */
void work_lose(struct work *w, const struct abstract *v);

/* The dict changes. */
void work_touch(struct work *w, struct abstract_items *items);

/* It matters whether the value is empty. */
enum truth work_truth(struct work *w, const struct abstract *v);

/* The value may be either; both are read as a whole. */
struct abstract work_join(struct work *w, const struct abstract *a, const struct abstract *b);

/* Gives the failure, to which its details are added; NULL where there is none, or it is known. */
struct template_failure *work_fail(struct work *w, enum template_failure_cause cause, const struct abstract *v,
                                   struct span span, struct str function);

/* `.key` of a value; a chain that is written at `span`. */
struct abstract work_hop(struct work *w, const struct abstract *v, struct str key, struct span span);

/* The value of the key of a mapping that is there, as `work_hop`, but without a failure. `present` may be NULL. */
struct abstract work_member(struct work *w, const struct abstract *v, struct str key, enum truth *present);

/* An item of a list, or any member. */
struct abstract work_item(struct work *w, const struct abstract *v, const struct value *item);

/* The value is printed by the action. */
void work_print(struct work *w, const struct abstract *v, struct span action);

/* The place no longer holds what the values say. */
void work_change(struct work *w, struct template_place *place);

/* Whether the value certainly is not the root and does not hold it; of use to a watch alone. */
bool work_is_rootless(struct work *w, const struct abstract *v);

/* For the watch: the value at a word of the unit's tree; that a value is read in a way that no
 * reference tells; and that a routine may be called with another dot than is seen. */
void work_see(struct work *w, const struct abstract *v, uint32_t word);
void work_see_whole(struct work *w, const struct abstract *v);
void work_miss(struct work *w);

/* A branch that is taken or not. */
struct branch {
    enum truth reach;
    uint32_t depth, dead;
};

struct branch work_enter(struct work *w, enum truth taken);
void work_leave(struct work *w, struct branch branch);

/* ---- nodes and pipelines (scope_node.c, scope_pipe.c) ---- */

void work_nodes(struct work *w, const struct tmpl_node *nodes);
void work_declare(struct work *w, struct str name, const struct abstract *v);
void work_assign(struct work *w, struct str name, const struct abstract *v);

/* The value of a pipeline of the unit; `work_pipeline` gives it to the variable that it sets, too. */
struct abstract work_value(struct work *w, const struct tmpl_pipe *pipe);
struct abstract work_pipeline(struct work *w, const struct tmpl_pipe *pipe);

/* ---- calls (scope_call.c, scope_map.c, scope_list.c, scope_logic.c, scope_text.c) ---- */

struct call {
    struct work *work;
    struct str name;
    struct abstract *args;
    struct span *spans; /* of the arguments */
    uint32_t count;
    bool of_file; /* an argument names $.Template.BasePath */
};

/* Goes through the routine with a dot, unless that was done before. */
void work_routine(struct work *w, struct routine *routine, const struct abstract *dot);

/* The template `name` is called; what is not there may do anything with the dot. */
void work_template(struct work *w, struct str name, const struct abstract *dot);

struct abstract call_include(struct call *c);
struct abstract call_tpl(struct call *c);

/* The value of a function, whose arguments are there. */
struct abstract call_function(struct call *c);

/* The functions of one family; false where the call is none of them. */
bool call_map_function(struct call *c, struct abstract *result);
bool call_text_function(struct call *c, struct abstract *result);
bool call_list_function(struct call *c, struct abstract *result);
bool call_logic_function(struct call *c, struct abstract *result);

struct call_entry {
    struct str name;
    struct abstract (*call)(struct call *c);
};

/* Calls the one of `entries` that the call names; false where there is none. */
bool call_among(struct call *c, const struct call_entry *entries, size_t count, struct abstract *result);

/* Takes all arguments, and tells nothing of the result. */
struct abstract call_unknown(struct call *c);

#endif
