/* A tool of the build: reads schema/values.schema.json and writes it as a C table of values, so that the program parses
 * no JSON of its own when it starts.
 *
 *     standard_table OUT.c */
#include "rule/c_text.h"
#include "rule/document.h"

struct table {
    struct buf out;
    uint32_t count; /* of arrays, for their names */
};

/* Writes the arrays that `v` needs; gives the number in their name. */
static uint32_t add_arrays(struct table *t, const struct value *v);

static void add_value(struct buf *out, const struct value *v, uint32_t array) {
    buf_addf(out, "{.kind = %d, .span = {%u, %u}, ", (int)v->kind, v->span.start, v->span.end);
    switch (v->kind) {
    case VALUE_NULL: buf_add(out, STR(".integer = 0")); break;
    case VALUE_BOOL: buf_addf(out, ".boolean = %s", v->boolean ? "true" : "false"); break;
    case VALUE_INT: buf_addf(out, ".integer = INT64_C(%lld)", (long long)v->integer); break;
    case VALUE_FLOAT: buf_addf(out, ".real = %.17g", v->real); break;
    case VALUE_STRING:
        buf_add(out, STR(".string = "));
        c_text_add_string(out, v->string);
        break;
    case VALUE_LIST: buf_addf(out, ".list = {list_%u, %u}", array, v->list.len); break;
    case VALUE_MAP: buf_addf(out, ".map = {map_%u.members, %u, %u}", array, v->map.len, v->map.slot_count); break;
    }
    buf_add_char(out, '}');
}

static uint32_t *arrays_of(struct table *t, uint32_t count) {
    return arena_array(t->out.arena, uint32_t, count);
}

static void add_list(struct table *t, const struct value *v, uint32_t name) {
    uint32_t *arrays = arrays_of(t, v->list.len);
    for (uint32_t i = 0; i < v->list.len; i++) arrays[i] = add_arrays(t, &v->list.items[i]);
    buf_addf(&t->out, "static struct value list_%u[] = {", name);
    for (uint32_t i = 0; i < v->list.len; i++) {
        add_value(&t->out, &v->list.items[i], arrays[i]);
        buf_add(&t->out, STR(", "));
    }
    if (v->list.len == 0) buf_add(&t->out, STR("{.kind = 0}"));
    buf_add(&t->out, STR("};\n"));
}

/* The index of a map stands in front of its members, as value_map_new lays it out. */
static void add_map(struct table *t, const struct value *v, uint32_t name) {
    const uint32_t *slots = (const uint32_t *)(const void *)v->map.members - v->map.slot_count;
    uint32_t *arrays = arrays_of(t, v->map.len), room = v->map.len ? v->map.len : 1;
    for (uint32_t i = 0; i < v->map.len; i++) arrays[i] = add_arrays(t, &v->map.members[i].value);
    buf_add(&t->out, STR("static struct {"));
    if (v->map.slot_count) buf_addf(&t->out, "uint32_t slots[%u]; ", v->map.slot_count);
    buf_addf(&t->out, "struct member members[%u];} map_%u = {", room, name);
    if (v->map.slot_count) buf_add(&t->out, STR("{"));
    for (uint32_t i = 0; i < v->map.slot_count; i++) buf_addf(&t->out, "%u, ", slots[i]);
    if (v->map.slot_count) buf_add(&t->out, STR("}, "));
    buf_add(&t->out, STR("{\n"));
    for (uint32_t i = 0; i < v->map.len; i++) {
        const struct member *member = &v->map.members[i];
        buf_add(&t->out, STR("    {.key = "));
        c_text_add_string(&t->out, member->key);
        buf_addf(&t->out, ", .key_span = {%u, %u}, .hash = %uu, .value = ", member->key_span.start,
                 member->key_span.end, member->hash);
        add_value(&t->out, &member->value, arrays[i]);
        buf_add(&t->out, STR("},\n"));
    }
    if (v->map.len == 0) buf_add(&t->out, STR("{.hash = 0}"));
    buf_add(&t->out, STR("}};\n"));
}

static uint32_t add_arrays(struct table *t, const struct value *v) {
    if (v->kind != VALUE_LIST && v->kind != VALUE_MAP) return 0;
    uint32_t name = t->count++;
    if (v->kind == VALUE_LIST) add_list(t, v, name);
    else add_map(t, v, name);
    return name;
}

int main(int argc, char **argv) {
    struct arena arena = {NULL, NULL};
    struct problems problems = {NULL, 0, 0};
    struct str name = DOCUMENT_STANDARD;
    struct document document;
    struct table table = {buf_in(&arena), 0};
    if (argc != 2) return 2;
    if (!document_parse(&arena, name, *document_embedded(name), &document, &problems)) {
        fprintf(stderr, "%.*s\n", STR_ARG(problem_text(&arena, &problems.items[0])));
        return 1;
    }
    buf_add(&table.out, STR("#include \"rule/table.h\"\n\n"));
    uint32_t root = add_arrays(&table, &document.root);
    buf_add(&table.out, STR("const struct value STANDARD_TABLE = "));
    add_value(&table.out, &document.root, root);
    buf_add(&table.out, STR(";\n"));

    int status = c_text_write(&table.out, argv[1]);
    arena_free(&arena);
    return status;
}
