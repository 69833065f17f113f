#include "report/fields.h"

#include "report/display.h"
#include "value/json.h"

/* Adds `"name":"text",`; null for an empty text. */
static void add_text(struct buf *out, const char *name, struct str text) {
    buf_addf(out, "\"%s\":", name);
    if (text.len) json_write_string(out, text);
    else buf_add(out, STR("null"));
    buf_add_char(out, ',');
}

static void add_position(struct buf *out, const char *name, const struct source *source, uint32_t offset) {
    struct position at = source_position(source, offset);
    buf_addf(out, "\"%s\":{\"line\":%u,\"column\":%u,\"byteColumn\":%u,\"offset\":%u},", name, at.line, at.column,
             at.byte_column, offset);
}

static void add_url(struct buf *out, const struct report_options *options, const struct check *check) {
    if (!options->docs) {
        buf_add(out, STR("\"url\":null,"));
        return;
    }
    buf_add(out, STR("\"url\":\""));
    display_url(out, options, check);
    buf_add(out, STR("\","));
}

static void add_related(struct buf *out, const struct finding *finding) {
    buf_add(out, STR("\"related\":["));
    for (uint32_t i = 0; i < finding->related_count; i++) {
        const struct related *related = &finding->related[i];
        buf_add(out, i ? STR(",{") : STR("{"));
        add_text(out, "path", related->source->path);
        add_position(out, "start", related->source, related->span.start);
        add_position(out, "end", related->source, related->span.end);
        buf_add(out, STR("\"message\":"));
        json_write_string(out, related->message);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

void fields_add_finding(struct buf *out, const struct report_options *options, const struct report_file *file,
                        const struct finding *finding) {
    static const struct str fixes[] = {
        [FIX_NONE] = STR_INIT("none"), [FIX_SAFE] = STR_INIT("safe"), [FIX_UNSAFE] = STR_INIT("unsafe")};
    add_text(out, "id", finding->check->id);
    add_text(out, "name", finding->check->name);
    add_text(out, "severity", severity_name(finding->severity));
    add_text(out, "message", finding->message);
    add_text(out, "help", finding->help);
    add_text(out, "path", file->source->path);
    add_text(out, "chart", file->chart);
    add_text(out, "value", finding->path);
    add_position(out, "start", file->source, finding->span.start);
    add_position(out, "end", file->source, finding->span.end);
    add_text(out, "fix", fixes[finding->fix]);
    add_url(out, options, finding->check);
    add_related(out, finding);
}

static void add_notes(struct buf *out, const struct report_summary *summary) {
    buf_add(out, STR("\"notes\":["));
    for (uint32_t i = 0; i < summary->note_count; i++) {
        buf_add(out, i ? STR(",{") : STR("{"));
        add_text(out, "path", summary->notes[i].path);
        buf_add(out, STR("\"text\":"));
        json_write_string(out, summary->notes[i].text);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void add_statistics(struct buf *out, const struct report_summary *summary) {
    if (!summary->statistics) return;
    buf_add(out, STR(",\"statistics\":["));
    for (uint32_t i = 0; i < summary->statistic_count; i++) {
        const struct check_count *counted = &summary->statistics[i];
        buf_add(out, i ? STR(",{") : STR("{"));
        add_text(out, "id", counted->check->id);
        add_text(out, "name", counted->check->name);
        add_text(out, "severity", severity_name(counted->check->severity));
        buf_addf(out, "\"count\":%u}", counted->count);
    }
    buf_add_char(out, ']');
}

static void add_fixes(struct buf *out, const struct report_fixes *fixes) {
    buf_addf(out, ",\"fixes\":{\"written\":%s,\"charts\":%u,\"files\":%u,\"moved\":[",
             fixes->written ? "true" : "false", fixes->charts, fixes->files);
    for (uint32_t i = 0; i < fixes->move_count; i++) {
        buf_add(out, i ? STR(",{") : STR("{"));
        add_text(out, "from", fixes->moves[i].from);
        add_text(out, "to", fixes->moves[i].to);
        buf_addf(out, "\"charts\":%u}", fixes->moves[i].charts);
    }
    buf_addf(out, "],\"unfixedCount\":%u,\"unfixed\":[", fixes->unfixed_total);
    for (uint32_t i = 0; i < fixes->unfixed_count; i++) {
        buf_add(out, i ? STR(",{") : STR("{"));
        add_text(out, "chart", fixes->unfixed[i].chart);
        add_text(out, "value", fixes->unfixed[i].path);
        add_text(out, "place", fixes->unfixed[i].place);
        buf_add(out, STR("\"reason\":"));
        json_write_string(out, fixes->unfixed[i].reason);
        buf_add_char(out, '}');
    }
    buf_add(out, STR("]}"));
}

void fields_add_summary(struct buf *out, const struct report_summary *summary) {
    buf_addf(out, "\"charts\":%u,\"files\":%u,", summary->charts, summary->files);
    buf_addf(out, "\"findings\":{\"error\":%u,\"warning\":%u,\"info\":%u},", summary->findings[SEVERITY_ERROR],
             summary->findings[SEVERITY_WARNING], summary->findings[SEVERITY_INFO]);
    buf_addf(out, "\"fixable\":{\"safe\":%u,\"unsafe\":%u},", summary->fixable_safe, summary->fixable_unsafe);
    buf_addf(out, "\"suppressed\":%u,\"baselined\":%u,\"unreadable\":%u,", summary->suppressed, summary->baselined,
             summary->unreadable);
    add_notes(out, summary);
    add_statistics(out, summary);
    if (summary->fixes) add_fixes(out, summary->fixes);
}
