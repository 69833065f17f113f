/* Values files that SOPS has encrypted: their keys can be read, their values not. */
#ifndef CHECK_ENCRYPTED_H
#define CHECK_ENCRYPTED_H

#include "check/reporter.h"

/* Whether these are the values of such a file. Its MAC covers all of them, so that it cannot be edited by anybody but
 * SOPS. */
bool encrypted_is(const struct value *values);

/* The same by a text's looks, for one that was not parsed. */
bool encrypted_looks(struct str text);

/* Drops the findings on encrypted values, and on what SOPS has added. */
void encrypted_drop_findings(const struct reporter *f, const struct value *values);

#endif
