/* The evaluator keeps, for each run of bytes that it prints, which values it shows (template/eval/go_value.h). Where
 * such a run lies in a document that is YAML, the node around it is the field. */
#include "lsp/fields.h"

#include "base/path.h"
#include "chart/overlay.h"
#include "object/object.h"
#include "render/render.h"
#include "value/pointer.h"

/* What one render may cost: more than any chart that is known, and little enough for an editor. */
#define STEPS_MAX UINT64_C(5000000)
#define BYTES_MAX (UINT64_C(16) << 20)
#define FIELDS_MOST 200

struct follower {
    struct arena *arena;
    const struct lsp_target *target;
    struct lsp_fields *fields;
    struct map seen;
};

/* Whether the path, in the values of the chart that is rendered, is the target or lies below it. */
static bool is_target(const struct lsp_target *target, const struct go_path *path) {
    uint32_t depth = 0;
    if (path->layer && path->layer->prefix.len) return false;
    for (const struct go_path *at = path; at && at->parent; at = at->parent) depth++;
    for (const struct go_path *at = path; at && at->parent; at = at->parent, depth--)
        if (depth <= target->count && !str_eq(at->key, target->keys[depth - 1])) return false;
    depth = 0;
    for (const struct go_path *at = path; at && at->parent; at = at->parent) depth++;
    return depth >= target->count;
}

static bool shows_target(const struct follower *f, const struct go_run *run) {
    for (uint32_t i = 0; run->paths && i < run->paths->count; i++)
        if (is_target(f->target, run->paths->items[i])) return true;
    return false;
}

/* The path of the innermost value whose text holds a byte of `span`; empty for none. */
static struct str field_at(struct arena *a, const struct value *value, struct span span, const struct step *step) {
    for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->map.len; i++) {
        const struct member *member = &value->map.members[i];
        struct step next = {step, member->key, 0};
        if (span.start < member->value.span.end && span.end > member->key_span.start)
            return field_at(a, &member->value, span, &next);
    }
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->list.len; i++) {
        struct step next = {step, {NULL, 0}, i};
        const struct value *item = &value->list.items[i];
        if (span.start < item->span.end && span.end > item->span.start) return field_at(a, item, span, &next);
    }
    return step ? step_dotted(a, step) : STR("");
}

static void add_field(struct follower *f, const struct object *object, struct span span) {
    struct lsp_field field = {object->kind, object->name, field_at(f->arena, object->root, span, NULL)};
    struct str key =
        arena_printf(f->arena, "%.*s\n%.*s\n%.*s", STR_ARG(field.kind), STR_ARG(field.name), STR_ARG(field.path));
    bool inside = object->root->span.start < span.end && span.start < object->root->span.end;
    if (!inside || field.path.len == 0 || f->fields->list.len >= FIELDS_MOST) return;
    if (!map_put(f->arena, &f->seen, key, f)) vec_push(f->arena, &f->fields->list, field);
}

static void follow(struct follower *f, const struct manifests *manifests) {
    for (uint32_t i = 0; i < manifests->len; i++) {
        const struct go_value *text = &manifests->items[i].text;
        struct object_document *document = arena_new(f->arena, struct object_document);
        struct objects objects = {NULL, 0, 0};
        if (!text->runs || !object_read(f->arena, text, document, &objects)) continue;
        uint32_t from = 0;
        for (uint32_t r = 0; r < text->runs->count; from = text->runs->items[r++].end) {
            if (!shows_target(f, &text->runs->items[r])) continue;
            for (uint32_t o = 0; o < objects.len; o++)
                add_field(f, &objects.items[o], span_make(from, text->runs->items[r].end));
        }
    }
}

void lsp_fields_of(struct lsp_call *call, const struct lsp_target *target, struct lsp_fields *fields) {
    struct arena *a = call->arena;
    struct file_texts texts = lsp_documents_texts(&call->server->documents, a);
    struct go_env env = {.arena = a, .budget = {STEPS_MAX, BYTES_MAX, 0}, .helm = 3, .trace = true, .texts = &texts};
    struct render_options options = {
        .chart = arena_str(a, target->folder),
        .root = {.release = STR("release-name"), .name_space = STR("default")},
    };
    struct follower follower = {.arena = a, .target = target, .fields = fields};
    struct render_result *result = arena_new(a, struct render_result);
    struct str below = path_relative(call->doc->path, target->folder);
    if (overlay_is(below)) vec_push(a, &options.values, call->doc->path); /* with what it sets */
    render_chart(&env, &options, result);
    bool said = result->stage >= RENDER_VALUES && result->stage != RENDER_DONE;
    if (said) fields->message = result->message;
    follow(&follower, &result->manifests);
    follow(&follower, &result->hooks);
}
