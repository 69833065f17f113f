#include "template/syntax/names.h"

#include "base/buf.h"
#include "base/utf8.h"

const struct str tmpl_root_keys[TMPL_ROOT_KEY_COUNT] = {
    STR_INIT("Values"), STR_INIT("Release"),  STR_INIT("Chart"),    STR_INIT("Capabilities"),
    STR_INIT("Files"),  STR_INIT("Template"), STR_INIT("Subcharts")};

static bool is_among(struct str name, const struct str *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, names[i])) return true;
    return false;
}

bool tmpl_is_root_key(struct str key) {
    return is_among(key, tmpl_root_keys, TMPL_ROOT_KEY_COUNT);
}

bool tmpl_is_values_method(struct str name) {
    static const struct str names[] = {STR_INIT("AsMap"), STR_INIT("YAML"), STR_INIT("Table"), STR_INIT("Encode"),
                                       STR_INIT("PathValue")};
    return is_among(name, names, sizeof names / sizeof names[0]);
}

struct str tmpl_excerpt(struct arena *a, struct str text, size_t max) {
    struct buf b = buf_in(a);
    size_t end = utf8_cut(text, max);
    for (size_t i = 0; i < end; i++) buf_add_char(&b, (unsigned char)text.ptr[i] < ' ' ? ' ' : text.ptr[i]);
    if (end < text.len) buf_add(&b, STR("..."));
    return buf_str(&b);
}
