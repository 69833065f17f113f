/* Formats of IP addresses (RFC 2673 and RFC 4291, as JSON Schema names them). */
#ifndef SCHEMA_FORMAT_IP_H
#define SCHEMA_FORMAT_IP_H

#include "base/str.h"

bool schema_format_ipv4(struct str s);
bool schema_format_ipv6(struct str s);

#endif
