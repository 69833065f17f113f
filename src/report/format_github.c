/* Commands to GitHub's runner, which turns them into annotations:
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 * It takes ten of each severity from a step, so the first ten of each are kept until the end and all findings go to
 * the step's summary. */
#include "report/display.h"
#include "report/out.h"
#include "report/step_summary.h"
#include "report/summary.h"

#define ANNOTATIONS 10

struct github_report {
    struct arena *arena;
    const struct report_options *options;
    struct out out;
    struct buf line;
    struct str kept[SEVERITY_COUNT][ANNOTATIONS];
    uint32_t kept_count[SEVERITY_COUNT];
    uint32_t dropped;
    struct step_summary page;
};

static void *github_begin(struct arena *arena, const struct report_options *options) {
    struct github_report *report = arena_new(arena, struct github_report);
    report->arena = arena;
    report->options = options;
    report->out = out_to(arena, options->out);
    report->line = buf_in(arena);
    report->page = step_summary_open(arena, options);
    return report;
}

/* Adds `s` with the escapes of the runner; those of a property where `property`. */
static void add_escaped(struct buf *out, struct str s, bool property) {
    for (size_t at = 0, plain = 0; at <= s.len; at++) {
        char c = at < s.len ? s.ptr[at] : '\0';
        bool escape = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
        if (at < s.len && !escape) continue;
        display_add(out, str_slice(s, plain, at));
        if (escape) buf_addf(out, "%%%02X", (unsigned)c);
        plain = at + 1;
    }
}

/* Where the last byte of a span lies, as an exclusive end: a span of whole lines ends in its last line. */
static struct position end_of(const struct source *source, struct span span) {
    if (span.end == span.start) return source_position(source, span.start);
    struct position last = source_position(source, span.end - 1), end = source_position(source, span.end);
    if (end.line == last.line) return end;
    last.column++;
    return last;
}

static void add_command(struct buf *out, const struct source *source, const struct finding *finding) {
    static const struct str commands[] = {[SEVERITY_INFO] = STR_INIT("notice"),
                                          [SEVERITY_WARNING] = STR_INIT("warning"),
                                          [SEVERITY_ERROR] = STR_INIT("error")};
    struct span span = finding->span;
    buf_add(out, STR("::"));
    buf_add(out, commands[finding->severity]);
    buf_add(out, STR(" file="));
    add_escaped(out, source->path, true);
    if (span.start || span.end) {
        struct position start = source_position(source, span.start), end = end_of(source, span);
        buf_addf(out, ",line=%u,endLine=%u", start.line, end.line);
        if (start.line == end.line) buf_addf(out, ",col=%u,endColumn=%u", start.column, end.column);
    }
    buf_add(out, STR(",title="));
    add_escaped(out, finding->check->id, true);
    buf_add_char(out, ' ');
    add_escaped(out, finding->check->name, true);
    buf_add(out, STR("::"));
    add_escaped(out, finding->message, false);
    buf_add_char(out, '\n');
}

static void github_file(void *state, const struct report_file *file) {
    struct github_report *report = state;
    for (uint32_t i = 0; i < file->findings->len; i++) {
        const struct finding *finding = &file->findings->items[i];
        uint32_t *count = &report->kept_count[finding->severity];
        if (*count < ANNOTATIONS) {
            report->line.len = 0;
            add_command(&report->line, file->source, finding);
            report->kept[finding->severity][(*count)++] = arena_str(report->arena, buf_str(&report->line));
        } else report->dropped++;
        step_summary_add(&report->page, file, finding);
    }
}

static bool github_end(void *state, const struct report_summary *summary, struct error *error) {
    struct github_report *report = state;
    struct buf *out = &report->out.buf;
    for (int severity = SEVERITY_COUNT; severity-- > 0;)
        for (uint32_t i = 0; i < report->kept_count[severity]; i++) buf_add(out, report->kept[severity][i]);

    bool complete = step_summary_close(&report->page, summary);
    summary_add_statistics(out, summary, summary_total(summary) > 0);
    if (summary_total(summary) || !report->options->quiet) {
        summary_add(out, summary);
        buf_add_char(out, '\n');
    }
    if (report->dropped)
        buf_addf(out, "%u %s no annotation, since GitHub takes %d of each severity from a step%s.\n", report->dropped,
                 report->dropped == 1 ? "has" : "have", ANNOTATIONS, complete ? "; the step's summary lists all" : "");
    return out_finish(&report->out, error);
}

extern const struct format format_github;
const struct format format_github = {
    .name = "github",
    .summary = "annotations and the step summary of GitHub Actions",
    .begin = github_begin,
    .file = github_file,
    .end = github_end,
};
