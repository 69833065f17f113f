#include "base/map.h"
#include "patch/planner.h"
#include "value/pointer.h"

/* Whether an anchor's name stands twice in the text, so that its aliases hang on the order of things. */
static bool has_equal_anchors(struct planner *p) {
    struct map names = {0};
    for (uint32_t id = 1; id < p->tree->node_count; id++) {
        struct node *node = p->tree->nodes[id];
        if (node->props && node->props->anchor.len && map_put(p->arena, &names, node->props->anchor, node)) return true;
    }
    return false;
}

/* Whether `node` is `entry`, its key, or in one of both. */
static bool goes_with(const struct node *node, const struct node *entry) {
    return locate_inside(node, entry) || (entry->key && locate_inside(node, entry->key));
}

/* Refuses where an alias elsewhere needs an anchor inside of `entry`'s value, which goes. */
static bool check_anchors(struct planner *p, const struct node *entry) {
    if (entry->kind == NODE_SCALAR && !lookup_alias(p, entry)) return true;
    for (uint32_t id = 1; id < p->tree->node_count && p->tree->has_alias; id++) {
        const struct node *alias = p->tree->nodes[id];
        if (alias->kind != NODE_ALIAS || !alias->target) continue;
        if (locate_inside(alias->target, entry) && !locate_inside(alias, entry))
            return planner_refuse(p, alias->span, "the alias `*%.*s` needs an anchor in it", STR_ARG(alias->text));
    }
    return true;
}

/* Refuses where an alias would stand before its anchor, once `entry` has moved to `offset`, or (`gone`) without it. */
static bool check_aliases(struct planner *p, const struct node *entry, uint32_t offset, bool gone) {
    bool involved = false;
    for (uint32_t id = 1; id < p->tree->node_count && p->tree->has_alias; id++) {
        const struct node *alias = p->tree->nodes[id];
        if (alias->kind != NODE_ALIAS || !alias->target) continue;
        bool in = goes_with(alias, entry), target_in = goes_with(alias->target, entry);
        involved = involved || in || target_in;
        if (in == target_in) continue;
        if (gone && !target_in) continue;
        if (gone)
            return planner_refuse(p, alias->span, "the alias `*%.*s` needs an anchor in it", STR_ARG(alias->text));
        if (in && (alias->target->span.start >= offset || extent_node_end(alias->target) > offset))
            return planner_refuse(p, alias->target->span, "its alias `*%.*s` would come before the anchor",
                                  STR_ARG(alias->text));
        if (target_in && alias->span.start < offset)
            return planner_refuse(p, alias->span, "its anchor would come after the alias `*%.*s`",
                                  STR_ARG(alias->text));
    }
    if (involved && has_equal_anchors(p))
        return planner_refuse(p, entry->span, "an anchor is defined twice in this file");
    return true;
}

/* Whether a list on the way to the target counts differently once `top` is gone. */
static bool shifts_target(const struct target *target, const struct node *top) {
    return top->parent->kind == NODE_LIST && target->container && locate_inside(target->container, top->parent);
}

static bool check_target(struct planner *p, const struct target *target, const struct node *entry) {
    if (target->existing && target->container->kind == NODE_MAP)
        return planner_refuse(p, target->existing->span, "the target already exists");
    if (target->container && locate_inside(target->container, entry))
        return planner_refuse(p, entry->span, "it cannot move into itself");
    return true;
}

/* The new entry takes the place of `top`, which stands within a line, in the same collection. */
static bool replace_in_line(struct planner *p, const struct target *target, const struct piece *piece,
                            const struct node *top) {
    struct extent outer = extent_of(p, top);
    struct str text;
    if (remove_leaves_comments(p, top, extent_of(p, piece->entry)))
        return planner_refuse(p, top->span, "its comments would be lost");
    struct site site = {.keys = target->path + target->depth,
                        .count = target->count - target->depth,
                        .quote = style_siblings_quote(target->container)};
    if (target->container->style == STYLE_FLOW) {
        char open = p->text.ptr[target->container->span.start];
        if (open != '{') return planner_refuse(p, top->span, "a pair without braces cannot change");
        if (!patch_render_flow(p, piece, &site, &text)) return false;
    } else {
        site.column = p->slabs.of[top->id].column;
        if (!patch_render_lines(p, piece, &site, &text)) return false;
        text = str_slice(text, site.column, text.len);
        while (!outer.lines && text.len && strchr("\r\n", text.ptr[text.len - 1])) text.len--;
    }
    planner_edit(p, outer.start, outer.end, text);
    return true;
}

bool move_plan(struct planner *p) {
    const struct node *entry, *top;
    struct target target;
    struct str *keys;
    uint32_t offset, count;

    if (!locate_entry(p, p->operation->from, &entry) || !locate_keys(p, p->operation->path, &keys, &count))
        return false;
    if (!locate_target(p, keys, count, &target)) return false;
    if (!check_target(p, &target, entry) || !locate_unshared(p, entry->parent)) return false;
    top = remove_top(entry, true, target.container);
    if (shifts_target(&target, top)) return planner_refuse(p, entry->span, "items cannot move within their list");
    struct piece piece = {.entry = entry, .as_string = p->operation->as_string};
    p->moved = entry;
    if (target.container == top->parent && !slab_has(&p->slabs, top)) {
        offset = extent_of(p, top).start;
        return check_aliases(p, entry, offset, false) && replace_in_line(p, &target, &piece, top);
    }
    if (!insert_piece(p, &target, &piece, entry, &offset) || !check_aliases(p, entry, offset, false)) return false;
    return remove_entry(p, entry, true, target.container, &top);
}

bool plan_copy(struct planner *p) {
    const struct node *entry;
    struct target target;
    struct str *keys;
    uint32_t offset, count;

    if (!locate_entry(p, p->operation->from, &entry) || !locate_keys(p, p->operation->path, &keys, &count))
        return false;
    if (!locate_target(p, keys, count, &target)) return false;
    if (target.existing && target.container->kind == NODE_MAP)
        return planner_refuse(p, target.existing->span, "the target already exists");
    struct value value;
    if (!locate_value(p, entry, p->operation->from, &value))
        return planner_refuse(p, entry->span, "its value is unknown");
    if (p->operation->as_string) {
        if (!patch_render_is_text(p, entry)) return false;
        value = value_from_string(entry->text);
    }
    return insert_piece(p, &target, &(struct piece){.value = &value}, NULL, &offset);
}

bool plan_add(struct planner *p) {
    struct target target;
    struct str *keys;
    uint32_t offset, count;

    if (!locate_keys(p, p->operation->path, &keys, &count) || !locate_target(p, keys, count, &target)) return false;
    bool list = target.container && target.container->kind == NODE_LIST;
    if (target.existing && !list) {
        const struct node *entry;
        return locate_entry(p, p->operation->path, &entry) && check_anchors(p, entry) &&
               replace_value(p, entry, p->operation->value);
    }
    return insert_piece(p, &target, &(struct piece){.value = p->operation->value}, NULL, &offset);
}

bool replace_plan(struct planner *p) {
    const struct node *entry;
    return locate_entry(p, p->operation->path, &entry) && check_anchors(p, entry) &&
           replace_value(p, entry, p->operation->value);
}

bool remove_plan(struct planner *p) {
    const struct node *entry, *top;
    if (!locate_entry(p, p->operation->path, &entry)) return false;
    if (!locate_unshared(p, entry->parent) || !check_aliases(p, entry, 0, true)) return false;
    return remove_entry(p, entry, p->operation->prune, NULL, &top);
}

bool rename_plan(struct planner *p) {
    const struct node *entry;
    struct target target;
    struct buf out = buf_in(p->arena);
    struct str *keys;
    uint32_t count;

    if (!locate_entry(p, p->operation->path, &entry)) return false;
    if (!entry->key) return planner_refuse(p, entry->span, "an item of a list has no key");
    if (!pointer_parse(p->arena, p->operation->path, &keys, &count)) return false;
    keys[count - 1] = p->operation->key;
    if (!locate_target(p, keys, count, &target)) return false;
    if (target.existing == entry) return true;
    if (target.existing) return planner_refuse(p, target.existing->span, "the target already exists");
    const struct node *key = entry->key;
    enum style_quote quote = key->style == STYLE_DOUBLE   ? QUOTE_DOUBLE
                             : key->style == STYLE_SINGLE ? QUOTE_SINGLE
                                                          : QUOTE_NONE;
    uint32_t colon = extent_token(p, extent_node_end(key));
    bool glued = colon + 1 < p->text.len && !strchr(" \t\r\n", p->text.ptr[colon + 1]);
    if (glued && quote == QUOTE_NONE)
        return planner_refuse(p, key->span, "its value follows the colon without a space");
    /* A key without a text may stand right behind its tag or the `?` before it. */
    uint32_t at = key->span.start;
    if (span_len(key->span) == 0 && at > 0 && !strchr(" \t\r\n{[,", p->text.ptr[at - 1])) buf_add_char(&out, ' ');
    style_write_string(&out, &p->style, p->operation->key, quote,
                       entry->parent->style == STYLE_FLOW ? PLACE_FLOW : PLACE_BLOCK);
    planner_edit(p, key->span.start, key->span.end, buf_str(&out));
    return true;
}
