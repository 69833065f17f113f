/* The functions that Helm knows, and what they take. Internal to this room. */
#ifndef TEMPLATE_SYNTAX_FUNCTIONS_H
#define TEMPLATE_SYNTAX_FUNCTIONS_H

#include <stdint.h>

#include "base/str.h"

struct tmpl_function {
    struct str name;
    /* One letter for each parameter, the last one for all that follow: `s` a string, `b` a boolean, `i` an integer, `m`
     * a mapping, `l` a list, `n` a list or nil, `d` anything but nil, `a` anything. What is of another kind fails. */
    const char *parameters;
    bool helm4_only; /* Helm 3 has no function of that name */
};

/* NULL where Helm has no function of that name. */
const struct tmpl_function *tmpl_function(struct str name);

/* The letter of the parameter `index`, from 0. */
char tmpl_parameter(const struct tmpl_function *function, uint32_t index);

/* Whether the result may be, or hold, what an argument is or holds; else it is a text, a number, a truth, or made of
 * these. */
bool tmpl_hands_on(struct str function);

#endif
