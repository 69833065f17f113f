/* The built-in standard is one company's. Most of its keys are everybody's too, since `helm create` writes them; a few
 * are its own, and so are most of its old places. A chart belongs to the standard
 *
 * - where it has two blocks of the standard's own, which are mappings with a key that the standard has there,
 * - where a value stands at an old place that is not everybody's,
 * - where it has two blocks, of whatever kind, and no key that the standard does not know,
 * - where it is too small to tell: fewer than six keys, of which at most two are unknown.
 *
 * Measured on 241 values files of public charts and 20 of the platform's: the former have at most one block of their
 * own, save for three with an old place by chance; the latter have nine and more. */
#include "config/membership.h"

#include "base/fuzzy.h"

#define BLOCKS_LEAST 2
#define KEYS_LEAST 6
#define UNKNOWN_LEAST 3

/* Blocks of the standard's own. */
static const char *const OWN_BLOCKS[][2] = {
    {"env"},       {"grpc"},          {"database"},        {"objectStorage"},   {"keyVault"},
    {"eventBus"},  {"serviceConfig"}, {"migration"},       {"monitoring"},      {"serviceMesh"},
    {"configMap"}, {"secret"},        {"service", "http"}, {"service", "grpc"}, {"service", "metrics"},
};

/* Old places that charts everywhere have. Those that are whole subtrees, or images as one string, are everybody's too.
 */
static const char *const COMMON_PLACES[] = {"service.port", "service.targetPort", "config.logLevel"};

/* Whether the mapping at the property holds a key that the standard describes there. */
static bool has_known_key(const struct standard *standard, const struct schema_property *property,
                          const struct value *map) {
    uint32_t child = standard->first_child[property - standard->properties.items];
    for (; child != STANDARD_NONE; child = standard->next_sibling[child]) {
        const struct schema_property *below = &standard->properties.items[child];
        if (value_get(map, below->keys[below->key_count - 1])) return true;
    }
    return false;
}

static uint32_t count_own_blocks(const struct standard *standard, const struct value *values) {
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof OWN_BLOCKS / sizeof *OWN_BLOCKS; i++) {
        struct str keys[2] = {str_from(OWN_BLOCKS[i][0]), STR("")};
        uint32_t depth = 1;
        if (OWN_BLOCKS[i][1]) keys[depth++] = str_from(OWN_BLOCKS[i][1]);
        const struct value *block = value_path(values, keys, depth);
        const struct schema_property *property = standard_at(standard, keys, depth);
        if (block && property && block->kind == VALUE_MAP && has_known_key(standard, property, block)) count++;
    }
    return count;
}

static bool is_common(const struct legacy *legacy) {
    for (size_t i = 0; i < sizeof COMMON_PLACES / sizeof *COMMON_PLACES; i++)
        if (str_eq(legacy->path, str_from(COMMON_PLACES[i]))) return true;
    return legacy->subtree || legacy->split;
}

static bool has_old_place(const struct standard *standard, const struct value *values) {
    for (uint32_t i = 0; i < standard->legacies.len; i++) {
        const struct legacy *legacy = standard->legacies.entries[i].value;
        if (!is_common(legacy) && value_path(values, legacy->keys, legacy->key_count)) return true;
    }
    return false;
}

/* Whether the key at the top begins an old place, or is a key of the standard misspelled. */
static bool is_meant(const struct standard *standard, struct str key) {
    for (uint32_t i = 0; i < standard->legacies.len; i++)
        if (str_eq(((const struct legacy *)standard->legacies.entries[i].value)->keys[0], key)) return true;
    return fuzzy_nearest(key, standard->top_names, standard->top_count).len > 0;
}

/* Whether all keys of a closed mapping are the standard's. */
static bool knows_all(const struct standard *standard, const struct schema_property *property,
                      const struct value *map) {
    for (uint32_t i = 0; property->closed && i < map->map.len; i++) {
        struct str keys[2] = {property->keys[0], map->map.members[i].key};
        if (!standard_at(standard, keys, 2)) return false;
    }
    return true;
}

bool membership_holds(const struct standard *standard, const struct value *values) {
    uint32_t unknown = 0, blocks = 0, strange = 0;
    if (values->kind != VALUE_MAP) return true;
    if (count_own_blocks(standard, values) >= BLOCKS_LEAST || has_old_place(standard, values)) return true;
    for (uint32_t i = 0; i < values->map.len; i++) {
        const struct member *member = &values->map.members[i];
        const struct schema_property *property = standard_at(standard, &member->key, 1);
        if (!property && !is_meant(standard, member->key)) unknown++;
        if (!property) strange++;
        if (!property || member->value.kind != VALUE_MAP || member->value.map.len == 0) continue;
        if (knows_all(standard, property, &member->value)) blocks++;
        else strange++;
    }
    if (values->map.len < KEYS_LEAST && unknown < UNKNOWN_LEAST) return true;
    return blocks >= BLOCKS_LEAST && strange == 0;
}
