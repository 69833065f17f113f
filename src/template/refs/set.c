/* Defines are shared by all files of a render, so how one is called is known only once all files are in: the calls are
 * collected first, and then followed from define to define until nothing changes. */
#include "template/refs/rewrite.h"

void refs_set_init(struct arena *a, struct tmpl_memo *memo, struct refs_set *set) {
    if (!memo) memo = arena_new(a, struct tmpl_memo), memo->arena = a;
    *set = (struct refs_set){.arena = a, .memo = memo, .proof = arena_new(a, struct refs_proof *)};
}

/* The references of a tree, found once. */
static const struct refs_found *found_in(const struct refs_set *set, struct tmpl_parsed *parsed) {
    if (parsed->found) return parsed->found;
    struct refs_found *found = arena_new(set->memo->arena, struct refs_found);
    refs_find(set->memo->arena, &parsed->tree, found);
    return parsed->found = found;
}

static struct refs_define *define_of(struct refs_set *set, struct str name) {
    struct refs_define *d = map_get(&set->defines, name);
    if (d) return d;
    d = arena_new(set->arena, struct refs_define);
    d->name = name;
    d->only_other = true;
    map_put(set->arena, &set->defines, name, d);
    return d;
}

struct refs_file *refs_set_add(struct refs_set *set, struct str text, enum refs_role role) {
    struct refs_file *file = arena_new(set->arena, struct refs_file);
    file->text = text;
    file->role = role;
    file->index = set->files.len;
    struct tmpl_parsed *parsed = tmpl_memo_parse(set->memo, text);
    file->parsed = parsed;
    file->broken = parsed->broken;
    file->error = parsed->error;
    if (!file->broken) {
        file->tree = parsed->tree;
        file->refs = *found_in(set, parsed);
    }
    for (uint32_t i = 0; !file->broken && i < file->tree.defines.len; i++)
        define_of(set, file->tree.defines.items[i].name);
    vec_push(set->arena, &set->files, file);
    *set->proof = NULL;
    return file;
}

/* A library's body calls with the root of another chart, in which nothing moves. */
static void add_foreign_call(struct refs_set *set, const struct refs_call *call) {
    if (call->is_tpl || call->of_file) return;
    struct refs_define *d = call->known ? map_get(&set->defines, call->name) : NULL;
    if (d) d->other_dot = d->foreign = true;
    else if (!call->known) set->other_dots = set->foreign_dots = true;
}

static void add_call(struct refs_set *set, const struct refs_file *file, const struct refs_call *call) {
    if (call->is_tpl) return;
    /* The names of files hold a slash. */
    if (call->of_file || !call->known || str_find_char(call->name, '/') < call->name.len) set->bodies_called = true;
    if (call->of_file) return;
    if (!call->known) {
        set->computed = true;
        if (call->dot != REFS_ROOT) set->other_dots = true;
        return;
    }
    struct refs_define *d = map_get(&set->defines, call->name);
    if (!d) return;
    if (call->dot != REFS_NOT_ROOT) d->only_other = false;
    if (call->dot != REFS_ROOT) d->other_dot = true;
    if (call->define == TMPL_NONE) {
        d->called = true;
        return;
    }
    struct refs_define *caller = define_of(set, file->tree.defines.items[call->define].name);
    struct refs_define_call hand_on = {d, call->dot == REFS_ROOT};
    vec_push(set->arena, &caller->calls, hand_on);
}

/* Follows the calls from define to define: those of a called one are called, those of one that a foreign body calls are
 * too, and a dot that is not the root is handed on. Each define comes up once for each of these. */
static void spread(struct refs_set *set) {
    struct VEC(struct refs_define *) todo = {0};
    for (uint32_t i = 0; i < set->defines.len; i++) vec_push(set->arena, &todo, set->defines.entries[i].value);
    while (todo.len > 0) {
        const struct refs_define *d = todo.items[--todo.len];
        for (uint32_t i = 0; i < d->calls.len; i++) {
            struct refs_define *to = d->calls.items[i].to;
            bool called = d->called && !to->called;
            bool other_dot = d->other_dot && d->calls.items[i].same_dot && !to->other_dot;
            bool foreign = d->foreign && !to->foreign;
            if (called) to->called = true;
            if (other_dot) to->other_dot = true;
            if (foreign) to->foreign = true;
            if (called || other_dot || foreign) vec_push(set->arena, &todo, to);
        }
    }
}

/* What may make braces of something else, or of a file. */
static const char *const MAKERS[] = {".Files", "b64dec", "b32dec", "lookup", "decryptAES", "%c"};

/* Behind the action that begins at `at`. */
static size_t action_end(struct str text, size_t at) {
    struct str rest = str_slice(text, at, text.len);
    size_t skip = str_starts(rest, STR("{{- /*")) ? 6 : str_starts(rest, STR("{{/*")) ? 4 : 0;
    size_t inner = skip ? str_find(str_slice(rest, skip, rest.len), STR("*/")) + skip : 2;
    size_t end = inner + str_find(str_slice(rest, inner, rest.len), STR("}}"));
    return end < rest.len ? at + end + 2 : text.len;
}

/* Whether no text that the template makes can begin an action: no constant in an action holds a brace, and none
 * outside stands next to what an action prints. */
static bool makes_no_actions(struct str text) {
    for (size_t i = 0; i < sizeof MAKERS / sizeof *MAKERS; i++)
        if (str_find(text, str_from(MAKERS[i])) < text.len) return false;
    bool behind_action = false; /* nothing but white space since the last one */
    for (size_t at = 0; at < text.len;) {
        struct str rest = str_slice(text, at, text.len);
        if (str_starts(rest, STR("{{"))) {
            size_t end = action_end(text, at);
            struct str words = str_slice(text, at + 2, end);
            bool comment = str_starts(words, STR("/*")) || str_starts(words, STR("- /*"));
            if (!comment && str_find_char(words, '{') < words.len) return false;
            at = end;
            behind_action = true;
            continue;
        }
        if (rest.ptr[0] == '{') {
            struct str next = str_trim(str_slice(rest, 1, rest.len));
            if (behind_action || str_starts(next, STR("{{"))) return false;
        }
        if (!strchr(" \t\r\n", rest.ptr[0])) behind_action = false;
        at++;
    }
    return true;
}

void refs_set_finish(struct refs_set *set) {
    for (uint32_t i = 0; i < set->files.len && set->without_actions; i++)
        set->without_actions = makes_no_actions(set->files.items[i]->text);
    for (uint32_t i = 0; i < set->files.len; i++) {
        const struct refs_file *file = set->files.items[i];
        for (uint32_t k = 0; k < file->refs.calls.len; k++) {
            const struct refs_call *call = &file->refs.calls.items[k];
            if (file->role == REFS_LIBRARY && call->define == TMPL_NONE) add_foreign_call(set, call);
            else add_call(set, file, call);
        }
    }
    spread(set);
}
