#include "chart/overlay.h"

#include "base/buf.h"
#include "base/path.h"

#define TEMPLATE_START "values-template" /* what values files are made from */

/* Paths below a chart's folder, without their extension. */
static const struct {
    struct str folder; /* empty for the chart's own */
    struct str name;   /* a glob; `**` for files at any depth */
    bool yml;          /* .yml too, and not only .yaml */
} PATTERNS[] = {
    {STR_INIT(""), STR_INIT("values-*"), true}, {STR_INIT(""), STR_INIT("values.*"), true},
    {STR_INIT(""), STR_INIT("values_*"), true}, {STR_INIT(""), STR_INIT("*-values"), true},
    {STR_INIT(""), STR_INIT("*.values"), true}, {STR_INIT("ci"), STR_INIT("*-values"), false},
    {STR_INIT("env"), STR_INIT("**"), true},    {STR_INIT("environments"), STR_INIT("**"), true},
    {STR_INIT("envs"), STR_INIT("**"), true},   {STR_INIT("values"), STR_INIT("**"), true},
};

#define COUNT (sizeof PATTERNS / sizeof *PATTERNS)

static bool matches(size_t i, struct str path, bool yml) {
    struct str below = path;
    if (yml && !PATTERNS[i].yml) return false;
    if (PATTERNS[i].folder.len) {
        size_t len = PATTERNS[i].folder.len;
        if (!str_starts(path, PATTERNS[i].folder) || path.len == len || path.ptr[len] != '/') return false;
        below = str_slice(path, len + 1, path.len);
    }
    return path_match(PATTERNS[i].name, below);
}

bool overlay_is(struct str path) {
    bool yaml = str_ends(path, STR(".yaml")), yml = str_ends(path, STR(".yml"));
    if ((!yaml && !yml) || str_starts(path_name(path), STR(TEMPLATE_START))) return false;
    struct str stem = str_slice(path, 0, path.len - (yaml ? 5 : 4));
    for (size_t i = 0; i < COUNT; i++)
        if (matches(i, stem, yml)) return true;
    return false;
}

bool overlay_is_name(struct str name) {
    return str_find_char(name, '/') == name.len && overlay_is(name);
}

struct str overlay_folder(int index) {
    for (size_t i = 0; i < COUNT; i++)
        if (PATTERNS[i].folder.len && index-- == 0) return PATTERNS[i].folder;
    return STR("");
}

bool overlay_is_deep(struct str folder) {
    for (size_t i = 0; i < COUNT; i++)
        if (str_eq(PATTERNS[i].folder, folder)) return folder.len && str_eq(PATTERNS[i].name, STR("**"));
    return false;
}

struct str overlay_pattern(struct arena *a) {
    struct buf out = buf_in(a);
    for (size_t i = 0; i < COUNT; i++) {
        struct str name = PATTERNS[i].name;
        if (str_eq(name, STR("values-*"))) buf_add(&out, STR("(?!" TEMPLATE_START ")"));
        if (PATTERNS[i].folder.len) buf_addf(&out, "%.*s/", STR_ARG(PATTERNS[i].folder));
        bool deep = str_eq(name, STR("**"));
        for (size_t k = 0; k < name.len && !deep; k++) {
            if (name.ptr[k] == '*') buf_add(&out, STR("[^/]*"));
            else if (name.ptr[k] == '.') buf_add(&out, STR("\\."));
            else buf_add_char(&out, name.ptr[k]);
        }
        if (deep) buf_add(&out, STR(".+"));
        buf_add(&out, PATTERNS[i].yml ? STR("\\.(yaml|yml)\n") : STR("\\.yaml\n"));
    }
    return buf_str(&out);
}
