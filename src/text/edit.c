#include "text/edit.h"

#include <stdlib.h>

#include "base/buf.h"

/* Insertions come before what is taken away at the same place; qsort is not stable, so the order is kept in a copy. */
struct ordered {
    struct edit edit;
    uint32_t index;
};

static int compare(const void *left, const void *right) {
    const struct ordered *a = left, *b = right;
    if (a->edit.span.start != b->edit.span.start) return a->edit.span.start < b->edit.span.start ? -1 : 1;
    if (a->edit.span.end != b->edit.span.end) return a->edit.span.end < b->edit.span.end ? -1 : 1;
    return a->index < b->index ? -1 : 1;
}

static struct str joined(struct arena *a, struct str first, struct str second) {
    if (first.len == 0) return second;
    if (second.len == 0) return first;
    struct buf out = buf_in(a);
    buf_add(&out, first);
    buf_add(&out, second);
    return buf_str(&out);
}

bool edits_settle(struct arena *a, struct edits *edits) {
    struct ordered *order = arena_array(a, struct ordered, edits->len);
    uint32_t len = 0;
    bool sorted = true;
    for (uint32_t i = 0; i < edits->len; i++) {
        order[i] = (struct ordered){edits->items[i], i};
        sorted = sorted && (i == 0 || compare(&order[i - 1], &order[i]) < 0);
    }
    if (!sorted) qsort(order, edits->len, sizeof *order, compare);
    for (uint32_t i = 0; i < edits->len; i++) {
        struct edit edit = order[i].edit;
        struct edit *before = len ? &edits->items[len - 1] : NULL;
        if (span_len(edit.span) == 0 && edit.text.len == 0) continue;
        if (before && edit.span.start < before->span.end) return false;
        if (before && edit.span.start == before->span.end) {
            before->span.end = edit.span.end;
            before->text = joined(a, before->text, edit.text);
        } else {
            edits->items[len++] = edit;
        }
    }
    edits->len = len;
    return true;
}

struct str edits_apply(struct arena *a, struct str text, const struct edits *edits) {
    size_t len = text.len;
    uint32_t at = 0;
    for (uint32_t i = 0; i < edits->len; i++) len += edits->items[i].text.len - span_len(edits->items[i].span);
    struct buf out = {a, arena_alloc_raw(a, len), 0, len};
    for (uint32_t i = 0; i < edits->len; i++) {
        buf_add(&out, str_slice(text, at, edits->items[i].span.start));
        buf_add(&out, edits->items[i].text);
        at = edits->items[i].span.end;
    }
    buf_add(&out, str_slice(text, at, text.len));
    return out.len ? buf_str(&out) : STR("");
}

struct edits edits_invert(struct arena *a, struct str text, const struct edits *edits) {
    struct edits inverse = {NULL, 0, 0};
    uint32_t before = 0, after = 0; /* how far both texts are */
    for (uint32_t i = 0; i < edits->len; i++) {
        const struct edit *edit = &edits->items[i];
        after += edit->span.start - before;
        vec_push(a, &inverse, (struct edit){span_make(after, after + edit->text.len), span_text(text, edit->span)});
        after += (uint32_t)edit->text.len;
        before = edit->span.end;
    }
    return inverse;
}

/* A part of a text in the making: bytes of the first text, or new ones. */
struct part {
    struct span span; /* of the first text; used where `text.ptr` is NULL */
    struct str text;
};

struct parts VEC(struct part);

static uint32_t part_len(const struct part *part) {
    return part->text.ptr ? (uint32_t)part->text.len : span_len(part->span);
}

/* A place in parts. */
struct cursor {
    uint32_t index;  /* of a part */
    uint32_t inside; /* how much of it is behind */
    uint32_t at;     /* offset in the text that the parts make */
};

/* Goes on to the offset `until`; adds what it passes to `out`, if any. */
static void pass_parts(struct arena *a, const struct parts *parts, struct cursor *c, uint32_t until,
                       struct parts *out) {
    while (c->at < until && c->index < parts->len) {
        const struct part *part = &parts->items[c->index];
        uint32_t left = part_len(part) - c->inside;
        uint32_t step = left < until - c->at ? left : until - c->at, from = c->inside, to = c->inside + step;
        struct part slice = *part;
        if (part->text.ptr) slice.text = str_slice(part->text, from, to);
        else slice.span = (struct span){part->span.start + from, part->span.start + to};
        if (out && step) vec_push(a, out, slice);
        c->at += step;
        c->inside = to;
        if (step == left) c->index++, c->inside = 0;
    }
}

/* The parts of the text after `edits`, which apply to what `parts` make. */
static struct parts apply_to_parts(struct arena *a, const struct parts *parts, const struct edits *edits) {
    struct parts out = {NULL, 0, 0};
    struct cursor cursor = {0, 0, 0};
    for (uint32_t i = 0; i < edits->len; i++) {
        const struct edit *edit = &edits->items[i];
        pass_parts(a, parts, &cursor, edit->span.start, &out);
        if (edit->text.len) vec_push(a, &out, (struct part){{0, 0}, edit->text});
        pass_parts(a, parts, &cursor, edit->span.end, NULL);
    }
    pass_parts(a, parts, &cursor, UINT32_MAX, &out);
    return out;
}

struct edits edits_compose(struct arena *a, struct str text, const struct edits *first, const struct edits *second) {
    struct parts parts = {NULL, 0, 0};
    struct edits out = {NULL, 0, 0};
    const struct part all = {{0, (uint32_t)text.len}, {NULL, 0}};
    const struct part end = {{(uint32_t)text.len, (uint32_t)text.len}, {NULL, 0}};
    vec_push(a, &parts, all);
    parts = apply_to_parts(a, &parts, first);
    parts = apply_to_parts(a, &parts, second);
    vec_push(a, &parts, end);

    struct edit edit = {{0, 0}, {NULL, 0}};
    for (uint32_t i = 0; i < parts.len; i++) {
        const struct part *part = &parts.items[i];
        if (part->text.ptr) {
            edit.text = joined(a, edit.text, part->text);
            continue;
        }
        edit.span.end = part->span.start;
        if (span_len(edit.span) || edit.text.len) vec_push(a, &out, edit);
        edit = (struct edit){{part->span.end, part->span.end}, {NULL, 0}};
    }
    return out;
}

uint32_t edits_origin(const struct edits *edits, uint32_t offset) {
    uint32_t before = 0, after = 0;
    for (uint32_t i = 0; i < edits->len; i++) {
        const struct edit *edit = &edits->items[i];
        uint32_t kept = edit->span.start - before;
        if (offset < after + kept) break;
        after += kept;
        before = edit->span.start;
        if (offset < after + edit->text.len) return before;
        after += (uint32_t)edit->text.len;
        before = edit->span.end;
    }
    return before + (offset - after);
}
