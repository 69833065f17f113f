#include "template/refs/reads.h"

#include <stdlib.h>

#include "template/refs/read_set.h"
#include "template/refs/root_proof.h"

/* A reference through `.Values`: its keys are those that are written. `.Values` of the dot, or of `$`, is taken to be
 * the root's where nothing shows that it is not: who reads the template thinks so, too. */
static void add_rooted(struct arena *a, const struct refs_set *set, const struct refs_file *file,
                       const struct refs_reference *ref, struct refs_read_list *reads) {
    bool plain = ref->base == REFS_BASE_DOT || ref->base == REFS_BASE_DOLLAR;
    if (ref->shape == REFS_WHOLE_ROOT || ref->shape == REFS_VALUES_NAME || ref->part_count == 0) return;
    enum refs_origin origin = refs_is_at_root(set, file, ref) ? REFS_ROOT : refs_proved_origin(set, file, ref);
    if (origin == REFS_UNKNOWN && plain && ref->origin != REFS_NOT_ROOT) origin = REFS_ROOT;
    if (origin != REFS_ROOT) return;
    struct refs_read read = {.span = ref->span, .count = ref->part_count, .part_count = ref->part_count};
    struct str *keys = arena_array(a, struct str, read.count);
    for (uint32_t i = 0; i < read.count; i++) keys[i] = ref->parts[i].key;
    read.keys = keys;
    read.parts = ref->parts;
    vec_push(a, reads, read);
}

/* What is read of something that holds a part of the values. */
static void add_relative(struct arena *a, const struct refs_set *set, const struct refs_file *file,
                         const struct refs_reference *ref, struct refs_read_list *reads) {
    uint32_t count, own;
    struct str *keys = refs_proved_keys(a, set, file, ref, &count, &own);
    if (!keys) return;
    vec_push(a, reads, (struct refs_read){ref->span, keys, ref->parts + (ref->part_count - own), count, own});
}

static int read_cmp(const void *left, const void *right) {
    const struct refs_read *a = left, *b = right;
    return a->span.start < b->span.start ? -1 : a->span.start > b->span.start;
}

void refs_reads_of(struct arena *a, const struct refs_set *set, const struct refs_file *file,
                   struct refs_read_list *reads) {
    for (uint32_t i = 0; i < file->refs.refs.len; i++) add_rooted(a, set, file, &file->refs.refs.items[i], reads);
    for (uint32_t i = 0; i < file->refs.relatives.len; i++)
        add_relative(a, set, file, &file->refs.relatives.items[i], reads);
    if (reads->len) qsort(reads->items, reads->len, sizeof *reads->items, read_cmp);
}
