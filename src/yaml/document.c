#include "yaml/document.h"

#include "yaml/lex.h"

/* Some entries of the root mapping that follow each other, with their bytes: from the line on which the first of them
 * starts (from the start of the text, for the first of all) to the one on which the entry behind them starts. */
struct stretch {
    struct span before, after;    /* in the old text, and in the new one */
    const struct node *first;     /* entry of the old tree */
    const struct node *behind;    /* the entry behind the last one; NULL where there is none */
    const struct document *fresh; /* what the new text holds, by itself; NULL where nothing has changed in it */
    const struct node *taken;     /* its first entry in the new tree; NULL where none is left */
};

struct stretches VEC(struct stretch);

/* Where the old text's stretch ends that `entry` starts behind; NULL for the end of the text. */
static uint32_t head_of(const struct document *d, const struct node *entry) {
    return entry ? d->slabs.starts[d->slabs.of[entry->id].head] : (uint32_t)d->source.text.len;
}

/* Whether the text falls into stretches, and each means the same in any company. */
static bool is_splittable(const struct document *d) {
    const struct node *root = d->tree.root;
    const struct slabs *slabs = &d->slabs;
    uint32_t end = 0;
    if (!root || root->kind != NODE_MAP || root->style != STYLE_BLOCK || root->props) return false;
    if (d->tree.document_count != 1 || d->tree.has_alias || d->tree.has_merge) return false;
    for (const struct node *entry = root->first; entry; entry = entry->next) {
        const struct slab *slab = &slabs->of[entry->id];
        if (!slab_has(slabs, entry) || slab->column != 0) return false;
        end = slabs->starts[slab->end];
    }
    while (end < d->source.text.len && slabs->classes[end] != LEX_TOKEN) end++;
    return end == d->source.text.len; /* no `...` */
}

static bool has_content(struct str text) {
    struct str line;
    while (str_split_next(&text, '\n', &line)) {
        line = str_trim(line);
        if (line.len && line.ptr[0] != '#') return true;
    }
    return false;
}

/* Reads the new text of a stretch; false where it cannot stand for itself. */
static bool read_stretch(struct arena *a, struct str text, struct stretch *stretch, bool last) {
    struct document *fresh = arena_new(a, struct document);
    struct yaml_issue issue;
    fresh->source.text = span_text(text, stretch->after);
    fresh->tree = (struct tree){.source = &fresh->source, .is_plain = true};
    stretch->fresh = fresh;
    if (!last && fresh->source.text.len && !str_ends(fresh->source.text, STR("\n"))) return false;
    if (has_content(fresh->source.text)) {
        if (!tree_parse(a, &fresh->source, &fresh->tree, &issue)) return false;
    } else {
        fresh->tree.has_tab = str_find_char(fresh->source.text, '\t') < fresh->source.text.len;
    }
    slab_lines(a, &fresh->tree, &fresh->slabs);
    return fresh->tree.node_count == 0 || is_splittable(fresh);
}

/* Whether the next edit lies in a stretch that ends at `end`, or behind the last one (`behind` NULL). */
static bool is_reached(const struct edits *edits, uint32_t next, uint32_t end, const struct node *behind) {
    return next < edits->len && (edits->items[next].span.start < end || !behind);
}

/* Cuts the old text into stretches, and reads those that an edit reaches. An edit between two reaches the second. */
static bool cut(struct arena *a, const struct document *d, const struct edits *edits, struct str text,
                struct stretches *out) {
    const struct node *entry = d->tree.root->first;
    uint32_t start = 0, delta = 0, next = 0;
    while (entry) {
        struct stretch stretch = {.first = entry, .before = {start, 0}, .after = {start + delta, 0}};
        bool reached = false;
        do {
            entry = entry->next;
            start = head_of(d, entry);
            for (; is_reached(edits, next, start, entry); next++) {
                const struct edit *edit = &edits->items[next];
                for (; edit->span.end > start; start = head_of(d, entry)) entry = entry->next;
                delta += (uint32_t)edit->text.len - span_len(edit->span);
                reached = true;
            }
        } while (entry && !reached && !is_reached(edits, next, head_of(d, entry->next), entry->next));
        stretch.behind = entry;
        stretch.before.end = start;
        stretch.after.end = start + delta;
        if (reached && !read_stretch(a, text, &stretch, !entry)) return false;
        vec_push(a, out, stretch);
    }
    return true;
}

/* The new document in the making. */
struct splice {
    struct arena *arena;
    const struct document *old;
    struct document *new;
    uint32_t line;     /* how many lines are made */
    struct node *last; /* entry of the root */
    uint8_t *classes;
    uint32_t *starts;
};

/* What to add to numbers of one document (modulo 2^32) for those of another. */
struct shift {
    uint32_t bytes, lines, ids;
};

static void shift_span(struct span *span, uint32_t bytes) {
    span->start += bytes;
    span->end += bytes;
}

/* Takes over the nodes [from, to) of `part`, with their slabs. */
static void take_nodes(struct splice *s, const struct document *part, uint32_t from, uint32_t to, struct shift shift) {
    struct tree *tree = &s->new->tree;
    for (uint32_t id = from; id < to; id++) {
        struct node *node = part->tree.nodes[id];
        struct slab *slab = &s->new->slabs.of[id + shift.ids];
        tree->nodes[id + shift.ids] = node;
        node->id = id + shift.ids;
        *slab = part->slabs.of[id];
        if (shift.bytes == 0 && shift.lines == 0) continue;
        shift_span(&node->span, shift.bytes);
        if (node->props) {
            struct props *props = arena_new(s->arena, struct props);
            *props = *node->props;
            shift_span(&props->span, shift.bytes);
            node->props = props;
        }
        if (slab->start || slab->end) slab->start += shift.bytes;
        if (slab->end == 0) continue;
        slab->first += shift.lines;
        slab->head += shift.lines;
        slab->end += shift.lines;
    }
    tree->node_count = to + shift.ids;
}

/* Takes over `count` lines of `part` from `line` on. */
static void take_lines(struct splice *s, const struct document *part, uint32_t line, uint32_t count, uint32_t bytes) {
    struct slabs *slabs = &s->new->slabs;
    const struct slabs *from = &part->slabs;
    for (uint32_t i = 0; i < count; i++) s->starts[s->line + i] = from->starts[line + i] + bytes;
    memcpy(slabs->kinds + s->line, from->kinds + line, count);
    memcpy(slabs->columns + s->line, from->columns + line, sizeof *slabs->columns * count);
    memcpy(slabs->owners + s->line, from->owners + line, sizeof *slabs->owners * count);
    uint32_t start = from->starts[line], end = from->starts[line + count];
    memcpy(&s->classes[start + bytes], &from->classes[start], end - start);
    s->line += count;
}

/* Makes the entries from `first` up to `behind` the root's next ones. */
static void take_entries(struct splice *s, struct node *first, const struct node *behind) {
    struct node *root = s->new->tree.root;
    if (s->last) s->last->next = first;
    else root->first = first;
    for (struct node *entry = first; entry != behind; entry = entry->next) {
        entry->parent = entry->key->parent = root;
        s->last = entry;
        root->count++;
    }
}

static void take_stretch(struct splice *s, struct stretch *stretch) {
    const struct document *part = stretch->fresh ? stretch->fresh : s->old;
    const struct node *first = stretch->first, *behind = stretch->behind;
    struct shift shift = {stretch->after.start - stretch->before.start, s->line, s->new->tree.node_count};
    uint32_t line = 0, line_end = part->slabs.line_count, end = part->tree.node_count;
    if (stretch->fresh) {
        shift.bytes = stretch->after.start;
        first = part->tree.root ? part->tree.root->first : NULL;
        line_end -= behind != NULL; /* without the nothing behind its last line */
        behind = NULL;
    } else {
        line = slab_line_of(&part->slabs, stretch->before.start);
        if (behind) line_end = part->slabs.of[behind->id].head, end = behind->key->id;
    }
    shift.lines -= line;
    s->new->tree.has_tab |= part->tree.has_tab;
    s->new->tree.has_break |= part->tree.has_break;
    s->new->tree.is_plain &= part->tree.is_plain;
    take_lines(s, part, line, line_end - line, shift.bytes);
    if (!first) return;
    shift.ids -= first->key->id;
    take_nodes(s, part, first->key->id, end, shift);
    stretch->taken = first;
    take_entries(s, s->new->tree.nodes[first->id], behind);
}

/* The last entry with a slab before the root's entry `behind` (NULL: of all), or NULL. */
static const struct node *last_entry(const struct document *d, const struct node *behind) {
    uint32_t id = (behind ? behind->key->id : d->tree.node_count) - 1;
    while (id > 0 && d->slabs.of[id].end == 0) id--;
    return d->tree.nodes[id];
}

/* Shares the lines between stretches, where one of both is new. */
static void join(struct document *d, const struct stretches *stretches) {
    bool fresh = false;
    for (uint32_t i = 0; i < stretches->len; i++) {
        const struct stretch *stretch = &stretches->items[i];
        fresh = fresh || stretch->fresh;
        if (!stretch->taken) continue;
        if (fresh) slab_join(&d->tree, &d->slabs, last_entry(d, stretch->taken), stretch->taken);
        fresh = stretch->fresh;
    }
    if (fresh) slab_join(&d->tree, &d->slabs, last_entry(d, NULL), NULL);
}

/* Puts the new document together; false where nothing is left to put. */
static bool splice(struct arena *a, struct document *d, struct str text, struct stretches *stretches) {
    uint32_t nodes = d->tree.node_count, lines = d->slabs.line_count;
    bool empty = true;
    for (uint32_t i = 0; i < stretches->len; i++) {
        const struct document *fresh = stretches->items[i].fresh;
        empty = empty && fresh && !fresh->tree.root;
        if (!fresh) continue;
        nodes += fresh->tree.node_count;
        lines += fresh->slabs.line_count;
    }
    if (empty) return false;
    struct document new = {.source = {.path = d->source.path, .text = text}, .tree = d->tree};
    struct splice s = {.arena = a, .old = d, .new = &new};
    new.tree.nodes = arena_alloc_raw(a, sizeof *new.tree.nodes *nodes);
    new.slabs.of = arena_alloc_raw(a, sizeof *new.slabs.of *nodes);
    new.slabs.kinds = arena_alloc_raw(a, lines);
    new.slabs.owners = arena_alloc_raw(a, sizeof *new.slabs.owners *lines);
    new.slabs.columns = arena_alloc_raw(a, sizeof *new.slabs.columns *lines);
    new.slabs.classes = s.classes = arena_alloc_raw(a, text.len + 1);
    new.slabs.starts = s.starts = arena_alloc_raw(a, sizeof *s.starts * (lines + 1));
    for (uint32_t id = 0; id < 2; id++) {
        new.tree.nodes[id] = d->tree.nodes[id];
        new.slabs.of[id] = d->slabs.of[id];
    }
    new.tree.node_count = 2;
    new.tree.root->count = 0;
    for (uint32_t i = 0; i < stretches->len; i++) take_stretch(&s, &stretches->items[i]);
    s.last->next = NULL;
    s.starts[s.line] = (uint32_t)text.len;
    s.classes[text.len] = LEX_TOKEN;
    new.slabs.line_count = s.line;
    new.tree.root->span = (struct span){new.slabs.of[new.tree.root->first->id].start, s.last->span.end};
    *d = new;
    d->tree.source = &d->source;
    join(d, stretches);
    return true;
}

/* Gives `tree` nodes of its own. Without aliases: `first` is the first child then. */
static void copy_nodes(struct arena *a, struct tree *tree) {
    struct node *nodes = arena_alloc_raw(a, sizeof *nodes * tree->node_count);
    struct node **by_id = arena_alloc_raw(a, sizeof *by_id * tree->node_count);
    by_id[0] = NULL;
    for (uint32_t id = 1; id < tree->node_count; id++) {
        struct node *node = by_id[id] = &nodes[id];
        *node = *tree->nodes[id];
        if (node->parent) node->parent = &nodes[node->parent->id];
        if (node->key) node->key = &nodes[node->key->id];
        if (node->first) node->first = &nodes[node->first->id];
        if (node->next) node->next = &nodes[node->next->id];
    }
    if (tree->root) tree->root = &nodes[tree->root->id];
    tree->nodes = by_id;
}

void document_open(struct arena *a, const struct tree *tree, struct document *document) {
    *document = (struct document){.source = *tree->source, .tree = *tree};
    document->tree.source = &document->source;
    if (!tree->has_alias) copy_nodes(a, &document->tree);
    slab_lines(a, &document->tree, &document->slabs);
}

bool document_follow(struct arena *a, struct document *document, const struct edits *edits) {
    struct str text = edits_apply(a, document->source.text, edits);
    struct stretches stretches = {NULL, 0, 0};
    if (edits->len == 0) return true;
    if (is_splittable(document) && cut(a, document, edits, text, &stretches) && splice(a, document, text, &stretches))
        return true;
    struct document new = {.source = {.path = document->source.path, .text = text}};
    struct yaml_issue issue;
    if (!tree_parse(a, &new.source, &new.tree, &issue)) return false;
    *document = new;
    document->tree.source = &document->source;
    slab_lines(a, &document->tree, &document->slabs);
    return true;
}
