/* The API server's own rules, which its schemas do not hold: k8s.io/apimachinery/pkg/util/validation (names, labels,
 * ports), pkg/apis/core/validation (which field follows which), pkg/api/resource (quantities), and the grammar of image
 * references (distribution/reference). Where versions of Kubernetes differ, the most generous one is followed. */
#include "object/format.h"

#include "base/ascii.h"

static bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

static bool is_lower_or_digit(char c) {
    return is_lower(c) || ascii_is_digit(c);
}

static const char *wrong_label(struct str s) {
    if (s.len > 63) return "must have at most 63 characters";
    bool ok = s.len > 0 && is_lower_or_digit(s.ptr[0]) && is_lower_or_digit(s.ptr[s.len - 1]);
    for (size_t i = 0; i < s.len; i++) ok = ok && (is_lower_or_digit(s.ptr[i]) || s.ptr[i] == '-');
    return ok ? NULL : "must be lower-case letters, digits and `-`, with a letter or digit at both ends";
}

static const char *wrong_subdomain(struct str s) {
    if (s.len > 253) return "must have at most 253 characters";
    for (size_t from = 0;; from++) {
        size_t end = from + str_find_char(str_slice(s, from, s.len), '.');
        struct str part = str_slice(s, from, end);
        bool ok = part.len > 0 && is_lower_or_digit(part.ptr[0]) && is_lower_or_digit(part.ptr[part.len - 1]);
        for (size_t i = 0; i < part.len; i++) ok = ok && (is_lower_or_digit(part.ptr[i]) || part.ptr[i] == '-');
        if (!ok) return "must be lower-case letters, digits, `-` and `.`, with a letter or digit at both ends";
        if (end == s.len) return NULL;
        from = end;
    }
}

static const char *wrong_host(struct str s) {
    if (str_starts(s, STR("*."))) s = str_slice(s, 2, s.len);
    return wrong_subdomain(s) ? "must be a host: lower-case letters, digits, `-` and `.`, perhaps with `*.` before it"
                              : NULL;
}

static const char *wrong_port_name(struct str s) {
    bool letter = false, ok = s.len > 0 && s.ptr[0] != '-' && s.ptr[s.len - 1] != '-';
    if (s.len > 15) return "must have at most 15 characters";
    for (size_t i = 0; i < s.len; i++) {
        letter = letter || is_lower(s.ptr[i]);
        ok = ok && (is_lower_or_digit(s.ptr[i]) || s.ptr[i] == '-') &&
             !(s.ptr[i] == '-' && i > 0 && s.ptr[i - 1] == '-');
    }
    return ok && letter ? NULL : "must be lower-case letters, digits and single `-`, with at least one letter";
}

static const char *wrong_variable(struct str s) {
    bool ok = s.len > 0;
    for (size_t i = 0; i < s.len; i++) ok = ok && s.ptr[i] >= ' ' && s.ptr[i] <= '~' && s.ptr[i] != '=';
    return ok ? NULL : "must be printable ASCII without `=`, and not empty";
}

static bool is_name_char(char c) {
    return ascii_is_digit(c) || ascii_is_alpha(c) || c == '-' || c == '_' || c == '.';
}

static bool is_name_end(char c) {
    return ascii_is_digit(c) || ascii_is_alpha(c);
}

const char *object_format_wrong_label_value(struct str s) {
    if (s.len > 63) return "must have at most 63 characters";
    bool ok = s.len == 0 || (is_name_end(s.ptr[0]) && is_name_end(s.ptr[s.len - 1]));
    for (size_t i = 0; i < s.len; i++) ok = ok && is_name_char(s.ptr[i]);
    return ok ? NULL : "must be letters, digits, `-`, `_` and `.`, with a letter or digit at both ends";
}

const char *object_format_wrong_label_key(struct str s) {
    size_t slash = str_find_char(s, '/');
    struct str name = slash < s.len ? str_slice(s, slash + 1, s.len) : s;
    if (slash < s.len && wrong_subdomain(str_slice(s, 0, slash))) return "must have a domain before `/`";
    if (name.len == 0) return "must not be empty";
    return object_format_wrong_label_value(name);
}

/* A sign, digits with a point, then a suffix or an exponent. */
bool object_format_is_quantity(struct str s) {
    static const char *const SUFFIXES[] = {"",  "n", "u",  "m",  "k",  "M",  "G",  "T",
                                           "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
    size_t at = 0, digits = 0;
    if (s.len && (s.ptr[0] == '+' || s.ptr[0] == '-')) at++;
    for (int point = 0; at < s.len && (ascii_is_digit(s.ptr[at]) || (s.ptr[at] == '.' && !point)); at++) {
        if (s.ptr[at] == '.') point = 1;
        else digits++;
    }
    if (digits == 0) return false;
    struct str rest = str_slice(s, at, s.len);
    for (size_t i = 0; i < sizeof SUFFIXES / sizeof *SUFFIXES; i++)
        if (str_eq(rest, str_from(SUFFIXES[i]))) return true;
    if (rest.ptr[0] != 'e' && rest.ptr[0] != 'E') return false;
    at = rest.len > 1 && (rest.ptr[1] == '+' || rest.ptr[1] == '-') ? 2 : 1;
    for (digits = at; digits < rest.len; digits++)
        if (!ascii_is_digit(rest.ptr[digits])) return false;
    return rest.len > at;
}

/* Words and numbers of a tag or digest. */
static bool is_tag(struct str s) {
    if (s.len == 0 || s.len > 128 || s.ptr[0] == '.' || s.ptr[0] == '-') return false;
    for (size_t i = 0; i < s.len; i++)
        if (!is_name_char(s.ptr[i])) return false;
    return true;
}

static bool is_repository_part(struct str s) {
    if (s.len == 0 || !is_lower_or_digit(s.ptr[0]) || !is_lower_or_digit(s.ptr[s.len - 1])) return false;
    for (size_t i = 0; i < s.len; i++)
        if (!is_lower_or_digit(s.ptr[i]) && s.ptr[i] != '.' && s.ptr[i] != '_' && s.ptr[i] != '-') return false;
    return true;
}

/* Whether the first part of a reference is a registry: it holds `.` or `:`, or is localhost or not in lower case. */
static bool is_registry(struct str s) {
    bool upper = false;
    for (size_t i = 0; i < s.len; i++) upper = upper || (s.ptr[i] >= 'A' && s.ptr[i] <= 'Z');
    return upper || str_find_char(s, '.') < s.len || str_find_char(s, ':') < s.len || str_eq(s, STR("localhost"));
}

static const char *wrong_image(struct str s) {
    if (s.len == 0) return NULL; /* a template of pods may leave it to others */
    if (str_trim(s).len != s.len) return "must not begin or end with white space";
    struct str name = str_slice(s, 0, str_find_char(s, '@'));
    size_t slash = str_rfind_char(name, '/'), colon = str_rfind_char(name, ':');
    if (colon < name.len && (slash == name.len || colon > slash)) {
        if (!is_tag(str_slice(name, colon + 1, name.len)))
            return "has a tag that is none: letters, digits, `_`, `.` and `-`";
        name = str_slice(name, 0, colon);
    }
    size_t first = str_find_char(name, '/');
    if (first < name.len && is_registry(str_slice(name, 0, first))) name = str_slice(name, first + 1, name.len);
    for (size_t from = 0;; from++) {
        size_t end = from + str_find_char(str_slice(name, from, name.len), '/');
        if (!is_repository_part(str_slice(name, from, end)))
            return "has a repository that is none: lower-case letters, digits, `.`, `_`, `-`, and `/` between its "
                   "parts";
        if (end == name.len) return NULL;
        from = end;
    }
}

/* ---- which field follows which rule ---- */

static const struct {
    const char *type, *field;
    const char *(*wrong)(struct str text);      /* or NULL */
    const char *words[OBJECT_FORMAT_WORDS_MAX]; /* or one of these */
} TEXTS[] = {
    {"Container", "name", wrong_label, {NULL}},
    {"Container", "image", wrong_image, {NULL}},
    {"Container", "imagePullPolicy", NULL, {"Always", "IfNotPresent", "Never"}},
    {"ContainerPort", "name", wrong_port_name, {NULL}},
    {"ContainerPort", "protocol", NULL, {"TCP", "UDP", "SCTP"}},
    {"EnvVar", "name", wrong_variable, {NULL}},
    {"HTTPGetAction", "port", wrong_port_name, {NULL}},
    {"HTTPGetAction", "scheme", NULL, {"HTTP", "HTTPS"}},
    {"TCPSocketAction", "port", wrong_port_name, {NULL}},
    {"IngressRule", "host", wrong_host, {NULL}},
    {"HTTPIngressPath", "pathType", NULL, {"Exact", "Prefix", "ImplementationSpecific"}},
    {"PodSpec", "restartPolicy", NULL, {"Always", "OnFailure", "Never"}},
    {"PodSpec", "dnsPolicy", NULL, {"ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"}},
    {"PodSpec", "serviceAccountName", wrong_subdomain, {NULL}},
    {"PodSpec", "priorityClassName", wrong_subdomain, {NULL}},
    {"ServicePort", "name", wrong_label, {NULL}},
    {"ServicePort", "protocol", NULL, {"TCP", "UDP", "SCTP"}},
    {"ServicePort", "targetPort", wrong_port_name, {NULL}},
    {"ServiceSpec", "type", NULL, {"ClusterIP", "NodePort", "LoadBalancer", "ExternalName"}},
    {"DeploymentStrategy", "type", NULL, {"Recreate", "RollingUpdate"}},
    {"Volume", "name", wrong_label, {NULL}},
    {"CronJobSpec", "concurrencyPolicy", NULL, {"Allow", "Forbid", "Replace"}},
};

static const struct {
    const char *type, *field;
    int64_t least, most;
} NUMBERS[] = {{"ContainerPort", "containerPort", 1, 65535},
               {"ContainerPort", "hostPort", 0, 65535},
               {"ServicePort", "port", 1, 65535},
               {"ServicePort", "targetPort", 0, 65535},
               {"ServicePort", "nodePort", 0, 65535},
               {"HTTPGetAction", "port", 1, 65535},
               {"TCPSocketAction", "port", 1, 65535},
               {"DeploymentSpec", "replicas", 0, INT32_MAX},
               {"StatefulSetSpec", "replicas", 0, INT32_MAX}};

static bool is_one_of(struct str text, const char *const *words) {
    for (int i = 0; i < OBJECT_FORMAT_WORDS_MAX && words[i]; i++)
        if (str_eq(text, str_from(words[i]))) return true;
    return false;
}

uint32_t object_format_words(struct str type, struct str field, struct str words[OBJECT_FORMAT_WORDS_MAX]) {
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        if (!str_eq(type, str_from(TEXTS[i].type)) || !str_eq(field, str_from(TEXTS[i].field))) continue;
        while (count < OBJECT_FORMAT_WORDS_MAX && TEXTS[i].words[count]) {
            words[count] = str_from(TEXTS[i].words[count]);
            count++;
        }
    }
    return count;
}

static const char *wrong_text(struct str type, struct str field, struct str text, bool *image) {
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        if (!str_eq(type, str_from(TEXTS[i].type)) || !str_eq(field, str_from(TEXTS[i].field))) continue;
        *image = TEXTS[i].wrong == wrong_image;
        if (TEXTS[i].wrong) return TEXTS[i].wrong(text);
        return is_one_of(text, TEXTS[i].words) ? NULL : "is none of the words that Kubernetes knows here";
    }
    return NULL;
}

const char *object_format_wrong(struct str type, struct str field, const struct value *value, bool *image) {
    *image = false;
    /* An empty text is to the API as if it were not there. */
    if (value->kind == VALUE_STRING && value->string.len) return wrong_text(type, field, value->string, image);
    for (size_t i = 0; value->kind == VALUE_INT && i < sizeof NUMBERS / sizeof *NUMBERS; i++) {
        if (!str_eq(type, str_from(NUMBERS[i].type)) || !str_eq(field, str_from(NUMBERS[i].field))) continue;
        if (value->integer >= NUMBERS[i].least && value->integer <= NUMBERS[i].most) return NULL;
        return NUMBERS[i].most == 65535 ? "must be a port, at most 65535" : "must be between 0 and 2147483647";
    }
    return NULL;
}

const char *object_format_wrong_name(struct str kind, struct str name) {
    static const char *const LABELS[] = {"Service", "Namespace", NULL};
    /* Names of these are parts of paths alone. */
    static const char *const FREE[] = {"Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", NULL};
    if (is_one_of(kind, FREE)) return NULL;
    return is_one_of(kind, LABELS) ? wrong_label(name) : wrong_subdomain(name);
}
