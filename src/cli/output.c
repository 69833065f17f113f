#include "cli/output.h"

#include <errno.h>
#include <stdlib.h>

#include "base/path.h"
#include "base/system.h"
#include "fix/fix.h"

static FILE *open_output(struct str file, struct error *error) {
    if (file.len == 0) return stdout;
    FILE *out = fopen(file.ptr, "we");
    if (!out) error_set(error, errno, "cannot write %s: %s", file.ptr, strerror(errno));
    return out;
}

/* The folder into which a CI's job has checked the repository out, links followed; empty outside of one. */
static struct str find_root(struct arena *a) {
    static const char *const names[] = {"GITHUB_WORKSPACE", "CI_PROJECT_DIR"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *named = getenv(names[i]);
        char real[SYSTEM_PATH_MAX];
        if (named && *named && system_real_path(named, real) == 0) return arena_str(a, str_from(real));
    }
    return STR("");
}

/* The texts of the rules that are built in are read only where somebody asks for them. */
static struct str why(void *data, const struct check *check) {
    struct outputs *outputs = data;
    const struct rule *rule = rule_find(outputs->rules, check->id);
    if (rule && rule->document) return rule->why;
    if (!outputs->embedded) {
        outputs->embedded = arena_new(outputs->arena, struct rule_set);
        rule_set_add_embedded(outputs->arena, outputs->embedded);
    }
    rule = rule_find(outputs->embedded, check->id);
    return rule ? rule->why : STR("");
}

bool outputs_open(struct outputs *outputs, struct arena *a, const struct options *options, const struct rule_set *rules,
                  struct error *error) {
    struct str root = find_root(a), folder = path_absolute(a, STR("."));
    *outputs = (struct outputs){.arena = a, .rules = rules, .counts = arena_array(a, uint32_t, rules->rules.len)};
    for (uint32_t i = 0; i < options->outputs.len; i++) {
        const struct output *wanted = &options->outputs.items[i];
        if (options->diff && wanted->file.len == 0) continue;
        FILE *out = open_output(wanted->file, error);
        if (!out) return false;
        struct report_options report = {
            .out = out,
            .warnings = stderr,
            .color = terminal_color(options->color, out),
            .quiet = options->quiet,
            .verbose = options->verbose,
            .statistics = options->statistics,
            .width = terminal_width(out),
            .docs = VALUELINT_DOCS,
            .version = VALUELINT_VERSION,
            .step_summary = getenv("GITHUB_STEP_SUMMARY"),
            .root = root,
            .folder = folder,
            .why = why,
            .why_data = outputs,
        };
        vec_push(a, &outputs->list, (struct output_state){wanted->format, report, NULL, wanted->file});
    }
    for (uint32_t i = 0; i < outputs->list.len; i++) {
        struct output_state *output = &outputs->list.items[i];
        output->state = output->format->begin(a, &output->options);
    }
    return true;
}

bool outputs_any(const struct outputs *outputs) {
    return outputs->list.len > 0;
}

bool outputs_show_fixes(const struct outputs *outputs) {
    for (uint32_t i = 0; i < outputs->list.len; i++)
        if (outputs->list.items[i].format->shows_fixes) return true;
    return false;
}

static void count_file(struct outputs *outputs, const struct lint_file *file) {
    struct report_summary *summary = &outputs->summary;
    summary->files += file->is_values;
    summary->unreadable += file->unreadable;
    summary->suppressed += file->suppressed;
    summary->baselined += file->baselined;
    for (uint32_t i = 0; i < file->findings.len; i++) {
        const struct finding *finding = &file->findings.items[i];
        summary->findings[finding->severity]++;
        summary->fixable_safe += finding->fix == FIX_SAFE;
        summary->fixable_unsafe += finding->fix == FIX_UNSAFE;
        outputs->counts[finding->check->index]++;
    }
}

static void hand_out(struct outputs *outputs, const struct report_file *file) {
    for (uint32_t i = 0; i < outputs->list.len; i++)
        outputs->list.items[i].format->file(outputs->list.items[i].state, file);
}

static struct chart_count *count_of(struct outputs *outputs, struct str chart) {
    struct chart_count *counted = map_get(&outputs->chart_by_name, chart);
    if (counted) return counted;
    counted = arena_new(outputs->arena, struct chart_count);
    counted->chart = arena_str(outputs->arena, chart);
    map_put(outputs->arena, &outputs->chart_by_name, counted->chart, counted);
    vec_push(outputs->arena, &outputs->charts, counted);
    return counted;
}

/* What belongs to no chart (a baseline, an overlay of the mesh) is in no chart's count. */
static void count_chart(struct outputs *outputs, const struct lint_file *file, struct str chart) {
    if (file->findings.len == 0 || chart.len == 0) return;
    struct chart_count *counted = count_of(outputs, chart);
    counted->count += file->findings.len;
    for (uint32_t i = 0; i < file->findings.len; i++) counted->fixable += file->findings.items[i].fix == FIX_SAFE;
}

static void report_file(struct outputs *outputs, struct lint_file *file, struct str chart, const struct edits *fixes) {
    count_file(outputs, file);
    count_chart(outputs, file, chart);
    hand_out(outputs, &(struct report_file){&file->source, &file->findings, chart, fixes});
}

void outputs_file(struct outputs *outputs, struct lint_file *file, struct str chart) {
    report_file(outputs, file, chart, NULL);
}

static void add_note(struct outputs *outputs, struct str path, struct str text, bool skipped) {
    vec_push(outputs->arena, &outputs->notes,
             (struct report_note){arena_str(outputs->arena, path), arena_str(outputs->arena, text), skipped});
}

void outputs_skipped(struct outputs *outputs, struct str path, struct str why) {
    add_note(outputs, path, why, true);
}

/* What --fix would do to the file at `path`; NULL for nothing. */
static struct fix_file *planned_at(const struct lint_result *result, struct str path) {
    for (uint32_t i = 0; result->planned && i < result->planned->files.len; i++)
        if (str_eq(result->planned->files.items[i].source.path, path)) return &result->planned->files.items[i];
    return NULL;
}

static bool is_checked(const struct lint_result *result, struct str path) {
    for (uint32_t i = 0; i < result->files.len; i++)
        if (str_eq(result->files.items[i]->source.path, path)) return true;
    return false;
}

void outputs_chart(struct outputs *outputs, const struct lint_result *result) {
    static const struct findings none = {NULL, 0, 0};
    outputs->summary.charts++;
    for (uint32_t f = 0; f < result->files.len; f++) {
        struct lint_file *file = result->files.items[f];
        const struct fix_file *fix = planned_at(result, file->source.path);
        report_file(outputs, file, result->chart, fix ? &fix->edits : NULL);
        if (result->without_standard && f + 1 == result->files.len)
            add_note(
                outputs, file->source.path,
                STR("checked without a standard (few of the built-in one's keys are there); `valuelint init` drafts "
                    "one, `--schema builtin` applies the built-in one"),
                true);
        if (result->exemption.len && f + 1 == result->files.len)
            add_note(outputs, file->source.path, result->exemption, false);
    }
    for (uint32_t i = 0; result->planned && i < result->planned->files.len; i++) {
        struct fix_file *fix = &result->planned->files.items[i];
        if (!is_checked(result, fix->source.path))
            hand_out(outputs, &(struct report_file){&fix->source, &none, result->chart, &fix->edits});
    }
}

static int count_cmp(const void *left, const void *right) {
    const struct check_count *a = left, *b = right;
    if (a->count != b->count) return a->count > b->count ? -1 : 1;
    return str_cmp(a->check->id, b->check->id);
}

static void add_statistics(struct outputs *outputs, const struct rule_set *rules) {
    struct VEC(struct check_count) list = {NULL, 0, 0};
    for (uint32_t i = 0; i < rules->rules.len; i++)
        if (outputs->counts[i])
            vec_push(outputs->arena, &list, (struct check_count){&rules->rules.items[i]->check, outputs->counts[i]});
    if (list.len) qsort(list.items, list.len, sizeof *list.items, count_cmp);
    outputs->summary.statistics = list.items;
    outputs->summary.statistic_count = list.len;
    outputs->summary.chart_statistics = outputs->charts.items;
    outputs->summary.chart_statistic_count = outputs->charts.len;
}

bool outputs_close(struct outputs *outputs, const struct rule_set *rules, bool statistics, struct error *error) {
    bool ok = true;
    outputs->summary.notes = outputs->notes.items;
    outputs->summary.note_count = outputs->notes.len;
    if (statistics) add_statistics(outputs, rules);
    for (uint32_t i = 0; i < outputs->list.len; i++) {
        struct output_state *output = &outputs->list.items[i];
        struct error problem;
        bool written = output->format->end(output->state, &outputs->summary, &problem);
        if (output->options.out != stdout && fclose(output->options.out) != 0 && written) {
            written = false;
            error_set(&problem, errno, "%s", strerror(errno));
        }
        if (!written && ok)
            error_set(error, problem.code, "cannot write %s: %s",
                      output->file.len ? output->file.ptr : "standard output", problem.message);
        ok = ok && written;
    }
    return ok;
}
