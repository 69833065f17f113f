/* Values of a chart that stand outside of its folder are checked as overlays of it: what is bound to it (files that the
 * configuration names, objects of GitOps tools), and, from the other side, what a chart sets for its parts.
 *
 * The former are a part of their file. They are checked on a text that is blank elsewhere, so that every place is that
 * of the file (release/part.h). The latter are checked together with the file that holds them, under the settings of
 * this chart and with the standard that applies to the part. Nothing is asked of the charts around where a chart has no
 * parts and nothing is bound. */
#include "base/file.h"
#include "base/path.h"
#include "check/lint_state.h"
#include "yaml/read.h"

/* ---- Bound from outside ---- */

struct str lint_shown_path(const struct lint *l, struct str path) {
    struct str current = path_real(l->arena, STR("."));
    return current.len ? path_relative(path, current) : path;
}

bool lint_is_whole(const struct release_binding *binding) {
    return binding->place.key_count == 0 && binding->place.document == 0 && binding->key_count == 0 &&
           !binding->is_unknown && binding->sets.len == 0;
}

const struct release_bindings *lint_bindings(struct lint *l) {
    if (l->bindings) return l->bindings;
    l->bindings = arena_new(l->arena, struct release_bindings);
    if (l->world && l->paths && l->paths->has_chart_yaml)
        release_world_bindings(l->world, l->arena, l->folder, false, l->bindings);
    return l->bindings;
}

/* Whether the file is one of the chart's own that are checked anyway. */
static bool is_checked(const struct lint *l, struct str path) {
    for (uint32_t i = 0; i < l->result->files.len; i++)
        if (str_eq(l->result->files.items[i]->source.path, path)) return true;
    return false;
}

static void check_layer(struct lint *l, const struct release_binding *binding) {
    struct release_layer layer = {.source = {.path = lint_shown_path(l, binding->path)}};
    bool whole = binding->place.key_count == 0 && binding->place.document == 0;
    struct error error;
    struct str text;
    if (binding->is_unknown || binding->sets.len || (whole && is_checked(l, layer.source.path))) return;
    if (!lint_read_text(l->arena, l->texts, layer.source.path, &text, &error)) return;
    if (part_is_templated(text)) return;
    release_layer_read(l->arena, binding, text, &layer);
    if ((layer.unread && !whole) || layer.is_loose) return;
    struct lint_file *file = lint_add_file(l, layer.source.path);
    file->source.text = layer.source.text;
    l->bound = binding;
    lint_check_values(l, file, true);
    l->bound = NULL;
    /* From here on the file is shown, and not what was checked of it. */
    struct str path = file->source.path;
    file->source = (struct source){.path = path, .text = text};
    source_lines(l->arena, &file->source);
}

void lint_check_bound(struct lint *l) {
    const struct release_bindings *bindings = lint_bindings(l);
    for (uint32_t i = 0; i < bindings->len; i++) check_layer(l, &bindings->items[i]);
}

/* ---- Parts ---- */

/* Charts inside of each other. */
#define DEPTH_MAX 16

/* What a chart sets for one of its parts. */
struct part {
    const struct release_chart *chart;
    struct str path;            /* dotted: where it stands */
    const struct value *values; /* that it sets */
    struct value own;           /* of the part's values.yaml */
};

/* Whether a chart in charts/, or behind `file://`, can be told from Chart.yaml and the folder alone. */
static bool may_have_parts(const struct lint *l) {
    for (uint32_t i = 0; i < l->chart.dependencies.len; i++)
        if (str_starts(l->chart.dependencies.items[i].repository, STR("file://"))) return true;
    if (!l->paths || l->paths->is_flat) return false;
    return file_kind(path_join(l->arena, l->folder, STR("charts")).ptr) == FILE_FOLDER;
}

static bool is_switch(const struct chart *chart, struct str path) {
    for (uint32_t i = 0; i < chart->dependencies.len; i++) {
        struct str list = chart->dependencies.items[i].condition, piece;
        while (list.len && str_split_next(&list, ',', &piece))
            if (str_eq(str_trim(piece), path)) return true;
    }
    return false;
}

/* Whether a finding of the part's shape is none here: a key that switches the part, `global`, a part of the part. */
static bool is_others(const struct lint *l, const struct part *part, const struct finding *finding) {
    struct str first = finding->path, key;
    if (!str_split_next(&first, '.', &key)) return false;
    if (str_eq(key, STR("global")) || str_eq(key, STR("tags"))) return true;
    for (uint32_t i = 0; i < part->chart->below.len; i++)
        if (str_eq(part->chart->below.items[i]->key, key)) return true;
    return is_switch(&l->chart, arena_printf(l->arena, "%.*s.%.*s", STR_ARG(part->path), STR_ARG(finding->path)));
}

/* The old place of a value, set by the chart around: it goes along where the part has the value there too, and has no
 * effect where the part has it at the new place. */
static bool rewrite_legacy(const struct lint *l, const struct part *part, const struct legacy_state *legacy,
                           struct finding *finding) {
    const struct checks *checks = l->checks;
    if (finding->check != checks->by[CHECK_LEGACY_PATH] && finding->check != checks->by[CHECK_LEGACY_CONFLICT])
        return true;
    for (uint32_t i = 0; i < legacy->count; i++) {
        const struct legacy *old = legacy->standing[i];
        const struct schema_property *target = old->targets.items[0];
        if (!str_eq(old->path, finding->path)) continue;
        if (value_path(&part->own, old->keys, old->key_count)) return false;
        if (!value_path(&part->own, target->keys, target->key_count)) return true;
        finding->check = checks->by[CHECK_OLD_PATH_ELSEWHERE];
        finding->severity = l->settings->severity[finding->check->index];
        finding->message = arena_printf(l->arena, "this overrides `%.*s` of the chart %.*s, which is `%.*s` now",
                                        STR_ARG(old->path), STR_ARG(part->chart->chart.name), STR_ARG(target->path));
        finding->help = STR("move it to the new place");
        return l->settings->enabled[finding->check->index];
    }
    return true;
}

/* Makes findings about the part what they are for the chart around, from number `from` on. */
static void settle(const struct lint *l, const struct part *part, const struct legacy_state *legacy,
                   struct findings *findings, uint32_t from) {
    uint32_t kept = from;
    for (uint32_t i = from; i < findings->len; i++) {
        struct finding *finding = &findings->items[i];
        if (is_others(l, part, finding) || !rewrite_legacy(l, part, legacy, finding)) continue;
        finding->fix = FIX_NONE; /* what is done to this chart does not change it */
        finding->path = finding->path.len
                            ? arena_printf(l->arena, "%.*s.%.*s", STR_ARG(part->path), STR_ARG(finding->path))
                            : part->path;
        findings->items[kept++] = *finding;
    }
    findings->len = kept;
}

static void check_part(struct lint *l, struct reporter *f, const struct part *part) {
    struct lint_result result = {.chart = part->chart->chart.name};
    struct lint of = *l;
    struct legacy_state legacy = {NULL, NULL, 0};
    of.chart = part->chart->chart;
    of.result = &result;
    of.paths = NULL;
    of.folder = part->chart->folder;
    if (l->base_settings) of.settings = l->base_settings;
    lint_choose_standard(&of, &part->own);
    if (result.exemption.len) return;
    uint32_t from = f->findings->len;
    const struct settings *settings = f->settings;
    f->settings = of.settings;
    lint_check_shape(&of, f, part->values, true, &legacy);
    f->settings = settings;
    settle(l, part, &legacy, f->findings, from);
}

static void check_below(struct lint *l, struct reporter *f, const struct release_chart *chart,
                        const struct value *values, struct str above, int depth) {
    for (uint32_t i = 0; i < chart->below.len && depth < DEPTH_MAX; i++) {
        const struct release_link *link = chart->below.items[i];
        const struct value *set = value_get(values, link->key);
        struct part part = {.chart = link->below, .path = link->key, .values = set};
        if (!set || set->kind != VALUE_MAP || link->uncertain || link->source == RELEASE_REPOSITORY) continue;
        if (above.len) part.path = arena_printf(l->arena, "%.*s.%.*s", STR_ARG(above), STR_ARG(link->key));
        struct str path = path_join(l->arena, link->below->folder, STR("values.yaml"));
        /* What has no values of its own is not known to follow a standard. */
        if (read_file_values(l->arena, path, INPUT_MAX, &part.own)) check_part(l, f, &part);
        check_below(l, f, link->below, set, part.path, depth + 1);
    }
}

void lint_check_parts(struct lint *l, struct reporter *f, const struct value *values) {
    const struct release_graph *graph;
    if (!l->world || !may_have_parts(l)) return;
    const struct release_chart *chart = release_world_chart(l->world, l->folder.len ? l->folder : STR("."), &graph);
    if (chart) check_below(l, f, chart, values, STR(""), 0);
}
