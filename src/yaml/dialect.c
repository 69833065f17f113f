#include "yaml/dialect.h"

#include "base/ascii.h"
#include "yaml/lex.h"

struct dialect {
    struct arena *arena;
    const struct tree *tree;
    struct str text;
    struct yaml_issues *issues;
};

static bool refuse(struct dialect *d, struct span span, struct str message, struct str help) {
    vec_push(d->arena, d->issues,
             (struct yaml_issue){.kind = YAML_REFUSED, .span = span, .message = message, .help = help});
    return false;
}

static void report_break(struct dialect *d) {
    static const struct str breaks[] = {STR_INIT("\xC2\x85"), STR_INIT("\xE2\x80\xA8"), STR_INIT("\xE2\x80\xA9")};
    for (int i = 0; i < 3; i++) {
        size_t at = str_find(d->text, breaks[i]);
        if (at == d->text.len) continue;
        struct yaml_issue issue = {
            .kind = YAML_AMBIGUOUS,
            .span = span_make(at, at + breaks[i].len),
            .message = STR("an invisible character that Helm takes for the end of a line stands here"),
            .help = STR("delete it, or write it as an escape in a double-quoted string"),
        };
        vec_push(d->arena, d->issues, issue);
    }
}

/* One byte for each of the text: whether it lies in a flow collection. */
static const uint8_t *flow_map(struct dialect *d) {
    uint8_t *inside = arena_alloc(d->arena, d->text.len + 1);
    uint32_t done = 0;
    for (uint32_t i = 1; i < d->tree->node_count; i++) {
        const struct node *node = d->tree->nodes[i];
        if (node->style != STYLE_FLOW || node->span.start < done) continue;
        memset(inside + node->span.start, 1, span_len(node->span));
        done = node->span.end;
    }
    return inside;
}

static uint32_t column_of(const struct dialect *d, uint32_t offset) {
    uint32_t column = 0;
    while (column < offset && d->text.ptr[offset - column - 1] != '\n') column++;
    return column;
}

/* The last node that starts before `offset`, or NULL. */
static const struct node *node_before(const struct dialect *d, uint32_t offset) {
    uint32_t low = 0, high = d->tree->node_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (d->tree->nodes[middle]->span.start < offset) low = middle;
        else high = middle;
    }
    return d->tree->nodes[low];
}

/* Whether Helm passes over a tab in a line without anything else: behind a plain scalar, indented below its collection.
 */
static bool blank_may_hold_tab(const struct dialect *d, uint32_t tab) {
    const struct node *before = node_before(d, tab);
    if (!before || before->span.end > tab || before->kind != NODE_SCALAR || before->style != STYLE_PLAIN ||
        !before->parent)
        return false;
    if (memchr(d->text.ptr + before->span.end, '#', tab - before->span.end)) return false; /* a comment ended it */
    const struct node *first = before->parent->first;
    uint32_t start = before->parent->kind == NODE_MAP && first ? node_entry_start(first) : before->parent->span.start;
    return column_of(d, tab) > column_of(d, start);
}

/* Outside of flow collections Helm's parser takes no tab where a key may start: at the start of a line, behind `- `. */
static bool check_tabs(struct dialect *d) {
    const uint8_t *classes = lex_classify(d->arena, d->tree), *inside = flow_map(d);
    const uint32_t none = UINT32_MAX;
    bool may_start = true;
    uint32_t tab = none;
    for (uint32_t i = 0; i < d->text.len; i++) {
        char c = d->text.ptr[i];
        bool line_end = classes[i] == LEX_LINE_END;
        if (classes[i] == LEX_WHITE) {
            if (c == '\t' && may_start && !inside[i] && tab == none) tab = i;
            continue;
        }
        if (tab != none && !(line_end && blank_may_hold_tab(d, tab)))
            return refuse(d, (struct span){tab, tab + 1}, STR("Helm takes no tab here, only spaces"),
                          STR("replace the tab by spaces"));
        tab = none;
        may_start = line_end || (classes[i] == LEX_TOKEN && (c == '-' || c == '?'));
    }
    return true;
}

static bool check_anchor(struct dialect *d, const struct props *props) {
    for (size_t i = 0; i < props->anchor.len; i++) {
        char c = props->anchor.ptr[i];
        bool fine = ascii_is_alnum(c) || c == '_' || c == '-';
        if (!fine)
            return refuse(d, props->span, arena_printf(d->arena, "Helm takes no `%c` in the name of an anchor", c),
                          STR("use letters, digits, `_` and `-`; quote the text if no anchor is meant"));
    }
    return true;
}

/* The escape `\/` is one of YAML 1.2 alone. */
static bool check_escapes(struct dialect *d, const struct node *node) {
    for (uint32_t i = node->span.start; i + 1 < node->span.end; i++) {
        if (d->text.ptr[i] != '\\') continue;
        if (d->text.ptr[++i] == '/')
            return refuse(d, (struct span){i - 1, i + 1}, STR("Helm does not know the escape `\\/`"), STR("write `/`"));
    }
    return true;
}

/* In a flow mapping Helm wants the `:` on the line of its key. */
static bool check_flow_key(struct dialect *d, const struct node *value) {
    const struct node *key = value->key;
    uint32_t at = key->span.end;
    if (value->span.start <= at) return true;
    while (at < value->span.start && d->text.ptr[at] != ':' && d->text.ptr[at] != '\n') at++;
    if (at == value->span.start || d->text.ptr[at] == ':') return true;
    for (uint32_t i = key->span.start; i > 0 && d->text.ptr[i - 1] != '{' && d->text.ptr[i - 1] != ','; i--)
        if (d->text.ptr[i - 1] == '?') return true;
    return refuse(d, key->span, STR("Helm wants a key and its `:` on one line"), STR("put them on one line"));
}

/* Helm wants a value that does not stand on the line of its key indented below it. A list need not be. */
static bool check_place(struct dialect *d, const struct node *value) {
    bool collection = value->kind == NODE_MAP || value->kind == NODE_LIST;
    uint32_t start = node_start(value), key_end = value->key->span.end;
    if (value->parent->style != STYLE_BLOCK || value->style == STYLE_EMPTY || start <= key_end) return true;
    if (collection && value->style == STYLE_BLOCK && !value->props) return true;
    struct str gap = str_slice(d->text, key_end, start);
    size_t end = str_find_char(gap, '\n'), colon = str_find_char(gap, ':');
    if (end == gap.len || colon > end) return true; /* on one line; or behind an explicit key */
    if (column_of(d, start) > column_of(d, node_start(value->key))) return true;
    return refuse(d, (struct span){start, start + 1}, STR("Helm wants this value indented below its key"),
                  STR("indent it, or put it on the line of its key"));
}

bool dialect_check(struct arena *a, const struct tree *tree, struct yaml_issues *issues) {
    struct dialect d = {a, tree, tree->source->text, issues};
    if (tree->has_break) report_break(&d);
    if (tree->has_tab && !check_tabs(&d)) return false;
    for (uint32_t i = 1; i < tree->node_count && !tree->is_plain; i++)
        if (tree->nodes[i]->key && !check_place(&d, tree->nodes[i])) return false;
    for (uint32_t i = 0; i < tree->odd.len; i++) {
        const struct node *node = tree->odd.items[i];
        if (node->props && node->props->anchor.len && !check_anchor(&d, node->props)) return false;
        if (node->style == STYLE_DOUBLE && !check_escapes(&d, node)) return false;
        if (node->key && node->parent->style == STYLE_FLOW && !check_flow_key(&d, node)) return false;
    }
    return true;
}
