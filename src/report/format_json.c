/* One JSON document, written as the run goes: a finding a line, then the summary. */
#include "report/fields.h"
#include "report/out.h"
#include "value/json.h"

struct json_report {
    const struct report_options *options;
    struct out out;
    bool any; /* a finding was written */
};

static void *json_begin(struct arena *arena, const struct report_options *options) {
    struct json_report *report = arena_new(arena, struct json_report);
    report->options = options;
    report->out = out_to(arena, options->out);
    buf_add(&report->out.buf, STR("{\n  \"version\": "));
    json_write_string(&report->out.buf, str_from(options->version));
    buf_add(&report->out.buf, STR(",\n  \"findings\": ["));
    return report;
}

static void json_file(void *state, const struct report_file *file) {
    struct json_report *report = state;
    struct buf *out = &report->out.buf;
    for (uint32_t i = 0; i < file->findings->len; i++) {
        buf_add(out, report->any ? STR(",\n    {") : STR("\n    {"));
        fields_add_finding(out, report->options, file, &file->findings->items[i]);
        buf_add_char(out, '}');
        report->any = true;
        out_settle(&report->out);
    }
}

static bool json_end(void *state, const struct report_summary *summary, struct error *error) {
    struct json_report *report = state;
    struct buf *out = &report->out.buf;
    buf_add(out, report->any ? STR("\n  ],\n  \"summary\": {") : STR("],\n  \"summary\": {"));
    fields_add_summary(out, summary);
    buf_add(out, STR("}\n}\n"));
    return out_finish(&report->out, error);
}

extern const struct format format_json;
const struct format format_json = {
    .name = "json",
    .summary = "one JSON document (docs/output.md)",
    .begin = json_begin,
    .file = json_file,
    .end = json_end,
};
