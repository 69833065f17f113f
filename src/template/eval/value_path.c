/* A value that a template reads may stand at several paths of the tree: its own keys, and `*` for what range went over.
 * It is unread only where none of them was read. */
#include "template/eval/value_path.h"

#include "base/buf.h"
#include "value/pointer.h"

struct value_path *value_path_below(struct arena *a, struct value_path *place, struct str key) {
    struct value_path *child = key.ptr ? map_get(&place->children, key) : place->any;
    if (child) return child;
    child = arena_new(a, struct value_path);
    child->parent = place;
    child->key = key;
    if (key.ptr) map_put(a, &place->children, key, child);
    else place->any = child;
    return child;
}

static uint32_t depth_of(const struct value_path *place) {
    uint32_t depth = 0;
    for (; place->parent; place = place->parent) depth++;
    return depth;
}

bool value_path_keys(struct arena *a, const struct value_path *place, struct str **keys, uint32_t *count) {
    uint32_t i = *count = depth_of(place);
    *keys = arena_array(a, struct str, i + 1);
    for (; place->parent; place = place->parent) {
        if (!place->key.ptr) return false;
        (*keys)[--i] = place->key;
    }
    return true;
}

struct str value_path_text(struct arena *a, const struct value_path *place) {
    struct step *steps = arena_array(a, struct step, depth_of(place) + 1);
    uint32_t i = depth_of(place);
    const struct step *last = NULL;
    for (const struct value_path *p = place; p->parent; p = p->parent) steps[--i].key = p->key.ptr ? p->key : STR("*");
    for (i = 0; i < depth_of(place); i++) {
        steps[i].parent = last;
        last = &steps[i];
    }
    struct str dotted = step_dotted(a, last);
    /* The text of a step quotes the star of any member. */
    struct buf out = buf_in(a);
    for (size_t at = 0; at < dotted.len;) {
        struct str rest = str_slice(dotted, at, dotted.len);
        bool star = str_starts(rest, STR("[\"*\"]"));
        if (star) buf_add(&out, at ? STR(".*") : STR("*"));
        else buf_add_char(&out, rest.ptr[0]);
        at += star ? 5 : 1;
    }
    return buf_str(&out);
}

/* The places that one value stands at: itself, and as any member. */
struct seen VEC(const struct value_path *);

struct search {
    struct arena *arena;
    const struct map *names;
    struct value_path_unreads *out;
};

/* What stands at the places of `seen` below `key`. */
static struct seen seen_below(struct search *s, const struct seen *seen, struct str key) {
    struct seen below = {NULL, 0, 0};
    for (uint32_t i = 0; i < seen->len; i++) {
        const struct value_path *place = seen->items[i], *child = map_get(&place->children, key);
        if (child) vec_push(s->arena, &below, child);
        if (place->any) vec_push(s->arena, &below, place->any);
    }
    return below;
}

static uint8_t uses_of(const struct seen *seen) {
    uint8_t uses = 0;
    for (uint32_t i = 0; i < seen->len; i++) uses |= seen->items[i]->uses;
    return uses;
}

/* Whether all words of the key are among the names. */
static bool is_named(const struct search *s, struct str key) {
    size_t at = 0;
    while (s->names && at < key.len) {
        size_t start = at;
        while (at < key.len && value_path_is_word(key.ptr[at])) at++;
        if (at > start && !map_get(s->names, str_slice(key, start, at))) return false;
        if (at == start) at++;
    }
    return s->names != NULL;
}

/* Adds what is unread below `value`, and tells whether anything of it is read. */
static bool search_below(struct search *s, const struct seen *seen, const struct value *value,
                         const struct step *step) {
    bool any = false;
    for (uint32_t i = 0; i < value->map.len; i++) {
        const struct member *member = &value->map.members[i];
        struct seen below = seen_below(s, seen, member->key);
        struct step here = {step, member->key, 0};
        uint8_t uses = uses_of(&below);
        bool read = uses != 0;
        if ((uses & (VALUE_PATH_WHOLE | VALUE_PATH_OTHER)) || is_named(s, member->key)) {
            any = true;
            continue;
        }
        if (read && member->value.kind == VALUE_MAP && member->value.map.len) {
            uint32_t found = s->out->len;
            /* Where only its being empty or not matters, its members are what fills it. */
            if (!search_below(s, &below, &member->value, &here) && (uses & VALUE_PATH_TRUTH)) s->out->len = found;
        } else if (!read) {
            vec_push(s->arena, s->out, (struct value_path_unread){member, step_dotted(s->arena, &here)});
        }
        any |= read;
    }
    return any;
}

void value_path_unread(struct arena *a, const struct value_path *root, const struct map *names,
                       const struct value *values, struct value_path_unreads *unreads) {
    struct search s = {a, names, unreads};
    struct seen seen = {NULL, 0, 0};
    if (values->kind != VALUE_MAP || (root->uses & (VALUE_PATH_WHOLE | VALUE_PATH_OTHER))) return;
    vec_push(a, &seen, root);
    search_below(&s, &seen, values, NULL);
}
