/* A tar is a row of blocks of 512 bytes: a header, then the file's bytes padded to whole blocks. The reader pulls them
 * out of zlib block by block, so that nothing is held but one window and the files that are wanted. Long names come in
 * three ways: `prefix` (ustar), a file of type L before (GNU), a record `path` in a file of type x before (pax). */
#include "chart/archive.h"

#include <zlib.h>

#include "base/path.h"

#define BLOCK 512
#define WINDOW ((size_t)64 << 10)
/* No name in an archive is longer: a pax header may be. */
#define NAME_MAX_LENGTH ((size_t)16 << 10)

struct unpacker {
    struct arena *arena;
    z_stream stream;
    bool ended;         /* no more bytes come out */
    const char *broken; /* why; NULL where the bytes are in order */
    size_t total;
    char *window;
    size_t from, to; /* of the window that is not taken yet */
    struct error *error;
};

static bool refuse(struct unpacker *u, const char *why) {
    error_set(u->error, 0, "%s", why);
    return false;
}

/* Fills the window; false at the end and where the bytes are broken. Several gzip members count as one text, and what
 * stands behind the archive's end is only looked at where it is needed, as Go does it. */
static bool refill(struct unpacker *u) {
    if (u->broken) return refuse(u, u->broken);
    if (u->ended) return false;
    u->stream.next_out = (Bytef *)u->window;
    u->stream.avail_out = (uInt)WINDOW;
    while (u->stream.avail_out == WINDOW && !u->ended) {
        int status = inflate(&u->stream, Z_NO_FLUSH);
        if (status == Z_STREAM_END && u->stream.avail_in) status = inflateReset(&u->stream);
        if (status == Z_OK) continue;
        u->ended = true;
        if (status == Z_BUF_ERROR) u->broken = "it is truncated";
        else if (status != Z_STREAM_END) u->broken = "it is not a gzip archive";
    }
    u->from = 0;
    u->to = WINDOW - u->stream.avail_out;
    u->total += u->to;
    if (u->total > ARCHIVE_TOTAL_MAX) return refuse(u, "it holds more than the 100 MiB that Helm unpacks");
    return u->to > 0 || (u->broken && refuse(u, u->broken));
}

/* Takes `size` bytes into `out`, or past them where it is NULL. False where there are fewer. */
static bool take(struct unpacker *u, char *out, size_t size) {
    while (size) {
        if (u->from == u->to && !refill(u)) return false;
        size_t some = u->to - u->from < size ? u->to - u->from : size;
        if (out) memcpy(out, u->window + u->from, some);
        if (out) out += some;
        u->from += some;
        size -= some;
    }
    return true;
}

static struct str field(const char *block, size_t at, size_t size) {
    struct str whole = {block + at, size};
    return str_slice(whole, 0, str_find_char(whole, '\0'));
}

/* An octal number, or one in base 256 (its first bit is set). */
static bool read_number(const char *block, size_t at, size_t size, size_t *number) {
    *number = 0;
    if ((unsigned char)block[at] & 0x80) {
        for (size_t i = at + size - 7; i < at + size; i++) *number = *number << 8 | (unsigned char)block[i];
        return true;
    }
    struct str digits = str_trim(field(block, at, size));
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '7') return false;
        *number = *number * 8 + (size_t)(digits.ptr[i] - '0');
    }
    return true;
}

static bool checksum_holds(const char *block) {
    size_t expected, sum = 0;
    for (size_t i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? ' ' : (unsigned char)block[i];
    return read_number(block, 148, 8, &expected) && sum == expected;
}

/* The record `path` of a pax header: "LENGTH path=VALUE\n". */
static struct str pax_path(struct str records) {
    while (records.len) {
        size_t length = 0, at = 0;
        while (at < records.len && records.ptr[at] >= '0' && records.ptr[at] <= '9' && length < NAME_MAX_LENGTH)
            length = length * 10 + (size_t)(records.ptr[at++] - '0');
        if (length <= at || length > records.len) break;
        struct str record = str_slice(records, at, length);
        if (str_starts(record, STR(" path="))) return str_slice(record, 6, record.len - 1);
        records = str_slice(records, length, records.len);
    }
    return (struct str){NULL, 0};
}

static struct str header_name(struct arena *a, const char *block) {
    struct str name = field(block, 0, 100), prefix = field(block, 345, 155);
    bool ustar = memcmp(block + 257, "ustar", 5) == 0 && block[262] == '\0'; /* GNU's own keeps times there */
    if (!ustar || prefix.len == 0) return arena_str(a, name);
    return arena_printf(a, "%.*s/%.*s", STR_ARG(prefix), STR_ARG(name));
}

/* The path below the chart's folder: without its first part, and normalized. False where it leads out, or is none. */
static bool inner_path(struct unpacker *u, struct str name, struct str *path) {
    char *copy = arena_alloc_raw(u->arena, name.len + 1);
    for (size_t i = 0; i < name.len; i++) copy[i] = name.ptr[i] == '\\' ? '/' : name.ptr[i];
    struct str whole = {copy, name.len}, part;
    size_t slash = str_find_char(whole, '/');
    struct str rest = str_slice(whole, slash + 1, whole.len);
    char *out = arena_alloc_raw(u->arena, rest.len + 1);
    size_t len = 0;
    bool drive = rest.len > 1 && rest.ptr[1] == ':';
    if (slash == whole.len || (rest.len && rest.ptr[0] == '/') || drive)
        return refuse(u, "it holds a file outside of the chart's folder");
    while (str_split_next(&rest, '/', &part)) {
        if (str_eq(part, STR(".."))) return refuse(u, "it holds a path with `..`");
        if (part.len == 0 || str_eq(part, STR("."))) continue;
        if (len) out[len++] = '/';
        memcpy(out + len, part.ptr, part.len);
        len += part.len;
    }
    *path = (struct str){out, len};
    return len > 0 || refuse(u, "it holds a file outside of the chart's folder");
}

/* The bytes of the file whose header was read, with the padding behind them. */
static bool take_bytes(struct unpacker *u, size_t size, bool keep, struct str *bytes) {
    char *out = keep ? arena_alloc_raw(u->arena, size + 1) : NULL;
    if (!take(u, out, size) || !take(u, NULL, (BLOCK - size % BLOCK) % BLOCK)) return false;
    if (out) out[size] = '\0';
    *bytes = (struct str){out, keep ? size : 0};
    return true;
}

static bool add_file(struct unpacker *u, struct str name, size_t size, bool (*wanted)(struct str path),
                     struct archive *archive) {
    struct archive_file file;
    if (size > ARCHIVE_FILE_MAX) return refuse(u, "it holds a file of more than the 5 MiB that Helm takes");
    if (!inner_path(u, name, &file.path)) return false;
    bool keep = !wanted || wanted(file.path);
    if (!take_bytes(u, size, keep, &file.text)) return false;
    if (str_starts(file.text, STR("\xEF\xBB\xBF"))) file.text = str_slice(file.text, 3, file.text.len);
    if (keep) vec_push(u->arena, &archive->files, file);
    return true;
}

/* Reads entry after entry; the two empty blocks at the end may be missing. */
static bool read_entries(struct unpacker *u, bool (*wanted)(struct str path), struct archive *archive) {
    struct str longer = {NULL, 0}, bytes;
    char block[BLOCK];
    size_t size;
    while (u->from < u->to || refill(u)) {
        if (!take(u, block, BLOCK)) return false;
        if (block[0] == '\0' && field(block, 0, BLOCK).len == 0) return true;
        if (!checksum_holds(block) || !read_number(block, 124, 12, &size))
            return refuse(u, "its content is not a tar archive");
        char type = block[156];
        if (type == 'L' || type == 'x') {
            if (size > NAME_MAX_LENGTH) return refuse(u, "it holds a name of more than 16 KiB");
            if (!take_bytes(u, size, true, &bytes)) return false;
            struct str found = type == 'x' ? pax_path(bytes) : field(bytes.ptr, 0, bytes.len);
            if (found.len) longer = found;
            continue;
        }
        struct str name = longer.len ? longer : header_name(u->arena, block);
        longer = (struct str){NULL, 0};
        if (type == '0' || type == '\0') {
            if (!add_file(u, name, size, wanted, archive)) return false;
        } else if (!take(u, NULL, size + (BLOCK - size % BLOCK) % BLOCK)) {
            return false;
        }
    }
    return u->error->message[0] == '\0';
}

bool archive_read(struct arena *a, struct str bytes, bool (*wanted)(struct str path), struct archive *archive,
                  struct error *error) {
    struct unpacker u = {.arena = a, .error = error};
    *archive = (struct archive){{NULL, 0, 0}};
    *error = (struct error){0};
    if (bytes.len > ARCHIVE_TOTAL_MAX) return refuse(&u, "it is larger than the 100 MiB that Helm unpacks");
    union {
        const char *in;
        Bytef *out;
    } next = {bytes.ptr}; /* zlib does not write there */
    u.stream.next_in = next.out;
    u.stream.avail_in = (uInt)bytes.len;
    if (inflateInit2(&u.stream, 15 + 16) != Z_OK) return refuse(&u, "out of memory while unpacking it");
    u.window = arena_alloc_raw(a, WINDOW);
    bool ok = read_entries(&u, wanted, archive);
    inflateEnd(&u.stream);
    if (!ok && error->message[0] == '\0') refuse(&u, "it is truncated");
    if (ok && archive->files.len == 0 && !wanted) ok = refuse(&u, "it holds no file");
    if (!ok) archive->files.len = 0;
    return ok;
}

const struct str *archive_find(const struct archive *archive, struct str path) {
    for (uint32_t i = 0; i < archive->files.len; i++)
        if (str_eq(archive->files.items[i].path, path)) return &archive->files.items[i].text;
    return NULL;
}

const char *archive_library_version(void) {
    return zlibVersion();
}
