/* CustomResourceDefinitions of the user, as a table of fields beside that which is built in. */
#ifndef OBJECT_CRD_H
#define OBJECT_CRD_H

#include "object/fields_table.h"
#include "value/value.h"

/* Reads the files *.yaml and *.yml in `folders` (paths with line ends between them), and in the folders there.
 * Documents that are no CustomResourceDefinitions are passed over. Of a file or folder that cannot be read `*problem`
 * tells; else it is empty. The table lives in the arena. */
const struct object_table *object_crds_read(struct arena *a, struct str folders, struct str *problem);

/* The same of one document; NULL where it is no CustomResourceDefinition. */
const struct object_table *object_crd(struct arena *a, const struct value *document);

#endif
