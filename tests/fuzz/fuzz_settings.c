/* What a repository may say about its checks: the input is read as a configuration, as a file of rules, as a baseline
 * and as the manifests of a mesh. Whatever it is, it is taken or refused with a message. */
#include <sanitizer/lsan_interface.h>

#include "mesh/mesh_overlays.h"
#include "rule/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_document(struct arena *a, struct str text, const char *path, const char *schema,
                          struct problems *problems) {
    struct document *document = arena_new(a, struct document);
    if (document_parse(a, str_from(path), text, document, problems))
        document_check(a, document, str_from(schema), problems);
}

static void check_text(struct arena *a, struct str text) {
    struct problems problems = {NULL, 0, 0};
    struct rule_set set = {0};
    struct document *document = arena_new(a, struct document);
    read_document(a, text, "config.yaml", "schema/config.schema.json", &problems);
    read_document(a, text, "baseline.json", "schema/baseline.schema.json", &problems);
    if (document_parse(a, STR("rules.yaml"), text, document, &problems) && rule_set_add(a, &set, document, &problems))
        rule_set_compile(a, &set, &problems);
    struct mesh_overlays overlays = {.arena = a};
    mesh_overlays_add(&overlays, STR("manifests.yaml"), text);
    for (uint32_t i = 0; i < problems.len; i++)
        if (problem_text(a, &problems.items[i]).len == 0) base_panic("a problem without a message");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = {0};
    __lsan_disable(); /* libfyaml leaks on some texts that it refuses */
    check_text(&arena, arena_str(&arena, (struct str){(const char *)data, size}));
    __lsan_enable();
    arena_free(&arena);
    return 0;
}
