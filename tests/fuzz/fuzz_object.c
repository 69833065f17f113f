/* Any bytes as a document that templates printed: the first byte says for which Kubernetes, the second how much of the
 * text stands before a hole (none where that is 0). Reading its objects and checking their fields must not crash, and
 * what is found lies within the text. */
#include "object/object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 leaks memory on some texts that it refuses; see fuzz_tree.c. */
const char *__lsan_default_suppressions(void) {
    return "leak:libfyaml.so\n";
}

static struct go_value text_of(struct go_env *env, struct str bytes, size_t hole_at) {
    struct go_text text = go_text_in(env);
    if (hole_at == 0 || hole_at > bytes.len) hole_at = bytes.len;
    go_text_add(&text, str_slice(bytes, 0, hole_at));
    if (hole_at < bytes.len) {
        struct go_value hole = go_hole_value(env, &GO_TYPE_STRING, STR("now"), -1, -1);
        go_text_add_value(&text, &hole);
        go_text_add(&text, str_slice(bytes, hole_at, bytes.len));
    }
    return go_text_value(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = {NULL, NULL};
    struct go_env env = {.arena = &arena, .budget = {UINT64_MAX, UINT64_MAX, 0}, .helm = 3};
    struct object_document document;
    struct objects objects = {NULL, 0, 0};
    if (size < 2) return 0;
    struct go_value text = text_of(&env, (struct str){(const char *)data + 2, size - 2}, data[1]);
    if (object_read(&arena, &text, &document, &objects)) {
        for (uint32_t i = 0; i < objects.len; i++) {
            struct object_issues issues = {NULL, 0, 0};
            object_check(&arena, &objects.items[i], NULL, data[0] % 40, &issues);
            for (uint32_t k = 0; k < issues.len; k++) {
                if (issues.items[k].span.end > text.text.len) base_panic("an issue lies outside of the text");
                object_origin(&text, issues.items[k].span);
            }
        }
    }
    arena_free(&arena);
    return 0;
}
