/* Every comment is meant for a scope: its line, an entry, or the file. Comments with the same scope share it, and a
 * scope knows for each check whether one of them holds it back, so that neither many comments on one place nor many
 * findings below them are gone through more than once. The scopes of lines lie apart; those of entries lie in each
 * other or apart, each knows the one around it, and whatever holds a place is the last one that starts before it, or
 * around that. */
#include "check/suppress.h"

#include <stdlib.h>

#include "base/fuzzy.h"
#include "base/map.h"
#include "yaml/lex.h"

#define MARK STR("valuelint:")

struct suppression {
    struct span comment;
    struct VEC(struct str) selectors; /* none: every finding */
    bool used;
};

struct scope {
    struct span span;     /* a finding that starts in it is meant */
    struct scope *around; /* of an entry: that of the next entry around it; NULL for none */
    signed char *held;    /* by the check's index: 0 not known yet, 1 held back, -1 not */
    struct VEC(struct suppression *) list;
};

struct scopes {
    struct VEC(struct scope *) list; /* in the order of their places, an outer one before those in it */
    struct map by_place;
};

struct suppressions {
    struct arena *arena;
    uint32_t check_count;
    struct VEC(struct suppression *) list; /* in the order of the comments */
    struct scope file;
    struct scopes lines, entries;
};

/* The text behind `# valuelint:`; false for any other comment. */
static bool directive(struct str comment, struct str *text) {
    struct str body = str_trim(str_slice(comment, 1, comment.len));
    if (!str_starts(body, MARK)) return false;
    *text = str_trim(str_slice(body, MARK.len, body.len));
    return true;
}

static struct span line_of(struct reporter *f, uint32_t offset) {
    uint32_t line = source_line_of(f->source, offset);
    bool last = line + 1 >= f->source->line_count;
    return span_make(f->source->line_starts[line], last ? f->source->text.len + 1 : f->source->line_starts[line + 1]);
}

/* By line, the outermost entry that starts on it or, with only comments from it on, below these; else NULL. */
static const struct node **read_lines(struct reporter *f) {
    uint32_t count = f->source->line_count;
    const struct node **entries = arena_array(f->arena, const struct node *, count + 1);
    for (uint32_t i = 1; i < f->tree->node_count; i++) {
        const struct node *node = f->tree->nodes[i];
        if (!node->parent || (!node->key && node->parent->kind != NODE_LIST)) continue;
        uint32_t line = source_line_of(f->source, node_entry_start(node));
        if (!entries[line]) entries[line] = node;
    }
    for (uint32_t line = count; line-- > 0;) {
        struct span span = line_of(f, f->source->line_starts[line]);
        struct str text = str_trim(str_slice(f->source->text, span.start, span.end));
        if (!entries[line] && text.len && text.ptr[0] == '#') entries[line] = entries[line + 1];
    }
    return entries;
}

static struct scope *scope_at(struct reporter *f, struct scopes *scopes, struct span span) {
    struct str place = arena_printf(f->arena, "%u-%u", span.start, span.end);
    struct scope *scope = map_get(&scopes->by_place, place);
    if (scope) return scope;
    scope = arena_new(f->arena, struct scope);
    scope->span = span;
    map_put(f->arena, &scopes->by_place, place, scope);
    vec_push(f->arena, &scopes->list, scope);
    return scope;
}

/* What a comment is meant for; NULL for nothing. */
static struct scope *find_scope(struct reporter *f, struct suppressions *suppressions, const struct node **entries,
                                struct span comment, bool whole_file) {
    struct span line = line_of(f, comment.start);
    struct str before = str_trim(str_slice(f->source->text, line.start, comment.start));
    const struct node *root = f->tree->root;
    if (whole_file) return !root || comment.start < node_entry_start(root) || !root->first ? &suppressions->file : NULL;
    if (before.len > 0 && !str_eq(before, STR("\xEF\xBB\xBF"))) return scope_at(f, &suppressions->lines, line);
    /* More comments may stand between this one and its key. */
    const struct node *entry = entries[source_line_of(f->source, comment.start) + 1];
    if (!entry) return NULL;
    uint32_t start = node_entry_start(entry);
    return scope_at(f, &suppressions->entries, span_make(start, entry->span.end > start ? entry->span.end : start + 1));
}

static void complain(struct reporter *f, struct span comment, struct str message, struct str help) {
    reporter_add(f, CHECK_INVALID_SUPPRESSION, comment, STR(""), message)->help = help;
}

/* Reads `[a, b]` in front of `rest`; false where the bracket is not closed or names an unknown rule. */
static bool read_selectors(struct reporter *f, struct str rest, struct suppression *out) {
    struct str item;
    if (rest.len == 0 || rest.ptr[0] != '[') return true;
    size_t close = str_find_char(rest, ']');
    if (close == rest.len) {
        complain(f, out->comment, STR("the bracket after `ignore` is never closed"), STR("write `ignore[VL101]`"));
        return false;
    }
    struct str list = str_slice(rest, 1, close);
    while (str_split_next(&list, ',', &item)) {
        item = str_trim(item);
        if (!rule_set_knows(f->settings->rules, item)) {
            complain(f, out->comment, arena_printf(f->arena, "unknown rule `%.*s`", STR_ARG(item)),
                     rule_set_nearest(f->arena, f->settings->rules, item));
            return false;
        }
        vec_push(f->arena, &out->selectors, item);
    }
    if (out->selectors.len) return true;
    complain(f, out->comment, STR("the brackets after `ignore` name no rule"), STR("write `ignore[VL101]`"));
    return false;
}

/* Reads one comment into the scope that it is meant for. */
static void read_suppression(struct reporter *f, struct suppressions *suppressions, const struct node **entries,
                             struct span comment, struct str text) {
    struct suppression *out = arena_new(f->arena, struct suppression);
    bool whole_file = str_starts(text, STR("ignore-file")), known = whole_file || str_starts(text, STR("ignore"));
    struct str rest = known ? str_slice(text, whole_file ? 11 : 6, text.len) : text;
    out->comment = comment;
    if (!known || (rest.len && rest.ptr[0] != '[' && rest.ptr[0] != ' ')) {
        complain(f, comment, STR("cannot parse this suppression comment"),
                 STR("write `# valuelint: ignore[VL101] reason`, or `ignore-file[...]`"));
        return;
    }
    if (!read_selectors(f, rest, out)) return;
    struct scope *scope = find_scope(f, suppressions, entries, comment, whole_file);
    if (scope) {
        vec_push(f->arena, &scope->list, out);
        vec_push(f->arena, &suppressions->list, out);
        return;
    }
    complain(f, comment,
             whole_file ? STR("`ignore-file` must come before the first key") : STR("no key follows this comment"),
             STR("put it at the end of a line, or directly above a key"));
}

static int scope_cmp(const void *left, const void *right) {
    struct span a = (*(struct scope *const *)left)->span, b = (*(struct scope *const *)right)->span;
    if (a.start != b.start) return a.start < b.start ? -1 : 1;
    return a.end == b.end ? 0 : a.end > b.end ? -1 : 1;
}

static void sort_scopes(struct scopes *scopes) {
    struct scope *open = NULL;
    if (scopes->list.len) qsort(scopes->list.items, scopes->list.len, sizeof *scopes->list.items, scope_cmp);
    for (uint32_t i = 0; i < scopes->list.len; i++) {
        struct scope *scope = scopes->list.items[i];
        while (open && open->span.end <= scope->span.start) open = open->around;
        scope->around = open;
        open = scope;
    }
}

/* The last scope that starts at or before `offset`, or NULL. */
static struct scope *last_scope(const struct scopes *scopes, uint32_t offset) {
    uint32_t low = 0, high = scopes->list.len;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (scopes->list.items[middle]->span.start <= offset) low = middle + 1;
        else high = middle;
    }
    return low ? scopes->list.items[low - 1] : NULL;
}

static bool is_meant(const struct suppression *s, const struct check *check) {
    if (s->selectors.len == 0) return true;
    for (uint32_t i = 0; i < s->selectors.len; i++)
        if (rule_selected(s->selectors.items[i], check)) return true;
    return false;
}

/* Whether one of the scope's comments is meant for `check`; all that are, are used then. */
static bool scope_holds(const struct suppressions *suppressions, struct scope *scope, const struct check *check) {
    if (scope->list.len == 0) return false;
    if (!scope->held) scope->held = arena_array(suppressions->arena, signed char, suppressions->check_count);
    signed char *held = &scope->held[check->index];
    if (*held) return *held > 0;
    *held = -1;
    for (uint32_t i = 0; i < scope->list.len; i++) {
        if (!is_meant(scope->list.items[i], check)) continue;
        scope->list.items[i]->used = true;
        *held = 1;
    }
    return *held > 0;
}

bool suppress_holds_back(struct suppressions *suppressions, const struct check *check, struct span span) {
    if (!suppressions) return false;
    bool held = scope_holds(suppressions, &suppressions->file, check);
    const struct scopes *kinds[] = {&suppressions->lines, &suppressions->entries};
    for (int i = 0; i < 2; i++)
        for (struct scope *scope = last_scope(kinds[i], span.start); scope; scope = scope->around)
            if (span.start < scope->span.end) held = scope_holds(suppressions, scope, check) || held;
    return held;
}

struct suppressions *suppress_read(struct reporter *f) {
    struct suppressions *suppressions;
    struct spans comments = {NULL, 0, 0};
    const struct node **entries = NULL;
    struct str text;

    if (!f->tree || f->settings->no_suppressions || str_find(f->source->text, MARK) == f->source->text.len) return NULL;
    suppressions = arena_new(f->arena, struct suppressions);
    suppressions->arena = f->arena;
    suppressions->check_count = f->settings->rules->rules.len;
    source_lines(f->arena, f->source);
    yaml_lex_comments(f->arena, f->tree, &comments);
    for (uint32_t i = 0; i < comments.len; i++) {
        if (!directive(span_text(f->source->text, comments.items[i]), &text)) continue;
        if (!entries) entries = read_lines(f);
        read_suppression(f, suppressions, entries, comments.items[i], text);
    }
    sort_scopes(&suppressions->lines);
    sort_scopes(&suppressions->entries);
    return suppressions;
}

uint32_t suppress_findings(struct reporter *f) {
    uint32_t kept = 0, before = f->findings->len;
    struct suppressions *suppressions = suppress_read(f);
    if (!suppressions) return 0;
    uint32_t complaints = f->findings->len - before;
    for (uint32_t i = 0; i < f->findings->len; i++) {
        const struct finding *finding = &f->findings->items[i];
        if (i >= before || !suppress_holds_back(suppressions, finding->check, finding->span))
            f->findings->items[kept++] = *finding;
    }
    f->findings->len = kept;
    for (uint32_t i = 0; i < suppressions->list.len; i++)
        if (!suppressions->list.items[i]->used)
            reporter_add(f, CHECK_UNUSED_SUPPRESSION, suppressions->list.items[i]->comment, STR(""),
                         STR("this comment suppresses nothing"))
                ->help = STR("delete it");
    return before + complaints - kept;
}
