/* A parsed URL, as Go's url.ParseRequestURI has it, which is what Kubernetes uses. */
#ifndef CEL_URL_H
#define CEL_URL_H

#include "base/buf.h"

struct cel_url {
    struct str text;   /* as given */
    struct str scheme; /* in lower case */
    struct str host;   /* with the port, and brackets of an IPv6 address */
    struct str path;   /* as escaped in the text */
    struct str query;  /* without the `?` */
};

/* Parses an absolute URL or an absolute path; false where `text` is neither. The parts live in the arena or in `text`.
 */
bool url_parse(struct arena *a, struct str text, struct cel_url *url);

/* The host without port and brackets, and the port without colon. */
struct str url_hostname(struct str host);
struct str url_port(struct str host);

/* `s` with its %XX decoded, and with `plus` each + as a space; false where an escape is wrong. */
bool url_unescape(struct arena *a, struct str s, bool plus, struct str *out);

#endif
