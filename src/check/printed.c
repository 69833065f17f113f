#include "check/printed.h"

#include "base/path.h"
#include "check/mesh_prints.h"
#include "check/mesh_values.h"
#include "check/printed_report.h"
#include "template/syntax/memo.h"

/* What one render may cost: far more than any chart that is known. */
#define STEPS_MAX UINT64_C(20000000)
#define BYTES_MAX (UINT64_C(64) << 20)
/* The longest text of Helm's that a message shows, in bytes. */
#define SHOWN_MAX 400

/* A render with some values. */
struct run {
    struct str overlay; /* path; empty for none */
    uint8_t helm;
    struct go_env env;
    struct render_result result;
};

bool printed_wanted(const struct checks *checks, const struct settings *settings) {
    for (int i = CHECK_PRINTED_FIRST; i <= CHECK_PRINTED_LAST; i++) {
        uint32_t index = checks->by[i]->index;
        if (settings->enabled[index] && settings->severity[index] >= settings->lowest) return true;
    }
    return false;
}

/* The text of a file, which is read once for all runs. */
static bool read_once(void *data, struct str path, struct str *text, struct error *error) {
    struct printed *p = data;
    struct str *known = map_get(&p->files, path);
    if (!known) {
        struct str read;
        if (!p->subject->read(p->subject->data, path, &read, error)) return false;
        known = arena_new(p->values->arena, struct str);
        *known = read;
        map_put(p->values->arena, &p->files, path, known);
    }
    *text = *known;
    return true;
}

static struct run *render(struct printed *p, struct str overlay, uint8_t helm) {
    struct arena *a = p->values->arena;
    struct run *run = arena_new(a, struct run);
    *run = (struct run){.overlay = overlay, .helm = helm};
    run->env = (struct go_env){
        .arena = a, .budget = {STEPS_MAX, BYTES_MAX, 0}, .helm = helm, .trace = true, .texts = p->subject->buffers};
    if (helm == 3) run->env.reads = p->reads;
    run->env.memo = p->memo;
    struct str folder = p->subject->folder.len ? p->subject->folder : STR(".");
    struct render_options options = {
        .chart = arena_str(a, folder),
        .root = {.release = STR("release-name"), .name_space = STR("default"), .kube_version = p->kube_version},
    };
    if (p->subject->prints) {
        options.root.release = p->subject->chart->name;
        options.root.name_space = mesh_namespace_of(p->values->settings);
    }
    const struct setting_list *shared = &p->values->settings->templates;
    struct render_input in = {.read = read_once, .data = p};
    options.in = &in;
    /* Charts that are no services are not rendered with the templates that services share. */
    for (uint32_t i = 0; i < shared->len && !p->subject->exempt; i++) vec_push(a, &in.shared, shared->items[i].value);
    for (uint32_t i = 0; i < p->subject->always_count; i++)
        if (!str_eq(p->subject->always[i], overlay)) vec_push(a, &options.values, arena_str(a, p->subject->always[i]));
    if (overlay.len) vec_push(a, &options.values, arena_str(a, overlay));
    render_chart(&run->env, &options, &run->result);
    return run;
}

/* Helm's text in one line. */
static struct str one_line(struct arena *a, struct str text) {
    struct buf out = buf_in(a);
    text = str_trim(text);
    for (size_t i = 0; i < text.len && i < SHOWN_MAX; i++)
        buf_add_char(&out, (unsigned char)text.ptr[i] < ' ' ? ' ' : text.ptr[i]);
    if (text.len > SHOWN_MAX) buf_add(&out, STR("..."));
    return buf_str(&out);
}

static bool by_chart(const struct run *run) {
    enum template_failure failure = run->result.template.failure;
    return run->result.stage == RENDER_TEMPLATE && (failure == TEMPLATE_REQUIRED || failure == TEMPLATE_FAIL);
}

/* Whether the run says something of Helm: it was not cut off here, nor for want of a cluster or a dependency. */
static bool is_verdict(const struct printed *p, const struct run *run) {
    enum render_stage stage = run->result.stage;
    if (stage == RENDER_LOAD || stage == RENDER_CHART) return false;
    if (stage == RENDER_CLUSTER) return p->values->settings->kube_version.len > 0;
    return stage != RENDER_TEMPLATE || run->result.template.failure != TEMPLATE_CUT_OFF;
}

/* Whether VL019 tells that the chart's schema rejects the values. */
static bool is_refused_by_schema(const struct printed *p) {
    const struct findings *findings = p->values->findings;
    for (uint32_t i = 0; i < findings->len; i++)
        if (findings->items[i].check == p->values->checks->by[CHECK_REFUSED_BY_SCHEMA]) return true;
    return false;
}

/* Tells why a run ended; `renders` is an overlay with which it does not, or empty. */
static void report_end(struct printed *p, const struct run *run, struct str renders) {
    struct arena *a = p->values->arena;
    const struct render_result *result = &run->result;
    const struct span none = {0, 0};
    struct str text = one_line(a, result->message);
    if (!is_verdict(p, run)) {
        const struct go_site *site = result->stage == RENDER_TEMPLATE ? result->template.site : NULL;
        printed_add(p, CHECK_NOT_EVALUATED, site, none, NULL,
                    arena_printf(a, "the templates could not be run: %.*s", STR_ARG(text)));
        return;
    }
    if (result->stage == RENDER_VALUES && run->overlay.len == 0 && is_refused_by_schema(p)) return;
    if (by_chart(run)) {
        printed_add(p, CHECK_VALUE_REQUIRED, result->template.site, none, NULL,
                    arena_printf(a, "the chart does not render with these values: %.*s",
                                 STR_ARG(one_line(a, result->template.message))));
        return;
    }
    struct finding *finding;
    if (run->helm == 3 && render(p, run->overlay, 4)->result.stage == RENDER_DONE) {
        printed_add(p, CHECK_RENDER_BY_HELM, result->stage == RENDER_TEMPLATE ? result->template.site : NULL, none,
                    NULL, arena_printf(a, "Helm 4 renders the chart, Helm 3 fails: %.*s", STR_ARG(text)));
        return;
    }
    if (result->stage == RENDER_OUTPUT) {
        struct object_origin at = printed_refused_at(a, &result->refused.text);
        finding = printed_add(p, CHECK_OUTPUT_REFUSED, at.site, at.within, at.values,
                              arena_printf(a, "Helm refuses the output: %.*s", STR_ARG(text)));
    } else {
        finding = printed_add(p, CHECK_RENDER_ENDS, result->stage == RENDER_TEMPLATE ? result->template.site : NULL,
                              none, result->at, arena_printf(a, "Helm fails: %.*s", STR_ARG(text)));
    }
    if (!finding || renders.len == 0) return;
    if (finding->severity == SEVERITY_ERROR) finding->severity = SEVERITY_WARNING;
    finding->help = arena_printf(a, "it renders with `%.*s`", STR_ARG(path_name(renders)));
}

static void report_run(struct printed *p, const struct run *run, struct str renders) {
    p->overlay = run->overlay.len ? path_name(run->overlay) : STR("");
    if (run->result.stage != RENDER_DONE) {
        report_end(p, run, renders);
        return;
    }
    printed_check_objects(p, &run->result.manifests);
    printed_check_objects(p, &run->result.hooks);
}

/* Keeps what a mesh's overlays refer to. */
static void keep_prints(struct mesh_prints *prints, const struct run *run) {
    if (run->result.stage != RENDER_DONE) prints->partial = true;
    else mesh_prints_add(prints, path_name(run->overlay), &run->result.manifests, &run->result.hooks);
}

/* ---- what was read ---- */

struct runs VEC(struct run *);

static const struct helm_chart *subchart_of(const struct helm_chart *chart, struct str name) {
    for (uint32_t i = 0; chart && i < chart->subcharts.len; i++)
        if (str_eq(chart->subcharts.items[i]->name, name)) return chart->subcharts.items[i];
    return NULL;
}

static void mark_condition(struct arena *a, struct value_path *root, struct str condition) {
    struct str path, key;
    while (str_split_next(&condition, ',', &path)) {
        struct value_path *place = root;
        for (path = str_trim(path); str_split_next(&path, '.', &key);)
            (place = value_path_below(a, place, key))->uses |= VALUE_PATH_READ;
        if (place != root) place->uses |= VALUE_PATH_WHOLE;
    }
}

/* Marks below `place`, where the values of `charts` are (one chart in several runs, NULL where a run is without it),
 * what Helm reads itself; a subchart that no run has counts as read. */
static void mark_helm(struct arena *a, struct value_path *place, const struct helm_chart *const *charts,
                      uint32_t count) {
    const struct helm_chart **below = arena_array(a, const struct helm_chart *, count);
    value_path_below(a, place, STR("global"))->uses |= VALUE_PATH_WHOLE;
    for (uint32_t c = 0; c < count; c++) {
        for (uint32_t i = 0; charts[c] && i < charts[c]->declared.len; i++) {
            const struct helm_dependency *dependency = charts[c]->declared.items[i];
            bool any = false;
            for (uint32_t k = 0; k < count && !any; k++) any = subchart_of(charts[k], dependency->name) != NULL;
            mark_condition(a, place, dependency->condition);
            if (!any || dependency->import_values)
                value_path_below(a, place, dependency->name)->uses |= VALUE_PATH_WHOLE;
        }
        for (uint32_t i = 0; charts[c] && i < charts[c]->subcharts.len; i++) {
            struct str name = charts[c]->subcharts.items[i]->name;
            bool first = true;
            for (uint32_t k = 0; k < count; k++) {
                below[k] = subchart_of(charts[k], name);
                first = first && (k >= c || !below[k]);
            }
            if (first) mark_helm(a, value_path_below(a, place, name), below, count);
        }
    }
}

/* Gives what was read, where a run came to its end. */
static const struct value_reads *finish_reads(struct printed *p, const struct runs *runs) {
    bool done = false;
    for (uint32_t i = 0; i < runs->len; i++) {
        enum render_stage stage = runs->items[i]->result.stage;
        done = done || stage == RENDER_DONE || stage == RENDER_OUTPUT;
    }
    if (!done) return NULL;
    const struct helm_chart **charts = arena_array(p->values->arena, const struct helm_chart *, runs->len);
    for (uint32_t i = 0; i < runs->len; i++) charts[i] = runs->items[i]->result.chart;
    mark_helm(p->values->arena, &p->reads->root, charts, runs->len);
    templates_mark_helm(p->values->arena, &p->reads->root, p->subject->chart);
    reads_finish(p->values->arena, p->reads);
    return p->reads;
}

static void check_missing(struct printed *p, const struct reads_found *found, const struct runs *runs) {
    struct go_map **values = arena_array(p->values->arena, struct go_map *, runs->len);
    for (uint32_t i = 0; i < runs->len; i++) values[i] = runs->items[i]->result.values;
    p->overlay = STR("");
    printed_check_missing(p, found, values, runs->len);
}

static bool holds_null(const struct go_map *map) {
    for (uint32_t i = 0; i < map->len; i++) {
        const struct go_value *v = &map->members[i].value;
        if (go_is_nil(v) || (go_kind(v) == GO_MAP && holds_null(v->map))) return true;
    }
    return false;
}

/* Whether the text asks .Chart for more than those of its fields that are texts in both. */
static bool asks_chart(struct str text) {
    static const char *const SAME[] = {".Name",        ".Version",    ".AppVersion",  ".Type", ".Home",
                                       ".Description", ".APIVersion", ".KubeVersion", ".Icon"};
    for (size_t at = str_find(text, STR(".Chart")); at < text.len; at += str_find(text, STR(".Chart"))) {
        text = str_slice(text, at + 6, text.len);
        at = 0;
        bool same = false;
        for (size_t i = 0; i < sizeof SAME / sizeof *SAME && !same; i++) same = str_starts(text, str_from(SAME[i]));
        if (!same) return true;
    }
    return false;
}

/* Whether Helm 3 and 4 cut the text differently: something stands behind a separator. */
static bool is_cut_otherwise(struct str text) {
    for (size_t at = str_find(text, STR("---")); at < text.len; at += str_find(text, STR("---"))) {
        bool first = at == 0 || text.ptr[at - 1] == '\n';
        struct str rest = str_slice(text, at + 3, text.len), line = str_slice(rest, 0, str_find_char(rest, '\n'));
        if (first && str_trim(line).len > 0) return true;
        text = rest;
        at = 0;
    }
    return false;
}

/* Whether Helm 4 may do otherwise than the run of Helm 3 did: what it is known to differ in occurs. */
static bool may_differ(const struct printed *p, const struct run *third) {
    const struct render_result *result = &third->result;
    struct str version = result->chart->api_version;
    if (holds_null(result->values) || is_cut_otherwise(p->values->source->text)) return true;
    if (!str_eq(version, STR("v1")) && !str_eq(version, STR("v2"))) return true;
    for (uint32_t i = 0; i < result->files.len; i++) {
        const struct template_file *file = &result->files.items[i];
        if (asks_chart(file->source.text)) return true;
        if (file->runs && is_cut_otherwise(file->output.text)) return true;
    }
    return false;
}

/* Tells of what renders in Helm 3 and not in Helm 4. */
static void compare_helms(struct printed *p, const struct run *third) {
    uint32_t index = p->values->checks->by[CHECK_RENDER_BY_HELM]->index;
    if (third->result.stage != RENDER_DONE || !p->values->settings->enabled[index]) return;
    if (!may_differ(p, third)) return;
    struct run *fourth = render(p, third->overlay, 4);
    if (fourth->result.stage == RENDER_DONE || !is_verdict(p, fourth)) return;
    const struct go_site *site = fourth->result.stage == RENDER_TEMPLATE ? fourth->result.template.site : NULL;
    struct str text = one_line(p->values->arena, fourth->result.message);
    p->overlay = STR("");
    printed_add(p, CHECK_RENDER_BY_HELM, site, (struct span){0, 0}, NULL,
                arena_printf(p->values->arena, "Helm 3 renders the chart, Helm 4 fails: %.*s", STR_ARG(text)));
}

/* The topmost of the charts in whose charts/ the folder lies. */
static struct str chart_around(struct arena *a, struct str folder) {
    folder = path_absolute(a, folder.len ? folder : STR("."));
    while (templates_of_subchart(a, folder)) folder = path_folder(path_folder(folder));
    return folder;
}

/* Drops what only the values of the chart around decide, where that chart renders. */
static void settle_subchart(struct printed *p, struct template_reports *reports) {
    struct templates_subject around = *p->subject;
    bool any = false;
    for (uint32_t i = 0; i < reports->len; i++)
        for (uint32_t k = 0; k < reports->items[i]->findings.len; k++)
            any = any || str_eq(reports->items[i]->findings.items[k].help, TEMPLATES_SET_AROUND);
    if (!any) return;
    around.folder = chart_around(p->values->arena, p->subject->folder);
    struct printed other = {.values = p->values, .subject = &around};
    if (render(&other, STR(""), 3)->result.stage != RENDER_DONE) return;
    for (uint32_t i = 0; i < reports->len; i++) {
        struct findings *findings = &reports->items[i]->findings;
        uint32_t kept = 0;
        for (uint32_t k = 0; k < findings->len; k++)
            if (!str_eq(findings->items[k].help, TEMPLATES_SET_AROUND)) findings->items[kept++] = findings->items[k];
        findings->len = kept;
    }
}

/* The reports that hold something, each once. */
static void hand_over(const struct printed *p, struct template_reports *reports) {
    for (uint32_t i = reports->len; i < p->all.len; i++)
        if (p->all.items[i]->findings.len) vec_push(p->values->arena, reports, p->all.items[i]);
}

void printed_check(struct reporter *f, const struct templates_subject *subject, struct template_reports *reports,
                   struct reads_found *found) {
    struct printed p = {.values = f, .subject = subject};
    if (templates_of_subchart(f->arena, subject->folder)) settle_subchart(&p, reports);
    if (templates_of_subchart(f->arena, subject->folder) || str_eq(subject->chart->type, STR("library"))) return;
    for (uint32_t i = 0; i < reports->len; i++) vec_push(f->arena, &p.all, reports->items[i]);
    struct runs runs = {NULL, 0, 0};
    p.reads = arena_new(f->arena, struct value_reads);
    p.memo = subject->memo;
    if (!p.memo) {
        p.memo = arena_new(f->arena, struct tmpl_memo);
        p.memo->arena = f->arena;
    }
    printed_choose_version(&p);
    vec_push(f->arena, &runs, render(&p, STR(""), 3));
    struct str renders = STR("");
    for (uint32_t i = 0; i < subject->overlay_count; i++) {
        struct run *run = render(&p, subject->overlays[i], 3);
        if (run->result.stage == RENDER_DONE && renders.len == 0) renders = run->overlay;
        vec_push(f->arena, &runs, run);
    }
    for (uint32_t i = 0; i < runs.len; i++) {
        report_run(&p, runs.items[i], i == 0 ? renders : STR(""));
        if (subject->prints) keep_prints(subject->prints, runs.items[i]);
    }
    compare_helms(&p, runs.items[0]);
    found->run = finish_reads(&p, &runs);
    check_missing(&p, found, &runs);
    printed_check_faults(&p);
    hand_over(&p, reports);
}

void printed_unwritten(struct reporter *f) {
    reporter_add(f, CHECK_NOT_EVALUATED, (struct span){0, 0}, STR(""),
                 STR("the templates were not run: the files do not hold the fixes yet"));
}
