/* Formats of URIs (RFC 3986), IRIs (RFC 3987) and URI templates (RFC 6570). */
#ifndef SCHEMA_FORMAT_URI_H
#define SCHEMA_FORMAT_URI_H

#include "base/str.h"

bool schema_format_uri(struct str s);
bool schema_format_uri_reference(struct str s);
bool schema_format_iri(struct str s);
bool schema_format_iri_reference(struct str s);
bool schema_format_uri_template(struct str s);

#endif
