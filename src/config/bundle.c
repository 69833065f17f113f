#include "config/bundle.h"

#include "base/ascii.h"
#include "base/path.h"

static struct str address_of(struct arena *a, const struct value *v) {
    const struct value **key = arena_new(a, const struct value *);
    *key = v;
    return (struct str){(const char *)key, sizeof *key};
}

static void note_places(struct bundle *b, const struct value *v, const struct step *parent, struct str key,
                        uint32_t index) {
    struct step *step = arena_new(b->arena, struct step);
    *step = (struct step){parent, key, index};
    if (map_put(b->arena, &b->places, address_of(b->arena, v), step)) return;
    for (uint32_t i = 0; v->kind == VALUE_LIST && i < v->list.len; i++)
        note_places(b, &v->list.items[i], step, (struct str){NULL, 0}, i);
    for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.len; i++)
        note_places(b, &v->map.members[i].value, step, v->map.members[i].key, 0);
}

/* The file's own name; with a number where another file has it. */
static struct str name_of(const struct bundle *b, uint32_t file) {
    struct str base = path_name(b->standard->files.list.items[file]->path), name = base;
    for (uint32_t i = 0, number = 2; i < file; i++) {
        if (!str_eq(b->names[i], name)) continue;
        name = arena_printf(b->arena, "%.*s-%u", STR_ARG(base), number++);
        i = UINT32_MAX; /* from the first one again */
    }
    return name;
}

void bundle_init(struct bundle *b, struct arena *a, const struct standard *standard) {
    uint32_t count = standard->files.list.len;
    *b = (struct bundle){.arena = a, .standard = standard};
    b->names = arena_array(a, struct str, count);
    b->states = arena_array(a, enum bundle_state, count);
    for (uint32_t i = 0; i < count && count > 1; i++) {
        b->names[i] = name_of(b, i);
        note_places(b, &standard->files.list.items[i]->document.root, NULL, b->names[i], i);
    }
}

/* The steps from the file, which is *file, to what the `$ref` leads to; NULL where it stays as it is. */
static const struct step *target_of(const struct bundle *b, const struct value *schema, uint32_t *file) {
    const struct value *target = b->places.len ? schema_reference(b->standard->schema, schema) : NULL;
    const struct step *step = target ? map_get(&b->places, address_of(b->arena, target)) : NULL;
    const struct step *top = step;
    while (top && top->parent) top = top->parent;
    if (!top) return NULL;
    *file = top->index;
    return step;
}

bool bundle_is_first(const struct bundle *b, const struct value *schema) {
    return standard_files_of(&b->standard->files, schema->span) == b->standard->files.list.items[0];
}

const struct value *bundle_whole(const struct bundle *b, const struct value *schema) {
    uint32_t file;
    const struct step *target = target_of(b, schema, &file);
    return target && !target->parent && file ? &b->standard->files.list.items[file]->document.root : NULL;
}

/* Adds the step to the JSON Pointer in a URI fragment. */
static void add_step(struct buf *out, const struct step *step) {
    if (step->parent) add_step(out, step->parent);
    buf_add_char(out, '/');
    if (!step->key.ptr) buf_addf(out, "%u", step->index);
    for (size_t i = 0; i < step->key.len; i++) {
        char c = step->key.ptr[i];
        if (c == '~' || c == '/') buf_add(out, c == '~' ? STR("~0") : STR("~1"));
        else if (ascii_is_alnum(c) || c == '-' || c == '_' || c == '.') buf_add_char(out, c);
        else buf_addf(out, "%%%02X", (unsigned char)c);
    }
}

struct str bundle_reference(struct bundle *b, const struct value *schema) {
    struct str text = value_get(schema, STR("$ref"))->string;
    struct buf out = buf_in(b->arena);
    uint32_t file;
    const struct step *target = target_of(b, schema, &file);
    if (!target || (bundle_is_first(b, schema) && text.len && text.ptr[0] == '#')) return text;
    if (file == 0) {
        struct buf inner = buf_in(b->arena);
        add_step(&inner, target);
        struct str pointer = buf_str(&inner);
        size_t second = str_find_char(str_slice(pointer, 1, pointer.len), '/') + 1;
        return arena_printf(b->arena, "#%.*s", STR_ARG(str_slice(pointer, second, pointer.len)));
    }
    if (b->states[file] == BUNDLE_UNUSED) b->states[file] = BUNDLE_NEEDED;
    buf_add(&out, STR("#/definitions"));
    add_step(&out, target);
    return buf_str(&out);
}

const struct value *bundle_next(struct bundle *b, struct str *name) {
    for (uint32_t i = 0; i < b->standard->files.list.len; i++) {
        if (b->states[i] != BUNDLE_NEEDED) continue;
        b->states[i] = BUNDLE_DONE;
        *name = b->names[i];
        return &b->standard->files.list.items[i]->document.root;
    }
    return NULL;
}
