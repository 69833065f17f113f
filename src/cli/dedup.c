#include "cli/dedup.h"

#include "base/path.h"

static bool is_new(struct dedup *dedup, struct str path, const struct finding *finding) {
    struct str key = arena_printf(dedup->arena, "%.*s\n%.*s %u %.*s", STR_ARG(path), STR_ARG(finding->check->id),
                                  (unsigned)finding->span.start, STR_ARG(finding->message));
    return !map_put(dedup->arena, &dedup->findings, key, dedup);
}

void dedup_drop(struct dedup *dedup, const struct chart_paths *paths, struct lint_result *result) {
    for (uint32_t i = 0; i < result->files.len; i++) {
        struct lint_file *file = result->files.items[i];
        uint32_t kept = 0;
        bool inside = path_relative(file->source.path, paths->folder).len < file->source.path.len;
        if (inside || paths->folder.len == 0) continue;
        for (uint32_t k = 0; k < file->findings.len; k++)
            if (is_new(dedup, file->source.path, &file->findings.items[k]))
                file->findings.items[kept++] = file->findings.items[k];
        file->findings.len = kept;
    }
}
