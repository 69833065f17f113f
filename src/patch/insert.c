#include "patch/planner.h"

/* The neighbours of a new entry in a collection; NULL where there is none. */
struct gap {
    const struct node *before, *behind;
    uint32_t low; /* the rank of `before`, where that decided */
};

static const struct node *child_at(const struct node *container, uint32_t index) {
    const struct node *child = container->first;
    while (child && index--) child = child->next;
    return child;
}

static const struct node *find_key(const struct node *container, struct str key) {
    for (const struct node *child = container->first; child && key.len; child = child->next)
        if (child->key->kind == NODE_SCALAR && str_eq(child->key->text, key)) return child;
    return NULL;
}

static struct gap gap_behind(const struct node *container, const struct node *before) {
    return (struct gap){before, before ? before->next : container->first, 0};
}

static struct gap gap_before(const struct node *container, const struct node *behind) {
    return (struct gap){locate_before(container, behind), behind, 0};
}

/* The rank of the entry to be made; UINT32_MAX where there is none. */
static uint32_t rank_of(const struct planner *p, const struct target *target) {
    if (!p->guide || !p->guide->rank) return UINT32_MAX;
    return p->guide->rank(p->guide->user, target->path, target->depth + 1);
}

/* The place that the guide's ranks give: behind the nearest lower one, else before the nearest higher one, else before
 * the first one without a rank. */
static bool ranked_gap(struct planner *p, const struct target *target, struct gap *gap) {
    const struct node *container = target->container, *lower = NULL, *higher = NULL, *unranked = NULL;
    if (!p->guide || !p->guide->rank) return false;
    struct str *path = arena_array(p->arena, struct str, target->depth + 1);
    memcpy(path, target->path, sizeof *path * (target->depth + 1));
    uint32_t own = p->guide->rank(p->guide->user, path, target->depth + 1), low = 0, high = UINT32_MAX;
    if (own == UINT32_MAX) return false;
    for (const struct node *child = container->first; child; child = child->next) {
        path[target->depth] = child->key->text;
        uint32_t rank = p->guide->rank(p->guide->user, path, target->depth + 1);
        if (rank == UINT32_MAX) unranked = unranked ? unranked : child;
        else if (rank <= own && (!lower || rank >= low)) lower = child, low = rank;
        else if (rank > own && (!higher || rank < high)) higher = child, high = rank;
    }
    if (lower) *gap = gap_behind(container, lower), gap->low = low;
    else if (higher || unranked) *gap = gap_before(container, higher ? higher : unranked);
    return lower || higher || unranked;
}

/* `top` is the outermost entry that goes away in the same operation, or NULL: the new one takes its place where it has
 * no better one. */
static struct gap choose_gap(struct planner *p, const struct target *target, const struct node *top) {
    const struct node *container = target->container;
    struct gap gap;
    if (container->kind == NODE_LIST) return gap_before(container, child_at(container, target->index));
    const struct node *sibling = find_key(container, p->operation->before);
    if (sibling) return gap_before(container, sibling);
    sibling = find_key(container, p->operation->after);
    if (sibling) return gap_behind(container, sibling);
    if (ranked_gap(p, target, &gap)) return gap;
    if (top && top->parent == container) return gap_behind(container, top);
    return gap_before(container, NULL);
}

/* Blank lines. */

static bool is_blank_line(const struct planner *p, uint32_t line) {
    for (uint32_t at = p->slabs.starts[line]; at < p->slabs.starts[line + 1]; at++)
        if (!strchr(" \t\r\n", p->text.ptr[at])) return false;
    return true;
}

static bool is_comment_line(const struct planner *p, uint32_t line) {
    uint32_t at = extent_white_behind(p, p->slabs.starts[line]);
    return at < p->slabs.starts[line + 1] && p->text.ptr[at] == '#';
}

static bool has_blank_above(const struct planner *p, const struct node *entry) {
    return slab_has(&p->slabs, entry) && p->slabs.of[entry->id].first < p->slabs.of[entry->id].head &&
           is_blank_line(p, p->slabs.of[entry->id].first);
}

/* More than one line, comments counted. */
static bool is_large(const struct planner *p, const struct node *entry) {
    const struct slab *slab = &p->slabs.of[entry->id];
    uint32_t first = slab->first;
    if (!slab_has(&p->slabs, entry)) return false;
    while (first < slab->head && is_blank_line(p, first)) first++;
    return slab->end - first > 1;
}

/* How often blank lines stand between two siblings, by whether one of both is large. */
struct habit {
    uint32_t with[2], all[2];
    bool large, blank_behind; /* of the sibling that was looked at last */
    bool begun;
};

static void note_sibling(struct habit *habit, bool large, bool blank_above) {
    bool pair = large || habit->large;
    habit->all[pair] += habit->begun;
    habit->with[pair] += habit->begun && (blank_above || habit->blank_behind);
    habit->begun = true;
    habit->large = large;
    habit->blank_behind = false;
}

static void note_pending(const struct planner *p, struct habit *habit, const struct node *container,
                         const struct node *before) {
    for (uint32_t i = 0; i < p->pending.len; i++) {
        const struct pending *pending = &p->pending.items[i];
        if (pending->container != container || pending->before != before) continue;
        note_sibling(habit, pending->large, pending->blank_above);
        habit->blank_behind = pending->blank_behind;
    }
}

/* The entries of `container` that something pending follows, by their ids modulo 64. */
static uint64_t followed_entries(const struct planner *p, const struct node *container) {
    uint64_t bits = 0;
    for (uint32_t i = 0; i < p->pending.len; i++) {
        const struct pending *pending = &p->pending.items[i];
        if (pending->container == container && pending->before) bits |= UINT64_C(1) << pending->before->id % 64;
    }
    return bits;
}

/* Whether the file puts blank lines between siblings like these two of `container`, one of them `large`. */
static bool wants_blank(const struct planner *p, const struct node *container, bool large) {
    struct habit habit = {.begun = false};
    uint64_t followed = followed_entries(p, container);
    note_pending(p, &habit, container, NULL);
    for (const struct node *child = container->first; child; child = child->next) {
        note_sibling(&habit, is_large(p, child), has_blank_above(p, child));
        if (followed >> child->id % 64 & 1) note_pending(p, &habit, container, child);
    }
    if (habit.all[large]) return 2 * habit.with[large] > habit.all[large];
    if (!large) return false; /* nothing tells: small ones keep together */
    return habit.all[0] ? 2 * habit.with[0] > habit.all[0] : !container->parent;
}

/* More than one line, comments above not counted: what follows a small entry keeps to it, whatever stands above both.
 */
static bool is_tall(const struct planner *p, const struct node *entry) {
    const struct slab *slab = &p->slabs.of[entry->id];
    return slab_has(&p->slabs, entry) && slab->end - slab->head > 1;
}

static bool is_many_lines(struct str lines) {
    return str_find_char(lines, '\n') + 1 < lines.len;
}

/* Block style. */

static struct str heading_of(struct planner *p, const struct target *target) {
    if (p->operation->heading.len) return p->operation->heading;
    if (!p->guide || !p->guide->heading) return STR("");
    return p->guide->heading(p->guide->user, target->path, target->depth + 1);
}

static struct site site_of(struct planner *p, const struct target *target, uint32_t column) {
    bool item = target->container && target->container->kind == NODE_LIST;
    return (struct site){.keys = target->path + target->depth,
                         .count = target->count - target->depth,
                         .item = item,
                         .column = column,
                         .quote = style_siblings_quote(target->container),
                         .heading = item ? STR("") : heading_of(p, target)};
}

/* Adds `lines` at the offset `at`, the start of a line or the end of the text. */
static void put_lines(struct planner *p, uint32_t at, struct str lines, bool blank_before, bool blank_behind) {
    struct buf out = buf_in(p->arena);
    if (!extent_at_line_start(p, at)) buf_add(&out, p->style.line_end);
    if (blank_before) buf_add(&out, p->style.line_end);
    buf_add(&out, lines);
    if (blank_behind) buf_add(&out, p->style.line_end);
    planner_edit(p, at, at, buf_str(&out));
}

/* The document holds nothing but comments. */
static bool insert_first(struct planner *p, const struct target *target, const struct piece *piece, uint32_t *offset) {
    struct site site = site_of(p, target, 0);
    struct str lines;
    uint32_t line = p->slabs.line_count, end = (uint32_t)p->text.len;
    for (uint32_t at = extent_token(p, 0); at < end; at = extent_token(p, at + 1))
        if (p->text.ptr[at] == '.' || p->tree->document_count > 1)
            return planner_refuse(p, span_make(at, at + 1), "the document is empty and ended");
    if (!patch_render_lines(p, piece, &site, &lines)) return false;
    while (line > 0 && p->slabs.starts[line - 1] == end) line--;
    *offset = end;
    put_lines(p, end, lines, line > 0 && is_comment_line(p, line - 1), false);
    return true;
}

/* Before the entry `behind`, which starts within a line (`- name: x`). */
static bool insert_inline(struct planner *p, const struct target *target, const struct piece *piece,
                          const struct node *behind, uint32_t *offset) {
    const struct slab *slab = &p->slabs.of[behind->id];
    struct site site = site_of(p, target, slab->column);
    struct str lines;
    struct buf out = buf_in(p->arena);
    site.heading = STR("");
    if (!patch_render_lines(p, piece, &site, &lines)) return false;
    buf_add(&out, str_slice(lines, slab->column, lines.len));
    buf_add_repeat(&out, ' ', slab->column);
    *offset = slab->start;
    if (str_starts(lines, str_slice(lines, 0, slab->column)) && extent_token(p, slab->start) == slab->start) {
        struct str first = str_slice(lines, slab->column, lines.len);
        if (first.len && first.ptr[0] == '#')
            return planner_refuse(p, behind->span, "comments cannot be kept at the start of a list item");
    }
    planner_edit(p, slab->start, slab->start, buf_str(&out));
    return true;
}

/* Where the lines of `entry`, which a new entry follows, end. */
static uint32_t end_of_lines(const struct planner *p, const struct node *entry) {
    struct extent extent = extent_of(p, entry);
    return extent.lines ? extent.end : extent_next_line(p, extent.end);
}

/* The last pending entry in the gap, or NULL. */
static struct pending *last_pending(struct planner *p, const struct node *container, const struct gap *gap) {
    for (uint32_t i = p->pending.len; i > 0; i--)
        if (p->pending.items[i - 1].container == container && p->pending.items[i - 1].before == gap->before)
            return &p->pending.items[i - 1];
    return NULL;
}

/* Whether the new entry has to see a pending one done: it is the same, lies in it, or would come before it. */
static bool must_wait(const struct planner *p, const struct target *target, uint32_t rank) {
    if (p->pending.len && (p->operation->before.len || p->operation->after.len)) return true;
    for (uint32_t i = 0; i < p->pending.len; i++) {
        const struct pending *pending = &p->pending.items[i];
        if (pending->container != target->container) continue;
        if (str_eq(pending->key, target->path[target->depth]) || pending->rank > rank) return true;
    }
    return false;
}

static bool is_planned_at(const struct planner *p, const struct pending *pending, uint32_t at) {
    return p->edits.items[pending->edit].span.start == at;
}

/* Whether something that is pending at the offset `at` belongs behind the new entry: what stands before both ranks
 * above it, or it is not of a collection inside of what the new entry follows. */
static bool must_pass(const struct planner *p, const struct node *container, const struct gap *gap, uint32_t at) {
    for (uint32_t i = 0; i < p->pending.len; i++) {
        const struct pending *pending = &p->pending.items[i];
        bool here = pending->container == container;
        if (here && pending->before == gap->before && pending->rank < gap->low) return true;
        if (!here && is_planned_at(p, pending, at) && !locate_inside(pending->container, container)) return true;
    }
    return false;
}

/* Plans the lines of a new entry in a gap, behind those that are pending there. */
static void put_pending(struct planner *p, const struct target *target, const struct gap *gap, uint32_t at,
                        struct str lines, bool has_heading) {
    const struct node *container = target->container;
    struct pending *last = last_pending(p, container, gap);
    uint32_t line = slab_line_of(&p->slabs, at);
    struct pending new = {.container = container, .before = gap->before, .key = target->path[target->depth]};
    new.rank = rank_of(p, target);
    new.large = is_many_lines(lines);
    new.tall = is_many_lines(lines) &&
               (!has_heading || is_many_lines(str_slice(lines, str_find_char(lines, '\n') + 1, lines.len)));
    if (last) new.blank_above = wants_blank(p, container, new.large || last->tall);
    else if (gap->before) new.blank_above = wants_blank(p, container, new.large || is_tall(p, gap->before));
    else new.blank_above = line > 0 && is_comment_line(p, line - 1);
    new.blank_behind = last && last->blank_behind;
    if (!new.blank_behind && gap->behind && !has_blank_above(p, gap->behind) && slab_has(&p->slabs, gap->behind))
        new.blank_behind = wants_blank(p, container, new.large || is_large(p, gap->behind));
    if (last && last->blank_behind) {
        struct edit *edit = &p->edits.items[last->edit];
        edit->text.len -= p->style.line_end.len; /* the blank line stays behind the last one */
        last->blank_behind = false;
    }
    new.edit = p->edits.len;
    bool joins = false; /* the line that ends the text is ended already */
    for (uint32_t i = 0; i < p->pending.len && !extent_at_line_start(p, at); i++)
        joins = joins || is_planned_at(p, &p->pending.items[i], at);
    if (joins) {
        struct buf out = buf_in(p->arena);
        if (new.blank_above) buf_add(&out, p->style.line_end);
        buf_add(&out, lines);
        planner_edit(p, at, at, buf_str(&out));
    } else {
        put_lines(p, at, lines, new.blank_above, new.blank_behind);
    }
    vec_push(p->arena, &p->pending, new);
}

/* Where the lines of the first entry of a mapping begin: with the heading that the guide has for it too, although the
 * first comment of a file is nobody's. */
static uint32_t start_of_lines(const struct planner *p, const struct target *target, const struct node *entry) {
    const struct slab *slab = &p->slabs.of[entry->id];
    uint32_t line = slab->first;
    bool alone = line > 0 && is_comment_line(p, line - 1) && (line == 1 || !is_comment_line(p, line - 2));
    if (target->depth || !entry->key || slab->first < slab->head || !alone || !p->guide || !p->guide->heading)
        return p->slabs.starts[line];
    struct str comment = str_slice(p->text, p->slabs.starts[line - 1], p->slabs.starts[line]);
    struct str heading = p->guide->heading(p->guide->user, &entry->key->text, 1);
    comment = str_slice(comment, str_find_char(comment, '#'), comment.len);
    while (comment.len && strchr("\r\n", comment.ptr[comment.len - 1])) comment.len--;
    bool own = heading.len && comment.len == heading.len + 2 && str_eq(str_slice(comment, 2, comment.len), heading);
    return p->slabs.starts[own ? line - 1 : line];
}

static bool insert_block(struct planner *p, const struct target *target, const struct piece *piece,
                         const struct node *source, uint32_t *offset) {
    const struct node *container = target->container;
    const struct node *top = source ? remove_top(source, true, container) : NULL;
    struct gap gap = choose_gap(p, target, top);
    struct site site = site_of(p, target, p->slabs.of[container->first->id].column);
    struct str lines;

    if (!gap.before && gap.behind && !slab_has(&p->slabs, gap.behind))
        return insert_inline(p, target, piece, gap.behind, offset);
    if (!patch_render_lines(p, piece, &site, &lines)) return false;
    uint32_t at = (uint32_t)p->text.len;
    if (gap.before) at = end_of_lines(p, gap.before);
    else if (gap.behind) at = start_of_lines(p, target, gap.behind);
    if (p->operation->kind == PATCH_ADD && container->kind == NODE_MAP) {
        p->waits = must_pass(p, container, &gap, at);
        if (p->waits) return false;
        *offset = at;
        put_pending(p, target, &gap, at, lines, site.heading.len > 0);
        return true;
    }
    uint32_t line = slab_line_of(&p->slabs, at);
    bool large = is_many_lines(lines), before, behind;
    bool takes_place = top && gap.before == top;
    if (takes_place && source != top && remove_leaves_comments(p, top, extent_of(p, source))) before = false;
    else if (takes_place)
        before = has_blank_above(p, top) || (top != container->first && large && wants_blank(p, container, true));
    else if (gap.before) before = wants_blank(p, container, large || is_tall(p, gap.before));
    else before = line > 0 && is_comment_line(p, line - 1);
    behind = gap.behind && !has_blank_above(p, gap.behind) && slab_has(&p->slabs, gap.behind) &&
             wants_blank(p, container, large || is_large(p, gap.behind));
    if (p->moved && extent_keeps_blanks(p, extent_last_leaf(p->moved))) behind = false;
    *offset = at;
    put_lines(p, at, lines, before, behind);
    return true;
}

/* Turns `{}` or `[]`, which stands alone as a value in block style, into lines. */
static bool open_empty(struct planner *p, const struct target *target, const struct piece *piece, uint32_t *offset) {
    const struct node *container = target->container;
    bool root = !container->parent, item = !root && !container->key;
    uint32_t column = root ? 0 : p->slabs.of[container->id].column, start = container->span.start,
             end = container->span.end;
    struct str lines;

    if (extent_comment(p, start, end) < end)
        return planner_refuse(p, container->span, "there is a comment between its brackets");
    if (item) column += start - p->slabs.of[container->id].start;
    else if (!root) column += container->kind == NODE_LIST ? p->style.list_step : p->style.step;
    struct site site = site_of(p, target, column);
    bool in_line = item && !container->props && p->text.ptr[p->slabs.of[container->id].start] == '-';
    if (item && !in_line) return planner_refuse(p, container->span, "it has an anchor or a tag");
    if (root && !extent_at_line_start(p, start))
        return planner_refuse(p, container->span, "the document starts within a line");
    if (in_line) site.heading = STR("");
    if (!patch_render_lines(p, piece, &site, &lines)) return false;
    *offset = start;
    if (!in_line && !root) {
        planner_edit(p, extent_white_before(p, start), end, STR(""));
        put_lines(p, extent_next_line(p, end), lines, false, false);
        return true;
    }
    if (extent_white_behind(p, end) < p->text.len && !strchr("\r\n", p->text.ptr[extent_white_behind(p, end)]))
        return planner_refuse(p, container->span, "there is a comment after its brackets");
    struct str first = in_line ? str_slice(lines, column, lines.len) : lines;
    if (in_line && first.len && first.ptr[0] == '#')
        return planner_refuse(p, container->span, "comments cannot be kept at the start of a list item");
    planner_edit(p, start, extent_next_line(p, end), first);
    return true;
}

/* Flow style. */

/* Whether `entry` of a flow collection is the first thing in its line. */
static bool has_own_line(const struct planner *p, const struct node *entry) {
    return extent_at_line_start(p, extent_white_before(p, node_entry_start(entry)));
}

static struct str indentation_of(const struct planner *p, const struct node *entry) {
    uint32_t start = node_entry_start(entry);
    return str_slice(p->text, extent_white_before(p, start), start);
}

/* Whether nothing but white space and a comment follows in the line of `at`; *end becomes its end. */
static bool rest_is_free(const struct planner *p, uint32_t at, uint32_t *end) {
    uint32_t next = extent_next_line(p, at);
    if (extent_at_line_start(p, next) && next > at) next--;
    if (next > at && p->text.ptr[next - 1] == '\r') next--;
    *end = next;
    return extent_token(p, at) >= next;
}

static void insert_flow_behind(struct planner *p, const struct node *before, struct str text) {
    struct extent extent = extent_of(p, before);
    uint32_t next = extent_token(p, extent.end), line_end;
    bool comma = next < p->text.len && p->text.ptr[next] == ',';
    uint32_t at = comma ? next + 1 : extent.end;
    bool own_line = has_own_line(p, before) && rest_is_free(p, at, &line_end);
    struct buf out = buf_in(p->arena);
    if (!comma) {
        if (own_line) planner_edit(p, at, at, STR(","));
        else buf_add_char(&out, ',');
    }
    if (own_line) {
        buf_add(&out, p->style.line_end);
        buf_add(&out, indentation_of(p, before));
    } else {
        buf_add_char(&out, ' ');
    }
    buf_add(&out, text);
    if (comma) buf_add_char(&out, ',');
    if (own_line) at = line_end;
    planner_edit(p, at, at, buf_str(&out));
}

static bool insert_flow(struct planner *p, const struct target *target, const struct piece *piece,
                        const struct node *top, uint32_t *offset) {
    const struct node *container = target->container;
    struct site site = site_of(p, target, 0);
    struct gap gap = choose_gap(p, target, top);
    struct str text;
    char open = p->text.ptr[container->span.start];

    if (open != '{' && open != '[')
        return planner_refuse(p, container->span, "a pair without braces takes no second key");
    if (!patch_render_flow(p, piece, &site, &text)) return false;
    *offset = container->span.start;
    if (gap.before) {
        *offset = extent_node_end(gap.before);
        insert_flow_behind(p, gap.before, text);
    } else if (gap.behind) {
        struct buf out = buf_in(p->arena);
        uint32_t start = extent_of(p, gap.behind).start;
        if (extent_is_explicit(p, gap.behind)) return planner_refuse(p, gap.behind->span, "a key is written with `? `");
        buf_add(&out, text);
        buf_add_char(&out, ',');
        if (has_own_line(p, gap.behind)) {
            buf_add(&out, p->style.line_end);
            buf_add(&out, indentation_of(p, gap.behind));
        } else {
            buf_add_char(&out, ' ');
        }
        planner_edit(p, start, start, buf_str(&out));
    } else {
        uint32_t end = container->span.end;
        if (extent_comment(p, container->span.start, end) < end)
            return planner_refuse(p, container->span, "there is a comment between its brackets");
        planner_edit(p, container->span.start + 1, end - 1, text);
    }
    return true;
}

bool insert_piece(struct planner *p, const struct target *target, const struct piece *piece, const struct node *source,
                  uint32_t *offset) {
    const struct node *container = target->container;
    const struct node *top = source ? remove_top(source, true, container) : NULL;
    bool simple = container && container->style == STYLE_BLOCK && container->kind == NODE_MAP;
    if (p->pending.len && (!simple || must_wait(p, target, rank_of(p, target)))) {
        p->waits = true;
        return false;
    }
    if (!container) return insert_first(p, target, piece, offset);
    if (container->style == STYLE_BLOCK) return insert_block(p, target, piece, source, offset);
    bool alone = container->count == 0 && (!container->parent || container->parent->style == STYLE_BLOCK);
    if (alone) return open_empty(p, target, piece, offset);
    return insert_flow(p, target, piece, top, offset);
}
