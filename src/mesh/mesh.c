#include "mesh/mesh.h"

#include <stdlib.h>

#include "check/reread.h"
#include "check/suppress.h"
#include "mesh/mesh_fix.h"
#include "mesh/mesh_index.h"
#include "text/secret.h"

/* `text` in memory of the run; most charts say the same. */
static struct str keep(struct mesh *m, struct str text) {
    struct str *known = map_get(&m->texts, text);
    if (text.len == 0 || known) return known ? *known : STR("");
    known = arena_new(m->arena, struct str);
    *known = arena_str(m->arena, text);
    map_put(m->arena, &m->texts, *known, known);
    return *known;
}

static void add_ports(struct mesh *m, struct mesh_chart *chart, const struct lint_file *file,
                      const struct mesh_text *text) {
    uint32_t count = file->mesh->ports.len, before = chart->port_count;
    if (count == 0) return;
    chart->ports =
        arena_grow(m->arena, chart->ports, before * sizeof *chart->ports, (before + count) * sizeof *chart->ports);
    for (uint32_t i = 0; i < count; i++) {
        const struct mesh_port *port = &file->mesh->ports.items[i];
        chart->ports[chart->port_count++] =
            (struct mesh_chart_port){keep(m, port->path), port->number, port->target, {text, port->span}};
    }
}

/* What a file says of the mesh. An overlay may turn it on, with the type and mode of values.yaml where it has none. */
static void add_mesh(struct mesh *m, struct mesh_chart *chart, const struct mesh_values *values,
                     const struct mesh_text *text) {
    if (chart->enabled || (values->overlay && !values->enabled)) return;
    if (values->type.len) chart->type = keep(m, values->type);
    if (values->mode.len) {
        chart->mode = keep(m, values->mode);
        chart->mode_place = (struct mesh_place){text, values->mode_span};
    }
    if (!values->enabled) return;
    chart->enabled = true;
    chart->may_be_uncovered = values->may_be_uncovered;
    chart->enabled_place = (struct mesh_place){text, values->enabled_span};
}

static void add_file(struct mesh *m, struct mesh_chart *chart, const struct lint_file *file) {
    const struct mesh_values *values = file->mesh;
    struct mesh_text *text = arena_new(m->arena, struct mesh_text);
    *text = (struct mesh_text){file->source.path, (uint32_t)file->source.text.len};
    if (!values->overlay) {
        chart->has_values = !values->exempt;
        chart->account = str_eq(values->account, chart->name) ? chart->name : arena_str(m->arena, values->account);
        for (uint32_t i = 0; i < values->names.len && i < 2; i++)
            chart->other_names[i] = arena_str(m->arena, values->names.items[i]);
    }
    add_ports(m, chart, file, text);
    add_mesh(m, chart, values, text);
    for (uint32_t i = 0; i < values->services.len; i++)
        if (!map_get(&m->services, values->services.items[i]))
            map_put(m->arena, &m->services, arena_str(m->arena, values->services.items[i]), m);
}

static void add_name(struct mesh *m, struct mesh_chart *chart) {
    struct mesh_chart *first = map_get(&m->by_name, chart->name);
    if (first) {
        chart->same_name = first->same_name;
        first->same_name = chart;
    } else {
        map_put(m->arena, &m->by_name, chart->name, chart);
    }
    for (int i = 0; i < 2; i++) {
        struct str name = chart->other_names[i];
        if (name.len && !map_get(&m->by_name, name)) map_put(m->arena, &m->by_name, name, chart);
    }
}

void mesh_add(struct mesh *mesh, const struct settings *settings, const struct lint_result *result) {
    if (!mesh_is_wanted(mesh->checks, settings)) return;
    struct mesh_chart *chart = arena_new(mesh->arena, struct mesh_chart);
    *chart = (struct mesh_chart){
        .name = arena_str(mesh->arena, result->chart), .namespace = mesh_namespace_of(settings), .settings = settings};
    for (int overlay = 0; overlay < 2; overlay++) /* values.yaml first */
        for (uint32_t i = 0; i < result->files.len; i++)
            if (result->files.items[i]->mesh && result->files.items[i]->mesh->overlay == overlay)
                add_file(mesh, chart, result->files.items[i]);
    if (chart->type.len == 0) chart->type = STR("istio");
    bool rendered = result->prints && result->prints->layers.len;
    if (rendered) chart->prints = mesh_prints_copy(mesh->arena, result->prints);
    vec_push(mesh->arena, &mesh->charts, chart);
    map_put(mesh->arena, &mesh->namespaces, chart->namespace, mesh);
    add_name(mesh, chart);
    if (!map_get(&mesh->folders, settings->mesh.value))
        map_put(mesh->arena, &mesh->folders, settings->mesh.value, (void *)(uintptr_t)settings);
}

/* A finding as reports take it, with the sources of its related places. */
static void add_finding(struct arena *a, const struct file_texts *texts, struct lint_file *file,
                        const struct mesh_finding *from, bool same) {
    struct finding finding = from->finding;
    if (!same) finding.span = (struct span){0, 0};
    finding.related = arena_array(a, struct related, from->related_count);
    for (uint32_t i = 0; i < from->related_count; i++) {
        const struct mesh_place *place = from->related[i].place;
        struct source *source = arena_new(a, struct source);
        struct span span = reread(a, texts, place->text->path, place->text->length, place->span, source);
        finding.related[finding.related_count++] = (struct related){source, span, from->related[i].message};
    }
    vec_push(a, &file->findings, finding);
}

/* Takes out what comments suppress. */
static void suppress(struct mesh_judge *j, struct arena *a, struct lint_file *file) {
    struct reporter f = reporter_on(a, j->mesh->checks, j->settings, &file->source, &file->findings);
    struct yaml_issue issue;
    struct tree tree;
    if (!tree_parse(a, &file->source, &tree, &issue)) return;
    f.tree = &tree;
    file->suppressed = suppress_findings(&f);
}

static void add_broken(struct mesh_judge *j, struct arena *a, struct lint_file *file, const struct mesh_file *of) {
    struct reporter f = reporter_on(a, j->mesh->checks, j->settings, &file->source, &file->findings);
    enum builtin_check check = CHECK_INVALID_YAML;
    file->unreadable = of->state == MESH_FILE_UNREADABLE;
    if (file->unreadable) check = CHECK_UNREADABLE_FILE;
    else if (of->issue.kind == YAML_REFUSED) check = CHECK_REFUSED_BY_HELM;
    reporter_add(&f, check, of->issue.span, STR(""), of->issue.message)->help = of->issue.help;
}

static void report_file(struct mesh_judge *j, struct arena *a, const struct mesh_outcome *of,
                        const struct mesh_report *report) {
    enum mesh_file_state state = of->file ? of->file->state : MESH_FILE_READ;
    bool comments = of->file && of->file->has_comments && state == MESH_FILE_READ;
    struct lint_file file = {.source = {.path = of->path}};

    if (state == MESH_FILE_TEMPLATE) {
        report->skipped(report->data, of->path, STR("skipped: it is a template, not a manifest"));
        return;
    }
    if (state == MESH_FILE_READ && of->findings.len == 0 && !comments) return;
    struct span all =
        reread(a, j->mesh->buffers, of->path, of->text_length, span_make(0, of->text_length), &file.source);
    bool same = span_len(all) == of->text_length;
    for (uint32_t i = 0; i < of->findings.len; i++)
        add_finding(a, j->mesh->buffers, &file, &of->findings.items[i], same);
    findings_sort(&file.findings);
    findings_unite(&file.findings); /* an alias names a place once more */
    if (state != MESH_FILE_READ) add_broken(j, a, &file, of->file);
    else if (comments && same) suppress(j, a, &file);
    findings_drop_below(&file.findings, j->settings->lowest);
    findings_sort(&file.findings);
    if (of->file && state == MESH_FILE_READ && same) mesh_mark_fixes(a, &file);
    secrets_mask_findings(a, &file.source, &file.findings);
    report->file(report->data, &file, of->chart);
}

static int outcome_cmp(const void *left, const void *right) {
    const struct mesh_outcome *const *a = left, *const *b = right;
    return str_cmp((*a)->path, (*b)->path);
}

static void report_all(struct mesh_judge *j, const struct mesh_report *report) {
    struct VEC(struct mesh_outcome *) files = {NULL, 0, 0};
    struct arena scratch = {NULL, NULL};
    for (uint32_t i = 0; i < j->overlays->files.len; i++) vec_push(j->arena, &files, &j->files[i]);
    for (uint32_t i = 0; i < j->values.len; i++) vec_push(j->arena, &files, j->values.entries[i].value);
    if (files.len) qsort(files.items, files.len, sizeof *files.items, outcome_cmp);
    for (uint32_t i = 0; i < files.len; i++) {
        report_file(j, &scratch, files.items[i], report);
        arena_reset(&scratch);
    }
    arena_free(&scratch);
}

/* Opens a folder of overlays: what its manifests are, and one index over them and what the charts print. */
static void open_folder(struct mesh_judge *judge, struct mesh_overlays *overlays, struct mesh_index *index) {
    mesh_overlays_read(overlays, judge->folder);
    judge->overlays = overlays;
    judge->index = index;
    judge->namespace = mesh_namespace_of(judge->settings);
    judge->spoilt = arena_array(judge->arena, bool, overlays->objects.len + 1);
    judge->files = arena_array(judge->arena, struct mesh_outcome, overlays->files.len);
    for (uint32_t i = 0; i < overlays->files.len; i++) {
        const struct mesh_file *file = &overlays->files.items[i];
        judge->files[i] = (struct mesh_outcome){.path = file->path, .text_length = file->text_length, .file = file};
    }
    mesh_judge_fields(judge);
    mesh_judge_refused(judge);
    mesh_index_build(judge, index);
}

void mesh_each_folder(struct mesh *m, void (*use)(struct mesh_judge *judge, void *data), void *data) {
    for (uint32_t i = 0; i < m->folders.len; i++) {
        struct arena arena = {NULL, NULL};
        struct mesh_overlays overlays = {.arena = &arena, .buffers = m->buffers};
        struct mesh_index index = {.prints = false};
        struct mesh_judge judge = {
            .mesh = m, .arena = &arena, .settings = m->folders.entries[i].value, .folder = m->folders.entries[i].key};
        open_folder(&judge, &overlays, &index);
        use(&judge, data);
        arena_free(&arena);
    }
}

static void check_folder(struct mesh_judge *judge, void *data) {
    static void (*const STEPS[])(struct mesh_judge *) = {
        mesh_judge_keys,    mesh_judge_selectors, mesh_judge_references, mesh_judge_identities,
        mesh_judge_ports,   mesh_judge_routes,    mesh_judge_policies,   mesh_judge_traffic,
        mesh_judge_meaning, mesh_judge_workloads, mesh_judge_hooks,      mesh_judge_reach,
    };
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) STEPS[i](judge);
    report_all(judge, data);
}

void mesh_check(struct mesh *mesh, const struct mesh_report *report) {
    struct mesh_report copy = *report;
    mesh_each_folder(mesh, check_folder, &copy);
}
