/* The fields of the overlays' manifests against the tables of Kubernetes and of CustomResourceDefinitions: VL807,
 * VL808, VL809. */
#include "mesh/mesh_judge.h"

static const enum builtin_check CHECKS[] = {
    [OBJECT_WRONG_TYPE] = CHECK_MESH_FIELD_VALUE,      [OBJECT_UNKNOWN_FIELD] = CHECK_MESH_UNKNOWN_FIELD,
    [OBJECT_MISSING_FIELD] = CHECK_MESH_FIELD_MISSING, [OBJECT_UNKNOWN_KIND] = CHECK_MESH_UNKNOWN_FIELD,
    [OBJECT_BAD_FORMAT] = CHECK_MESH_FIELD_VALUE,      [OBJECT_BAD_IMAGE] = CHECK_MESH_FIELD_VALUE,
    [OBJECT_REPEATED] = CHECK_MESH_FIELD_VALUE,        [OBJECT_SHADOWED] = CHECK_MESH_FIELD_VALUE,
    [OBJECT_ROUNDED] = CHECK_MESH_FIELD_VALUE,         [OBJECT_EMPTY_FIELD] = CHECK_MESH_FIELD_MISSING,
};

void mesh_judge_fields(struct mesh_judge *j) {
    for (uint32_t i = 0; i < j->overlays->objects.len; i++) {
        const struct mesh_manifest_object *of = &j->overlays->objects.items[i];
        struct object_issues issues = {NULL, 0, 0};
        object_check(j->arena, &of->object, j->settings->crds, 0, &issues);
        j->spoilt[i] = issues.len > 0;
        for (uint32_t k = 0; k < issues.len; k++) {
            const struct object_issue *issue = &issues.items[k];
            struct str message =
                arena_printf(j->arena, "%.*s (`%.*s`)", STR_ARG(issue->message), STR_ARG(of->in->name));
            struct mesh_finding *finding = mesh_find(j, j->settings, CHECKS[issue->kind], of->in, issue->span, message);
            if (!finding) continue;
            finding->finding.help = issue->help;
            finding->finding.path = issue->path;
        }
    }
}
