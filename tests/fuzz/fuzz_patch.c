/* Operations on a values file: the first eight bytes of the input seed them, the rest is the file. Whatever both are,
 * all promises hold, or the operation is refused. */
#include <sanitizer/lsan_interface.h>
#include <stdio.h>
#include <stdlib.h>

#include "random_patch.h"
#include "yaml/helm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_operations(struct arena *a, const struct source *source, struct dice *dice) {
    struct tree tree;
    struct yaml_issue issue;
    struct yaml_issues issues = {NULL, 0, 0};
    struct value values;
    uint32_t count = 1 + dice_roll(dice, 12), done;

    if (!tree_parse(a, source, &tree, &issue) || !helm_values(a, &tree, &values, &issues)) return;
    if (tree.has_break) return; /* such a text is not for editing */
    struct patch_operation *operations = random_operations(a, dice, &values, count);
    const char *wrong = random_check(a, source, operations, count, getenv("PATCH_STRICT") != NULL, &done);
    if (!wrong) return;
    for (uint32_t i = 0; i < count; i++) fprintf(stderr, "%s\n", random_words(a, &operations[i]).ptr);
    base_panic(wrong);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = {0};
    struct dice dice = {0};
    if (size < sizeof dice.state) return 0;
    memcpy(&dice.state, data, sizeof dice.state);
    struct str text = arena_str(&arena, (struct str){(const char *)data + sizeof dice.state, size - sizeof dice.state});
    struct source source = {.path = STR("fuzz"), .text = text};
    /* libfyaml 0.7.12 leaks memory on some texts that it refuses, and on some with several '' in a row. The target
     * `tree` looks for leaks of ours; this layer has nothing outside of the arena. */
    __lsan_disable();
    check_operations(&arena, &source, &dice);
    __lsan_enable();
    arena_free(&arena);
    return 0;
}
