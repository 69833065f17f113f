/* A tool of the build: reads the rules in rules/ and writes what a run needs of them as a C table, so that the program
 * parses no YAML of its own when it starts.
 *
 *     rule_table OUT.c */
#include "rule/c_text.h"
#include "rule/rule.h"

static void add_rule(struct buf *out, const struct rule *rule) {
    static const char *const severities[] = {"SEVERITY_INFO", "SEVERITY_WARNING", "SEVERITY_ERROR"};
    static const char *const fixes[] = {"FIX_NONE", "FIX_SAFE", "FIX_UNSAFE"};
    buf_add(out, STR("    {.check = {"));
    c_text_add_string(out, rule->check.id);
    buf_add(out, STR(", "));
    c_text_add_string(out, rule->check.name);
    buf_addf(out, ", %s, ", severities[rule->check.severity]);
    c_text_add_string(out, rule->check.summary);
    buf_add(out, STR(", 0, "));
    c_text_add_string(out, rule->check.replaces);
    buf_add(out, STR(", "));
    c_text_add_string(out, rule->check.one);
    buf_add(out, STR(", "));
    c_text_add_string(out, rule->check.many);
    buf_addf(out, ", %s},\n     .section = ", rule->check.preview ? "true" : "false");
    c_text_add_string(out, rule->section);
    buf_add(out, STR(",\n     .texts = {\n"));
    for (int i = 0; i < RULE_TEXTS; i++) {
        buf_addf(out, "         [%d] = ", i);
        c_text_add_string(out, rule->texts[i]);
        buf_add(out, STR(",\n"));
    }
    buf_addf(out, "     }, .fix = %s, .builtin = %s, .of_standard = %s, .secret = %s},\n", fixes[rule->fix],
             rule->builtin ? "true" : "false", rule->of_standard ? "true" : "false", rule->secret ? "true" : "false");
}

int main(int argc, char **argv) {
    struct arena arena = {NULL, NULL};
    struct rule_set set = {0};
    struct buf out = buf_in(&arena);
    if (argc != 2) return 2;
    rule_set_add_embedded(&arena, &set);
    buf_add(&out, STR("#include \"rule/table.h\"\n\nconst struct rule RULE_TABLE[] = {\n"));
    for (uint32_t i = 0; i < set.rules.len; i++) add_rule(&out, set.rules.items[i]);
    buf_addf(&out, "};\nconst uint32_t RULE_TABLE_LEN = %u;\n", set.rules.len);
    int status = c_text_write(&out, argv[1]);
    arena_free(&arena);
    return status;
}
