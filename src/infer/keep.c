#include "infer/keep.h"

/* What a draft says of a property, and in its annotation: what is missing there from a new one is gone. */
static const char *const SAID[] = {"type", "default", "required", "items", "properties", NULL};
static const char *const ANNOTATED[] = {"derive", "suggested", NULL};
/* What stays as it is, once it is there: words, order and choices are a person's to decide. */
static const char *const KEPT[] = {"$comment", "description", "heading", "order", "enum", NULL};

static bool is_one_of(const char *const *names, struct str key) {
    for (; *names; names++)
        if (str_eq(key, str_from(*names))) return true;
    return false;
}

static void put(struct value *map, struct str key, struct value value) {
    bool found;
    value_map_put(map, key, &found)->value = value;
}

static struct value annotation_over(struct arena *a, const struct value *old, const struct value *draft);
static struct value properties_over(struct arena *a, const struct value *old, const struct value *draft);

static struct value member_over(struct arena *a, struct str key, const struct value *old, const struct value *draft) {
    if (is_one_of(KEPT, key)) return *old;
    if (old->kind != VALUE_MAP || draft->kind != VALUE_MAP) return *draft;
    if (str_eq(key, STR("properties"))) return properties_over(a, old, draft);
    if (str_eq(key, STR("items"))) return keep_over(a, old, draft);
    if (str_eq(key, STR("x-valuelint"))) return annotation_over(a, old, draft);
    return *draft;
}

/* The members of both: those of `old` first, without what `said` lists and the draft does not say any more. */
static struct value members_over(struct arena *a, const struct value *old, const struct value *draft,
                                 const char *const *said) {
    struct value out = value_map_new(a, old->map.len + draft->map.len);
    for (uint32_t i = 0; i < old->map.len; i++) {
        const struct member *member = &old->map.members[i];
        const struct value *now = value_get(draft, member->key);
        if (now) put(&out, member->key, member_over(a, member->key, &member->value, now));
        else if (!is_one_of(said, member->key)) put(&out, member->key, member->value);
    }
    for (uint32_t i = 0; i < draft->map.len; i++)
        if (!value_get(old, draft->map.members[i].key))
            put(&out, draft->map.members[i].key, draft->map.members[i].value);
    return out;
}

/* Whether the old places of `annotation` hold that path. */
static bool is_confirmed(const struct value *annotation, const struct value *path) {
    const struct value *list = value_get(annotation, STR("legacy"));
    for (uint32_t i = 0; list && list->kind == VALUE_LIST && i < list->list.len; i++) {
        const struct value *item = &list->list.items[i];
        const struct value *at = item->kind == VALUE_MAP ? value_get(item, STR("path")) : item;
        if (at && path && value_equal(at, path)) return true;
    }
    return false;
}

static struct value annotation_over(struct arena *a, const struct value *old, const struct value *draft) {
    struct value out = members_over(a, old, draft, ANNOTATED);
    const struct value *list = value_get(draft, STR("suggested"));
    if (!list) return out;
    struct value *left = arena_array(a, struct value, list->list.len + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; i < list->list.len; i++)
        if (!is_confirmed(old, value_get(&list->list.items[i], STR("path")))) left[count++] = list->list.items[i];
    if (count) {
        put(&out, STR("suggested"), value_from_items(a, left, count));
        return out;
    }
    struct value rest = value_map_new(a, out.map.len);
    for (uint32_t i = 0; i < out.map.len; i++)
        if (!str_eq(out.map.members[i].key, STR("suggested")))
            put(&rest, out.map.members[i].key, out.map.members[i].value);
    return rest;
}

/* Whether a draft made the property: its evidence is there. */
static bool is_drafted(const struct value *property) {
    const struct value *comment = value_get(property, STR("$comment"));
    return comment && comment->kind == VALUE_STRING && str_starts(comment->string, STR("in "));
}

static struct value properties_over(struct arena *a, const struct value *old, const struct value *draft) {
    struct value out = value_map_new(a, old->map.len + draft->map.len);
    for (uint32_t i = 0; i < old->map.len; i++) {
        const struct member *member = &old->map.members[i];
        const struct value *now = value_get(draft, member->key);
        if (now) put(&out, member->key, keep_over(a, &member->value, now));
        else if (!is_drafted(&member->value)) put(&out, member->key, member->value);
    }
    for (uint32_t i = 0; i < draft->map.len; i++)
        if (!value_get(old, draft->map.members[i].key))
            put(&out, draft->map.members[i].key, draft->map.members[i].value);
    return out;
}

/* Whether both say the same of the property itself. */
static bool says_same(const struct value *old, const struct value *now) {
    for (uint32_t i = 0; i < now->map.len; i++) {
        const struct member *member = &now->map.members[i];
        const struct value *before = value_get(old, member->key);
        bool apart = str_eq(member->key, STR("properties")) || str_eq(member->key, STR("items"));
        if (!apart && (!before || !value_equal(before, &member->value))) return false;
    }
    for (uint32_t i = 0; i < old->map.len; i++)
        if (!value_get(now, old->map.members[i].key)) return false;
    return true;
}

struct value keep_over(struct arena *a, const struct value *old, const struct value *draft) {
    if (old->kind != VALUE_MAP || draft->kind != VALUE_MAP) return *draft;
    struct value out = members_over(a, old, draft, SAID);
    const struct value *evidence = value_get(draft, STR("$comment"));
    if (evidence && !says_same(old, &out)) put(&out, STR("$comment"), *evidence);
    return out;
}
