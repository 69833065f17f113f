#include "report/report.h"

const struct format *format_find(struct str name) {
    for (const struct format *const *f = FORMATS; *f; f++)
        if (str_eq(name, str_from((*f)->name))) return *f;
    return NULL;
}
