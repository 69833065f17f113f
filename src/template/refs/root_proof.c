/* The templates of the set are gone through once for any values, with every word watched. Each word then has the set of
 * what it was seen to begin with; where that is the root alone, a reference there is proved. As soon as something may
 * be called that was not gone through, or with a dot that was not seen, nothing is proved. */
#include "template/refs/root_proof.h"

#include "template/eval/scope.h"

struct refs_proof {
    struct scope_watch watch;
    struct scope_result scope;
};

/* Whether two of the files define the same name: which one Helm takes is not known here. */
static bool has_two_of_a_name(const struct refs_set *set) {
    struct map names = {0};
    for (uint32_t i = 0; i < set->files.len; i++) {
        const struct refs_file *file = set->files.items[i];
        for (uint32_t d = 0; !file->broken && d < file->tree.defines.len; d++) {
            if (map_get(&names, file->tree.defines.items[d].name)) return true;
            map_put(set->arena, &names, file->tree.defines.items[d].name, set->files.items[i]);
        }
    }
    return false;
}

static struct refs_proof *prove(const struct refs_set *set) {
    struct refs_proof *proof = arena_new(set->memo->arena, struct refs_proof);
    uint32_t count = set->files.len;
    struct scope_file *files = arena_array(set->memo->arena, struct scope_file, count + 1);
    struct scope_input input = {.files = files, .file_count = count, .watch = &proof->watch};
    proof->watch.at = arena_array(set->memo->arena, uint32_t *, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        const struct refs_file *file = set->files.items[i];
        files[i].text = file->text;
        files[i].entry = file->role != REFS_LIBRARY;
        files[i].broken = file->broken;
        files[i].tree = file->broken ? NULL : &file->tree;
        proof->watch.at[i] = arena_array(set->memo->arena, uint32_t, file->tree.word_count + 1);
        if (file->broken) proof->watch.incomplete = true;
    }
    if (has_two_of_a_name(set)) proof->watch.incomplete = true;
    if (!proof->watch.incomplete) scope_run(set->memo->arena, &input, &proof->scope);
    return proof;
}

/* What a proof hangs on: the trees in their order, and which of them are libraries. */
struct proof_key {
    const struct tmpl_parsed *parsed;
    uintptr_t library;
};

/* The proof of a set of the same texts, from another plan of the chart, or a new one. */
static struct refs_proof *find_proof(const struct refs_set *set) {
    struct proof_key *keys = arena_array(set->memo->arena, struct proof_key, set->files.len + 1);
    for (uint32_t i = 0; i < set->files.len; i++)
        keys[i] = (struct proof_key){set->files.items[i]->parsed, set->files.items[i]->role == REFS_LIBRARY};
    struct str key = {(const char *)keys, sizeof *keys * set->files.len};
    struct refs_proof *proof = map_get(&set->memo->proofs, key);
    if (!proof) map_put(set->memo->arena, &set->memo->proofs, key, proof = prove(set));
    return proof;
}

/* NULL where nothing is proved. */
static const struct refs_proof *proof_of(const struct refs_set *set) {
    if (!*set->proof) *set->proof = find_proof(set);
    return (*set->proof)->watch.incomplete ? NULL : *set->proof;
}

static const struct scope_sight *sight_at(const struct refs_proof *proof, const struct refs_file *file, uint32_t word) {
    uint32_t at = proof ? proof->watch.at[file->index][word] : 0;
    return at ? &proof->watch.sights.items[at - 1] : NULL;
}

enum refs_origin refs_proved_origin(const struct refs_set *set, const struct refs_file *file,
                                    const struct refs_reference *ref) {
    bool whole = ref->shape == REFS_WHOLE_ROOT;
    if (ref->shape == REFS_VALUES_NAME) return REFS_UNKNOWN;
    const struct scope_sight *sight = sight_at(proof_of(set), file, ref->word);
    if (!sight) return REFS_UNKNOWN;
    if (sight->seen == SCOPE_SEEN_ROOT) return REFS_ROOT;
    unsigned other = SCOPE_SEEN_OTHER | (whole ? 0u : SCOPE_SEEN_HOLDER);
    return sight->seen & ~other ? REFS_UNKNOWN : REFS_NOT_ROOT;
}

const struct value_path *refs_proved_path(const struct refs_set *set, const struct str *keys, uint32_t count) {
    const struct refs_proof *proof = proof_of(set);
    const struct value_path *place = proof ? &proof->scope.root : NULL;
    for (uint32_t i = 0; place && i < count; i++) place = map_get(&place->children, keys[i]);
    return place;
}

bool refs_is_by_parts(const struct value_path *place) {
    if (place->any) return false;
    for (; place; place = place->parent)
        if (place->uses & (VALUE_PATH_WHOLE | VALUE_PATH_OTHER)) return false;
    return true;
}

struct str *refs_proved_keys(struct arena *a, const struct refs_set *set, const struct refs_file *file,
                             const struct refs_reference *ref, uint32_t *count, uint32_t *own) {
    const struct refs_proof *proof = proof_of(set);
    struct str *keys;
    uint32_t above;
    for (uint32_t i = 0; i < ref->part_count; i++) {
        const struct refs_part *part = &ref->parts[i];
        if (part->quoted && i) break;
        const struct scope_sight *sight = sight_at(proof, file, part->word);
        if (!sight || !sight->place) continue;
        if (!value_path_keys(a, sight->place, &keys, &above)) return NULL;
        *own = ref->part_count - i;
        *count = above + *own;
        struct str *all = arena_array(a, struct str, *count + 1);
        memcpy(all, keys, sizeof *keys * above);
        for (uint32_t k = 0; k < *own; k++) all[above + k] = ref->parts[i + k].key;
        return all;
    }
    return NULL;
}

bool refs_proved_whole(const struct refs_set *set, const struct refs_file *file, uint32_t *i, struct span *span) {
    const struct refs_proof *proof = proof_of(set);
    while (proof && *i < proof->watch.wholes.len) {
        const struct value_path_site *site = &proof->watch.wholes.items[(*i)++];
        if (site->file != file->index) continue;
        *span = site->span;
        return true;
    }
    return false;
}
