/* SARIF 2.1.0 (OASIS), which GitHub's code scanning and editors read. Results are written as the run goes, and the
 * rules that they name at the end. A fix is given where it stands for itself (replacement.h). */
#include "base/map.h"
#include "report/display.h"
#include "report/fingerprint.h"
#include "report/out.h"
#include "report/replacement.h"
#include "value/json.h"

struct sarif_rule {
    const struct check *check;
    uint32_t index;
};

struct sarif_report {
    struct arena *arena;
    const struct report_options *options;
    struct out out;
    struct fingerprints fingerprints;
    struct arena scratch; /* for one finding */
    struct map rules;     /* id -> struct sarif_rule, in the order in which they occur */
    bool any;             /* a result was written */
};

static void *sarif_begin(struct arena *arena, const struct report_options *options) {
    struct sarif_report *report = arena_new(arena, struct sarif_report);
    report->arena = arena;
    report->options = options;
    report->out = out_to(arena, options->out);
    buf_add(&report->out.buf, STR("{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n"
                                  "  \"version\": \"2.1.0\",\n  \"runs\": [\n    {\n"
                                  "      \"columnKind\": \"unicodeCodePoints\",\n      \"results\": ["));
    return report;
}

/* Whether a byte may stand in a URI's path. */
static bool is_uri_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~/", c));
}

static void add_uri(struct buf *out, struct str path) {
    bool absolute = path.len && path.ptr[0] == '/';
    buf_add(out, absolute ? STR("\"artifactLocation\":{\"uri\":\"file://") : STR("\"artifactLocation\":{\"uri\":\""));
    for (size_t i = 0; i < path.len; i++) {
        if (is_uri_char(path.ptr[i])) buf_add_char(out, path.ptr[i]);
        else buf_addf(out, "%%%02X", (unsigned)(unsigned char)path.ptr[i]);
    }
    buf_add(out, absolute ? STR("\"}") : STR("\",\"uriBaseId\":\"%SRCROOT%\"}"));
}

static void add_region(struct buf *out, const char *name, const struct source *source, struct span span) {
    struct position start = source_position(source, span.start), end = source_position(source, span.end);
    buf_addf(out, "\"%s\":{\"startLine\":%u,\"startColumn\":%u,\"endLine\":%u,\"endColumn\":%u}", name, start.line,
             start.column, end.line, end.column);
}

/* Adds the members of a location, and lets its object open. */
static void add_location(struct sarif_report *report, const struct source *source, struct span span) {
    struct buf *out = &report->out.buf;
    buf_add(out, STR("{\"physicalLocation\":{"));
    add_uri(out, display_path(&report->scratch, report->options, source->path));
    buf_add_char(out, ',');
    add_region(out, "region", source, span);
    buf_add_char(out, '}');
}

static void add_text(struct buf *out, const char *name, struct str text) {
    buf_addf(out, "\"%s\":{\"text\":", name);
    json_write_string(out, text);
    buf_add_char(out, '}');
}

static uint32_t rule_index(struct sarif_report *report, const struct check *check) {
    struct sarif_rule *rule = map_get(&report->rules, check->id);
    if (rule) return rule->index;
    rule = arena_new(report->arena, struct sarif_rule);
    *rule = (struct sarif_rule){check, report->rules.len};
    map_put(report->arena, &report->rules, check->id, rule);
    return rule->index;
}

static void add_related(struct sarif_report *report, const struct finding *finding) {
    struct buf *out = &report->out.buf;
    if (finding->related_count == 0) return;
    buf_add(out, STR(",\"relatedLocations\":["));
    for (uint32_t i = 0; i < finding->related_count; i++) {
        if (i) buf_add_char(out, ',');
        add_location(report, finding->related[i].source, finding->related[i].span);
        buf_addf(out, ",\"id\":%u,", i + 1);
        add_text(out, "message", finding->related[i].message);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void add_fix(struct sarif_report *report, const struct report_file *file, const struct finding *finding) {
    struct buf *out = &report->out.buf;
    struct edits edits = replacement_of(&report->scratch, file, finding);
    if (edits.len == 0) return;
    buf_add(out, STR(",\"fixes\":[{"));
    add_text(out, "description", finding->help.len ? finding->help : STR("what valuelint --fix writes"));
    buf_add(out, STR(",\"artifactChanges\":[{"));
    add_uri(out, display_path(&report->scratch, report->options, file->source->path));
    buf_add(out, STR(",\"replacements\":["));
    for (uint32_t i = 0; i < edits.len; i++) {
        buf_add(out, i ? STR(",{") : STR("{"));
        add_region(out, "deletedRegion", file->source, edits.items[i].span);
        buf_add_char(out, ',');
        add_text(out, "insertedContent", edits.items[i].text);
        buf_add_char(out, '}');
    }
    buf_add(out, STR("]}]}]"));
}

static const struct str LEVELS[] = {
    [SEVERITY_INFO] = STR_INIT("note"), [SEVERITY_WARNING] = STR_INIT("warning"), [SEVERITY_ERROR] = STR_INIT("error")};

static void add_result(struct sarif_report *report, const struct report_file *file, struct str path,
                       const struct finding *finding) {
    struct buf *out = &report->out.buf;
    buf_add(out, report->any ? STR(",\n        {\"ruleId\":") : STR("\n        {\"ruleId\":"));
    json_write_string(out, finding->check->id);
    buf_addf(out, ",\"ruleIndex\":%u,\"level\":\"%.*s\",", rule_index(report, finding->check),
             STR_ARG(LEVELS[finding->severity]));
    struct str message = finding->message;
    if (finding->help.len)
        message = arena_printf(&report->scratch, "%.*s; %.*s", STR_ARG(message), STR_ARG(finding->help));
    add_text(out, "message", message);
    buf_add(out, STR(",\"locations\":["));
    add_location(report, file->source, finding->span);
    if (finding->path.len) {
        buf_add(out, STR(",\"logicalLocations\":[{\"fullyQualifiedName\":"));
        json_write_string(out, finding->path);
        buf_add(out, STR(",\"kind\":\"member\"}]"));
    }
    buf_add(out, STR("}]"));
    add_related(report, finding);
    add_fix(report, file, finding);
    buf_add(out, STR(",\"partialFingerprints\":{\"valuelint/v1\":\""));
    buf_add(out, fingerprints_next(&report->fingerprints, path, finding));
    buf_add(out, STR("\"}}"));
    report->any = true;
    arena_reset(&report->scratch);
}

static void sarif_file(void *state, const struct report_file *file) {
    struct sarif_report *report = state;
    if (file->findings->len == 0) return;
    fingerprints_begin(&report->fingerprints);
    struct str path = display_path(&report->fingerprints.arena, report->options, file->source->path);
    for (uint32_t i = 0; i < file->findings->len; i++) {
        add_result(report, file, path, &file->findings->items[i]);
        out_settle(&report->out);
    }
}

static void add_rule(struct sarif_report *report, const struct check *check) {
    const struct report_options *options = report->options;
    struct buf *out = &report->out.buf;
    struct str why = options->why ? options->why(options->why_data, check) : STR("");
    buf_add(out, STR("{\"id\":"));
    json_write_string(out, check->id);
    buf_add(out, STR(",\"name\":"));
    json_write_string(out, check->name);
    buf_add_char(out, ',');
    add_text(out, "shortDescription", check->summary);
    if (why.len) {
        buf_add_char(out, ',');
        add_text(out, "fullDescription", why);
    }
    buf_add_char(out, ',');
    add_text(out, "help", why.len ? why : check->summary);
    if (options->docs && strstr(options->docs, "://")) {
        buf_add(out, STR(",\"helpUri\":\""));
        display_url(out, options, check);
        buf_add_char(out, '"');
    }
    buf_addf(out, ",\"defaultConfiguration\":{\"level\":\"%.*s\"}}", STR_ARG(LEVELS[check->severity]));
}

static bool sarif_end(void *state, const struct report_summary *summary, struct error *error) {
    struct sarif_report *report = state;
    struct buf *out = &report->out.buf;
    buf_add(out, report->any ? STR("\n      ],\n") : STR("],\n"));
    buf_addf(out, "      \"invocations\": [{\"executionSuccessful\":%s}],\n", summary->unreadable ? "false" : "true");
    buf_add(out, STR("      \"tool\": {\"driver\": {\"name\":\"valuelint\",\"version\":"));
    json_write_string(out, str_from(report->options->version));
    buf_add(out, STR(",\"rules\":["));
    for (uint32_t i = 0; i < report->rules.len; i++) {
        buf_add(out, i ? STR(",\n        ") : STR("\n        "));
        add_rule(report, ((const struct sarif_rule *)report->rules.entries[i].value)->check);
    }
    buf_add(out, STR("]}}\n    }\n  ]\n}\n"));
    fingerprints_free(&report->fingerprints);
    arena_free(&report->scratch);
    return out_finish(&report->out, error);
}

extern const struct format format_sarif;
const struct format format_sarif = {
    .name = "sarif",
    .summary = "SARIF 2.1.0, for code scanning",
    .shows_fixes = true,
    .begin = sarif_begin,
    .file = sarif_file,
    .end = sarif_end,
};
