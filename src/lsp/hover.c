/* What is known of the value at a place: what the standard says of it, which files set it and to what, which templates
 * read it, and where it ends in what Helm prints. */
#include "base/path.h"
#include "check/secrets.h"
#include "lsp/context.h"
#include "lsp/fields.h"
#include "lsp/request.h"
#include "lsp/words.h"
#include "text/secret.h"
#include "value/json.h"
#include "value/pointer.h"

/* Places of a kind that a hover lists; the others are counted. */
#define PLACES_MOST 8

struct hover {
    struct lsp_call *call;
    struct arena *arena;
    struct lsp_chart *chart; /* of the document, checked; NULL where that cannot be */
    const struct lsp_target *target;
    struct buf out;
};

/* The path as seen from the chart of the document. */
static struct str shown_path(const struct hover *h, struct str path) {
    return path_between(h->arena, h->call->doc->chart->folder, path_absolute(h->arena, path));
}

static struct str json_of(struct arena *a, const struct value *value) {
    struct buf out = buf_in(a);
    json_write(&out, value, JSON_ONE_LINE);
    return buf_str(&out);
}

/* A heading, before the first item of a list, and the items beyond those that are shown. */
static void add_item(struct hover *h, uint32_t index, const char *heading) {
    if (index == 0) buf_addf(&h->out, "\n%s\n", heading);
    buf_add(&h->out, STR("- "));
}

static void add_rest(struct hover *h, uint32_t count) {
    if (count > PLACES_MOST) buf_addf(&h->out, "- and %u more\n", count - PLACES_MOST);
}

/* ---- the standard ---- */

static void add_old_places(struct hover *h, const struct standard *standard, const struct schema_property *property) {
    bool any = false;
    for (uint32_t i = 0; i < standard->legacies.len; i++) {
        const struct legacy *legacy = standard->legacies.entries[i].value;
        for (uint32_t k = 0; k < legacy->targets.len; k++) {
            if (legacy->targets.items[k] != property) continue;
            buf_add(&h->out, any ? STR(", ") : STR("\nOld places: "));
            lsp_add_code(&h->out, legacy->path);
            any = true;
        }
    }
    if (any) buf_add_char(&h->out, '\n');
}

static void add_property(struct hover *h, const struct settings *settings, const struct standard *standard,
                         const struct schema_property *property) {
    struct lsp_values choices = {NULL, 0, 0};
    struct value value;
    struct str types = lsp_types_of(h->arena, property);
    if (types.len) buf_addf(&h->out, " %.*s", STR_ARG(types));
    if (property->required) buf_add(&h->out, STR(", required"));
    if (property->condition) buf_add(&h->out, STR(", under a condition"));
    buf_add_char(&h->out, '\n');
    if (property->description.len) buf_addf(&h->out, "\n%.*s\n", STR_ARG(property->description));
    lsp_choices_of(h->arena, standard, property, &choices);
    for (uint32_t i = 0; i < choices.len; i++) {
        buf_add(&h->out, i ? STR(", ") : STR("\nAllowed: "));
        lsp_add_code(&h->out, json_of(h->arena, choices.items[i]));
    }
    if (choices.len) buf_add_char(&h->out, '\n');
    if (lsp_default_of(h->arena, settings, property, h->chart->outcome.result.chart, &value)) {
        buf_add(&h->out, STR("\nDefault of the standard: "));
        lsp_add_code(&h->out, json_of(h->arena, &value));
        buf_add_char(&h->out, '\n');
    }
    add_old_places(h, standard, property);
}

static void add_standard(struct hover *h, struct str path) {
    lsp_add_code(&h->out, path);
    if (!h->chart) return;
    const struct settings *settings = h->chart->setup.settings;
    const struct standard *standard = lsp_standard_of(settings, h->chart->outcome.result.without_standard);
    const struct schema_property *property = standard_property(standard, path);
    const struct legacy *legacy = standard_legacy(standard, path);
    if (property) {
        add_property(h, settings, standard, property);
    } else if (legacy) {
        buf_add(&h->out, STR(" is an old place of "));
        lsp_add_code(&h->out, legacy->targets.items[0]->path);
        buf_add_char(&h->out, '\n');
    } else {
        buf_add_char(&h->out, '\n');
    }
}

/* ---- layers ---- */

/* The value as Helm reads it, without what is secret in it. */
static struct str shown_value(struct hover *h, struct lsp_layer *layer, const struct value *value) {
    if (h->chart) {
        struct findings none = {NULL, 0, 0};
        struct reporter f =
            reporter_on(h->arena, &h->chart->setup.checks, h->chart->setup.settings, &layer->source, &none);
        f.tree = &layer->tree;
        if (!layer->of_parent) lint_secrets(&f, &layer->values);
    }
    secrets_find(h->arena, &layer->source);
    return secrets_mask(h->arena, &layer->source, json_of(h->arena, value));
}

static void add_layers(struct hover *h) {
    struct lsp_layers layers = {NULL, 0, 0};
    uint32_t count = 0;
    lsp_layers_of(h->call, h->target->folder, &layers);
    for (uint32_t i = 0; i < layers.len; i++) {
        struct lsp_layer *layer = layers.items[i];
        const struct member *member = lsp_layer_member(layer, h->target->keys, h->target->count);
        if (!member || count++ >= PLACES_MOST) continue;
        uint32_t line = source_position(&layer->source, member->key_span.start).line;
        add_item(h, count - 1, "Set by, as Helm reads it:");
        buf_addf(&h->out, "%.*s:%u: ", STR_ARG(shown_path(h, layer->source.path)), line);
        lsp_add_code(&h->out, shown_value(h, layer, &member->value));
        buf_add_char(&h->out, '\n');
    }
    add_rest(h, count);
}

/* ---- templates ---- */

static void add_reads(struct hover *h) {
    struct lsp_templates templates = {NULL, 0, 0};
    uint32_t count = 0;
    lsp_templates_of(h->call, h->target->folder, &templates);
    for (uint32_t i = 0; i < templates.len; i++) {
        const struct lsp_template *template = templates.items[i];
        for (uint32_t k = 0; k < template->reads.len; k++) {
            const struct refs_read *read = &template->reads.items[k];
            if (!keys_lead(h->target->keys, h->target->count, read->keys, read->count)) continue;
            if (count++ >= PLACES_MOST) continue;
            add_item(h, count - 1, "Read by:");
            buf_addf(&h->out, "%.*s:%u: ", STR_ARG(shown_path(h, template->source.path)),
                     source_position(&template->source, read->span.start).line);
            lsp_add_code(&h->out, span_text(template->source.text, read->span));
            buf_add_char(&h->out, '\n');
        }
    }
    add_rest(h, count);
}

/* ---- what is printed ---- */

static void add_fields(struct hover *h) {
    struct lsp_fields fields = {.message = STR("")};
    lsp_fields_of(h->call, h->target, &fields);
    for (uint32_t i = 0; i < fields.list.len && i < PLACES_MOST; i++) {
        const struct lsp_field *field = &fields.list.items[i];
        add_item(h, i, "Ends in:");
        if (field->kind.len) buf_addf(&h->out, "%.*s ", STR_ARG(field->kind));
        if (field->name.len) lsp_add_code(&h->out, field->name);
        buf_add(&h->out, STR(": "));
        lsp_add_code(&h->out, field->path);
        buf_add_char(&h->out, '\n');
    }
    add_rest(h, fields.list.len);
    if (fields.message.len) {
        buf_add(&h->out, STR("\nThe templates do not render: "));
        lsp_add_code(&h->out, fields.message);
        buf_add_char(&h->out, '\n');
    }
}

/* The same without Markdown: a client that knows none shows it as it is. */
static struct str plain(struct arena *a, struct str text) {
    struct buf out = buf_in(a);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '`') buf_add_char(&out, text.ptr[i]);
    return buf_str(&out);
}

void lsp_hover(struct lsp_call *call) {
    struct lsp_target target;
    if (!lsp_target_at(call, &target)) return;
    struct hover h = {call, call->arena, lsp_call_chart(call), &target, buf_in(call->arena)};
    bool markdown = call->server->client.markdown;
    add_standard(&h, keys_dotted(call->arena, target.keys, target.count));
    add_layers(&h);
    add_reads(&h);
    add_fields(&h);
    emit_open(&call->result, '{');
    emit_key(&call->result, "contents");
    emit_open(&call->result, '{');
    emit_put_text(&call->result, "kind", markdown ? STR("markdown") : STR("plaintext"));
    emit_put_text(&call->result, "value", markdown ? buf_str(&h.out) : plain(call->arena, buf_str(&h.out)));
    emit_close(&call->result, '}');
    lsp_put_range(&call->result, "range", &call->doc->lines, target.span);
    emit_close(&call->result, '}');
}
