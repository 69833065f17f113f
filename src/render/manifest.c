#include "render/manifest.h"

#include <stdlib.h>

#include "base/path.h"
#include "value/json.h"
#include "yaml/read.h"

/* ---- cutting ---- */

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* What Go's regular expressions call \s: no vertical tab. */
static bool is_regex_space(char c) {
    return is_space(c) && c != '\v';
}

/* The piece [from, to) without white space at its ends (Helm 3), or at its begin (Helm 4). */
static struct go_value piece_of(struct go_env *env, const struct go_value *text, size_t from, size_t to) {
    struct go_text out = go_text_in(env);
    while (from < to && is_space(text->text.ptr[from])) from++;
    while (env->helm == 3 && to > from && is_space(text->text.ptr[to - 1])) to--;
    go_text_add_part(&out, text, from, to);
    return go_text_value(&out);
}

/* Where the next separator is, in [*start, *end); false where there is none behind `from`. Helm 3 takes the white space
 * around it, so that `---kind: B` begins a document too; Helm 4 takes spaces and tabs behind it. */
static bool next_separator(const struct go_env *env, struct str s, size_t from, size_t *start, size_t *end) {
    for (size_t at = from; at + 2 < s.len; at++) {
        if (memcmp(s.ptr + at, "---", 3) != 0) continue;
        bool line = at == 0 || (s.ptr[at - 1] == '\n' && (at > from || env->helm == 4));
        if (!line) continue;
        *start = at;
        *end = at + 3;
        if (env->helm == 4) {
            while (*end < s.len && (s.ptr[*end] == ' ' || s.ptr[*end] == '\t')) ++*end;
        } else {
            while (*start > from && is_regex_space(s.ptr[*start - 1])) --*start;
            while (*end < s.len && is_regex_space(s.ptr[*end])) ++*end;
        }
        return true;
    }
    return false;
}

void manifest_split(struct go_env *env, const struct go_value *text, struct manifests *list) {
    struct str s = text->text;
    size_t start, end, from = 0, to = s.len;
    while (from < to && is_space(s.ptr[from])) from++;
    while (env->helm == 3 && to > from && is_space(s.ptr[to - 1])) to--;
    struct go_value whole = piece_of(env, text, from, to);
    s = whole.text;
    for (from = 0;; from = end) {
        bool more = next_separator(env, s, from, &start, &end);
        struct go_value piece = piece_of(env, &whole, from, more ? start : s.len);
        if (env->helm == 4 ? piece.text.len > 0 : (more ? start : s.len) > from) {
            struct manifest made = {.text = piece};
            vec_push(env->arena, list, made);
        }
        if (!more) break;
    }
}

/* ---- the head of a document ---- */

/* A text with the holes in it as words, so that what is around them can be read. */
static struct str fill_holes(struct arena *a, const struct go_value *text) {
    struct buf out = buf_in(a);
    uint32_t from = 0;
    if (go_known(text)) return text->text;
    for (uint32_t i = 0; i < text->runs->count; i++) {
        const struct go_run *run = &text->runs->items[i];
        buf_add(&out, run->hole ? STR("unknown") : str_slice(text->text, from, run->end));
        from = run->end;
    }
    return buf_str(&out);
}

static bool is_scalar(const struct value *v) {
    return !v || (v->kind != VALUE_LIST && v->kind != VALUE_MAP);
}

static bool is_map(const struct value *v) {
    return !v || v->kind == VALUE_NULL || v->kind == VALUE_MAP;
}

static struct str text_of(struct arena *a, const struct value *v) {
    struct buf out = buf_in(a);
    if (!v || v->kind == VALUE_NULL) return STR("");
    if (v->kind == VALUE_STRING) return v->string;
    json_write(&out, v, JSON_ONE_LINE);
    return buf_str(&out);
}

static const struct value *member_of(const struct value *map, struct str key) {
    return map && map->kind == VALUE_MAP ? value_get(map, key) : NULL;
}

/* What Helm wants of a document; NULL: it is fine. */
static const char *wrong_head(const struct value *document) {
    if (!is_map(document)) return "the document is no mapping";
    if (!is_scalar(member_of(document, STR("apiVersion")))) return "its apiVersion is no string";
    if (!is_scalar(member_of(document, STR("kind")))) return "its kind is no string";
    const struct value *metadata = member_of(document, STR("metadata"));
    if (!is_map(metadata)) return "its metadata is no mapping";
    if (!is_scalar(member_of(metadata, STR("name")))) return "its name is no string";
    const struct value *annotations = member_of(metadata, STR("annotations"));
    if (!is_map(annotations)) return "its annotations are no mapping";
    for (uint32_t i = 0; annotations && annotations->kind == VALUE_MAP && i < annotations->map.len; i++) {
        if (!is_scalar(&annotations->map.members[i].value)) return "an annotation is no string";
    }
    return NULL;
}

/* Whether each of the names with commas between them is a hook of Helm's; `test` is set where one is a test. */
static bool known_hooks(struct str names, bool *test) {
    static const char *const HOOKS[] = {"pre-install",  "post-install", "pre-delete",    "post-delete", "pre-upgrade",
                                        "post-upgrade", "pre-rollback", "post-rollback", "test",        "test-success"};
    for (size_t from = 0; from <= names.len;) {
        size_t end = from + str_find_char(str_slice(names, from, names.len), ',');
        struct str name = str_trim(str_slice(names, from, end));
        bool found = false;
        for (size_t i = 0; i < sizeof HOOKS / sizeof *HOOKS && !found; i++) {
            size_t len = strlen(HOOKS[i]);
            found = name.len == len;
            for (size_t c = 0; c < len && found; c++)
                found = (name.ptr[c] >= 'A' && name.ptr[c] <= 'Z' ? name.ptr[c] | 0x20 : name.ptr[c]) == HOOKS[i][c];
            if (found && i >= 8) *test = true;
        }
        if (!found) return false;
        from = end + 1;
    }
    return true;
}

enum head { HEAD_PLAIN, HEAD_HOOK, HEAD_LEFT_OUT, HEAD_REFUSED };

static bool read_head(struct arena *a, struct str text, struct value *document, struct error *error) {
    struct source *source = arena_new(a, struct source);
    struct yaml_issues issues = {NULL, 0, 0};
    struct tree *tree = arena_new(a, struct tree);
    source->text = text;
    if (read_text_values(a, source, tree, document, &issues)) return true;
    /* A document that is no mapping has no values, but may be fine as YAML. */
    const struct yaml_issue *issue = &issues.items[issues.len - 1];
    source_lines(a, source);
    error_set(error, 0, "line %u: %.*s", source_position(source, issue->span.start).line, STR_ARG(issue->message));
    return false;
}

/* Whether what a document is does not depend on its holes: each is a part of one line. */
static bool holes_in_lines(const struct go_value *text) {
    for (uint32_t i = 0; text->runs && i < text->runs->count; i++) {
        if (text->runs->items[i].hole && !text->runs->items[i].hole->one_line) return false;
    }
    return true;
}

static enum head head_of(struct go_env *env, struct manifest *m, struct error *error) {
    struct value document;
    struct error problem;
    const char *wrong = NULL;
    if (!read_head(env->arena, fill_holes(env->arena, &m->text), &document, &problem)) {
        wrong = problem.message;
        document = (struct value){.kind = VALUE_NULL};
    } else {
        wrong = wrong_head(&document);
    }
    if (wrong && !holes_in_lines(&m->text)) {
        m->unsure = true;
        return HEAD_PLAIN;
    }
    if (wrong) {
        error_set(error, 0, "YAML parse error on %.*s: %s", STR_ARG(m->source), wrong);
        return HEAD_REFUSED;
    }
    const struct value *metadata = member_of(&document, STR("metadata"));
    const struct value *annotations = member_of(metadata, STR("annotations"));
    const struct value *hook = member_of(annotations, STR("helm.sh/hook"));
    m->kind = text_of(env->arena, member_of(&document, STR("kind")));
    m->name = text_of(env->arena, member_of(metadata, STR("name")));
    if (!hook) return HEAD_PLAIN;
    m->is_hook = true;
    return known_hooks(text_of(env->arena, hook), &m->is_test) ? HEAD_HOOK : HEAD_LEFT_OUT;
}

/* ---- the order ---- */

static const char *const INSTALL_ORDER[] = {
    "PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy",
    "PodDisruptionBudget", "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume",
    "PersistentVolumeClaim", "CustomResourceDefinition", "ClusterRole", "ClusterRoleList", "ClusterRoleBinding",
    "ClusterRoleBindingList", "Role", "RoleList", "RoleBinding", "RoleBindingList", "Service", "DaemonSet", "Pod",
    "ReplicationController", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob",
    "IngressClass", "Ingress", "APIService",
    /* Helm 4 alone */
    "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"};
#define PLACES (uint32_t)(sizeof INSTALL_ORDER / sizeof *INSTALL_ORDER)

struct ranked {
    struct manifest manifest;
    uint32_t rank, index;
};

static uint32_t rank_of(uint8_t helm, struct str kind) {
    uint32_t count = helm == 3 ? PLACES - 2 : PLACES;
    for (uint32_t i = 0; i < count; i++) {
        if (str_eq(kind, str_from(INSTALL_ORDER[i]))) return i;
    }
    return PLACES;
}

static int compare_ranked(const void *a, const void *b) {
    const struct ranked *x = a, *y = b;
    if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
    int by_kind = x->rank == PLACES ? str_cmp(x->manifest.kind, y->manifest.kind) : 0;
    if (by_kind) return by_kind;
    return x->index < y->index ? -1 : 1;
}

static void sort_by_kind(struct go_env *env, struct manifests *list) {
    struct ranked *ranked = arena_alloc_raw(env->arena, sizeof *ranked * (list->len + 1));
    for (uint32_t i = 0; i < list->len; i++)
        ranked[i] = (struct ranked){list->items[i], rank_of(env->helm, list->items[i].kind), i};
    qsort(ranked, list->len, sizeof *ranked, compare_ranked);
    for (uint32_t i = 0; i < list->len; i++) list->items[i] = ranked[i].manifest;
}

static int compare_sources(const void *a, const void *b) {
    const struct template_file *const *x = a, *const *y = b;
    return str_cmp((*x)->source.name, (*y)->source.name);
}

/* The files whose output is manifests, in the order of their names. */
static const struct template_file **sorted_files(struct go_env *env, const struct template_files *files,
                                                 uint32_t *count) {
    const struct template_file **sorted = arena_alloc_raw(env->arena, sizeof *sorted * (files->len + 1));
    *count = 0;
    for (uint32_t i = 0; i < files->len; i++) {
        const struct template_file *file = &files->items[i];
        if (!file->runs || str_ends(file->source.name, STR("NOTES.txt"))) continue;
        sorted[(*count)++] = file;
    }
    qsort(sorted, *count, sizeof *sorted, compare_sources);
    return sorted;
}

bool manifest_sort(struct go_env *env, const struct template_files *files, struct manifests *plain,
                   struct manifests *hooks, struct manifest *refused, struct error *error) {
    uint32_t count;
    const struct template_file **sorted = sorted_files(env, files, &count);
    for (uint32_t f = 0; f < count; f++) {
        struct manifests documents = {0};
        if (str_trim(sorted[f]->output.text).len == 0) continue;
        manifest_split(env, &sorted[f]->output, &documents);
        for (uint32_t i = 0; i < documents.len; i++) {
            struct manifest *m = &documents.items[i];
            m->source = sorted[f]->source.name;
            switch (head_of(env, m, error)) {
            case HEAD_PLAIN: vec_push(env->arena, plain, *m); break;
            case HEAD_HOOK: vec_push(env->arena, hooks, *m); break;
            case HEAD_LEFT_OUT: break;
            case HEAD_REFUSED: *refused = *m; return false;
            }
        }
    }
    sort_by_kind(env, plain);
    sort_by_kind(env, hooks);
    return true;
}
