/* The list of rules. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/page.h"
#include "value/json.h"

static int name_width(const struct rule_set *set) {
    size_t width = 4;
    for (uint32_t i = 0; i < set->rules.len; i++)
        if (set->rules.items[i]->check.name.len > width) width = set->rules.items[i]->check.name.len;
    return (int)width;
}

static void add_table(struct buf *out, const struct rule_set *set) {
    int width = name_width(set);
    buf_addf(out, "%-8s  %-8s  %-6s  %-*s  %s\n", "Rule", "Severity", "Fix", width, "Name", "Summary");
    for (uint32_t i = 0; i < set->rules.len; i++) {
        const struct rule *rule = set->rules.items[i];
        buf_addf(out, "%-8.*s  %-8.*s  %-6.*s  %-*.*s  %.*s\n", STR_ARG(rule->check.id),
                 STR_ARG(severity_name(rule->check.severity)), STR_ARG(page_fixable(rule)), width,
                 STR_ARG(rule->check.name), STR_ARG(rule->check.summary));
    }
}

static void add_field(struct buf *out, const char *name, struct str value) {
    buf_addf(out, "\"%s\": ", name);
    json_write_string(out, value);
}

static void add_json(struct buf *out, const struct rule_set *set) {
    buf_add(out, STR("["));
    for (uint32_t i = 0; i < set->rules.len; i++) {
        const struct rule *rule = set->rules.items[i];
        buf_add(out, i ? STR(",\n  {") : STR("\n  {"));
        add_field(out, "id", rule->check.id);
        buf_add(out, STR(", "));
        add_field(out, "name", rule->check.name);
        buf_add(out, STR(", "));
        add_field(out, "severity", severity_name(rule->check.severity));
        buf_add(out, STR(", "));
        add_field(out, "section", rule->section);
        buf_add(out, STR(", "));
        add_field(out, "summary", rule->check.summary);
        buf_add(out, STR(", "));
        add_field(out, "fix", page_fixable(rule));
        buf_add(out, STR(", "));
        add_field(out, "file", rule->document->source.path);
        buf_add_char(out, '}');
    }
    buf_add(out, STR("\n]\n"));
}

int command_rules(struct arena *a, const struct options *options) {
    struct problems problems = {NULL, 0, 0};
    struct buf out = buf_in(a);
    struct rule_set set;

    if (!command_text_or_json(a, options)) return EXIT_USAGE;
    if (!page_load_rules(a, options, &set, &problems)) return command_problems(a, &problems);
    if (command_json(options)) add_json(&out, &set);
    else add_table(&out, &set);
    return command_print(buf_str(&out));
}
