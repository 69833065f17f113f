/* URLs as Go's package net/url reads and writes them. */
#ifndef TEMPLATE_GO_URL_H
#define TEMPLATE_GO_URL_H

#include "base/buf.h"

struct go_url {
    struct str scheme, opaque, host, path, query, fragment; /* decoded, but for the query */
    bool has_user, has_password;
    struct str user, password;
    bool force_query; /* a `?` with nothing behind it */
    bool omit_host;   /* a scheme and a path, without `//` */
};

/* Parses `text`; false with Go's words in *error. */
bool go_url_parse(struct arena *a, struct str text, struct go_url *url, struct str *error);

/* Adds the whole URL, and its user with the password. */
void go_url_format(struct buf *out, const struct go_url *url);
void go_url_format_user(struct buf *out, const struct go_url *url);

/* The host without port and brackets. */
struct str go_url_hostname(struct str host);

#endif
