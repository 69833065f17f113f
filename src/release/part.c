#include "release/part.h"

#include "base/ascii.h"
#include "yaml/tree.h"

/* ---- Documents ---- */

/* Whether the line at `at` separates documents. */
static bool is_separator(struct str text, size_t at) {
    struct str rest = str_slice(text, at, at + 4);
    return str_starts(rest, STR("---")) && (rest.len == 3 || strchr(" \t\r\n", rest.ptr[3]) != NULL);
}

static size_t line_end(struct str text, size_t at) {
    size_t end = at + str_find_char(str_slice(text, at, text.len), '\n');
    return end < text.len ? end + 1 : text.len;
}

/* Whether anything but comments and blanks stands in the bytes. */
static bool holds_anything(struct str text, size_t from, size_t to) {
    for (size_t at = from; at < to; at = line_end(text, at)) {
        struct str line = str_trim(str_slice(text, at, line_end(text, at)));
        if (line.len && line.ptr[0] != '#' && line.ptr[0] != '%') return true;
    }
    return false;
}

/* Finds the document number `wanted`; gives how many there are. What precedes the first separator is a document where
 * something stands in it. */
static uint32_t find_document(struct str text, uint32_t wanted, struct span *found) {
    uint32_t count = 0;
    size_t from = 0;
    for (size_t at = 0; at <= text.len; at = line_end(text, at)) {
        bool ends = at == text.len;
        if (!ends && !is_separator(text, at)) continue;
        if (count > 0 || from > 0 || holds_anything(text, from, at)) {
            if (count == wanted) *found = span_make(from, at);
            count++;
        }
        if (ends) break;
        from = line_end(text, at);
        if (str_trim(str_slice(text, at + 3, from)).len) from = at + 3; /* `--- key: value` */
    }
    return count;
}

uint32_t part_count(struct str text) {
    struct span span = {0, 0};
    return find_document(text, UINT32_MAX, &span);
}

/* ---- Blanks ---- */

/* The text with blanks outside of `kept`. Line ends stay. */
static struct str blank_outside(struct arena *a, struct str text, struct span kept) {
    char *out = arena_alloc_raw(a, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        bool stays = (i >= kept.start && i < kept.end) || text.ptr[i] == '\n' || text.ptr[i] == '\r';
        out[i] = ' ';
        if (stays) out[i] = text.ptr[i];
    }
    out[text.len] = '\0';
    return (struct str){out, text.len};
}

/* ---- Nodes ---- */

static const struct node *child_at(const struct node *node, struct str key) {
    uint32_t number = 0;
    if (node->kind != NODE_MAP && node->kind != NODE_LIST) return NULL;
    for (size_t i = 0; i < key.len && node->kind == NODE_LIST; i++) number = number * 10 + (uint32_t)(key.ptr[i] - '0');
    for (const struct node *child = node->first; child; child = child->next) {
        if (node->kind == NODE_LIST ? number-- == 0 : child->key && str_eq(child->key->text, key)) return child;
    }
    return NULL;
}

/* The bytes of a text in YAML, from its first line to its last one. */
static bool span_of_text(struct str text, const struct node *node, struct span *span, struct str *why) {
    *why = STR("its values are a text that is not written with `|`");
    if (node->kind != NODE_SCALAR || node->style != STYLE_LITERAL) return false;
    *span = span_make(line_end(text, node->span.start), line_end(text, node->span.end));
    if (node->span.end > node->span.start && text.ptr[node->span.end - 1] == '\n') span->end = node->span.end;
    if (span->end < span->start) span->end = span->start;
    return true;
}

static bool span_of_map(struct str text, const struct node *node, struct span *span, struct str *why) {
    *why = STR("its values are not a mapping");
    if (node->kind != NODE_MAP) return false;
    *span = node->span;
    if (node->style != STYLE_BLOCK) return true;
    size_t start = node_start(node->first->key ? node->first->key : node->first), line = start;
    while (line > 0 && text.ptr[line - 1] != '\n') line--;
    bool alone = str_trim(str_slice(text, line, start)).len == 0;
    *span = span_make(alone ? line : start, line_end(text, span->end));
    /* Comments between the key and the first entry belong to the entries. */
    while (alone && span->start > 0) {
        size_t above = span->start - 1;
        while (above > 0 && text.ptr[above - 1] != '\n') above--;
        struct str trimmed = str_trim(str_slice(text, above, span->start));
        if (trimmed.len == 0 || trimmed.ptr[0] != '#') break;
        span->start = (uint32_t)above;
    }
    return true;
}

bool part_read(struct arena *a, struct str text, const struct part_place *place, struct str *part, struct span *within,
               struct str *why) {
    struct span span = span_make(0, text.len);
    struct yaml_issue issue;
    struct tree tree;
    uint32_t count = find_document(text, place->document, &span);
    *part = text;
    *within = span_make(0, text.len);
    if (count > 1 || place->key_count) *part = blank_outside(a, text, span), *within = span;
    if (place->key_count == 0) return true;
    struct source source = {.path = STR(""), .text = *part};
    *why = STR("it is not YAML");
    if (!tree_parse(a, &source, &tree, &issue)) return false;
    const struct node *node = tree.root;
    for (uint32_t i = 0; node && i < place->key_count; i++) node = child_at(node, place->keys[i]);
    struct span found = {0, 0};
    bool empty = !node || node->style == STYLE_EMPTY || (node->kind == NODE_MAP && node->count == 0);
    if (!empty && !(place->is_text ? span_of_text : span_of_map)(text, node, &found, why)) return false;
    *part = blank_outside(a, text, found);
    *within = found;
    return true;
}

struct str part_text(struct arena *a, struct str text, const struct part_place *place) {
    struct span span = span_make(0, text.len);
    struct yaml_issue issue;
    struct tree tree;
    find_document(text, place->document, &span);
    struct source source = {.path = STR(""), .text = blank_outside(a, text, span)};
    if (!tree_parse(a, &source, &tree, &issue)) return STR("");
    const struct node *node = tree.root;
    for (uint32_t i = 0; node && i < place->key_count; i++) node = child_at(node, place->keys[i]);
    return node && node->kind == NODE_SCALAR ? node->text : STR("");
}

/* ---- Templates ---- */

/* Whether `<NAME>` stands at the start of `text`. */
static bool is_placeholder(struct str text) {
    size_t at = 1;
    if (text.len < 3 || text.ptr[0] != '<' || !(ascii_is_alnum(text.ptr[1]) || text.ptr[1] == '_')) return false;
    while (at < text.len && (ascii_is_alnum(text.ptr[at]) || strchr("_-.", text.ptr[at]))) at++;
    return at < text.len && text.ptr[at] == '>';
}

bool part_is_templated(struct str text) {
    for (size_t at = 0; at < text.len; at = line_end(text, at)) {
        size_t end = line_end(text, at);
        for (size_t i = at; i < end; i++) {
            char c = text.ptr[i];
            if (c == '#' && (i == at || text.ptr[i - 1] == ' ' || text.ptr[i - 1] == '\t')) break;
            if (c == '{' && i + 1 < end && (text.ptr[i + 1] == '{' || text.ptr[i + 1] == '%')) return true;
            if (c == '<' && is_placeholder(str_slice(text, i, end))) return true;
        }
    }
    return false;
}

/* Keys around a line that are looked at. */
#define LEVELS_MAX 32

struct level {
    size_t indent;
    struct str key;
};

/* The key that the line begins with, behind `- `; empty for none. */
static struct str key_of_line(struct str line, size_t *indent) {
    size_t at = 0;
    while (at < line.len && (line.ptr[at] == ' ' || line.ptr[at] == '-')) at++;
    size_t colon = at + str_find_char(str_slice(line, at, line.len), ':');
    struct str key = str_trim(str_slice(line, at, colon));
    *indent = at;
    if (colon == line.len || key.len == 0 || key.ptr[0] == '#') return STR("");
    if (key.len > 1 && (key.ptr[0] == '"' || key.ptr[0] == '\'')) key = str_slice(key, 1, key.len - 1);
    return key;
}

static bool is_end_of(const struct level *levels, uint32_t count, const struct str *keys, uint32_t key_count) {
    if (count < key_count) return false;
    for (uint32_t i = 0; i < key_count; i++)
        if (!str_eq(levels[count - key_count + i].key, keys[i])) return false;
    return true;
}

bool part_seems_to_set(struct str text, const struct str *keys, uint32_t key_count, struct span *at) {
    struct level levels[LEVELS_MAX];
    uint32_t count = 0;
    for (size_t line = 0; line < text.len; line = line_end(text, line)) {
        size_t indent;
        struct str key = key_of_line(str_slice(text, line, line_end(text, line)), &indent);
        if (key.len == 0) continue;
        while (count && levels[count - 1].indent >= indent) count--;
        if (count < LEVELS_MAX) levels[count++] = (struct level){indent, key};
        if (!is_end_of(levels, count, keys, key_count)) continue;
        *at = span_make((size_t)(key.ptr - text.ptr), (size_t)(key.ptr - text.ptr) + key.len);
        return true;
    }
    return false;
}
