#include "rule/document.h"

#include "base/embed.h"
#include "base/path.h"
#include "rule/embedded.h"
#include "value/json.h"
#include "yaml/read.h"

#define DOCUMENT_MAX ((size_t)64 << 20)

const struct str *document_embedded(struct str name) {
    for (const struct embedded *file = EMBEDDED; file->name.ptr; file++)
        if (str_eq(file->name, name)) return &file->text;
    return NULL;
}

struct str document_embedded_name(uint32_t index) {
    return EMBEDDED[index].name;
}

static bool parse_json(struct arena *a, struct document *document, struct problems *problems) {
    struct json_error error;
    if (json_parse(a, document->source.text, &document->root, &error)) return true;
    problem_add(a, problems, &document->source, (struct span){error.offset, error.offset},
                arena_printf(a, "this is not JSON: %s", error.message), STR(""));
    return false;
}

static bool parse_yaml(struct arena *a, struct document *document, struct problems *problems) {
    struct yaml_issues issues = {NULL, 0, 0};
    struct tree tree;
    bool ok = read_text_values(a, &document->source, &tree, &document->root, &issues);
    for (uint32_t i = 0; i < issues.len; i++) {
        const struct yaml_issue *issue = &issues.items[i];
        if (issue->kind == YAML_AMBIGUOUS || issue->kind == YAML_MERGE) continue;
        problem_add(a, problems, &document->source, issue->span, issue->message, issue->help);
        ok = false;
    }
    return ok;
}

bool document_parse(struct arena *a, struct str path, struct str text, struct document *document,
                    struct problems *problems) {
    *document = (struct document){.source = {.path = path, .text = text}, .root = value_map_new(a, 0)};
    return str_ends(path, STR(".json")) ? parse_json(a, document, problems) : parse_yaml(a, document, problems);
}

bool document_read(struct arena *a, struct str path, struct document *document, struct problems *problems) {
    return document_read_or(a, NULL, path, document, problems);
}

bool document_read_or(struct arena *a, const struct file_texts *texts, struct str path, struct document *document,
                      struct problems *problems) {
    struct error error;
    struct str text;
    *document = (struct document){.source = {.path = path}, .root = value_map_new(a, 0)};
    const struct str *given = texts ? file_text_at(texts, path_absolute(a, path)) : NULL;
    if (given) return document_parse(a, path, *given, document, problems);
    if (file_read(a, path.ptr, DOCUMENT_MAX, &text, &error)) return document_parse(a, path, text, document, problems);
    problem_add(a, problems, NULL, (struct span){0, 0}, arena_str(a, str_from(error.message)), STR(""));
    return false;
}

/* The schemas that are built in have no errors: the tests compile each of them. */
static const struct schema *compile_embedded(struct arena *a, struct str name) {
    const struct str *text = document_embedded(name);
    struct schema_options options = {.draft = SCHEMA_DRAFT_7, .assert_format = true};
    struct schema_error error;
    struct json_error json_error;
    struct value *root = arena_new(a, struct value);
    if (!text || !json_parse(a, *text, root, &json_error)) base_panic("a schema is missing in the program");
    const struct schema *schema = schema_compile(a, root, &options, &error);
    if (!schema) base_panic(error.message);
    return schema;
}

static struct span violation_span(const struct violation *violation) {
    bool at_key =
        violation->member && (violation->keyword == SCHEMA_ADDITIONAL_PROPERTIES ||
                              violation->keyword == SCHEMA_PROPERTY_NAMES || span_len(violation->instance->span) == 0);
    return at_key ? violation->member->key_span : violation->instance->span;
}

/* Whether the document is something else altogether: no mapping, or one without a key of the schema or almost one. */
static bool is_foreign(struct arena *a, const struct document *document, const struct violations *violations) {
    uint32_t unknown = 0;
    if (document->root.kind != VALUE_MAP) return document->root.kind != VALUE_NULL;
    for (uint32_t i = 0; i < violations->len; i++) {
        const struct violation *violation = &violations->items[i];
        const struct member *first = document->root.map.members;
        bool at_root = violation->member >= first && violation->member < first + document->root.map.len;
        if (violation->keyword != SCHEMA_ADDITIONAL_PROPERTIES || !at_root) continue;
        unknown++;
        struct str help = schema_violation_message(a, violation).help;
        if (str_find(help, STR("did you mean")) < help.len) return false;
    }
    return unknown > 0 && unknown == document->root.map.len;
}

static void report_violations(struct arena *a, const struct document *document, const struct violations *violations,
                              struct problems *problems) {
    for (uint32_t i = 0; i < violations->len; i++) {
        struct schema_message words = schema_violation_message(a, &violations->items[i]);
        problem_add(a, problems, &document->source, violation_span(&violations->items[i]), words.message, words.help);
    }
}

bool document_check(struct arena *a, const struct document *document, struct str schema_name,
                    struct problems *problems) {
    struct violations violations = {NULL, 0, 0};
    if (schema_validate(compile_embedded(a, schema_name), a, &document->root, &violations)) return true;
    if (is_foreign(a, document, &violations)) {
        /* It may be a file that nobody meant to show: nothing of it is quoted. */
        struct str kind = str_slice(path_name(schema_name), 0, str_find_char(path_name(schema_name), '.'));
        problem_add(a, problems, &document->source, (struct span){0, 0},
                    arena_printf(a, "this is not a %.*s file of valuelint: it has none of its keys", STR_ARG(kind)),
                    STR(""));
        return false;
    }
    report_violations(a, document, &violations, problems);
    return false;
}

bool document_check_part(struct arena *a, const struct document *document, const struct value *part,
                         struct str schema_name, struct problems *problems) {
    struct violations violations = {NULL, 0, 0};
    if (schema_validate(compile_embedded(a, schema_name), a, part, &violations)) return true;
    report_violations(a, document, &violations, problems);
    return false;
}
