/* A draft as files: the standard, and the configuration that names it. */
#ifndef INFER_WRITE_H
#define INFER_WRITE_H

#include "infer/draft.h"

/* What the first line of each file says of where it comes from. */
#define WRITE_MARK STR("Drafted by `valuelint init`")

/* The standard as a JSON Schema with annotations; what was seen stands in `$comment`. `old` is a standard that it
 * follows on (keep.h), or NULL. */
struct str write_standard(const struct draft *draft, const struct value *old);

/* The configuration: that standard, named `schema`, and what charts of other roles may lack. `folder` (absolute,
 * normalized) is that of the file. */
struct str write_config(const struct draft *draft, struct str schema, struct str folder);

/* The configuration `old`, which a draft made, with what a new draft says of charts of other roles. */
struct str write_config_over(const struct draft *draft, struct str old, struct str folder);

/* How often a property was seen, and its commonest values; for people. */
struct str write_evidence(const struct draft *draft, const struct property *p);

/* The same in short: "18, 12 of 12; 8080 in 10, 80 in 2". */
struct str write_short_evidence(const struct draft *draft, const struct property *p);

/* What charts of a role are called: "Deployment, Service". */
struct str write_role(const struct fleet_role *role);

#endif
