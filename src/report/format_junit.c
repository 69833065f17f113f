/* JUnit's XML, which CI systems show as tests: a suite for each file, in which each finding is a test that failed (of
 * severity info, one that was skipped). A file without findings is one test that passed. */
#include "report/display.h"
#include "report/markup.h"
#include "report/out.h"

struct junit_report {
    const struct report_options *options;
    struct out out;
};

static void *junit_begin(struct arena *arena, const struct report_options *options) {
    struct junit_report *report = arena_new(arena, struct junit_report);
    report->options = options;
    report->out = out_to(arena, options->out);
    buf_add(&report->out.buf, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"valuelint\">\n"));
    return report;
}

static void add_attribute(struct buf *out, const char *name, struct str value) {
    buf_addf(out, " %s=\"", name);
    markup_add(out, value);
    buf_add_char(out, '"');
}

static void add_finding(struct junit_report *report, const struct report_file *file, const struct finding *finding) {
    struct buf *out = &report->out.buf;
    const char *element = finding->severity == SEVERITY_INFO ? "skipped" : "failure";
    struct position at = source_position(file->source, finding->span.start);
    buf_add(out, STR("    <testcase"));
    add_attribute(out, "classname", file->source->path);
    buf_add(out, STR(" name=\""));
    markup_add(out, finding->check->id);
    buf_add_char(out, ' ');
    markup_add(out, finding->check->name);
    buf_addf(out, " (%u:%u)\"", at.line, at.column);
    add_attribute(out, "file", file->source->path);
    buf_addf(out, " line=\"%u\" time=\"0\">\n      <%s", at.line, element);
    if (finding->severity != SEVERITY_INFO) add_attribute(out, "type", severity_name(finding->severity));
    add_attribute(out, "message", finding->message);
    buf_add_char(out, '>');
    markup_add(out, file->source->path);
    buf_addf(out, ":%u:%u: ", at.line, at.column);
    markup_add(out, finding->message);
    if (finding->help.len) buf_add(out, STR("; "));
    markup_add(out, finding->help);
    buf_addf(out, "</%s>\n    </testcase>\n", element);
}

static void junit_file(void *state, const struct report_file *file) {
    struct junit_report *report = state;
    struct buf *out = &report->out.buf;
    const struct findings *findings = file->findings;
    uint32_t skipped = 0;
    if (findings->len == 0 && file->fixes) return; /* it was not checked for itself */
    for (uint32_t i = 0; i < findings->len; i++) skipped += findings->items[i].severity == SEVERITY_INFO;
    buf_add(out, STR("  <testsuite"));
    add_attribute(out, "name", file->source->path);
    buf_addf(out, " tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\" time=\"0\">\n",
             findings->len ? findings->len : 1, findings->len - skipped, skipped);
    for (uint32_t i = 0; i < findings->len; i++) {
        add_finding(report, file, &findings->items[i]);
        out_settle(&report->out);
    }
    if (findings->len == 0) {
        buf_add(out, STR("    <testcase"));
        add_attribute(out, "classname", file->source->path);
        buf_add(out, STR(" name=\"valuelint\" time=\"0\"/>\n"));
    }
    buf_add(out, STR("  </testsuite>\n"));
    out_settle(&report->out);
}

static bool junit_end(void *state, const struct report_summary *summary, struct error *error) {
    struct junit_report *report = state;
    (void)summary;
    buf_add(&report->out.buf, STR("</testsuites>\n"));
    return out_finish(&report->out, error);
}

extern const struct format format_junit;
const struct format format_junit = {
    .name = "junit",
    .summary = "JUnit's XML: a test for each finding",
    .begin = junit_begin,
    .file = junit_file,
    .end = junit_end,
};
