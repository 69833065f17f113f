/* Versions of APIs that Kubernetes has removed, from its Deprecated API Migration Guide
 * (https://kubernetes.io/docs/reference/using-api/deprecation-guide/, CC BY 4.0) and, for 1.16 to 1.21, its changelogs.
 * What went since the first version of the table of fields stands there; here is what took its place. */
#include "object/removed.h"

static const struct {
    const char *api_version, *kinds; /* with spaces between them */
    uint8_t minor;                   /* the first version without it */
    const char *now;                 /* NULL: nothing took its place */
} REMOVED[] = {
    {"extensions/v1beta1", "DaemonSet Deployment ReplicaSet", 16, "apps/v1"},
    {"extensions/v1beta1", "NetworkPolicy", 16, "networking.k8s.io/v1"},
    {"extensions/v1beta1", "PodSecurityPolicy", 16, NULL},
    {"extensions/v1beta1", "Ingress", 22, "networking.k8s.io/v1"},
    {"apps/v1beta1", "ControllerRevision Deployment StatefulSet", 16, "apps/v1"},
    {"apps/v1beta2", "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet", 16, "apps/v1"},
    {"settings.k8s.io/v1alpha1", "PodPreset", 20, NULL},
    {"batch/v2alpha1", "CronJob", 21, "batch/v1"},
    {"admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration ValidatingWebhookConfiguration", 22,
     "admissionregistration.k8s.io/v1"},
    {"apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", 22, "apiextensions.k8s.io/v1"},
    {"apiregistration.k8s.io/v1beta1", "APIService", 22, "apiregistration.k8s.io/v1"},
    {"authentication.k8s.io/v1beta1", "TokenReview", 22, "authentication.k8s.io/v1"},
    {"authorization.k8s.io/v1beta1", "LocalSubjectAccessReview SelfSubjectAccessReview SubjectAccessReview", 22,
     "authorization.k8s.io/v1"},
    {"certificates.k8s.io/v1beta1", "CertificateSigningRequest", 22, "certificates.k8s.io/v1"},
    {"coordination.k8s.io/v1beta1", "Lease", 22, "coordination.k8s.io/v1"},
    {"networking.k8s.io/v1beta1", "Ingress IngressClass", 22, "networking.k8s.io/v1"},
    {"rbac.authorization.k8s.io/v1alpha1", "ClusterRole ClusterRoleBinding Role RoleBinding", 22,
     "rbac.authorization.k8s.io/v1"},
    {"rbac.authorization.k8s.io/v1beta1", "ClusterRole ClusterRoleBinding Role RoleBinding", 22,
     "rbac.authorization.k8s.io/v1"},
    {"scheduling.k8s.io/v1beta1", "PriorityClass", 22, "scheduling.k8s.io/v1"},
    {"storage.k8s.io/v1beta1", "CSIDriver CSINode StorageClass VolumeAttachment", 22, "storage.k8s.io/v1"},
    {"autoscaling/v2beta1", "HorizontalPodAutoscaler", 25, "autoscaling/v2"},
    {"batch/v1beta1", "CronJob", 25, "batch/v1"},
    {"discovery.k8s.io/v1beta1", "EndpointSlice", 25, "discovery.k8s.io/v1"},
    {"events.k8s.io/v1beta1", "Event", 25, "events.k8s.io/v1"},
    {"node.k8s.io/v1beta1", "RuntimeClass", 25, "node.k8s.io/v1"},
    {"policy/v1beta1", "PodDisruptionBudget", 25, "policy/v1"},
    {"policy/v1beta1", "PodSecurityPolicy", 25, NULL},
    {"autoscaling/v2beta2", "HorizontalPodAutoscaler", 26, "autoscaling/v2"},
    {"flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema PriorityLevelConfiguration", 26,
     "flowcontrol.apiserver.k8s.io/v1"},
    {"storage.k8s.io/v1beta1", "CSIStorageCapacity", 27, "storage.k8s.io/v1"},
    {"flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema PriorityLevelConfiguration", 29,
     "flowcontrol.apiserver.k8s.io/v1"},
    {"flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema PriorityLevelConfiguration", 32,
     "flowcontrol.apiserver.k8s.io/v1"},
};

bool object_removed(struct str api_version, struct str kind, uint8_t *minor, struct str *now) {
    for (size_t i = 0; i < sizeof REMOVED / sizeof *REMOVED; i++) {
        struct str kinds = str_from(REMOVED[i].kinds), one;
        if (!str_eq(api_version, str_from(REMOVED[i].api_version))) continue;
        while (str_split_next(&kinds, ' ', &one)) {
            if (!str_eq(one, kind)) continue;
            *minor = REMOVED[i].minor;
            *now = REMOVED[i].now ? str_from(REMOVED[i].now) : STR("");
            return true;
        }
    }
    return false;
}
