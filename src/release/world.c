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
    struct map graphs; /* root -> struct release_graph */
    struct map places; /* folder as it was asked for -> struct place */
    struct map names;  /* folder -> struct release_names */
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

/* Is called inside of the monitor. */
static const struct place *find_place(struct release_world *world, struct str folder) {
    struct arena *a = &world->arena;
    struct place *place = map_get(&world->places, folder);
    if (place) return place;
    struct str root = release_root(a, folder, world->operands, world->operand_count);
    struct release_graph *graph = map_get(&world->graphs, root);
    if (!graph) map_put(a, &world->graphs, root, graph = release_graph_read(a, root));
    place = arena_new(a, struct place);
    *place = (struct place){graph, release_chart_at(a, graph, folder)};
    map_put(a, &world->places, arena_str(a, folder), place);
    return place;
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
