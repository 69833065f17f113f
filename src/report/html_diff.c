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
/* Keys deeper than that many bytes of path are not looked for. */
#define PATH_MOST 512u

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

/* A mapping that is open while the lines of a text are gone through: its indentation, and the key that is open in it.
 */
struct level {
    size_t indent, start; /* `start`: where the key's lines begin */
    struct str path;      /* of the key; empty for none */
};

struct levels VEC(struct level);

static void close_key(struct arena *a, struct level *level, struct str text, size_t end, struct map *blocks) {
    if (level->path.len == 0 || map_get(blocks, level->path)) return;
    struct str *lines = arena_new(a, struct str);
    *lines = str_slice(text, level->start, end);
    map_put(a, blocks, level->path, lines);
}

/* The path of the key in front of `line`'s first colon; empty where it has none. */
static struct str path_of_key(struct arena *a, const struct levels *levels, struct str line) {
    size_t colon = str_find_char(line, ':');
    struct buf path = buf_in(a);
    if (colon == line.len) return STR("");
    if (levels->len > 1) {
        struct str around = levels->items[levels->len - 2].path;
        if (around.len == 0 || around.len > PATH_MOST) return STR("");
        buf_add(&path, around);
        buf_add_char(&path, '.');
    }
    buf_add(&path, str_slice(line, 0, colon));
    return buf_str(&path);
}

/* The lines of each key of the block mappings in `text`: its own and what is deeper. By dotted path; of keys that stand
 * twice the first one's. */
static struct map blocks_of(struct arena *a, struct str text) {
    struct map blocks = {NULL, 0, 0, NULL, 0};
    struct levels levels = {NULL, 0, 0};
    struct str rest = text, line;
    while (str_split_next(&rest, '\n', &line)) {
        size_t at = (size_t)(line.ptr - text.ptr), indent = indent_of(line);
        if (indent == line.len || line.ptr[indent] == '#') continue;
        while (levels.len && levels.items[levels.len - 1].indent > indent)
            close_key(a, &levels.items[--levels.len], text, at, &blocks);
        if (levels.len && levels.items[levels.len - 1].indent == indent)
            close_key(a, &levels.items[levels.len - 1], text, at, &blocks);
        else vec_push(a, &levels, (struct level){.indent = indent});
        struct level *level = &levels.items[levels.len - 1];
        level->path = path_of_key(a, &levels, str_slice(line, indent, line.len));
        level->start = at;
    }
    while (levels.len) close_key(a, &levels.items[--levels.len], text, text.len, &blocks);
    return blocks;
}

struct html_diff html_diff_begin(struct arena *a, const struct report_file *file) {
    struct html_diff diff = {.arena = a, .source = file->source};
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
    diff.blocks = blocks_of(a, diff.text);
    diff.blocks_after = blocks_of(a, diff.after);
    return diff;
}

/* A key that was missing, with the comment above it left out. */
static void add_key(struct buf *out, const struct html_diff *diff, struct str path) {
    const struct str *lines = map_get(&diff->blocks_after, path);
    struct str block = lines ? *lines : STR(""), line;
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
    if (path.len && !map_get(&diff->blocks, path)) add_key(out, diff, path);
}

/* Adds the keys that the finding misses, and those that its message names and that are new: where a value moves to. */
static void add_keys(struct buf *out, const struct html_diff *diff, const struct finding *finding) {
    struct str rest = finding->message, word;
    for (uint32_t i = 0; i < finding->key_count; i++)
        add_new_key(out, diff,
                    arena_printf(diff->arena, "%.*s%s%.*s", STR_ARG(finding->path), finding->path.len ? "." : "",
                                 STR_ARG(finding->keys[i])));
    if (finding->key_count) return;
    size_t before = out->len;
    add_new_key(out, diff, finding->path);
    if (out->len > before) return;
    for (bool code = false; str_split_next(&rest, '`', &word); code = !code)
        if (code) add_new_key(out, diff, word);
}

void html_diff_add_part(struct buf *out, const struct html_diff *diff, const struct finding *finding) {
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
