#include "check/own_schema.h"

#include "base/path.h"
#include "value/json.h"

/* Helm loads nothing from the file system, and from the network what we do not. */
static const struct value *resolve(void *data, struct str uri) {
    struct own_schema *own = data;
    own->remote = own->remote || str_starts(uri, STR("http://")) || str_starts(uri, STR("https://"));
    return NULL;
}

void own_schema_read(struct arena *a, const struct file_texts *texts, struct str folder, struct own_schema *own) {
    struct schema_options options = {.draft = SCHEMA_DRAFT_7, .resolve = resolve, .resolve_data = own};
    struct value *document = arena_new(a, struct value);
    struct schema_error schema_error;
    struct json_error json_error;
    struct error error;
    *own = (struct own_schema){.source = {.path = path_join(a, folder, STR("values.schema.json"))}};
    if (!file_text_at(texts, own->source.path) && file_kind(own->source.path.ptr) != FILE_REGULAR) return;
    if (!file_read_or(texts, a, own->source.path, INPUT_MAX, &own->source.text, &error)) {
        own->problem = arena_str(a, str_from(error.message));
    } else if (!json_parse(a, own->source.text, document, &json_error)) {
        own->problem = arena_printf(a, "this is not JSON: %s", json_error.message);
        own->span = (struct span){json_error.offset, json_error.offset};
        document = NULL;
    } else if (!(own->schema = schema_compile(a, document, &options, &schema_error))) {
        own->problem = own->remote
                           ? STR("it refers to a schema on the network, which valuelint does not load; the values are "
                                 "not checked against it")
                           : arena_str(a, str_from(schema_error.message));
        own->span = schema_error.span;
    }
    own->document = own->source.text.len ? document : NULL;
}
