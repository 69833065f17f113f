#include <criterion/criterion.h>
#include <zlib.h>

#include "base/buf.h"
#include "chart/archive.h"

static struct arena arena;

static void start(void) {
    arena = (struct arena){NULL, NULL};
}

static void end(void) {
    arena_free(&arena);
}

TestSuite(archive, .init = start, .fini = end);

/* A header of a tar; `prefix` may be empty. */
static void add_entry(struct buf *tar, char type, const char *prefix, const char *name, const char *text,
                      uint32_t size) {
    char block[512] = {0};
    unsigned sum = 0;
    memcpy(block, name, strlen(name) < 100 ? strlen(name) : 100);
    snprintf(block + 124, 12, "%011o", (unsigned)size);
    block[156] = type;
    memcpy(block + 257,
           "ustar\0"
           "00",
           8);
    memcpy(block + 345, prefix, strlen(prefix));
    memset(block + 148, ' ', 8);
    for (size_t i = 0; i < sizeof block; i++) sum += (unsigned char)block[i];
    snprintf(block + 148, 8, "%06o", sum);
    buf_add(tar, (struct str){block, sizeof block});
    buf_add(tar, (struct str){text, strlen(text)});
    buf_add_repeat(tar, '\0', (512 - strlen(text) % 512) % 512);
}

static void add_file(struct buf *tar, const char *name, const char *text) {
    add_entry(tar, '0', "", name, text, (uint32_t)strlen(text));
}

static struct str pack(const struct buf *tar) {
    z_stream stream = {0};
    size_t room = tar->len + 1024;
    char *out = arena_alloc(&arena, room);
    cr_assert_eq(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (Bytef *)tar->ptr;
    stream.avail_in = (uInt)tar->len;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)room;
    cr_assert_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return (struct str){out, room - stream.avail_out};
}

/* "path=text\n" for each file, or "!" and the error. */
static struct str describe(struct str packed, bool (*wanted)(struct str path)) {
    struct buf out = buf_in(&arena);
    struct archive archive;
    struct error error;
    if (!archive_read(&arena, packed, wanted, &archive, &error)) {
        cr_expect_eq(archive.files.len, 0);
        return arena_printf(&arena, "!%s", error.message);
    }
    for (uint32_t i = 0; i < archive.files.len; i++)
        buf_addf(&out, "%.*s=%.*s\n", STR_ARG(archive.files.items[i].path), STR_ARG(archive.files.items[i].text));
    return buf_str(&out);
}

static void expect(struct str got, const char *expected) {
    cr_expect(str_eq(got, str_from(expected)), "%.*s\nnot: %s", STR_ARG(got), expected);
}

static bool is_template(struct str path) {
    return str_starts(path, STR("templates/"));
}

Test(archive, files_below_the_first_folder) {
    struct buf tar = buf_in(&arena);
    add_entry(&tar, '5', "", "sub/", "", 0);
    add_file(&tar, "sub/Chart.yaml", "name: sub\n");
    add_file(&tar, "sub/./templates//a.yaml",
             "\xEF\xBB\xBF"
             "a: 1\n");
    add_entry(&tar, '2', "", "sub/link", "", 0);
    buf_add_repeat(&tar, '\0', 1024);
    expect(describe(pack(&tar), NULL), "Chart.yaml=name: sub\n\ntemplates/a.yaml=a: 1\n\n");
    expect(describe(pack(&tar), is_template), "templates/a.yaml=a: 1\n\n");
}

Test(archive, long_names) {
    struct buf tar = buf_in(&arena);
    char name[301] = "sub/", record[400];
    memset(name + 4, 'n', 296);
    add_entry(&tar, 'L', "", "././@LongLink", name, 300);
    add_file(&tar, "sub/short", "gnu");
    snprintf(record, sizeof record, "310 path=%s\n", name);
    add_entry(&tar, 'x', "", "PaxHeaders/short", record, 310);
    add_file(&tar, "sub/short", "pax");
    add_entry(&tar, '0', "sub/charts", "deep/values.yaml", "ustar", 5);
    expect(describe(pack(&tar), NULL),
           arena_printf(&arena, "%s=gnu\n%s=pax\ncharts/deep/values.yaml=ustar\n", name + 4, name + 4).ptr);
}

Test(archive, what_helm_refuses) {
    struct buf up = buf_in(&arena), root = buf_in(&arena), large = buf_in(&arena), torn = buf_in(&arena);
    add_file(&up, "sub/../../etc", "x");
    expect(describe(pack(&up), NULL), "!it holds a path with `..`");
    add_file(&root, "Chart.yaml", "x");
    expect(describe(pack(&root), NULL), "!it holds a file outside of the chart's folder");
    add_entry(&large, '0', "", "sub/large", "", ARCHIVE_FILE_MAX + 1);
    expect(describe(pack(&large), NULL), "!it holds a file of more than the 5 MiB that Helm takes");
    add_entry(&torn, '0', "", "sub/torn", "x", 700);
    expect(describe(pack(&torn), NULL), "!it is truncated");
    expect(describe(STR("no gzip"), NULL), "!it is not a gzip archive");
    expect(describe(STR(""), NULL), "!it is truncated");
}

Test(archive, broken_bytes) {
    struct buf tar = buf_in(&arena);
    add_file(&tar, "sub/values.yaml", "a: 1\n");
    struct str packed = pack(&tar);
    for (size_t len = 0; len < packed.len; len++) {
        struct str got = describe(str_slice(packed, 0, len), NULL);
        cr_expect(str_starts(got, STR("!")) || str_eq(got, STR("values.yaml=a: 1\n\n")));
    }
    tar.ptr[3] = 'X';
    expect(describe(pack(&tar), NULL), "!its content is not a tar archive");
}

Test(archive, a_bomb_ends_at_the_limit) {
    struct buf tar = buf_in(&arena);
    char *zeros = arena_alloc(&arena, ARCHIVE_FILE_MAX + 1);
    memset(zeros, 'z', ARCHIVE_FILE_MAX);
    for (int i = 0; i < 21; i++) add_file(&tar, "sub/files/zeros", zeros);
    expect(describe(pack(&tar), is_template), "!it holds more than the 100 MiB that Helm unpacks");
}
