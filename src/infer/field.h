/* In which fields of Kubernetes' objects the values of a chart end. */
#ifndef INFER_FIELD_H
#define INFER_FIELD_H

#include "render/render.h"

/* A value that is printed into a field. */
struct field_use {
    const struct go_path *path; /* of the value */
    struct str field;           /* Pod.spec.containers[0].imagePullPolicy; see field.c */
    bool alone;                 /* the field holds that value and nothing else */
};

struct field_uses VEC(struct field_use);

/* Adds what the manifests of a render, made with env.trace, show of values. */
void field_collect(struct arena *a, const struct render_result *result, struct field_uses *uses);

#endif
