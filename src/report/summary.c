#include "report/summary.h"

#include "report/display.h"

/* Files whose names a note of many shows. */
#define NAMES_MOST 3u

uint32_t summary_total(const struct report_summary *summary) {
    uint32_t total = 0;
    for (int i = 0; i < SEVERITY_COUNT; i++) total += summary->findings[i];
    return total;
}

/* "1 chart", "2 charts". */
static void add_count(struct buf *out, uint32_t count, const char *noun) {
    buf_addf(out, "%u %s%s", count, noun, count == 1 ? "" : "s");
}

static void add_severities(struct buf *out, const struct report_summary *summary) {
    const char *separator = " (";
    for (int i = SEVERITY_COUNT; i-- > 0;) {
        if (summary->findings[i] == 0) continue;
        buf_add(out, str_from(separator));
        if (i == SEVERITY_INFO) buf_addf(out, "%u info", summary->findings[i]);
        else add_count(out, summary->findings[i], i == SEVERITY_ERROR ? "error" : "warning");
        separator = ", ";
    }
    buf_add_char(out, ')');
}

static void add_fixable(struct buf *out, const struct report_summary *summary) {
    uint32_t safe = summary->fixable_safe, unsafe = summary->fixable_unsafe;
    uint32_t open = summary_total(summary) - safe - unsafe;
    if (!safe && !unsafe) return;
    if (safe) buf_addf(out, ": %u fixable with `valuelint --fix`", safe);
    if (unsafe)
        buf_addf(out, safe ? ", %u more with `--unsafe-fixes`" : ": %u fixable with `valuelint --fix --unsafe-fixes`",
                 unsafe);
    if (open) buf_addf(out, ", %u need%s a decision", open, open == 1 ? "s" : "");
}

void summary_add(struct buf *out, const struct report_summary *summary) {
    uint32_t total = summary_total(summary);
    if (summary->charts == 0 && total == 0) {
        buf_add(out, STR("No charts were checked."));
    } else if (total == 0) {
        buf_add(out, STR("No problems in "));
        add_count(out, summary->charts, "chart");
        buf_add_char(out, '.');
    } else {
        buf_add(out, STR("Found "));
        add_count(out, total, "problem");
        add_severities(out, summary);
        buf_add(out, STR(" in "));
        add_count(out, summary->charts, "chart");
        add_fixable(out, summary);
        buf_add_char(out, '.');
    }
    if (summary->suppressed) buf_addf(out, " %u suppressed.", summary->suppressed);
    if (summary->baselined) buf_addf(out, " %u in the baseline.", summary->baselined);
    if (summary->unreadable) {
        buf_add_char(out, ' ');
        add_count(out, summary->unreadable, "file");
        buf_add(out, STR(" could not be read."));
    }
}

static void add_moves(struct buf *out, const struct report_fixes *fixes) {
    if (fixes->move_count) buf_addf(out, "%s\n", fixes->written ? "Moved:" : "Would move:");
    for (uint32_t i = 0; i < fixes->move_count; i++) {
        const struct report_move *move = &fixes->moves[i];
        buf_add(out, STR("  "));
        clean_add_start(out, move->from);
        buf_add(out, STR(" -> "));
        clean_add(out, move->to);
        if (move->charts > 1) buf_addf(out, " (%u charts)", move->charts);
        buf_add_char(out, '\n');
    }
    /* What no file can tell. */
    if (fixes->move_count)
        buf_add(out, STR("Values that `helm upgrade --reuse-values` keeps in a cluster stay at their old places.\n"));
}

static bool stands_against_both(const struct report_unfixed *a, const struct report_unfixed *b) {
    return a->path.len && b->path.len && str_eq(a->chart, b->chart) && str_eq(a->reason, b->reason) &&
           str_eq(a->place, b->place);
}

/* Values of a chart that follow each other and have the same against them share a line. */
static void add_unfixed(struct buf *out, const struct report_fixes *fixes) {
    if (fixes->unfixed_total) buf_add(out, fixes->renames ? STR("Not moved:\n") : STR("Not fixed:\n"));
    for (uint32_t i = 0; i < fixes->unfixed_count; i++) {
        const struct report_unfixed *unfixed = &fixes->unfixed[i];
        buf_add(out, STR("  "));
        clean_add_start(out, unfixed->chart);
        if (unfixed->path.len) buf_add(out, STR(": "));
        clean_add(out, unfixed->path);
        for (; i + 1 < fixes->unfixed_count && stands_against_both(unfixed, unfixed + 1); i++) {
            unfixed++;
            buf_add(out, STR(", "));
            clean_add(out, unfixed->path);
        }
        buf_add(out, STR(": "));
        clean_add(out, unfixed->reason);
        if (unfixed->place.len) {
            buf_add(out, STR(" ("));
            clean_add(out, unfixed->place);
            buf_add_char(out, ')');
        }
        buf_add_char(out, '\n');
    }
    if (fixes->unfixed_count < fixes->unfixed_total)
        buf_addf(out, "  and %u more\n", fixes->unfixed_total - fixes->unfixed_count);
}

static void add_verified(struct buf *out, const struct report_fixes *fixes) {
    if (fixes->helm.len == 0 || fixes->verified_charts == 0) return;
    buf_add(out, STR("helm "));
    clean_add(out, fixes->helm);
    buf_add(out, STR(": "));
    add_count(out, fixes->renders, "render");
    buf_add(out, STR(" of "));
    add_count(out, fixes->verified_charts, "chart");
    if (fixes->differing == 0) buf_add(out, fixes->renders == 1 ? STR(", the same") : STR(", all the same"));
    else
        buf_add(out, STR(" the same; ")), add_count(out, fixes->differing, "chart"),
            buf_add(out, fixes->differing == 1 ? STR(" differs and is left as it is")
                                               : STR(" differ and are left as they are"));
    if (fixes->not_compared) buf_addf(out, "; %u not compared", fixes->not_compared);
    buf_add_char(out, '\n');
}

void summary_add_fixes(struct buf *out, const struct report_summary *summary, bool quiet) {
    const struct report_fixes *fixes = summary->fixes;
    if (!fixes) return;
    if (!quiet) add_moves(out, fixes);
    if (!quiet) add_unfixed(out, fixes);
    if (!quiet) add_verified(out, fixes);
    if (fixes->files == 0) {
        if (!quiet) buf_addf(out, "%s\n", fixes->written ? "Nothing was changed." : "Nothing would change.");
        return;
    }
    const char *verb = fixes->renames   ? fixes->written ? "Changed" : "Would change"
                       : fixes->written ? "Fixed"
                                        : "Would fix";
    buf_addf(out, "%s ", verb);
    add_count(out, fixes->files, "file");
    if (fixes->charts) buf_add(out, STR(" in "));
    if (fixes->charts) add_count(out, fixes->charts, "chart");
    buf_add(out, STR(".\n"));
}

static unsigned digits_of(uint32_t number) {
    unsigned digits = 1;
    while (number /= 10) digits++;
    return digits;
}

static void add_charts(struct buf *out, const struct report_summary *summary) {
    unsigned width = sizeof "Count" - 1;
    if (summary->chart_statistic_count == 0) return;
    buf_addf(out, "%*s  Fixable  Chart\n", (int)width, "Count");
    for (uint32_t i = 0; i < summary->chart_statistic_count; i++) {
        const struct chart_count *counted = summary->chart_statistics[i];
        buf_addf(out, "%*u  %7u  ", (int)width, counted->count, counted->fixable);
        clean_add(out, counted->chart);
        buf_add_char(out, '\n');
    }
    buf_add_char(out, '\n');
}

void summary_add_statistics(struct buf *out, const struct report_summary *summary, bool leading) {
    unsigned width = sizeof "Count" - 1;
    if (summary->statistic_count == 0) return;
    for (uint32_t i = 0; i < summary->statistic_count; i++) {
        unsigned digits = digits_of(summary->statistics[i].count);
        if (digits > width) width = digits;
    }
    if (leading) buf_add_char(out, '\n');
    buf_addf(out, "%*s  Rule   Severity  Name\n", (int)width, "Count");
    for (uint32_t i = 0; i < summary->statistic_count; i++) {
        const struct check *check = summary->statistics[i].check;
        struct str severity = severity_name(check->severity);
        buf_addf(out, "%*u  %-5.*s  %-8.*s  %.*s\n", (int)width, summary->statistics[i].count, STR_ARG(check->id),
                 STR_ARG(severity), STR_ARG(check->name));
    }
    buf_add_char(out, '\n');
    add_charts(out, summary);
}

/* How many of the notes from `first` on say the same. */
static uint32_t count_alike(const struct report_summary *summary, uint32_t first) {
    const struct report_note *notes = summary->notes;
    uint32_t last = first + 1;
    while (last < summary->note_count && notes[last].skipped == notes[first].skipped &&
           str_eq(notes[last].text, notes[first].text))
        last++;
    return last - first;
}

/* Notes that say the same of many files are one line, with the first files' names. */
static void add_notes(struct buf *out, const struct report_summary *summary, bool all) {
    for (uint32_t i = 0, count; i < summary->note_count; i += count) {
        const struct report_note *note = &summary->notes[i];
        count = all ? 1 : count_alike(summary, i);
        uint32_t shown = count > NAMES_MOST ? NAMES_MOST : count;
        buf_add(out, STR("note: "));
        for (uint32_t k = 0; k < shown; k++) {
            if (k) buf_add(out, STR(", "));
            clean_add(out, note[k].path);
        }
        if (shown < count) buf_addf(out, " and %u more (`--verbose` names them)", count - shown);
        buf_add(out, note->skipped ? STR(": ") : STR(": checked as plain YAML only ("));
        clean_add(out, note->text);
        buf_add(out, note->skipped ? STR("\n") : STR(")\n"));
    }
}

void summary_add_all(struct buf *out, const struct report_summary *summary, const struct report_options *options,
                     bool leading) {
    bool renames = summary->fixes && summary->fixes->renames;
    summary_add_statistics(out, summary, leading);
    if (!options->quiet && !renames) add_notes(out, summary, options->verbose);
    summary_add_fixes(out, summary, options->quiet);
    if ((options->quiet || renames) && summary_total(summary) == 0) return;
    summary_add(out, summary);
    buf_add_char(out, '\n');
}
