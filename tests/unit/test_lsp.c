#include <criterion/criterion.h>

#include <unistd.h>

#include "lsp/emit.h"
#include "lsp/frame.h"
#include "lsp/position.h"
#include "lsp/rpc.h"
#include "lsp/uri.h"
#include "value/json.h"

static struct arena arena;

static void clean_up(void) {
    arena_free(&arena);
}

TestSuite(lsp, .fini = clean_up);

static void expect_position(const struct lsp_lines *lines, uint32_t offset, uint32_t line, uint32_t character) {
    struct lsp_position position = lsp_position_at(lines, offset);
    cr_expect(position.line == line && position.character == character, "offset %u: %u:%u", offset, position.line,
              position.character);
    cr_expect_eq(lsp_offset_at(lines, (struct lsp_position){line, character}), offset, "%u:%u", line, character);
}

Test(lsp, positions_count_utf16_units) {
    /* e with an accent: 2 bytes, 1 unit; a face: 4 bytes, 2 units */
    struct lsp_lines lines = lsp_lines_of(&arena, STR("a\xC3\xA9\xF0\x9F\x98\x80z\r\nb\rc\n"), false);
    cr_expect_eq(lines.count, 4);
    expect_position(&lines, 0, 0, 0);
    expect_position(&lines, 1, 0, 1);
    expect_position(&lines, 3, 0, 2);
    expect_position(&lines, 7, 0, 4);
    expect_position(&lines, 8, 0, 5);
    expect_position(&lines, 10, 1, 0);
    expect_position(&lines, 12, 2, 0);
    expect_position(&lines, 14, 3, 0);
    cr_expect_eq(lsp_position_at(&lines, 99).line, 3);
}

Test(lsp, positions_beyond_the_text_are_its_ends) {
    struct lsp_lines lines = lsp_lines_of(&arena, STR("ab\ncd"), false);
    cr_expect_eq(lsp_offset_at(&lines, (struct lsp_position){0, 99}), 2);
    cr_expect_eq(lsp_offset_at(&lines, (struct lsp_position){99, 0}), 5);
    cr_expect_eq(lsp_offset_at(&lines, (struct lsp_position){1, UINT32_MAX}), 5);
    /* in the middle of a character of two units: its start */
    lines = lsp_lines_of(&arena, STR("\xF0\x9F\x98\x80x"), false);
    cr_expect_eq(lsp_offset_at(&lines, (struct lsp_position){0, 1}), 0);
    cr_expect_eq(lsp_offset_at(&lines, (struct lsp_position){0, 2}), 4);
    lines = lsp_lines_of(&arena, STR(""), false);
    cr_expect_eq(lsp_offset_at(&lines, (struct lsp_position){0, 0}), 0);
}

Test(lsp, a_byte_order_mark_that_editors_hide_takes_no_place) {
    struct str text = STR("\xEF\xBB\xBFkey: 1\n");
    struct lsp_lines shown = lsp_lines_of(&arena, text, false), hidden = lsp_lines_of(&arena, text, true);
    cr_expect_eq(lsp_position_at(&shown, 3).character, 1);
    cr_expect_eq(lsp_position_at(&hidden, 3).character, 0);
    cr_expect_eq(lsp_position_at(&hidden, 0).character, 0);
    cr_expect_eq(lsp_offset_at(&hidden, (struct lsp_position){0, 0}), 3);
}

static void expect_path(struct str uri, struct str path) {
    cr_expect(str_eq(lsp_uri_path(&arena, uri), path), "%.*s", STR_ARG(uri));
}

Test(lsp, uris_and_paths) {
    expect_path(STR("file:///a/b%20c/%C3%A9.yaml"), STR("/a/b c/\xC3\xA9.yaml"));
    expect_path(STR("file://localhost/a"), STR("/a"));
    expect_path(STR("file:///a/./b/../c?x#y"), STR("/a/c"));
    expect_path(STR("file:///a%2"), STR("/a%2"));
    expect_path(STR("file:///a%00b"), STR(""));
    expect_path(STR("untitled:x"), STR(""));
    expect_path(STR("file://"), STR(""));
    struct str uri = lsp_uri_of(&arena, STR("/a b/\xC3\xA9#?%.yaml"));
    cr_expect(str_eq(uri, STR("file:///a%20b/%C3%A9%23%3F%25.yaml")), "%.*s", STR_ARG(uri));
    expect_path(uri, STR("/a b/\xC3\xA9#?%.yaml"));
}

/* Reads `text` from a pipe, in pieces of `piece` bytes; gives the messages with spaces between them, and `!` for what
 * was passed over. */
static struct str frames_of(struct str text, size_t piece) {
    struct frame_input in = {.file = -1};
    struct buf out = buf_in(&arena);
    struct str message;
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    in.file = ends[0];
    while (!in.ended) {
        struct str next = str_slice(text, 0, piece);
        text = str_slice(text, piece, text.len);
        if (next.len) cr_assert_eq(write(ends[1], next.ptr, next.len), (ssize_t)next.len);
        else close(ends[1]);
        frame_read(&in);
        for (enum frame_kind kind; (kind = frame_take(&in, &message)) != FRAME_NONE;)
            buf_addf(&out, "%.*s ", STR_ARG(kind == FRAME_MESSAGE ? message : STR("!")));
    }
    close(ends[0]);
    frame_input_free(&in);
    return buf_str(&out);
}

static void expect_frames(struct str text, struct str expected) {
    for (size_t piece = 1; piece <= text.len + 1; piece += piece < 20 ? 1 : 50) {
        struct str found = frames_of(text, piece);
        bool same = piece > 1 || str_find_char(expected, '!') == expected.len; /* how often it is told may differ */
        cr_expect(str_eq(found, expected) || !same, "%zu: %.*s", piece, STR_ARG(found));
    }
}

Test(lsp, messages_arrive_in_any_pieces) {
    expect_frames(STR("Content-Length: 2\r\n\r\n{}Content-Length: 0\r\n\r\nContent-Length: 3\r\n\r\n[1]"),
                  STR("{}  [1] "));
    expect_frames(STR("Content-Type: x\r\ncontent-length:2\r\nContent-Type: y\r\n\r\n{}"), STR("{} "));
}

Test(lsp, garbage_costs_no_message_behind_it) {
    static const char *const garbage[] = {"x",
                                          "\r\n\r\nGET / HTTP/1.1\r\n\r\n",
                                          "Content-Length: x\r\n\r\n",
                                          "Content-Length: 1\n\n{",
                                          "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
                                          "Content-Length: -1\r\n\r\n",
                                          "Content-Len"};
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
        struct str text = arena_printf(&arena, "%sContent-Length: 2\r\n\r\n{}", garbage[i]);
        struct str found = frames_of(text, text.len);
        cr_expect(str_ends(found, STR("{} ")), "%s: %.*s", garbage[i], STR_ARG(found));
    }
}

Test(lsp, a_message_that_is_too_long_is_passed_over) {
    struct buf text = buf_in(&arena);
    buf_addf(&text, "Content-Length: %zu\r\n\r\n", FRAME_MAX + 1);
    struct frame_input in = {.file = -1};
    struct str message;
    in.bytes = text.ptr, in.end = in.cap = text.len;
    cr_expect_eq(frame_take(&in, &message), FRAME_BROKEN);
    cr_expect_eq(in.skip, FRAME_MAX + 1);
}

Test(lsp, commas_come_by_themselves) {
    struct emit out = emit_in(&arena);
    emit_open(&out, '{');
    emit_put_text(&out, "a", STR("x\n\"\xF0\x9F\x98\x80"));
    emit_key(&out, "b");
    emit_open(&out, '[');
    emit_number(&out, -1);
    emit_null(&out);
    emit_open(&out, '{');
    emit_close(&out, '}');
    emit_close(&out, ']');
    emit_put_bool(&out, "c", true);
    emit_close(&out, '}');
    struct value value;
    struct json_error error;
    cr_assert(json_parse(&arena, buf_str(&out.text), &value, &error), "%.*s", STR_ARG(buf_str(&out.text)));
    cr_expect_eq(rpc_at(&value, "b")->list.len, 3);
    cr_expect(rpc_true(&value, "c") && str_eq(rpc_text(&value, "a"), STR("x\n\"\xF0\x9F\x98\x80")));
}

Test(lsp, ids_are_strings_or_numbers) {
    static const struct {
        const char *text;
        bool fine, has_id;
    } cases[] = {{"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"}", true, true},
                 {"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"x\"}", true, true},
                 {"{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"x\"}", true, false},
                 {"{\"jsonrpc\":\"2.0\",\"method\":\"x\"}", true, false},
                 {"{\"jsonrpc\":\"2.0\",\"id\":[],\"method\":\"x\"}", false, false},
                 {"{\"jsonrpc\":\"2.0\",\"id\":1}", false, true},
                 {"{\"id\":1,\"method\":\"x\"}", false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rpc_message message;
        enum rpc_error error;
        cr_expect_eq(rpc_read(&arena, str_from(cases[i].text), &message, &error), cases[i].fine, "%s", cases[i].text);
        cr_expect_eq(message.id != NULL, cases[i].has_id, "%s", cases[i].text);
    }
}
