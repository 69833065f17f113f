#include "template/origin.h"

#include "template/scope.h"

struct template_proof {
    struct template_watch watch;
};

/* Whether two of the files define the same name: which one Helm takes is not known here. */
static bool has_two_of_a_name(const struct template_set *set) {
    struct map names = {0};
    for (uint32_t i = 0; i < set->files.len; i++) {
        const struct template_refs *refs = &set->files.items[i]->refs;
        for (uint32_t b = 0; b < refs->blocks.len; b++) {
            if (refs->blocks.items[b].define != b) continue;
            if (map_get(&names, refs->blocks.items[b].name)) return true;
            map_put(set->arena, &names, refs->blocks.items[b].name, set->files.items[i]);
        }
    }
    return false;
}

static struct template_proof *prove(const struct template_set *set) {
    struct template_proof *proof = arena_new(set->arena, struct template_proof);
    struct template_scope scope = {0};
    uint32_t count = set->files.len;
    struct template_scope_file *files = arena_array(set->arena, struct template_scope_file, count + 1);
    struct template_scope_input input = {.files = files, .file_count = count, .watch = &proof->watch};
    proof->watch.seen = arena_array(set->arena, uint8_t *, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        const struct template_file *file = set->files.items[i];
        files[i].text = file->text;
        files[i].entry = file->role != TEMPLATE_LIBRARY;
        template_scope_read(set->arena, &files[i]);
        proof->watch.seen[i] = arena_array(set->arena, uint8_t, file->text.len + 1);
        if (files[i].broken) proof->watch.incomplete = true;
    }
    if (has_two_of_a_name(set)) proof->watch.incomplete = true;
    if (!proof->watch.incomplete) template_scope_run(set->arena, &input, &scope);
    return proof;
}

enum template_origin template_proved_origin(const struct template_set *set, const struct template_file *file,
                                            const struct template_ref *ref) {
    bool whole = ref->shape == TEMPLATE_WHOLE_ROOT;
    if (ref->shape == TEMPLATE_VALUES_NAME) return TEMPLATE_UNKNOWN;
    if (!*set->proof) *set->proof = prove(set);
    if ((*set->proof)->watch.incomplete) return TEMPLATE_UNKNOWN;
    uint8_t seen = (*set->proof)->watch.seen[file->index][whole ? ref->span.start : ref->values.start];
    if (seen == TEMPLATE_SEEN_ROOT) return TEMPLATE_ROOT;
    if (!whole)
        seen = (uint8_t)(seen & ~TEMPLATE_SEEN_HOLDER) | (seen & TEMPLATE_SEEN_HOLDER ? TEMPLATE_SEEN_OTHER : 0);
    return seen == TEMPLATE_SEEN_OTHER ? TEMPLATE_NOT_ROOT : TEMPLATE_UNKNOWN;
}
