#include "report/html_diff.h"

#include "report/markup.h"
#include "text/diff.h"
#include "text/secret.h"

/* Lines around a change. */
#define CONTEXT 1u
/* A change that is longer is shown with the file's only. */
#define PART_MAX 4000u
/* So many lines of a key that is added are shown with a finding. */
#define LINES_MAX 12u
#define SEARCH_MAX ((size_t)64 << 20)

struct html_diff html_diff_begin(struct arena *a, const struct report_file *file) {
    struct html_diff diff = {.arena = a, .source = file->source, .budget = SEARCH_MAX};
    struct source own = {.text = file->source->text};
    secrets_find(a, &own);
    diff.text = secrets_blot(a, own.secrets, own.text);
    for (uint32_t i = 0; i < file->fixes->len; i++) {
        struct edit edit = file->fixes->items[i];
        edit.text = secrets_blot(a, file->source->secrets ? file->source->secrets : own.secrets, edit.text);
        vec_push(a, &diff.edits, edit);
    }
    source_lines(a, file->source);
    diff.after = edits_apply(a, diff.text, &diff.edits);
    return diff;
}

/* Lines of one kind that follow each other share an element. */
struct run_of_lines {
    struct buf *out;
    char kind; /* of the open element; 0 for none */
};

static void end_run(struct run_of_lines *run) {
    if (run->kind) buf_add(run->out, STR("</span>"));
    run->kind = 0;
}

static void add_line(struct run_of_lines *run, char kind, struct str line) {
    if (run->kind != kind) {
        end_run(run);
        buf_add(run->out, kind == '+'   ? STR("<span class=\"a\">")
                          : kind == '-' ? STR("<span class=\"r\">")
                          : kind == '@' ? STR("<span class=\"h\">")
                                        : STR("<span>"));
        run->kind = kind;
    } else buf_add_char(run->out, '\n');
    markup_add(run->out, line);
}

/* Adds a diff without the two lines that name the file. */
static void add_lines(struct buf *out, struct str text, bool places) {
    struct run_of_lines run = {out, 0};
    struct str line;
    for (unsigned i = 0; str_split_next(&text, '\n', &line); i++) {
        char kind = line.len ? line.ptr[0] : ' ';
        if (i < 2 || kind == '\\' || (kind == '@' && !places)) continue;
        add_line(&run, kind, line);
    }
    end_run(&run);
}

static uint32_t line_start(const struct source *source, uint32_t line) {
    return line < source->line_count ? source->line_starts[line] : (uint32_t)source->text.len;
}

/* The edits of the lines [from, to) that lie in the text [begin, end), in offsets of that text. Of an edit that reaches
 * beyond only what goes from these lines is taken: what it puts there belongs to others, too. */
static struct edits edits_between(const struct html_diff *diff, uint32_t from, uint32_t to, uint32_t begin,
                                  uint32_t end) {
    struct edits found = {NULL, 0, 0};
    uint32_t low = 0, high = diff->edits.len;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (diff->edits.items[middle].span.end <= from && diff->edits.items[middle].span.start < from) low = middle + 1;
        else high = middle;
    }
    for (uint32_t i = low; i < diff->edits.len && diff->edits.items[i].span.start < to; i++) {
        struct edit edit = diff->edits.items[i];
        bool whole = edit.span.start >= begin && edit.span.end <= end && edit.text.len <= PART_MAX;
        if (!whole) edit.text = STR("");
        if (!whole && edit.span.start < from) edit.span.start = from;
        if (!whole && edit.span.end > to) edit.span.end = to;
        if (edit.span.start == edit.span.end && edit.text.len == 0) continue;
        edit.span.start -= begin;
        edit.span.end -= begin;
        vec_push(diff->arena, &found, edit);
    }
    return found;
}

static size_t indent_of(struct str line) {
    size_t indent = 0;
    while (indent < line.len && line.ptr[indent] == ' ') indent++;
    return indent;
}

/* The lines of the block mapping's key `key` among `lines`, those of one block: its own and what is deeper. */
static struct str block_of(struct str lines, struct str key) {
    struct str rest = lines, line;
    size_t indent = SIZE_MAX, start = lines.len;
    while (str_split_next(&rest, '\n', &line)) {
        size_t at = (size_t)(line.ptr - lines.ptr), own = indent_of(line);
        if (own > indent || own == line.len || line.ptr[own] == '#') continue;
        if (indent == SIZE_MAX) indent = own;
        if (start < lines.len && own <= indent) return str_slice(lines, start, at);
        struct str name = str_slice(line, own, line.len);
        if (own == indent && str_starts(name, key) && name.len > key.len && name.ptr[key.len] == ':') start = at;
    }
    return str_slice(lines, start, lines.len);
}

/* The lines at the dotted path; empty where it is not found. */
static struct str block_at(struct str text, struct str path) {
    struct str key, block = text;
    bool first = true;
    while (str_split_next(&path, '.', &key)) {
        if (!first) {
            size_t line = str_find_char(block, '\n');
            block = str_slice(block, line < block.len ? line + 1 : block.len, block.len);
        }
        first = false;
        block = block_of(block, key);
    }
    return block;
}

/* A key that was missing, with the comment above it left out. */
static void add_key(struct buf *out, const struct html_diff *diff, struct str path) {
    struct str block = block_at(diff->after, path), line;
    struct run_of_lines run = {out, 0};
    size_t dot = str_rfind_char(path, '.');
    if (dot < path.len) add_line(&run, '@', arena_printf(diff->arena, "@@ %.*s", (int)dot, path.ptr));
    for (unsigned i = 0; str_split_next(&block, '\n', &line);) {
        struct str trimmed = str_slice(line, indent_of(line), line.len);
        if (trimmed.len == 0 || trimmed.ptr[0] == '#') continue;
        if (i++ == LINES_MAX) {
            add_line(&run, '@', STR("\xE2\x80\xA6"));
            break;
        }
        add_line(&run, '+', arena_printf(diff->arena, "+%.*s", STR_ARG(line)));
    }
    end_run(&run);
}

/* Adds the key at `path` where it is there only afterwards. */
static void add_new_key(struct buf *out, const struct html_diff *diff, struct str path) {
    if (path.len && block_at(diff->text, path).len == 0) add_key(out, diff, path);
}

/* Adds the keys that the finding misses, and those that its message names and that are new: where a value moves to. */
static void add_keys(struct buf *out, struct html_diff *diff, const struct finding *finding) {
    struct str rest = finding->message, word;
    size_t cost = diff->text.len + diff->after.len;
    for (uint32_t i = 0; i < finding->key_count && cost <= diff->budget; i++, diff->budget -= cost)
        add_new_key(out, diff,
                    arena_printf(diff->arena, "%.*s%s%.*s", STR_ARG(finding->path), finding->path.len ? "." : "",
                                 STR_ARG(finding->keys[i])));
    if (finding->key_count || cost > diff->budget) return;
    size_t before = out->len;
    add_new_key(out, diff, finding->path);
    if (out->len > before) return;
    for (bool code = false; str_split_next(&rest, '`', &word) && cost <= diff->budget; code = !code) {
        if (!code) continue;
        add_new_key(out, diff, word);
        diff->budget -= cost;
    }
}

void html_diff_add_part(struct buf *out, struct html_diff *diff, const struct finding *finding) {
    const struct source *source = diff->source;
    struct span span = finding->span;
    struct buf lines = buf_in(diff->arena), keys = buf_in(diff->arena);
    if (span_len(span) && finding->key_count == 0) {
        uint32_t first = source_line_of(source, span.start), last = source_line_of(source, span.end - 1);
        uint32_t from = line_start(source, first), to = line_start(source, last + 1);
        uint32_t begin = line_start(source, first > CONTEXT ? first - CONTEXT : 0);
        uint32_t end = line_start(source, last + 1 + CONTEXT);
        struct edits edits = {NULL, 0, 0};
        if (end - begin <= PART_MAX) edits = edits_between(diff, from, to, begin, end);
        struct diff_file part = {source->path, str_slice(diff->text, begin, end), &edits};
        struct buf text = buf_in(diff->arena);
        if (edits.len && diff_unified(&text, &part, false)) add_lines(&lines, buf_str(&text), false);
    }
    add_keys(&keys, diff, finding);
    if (lines.len + keys.len == 0) return;
    buf_add(out, STR("<pre class=\"d\">"));
    buf_add(out, buf_str(&lines));
    buf_add(out, buf_str(&keys));
    buf_add(out, STR("</pre>\n"));
}

void html_diff_add_all(struct buf *out, const struct html_diff *diff) {
    struct buf text = buf_in(diff->arena);
    struct diff_file all = {diff->source->path, diff->text, &diff->edits};
    if (!diff_unified(&text, &all, false)) return;
    buf_add(out, STR("<details class=\"whole\"><summary>All that <code>--fix</code> changes in this file</summary><pre "
                     "class=\"d\">"));
    add_lines(out, buf_str(&text), true);
    buf_add(out, STR("</pre></details>\n"));
}
