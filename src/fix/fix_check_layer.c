/* What a layer that is not the chart's own says of the values that move: one that cannot be written along holds them
 * back where it sets them, at the old place or at the new one. */
#include "fix/fix_plan.h"

bool fix_dotted_meet(struct str a, struct str b) {
    struct str shorter = a.len < b.len ? a : b, longer = a.len < b.len ? b : a;
    return shorter.len && str_starts(longer, shorter) &&
           (longer.len == shorter.len || longer.ptr[shorter.len] == '.' || longer.ptr[shorter.len] == '[');
}

void fix_refuse_moves(struct fix_plan *p, struct source *about, struct span span, struct str reason) {
    for (uint32_t i = 0; i < p->moves.len; i++) fix_refuse(p, PART_MOVE, p->moves.items[i]->from, about, span, reason);
}

/* A layer of which `asked` is all that is looked at. */
struct asked {
    struct fix_plan *plan;
    const struct release_view *view;
    const struct release_layer *layer;
    struct key_path above; /* where the chart's values stand in it */
    struct str shown;      /* what sets the values, for messages */
    struct source *source;
};

/* The entry at `path` below `above`, or the one on the way there that is no mapping; NULL where a layer says nothing of
 * it. */
static const struct member *entry_on_way(const struct value *root, struct key_path above, struct key_path path) {
    const struct member *entry = NULL;
    for (uint32_t i = 0; i < above.count + path.count; i++) {
        const struct value *map = entry ? &entry->value : root;
        if (map->kind != VALUE_MAP) return i > 0 && i >= above.count ? entry : NULL;
        entry = value_member(map, i < above.count ? above.keys[i] : path.keys[i - above.count]);
        if (!entry) return NULL;
    }
    return entry;
}

static struct str dotted_in(const struct asked *asked, struct key_path path) {
    return fix_dotted(asked->plan, fix_path_below(asked->plan, asked->above, path));
}

/* The move is held back by the entry of the layer. */
static void refuse_for(const struct asked *asked, const struct fix_move *move, struct key_path path,
                       const struct member *entry) {
    struct fix_plan *p = asked->plan;
    struct str why = fix_layer_blocker(p, asked->view, asked->layer);
    bool on_way = entry->value.kind != VALUE_MAP && !str_eq(entry->key, path.keys[path.count - 1]);
    if (why.len == 0) why = on_way ? STR("that is not a mapping") : STR("the same file sets it below several keys");
    p->result->waits = true;
    struct span span = asked->layer->is_loose ? (struct span){0, 0} : entry->key_span;
    fix_refuse(p, PART_MOVE, move->from, asked->source, span,
               arena_printf(p->arena, "%.*s sets `%.*s`; %.*s", STR_ARG(asked->shown), STR_ARG(dotted_in(asked, path)),
                            STR_ARG(why)));
}

static void ask_values(const struct asked *asked) {
    struct fix_plan *p = asked->plan;
    bool along = fix_layer_of(p, asked->view, asked->layer) != NULL;
    for (uint32_t i = 0; i < p->moves.len; i++) {
        const struct fix_move *move = p->moves.items[i];
        struct key_path targets[] = {move->from, move->to};
        for (int t = 0; t < 2; t++) {
            const struct member *entry =
                targets[t].count ? entry_on_way(&asked->layer->values, asked->above, targets[t]) : NULL;
            if (!entry || (along && str_eq(entry->key, targets[t].keys[targets[t].count - 1]))) continue;
            refuse_for(asked, move, targets[t], entry);
            break;
        }
    }
}

/* One value that is set by its dotted path. */
static void ask_one(const struct asked *asked) {
    struct fix_plan *p = asked->plan;
    const struct release_binding *bound = asked->layer->bound;
    for (uint32_t i = 0; i < p->moves.len; i++) {
        const struct fix_move *move = p->moves.items[i];
        bool meets = fix_dotted_meet(bound->sets, dotted_in(asked, move->from)) ||
                     (move->to.count && fix_dotted_meet(bound->sets, dotted_in(asked, move->to)));
        if (!meets) continue;
        fix_refuse(p, PART_MOVE, move->from, asked->source, bound->span,
                   arena_printf(p->arena, "%.*s sets `%.*s` by its path, which is not moved along",
                                STR_ARG(asked->shown), STR_ARG(bound->sets)));
    }
}

/* A layer of which only the text can be looked at: a template, say, holds back what it seems to set. */
static void ask_text(const struct asked *asked) {
    struct fix_plan *p = asked->plan;
    struct str text = str_slice(asked->layer->file, asked->layer->within.start, asked->layer->within.end);
    if (asked->layer->within.end == 0) text = asked->layer->file;
    for (uint32_t i = 0; i < p->moves.len; i++) {
        const struct fix_move *move = p->moves.items[i];
        struct key_path targets[] = {move->from, move->to};
        struct span span;
        for (int t = 0; t < 2; t++) {
            if (targets[t].count == 0 || !part_seems_to_set(text, targets[t].keys, targets[t].count, &span)) continue;
            fix_refuse(p, PART_MOVE, move->from, asked->source, span,
                       arena_printf(p->arena, "%.*s seems to set `%.*s`; %.*s", STR_ARG(asked->shown),
                                    STR_ARG(fix_dotted(p, targets[t])), STR_ARG(asked->layer->why)));
            break;
        }
    }
}

static bool may_guess(const struct release_layer *layer) {
    return layer->bound && layer->file.len && (layer->bound->shown.len == 0 || part_is_templated(layer->file));
}

void fix_check_layer(struct fix_plan *p, const struct release_view *view, const struct release_layer *layer) {
    struct source *source = arena_new(p->arena, struct source);
    struct str path = fix_shown(p, layer->source.path), shown = path;
    if (layer->bound && layer->bound->shown.len)
        shown = arena_printf(p->arena, "%.*s (%.*s)", STR_ARG(layer->bound->shown), STR_ARG(path));
    *source = (struct source){.path = path, .text = layer->file};
    struct asked asked = {p, view, layer, fix_layer_keys(p, view, layer), shown, source};
    if (layer->bound && layer->bound->sets.len) ask_one(&asked);
    else if (layer->bound && layer->bound->is_unknown)
        fix_refuse_moves(
            p, source, layer->bound->span,
            arena_printf(p->arena, "%.*s may set it: %.*s", STR_ARG(shown), STR_ARG(layer->bound->blocker)));
    else if (layer->unread && may_guess(layer)) ask_text(&asked);
    else ask_values(&asked);
    if (layer->unread && !may_guess(layer))
        fix_refuse_moves(p, layer->file.len ? source : NULL, (struct span){0, 0},
                         arena_printf(p->arena, "%.*s, which may set it, cannot be read", STR_ARG(shown)));
}
