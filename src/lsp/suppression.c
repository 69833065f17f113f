#include "lsp/suppression.h"

#define DIRECTIVE "# valuelint: ignore"

/* The entry of a map or list whose key, or itself, stands around `offset` innermost; NULL for none. */
static const struct node *entry_at(const struct tree *tree, uint32_t offset) {
    const struct node *found = NULL;
    for (uint32_t i = 1; tree && i < tree->node_count; i++) {
        const struct node *node = tree->nodes[i];
        if (!node->parent || (!node->key && node->parent->kind != NODE_LIST)) continue;
        if (node_entry_start(node) <= offset && offset <= node->span.end) found = node;
    }
    return found;
}

/* Whether a comment may stand behind what the line of `offset` holds: not within a text of several lines. */
static bool takes_comment(const struct lint_file *file, uint32_t line, uint32_t end) {
    for (uint32_t i = 1; file->tree && i < file->tree->node_count; i++) {
        const struct node *node = file->tree->nodes[i];
        bool text = node->kind == NODE_SCALAR && node->style != STYLE_EMPTY;
        bool block = node->style == STYLE_LITERAL || node->style == STYLE_FOLDED;
        if (!text || node->span.start > end) continue;
        if (source_line_of(&file->source, node->span.start) == line && block) return false;
        if (node->span.start < end && node->span.end > end) return false;
    }
    return true;
}

/* Where the comment on a line begins; its end where there is none. Quotes are those of the tree. */
static uint32_t comment_start(const struct lint_file *file, uint32_t start, uint32_t end) {
    for (uint32_t at = start; at < end; at++) {
        bool begins = file->source.text.ptr[at] == '#' && (at == start || file->source.text.ptr[at - 1] == ' ');
        for (uint32_t i = 1; begins && file->tree && i < file->tree->node_count; i++) {
            const struct node *node = file->tree->nodes[i];
            if (node->kind == NODE_SCALAR && node->span.start <= at && at < node->span.end) begins = false;
        }
        if (begins) return at;
    }
    return end;
}

static struct str line_end_of(const struct source *source) {
    size_t at = str_find_char(source->text, '\n');
    return at < source->text.len && at > 0 && source->text.ptr[at - 1] == '\r' ? STR("\r\n") : STR("\n");
}

/* Adds to the rules of a comment that suppresses already. */
static bool extend(struct arena *a, struct str comment, uint32_t start, struct str id, struct edit *edit) {
    struct str directive = STR(DIRECTIVE "[");
    if (!str_starts(comment, directive)) return false;
    size_t close = str_find_char(comment, ']');
    if (close == comment.len) return false;
    uint32_t at = start + (uint32_t)close;
    *edit = (struct edit){{at, at}, arena_printf(a, ", %.*s", STR_ARG(id))};
    return true;
}

bool lsp_suppression(struct arena *a, const struct lint_file *file, const struct finding *finding, struct edit *edit) {
    const struct source *source = &file->source;
    struct str id = finding->check->id, text = source->text;
    bool marked = str_starts(text, STR("\xEF\xBB\xBF"));
    if (!source->line_starts || !file->tree) return false;
    if (finding->span.end == 0) {
        uint32_t top = marked ? 3 : 0;
        struct str first = source_line(source, 0);
        if (str_starts(first, STR(DIRECTIVE "-file["))) {
            uint32_t at = top + (uint32_t)str_find_char(first, ']');
            *edit = (struct edit){{at, at}, arena_printf(a, ", %.*s", STR_ARG(id))};
            return at < top + first.len;
        }
        *edit = (struct edit){{top, top},
                              arena_printf(a, DIRECTIVE "-file[%.*s]%.*s", STR_ARG(id), STR_ARG(line_end_of(source)))};
        return true;
    }
    uint32_t line = source_line_of(source, finding->span.start), start = source->line_starts[line];
    uint32_t end = start + (uint32_t)source_line(source, line).len + (marked && line == 0 ? 3 : 0);
    uint32_t comment = comment_start(file, start, end);
    if (takes_comment(file, line, end)) {
        if (comment == end) {
            *edit = (struct edit){{end, end}, arena_printf(a, "  " DIRECTIVE "[%.*s]", STR_ARG(id))};
            return true;
        }
        if (extend(a, str_slice(text, comment, end), comment, id, edit)) return true;
    }
    const struct node *entry = entry_at(file->tree, finding->span.start);
    if (!entry || source_line_of(source, node_entry_start(entry)) != line) return false;
    if (str_trim(str_slice(text, start, node_entry_start(entry))).len) return false; /* not first on its line */
    struct str indent = str_slice(text, start, node_entry_start(entry));
    *edit = (struct edit){
        {start, start},
        arena_printf(a, "%.*s" DIRECTIVE "[%.*s]%.*s", STR_ARG(indent), STR_ARG(id), STR_ARG(line_end_of(source)))};
    return true;
}
