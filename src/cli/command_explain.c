/* What rules are about. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/page.h"
#include "cli/sample.h"

#define WIDTH 80
#define INDENT 4

static void add_examples(struct buf *out, const struct rule *rule) {
    const struct value *examples = value_get(rule->entry, STR("examples"));
    for (uint32_t i = 0; examples && i < examples->list.len; i++) {
        struct samples samples = {NULL, 0, 0};
        const struct value *arguments = value_get(&examples->list.items[i], STR("arguments"));
        samples_add(out->arena, rule, &examples->list.items[i], &samples);
        if (arguments) buf_addf(out, "\nWith `valuelint %.*s`:\n", STR_ARG(arguments->string));
        for (uint32_t k = 0; k < samples.len; k++) {
            buf_addf(out, "\n%.*s:\n\n", STR_ARG(samples.items[k].title));
            page_lines(out, samples.items[k].text, INDENT);
        }
    }
}

static void add_references(struct buf *out, const struct rule *rule) {
    const struct value *references = value_get(rule->entry, STR("references"));
    if (references) buf_add(out, STR("\nSee also:\n\n"));
    for (uint32_t i = 0; references && i < references->map.len; i++) {
        const struct member *reference = &references->map.members[i];
        buf_addf(out, "    %.*s: %.*s\n", STR_ARG(reference->key), STR_ARG(reference->value.string));
    }
}

static void add_rule(struct buf *out, const struct rule *rule, size_t width) {
    struct str places = page_places(out->arena, rule);
    buf_addf(out, "%.*s %.*s: %.*s%s\n", STR_ARG(rule->check.id), STR_ARG(rule->check.name),
             STR_ARG(severity_name(rule->check.severity)), rule->check.preview ? ", with --preview" : "");
    page_wrap(out, rule->check.summary, 0, width);
    if (places.len) {
        buf_add_char(out, '\n');
        page_wrap(out, arena_printf(out->arena, "Looks at %.*s.", STR_ARG(places)), 0, width);
    }
    buf_add_char(out, '\n');
    page_wrap(out, rule->why, 0, width);
    add_examples(out, rule);
    if (rule->texts[RULE_FIX].len) {
        buf_addf(out, "\nFix (%.*s), as JSON Patch:\n\n", STR_ARG(page_fixable(rule)));
        page_fix(out, rule, INDENT);
    }
    add_references(out, rule);
}

/* Adds all rules that `selector` means; false where there is none. */
static bool add_selected(struct buf *out, const struct rule_set *set, struct str selector, size_t width) {
    bool any = false;
    for (uint32_t i = 0; i < set->rules.len; i++) {
        const struct rule *rule = set->rules.items[i];
        if (!rule_selected(selector, &rule->check)) continue;
        if (out->len) buf_add(out, STR("\n\n"));
        add_rule(out, rule, width);
        any = true;
    }
    return any;
}

static void report_unknown(struct arena *a, const struct rule_set *set, struct str selector) {
    command_error(
        arena_printf(a, "unknown rule `%.*s`; %.*s", STR_ARG(selector), STR_ARG(rule_set_nearest(a, set, selector))));
}

int command_explain(struct arena *a, const struct options *options) {
    struct problems problems = {NULL, 0, 0};
    struct buf out = buf_in(a);
    struct rule_set set;
    unsigned width = terminal_width(stdout);
    bool ok = true;

    if (!page_load_rules(a, options, &set, &problems)) return command_problems(a, &problems);
    for (uint32_t i = 0; i < options->operands.len; i++) {
        struct str selector = options->operands.items[i];
        if (add_selected(&out, &set, selector, width ? width : WIDTH)) continue;
        report_unknown(a, &set, selector);
        ok = false;
    }
    int status = command_print(buf_str(&out));
    return ok ? status : EXIT_USAGE;
}
