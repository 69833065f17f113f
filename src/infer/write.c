#include "infer/write.h"

#include <stdlib.h>

#include "base/path.h"
#include "infer/keep.h"
#include "schema/schema.h"
#include "value/json.h"
#include "yaml/style.h"

/* So many values of a key are named, and of a text so many bytes. */
#define VALUES_SHOWN 4u
#define TEXT_SHOWN 60u
/* A heading is one line of so many bytes at most. */
#define HEADING_MOST 60u

struct map_writer {
    struct arena *arena;
    struct value map;
};

static struct map_writer map_writer(struct arena *a, uint32_t members) {
    return (struct map_writer){a, value_map_new(a, members)};
}

static void put(struct map_writer *w, const char *key, struct value value) {
    bool found;
    value_map_put(&w->map, str_from(key), &found)->value = value;
}

static void put_text(struct map_writer *w, const char *key, struct str text) {
    if (text.len) put(w, key, value_from_string(text));
}

struct str write_role(const struct fleet_role *role) {
    return role->name.len ? role->name : STR("nothing");
}

/* ---- Evidence ---- */

struct seen {
    const struct fleet_value *value;
    uint32_t count;
};

static int seen_cmp(const void *left, const void *right) {
    const struct seen *a = left, *b = right;
    if (a->count != b->count) return a->count > b->count ? -1 : 1;
    return str_cmp(a->value->text, b->value->text);
}

static void add_value(struct buf *out, const struct seen *seen) {
    if (!seen->value->kept) { /* a mapping with members, a secret, what is long: its kind */
        buf_addf(out, "%.*s in %u", STR_ARG(value_kind_name(&seen->value->value)), seen->count);
        return;
    }
    struct buf json = buf_in(out->arena);
    json_write(&json, &seen->value->value, JSON_ONE_LINE);
    struct str text = buf_str(&json);
    size_t cut = text.len > TEXT_SHOWN ? TEXT_SHOWN : text.len;
    while (cut < text.len && cut > 0 && ((unsigned char)text.ptr[cut] & 0xC0) == 0x80) cut--;
    buf_addf(out, "%.*s%s in %u", (int)cut, text.ptr, cut < text.len ? "..." : "", seen->count);
}

/* The commonest values that are kept. */
static void add_values(struct buf *out, const struct property *p) {
    struct arena scratch = {NULL, NULL};
    struct seen *list = arena_array(&scratch, struct seen, p->key->values.len);
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->key->values.len; i++) list[i].value = &p->key->values.items[i];
    for (uint32_t i = 0; i < p->key->uses.len; i++) list[p->key->uses.items[i].value].count++;
    uint32_t kinds = 0; /* in bits */
    for (uint32_t i = 0; i < p->key->values.len; i++)
        if (list[i].count) kinds |= 1u << list[i].value->value.kind;
    bool one_kind = (kinds & (kinds - 1)) == 0; /* which is said already */
    for (uint32_t i = 0; i < p->key->values.len; i++)
        if (list[i].count && (list[i].value->kept || !one_kind)) list[count++] = list[i];
    qsort(list, count, sizeof *list, seen_cmp);
    if (count) buf_add(out, STR("; "));
    for (uint32_t i = 0; i < count && i < VALUES_SHOWN; i++) {
        if (i) buf_add(out, STR(", "));
        add_value(out, &list[i]);
    }
    if (count > VALUES_SHOWN) buf_addf(out, ", %u more", count - VALUES_SHOWN);
    arena_free(&scratch);
}

struct str write_evidence(const struct draft *draft, const struct property *p) {
    struct buf out = buf_in(draft->arena);
    const struct fleet *fleet = draft->fleet;
    uint32_t main = fleet->roles.items[fleet->main_role].count;
    buf_addf(&out, "in %u of %u charts", p->count, fleet->charts.len);
    if (fleet->roles.len > 1)
        buf_addf(&out, ", %u of %u that make %.*s", p->main_count, main,
                 STR_ARG(write_role(&fleet->roles.items[fleet->main_role])));
    if (p->derive.len) buf_addf(&out, "; derived in %u of %u", p->default_count, p->default_of);
    add_values(&out, p);
    return buf_str(&out);
}

struct str write_short_evidence(const struct draft *draft, const struct property *p) {
    struct buf out = buf_in(draft->arena);
    const struct fleet *fleet = draft->fleet;
    buf_addf(&out, "%u", p->count);
    if (fleet->roles.len > 1) buf_addf(&out, ", %u of %u", p->main_count, fleet->roles.items[fleet->main_role].count);
    add_values(&out, p);
    return buf_str(&out);
}

/* ---- The standard ---- */

static struct value types_value(struct arena *a, uint8_t types) {
    static const struct {
        uint8_t type;
        struct str name;
    } NAMES[] = {
        {TYPE_MAP, STR_INIT("object")},      {TYPE_LIST, STR_INIT("array")},    {TYPE_STRING, STR_INIT("string")},
        {TYPE_INTEGER, STR_INIT("integer")}, {TYPE_NUMBER, STR_INIT("number")}, {TYPE_BOOL, STR_INIT("boolean")},
        {TYPE_NULL, STR_INIT("null")},
    };
    struct value items[sizeof NAMES / sizeof *NAMES];
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (types & NAMES[i].type) items[count++] = value_from_string(NAMES[i].name);
    return count == 1 ? items[0] : value_from_items(a, items, count);
}

static struct value property_value(const struct draft *draft, const struct property *p, uint32_t order);

static void put_children(const struct draft *draft, struct map_writer *w, const struct property *p) {
    struct arena *a = draft->arena;
    struct map_writer properties = map_writer(a, p->children.len);
    struct value *required = arena_array(a, struct value, p->children.len + 1);
    uint32_t required_count = 0, order = 0;
    bool found;
    for (uint32_t i = 0; i < p->children.len; i++) {
        const struct property *child = p->children.items[i];
        if (child->is_spelling) continue;
        if (child->required) required[required_count++] = value_from_string(child->key->key);
        value_map_put(&properties.map, child->key->key, &found)->value =
            property_value(draft, child, child->key->is_item ? 0 : ++order);
    }
    if (required_count) put(w, "required", value_from_items(a, required, required_count));
    if (properties.map.map.len) put(w, "properties", properties.map);
}

static struct value suggestions_value(const struct draft *draft, const struct property *p) {
    struct arena *a = draft->arena;
    struct value *items = arena_array(a, struct value, p->suggestions.len + 1);
    for (uint32_t i = 0; i < p->suggestions.len; i++) {
        const struct suggestion *suggestion = &p->suggestions.items[i];
        struct map_writer w = map_writer(a, 2);
        put_text(&w, "path", suggestion->key->path);
        put_text(&w, "why",
                 arena_printf(a, "in %u charts it ends in %.*s, as `%.*s` does in %u others; no chart has both",
                              suggestion->charts, STR_ARG(suggestion->field), STR_ARG(p->key->path), p->count));
        items[i] = w.map;
    }
    return value_from_items(a, items, p->suggestions.len);
}

static struct value annotation_value(const struct draft *draft, const struct property *p, uint32_t order) {
    struct map_writer w = map_writer(draft->arena, 5);
    put(&w, "order", (struct value){.kind = VALUE_INT, .integer = order});
    bool heads = p->parent == draft->root && p->description.len && p->description.len <= HEADING_MOST;
    if (heads) put_text(&w, "heading", p->description);
    bool is_name =
        p->default_value && p->default_value->kind == VALUE_STRING && str_eq(p->default_value->string, STR("${chart}"));
    put_text(&w, "derive", is_name ? STR("chart.name") : p->derive);
    if (p->suggestions.len) put(&w, "suggested", suggestions_value(draft, p));
    if (p->secret) put(&w, "secret", (struct value){.kind = VALUE_BOOL, .boolean = true});
    return w.map;
}

static struct value property_value(const struct draft *draft, const struct property *p, uint32_t order) {
    struct map_writer w = map_writer(draft->arena, 9);
    if (p->is_own) {
        put_text(&w, "$comment",
                 p->count ? arena_printf(draft->arena, "in %u of %u charts: a key of their own, no slip of another one",
                                         p->count, draft->fleet->charts.len)
                          : STR("in overlays alone: a key of their own, no slip of another one"));
        return w.map;
    }
    put_text(&w, "description", p->description);
    if (!p->key->is_item) put_text(&w, "$comment", write_evidence(draft, p));
    if (p->types) put(&w, "type", types_value(draft->arena, p->types));
    if (p->choices) put(&w, "enum", *p->choices);
    if (p->default_value && !p->key->is_item) put(&w, "default", *p->default_value);
    if (order) put(&w, "x-valuelint", annotation_value(draft, p, order));
    put_children(draft, &w, p);
    if (p->items && (p->items->types || p->items->children.len)) put(&w, "items", property_value(draft, p->items, 0));
    return w.map;
}

static struct str about(const struct draft *draft) {
    struct buf out = buf_in(draft->arena);
    const struct fleet *fleet = draft->fleet;
    buf_addf(&out, "%.*s from %u charts:", STR_ARG(WRITE_MARK), fleet->charts.len);
    for (uint32_t i = 0; i < fleet->roles.len; i++)
        buf_addf(&out, "%s %u that make %.*s", i ? "," : "", fleet->roles.items[i].count,
                 STR_ARG(write_role(&fleet->roles.items[i])));
    buf_addf(&out, ". $comment says what was seen; docs/standard.md, what x-valuelint says.");
    return buf_str(&out);
}

struct str write_standard(const struct draft *draft, const struct value *old) {
    struct buf out = buf_in(draft->arena);
    struct map_writer w = map_writer(draft->arena, 7);
    put_text(&w, "$schema", STR("http://json-schema.org/draft-07/schema#"));
    put_text(&w, "title", STR("Helm values"));
    put_text(&w, "$comment", about(draft));
    put_text(&w, "type", STR("object"));
    put_children(draft, &w, draft->root);
    if (old) w.map = keep_over(draft->arena, old, &w.map);
    json_write(&out, &w.map, JSON_ORDERED);
    buf_add_char(&out, '\n');
    return buf_str(&out);
}

/* ---- The configuration ---- */

/* How many charts of the role have the key. */
static uint32_t count_uses(const struct fleet *fleet, const struct fleet_key *key, uint32_t role) {
    uint32_t count = 0, last = UINT32_MAX;
    for (uint32_t i = 0; i < key->uses.len; i++) {
        uint32_t chart = key->uses.items[i].chart;
        if (chart != last && fleet->charts.items[chart].role == role) count++;
        last = chart;
    }
    return count;
}

/* The same for the property, under whatever name. */
static uint32_t count_in_role(const struct fleet *fleet, const struct property *p, uint32_t role) {
    uint32_t count = count_uses(fleet, p->key, role);
    for (uint32_t i = 0; i < p->suggestions.len; i++) count += count_uses(fleet, p->suggestions.items[i].key, role);
    return count;
}

static void add_text(struct buf *out, struct str text) {
    struct style style = {.step = 2, .line_end = STR("\n"), .quote = QUOTE_DOUBLE};
    style_write_string(out, &style, text, QUOTE_NONE, PLACE_FLOW);
}

/* A path as a glob that means it alone. */
static void add_glob(struct buf *out, struct str path) {
    struct buf glob = buf_in(out->arena);
    for (size_t i = 0; i < path.len; i++) {
        if (path.ptr[i] == '*' || path.ptr[i] == '?' || path.ptr[i] == '[' || path.ptr[i] == '\\')
            buf_add_char(&glob, '\\');
        buf_add_char(&glob, path.ptr[i]);
    }
    add_text(out, buf_str(&glob));
}

/* The required properties that charts of the role need not have, the topmost of each block. */
static void add_optional(struct buf *out, const struct draft *draft, const struct property *p, uint32_t role) {
    const struct fleet *fleet = draft->fleet;
    for (uint32_t i = 0; i < p->children.len; i++) {
        const struct property *child = p->children.items[i];
        if (!child->required || child->is_spelling) continue;
        if (is_share(count_in_role(fleet, child, role), fleet->roles.items[role].count, REQUIRED_SHARE)) {
            add_optional(out, draft, child, role);
            continue;
        }
        buf_add(out, STR("      - "));
        add_text(out, child->key->path);
        buf_add_char(out, '\n');
    }
}

static void add_role(struct buf *out, const struct draft *draft, uint32_t role, struct str folder) {
    const struct fleet *fleet = draft->fleet;
    struct buf optional = buf_in(draft->arena);
    add_optional(&optional, draft, draft->root, role);
    if (optional.len == 0) return;
    buf_addf(out, "  # %u that make %.*s\n  - charts:\n", fleet->roles.items[role].count,
             STR_ARG(write_role(&fleet->roles.items[role])));
    for (uint32_t i = 0; i < fleet->charts.len; i++) {
        if (fleet->charts.items[i].role != role) continue;
        struct str chart = path_absolute(draft->arena, fleet->charts.items[i].folder);
        buf_add(out, STR("      - "));
        add_glob(out, path_relative(chart, folder));
        buf_add_char(out, '\n');
    }
    buf_addf(out, "    optional:\n%.*s", STR_ARG(buf_str(&optional)));
}

#define ROLES_MARK STR("# What charts of other roles need not have.\n")

/* What charts of other roles need not have; empty where all have all. */
static struct str roles_section(const struct draft *draft, struct str folder) {
    struct buf roles = buf_in(draft->arena);
    for (uint32_t i = 0; i < draft->fleet->roles.len; i++)
        if (i != draft->fleet->main_role) add_role(&roles, draft, i, folder);
    if (roles.len == 0) return STR("");
    return arena_printf(draft->arena, "%.*soverrides:\n%.*s", STR_ARG(ROLES_MARK), STR_ARG(buf_str(&roles)));
}

struct str write_config(const struct draft *draft, struct str schema, struct str folder) {
    struct buf out = buf_in(draft->arena);
    struct str roles = roles_section(draft, folder);
    buf_addf(&out, "# %.*s; docs/configuration.md says what can stand here.\nschema: ", STR_ARG(WRITE_MARK));
    add_text(&out, schema);
    buf_addf(&out, "\n%s%.*s", roles.len ? "\n" : "", STR_ARG(roles));
    return buf_str(&out);
}

struct str write_config_over(const struct draft *draft, struct str old, struct str folder) {
    struct str roles = roles_section(draft, folder);
    size_t from = str_find(old, ROLES_MARK), to = from + ROLES_MARK.len;
    if (from == old.len) /* there was nothing to say */
        return roles.len ? arena_printf(draft->arena, "%.*s\n%.*s", STR_ARG(old), STR_ARG(roles)) : old;
    while (to < old.len) { /* up to the next key of a person's own */
        struct str line = str_slice(old, to, to + str_find_char(str_slice(old, to, old.len), '\n') + 1);
        if (line.ptr[0] != ' ' && !str_starts(line, STR("overrides:"))) break;
        to += line.len;
    }
    return arena_printf(draft->arena, "%.*s%.*s%.*s", STR_ARG(str_slice(old, 0, from)), STR_ARG(roles),
                        STR_ARG(str_slice(old, to, old.len)));
}
