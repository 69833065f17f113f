#include "template/eval/manifest.h"

#include "base/buf.h"

/* Lines are looked at up to so many above. */
#define LINES_MAX 2000u

enum where {
    AT_TOP, /* the path is that from the top of the object */
    IN_POD, /* it is the end of one in the description of pods */
};

/* Fields that the API server refuses to be without, where their parent is there; of objects of one kind where `kind` is
 * set. */
static const struct needed {
    enum where where;
    struct str path;
    const char *kind;
} needed[] = {
    {AT_TOP, STR_INIT("apiVersion"), NULL},
    {AT_TOP, STR_INIT("kind"), NULL},
    {AT_TOP, STR_INIT("metadata.name"), NULL},
    {AT_TOP, STR_INIT("spec.ports[].port"), "Service"},
    {AT_TOP, STR_INIT("spec.maxReplicas"), "HorizontalPodAutoscaler"},
    {AT_TOP, STR_INIT("spec.scaleTargetRef.name"), "HorizontalPodAutoscaler"},
    {AT_TOP, STR_INIT("spec.scaleTargetRef.kind"), "HorizontalPodAutoscaler"},
    {AT_TOP, STR_INIT("spec.accessModes[]"), "PersistentVolumeClaim"},
    {AT_TOP, STR_INIT("spec.resources.requests.storage"), "PersistentVolumeClaim"},
    {AT_TOP, STR_INIT("spec.schedule"), "CronJob"},
    {AT_TOP, STR_INIT("spec.rules[].http.paths[].backend.service.name"), "Ingress"},
    {AT_TOP, STR_INIT("roleRef.name"), "RoleBinding"},
    {AT_TOP, STR_INIT("roleRef.kind"), "RoleBinding"},
    {AT_TOP, STR_INIT("subjects[].name"), "RoleBinding"},
    {AT_TOP, STR_INIT("subjects[].kind"), "RoleBinding"},
    {AT_TOP, STR_INIT("roleRef.name"), "ClusterRoleBinding"},
    {AT_TOP, STR_INIT("roleRef.kind"), "ClusterRoleBinding"},
    {AT_TOP, STR_INIT("subjects[].name"), "ClusterRoleBinding"},
    {AT_TOP, STR_INIT("subjects[].kind"), "ClusterRoleBinding"},
    {IN_POD, STR_INIT("containers[].name"), NULL},
    {IN_POD, STR_INIT("containers[].image"), NULL},
    {IN_POD, STR_INIT("initContainers[].name"), NULL},
    {IN_POD, STR_INIT("initContainers[].image"), NULL},
    {IN_POD, STR_INIT("ports[].containerPort"), NULL},
    {IN_POD, STR_INIT("env[].name"), NULL},
    {IN_POD, STR_INIT("configMapKeyRef.name"), NULL},
    {IN_POD, STR_INIT("configMapKeyRef.key"), NULL},
    {IN_POD, STR_INIT("secretKeyRef.name"), NULL},
    {IN_POD, STR_INIT("secretKeyRef.key"), NULL},
    {IN_POD, STR_INIT("envFrom[].configMapRef.name"), NULL},
    {IN_POD, STR_INIT("envFrom[].secretRef.name"), NULL},
    {IN_POD, STR_INIT("volumes[].name"), NULL},
    {IN_POD, STR_INIT("volumes[].configMap.name"), NULL},
    {IN_POD, STR_INIT("volumes[].secret.secretName"), NULL},
    {IN_POD, STR_INIT("volumeMounts[].name"), NULL},
    {IN_POD, STR_INIT("volumeMounts[].mountPath"), NULL},
    {IN_POD, STR_INIT("persistentVolumeClaim.claimName"), NULL},
    {IN_POD, STR_INIT("hostPath.path"), NULL},
    {IN_POD, STR_INIT("httpGet.port"), NULL},
    {IN_POD, STR_INIT("tcpSocket.port"), NULL},
    {IN_POD, STR_INIT("grpc.port"), NULL},
};

/* Where objects describe pods. */
static const struct pods {
    struct str kind, path;
} pods[] = {
    {STR_INIT("Pod"), STR_INIT("spec.")},
    {STR_INIT("Deployment"), STR_INIT("spec.template.spec.")},
    {STR_INIT("StatefulSet"), STR_INIT("spec.template.spec.")},
    {STR_INIT("DaemonSet"), STR_INIT("spec.template.spec.")},
    {STR_INIT("ReplicaSet"), STR_INIT("spec.template.spec.")},
    {STR_INIT("Job"), STR_INIT("spec.template.spec.")},
    {STR_INIT("CronJob"), STR_INIT("spec.jobTemplate.spec.template.spec.")},
};

/* ---- lines ---- */

struct line {
    struct str text;
    uint32_t dash;  /* the column of its first `-`; UINT32_MAX for none */
    uint32_t start; /* the column of what stands behind its dashes */
    uint32_t dashes;
    struct str content; /* from there on, without white space at its end */
};

static struct line line_of(struct str text) {
    struct line line = {.text = text, .dash = UINT32_MAX};
    uint32_t at = 0;
    for (;;) {
        while (at < text.len && text.ptr[at] == ' ') at++;
        bool dash = at < text.len && text.ptr[at] == '-' && (at + 1 == text.len || text.ptr[at + 1] == ' ');
        if (!dash) break;
        if (line.dash == UINT32_MAX) line.dash = at;
        line.dashes++;
        at++;
    }
    line.start = at;
    line.content = str_trim(str_slice(text, at, text.len));
    return line;
}

static bool is_key_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.' || c == '/';
}

/* The key at the start of `content`, and what stands behind its colon; false where there is none that is plain. */
static bool key_of(struct str content, struct str *key, struct str *rest) {
    size_t end = 0;
    while (end < content.len && is_key_char(content.ptr[end])) end++;
    if (end == 0 || end == content.len || content.ptr[end] != ':') return false;
    if (end + 1 < content.len && content.ptr[end + 1] != ' ') return false;
    *key = str_slice(content, 0, end);
    *rest = str_trim(str_slice(content, end + 1, content.len));
    return true;
}

static size_t line_start(struct str text, size_t at) {
    while (at > 0 && text.ptr[at - 1] != '\n') at--;
    return at;
}

static size_t line_end(struct str text, size_t at) {
    while (at < text.len && text.ptr[at] != '\n') at++;
    return at;
}

/* What an action that begins a line does, by its first word; empty for a comment. */
static struct str word_of_action(struct str content) {
    size_t at = str_starts(content, STR("{{-")) ? 3 : 2, start;
    while (at < content.len && (content.ptr[at] == ' ' || content.ptr[at] == '\t')) at++;
    for (start = at; at < content.len && content.ptr[at] >= 'a' && content.ptr[at] <= 'z';) at++;
    return str_slice(content, start, at);
}

/* Whether the line above begins the define or block that all below stands in; `*ends` counts the blocks between that
 * are closed by then. */
static bool leaves_define(struct str content, uint32_t *ends) {
    static const struct str opening[] = {STR_INIT("if"), STR_INIT("with"), STR_INIT("range"), STR_INIT("define"),
                                         STR_INIT("block")};
    struct str word = word_of_action(content);
    bool closed = str_find(content, STR("end }}")) < content.len || str_find(content, STR("end -}}")) < content.len;
    if (str_eq(word, STR("end"))) (*ends)++;
    for (size_t i = 0; i < sizeof opening / sizeof *opening; i++) {
        if (!str_eq(word, opening[i]) || closed) continue;
        if (*ends == 0) return i >= 3;
        (*ends)--;
    }
    return false;
}

/* ---- the place ---- */

struct place {
    struct arena *arena;
    struct str text;
    struct str path; /* from the inside out as far as it is known */
    bool top;        /* the path is that from the top of the object */
    size_t document; /* where the object's text begins */
};

/* The path is that of an item, in so many lists. */
static void add_items(struct place *p, uint32_t dashes) {
    for (; dashes; dashes--) {
        bool joins = p->path.len == 0 || p->path.ptr[0] == '[';
        p->path = arena_printf(p->arena, joins ? "[]%.*s" : "[].%.*s", STR_ARG(p->path));
    }
}

static void lead(struct place *p, struct str key, uint32_t dashes) {
    struct buf b = buf_in(p->arena);
    bool item = p->path.len && p->path.ptr[0] == '[';
    buf_add(&b, key);
    if (p->path.len && !item) buf_add_char(&b, '.');
    buf_add(&b, p->path);
    p->path = buf_str(&b);
    add_items(p, dashes);
}

/* Goes up from the line that starts at `at`, to whose content, at the column `column`, `lead` has set the path; false
 * where what stands around it is not plain. */
static bool go_up(struct place *p, size_t at, uint32_t column, bool in_item) {
    uint32_t ends = 0;
    for (uint32_t lines = 0; at > 0 && lines < LINES_MAX; lines++) {
        size_t end = at - 1;
        struct str key, rest;
        at = line_start(p->text, end);
        struct line line = line_of(str_slice(p->text, at, end));
        p->document = at;
        if (line.content.len == 0 && line.dash == UINT32_MAX) continue;
        if (line.content.len && line.content.ptr[0] == '#') continue;
        if (str_starts(line.text, STR("---"))) break;
        if (str_starts(line.content, STR("{{")) && line.dash == UINT32_MAX) {
            if (leaves_define(line.content, &ends)) return true;
            continue;
        }
        if (column == 0 && !in_item) continue;
        uint32_t outer = line.dash != UINT32_MAX ? line.dash : line.start;
        bool sibling = !in_item && line.dash != UINT32_MAX && line.start == column;
        bool parent = in_item ? line.start <= column : line.start < column;
        if (sibling) {
            /* The first key of the item that the path is in. */
            add_items(p, line.dashes);
            column = outer;
            in_item = true;
            continue;
        }
        if (!parent) continue;
        if (!key_of(line.content, &key, &rest) || (rest.len && rest.ptr[0] != '#')) return false;
        lead(p, key, line.dashes);
        column = outer;
        in_item = line.dash != UINT32_MAX;
    }
    p->top = column == 0 && !in_item;
    return true;
}

/* The value of a key at the top of the object; empty where it is not written out. */
static struct str top_value(const struct place *p, struct str wanted) {
    struct str rest = str_slice(p->text, p->document, p->text.len), line, key, value;
    bool first = true;
    for (; str_split_next(&rest, '\n', &line); first = false) {
        if (str_starts(line, STR("---")) && !first) break;
        if (key_of(line, &key, &value) && str_eq(key, wanted)) return value;
    }
    return STR("");
}

/* Whether the object is one of Kubernetes itself, as far as its version is written out: others may have its kind. */
static bool is_of_kubernetes(const struct place *p) {
    struct str version = top_value(p, STR("apiVersion"));
    size_t slash = str_find_char(version, '/');
    if (str_starts(version, STR("{{")) || slash == version.len) return true;
    struct str group = str_slice(version, 0, slash);
    return str_find_char(group, '.') == group.len || str_ends(group, STR(".k8s.io"));
}

/* Whether the path leads into the description of pods. In a define nothing tells but the path's end. */
static bool is_in_pod(const struct place *p, struct str kind) {
    if (!p->top) return true;
    for (size_t i = 0; i < sizeof pods / sizeof *pods; i++)
        if (str_eq(kind, pods[i].kind) && str_starts(p->path, pods[i].path)) return true;
    return false;
}

static struct str find_needed(const struct place *p) {
    struct str kind = top_value(p, STR("kind"));
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        const struct needed *n = &needed[i];
        size_t before = p->path.len - n->path.len;
        if (!str_ends(p->path, n->path) || (before && p->path.ptr[before - 1] != '.')) continue;
        if (n->where == AT_TOP && (!p->top || before)) continue;
        if (n->where == IN_POD && !is_in_pod(p, kind)) continue;
        if (n->kind && !str_eq(kind, str_from(n->kind))) continue;
        if (p->top && (n->kind || n->where == IN_POD) && !is_of_kubernetes(p)) continue;
        return n->path;
    }
    return STR("");
}

/* ---- the value ---- */

/* What the line holds of the value before the action and behind it, without the quotes around both; false where the
 * value does not end with the line. */
static bool value_around(struct str text, struct span action, struct str *before, struct str *after) {
    size_t end = line_end(text, action.end);
    struct str behind = str_trim(str_slice(text, action.end, end));
    size_t comment = str_starts(behind, STR("#")) ? 0 : str_find(behind, STR(" #"));
    if (comment < behind.len) behind = str_trim(str_slice(behind, 0, comment));
    bool quoted = before->len && (before->ptr[0] == '"' || before->ptr[0] == '\'');
    if (quoted) {
        if (!behind.len || behind.ptr[behind.len - 1] != before->ptr[0]) return false;
        behind = str_slice(behind, 0, behind.len - 1);
        *before = str_slice(*before, 1, before->len);
    }
    *after = behind;
    return quoted || behind.len || !str_ends(span_text(text, action), STR("-}}"));
}

/* Whether the action may print lines behind `column`: with `nindent` it is known where. */
static bool is_indented(struct str content, uint32_t column) {
    size_t at = str_find(content, STR("indent "));
    uint32_t indent = 0;
    if (at == content.len) return true;
    for (at += 7; at < content.len && content.ptr[at] >= '0' && content.ptr[at] <= '9' && indent < 1000; at++)
        indent = indent * 10 + (uint32_t)(content.ptr[at] - '0');
    return indent > column;
}

/* Whether the value of the key at `column` goes on behind the line that ends at `end`. */
static bool goes_on(struct str text, size_t end, uint32_t column) {
    while (end < text.len) {
        size_t start = end + 1;
        end = line_end(text, start);
        struct line line = line_of(str_slice(text, start, end));
        if (line.content.len == 0 && line.dash == UINT32_MAX) continue;
        if (str_starts(line.content, STR("{{"))) {
            static const struct str control[] = {STR_INIT("if"),   STR_INIT("else"),  STR_INIT("end"),
                                                 STR_INIT("with"), STR_INIT("range"), STR_INIT("")};
            struct str word = word_of_action(line.content);
            bool known = false;
            for (size_t i = 0; i < sizeof control / sizeof *control; i++) known = known || str_eq(word, control[i]);
            if (known) continue;
            if (str_eq(word, STR("define")) || str_eq(word, STR("block"))) return false;
            return is_indented(line.content, column);
        }
        uint32_t outer = line.dash != UINT32_MAX ? line.dash : line.start;
        return outer > column || (outer == column && line.dash != UINT32_MAX);
    }
    return false;
}

/* Whether a reference of an image cannot be without what stands between both: a name, a tag or a digest. */
static bool is_part_of_image(struct str before, struct str after) {
    char first = before.len ? before.ptr[before.len - 1] : 0, last = after.len ? after.ptr[0] : 0;
    if (!after.len) return first == ':' || first == '@';
    return (first == 0 || first == '/') && (last == ':' || last == '@' || (last == '/' && first == 0));
}

struct str scope_needed_at(struct arena *a, struct str text, struct span action) {
    size_t start = line_start(text, action.start);
    struct line line = line_of(str_slice(text, start, line_end(text, action.start)));
    struct str until = str_slice(text, start + line.start, action.start), key, before, after;
    struct place place = {.arena = a, .text = text, .document = start};
    if (line_end(text, action.start) < action.end) return STR("");
    bool item = line.dash != UINT32_MAX && str_trim(until).len == 0;
    if (item) {
        before = STR("");
        add_items(&place, line.dashes);
    } else {
        size_t colon = str_find_char(until, ':');
        if (!key_of(str_slice(until, 0, colon + (colon < until.len)), &key, &after)) return STR("");
        before = str_trim(str_slice(until, colon + 1, until.len));
        lead(&place, key, line.dashes);
    }
    uint32_t column = line.dash != UINT32_MAX ? line.dash : line.start;
    if (!value_around(text, action, &before, &after)) return STR("");
    if (!go_up(&place, start, column, line.dash != UINT32_MAX)) return STR("");
    struct str found = find_needed(&place);
    if (before.len || after.len)
        return str_ends(found, STR(".image")) && is_part_of_image(before, after) ? found : STR("");
    return goes_on(text, line_end(text, action.end), item ? column : line.start) ? STR("") : found;
}
