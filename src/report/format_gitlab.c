/* GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/ . It shows one finding for each
 * fingerprint. */
#include "report/display.h"
#include "report/fingerprint.h"
#include "report/out.h"
#include "value/json.h"

struct gitlab_report {
    const struct report_options *options;
    struct out out;
    struct fingerprints fingerprints;
    bool any; /* a finding was written */
};

static void *gitlab_begin(struct arena *arena, const struct report_options *options) {
    struct gitlab_report *report = arena_new(arena, struct gitlab_report);
    report->options = options;
    report->out = out_to(arena, options->out);
    buf_add_char(&report->out.buf, '[');
    return report;
}

static void add_finding(struct gitlab_report *report, const struct report_file *file, struct str path,
                        const struct finding *finding) {
    static const struct str severities[] = {[SEVERITY_INFO] = STR_INIT("info"),
                                            [SEVERITY_WARNING] = STR_INIT("minor"),
                                            [SEVERITY_ERROR] = STR_INIT("major")};
    struct buf *out = &report->out.buf;
    uint32_t first = source_line_of(file->source, finding->span.start);
    uint32_t last = source_line_of(file->source, finding->span.end > finding->span.start ? finding->span.end - 1
                                                                                         : finding->span.start);
    buf_add(out, report->any ? STR(",\n  {\"description\":") : STR("\n  {\"description\":"));
    json_write_string(out, finding->message);
    buf_add(out, STR(",\"check_name\":"));
    json_write_string(out, finding->check->id);
    buf_add(out, STR(",\"fingerprint\":\""));
    buf_add(out, fingerprints_next(&report->fingerprints, path, finding));
    buf_add(out, STR("\",\"severity\":"));
    json_write_string(out, severities[finding->severity]);
    buf_add(out, STR(",\"location\":{\"path\":"));
    json_write_string(out, path);
    buf_addf(out, ",\"lines\":{\"begin\":%u,\"end\":%u}}}", first + 1, last + 1);
    report->any = true;
}

static void gitlab_file(void *state, const struct report_file *file) {
    struct gitlab_report *report = state;
    if (file->findings->len == 0) return;
    fingerprints_begin(&report->fingerprints);
    struct str path = display_path(&report->fingerprints.arena, report->options, file->source->path);
    for (uint32_t i = 0; i < file->findings->len; i++) {
        add_finding(report, file, path, &file->findings->items[i]);
        out_settle(&report->out);
    }
}

static bool gitlab_end(void *state, const struct report_summary *summary, struct error *error) {
    struct gitlab_report *report = state;
    (void)summary;
    fingerprints_free(&report->fingerprints);
    buf_add(&report->out.buf, report->any ? STR("\n]\n") : STR("]\n"));
    return out_finish(&report->out, error);
}

extern const struct format format_gitlab;
const struct format format_gitlab = {
    .name = "gitlab",
    .summary = "GitLab's code quality report",
    .begin = gitlab_begin,
    .file = gitlab_file,
    .end = gitlab_end,
};
