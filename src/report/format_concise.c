/* A line for each finding: path:line:column: id severity message. */
#include "report/display.h"
#include "report/out.h"
#include "report/summary.h"

struct concise_report {
    const struct report_options *options;
    struct out out;
};

static void *concise_begin(struct arena *arena, const struct report_options *options) {
    struct concise_report *report = arena_new(arena, struct concise_report);
    report->options = options;
    report->out = out_to(arena, options->out);
    return report;
}

static void concise_file(void *state, const struct report_file *file) {
    struct concise_report *report = state;
    const struct palette *palette = palette_for(report->options->color);
    struct buf *out = &report->out.buf;
    for (uint32_t i = 0; i < file->findings->len; i++) {
        const struct finding *finding = &file->findings->items[i];
        display_place(out, file->source, finding->span);
        buf_add(out, STR(": "));
        buf_add(out, palette->severity[finding->severity]);
        buf_add(out, finding->check->id);
        buf_add_char(out, ' ');
        buf_add(out, severity_name(finding->severity));
        buf_add(out, palette->reset);
        buf_add_char(out, ' ');
        clean_add(out, finding->message);
        buf_add_char(out, '\n');
        out_settle(&report->out);
    }
}

static bool concise_end(void *state, const struct report_summary *summary, struct error *error) {
    struct concise_report *report = state;
    summary_add_all(&report->out.buf, summary, report->options, summary_total(summary) > 0);
    return out_finish(&report->out, error);
}

extern const struct format format_concise;
const struct format format_concise = {
    .name = "concise",
    .summary = "one line for each finding",
    .begin = concise_begin,
    .file = concise_file,
    .end = concise_end,
};
