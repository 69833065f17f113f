#include "release/world.h"

#include "base/file.h"
#include "base/path.h"
#include "base/system.h"
#include "chart/discover.h"
#include "release/names.h"
#include "yaml/read.h"

struct release_world {
    struct arena arena; /* of all that is found; used inside the monitor alone */
    struct system_monitor *monitor;
    const struct str *operands;
    uint32_t operand_count;
    struct str *real; /* the operands, absolute, links resolved; NULL before they are needed */
    struct str here;  /* the current folder, links resolved; empty before it is needed */
    struct VEC(struct str) flat;
    struct map repositories; /* folder -> struct str: the repository around it; empty for none */
    struct map graphs;       /* root -> struct release_graph */
    struct map places;       /* folder as it was asked for -> struct place */
    struct map names;        /* folder -> struct release_names */
};

/* Where a folder lies; to find it takes a look at every folder above it. */
struct place {
    const struct release_graph *graph;
    const struct release_chart *chart; /* NULL where it is none */
};

struct release_world *release_world_new(struct arena *a, const struct str *operands, uint32_t operand_count) {
    struct release_world *world = arena_new(a, struct release_world);
    world->operands = operands;
    world->operand_count = operand_count;
    world->monitor = system_monitor_new(a);
    return world;
}

void release_world_end(struct release_world *world) {
    system_monitor_end(world->monitor);
    arena_free(&world->arena);
}

bool release_world_is_asked(const struct release_world *world, struct str folder) {
    struct arena arena = {NULL, NULL};
    bool asked = false;
    for (uint32_t i = 0; i < world->operand_count && !asked; i++) {
        struct str operand = path_real(&arena, world->operands[i]);
        asked = operand.len && path_is_below(folder, operand);
    }
    arena_free(&arena);
    return asked;
}

void release_world_add_flat(struct release_world *world, struct str folder) {
    vec_push(&world->arena, &world->flat, folder);
}

/* What follows, up to the next line, is called inside of the monitor. */

/* The folder as an absolute path. Where no link is on the way it is the path that the graphs have, else none of theirs;
 * empty where `..` may lead from a link's target. */
static struct str place_of(const struct release_world *world, struct arena *a, struct str folder) {
    if (str_find(folder, STR("..")) < folder.len || world->here.len == 0) return STR("");
    return path_normalize(a, path_join(a, world->here, folder.len ? folder : STR(".")));
}

static struct str repository_of(struct release_world *world, struct str folder) {
    struct arena *a = &world->arena;
    struct str *known = map_get(&world->repositories, folder), found = STR("");
    if (known) return *known;
    if (file_kind(path_join(a, folder, STR(".git")).ptr) != FILE_MISSING) found = folder;
    else if (folder.len > 1) found = repository_of(world, arena_str(a, path_folder(folder)));
    known = arena_new(a, struct str);
    *known = found;
    map_put(a, &world->repositories, folder, known);
    return found;
}

static struct str root_of(struct release_world *world, struct str start) {
    struct arena *a = &world->arena;
    struct str repository = start.len ? repository_of(world, start) : start;
    if (repository.len) return repository;
    if (!world->real) {
        world->real = arena_array(a, struct str, world->operand_count + 1);
        for (uint32_t i = 0; i < world->operand_count; i++) world->real[i] = path_real(a, world->operands[i]);
    }
    return release_root_outside(a, start, world->real, world->operand_count);
}

static struct release_graph *read_graph(struct release_world *world, struct str root) {
    struct arena *a = &world->arena;
    struct map flat = {0};
    world->here = path_real(a, STR("."));
    for (uint32_t i = 0; i < world->flat.len; i++) {
        struct str folder = place_of(world, a, world->flat.items[i]);
        if (folder.len) map_put(a, &flat, folder, world);
    }
    return release_graph_read(a, root, &flat);
}

static const struct place *find_place(struct release_world *world, struct str folder) {
    struct arena *a = &world->arena;
    struct place *place = map_get(&world->places, folder);
    if (place) return place;
    struct str start = path_real(a, folder), root = root_of(world, start);
    struct release_graph *graph = map_get(&world->graphs, root);
    if (!graph) map_put(a, &world->graphs, root, graph = read_graph(world, root));
    place = arena_new(a, struct place);
    *place = (struct place){graph, start.len ? map_get(&graph->by_folder, start) : NULL};
    map_put(a, &world->places, arena_str(a, folder), place);
    return place;
}

/* ---- */

const struct chart *release_world_known(struct release_world *world, struct arena *a, struct str folder) {
    const struct release_chart *found = NULL;
    system_monitor_enter(world->monitor);
    struct str place = place_of(world, a, folder);
    for (uint32_t i = 0; place.len && !found && i < world->graphs.len; i++)
        found = map_get(&((const struct release_graph *)world->graphs.entries[i].value)->by_folder, place);
    system_monitor_leave(world->monitor);
    if (!found || !found->chart.found || found->chart.issues.len) return NULL; /* issues may name the path */
    struct chart *chart = arena_new(a, struct chart);
    *chart = found->chart;
    chart->source = (struct source){.path = path_join(a, folder, STR("Chart.yaml")), .text = found->chart.source.text};
    return chart;
}

const struct release_chart *release_world_chart(struct release_world *world, struct str folder,
                                                const struct release_graph **graph) {
    system_monitor_enter(world->monitor);
    const struct place *place = find_place(world, folder);
    system_monitor_leave(world->monitor);
    *graph = place->graph;
    return place->chart;
}

const struct release_graph *release_world_graph(struct release_world *world, struct str folder) {
    const struct release_graph *graph;
    release_world_chart(world, folder, &graph);
    return graph;
}

const struct release_names *release_world_names(struct release_world *world, const struct release_chart *chart) {
    system_monitor_enter(world->monitor);
    struct release_names *names = map_get(&world->names, chart->folder);
    if (!names) {
        names = arena_new(&world->arena, struct release_names);
        names_read(&world->arena, chart, names);
        map_put(&world->arena, &world->names, chart->folder, names);
    }
    system_monitor_leave(world->monitor);
    return names;
}

struct str release_linked_from(const struct release_graph *graph, struct str path, struct str own) {
    for (; path_is_below(path, graph->root); path = path_folder(path)) {
        const struct release_strs *links = map_get(&graph->links, path);
        for (uint32_t i = 0; links && i < links->len; i++)
            if (!path_is_below(links->items[i], own)) return links->items[i];
        if (str_eq(path, STR("/"))) break;
    }
    return (struct str){NULL, 0};
}

static void add_layer(struct arena *a, struct release_layers *layers, struct str path) {
    struct release_layer layer = {.source = {.path = path}};
    struct yaml_issues issues = {NULL, 0, 0};
    struct error error;
    struct tree tree;
    vec_push(a, layers, layer);
    struct release_layer *kept = &layers->items[layers->len - 1];
    kept->unread = !file_read(a, path.ptr, INPUT_MAX, &kept->source.text, &error) ||
                   !read_text_values(a, &kept->source, &tree, &kept->values, &issues);
}

void release_layers_read(struct arena *a, const struct release_chart *chart, struct release_layers *layers) {
    struct chart_paths paths;
    *layers = (struct release_layers){NULL, 0, 0};
    discover_chart(a, chart->folder, &paths);
    if (paths.values.len) add_layer(a, layers, paths.values);
    for (uint32_t i = 0; i < paths.overlays.len; i++) add_layer(a, layers, paths.overlays.items[i]);
}
