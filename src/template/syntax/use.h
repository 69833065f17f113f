/* What an action does with a value, as far as its text tells. */
#ifndef TEMPLATE_SYNTAX_USE_H
#define TEMPLATE_SYNTAX_USE_H

#include <stdint.h>

#define TEMPLATE_NONE UINT32_MAX

/* What happens to a value next. */
enum template_use {
    TEMPLATE_PRINT,    /* printed as it is */
    TEMPLATE_ARGUMENT, /* handed to a function, as an argument or through a pipe */
    TEMPLATE_COMPARE,  /* the same, to eq, ne, lt, semverCompare, ... */
    TEMPLATE_COMPUTE,  /* the same, to add, mul, int, len, ... */
    TEMPLATE_IF_SUBJECT,
    TEMPLATE_WITH_SUBJECT,
    TEMPLATE_RANGE_SUBJECT,
    TEMPLATE_CALL,     /* the dot of {{template}} or {{block}} */
    TEMPLATE_SET,      /* given to a variable */
    TEMPLATE_CHAINED,  /* a parenthesis whose result is read further: (.Values.a).b */
    TEMPLATE_FUNCTION, /* stands where a function would, with arguments behind it */
};

/* What the rest of the action takes from a value, in bits: values that are alike in all of it print the same. */
enum template_needs {
    TEMPLATE_NEEDS_TRUTH = 1,   /* whether it is empty: if, not, empty */
    TEMPLATE_NEEDS_TEXT = 2,    /* the text that it prints as; no value is another thing than an empty text: quote */
    TEMPLATE_NEEDS_PRINTED = 4, /* the same, but printed as it is: no value gives an empty text */
    TEMPLATE_NEEDS_ITEMS = 8,   /* what `range` goes over */
    TEMPLATE_NEEDS_KEY = 16,    /* whether its key is there: hasKey */
    TEMPLATE_NEEDS_ALL = 32,
    TEMPLATE_STOPS_EMPTY = 64, /* an empty value goes no further, and is like any other: default, with */
    TEMPLATE_FAILS_NIL = 128,  /* no value makes it fail: trunc, b64enc, nindent */
};

#endif
