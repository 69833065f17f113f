/* An index is a header, entries sorted by path, extensions and a checksum. An entry is 40 bytes of numbers, an object's
 * name (20 bytes, or 32 in a repository of SHA-256), flags and a path; versions 2 and 3 fill it up with NULs to a
 * multiple of 8 bytes, version 4 has only what differs from the path before. How long the names of objects are is not
 * said in the file: with the wrong length the flags, which hold the length of the path, do not fit. */
#include "chart/git_index.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"

#define INDEX_MAX ((size_t)256 << 20)
#define HEADER ((size_t)12)
#define NUMBERS ((size_t)40)
#define EXTENDED 0x4000u
#define LENGTH 0x0FFFu

struct index {
    struct str text;
    uint32_t version, count;
    size_t name; /* bytes of an object's name */
    struct buf path;
};

static uint32_t number_at(struct str text, size_t at, size_t bytes) {
    uint32_t number = 0;
    for (size_t i = 0; i < bytes; i++) number = number << 8 | (unsigned char)text.ptr[at + i];
    return number;
}

/* Takes as many bytes off the path as the number at *at says, which is written as git does it. */
static bool strip(struct index *index, size_t *at, size_t end) {
    size_t number = 0;
    for (bool first = true; *at < end; first = false) {
        unsigned char byte = (unsigned char)index->text.ptr[(*at)++];
        number = (first ? number : number + 1) << 7 | (byte & 0x7F);
        if (byte & 0x80) continue;
        if (number > index->path.len) return false;
        index->path.len -= number;
        return true;
    }
    return false;
}

/* Reads the entry at *at into `path`. */
static bool read_entry(struct index *index, size_t *at) {
    size_t end = index->text.len - index->name, start = *at, flags_at = start + NUMBERS + index->name;
    if (index->text.len < index->name || flags_at + 2 > end) return false;
    uint32_t flags = number_at(index->text, flags_at, 2);
    size_t from = flags_at + (flags & EXTENDED && index->version > 2 ? 4 : 2);
    if (index->version < 4) index->path.len = 0;
    else if (!strip(index, &from, end)) return false;
    if (from >= end) return false;
    struct str rest = str_slice(index->text, from, end);
    size_t len = str_find_char(rest, '\0');
    if (len == rest.len) return false;
    buf_add(&index->path, str_slice(rest, 0, len));
    uint32_t said = flags & LENGTH;
    if (index->path.len == 0 || said != (index->path.len < LENGTH ? index->path.len : LENGTH)) return false;
    from += len;
    *at = index->version < 4 ? start + (from - start + 8) / 8 * 8 : from + 1;
    return *at <= end;
}

static bool read_entries(struct arena *a, struct index *index, void (*tracked)(void *data, struct str path),
                         void *data) {
    size_t at = HEADER;
    index->path = buf_in(a);
    for (uint32_t i = 0; i < index->count; i++) {
        if (!read_entry(index, &at)) return false;
        tracked(data, buf_str(&index->path));
    }
    /* Of a split index most entries stand in another file. */
    return index->text.len < at + 4 || memcmp(index->text.ptr + at, "link", 4) != 0;
}

/* The path of the index; `.git` may be a file that names the folder. */
static struct str index_path(struct arena *a, struct str root) {
    struct str git = path_join(a, root, STR(".git")), text;
    struct error error;
    if (file_kind(git.ptr) != FILE_REGULAR) return path_join(a, git, STR("index"));
    if (!file_read(a, git.ptr, 1 << 16, &text, &error) || !str_starts(text, STR("gitdir:"))) return STR("");
    struct str folder = path_join(a, root, arena_str(a, str_trim(str_slice(text, 7, text.len))));
    return path_join(a, folder, STR("index"));
}

bool git_index_read(struct arena *a, struct str root, void (*tracked)(void *data, struct str path), void *data) {
    struct index index = {.name = 20};
    struct str path = index_path(a, root);
    struct error error;
    if (path.len == 0 || file_kind(path.ptr) != FILE_REGULAR) return false;
    if (!file_read(a, path.ptr, INDEX_MAX, &index.text, &error)) return false;
    if (index.text.len < HEADER + index.name || !str_starts(index.text, STR("DIRC"))) return false;
    index.version = number_at(index.text, 4, 4);
    index.count = number_at(index.text, 8, 4);
    if (index.version < 2 || index.version > 4) return false;
    size_t at = HEADER;
    index.path = buf_in(a);
    if (index.count && !read_entry(&index, &at)) index.name = 32;
    return read_entries(a, &index, tracked, data);
}
