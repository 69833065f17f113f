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
    struct release_bound configured;
    struct VEC(struct str) charts; /* as they were given */
    struct map chart_folders;      /* the same, absolute; made when somebody asks */
    struct map objects;            /* root -> struct release_objects */
    struct map mentions;           /* root and key -> struct mentions */
    struct map starts;             /* folder as it was asked for -> struct str: links resolved */
    struct map own;                /* folder of a chart -> struct release_bindings */
    struct map local;              /* folder (links resolved) of a chart that dependencies by URL are built from */
    bool covers;
};

/* The GitOps objects below a root. */
struct release_objects {
    struct release_strs files;   /* that may hold any */
    struct release_bound *bound; /* NULL where there are no such files */
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

static void find_here(struct release_world *world) {
    if (world->here.len == 0) world->here = path_real(&world->arena, STR("."));
}

static struct release_graph *read_graph(struct release_world *world, struct str root) {
    struct arena *a = &world->arena;
    struct map flat = {0};
    find_here(world);
    for (uint32_t i = 0; i < world->flat.len; i++) {
        struct str folder = place_of(world, a, world->flat.items[i]);
        if (folder.len) map_put(a, &flat, folder, world);
    }
    return release_graph_read(a, root, &flat);
}

static const struct release_graph *graph_of(struct release_world *world, struct str root) {
    struct release_graph *graph = map_get(&world->graphs, root);
    if (!graph) map_put(&world->arena, &world->graphs, root, graph = read_graph(world, root));
    return graph;
}

static const struct place *find_place(struct release_world *world, struct str folder) {
    struct arena *a = &world->arena;
    struct place *place = map_get(&world->places, folder);
    if (place) return place;
    struct str start = path_real(a, folder);
    const struct release_graph *graph = graph_of(world, root_of(world, start));
    place = arena_new(a, struct place);
    *place = (struct place){graph, start.len ? map_get(&graph->by_folder, start) : NULL};
    map_put(a, &world->places, arena_str(a, folder), place);
    return place;
}

/* The folder with its links resolved; empty where it leads to nothing. */
static struct str start_of(struct release_world *world, struct str folder) {
    struct arena *a = &world->arena;
    if (folder.len == 0) folder = STR(".");
    struct str *known = map_get(&world->starts, folder);
    if (known) return *known;
    known = arena_new(a, struct str);
    folder = arena_str(a, folder);
    *known = path_real(a, folder);
    map_put(a, &world->starts, folder, known);
    return *known;
}

static const struct release_objects *objects_of(struct release_world *world, struct str root) {
    struct arena *a = &world->arena;
    struct release_objects *objects = map_get(&world->objects, root);
    if (objects || root.len == 0) return objects;
    find_here(world);
    for (uint32_t i = world->chart_folders.len ? world->charts.len : 0; i < world->charts.len; i++) {
        struct str folder = place_of(world, a, world->charts.items[i]);
        if (folder.len) map_put(a, &world->chart_folders, folder, world);
    }
    objects = arena_new(a, struct release_objects);
    map_put(a, &world->objects, root, objects);
    release_find_objects(a, root, &world->chart_folders, &objects->files);
    if (objects->files.len == 0) return objects;
    objects->bound = arena_new(a, struct release_bound);
    release_bind_objects(a, graph_of(world, root), &objects->files, objects->bound);
    return objects;
}

static const struct release_bindings *own_of(struct release_world *world, const struct release_chart *chart) {
    struct release_bindings *own = map_get(&world->own, chart->folder);
    if (own) return own;
    own = arena_new(&world->arena, struct release_bindings);
    map_put(&world->arena, &world->own, chart->folder, own);
    release_bind_own(&world->arena, chart, own);
    return own;
}

static void add_bindings(struct arena *a, const struct release_bindings *from, struct release_bindings *list) {
    for (uint32_t i = 0; from && i < from->len; i++) vec_push(a, list, from->items[i]);
}

/* ---- */

void release_world_bind(struct release_world *world, struct str folder, const struct release_binding *binding) {
    struct str real = path_real(&world->arena, folder.len ? folder : STR("."));
    if (real.len) release_bind(&world->arena, &world->configured, real, binding);
}

void release_world_add_local(struct release_world *world, struct str folder) {
    struct str real = path_real(&world->arena, folder.len ? folder : STR("."));
    if (real.len) map_put(&world->arena, &world->local, real, world);
}

bool release_world_is_local(const struct release_world *world, const struct release_chart *chart) {
    return map_get(&world->local, chart->folder) != NULL;
}

void release_world_add_chart(struct release_world *world, struct str folder) {
    vec_push(&world->arena, &world->charts, folder);
}

void release_world_cover(struct release_world *world) {
    world->covers = true;
}

void release_world_bindings(struct release_world *world, struct arena *a, struct str folder, bool moves,
                            struct release_bindings *list) {
    if (world->configured.charts.len == 0 && !world->covers && !moves) return;
    system_monitor_enter(world->monitor);
    struct str start = start_of(world, folder);
    const struct release_objects *objects = moves || world->covers ? objects_of(world, root_of(world, start)) : NULL;
    add_bindings(a, map_get(&world->configured.charts, start), list);
    if (objects && objects->bound) {
        add_bindings(a, map_get(&objects->bound->charts, start), list);
        if (moves) add_bindings(a, &objects->bound->everybody, list);
    }
    const struct place *place = moves ? find_place(world, folder.len ? folder : STR(".")) : NULL;
    if (place && place->chart) add_bindings(a, own_of(world, place->chart), list);
    system_monitor_leave(world->monitor);
}

const struct mentions *release_world_mentions(struct release_world *world, struct str folder, const struct map *firsts,
                                              struct str key) {
    struct arena *a = &world->arena;
    system_monitor_enter(world->monitor);
    const struct place *place = find_place(world, folder.len ? folder : STR("."));
    struct str name = arena_printf(a, "%.*s\n%.*s", STR_ARG(place->graph->root), STR_ARG(key));
    struct mentions *mentions = place->graph->root.len ? map_get(&world->mentions, name) : NULL;
    if (!mentions && place->graph->root.len) {
        mentions = arena_new(a, struct mentions);
        mentions_find(a, place->graph->root, &place->graph->by_folder, firsts, mentions);
        map_put(a, &world->mentions, name, mentions);
    }
    system_monitor_leave(world->monitor);
    return mentions;
}

void release_world_unbound(struct release_world *world, void (*each)(void *data, const struct release_unbound *unbound),
                           void *data) {
    for (uint32_t i = 0; i < world->objects.len; i++) {
        const struct release_objects *objects = world->objects.entries[i].value;
        for (uint32_t k = 0; objects->bound && k < objects->bound->unbound.len; k++)
            each(data, &objects->bound->unbound.items[k]);
    }
}

bool release_world_is_shared(struct release_world *world, struct str folder, const struct release_binding *binding) {
    struct arena arena = {NULL, NULL};
    system_monitor_enter(world->monitor);
    struct str root = root_of(world, start_of(world, folder));
    const struct release_objects *objects = map_get(&world->objects, root);
    bool shared = release_is_shared(&arena, &world->configured, binding) ||
                  release_is_shared(&arena, objects ? objects->bound : NULL, binding);
    system_monitor_leave(world->monitor);
    arena_free(&arena);
    return shared;
}

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
    kept->file = kept->source.text;
}

void release_layer_read(struct arena *a, const struct release_binding *binding, struct str text,
                        struct release_layer *layer) {
    struct yaml_issues issues = {NULL, 0, 0};
    struct tree tree;
    layer->bound = binding;
    layer->file = text;
    layer->unread = !part_read(a, text, &binding->place, &layer->source.text, &layer->within, &layer->why) ||
                    !read_text_values(a, &layer->source, &tree, &layer->values, &issues);
    if (layer->unread && binding->place.is_text && !part_is_templated(text)) {
        struct str inner = part_text(a, text, &binding->place);
        layer->is_loose = inner.len && read_plain_values(a, inner, &layer->values);
        layer->unread = !layer->is_loose;
    }
    if (layer->unread && part_is_templated(text)) layer->why = STR("the file is a template");
    else if (layer->unread && layer->why.len == 0) layer->why = STR("the file is not YAML");
}

static bool is_manifest(const struct value *values) {
    return value_get(values, STR("apiVersion")) && value_get(values, STR("kind"));
}

void release_layers_bound(struct arena *a, const struct release_bindings *bindings, struct release_layers *layers) {
    for (uint32_t i = 0; i < bindings->len; i++) {
        const struct release_binding *binding = &bindings->items[i];
        struct release_layer layer = {.source = {.path = binding->path}, .bound = binding};
        struct error error;
        struct str text;
        bool plain = binding->place.key_count == 0 && binding->shown.len == 0;
        layer.values = value_map_new(a, 0);
        if (!file_read(a, binding->path.ptr, INPUT_MAX, &text, &error)) layer.unread = true;
        else if (binding->is_unknown || binding->sets.len) layer.source.text = layer.file = text;
        else release_layer_read(a, binding, text, &layer);
        if (plain && (is_manifest(&layer.values) || (layer.unread && layer.file.len == 0))) continue;
        vec_push(a, layers, layer);
    }
}

void release_layers_read(struct arena *a, const struct release_chart *chart, struct release_layers *layers) {
    struct chart_paths paths;
    *layers = (struct release_layers){NULL, 0, 0};
    discover_chart(a, chart->folder, &paths);
    if (paths.values.len) add_layer(a, layers, paths.values);
    for (uint32_t i = 0; i < paths.overlays.len; i++) add_layer(a, layers, paths.overlays.items[i]);
}
