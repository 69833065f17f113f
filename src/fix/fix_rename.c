#include "fix/fix_rename.h"

#include "rule/path.h"
#include "value/pointer.h"

static bool read_path(struct arena *a, struct str text, struct rule_path *path, struct error *error) {
    uint32_t at;
    if (!rule_path_parse(a, text, path, &at)) {
        error_set(error, 0,
                  "%.*s is not a path (column %u): write a.b.c, and a[\"b.c\"] for a key with other characters",
                  STR_ARG(text), at + 1);
        return false;
    }
    if (!rule_path_is_wild(path)) return true;
    error_set(error, 0, "%.*s means several values: * cannot be used here", STR_ARG(text));
    return false;
}

bool fix_rename_parse(struct arena *a, struct str from, struct str to, struct fix_rename *rename, struct error *error) {
    struct rule_path old, new;
    if (!read_path(a, from, &old, error) || !read_path(a, to, &new, error)) return false;
    *rename = (struct fix_rename){.from = old.keys,
                                  .to = new.keys,
                                  .from_count = old.count,
                                  .to_count = new.count,
                                  .from_text = keys_dotted(a, old.keys, old.count),
                                  .to_text = keys_dotted(a, new.keys, new.count)};
    bool up = keys_lead(new.keys, new.count, old.keys, old.count);
    bool down = keys_lead(old.keys, old.count, new.keys, new.count);
    if (up && down) error_set(error, 0, "%.*s is the same path twice", STR_ARG(from));
    else if (down)
        error_set(error, 0, "%.*s lies inside %.*s: a value cannot move into itself", STR_ARG(to), STR_ARG(from));
    else if (up) error_set(error, 0, "%.*s exists: it holds %.*s", STR_ARG(to), STR_ARG(from));
    return !up && !down;
}
