/* Any bytes as templates and values: what stands before the first NUL is the values as JSON (where it is none, some
 * that are made for templates), then the helpers, then a template that is rendered. Nothing may crash or hang, and all
 * places lie in their texts.
 */
#include "template/eval/manifest.h"
#include "template/eval/scope.h"
#include "value/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str next_part(struct str *rest) {
    size_t end = str_find_char(*rest, '\0');
    struct str part = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end + 1, rest->len);
    return part;
}

static void check_span(struct span span, struct str text) {
    if (span.start > span.end || span.end > text.len) base_panic("a span lies outside of the text");
}

static void check_places(const struct value_path *place, const struct scope_file *files) {
    for (uint32_t i = 0; i < place->sites.len; i++)
        check_span(place->sites.items[i].span, files[place->sites.items[i].file].text);
    for (uint32_t i = 0; i < place->children.len; i++) check_places(place->children.entries[i].value, files);
    if (place->any) check_places(place->any, files);
}

static void check_parse(const struct scope_file *file) {
    if (!file->broken) return;
    check_span(file->error.span, file->text);
    if (file->error.message.len == 0) base_panic("an error without words");
}

/* With any values, and every word watched. */
static void check_watch(struct arena *a, struct scope_file *files) {
    uint32_t *at[2];
    struct scope_watch watch = {.at = at};
    struct scope_result scope = {0};
    for (int i = 0; i < 2; i++) at[i] = arena_array(a, uint32_t, (files[i].tree ? files[i].tree->word_count : 0) + 1);
    struct scope_input input = {.files = files, .file_count = 2, .watch = &watch};
    scope_run(a, &input, &scope);
    for (uint32_t i = 0; i < watch.sights.len; i++)
        if (!watch.sights.items[i].seen) base_panic("a word without a value");
    for (uint32_t i = 0; i < watch.wholes.len; i++)
        check_span(watch.wholes.items[i].span, files[watch.wholes.items[i].file].text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = {0};
    struct str rest = arena_str(&arena, (struct str){(const char *)data, size});
    struct scope_file files[2] = {{.entry = false}, {.entry = true}};
    struct value_path_unreads unreads = {NULL, 0, 0};
    struct scope_result scope = {0};
    struct json_error error;
    struct value values;

    if (!json_parse(&arena, next_part(&rest), &values, &error) &&
        !json_parse(&arena,
                    STR("{\"a\": {\"b\": \"{{ .Values.c }}\", \"n\": null}, \"c\": [1, {\"d\": true}], \"t\": 1}"),
                    &values, &error))
        base_panic("the values are not read");
    for (int i = 0; i < 2; i++) {
        files[i].text = next_part(&rest);
        scope_parse(&arena, NULL, &files[i]);
        check_parse(&files[i]);
    }
    struct scope_input input = {.values = &values, .files = files, .file_count = 2};
    scope_run(&arena, &input, &scope);
    for (uint32_t i = 0; i < scope.failures.len; i++) {
        const struct scope_failure *failure = &scope.failures.items[i];
        check_span(failure->span, files[failure->file].text);
        if (failure->place ? failure->place->parent && value_path_text(&arena, failure->place).len == 0
                           : failure->absent.len == 0)
            base_panic("a place without a name");
    }
    for (uint32_t i = 0; i < scope.blanks.len; i++) {
        const struct scope_blank *blank = &scope.blanks.items[i];
        check_span(blank->action, files[blank->file].text);
        scope_needed_at(&arena, files[blank->file].text, blank->action);
    }
    check_places(&scope.root, files);
    check_watch(&arena, files);
    value_path_unread(&arena, &scope.root, NULL, &values, &unreads);
    arena_free(&arena);
    return 0;
}
