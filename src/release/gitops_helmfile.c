/* helmfile: releases of charts by path, with values in files beside the helmfile or written into it, and single ones by
 * `set`. Most helmfiles are templates: where they are YAML all the same, they are read and never written. */
#include "base/path.h"
#include "release/gitops.h"

static void bind_values(struct gitops_reader *r, const struct gitops_release *release, const struct value *list,
                        const struct str *way, uint32_t count) {
    struct str keys[5];
    for (uint32_t i = 0; i < count; i++) keys[i] = way[i];
    for (uint32_t i = 0; list && list->kind == VALUE_LIST && i < list->list.len; i++) {
        const struct value *item = &list->list.items[i];
        keys[count] = arena_printf(r->arena, "%u", i);
        if (item->kind == VALUE_MAP) gitops_bind_part(r, release, keys, count + 1, false);
        if (item->kind != VALUE_STRING) continue;
        if (gitops_is_open(item->string)) {
            gitops_unbound(r, release->object, item,
                           arena_printf(r->arena, "which values %.*s takes is not known: `%.*s`",
                                        STR_ARG(release->shown), STR_ARG(item->string)),
                           "name the files under `values:` in .valuelint.yaml");
            continue;
        }
        struct str folder = path_folder(release->object->path);
        gitops_bind_file(r, release, path_join(r->arena, arena_str(r->arena, folder), item->string), item, false);
    }
}

static void bind_set(struct gitops_reader *r, const struct gitops_release *release, const struct value *list) {
    for (uint32_t i = 0; list && list->kind == VALUE_LIST && i < list->list.len; i++) {
        const struct value *name = value_get(&list->list.items[i], STR("name"));
        if (name && name->kind == VALUE_STRING) gitops_bind_value(r, release, name->string, name);
    }
}

void gitops_read_helmfile(struct gitops_reader *r, const struct gitops_object *object) {
    const struct value *releases = value_get(&object->values, STR("releases"));
    struct str folder = arena_str(r->arena, path_folder(object->path));
    for (uint32_t i = 0; releases && releases->kind == VALUE_LIST && i < releases->list.len; i++) {
        const struct value *item = &releases->list.items[i], *chart = value_get(item, STR("chart"));
        struct str name = gitops_string(item, STR("name"));
        struct gitops_release release = {.object = object,
                                         .shown = arena_printf(r->arena, "the helmfile's release %.*s", STR_ARG(name))};
        if (!chart || chart->kind != VALUE_STRING) continue;
        if (gitops_is_open(chart->string)) {
            gitops_unbound(r, object, chart,
                           arena_printf(r->arena, "which chart %.*s installs is not known: `%.*s`",
                                        STR_ARG(release.shown), STR_ARG(chart->string)),
                           "values of it that are at an old place hold moves back");
            release.blocker = STR("which chart it is for is unknown");
        } else {
            release.chart = gitops_chart_at(r, folder, chart->string);
            if (!release.chart) continue;
        }
        struct str way[] = {STR_INIT("releases"), arena_printf(r->arena, "%u", i), STR_INIT("values")};
        bind_values(r, &release, value_get(item, STR("values")), way, 3);
        bind_set(r, &release, value_get(item, STR("set")));
        bind_set(r, &release, value_get(item, STR("setString")));
        if (value_get(item, STR("secrets"))) gitops_bind_unknown(r, &release, "it takes values from `secrets`");
        if (value_get(item, STR("valuesTemplate")))
            gitops_bind_unknown(r, &release, "it takes values from `valuesTemplate`");
    }
}
