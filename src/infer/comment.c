#include "infer/comment.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "yaml/lex.h"

/* No description is longer, in bytes. */
#define WORDS_MAX 300

/* What `helm create` writes at the top of each file. */
static const char *const BOILERPLATE[] = {"Default values for ", "This is a YAML-formatted file",
                                          "Declare variables to be passed"};

static struct str line_of(const struct tree *tree, const struct slabs *slabs, uint32_t line) {
    return str_trim(str_slice(tree->source->text, slabs->starts[line], slabs->starts[line + 1]));
}

static bool is_word_char(char c) {
    return ascii_is_alpha(c) || ascii_is_digit(c);
}

/* Whether the line is a key or an item that is commented out. */
static bool is_yaml(struct str line) {
    size_t colon = str_find_char(line, ':');
    if (str_starts(line, STR("- ")) || str_starts(line, STR("{{"))) return true;
    if (colon == line.len || (colon + 1 < line.len && line.ptr[colon + 1] != ' ')) return false;
    bool prose = line.ptr[0] >= 'A' && line.ptr[0] <= 'Z' && colon + 1 < line.len; /* Note: this is prose */
    return !prose && str_find_char(str_slice(line, 0, colon), ' ') == colon;
}

/* The line without what stands before its words: `#`, `--`, `@param a.b`, `[string]`. */
static struct str words_of(struct str line) {
    while (line.len && (line.ptr[0] == '#' || line.ptr[0] == ' ')) line = str_slice(line, 1, line.len);
    if (str_starts(line, STR("-- "))) line = str_trim(str_slice(line, 3, line.len));
    if (str_starts(line, STR("@param "))) {
        line = str_trim(str_slice(line, 7, line.len));
        line = str_trim(str_slice(line, str_find_char(line, ' '), line.len));
        if (line.len && line.ptr[0] == '[') line = str_slice(line, str_find_char(line, ']') + 1, line.len);
    } else if (str_starts(line, STR("@"))) {
        return STR(""); /* other marks of tools */
    }
    line = str_trim(line);
    bool any = false;
    for (size_t i = 0; i < line.len && !any; i++) any = is_word_char(line.ptr[i]) || (unsigned char)line.ptr[i] >= 0x80;
    for (size_t i = 0; i < sizeof BOILERPLATE / sizeof *BOILERPLATE; i++)
        any = any && !str_starts(line, str_from(BOILERPLATE[i]));
    return any && !is_yaml(line) ? line : STR("");
}

static void add_words(struct buf *out, struct str words) {
    if (words.len == 0 || out->len + words.len > WORDS_MAX) return;
    if (out->len) buf_add_char(out, ' ');
    buf_add(out, words);
}

/* The comment at the end of the line. */
static struct str at_end(const struct tree *tree, const struct slabs *slabs, uint32_t line) {
    uint32_t at = slabs->starts[line], end = slabs->starts[line + 1];
    while (at < end && slabs->classes[at] != LEX_COMMENT) at++;
    return str_slice(tree->source->text, at, end);
}

struct str comment_of(struct arena *a, const struct tree *tree, const struct slabs *slabs, const struct node *node) {
    struct buf out = buf_in(a);
    if (!slab_has(slabs, node)) return STR("");
    const struct slab *slab = &slabs->of[node->id];
    uint32_t from = slab->head;
    while (from > slab->first && str_starts(line_of(tree, slabs, from - 1), STR("#"))) from--;
    for (uint32_t line = from; line < slab->head; line++) add_words(&out, words_of(line_of(tree, slabs, line)));
    if (out.len == 0) add_words(&out, words_of(str_trim(at_end(tree, slabs, slab->head))));
    return out.len ? buf_str(&out) : STR("");
}
