/* Commands to GitHub's runner, which turns them into annotations:
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 * It takes ten of each severity from a step. Ten are kept until the end, spread over the charts: one of each chart
 * first, then a second one, and so on, so that one bad chart does not hide the others. All findings go to the step's
 * summary. */
#include "report/display.h"
#include "report/out.h"
#include "report/step_summary.h"
#include "report/summary.h"

#define ANNOTATIONS 10

struct annotation {
    struct buf line;
    uint32_t round; /* how many of its severity its chart had before */
};

/* In the order in which they were found. */
struct annotations {
    struct annotation items[ANNOTATIONS];
    uint32_t len;
    uint32_t round; /* of the chart's next one */
};

struct github_report {
    const struct report_options *options;
    struct out out;
    struct arena scratch; /* for one annotation */
    struct annotations kept[SEVERITY_COUNT];
    struct buf chart; /* the name of the last file's */
    uint32_t dropped;
    struct step_summary page;
};

static void *github_begin(struct arena *arena, const struct report_options *options) {
    struct github_report *report = arena_new(arena, struct github_report);
    report->options = options;
    report->out = out_to(arena, options->out);
    report->chart = buf_in(arena);
    for (int i = 0; i < SEVERITY_COUNT; i++)
        for (int k = 0; k < ANNOTATIONS; k++) report->kept[i].items[k].line = buf_in(arena);
    report->page = job_summary_open(arena, options);
    return report;
}

/* Adds `s` with the escapes of the runner; those of a property where `property`. */
static void add_escaped(struct buf *out, struct str s, bool property) {
    for (size_t at = 0, plain = 0; at <= s.len; at++) {
        char c = at < s.len ? s.ptr[at] : '\0';
        bool escape = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
        if (at < s.len && !escape) continue;
        clean_add(out, str_slice(s, plain, at));
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

static void add_command(struct buf *out, const struct source *source, struct str path, const struct finding *finding) {
    static const struct str commands[] = {[SEVERITY_INFO] = STR_INIT("notice"),
                                          [SEVERITY_WARNING] = STR_INIT("warning"),
                                          [SEVERITY_ERROR] = STR_INIT("error")};
    struct span span = finding->span;
    buf_add(out, STR("::"));
    buf_add(out, commands[finding->severity]);
    buf_add(out, STR(" file="));
    add_escaped(out, path, true);
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

/* The place of a new annotation; NULL where ten others come before it. Of those of the latest round the last one makes
 * room. */
static struct annotation *make_room(struct annotations *kept, uint32_t round) {
    uint32_t last = 0;
    if (kept->len < ANNOTATIONS) return &kept->items[kept->len++];
    for (uint32_t i = 1; i < kept->len; i++)
        if (kept->items[i].round >= kept->items[last].round) last = i;
    if (kept->items[last].round <= round) return NULL;
    struct annotation freed = kept->items[last];
    memmove(&kept->items[last], &kept->items[last + 1], sizeof freed * (kept->len - last - 1));
    kept->items[kept->len - 1] = freed;
    return &kept->items[kept->len - 1];
}

static void begin_chart(struct github_report *report, struct str chart) {
    if (str_eq(chart, buf_str(&report->chart))) return;
    report->chart.len = 0;
    buf_add(&report->chart, chart);
    for (int i = 0; i < SEVERITY_COUNT; i++) report->kept[i].round = 0;
}

static void github_file(void *state, const struct report_file *file) {
    struct github_report *report = state;
    begin_chart(report, file->chart);
    for (uint32_t i = 0; i < file->findings->len; i++) {
        const struct finding *finding = &file->findings->items[i];
        struct annotations *kept = &report->kept[finding->severity];
        bool full = kept->len == ANNOTATIONS;
        struct annotation *annotation = make_room(kept, kept->round);
        if (annotation) {
            struct str path = display_path(&report->scratch, report->options, file->source->path);
            annotation->round = kept->round;
            annotation->line.len = 0;
            add_command(&annotation->line, file->source, path, finding);
            arena_reset(&report->scratch);
        }
        report->dropped += full;
        kept->round++;
        job_summary_add(&report->page, file, finding);
    }
}

static bool github_end(void *state, const struct report_summary *summary, struct error *error) {
    struct github_report *report = state;
    struct buf *out = &report->out.buf;
    for (int severity = SEVERITY_COUNT; severity-- > 0;)
        for (uint32_t i = 0; i < report->kept[severity].len; i++)
            buf_add(out, buf_str(&report->kept[severity].items[i].line));
    arena_free(&report->scratch);

    bool complete = job_summary_close(&report->page, summary);
    summary_add_statistics(out, summary, summary_total(summary) > 0);
    if (summary_total(summary) || !report->options->quiet) {
        summary_add(out, summary);
        buf_add_char(out, '\n');
    }
    if (report->dropped)
        buf_addf(out, "%u finding%s not annotated (GitHub shows at most %d per severity and step)%s.\n",
                 report->dropped, report->dropped == 1 ? "" : "s", ANNOTATIONS,
                 complete ? "; the step summary lists all" : "");
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
