/* JSON Schema: the input is a JSON list of a schema and an instance (or only a schema, with the draft given by
 * `$schema`). Whatever it is, compiling, validating and putting violations into words must end, and end well. */
#include <stddef.h>
#include <stdint.h>

#include "schema/schema.h"
#include "value/json.h"

#define STEPS 20000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use_schema(struct arena *a, const struct schema *schema, const struct value *instance) {
    struct violations found = {NULL, 0, 0};
    bool valid = schema_validate(schema, a, instance, &found);
    if (valid != (found.len == 0)) base_panic("a verdict without a violation, or the reverse");
    if (valid != schema_is_valid(schema, instance)) base_panic("the two ways of validating disagree");
    for (uint32_t i = 0; i < found.len && i < 200; i++) {
        struct schema_message message = schema_violation_message(a, &found.items[i]);
        if (message.message.len == 0) base_panic("a violation without words");
    }
    struct schema_properties properties = schema_properties(a, schema);
    for (uint32_t i = 0; i < properties.len && i < 50; i++)
        schema_condition_holds(schema, properties.items[i].condition, instance);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = {0};
    struct value document;
    struct json_error broken;
    struct schema_error error;

    if (json_parse(&arena, (struct str){(const char *)data, size}, &document, &broken)) {
        bool pair = document.kind == VALUE_LIST && document.list.len == 2;
        const struct value *root = pair ? &document.list.items[0] : &document;
        const struct value *instance = pair ? &document.list.items[1] : &document;
        for (int draft = SCHEMA_DRAFT_7; draft <= SCHEMA_DRAFT_2020_12; draft++) {
            struct schema_options options = {
                .draft = (enum schema_draft)draft, .assert_format = true, .max_steps = STEPS};
            const struct schema *schema = schema_compile(&arena, root, &options, &error);
            if (schema) use_schema(&arena, schema, instance);
            else if (error.message[0] == '\0') base_panic("a refusal without words");
        }
    }
    arena_free(&arena);
    return 0;
}
