#include "report/report.h"

const struct str FORMATS_PLANNED[] = {
    STR_INIT("sarif"),    STR_INIT("junit"), STR_INIT("gitlab"), STR_INIT("rdjsonl"),
    STR_INIT("markdown"), STR_INIT("html"),  STR_INIT(""),
};

const struct format *format_find(struct str name) {
    for (const struct format *const *f = FORMATS; *f; f++)
        if (str_eq(name, str_from((*f)->name))) return *f;
    return NULL;
}

bool format_planned(struct str name) {
    for (const struct str *planned = FORMATS_PLANNED; planned->len; planned++)
        if (str_eq(name, *planned)) return true;
    return false;
}
