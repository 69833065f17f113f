/* Which files of a chart are overlays of its values, by their names: one table for all that find files or are given
 * some. */
#ifndef CHART_OVERLAY_H
#define CHART_OVERLAY_H

#include "base/arena.h"
#include "base/str.h"

/* Whether the file at `path`, below its chart's folder, is an overlay. */
bool overlay_is(struct str path);

/* The same where nothing is known of a chart, by the file's name and not by its folder's. */
bool overlay_is_name(struct str name);

/* The folders of a chart that may hold overlays, in order: the `index`th, or an empty name behind the last one. */
struct str overlay_folder(int index);

/* Whether the files below `folder` are overlays at any depth. */
bool overlay_is_deep(struct str folder);

/* The table as alternatives of a regular expression, one a line, for the hooks' `files`. */
struct str overlay_pattern(struct arena *a);

#endif
