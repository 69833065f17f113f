/* For a person. What only a person can decide comes first, each finding with the line that it is about; then what --fix
 * will do, a few lines for each file, since nobody has to read it one by one. The second part is kept in memory until
 * the first one has been written. */
#include "base/map.h"
#include "report/excerpt.h"
#include "report/out.h"
#include "report/repair_list.h"
#include "report/summary.h"

#define DEFAULT_WIDTH 120

struct text_report {
    struct arena *arena;
    const struct report_options *options;
    const struct palette *palette;
    unsigned width;
    struct out out;
    struct buf fixable;   /* what --fix will do, for the end */
    struct arena scratch; /* of one file */
    struct map shown;     /* ids whose page was named already */
};

static void *text_begin(struct arena *arena, const struct report_options *options) {
    struct text_report *report = arena_new(arena, struct text_report);
    report->arena = arena;
    report->options = options;
    report->palette = palette_for(options->color);
    report->width = options->width ? options->width : DEFAULT_WIDTH;
    report->out = out_to(arena, options->out);
    report->fixable = buf_in(arena);
    return report;
}

static bool is_address(const char *docs) {
    return docs && strstr(docs, "://");
}

/* The id: on a terminal it leads to the rule's page. */
static void add_id(struct text_report *report, struct buf *out, const struct check *check) {
    bool link = report->options->color && is_address(report->options->docs);
    if (link) {
        buf_add(out, STR("\x1B]8;;"));
        display_url(out, report->options, check);
        buf_add(out, STR("\x1B\\"));
    }
    buf_add(out, check->id);
    if (link) buf_add(out, STR("\x1B]8;;\x1B\\"));
}

static void add_head(struct text_report *report, struct buf *out, const struct source *source,
                     const struct finding *finding) {
    const struct palette *palette = report->palette;
    buf_add(out, palette->strong);
    display_place(out, source, finding->span);
    buf_add(out, palette->reset);
    buf_add(out, STR(": "));
    buf_add(out, palette->severity[finding->severity]);
    buf_add(out, severity_name(finding->severity));
    buf_add_char(out, '[');
    add_id(report, out, finding->check);
    buf_add_char(out, ']');
    buf_add(out, palette->reset);
    buf_add_char(out, ' ');
    clean_add(out, finding->message);
    buf_add_char(out, '\n');
}

/* Begins a line below the excerpt: "   = help: ". */
static void add_label(const struct text_report *report, struct buf *out, size_t margin, struct str label) {
    buf_add_repeat(out, ' ', margin);
    buf_add(out, report->palette->quiet);
    buf_add(out, STR("= "));
    buf_add(out, report->palette->reset);
    buf_add(out, report->palette->help);
    buf_add(out, label);
    buf_add(out, report->palette->reset);
}

/* What to do, and what --fix does about it. */
static void add_help(const struct text_report *report, struct buf *out, size_t margin, const struct finding *finding) {
    if (finding->help.len == 0 && finding->fix == FIX_NONE) return;
    add_label(report, out, margin, STR("help: "));
    clean_add(out, finding->help);
    if (finding->fix != FIX_NONE) {
        buf_add(out, finding->help.len ? STR(" (`--fix") : STR("`--fix"));
        buf_add(out, finding->fix == FIX_UNSAFE ? STR(" --unsafe-fixes` ") : STR("` "));
        if (finding->fix_does.len) clean_add(out, finding->fix_does);
        else buf_add(out, finding->help.len ? STR("does this") : STR("repairs it"));
        if (finding->help.len) buf_add_char(out, ')');
    }
    buf_add_char(out, '\n');
}

/* The first finding of a rule says where to read more, unless its id is a link. */
static void add_page(struct text_report *report, struct buf *out, size_t margin, const struct check *check) {
    const struct report_options *options = report->options;
    bool address = is_address(options->docs);
    if (!options->docs || (options->color && address)) return;
    if (map_get(&report->shown, check->id)) return;
    map_put(report->arena, &report->shown, arena_str(report->arena, check->id), report);
    add_label(report, out, margin, STR("see "));
    if (address) display_url(out, options, check);
    else buf_addf(out, "`valuelint explain %.*s`", STR_ARG(check->id));
    buf_add_char(out, '\n');
}

static void add_finding(struct text_report *report, struct buf *out, const struct source *source,
                        const struct finding *finding) {
    bool whole_file = finding->span.start == 0 && finding->span.end == 0;
    size_t margin = whole_file ? 2 : excerpt_margin(source, finding->span);

    add_head(report, out, source, finding);
    if (!whole_file) excerpt_add(out, source, finding->span, report->width, report->palette, finding->severity);
    for (uint32_t i = 0; i < finding->related_count; i++) {
        const struct related *related = &finding->related[i];
        add_label(report, out, margin, STR("note: "));
        display_place(out, related->source, related->span);
        buf_add(out, STR(": "));
        clean_add(out, related->message);
        buf_add_char(out, '\n');
    }
    add_help(report, out, margin, finding);
    add_page(report, out, margin, finding->check);
    buf_add_char(out, '\n');
}

static bool shows_findings(const struct text_report *report) {
    return !report->options->quiet || !report->options->statistics;
}

static void text_file(void *state, const struct report_file *file) {
    struct text_report *report = state;
    if (!shows_findings(report)) return;
    for (uint32_t i = 0; i < file->findings->len; i++) {
        const struct finding *finding = &file->findings->items[i];
        if (finding->fix != FIX_SAFE) add_finding(report, &report->out.buf, file->source, finding);
        else if (report->options->verbose) add_finding(report, &report->fixable, file->source, finding);
        out_settle(&report->out);
    }
    if (report->options->verbose) return;
    report_list_repairs(&report->fixable, &report->scratch, file, report->width, report->palette);
    arena_reset(&report->scratch);
}

static void add_fixable(struct text_report *report) {
    struct buf *out = &report->out.buf;
    if (report->fixable.len == 0) return;
    buf_add(out, report->palette->strong);
    buf_add(out, STR("`valuelint --fix` repairs"));
    buf_add(out, report->palette->reset);
    buf_add(out, report->options->verbose ? STR(":\n\n") : STR(" (`--verbose` shows each finding):\n\n"));
    buf_add(out, buf_str(&report->fixable));
    if (!report->options->verbose) buf_add_char(out, '\n');
}

static bool text_end(void *state, const struct report_summary *summary, struct error *error) {
    struct text_report *report = state;
    add_fixable(report);
    if (shows_findings(report)) summary_add_all(&report->out.buf, summary, report->options, false);
    else summary_add_statistics(&report->out.buf, summary, false);
    arena_free(&report->scratch);
    return out_finish(&report->out, error);
}

extern const struct format format_text;
const struct format format_text = {
    .name = "text",
    .summary = "what to decide in full, and what --fix will do, for people",
    .begin = text_begin,
    .file = text_file,
    .end = text_end,
};
