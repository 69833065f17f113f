#include "infer/fleet.h"

#include "base/pool.h"
#include "infer/comment.h"
#include "text/secret.h"
#include "value/json.h"
#include "value/pointer.h"

/* Values that are longer as JSON are not kept, nor are more than so many of one key. */
#define TEXT_LONGEST 2000
#define VALUES_MOST 4000
/* Deeper keys, and items behind the first ones of a list, are not looked at. */
#define DEPTH_MOST 24
#define ITEMS_MOST 50
#define KINDS (VALUE_MAP + 1)
/* So many charts of a fleet are read closely; more tell nothing new. */
#define CLOSELY_MOST 500u

/* A chart that is laid on top. */
struct merge {
    struct fleet *fleet;
    const struct facts *facts;
    struct arena *scratch;
    uint32_t chart;
};

struct str fleet_intern(struct fleet *fleet, struct str text) {
    struct str *known = map_get(&fleet->texts, text);
    if (known) return *known;
    known = arena_new(fleet->arena, struct str);
    *known = arena_str(fleet->arena, text);
    map_put(fleet->arena, &fleet->texts, *known, known);
    return *known;
}

static struct fleet_key *key_new(struct fleet *fleet, struct fleet_key *parent, struct str key) {
    struct fleet_key *made = arena_new(fleet->arena, struct fleet_key);
    made->parent = parent;
    made->key = key;
    made->depth = parent ? parent->depth + 1 : 0;
    for (int kind = 0; kind < KINDS; kind++)
        vec_push(fleet->arena, &made->values, (struct fleet_value){.value.kind = (enum value_kind)kind});
    return made;
}

struct fleet *fleet_new(struct arena *a) {
    struct fleet *fleet = arena_new(a, struct fleet);
    fleet->arena = a;
    fleet->root = key_new(fleet, NULL, STR(""));
    return fleet;
}

static struct fleet_key *child_of(struct fleet *fleet, struct fleet_key *parent, struct str key) {
    struct fleet_key *child = map_get(&parent->children, key);
    if (child) return child;
    child = key_new(fleet, parent, fleet_intern(fleet, key));
    struct str own = keys_dotted(fleet->arena, &child->key, 1);
    const char *dot = parent->path.len && own.ptr[0] != '[' ? "." : "";
    child->path =
        parent->path.len ? arena_printf(fleet->arena, "%.*s%s%.*s", STR_ARG(parent->path), dot, STR_ARG(own)) : own;
    child->is_item = parent->is_item;
    map_put(fleet->arena, &parent->children, child->key, child);
    return child;
}

static struct fleet_key *items_of(struct fleet *fleet, struct fleet_key *list) {
    if (list->items) return list->items;
    list->items = key_new(fleet, list, STR("[]"));
    list->items->path = arena_printf(fleet->arena, "%.*s[]", STR_ARG(list->path));
    list->items->is_item = true;
    return list->items;
}

/* Whether the text has a password in it, as a URI may. */
static bool has_credentials(struct arena *a, struct str text) {
    if (str_find_char(text, ':') == text.len && str_find_char(text, '=') == text.len) return false;
    struct source source = {.text = text};
    secrets_find(a, &source);
    return source.secrets && source.secrets->spans.len > 0;
}

/* Whether nobody may see the value of that name: it is a password, or has one in it, at any depth. */
static bool is_secret(struct arena *a, struct str name, const struct value *value) {
    if (value->kind == VALUE_STRING)
        return value->string.len > 0 && (secret_is_name(name) || has_credentials(a, value->string));
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->list.len; i++)
        if (is_secret(a, name, &value->list.items[i])) return true;
    const struct value *called = value_get(value, STR("name")); /* - name: API_TOKEN, value: abc */
    struct str own = called && called->kind == VALUE_STRING ? called->string : STR("");
    for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->map.len; i++) {
        const struct member *member = &value->map.members[i];
        if (is_secret(a, str_eq(member->key, STR("value")) ? own : member->key, &member->value)) return true;
    }
    return false;
}

static struct value copy_value(struct arena *a, const struct value *value) {
    struct value copy = {.kind = value->kind};
    bool found;
    switch (value->kind) {
    case VALUE_STRING: return value_from_string(arena_str(a, value->string));
    case VALUE_LIST: {
        struct value *items = arena_array(a, struct value, value->list.len + 1);
        for (uint32_t i = 0; i < value->list.len; i++) items[i] = copy_value(a, &value->list.items[i]);
        copy.list.items = items;
        copy.list.len = value->list.len;
        return copy;
    }
    case VALUE_MAP:
        copy = value_map_new(a, value->map.len);
        for (uint32_t i = 0; i < value->map.len; i++)
            value_map_put(&copy, arena_str(a, value->map.members[i].key), &found)->value =
                copy_value(a, &value->map.members[i].value);
        return copy;
    default:
        copy = *value;
        copy.node = 0;
        return copy;
    }
}

/* Keeps a value that the key has for the first time; `index` gets its place under `name`. */
static uint32_t keep_value(struct fleet *fleet, struct fleet_key *key, const struct value *value, struct str text,
                           struct map *index, struct str name) {
    uint32_t *place = arena_new(fleet->arena, uint32_t);
    *place = key->values.len;
    struct fleet_value kept = {copy_value(fleet->arena, value), true, fleet_intern(fleet, text)};
    vec_push(fleet->arena, &key->values, kept);
    map_put(fleet->arena, index, fleet_intern(fleet, name), place);
    return *place;
}

/* The place of the value among those of the key; of its kind where it is not kept. */
static uint32_t value_place(struct merge *m, struct fleet_key *key, const struct value *value) {
    if (value->kind == VALUE_MAP && value->map.len > 0) return value->kind;
    if (value->kind == VALUE_STRING) {
        const uint32_t *known = map_get(&key->string_index, value->string);
        if (known) return *known;
        bool kept = value->string.len <= TEXT_LONGEST && key->values.len < VALUES_MOST;
        if (!kept || is_secret(m->scratch, key->key, value)) return value->kind;
        return keep_value(m->fleet, key, value, value->string, &key->string_index, value->string);
    }
    if (value->kind == VALUE_LIST && is_secret(m->scratch, key->key, value)) return value->kind;
    struct arena_mark mark = arena_mark(m->scratch);
    struct buf json = buf_in(m->scratch);
    json_write(&json, value, JSON_ONE_LINE);
    struct str text = buf_str(&json);
    const uint32_t *known = text.len <= TEXT_LONGEST ? map_get(&key->value_index, text) : NULL;
    uint32_t place = known ? *known : value->kind;
    if (!known && text.len <= TEXT_LONGEST && key->values.len < VALUES_MOST)
        place = keep_value(m->fleet, key, value, text, &key->value_index, text);
    arena_release(m->scratch, mark);
    return place;
}

static void add_comment(struct merge *m, struct fleet_key *key, const struct value *value) {
    const struct tree *tree = &m->facts->tree;
    const struct node *node = value->node && value->node < tree->node_count ? tree->nodes[value->node] : NULL;
    if (!m->facts->closely || !node || key->is_item) return;
    struct arena_mark mark = arena_mark(m->scratch);
    struct str text = comment_of(m->scratch, tree, &m->facts->slabs, node);
    if (text.len && !has_credentials(m->scratch, text)) {
        struct fleet_count *count = map_get(&key->comments, text);
        if (!count) {
            count = arena_new(m->fleet->arena, struct fleet_count);
            count->text = fleet_intern(m->fleet, text);
            map_put(m->fleet->arena, &key->comments, count->text, count);
        }
        count->count++;
    }
    arena_release(m->scratch, mark);
}

static void merge_map(struct merge *m, struct fleet_key *key, const struct value *map);

static void merge_value(struct merge *m, struct fleet_key *key, const struct value *value, uint32_t place) {
    struct fleet_use use = {m->chart, place, value_place(m, key, value)};
    const struct fleet_use *last = key->uses.len ? &key->uses.items[key->uses.len - 1] : NULL;
    if (!last || last->chart != use.chart || last->value != use.value) vec_push(m->fleet->arena, &key->uses, use);
    add_comment(m, key, value);
    if (key->depth >= DEPTH_MOST) return;
    if (value->kind == VALUE_MAP) merge_map(m, key, value);
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->list.len && i < ITEMS_MOST; i++)
        merge_value(m, items_of(m->fleet, key), &value->list.items[i], i);
}

static bool is_part(const struct facts *facts, struct str key) {
    for (uint32_t i = 0; i < facts->parts.len; i++)
        if (str_eq(facts->parts.items[i], key)) return true;
    return false;
}

/* The key below `parent`; NULL where it is a subchart's. */
static struct fleet_key *own_child(struct merge *m, struct fleet_key *parent, struct str key) {
    if (!parent->parent && is_part(m->facts, key)) return NULL;
    struct fleet_key *child = child_of(m->fleet, parent, key);
    if (!parent->parent && m->facts->has_names && !map_get(&m->facts->names, key)) child->unread = true;
    return child;
}

static void merge_map(struct merge *m, struct fleet_key *key, const struct value *map) {
    for (uint32_t i = 0; i < map->map.len; i++) {
        const struct member *member = &map->map.members[i];
        struct fleet_key *child = own_child(m, key, member->key);
        if (!child) continue;
        merge_value(m, child, &member->value, i);
    }
}

/* The key at the place of values `path`, where the chart has it; items of lists are one. */
static struct fleet_key *key_at(struct fleet *fleet, const struct go_path *path) {
    if (!path->parent && path->key.len == 0) return fleet->root;
    struct fleet_key *parent = path->parent ? key_at(fleet, path->parent) : fleet->root;
    struct fleet_key *child = parent ? map_get(&parent->children, path->key) : NULL;
    return child || !parent ? child : parent->items;
}

/* The key of which the chart prints the value; NULL where nothing is learned from that. */
static struct fleet_key *printed_key(struct fleet *fleet, const struct field_use *use) {
    if (use->path->layer && use->path->layer->prefix.len) return NULL; /* of a subchart */
    struct fleet_key *key = key_at(fleet, use->path);
    return key && key != fleet->root && !key->is_item ? key : NULL;
}

static void merge_field(struct merge *m, const struct field_use *use) {
    struct fleet *fleet = m->fleet;
    struct fleet_key *key = printed_key(fleet, use);
    if (!key) return;
    struct fleet_field *field = map_get(&key->fields, use->field);
    if (!field) {
        field = arena_new(fleet->arena, struct fleet_field);
        field->field = fleet_intern(fleet, use->field);
        map_put(fleet->arena, &key->fields, field->field, field);
    }
    field->mixed = field->mixed || !use->alone;
    if (field->charts.len == 0 || field->charts.items[field->charts.len - 1] != m->chart)
        vec_push(fleet->arena, &field->charts, m->chart);
}

/* Fields into which the chart prints several of its values, in one object or another, say nothing of any of them. */
static void merge_fields(struct merge *m) {
    struct map keys = {NULL, 0, 0, NULL, 0}; /* field -> the one key; the root for several */
    for (uint32_t i = 0; i < m->facts->fields.len; i++) {
        const struct field_use *use = &m->facts->fields.items[i];
        struct fleet_key *key = printed_key(m->fleet, use);
        const struct fleet_key *known = key ? map_get(&keys, use->field) : NULL;
        if (key && !known) map_put(m->scratch, &keys, use->field, key);
        else if (key && known != key) map_put(m->scratch, &keys, use->field, m->fleet->root);
    }
    for (uint32_t i = 0; i < m->facts->fields.len; i++) {
        const struct field_use *use = &m->facts->fields.items[i];
        if (!use->alone || map_get(&keys, use->field) != m->fleet->root) merge_field(m, use);
    }
}

static uint32_t role_place(struct fleet *fleet, struct str name) {
    uint32_t *known = map_get(&fleet->role_index, name);
    if (!known) {
        known = arena_new(fleet->arena, uint32_t);
        *known = fleet->roles.len;
        vec_push(fleet->arena, &fleet->roles, (struct fleet_role){fleet_intern(fleet, name), 0});
        map_put(fleet->arena, &fleet->role_index, fleet->roles.items[*known].name, known);
    }
    return *known;
}

/* Lays a chart on top; what is needed of `facts` is copied. */
static void add(struct fleet *fleet, const struct facts *facts) {
    struct arena scratch = {NULL, NULL};
    struct merge m = {fleet, facts, &scratch, fleet->charts.len};
    struct str folder = arena_str(fleet->arena, facts->folder);
    if (facts->skipped.len) {
        vec_push(fleet->arena, &fleet->skipped,
                 (struct fleet_skipped){folder, arena_str(fleet->arena, facts->skipped)});
        return;
    }
    uint32_t role = role_place(fleet, facts->role);
    fleet->roles.items[role].count++;
    vec_push(fleet->arena, &fleet->charts,
             (struct fleet_chart){arena_str(fleet->arena, facts->chart.name), folder,
                                  fleet_intern(fleet, facts->chart.app_version), role});
    merge_map(&m, fleet->root, &facts->values);
    for (uint32_t i = 0; i < facts->overlay_keys.len; i++) own_child(&m, fleet->root, facts->overlay_keys.items[i]);
    merge_fields(&m);
    arena_free(&scratch);
}

struct reading {
    struct fleet *fleet;
    const struct chart_list *charts;
    struct str boundary;
};

static void read_one(void *data, uint32_t job, struct arena *a, void *kept, void *result) {
    (void)kept;
    const struct reading *reading = data;
    struct facts_request request = {.paths = &reading->charts->items[job],
                                    .closely = job % (reading->charts->len / CLOSELY_MOST + 1) == 0,
                                    .boundary = reading->boundary};
    facts_read(a, &request, result);
}

static void take_one(void *data, uint32_t job, void *result) {
    const struct reading *reading = data;
    (void)job;
    add(reading->fleet, result);
}

void fleet_read(struct fleet *fleet, const struct chart_list *charts, struct str boundary, unsigned threads) {
    struct reading reading = {fleet, charts, boundary};
    struct pool_jobs jobs = {.count = charts->len,
                             .threads = threads,
                             .result_size = sizeof(struct facts),
                             .make = read_one,
                             .take = take_one,
                             .data = &reading};
    pool_run(&jobs);
    for (uint32_t i = 1; i < fleet->roles.len; i++) {
        const struct fleet_role *role = &fleet->roles.items[i], *main = &fleet->roles.items[fleet->main_role];
        bool more = role->name.len > main->name.len; /* of equals, the one that makes more */
        if (role->count > main->count || (role->count == main->count && more)) fleet->main_role = i;
    }
}
