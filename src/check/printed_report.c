#include "check/printed_report.h"

#include "base/file.h"
#include "base/path.h"

/* How many calls, and values, a finding is related to at most. */
#define RELATED_MAX 3

static const struct template_source *source_of(const struct go_site *site) {
    return site->file;
}

/* The nearest place that is written in a file: what tpl runs is not. */
static const struct go_site *in_file(const struct go_site *site) {
    while (site && source_of(site)->path.len == 0) site = site->caller;
    return site;
}

static struct template_report *report_of(struct printed *p, const struct template_source *source) {
    struct arena *a = p->values->arena;
    struct str path = path_normalize(a, source->path);
    for (uint32_t i = 0; i < p->all.len; i++)
        if (str_eq(p->all.items[i]->source.path, path)) return p->all.items[i];
    struct template_report *report = arena_new(a, struct template_report);
    report->source = (struct source){.path = path, .text = source->text};
    vec_push(a, &p->all, report);
    return report;
}

static struct source *values_source(struct printed *p, struct str path) {
    struct arena *a = p->values->arena;
    struct error error;
    if (str_eq(path_normalize(a, path), p->values->source->path)) return p->values->source;
    struct source *source = map_get(&p->sources, path);
    if (source) return source;
    source = arena_new(a, struct source);
    source->path = path_normalize(a, path);
    if (file_kind(path.ptr) != FILE_REGULAR || !p->subject->read(p->subject->data, path, &source->text, &error))
        return NULL;
    map_put(a, &p->sources, path, source);
    return source;
}

static struct str path_text(struct arena *a, const struct go_path *path) {
    struct str text = go_path_text(a, path);
    if (!path->layer || path->layer->prefix.len == 0) return text;
    return arena_printf(a, "%.*s.%.*s", STR_ARG(path->layer->prefix), STR_ARG(text));
}

/* `at` is the place of the finding itself where that is in values.yaml; else empty. */
static void relate_values(struct printed *p, struct finding *finding, const struct go_paths *paths, struct span at) {
    struct arena *a = p->values->arena;
    for (uint32_t i = 0; paths && i < paths->count && i < RELATED_MAX; i++) {
        const struct go_path *path = paths->items[i];
        struct str text = path_text(a, path);
        if (finding->path.len == 0) finding->path = text;
        struct source *source = path->layer ? values_source(p, path->layer->path) : NULL;
        if (!source || path->span.end > source->text.len) continue;
        if (source == p->values->source && span_len(at) && at.start == path->span.start) continue;
        finding_relate(a, finding, source, path->span, arena_printf(a, "it shows `%.*s`", STR_ARG(text)));
    }
}

static void relate_calls(struct printed *p, struct finding *finding, const struct go_site *site) {
    uint32_t count = 0;
    for (site = in_file(site->caller); site && count < RELATED_MAX; site = in_file(site->caller), count++)
        finding_relate(p->values->arena, finding, &report_of(p, source_of(site))->source,
                       span_make(site->start, site->end), STR("called here"));
}

/* What the rules that do not run the templates tell of the place; NULL where that is nothing. */
static struct finding *told(const struct printed *p, const struct template_report *report, struct span span) {
    const struct checks *checks = p->values->checks;
    for (uint32_t i = 0; i < report->findings.len; i++) {
        struct finding *other = &report->findings.items[i];
        bool fails =
            other->check == checks->by[CHECK_RENDER_FAILS] || other->check == checks->by[CHECK_BROKEN_TEMPLATE];
        if (fails && other->severity == SEVERITY_ERROR && other->span.start <= span.end &&
            span.start <= other->span.end)
            return other;
    }
    return NULL;
}

/* Takes away what VL901 tells of the place: it is so in one Helm only. */
static void drop_failure(const struct printed *p, struct template_report *report, struct span span) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < report->findings.len; i++) {
        const struct finding *other = &report->findings.items[i];
        bool same = other->check == p->values->checks->by[CHECK_RENDER_FAILS] && other->span.start <= span.end &&
                    span.start <= other->span.end;
        if (!same) report->findings.items[kept++] = *other;
    }
    report->findings.len = kept;
}

struct finding *printed_add(struct printed *p, enum builtin_check check, const struct go_site *site, struct span within,
                            const struct go_paths *paths, struct str message) {
    struct arena *a = p->values->arena;
    struct reporter f = *p->values;
    struct span span = {0, 0};
    struct str where = f.source->path;
    site = in_file(site);
    if (site) {
        struct template_report *report = report_of(p, source_of(site));
        span = span_len(within) ? within : span_make(site->start, site->end);
        where = report->source.path;
        if (span.end > report->source.text.len) span = (struct span){0, 0};
        if (check == CHECK_RENDER_BY_HELM) drop_failure(p, report, span);
        struct finding *other = check == CHECK_RENDER_ENDS ? told(p, report, span) : NULL;
        if (other) {
            if (other->related_count == 0) relate_calls(p, other, site);
            return NULL;
        }
        f.source = &report->source;
        f.tree = NULL;
        f.findings = &report->findings;
    }
    if (!site && paths && paths->items[0]->layer) {
        const struct go_path *path = paths->items[0];
        bool here = str_eq(path_normalize(a, path->layer->path), p->values->source->path);
        if (here && path->span.end <= p->values->source->text.len) span = path->span;
    }
    struct str key = arena_printf(a, "%d %.*s:%u", (int)check, STR_ARG(where), span.start);
    if (!site) key = arena_printf(a, "%.*s %.*s", STR_ARG(key), STR_ARG(message));
    if (map_put(a, &p->seen, key, p)) return NULL;
    if (p->overlay.len) message = arena_printf(a, "%.*s (with `%.*s`)", STR_ARG(message), STR_ARG(p->overlay));
    struct finding *finding = reporter_add(&f, check, span, STR(""), message);
    relate_values(p, finding, paths, site ? (struct span){0, 0} : span);
    if (site) relate_calls(p, finding, site);
    return finding;
}
