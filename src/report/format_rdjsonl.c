/* Reviewdog's diagnostics, a JSON object a line: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf . Columns
 * count bytes, and a range ends before its end. */
#include "report/display.h"
#include "report/out.h"
#include "report/replacement.h"
#include "value/json.h"

struct rdjsonl_report {
    const struct report_options *options;
    struct out out;
    struct arena scratch; /* for one file */
};

static void *rdjsonl_begin(struct arena *arena, const struct report_options *options) {
    struct rdjsonl_report *report = arena_new(arena, struct rdjsonl_report);
    report->options = options;
    report->out = out_to(arena, options->out);
    return report;
}

static void add_range(struct buf *out, const struct source *source, struct span span) {
    struct position start = source_position(source, span.start), end = source_position(source, span.end);
    buf_addf(out, "\"range\":{\"start\":{\"line\":%u,\"column\":%u},\"end\":{\"line\":%u,\"column\":%u}}", start.line,
             start.byte_column, end.line, end.byte_column);
}

static void add_location(struct buf *out, const struct source *source, struct str path, struct span span) {
    buf_add(out, STR("\"location\":{\"path\":"));
    json_write_string(out, path);
    if (span.start || span.end) {
        buf_add_char(out, ',');
        add_range(out, source, span);
    }
    buf_add_char(out, '}');
}

/* Where the rule's pages have an address. */
static void add_code(struct buf *out, const struct report_options *options, const struct check *check) {
    buf_add(out, STR(",\"code\":{\"value\":"));
    json_write_string(out, check->id);
    if (options->docs && strstr(options->docs, "://")) {
        buf_add(out, STR(",\"url\":\""));
        display_url(out, options, check);
        buf_add_char(out, '"');
    }
    buf_add_char(out, '}');
}

static void add_suggestions(struct buf *out, const struct report_file *file, const struct edits *edits) {
    if (edits->len == 0) return;
    buf_add(out, STR(",\"suggestions\":["));
    for (uint32_t i = 0; i < edits->len; i++) {
        buf_add(out, i ? STR(",{") : STR("{"));
        add_range(out, file->source, edits->items[i].span);
        buf_add(out, STR(",\"text\":"));
        json_write_string(out, edits->items[i].text);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void add_related(struct rdjsonl_report *report, const struct finding *finding) {
    struct buf *out = &report->out.buf;
    if (finding->related_count == 0) return;
    buf_add(out, STR(",\"related_locations\":["));
    for (uint32_t i = 0; i < finding->related_count; i++) {
        const struct related *related = &finding->related[i];
        struct str path = display_path(&report->scratch, report->options, related->source->path);
        buf_add(out, i ? STR(",{\"message\":") : STR("{\"message\":"));
        json_write_string(out, related->message);
        buf_add_char(out, ',');
        add_location(out, related->source, path, related->span);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void rdjsonl_file(void *state, const struct report_file *file) {
    static const struct str severities[] = {[SEVERITY_INFO] = STR_INIT("INFO"),
                                            [SEVERITY_WARNING] = STR_INIT("WARNING"),
                                            [SEVERITY_ERROR] = STR_INIT("ERROR")};
    struct rdjsonl_report *report = state;
    struct buf *out = &report->out.buf;
    for (uint32_t i = 0; i < file->findings->len; i++) {
        const struct finding *finding = &file->findings->items[i];
        struct edits edits = replacement_of(&report->scratch, file, finding);
        buf_add(out, STR("{\"source\":{\"name\":\"valuelint\"},\"severity\":"));
        json_write_string(out, severities[finding->severity]);
        add_code(out, report->options, finding->check);
        buf_add(out, STR(",\"message\":"));
        json_write_string(out, finding->message);
        buf_add_char(out, ',');
        add_location(out, file->source, display_path(&report->scratch, report->options, file->source->path),
                     finding->span);
        add_suggestions(out, file, &edits);
        add_related(report, finding);
        buf_add(out, STR("}\n"));
        out_settle(&report->out);
        arena_reset(&report->scratch);
    }
}

static bool rdjsonl_end(void *state, const struct report_summary *summary, struct error *error) {
    struct rdjsonl_report *report = state;
    (void)summary;
    arena_free(&report->scratch);
    return out_finish(&report->out, error);
}

extern const struct format format_rdjsonl;
const struct format format_rdjsonl = {
    .name = "rdjsonl",
    .summary = "diagnostics for reviewdog",
    .shows_fixes = true,
    .begin = rdjsonl_begin,
    .file = rdjsonl_file,
    .end = rdjsonl_end,
};
