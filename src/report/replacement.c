#include "report/replacement.h"

#include "text/secret.h"

static bool holds_secret(const struct source *source, struct span span) {
    const struct secrets *secrets = source->secrets;
    for (uint32_t i = 0; secrets && i < secrets->spans.len; i++)
        if (secrets->spans.items[i].start < span.end && secrets->spans.items[i].end > span.start) return true;
    return false;
}

struct edits replacement_of(struct arena *a, const struct report_file *file, const struct finding *finding) {
    struct edits found = {NULL, 0, 0}, none = {NULL, 0, 0};
    struct span span = finding->span;
    if (!file->fixes || finding->fix != FIX_SAFE || finding->key_count || span_len(span) == 0 ||
        holds_secret(file->source, span))
        return none;
    uint32_t low = 0, high = file->fixes->len; /* the first edit that does not end before the span */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (file->fixes->items[middle].span.end < span.start) low = middle + 1;
        else high = middle;
    }
    for (uint32_t i = low; i < file->fixes->len; i++) {
        const struct edit *edit = &file->fixes->items[i];
        if (edit->span.start > span.end) break;
        bool lines = str_find_char(edit->text, '\n') < edit->text.len; /* a comment, a key: not of this value */
        if (lines || !span_contains(span, edit->span)) return none;
        if (!str_eq(secrets_mask(a, file->source, edit->text), edit->text)) return none;
        vec_push(a, &found, *edit);
    }
    return found;
}
