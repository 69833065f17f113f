/* Any bytes as a template: scanned, its references found, rewritten, and compared with other values. The first byte
 * tells how many of the moves are asked for. Nothing may crash or leave the text; without moves nothing changes; all
 * references that follow stay in it; with the same values nothing differences.
 */
#include "template/refs/equivalence.h"
#include "value/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_span(struct span span, struct str text) {
    if (span.start > span.end || span.end > text.len) base_panic("a span lies outside of the text");
}

static void check_ref(const struct refs_file *file, const struct refs_reference *ref) {
    check_span(ref->span, file->text);
    check_span(ref->values, file->text);
    if (!span_contains(ref->action, ref->span)) base_panic("a reference lies outside of its action");
    for (uint32_t k = 0; k < ref->part_count; k++)
        if (!span_contains(ref->span, ref->parts[k].span)) base_panic("a part lies outside of its reference");
}

static void check_file(const struct refs_file *file) {
    if (file->broken) {
        check_span(file->error.span, file->text);
        if (file->error.message.len == 0) base_panic("an error without words");
    }
    for (uint32_t i = 0; i < file->refs.refs.len; i++) check_ref(file, &file->refs.refs.items[i]);
    for (uint32_t i = 0; i < file->refs.relatives.len; i++) check_ref(file, &file->refs.relatives.items[i]);
}

static void check_result(struct str text, const struct refs_rewrite *result) {
    uint32_t end = 0;
    for (uint32_t i = 0; i < result->edits.len; i++) {
        check_span(result->edits.items[i].span, text);
        if (result->edits.items[i].span.start < end) base_panic("edits overlap");
        end = result->edits.items[i].span.end;
    }
    for (uint32_t i = 0; i < result->blockers.len; i++) {
        check_span(result->blockers.items[i].span, text);
        if (result->blockers.items[i].reason.len == 0) base_panic("a pin without a reason");
    }
}

static void check_agreement(struct arena *a, const struct refs_set *set, const struct refs_file *file,
                            const struct refs_set *new_set, const struct refs_file *again) {
    struct refs_differences differences = {0};
    struct json_error error;
    struct value before, after;
    if (!json_parse(a, STR("{\"a\": {\"b\": 1, \"d\": \"\"}, \"c\": [1]}"), &before, &error) ||
        !json_parse(a, STR("{\"x\": 1, \"a\": 2, \"y-z\": {}}"), &after, &error))
        base_panic("the values are not read");
    refs_compare(a, set, file, &before, set, file, &before, &differences);
    refs_compare_parts(a, set, file, &before, set, file, &before, &differences);
    if (differences.len) base_panic("a difference without a change");
    refs_compare(a, set, file, &before, new_set, again, &after, &differences);
    refs_compare_parts(a, set, file, &before, new_set, again, &after, &differences);
    for (uint32_t i = 0; i < differences.len; i++) {
        check_span(differences.items[i].span, file->text);
        if (differences.items[i].reason.len == 0) base_panic("a difference without a reason");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct str from[] = {STR_INIT("a"), STR_INIT("b"), STR_INIT("c")};
    static const struct str to[] = {STR_INIT("x"), STR_INIT("y-z")};
    static const struct refs_move moves[] = {{from, 2, to, 1}, {from, 1, to, 2}, {from + 2, 1, to, 1}};
    struct arena arena = {0};
    struct refs_set set, new_set;
    struct refs_rewrite result;

    if (size == 0) return 0;
    struct str text = arena_str(&arena, (struct str){(const char *)data + 1, size - 1});
    refs_set_init(&arena, NULL, &set);
    struct refs_file *file = refs_set_add(&set, text, REFS_OWN);
    refs_set_finish(&set);
    check_file(file);
    refs_rewrite_file(&arena, &set, file, moves, 0, &result);
    refs_rewrite_parts(&arena, &set, file, moves, 0, &result);
    if (result.edits.len || result.blockers.len) base_panic("no moves, and yet something changes");
    refs_rewrite_file(&arena, &set, file, moves, data[0] & 3, &result);
    refs_rewrite_parts(&arena, &set, file, moves, data[0] & 3, &result);
    check_result(text, &result);

    struct str after = edits_apply(&arena, text, &result.edits);
    if (result.edits.len == 0 && !str_eq(after, text)) base_panic("no edits, and yet another text");
    refs_set_init(&arena, NULL, &new_set);
    struct refs_file *again = refs_set_add(&new_set, after, REFS_OWN);
    refs_set_finish(&new_set);
    if (!file->broken && again->broken) base_panic("the new text does not parse");
    if (again->refs.refs.len < file->refs.refs.len) base_panic("the new text has lost references");
    check_agreement(&arena, &set, file, &new_set, again);
    arena_free(&arena);
    return 0;
}
