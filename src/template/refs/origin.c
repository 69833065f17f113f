#include "template/refs/origin.h"

#include "template/eval/scope.h"

struct template_proof {
    struct template_watch watch;
    struct template_scope scope;
};

/* Whether two of the files define the same name: which one Helm takes is not known here. */
static bool has_two_of_a_name(const struct template_set *set) {
    struct map names = {0};
    for (uint32_t i = 0; i < set->files.len; i++) {
        const struct template_file *file = set->files.items[i];
        for (uint32_t d = 0; !file->broken && d < file->tree.defines.len; d++) {
            if (map_get(&names, file->tree.defines.items[d].name)) return true;
            map_put(set->arena, &names, file->tree.defines.items[d].name, set->files.items[i]);
        }
    }
    return false;
}

static struct template_proof *prove(const struct template_set *set) {
    struct template_proof *proof = arena_new(set->arena, struct template_proof);
    uint32_t count = set->files.len;
    struct template_scope_file *files = arena_array(set->arena, struct template_scope_file, count + 1);
    struct template_scope_input input = {.files = files, .file_count = count, .watch = &proof->watch};
    proof->watch.at = arena_array(set->arena, uint32_t *, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        const struct template_file *file = set->files.items[i];
        files[i].text = file->text;
        files[i].entry = file->role != TEMPLATE_LIBRARY;
        files[i].broken = file->broken;
        files[i].tree = file->broken ? NULL : &file->tree;
        proof->watch.at[i] = arena_array(set->arena, uint32_t, file->tree.word_count + 1);
        if (file->broken) proof->watch.incomplete = true;
    }
    if (has_two_of_a_name(set)) proof->watch.incomplete = true;
    if (!proof->watch.incomplete) template_scope_run(set->arena, &input, &proof->scope);
    return proof;
}

/* NULL where nothing is proved. */
static const struct template_proof *proof_of(const struct template_set *set) {
    if (!*set->proof) *set->proof = prove(set);
    return (*set->proof)->watch.incomplete ? NULL : *set->proof;
}

static const struct template_sight *sight_at(const struct template_proof *proof, const struct template_file *file,
                                             uint32_t word) {
    uint32_t at = proof ? proof->watch.at[file->index][word] : 0;
    return at ? &proof->watch.sights.items[at - 1] : NULL;
}

enum template_origin template_proved_origin(const struct template_set *set, const struct template_file *file,
                                            const struct template_ref *ref) {
    bool whole = ref->shape == TEMPLATE_WHOLE_ROOT;
    if (ref->shape == TEMPLATE_VALUES_NAME) return TEMPLATE_UNKNOWN;
    const struct template_sight *sight = sight_at(proof_of(set), file, ref->word);
    if (!sight) return TEMPLATE_UNKNOWN;
    if (sight->seen == TEMPLATE_SEEN_ROOT) return TEMPLATE_ROOT;
    unsigned other = TEMPLATE_SEEN_OTHER | (whole ? 0u : TEMPLATE_SEEN_HOLDER);
    return sight->seen & ~other ? TEMPLATE_UNKNOWN : TEMPLATE_NOT_ROOT;
}

const struct template_place *template_proved_place(const struct template_set *set, const struct str *keys,
                                                   uint32_t count) {
    const struct template_proof *proof = proof_of(set);
    const struct template_place *place = proof ? &proof->scope.root : NULL;
    for (uint32_t i = 0; place && i < count; i++) place = map_get(&place->children, keys[i]);
    return place;
}

bool template_is_by_parts(const struct template_place *place) {
    if (place->any) return false;
    for (; place; place = place->parent)
        if (place->uses & (TEMPLATE_PLACE_WHOLE | TEMPLATE_PLACE_OTHER)) return false;
    return true;
}

struct str *template_proved_keys(struct arena *a, const struct template_set *set, const struct template_file *file,
                                 const struct template_ref *ref, uint32_t *count, uint32_t *own) {
    const struct template_proof *proof = proof_of(set);
    struct str *keys;
    uint32_t above;
    for (uint32_t i = 0; i < ref->part_count; i++) {
        const struct template_part *part = &ref->parts[i];
        if (part->quoted && i) break;
        const struct template_sight *sight = sight_at(proof, file, part->word);
        if (!sight || !sight->place) continue;
        if (!template_place_keys(a, sight->place, &keys, &above)) return NULL;
        *own = ref->part_count - i;
        *count = above + *own;
        struct str *all = arena_array(a, struct str, *count + 1);
        memcpy(all, keys, sizeof *keys * above);
        for (uint32_t k = 0; k < *own; k++) all[above + k] = ref->parts[i + k].key;
        return all;
    }
    return NULL;
}

bool template_proved_whole(const struct template_set *set, const struct template_file *file, uint32_t *i,
                           struct span *span) {
    const struct template_proof *proof = proof_of(set);
    while (proof && *i < proof->watch.wholes.len) {
        const struct template_site *site = &proof->watch.wholes.items[(*i)++];
        if (site->file != file->index) continue;
        *span = site->span;
        return true;
    }
    return false;
}
