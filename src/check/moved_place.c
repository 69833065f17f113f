#include "check/moved_place.h"

#include "value/pointer.h"

struct str moved_place(struct arena *a, const struct standard *standard, struct str path) {
    const struct legacy *legacy = standard_legacy(standard, path);
    if (legacy && !legacy->split) return legacy->targets.items[0]->path;
    for (uint32_t i = 0; !legacy && i < standard->legacies.len; i++) {
        const struct legacy *around = standard->legacies.entries[i].value;
        if (!around->subtree || !dotted_leads(around->path, path) || path.len == around->path.len) continue;
        struct str below = str_slice(path, around->path.len, path.len);
        return arena_printf(a, "%.*s%.*s", STR_ARG(around->targets.items[0]->path), STR_ARG(below));
    }
    return STR("");
}
