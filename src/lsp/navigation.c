/* Where a value is set, and where it is read: definition and references, from values and templates alike. */
#include "base/path.h"
#include "lsp/context.h"
#include "lsp/request.h"
#include "lsp/words.h"
#include "value/pointer.h"

/* The place of the value in each layer that sets it. `own`: in the chart's own files, `around`: in those of charts
 * around it. */
static void put_layers(struct lsp_call *call, const struct lsp_target *target, bool own, bool around) {
    struct lsp_layers layers = {NULL, 0, 0};
    lsp_layers_of(call, target->folder, &layers);
    for (uint32_t i = 0; i < layers.len; i++) {
        const struct lsp_layer *layer = layers.items[i];
        if (layer->of_parent ? !around : !own) continue;
        const struct member *member = lsp_layer_member(layer, target->keys, target->count);
        if (member) lsp_put_location(call, &call->result, &layer->source, member->key_span);
    }
}

/* The chart's values.yaml, where it sets the value; false where it does not, or the place is there. */
static bool put_default(struct lsp_call *call, const struct lsp_target *target) {
    struct lsp_layers layers = {NULL, 0, 0};
    lsp_layers_of(call, target->folder, &layers);
    for (uint32_t i = 0; i < layers.len; i++) {
        const struct lsp_layer *layer = layers.items[i];
        if (layer->of_parent || !str_eq(path_name(layer->source.path), STR("values.yaml"))) continue;
        const struct member *member = lsp_layer_member(layer, target->keys, target->count);
        if (!member || str_eq(path_absolute(call->arena, layer->source.path), call->doc->path)) return false;
        lsp_put_location(call, &call->result, &layer->source, member->key_span);
        return true;
    }
    return false;
}

/* What the standard says of the value, where that stands in a file. */
static void put_property(struct lsp_call *call, const struct lsp_target *target) {
    struct lsp_chart *chart = lsp_call_chart(call);
    if (!chart) return;
    const struct standard *standard = lsp_standard_of(chart->setup.settings, chart->outcome.result.without_standard);
    const struct schema_property *property =
        standard_property(standard, keys_dotted(call->arena, target->keys, target->count));
    if (standard->is_builtin || !property || !property->schema || span_len(property->schema->span) == 0) return;
    const struct standard_file *file = standard_files_of(&standard->files, property->schema->span);
    if (!file) return;
    struct span span = {property->schema->span.start - file->start, property->schema->span.end - file->start};
    lsp_put_location(call, &call->result, &file->document.source, span);
}

void lsp_definition(struct lsp_call *call) {
    struct lsp_target target;
    emit_open(&call->result, '[');
    if (lsp_target_at(call, &target)) {
        if (target.role == LSP_TEMPLATE) put_layers(call, &target, true, true);
        else if (!put_default(call, &target)) put_property(call, &target);
    }
    emit_close(&call->result, ']');
}

/* The part of a reference that names the target's last key. */
static struct span named_part(const struct lsp_target *target, const struct refs_read *read) {
    uint32_t above = read->count - read->part_count; /* keys that are not written here */
    if (target->count <= above) return read->span;
    return (struct span){read->span.start, read->parts[target->count - above - 1].span.end};
}

void lsp_references(struct lsp_call *call) {
    struct lsp_templates templates = {NULL, 0, 0};
    struct lsp_target target;
    emit_open(&call->result, '[');
    if (lsp_target_at(call, &target)) {
        put_layers(call, &target, rpc_true(call->params, "context.includeDeclaration"), true);
        lsp_templates_of(call, target.folder, &templates);
        for (uint32_t i = 0; i < templates.len; i++) {
            const struct lsp_template *template = templates.items[i];
            for (uint32_t k = 0; k < template->reads.len; k++) {
                const struct refs_read *read = &template->reads.items[k];
                if (!keys_lead(target.keys, target.count, read->keys, read->count)) continue;
                lsp_put_location(call, &call->result, &template->source, named_part(&target, read));
            }
        }
    }
    emit_close(&call->result, ']');
}
