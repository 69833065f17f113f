/* What one values file of a chart says that the overlays of a service mesh are held against. */
#ifndef CHECK_MESH_VALUES_H
#define CHECK_MESH_VALUES_H

#include "chart/chart.h"
#include "check/reporter.h"

struct mesh_port {
    struct str path; /* dotted: service.http.port */
    uint32_t number;
    uint32_t target; /* of the pods; 0 where it is none */
    struct span span;
};

struct mesh_values {
    bool overlay; /* it need not say anything */
    bool exempt;  /* the standard is not applied to the chart: nothing is known of it but its name */
    struct VEC(struct mesh_port) ports;
    struct VEC(struct str) names;    /* that stand in for the chart's: nameOverride, fullnameOverride */
    struct VEC(struct str) services; /* of the namespace that it names, or brings along */
    struct str account;              /* serviceAccount.name */
    bool enabled;                    /* serviceMesh.enabled is true */
    bool may_be_uncovered;           /* it is a finding where no policy covers the chart: nobody has suppressed it */
    struct span enabled_span;
    struct str type, mode; /* empty where it does not say */
    struct span mode_span;
};

/* Whether the chart with these settings is to be held against overlays. */
bool mesh_is_wanted(const struct checks *checks, const struct settings *settings);

/* Whether what the chart prints is held against overlays too. */
bool mesh_is_printed(const struct checks *checks, const struct settings *settings);

/* Reads the values of the file of `f`, and adds a finding that the chart is covered by no policy, which
 * mesh_values_settle turns into `may_be_uncovered`: comments may suppress it until then. */
struct mesh_values *mesh_values_read(struct reporter *f, const struct chart *chart, const struct value *values,
                                     bool exempt);

/* Takes that finding out of f->findings. `values` may be NULL. */
void mesh_values_settle(struct reporter *f, struct mesh_values *values);

/* The namespace of the charts with these settings. */
struct str mesh_namespace_of(const struct settings *settings);

#endif
