#include "fix/fix_plan.h"

#include "base/path.h"
#include "check/lint.h"
#include "value/pointer.h"
#include "yaml/read.h"

struct str fix_pointer(const struct fix_plan *p, struct key_path path) {
    return keys_pointer(p->arena, path.keys, path.count);
}

struct str fix_dotted(const struct fix_plan *p, struct key_path path) {
    return keys_dotted(p->arena, path.keys, path.count);
}

bool key_paths_meet(struct key_path a, struct key_path b) {
    return keys_lead(a.keys, a.count, b.keys, b.count) || keys_lead(b.keys, b.count, a.keys, a.count);
}

struct key_path fix_below(const struct fix_plan *p, struct key_path path, struct str key) {
    struct str *keys = arena_array(p->arena, struct str, path.count + 1);
    if (path.count) memcpy(keys, path.keys, sizeof *keys * path.count);
    keys[path.count] = key;
    return (struct key_path){keys, path.count + 1};
}

struct key_path fix_path_below(const struct fix_plan *p, struct key_path above, struct key_path path) {
    struct str *keys = arena_array(p->arena, struct str, above.count + path.count);
    if (above.count) memcpy(keys, above.keys, sizeof *keys * above.count);
    if (path.count) memcpy(keys + above.count, path.keys, sizeof *keys * path.count);
    return (struct key_path){keys, above.count + path.count};
}

struct str fix_shown(const struct fix_plan *p, struct str path) {
    struct str current = path_real(p->arena, STR("."));
    return current.len ? path_relative(path, current) : path;
}

const struct value *fix_value(const struct value *root, struct key_path path) {
    return value_path(root, path.keys, path.count);
}

struct span fix_span(const struct fix_doc *doc, struct key_path path) {
    const struct value *value = fix_value(&doc->values, path);
    return value ? reporter_key_span(&doc->reporter, value) : (struct span){0, 0};
}

/* What a decision is remembered by. */
static struct str decision_key(const struct fix_plan *p, enum fix_part kind, struct key_path path) {
    struct str pointer = fix_pointer(p, path);
    return arena_printf(p->arena, "%d%.*s", (int)kind, STR_ARG(pointer));
}

struct fix_refusal *fix_refuse(struct fix_plan *p, enum fix_part kind, struct key_path path, struct source *about,
                               struct span span, struct str reason) {
    struct str key = decision_key(p, kind, path);
    struct fix_refusal *refusal = map_get(&p->refused, key);
    p->again = true;
    if (refusal) return refusal;
    refusal = arena_new(p->arena, struct fix_refusal);
    *refusal =
        (struct fix_refusal){.part = kind, .path = fix_dotted(p, path), .reason = reason, .about = about, .span = span};
    if (kind == PART_RULE) refusal->check = map_get(&p->rule_checks, fix_pointer(p, path));
    map_put(p->arena, &p->refused, key, refusal);
    return refusal;
}

bool fix_is_refused(const struct fix_plan *p, enum fix_part kind, struct key_path path) {
    return p->refused.len && map_get(&p->refused, decision_key(p, kind, path));
}

bool fix_is_wanted(const struct fix_plan *p, const struct fix_doc *doc, const struct check *check, struct span span) {
    if (!p->settings->enabled[check->index] || p->settings->severity[check->index] < p->settings->lowest) return false;
    return !suppress_holds_back(doc->suppressions, check, span);
}

bool fix_is_foreign(const struct fix_plan *p, struct key_path path) {
    struct str key = path.count ? path.keys[0] : STR("");
    if (str_eq(key, PARTS_GLOBAL) || str_eq(key, PARTS_TAGS)) return true;
    for (uint32_t i = 0; i < p->part_keys.len; i++)
        if (str_eq(key, p->part_keys.items[i])) return true;
    return false;
}

static bool read_part(void *data, struct str path, struct value *values) {
    struct fix_plan *p = data;
    struct error error;
    struct str text;
    return lint_read_text(p->arena, p->request->texts, path, &text, &error) &&
           read_plain_values(p->arena, text, values);
}

void fix_list_imports(struct fix_plan *p) {
    const struct parts_reader reader = {read_part, p};
    parts_list_imports(p->arena, p->request->paths->folder, &p->chart, &reader, &p->imports);
}

bool fix_is_imported(const struct fix_plan *p, struct key_path path) {
    if (p->imports.keys.len == 0 && p->imports.paths.len == 0) return false;
    struct str dotted = fix_dotted(p, path);
    bool found = false;
    for (uint32_t i = 0; i < p->imports.keys.len && !found; i++)
        found = path.count && str_eq(p->imports.keys.items[i], path.keys[0]);
    for (uint32_t i = 0; i < p->imports.paths.len && !found; i++)
        found = dotted_leads(p->imports.paths.items[i], dotted) || dotted_leads(dotted, p->imports.paths.items[i]);
    return found;
}

bool fix_is_switch(const struct fix_plan *p, struct key_path path, bool below) {
    for (uint32_t i = 0; i < p->chart.dependencies.len; i++) {
        struct str list = p->chart.dependencies.items[i].condition, piece;
        while (parts_next_condition(&list, &piece)) {
            struct str dotted = fix_dotted(p, path);
            if (dotted_leads(piece, dotted) || (below && dotted_leads(dotted, piece))) return true;
        }
    }
    return false;
}
