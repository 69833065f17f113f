/* The owner of each line, found in two steps. The first walks the tree and notes each entry that starts its line, with
 * the line and the column. The second runs over the lines: a line of content belongs to the entry that started last;
 * lines without content wait until the next content is seen, since it decides about them (share_gap). */
#include "yaml/slab.h"

#include "base/vec.h"
#include "yaml/lex.h"

enum line_kind { LINE_BLANK, LINE_COMMENT, LINE_CONTENT };

struct slicer {
    struct arena *arena;
    const struct tree *tree;
    struct str text;
    struct slabs *slabs;
    uint8_t *kinds;                          /* enum line_kind by line */
    uint32_t *columns;                       /* of a line's comment */
    uint32_t line;                           /* of the entry that was added last */
    struct VEC(const struct node *) entries; /* those with a slab, in order of the text */
    uint32_t body_end;                       /* behind the last line of the first document's content */
};

/* Where the first line starts: behind a byte order mark, which is nobody's and stays. */
static uint32_t first_start(struct str text) {
    return str_starts(text, STR("\xEF\xBB\xBF")) ? 3 : 0;
}

uint32_t slab_line_of(const struct slabs *slabs, uint32_t offset) {
    uint32_t low = 0, high = slabs->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (slabs->starts[middle] <= offset) low = middle;
        else high = middle;
    }
    return low;
}

static void find_lines(struct arena *a, struct str text, struct slabs *slabs) {
    struct VEC(uint32_t) starts = {NULL, 0, 0};
    vec_push(a, &starts, first_start(text));
    for (uint32_t at = 0; at < text.len;) {
        const char *end = memchr(text.ptr + at, '\n', text.len - at);
        if (!end) break;
        at = (uint32_t)(end - text.ptr) + 1;
        vec_push(a, &starts, at);
    }
    slabs->line_count = starts.len;
    vec_push(a, &starts, (uint32_t)text.len);
    slabs->starts = starts.items;
}

/* Nothing follows a comment in its line, so that the first byte that is not white tells. */
static void find_kinds(struct slicer *s) {
    const uint8_t *classes = s->slabs->classes;
    for (uint32_t line = 0; line < s->slabs->line_count; line++) {
        uint32_t at = s->slabs->starts[line], end = s->slabs->starts[line + 1];
        while (at < end && classes[at] != LEX_TOKEN && classes[at] != LEX_COMMENT) at++;
        s->kinds[line] = at == end ? LINE_BLANK : classes[at] == LEX_TOKEN ? LINE_CONTENT : LINE_COMMENT;
        if (s->kinds[line] == LINE_COMMENT) s->columns[line] = at - s->slabs->starts[line];
    }
}

/* Blank lines behind a block scalar that are part of it: all of them where its header says to keep them (`|+`), and
 * those with white space, which may be content. */
static void claim_trailing_lines(struct slicer *s, const struct node *node) {
    uint32_t line = slab_line_of(s->slabs, node->span.end), last = line;
    bool keep = false;
    for (uint32_t at = node->span.start; at < s->text.len && strchr("|>+-0123456789", s->text.ptr[at]); at++)
        keep = keep || s->text.ptr[at] == '+';
    while (++line < s->slabs->line_count && s->kinds[line] == LINE_BLANK) {
        uint32_t start = s->slabs->starts[line];
        bool has_end = line + 1 < s->slabs->line_count;
        char first = start < s->text.len ? s->text.ptr[start] : '\n';
        if ((keep && has_end) || first == ' ' || first == '\t') last = line;
    }
    for (line = slab_line_of(s->slabs, node->span.end) + 1; line <= last; line++) s->kinds[line] = LINE_CONTENT;
    if (last + 1 > s->body_end) s->body_end = last + 1;
}

/* The first byte of a token from `at` on. */
static uint32_t next_token(const struct slicer *s, uint32_t at) {
    while (at < s->text.len && s->slabs->classes[at] != LEX_TOKEN) at++;
    return at;
}

static bool is_gap(const struct slicer *s, uint32_t at) {
    return at >= s->text.len || s->slabs->classes[at] != LEX_TOKEN;
}

/* Where the first member of a block mapping starts: at its key, or at the `?` before it, not before `from`. */
static uint32_t first_member_start(const struct slicer *s, const struct node *value, uint32_t from) {
    const struct node *key = value->key;
    uint32_t start = node_start(key);
    if (key->style == STYLE_EMPTY && !key->props) start = next_token(s, start > from ? start : from);
    uint32_t at = start;
    while (at > 0 && is_gap(s, at - 1)) at--;
    if (at < 1 || s->text.ptr[at - 1] != '?') return start;
    return at == 1 || is_gap(s, at - 2) ? at - 1 : start;
}

/* Where the node's text ends, whatever it is. */
static uint32_t extent_node_end(const struct node *node) {
    uint32_t end = node->span.end;
    if (node->props && node->props->span.end > end) end = node->props->span.end;
    return end;
}

/* The line of an entry that starts at `start`: nearly always one of the next. */
static uint32_t line_of_entry(struct slicer *s, uint32_t start) {
    const uint32_t *starts = s->slabs->starts;
    if (start < starts[s->line]) return slab_line_of(s->slabs, start);
    while (s->line + 1 < s->slabs->line_count && starts[s->line + 1] <= start) s->line++;
    return s->line;
}

static void add_entry(struct slicer *s, const struct node *value, uint32_t start, const struct node *outer) {
    struct slab *slab = &s->slabs->of[value->id];
    uint32_t line = line_of_entry(s, start), origin = s->slabs->starts[line];
    uint32_t above = s->entries.len ? s->slabs->of[s->entries.items[s->entries.len - 1]->id].head : 0;
    bool first_of_line = s->entries.len == 0 || line > above; /* an empty key may seem to start above its entry */
    for (uint32_t at = origin; at < start; at++) first_of_line = first_of_line && is_gap(s, at);
    *slab = (struct slab){.start = start, .column = start - origin, .outer = outer};
    if (!first_of_line || line >= s->body_end) return;
    slab->head = slab->first = line;
    slab->end = line + 1;
    vec_push(s->arena, &s->entries, value);
}

/* Adds the entries of `node`, a block collection, and of those below it. What leads to it (the `-` or the key of the
 * entry that it is the value of) ends at `from`. */
static void add_entries(struct slicer *s, const struct node *node, const struct node *outer, uint32_t from) {
    for (const struct node *child = node->first; child; child = child->next) {
        bool first_member = child->key && child == node->first;
        if (!child->key && child == node->first && node->span.start > from) from = node->span.start;
        uint32_t start = first_member ? first_member_start(s, child, from) : next_token(s, from);
        add_entry(s, child, start, outer);
        from = child->key ? extent_node_end(child->key) : start + 1;
        if (from <= start) from = start + 1;
        if (child->style == STYLE_BLOCK) add_entries(s, child, slab_has(s->slabs, child) ? child : outer, from);
        if (child->style == STYLE_LITERAL || child->style == STYLE_FOLDED) claim_trailing_lines(s, child);
        if (extent_node_end(child) > from) from = extent_node_end(child);
    }
}

static const struct node *outer_of(const struct slicer *s, const struct node *entry) {
    return entry ? s->slabs->of[entry->id].outer : NULL;
}

/* Gives the lines [from, to), which hold comments or nothing, to the entries that end there: `last` is the innermost,
 * `stay` the one around all of them (NULL for the document) that goes on. */
static void share_tails(struct slicer *s, uint32_t from, uint32_t to, const struct node *last,
                        const struct node *stay) {
    uint32_t waiting = from;
    for (uint32_t line = from; line < to; line++) {
        if (s->kinds[line] != LINE_COMMENT) continue;
        while (last != stay && s->slabs->of[last->id].column >= s->columns[line]) last = outer_of(s, last);
        while (waiting <= line) s->slabs->owners[waiting++] = last;
    }
    while (waiting < to) s->slabs->owners[waiting++] = stay;
}

/* The first line of the comment that stands directly above `next`, not before `from`. */
static uint32_t attached_comment(const struct slicer *s, uint32_t from, const struct node *last,
                                 const struct node *next) {
    const struct slab *slab = &s->slabs->of[next->id];
    uint32_t run = slab->head;
    while (run > from && s->kinds[run - 1] == LINE_COMMENT) run--;
    if (last == slab->outer) return run;
    while (run < slab->head && s->columns[run] > slab->column) run++;
    return run;
}

/* Gives the lines [from, to) between two lines of content to their owners: `last` is the entry that started last before
 * them (or NULL), `next` the one that starts in line `to`, NULL at the end of the document. */
static void share_gap(struct slicer *s, uint32_t from, uint32_t to, const struct node *last, const struct node *next) {
    uint32_t attached = to, top = from;
    if (!last) {
        while (top < to && s->kinds[top] == LINE_BLANK) top++;
        if (top == to) top = from;
        while (top < to && s->kinds[top] == LINE_COMMENT) top++;
    }
    if (next) {
        attached = attached_comment(s, top, last, next);
        while (attached > top && s->kinds[attached - 1] == LINE_BLANK) attached--;
        s->slabs->of[next->id].first = attached;
        for (uint32_t line = attached; line < to; line++) s->slabs->owners[line] = next;
    }
    share_tails(s, from, attached, last, next ? outer_of(s, next) : NULL);
}

static void share_lines(struct slicer *s) {
    const struct node *current = NULL;
    uint32_t next = 0, gap = 0;
    for (uint32_t line = 0; line < s->body_end; line++) {
        if (s->kinds[line] != LINE_CONTENT) continue;
        const struct node *entry = next < s->entries.len ? s->entries.items[next] : NULL;
        if (entry && s->slabs->of[entry->id].head == line) {
            share_gap(s, gap, line, current, entry);
            current = entry;
            next++;
        } else {
            for (uint32_t i = gap; i < line; i++) s->slabs->owners[i] = current;
        }
        s->slabs->owners[line] = current;
        gap = line + 1;
    }
    uint32_t rest = s->body_end;
    while (rest < s->slabs->line_count && s->kinds[rest] != LINE_CONTENT) rest++;
    share_gap(s, gap, rest, current, NULL);
}

/* Ends of slabs, those inside before those around them. */
static void find_ends(struct slicer *s) {
    for (uint32_t line = 0; line < s->slabs->line_count; line++)
        if (s->slabs->owners[line]) s->slabs->of[s->slabs->owners[line]->id].end = line + 1;
    for (uint32_t i = s->entries.len; i > 0; i--) {
        const struct slab *slab = &s->slabs->of[s->entries.items[i - 1]->id];
        if (slab->outer && s->slabs->of[slab->outer->id].end < slab->end) s->slabs->of[slab->outer->id].end = slab->end;
    }
}

void slab_join(const struct tree *tree, struct slabs *slabs, const struct node *last, const struct node *next) {
    struct slicer s = {.tree = tree, .slabs = slabs, .kinds = slabs->kinds, .columns = slabs->columns};
    uint32_t to = next ? slabs->of[next->id].head : slabs->line_count, from = to;
    while (from > 0 && s.kinds[from - 1] != LINE_CONTENT) from--;
    share_gap(&s, from, to, last, next);
    const struct node *stay = next ? outer_of(&s, next) : NULL; /* ends elsewhere */
    for (const struct node *entry = last; entry != stay; entry = outer_of(&s, entry)) slabs->of[entry->id].end = from;
    for (uint32_t line = from; line < to && slabs->owners[line] != next; line++)
        for (const struct node *owner = slabs->owners[line]; owner != stay; owner = outer_of(&s, owner))
            slabs->of[owner->id].end = line + 1;
}

void slab_lines(struct arena *a, const struct tree *tree, struct slabs *slabs) {
    const struct props *props = tree->root ? tree->root->props : NULL;
    *slabs = (struct slabs){.classes = yaml_lex_classify(a, tree), .of = arena_array(a, struct slab, tree->node_count)};
    find_lines(a, tree->source->text, slabs);
    slabs->owners = arena_alloc(a, sizeof *slabs->owners * slabs->line_count);
    slabs->kinds = arena_alloc_raw(a, slabs->line_count);
    slabs->columns = arena_alloc_raw(a, sizeof *slabs->columns * slabs->line_count);
    struct slicer s = {.arena = a,
                       .tree = tree,
                       .text = tree->source->text,
                       .slabs = slabs,
                       .kinds = slabs->kinds,
                       .columns = slabs->columns};
    find_kinds(&s);
    if (!tree->root) return;
    s.body_end = slab_line_of(slabs, extent_node_end(tree->root)) + 1;
    if (tree->root->style == STYLE_BLOCK) add_entries(&s, tree->root, NULL, props ? props->span.end : 0);
    share_lines(&s);
    find_ends(&s);
}

/* Whether `line` lies in the slab of `owner` and of all entries around it. */
static bool lies_inside(const struct slabs *slabs, uint32_t line, const struct node *owner) {
    for (; owner; owner = slabs->of[owner->id].outer) {
        const struct slab *slab = &slabs->of[owner->id];
        if (line < slab->first || line >= slab->end) return false;
    }
    return true;
}

const char *slab_check(struct arena *a, const struct tree *tree, const struct slabs *slabs) {
    struct str text = tree->source->text;
    uint32_t *lines = arena_array(a, uint32_t, tree->node_count);
    if (tree->has_break) return NULL;
    if (slabs->starts[0] != first_start(text) || slabs->starts[slabs->line_count] != text.len)
        return "the lines are not the text";
    for (uint32_t line = 0; line < slabs->line_count; line++) {
        if (slabs->starts[line] > slabs->starts[line + 1]) return "the lines are not in order";
        const struct node *owner = slabs->owners[line];
        if (!owner) continue;
        if (slabs->of[owner->id].end == 0) return "a line belongs to an entry without a slab";
        if (!lies_inside(slabs, line, owner)) return "a line lies outside of its owner's slab";
        lines[owner->id]++;
    }
    for (uint32_t id = tree->node_count; id-- > 1;) {
        const struct slab *slab = &slabs->of[id];
        if (slab->end == 0) continue;
        if (slab->end > slabs->line_count || slab->first > slab->head || slab->head >= slab->end)
            return "a slab is no run of lines";
        if (slabs->owners[slab->head] != tree->nodes[id]) return "an entry does not own its first line";
        if (lines[id] != slab->end - slab->first) return "a slab holds lines of others";
        if (!slab->outer) continue;
        const struct slab *outer = &slabs->of[slab->outer->id];
        if (slab->first <= outer->head || slab->end > outer->end) return "a slab lies outside of the one around it";
        lines[slab->outer->id] += lines[id];
    }
    return NULL;
}
