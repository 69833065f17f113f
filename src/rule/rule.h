/* The room of rules as data: it loads, compiles and plans them, and expands their texts. Running them on a chart's
 * values is left to src/check/rules.c.
 *
 * Rules: what valuelint checks, as data (the files in rules/, and those of the user). A rule that is `builtin` is
 * decided in C, and bound by its id; its entry holds what people read of it. All others are CEL over a chart's values.
 *
 * The rules in rules/ reach the program twice: as a table that rule_table.c makes at build time, which costs nothing to
 * load and holds what a run needs, and as texts, for what people read (explain, docs) and for the tests. */
#ifndef RULE_RULE_H
#define RULE_RULE_H

#include "base/map.h"
#include "cel/cel.h"
#include "rule/document.h"
#include "schema/schema.h"
#include "text/finding.h"

/* What a rule's expressions can name, by slot. */
enum rule_variable {
    RULE_SELF,   /* the value at `at` */
    RULE_VALUES, /* all values */
    RULE_CHART,  /* Chart.yaml */
    RULE_VARS,   /* the variables of the configuration, and chart and chart_snake */
    RULE_KEY,    /* the key of `self`; the place of an item as text */
    RULE_PATH,   /* the dotted path of `self` */
    RULE_CHARTS, /* only in the texts of a rule between charts: the names of the group's charts */
    RULE_VARIABLES,
};

/* A rule's texts, as its entry has them; empty where it has none. */
enum rule_text {
    RULE_AT, /* its paths, with line ends between them */
    RULE_WHEN,
    RULE_EXPECT,
    RULE_GROUP_BY,
    RULE_POINT,
    RULE_MESSAGE,
    RULE_HELP,
    RULE_FIX, /* its operations as JSON */
    RULE_TEXTS,
};

/* A path down the values. */
struct rule_path {
    const struct str *keys; /* `ptr` is NULL in a step that means each child */
    uint32_t count;
};

struct rule {
    struct check check;
    struct str section; /* title of the file that it stands in */
    struct str texts[RULE_TEXTS];
    enum fixability fix; /* of its fix; FIX_NONE where it has none. One that is builtin is fixed in C, too */
    bool builtin;
    bool of_standard; /* an opinion of the built-in standard: off with another one, unless it is selected */
    bool secret;      /* it finds secrets, so it looks at the old places of its value too */

    /* Where it was read from a document: */
    const struct document *document;
    const struct value *entry; /* in the document */
    struct str why;

    /* Made by rule_set_compile, unless it is builtin: */
    const struct rule_path *at; /* at least one; an empty one is the root */
    uint32_t at_count;
    struct rule_path point; /* where a finding points to, in place of `at`; empty for none */
    const struct cel_program *when, *expect, *group_by; /* NULL for none */
};

struct rule_plan;

struct rule_set {
    struct VEC(struct rule *) rules; /* in order of their ids, once compiled */
    struct map by_id;
    struct map by_name;
    const struct cel_env *env;    /* NULL before rule_set_compile */
    const struct rule_plan *plan; /* the same */
};

/* Adds the rules of `document`; false where one of them is broken: then `problems` has grown. */
bool rule_set_add(struct arena *a, struct rule_set *set, const struct document *document, struct problems *problems);

/* Adds the rules that are built into the program: what a run needs of them. */
void rule_set_add_builtin(struct arena *a, struct rule_set *set);

/* The same rules with all that people read of them, from their texts; in order of their ids. */
void rule_set_add_embedded(struct arena *a, struct rule_set *set);

/* Orders the rules by their ids, and numbers them. */
void rule_set_sort(struct rule_set *set);

/* Orders the rules, compiles their expressions, and makes the plan. False where one of them is broken: then `problems`
 * has grown. */
bool rule_set_compile(struct arena *a, struct rule_set *set, struct problems *problems);

/* Whether what `rule` names is there: its paths in `properties`, where they lead into closed mappings; and whether its
 * expressions fit the type that these give the value at `at`. The set must be compiled. False: `problems` has grown. */
bool rule_check(struct arena *a, const struct rule *rule, const struct schema_properties *properties,
                struct problems *problems);

/* Whether a value may stand at `keys[0..count)` (a NULL `ptr` is any key): no mapping on the way is closed without that
 * key, and nothing on the way is of another type. Keys at the top that a schema neither describes nor allows by name
 * are not known where one is much like them or, with `strict`, at all. Else `message` and `help` say why. */
bool rule_path_known(struct arena *a, const struct schema_properties *properties, bool strict, const struct str *keys,
                     uint32_t count, struct str *message, struct str *help);

/* The rule of that id, or NULL. */
const struct rule *rule_find(const struct rule_set *set, struct str id);

/* Whether `selector` (an id, a prefix of ids such as `VL4`, a name, a retired id, or ALL) selects `check`. */
bool rule_selected(struct str selector, const struct check *check);

/* Whether `selector` selects any rule of the set. */
bool rule_set_knows(const struct rule_set *set, struct str selector);

/* The check that took the place of the retired `id`; NULL where none did. */
const struct check *rule_set_successor(const struct rule_set *set, struct str id);

/* What to say of a selector that selects no rule: "did you mean `X`?", or where all of them are listed. */
struct str rule_set_nearest(struct arena *a, const struct rule_set *set, struct str selector);

/* The text `which` of `rule` with its `{expressions}` replaced by what they give with `slots`, for a finding. Where one
 * of them fails there is a `?`, and `failure` is its error; else the kind of `failure` is CEL_NULL. */
struct str rule_text_expand(struct arena *a, const struct rule_set *set, const struct rule *rule, enum rule_text which,
                            const struct cel_value *slots, struct cel_value *failure);

#endif
