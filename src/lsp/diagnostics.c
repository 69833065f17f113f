/* What is found, as diagnostics. A file may belong to several charts that are open (a shared template, a values file
 * behind a link, the configuration): it gets what is found for each of them, once. */
#include "base/path.h"
#include "lsp/server.h"
#include "lsp/standalone.h"
#include "lsp/uri.h"

/* A file for which diagnostics are made. */
struct sheet {
    struct lsp_server *server;
    struct arena *arena;
    struct str path;
    const struct lsp_document *doc; /* NULL where it is not open */
    struct emit out;
    struct map seen;     /* diagnostics as JSON, each once */
    struct map lines_of; /* path -> struct lsp_lines, of related places */
};

struct str lsp_server_uri(const struct lsp_server *server, struct arena *a, struct str path) {
    const struct lsp_document *doc = lsp_documents_at(&server->documents, path);
    return doc ? doc->uri : lsp_uri_of(a, path);
}

static const struct lsp_lines *lines_of(struct sheet *sheet, const struct source *source) {
    struct lsp_lines *lines = map_get(&sheet->lines_of, source->path);
    if (lines && lines->text.ptr == source->text.ptr) return lines;
    lines = arena_new(sheet->arena, struct lsp_lines);
    bool open = lsp_documents_at(&sheet->server->documents, path_absolute(sheet->arena, source->path)) != NULL;
    *lines = lsp_lines_of(sheet->arena, source->text, !open);
    map_put(sheet->arena, &sheet->lines_of, source->path, lines);
    return lines;
}

static void put_related(struct sheet *sheet, struct emit *out, const struct finding *finding) {
    if (finding->related_count == 0) return;
    emit_key(out, "relatedInformation");
    emit_open(out, '[');
    for (uint32_t i = 0; i < finding->related_count; i++) {
        const struct related *related = &finding->related[i];
        struct str path = path_absolute(sheet->arena, related->source->path);
        emit_open(out, '{');
        emit_key(out, "location");
        emit_open(out, '{');
        emit_put_text(out, "uri", lsp_server_uri(sheet->server, sheet->arena, path));
        lsp_put_range(out, "range", lines_of(sheet, related->source), related->span);
        emit_close(out, '}');
        emit_put_text(out, "message", related->message);
        emit_close(out, '}');
    }
    emit_close(out, ']');
}

static void add(struct sheet *sheet, struct emit *diagnostic) {
    emit_close(diagnostic, '}');
    struct str text = buf_str(&diagnostic->text);
    if (!map_put(sheet->arena, &sheet->seen, text, sheet)) emit_raw(&sheet->out, text);
}

static const int SEVERITIES[SEVERITY_COUNT] = {[SEVERITY_ERROR] = 1, [SEVERITY_WARNING] = 2, [SEVERITY_INFO] = 3};

static struct str message_of(struct arena *a, const struct finding *finding) {
    struct buf out = buf_in(a);
    buf_add(&out, finding->message);
    if (finding->help.len) buf_addf(&out, "; %.*s", STR_ARG(finding->help));
    if (finding->fix == FIX_SAFE && finding->fix_does.len) buf_addf(&out, "; `--fix` %.*s", STR_ARG(finding->fix_does));
    return buf_str(&out);
}

static void add_finding(struct sheet *sheet, const struct source *source, const struct finding *finding) {
    struct emit out = emit_in(sheet->arena);
    struct str docs = sheet->server->options->docs_url;
    emit_open(&out, '{');
    lsp_put_range(&out, "range", lines_of(sheet, source), finding->span);
    emit_put_number(&out, "severity", SEVERITIES[finding->severity]);
    emit_put_text(&out, "code", finding->check->id);
    if (docs.len) {
        emit_key(&out, "codeDescription");
        emit_open(&out, '{');
        emit_put_text(&out, "href",
                      arena_printf(sheet->arena, "%.*s/%.*s.md", STR_ARG(docs), STR_ARG(finding->check->id)));
        emit_close(&out, '}');
    }
    emit_put_text(&out, "source", STR("valuelint"));
    emit_put_text(&out, "message", message_of(sheet->arena, finding));
    put_related(sheet, &out, finding);
    add(sheet, &out);
}

static void add_problem(struct sheet *sheet, const struct problem *problem, int severity) {
    static const struct source nothing = {.path = STR_INIT(""), .text = STR_INIT("")};
    struct emit out = emit_in(sheet->arena);
    struct buf message = buf_in(sheet->arena);
    buf_add(&message, problem->message);
    if (problem->help.len) buf_addf(&message, "; %.*s", STR_ARG(problem->help));
    emit_open(&out, '{');
    lsp_put_range(&out, "range", lines_of(sheet, problem->source ? problem->source : &nothing), problem->span);
    emit_put_number(&out, "severity", severity);
    emit_put_text(&out, "code", STR("configuration"));
    emit_put_text(&out, "source", STR("valuelint"));
    emit_put_text(&out, "message", buf_str(&message));
    add(sheet, &out);
}

/* The file that a problem is shown in: its own, else the configuration, else the chart's values. */
static struct str place_of(struct arena *a, const struct lsp_chart *chart, const struct problem *problem) {
    const struct config_store *store = &chart->setup.store;
    if (problem->source) return path_absolute(a, problem->source->path);
    if (store->by_path.len) return path_absolute(a, store->by_path.entries[0].key);
    return path_join(a, chart->folder, STR("values.yaml"));
}

static void add_problems(struct sheet *sheet, const struct lsp_chart *chart, const struct problems *problems,
                         int severity) {
    for (uint32_t i = 0; i < problems->len; i++)
        if (str_eq(place_of(sheet->arena, chart, &problems->items[i]), sheet->path))
            add_problem(sheet, &problems->items[i], severity);
}

/* What is known of the file by one chart. */
static void add_chart(struct sheet *sheet, const struct lsp_chart *chart) {
    if (chart->setup.fresh) {
        add_problems(sheet, chart, &chart->setup.store.problems, 1);
        add_problems(sheet, chart, &chart->setup.store.warnings, 2);
    }
    for (uint32_t i = 0; chart->outcome.fresh && i < chart->outcome.result.files.len; i++) {
        const struct lint_file *file = chart->outcome.result.files.items[i];
        if (!str_eq(path_absolute(sheet->arena, file->source.path), sheet->path)) continue;
        for (uint32_t k = 0; k < file->findings.len; k++) add_finding(sheet, &file->source, &file->findings.items[k]);
    }
}

static void take_finding(void *data, const struct source *source, const struct finding *finding) {
    add_finding(data, source, finding);
}

/* What is wrong with a document that is part of no chart. */
static void add_standalone(struct sheet *sheet) {
    struct lsp_server *server = sheet->server;
    struct problems problems = {NULL, 0, 0}, warnings = {NULL, 0, 0};
    struct file_texts texts = lsp_documents_texts(&server->documents, sheet->arena);
    lsp_standalone_check(sheet->arena, server->options->overrides, &texts, sheet->path, &problems, &warnings);
    for (uint32_t i = 0; i < problems.len; i++) add_problem(sheet, &problems.items[i], 1);
    for (uint32_t i = 0; i < warnings.len; i++) add_problem(sheet, &warnings.items[i], 2);
    if (sheet->doc->is_manifest)
        lsp_manifests_check(&server->manifests, server->options->overrides, &texts, sheet->path, take_finding, sheet);
}

static void publish_file(struct lsp_server *server, struct arena *a, struct str path) {
    struct sheet sheet = {.server = server, .arena = a, .path = path, .out = emit_in(a)};
    struct emit *out = &sheet.out;
    sheet.doc = lsp_documents_at(&server->documents, path);
    emit_open(out, '{');
    emit_put_text(out, "uri", lsp_server_uri(server, a, path));
    if (sheet.doc) emit_put_number(out, "version", sheet.doc->version);
    emit_key(out, "diagnostics");
    emit_open(out, '[');
    for (uint32_t i = 0; i < server->charts.list.len; i++)
        if (server->charts.list.items[i]->open) add_chart(&sheet, server->charts.list.items[i]);
    if (sheet.doc && !sheet.doc->chart) add_standalone(&sheet);
    emit_close(out, ']');
    emit_close(out, '}');
    lsp_notify(server, a, "textDocument/publishDiagnostics", buf_str(&out->text));
}

static void add_path(struct arena *a, struct map *paths, struct str path) {
    map_put(a, paths, path_absolute(a, path), paths);
}

void lsp_publish(struct lsp_server *server, struct lsp_chart *chart) {
    struct arena arena = {NULL, NULL}, *a = &arena;
    struct map paths = {0};
    uint32_t before = 0;
    for (uint32_t i = 0; i < chart->published.len; i++) add_path(a, &paths, chart->published.items[i]);
    before = paths.len;
    for (uint32_t i = 0; i < chart->setup.store.problems.len; i++)
        add_path(a, &paths, place_of(a, chart, &chart->setup.store.problems.items[i]));
    for (uint32_t i = 0; i < chart->setup.store.warnings.len; i++)
        add_path(a, &paths, place_of(a, chart, &chart->setup.store.warnings.items[i]));
    for (uint32_t i = 0; chart->outcome.fresh && i < chart->outcome.result.files.len; i++)
        add_path(a, &paths, chart->outcome.result.files.items[i]->source.path);
    for (uint32_t i = before; i < paths.len; i++) {
        struct str path = arena_str(&chart->published_arena, paths.entries[i].key);
        vec_push(&chart->published_arena, &chart->published, path);
    }
    for (uint32_t i = 0; i < server->documents.len; i++) {
        const struct lsp_document *doc = server->documents.items[i];
        if (doc->open && doc->chart == chart) add_path(a, &paths, doc->path);
    }
    for (uint32_t i = 0; i < paths.len; i++) publish_file(server, a, paths.entries[i].key);
    arena_free(&arena);
}

void lsp_publish_file(struct lsp_server *server, struct str path) {
    struct arena arena = {NULL, NULL};
    publish_file(server, &arena, path);
    arena_free(&arena);
}

void lsp_unpublish(struct lsp_server *server, struct lsp_chart *chart) {
    struct arena arena = {NULL, NULL};
    chart->outcome.fresh = chart->setup.fresh = false;
    for (uint32_t i = 0; i < chart->published.len; i++) publish_file(server, &arena, chart->published.items[i]);
    arena_free(&arena);
}

/* The chart that was edited last comes first. */
static struct lsp_chart *next_chart(const struct lsp_server *server) {
    struct lsp_chart *next = NULL;
    for (uint32_t i = 0; i < server->charts.list.len; i++) {
        struct lsp_chart *chart = server->charts.list.items[i];
        if (!chart->open || chart->outcome.fresh || chart->given_up) continue;
        if (!next || (chart->urgent && !next->urgent)) next = chart;
    }
    return next;
}

bool lsp_server_work(struct lsp_server *server) {
    struct lsp_chart *chart = next_chart(server);
    for (uint32_t i = 0; !chart && i < server->documents.len; i++) {
        struct lsp_document *doc = server->documents.items[i];
        if (!doc->open || !doc->stale) continue;
        doc->stale = false;
        lsp_publish_file(server, doc->path);
        return true;
    }
    if (!chart) return false;
    chart->urgent = false;
    chart->given_up = !lsp_chart_check(&server->charts, chart);
    lsp_publish(server, chart);
    return true;
}
