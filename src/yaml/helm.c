#include "yaml/helm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "value/json.h"
#include "yaml/dialect.h"
#include "yaml/explain.h"
#include "yaml/scalar.h"

/* A value that aliases share, and how deep it is. `height` is BUILDING while its anchor is not complete. */
struct built {
    struct value value;
    int height;
};

enum { BUILDING = -1 };

struct helm {
    struct arena *arena;
    const struct tree *tree;
    struct yaml_issues *issues;
    struct built **built; /* by node id, for anchored nodes; NULL where the text has no alias */
};

static void report(struct helm *h, enum yaml_issue_kind kind, const struct node *node, struct str message,
                   struct str help) {
    vec_push(h->arena, h->issues,
             (struct yaml_issue){.kind = kind, .span = node->span, .message = message, .help = help, .node = node->id});
}

static bool refuse(struct helm *h, const struct node *node, struct str message, struct str help) {
    report(h, YAML_REFUSED, node, message, help);
    return false;
}

/* A tag's short form (`!!str` also for its long one), as go-yaml compares it. */
static struct str short_tag(struct arena *a, struct str tag) {
    struct str prefix = STR("tag:yaml.org,2002:");
    if (str_starts(tag, STR("!<")) && str_ends(tag, STR(">"))) tag = str_slice(tag, 2, tag.len - 1);
    if (!str_starts(tag, prefix)) return tag;
    return arena_printf(a, "!!%.*s", STR_ARG(str_slice(tag, prefix.len, tag.len)));
}

/* The bytes that a `!!binary` scalar stands for; false where it is no base64 (RFC 4648, line ends skipped). */
static bool decode_binary(struct arena *a, struct str text, struct str *out) {
    struct buf bytes = buf_in(a);
    uint32_t bits = 0, count = 0, padding = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        const char *at = text.ptr[i] ? strchr(alphabet, text.ptr[i]) : NULL;
        if (text.ptr[i] == '\n' || text.ptr[i] == '\r') continue;
        if (text.ptr[i] == '=') padding++;
        else if (!at || padding) return false;
        bits = bits << 6 | (at ? (uint32_t)(at - alphabet) : 0);
        if (++count % 4 != 0) continue;
        for (uint32_t b = 0; b + padding < 3; b++) buf_add_char(&bytes, (char)(bits >> (16 - 8 * b) & 0xFF));
    }
    *out = bytes.len ? buf_str(&bytes) : STR("");
    return count % 4 == 0 && padding <= 2;
}

/* A scalar with a tag: what Helm makes of it; false where it refuses. */
static bool resolve_tagged(struct helm *h, const struct node *node, struct scalar *out) {
    static const struct {
        const char *tag;
        unsigned kinds; /* bit set of scalar kinds that it takes */
    } tags[] = {
        {"!!null", 1u << SCALAR_NULL},
        {"!!bool", 1u << SCALAR_BOOL},
        {"!!int", 1u << SCALAR_INT | 1u << SCALAR_UINT},
        {"!!float", 1u << SCALAR_FLOAT | 1u << SCALAR_INT},
        {"!!timestamp", 1u << SCALAR_STRING},
    };
    struct str tag = short_tag(h->arena, node->props->tag);
    *out = (struct scalar){.kind = SCALAR_STRING};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (!str_eq(tag, str_from(tags[i].tag))) continue;
        *out = scalar_resolve_helm(node->text);
        if (tags[i].kinds & 1u << out->kind) return true;
        return refuse(h, node,
                      arena_printf(h->arena, "Helm cannot read `%.*s` as a %.*s", STR_ARG(node->text), STR_ARG(tag)),
                      STR("delete the tag, or write a value of that type"));
    }
    return true;
}

/* The string of a scalar that is one; false where its `!!binary` is wrong. */
static bool read_binary(struct helm *h, const struct node *node, struct str *out) {
    *out = node->text;
    if (!node->props || !str_eq(short_tag(h->arena, node->props->tag), STR("!!binary"))) return true;
    return decode_binary(h->arena, node->text, out) ||
           refuse(h, node, STR("this is not base64, as `!!binary` asks for"),
                  STR("delete the tag, or encode the value"));
}

static bool resolve(struct helm *h, const struct node *node, struct scalar *out) {
    if (node->props && node->props->tag.len) return resolve_tagged(h, node, out);
    if (node->style == STYLE_PLAIN || node->style == STYLE_EMPTY) *out = scalar_resolve_helm(node->text);
    else *out = (struct scalar){.kind = SCALAR_STRING};
    return true;
}

static void report_ambiguous(struct helm *h, const struct node *node, const struct scalar *helm,
                             const struct scalar *core) {
    struct str help = STR("quote it if text is meant");
    if (helm->kind == SCALAR_BOOL)
        help = arena_printf(h->arena, "write `%s`, or `\"%.*s\"` if text is meant", helm->boolean ? "true" : "false",
                            STR_ARG(node->text));
    else if (helm->kind == SCALAR_INT && core->kind == SCALAR_INT)
        help = arena_printf(h->arena, "write `%lld`, or `\"%.*s\"` if text is meant", (long long)helm->integer,
                            STR_ARG(node->text));
    report(h, YAML_AMBIGUOUS, node,
           arena_printf(h->arena, "`%.*s` is %.*s to Helm, but %.*s in YAML 1.2", STR_ARG(node->text),
                        STR_ARG(scalar_words(h->arena, node->text, helm)),
                        STR_ARG(scalar_words(h->arena, node->text, core))),
           help);
}

/* Whole numbers above 2^53 lose digits on their way through a float. */
static void check_digits(struct helm *h, const struct node *node, const struct scalar *s) {
    double number = s->kind == SCALAR_INT ? (double)s->integer : (double)s->natural;
    bool same = s->kind == SCALAR_INT ? fabs(number) < 9.2e18 && (int64_t)number == s->integer
                                      : number < 1.8e19 && (uint64_t)number == s->natural;
    if (same) return;
    struct value v = value_from_number(number);
    struct buf text = buf_in(h->arena);
    json_write_number(&text, &v);
    report(h, YAML_AMBIGUOUS, node,
           arena_printf(h->arena, "`%.*s` becomes %.*s in Helm, which keeps numbers as 64-bit floats",
                        STR_ARG(node->text), STR_ARG(buf_str(&text))),
           STR("quote it to keep every digit"));
}

static bool build_scalar(struct helm *h, const struct node *node, struct value *out) {
    struct scalar helm;
    if (!node->props &&
        (node->style == STYLE_PLAIN ? scalar_is_plain_string(node->text) : node->style != STYLE_EMPTY)) {
        *out = value_from_string(node->text);
        return true;
    }
    if (!resolve(h, node, &helm)) return false;
    *out = scalar_value(node->text, &helm);
    if (helm.kind == SCALAR_STRING && !read_binary(h, node, &out->string)) return false;
    if (node->style != STYLE_PLAIN || (node->props && node->props->tag.len)) return true;
    if (helm.kind == SCALAR_FLOAT && !isfinite(helm.real))
        return refuse(h, node,
                      arena_printf(h->arena, "Helm cannot load `%.*s`: JSON has no such number", STR_ARG(node->text)),
                      STR("quote it if text is meant"));
    if (helm.plain) return true;
    struct scalar core = scalar_resolve_core(node->text);
    if (!scalar_equal(&helm, &core)) report_ambiguous(h, node, &helm, &core);
    else if (helm.kind == SCALAR_INT || helm.kind == SCALAR_UINT) check_digits(h, node, &helm);
    return true;
}

/* Go's strconv.FormatFloat(number, 'g', -1, 32), with which sigs.k8s.io/yaml names keys. */
static struct str float_key(struct arena *a, double number) {
    char text[32];
    if (!isfinite((float)number)) return isnan(number) ? STR(".nan") : number > 0 ? STR(".inf") : STR("-.inf");
    for (int digits = 1; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*e", digits - 1, number);
        if (strtof(text, NULL) != (float)number) continue;
        int exponent = atoi(strchr(text, 'e') + 1);
        if (exponent < -4 || exponent >= 6) break;
        int decimals = digits - 1 - exponent;
        return arena_printf(a, "%.*f", decimals > 0 ? decimals : 0, number);
    }
    return arena_str(a, str_from(text));
}

/* The string that Helm makes of a key. */
static bool build_key(struct helm *h, const struct node *key, struct str *out) {
    struct span action;
    const struct node *node = key->kind == NODE_ALIAS ? key->target : key;
    struct scalar s;

    if (key->kind == NODE_SCALAR && !key->props && key->style == STYLE_PLAIN && scalar_is_plain_string(key->text)) {
        *out = key->text;
        return true;
    }
    if (!node)
        return refuse(h, key,
                      arena_printf(h->arena, "no anchor `&%.*s` is defined above this alias", STR_ARG(key->text)),
                      STR("define the anchor before its first use, or quote the key"));
    if (node->kind != NODE_SCALAR) {
        bool template = yaml_explain_template(h->tree->source->text, key->span.start, &action);
        return template ? refuse(h, key, EXPLAIN_TEMPLATE_MESSAGE, EXPLAIN_TEMPLATE_HELP)
                        : refuse(h, key, STR("Helm does not accept a list or mapping as a key"),
                                 STR("use a string as the key"));
    }
    if (!resolve(h, node, &s)) return false;
    switch (s.kind) {
    case SCALAR_STRING: return read_binary(h, node, out);
    case SCALAR_NULL:
        return refuse(h, key, STR("Helm does not accept null as a key"), STR("give the key a name, or quote it"));
    case SCALAR_UINT: return refuse(h, key, STR("this number is too large to be a key in Helm"), STR("quote the key"));
    case SCALAR_BOOL: *out = s.boolean ? STR("true") : STR("false"); break;
    case SCALAR_INT: *out = arena_printf(h->arena, "%lld", (long long)s.integer); break;
    case SCALAR_FLOAT: *out = float_key(h->arena, s.real); break;
    }
    if (!str_eq(*out, node->text))
        report(h, YAML_CHANGED_KEY, key,
               arena_printf(h->arena, "Helm turns the key `%.*s` into `%.*s`", STR_ARG(node->text), STR_ARG(*out)),
               arena_printf(h->arena, "write `\"%.*s\"` or `%.*s`", STR_ARG(node->text), STR_ARG(*out)));
    return true;
}

bool helm_is_merge(const struct node *key) {
    if (!key || key->text.len != 2 || key->text.ptr[0] != '<' || key->text.ptr[1] != '<' || key->kind != NODE_SCALAR)
        return false;
    if (!key->props || !key->props->tag.len) return key->style == STYLE_PLAIN;
    struct str tag = key->props->tag;
    return str_eq(tag, STR("!")) || str_eq(tag, STR("!!merge")) || str_eq(tag, STR("!<tag:yaml.org,2002:merge>"));
}

static bool build(struct helm *h, const struct node *node, struct value *out, int *height);

static bool refuse_merge(struct helm *h, const struct node *node) {
    return refuse(h, node, STR("a merge (`<<`) takes a mapping, or a list of mappings"),
                  STR("give it an alias of a mapping"));
}

/* Builds the map that a merge brings; `node` is the merge's value or an item of it. */
static bool build_merged(struct helm *h, const struct node *node, struct value *out, int *height) {
    const struct node *target = node->kind == NODE_ALIAS ? node->target : node;
    if (target && target->kind != NODE_MAP) return refuse_merge(h, node);
    return build(h, node, out, height);
}

/* Copies the members of `from` over those of `map`, as go-yaml does: also over what stands there already. */
static void merge_members(struct helm *h, const struct node *node, const struct value *from, struct value *map) {
    for (uint32_t i = 0; i < from->map.len; i++) {
        const struct member *member = &from->map.members[i];
        bool found;
        struct member *own = value_map_put(map, member->key, &found);
        if (found && span_contains(node->parent->span, own->key_span) && !value_equal(&own->value, &member->value))
            report(h, YAML_MERGE, node,
                   arena_printf(h->arena, "in Helm this merge overrides `%.*s` above it", STR_ARG(member->key)),
                   STR("put `<<` first in its mapping, so that the keys after it win everywhere"));
        own->value = member->value;
        own->key_span = member->key_span;
    }
}

static bool build_merge(struct helm *h, const struct node *node, struct value *maps, uint32_t *count, int *height) {
    *count = 0;
    if (node->kind != NODE_LIST) return build_merged(h, node, &maps[(*count)++], height);
    for (const struct node *item = node->first; item; item = item->next) {
        int item_height;
        if (!build_merged(h, item, &maps[(*count)++], &item_height)) return false;
        if (item_height > *height) *height = item_height;
    }
    return true;
}

/* A key that stands twice: the later one wins. */
static void report_duplicate(struct helm *h, const struct node *key, const struct member *before) {
    report(h, YAML_DUPLICATE, key, arena_printf(h->arena, "duplicate key `%.*s` in this mapping", STR_ARG(before->key)),
           STR("delete or rename one of them: the last one wins silently"));
    h->issues->items[h->issues->len - 1].other = before->key_span;
}

/* What one entry of a map with merges brings: a value, or the maps of its merge. */
struct part {
    struct value *values;
    uint32_t count;
};

/* Puts the value of `entry` into the map. */
static bool put_member(struct helm *h, const struct node *entry, const struct value *value, struct value *out) {
    struct str key;
    bool found;
    if (!build_key(h, entry->key, &key)) return false;
    struct member *member = value_map_put(out, key, &found);
    if (found && member->key_span.start >= node_entry_start(entry->parent->first) &&
        span_contains(entry->parent->span, member->key_span))
        report_duplicate(h, entry->key, member);
    member->key_span = entry->key->span;
    member->value = *value;
    return true;
}

/* Builds what each entry of a map brings, in the order of the text: an anchor may stand above its merge in one map.
 * *total becomes how many members that is at most. */
static bool build_parts(struct helm *h, const struct node *node, struct part *parts, uint32_t *total, int *height) {
    for (const struct node *entry = node->first; entry; entry = entry->next, parts++) {
        bool merge = helm_is_merge(entry->key), ok;
        int entry_height = 0;
        parts->count = 1;
        parts->values = arena_array(h->arena, struct value, merge && entry->kind == NODE_LIST ? entry->count : 1);
        if (merge) ok = build_merge(h, entry, parts->values, &parts->count, &entry_height);
        else ok = build(h, entry, parts->values, &entry_height);
        if (!ok) return false;
        if (entry_height > *height) *height = entry_height;
        *total += merge ? 0 : 1;
        for (uint32_t i = 0; merge && i < parts->count; i++) *total += parts->values[i].map.len;
    }
    return true;
}

static bool build_map_with_merges(struct helm *h, const struct node *node, struct value *out, int *height) {
    struct part *parts = arena_array(h->arena, struct part, node->count);
    uint32_t total = 0;
    if (!build_parts(h, node, parts, &total, height)) return false;
    *out = value_map_new(h->arena, total);
    for (const struct node *entry = node->first; entry; entry = entry->next, parts++) {
        bool merge = helm_is_merge(entry->key);
        if (!merge && !put_member(h, entry, parts->values, out)) return false;
        /* The first of several maps counts most, so it comes last. */
        for (uint32_t i = parts->count; merge && i > 0; i--) merge_members(h, entry, &parts->values[i - 1], out);
    }
    return true;
}

static bool has_merge(const struct helm *h, const struct node *node) {
    for (const struct node *entry = node->first; entry && h->tree->has_merge; entry = entry->next)
        if (helm_is_merge(entry->key)) return true;
    return false;
}

static bool build_map(struct helm *h, const struct node *node, struct value *out, int *height) {
    if (has_merge(h, node)) {
        if (!build_map_with_merges(h, node, out, height)) return false;
        *height += 1;
        return true;
    }
    *out = value_map_new(h->arena, node->count);
    for (const struct node *entry = node->first; entry; entry = entry->next) {
        struct value value;
        int entry_height = 0;
        if (!build(h, entry, &value, &entry_height) || !put_member(h, entry, &value, out)) return false;
        if (entry_height > *height) *height = entry_height;
    }
    *height += 1;
    return true;
}

static bool build_list(struct helm *h, const struct node *node, struct value *out, int *height) {
    struct value *items = arena_alloc_raw(h->arena, sizeof(struct value) * node->count);
    uint32_t len = 0;
    for (const struct node *item = node->first; item; item = item->next) {
        int item_height = 0;
        if (!build(h, item, &items[len++], &item_height)) return false;
        if (item_height > *height) *height = item_height;
    }
    *out = (struct value){.kind = VALUE_LIST, .list = {items, len}};
    *height += 1;
    return true;
}

static bool build_alias(struct helm *h, const struct node *node, struct value *out, int *height) {
    if (!node->target)
        return refuse(h, node,
                      arena_printf(h->arena, "no anchor `&%.*s` is defined above this alias", STR_ARG(node->text)),
                      STR("define the anchor before its first use, or quote the text if it is meant literally"));
    const struct built *built = h->built[node->target->id];
    if (!built) { /* the anchor stands at a key */
        if (!build_scalar(h, node->target, out)) return false;
    } else if (built->height == BUILDING) {
        return refuse(h, node, arena_printf(h->arena, "the anchor `&%.*s` contains itself", STR_ARG(node->text)),
                      STR("write out what the inner alias stands for"));
    } else {
        *out = built->value;
        *height = built->height;
    }
    out->span = node->span;
    out->node = node->id;
    return true;
}

static bool build(struct helm *h, const struct node *node, struct value *out, int *height) {
    struct built *built = NULL;
    bool ok;
    *height = 0;
    if (node->kind == NODE_ALIAS) return build_alias(h, node, out, height);
    if (h->built && node->props && node->props->anchor.len) {
        built = h->built[node->id] = arena_new(h->arena, struct built);
        built->height = BUILDING;
    }
    if (node->kind == NODE_SCALAR) ok = build_scalar(h, node, out);
    else if (node->kind == NODE_MAP) ok = build_map(h, node, out, height);
    else ok = build_list(h, node, out, height);
    if (!ok) return false;
    if (*height > TREE_DEPTH_MAX)
        return refuse(h, node,
                      arena_printf(h->arena, "aliases make collections more than %d levels deep", TREE_DEPTH_MAX),
                      STR("write the values out"));
    out->span = node->span;
    out->node = node->id;
    if (built) *built = (struct built){*out, *height};
    return true;
}

/* go-yaml's guard against texts whose aliases multiply: it counts what it decodes, and how much of it by alias. Asked
 * before anything is built, since what aliases and merges make is as large as what it counts. */
struct expansion {
    double decoded;
    double by_alias;
    int alias_depth;
    bool *open; /* by node id: an alias of it is being expanded; a second one there is a circle, which build refuses */
};

static double allowed_ratio(double decoded) {
    const double low = 400000, high = 4000000;
    if (decoded <= low) return 0.99;
    if (decoded >= high) return 0.10;
    return 0.99 - 0.89 * ((decoded - low) / (high - low));
}

static bool expand(struct expansion *e, const struct node *node);

static bool expand_alias(struct expansion *e, const struct node *target) {
    if (!target || e->open[target->id]) return true;
    e->open[target->id] = true;
    e->alias_depth++;
    bool ok = expand(e, target);
    e->alias_depth--;
    e->open[target->id] = false;
    return ok;
}

static bool expand(struct expansion *e, const struct node *node) {
    e->decoded++;
    if (e->alias_depth > 0) e->by_alias++;
    if (e->by_alias > 100 && e->decoded > 1000 && e->by_alias / e->decoded > allowed_ratio(e->decoded)) return false;
    if (node->kind == NODE_ALIAS) return expand_alias(e, node->target);
    for (const struct node *child = node->first; child; child = child->next) {
        if (child->key && !helm_is_merge(child->key) && !expand(e, child->key)) return false;
        if (!expand(e, child)) return false;
    }
    return true;
}

static bool check_expansion(struct helm *h, const struct node *root) {
    struct expansion expansion = {.decoded = 0};
    if (!h->tree->has_alias) return true;
    expansion.open = arena_array(h->arena, bool, h->tree->node_count);
    return expand(&expansion, root) ||
           refuse(h, root, STR("the aliases expand to more than Helm accepts"), STR("write the values out"));
}

bool helm_value(struct arena *a, const struct tree *tree, const struct node *node, struct value *out) {
    struct yaml_issues issues = {NULL, 0, 0};
    struct helm h = {.arena = a, .tree = tree, .issues = &issues};
    int height;
    return build(&h, node, out, &height);
}

bool helm_key(struct arena *a, const struct tree *tree, const struct node *key, struct str *out) {
    struct yaml_issues issues = {NULL, 0, 0};
    struct helm h = {.arena = a, .tree = tree, .issues = &issues};
    return build_key(&h, key, out);
}

/* The values of the document `root` into `*out`, which is an empty map already. */
static bool build_document(struct helm *h, const struct node *root, struct value *out) {
    struct value value;
    int height;
    if (!check_expansion(h, root) || !build(h, root, &value, &height)) return false;
    if (value.kind == VALUE_NULL) return true;
    if (value.kind != VALUE_MAP)
        return refuse(h, root,
                      arena_printf(h->arena, "the document must be a mapping, not %s",
                                   value.kind == VALUE_LIST ? "a list" : "a single value"),
                      STR("write `key: value` lines"));
    *out = value;
    return true;
}

bool helm_first_values(struct arena *a, const struct tree *tree, struct value *out, struct yaml_issues *issues) {
    struct helm h = {a, tree, issues, NULL};
    *out = value_map_new(a, 0);
    if (!dialect_check(a, tree, issues)) return false;
    if (!tree->root) return true;
    if (tree->has_alias) h.built = arena_array(a, struct built *, tree->node_count);
    return build_document(&h, tree->root, out);
}

bool helm_first_document(struct arena *a, const struct tree *tree, struct value *out, struct yaml_issues *issues) {
    struct helm h = {a, tree, issues, NULL};
    int height;
    *out = (struct value){.kind = VALUE_NULL};
    if (!dialect_check(a, tree, issues)) return false;
    if (!tree->root) return true;
    if (tree->has_alias) h.built = arena_array(a, struct built *, tree->node_count);
    return check_expansion(&h, tree->root) && build(&h, tree->root, out, &height);
}

bool helm_documents(struct arena *a, const struct tree *tree, struct helm_documents *documents,
                    struct yaml_issues *issues) {
    struct helm h = {a, tree, issues, NULL};
    if (!dialect_check(a, tree, issues)) return false;
    if (tree->has_alias) h.built = arena_array(a, struct built *, tree->node_count);
    for (uint32_t i = 1; i < tree->node_count; i++) {
        struct value document = value_map_new(a, 0);
        if (tree->nodes[i]->parent) continue;
        if (!build_document(&h, tree->nodes[i], &document)) return false;
        if (document.map.len) vec_push(a, documents, document);
    }
    return true;
}

bool helm_is_own_boolean(const struct node *node) {
    if (node->kind != NODE_SCALAR || node->style != STYLE_PLAIN || node->props) return false;
    if (node->text.len == 0 || node->text.len > 3 || !strchr("yYnNoO", node->text.ptr[0])) return false;
    struct scalar helm = scalar_resolve_helm(node->text), core = scalar_resolve_core(node->text);
    return helm.kind == SCALAR_BOOL && core.kind == SCALAR_STRING;
}
