#include "chart/gitignore.h"

#include "base/file.h"
#include "base/path.h"
#include "chart/boundary.h"
#include "chart/ignore_pattern.h"

#define GITIGNORE_MAX ((size_t)1 << 20)

struct gitignore {
    const struct gitignore *above;
    struct str folder;
    struct ignore_patterns patterns;
};

/* Without the carriage return and the spaces at its end, unless the last of these is escaped. */
static struct str trim_line(struct str line) {
    if (line.len && line.ptr[line.len - 1] == '\r') line.len--;
    while (line.len && line.ptr[line.len - 1] == ' ' && !(line.len > 1 && line.ptr[line.len - 2] == '\\')) line.len--;
    return line;
}

const struct gitignore *gitignore_read(struct arena *a, const struct gitignore *above, struct str folder) {
    struct str path = path_join(a, folder, STR(".gitignore"));
    struct str text, line;
    struct error error;
    struct ignore_pattern pattern;

    if (file_kind(path.ptr) != FILE_REGULAR || !file_read(a, path.ptr, GITIGNORE_MAX, &text, &error)) return above;
    struct gitignore *rules = arena_new(a, struct gitignore);
    rules->above = above;
    rules->folder = arena_str(a, folder);
    while (str_split_next(&text, '\n', &line))
        if (ignore_pattern_parse(trim_line(line), &pattern)) vec_push(a, &rules->patterns, pattern);
    return rules;
}

const struct gitignore *gitignore_enter(struct arena *a, struct str folder) {
    struct str root = boundary_repository(a, folder);
    if (root.len == 0) root = folder;
    const struct gitignore *rules = gitignore_read(a, NULL, root);
    for (size_t at = root.len; at < folder.len;) {
        at += 1 + str_find_char(str_slice(folder, at + 1, folder.len), '/');
        rules = gitignore_read(a, rules, str_slice(folder, 0, at));
    }
    return rules;
}

/* What the last matching pattern of one file says: 1 excluded, 0 taken back, -1 nothing. */
static int decide(const struct gitignore *rules, struct str path, bool is_folder) {
    struct str below = path_relative(path, rules->folder);
    for (uint32_t i = rules->patterns.len; i > 0; i--) {
        const struct ignore_pattern *pattern = &rules->patterns.items[i - 1];
        if (pattern->folder_only && !is_folder) continue;
        if (path_match(pattern->glob, pattern->anchored ? below : path_name(below))) return !pattern->negated;
    }
    return -1;
}

bool gitignore_excludes(const struct gitignore *rules, struct str path, bool is_folder) {
    for (; rules; rules = rules->above) {
        int verdict = decide(rules, path, is_folder);
        if (verdict >= 0) return verdict;
    }
    return false;
}
