/* Runs the examples of the user's own rules and standards, as the tests of this program run those of its own: `bad`
 * must give a finding, `good` none, and `fixed` is what --fix makes of `bad`. The rules and standards are those that
 * the configuration names, for all charts and in its overrides, and those of the command line; an operand that is a
 * file stands in their place. */
#include <stdio.h>

#include "base/file.h"
#include "base/path.h"
#include "cli/example.h"
#include "cli/session.h"

struct test_run {
    struct session session;
    struct VEC(const struct settings *) settings; /* for all charts first, then those of the overrides */
    uint32_t passed, failed, skipped;
};

/* One example of a rule, or of a standard where `rule` is NULL. */
struct test_case {
    const struct rule *rule;
    struct example example;
    const struct value *values; /* the entry of `examples` */
    struct str name;            /* "ACME001 examples[0]" */
    struct str place;           /* "FILE:LINE:COLUMN" */
    struct str at;              /* where the finding must stand; empty for anywhere */
};

/* ---- Outcomes ---- */

static void pass(struct test_run *r, const struct test_case *c, const char *part) {
    r->passed++;
    if (r->session.options->verbose)
        command_say(arena_printf(r->session.arena, "ok   %.*s.%s", STR_ARG(c->name), part));
}

static void fail(struct test_run *r, const struct test_case *c, const char *part, struct str why) {
    r->failed++;
    command_say(arena_printf(r->session.arena, "FAIL %.*s.%s (%.*s): %.*s", STR_ARG(c->name), part, STR_ARG(c->place),
                             STR_ARG(why)));
}

static void skip(struct test_run *r, struct str name, struct str why) {
    r->skipped++;
    command_say(arena_printf(r->session.arena, "skip %.*s: %.*s", STR_ARG(name), STR_ARG(why)));
}

static void say_findings(struct test_run *r, const struct findings *findings) {
    for (uint32_t i = 0; i < findings->len; i++) {
        const struct finding *finding = &findings->items[i];
        command_say(arena_printf(r->session.arena, "     %.*s at `%.*s`: %.*s", STR_ARG(finding->check->id),
                                 STR_ARG(finding->path), STR_ARG(finding->message)));
    }
}

static bool is_wanted(const struct test_case *c, const struct finding *finding) {
    return c->rule ? finding->check == &c->rule->check : finding->severity != SEVERITY_INFO;
}

/* ---- One example ---- */

/* A rule's example gives exactly one finding, one of a standard at least one, at its place. */
static void check_bad(struct test_run *r, const struct test_case *c, const struct value *bad) {
    struct findings findings = example_check(&c->example, bad);
    uint32_t count = 0, placed = 0;
    for (uint32_t i = 0; i < findings.len; i++) {
        if (!is_wanted(c, &findings.items[i])) continue;
        count++;
        placed += c->at.len == 0 || str_eq(findings.items[i].path, c->at);
    }
    if (placed && (count == 1 || !c->rule)) {
        pass(r, c, "bad");
        return;
    }
    struct arena *a = r->session.arena;
    fail(r, c, "bad",
         count == 0 ? STR("expected a finding, got none of it")
         : placed   ? arena_printf(a, "expected one finding, got %u", count)
                    : arena_printf(a, "expected the finding at `%.*s`", STR_ARG(c->at)));
    say_findings(r, &findings);
}

static void check_good(struct test_run *r, const struct test_case *c, const char *part, const struct value *good) {
    struct findings findings = example_check(&c->example, good);
    bool any = false;
    for (uint32_t i = 0; i < findings.len; i++) any = any || findings.items[i].severity != SEVERITY_INFO;
    for (uint32_t i = 0; i < findings.len; i++) any = any || is_wanted(c, &findings.items[i]);
    if (!any) {
        pass(r, c, part);
        return;
    }
    fail(r, c, part, STR("expected no finding"));
    say_findings(r, &findings);
}

static void check_fixed(struct test_run *r, const struct test_case *c, const struct value *bad,
                        const struct value *fixed) {
    struct str refusal, wanted = example_text(&c->example, fixed);
    struct str got = example_fix(&c->example, bad, &refusal);
    bool same = fixed->kind == VALUE_STRING ? str_eq(got, wanted) : example_same(r->session.arena, got, wanted);
    if (same) {
        pass(r, c, "bad to fixed");
        return;
    }
    fail(r, c, "bad to fixed",
         refusal.len ? arena_printf(r->session.arena, "--fix makes something else of it: %.*s", STR_ARG(refusal))
                     : STR("--fix makes something else of it"));
    struct str line;
    while (str_split_next(&got, '\n', &line)) command_say(arena_printf(r->session.arena, "     %.*s", STR_ARG(line)));
}

static void run_case(struct test_run *r, const struct test_case *c) {
    const struct value *bad = value_get(c->values, STR("bad")), *good = value_get(c->values, STR("good"));
    const struct value *fixed = value_get(c->values, STR("fixed"));
    if (value_get(c->values, STR("files"))) {
        skip(r, c->name, STR("examples with files are not run"));
        return;
    }
    if (bad) check_bad(r, c, bad);
    if (good) check_good(r, c, "good", good);
    if (fixed) check_good(r, c, "fixed", fixed);
    if (bad && fixed) check_fixed(r, c, bad, fixed);
}

/* ---- Rules ---- */

/* The settings under which a rule is there: with it, and with what says that an example does not fit the standard. */
static const struct settings *settings_for(struct test_run *r, const struct rule *rule) {
    struct arena *a = r->session.arena;
    const struct check *invalid = r->session.checks.by[CHECK_INVALID_VALUE];
    for (uint32_t i = 0; i < r->settings.len; i++) {
        if (!r->settings.items[i]->present[rule->check.index]) continue;
        struct settings *settings = arena_new(a, struct settings);
        *settings = *r->settings.items[i];
        settings->lowest = SEVERITY_INFO;
        settings->enabled = arena_array(a, bool, settings->rules->rules.len);
        settings->enabled[rule->check.index] = settings->enabled[invalid->index] = true;
        return settings;
    }
    return NULL;
}

static struct str place_of_value(struct arena *a, const struct source *source, struct span span) {
    struct source lines = *source;
    source_lines(a, &lines);
    struct position position = source_position(&lines, span.start);
    return arena_printf(a, "%.*s:%u:%u", STR_ARG(source->path), position.line, position.column);
}

static void run_rule(struct test_run *r, const struct rule *rule) {
    struct arena *a = r->session.arena;
    const struct value *examples = value_get(rule->entry, STR("examples"));
    const struct settings *settings = settings_for(r, rule);
    if (!examples) skip(r, rule->check.id, STR("it has no examples"));
    for (uint32_t i = 0; examples && settings && i < examples->list.len; i++) {
        const struct value *values = &examples->list.items[i], *at = value_get(values, STR("at"));
        struct str point = rule->texts[rule->texts[RULE_POINT].len ? RULE_POINT : RULE_AT];
        bool several = rule->at_count > 1 || str_find_char(point, '*') < point.len;
        struct test_case c = {
            .rule = rule,
            .example = {a, &r->session.checks, settings},
            .values = values,
            .name = arena_printf(a, "%.*s examples[%u]", STR_ARG(rule->check.id), i),
            .place = place_of_value(a, &rule->document->source, values->span),
            .at = at        ? at->string
                  : several ? STR("")
                            : point,
        };
        run_case(r, &c);
    }
}

/* ---- Standards ---- */

/* The settings with the checks of the shape alone. */
static const struct settings *settings_of_shape(struct test_run *r, const struct settings *from) {
    static const enum builtin_check shape[] = {CHECK_INVALID_YAML, CHECK_INVALID_VALUE,  CHECK_UNKNOWN_KEY,
                                               CHECK_MISSING_KEY,  CHECK_LEGACY_PATH,    CHECK_LEGACY_CONFLICT,
                                               CHECK_FIX_WITHHELD, CHECK_REFUSED_BY_HELM};
    struct settings *settings = arena_new(r->session.arena, struct settings);
    *settings = *from;
    settings->lowest = SEVERITY_INFO;
    settings->enabled = arena_array(r->session.arena, bool, settings->rules->rules.len);
    for (size_t i = 0; i < sizeof shape / sizeof *shape; i++)
        settings->enabled[r->session.checks.by[shape[i]]->index] = true;
    return settings;
}

static uint32_t run_annotation(struct test_run *r, const struct settings *settings, const struct value *annotation,
                               struct str subject) {
    struct arena *a = r->session.arena;
    const struct value *examples = value_get(annotation, STR("examples"));
    for (uint32_t i = 0; examples && i < examples->list.len; i++) {
        const struct value *values = &examples->list.items[i], *at = value_get(values, STR("at"));
        struct test_case c = {
            .example = {a, &r->session.checks, settings},
            .values = values,
            .name = arena_printf(a, "%.*s examples[%u]", STR_ARG(subject), i),
            .place = standard_files_position(&settings->standard->files, values->span),
            .at = at ? at->string : STR(""),
        };
        run_case(r, &c);
    }
    return examples ? examples->list.len : 0;
}

static void run_standard(struct test_run *r, const struct settings *from) {
    const struct standard *standard = from->standard;
    const struct settings *settings = settings_of_shape(r, from);
    uint32_t count = run_annotation(r, settings, value_get(&standard->document->root, STR("x-valuelint")),
                                    standard->document->source.path);
    for (uint32_t i = 0; i < standard->properties.len; i++)
        count +=
            run_annotation(r, settings, standard->properties.items[i].annotation, standard->properties.items[i].path);
    if (count == 0) skip(r, standard->document->source.path, STR("it has no examples"));
}

/* ---- What is run ---- */

static bool is_new_standard(const struct test_run *r, uint32_t index) {
    const struct standard *standard = r->settings.items[index]->standard;
    for (uint32_t i = 0; i < index; i++)
        if (r->settings.items[i]->standard == standard) return false;
    return !standard->is_builtin && standard->document->source.path.len;
}

/* Takes a file that is named as what it is: one of rules, or a standard. False where it cannot be read. */
static bool take_file(struct arena *a, struct options *options, struct str path, struct problems *problems) {
    struct document document;
    if (!document_read(a, path, &document, problems)) return false;
    if (value_get(&document.root, STR("rules")) && value_get(&document.root, STR("section")))
        vec_push(a, &options->rules, path);
    else options->schema = path;
    return true;
}

static int finish(struct test_run *r) {
    if (r->passed + r->failed + r->skipped == 0) {
        command_error(STR("there is nothing to test: the configuration names no rules and no standard of its own; "
                          "--rules and --schema name them"));
        return EXIT_USAGE;
    }
    command_say(arena_printf(r->session.arena, "%u passed, %u failed, %u skipped", r->passed, r->failed, r->skipped));
    if (fflush(stdout) != 0) return EXIT_IO;
    return r->failed ? EXIT_FINDINGS : EXIT_CLEAN;
}

int command_test(struct arena *a, const struct options *given) {
    struct test_run r = {.passed = 0};
    struct options options = *given;
    struct problems problems = {NULL, 0, 0};
    const struct settings *settings;
    struct str path = options.operands.len ? options.operands.items[0] : STR(".");

    if (file_kind(path.ptr) == FILE_MISSING) {
        command_error(arena_printf(a, "cannot read %.*s: there is no such file or folder", STR_ARG(path)));
        return EXIT_IO;
    }
    bool folder = file_kind(path.ptr) == FILE_FOLDER;
    if (!folder && !take_file(a, &options, path, &problems)) return command_problems(a, &problems);
    struct str absolute = path_absolute(a, folder ? path : arena_str(a, path_folder(path)));
    session_begin(&r.session, a, &options);
    int status = session_open_folder(&r.session, absolute, &settings);
    if (status) return status;
    vec_push(a, &r.settings, settings);
    for (uint32_t i = 0; (settings = config_settings_of(&r.session.store, absolute, i)); i++)
        vec_push(a, &r.settings, settings);
    status = command_problems(a, &r.session.store.problems);
    if (status) return status;
    for (uint32_t i = 0; i < r.session.rules.rules.len; i++)
        if (r.session.rules.rules.items[i]->document) run_rule(&r, r.session.rules.rules.items[i]);
    for (uint32_t i = 0; i < r.settings.len; i++)
        if (is_new_standard(&r, i)) run_standard(&r, r.settings.items[i]);
    return finish(&r);
}
