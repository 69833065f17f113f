/* Texts with runs. A run is added only where there is something to say, so that a text without provenance and holes
 * stays one buffer of bytes. */
#include "template/eval/go_value.h"

struct go_text go_text_in(struct go_env *env) {
    return (struct go_text){.env = env, .bytes = buf_in(env->arena)};
}

/* Lets the bytes from the last run's end to now have what `run` says. */
static void close_run(struct go_text *text, struct go_run run) {
    uint32_t end = (uint32_t)text->bytes.len;
    struct go_run *last = text->runs.len ? &text->runs.items[text->runs.len - 1] : NULL;
    if ((last ? last->end : 0) == end) return;
    if (last && !run.hole && !last->hole && last->paths == run.paths && last->site == run.site) {
        last->end = end;
        return;
    }
    run.end = end;
    vec_push(text->env->arena, &text->runs, run);
}

/* Before bytes with a run of their own are added: the bytes before them that have none get one. */
static void fill_run(struct go_text *text) {
    close_run(text, (struct go_run){.site = text->site});
}

void go_text_add(struct go_text *text, struct str s) {
    if (s.len == 0) return;
    buf_add(&text->bytes, s);
    if (text->env->trace || text->runs.len > 0) fill_run(text);
}

void go_text_add_shown(struct go_text *text, struct str s, const struct go_paths *paths) {
    if (!paths || s.len == 0) {
        go_text_add(text, s);
        return;
    }
    fill_run(text);
    buf_add(&text->bytes, s);
    close_run(text, (struct go_run){.paths = paths, .site = text->site});
}

void go_text_add_hole(struct go_text *text, const struct go_hole *hole) {
    fill_run(text);
    buf_addf(&text->bytes, "<unknown: %.*s>", STR_ARG(hole->reason));
    struct go_run run = {.end = (uint32_t)text->bytes.len, .hole = hole, .site = text->site};
    vec_push(text->env->arena, &text->runs, run);
}

/* The same hole, cut: its length is not sure any more, nor whether anything is left. */
static const struct go_hole *cut_hole(struct go_env *env, const struct go_hole *whole) {
    struct go_hole *hole = arena_new(env->arena, struct go_hole);
    *hole = *whole;
    hole->truth = -1;
    hole->length = -1;
    return hole;
}

void go_text_add_part(struct go_text *text, const struct go_value *string, size_t from, size_t to) {
    if (to > string->text.len) to = string->text.len;
    if (from >= to) return;
    if (!string->runs) {
        go_text_add(text, str_slice(string->text, from, to));
        return;
    }
    fill_run(text);
    size_t start = 0;
    for (uint32_t i = 0; i < string->runs->count && start < to; i++) {
        struct go_run run = string->runs->items[i];
        size_t end = run.end < string->text.len ? run.end : string->text.len;
        size_t a = start > from ? start : from, b = end < to ? end : to;
        bool whole = a == start && b == end;
        start = end;
        if (a >= b) continue;
        if (!run.site) run.site = text->site;
        if (run.hole && !whole) run.hole = cut_hole(text->env, run.hole);
        buf_add(&text->bytes, str_slice(string->text, a, b));
        close_run(text, run);
    }
    if (start < to) go_text_add(text, str_slice(string->text, start > from ? start : from, to));
}

void go_text_add_value(struct go_text *text, const struct go_value *string) {
    go_text_add_part(text, string, 0, string->text.len);
}

struct go_value go_text_value(struct go_text *text) {
    struct go_value made = go_string(buf_str(&text->bytes));
    if (text->runs.len == 0) return made;
    fill_run(text);
    struct go_runs *runs = arena_alloc_raw(text->env->arena, sizeof *runs + sizeof *runs->items * text->runs.len);
    runs->count = text->runs.len;
    memcpy(runs->items, text->runs.items, sizeof *runs->items * text->runs.len);
    made.runs = runs;
    return made;
}

const struct go_hole *go_text_hole_at(const struct go_value *string, size_t at, size_t *start, size_t *end) {
    uint32_t from = 0;
    for (uint32_t i = 0; string->runs && i < string->runs->count; i++) {
        const struct go_run *run = &string->runs->items[i];
        if (at < run->end) {
            *start = from;
            *end = run->end;
            return run->hole;
        }
        from = run->end;
    }
    return NULL;
}

int64_t go_text_length(const struct go_value *string) {
    int64_t length = (int64_t)string->text.len;
    uint32_t from = 0;
    for (uint32_t i = 0; string->runs && i < string->runs->count; i++) {
        const struct go_run *run = &string->runs->items[i];
        if (run->hole && run->hole->length < 0) return -1;
        if (run->hole) length += run->hole->length - (int64_t)(run->end - from);
        from = run->end;
    }
    return length;
}
