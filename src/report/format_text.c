/* For a person: each finding with the line that it is about. */
#include "base/map.h"
#include "report/excerpt.h"
#include "report/out.h"
#include "report/summary.h"

#define DEFAULT_WIDTH 120

struct text_report {
    struct arena *arena;
    const struct report_options *options;
    const struct palette *palette;
    struct out out;
    struct map shown; /* ids whose page was named already */
};

static void *text_begin(struct arena *arena, const struct report_options *options) {
    struct text_report *report = arena_new(arena, struct text_report);
    report->arena = arena;
    report->options = options;
    report->palette = palette_for(options->color);
    report->out = out_to(arena, options->out);
    return report;
}

static bool is_address(const char *docs) {
    return docs && strstr(docs, "://");
}

/* The id: on a terminal it leads to the rule's page. */
static void add_id(struct text_report *report, const struct check *check) {
    struct buf *out = &report->out.buf;
    bool link = report->options->color && is_address(report->options->docs);
    if (link) {
        buf_add(out, STR("\x1B]8;;"));
        display_url(out, report->options, check);
        buf_add(out, STR("\x1B\\"));
    }
    buf_add(out, check->id);
    if (link) buf_add(out, STR("\x1B]8;;\x1B\\"));
}

static void add_head(struct text_report *report, const struct source *source, const struct finding *finding) {
    struct buf *out = &report->out.buf;
    const struct palette *palette = report->palette;
    buf_add(out, palette->strong);
    display_place(out, source, finding->span);
    buf_add(out, palette->reset);
    buf_add(out, STR(": "));
    buf_add(out, palette->severity[finding->severity]);
    buf_add(out, severity_name(finding->severity));
    buf_add_char(out, '[');
    add_id(report, finding->check);
    buf_add_char(out, ']');
    buf_add(out, palette->reset);
    buf_add_char(out, ' ');
    clean_add(out, finding->message);
    buf_add_char(out, '\n');
}

/* Begins a line below the excerpt: "   = help: ". */
static void add_label(struct text_report *report, size_t margin, struct str label) {
    struct buf *out = &report->out.buf;
    buf_add_repeat(out, ' ', margin);
    buf_add(out, report->palette->quiet);
    buf_add(out, STR("= "));
    buf_add(out, report->palette->reset);
    buf_add(out, report->palette->help);
    buf_add(out, label);
    buf_add(out, report->palette->reset);
}

static void add_help(struct text_report *report, size_t margin, const struct finding *finding) {
    struct buf *out = &report->out.buf;
    if (finding->help.len == 0 && finding->fix == FIX_NONE) return;
    add_label(report, margin, STR("help: "));
    clean_add(out, finding->help);
    if (finding->fix != FIX_NONE) {
        struct str words = finding->fix == FIX_SAFE ? STR("fixable") : STR("fixable, but not safely");
        buf_addf(out, finding->help.len ? " (%.*s)" : "%.*s", STR_ARG(words));
    }
    buf_add_char(out, '\n');
}

/* Where the rule's page cannot be reached by its id, the first finding of a rule names it. */
static void add_page(struct text_report *report, size_t margin, const struct check *check) {
    const struct report_options *options = report->options;
    if (!options->docs || (options->color && is_address(options->docs))) return;
    if (map_get(&report->shown, check->id)) return;
    map_put(report->arena, &report->shown, arena_str(report->arena, check->id), report);
    add_label(report, margin, STR("see "));
    display_url(&report->out.buf, options, check);
    buf_add_char(&report->out.buf, '\n');
}

static void add_finding(struct text_report *report, const struct source *source, const struct finding *finding) {
    struct buf *out = &report->out.buf;
    unsigned width = report->options->width ? report->options->width : DEFAULT_WIDTH;
    bool whole_file = finding->span.start == 0 && finding->span.end == 0;
    size_t margin = whole_file ? 2 : excerpt_margin(source, finding->span);

    add_head(report, source, finding);
    if (!whole_file) excerpt_add(out, source, finding->span, width, report->palette, finding->severity);
    for (uint32_t i = 0; i < finding->related_count; i++) {
        const struct related *related = &finding->related[i];
        add_label(report, margin, STR("note: "));
        display_place(out, related->source, related->span);
        buf_add(out, STR(": "));
        clean_add(out, related->message);
        buf_add_char(out, '\n');
    }
    add_help(report, margin, finding);
    add_page(report, margin, finding->check);
    buf_add_char(out, '\n');
}

static void text_file(void *state, const struct report_file *file) {
    struct text_report *report = state;
    for (uint32_t i = 0; i < file->findings->len; i++) {
        add_finding(report, file->source, &file->findings->items[i]);
        out_settle(&report->out);
    }
}

static bool text_end(void *state, const struct report_summary *summary, struct error *error) {
    struct text_report *report = state;
    summary_add_all(&report->out.buf, summary, false, report->options->quiet);
    return out_finish(&report->out, error);
}

extern const struct format format_text;
const struct format format_text = {
    .name = "text",
    .summary = "each finding with its line of the file, for people",
    .begin = text_begin,
    .file = text_file,
    .end = text_end,
};
