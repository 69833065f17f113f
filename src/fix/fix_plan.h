/* What the files that plan a chart's fixes share. */
#ifndef FIX_FIX_PLAN_H
#define FIX_FIX_PLAN_H

#include "base/error.h"
#include "chart/parts.h"
#include "chart/templates.h"
#include "check/legacy.h"
#include "check/reporter.h"
#include "check/suppress.h"
#include "fix/fix.h"
#include "patch/patch.h"
#include "release/world.h"
#include "template/refs/equivalence.h"
#include "template/refs/rewrite.h"

struct key_path {
    const struct str *keys;
    uint32_t count;
};

/* A value that goes from one place to another, in the files that hold it. */
struct fix_move {
    const struct legacy *legacy;
    struct key_path from;
    struct key_path to; /* where references follow; of a `split`, nowhere */
    struct str pointer; /* of `from` */
};

/* An operation on a file, and the decision that it belongs to. */
struct fix_origin {
    enum fix_part kind;
    struct key_path path; /* that a refusal would name */
};

/* One values file. */
struct fix_doc {
    bool overlay;
    /* Of a layer that an ancestor holds: where the chart's values stand in it, which `values`, `model` and
     * `first_values` are; else NULL. */
    const struct release_view *view;
    /* The document that stands for the same file, which the ancestor's values hold the chart in below several keys: it
     * has the operations, the edits and all values of the file. NULL for one that does so itself. */
    struct fix_doc *owner;
    struct key_path above;               /* where they stand in the layer */
    const struct release_binding *bound; /* of a layer that is bound from outside; else NULL */
    struct str file;    /* of one that is a part of a file: the text of it; `source` and `first` are the part's then */
    struct span within; /* the part */
    const struct fix_doc *base; /* of an overlay of an ancestor: the layer that it lies over; may be NULL */
    struct value whole;         /* of a layer: all values of the file as it stands in this round */
    struct value whole_model;   /* and after the operations */
    struct str locked;          /* why it is read, and never written; empty where it may be */
    struct source source;       /* as it stands in this round */
    struct tree tree;
    struct value values;
    bool fits;        /* it is known that the schema takes the values */
    bool foreseen;    /* the values are those after fixes, and the text and its tree those before */
    struct str first; /* the text as it was read */
    struct value first_values;
    struct edits edits; /* from `first` to source.text */
    struct reporter reporter;
    struct findings ignored; /* of the reporter: nobody reads them */
    struct suppressions *suppressions;
    /* The plan of this round: */
    struct VEC(struct patch_operation) operations;
    struct VEC(struct fix_origin) origins; /* by operation */
    struct value model;                    /* the values after the operations: see fix_set_model */
    const struct violations *violations;   /* of the model against the schema; NULL where nobody asked yet */
    struct VEC(struct key_path) added;     /* what is added, outermost */
    struct patch_result patched;
};

struct fix_plan;

struct fix_template {
    struct source source; /* as it was read */
    enum refs_role role;
    struct str text;    /* as it stands in this round */
    struct edits edits; /* from source.text to `text` */
    const struct refs_file *before, *after;
    struct edits follow;                              /* from `text`, in this round */
    struct VEC(const struct fix_move *) follow_moves; /* by edit: the move that it follows, or NULL */
    const struct fix_doc *holder; /* of a value's text that is run as a template: the file that holds it; else NULL */
    struct span span;             /* in that file */
    bool converted;               /* a reference follows a conversion: running it proves what it prints */
};

struct fix_templates {
    bool read;
    struct VEC(struct fix_template *) files;
    struct refs_set before, after;
    bool ready; /* `before` is made from the texts of this round */
};

#define FIX_RANKS 64

/* The rank of a key at the top of the values. */
struct fix_rank {
    struct str key;
    uint32_t rank;
};

struct fix_plan {
    struct arena *arena;
    const struct fix_request *request;
    const struct settings *settings;
    struct chart chart;
    struct chart_names part_keys; /* keys of the values that are a subchart's */
    struct parts_filled imports;  /* what dependencies import */
    const struct release_graph *graph;
    const struct release_chart *node;    /* the chart in the graph; NULL where it is not there */
    const struct release_views *views;   /* NULL until somebody asks (fix_views) */
    struct release_layers *layers;       /* by view, once something moves */
    struct release_layers own_layers;    /* that are bound to the chart */
    const struct release_view *own_view; /* through which these see it; NULL until they are asked for */
    bool layers_open;
    struct fix_result *result;
    struct schema_memo *memo;          /* of the standard's schema */
    struct VEC(struct fix_doc *) docs; /* values.yaml, where it is there, then the overlays */
    struct map refused;                /* by fix_key -> struct fix_refusal, in the order in which they were decided */
    struct map schemas;                /* folder -> struct own_schema, as far as they were asked for */
    struct map emptied;                /* by pointer: what is added as an empty mapping or list */
    struct map rule_checks;            /* by pointer -> struct check: the rule whose fix is planned there */
    struct VEC(struct fix_move *) moves;
    struct map moves_by_from;                 /* pointer -> struct fix_move */
    struct VEC(const struct fix_move *) made; /* in all rounds */
    struct fix_templates templates;
    struct fix_rank ranks[FIX_RANKS]; /* by where the key stands in memory; forgotten where two meet */
    struct str unread;                /* an overlay that cannot be parsed: nothing can move in it; empty for none */
    bool again;                       /* something was refused: what was planned by then is worth nothing */
};

/* fix_plan.c */

/* Refuses the part of the change at `path`: it is planned again without it. Gives the refusal for more to be said. */
struct fix_refusal *fix_refuse(struct fix_plan *p, enum fix_part kind, struct key_path path, struct source *about,
                               struct span span, struct str reason);
bool fix_is_refused(const struct fix_plan *p, enum fix_part kind, struct key_path path);

/* Whether fixes of `check` at `span` of the file are wanted: it is switched on, and no comment holds it back. */
bool fix_is_wanted(const struct fix_plan *p, const struct fix_doc *doc, const struct check *check, struct span span);

/* Makes `model` the values that the file is to hold. */
void fix_set_model(struct fix_doc *doc, struct value model);
/* In what the model does not fit the standard's schema. */
const struct violations *fix_violations(struct fix_plan *p, struct fix_doc *doc);

/* Whether what stands at `path` is read by others than the chart's own templates: a subchart, or all charts together.
 */
bool fix_is_foreign(const struct fix_plan *p, struct key_path path);
/* Finds out what dependencies import. */
void fix_list_imports(struct fix_plan *p);
/* Whether a dependency is known to set the value at `path`, or one around or below it. */
bool fix_is_imported(const struct fix_plan *p, struct key_path path);
/* Whether Chart.yaml switches a dependency by the value at `path`, or below it. */
bool fix_is_switch(const struct fix_plan *p, struct key_path path, bool below);

/* Adds an operation to the plan of the file, and does it to its model. False, with a refusal, where it makes no sense.
 */
bool fix_do(struct fix_plan *p, struct fix_doc *doc, const struct patch_operation *operation, struct fix_origin origin);

/* A scalar in place of another, which stands there. */
struct fix_exchange {
    struct key_path path;
    const struct value *value;
};

struct fix_exchanges VEC(struct fix_exchange);

/* Adds one to the plan of the file, and leaves its model as it is. */
void fix_record_exchange(struct fix_plan *p, struct fix_doc *doc, struct fix_exchange exchange);

/* Adds all of them to the plan of the file, and does them to its model. */
void fix_exchange(struct fix_plan *p, struct fix_doc *doc, const struct fix_exchanges *list);

/* Adds an operation to the plan that the model holds already. */
void fix_record(struct fix_plan *p, struct fix_doc *doc, const struct patch_operation *operation,
                struct fix_origin origin);

struct str fix_pointer(const struct fix_plan *p, struct key_path path);
struct str fix_dotted(const struct fix_plan *p, struct key_path path);
/* Whether one leads to the other. */
bool key_paths_meet(struct key_path a, struct key_path b);
/* `path` with one key more. */
struct key_path fix_below(const struct fix_plan *p, struct key_path path, struct str key);
/* `path` below `above`. */
struct key_path fix_path_below(const struct fix_plan *p, struct key_path above, struct key_path path);
/* The absolute `path` as it is seen from the current folder, where it stands below. */
struct str fix_shown(const struct fix_plan *p, struct str path);
/* The place of the value at `path` of the file, for a finding. */
struct span fix_span(const struct fix_doc *doc, struct key_path path);
const struct value *fix_value(const struct value *root, struct key_path path);
/* What expressions can name, with `values` as the values. */
void fix_slots(struct fix_plan *p, struct fix_doc *doc, const struct value *values, struct cel_value *slots);

/* What the values files up to `doc` come to, as they stand and as they become: values.yaml, for an overlay of an
 * ancestor that one's values, then `doc`. */
void fix_coalesce(const struct fix_plan *p, const struct fix_doc *doc, struct value *before, struct value *after);

/* fix_doc.c */

/* Adds a file whose text and values were read. */
void fix_add_doc(struct fix_plan *p, struct fix_doc *doc);
/* Makes the reporter and the suppressions of `doc` those of its text, which lives as long as the plan. */
void fix_take_text(struct fix_plan *p, struct fix_doc *doc);

/* fix_layer.c */

/* The ancestors of the chart; NULL where nothing is known of charts around. */
const struct release_views *fix_views(struct fix_plan *p);
/* Opens the values of ancestors that set what moves, once. Whether there are any. */
bool fix_open_layers(struct fix_plan *p);
/* Opens those that are bound to the chart itself; with `moves` also those that are only looked for where something
 * moves. Whether there are new ones. */
bool fix_open_bound(struct fix_plan *p, bool moves);
/* The open layer; NULL where it is not open. */
struct fix_doc *fix_layer_of(const struct fix_plan *p, const struct release_view *view,
                             const struct release_layer *layer);
/* The keys below which the layer holds the chart's values. */
struct key_path fix_layer_keys(const struct fix_plan *p, const struct release_view *view,
                               const struct release_layer *layer);
/* Why the layer cannot be written along; empty where it can. */
struct str fix_layer_blocker(const struct fix_plan *p, const struct release_view *view,
                             const struct release_layer *layer);
/* Makes `whole` the values of the layer's file, as the round begins or (`model`) after the operations. */
void fix_layer_take(struct fix_plan *p, struct fix_doc *doc, struct value whole, bool model);
/* The number of keys in front of the chart's own in the path of a layer's file. */
uint32_t fix_layer_depth(const struct fix_plan *p, const struct fix_doc *doc, const struct str *keys, uint32_t count);
/* The document whose text holds the values of `doc`. */
static inline struct fix_doc *fix_doc_owner(struct fix_doc *doc) {
    return doc->owner ? doc->owner : doc;
}
/* Makes the edits of a part leave the rest of its file alone; false where they then do not give `model`. */
bool fix_keep_within(struct fix_plan *p, struct fix_doc *doc, const struct value *model);
/* `pointer`, which is seen from the chart's values, as the file has it. */
struct str fix_doc_pointer(const struct fix_plan *p, const struct fix_doc *doc, struct str pointer);

/* fix_move.c: finds what moves, in all files; then plans the operations of one file. */
void fix_find_moves(struct fix_plan *p);
void fix_plan_moves(struct fix_plan *p, struct fix_doc *doc);
/* Refuses moves whose value does not fit at the new place. */
void fix_check_moved(struct fix_plan *p, struct fix_doc *doc);

/* Of a move that somebody asked for: notes whether anything has to do with it, else which path may be meant. */
void fix_end_rename(struct fix_plan *p);

/* fix_scalar.c: first what is a boolean to Helm only, then what the schema does not take. */
void fix_plan_booleans(struct fix_plan *p, struct fix_doc *doc);
void fix_plan_scalars(struct fix_plan *p, struct fix_doc *doc);

/* fix_add.c: of values.yaml only. */
void fix_plan_additions(struct fix_plan *p, struct fix_doc *doc);

/* fix_rule.c */
void fix_plan_rules(struct fix_plan *p, struct fix_doc *doc);

/* fix_template.c */

/* Reads the chart's templates; false where one cannot be read: then `error` says which. */
bool fix_read_templates(struct fix_plan *p, struct error *error);
/* Lets references follow the moves; refuses those that cannot be followed. */
void fix_rewrite_references(struct fix_plan *p);
/* fix_convert.c: lets the reference around `edited`, which reads a value that is converted, follow it. */
void fix_follow_conversion(struct fix_plan *p, struct fix_template *file, const struct fix_move *move,
                           struct span edited);
/* Refuses conversions with which the chart would print something else, or nothing that is known. */
void fix_prove_conversions(struct fix_plan *p);

/* Whether a template follows a move in this plan; forgets what followed in the one before. */
bool fix_any_follows(const struct fix_plan *p);
void fix_forget_following(struct fix_plan *p);
/* Refuses what would make a template print something else, or fail. */
void fix_verify_output(struct fix_plan *p);
/* Refuses what explains the difference. */
void fix_attribute_difference(struct fix_plan *p, const struct fix_template *file,
                              const struct refs_difference *difference);

/* fix_parent.c: refuses what the templates of an ancestor would have to follow, or would see. */
void fix_check_parents(struct fix_plan *p, const struct release_view *view);

/* `values` of the chart as the ancestor has them: below the keys of the view. */
struct value fix_seen_from_above(const struct fix_plan *p, const struct release_view *view, const struct value *values);

/* fix_release.c: refuses what would change another chart of a release, or a release as a whole. */
void fix_check_releases(struct fix_plan *p);

/* fix_schema.c: values.schema.json. Refuses moves that one of the chart, or of an ancestor, stands against; then, once
 * the plan holds, leaves the chart alone where its own takes the values no longer. */
void fix_check_schema_names(struct fix_plan *p);
void fix_check_schema(struct fix_plan *p);

/* fix_check_layer.c: a layer that moves along is judged as an overlay of the chart; any other one may not set what
 * moves.
 */
void fix_check_layer(struct fix_plan *p, const struct release_view *view, const struct release_layer *layer);

/* fix_mention.c: refuses what a command or object names by its dotted path. */
void fix_check_mentions(struct fix_plan *p);

/* Refuses all moves. */
void fix_refuse_moves(struct fix_plan *p, struct source *about, struct span span, struct str reason);

/* Whether one dotted path leads to the other. */
bool fix_dotted_meet(struct str a, struct str b);

/* fix_collect.c: puts what was planned into the result. */
void fix_collect(struct fix_plan *p);
/* The standard's order of keys in the file. */
struct patch_guide fix_guide_of(struct fix_plan *p, const struct fix_doc *doc);
/* Nothing of the chart is changed. */
void fix_stop(struct fix_plan *p, struct str reason);

/* Plans the addition at `path` as an empty mapping or list, which most templates only ask for; false where it is no
 * mapping or list with something in it, or was tried. */
bool fix_empty_addition(struct fix_plan *p, struct key_path path);

/* fix_render.c: of unsafe fixes, leaves out the defaults with which a template fails that rendered before. */
void fix_keep_rendering(struct fix_plan *p);
/* The text of the file at `path`; `after` the plan, of a template. */
bool fix_text_at(const struct fix_plan *p, struct str path, bool after, struct str *text, struct error *error);
/* The model without the value at `path`. */
struct value fix_without(struct fix_plan *p, const struct value *model, struct key_path path);

/* fix_evaluate.c: renders the chart before and after; leaves out what keeps it from rendering. */
void fix_try_renders(struct fix_plan *p);

/* The texts of this round are those that the next one begins with. */
void fix_take_templates(struct fix_plan *p);

#endif
