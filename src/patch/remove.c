#include "patch/planner.h"
#include "yaml/lex.h"

const struct node *remove_top(const struct node *entry, bool prune, const struct node *keep) {
    const struct node *top = entry;
    while (prune && top->parent->count == 1 && top->parent->parent && !(keep && locate_inside(keep, top->parent)))
        top = top->parent;
    return top;
}

/* Notes the comments in [from, to) as gone with what was removed. */
static void drop_comments(struct planner *p, uint32_t from, uint32_t to) {
    for (uint32_t at = extent_comment(p, from, to); at < to; at = extent_comment(p, at, to)) {
        uint32_t start = at;
        while (at < to && p->slabs.classes[at] == LEX_COMMENT) at++;
        vec_push(p->arena, &p->dropped, str_slice(p->text, start, at));
    }
}

/* An entry of a flow collection, with its comma. Comments around it stay. */
static bool remove_flow(struct planner *p, const struct node *entry) {
    const struct node *before = locate_before(entry->parent, entry);
    struct extent extent = extent_of(p, entry);
    char open = p->text.ptr[entry->parent->span.start];
    if ((open != '{' && open != '[') || extent_is_explicit(p, entry))
        return planner_refuse(p, entry->span, "it is a pair without braces, or written with `? `");
    uint32_t comma = extent_token(p, extent.end);
    bool behind = comma < p->text.len && p->text.ptr[comma] == ',';
    if (!behind && before) comma = extent_token(p, extent_of(p, before).end);
    uint32_t from = extent.start, to = extent.end;
    if (behind && extent_comment(p, to, comma) == comma) to = comma + 1;
    else if (behind) planner_edit(p, comma, comma + 1, STR(""));
    else if (before && extent_comment(p, comma, from) == from) from = comma;
    else if (before) planner_edit(p, comma, comma + 1, STR(""));
    uint32_t line = extent_white_before(p, from), rest = extent_white_behind(p, to);
    bool line_ends = rest >= p->text.len || strchr("\r\n", p->text.ptr[rest]);
    if (extent_at_line_start(p, line) && line_ends) from = line, to = extent_next_line(p, to);
    else if (extent_at_line_start(p, line) || (behind && !line_ends && p->text.ptr[rest] != '#')) to = rest;
    planner_edit(p, from, to, STR(""));
    return true;
}

/* The first entry of a block collection that starts within its line: `- name: x`. What follows takes its place. */
static void remove_inline(struct planner *p, const struct node *entry) {
    struct extent extent = extent_of(p, entry);
    const struct slab *next = &p->slabs.of[entry->next->id];
    bool comments = extent_comment(p, extent.end, next->start) < next->start;
    if (!comments) {
        planner_edit(p, extent.start, next->start, STR(""));
        return;
    }
    uint32_t from = extent_white_before(p, extent.start), rest = extent_white_behind(p, extent.end);
    bool comment_behind = !extent.lines && rest < p->text.len && p->text.ptr[rest] == '#';
    planner_edit(p, from, comment_behind ? rest : extent.end,
                 comment_behind ? STR(" ")
                 : extent.lines ? p->style.line_end
                                : STR(""));
}

static void remove_lines(struct planner *p, const struct node *entry) {
    const struct slab *slab = &p->slabs.of[entry->id];
    uint32_t from = slab->first, to = slab->end;
    /* The next one becomes the first of its collection, and needs no distance. */
    bool busy = false;
    for (uint32_t i = 0; i < p->edits.len; i++) busy = busy || p->edits.items[i].span.start >= p->slabs.starts[to];
    if (!busy && entry->next && entry->parent->first == entry && slab->first == slab->head &&
        p->slabs.of[entry->next->id].first == to) {
        while (to < p->slabs.of[entry->next->id].head && p->slabs.starts[to + 1] - p->slabs.starts[to] <= 2 &&
               strchr("\r\n", p->text.ptr[p->slabs.starts[to]]))
            to++;
    }
    planner_edit(p, p->slabs.starts[from], p->slabs.starts[to], STR(""));
}

/* The comments in `outer` but not in `inner`, on lines of their own at `column`. */
static struct str comment_lines(const struct planner *p, struct extent outer, struct extent inner, uint32_t column) {
    struct buf out = buf_in(p->arena);
    uint32_t at = extent_comment(p, outer.start, outer.end);
    while (at < outer.end) {
        uint32_t from = at;
        while (at < outer.end && p->slabs.classes[at] == LEX_COMMENT) at++;
        if (from < inner.start || from >= inner.end) {
            buf_add_repeat(&out, ' ', column);
            buf_add(&out, str_slice(p->text, from, at));
            buf_add(&out, p->style.line_end);
        }
        at = extent_comment(p, at, outer.end);
    }
    return buf_str(&out);
}

/* Adds a blank line where what follows at `end` would stick to the comments in `out`. */
static void add_distance(const struct planner *p, struct buf *out, uint32_t end) {
    uint32_t next = extent_white_behind(p, end);
    bool busy = next < p->text.len && !strchr("\r\n", p->text.ptr[next]);
    for (uint32_t i = 0; i < p->edits.len; i++) busy = busy || p->edits.items[i].span.start == end;
    if (busy) buf_add(out, p->style.line_end);
}

/* Takes the only entry of a collection away, which becomes `{}` or `[]`; the comments outside of `inner` stay. */
static bool empty_collection(struct planner *p, const struct node *entry, struct extent inner) {
    const struct node *container = entry->parent;
    struct str brackets = container->kind == NODE_MAP ? STR("{}") : STR("[]");
    struct extent extent = extent_of(p, entry);
    if (container->style == STYLE_FLOW) {
        uint32_t start = container->span.start + 1, end = container->span.end - 1;
        char open = p->text.ptr[start - 1];
        if (open != '{' && open != '[')
            return planner_refuse(p, container->span, "a pair without braces cannot be empty");
        if (extent_comment(p, start, extent.start) < extent.start || extent_comment(p, extent.end, end) < end ||
            remove_leaves_comments(p, entry, inner))
            return planner_refuse(p, container->span, "there is a comment between its brackets");
        planner_edit(p, start, end, STR(""));
        return true;
    }
    struct str comments = comment_lines(p, extent, inner, p->slabs.of[entry->id].column);
    if (!container->parent) {
        planner_edit(p, extent.start, extent.end, container->kind == NODE_MAP ? comments : STR("[]"));
        return true;
    }
    struct buf out = buf_in(p->arena);
    if (slab_has(&p->slabs, entry)) {
        uint32_t at = extent_indicator_end(p, container);
        buf_addf(&out, " %.*s", STR_ARG(brackets));
        planner_edit(p, at, at, buf_str(&out));
        out = buf_in(p->arena);
        buf_add(&out, comments);
        if (comments.len && p->slabs.of[entry->id].column == p->slabs.of[container->id].column)
            add_distance(p, &out, extent.end);
        planner_edit(p, extent.start, extent.end, buf_str(&out));
        return true;
    }
    if (comments.len) return planner_refuse(p, entry->span, "its comments would be lost");
    buf_add(&out, brackets);
    if (extent.lines) buf_add(&out, p->style.line_end);
    planner_edit(p, extent.start, extent.end, buf_str(&out));
    return true;
}

bool remove_leaves_comments(const struct planner *p, const struct node *top, struct extent inner) {
    struct extent outer = extent_of(p, top);
    return extent_comment(p, outer.start, inner.start) < inner.start ||
           (inner.end < outer.end && extent_comment(p, inner.end, outer.end) < outer.end);
}

/* Takes the lines of `top` away, but leaves the comments outside of `inner`, an entry inside of it, at its column. */
static void remove_but_comments(struct planner *p, const struct node *top, struct extent inner) {
    const struct slab *slab = &p->slabs.of[top->id];
    uint32_t start = p->slabs.starts[slab->first], end = p->slabs.starts[slab->end];
    struct buf out = buf_in(p->arena);
    buf_add(&out, comment_lines(p, extent_of(p, top), inner, slab->column));
    if (out.len == 0) {
        remove_lines(p, top);
        return;
    }
    add_distance(p, &out, end);
    bool keeping = p->moved && extent_keeps_blanks(p, extent_last_leaf(p->moved)); /* it may come to stand here */
    for (uint32_t line = slab->first; line < slab->head && !keeping; line++) {
        uint32_t white = extent_white_behind(p, p->slabs.starts[line]);
        if (!strchr("\r\n", p->text.ptr[white])) break;
        start = p->slabs.starts[line + 1];
    }
    planner_edit(p, start, end, buf_str(&out));
}

/* Takes `top` away, for the sake of an entry inside of it with the extent `inner`; the comments around that stay. */
static bool remove_around(struct planner *p, const struct node *top, struct extent inner, const struct node *keep) {
    if (slab_has(&p->slabs, top)) {
        remove_but_comments(p, top, inner);
        return true;
    }
    if (remove_leaves_comments(p, top, inner)) return planner_refuse(p, top->span, "its comments would be lost");
    if (top->parent->count == 1 && keep && locate_inside(keep, top->parent))
        return planner_refuse(p, top->span, "it is on the same line as its parent key");
    if (top->parent->style == STYLE_FLOW)
        return top->parent->count > 1 ? remove_flow(p, top) : empty_collection(p, top, inner);
    if (top->parent->count == 1) return empty_collection(p, top, inner);
    if (!top->next) return planner_refuse(p, top->span, "it is on the same line as its parent key");
    remove_inline(p, top);
    return true;
}

bool remove_entry(struct planner *p, const struct node *entry, bool prune, const struct node *keep,
                  const struct node **top) {
    const struct node *container = entry->parent;
    struct extent extent = extent_of(p, entry), inner = extent;
    *top = remove_top(entry, prune, keep);
    if (p->operation->kind == PATCH_REMOVE && p->operation->keep_comments) inner.end = inner.start;
    else if (p->operation->kind == PATCH_REMOVE) drop_comments(p, extent.start, extent.end);
    bool stays = container->count > 1 || (keep && locate_inside(keep, container));
    if (*top != entry || (stays && remove_leaves_comments(p, entry, inner))) return remove_around(p, *top, inner, keep);
    if (!stays) return empty_collection(p, entry, inner);
    if (container->style == STYLE_FLOW) return remove_flow(p, entry);
    if (slab_has(&p->slabs, entry)) remove_lines(p, entry);
    else if (entry->next) remove_inline(p, entry);
    else return planner_refuse(p, entry->span, "it is on the same line as its parent key");
    return true;
}
