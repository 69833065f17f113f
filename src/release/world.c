#include "release/world.h"

#include "base/path.h"
#include "base/system.h"
#include "release/names.h"

struct release_world {
    struct arena arena; /* of all that is found; used inside the monitor alone */
    struct system_monitor *monitor;
    struct map graphs; /* root -> struct release_graph */
    struct map names;  /* folder -> struct release_names */
};

struct release_world *release_world_new(struct arena *a) {
    struct release_world *world = arena_new(a, struct release_world);
    world->monitor = system_monitor_new(a);
    return world;
}

void release_world_end(struct release_world *world) {
    system_monitor_end(world->monitor);
    arena_free(&world->arena);
}

const struct release_graph *release_world_graph(struct release_world *world, struct str folder) {
    system_monitor_enter(world->monitor);
    struct str root = release_root(&world->arena, folder);
    struct release_graph *graph = map_get(&world->graphs, root);
    if (!graph) map_put(&world->arena, &world->graphs, root, graph = release_graph_read(&world->arena, root));
    system_monitor_leave(world->monitor);
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

struct str release_linked_from(const struct release_graph *graph, struct str path) {
    for (; path_is_below(path, graph->root); path = path_folder(path)) {
        const struct str *link = map_get(&graph->links, path);
        if (link) return *link;
        if (str_eq(path, STR("/"))) break;
    }
    return (struct str){NULL, 0};
}
