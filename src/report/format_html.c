/* A page for people: the fleet at a glance, then each chart with its findings, the lines that they are about and what
 * --fix would do. It is one file that loads nothing (its policy forbids it), and all is there without scripts: the
 * script only adds the filter. The parts that do not change stand in src/report/html.
 *
 * It is written as the run goes. A chart is held back until its figures are known; of each chart a row of the glance is
 * kept, and of each rule its counts. So the glance is written last, and stands first by its `order`. */
#include "base/map.h"
#include "base/utf8.h"
#include "report/display.h"
#include "report/html_diff.h"
#include "report/html_parts.h"
#include "report/markup.h"
#include "report/out.h"
#include "report/summary.h"
#include "text/secret.h"

/* Longer lines are cut around what is marked. */
#define LINE_MAX_BYTES 400u
#define LINE_BEFORE 120u

struct figures {
    uint32_t of[SEVERITY_COUNT];
    uint32_t safe, unsafe;
};

struct html_rule {
    const struct check *check;
    uint32_t count, charts, safe;
    uint32_t here; /* in the chart that is held back */
};

struct html_report {
    struct arena *arena;
    const struct report_options *options;
    struct out out;
    struct arena scratch; /* of one file */
    struct buf rows;      /* of the glance, a row a chart */
    struct map rules;     /* id -> struct html_rule */
    uint32_t charts;
    /* The chart that is held back: */
    struct buf body, name, path;
    struct figures figures;
    bool holds; /* there is one */
};

static void *html_begin(struct arena *arena, const struct report_options *options) {
    struct html_report *report = arena_new(arena, struct html_report);
    report->arena = arena;
    report->options = options;
    report->out = out_to(arena, options->out);
    report->rows = buf_in(arena);
    report->body = buf_in(arena);
    report->name = buf_in(arena);
    report->path = buf_in(arena);
    buf_add(&report->out.buf, HTML_PARTS[HTML_HEAD].text);
    buf_add(&report->out.buf, STR("<style>\n"));
    buf_add(&report->out.buf, HTML_PARTS[HTML_STYLE].text);
    buf_add(&report->out.buf, STR("</style>\n"));
    buf_add(&report->out.buf, HTML_PARTS[HTML_BODY].text);
    return report;
}

/* Counts of the chart's rules, as in "VL101 ×3". */
static void add_chart_rules(struct html_report *report) {
    for (uint32_t i = 0; i < report->rules.len; i++) {
        struct html_rule *rule = report->rules.entries[i].value;
        if (rule->here == 0) continue;
        buf_add(&report->rows, STR("<span class=\"tag\">"));
        markup_add(&report->rows, rule->check->id);
        buf_addf(&report->rows, " \xC3\x97%u</span> ", rule->here);
        rule->charts++;
        rule->here = 0;
    }
}

static void add_number(struct buf *out, uint32_t number, const char *kind) {
    if (number) buf_addf(out, "<td class=\"n %s\">%u</td>", kind, number);
    else buf_add(out, STR("<td class=\"n soft\">0</td>"));
}

static void add_row(struct html_report *report, bool linked) {
    struct buf *rows = &report->rows;
    buf_add(rows, STR("<tr><td>"));
    if (linked) buf_addf(rows, "<a href=\"#c%u\">", report->charts);
    markup_add(rows, buf_str(&report->name));
    if (linked) buf_add(rows, STR("</a>"));
    buf_add(rows, STR("</td>"));
    for (int i = SEVERITY_COUNT; i-- > 0;) add_number(rows, report->figures.of[i], severity_name((enum severity)i).ptr);
    add_number(rows, report->figures.safe, "");
    buf_add(rows, STR("<td>"));
    add_chart_rules(report);
    buf_add(rows, STR("</td></tr>\n"));
}

/* Writes the chart that is held back. */
static void hand_over_chart(struct html_report *report) {
    struct buf *out = &report->out.buf;
    if (!report->holds) return;
    report->charts++;
    bool any = report->body.len > 0;
    add_row(report, any);
    if (any) {
        buf_addf(out, "<details class=\"chart\" id=\"c%u\" data-name=\"", report->charts);
        markup_add(out, buf_str(&report->name));
        buf_add(out, STR("\"><summary><b>"));
        markup_add(out, buf_str(&report->name));
        buf_add(out, STR("</b>"));
        for (int i = SEVERITY_COUNT; i-- > 0;) {
            struct str severity = severity_name((enum severity)i);
            uint32_t count = report->figures.of[i];
            if (count)
                buf_addf(out, " <span class=\"%.*s\">%u %.*s%s</span>", STR_ARG(severity), count, STR_ARG(severity),
                         count == 1 || i == SEVERITY_INFO ? "" : "s");
        }
        if (report->figures.safe) buf_addf(out, " <span class=\"tag\">%u fixable</span>", report->figures.safe);
        buf_add(out, STR("</summary>\n"));
        buf_add(out, buf_str(&report->body));
        buf_add(out, STR("</details>\n"));
    }
    report->body.len = 0;
    report->holds = false;
    report->figures = (struct figures){{0}, 0, 0};
    out_settle(&report->out);
}

static void begin_chart(struct html_report *report, struct str chart) {
    if (report->holds && str_eq(chart, buf_str(&report->name))) return;
    hand_over_chart(report);
    report->name.len = 0;
    buf_add(&report->name, chart.len ? chart : STR("other files"));
    report->holds = true;
}

static void count(struct html_report *report, const struct finding *finding) {
    struct html_rule *rule = map_get(&report->rules, finding->check->id);
    if (!rule) {
        rule = arena_new(report->arena, struct html_rule);
        rule->check = finding->check;
        map_put(report->arena, &report->rules, finding->check->id, rule);
    }
    rule->count++;
    rule->here++;
    rule->safe += finding->fix == FIX_SAFE;
    report->figures.of[finding->severity]++;
    report->figures.safe += finding->fix == FIX_SAFE;
    report->figures.unsafe += finding->fix == FIX_UNSAFE;
}

/* A place in `s` at or before `at` at which a character begins. */
static uint32_t character_at(struct str s, uint32_t at) {
    while (at > 0 && at < s.len && utf8_is_continuation(s.ptr[at])) at--;
    return at;
}

static void add_excerpt(struct html_report *report, const struct source *source, struct span span) {
    struct buf *out = &report->body;
    uint32_t number = source_line_of(source, span.start), start = span.start, end = span.end;
    struct str line = source_line(source, number);
    if (line.len == 0 || (span.start == 0 && span.end == 0)) return;
    uint32_t from = (uint32_t)(line.ptr - source->text.ptr), to = from + (uint32_t)line.len;
    if (end > to) end = to;
    if (end < start) end = start;
    struct str shown = secrets_cut(&report->scratch, source, from, to, &start, &end);
    uint32_t first = 0, last = (uint32_t)shown.len;
    if (shown.len > LINE_MAX_BYTES) {
        first = character_at(shown, start > LINE_BEFORE ? start - LINE_BEFORE : 0);
        if (last - first > LINE_MAX_BYTES) last = character_at(shown, first + LINE_MAX_BYTES);
    }
    if (end > last) end = last;
    if (start > end) start = end;
    buf_addf(out, "<pre><i>%u </i>%s", number + 1, first ? "\xE2\x80\xA6" : "");
    markup_add(out, str_slice(shown, first, start));
    if (end > start) buf_add(out, STR("<mark>"));
    markup_add(out, str_slice(shown, start, end));
    if (end > start) buf_add(out, STR("</mark>"));
    markup_add(out, str_slice(shown, end, last));
    buf_addf(out, "%s</pre>\n", last < shown.len ? "\xE2\x80\xA6" : "");
}

static void add_rule_link(struct buf *out, const struct report_options *options, const struct check *check) {
    bool link = options->docs && strstr(options->docs, "://");
    if (link) {
        buf_add(out, STR("<a class=\"id\" href=\""));
        display_url(out, options, check);
        buf_add(out, STR("\">"));
    } else buf_add(out, STR("<span class=\"id\">"));
    markup_add(out, check->id);
    buf_add(out, link ? STR("</a>") : STR("</span>"));
}

static void add_finding(struct html_report *report, const struct report_file *file, struct html_diff *diff,
                        const struct finding *finding) {
    static const char *const fixes[] = {[FIX_NONE] = "none", [FIX_SAFE] = "safe", [FIX_UNSAFE] = "unsafe"};
    struct buf *out = &report->body;
    struct position at = source_position(file->source, finding->span.start);
    struct str severity = severity_name(finding->severity);
    buf_addf(out, "<article class=\"finding\" data-severity=\"%.*s\" data-rule=\"%.*s\" data-fix=\"%s\" data-path=\"",
             STR_ARG(severity), STR_ARG(finding->check->id), fixes[finding->fix]);
    markup_add(out, file->source->path);
    buf_addf(out, "\"><p><span class=\"%.*s\">%.*s</span> ", STR_ARG(severity), STR_ARG(severity));
    add_rule_link(out, report->options, finding->check);
    buf_addf(out, " <span class=\"soft\">%u:%u</span> ", at.line, at.column);
    markup_add_message(out, finding->message);
    if (finding->fix != FIX_NONE)
        buf_addf(out, " <span class=\"tag\">%s</span>", finding->fix == FIX_SAFE ? "fixable" : "unsafe fix");
    buf_add(out, STR("</p>\n"));
    add_excerpt(report, file->source, finding->span);
    if (finding->help.len) {
        buf_add(out, STR("<p class=\"soft\">"));
        markup_add_message(out, finding->help);
        buf_add(out, STR("</p>\n"));
    }
    for (uint32_t i = 0; i < finding->related_count; i++) {
        const struct related *related = &finding->related[i];
        struct position place = source_position(related->source, related->span.start);
        buf_add(out, STR("<p class=\"soft\">"));
        markup_add(out, related->source->path);
        buf_addf(out, ":%u:%u: ", place.line, place.column);
        markup_add_message(out, related->message);
        buf_add(out, STR("</p>\n"));
    }
    if (finding->fix == FIX_SAFE && diff) html_diff_add_part(out, diff, finding);
    buf_add(out, STR("</article>\n"));
}

static void html_file(void *state, const struct report_file *file) {
    struct html_report *report = state;
    struct html_diff diff;
    begin_chart(report, file->chart);
    if (file->findings->len == 0 && !file->fixes) return;
    buf_add(&report->body, STR("<section class=\"file\"><h3>"));
    markup_add(&report->body, file->source->path);
    buf_add(&report->body, STR("</h3>\n"));
    if (file->fixes) diff = html_diff_begin(&report->scratch, file);
    for (uint32_t i = 0; i < file->findings->len; i++) {
        count(report, &file->findings->items[i]);
        add_finding(report, file, file->fixes ? &diff : NULL, &file->findings->items[i]);
    }
    if (file->fixes) html_diff_add_all(&report->body, &diff);
    buf_add(&report->body, STR("</section>\n"));
    arena_reset(&report->scratch);
}

static void add_tile(struct buf *out, uint32_t number, const char *kind, const char *words) {
    buf_addf(out, "<p class=\"%s\"><b>%u</b>%s</p>\n", kind, number, words);
}

static void add_rules(struct html_report *report) {
    struct buf *out = &report->out.buf;
    if (report->rules.len == 0) return;
    buf_add(out, STR("<h2>Rules</h2>\n<div class=\"wide\" id=\"rules\" tabindex=\"0\"><table><thead><tr><th>Rule</th>"
                     "<th>Summary</th><th class=\"n\">Findings</th><th class=\"n\">Charts</th><th class=\"n\">Fixable"
                     "</th></tr></thead><tbody>\n"));
    for (uint32_t i = 0; i < report->rules.len; i++) {
        const struct html_rule *rule = report->rules.entries[i].value;
        buf_addf(out, "<tr data-rule=\"%.*s\" data-name=\"%.*s\"><td>", STR_ARG(rule->check->id),
                 STR_ARG(rule->check->name));
        add_rule_link(out, report->options, rule->check);
        buf_add_char(out, ' ');
        markup_add(out, rule->check->name);
        buf_add(out, STR("</td><td>"));
        markup_add_message(out, rule->check->summary);
        buf_addf(out, "</td><td class=\"n\">%u</td><td class=\"n\">%u</td><td class=\"n\">%u</td></tr>\n", rule->count,
                 rule->charts, rule->safe);
    }
    buf_add(out, STR("</tbody></table></div>\n"));
}

static void add_notes(struct buf *out, const struct report_summary *summary) {
    if (summary->note_count == 0) return;
    buf_add(out, STR("<h2>Notes</h2>\n<ul>\n"));
    for (uint32_t i = 0; i < summary->note_count; i++) {
        buf_add(out, STR("<li>"));
        markup_add(out, summary->notes[i].path);
        buf_add(out, STR(": "));
        markup_add(out, summary->notes[i].text);
        buf_add(out, STR("</li>\n"));
    }
    buf_add(out, STR("</ul>\n"));
}

static bool html_end(void *state, const struct report_summary *summary, struct error *error) {
    struct html_report *report = state;
    struct buf *out = &report->out.buf;
    hand_over_chart(report);
    struct buf words = buf_in(&report->scratch);
    summary_add(&words, summary);
    buf_add(out, STR("<section id=\"glance\"><h1>valuelint</h1>\n<p>"));
    markup_add(out, buf_str(&words));
    buf_add(out, STR("</p>\n<div class=\"tiles\">\n"));
    add_tile(out, summary->charts, "", summary->charts == 1 ? "chart" : "charts");
    add_tile(out, summary->findings[SEVERITY_ERROR], "error", "errors");
    add_tile(out, summary->findings[SEVERITY_WARNING], "warning", "warnings");
    add_tile(out, summary->findings[SEVERITY_INFO], "info", "info");
    add_tile(out, summary->fixable_safe, "", "fixed by --fix");
    add_tile(out, summary->fixable_unsafe, "", "more by --unsafe-fixes");
    buf_add(out, STR("</div>\n"));
    if (report->charts) {
        buf_add(out, STR("<h2>Charts</h2>\n<div class=\"wide\" id=\"fleet\" tabindex=\"0\"><table><thead><tr><th>Chart"
                         "</th><th class=\"n\">Errors</th><th class=\"n\">Warnings</th><th class=\"n\">Info</th>"
                         "<th class=\"n\">Fixable</th><th>Rules</th></tr></thead><tbody>\n"));
        buf_add(out, buf_str(&report->rows));
        buf_add(out, STR("</tbody></table></div>\n"));
    }
    add_rules(report);
    add_notes(out, summary);
    buf_add(out, STR("<h2>Findings</h2>\n</section>\n"));
    buf_add(out, STR("</main>\n<script>\n"));
    buf_add(out, HTML_PARTS[HTML_SCRIPT].text);
    buf_add(out, STR("</script>\n</body>\n</html>\n"));
    arena_free(&report->scratch);
    return out_finish(&report->out, error);
}

extern const struct format format_html;
const struct format format_html = {
    .name = "html",
    .summary = "one page for people, with what --fix would do",
    .shows_fixes = true,
    .begin = html_begin,
    .file = html_file,
    .end = html_end,
};
