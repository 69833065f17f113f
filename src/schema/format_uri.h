/* Formats of URIs (RFC 3986), IRIs (RFC 3987) and URI templates (RFC 6570), and what they share with format.c. */
#ifndef SCHEMA_FORMAT_URI_H
#define SCHEMA_FORMAT_URI_H

#include "base/str.h"

bool schema_format_uri(struct str s);
bool schema_format_uri_reference(struct str s);
bool schema_format_iri(struct str s);
bool schema_format_iri_reference(struct str s);
bool schema_format_uri_template(struct str s);

/* In format.c. */
bool schema_format_ipv4(struct str s);
bool schema_format_ipv6(struct str s);

#endif
