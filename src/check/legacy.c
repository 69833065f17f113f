#include "check/legacy.h"

#include "base/buf.h"
#include "config/convert.h"
#include "value/json.h"

/* Where nobody has confirmed that a place is an old one. */
static void scan_suggested(struct arena *a, const struct standard *standard, const struct value *values,
                           struct legacy_state *state) {
    for (uint32_t i = 0; i < standard->suggested.len; i++) {
        const struct legacy *legacy = standard->suggested.entries[i].value;
        if (!value_path(values, legacy->keys, legacy->key_count)) continue;
        if (!state->suggested) state->suggested = arena_array(a, const struct legacy *, standard->suggested.len);
        state->suggested[state->suggested_count++] = legacy;
    }
}

void legacy_scan(struct arena *a, const struct standard *standard, const struct value *values,
                 struct legacy_state *state) {
    const struct map *legacies = &standard->legacies;
    *state = (struct legacy_state){NULL, NULL, 0, NULL, 0};
    scan_suggested(a, standard, values, state);
    for (uint32_t i = 0; i < legacies->len; i++) {
        const struct legacy *legacy = legacies->entries[i].value;
        const struct value *value = value_path(values, legacy->keys, legacy->key_count);
        if (!value || (legacy->split && value->kind != VALUE_STRING)) continue;
        if (legacy->subtree && value->kind != VALUE_MAP) continue;
        if (!state->standing) {
            state->standing = arena_array(a, const struct legacy *, legacies->len);
            state->values = arena_array(a, const struct value *, legacies->len);
        }
        state->standing[state->count] = legacy;
        state->values[state->count++] = value;
    }
}

bool legacy_stands(const struct legacy_state *state, struct str path) {
    for (uint32_t i = 0; i < state->count; i++)
        if (str_eq(state->standing[i]->path, path)) return true;
    return false;
}

bool legacy_may_stand(const struct legacy_state *state, struct str path) {
    for (uint32_t i = 0; i < state->suggested_count; i++)
        if (dotted_leads(path, state->suggested[i]->path)) return true;
    return false;
}

static bool feeds(const struct legacy *legacy, struct str path) {
    for (uint32_t t = 0; t < legacy->targets.len; t++)
        if (dotted_leads(path, legacy->targets.items[t]->path)) return true;
    return false;
}

bool legacy_feeds(const struct legacy_state *state, struct str path) {
    for (uint32_t i = 0; i < state->count; i++)
        if (feeds(state->standing[i], path)) return true;
    for (uint32_t i = 0; i < state->suggested_count; i++)
        if (feeds(state->suggested[i], path)) return true;
    return false;
}

bool legacy_covers(const struct legacy_state *state, struct str path) {
    for (uint32_t i = 0; i < state->count; i++)
        if (state->standing[i]->split && dotted_leads(state->standing[i]->path, path)) return true;
    return false;
}

bool legacy_feeds_derivation(struct arena *a, const struct legacy_state *state, const struct derivation *derivation) {
    for (uint32_t i = 0; i < derivation->source_count && (state->count || state->suggested_count); i++) {
        const struct cel_read *read = &derivation->sources[i];
        struct str keys[16];
        uint32_t count = 0;
        if (read->slot != RULE_VALUES) continue;
        /* Up to the first step that means any key. */
        while (count < read->count && count < 16 && read->steps[count].key.ptr) {
            keys[count] = read->steps[count].key;
            count++;
        }
        struct str path = keys_dotted(a, keys, count);
        if (legacy_feeds(state, path) || legacy_covers(state, path)) return true;
    }
    return false;
}

bool legacy_same_value(struct arena *a, const struct value *old, const struct value *now) {
    if (value_equal(old, now)) return true;
    const struct value *text = old->kind == VALUE_STRING ? old : now, *other = text == old ? now : old;
    if (text->kind != VALUE_STRING || other->kind == VALUE_LIST || other->kind == VALUE_MAP ||
        other->kind == VALUE_NULL)
        return false;
    struct buf written = buf_in(a);
    json_write(&written, other, JSON_ONE_LINE);
    return str_eq(text->string, buf_str(&written));
}

const struct value *legacy_converted(struct arena *a, const struct legacy *legacy, const struct value *value,
                                     struct str *why) {
    struct value *out = arena_new(a, struct value);
    if (legacy->split || legacy->subtree || !convert_is_needed(legacy)) return value;
    return convert_value(a, legacy, 0, value, out, why) ? out : NULL;
}

static struct str target_list(struct arena *a, const struct legacy *legacy) {
    struct str *names = arena_array(a, struct str, legacy->targets.len);
    for (uint32_t i = 0; i < legacy->targets.len; i++) names[i] = legacy->targets.items[i]->path;
    return reporter_list(a, names, legacy->targets.len, 4);
}

/* The targets in one text, as in a list of moves. */
static struct str joined(struct arena *a, const struct legacy *legacy) {
    struct buf out = buf_in(a);
    for (uint32_t i = 0; i < legacy->targets.len; i++) {
        if (i) buf_add(&out, STR(" + "));
        buf_add(&out, legacy->targets.items[i]->path);
    }
    return buf_str(&out);
}

/* The value that stands at the first target, or at another old place of it, and differs. */
struct rival {
    const struct value *value;
    struct str path;
};

static struct rival find_rival(struct reporter *f, const struct value *values, const struct legacy_state *state,
                               uint32_t index) {
    const struct legacy *legacy = state->standing[index];
    const struct schema_property *target = legacy->targets.items[0];
    const struct value *now = value_path(values, target->keys, target->key_count);
    if (legacy->split) return (struct rival){NULL, {NULL, 0}};
    if (now) return (struct rival){now, target->path};
    for (uint32_t i = 0; i < index; i++)
        if (!state->standing[i]->subtree && state->standing[i]->targets.items[0] == target &&
            !convert_is_needed(legacy) && !convert_is_needed(state->standing[i]) &&
            !legacy_same_value(f->arena, state->values[index], state->values[i]))
            return (struct rival){state->values[i], state->standing[i]->path};
    return (struct rival){NULL, {NULL, 0}};
}

static void check_leaf(struct reporter *f, const struct value *values, const struct legacy_state *state,
                       uint32_t index) {
    const struct legacy *legacy = state->standing[index];
    const struct value *value = state->values[index];
    struct span span = reporter_key_span(f, value);
    struct str why = STR("");
    const struct value *converted = legacy_converted(f->arena, legacy, value, &why);
    struct rival rival = find_rival(f, values, state, index);
    struct str targets = target_list(f->arena, legacy);
    struct finding *finding;

    if (rival.value && converted && !legacy_same_value(f->arena, converted, rival.value)) {
        finding = reporter_add(f, CHECK_LEGACY_CONFLICT, span, legacy->path,
                               arena_printf(f->arena, "`%.*s` is the old place of %.*s, and `%.*s` holds another value",
                                            STR_ARG(legacy->path), STR_ARG(targets), STR_ARG(rival.path)));
        finding->help = arena_printf(f->arena, "keep the right one and delete the other");
        reporter_relate(f, finding, reporter_value_span(f, rival.value), STR("the other value"));
        return;
    }
    struct str message =
        arena_printf(f->arena, "`%.*s` is the old place of %.*s", STR_ARG(legacy->path), STR_ARG(targets));
    if (legacy->split)
        message = arena_printf(f->arena, "`%.*s` as one string is the old form of %.*s", STR_ARG(legacy->path),
                               STR_ARG(targets));
    if (rival.value) message = arena_printf(f->arena, "%.*s, which holds the same value already", STR_ARG(message));
    finding = reporter_add(f, CHECK_LEGACY_PATH, span, legacy->path, message);
    finding->help =
        rival.value ? STR("delete the old one") : STR("move the value and update the templates that read it");
    finding->becomes = joined(f->arena, legacy);
    finding->fix = FIX_SAFE;
    if (converted) return;
    finding->fix = FIX_NONE;
    finding->help = arena_printf(f->arena, "move it by hand: %.*s", STR_ARG(why));
}

/* Whether an old place lies at or below `path`. */
static bool holds_legacy(const struct legacy_state *state, struct str path) {
    for (uint32_t i = 0; i < state->count; i++)
        if (!state->standing[i]->subtree && dotted_leads(path, state->standing[i]->path)) return true;
    return false;
}

/* One finding for each largest part of `value` in which nothing has a place of its own. */
static void check_rest(struct reporter *f, const struct legacy *legacy, const struct legacy_state *state,
                       const struct value *value, struct str path) {
    for (uint32_t i = 0; i < value->map.len; i++) {
        const struct member *member = &value->map.members[i];
        struct str below = arena_printf(f->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(member->key));
        if (legacy_stands(state, below)) continue;
        if (member->value.kind == VALUE_MAP && holds_legacy(state, below)) {
            check_rest(f, legacy, state, &member->value, below);
            continue;
        }
        struct str rest = str_slice(below, legacy->path.len, below.len);
        struct str place = arena_printf(f->arena, "%.*s%.*s", STR_ARG(legacy->targets.items[0]->path), STR_ARG(rest));
        struct finding *finding =
            reporter_add(f, CHECK_LEGACY_PATH, member->key_span, below,
                         arena_printf(f->arena, "`%.*s` belongs in `%.*s`", STR_ARG(below), STR_ARG(place)));
        finding->becomes = place;
        finding->help = STR("move it and update the templates that read it");
        finding->fix = FIX_SAFE;
    }
}

void legacy_check(struct reporter *f, const struct value *values, const struct legacy_state *state) {
    for (uint32_t i = 0; i < state->count; i++) {
        const struct legacy *legacy = state->standing[i];
        if (legacy->subtree) check_rest(f, legacy, state, state->values[i], legacy->path);
        else check_leaf(f, values, state, i);
    }
}
