/* JSON lines: an object for each finding, then one for the summary. */
#include "report/fields.h"
#include "report/out.h"
#include "value/json.h"

struct jsonl_report {
    const struct report_options *options;
    struct out out;
};

static void *jsonl_begin(struct arena *arena, const struct report_options *options) {
    struct jsonl_report *report = arena_new(arena, struct jsonl_report);
    report->options = options;
    report->out = out_to(arena, options->out);
    return report;
}

static void jsonl_file(void *state, const struct report_file *file) {
    struct jsonl_report *report = state;
    struct buf *out = &report->out.buf;
    for (uint32_t i = 0; i < file->findings->len; i++) {
        buf_add(out, STR("{\"type\":\"finding\","));
        fields_add_finding(out, report->options, file, &file->findings->items[i]);
        buf_add(out, STR("}\n"));
        out_settle(&report->out);
    }
}

static bool jsonl_end(void *state, const struct report_summary *summary, struct error *error) {
    struct jsonl_report *report = state;
    struct buf *out = &report->out.buf;
    buf_add(out, STR("{\"type\":\"summary\",\"version\":"));
    json_write_string(out, str_from(report->options->version));
    buf_add_char(out, ',');
    fields_add_summary(out, summary);
    buf_add(out, STR("}\n"));
    return out_finish(&report->out, error);
}

extern const struct format format_jsonl;
const struct format format_jsonl = {
    .name = "jsonl",
    .summary = "one JSON object a line (docs/output.md)",
    .begin = jsonl_begin,
    .file = jsonl_file,
    .end = jsonl_end,
};
