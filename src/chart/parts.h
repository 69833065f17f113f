/* What Helm reads in a chart's values for its subcharts (its "parts"), and what it puts into them: their values below
 * their names, `global`, what `import-values` brings. This is what can be known from Chart.yaml and charts/ alone; how
 * values are laid over each other, exactly and for one set of values, is left to src/render/coalesce.h. */
#ifndef CHART_PARTS_H
#define CHART_PARTS_H

#include "chart/chart.h"
#include "chart/templates.h"

#define PARTS_GLOBAL STR("global")   /* goes to all charts below */
#define PARTS_TAGS STR("tags")       /* switches dependencies by their tags */
#define PARTS_EXPORTS STR("exports") /* what a chart around may import from here */

/* The key below which the values of the dependency stand. */
static inline struct str parts_key(const struct chart_dependency *dependency) {
    return dependency->alias.len ? dependency->alias : dependency->name;
}

/* Adds the keys at the top of the values of the chart in `folder` below which the values of its subcharts stand: names
 * and aliases of dependencies, and the names of the charts in charts/, listed or not, unpacked or packed; of a packed
 * one that cannot be read, all that its file name may mean. `flat`: it is known that there is no charts/. */
void parts_list_keys(struct arena *a, struct str folder, bool flat, const struct chart *chart,
                     struct chart_names *keys);

/* Takes the next dotted path off the `condition` of a dependency, as Helm does: white space behind a comma belongs to
 * the path. The first that holds a boolean switches it. */
bool parts_next_condition(struct str *condition, struct str *path);

/* An item of `import-values`: the mapping `from` of the subchart's values goes to `to` in the chart's, where that has
 * nothing of its own. Both are dotted paths; "." is the top. */
struct parts_import {
    struct str from, to;
};

/* False for an item that Helm passes over. */
bool parts_read_import(struct arena *a, const struct value *item, struct parts_import *import);

/* Reads a file's values; false where they cannot be had. */
struct parts_reader {
    bool (*read)(void *data, struct str path, struct value *values);
    void *data;
};

struct parts_filled {
    struct chart_names keys;  /* at the top: what imports to the top bring */
    struct chart_names paths; /* where other imports go */
    bool unknown;             /* what some import brings to the top cannot be had */
};

/* What the dependencies of the chart in `folder` import. */
void parts_list_imports(struct arena *a, struct str folder, const struct chart *chart,
                        const struct parts_reader *reader, struct parts_filled *filled);

/* The values that the subchart in charts/`name` has below the chart's key of its name: its own, with those of `over`,
 * the chart's, laid over them. False where others may come in: conditions, tags, aliases, charts inside of it, no
 * values.yaml. */
bool parts_values(struct arena *a, struct str folder, const struct chart *chart, const struct value *over,
                  struct str name, const struct parts_reader *reader, struct value *values);

#endif
