/* What can be done about the findings at a place: a fix, safe or not, of one or of all of a rule; a comment that
 * suppresses; a look at the rule; and all safe fixes of the chart at once.
 *
 * A fix is planned for the rule in the whole chart, since what --fix writes has to hold for all of its files; where it
 * lies inside of a finding's own text, that part can be had alone. */
#include "base/path.h"
#include "check/ignore_comment.h"
#include "lsp/edits.h"
#include "lsp/request.h"

#define KIND_FIX STR("quickfix")
#define KIND_FIX_ALL STR("source.fixAll.valuelint")

struct actions {
    struct lsp_call *call;
    struct arena *arena;
    struct lsp_chart *chart;
    const struct lint_file *file; /* the findings of the document */
    struct span range;
    struct map seen;  /* rules for which actions are there */
    struct map plans; /* id of a rule -> struct lsp_edits */
};

/* Whether the client asks for actions of that kind, or of all. */
static bool wants(const struct actions *x, struct str kind) {
    const struct value *only = rpc_at(x->call->params, "context.only");
    if (!only || only->kind != VALUE_LIST || only->list.len == 0) return true;
    for (uint32_t i = 0; i < only->list.len; i++) {
        struct str item = only->list.items[i].kind == VALUE_STRING ? only->list.items[i].string : STR("?");
        if (str_starts(kind, item) && (kind.len == item.len || item.len == 0 || kind.ptr[item.len] == '.')) return true;
    }
    return false;
}

static struct emit *begin(struct actions *x, struct str title, struct str kind) {
    struct emit *out = &x->call->result;
    emit_open(out, '{');
    emit_put_text(out, "title", title);
    emit_put_text(out, "kind", kind);
    return out;
}

static void add_edit(struct actions *x, struct str title, struct str kind, bool preferred,
                     const struct lsp_edits *edits) {
    if (edits->len == 0) return;
    struct emit *out = begin(x, title, kind);
    if (preferred) emit_put_bool(out, "isPreferred", true);
    emit_key(out, "edit");
    lsp_put_edit(x->call, out, edits);
    emit_close(out, '}');
}

/* The settings with one rule alone. */
static const struct settings *settings_for(struct actions *x, const struct check *check) {
    const struct settings *all = x->chart->setup.settings;
    if (x->chart->outcome.result.without_standard && all->without_standard) all = all->without_standard;
    struct settings *one = arena_new(x->arena, struct settings);
    *one = *all;
    one->without_standard = NULL;
    one->enabled = arena_array(x->arena, bool, all->rules->rules.len);
    one->enabled[check->index] = true;
    return one;
}

/* The edits of a plan; none where it does not hold. */
static void plan(struct actions *x, const struct settings *settings, bool unsafe, struct lsp_edits *edits) {
    const struct fix_result *fixed = lsp_plan(x->call, x->chart, settings, unsafe, NULL);
    if (!fixed->bug.len && !fixed->stopped.reason.len) lsp_edits_of(x->call, fixed, edits);
}

/* The plan of a rule, made once. */
static const struct lsp_edits *plan_of(struct actions *x, const struct check *check, bool unsafe) {
    struct lsp_edits *edits = map_get(&x->plans, check->id);
    if (edits) return edits;
    edits = arena_new(x->arena, struct lsp_edits);
    plan(x, settings_for(x, check), unsafe, edits);
    map_put(x->arena, &x->plans, check->id, edits);
    return edits;
}

/* The edits inside of the finding's own text; none where its fix reaches beyond it: half of one would do harm. */
static struct edits own_edits(struct actions *x, const struct finding *finding, const struct lsp_edits *all) {
    struct edits own = {NULL, 0, 0}, none = {NULL, 0, 0};
    struct span span = finding->span;
    for (uint32_t f = 0; f < all->len && span_len(span) && !finding->key_count; f++) {
        if (!str_eq(path_absolute(x->arena, all->items[f].source->path), x->call->doc->path)) continue;
        for (uint32_t i = 0; i < all->items[f].edits.len; i++) {
            const struct edit *edit = &all->items[f].edits.items[i];
            if (edit->span.end < span.start || edit->span.start > span.end) continue;
            bool lines = str_find_char(edit->text, '\n') < edit->text.len;
            if (lines || !span_contains(span, edit->span)) return none;
            vec_push(x->arena, &own, *edit);
        }
    }
    return own;
}

static uint32_t count_edits(const struct lsp_edits *all) {
    uint32_t count = 0;
    for (uint32_t f = 0; f < all->len; f++) count += all->items[f].edits.len;
    return count;
}

/* The fix of this finding alone, where that can be had; and that of the rule in the chart. */
static void add_fix(struct actions *x, const struct finding *finding, bool known) {
    const struct check *check = finding->check;
    bool unsafe = finding->fix == FIX_UNSAFE;
    const char *warning = unsafe ? " (unsafe: changes rendered output)" : "";
    const struct lsp_edits *all = plan_of(x, check, unsafe);
    struct edits own = own_edits(x, finding, all);
    if (own.len) {
        struct lsp_edits one = {NULL, 0, 0};
        vec_push(x->arena, &one, (struct lsp_edit_file){&x->file->source, own});
        add_edit(x, arena_printf(x->arena, "Fix this %.*s (%.*s)%s", STR_ARG(check->id), STR_ARG(check->name), warning),
                 KIND_FIX, !unsafe, &one);
    }
    if (known || own.len == count_edits(all)) return;
    add_edit(
        x,
        arena_printf(x->arena, "Fix all %.*s (%.*s) in the chart%s", STR_ARG(check->id), STR_ARG(check->name), warning),
        KIND_FIX, !unsafe && own.len == 0, all);
}

static void add_suppression(struct actions *x, const struct finding *finding) {
    struct ignore_wish wish = {finding->check->id, finding->span};
    struct ignore_wishes wishes = {&wish, 1, 1};
    struct lsp_edits edits = {NULL, 0, 0};
    if (!x->file->is_values || !x->file->tree) return;
    struct lsp_edit_file file = {&x->file->source, suppress_with_comments(x->arena, x->file->tree, &wishes, STR(""))};
    if (file.edits.len) vec_push(x->arena, &edits, file);
    bool whole = span_len(finding->span) == 0 && finding->span.start == 0;
    add_edit(x,
             arena_printf(x->arena, "Suppress %.*s %s with a comment", STR_ARG(finding->check->id),
                          whole ? "in this file" : "here"),
             KIND_FIX, false, &edits);
}

static void add_rule(struct actions *x, const struct check *check) {
    struct str title = arena_printf(x->arena, "Open rule %.*s (%.*s)", STR_ARG(check->id), STR_ARG(check->name));
    struct emit *out = begin(x, title, KIND_FIX);
    emit_key(out, "command");
    emit_open(out, '{');
    emit_put_text(out, "title", title);
    emit_put_text(out, "command", LSP_OPEN_RULE);
    emit_key(out, "arguments");
    emit_open(out, '[');
    emit_text(out, check->id);
    emit_close(out, ']');
    emit_close(out, '}');
    emit_close(out, '}');
}

static void add_actions(struct actions *x, const struct finding *finding) {
    struct str place = arena_printf(x->arena, "%.*s %u", STR_ARG(finding->check->id), finding->span.start);
    bool known = map_put(x->arena, &x->seen, finding->check->id, x) != NULL;
    if (finding->fix != FIX_NONE) add_fix(x, finding, known);
    if (!map_put(x->arena, &x->seen, place, x)) add_suppression(x, finding);
    if (!known) add_rule(x, finding->check);
}

static bool touches(struct span finding, struct span range) {
    return finding.start <= range.end && range.start <= (finding.end > finding.start ? finding.end : finding.start);
}

/* The range that is asked about; its lines as a whole, since a cursor stands somewhere on them. */
static bool read_range(struct lsp_call *call, struct span *range) {
    const struct lsp_lines *lines = &call->doc->lines;
    struct lsp_position start, end;
    if (!lsp_position_read(rpc_at(call->params, "range.start"), &start) ||
        !lsp_position_read(rpc_at(call->params, "range.end"), &end))
        return false;
    start.character = 0;
    end.character = UINT32_MAX;
    *range = (struct span){lsp_offset_at(lines, start), lsp_offset_at(lines, end)};
    return range->start <= range->end;
}

void lsp_code_action(struct lsp_call *call) {
    struct actions x = {.call = call, .arena = call->arena, .chart = lsp_call_chart(call)};
    emit_open(&call->result, '[');
    if (x.chart && call->server->client.action_literals && read_range(call, &x.range)) {
        const struct lint_result *result = &x.chart->outcome.result;
        for (uint32_t i = 0; i < result->files.len; i++)
            if (str_eq(path_absolute(x.arena, result->files.items[i]->source.path), call->doc->path))
                x.file = result->files.items[i];
        for (uint32_t i = 0; x.file && wants(&x, KIND_FIX) && i < x.file->findings.len; i++)
            if (touches(x.file->findings.items[i].span, x.range)) add_actions(&x, &x.file->findings.items[i]);
        if (wants(&x, KIND_FIX_ALL)) {
            struct lsp_edits edits = {NULL, 0, 0};
            plan(&x, x.chart->setup.settings, false, &edits);
            add_edit(&x, STR("Apply all safe fixes of valuelint to the chart"), KIND_FIX_ALL, false, &edits);
        }
    }
    emit_close(&call->result, ']');
}
