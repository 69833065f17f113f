#include "patch/planner.h"
#include "yaml/scalar.h"

static uint32_t spaces_at(struct str text, size_t at) {
    size_t end = at;
    while (end < text.len && text.ptr[end] == ' ') end++;
    return (uint32_t)(end - at);
}

/* Adds `text` with each line but the first (which is begun already) moved by `delta` columns, and with
 * a line end behind the last one. Empty lines stay empty. */
static void add_shifted(struct buf *out, const struct style *style, struct str text, int64_t delta) {
    for (size_t at = 0; at < text.len;) {
        size_t end = at + str_find_char(str_slice(text, at, text.len), '\n');
        if (at > 0) {
            uint32_t spaces = spaces_at(text, at);
            bool empty = at + spaces == end || text.ptr[at + spaces] == '\r';
            int64_t wanted = spaces + delta;
            if (!(empty && spaces == 0)) buf_add_repeat(out, ' ', wanted > 0 ? (size_t)wanted : 0);
            at += spaces;
        }
        buf_add(out, str_slice(text, at, end));
        if (end < text.len) buf_add_char(out, '\n');
        at = end + 1;
    }
    if (out->len == 0 || out->ptr[out->len - 1] != '\n') buf_add(out, style->line_end);
}

/* Adds the comments above an entry that comes to stand at `column`. None may be deeper than the entry: behind a block
 * text it would become a part of it. */
static void add_above(struct buf *out, struct str lines, int64_t delta, uint32_t column) {
    struct str line;
    while (str_split_next(&lines, '\n', &line)) {
        uint32_t spaces = spaces_at(line, 0);
        int64_t wanted = spaces + delta;
        bool empty = spaces == line.len || line.ptr[spaces] == '\r';
        if (!empty) buf_add_repeat(out, ' ', wanted < 0 ? 0 : wanted > column ? column : (size_t)wanted);
        buf_add(out, str_slice(line, spaces, line.len));
        buf_add_char(out, '\n');
    }
}

/* Whether the scalar `node` is something else than a string to Helm. */
static bool is_no_string(const struct node *node) {
    bool plain = node->style == STYLE_PLAIN || node->style == STYLE_EMPTY;
    return plain && scalar_resolve_helm(node->text).kind != SCALAR_STRING;
}

bool patch_render_is_text(struct planner *p, const struct node *entry) {
    if (entry->kind != NODE_SCALAR) return planner_refuse(p, entry->span, "only a scalar can become a string");
    if (entry->props) return planner_refuse(p, entry->span, "it has an anchor or a tag");
    if (is_no_string(entry) && scalar_resolve_helm(entry->text).kind == SCALAR_NULL)
        return planner_refuse(p, entry->span, "a null has no text");
    return true;
}

/* The text of `entry`'s value, properties included. */
static struct str value_text(const struct planner *p, const struct node *entry) {
    return str_slice(p->text, node_start(entry), extent_node_end(entry));
}

static bool is_pair(const struct planner *p, const struct node *node) {
    return node->kind == NODE_MAP && node->style == STYLE_FLOW && p->text.ptr[node->span.start] != '{';
}

/* How many columns the lines of `entry` start from the left where it stands. */
static uint32_t source_column(const struct planner *p, const struct node *entry) {
    if (entry->parent->style == STYLE_BLOCK) return p->slabs.of[entry->id].column;
    uint32_t line = p->slabs.starts[slab_line_of(&p->slabs, node_entry_start(entry))];
    return spaces_at(p->text, line);
}

/* The lines of an entry's slab above its own first line, without the blank ones before the first comment. */
static struct str lines_above(const struct planner *p, const struct node *entry) {
    if (!slab_has(&p->slabs, entry)) return STR("");
    const struct slab *slab = &p->slabs.of[entry->id];
    uint32_t from = slab->first, head = p->slabs.starts[slab->head];
    while (from < slab->head &&
           extent_comment(p, p->slabs.starts[from], p->slabs.starts[from + 1]) == p->slabs.starts[from + 1])
        from++;
    return str_slice(p->text, p->slabs.starts[from], head);
}

/* Where the text of `entry` goes on behind what is written anew: its key, or what leads to its value where an item
 * becomes a member or the other way round. */
static bool find_rest(struct planner *p, const struct node *entry, bool item, uint32_t *rest, bool *own_indicator) {
    bool in_block = entry->parent->style == STYLE_BLOCK;
    bool same_kind = item == !entry->key;
    *own_indicator = in_block && same_kind;
    if (*own_indicator) {
        *rest = entry->key ? extent_node_end(entry->key) : p->slabs.of[entry->id].start;
        return true;
    }
    uint32_t start = in_block ? p->slabs.of[entry->id].start : node_entry_start(entry);
    *rest = node_start(entry);
    if (entry->style == STYLE_BLOCK)
        return planner_refuse(p, entry->span, "a block cannot change between a list and a mapping");
    if (is_pair(p, entry)) return planner_refuse(p, entry->span, "a pair without braces cannot move");
    for (uint32_t at = start; at < *rest; at++)
        if (p->text.ptr[at] == '\n')
            return planner_refuse(p, entry->span, "it starts on a different line than its key");
    return true;
}

/* An entry of the tree as lines, with its comments. */
static bool add_entry(struct planner *p, struct buf *out, const struct piece *piece, const struct site *site,
                      uint32_t column) {
    const struct node *entry = piece->entry;
    struct extent extent = extent_of(p, entry);
    int64_t delta = (int64_t)column - source_column(p, entry);
    uint32_t rest;
    bool own_indicator, has_text = entry->style != STYLE_EMPTY || entry->props;

    if (piece->as_string && !patch_render_is_text(p, entry)) return false;
    if (!find_rest(p, entry, site->item, &rest, &own_indicator)) return false;
    p->moved_column = column;
    struct str above = lines_above(p, entry);
    add_above(out, above, delta, column);
    buf_add_repeat(out, ' ', column);
    if (!site->item) {
        style_write_string(out, &p->style, site->keys[site->count - 1], QUOTE_NONE, PLACE_BLOCK);
        if (!own_indicator) buf_add_char(out, ':');
    } else if (!own_indicator && has_text) {
        buf_add_char(out, '-');
    }
    if (!own_indicator && has_text) buf_add_char(out, ' ');
    if (piece->as_string && is_no_string(entry)) {
        buf_add(out, str_slice(p->text, rest, entry->span.start));
        style_write_string(out, &p->style, entry->text, p->style.quote, PLACE_BLOCK);
        rest = entry->span.end;
    }
    if (site->item && !has_text) {
        /* A bare dash cannot be read in a list that is not indented. */
        buf_add(out, STR("- null"));
        rest = own_indicator ? rest + 1 : extent_node_end(entry);
    }
    struct str text = str_slice(p->text, rest, extent.end);
    if (text.len) add_shifted(out, &p->style, text, delta);
    else buf_add(out, p->style.line_end);
    return true;
}

/* `value` inside of a map for each key, or of a list. */
static struct value wrap_value(struct planner *p, const struct site *site, const struct value *value) {
    struct value wrapped = *value;
    bool found;
    if (site->item) return value_from_items(p->arena, value, 1);
    for (uint32_t i = site->count; i > 0; i--) {
        struct value map = value_map_new(p->arena, 1);
        value_map_put(&map, site->keys[i - 1], &found)->value = wrapped;
        wrapped = map;
    }
    return wrapped;
}

bool patch_render_lines(struct planner *p, const struct piece *piece, const struct site *site, struct str *lines) {
    struct buf out = buf_in(p->arena);
    uint32_t column = site->column;
    if (site->heading.len) {
        struct buf comment = buf_in(p->arena);
        buf_add(&comment, STR("# "));
        buf_add(&comment, site->heading);
        vec_push(p->arena, &p->made, buf_str(&comment));
        buf_add_repeat(&out, ' ', column);
        buf_add(&out, buf_str(&comment));
        buf_add(&out, p->style.line_end);
    }
    if (piece->value) {
        struct value wrapped = wrap_value(p, site, piece->value);
        style_write_block(&out, &p->style, &wrapped, column, site->quote);
    } else {
        for (uint32_t i = 0; i + 1 < site->count; i++, column += p->style.step) {
            buf_add_repeat(&out, ' ', column);
            style_write_string(&out, &p->style, site->keys[i], QUOTE_NONE, PLACE_BLOCK);
            buf_add_char(&out, ':');
            buf_add(&out, p->style.line_end);
        }
        if (!add_entry(p, &out, piece, site, column)) return false;
    }
    *lines = buf_str(&out);
    return true;
}

static bool has_odd_parts(const struct planner *p, const struct node *entry) {
    for (uint32_t id = entry->id; id < p->tree->node_count; id++) {
        const struct node *node = p->tree->nodes[id];
        if (node->span.start > entry->span.end) break;
        if (locate_inside(node, entry) && (node->props || node->kind == NODE_ALIAS)) return true;
    }
    return false;
}

/* Whether the text of an entry's value can stand in a flow collection as it is. */
static bool fits_flow(const struct planner *p, const struct node *entry) {
    struct str text = value_text(p, entry);
    if (entry->parent->style == STYLE_FLOW) return true;
    if (text.len && memchr(text.ptr, '\n', text.len)) return false;
    if (entry->kind == NODE_ALIAS || entry->style == STYLE_FLOW) return true;
    if (entry->style == STYLE_PLAIN) return is_no_string(entry) || style_is_plain(entry->text, PLACE_FLOW);
    return entry->style == STYLE_SINGLE || entry->style == STYLE_DOUBLE || entry->style == STYLE_EMPTY;
}

/* The text of an entry's value as part of a flow collection. */
static bool add_flow_entry(struct planner *p, struct buf *out, const struct piece *piece, enum style_quote quote) {
    const struct node *entry = piece->entry;
    struct extent extent = extent_of(p, entry);
    uint32_t inside = entry->parent->style == STYLE_FLOW ? node_start(entry) : extent.end;

    if (piece->as_string && !patch_render_is_text(p, entry)) return false;
    if (is_pair(p, entry)) return planner_refuse(p, entry->span, "a pair without braces cannot move");
    if (extent_comment(p, extent.start, inside) < inside)
        return planner_refuse(p, entry->span, "comments cannot be kept inside braces");
    if (piece->as_string && is_no_string(entry)) {
        style_write_string(out, &p->style, entry->text, p->style.quote, PLACE_FLOW);
    } else if (fits_flow(p, entry)) {
        buf_add(out, entry->style == STYLE_EMPTY && !entry->props ? STR("null") : value_text(p, entry));
    } else {
        struct value value;
        if (has_odd_parts(p, entry) || !locate_value(p, entry, p->operation->from, &value))
            return planner_refuse(p, entry->span, "an anchor, alias or tag in it cannot be put inside of braces");
        style_write_flow(out, &p->style, &value, quote);
    }
    return true;
}

bool patch_render_flow(struct planner *p, const struct piece *piece, const struct site *site, struct str *text) {
    struct buf out = buf_in(p->arena);
    for (uint32_t i = 0; i < site->count && !site->item; i++) {
        if (i) buf_add_char(&out, '{');
        style_write_string(&out, &p->style, site->keys[i], QUOTE_NONE, PLACE_FLOW);
        buf_add(&out, STR(": "));
    }
    if (piece->value) style_write_flow(&out, &p->style, piece->value, site->quote);
    else if (!add_flow_entry(p, &out, piece, site->quote)) return false;
    for (uint32_t i = 1; i < site->count && !site->item; i++) buf_add_char(&out, '}');
    *text = buf_str(&out);
    return true;
}
