/* Moves: a value at an old place goes to the standard's, its comments with it. All values files of a chart move
 * alike, or not at all: the templates can follow one way only. */
#include "base/buf.h"
#include "base/fuzzy.h"
#include "check/coerce.h"
#include "config/convert.h"
#include "fix/fix_plan.h"
#include "value/json.h"
#include "value/pointer.h"
#include "yaml/lex.h"

/* Whether the old place of a value of its own lies at (`exact`) or below `path`. */
static bool is_known(const struct standard *standard, struct key_path path, bool exact) {
    const struct map *legacies = &standard->legacies;
    for (uint32_t i = 0; i < legacies->len; i++) {
        const struct legacy *legacy = legacies->entries[i].value;
        if (legacy->subtree || (legacy->key_count == path.count) != exact) continue;
        if (keys_lead(path.keys, path.count, legacy->keys, legacy->key_count)) return true;
    }
    return false;
}

static struct key_path property_path(const struct schema_property *property) {
    return (struct key_path){property->keys, property->key_count};
}

/* Takes note of a move, once for all files. */
static void note_move(struct fix_plan *p, const struct legacy *legacy, struct key_path from, struct key_path to) {
    struct str pointer = fix_pointer(p, from);
    if (fix_is_refused(p, PART_MOVE, from)) return;
    if (fix_is_foreign(p, from) || fix_is_foreign(p, to))
        fix_refuse(p, PART_MOVE, from, NULL, (struct span){0, 0}, STR("a subchart's values are there"));
    if (fix_is_imported(p, from) || (to.count && fix_is_imported(p, to)))
        fix_refuse(p, PART_MOVE, from, NULL, (struct span){0, 0},
                   STR("a dependency sets values there (import-values)"));
    if (fix_is_switch(p, from, true) || fix_is_switch(p, to, true))
        fix_refuse(p, PART_MOVE, from, NULL, (struct span){0, 0},
                   STR("Chart.yaml uses it as the condition of a dependency"));
    if (p->unread.len)
        fix_refuse(p, PART_MOVE, from, NULL, (struct span){0, 0},
                   arena_printf(p->arena, "%.*s cannot be parsed and would keep the old place", STR_ARG(p->unread)));
    if (fix_is_refused(p, PART_MOVE, from) || map_get(&p->moves_by_from, pointer)) return;
    struct fix_move *move = arena_new(p->arena, struct fix_move);
    *move = (struct fix_move){legacy, from, to, pointer};
    map_put(p->arena, &p->moves_by_from, pointer, move);
    vec_push(p->arena, &p->moves, move);
}

/* Takes note of a value at an old place. */
static void add_move(struct fix_plan *p, const struct fix_doc *doc, const struct legacy *legacy, struct key_path from,
                     struct key_path to) {
    const struct check *check = p->request->checks->by[CHECK_LEGACY_PATH];
    if (fix_is_refused(p, PART_MOVE, from)) return;
    if (!fix_is_wanted(p, doc, check, fix_span(doc, from)))
        fix_refuse(p, PART_MOVE, from, NULL, (struct span){0, 0}, STR("a comment suppresses the finding"))->quiet =
            true;
    note_move(p, legacy, from, to);
}

/* The largest parts of `value` in which nothing has a place of its own. */
static void add_rest(struct fix_plan *p, const struct fix_doc *doc, const struct legacy *legacy, struct key_path from,
                     struct key_path to, const struct value *value) {
    const struct standard *standard = p->settings->standard;
    for (uint32_t i = 0; i < value->map.len; i++) {
        const struct member *member = &value->map.members[i];
        struct key_path below = fix_below(p, from, member->key), target = fix_below(p, to, member->key);
        if (is_known(standard, below, true)) continue;
        if (member->value.kind == VALUE_MAP && is_known(standard, below, false))
            add_rest(p, doc, legacy, below, target, &member->value);
        else add_move(p, doc, legacy, below, target);
    }
}

/* The move that somebody asked for. Charts around may set its old place where this one does not, and templates may read
 * it where nobody does. */
static void find_renamed(struct fix_plan *p) {
    const struct fix_rename *rename = p->request->rename;
    struct key_path from = {rename->from, rename->from_count}, to = {rename->to, rename->to_count};
    struct legacy *legacy = arena_new(p->arena, struct legacy);
    bool set = false;
    *legacy = (struct legacy){.path = rename->from_text, .keys = from.keys, .key_count = from.count};
    for (uint32_t d = 0; d < p->docs.len; d++) set = set || fix_value(&p->docs.items[d]->values, from);
    p->result->named = p->result->named || set;
    if (set && str_eq(p->chart.type, STR("library")) && !fix_is_refused(p, PART_MOVE, from))
        fix_refuse(p, PART_MOVE, from, NULL, (struct span){0, 0},
                   STR("the templates of a library chart read the values of the charts that use it"));
    if (set || p->made.len == 0) note_move(p, legacy, from, to);
}

void fix_find_moves(struct fix_plan *p) {
    struct legacy_state state;
    p->moves.len = 0;
    p->moves_by_from = (struct map){0};
    if (p->request->rename) {
        find_renamed(p);
        return;
    }
    if (!p->settings->enabled[p->request->checks->by[CHECK_LEGACY_PATH]->index]) return;
    for (uint32_t d = 0; d < p->docs.len; d++) {
        const struct fix_doc *doc = p->docs.items[d];
        legacy_scan(p->arena, p->settings->standard, &doc->values, &state);
        for (uint32_t i = 0; i < state.count; i++) {
            const struct legacy *legacy = state.standing[i];
            struct key_path from = {legacy->keys, legacy->key_count};
            struct key_path to = property_path(legacy->targets.items[0]);
            if (legacy->subtree) add_rest(p, doc, legacy, from, to, state.values[i]);
            else add_move(p, doc, legacy, from, legacy->split ? (struct key_path){NULL, 0} : to);
        }
    }
}

/* The path whose last key may be meant, among those that stand beside it; empty for none. */
static struct str find_near(struct fix_plan *p, struct key_path path) {
    const struct value *around = fix_value(&p->docs.items[0]->values, (struct key_path){path.keys, path.count - 1});
    if (!around || around->kind != VALUE_MAP) return STR("");
    struct str *names = arena_array(p->arena, struct str, around->map.len + 1);
    for (uint32_t i = 0; i < around->map.len; i++) names[i] = around->map.members[i].key;
    struct str nearest = fuzzy_nearest(path.keys[path.count - 1], names, around->map.len);
    return nearest.len ? fix_dotted(p, fix_below(p, (struct key_path){path.keys, path.count - 1}, nearest)) : nearest;
}

void fix_end_rename(struct fix_plan *p) {
    struct key_path from = {p->request->rename->from, p->request->rename->from_count};
    struct fix_result *result = p->result;
    result->named = result->named || result->moved.len || result->stopped.reason.len || result->bug.len;
    for (uint32_t v = 0; p->layers && p->views && v < p->views->list.len && !result->named; v++)
        for (uint32_t i = 0; i < p->layers[v].len; i++) {
            const struct release_view *view = &p->views->list.items[v];
            const struct value *own = value_path(&p->layers[v].items[i].values, view->keys, view->key_count);
            result->named = result->named || (own && fix_value(own, from));
        }
    result->near = !result->named && p->docs.len ? find_near(p, from) : STR("");
}

static struct fix_origin origin_of(const struct fix_move *move) {
    return (struct fix_origin){PART_MOVE, move->from};
}

/* Whether a property takes strings, and nothing that `value` is. */
static bool wants_string(const struct schema_property *property, const struct value *value) {
    if (value->kind != VALUE_BOOL && !value_is_number(value)) return false;
    unsigned own = value->kind == VALUE_BOOL ? TYPE_BOOL : TYPE_INTEGER | TYPE_NUMBER;
    return (property->types & TYPE_STRING) && !(property->types & own);
}

/* `value` as the property wants it: as the string that a template prints for it, or that its author wrote. */
static struct value as_wanted(const struct fix_plan *p, const struct fix_doc *doc,
                              const struct schema_property *property, const struct value *value) {
    struct buf text = buf_in(p->arena);
    if (!wants_string(property, value)) return *value;
    if (p->request->unsafe && value->node) return value_from_string(doc->tree.nodes[value->node]->text);
    json_print_scalar(&text, value);
    return value_from_string(buf_str(&text));
}

/* Whether a value can be added at `path`: nothing stands there or, on the way, in place of a mapping. */
static bool is_free(const struct value *root, struct key_path path) {
    for (uint32_t i = 0; i < path.count; i++) {
        const struct value *value = fix_value(root, (struct key_path){path.keys, i});
        if (value && value->kind != VALUE_MAP) return false;
    }
    return !fix_value(root, path);
}

/* Adds the value at the targets behind the first, where that can be done: they follow from the first too. */
static bool add_others(struct fix_plan *p, struct fix_doc *doc, const struct fix_move *move,
                       const struct value *value) {
    for (uint32_t i = 1; !move->legacy->subtree && i < move->legacy->targets.len; i++) {
        const struct schema_property *target = move->legacy->targets.items[i];
        struct key_path path = property_path(target);
        if (!is_free(&doc->model, path) || fix_is_refused(p, PART_ADD, path)) continue;
        struct value *wanted = arena_new(p->arena, struct value);
        *wanted = as_wanted(p, doc, target, value);
        struct patch_operation add = {.kind = PATCH_ADD, .path = target->pointer, .value = wanted};
        if (!fix_do(p, doc, &add, (struct fix_origin){PART_ADD, path})) return false;
    }
    return true;
}

/* The new place holds a value already. */
static void meet(struct fix_plan *p, struct fix_doc *doc, const struct fix_move *move, const struct value *value,
                 const struct value *there) {
    struct patch_operation removal = {
        .kind = PATCH_REMOVE, .path = move->pointer, .prune = true, .keep_comments = true};
    if (legacy_same_value(p->arena, value, there)) {
        fix_do(p, doc, &removal, origin_of(move));
        return;
    }
    struct span span = there->node ? reporter_value_span(&doc->reporter, there) : (struct span){0, 0};
    fix_refuse(p, PART_MOVE, move->from, &doc->source, span,
               arena_printf(p->arena, "`%.*s` holds another value", STR_ARG(fix_dotted(p, move->to))));
}

/* Whether only the last key of the path becomes another one: then the entry can stay where it is. */
static bool stays_among_siblings(const struct fix_move *move) {
    uint32_t above = move->from.count - 1;
    return move->to.count == move->from.count && keys_lead(move->from.keys, above, move->to.keys, above);
}

static void refuse_at(struct fix_plan *p, struct fix_doc *doc, const struct fix_move *move, const struct value *value,
                      struct str reason) {
    struct span span = value->node ? reporter_value_span(&doc->reporter, value) : (struct span){0, 0};
    fix_refuse(p, PART_MOVE, move->from, &doc->source, span, reason);
}

/* What becomes of the value at the target `index`; NULL, with a refusal, where that fails. */
static const struct value *converted(struct fix_plan *p, struct fix_doc *doc, const struct fix_move *move,
                                     uint32_t index, const struct value *value) {
    struct value *out = arena_new(p->arena, struct value);
    struct str why = STR("");
    if (doc->overlay && value->kind == VALUE_NULL) return value; /* that takes the default away, there too */
    if (convert_value(p->arena, move->legacy, index, value, out, &why)) return out;
    refuse_at(p, doc, move, value, why);
    return NULL;
}

/* The parts of a value that go to targets behind the first. */
static bool add_parts(struct fix_plan *p, struct fix_doc *doc, const struct fix_move *move, const struct value *value) {
    for (uint32_t i = 1; i < move->legacy->targets.len; i++) {
        const struct schema_property *target = move->legacy->targets.items[i];
        struct key_path path = property_path(target);
        const struct value *part = converted(p, doc, move, i, value), *there = fix_value(&doc->model, path);
        struct patch_operation add = {.kind = PATCH_ADD, .path = target->pointer, .value = part};
        if (!part) return false;
        if (there && value_equal(there, part)) continue;
        if (!is_free(&doc->model, path)) {
            refuse_at(p, doc, move, there ? there : value,
                      arena_printf(p->arena, "`%.*s` holds another value", STR_ARG(target->path)));
            return false;
        }
        if (!fix_do(p, doc, &add, origin_of(move))) return false;
    }
    return true;
}

/* Whether comments stand in the value, a mapping or a list: they belong to what the conversion takes apart. Those that
 * are indented more than the key behind its last line stand in it, too. */
static bool holds_comments(struct fix_plan *p, const struct fix_doc *doc, const struct value *value) {
    struct str text = doc->source.text;
    struct spans comments = {NULL, 0, 0};
    bool block = (value->kind == VALUE_MAP || value->kind == VALUE_LIST) && value->node;
    if (!block) return false;
    const struct node *node = doc->tree.nodes[value->node];
    uint32_t key = reporter_key_span(&doc->reporter, value).start, line = key, end = node->span.end;
    uint32_t first = (uint32_t)(key + str_find_char(str_slice(text, key, text.len), '\n'));
    while (line > 0 && text.ptr[line - 1] != '\n') line--;
    for (uint32_t at = (uint32_t)(end + str_find_char(str_slice(text, end, text.len), '\n')) + 1; at < text.len;) {
        struct str rest = str_slice(text, at, at + str_find_char(str_slice(text, at, text.len), '\n'));
        struct str words = str_trim(rest);
        if (words.len && (words.ptr[0] != '#' || (size_t)(words.ptr - rest.ptr) <= key - line)) break;
        if (words.len) end = (uint32_t)(at + rest.len);
        at += (uint32_t)rest.len + 1;
    }
    yaml_lex_comments(p->arena, &doc->tree, &comments);
    for (uint32_t i = 0; i < comments.len; i++)
        if (comments.items[i].start > first && comments.items[i].start < end) return true;
    return false;
}

/* A value that has another shape in its new place: it gets that where it stands, and then moves, with its comments. */
static void convert_moved(struct fix_plan *p, struct fix_doc *doc, const struct fix_move *move,
                          const struct value *value) {
    const struct value *there = fix_value(&doc->model, move->to), *now = converted(p, doc, move, 0, value);
    const struct value whole = *value; /* the model changes below */
    if (now && !value_equal(value, now) && holds_comments(p, doc, value)) {
        refuse_at(p, doc, move, value, STR("the comments in it have no place in the converted value"));
        return;
    }
    if (!now) return;
    if (there) {
        if (add_parts(p, doc, move, &whole)) meet(p, doc, move, now, there);
        return;
    }
    struct patch_operation replace = {.kind = PATCH_REPLACE, .path = move->pointer, .value = now};
    struct patch_operation operation = {.kind = PATCH_MOVE, .from = move->pointer, .path = fix_pointer(p, move->to)};
    if (!value_equal(&whole, now) && !fix_do(p, doc, &replace, origin_of(move))) return;
    if (fix_do(p, doc, &operation, origin_of(move))) add_parts(p, doc, move, &whole);
}

static void move_value(struct fix_plan *p, struct fix_doc *doc, const struct fix_move *move,
                       const struct value *value) {
    if (convert_is_needed(move->legacy)) {
        convert_moved(p, doc, move, value);
        return;
    }
    const struct value *there = fix_value(&doc->model, move->to), moved = *value;
    bool by_standard = move->legacy->targets.len && !move->legacy->subtree;
    const struct schema_property *target = by_standard ? move->legacy->targets.items[0] : NULL;
    struct patch_operation operation = {.kind = PATCH_MOVE, .from = move->pointer, .path = fix_pointer(p, move->to)};
    if (there) {
        meet(p, doc, move, value, there);
        return;
    }
    if (p->request->rename && stays_among_siblings(move))
        operation = (struct patch_operation){
            .kind = PATCH_RENAME, .path = move->pointer, .key = move->to.keys[move->to.count - 1]};
    if (target && wants_string(target, value)) {
        struct value *wanted = arena_new(p->arena, struct value);
        *wanted = as_wanted(p, doc, target, value);
        operation.as_string = value->node && str_eq(doc->tree.nodes[value->node]->text, wanted->string);
        struct patch_operation replace = {.kind = PATCH_REPLACE, .path = move->pointer, .value = wanted};
        if (!operation.as_string && !fix_do(p, doc, &replace, origin_of(move))) return;
    }
    if (fix_do(p, doc, &operation, origin_of(move))) add_others(p, doc, move, &moved);
}

/* An image as one string becomes a mapping of its parts. */
static void split_value(struct fix_plan *p, struct fix_doc *doc, const struct fix_move *move,
                        const struct value *value) {
    size_t slash = str_rfind_char(value->string, '/');
    struct str name = slash == value->string.len ? value->string : str_slice(value->string, slash, value->string.len);
    size_t colon = value->string.len - name.len + str_rfind_char(name, ':');
    bool found;
    if (str_find_char(value->string, '@') < value->string.len) {
        fix_refuse(p, PART_MOVE, move->from, &doc->source, reporter_value_span(&doc->reporter, value),
                   STR("the standard has no place for a digest"));
        return;
    }
    struct value *parts = arena_new(p->arena, struct value);
    *parts = value_map_new(p->arena, 2);
    value_map_put(parts, STR("repository"), &found)->value = value_from_string(str_slice(value->string, 0, colon));
    if (colon < value->string.len)
        value_map_put(parts, STR("tag"), &found)->value =
            value_from_string(str_slice(value->string, colon + 1, value->string.len));
    struct patch_operation replace = {.kind = PATCH_REPLACE, .path = move->pointer, .value = parts};
    fix_do(p, doc, &replace, origin_of(move));
}

static bool any_refused_below(const struct fix_plan *p, struct key_path path) {
    for (uint32_t i = 0; i < p->refused.len; i++) {
        const struct fix_refusal *refusal = p->refused.entries[i].value;
        struct str pointer = str_slice(p->refused.entries[i].key, 1, p->refused.entries[i].key.len);
        struct str above = fix_pointer(p, path);
        if (refusal->part == PART_MOVE && str_starts(pointer, above) &&
            (pointer.len == above.len || pointer.ptr[above.len] == '/'))
            return true;
    }
    return false;
}

/* Moves all that is left of a subtree at once, with its own comments, where nothing stands in the way. */
static void move_rest(struct fix_plan *p, struct fix_doc *doc, const struct legacy *legacy) {
    struct key_path from = {legacy->keys, legacy->key_count}, to = property_path(legacy->targets.items[0]);
    const struct value *rest = fix_value(&doc->model, from);
    if (!rest || rest->kind != VALUE_MAP || rest->map.len == 0 || fix_value(&doc->model, to)) return;
    if (p->moves.len == 0 || any_refused_below(p, from)) return;
    struct patch_operation operation = {.kind = PATCH_MOVE, .from = fix_pointer(p, from), .path = fix_pointer(p, to)};
    fix_do(p, doc, &operation, (struct fix_origin){PART_MOVE, from});
}

void fix_plan_moves(struct fix_plan *p, struct fix_doc *doc) {
    const struct map *legacies = &p->settings->standard->legacies;
    for (uint32_t i = 0; i < p->moves.len && !p->again; i++) {
        const struct fix_move *move = p->moves.items[i];
        const struct value *value = move->legacy->subtree ? NULL : fix_value(&doc->model, move->from);
        if (value && move->legacy->split && value->kind == VALUE_STRING) split_value(p, doc, move, value);
        else if (value && !move->legacy->split) move_value(p, doc, move, value);
    }
    for (uint32_t i = 0; i < legacies->len && !p->again && !p->request->rename; i++) {
        const struct legacy *legacy = legacies->entries[i].value;
        struct key_path from = {legacy->keys, legacy->key_count};
        if (legacy->subtree && !fix_is_refused(p, PART_MOVE, from)) move_rest(p, doc, legacy);
    }
    for (uint32_t i = 0; i < p->moves.len && !p->again; i++) {
        const struct fix_move *move = p->moves.items[i];
        const struct value *value = move->legacy->subtree ? fix_value(&doc->model, move->from) : NULL;
        if (value) move_value(p, doc, move, value);
    }
}

/* The move of this file that brought the value at `path`, or NULL. */
static const struct fix_move *brought_by(const struct fix_plan *p, const struct fix_doc *doc, struct key_path path) {
    for (uint32_t i = 0; i < p->moves.len; i++) {
        const struct fix_move *move = p->moves.items[i];
        if (!fix_value(&doc->values, move->from)) continue;
        if (move->to.count && keys_lead(move->to.keys, move->to.count, path.keys, path.count)) return move;
        if (move->legacy->split && keys_lead(move->from.keys, move->from.count, path.keys, path.count)) return move;
        for (uint32_t t = 1; convert_is_needed(move->legacy) && t < move->legacy->targets.len; t++) {
            const struct schema_property *part = move->legacy->targets.items[t];
            if (keys_lead(part->keys, part->key_count, path.keys, path.count)) return move;
        }
    }
    return NULL;
}

void fix_check_moved(struct fix_plan *p, struct fix_doc *doc) {
    const struct violations *violations = p->moves.len ? fix_violations(p, doc) : NULL;
    for (uint32_t i = 0; violations && i < violations->len; i++) {
        const struct violation *violation = &violations->items[i];
        struct str *keys;
        uint32_t count;
        bool about_keys = violation->keyword == SCHEMA_REQUIRED || violation->keyword == SCHEMA_ADDITIONAL_PROPERTIES ||
                          violation->keyword == SCHEMA_UNEVALUATED_PROPERTIES; /* an unknown key is so anywhere */
        if (about_keys || !pointer_parse(p->arena, violation->pointer, &keys, &count)) continue;
        if (doc->overlay && violation->instance->kind == VALUE_NULL) continue;
        const struct fix_move *move = brought_by(p, doc, (struct key_path){keys, count});
        if (!move) continue;
        struct schema_message words = schema_violation_message(p->arena, violation);
        struct span span = fix_span(doc, move->from);
        fix_refuse(p, PART_MOVE, move->from, &doc->source, span,
                   arena_printf(p->arena, "it would be invalid in its new place: %.*s", STR_ARG(words.message)))
            ->unsafe = coerce_suggest(p->arena, violation).fix == FIX_UNSAFE;
        p->result->unsafe_differs = true;
    }
}
