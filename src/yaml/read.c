#include "yaml/read.h"

#include "base/file.h"

bool read_text_values(struct arena *a, const struct source *source, struct tree *tree, struct value *values,
                      struct yaml_issues *issues) {
    struct yaml_issue broken;
    if (tree_parse(a, source, tree, &broken)) return helm_values(a, tree, values, issues);
    vec_push(a, issues, broken);
    *tree = (struct tree){NULL};
    *values = value_map_new(a, 0);
    return false;
}

bool read_plain_values(struct arena *a, struct str text, struct value *values) {
    struct source *source = arena_new(a, struct source);
    struct tree *tree = arena_new(a, struct tree);
    struct yaml_issues issues = {NULL, 0, 0};
    source->text = text;
    return read_text_values(a, source, tree, values, &issues);
}

bool read_file_values(struct arena *a, struct str path, size_t max, struct value *values) {
    struct error error;
    struct str text;
    return file_read(a, path.ptr, max, &text, &error) && read_plain_values(a, text, values);
}
