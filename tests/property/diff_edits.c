/* Prints the diff of files that edits change:  diff_edits FOLDER [color]
 *
 * The paths come on standard input, each ended by a NUL; FOLDER/before/PATH holds the text and FOLDER/edits/PATH the
 * edits: for each a line `START END LENGTH` and LENGTH bytes that take the place of [START, END). */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "text/diff.h"

#define FILE_MAX ((size_t)64 << 20)

static struct str read_file(struct arena *a, const char *folder, const char *kind, struct str path) {
    struct error error;
    struct str text;
    struct str name = arena_printf(a, "%s/%s/%.*s", folder, kind, STR_ARG(path));
    if (file_read(a, name.ptr, FILE_MAX, &text, &error)) return text;
    fprintf(stderr, "%s\n", error.message);
    exit(3);
}

static struct edits parse_edits(struct arena *a, struct str text) {
    struct edits edits = {NULL, 0, 0};
    const char *at = text.ptr;
    while (at < text.ptr + text.len) {
        char *next;
        unsigned long start = strtoul(at, &next, 10), end = strtoul(next, &next, 10), len = strtoul(next, &next, 10);
        vec_push(a, &edits, (struct edit){span_make(start, end), {next + 1, len}});
        at = next + 1 + len;
    }
    if (edits_settle(a, &edits)) return edits;
    fprintf(stderr, "the edits overlap\n");
    exit(2);
}

int main(int argc, char **argv) {
    struct arena paths_arena = {0}, arena = {0};
    struct error error;
    struct str paths, path;
    if (argc < 2 || !file_read(&paths_arena, "-", FILE_MAX, &paths, &error)) return 2;
    while (str_split_next(&paths, '\0', &path)) {
        struct edits edits = parse_edits(&arena, read_file(&arena, argv[1], "edits", path));
        struct diff_file file = {path, read_file(&arena, argv[1], "before", path), &edits};
        struct buf out = buf_in(&arena);
        if (diff_unified(&out, &file, argc > 2)) fwrite(out.ptr, 1, out.len, stdout);
        arena_reset(&arena);
    }
    arena_free(&arena);
    arena_free(&paths_arena);
    return 0;
}
