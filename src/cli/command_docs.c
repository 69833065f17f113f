/* The pages of the rules, in Markdown: one for each rule, and an index. */
#include <stdio.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/path.h"
#include "cli/command.h"
#include "cli/page.h"
#include "cli/sample.h"

#define WIDTH 100
#define PAGE_MAX ((size_t)16 << 20)
#define MARK STR("<!-- written by `valuelint docs`") /* what our pages begin with */

static void add_samples(struct buf *out, const struct samples *samples) {
    for (uint32_t i = 0; i < samples->len; i++) {
        const struct sample *sample = &samples->items[i];
        buf_addf(out, "%.*s:\n\n```%s\n", STR_ARG(sample->title), sample->language);
        page_lines(out, sample->text, 0);
        buf_add(out, STR("```\n\n"));
    }
}

static void add_examples(struct buf *out, const struct rule *rule) {
    const struct value *examples = value_get(rule->entry, STR("examples"));
    if (examples) buf_add(out, STR("## Examples\n\n"));
    for (uint32_t i = 0; examples && i < examples->list.len; i++) {
        struct samples list = {NULL, 0, 0};
        const struct value *arguments = value_get(&examples->list.items[i], STR("arguments"));
        samples_add(out->arena, rule, &examples->list.items[i], &list);
        if (arguments) buf_addf(out, "With `valuelint %.*s`:\n\n", STR_ARG(arguments->string));
        add_samples(out, &list);
    }
}

/* How a configuration changes the rule, and how a comment suppresses it. */
static void add_configuration(struct buf *out, const struct rule *rule) {
    bool warns = rule->check.severity == SEVERITY_WARNING;
    struct str id = rule->check.id;
    buf_addf(out,
             "## Configuration\n\n```yaml\n# .valuelint.yaml\nseverity: {%.*s: %s}    # or: ignore: [%.*s]\n```\n\n",
             STR_ARG(id), warns ? "error" : "warning", STR_ARG(id));
    buf_addf(
        out,
        "`# valuelint: ignore[%.*s] reason` suppresses it at the end of a line, or above a key for all below it.\n\n",
        STR_ARG(id));
}

static void add_references(struct buf *out, const struct rule *rule) {
    const struct value *references = value_get(rule->entry, STR("references"));
    if (!references) return;
    buf_add(out, STR("## References\n\n"));
    for (uint32_t i = 0; i < references->map.len; i++) {
        const struct member *reference = &references->map.members[i];
        buf_addf(out, "- [%.*s](%.*s)\n", STR_ARG(reference->key), STR_ARG(reference->value.string));
    }
    buf_add_char(out, '\n');
}

static void add_fix(struct buf *out, const struct rule *rule) {
    if (rule->texts[RULE_FIX].len == 0) return;
    buf_add(out, STR("## Fix\n\n"));
    buf_add(out, rule->fix == FIX_SAFE ? STR("`--fix` repairs it, as this JSON Patch says:\n\n")
                                       : STR("Not safe, since templates print something else afterwards: "
                                             "`--fix --unsafe-fixes` repairs it, as this JSON Patch says:\n\n"));
    buf_add(out, STR("```json\n"));
    page_fix(out, rule, 0);
    buf_add(out, STR("```\n\n"));
}

static void add_conditions(struct buf *out, const struct rule *rule) {
    static const struct {
        enum rule_text which;
        const char *title;
    } conditions[] = {{RULE_WHEN, "Applies when"}, {RULE_EXPECT, "Expects"}, {RULE_GROUP_BY, "Groups charts by"}};
    if (rule->builtin) return;
    buf_add(out, STR("## Condition\n\n"));
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        struct str text = str_trim(rule->texts[conditions[i].which]);
        if (text.len) buf_addf(out, "%s:\n\n```cel\n%.*s\n```\n\n", conditions[i].title, STR_ARG(text));
    }
}

static struct str page_of(struct arena *a, const struct rule *rule) {
    struct str places = page_places(a, rule);
    struct buf out = buf_in(a);
    buf_addf(&out, "<!-- written by `valuelint docs` from %.*s; do not edit -->\n",
             STR_ARG(rule->document->source.path));
    buf_addf(&out, "# %.*s: %.*s\n\n", STR_ARG(rule->check.id), STR_ARG(rule->check.name));
    buf_addf(&out, "%.*s.\n\n", STR_ARG(rule->check.summary));
    buf_addf(&out, "| | |\n|---|---|\n| Section | %.*s |\n| Severity | %.*s |\n| Fix | %.*s |\n",
             STR_ARG(rule->section), STR_ARG(severity_name(rule->check.severity)), STR_ARG(page_fixable(rule)));
    if (rule->check.preview) buf_add(&out, STR("| Preview | checked with `--preview` or `preview: true` only |\n"));
    if (places.len) buf_addf(&out, "| Looks at | %.*s |\n", STR_ARG(places));
    buf_add(&out, STR("\n## Why\n\n"));
    page_wrap(&out, rule->why, 0, WIDTH);
    buf_add_char(&out, '\n');
    add_examples(&out, rule);
    add_conditions(&out, rule);
    add_fix(&out, rule);
    add_configuration(&out, rule);
    add_references(&out, rule);
    out.len--; /* one line end is enough */
    return buf_str(&out);
}

static void add_section(struct buf *out, const struct rule_set *set, struct str section) {
    buf_addf(out, "\n## %.*s\n\n| rule | severity | fix | |\n|---|---|---|---|\n", STR_ARG(section));
    for (uint32_t i = 0; i < set->rules.len; i++) {
        const struct rule *rule = set->rules.items[i];
        if (!str_eq(rule->section, section)) continue;
        buf_addf(out, "| [%.*s](%.*s.md) %.*s | %.*s | %.*s | %.*s |\n", STR_ARG(rule->check.id),
                 STR_ARG(rule->check.id), STR_ARG(rule->check.name), STR_ARG(severity_name(rule->check.severity)),
                 STR_ARG(page_fixable(rule)), STR_ARG(rule->check.summary));
    }
}

static struct str index_of(struct arena *a, const struct rule_set *set) {
    struct map sections = {NULL, 0, 0, NULL, 0};
    struct buf out = buf_in(a);
    buf_add(&out, STR("<!-- written by `valuelint docs`; do not edit -->\n# Rules\n\n"));
    buf_addf(&out, "%u rules. `valuelint explain ID` shows a page in the terminal.\n", set->rules.len);
    for (uint32_t i = 0; i < set->rules.len; i++) {
        struct rule *rule = set->rules.items[i];
        if (!map_put(a, &sections, rule->section, rule)) add_section(&out, set, rule->section);
    }
    return buf_str(&out);
}

struct docs_run {
    struct arena *arena;
    const struct options *options;
    struct str folder;
    uint32_t written, same, left;
    int status;
};

/* A page of somebody else's stays, unless --force was given. */
static void write_page(struct docs_run *r, struct str name, struct str text) {
    struct str path = path_join(r->arena, r->folder, name), old = STR("");
    struct error error = {0};
    bool there = file_kind(path.ptr) != FILE_MISSING;
    if (there && !file_read(r->arena, path.ptr, PAGE_MAX, &old, &error)) {
        command_error(str_from(error.message));
        r->status = EXIT_IO;
    } else if (there && str_eq(old, text)) {
        r->same++;
    } else if (there && !r->options->force && !str_starts(old, MARK)) {
        command_warning(arena_printf(r->arena,
                                     "%.*s was not written by valuelint and is left as it is; --force "
                                     "replaces it",
                                     STR_ARG(path)));
        if (r->status == EXIT_CLEAN) r->status = EXIT_FINDINGS;
        r->left++;
    } else if (file_write(path.ptr, text, &error)) {
        command_say(path);
        r->written++;
    } else {
        command_error(str_from(error.message));
        r->status = EXIT_IO;
    }
}

int command_docs(struct arena *a, const struct options *options) {
    struct docs_run r = {.arena = a, .options = options, .status = EXIT_CLEAN};
    struct problems problems = {NULL, 0, 0};
    struct rule_set set;
    struct error error;
    struct str made;

    r.folder = options->operands.len ? options->operands.items[0] : STR("docs/rules");
    if (!page_load_rules(a, options, &set, &problems)) return command_problems(a, &problems);
    if (!folder_make(a, r.folder, &made, &error)) {
        command_error(str_from(error.message));
        return EXIT_IO;
    }
    write_page(&r, STR("README.md"), index_of(a, &set));
    for (uint32_t i = 0; i < set.rules.len && r.status != EXIT_IO; i++) {
        const struct rule *rule = set.rules.items[i];
        write_page(&r, arena_printf(a, "%.*s.md", STR_ARG(rule->check.id)), page_of(a, rule));
    }
    command_say(arena_printf(a, "%u written, %u unchanged, %u skipped.", r.written, r.same, r.left));
    if (fflush(stdout) != 0) r.status = EXIT_IO;
    return r.status;
}
