/* Any bytes as a template and the values that it runs on: the first byte says which Helm, the text up to a NUL byte is
 * a values file, the rest a template. Nothing may crash, or go beyond the budget; with and without provenance and the
 * record of reads the same text is printed; what the runs tell covers the text in order. */
#include "render/helm_chart.h"
#include "template/eval/program.h"
#include "template/eval/reads.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 leaks memory on some texts that it refuses; see fuzz_tree.c. */
const char *__lsan_default_suppressions(void) {
    return "leak:libfyaml.so\n";
}

#define STEPS 20000
#define BYTES (1 << 18)

static void check_runs(const struct go_value *text) {
    uint32_t end = 0;
    for (uint32_t i = 0; text->runs && i < text->runs->count; i++) {
        if (text->runs->items[i].end < end || text->runs->items[i].end > text->text.len)
            base_panic("a run is out of order");
        end = text->runs->items[i].end;
    }
}

/* What was read: all places are below the root, and the walk over what did not run ends. */
static void check_reads(struct arena *a, struct value_reads *reads) {
    reads_finish(a, reads);
    for (uint32_t i = 0; i < reads->missing.len; i++) {
        const struct value_path *place = reads->missing.items[i].place;
        while (place->parent) place = place->parent;
        if (place != &reads->root) base_panic("a place is not below the root");
    }
}

static bool run(struct arena *a, uint8_t helm, bool trace, struct str values, struct str template,
                struct str *printed) {
    struct go_env env = {.arena = a, .budget = {STEPS, BYTES, 0}, .helm = helm, .trace = trace};
    struct template_file file = {.source = {.name = STR("c/templates/a.yaml"), .text = template}, .runs = true};
    struct value_reads reads = {0};
    if (trace) env.reads = &reads;
    struct value_layer layer = {.path = STR("values.yaml")};
    struct template_error failed;
    struct error error;
    struct go_map *map = helm_values_read(&env, values, &layer, &error);
    if (!map) return false;
    file.dot = go_map(&env, &GO_TYPE_MAP, 1);
    struct go_value root = {.type = &GO_TYPE_MAP, .map = map};
    if (trace) root.runs = go_path_new(&env, NULL, STR(""))->runs;
    go_map_set(&env, file.dot.map, STR("Values"), root);
    if (!program_run(&env, &file, 1, &failed)) {
        if (failed.failure == TEMPLATE_OK) base_panic("a failure without a kind");
        check_reads(a, &reads);
        return false;
    }
    check_reads(a, &reads);
    check_runs(&file.output);
    *printed = file.output.text;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = {NULL, NULL};
    struct str plain, traced;
    if (size < 1) return 0;
    struct str text = {(const char *)data + 1, size - 1};
    size_t end = str_find_char(text, '\0');
    struct str values = str_slice(text, 0, end), template = str_slice(text, end + 1, text.len);
    uint8_t helm = data[0] & 1 ? 4 : 3;
    bool fine = run(&arena, helm, false, values, template, &plain);
    bool again = run(&arena, helm, true, values, template, &traced);
    if (fine && again && !str_eq(plain, traced)) base_panic("provenance changes the text");
    arena_free(&arena);
    return 0;
}
