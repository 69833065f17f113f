/* Follows pkg/ignore of Helm: unlike in .gitignore a `!` excludes all that its pattern does not match, and of several
 * lines the first one that excludes a file decides. */
#include "chart/helmignore.h"

#include "base/file.h"
#include "base/path.h"
#include "chart/ignore_pattern.h"

#define HELMIGNORE_MAX ((size_t)1 << 20)

struct helmignore {
    struct ignore_patterns patterns;
};

const struct helmignore *helmignore_read(struct arena *a, struct str folder) {
    struct str path = path_join(a, folder, STR(".helmignore")), text, line;
    struct error error;
    struct ignore_pattern pattern;
    if (file_kind(path.ptr) != FILE_REGULAR || !file_read(a, path.ptr, HELMIGNORE_MAX, &text, &error)) return NULL;
    struct helmignore *rules = arena_new(a, struct helmignore);
    while (str_split_next(&text, '\n', &line))
        if (ignore_pattern_parse(str_trim(line), &pattern)) vec_push(a, &rules->patterns, pattern);
    return rules;
}

static bool excludes(const struct helmignore *rules, struct str path, bool is_folder) {
    for (uint32_t i = 0; i < rules->patterns.len; i++) {
        const struct ignore_pattern *pattern = &rules->patterns.items[i];
        bool kind = is_folder || !pattern->folder_only;
        bool matches = kind && path_match(pattern->glob, pattern->anchored ? path : path_name(path));
        if (matches != pattern->negated) return true;
    }
    return false;
}

bool helmignore_excludes(const struct helmignore *rules, struct str path) {
    if (!rules) return false;
    for (size_t at = 0; at < path.len; at++)
        if (path.ptr[at] == '/' && excludes(rules, str_slice(path, 0, at), true)) return true;
    return excludes(rules, path, false);
}
