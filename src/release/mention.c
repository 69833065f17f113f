/* One pass over each file, word by word: a word is what a dotted path is made of. Only words in which a key stands that
 * an old path begins with are kept, so that the pass is linear and what it leaves is small; which of them name a value
 * of a chart, and which chart, is asked when something moves. */
#include "release/mention.h"

#include "base/ascii.h"
#include "base/file.h"
#include "base/path.h"
#include "base/system.h"
#include "chart/git_index.h"

/* Larger files are no scripts. */
#define FILE_MAX ((size_t)1 << 20)
/* Of all files together, and how many mentions are kept. */
#define BYTES_MAX ((size_t)512 << 20)
#define MENTIONS_MAX 200000u
#define DEPTH_MAX 64

struct search {
    struct arena *arena;
    struct str root;
    const struct map *charts, *firsts;
    struct mentions *mentions;
    size_t bytes;
    struct mention_file *file; /* NULL until something is found in it */
    struct str path, text;
};

/* ---- Words ---- */

static bool is_word(char c) {
    return ascii_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

static void add(struct search *s, size_t start, size_t from, size_t end) {
    if (s->mentions->list.len >= MENTIONS_MAX) {
        s->mentions->more = true;
        return;
    }
    if (!s->file) {
        s->file = arena_new(s->arena, struct mention_file);
        *s->file = (struct mention_file){arena_str(s->arena, s->path), arena_str(s->arena, s->text)};
    }
    struct mention mention = {s->file, span_make(start, end), span_make(from, end)};
    vec_push(s->arena, &s->mentions->list, mention);
}

/* Whether the line with the byte at `at` sets values of a helm command. */
static bool sets_values(struct str text, size_t at) {
    size_t start = at, end = at;
    while (start > 0 && text.ptr[start - 1] != '\n') start--;
    while (end < text.len && text.ptr[end] != '\n') end++;
    return str_find(str_slice(text, start, end), STR("--set")) < end - start;
}

static void look_at_word(struct search *s, size_t start, size_t end) {
    struct str text = s->text;
    while (end > start && text.ptr[end - 1] == '.') end--; /* of a sentence */
    bool path = (start > 0 && (text.ptr[start - 1] == '/' || text.ptr[start - 1] == '$')) ||
                (end < text.len && (text.ptr[end] == '/' || text.ptr[end] == '('));
    if (path || start == end) return;
    for (size_t at = start; at < end;) {
        size_t stop = at;
        while (stop < end && text.ptr[stop] != '.') stop++;
        bool last = stop == end;
        if (last && (at > start || end == text.len || text.ptr[end] != '=')) return; /* a key alone may mean anything */
        if (map_get(s->firsts, str_slice(text, at, stop)) && (!last || sets_values(text, at))) add(s, start, at, end);
        at = stop + 1;
    }
}

static void look_at_text(struct search *s) {
    for (size_t at = 0; at < s->text.len;) {
        size_t start = at;
        while (at < s->text.len && is_word(s->text.ptr[at])) at++;
        if (at > start) look_at_word(s, start, at);
        else at++;
    }
}

/* ---- Files ---- */

static bool ends_in_any(struct str path, const char *const *endings, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (str_ends(path, str_from(endings[i]))) return true;
    return false;
}

/* Whether the file is one of a chart that is looked at otherwise, or holds no text that people write. */
static bool is_passed_over(const struct search *s, struct str path) {
    static const char *const YAML[] = {".yaml", ".yml", ".tpl", ".json", ".txt", ".lock"};
    static const char *const OTHERS[] = {".tgz", ".gz",     ".zip", ".png", ".jpg", ".svg",
                                         ".pdf", ".min.js", ".map", ".sum", ".lock"};
    static const char *const KEPT[] = {"questions.yaml", "questions.yml", "_test.yaml", "_test.yml"};
    if (ends_in_any(path, OTHERS, sizeof OTHERS / sizeof *OTHERS)) return true;
    if (!ends_in_any(path, YAML, sizeof YAML / sizeof *YAML)) return false;
    if (ends_in_any(path, KEPT, sizeof KEPT / sizeof *KEPT)) return false;
    for (struct str folder = path_folder(path); folder.len > s->root.len; folder = path_folder(folder))
        if (map_get(s->charts, folder)) return true;
    return false;
}

static void look_at_file(struct search *s, struct str path) {
    struct error error;
    struct arena scratch = {NULL, NULL};
    if (is_passed_over(s, path)) return;
    if (s->bytes >= BYTES_MAX) {
        s->mentions->more = true;
        return;
    }
    if (file_kind(path.ptr) == FILE_REGULAR && file_read(&scratch, path.ptr, FILE_MAX, &s->text, &error)) {
        s->bytes += s->text.len;
        s->file = NULL;
        s->path = path;
        bool binary = s->text.len && memchr(s->text.ptr, '\0', s->text.len < 8192 ? s->text.len : 8192) != NULL;
        if (!binary) look_at_text(s);
    }
    arena_free(&scratch);
}

static void tracked(void *data, struct str path) {
    struct search *s = data;
    struct arena_mark mark = arena_mark(s->arena);
    uint32_t before = s->mentions->list.len;
    look_at_file(s, path_join(s->arena, s->root, path));
    if (s->mentions->list.len == before) arena_release(s->arena, mark);
}

static void walk(struct search *s, struct str folder, int depth) {
    struct system_entries entries = {NULL, 0, 0};
    if (depth > DEPTH_MAX || system_list(s->arena, folder.ptr, &entries)) return;
    for (uint32_t i = 0; i < entries.len; i++) {
        const struct system_entry *entry = &entries.items[i];
        bool skipped = str_eq(entry->name, STR(".git")) || str_eq(entry->name, STR("node_modules"));
        if (entry->is_link || skipped) continue;
        struct str path = path_join(s->arena, folder, entry->name);
        if (entry->kind == FILE_FOLDER) walk(s, path, depth + 1);
        else if (entry->kind == FILE_REGULAR) look_at_file(s, path);
    }
}

void mentions_find(struct arena *a, struct str root, const struct map *charts, const struct map *firsts,
                   struct mentions *mentions) {
    struct search search = {.arena = a, .root = root, .charts = charts, .firsts = firsts, .mentions = mentions};
    struct arena index = {NULL, NULL};
    *mentions = (struct mentions){.more = false};
    if (!git_index_read(&index, root, tracked, &search)) {
        *mentions = (struct mentions){.more = false};
        walk(&search, root, 0);
    }
    arena_free(&index);
}

/* ---- Around ---- */

static size_t line_start(struct str text, size_t at) {
    while (at > 0 && text.ptr[at - 1] != '\n') at--;
    return at;
}

static size_t line_end(struct str text, size_t at) {
    size_t end = at + str_find_char(str_slice(text, at, text.len), '\n');
    return end < text.len ? end + 1 : text.len;
}

/* Whether the line at `start` goes on in the next one. */
static bool goes_on(struct str text, size_t start) {
    return str_ends(str_trim(str_slice(text, start, line_end(text, start))), STR("\\"));
}

/* Whether a block begins with the line at `start`: it stands at the left margin, and closes nothing. */
static bool is_at_margin(struct str text, size_t start) {
    return start >= text.len || !strchr(" \t\r\n})]#", text.ptr[start]);
}

struct str mention_around(const struct mention *mention) {
    struct str text = mention->file->text;
    size_t start = line_start(text, mention->span.start), end = line_end(text, mention->span.start);
    size_t first = start, last = start;
    while (first > 0 && goes_on(text, line_start(text, first - 1))) first = line_start(text, first - 1);
    while (last < text.len && goes_on(text, last)) last = line_end(text, last);
    struct str command = str_slice(text, first, line_end(text, last));
    if (first < start || last > start || str_find(command, STR("helm")) < command.len) return command;
    bool markdown = str_ends(mention->file->path, STR(".md"));
    bool yaml = str_ends(mention->file->path, STR(".yaml")) || str_ends(mention->file->path, STR(".yml"));
    if (markdown) return command;
    bool separated = yaml && str_find(text, STR("\nkind:")) < text.len;
    while (start > 0 &&
           (separated ? !str_starts(str_slice(text, start, text.len), STR("---")) : !is_at_margin(text, start)))
        start = line_start(text, start - 1);
    while (end < text.len &&
           (separated ? !str_starts(str_slice(text, end, text.len), STR("---")) : !is_at_margin(text, end)))
        end = line_end(text, end);
    return str_slice(text, start, end);
}

bool mention_has_word(struct str text, struct str name) {
    for (size_t at = 0; name.len && at + name.len <= text.len;) {
        size_t found = at + str_find(str_slice(text, at, text.len), name), end = found + name.len;
        if (end > text.len) return false;
        bool begins = found == 0 || !(ascii_is_alnum(text.ptr[found - 1]) || strchr("_-", text.ptr[found - 1]));
        bool ends = end == text.len || !(ascii_is_alnum(text.ptr[end]) || strchr("_-", text.ptr[end]));
        if (begins && ends) return true;
        at = found + 1;
    }
    return false;
}
