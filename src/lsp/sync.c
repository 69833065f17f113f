/* What becomes of open texts, and of files that change on the disk. */
#include "base/path.h"
#include "chart/overlay.h"
#include "lsp/request.h"
#include "lsp/uri.h"

/* What a file may decide about. */
enum concern {
    CONCERN_ITSELF, /* a manifest, or any other file */
    CONCERN_CHART,  /* its own chart alone: values, overlays */
    CONCERN_WORLD,  /* charts around it, too: templates, Chart.yaml */
    CONCERN_SETUPS, /* what is in force: configuration, standards, rules */
};

/* Whether what is in force for the chart was read from the file. */
static bool is_read_for(const struct lsp_chart *chart, struct str path) {
    const struct lsp_setup *setup = &chart->setup;
    if (!setup->fresh || !setup->settings || map_get(&setup->store.files.by_path, path)) return true;
    const struct standard_files *files = &setup->settings->standard->files;
    for (uint32_t i = 0; i < files->list.len; i++)
        if (str_eq(files->list.items[i]->path, path)) return true;
    return false;
}

static enum concern concern_of(const struct lsp_server *server, struct str path, const struct lsp_chart *chart,
                               bool disk) {
    bool decides = str_eq(path_name(path), STR(".valuelint.yaml")) || (disk && !chart);
    for (uint32_t i = 0; i < server->charts.list.len && !chart; i++)
        decides = decides || (server->charts.list.items[i]->open && is_read_for(server->charts.list.items[i], path));
    if (decides) return CONCERN_SETUPS;
    if (!chart) return CONCERN_ITSELF;
    struct str below = path_relative(path, chart->folder);
    return str_eq(below, STR("values.yaml")) || overlay_is(below) ? CONCERN_CHART : CONCERN_WORLD;
}

/* An editor's text of the file is another one now; with `disk`, what the file holds. Of the charts around, what is on
 * the disk is known. */
static void touch(struct lsp_server *server, struct str path, struct lsp_chart *chart, bool disk) {
    enum concern concern = concern_of(server, path, chart, disk);
    if (concern != CONCERN_ITSELF) lsp_charts_forget_outcomes(&server->charts);
    if (disk && concern >= CONCERN_WORLD) lsp_charts_forget_world(&server->charts);
    if (disk) server->manifests.fresh = false;
    if (concern == CONCERN_SETUPS) lsp_charts_forget_setups(&server->charts);
    if (chart) chart->urgent = true;
    for (uint32_t i = 0; i < server->documents.len; i++) {
        struct lsp_document *doc = server->documents.items[i];
        bool itself = concern == CONCERN_ITSELF && str_eq(doc->path, path);
        if (concern == CONCERN_SETUPS || itself || (disk && doc->is_manifest)) doc->stale = !doc->chart;
    }
}

void lsp_did_open(struct lsp_call *call) {
    struct lsp_server *s = call->server;
    struct str uri = rpc_text(call->params, "textDocument.uri"), text = rpc_text(call->params, "textDocument.text");
    int64_t version = rpc_number(call->params, "textDocument.version", 0);
    struct lsp_document *doc = lsp_documents_open(&s->documents, &s->arena, uri, version, text);
    if (!doc) return;
    if (!doc->chart) doc->chart = lsp_charts_open(&s->charts, doc->path);
    doc->is_manifest = !doc->chart && lsp_manifests_hold(call->arena, s->options->overrides, doc->path);
    touch(s, doc->path, doc->chart, false);
}

void lsp_did_change(struct lsp_call *call) {
    if (!call->doc) return;
    int64_t version = rpc_number(call->params, "textDocument.version", call->doc->version);
    lsp_documents_change(call->doc, version, rpc_at(call->params, "contentChanges"));
    touch(call->server, call->doc->path, call->doc->chart, false);
}

void lsp_did_save(struct lsp_call *call) {
    struct lsp_server *s = call->server;
    if (!call->doc) return;
    touch(s, call->doc->path, call->doc->chart, true);
    if (s->client.watches_files) return;
    /* Nobody tells what else has changed on the disk: it is looked at again now and then. */
    lsp_charts_forget_setups(&s->charts);
    lsp_charts_forget_world(&s->charts);
}

void lsp_did_close(struct lsp_call *call) {
    struct lsp_server *s = call->server;
    if (!call->doc) return;
    struct lsp_chart *chart = call->doc->chart;
    bool used = false;
    lsp_documents_close(call->doc);
    for (uint32_t i = 0; i < s->documents.len; i++)
        used = used || (s->documents.items[i]->open && s->documents.items[i]->chart == chart);
    touch(s, call->doc->path, chart, false);
    if (!chart) lsp_publish_file(s, call->doc->path);
    if (!chart || used) return;
    lsp_unpublish(s, chart);
    lsp_charts_close(chart);
}

/* The chart that the file lies in, of those that are open. */
static struct lsp_chart *chart_around(const struct lsp_server *server, struct str path) {
    struct lsp_chart *nearest = NULL;
    for (uint32_t i = 0; i < server->charts.list.len; i++) {
        struct lsp_chart *chart = server->charts.list.items[i];
        if (!chart->open || !path_is_below(path, chart->folder)) continue;
        if (!nearest || chart->folder.len > nearest->folder.len) nearest = chart;
    }
    return nearest;
}

void lsp_did_change_watched_files(struct lsp_call *call) {
    struct lsp_server *s = call->server;
    const struct value *changes = rpc_at(call->params, "changes");
    for (uint32_t i = 0; changes && changes->kind == VALUE_LIST && i < changes->list.len; i++) {
        struct str path = lsp_uri_path(call->arena, rpc_text(&changes->list.items[i], "uri"));
        if (path.len == 0) continue;
        struct lsp_chart *chart = chart_around(s, path);
        touch(s, path, chart, true);
        bool changed = rpc_number(&changes->list.items[i], "type", 0) == 2; /* else there is another set of files */
        if (!changed) lsp_charts_forget_setups(&s->charts);
    }
}
