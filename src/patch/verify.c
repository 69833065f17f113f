#include "patch/verify.h"

#include "base/buf.h"
#include "base/map.h"
#include "value/json.h"
#include "value/pointer.h"
#include "yaml/lex.h"

enum change { CHANGE_PUT, CHANGE_REPLACE, CHANGE_REMOVE, CHANGE_RENAME };

/* One change at a path: `value` is put there, or `key` becomes the entry's name. */
struct edit_value {
    struct arena *arena;
    enum change change;
    const struct value *value;
    struct str key;
};

static bool change_at(const struct edit_value *e, const struct value *in, const struct str *keys, uint32_t count,
                      struct value *out);

/* The value that is put where nothing is, inside of a map for each of `keys`. */
static struct value made_value(const struct edit_value *e, const struct str *keys, uint32_t count) {
    struct value made = *e->value;
    bool found;
    for (uint32_t i = count; i > 0; i--) {
        struct value map = value_map_new(e->arena, 1);
        value_map_put(&map, keys[i - 1], &found)->value = made;
        made = map;
    }
    return made;
}

/* The map without its member `gone`, which stands there as `key` where that is not NULL. */
static struct value map_without(struct arena *a, const struct value *in, const struct member *gone,
                                const struct str *key) {
    struct value out = value_map_new(a, in->map.len);
    bool found;
    for (uint32_t i = 0; i < in->map.len; i++) {
        const struct member *member = &in->map.members[i];
        if (member != gone) value_map_put_hashed(&out, member->key, member->hash, &found)->value = member->value;
        else if (key) value_map_put(&out, *key, &found)->value = member->value;
    }
    return out;
}

static bool change_map(const struct edit_value *e, const struct value *in, const struct str *keys, uint32_t count,
                       struct value *out) {
    const struct member *child = value_member(in, keys[0]);
    bool found, last = count == 1;
    if (!child && e->change != CHANGE_PUT) return false;
    if (last && e->change == CHANGE_RENAME && value_get(in, e->key) && !str_eq(keys[0], e->key)) return false;
    if (last && (e->change == CHANGE_REMOVE || e->change == CHANGE_RENAME)) {
        *out = map_without(e->arena, in, child, e->change == CHANGE_RENAME ? &e->key : NULL);
        return true;
    }
    *out = value_map_copy(e->arena, in, child == NULL);
    out->node = 0; /* it is no longer what stands there */
    out->span = (struct span){0, 0};
    struct value *value = child ? &out->map.members[child - in->map.members].value : NULL;
    if (!child) value_map_put(out, keys[0], &found)->value = made_value(e, keys + 1, count - 1);
    else if (last) *value = *e->value;
    else return change_at(e, &child->value, keys + 1, count - 1, value);
    return true;
}

static bool change_list(const struct edit_value *e, const struct value *in, const struct str *keys, uint32_t count,
                        struct value *out) {
    uint32_t index = in->list.len, len = in->list.len;
    bool last = count == 1, put = last && e->change == CHANGE_PUT;
    if (!(put && str_eq(keys[0], STR("-"))) && !pointer_index(keys[0], &index)) return false;
    if (index > len || (index == len && !put) || (last && e->change == CHANGE_RENAME)) return false;
    struct value *items = arena_array(e->arena, struct value, len + 1);
    uint32_t at = 0;
    for (uint32_t i = 0; i <= len; i++) {
        if (i == index && put) items[at++] = *e->value;
        if (i == len || (i == index && last && e->change == CHANGE_REMOVE)) continue;
        items[at] = in->list.items[i];
        if (i == index && last && e->change == CHANGE_REPLACE) items[at] = *e->value;
        if (i == index && !last && !change_at(e, &in->list.items[i], keys + 1, count - 1, &items[at])) return false;
        at++;
    }
    *out = (struct value){.kind = VALUE_LIST, .list = {items, at}};
    return true;
}

static bool change_at(const struct edit_value *e, const struct value *in, const struct str *keys, uint32_t count,
                      struct value *out) {
    if (in->kind == VALUE_MAP) return change_map(e, in, keys, count, out);
    if (in->kind == VALUE_LIST) return change_list(e, in, keys, count, out);
    return false;
}

static const struct value *value_at(const struct value *value, const struct str *keys, uint32_t count) {
    uint32_t index;
    for (uint32_t i = 0; i < count && value; i++) {
        if (value->kind != VALUE_LIST) value = value_get(value, keys[i]);
        else value = pointer_index(keys[i], &index) && index < value->list.len ? &value->list.items[index] : NULL;
    }
    return value;
}

static bool starts_with(const struct str *keys, uint32_t count, const struct str *prefix, uint32_t prefix_count) {
    if (prefix_count > count) return false;
    for (uint32_t i = 0; i < prefix_count; i++)
        if (!str_eq(keys[i], prefix[i])) return false;
    return true;
}

/* Removes the collections around `keys[0..count)` that are empty, but not those on the way to `keep`. */
static bool prune(struct arena *a, struct value *root, const struct str *keys, uint32_t count, const struct str *keep,
                  uint32_t keep_count) {
    const struct edit_value removal = {a, CHANGE_REMOVE, NULL, STR_INIT("")};
    for (; count > 1; count--) {
        const struct value *around = value_at(root, keys, count - 1);
        bool empty = around && ((around->kind == VALUE_MAP && around->map.len == 0) ||
                                (around->kind == VALUE_LIST && around->list.len == 0));
        if (!empty || (keep && starts_with(keep, keep_count, keys, count - 1))) break;
        struct value out;
        if (!change_at(&removal, root, keys, count - 1, &out)) return false;
        *root = out;
    }
    return true;
}

/* The string that a scalar becomes: its text where it came from the tree. */
static bool string_of(struct arena *a, const struct tree *tree, const struct value *value, struct value *out) {
    *out = *value;
    if (value->kind == VALUE_STRING) return true;
    if (value->kind == VALUE_NULL || value->kind == VALUE_LIST || value->kind == VALUE_MAP || value->node == 0)
        return false;
    *out = value_from_string(arena_str(a, tree->nodes[value->node]->text));
    return true;
}

static bool expect_transfer(struct arena *a, const struct tree *tree, const struct value *values,
                            const struct patch_operation *operation, struct value *out) {
    struct str *keys, *from;
    uint32_t count, from_count;
    struct value between = *values, moved;
    if (!pointer_parse(a, operation->path, &keys, &count) || !pointer_parse(a, operation->from, &from, &from_count))
        return false;
    const struct value *source = value_at(values, from, from_count);
    if (!source || count == 0 || from_count == 0) return false;
    moved = *source;
    if (operation->as_string && !string_of(a, tree, source, &moved)) return false;
    if (operation->kind == PATCH_MOVE &&
        !change_at(&(struct edit_value){a, CHANGE_REMOVE, NULL, STR_INIT("")}, values, from, from_count, &between))
        return false;
    if (operation->kind == PATCH_MOVE && !prune(a, &between, from, from_count, keys, count)) return false;
    const struct value *there = value_at(&between, keys, count - 1);
    if (there && there->kind == VALUE_MAP && value_get(there, keys[count - 1])) return false;
    return change_at(&(struct edit_value){a, CHANGE_PUT, &moved, STR_INIT("")}, &between, keys, count, out);
}

bool verify_expect(struct arena *a, const struct tree *tree, const struct value *values,
                   const struct patch_operation *operation, struct value *out) {
    static const enum change changes[] = {[PATCH_ADD] = CHANGE_PUT,
                                          [PATCH_REMOVE] = CHANGE_REMOVE,
                                          [PATCH_REPLACE] = CHANGE_REPLACE,
                                          [PATCH_RENAME] = CHANGE_RENAME};
    struct str *keys;
    uint32_t count;
    if (operation->kind == PATCH_MOVE || operation->kind == PATCH_COPY)
        return expect_transfer(a, tree, values, operation, out);
    if (!pointer_parse(a, operation->path, &keys, &count) || count == 0) return false;
    if (operation->kind == PATCH_TEST) {
        const struct value *found = value_at(values, keys, count);
        *out = *values;
        return found && value_equal(found, operation->value);
    }
    const struct edit_value edit = {a, changes[operation->kind], operation->value, operation->key};
    if (!change_at(&edit, values, keys, count, out)) return false;
    return operation->kind != PATCH_REMOVE || !operation->prune || prune(a, out, keys, count, NULL, 0);
}

/* Adds `step` to the count of each comment. */
static void count_comments(struct arena *a, struct map *counts, const struct str *comments, uint32_t len, int step) {
    for (uint32_t i = 0; i < len; i++) {
        struct str text = str_trim(comments[i]);
        int *count = map_get(counts, text);
        if (!count) {
            count = arena_new(a, int);
            map_put(a, counts, text, count);
        }
        *count += step;
    }
}

static void count_tree(struct arena *a, struct map *counts, const struct tree *tree, int step) {
    struct spans spans = {NULL, 0, 0};
    yaml_lex_comments(a, tree, &spans);
    for (uint32_t i = 0; i < spans.len; i++) {
        struct str comment = span_text(tree->source->text, spans.items[i]);
        count_comments(a, counts, &comment, 1, step);
    }
}

enum verify_promise verify_patch(struct arena *a, const struct verify_input *input) {
    struct map counts = {0};
    if (!input->after || !input->values) return VERIFY_PARSES;
    if (!value_equal(input->expected, input->values)) return VERIFY_VALUES;
    count_tree(a, &counts, input->before, 1);
    count_comments(a, &counts, input->made, input->made_count, 1);
    count_comments(a, &counts, input->dropped, input->dropped_count, -1);
    count_tree(a, &counts, input->after, -1);
    for (uint32_t i = 0; i < counts.len; i++)
        if (*(const int *)counts.entries[i].value > 0) return VERIFY_COMMENTS;
    return VERIFY_KEPT;
}

struct str verify_words(enum verify_promise promise) {
    static const struct str words[] = {
        [VERIFY_KEPT] = STR_INIT("every promise holds"),
        [VERIFY_PARSES] = STR_INIT("the new text is not YAML that Helm loads"),
        [VERIFY_VALUES] = STR_INIT("the new text does not have the intended values"),
        [VERIFY_COMMENTS] = STR_INIT("a comment would be lost"),
    };
    return words[promise];
}
