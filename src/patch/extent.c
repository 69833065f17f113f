#include "patch/planner.h"
#include "yaml/lex.h"

uint32_t extent_node_end(const struct node *node) {
    uint32_t end = node->span.end;
    return node->props && node->props->span.end > end ? node->props->span.end : end;
}

static const struct node *last_child(const struct node *node) {
    const struct node *last = node->first;
    while (last && last->next) last = last->next;
    return last;
}

struct extent extent_of(const struct planner *p, const struct node *entry) {
    const struct slabs *slabs = &p->slabs;
    if (slab_has(slabs, entry)) {
        const struct slab *slab = &slabs->of[entry->id];
        return (struct extent){slabs->starts[slab->first], slabs->starts[slab->end], true};
    }
    struct extent extent = {node_entry_start(entry), extent_node_end(entry), false};
    if (entry->key && extent_node_end(entry->key) > extent.end) extent.end = extent_node_end(entry->key);
    if (!entry->parent || entry->parent->style != STYLE_BLOCK) return extent;
    extent.start = slabs->of[entry->id].start;
    for (const struct node *node = entry; node && node->style == STYLE_BLOCK;) {
        node = last_child(node);
        if (!node || !slab_has(slabs, node)) continue;
        extent.end = slabs->starts[slabs->of[node->id].end];
        extent.lines = true;
        return extent;
    }
    if (extent_keeps_blanks(p, extent_last_leaf(entry))) {
        extent.end = extent_blank_end(p, extent_next_line(p, extent.end));
        extent.lines = true;
    }
    return extent;
}

uint32_t extent_comment(const struct planner *p, uint32_t from, uint32_t to) {
    while (from < to && p->slabs.classes[from] != LEX_COMMENT) from++;
    return from;
}

uint32_t extent_token(const struct planner *p, uint32_t at) {
    while (at < p->text.len && p->slabs.classes[at] != LEX_TOKEN) at++;
    return at;
}

static bool is_white(char c) {
    return c == ' ' || c == '\t';
}

uint32_t extent_white_before(const struct planner *p, uint32_t at) {
    while (at > 0 && is_white(p->text.ptr[at - 1])) at--;
    return at;
}

uint32_t extent_white_behind(const struct planner *p, uint32_t at) {
    while (at < p->text.len && is_white(p->text.ptr[at])) at++;
    return at;
}

uint32_t extent_indicator_end(const struct planner *p, const struct node *entry) {
    if (entry->props) return entry->props->span.end;
    if (!entry->key) return p->slabs.of[entry->id].start + 1;
    return extent_token(p, extent_node_end(entry->key)) + 1;
}

uint32_t extent_next_line(const struct planner *p, uint32_t at) {
    const char *end = at < p->text.len ? memchr(p->text.ptr + at, '\n', p->text.len - at) : NULL;
    return end ? (uint32_t)(end - p->text.ptr) + 1 : (uint32_t)p->text.len;
}

bool extent_at_line_start(const struct planner *p, uint32_t at) {
    return at == p->slabs.starts[0] || p->text.ptr[at - 1] == '\n';
}

bool extent_is_explicit(const struct planner *p, const struct node *entry) {
    if (!entry->key) return false;
    uint32_t start = node_entry_start(entry);
    if (entry->parent && entry->parent->style == STYLE_BLOCK) return p->slabs.of[entry->id].start != start;
    uint32_t before = start;
    while (before > 0 && p->slabs.classes[before - 1] != LEX_TOKEN) before--;
    return before > 0 && p->text.ptr[before - 1] == '?';
}

bool extent_keeps_blanks(const struct planner *p, const struct node *node) {
    if (node->style != STYLE_LITERAL && node->style != STYLE_FOLDED) return false;
    for (uint32_t at = node->span.start; at < node->span.end && !strchr(" \t\r\n#", p->text.ptr[at]); at++)
        if (p->text.ptr[at] == '+') return true;
    return false;
}

const struct node *extent_last_leaf(const struct node *node) {
    while ((node->kind == NODE_MAP || node->kind == NODE_LIST) && node->first) node = last_child(node);
    return node;
}

uint32_t extent_blank_end(const struct planner *p, uint32_t at) {
    while (at < p->text.len) {
        uint32_t white = extent_white_behind(p, at);
        if (white < p->text.len && !strchr("\r\n", p->text.ptr[white])) break;
        at = extent_next_line(p, at);
    }
    return at;
}
