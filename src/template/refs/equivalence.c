/* The i-th reference of the file before is the i-th of the file after. The path of each is looked up in the values, and
 * the two that are found are compared in what the rest of the action takes from them (enum refs_needs). What stands
 * in a `with` or `range` is covered by its subject, which must be the same as a whole; but where all templates read
 * only parts of it, by the relatives of their references, it must be as empty as before, and these are compared. */
#include "template/refs/equivalence.h"

#include "base/buf.h"
#include "template/eval/abstract.h"
#include "template/refs/read_set.h"
#include "template/refs/root_proof.h"
#include "value/json.h"

struct side {
    const struct refs_set *set;
    const struct refs_file *file;
    const struct value *values;
};

struct comparison {
    struct arena *arena;
    struct side before, after;
    enum { NOT_COMPARED, SAME, CHANGED } all; /* the values as a whole */
    struct refs_differences *out;
    bool more;      /* something is left to refs_compare_parts */
    uint32_t above; /* of a relative, how many keys lead to the mapping that it reads a part of */
};

/* What a reference reads. */
struct found {
    bool fails;                /* a field access on what is no map */
    bool present;              /* the last key is there */
    uint32_t depth;            /* of `fails`: the number of keys up to what is no map */
    const struct value *value; /* NULL for none, and for null; of `fails`: what is no map */
};

static const struct refs_part *part_at(const struct refs_reference *ref, uint32_t i) {
    return i < ref->part_count ? &ref->parts[i] : &ref->tail[i - ref->part_count];
}

static const struct value *without_null(const struct value *v) {
    return v && v->kind != VALUE_NULL ? v : NULL;
}

static const struct value *map_of(const struct value *values) {
    static const struct value none = {.kind = VALUE_MAP};
    return values && values->kind == VALUE_MAP ? values : &none;
}

static struct found find(const struct value *values, const struct refs_reference *ref) {
    static const struct value empty_text = {.kind = VALUE_STRING};
    uint32_t count = ref->part_count + ref->tail_count;
    const struct value *v = map_of(values);
    bool present = true;
    for (uint32_t i = 0; i < count; i++) {
        const struct refs_part *part = part_at(ref, i);
        if (!v && part->unwraps) {
            while (i + 1 < count && !part_at(ref, i + 1)->quoted && !part_at(ref, i + 1)->unwraps) i++;
            present = false;
            continue;
        }
        if (!v || v->kind != VALUE_MAP) return (struct found){true, false, i, v};
        const struct value *member = value_get(v, part->key);
        present = member != NULL;
        v = without_null(member);
    }
    if (ref->gets && !present) v = &empty_text;
    return (struct found){false, present, 0, v};
}

static bool is_scalar(const struct value *v) {
    return v->kind != VALUE_LIST && v->kind != VALUE_MAP;
}

/* The text that a scalar prints as; none for no value. */
static struct str printed(struct arena *a, const struct value *v) {
    struct buf out = buf_in(a);
    if (v) json_print_scalar(&out, v);
    return buf_str(&out);
}

static bool prints_the_same(struct arena *a, const struct value *before, const struct value *after) {
    if ((before && !is_scalar(before)) || (after && !is_scalar(after))) return false;
    return str_eq(printed(a, before), printed(a, after));
}

static bool is_equal(const struct value *before, const struct value *after) {
    if (!before || !after) return before == after;
    return before == after || value_equal(before, after);
}

/* Nothing for `range` to go over, which it takes without failing. */
static bool has_no_items(const struct value *v) {
    return !v || (!is_scalar(v) && !abstract_is_true_value(v));
}

/* Whether two values are alike in what is needed of them. */
static bool is_alike(struct arena *a, uint8_t needs, const struct value *before, const struct value *after) {
    if (is_equal(before, after)) return true;
    if ((needs & REFS_STOPS_EMPTY) && !abstract_is_true_value(before) && !abstract_is_true_value(after)) return true;
    if (needs & REFS_NEEDS_ALL) return false;
    if ((needs & REFS_NEEDS_TRUTH) && abstract_is_true_value(before) != abstract_is_true_value(after)) return false;
    if ((needs & REFS_NEEDS_ITEMS) && !(has_no_items(before) && has_no_items(after))) return false;
    if ((needs & REFS_NEEDS_TEXT) && (!before || !after)) return false;
    return !(needs & (REFS_NEEDS_TEXT | REFS_NEEDS_PRINTED)) || prints_the_same(a, before, after);
}

/* What is needed of both; what one of them lets through counts. Where a text is included by another template, no value
 * prints `<no value>` in it, which Helm takes away only at the end: a checksum sees it. */
static uint8_t needs_of(const struct comparison *c, const struct refs_reference *before,
                        const struct refs_reference *after) {
    uint8_t stops = before->needs & after->needs & REFS_STOPS_EMPTY;
    uint8_t needs = (uint8_t)(((before->needs | after->needs) & ~REFS_STOPS_EMPTY) | stops);
    bool included = before->define != TMPL_NONE || c->before.set->bodies_called || c->after.set->bodies_called;
    if (included && (needs & REFS_NEEDS_PRINTED)) needs |= REFS_NEEDS_TEXT;
    return needs;
}

static bool all_changed(struct comparison *c) {
    if (c->all == NOT_COMPARED) c->all = is_equal(map_of(c->before.values), map_of(c->after.values)) ? SAME : CHANGED;
    return c->all == CHANGED;
}

static const struct str *keys_of(struct arena *a, const struct refs_reference *ref, uint32_t *count) {
    *count = ref->part_count + ref->tail_count;
    struct str *keys = arena_array(a, struct str, *count);
    for (uint32_t i = 0; i < *count; i++) keys[i] = part_at(ref, i)->key;
    return keys;
}

/* Why the reference would fail: what it reads through is no mapping. Where a relative reads a part of nothing, it may
 * not be reached. */
static struct str fail_reason(struct comparison *c, struct str use, const struct refs_difference *difference,
                              struct found after) {
    struct buf path = buf_in(c->arena);
    for (uint32_t i = 0; i < after.depth; i++)
        buf_addf(&path, "%s%.*s", i ? "." : "", STR_ARG(difference->new_keys[i]));
    if (!after.value)
        return arena_printf(c->arena, "`%.*s` %s fail: there would be no `%.*s`", STR_ARG(use),
                            after.depth <= c->above ? "may" : "would", STR_ARG(buf_str(&path)));
    return arena_printf(c->arena, "`%.*s` would fail: `%.*s` would be %s", STR_ARG(use), STR_ARG(buf_str(&path)),
                        value_kind_words(after.value));
}

/* Whether another kind of value stands there than the template was written for: a comparison may fail, and a mapping is
 * printed as `map[...]`. Where there was no value, it may be written for any. */
static bool is_type_mismatch(uint8_t needs, const struct value *before, const struct value *after) {
    bool kept = before && after && (before->kind == after->kind || (value_is_number(before) && value_is_number(after)));
    if (!before || !after || kept) return false;
    return (needs & REFS_NEEDS_ALL) || !is_scalar(after);
}

/* Why it may print otherwise. */
static struct str other_reason(struct comparison *c, struct str use, uint8_t needs, struct found before,
                               struct found after) {
    const struct value *old = before.value, *new = after.value;
    if (needs & REFS_NEEDS_KEY)
        return arena_printf(c->arena, "`%.*s` would %s the key", STR_ARG(use), after.present ? "find" : "miss");
    if (!new) return arena_printf(c->arena, "`%.*s` would read no value", STR_ARG(use));
    if (!old) return arena_printf(c->arena, "`%.*s` would read a value where there was none", STR_ARG(use));
    if (needs == REFS_NEEDS_TRUTH) return arena_printf(c->arena, "`%.*s` would take another branch", STR_ARG(use));
    if (old->kind != new->kind && prints_the_same(c->arena, old, new))
        return arena_printf(c->arena, "`%.*s` would read %s in place of %s", STR_ARG(use), value_kind_words(new),
                            value_kind_words(old));
    return arena_printf(c->arena, "`%.*s` would read another value", STR_ARG(use));
}

static bool is_read_by_parts(struct comparison *c, const struct side *side, const struct refs_reference *ref) {
    uint32_t count;
    const struct str *keys = keys_of(c->arena, ref, &count);
    const struct value_path *place = refs_proved_path(side->set, keys, count);
    return place && refs_is_by_parts(place);
}

/* Whether both are mappings, or nothing, that are read by parts, and as empty as each other. */
static bool is_alike_by_parts(struct comparison *c, const struct refs_reference *ref,
                              const struct refs_reference *new_ref, const struct value *before,
                              const struct value *after) {
    if ((before && before->kind != VALUE_MAP) || (after && after->kind != VALUE_MAP)) return false;
    if (abstract_is_true_value(before) != abstract_is_true_value(after) || !is_read_by_parts(c, &c->before, ref) ||
        !is_read_by_parts(c, &c->after, new_ref))
        return false;
    c->more = true;
    return true;
}

static void compare_paths(struct comparison *c, const struct refs_reference *ref,
                          const struct refs_reference *new_ref) {
    struct found before = find(c->before.values, ref), after = find(c->after.values, new_ref);
    uint8_t needs = needs_of(c, ref, new_ref);
    if (before.fails || (!before.value && (ref->needs & REFS_FAILS_NIL))) return;
    if (!after.fails && (needs & REFS_NEEDS_KEY)) {
        if (before.present == after.present) return;
    } else if (!after.fails && is_alike(c->arena, needs, before.value, after.value)) {
        return;
    } else if (!after.fails && (needs & REFS_NEEDS_ALL) &&
               is_alike_by_parts(c, ref, new_ref, before.value, after.value)) {
        return;
    }
    struct refs_difference difference = {.effect = REFS_PRINTS_OTHER, .span = ref->span};
    struct str use = refs_use_text(c->arena, c->before.file, ref);
    difference.keys = keys_of(c->arena, ref, &difference.key_count);
    difference.new_keys = keys_of(c->arena, new_ref, &difference.new_key_count);
    if (after.fails) {
        difference.type_mismatch = !after.value && after.depth <= c->above;
        difference.effect = difference.type_mismatch ? REFS_PRINTS_OTHER : REFS_FAILS;
        difference.reason = fail_reason(c, use, &difference, after);
    } else if (needs == REFS_NEEDS_ITEMS && after.value && is_scalar(after.value)) {
        difference.effect = REFS_FAILS;
        difference.reason =
            arena_printf(c->arena, "`%.*s` would fail: it would get %s", STR_ARG(use), value_kind_words(after.value));
    } else {
        difference.type_mismatch = is_type_mismatch(needs, before.value, after.value);
        difference.reason = other_reason(c, use, needs, before, after);
    }
    vec_push(c->arena, c->out, difference);
}

static void add_difference(struct comparison *c, struct span span, struct str reason) {
    struct refs_difference difference = {.effect = REFS_PRINTS_OTHER, .span = span, .reason = reason};
    vec_push(c->arena, c->out, difference);
}

static void compare_ref(struct comparison *c, const struct refs_reference *ref, const struct refs_reference *new_ref) {
    struct str reason = {NULL, 0};
    enum refs_reads reach = refs_reference_reads(c->arena, c->before.set, c->before.file, ref, &reason);
    enum refs_reads new_reach = refs_reference_reads(c->arena, c->after.set, c->after.file, new_ref, &reason);
    if (reach == REFS_READS_ALL || new_reach == REFS_READS_ALL) {
        if (all_changed(c)) add_difference(c, ref->span, reason);
    } else if (refs_wraps_root(ref)) {
        c->more = true;
    } else if (reach == REFS_READS_PATH || new_reach == REFS_READS_PATH) {
        compare_paths(c, ref, new_ref);
    }
}

/* What is read by a text that is not known here. */
static void compare_call(struct comparison *c, const struct refs_call *call) {
    struct str reason;
    enum refs_reads reach = refs_call_reads(c->arena, c->before.set, c->before.file, call, &reason);
    if (reach == REFS_READS_ALL && all_changed(c)) add_difference(c, call->action, reason);
}

/* The reference with all keys behind `.Values`; false where these are not known. */
static bool make_absolute(struct comparison *c, const struct side *side, const struct refs_reference *ref,
                          struct refs_reference *absolute) {
    uint32_t count, own;
    const struct str *keys = refs_proved_keys(c->arena, side->set, side->file, ref, &count, &own);
    if (!keys) return false;
    struct refs_part *parts = arena_array(c->arena, struct refs_part, count + 1);
    for (uint32_t i = 0; i < count - own; i++) parts[i].key = keys[i];
    memcpy(parts + count - own, ref->parts + ref->part_count - own, sizeof *parts * own);
    *absolute = *ref;
    absolute->parts = parts;
    absolute->part_count = count;
    c->above = count - own;
    return true;
}

/* The next relative from `*i` that is no tail of a reference, or NULL. */
static const struct refs_reference *next_relative(const struct refs_found *refs, uint32_t *i) {
    while (*i < refs->relatives.len && refs->relatives.items[*i].behind_index) (*i)++;
    return *i < refs->relatives.len ? &refs->relatives.items[(*i)++] : NULL;
}

void refs_compare_parts(struct arena *a, const struct refs_set *set_before, const struct refs_file *before,
                        const struct value *values_before, const struct refs_set *set_after,
                        const struct refs_file *after, const struct value *values_after,
                        struct refs_differences *differences) {
    struct comparison c = {
        a, {set_before, before, values_before}, {set_after, after, values_after}, NOT_COMPARED, differences, false, 0,
    };
    uint32_t i = 0, k = 0;
    struct span span;
    if (before->broken || after->broken) return;
    for (uint32_t n = 0; all_changed(&c) && refs_proved_whole(set_before, before, &n, &span);)
        add_difference(&c, span, refs_whole_reason(a, before, span));
    for (;;) {
        const struct refs_reference *ref = next_relative(&before->refs, &i), *new_ref = next_relative(&after->refs, &k);
        struct refs_reference old, new;
        if (!ref && !new_ref) return;
        if (!ref || !new_ref) {
            add_difference(&c, (struct span){0, 0}, STR("after the change the template would read something else"));
            return;
        }
        if (make_absolute(&c, &c.before, ref, &old) && make_absolute(&c, &c.after, new_ref, &new))
            compare_paths(&c, &old, &new);
    }
}

bool refs_compare(struct arena *a, const struct refs_set *set_before, const struct refs_file *before,
                  const struct value *values_before, const struct refs_set *set_after, const struct refs_file *after,
                  const struct value *values_after, struct refs_differences *differences) {
    struct comparison c = {
        a, {set_before, before, values_before}, {set_after, after, values_after}, NOT_COMPARED, differences, false, 0,
    };
    const struct refs_found *refs = &before->refs, *new_refs = &after->refs;
    if (before->broken || after->broken) {
        const struct refs_file *broken = before->broken ? before : after;
        struct span place = before->broken ? before->error.span : (struct span){0, 0};
        if (all_changed(&c) || !str_eq(before->text, after->text))
            add_difference(&c, place,
                           arena_printf(a, "the template does not parse: %.*s", STR_ARG(broken->error.message)));
        return false;
    }
    if (refs->refs.len != new_refs->refs.len || refs->calls.len != new_refs->calls.len) {
        add_difference(&c, (struct span){0, 0}, STR("after the change the template would read something else"));
        return false;
    }
    for (uint32_t i = 0; i < refs->refs.len; i++) compare_ref(&c, &refs->refs.items[i], &new_refs->refs.items[i]);
    for (uint32_t i = 0; i < refs->calls.len; i++) compare_call(&c, &refs->calls.items[i]);
    return c.more;
}
