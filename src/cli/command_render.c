/* `valuelint render`: what helm template prints. */
#include "cli/command.h"
#include "render/render.h"
#include "render/trace.h"

/* What one render may cost. */
#define STEPS_MAX UINT64_C(3000000)
#define BYTES_MAX (UINT64_C(128) << 20)

static struct render_strings strings_of(struct str_list list) {
    return (struct render_strings){list.items, list.len, list.cap};
}

static bool read_helm(const struct options *options, uint8_t *helm) {
    *helm = str_eq(options->helm, STR("4")) ? 4 : 3;
    if (options->helm.len == 0 || str_eq(options->helm, STR("3")) || *helm == 4) return true;
    command_error(STR("--helm takes 3 or 4"));
    return false;
}

static bool read_root(struct arena *a, const struct options *options, struct root_options *root) {
    *root =
        (struct root_options){.release = options->operands.len > 1 ? options->operands.items[1] : STR("release-name"),
                              .name_space = options->name_space.len ? options->name_space : STR("default"),
                              .is_upgrade = options->is_upgrade,
                              .api_versions = options->api_versions.items,
                              .api_version_count = options->api_versions.len};
    if (options->kube_version.len == 0 || kube_version_parse(a, options->kube_version, &root->kube_version))
        return true;
    command_error(arena_printf(a, "--kube-version takes a version (1.29), not %.*s", STR_ARG(options->kube_version)));
    return false;
}

static int status_of(enum render_stage stage) {
    return stage == RENDER_LOAD ? EXIT_IO : EXIT_FINDINGS;
}

/* Names each reason for which something is unknown, once. */
static int report_holes(struct arena *a, const struct go_value *text) {
    struct buf reasons = buf_in(a);
    uint32_t count = 0;
    for (uint32_t i = 0; text->runs && i < text->runs->count; i++) {
        const struct go_hole *hole = text->runs->items[i].hole;
        if (!hole) continue;
        count++;
        struct str known = buf_str(&reasons);
        if (str_find(known, hole->reason) < known.len) continue;
        buf_addf(&reasons, "%s%.*s", reasons.len ? ", " : "", STR_ARG(hole->reason));
    }
    command_error(arena_printf(a,
                               "%u place%s in the output depend%s on values known only at install time (%.*s); --holes "
                               "prints the rest",
                               count, count == 1 ? "" : "s", count == 1 ? "s" : "", STR_ARG(buf_str(&reasons))));
    return EXIT_FINDINGS;
}

int command_render(struct arena *a, const struct options *options) {
    struct go_env env = {.arena = a, .budget = {STEPS_MAX, BYTES_MAX, 0}, .trace = options->trace};
    struct render_options render = {.chart = options->operands.items[0],
                                    .values = strings_of(options->values),
                                    .set_json = strings_of(options->set_json),
                                    .set = strings_of(options->set),
                                    .set_string = strings_of(options->set_string),
                                    .show_only = strings_of(options->show_only),
                                    .include_crds = options->include_crds,
                                    .skip_tests = options->skip_tests,
                                    .no_hooks = options->no_hooks};
    struct render_result result;
    bool json = strcmp(options->outputs.items[0].format->name, "json") == 0;
    if (!read_helm(options, &env.helm) || !read_root(a, options, &render.root)) return EXIT_USAGE;
    if (!render_chart(&env, &render, &result)) {
        command_error(result.message);
        return status_of(result.stage);
    }
    if (options->trace) return command_print_data(trace_text(a, &result.text, json));
    if (!options->holes && !go_known(&result.text)) return report_holes(a, &result.text);
    return command_print_data(result.text.text);
}
