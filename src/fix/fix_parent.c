/* The templates of an ancestor: the values of this chart are a part of that one's, below the keys of the view, and that
 * one's templates may read them there. They are not changed: what one of them would have to follow, or would see, is
 * refused.
 *
 * Most ancestors read nothing of their parts. So their templates are only gone through where the names that they use
 * leave a way to do so. */
#include "base/file.h"
#include "base/path.h"
#include "fix/fix_plan.h"

/* A template of the ancestor, or of one of its parts. */
struct above {
    struct source source;
    bool own;
    const struct refs_file *read;
};

struct aboves VEC(struct above);

/* `path` below the keys of the view. */
static struct key_path seen_from_above(const struct fix_plan *p, const struct release_view *view,
                                       struct key_path path) {
    struct str *keys = arena_array(p->arena, struct str, path.count + view->key_count);
    memcpy(keys, view->keys, sizeof *keys * view->key_count);
    if (path.count) memcpy(keys + view->key_count, path.keys, sizeof *keys * path.count);
    return (struct key_path){keys, path.count + view->key_count};
}

/* Whether templates of the ancestor may read values below the first key of the view: they name it, put names together,
 * or take the values as a whole; or a part's define does, which they may call with their root. */
static bool may_read(struct fix_plan *p, const struct release_chart *from, const struct release_view *view, bool own) {
    const struct release_names *names = release_world_names(p->request->world, from);
    if (names->unread || names->whole || names->subcharts) return true;
    if (map_get(&names->fields, view->keys[0]) || map_get(&names->strings, view->keys[0])) return true;
    if (own && map_get(&names->strings, STR("Values"))) return true;
    for (uint32_t i = 0; i < from->below.len && own; i++)
        if (may_read(p, from->below.items[i]->below, view, false)) return true;
    return false;
}

static void refuse_pins(struct fix_plan *p, struct above *file, const struct refs_rewrite *rewrite) {
    for (uint32_t i = 0; i < rewrite->blockers.len; i++) {
        const struct refs_blocker *pin = &rewrite->blockers.items[i];
        if (pin->kind != REFS_BLOCKS_SOURCE) continue;
        for (uint32_t m = 0; m < p->moves.len; m++) {
            if (pin->move != m && pin->move != REFS_EVERY_MOVE) continue;
            fix_refuse(p, PART_MOVE, p->moves.items[m]->from, &file->source, pin->span, pin->reason);
            p->result->waits = true;
        }
    }
}

struct value fix_seen_from_above(const struct fix_plan *p, const struct release_view *view,
                                 const struct value *values) {
    struct value out = *values;
    for (uint32_t i = view->key_count; i > 0; i--) {
        struct value around = value_map_new(p->arena, 1);
        bool found;
        value_map_put(&around, view->keys[i - 1], &found)->value = out;
        out = around;
    }
    return out;
}

/* Whether the template prints the same with the values of this chart as they become: in what it names, or in the
 * `parts` of mappings that it reads. True where the parts have to be asked too, of all files. */
static bool verify_output_above(struct fix_plan *p, const struct refs_set *set, const struct above *file,
                                const struct release_view *view, bool parts) {
    const struct fix_doc *doc = p->docs.items[0];
    struct value before = fix_seen_from_above(p, view, &doc->values), after = fix_seen_from_above(p, view, &doc->model);
    struct refs_differences differences = {NULL, 0, 0};
    struct fix_template shown = {.source = file->source, .text = file->source.text};
    bool more = false;
    if (parts) refs_compare_parts(p->arena, set, file->read, &before, set, file->read, &after, &differences);
    else more = refs_compare(p->arena, set, file->read, &before, set, file->read, &after, &differences);
    for (uint32_t i = 0; i < differences.len; i++) {
        struct refs_difference difference = differences.items[i];
        uint32_t old = difference.key_count < view->key_count ? difference.key_count : view->key_count;
        uint32_t new = difference.new_key_count < view->key_count ? difference.new_key_count : view->key_count;
        if (difference.key_count) difference.keys += old, difference.key_count -= old;
        if (difference.new_key_count) difference.new_keys += new, difference.new_key_count -= new;
        fix_attribute_difference(p, &shown, &difference);
    }
    return more;
}

/* Reads the templates of the ancestor; false where one cannot be read, and all moves are refused. */
static bool read_above(struct fix_plan *p, const struct release_view *view, struct refs_set *set,
                       struct aboves *files) {
    struct chart_templates list = {NULL, 0, 0};
    struct error error;
    bool ok = chart_list_templates(p->arena, view->from->folder, &list, &error);
    for (uint32_t i = 0; ok && i < list.len; i++) {
        enum chart_template_kind kind = list.items[i].kind;
        struct above file = {.source = {.path = fix_shown(p, list.items[i].path)},
                             .own = kind == CHART_TEMPLATE_OWN || kind == CHART_TEMPLATE_SHARED};
        if (kind == CHART_TEMPLATE_PARENT) continue;
        ok = file_read(p->arena, list.items[i].path.ptr, INPUT_MAX, &file.source.text, &error);
        if (!ok) break;
        file.read = refs_set_add(set, file.source.text, file.own ? REFS_SHARED : REFS_LIBRARY);
        vec_push(p->arena, files, file);
    }
    for (uint32_t m = 0; !ok && m < p->moves.len; m++)
        fix_refuse(p, PART_MOVE, p->moves.items[m]->from, NULL, (struct span){0, 0},
                   arena_str(p->arena, str_from(error.message)));
    return ok;
}

void fix_check_parents(struct fix_plan *p, const struct release_view *view) {
    struct VEC(struct refs_move) moves = {NULL, 0, 0};
    struct aboves files = {NULL, 0, 0};
    struct refs_set set;
    if (p->docs.items[0]->overlay || !may_read(p, view->from, view, true)) return;
    for (uint32_t i = 0; i < p->moves.len; i++) {
        struct key_path from = seen_from_above(p, view, p->moves.items[i]->from);
        struct key_path to = seen_from_above(p, view, p->moves.items[i]->to);
        vec_push(p->arena, &moves, (struct refs_move){from.keys, from.count, to.keys, to.count});
    }
    refs_set_init(p->arena, p->request->templates, &set);
    if (!read_above(p, view, &set, &files)) return;
    refs_set_finish(&set);
    struct refs_rewrite *rewrites = arena_array(p->arena, struct refs_rewrite, files.len + 1);
    bool more = false, parts = false;
    for (uint32_t i = 0; i < files.len; i++) {
        if (!files.items[i].own) continue;
        refs_rewrite_file(p->arena, &set, files.items[i].read, moves.items, moves.len, &rewrites[i]);
        more = more || rewrites[i].more;
    }
    for (uint32_t i = 0; i < files.len; i++) {
        if (more) refs_rewrite_parts(p->arena, &set, files.items[i].read, moves.items, moves.len, &rewrites[i]);
        refuse_pins(p, &files.items[i], &rewrites[i]);
    }
    for (uint32_t i = 0; i < files.len && !p->again; i++)
        if (files.items[i].own) parts |= verify_output_above(p, &set, &files.items[i], view, false);
    for (uint32_t i = 0; i < files.len && parts && !p->again; i++)
        verify_output_above(p, &set, &files.items[i], view, true);
}
