/* Named time zones, from the system's database (TZif files, RFC 8536, the 64-bit block of version 2 and later). */
#include "base/file.h"
#include "cel/calendar.h"

#define ZONE_FOLDER "/usr/share/zoneinfo/"
#define ZONE_MAX ((size_t)64 << 10)
#define HEADER 44

static int64_t big_endian(const char *p, int bytes) {
    uint64_t number = (unsigned char)p[0] & 0x80 ? UINT64_MAX : 0; /* sign */
    for (int i = 0; i < bytes; i++) number = number << 8 | (unsigned char)p[i];
    return (int64_t)number;
}

struct counts {
    size_t isut, isstd, leap, time, type, chars;
};

/* Reads the counts of the header at `at`; false where it is none. */
static bool read_header(struct str file, size_t at, struct counts *c) {
    if (file.len < at + HEADER || memcmp(file.ptr + at, "TZif", 4) != 0) return false;
    size_t *fields[] = {&c->isut, &c->isstd, &c->leap, &c->time, &c->type, &c->chars};
    for (int i = 0; i < 6; i++) {
        *fields[i] = (uint32_t)big_endian(file.ptr + at + 20 + 4 * i, 4);
        if (*fields[i] > ZONE_MAX) return false;
    }
    return c->type > 0;
}

static size_t block_size(const struct counts *c, size_t time_size) {
    return c->time * time_size + c->time + c->type * 6 + c->chars + c->leap * (time_size + 4) + c->isstd + c->isut;
}

static bool find_offset(struct str file, int64_t at, int *seconds) {
    struct counts c;
    if (!read_header(file, 0, &c) || file.ptr[4] < '2') return false;
    size_t second = HEADER + block_size(&c, 4);
    if (!read_header(file, second, &c) || file.len < second + HEADER + block_size(&c, 8)) return false;
    const char *times = file.ptr + second + HEADER, *indexes = times + c.time * 8, *types = indexes + c.time;
    size_t type = 0;
    for (size_t i = 0; i < c.time && big_endian(times + i * 8, 8) <= at; i++) type = (unsigned char)indexes[i];
    if (type >= c.type) return false;
    *seconds = (int)big_endian(types + type * 6, 4);
    return true;
}

bool zone_offset(struct str name, int64_t at, int *seconds) {
    char path[sizeof ZONE_FOLDER + 64];
    struct arena arena = {0};
    struct error error;
    struct str file;

    *seconds = 0;
    if (str_eq(name, STR("UTC")) || str_eq(name, STR("Z")) || name.len == 0) return true;
    if (calendar_offset(name, seconds)) return true;
    if (name.len > 60 || name.ptr[0] == '/' || str_find(name, STR("..")) < name.len ||
        str_find_char(name, '\0') < name.len)
        return false;
    memcpy(path, ZONE_FOLDER, sizeof ZONE_FOLDER - 1);
    memcpy(path + sizeof ZONE_FOLDER - 1, name.ptr, name.len);
    path[sizeof ZONE_FOLDER - 1 + name.len] = '\0';
    bool ok = file_kind(path) == FILE_REGULAR && file_read(&arena, path, ZONE_MAX, &file, &error) &&
              find_offset(file, at, seconds);
    arena_free(&arena);
    return ok;
}
