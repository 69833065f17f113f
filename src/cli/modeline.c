#include "cli/modeline.h"

#define MARK STR("\xEF\xBB\xBF")
#define START STR("# yaml-language-server:")

static bool has_modeline(struct str values) {
    struct str line;
    while (str_split_next(&values, '\n', &line))
        if (str_starts(str_trim(line), START)) return true;
    return false;
}

struct str modeline_put(struct arena *a, struct str values) {
    size_t mark = str_starts(values, MARK) ? MARK.len : 0, first = str_find_char(values, '\n');
    bool crlf = first > 0 && first < values.len && values.ptr[first - 1] == '\r';
    if (has_modeline(str_slice(values, mark, values.len))) return values;
    return arena_printf(a, "%.*s" MODELINE "%s%.*s", STR_ARG(str_slice(values, 0, mark)), crlf ? "\r\n" : "\n",
                        STR_ARG(str_slice(values, mark, values.len)));
}
