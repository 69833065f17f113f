/* Values that templates read and no values file defines. */
#include "base/path.h"
#include "check/printed_report.h"
#include "render/coalesce.h"
#include "template/syntax/names.h"
#include "value/pointer.h"

/* The longest piece of a template that a message shows, in bytes. */
#define SHOWN_MAX 60

/* Whether the values of a run hold something at the keys. */
static bool defines(struct go_map *values, const struct str *keys, uint32_t count) {
    for (uint32_t i = 0; values && i < count; i++) {
        const struct go_value *found = go_map_get(values, keys[i]);
        if (!found) return false;
        if (i + 1 == count) return true;
        values = go_kind(found) == GO_MAP ? found->map : NULL;
    }
    return false;
}

static const struct template_source *source_of(const struct go_site *site) {
    return site->file;
}

/* Whether the site is in a template of the chart itself, which is printed. */
static bool is_own(const struct go_site *site) {
    struct str name = source_of(site)->name, path = source_of(site)->path;
    return path.len > 0 && str_find(name, STR("/charts/")) == name.len && !str_ends(name, STR(".txt"));
}

/* Whether an action is all that stands behind a key, or in a list's item, on its line, in quotes or not. */
static bool is_field(struct str text, const struct go_site *site) {
    size_t from = site->start, to = site->end;
    while (from > 0 && text.ptr[from - 1] != '\n') from--;
    while (to < text.len && text.ptr[to] != '\n') to++;
    struct str before = str_trim(str_slice(text, from, site->start)), after = str_trim(str_slice(text, site->end, to));
    char quote = after.len == 1 ? after.ptr[0] : 0;
    if (after.len > 0 && quote != '"' && quote != '\'') return false;
    if (after.len > 0 && before.len > 0 && before.ptr[before.len - 1] == quote)
        before = str_trim(str_slice(before, 0, before.len - 1));
    bool item = str_eq(before, STR("-")), key = before.len > 1 && before.ptr[before.len - 1] == ':';
    return item || (key && before.ptr[0] != '#' && str_find(before, STR("{{")) == before.len);
}

/* The site where the missing value is printed into a field; NULL where it is not. */
static const struct go_site *printed_at(const struct value_reads *reads, const struct value_path *place) {
    for (uint32_t i = 0; i < reads->missing.len; i++) {
        const struct reads_missing *other = &reads->missing.items[i];
        if (!other->printed || other->place != place || !is_own(other->site)) continue;
        if (is_field(source_of(other->site)->text, other->site)) return other->site;
    }
    return NULL;
}

/* Whether another rule tells of the place, or of the value, already. */
static bool is_reported(struct printed *p, const struct go_site *site, struct str path) {
    for (uint32_t i = 0; i < p->all.len; i++) {
        const struct template_report *report = p->all.items[i];
        bool same = str_eq(report->source.path, path_normalize(p->values->arena, source_of(site)->path));
        for (uint32_t k = 0; k < report->findings.len; k++) {
            const struct finding *finding = &report->findings.items[k];
            bool there = same && finding->span.start < site->end && site->start < finding->span.end;
            if (there || (finding->path.len && str_eq(finding->path, path))) return true;
        }
    }
    return false;
}

static void report(struct printed *p, const struct reads_found *found, const struct reads_missing *missing,
                   struct str path) {
    struct arena *a = p->values->arena;
    const struct go_site *field = printed_at(p->reads, missing->place), *site = field ? field : missing->site;
    const struct member *meant = unread_meant(a, found, p->subject->values, path);
    struct str text = tmpl_excerpt(a, str_slice(source_of(site)->text, site->start, site->end), SHOWN_MAX);
    struct str ends = field ? STR(", and nothing is printed") : STR("");
    struct finding *finding = printed_add(p, CHECK_UNDEFINED_VALUE, site, (struct span){0, 0}, NULL,
                                          arena_printf(a, "`%.*s` reads `%.*s`, which no values file defines%.*s",
                                                       STR_ARG(text), STR_ARG(path), STR_ARG(ends)));
    if (!finding) return;
    finding->path = path;
    if (!field && !meant && finding->severity == SEVERITY_WARNING) finding->severity = SEVERITY_INFO;
    finding->help = STR("define it in values.yaml, or leave the field out where it is not set");
    if (meant) {
        finding->help = arena_printf(a, "did you mean `%.*s`, which no template reads?", STR_ARG(meant->key));
        finding_relate(a, finding, p->values->source, meant->key_span, STR("defined here"));
    } else if (!field) {
        finding->help = STR("");
    }
}

void printed_check_missing(struct printed *p, const struct reads_found *found, struct go_map *const *values,
                           uint32_t count) {
    struct arena *a = p->values->arena;
    for (uint32_t i = 0; i < p->reads->missing.len; i++) {
        const struct reads_missing *missing = &p->reads->missing.items[i];
        struct str *keys;
        uint32_t key_count;
        bool known = false;
        if (missing->printed || !is_own(missing->site)) continue;
        if (!value_path_keys(a, missing->place, &keys, &key_count) || key_count == 0) continue;
        if (str_eq(keys[0], STR("global")) || missing->place->uses & VALUE_PATH_OTHER) continue;
        for (uint32_t k = 0; k < count && !known; k++) known = values[k] && defines(values[k], keys, key_count);
        struct str path = value_path_text(a, missing->place);
        if (known || is_reported(p, missing->site, path)) continue;
        report(p, found, missing, path);
    }
}

void printed_check_faults(struct printed *p) {
    struct arena *a = p->values->arena;
    for (uint32_t i = 0; i < p->reads->faults.len; i++) {
        const struct reads_fault *fault = &p->reads->faults.items[i];
        if (!is_own(fault->site)) continue;
        struct str source = source_of(fault->site)->text;
        struct str text = tmpl_excerpt(a, str_slice(source, fault->site->start, fault->site->end), SHOWN_MAX);
        struct finding *finding =
            printed_add(p, CHECK_RENDER_ENDS, fault->site, (struct span){0, 0}, NULL,
                        arena_printf(a, "`%.*s` fails where it runs: %.*s", STR_ARG(text), STR_ARG(fault->message)));
        if (!finding) continue;
        finding->help = STR("with these values it does not run");
        if (finding->severity == SEVERITY_ERROR) finding->severity = SEVERITY_WARNING;
    }
}
