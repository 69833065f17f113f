/* Who may call whom, as a table: for people, for programs, for pull requests. */
#ifndef MESH_MESH_TABLE_H
#define MESH_MESH_TABLE_H

#include "mesh/mesh.h"

enum mesh_table_format { MESH_TABLE_TEXT, MESH_TABLE_JSON, MESH_TABLE_MARKDOWN };

/* The table of the charts that `mesh` has taken note of (mesh_add), by the overlays of each folder: a row for each port
 * of each Service, per mesh that has policies there and per environment (the values files that lie over values.yaml;
 * the first is `default`). Empty where no chart prints a Service or no overlays hold policies. It lives in the arena
 * `a`. */
struct str mesh_table(struct mesh *mesh, struct arena *a, enum mesh_table_format format);

#endif
