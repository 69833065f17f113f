#include "fix/stale_references.h"

#include "base/ascii.h"
#include "value/pointer.h"
#include "yaml/read.h"

#define BY_HAND STR("change it by hand: valuelint cannot know who else reads this file")

static void report(struct reporter *f, struct span span, struct str path, const struct stale_move *move,
                   const char *words, struct str help) {
    struct finding *finding = reporter_add(
        f, CHECK_OLD_PATH_ELSEWHERE, span, path,
        arena_printf(f->arena, "%s `%.*s`, which is `%.*s` now", words, STR_ARG(move->from), STR_ARG(move->to)));
    finding->help = help;
}

static void search_value(struct reporter *f, const struct value *root, struct str below,
                         const struct stale_moves *moves) {
    for (uint32_t i = 0; i < moves->len; i++) {
        const struct value *value = value_at_dotted(root, moves->items[i].from);
        if (!value) continue;
        struct str path = below.len ? arena_printf(f->arena, "%.*s.%.*s", STR_ARG(below), STR_ARG(moves->items[i].from))
                                    : moves->items[i].from;
        report(f, reporter_key_span(f, value), path, &moves->items[i], "this overrides", BY_HAND);
    }
}

static bool is_word(char c) {
    return ascii_is_alnum(c) || strchr("_-.", c);
}

/* Whether [from, to) is a path of its own: what stands around it goes on with no name. */
static bool is_whole(struct str text, size_t from, size_t to) {
    bool begins = from == 0 || !is_word(text.ptr[from - 1]) || str_ends(str_slice(text, 0, from), STR(".Values."));
    bool full_stop = to < text.len && text.ptr[to] == '.' && (to + 1 == text.len || !is_word(text.ptr[to + 1]));
    return begins && (to >= text.len || !is_word(text.ptr[to]) || full_stop);
}

/* Reports each place in [from, to) of the text that names an old path with dots. */
static void search_text(struct reporter *f, uint32_t from, uint32_t to, const struct stale_moves *moves,
                        struct str help) {
    struct str text = f->source->text;
    for (uint32_t i = 0; i < moves->len; i++) {
        struct str path = moves->items[i].from;
        if (str_find_char(path, '.') == path.len) continue; /* a single word may mean anything */
        for (size_t at = from; at < to;) {
            size_t found = at + str_find(str_slice(text, at, to), path), end = found + path.len;
            if (found >= to) break;
            if (is_whole(text, found, end))
                report(f, span_make(found, end), path, &moves->items[i], "this names", help);
            at = end;
        }
    }
}

void stale_search(struct reporter *f, struct str below, const struct stale_moves *moves) {
    struct yaml_issues issues = {NULL, 0, 0};
    struct value values;
    struct tree tree;
    bool parsed = read_text_values(f->arena, f->source, &tree, &values, &issues);
    f->tree = &tree;
    if (below.len) {
        if (parsed) search_value(f, value_get(&values, below), below, moves);
    } else {
        if (parsed) search_value(f, &values, STR(""), moves);
        for (uint32_t i = 0; parsed && i < values.map.len; i++)
            search_value(f, &values.map.members[i].value, values.map.members[i].key, moves);
        search_text(f, 0, (uint32_t)f->source->text.len, moves, BY_HAND);
    }
    f->tree = NULL;
}

void stale_search_comments(struct reporter *f, const struct stale_moves *moves) {
    struct str text = f->source->text;
    for (size_t at = str_find_char(text, '#'); at < text.len;) {
        size_t end = at + str_find_char(str_slice(text, at, text.len), '\n');
        search_text(f, (uint32_t)at, (uint32_t)end, moves, STR("correct the comment"));
        at = end + str_find_char(str_slice(text, end, text.len), '#');
    }
}
