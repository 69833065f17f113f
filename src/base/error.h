/* What went wrong outside the program (a file, the system), for the caller to report. A function that takes a
 * `struct error *` sets it exactly when it fails. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>
#include <stdio.h>

struct error {
    int code;          /* an errno value, or 0 where the system named none */
    char message[768]; /* one line for a person, without a final full stop */
};

static inline void error_set(struct error *error, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static inline void error_set(struct error *error, int code, const char *format, ...) {
    va_list args;
    error->code = code;
    va_start(args, format);
    vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
}

#endif
