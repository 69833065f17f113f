#include "config/export.h"

#include "config/bundle.h"
#include "value/json.h"

#define DRAFT_7 STR("http://json-schema.org/draft-07/schema#")
#define MARK STR("Written by `valuelint schema`")
#define COMMENT STR("Written by `valuelint schema`, which writes it again: change the standard, not this file.")

/* Which values a schema speaks of, as far as it matters for the keys that they must hold. */
enum place {
    PLACE_ROOT,   /* the values themselves, or a mapping that is known not to be empty: as written */
    PLACE_NESTED, /* a value below them */
    PLACE_ASKED,  /* not what must hold, but what is asked: all as written */
};

/* What the value of a keyword is. */
enum content { CONTENT_PLAIN, CONTENT_SCHEMA, CONTENT_LIST, CONTENT_MAP };

/* The keywords that hold schemas. Of what they speak: of the same value, or of one below it, or they only ask. */
static const struct keyword {
    const char *name;
    enum content content; /* LIST: or one schema; MAP: its values that are no schemas are kept */
    enum { SAME, BELOW, ASKED } about;
} KEYWORDS[] = {
    {"properties", CONTENT_MAP, BELOW},
    {"patternProperties", CONTENT_MAP, BELOW},
    {"definitions", CONTENT_MAP, BELOW},
    {"$defs", CONTENT_MAP, BELOW},
    {"additionalProperties", CONTENT_SCHEMA, BELOW},
    {"unevaluatedProperties", CONTENT_SCHEMA, BELOW},
    {"items", CONTENT_LIST, BELOW},
    {"prefixItems", CONTENT_LIST, BELOW},
    {"additionalItems", CONTENT_SCHEMA, BELOW},
    {"unevaluatedItems", CONTENT_SCHEMA, BELOW},
    {"allOf", CONTENT_LIST, SAME},
    {"then", CONTENT_SCHEMA, SAME},
    {"else", CONTENT_SCHEMA, SAME},
    {"dependencies", CONTENT_MAP, SAME},
    {"dependentSchemas", CONTENT_MAP, SAME},
    {"if", CONTENT_SCHEMA, ASKED},
    {"not", CONTENT_SCHEMA, ASKED},
    {"anyOf", CONTENT_LIST, ASKED},
    {"oneOf", CONTENT_LIST, ASKED},
    {"contains", CONTENT_SCHEMA, ASKED},
    {"propertyNames", CONTENT_SCHEMA, ASKED},
};

struct export {
    struct arena *arena;
    const struct settings *settings;
    struct bundle *bundle;
};

/* A schema's place, and the dotted path of the value that it speaks of; `known` where that is one path only. */
struct at {
    enum place place;
    struct str path;
    bool known;
    bool inlined; /* it is all of another file, in place of a reference to it */
};

static struct value convert(const struct export *e, const struct value *schema, struct at at);

static const struct keyword *find_keyword(struct str name) {
    for (size_t i = 0; i < sizeof KEYWORDS / sizeof *KEYWORDS; i++)
        if (str_eq(name, str_from(KEYWORDS[i].name))) return &KEYWORDS[i];
    return NULL;
}

static void put(struct value *map, struct str key, struct value value) {
    bool found;
    value_map_put(map, key, &found)->value = value;
}

static struct value map_of_one(struct arena *a, struct str key, struct value value) {
    struct value map = value_map_new(a, 1);
    put(&map, key, value);
    return map;
}

static bool holds_variable(const struct value *value) {
    bool found = false;
    if (value->kind == VALUE_STRING) return str_find(value->string, STR("${")) < value->string.len;
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->list.len && !found; i++)
        found = holds_variable(&value->list.items[i]);
    for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->map.len && !found; i++)
        found = holds_variable(&value->map.members[i].value);
    return found;
}

/* Where the schemas in `keyword` stand, whose schema stands at `at`; `key` is theirs, where it holds a map. */
static struct at step(const struct export *e, const struct value *schema, const struct keyword *keyword, struct at at,
                      struct str key) {
    struct str name = str_from(keyword->name);
    if (at.place == PLACE_ASKED || keyword->about == ASKED) return (struct at){PLACE_ASKED, at.path, false, false};
    if (keyword->about == BELOW) {
        bool known = at.known && str_eq(name, STR("properties"));
        return (struct at){PLACE_NESTED, known ? dotted_member(e->arena, at.path, key) : STR(""), known, false};
    }
    /* Where a key was asked for, there is one: the mapping is not empty. */
    const struct value *asked = value_get(value_get(schema, STR("if")), STR("required"));
    bool present = (str_eq(name, STR("then")) && asked && asked->kind == VALUE_LIST && asked->list.len) ||
                   str_starts(name, STR("depend"));
    return (struct at){present ? PLACE_ROOT : at.place, at.path, at.known, false};
}

/* The value of a keyword that holds schemas. */
static struct value convert_keyword(const struct export *e, const struct value *schema, const struct keyword *keyword,
                                    const struct value *value, struct at at) {
    if (keyword->content == CONTENT_MAP && value->kind == VALUE_MAP) {
        struct value map = value_map_new(e->arena, value->map.len);
        for (uint32_t i = 0; i < value->map.len; i++) {
            const struct member *member = &value->map.members[i];
            put(&map, member->key, convert(e, &member->value, step(e, schema, keyword, at, member->key)));
        }
        return map;
    }
    struct at below = step(e, schema, keyword, at, STR(""));
    if (keyword->content != CONTENT_LIST || value->kind != VALUE_LIST) return convert(e, value, below);
    struct value list = value_from_items(e->arena, value->list.items, value->list.len);
    for (uint32_t i = 0; i < list.list.len; i++) list.list.items[i] = convert(e, &value->list.items[i], below);
    return list;
}

/* The keys of `required` that the configuration does not make optional. */
static struct value needed_keys(const struct export *e, const struct value *required, struct at at) {
    struct value list = value_from_items(e->arena, required->list.items, required->list.len);
    list.list.len = 0;
    for (uint32_t i = 0; i < required->list.len; i++) {
        const struct value *name = &required->list.items[i];
        bool optional = at.known && settings_optional(e->settings, dotted_member(e->arena, at.path, name->string));
        if (!optional) list.list.items[list.list.len++] = *name;
    }
    return list;
}

/* Adds `schema` to what all has to fit. */
static void put_all_of(const struct export *e, struct value *out, struct value schema) {
    const struct value *all = value_get(out, STR("allOf"));
    uint32_t len = all ? all->list.len : 0;
    struct value *items = arena_array(e->arena, struct value, len + 1);
    if (len) memcpy(items, all->list.items, sizeof *items * len);
    items[len] = schema;
    put(out, STR("allOf"), value_from_items(e->arena, items, len + 1));
}

/* All of another file, where the `$ref` of `schema` leads to that and speaks of the values themselves: it comes in the
 * place of the reference, so that what it asks for can be made optional. Else NULL. */
static const struct value *inlined(const struct export *e, const struct value *schema, struct at at) {
    return at.place == PLACE_ROOT && at.known ? bundle_whole(e->bundle, schema) : NULL;
}

static void put_reference(const struct export *e, struct value *out, const struct value *schema, struct at at) {
    const struct value *whole = inlined(e, schema, at);
    if (!whole) put(out, STR("$ref"), value_from_string(bundle_reference(e->bundle, schema)));
    else put_all_of(e, out, convert(e, whole, (struct at){at.place, at.path, at.known, true}));
}

/* Requires `keys` where the mapping is not empty; beside a condition that stands there already, as one of `allOf`. */
static void put_guarded(const struct export *e, struct value *out, const struct value *schema, struct value keys) {
    struct value guard = value_map_new(e->arena, 2);
    bool taken = value_get(schema, STR("if")) || value_get(schema, STR("then")) || value_get(schema, STR("else"));
    struct value *into = taken ? &guard : out;
    put(into, STR("if"), map_of_one(e->arena, STR("minProperties"), value_from_number(1)));
    put(into, STR("then"), map_of_one(e->arena, STR("required"), keys));
    if (taken) put_all_of(e, out, guard);
}

static bool closes(const struct member *member) {
    bool about_keys =
        str_eq(member->key, STR("additionalProperties")) || str_eq(member->key, STR("unevaluatedProperties"));
    return about_keys && member->value.kind == VALUE_BOOL && !member->value.boolean;
}

/* Whether the member of a schema is left out. Another file is a part of this one here: it has no name of its own, and
 * what it defines is said once. */
static bool is_dropped(const struct export *e, const struct value *schema, const struct member *member, struct at at) {
    bool names = str_eq(member->key, STR("$schema")) || str_eq(member->key, STR("$id"));
    bool defines = str_eq(member->key, STR("definitions")) || str_eq(member->key, STR("$defs"));
    if (str_eq(member->key, STR("x-valuelint"))) return true;
    if ((names && !bundle_is_first(e->bundle, schema)) || (defines && at.inlined)) return true;
    if (str_eq(member->key, STR("default"))) return holds_variable(&member->value);
    return at.place != PLACE_ASKED && closes(member);
}

/* Puts the members of `schema` into `out`, which has room for three more. */
static void convert_members(const struct export *e, const struct value *schema, struct at at, struct value *out) {
    struct value keys = {.kind = VALUE_NULL};
    for (uint32_t i = 0; i < schema->map.len; i++) {
        const struct member *member = &schema->map.members[i];
        const struct keyword *keyword = find_keyword(member->key);
        bool required =
            str_eq(member->key, STR("required")) && member->value.kind == VALUE_LIST && at.place != PLACE_ASKED;
        if (is_dropped(e, schema, member, at)) continue;
        if (str_eq(member->key, STR("$ref")) && member->value.kind == VALUE_STRING) {
            put_reference(e, out, schema, at);
        } else if (required) {
            keys = needed_keys(e, &member->value, at);
            if (keys.list.len && at.place == PLACE_ROOT) put(out, member->key, keys);
        } else if (keyword) {
            put(out, member->key, convert_keyword(e, schema, keyword, &member->value, at));
        } else {
            put(out, member->key, member->value);
        }
    }
    if (keys.kind == VALUE_LIST && keys.list.len && at.place == PLACE_NESTED) put_guarded(e, out, schema, keys);
}

static struct value convert(const struct export *e, const struct value *schema, struct at at) {
    if (schema->kind != VALUE_MAP) return *schema;
    const struct value *whole = schema->map.len == 1 ? inlined(e, schema, at) : NULL; /* nothing but a `$ref` */
    if (whole) return convert(e, whole, (struct at){at.place, at.path, at.known, true});
    struct value out = value_map_new(e->arena, schema->map.len + 4);
    convert_members(e, schema, at, &out);
    return out;
}

/* Adds the files that references lead into, and those that these lead into. */
static void put_definitions(const struct export *e, struct value *out) {
    const struct value *own = value_get(out, STR("definitions"));
    uint32_t room = e->settings->standard->files.list.len;
    struct value all = own ? value_map_copy(e->arena, own, room) : value_map_new(e->arena, room);
    struct str name;
    uint32_t before = all.map.len;
    for (const struct value *file; (file = bundle_next(e->bundle, &name));)
        put(&all, name, convert(e, file, (struct at){PLACE_NESTED, STR(""), false, false}));
    if (all.map.len > before) put(out, STR("definitions"), all);
}

struct str export_schema(struct arena *a, const struct settings *settings) {
    struct bundle bundle;
    const struct export e = {a, settings, &bundle};
    const struct value *root = &settings->standard->document->root;
    const struct value *draft = value_get(root, STR("$schema"));
    struct buf out = buf_in(a);
    bundle_init(&bundle, a, settings->standard);
    if (root->kind != VALUE_MAP) {
        json_write(&out, root, JSON_ORDERED);
    } else {
        struct value schema = value_map_new(a, root->map.len + 7);
        put(&schema, STR("$schema"), draft ? *draft : value_from_string(DRAFT_7));
        put(&schema, STR("$comment"), value_from_string(COMMENT));
        convert_members(&e, root, (struct at){PLACE_ROOT, STR(""), true, false}, &schema);
        put(&schema, STR("$comment"), value_from_string(COMMENT)); /* not the standard's own */
        put_definitions(&e, &schema);
        json_write(&out, &schema, JSON_ORDERED);
    }
    buf_add_char(&out, '\n');
    return buf_str(&out);
}

bool export_is_own(struct arena *a, struct str text) {
    struct json_error error;
    struct value root;
    if (!json_parse(a, text, &root, &error)) return false;
    const struct value *comment = value_get(&root, STR("$comment"));
    return comment && comment->kind == VALUE_STRING && str_starts(comment->string, MARK);
}
