#include "object/object.h"

#include "yaml/read.h"

static bool holes_in_lines(const struct go_value *text) {
    for (uint32_t i = 0; text->runs && i < text->runs->count; i++)
        if (text->runs->items[i].hole && !text->runs->items[i].hole->one_line) return false;
    return true;
}

/* The text with each placeholder as letters, so that offsets stay. */
static struct str without_holes(struct arena *a, const struct go_value *text) {
    uint32_t from = 0;
    if (go_known(text)) return text->text;
    char *bytes = arena_alloc_raw(a, text->text.len + 1);
    memcpy(bytes, text->text.ptr, text->text.len);
    bytes[text->text.len] = '\0';
    for (uint32_t i = 0; i < text->runs->count; i++) {
        const struct go_run *run = &text->runs->items[i];
        if (run->hole) memset(bytes + from, 'u', run->end - from);
        from = run->end;
    }
    return (struct str){bytes, text->text.len};
}

static struct str text_of(const struct value *v) {
    return v && v->kind == VALUE_STRING ? v->string : STR("");
}

static void add_object(struct arena *a, const struct object_document *document, const struct value *root,
                       struct objects *objects) {
    const struct value *items = value_get(root, STR("items"));
    struct object object = {.document = document, .root = root};
    if (root->kind != VALUE_MAP) return;
    object.kind = text_of(value_get(root, STR("kind")));
    object.api_version = text_of(value_get(root, STR("apiVersion")));
    object.name = text_of(value_get(value_get(root, STR("metadata")), STR("name")));
    if (str_eq(object.kind, STR("List")) && items && items->kind == VALUE_LIST) {
        for (uint32_t i = 0; i < items->list.len; i++) add_object(a, document, &items->list.items[i], objects);
        return;
    }
    vec_push(a, objects, object);
}

bool object_read(struct arena *a, const struct go_value *text, struct object_document *document,
                 struct objects *objects) {
    struct yaml_issues issues = {NULL, 0, 0};
    *document = (struct object_document){.text = text};
    if (!holes_in_lines(text)) return false;
    document->source.text = without_holes(a, text);
    if (!read_text_values(a, &document->source, &document->tree, &document->root, &issues)) return false;
    add_object(a, document, &document->root, objects);
    return true;
}

uint32_t object_run_at(const struct go_runs *runs, uint32_t at) {
    uint32_t low = 0, high = runs ? runs->count : 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (runs->items[middle].end > at) high = middle;
        else low = middle + 1;
    }
    return low;
}

struct object_origin object_origin(const struct go_value *text, struct span span) {
    struct object_origin origin = {NULL, {0, 0}, NULL};
    uint32_t first = object_run_at(text->runs, span.start);
    uint32_t from = first > 0 ? text->runs->items[first - 1].end : 0;
    for (uint32_t i = first; text->runs && i < text->runs->count && from <= span.end; i++) {
        const struct go_run *run = &text->runs->items[i];
        uint32_t start = from > span.start ? from : span.start, end = run->end < span.end ? run->end : span.end;
        bool overlaps = start < end || (span.start == span.end && from <= span.start && span.start < run->end);
        if (overlaps && run->site && (!origin.site || run->paths)) {
            bool literal = run->site->end - run->site->start == run->end - from;
            origin.site = run->site;
            origin.within = literal ? span_make(run->site->start + (start - from), run->site->start + (end - from))
                                    : (struct span){0, 0};
            origin.values = run->paths;
            if (run->paths) break;
        }
        from = run->end;
    }
    return origin;
}
