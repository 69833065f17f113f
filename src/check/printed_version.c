/* For which version of Kubernetes a chart's templates are run: the latest that its kubeVersion, and the configuration's
 * kube-version, allow. */
#include "check/printed_report.h"
#include "render/version.h"

#define FIRST_MINOR 16
/* Of the Helms that are imitated, and the last one in the table of fields. */
#define LAST_MINOR 37

static bool meets(struct go_env *env, struct str constraint, struct str version) {
    return constraint.len == 0 || version_meets(env, constraint, version);
}

/* The latest version that meets both; empty for none. */
static struct str latest(struct printed *p, struct str first, struct str second) {
    static const char *const PATCHES[] = {"0", "99"};
    struct arena *a = p->values->arena;
    struct go_env env = {.arena = a, .budget = {UINT64_MAX, UINT64_MAX, 0}, .helm = 3};
    for (unsigned minor = LAST_MINOR; minor >= FIRST_MINOR; minor--) {
        for (int i = 0; i < 2; i++) {
            struct str version = arena_printf(a, "v1.%u.%s", minor, PATCHES[i]);
            if (!meets(&env, first, version) || !meets(&env, second, version)) continue;
            p->minor = (uint8_t)minor;
            return version;
        }
    }
    return STR("");
}

void printed_choose_version(struct printed *p) {
    const struct value *own = value_get(&p->subject->chart->document, STR("kubeVersion"));
    struct str asked = own && own->kind == VALUE_STRING ? own->string : STR("");
    struct str configured = p->values->settings->kube_version;
    p->minor = LAST_MINOR;
    if (asked.len == 0 && configured.len == 0) return;
    p->kube_version = latest(p, asked, configured);
    if (p->kube_version.len == 0) p->kube_version = latest(p, configured, STR(""));
}
