#include "yaml/document.h"

#include "yaml/lex.h"

/* Some entries of one mapping that follow each other, with their bytes: from the line on which the first of them starts
 * to the one on which the entry behind them starts. The mapping is the root, or the value of an entry of the root,
 * whose own lines are a stretch then; to the first entry of the text belongs all that stands before it. */
struct stretch {
    struct span before, after;         /* in the old text, and in the new one */
    struct node *map;                  /* which its entries are of */
    const struct node *first;          /* its first entry in the old tree, where it is kept as it is */
    const struct node *behind;         /* with it: the next entry that starts behind it, or NULL */
    const struct yaml_document *fresh; /* what is read anew in its place */
    const struct node *taken;          /* its first entry in the new tree, or NULL */
};

struct stretches VEC(struct stretch);

/* Where the old text's stretch ends that `entry` starts behind; NULL for the end of the text. */
static uint32_t head_of(const struct yaml_document *d, const struct node *entry) {
    return entry ? d->slabs.starts[d->slabs.of[entry->id].head] : (uint32_t)d->source.text.len;
}

/* Whether the last value before `behind` has no text, nor a `:` or `-` before it, as that of a lone `? key`: then it
 * stands where the next one starts. */
static bool ends_in_nothing(const struct yaml_document *d, const struct node *behind) {
    const struct node *last = d->tree.nodes[(behind ? behind->key->id : d->tree.node_count) - 1];
    if (last->style != STYLE_EMPTY || last->props) return false;
    return last->span.start == 0 || d->source.text.ptr[last->span.start - 1] != (last->key ? ':' : '-');
}

/* Whether the entries of `map` start their lines, at the column `column`, and mean the same in any company; `behind` is
 * what starts behind the last of them. */
static bool has_stretches(const struct yaml_document *d, const struct node *map, uint32_t column,
                          const struct node *behind) {
    if (map->kind != NODE_MAP || map->style != STYLE_BLOCK) return false;
    for (const struct node *entry = map->first; entry; entry = entry->next) {
        const struct slab *slab = &d->slabs.of[entry->id];
        if (!slab_has(&d->slabs, entry) || slab->column != column) return false;
        if (ends_in_nothing(d, entry->next ? entry->next : behind)) return false;
    }
    return true;
}

/* Whether the text is nothing but one mapping of stretches, without a byte order mark. */
static bool is_splittable(const struct yaml_document *d, uint32_t column) {
    const struct node *root = d->tree.root;
    if (!root || root->props || d->tree.document_count != 1 || d->tree.has_alias || d->tree.has_merge) return false;
    if (str_starts(d->source.text, STR("\xEF\xBB\xBF")) || !has_stretches(d, root, column, NULL)) return false;
    uint32_t end = root->span.end;
    while (end < d->source.text.len && d->slabs.classes[end] != LEX_TOKEN) end++;
    return end == d->source.text.len; /* no `...` */
}

/* The column of the first content in `text`; UINT32_MAX where it holds none. */
static uint32_t first_column(struct str text) {
    struct str line;
    while (str_split_next(&text, '\n', &line)) {
        struct str content = str_trim(line);
        if (content.len && content.ptr[0] != '#') return (uint32_t)(content.ptr - line.ptr);
    }
    return UINT32_MAX;
}

/* Whether a line of `text` holds content before `column`: then some of it belongs to a mapping further out. */
static bool leads_out(struct str text, uint32_t column) {
    struct str line;
    while (column && str_split_next(&text, '\n', &line)) {
        struct str content = str_trim(line);
        if (content.len && content.ptr[0] != '#' && (uint32_t)(content.ptr - line.ptr) < column) return true;
    }
    return false;
}

/* Reads what takes the place of a stretch; false where it cannot stand for itself. */
static bool read_stretch(struct arena *a, struct str text, uint32_t column, bool last, struct stretch *stretch) {
    struct yaml_document *fresh = arena_new(a, struct yaml_document);
    struct yaml_issue issue;
    fresh->source.text = span_text(text, stretch->after);
    fresh->tree = (struct tree){.source = &fresh->source, .is_plain = true};
    stretch->fresh = fresh;
    if (!last && fresh->source.text.len && !str_ends(fresh->source.text, STR("\n"))) return false;
    uint32_t first = first_column(fresh->source.text);
    if (leads_out(fresh->source.text, column)) return false;
    if (first != UINT32_MAX) {
        if (first != column || !tree_parse(a, &fresh->source, &fresh->tree, &issue)) return false;
        if (fresh->tree.refusal) return false;
    } else {
        fresh->tree.has_tab = str_find_char(fresh->source.text, '\t') < fresh->source.text.len;
    }
    slab_lines(a, &fresh->tree, &fresh->slabs);
    return fresh->tree.node_count == 0 || is_splittable(fresh, column);
}

/* The cutting of a text. */
struct cutter {
    struct arena *arena;
    const struct yaml_document *old;
    const struct edits *edits;
    struct str text; /* the new one */
    uint32_t next;   /* edit */
    uint32_t delta;  /* what those before it add to the length (modulo 2^32) */
    struct stretches out;
};

/* Whether the next edit lies in a stretch that ends at `behind`. One between two stretches lies in the second. */
static bool is_reached(const struct cutter *c, const struct node *behind) {
    return c->next < c->edits->len && (!behind || c->edits->items[c->next].span.start < head_of(c->old, behind));
}

/* Whether the bytes [from, to) are whole lines, and none of them holds content. */
static bool is_gap(const struct yaml_document *d, uint32_t from, uint32_t to) {
    uint32_t at = from;
    while (at < to && d->slabs.classes[at] != LEX_TOKEN) at++;
    return at == to && (from == 0 || d->source.text.ptr[from - 1] == '\n');
}

/* The entries of one mapping. */
struct row {
    struct node *map;
    const struct node *stop; /* the entry that starts behind the last of them, or NULL */
    uint32_t column;         /* where each of them starts */
};

static const struct node *next_in(const struct row *row, const struct node *entry) {
    return entry->next ? entry->next : row->stop;
}

static void keep_stretch(struct cutter *c, struct node *map, uint32_t start, uint32_t end, const struct node *first,
                         const struct node *behind) {
    struct stretch kept = {{start, end}, {start + c->delta, end + c->delta}, map, first, behind, NULL, NULL};
    vec_push(c->arena, &c->out, kept);
}

/* Reads anew what the next edits reach, from `start` to *behind, which moves to where they end. */
static bool renew_stretch(struct cutter *c, const struct row *row, uint32_t start, const struct node **behind) {
    struct stretch fresh = {.before = {start, 0}, .after = {start + c->delta, 0}, .map = row->map};
    for (; is_reached(c, *behind); c->next++) {
        const struct edit *edit = &c->edits->items[c->next];
        while (*behind != row->stop && edit->span.end > head_of(c->old, *behind)) *behind = next_in(row, *behind);
        if (edit->span.end > head_of(c->old, *behind)) return false;
        c->delta += (uint32_t)edit->text.len - span_len(edit->span);
    }
    fresh.before.end = head_of(c->old, *behind);
    fresh.after.end = fresh.before.end + c->delta;
    if (!read_stretch(c->arena, c->text, row->column, !*behind, &fresh)) return false;
    vec_push(c->arena, &c->out, fresh);
    return true;
}

static bool cut_row(struct cutter *c, const struct row *row, uint32_t start);

/* Cuts the value of the root's entry `entry`, where the edits reach but some of its own entries; else leaves all as it
 * is, and returns false. */
static bool cut_inside(struct cutter *c, struct node *root, uint32_t start, struct node *entry,
                       const struct node *behind) {
    const struct slabs *slabs = &c->old->slabs;
    const struct cutter saved = *c;
    if (entry->kind != NODE_MAP || !entry->first) return false;
    const struct row row = {entry, behind, slabs->of[entry->first->id].column};
    if (row.column == 0 || !has_stretches(c->old, entry, row.column, behind)) return false;
    uint32_t head = head_of(c->old, entry->first);
    if (c->edits->items[c->next].span.start < head) return false;
    keep_stretch(c, root, start, head, entry, entry->first);
    bool filled = false;
    bool good = cut_row(c, &row, head);
    for (uint32_t i = saved.out.len + 1; i < c->out.len; i++)
        filled = filled || !c->out.items[i].fresh || c->out.items[i].fresh->tree.root;
    if (good && filled) return true;
    *c = saved;
    return false;
}

/* Cuts the entries of a mapping, the first of which begins at `start`, into stretches. */
static bool cut_row(struct cutter *c, const struct row *row, uint32_t start) {
    struct node *root = c->old->tree.root;
    for (struct node *first = row->map->first; first && first != row->stop; start = head_of(c->old, first)) {
        const struct node *behind = next_in(row, first);
        while (behind != row->stop && !is_reached(c, behind) && !is_reached(c, next_in(row, behind)))
            behind = next_in(row, behind);
        uint32_t end = head_of(c->old, behind);
        const struct edit *edit = is_reached(c, behind) ? &c->edits->items[c->next] : NULL;
        /* New entries behind all content leave the stretch before them as it is. */
        bool adds = edit && edit->span.start > start && first_column(edit->text) == row->column &&
                    is_gap(c->old, edit->span.start, end);
        if (!edit || adds) {
            uint32_t at = edit ? edit->span.start : end;
            keep_stretch(c, row->map, start, at, first, behind);
            start = at;
        }
        if (edit && (adds || row->map != root || !cut_inside(c, root, start, first, behind)) &&
            !renew_stretch(c, row, start, &behind))
            return false;
        first = behind ? c->old->tree.nodes[behind->id] : NULL;
    }
    return true;
}

/* The new document in the making. */
struct splice {
    struct arena *arena;
    const struct yaml_document *old;
    struct yaml_document *new;
    uint32_t line;         /* how many lines are made */
    struct node *last;     /* entry of the root */
    struct node *map;      /* whose entries are taken: the root, or its last entry's value */
    struct node *map_last; /* of it */
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
static void take_nodes(struct splice *s, const struct yaml_document *part, uint32_t from, uint32_t to,
                       struct shift shift) {
    struct tree *tree = &s->new->tree;
    bool moves = shift.bytes != 0 || shift.lines != 0;
    tree->node_count = to + shift.ids;
    if (!moves && shift.ids == 0) {
        memcpy(&tree->nodes[from], &part->tree.nodes[from], sizeof *tree->nodes * (to - from));
        memcpy(&s->new->slabs.of[from], &part->slabs.of[from], sizeof(struct slab) * (to - from));
        return;
    }
    for (uint32_t id = from; id < to; id++) {
        struct node *node = part->tree.nodes[id];
        struct slab *slab = &s->new->slabs.of[id + shift.ids];
        tree->nodes[id + shift.ids] = node;
        node->id = id + shift.ids;
        *slab = part->slabs.of[id];
        if (!moves) continue;
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
}

/* Takes over `count` lines of `part` from `line` on. */
static void take_lines(struct splice *s, const struct yaml_document *part, uint32_t line, uint32_t count,
                       uint32_t bytes) {
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

/* Ends the mapping inside of the root's last entry, where entries of one were taken. */
static void close_map(struct splice *s) {
    if (s->map == s->new->tree.root) return;
    s->map_last->next = NULL;
    s->map->span = (struct span){s->new->slabs.of[s->map->first->id].start, s->map_last->span.end};
    s->map = s->new->tree.root;
}

/* Makes `first` and those behind it in its mapping, up to `behind`, the next ones of `map`. */
static void take_entries(struct splice *s, struct node *map, struct node *first, const struct node *behind) {
    struct node *root = s->new->tree.root;
    bool inside = map != root;
    if (inside && s->map == root) {
        s->map = map;
        s->map_last = NULL;
        map->count = 0;
    } else if (!inside) {
        close_map(s);
    }
    struct node **last = inside ? &s->map_last : &s->last;
    if (*last) (*last)->next = first;
    else map->first = first;
    for (struct node *entry = first; entry && entry != behind; entry = entry->next) {
        entry->parent = entry->key->parent = map;
        if (slab_has(&s->new->slabs, entry)) s->new->slabs.of[entry->id].outer = inside ? map : NULL;
        *last = entry;
        map->count++;
    }
}

/* Puts a stretch behind what was put together so far; `last` is the last one of the text. */
static void take_stretch(struct splice *s, struct stretch *stretch, bool last) {
    const struct yaml_document *part = stretch->fresh ? stretch->fresh : s->old;
    const struct node *first = stretch->first, *behind = stretch->behind;
    struct shift shift = {stretch->after.start, s->line, s->new->tree.node_count};
    uint32_t line = 0, line_end = part->slabs.line_count - 1; /* without the nothing behind the last line end */
    if (stretch->fresh) {
        first = part->tree.root ? part->tree.root->first : NULL;
    } else {
        shift.bytes -= stretch->before.start;
        line = slab_line_of(&part->slabs, stretch->before.start);
        line_end = slab_line_of(&part->slabs, stretch->before.end);
    }
    if (last) line_end = part->slabs.line_count;
    shift.lines -= line;
    s->new->tree.has_tab |= part->tree.has_tab;
    s->new->tree.has_break |= part->tree.has_break;
    s->new->tree.is_plain &= part->tree.is_plain;
    take_lines(s, part, line, line_end - line, shift.bytes);
    if (!first) return;
    uint32_t id = first->key->id, end = behind ? behind->key->id : part->tree.node_count;
    shift.ids -= id;
    take_nodes(s, part, id, end, shift);
    if (behind && behind->parent == first) behind = first->next; /* the lines before a value that is cut */
    take_entries(s, stretch->map, s->new->tree.nodes[first->id], behind);
    stretch->taken = first;
}

/* The last entry with a slab that starts before the entry `behind` (NULL: of all), or NULL. */
static const struct node *last_entry(const struct yaml_document *d, const struct node *behind) {
    uint32_t id = (behind ? behind->key->id : d->tree.node_count) - 1;
    while (id > 0 && d->slabs.of[id].end == 0) id--;
    return d->tree.nodes[id];
}

/* Shares the lines between stretches, where one of both is new. */
static void join(struct yaml_document *d, const struct stretches *stretches) {
    bool fresh = false;
    for (uint32_t i = 0; i < stretches->len; i++) {
        const struct stretch *stretch = &stretches->items[i];
        fresh = fresh || stretch->fresh;
        if (!stretch->taken) continue;
        if (fresh) slab_join(&d->tree, &d->slabs, last_entry(d, stretch->taken), stretch->taken);
        fresh = stretch->fresh || stretch->map != d->tree.root; /* that may end here */
    }
    if (fresh) slab_join(&d->tree, &d->slabs, last_entry(d, NULL), NULL);
}

/* Cuts an array out of the document's room. */
static void *take_room(struct room *room, size_t size) {
    void *array = room->bytes + room->used;
    room->used += (size + 7) / 8 * 8;
    return array;
}

/* Gives the new document arrays for so many nodes and lines: where those of the one before the old one were. */
static void make_room(struct splice *s, size_t nodes, size_t lines) {
    size_t bytes = s->new->source.text.len + 1;
    size_t size = nodes * (sizeof(struct node *) + sizeof(struct slab)) +
                  lines * (sizeof(struct node *) + 2 * sizeof(uint32_t) + 1) + bytes + 64;
    struct room *room = &s->new->room[0];
    struct slabs *slabs = &s->new->slabs;
    if (room->size < size) *room = (struct room){arena_alloc_raw(s->arena, 2 * size), 2 * size, 0};
    room->used = 0;
    s->new->tree.nodes = take_room(room, sizeof(struct node *) * nodes);
    slabs->of = take_room(room, sizeof(struct slab) * nodes);
    slabs->owners = take_room(room, sizeof(struct node *) * lines);
    slabs->columns = take_room(room, sizeof(uint32_t) * lines);
    slabs->starts = s->starts = take_room(room, sizeof(uint32_t) * (lines + 1));
    slabs->kinds = take_room(room, lines);
    slabs->classes = s->classes = take_room(room, bytes);
}

/* Puts the new document together; false where nothing is left to put. */
static bool splice(struct arena *a, struct yaml_document *d, struct str text, struct stretches *stretches) {
    uint32_t node_cap = d->tree.node_count, line_cap = d->slabs.line_count;
    bool empty = true;
    for (uint32_t i = 0; i < stretches->len; i++) {
        const struct yaml_document *fresh = stretches->items[i].fresh;
        empty = empty && fresh && !fresh->tree.root;
        if (!fresh) continue;
        node_cap += fresh->tree.node_count;
        line_cap += fresh->slabs.line_count;
    }
    if (empty) return false;
    struct yaml_document new = {.source = {.path = d->source.path, .text = text}, .tree = d->tree};
    new.room[0] = d->room[1];
    new.room[1] = d->room[0];
    struct splice s = {.arena = a, .old = d, .new = &new, .map = new.tree.root};
    make_room(&s, node_cap, line_cap);
    for (uint32_t id = 0; id < 2; id++) {
        new.tree.nodes[id] = d->tree.nodes[id];
        new.slabs.of[id] = d->slabs.of[id];
    }
    new.tree.node_count = 2;
    new.tree.root->count = 0;
    for (uint32_t i = 0; i < stretches->len; i++) take_stretch(&s, &stretches->items[i], i + 1 == stretches->len);
    close_map(&s);
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

void yaml_document_open(struct arena *a, const struct tree *tree, struct yaml_document *document) {
    *document = (struct yaml_document){.source = *tree->source, .tree = *tree};
    document->tree.source = &document->source;
    if (!tree->has_alias) copy_nodes(a, &document->tree);
    slab_lines(a, &document->tree, &document->slabs);
}

/* Whether a line of nothing but spaces stands where one of two stretches is new: behind a block text it is the text's.
 */
static bool joins_at_spaces(struct str text, const struct stretches *stretches) {
    for (uint32_t i = 1; i < stretches->len; i++) {
        const struct stretch *stretch = &stretches->items[i];
        struct str rest = str_slice(text, stretch->after.start, text.len), line;
        if (!stretch->fresh && !stretches->items[i - 1].fresh) continue;
        while (str_split_next(&rest, '\n', &line) && str_trim(line).len == 0)
            if (line.len && line.ptr[0] == ' ') return true;
    }
    return false;
}

/* Does it by stretches; false where that is not possible, or the text is no YAML. */
static bool follow_by_stretches(struct arena *a, struct yaml_document *d, const struct edits *edits, struct str text) {
    struct cutter cutter = {.arena = a, .old = d, .edits = edits, .text = text};
    if (!is_splittable(d, 0)) return false;
    const struct row row = {d->tree.root, NULL, 0};
    return cut_row(&cutter, &row, 0) && !joins_at_spaces(text, &cutter.out) && splice(a, d, text, &cutter.out);
}

bool yaml_document_follow(struct arena *a, struct yaml_document *document, const struct edits *edits) {
    struct str text = edits_apply(a, document->source.text, edits);
    if (edits->len == 0 || follow_by_stretches(a, document, edits, text)) return true;
    struct yaml_document new = {.source = {.path = document->source.path, .text = text}};
    struct yaml_issue issue;
    if (!tree_parse(a, &new.source, &new.tree, &issue)) return false;
    *document = new;
    document->tree.source = &document->source;
    slab_lines(a, &document->tree, &document->slabs);
    return true;
}
