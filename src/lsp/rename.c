/* Rename: the same move as `valuelint mv` plans, as edits of the texts as the editor has them. All of it, or nothing
 * with the reason. */
#include "base/path.h"
#include "lsp/edits.h"
#include "lsp/request.h"
#include "value/pointer.h"

void lsp_prepare_rename(struct lsp_call *call) {
    struct lsp_target target;
    if (!lsp_target_at(call, &target)) return;
    emit_open(&call->result, '{');
    lsp_put_range(&call->result, "range", &call->doc->lines, target.span);
    emit_put_text(&call->result, "placeholder", target.keys[target.count - 1]);
    emit_close(&call->result, '}');
}

/* The new path: a name alone takes the place of the last key, anything else is a whole path. */
static struct str new_path(struct arena *a, const struct lsp_target *target, struct str name) {
    bool whole = str_find_char(name, '.') < name.len || str_find_char(name, '[') < name.len;
    struct str *keys = arena_array(a, struct str, target->count);
    if (whole) return name;
    memcpy(keys, target->keys, sizeof *keys * target->count);
    keys[target->count - 1] = name;
    return keys_dotted(a, keys, target->count);
}

/* Why the plan holds nothing, in one line; empty where it holds all. */
static struct str refusal_of(struct arena *a, const struct fix_result *fixed, const struct fix_rename *rename) {
    const struct fix_refusal *refusal = fixed->stopped.reason.len ? &fixed->stopped
                                        : fixed->refused.len      ? &fixed->refused.items[0]
                                                                  : NULL;
    if (fixed->bug.len) return fixed->bug;
    if (refusal && refusal->about) {
        source_lines(a, refusal->about);
        return arena_printf(a, "%.*s:%u: %.*s", STR_ARG(refusal->about->path),
                            source_position(refusal->about, refusal->span.start).line, STR_ARG(refusal->reason));
    }
    if (refusal) return refusal->reason;
    if (fixed->unread) return STR("a values file of the chart cannot be read");
    if (fixed->files.len) return STR("");
    return arena_printf(a, "nothing sets or reads `%.*s`", STR_ARG(rename->from_text));
}

static void rename_value(struct lsp_call *call, struct lsp_chart *chart, const struct fix_rename *rename) {
    struct lsp_edits edits = {NULL, 0, 0};
    const struct fix_result *fixed = lsp_plan(call, chart, chart->setup.settings, false, rename);
    struct str refusal = refusal_of(call->arena, fixed, rename);
    if (refusal.len) lsp_fail(call, RPC_REQUEST_FAILED, refusal);
    else if (!lsp_edits_of(call, fixed, &edits))
        lsp_fail(call, RPC_REQUEST_FAILED, STR("a file changed meanwhile; save all files and try again"));
    else lsp_put_edit(call, &call->result, &edits);
}

void lsp_rename(struct lsp_call *call) {
    struct arena *a = call->arena;
    struct lsp_charts *charts = &call->server->charts;
    struct str name = rpc_text(call->params, "newName");
    struct lsp_target target;
    struct fix_rename rename;
    struct error error;
    if (!lsp_target_at(call, &target)) {
        lsp_fail(call, RPC_REQUEST_FAILED, STR("no value stands here"));
        return;
    }
    if (!fix_rename_parse(a, keys_dotted(a, target.keys, target.count), new_path(a, &target, name), &rename, &error)) {
        lsp_fail(call, RPC_INVALID_PARAMS, arena_str(a, str_from(error.message)));
        return;
    }
    /* The chart whose value it is may be another one than that of the document. */
    struct lsp_chart *chart = lsp_charts_open(charts, path_join(a, target.folder, STR("Chart.yaml")));
    if (!chart || !lsp_chart_check(charts, chart))
        lsp_fail(call, RPC_REQUEST_FAILED, STR("the chart of the value cannot be checked"));
    else rename_value(call, chart, &rename);
    bool used = false;
    for (uint32_t i = 0; i < call->server->documents.len; i++)
        used = used || (call->server->documents.items[i]->open && call->server->documents.items[i]->chart == chart);
    if (chart && !used) lsp_charts_close(chart);
}
