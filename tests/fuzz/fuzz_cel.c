/* Any bytes as a CEL expression: parsed, checked, its reads asked for, and evaluated over a small file. Nothing may
 * crash, leak, overflow, or run for long. The first byte tells whether names and types are checked. */
#include "cel/cel.h"
#include "value/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char document[] =
    "{\"pool\": {\"min\": 1, \"max\": 10}, \"tag\": \"latest\", \"rate\": 1.5, \"on\": true, \"none\": null,"
    " \"ports\": [{\"name\": \"http\", \"port\": 8080}, {\"name\": \"grpc\", \"port\": 9090}],"
    " \"env\": {\"LOG_LEVEL\": \"INFO\", \"N\\u00e4me\": \"x\"}, \"cpu\": \"500m\", \"dsn\": "
    "\"mysql://u@db.example.com:1/n\"}";

/* Steps of one evaluation: few, so that a run tries many expressions. */
#define BUDGET 20000

static void check_span(struct span span, struct str text) {
    if (span.start > span.end || span.end > text.len) base_panic("an error lies outside of its expression");
}

static void run(struct arena *a, const struct cel_env *env, struct str text, const struct cel_value *slots) {
    struct cel_error error;
    const struct cel_program *program = cel_compile(a, env, text, &error);
    uint32_t count;
    struct value out;

    if (!program) {
        check_span(error.span, text);
        if (error.message.len == 0) base_panic("an error without a message");
        return;
    }
    const struct cel_read *reads = cel_program_reads(a, program, &count);
    for (uint32_t i = 0; i < count; i++) {
        check_span(reads[i].span, text);
        cel_read_text(a, program, &reads[i]);
        if (reads[i].required > reads[i].tested || reads[i].tested > reads[i].count)
            base_panic("a read makes no sense");
    }
    struct cel_value v = cel_eval(program, slots, a, BUDGET);
    if (v.kind == CEL_ERROR) check_span(v.span, text);
    cel_to_text(a, &v);
    if (cel_to_value(a, &v, &out)) {
        struct buf b = buf_in(a);
        json_write(&b, &out, JSON_ONE_LINE);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct cel_variable variables[] = {{STR_INIT("self"), NULL},
                                                    {STR_INIT("values"), &cel_types[CEL_MAP]}};
    struct arena arena = {0};
    struct value root;
    struct json_error error;

    if (size == 0) return 0;
    if (!json_parse(&arena, STR(document), &root, &error)) base_panic(error.message);
    struct cel_value slots[2] = {cel_from_value(&root), cel_from_value(&root)};
    struct cel_options options = {.variables = variables, .count = 2, .unchecked = data[0] & 1};
    struct str text = {(const char *)data + 1, size - 1};
    run(&arena, cel_env_make(&arena, &options), arena_str(&arena, text), slots);
    arena_free(&arena);
    return 0;
}
