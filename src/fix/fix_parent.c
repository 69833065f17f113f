/* A chart in the charts/ of another one: the values of this one are a part of that one's, below its name, and that
 * one's templates may read them. They are not changed: what one of them would have to follow, or would see, is refused.
 */
#include "base/path.h"
#include "fix/fix_plan.h"

static bool any_of_parent(const struct fix_templates *templates) {
    for (uint32_t i = 0; i < templates->files.len; i++)
        if (templates->files.items[i]->of_parent) return true;
    return false;
}

/* `path` below the key `name`. */
static struct key_path seen_from_above(const struct fix_plan *p, struct str name, struct key_path path) {
    struct str *keys = arena_array(p->arena, struct str, path.count + 1);
    keys[0] = name;
    if (path.count) memcpy(keys + 1, path.keys, sizeof *keys * path.count);
    return (struct key_path){keys, path.count + 1};
}

static void refuse_pins(struct fix_plan *p, const struct fix_template *file, const struct template_rewrite *rewrite) {
    for (uint32_t i = 0; i < rewrite->pins.len; i++) {
        const struct template_pin *pin = &rewrite->pins.items[i];
        if (pin->kind != TEMPLATE_PIN_SOURCE) continue;
        for (uint32_t m = 0; m < p->moves.len; m++) {
            if (pin->move != m && pin->move != TEMPLATE_EVERY_MOVE) continue;
            struct source *source = arena_new(p->arena, struct source);
            *source = (struct source){.path = file->source.path, .text = file->text};
            fix_refuse(p, PART_MOVE, p->moves.items[m]->from, source, pin->span, pin->reason);
        }
    }
}

/* `values` as the chart around has them. */
static struct value below_name(const struct fix_plan *p, struct str name, const struct value *values) {
    struct value out = value_map_new(p->arena, 1);
    bool found;
    value_map_put(&out, name, &found)->value = *values;
    return out;
}

/* Whether the template prints the same with the values of this chart as they become. */
static void agree_above(struct fix_plan *p, const struct template_set *set, const struct fix_template *file,
                        const struct template_file *read, struct str name) {
    const struct fix_doc *doc = p->docs.items[0];
    struct value before = below_name(p, name, &doc->values), after = below_name(p, name, &doc->model);
    struct template_clashes clashes = {NULL, 0, 0};
    template_agree(p->arena, set, read, &before, set, read, &after, &clashes);
    for (uint32_t i = 0; i < clashes.len; i++) {
        struct template_clash clash = clashes.items[i];
        if (clash.key_count) clash.keys++, clash.key_count--;
        if (clash.new_key_count) clash.new_keys++, clash.new_key_count--;
        fix_blame(p, file, &clash);
    }
}

void fix_ask_parent(struct fix_plan *p) {
    struct str folder = p->request->paths->folder;
    struct VEC(struct template_move) moves = {NULL, 0, 0};
    struct VEC(const struct template_file *) read = {NULL, 0, 0};
    struct template_set set;
    if (p->docs.items[0]->overlay || !any_of_parent(&p->templates)) return;
    struct str absolute = path_absolute(p->arena, folder.len ? folder : STR("."));
    struct str name = chart_name_in_parent(p->arena, path_folder(path_folder(absolute)), p->chart.name);
    if (name.len == 0) return;
    for (uint32_t i = 0; i < p->moves.len; i++) {
        struct key_path from = seen_from_above(p, name, p->moves.items[i]->from);
        struct key_path to = seen_from_above(p, name, p->moves.items[i]->to);
        vec_push(p->arena, &moves, (struct template_move){from.keys, from.count, to.keys, to.count});
    }
    template_set_init(p->arena, &set);
    for (uint32_t i = 0; i < p->templates.files.len; i++) {
        const struct fix_template *file = p->templates.files.items[i];
        enum template_role role = file->of_parent ? TEMPLATE_SHARED : TEMPLATE_LIBRARY;
        vec_push(p->arena, &read, file->holder ? NULL : template_set_add(&set, file->text, role));
    }
    template_set_finish(&set);
    for (uint32_t i = 0; i < read.len; i++) {
        struct template_rewrite rewrite = {0};
        if (!p->templates.files.items[i]->of_parent) continue;
        template_rewrite(p->arena, &set, read.items[i], moves.items, moves.len, &rewrite);
        refuse_pins(p, p->templates.files.items[i], &rewrite);
        if (!p->again) agree_above(p, &set, p->templates.files.items[i], read.items[i], name);
    }
}
