#include "patch/planner.h"

static bool is_lines(const struct value *value) {
    return (value->kind == VALUE_MAP && value->map.len) || (value->kind == VALUE_LIST && value->list.len);
}

static struct str inline_text(struct planner *p, const struct node *entry, const struct value *value) {
    struct buf out = buf_in(p->arena);
    enum style_quote quote = lookup_quote(p, entry->parent);
    bool flow = entry->parent->style == STYLE_FLOW;
    if (entry->style == STYLE_SINGLE) quote = QUOTE_SINGLE;
    else if (entry->style == STYLE_DOUBLE) quote = QUOTE_DOUBLE;
    else if (entry->style == STYLE_PLAIN && value->kind == VALUE_STRING) quote = QUOTE_NONE;
    if (value->kind == VALUE_MAP || value->kind == VALUE_LIST) style_write_flow(&out, &p->style, value, quote);
    else style_write_scalar(&out, &p->style, value, quote, flow ? PLACE_FLOW : PLACE_BLOCK);
    return buf_str(&out);
}

static uint32_t inner_column(const struct planner *p, const struct node *entry, const struct value *value) {
    uint32_t column = p->slabs.of[entry->id].column;
    if (!entry->key) return column + 2;
    return column + (value->kind == VALUE_LIST ? p->style.list_step : p->style.step);
}

static struct str block_lines(struct planner *p, const struct node *entry, const struct value *value) {
    struct buf out = buf_in(p->arena);
    style_write_block(&out, &p->style, value, inner_column(p, entry, value), QUOTE_NONE);
    return buf_str(&out);
}

/* Takes a value's own text away, from behind what leads to it; a comment behind the header of a block text stays. The
 * new value stands in the same line, or in lines below. */
static void put_value(struct planner *p, const struct node *entry, const struct value *value) {
    uint32_t start = node_start(entry), end = extent_node_end(entry), from = start;
    bool block = entry->style == STYLE_LITERAL || entry->style == STYLE_FOLDED;
    uint32_t comment = block ? extent_comment(p, start, end) : end;
    bool lines = is_lines(value) && entry->parent->style == STYLE_BLOCK;
    bool glued = entry->style == STYLE_EMPTY;
    struct buf out = buf_in(p->arena);

    if (!lines) {
        if (glued) buf_add_char(&out, ' ');
        buf_add(&out, inline_text(p, entry, value));
    } else {
        from = extent_white_before(p, start);
    }
    if (comment < end) {
        uint32_t stop = extent_next_line(p, comment);
        if (stop > end) stop = end;
        while (stop > comment && strchr("\r\n", p->text.ptr[stop - 1])) stop--;
        buf_add(&out, str_slice(p->text, extent_white_before(p, comment), stop));
    }
    planner_edit(p, from, end, buf_str(&out));
    if (!lines) return;
    uint32_t at = extent_next_line(p, end);
    struct str text = block_lines(p, entry, value);
    out = buf_in(p->arena);
    if (!extent_at_line_start(p, at)) buf_add(&out, p->style.line_end);
    buf_add(&out, text);
    planner_edit(p, at, at, buf_str(&out));
}

/* Takes the entries of a block collection away, and puts the new value where they began. */
static bool put_for_block(struct planner *p, const struct node *entry, const struct value *value) {
    uint32_t indicator = extent_indicator_end(p, entry);
    for (const struct node *child = entry->first; child; child = child->next) {
        if (!slab_has(&p->slabs, child))
            return planner_refuse(p, entry->span, "it begins on the line of its list item");
        struct extent extent = extent_of(p, child);
        planner_edit(p, extent.start, extent.end, STR(""));
        for (uint32_t at = extent_comment(p, extent.start, extent.end); at < extent.end;) {
            uint32_t line = extent_next_line(p, at), end = line;
            while (end > at && strchr("\r\n", p->text.ptr[end - 1])) end--;
            vec_push(p->arena, &p->dropped, str_slice(p->text, at, end));
            at = extent_comment(p, line, extent.end);
        }
    }
    if (entry->props) return planner_refuse(p, entry->span, "it has an anchor or a tag");
    if (is_lines(value)) {
        uint32_t at = extent_next_line(p, indicator);
        planner_edit(p, at, at, block_lines(p, entry, value));
        return true;
    }
    struct buf out = buf_in(p->arena);
    buf_add_char(&out, ' ');
    buf_add(&out, inline_text(p, entry, value));
    planner_edit(p, indicator, indicator, buf_str(&out));
    return true;
}

bool replace_value(struct planner *p, const struct node *entry, const struct value *value) {
    uint32_t start = node_start(entry), end = extent_node_end(entry);
    if (!locate_unshared(p, entry)) return false;
    if (entry->style == STYLE_BLOCK) return put_for_block(p, entry, value);
    if (entry->kind != NODE_SCALAR && extent_comment(p, start, end) < end)
        return planner_refuse(p, entry->span, "there is a comment between its brackets");
    if (entry->kind == NODE_MAP && p->text.ptr[entry->span.start] != '{')
        return planner_refuse(p, entry->span, "it is a pair without braces");
    put_value(p, entry, value);
    return true;
}
