/* Whether a document that followed edits (yaml/document.h) is what reading its text anew gives. */
#ifndef SUPPORT_CHECK_DOCUMENT_H
#define SUPPORT_CHECK_DOCUMENT_H

#include "yaml/document.h"

/* NULL, or what differs. */
const char *check_document(struct arena *a, const struct yaml_document *document);

#endif
