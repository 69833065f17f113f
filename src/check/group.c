#include "check/group.h"

#include "check/reread.h"
#include "text/secret.h"

/* Related places of one finding, and names in its message; of the rest it is told how many they are. */
#define PLACES_MOST 3
#define NAMES_MOST 8

struct group_chart {
    struct group_chart *next;
    struct str name;
    struct str path;  /* of the file */
    struct str value; /* dotted path of the value */
    struct span span;
    uint32_t text_length; /* of the file: whether it is still the same at the end */
};

struct group {
    const struct rule *rule;
    struct str key;
    enum severity severity;
    struct group_chart first;
    struct group_chart *last;
    uint32_t count;
};

static void add_member(struct groups *g, const struct lint_result *result, const struct lint_file *file,
                       const struct rules_member *member) {
    struct arena *a = g->arena;
    struct str id = member->rule->check.id;
    char *text = arena_alloc_raw(a, id.len + 1 + member->key.len);
    memcpy(text, id.ptr, id.len);
    text[id.len] = ' ';
    if (member->key.len) memcpy(text + id.len + 1, member->key.ptr, member->key.len);
    struct str key = {text, id.len + 1 + member->key.len};
    struct group *group = map_get(&g->by_key, key);
    struct group_chart *chart = group ? arena_new(a, struct group_chart) : NULL;
    if (group) {
        group->last->next = chart;
    } else {
        group = arena_new(a, struct group);
        group->rule = member->rule;
        group->key = str_slice(key, id.len + 1, key.len);
        group->severity = member->severity;
        chart = &group->first;
        map_put(a, &g->by_key, key, group);
    }
    *chart = (struct group_chart){
        NULL,         arena_str(a, result->chart),    file->source.path, arena_str(a, member->path),
        member->span, (uint32_t)file->source.text.len};
    group->last = chart;
    group->count++;
}

void groups_add(struct groups *groups, const struct lint_result *result) {
    for (uint32_t f = 0; f < result->files.len; f++) {
        const struct lint_file *file = result->files.items[f];
        for (uint32_t i = 0; i < file->members.len; i++) add_member(groups, result, file, &file->members.items[i]);
    }
}

/* Reads the file of `chart` again. */
static struct span read_source(struct arena *a, const struct group_chart *chart, struct source *source) {
    return reread(a, NULL, chart->path, chart->text_length, chart->span, source);
}

static struct value names_of(struct arena *a, const struct group *group) {
    struct VEC(struct value) names = {NULL, 0, 0};
    for (const struct group_chart *chart = &group->first; chart && names.len < NAMES_MOST; chart = chart->next)
        vec_push(a, &names, value_from_string(chart->name));
    struct str rest = arena_printf(a, "%u more", group->count - names.len);
    if (group->count > names.len) vec_push(a, &names, value_from_string(rest));
    return value_from_items(a, names.items, names.len);
}

static void add_finding(const struct groups *g, struct arena *a, const struct group *group, struct lint_file *file) {
    struct value names = names_of(a, group);
    struct cel_value failure, slots[RULE_VARIABLES] = {{.kind = CEL_ERROR}};
    slots[RULE_KEY] = cel_from_string(group->key);
    slots[RULE_PATH] = cel_from_string(group->first.value);
    slots[RULE_CHARTS] = cel_from_value(&names);
    struct finding finding = {.check = &group->rule->check,
                              .severity = group->severity,
                              .span = read_source(a, &group->first, &file->source),
                              .path = group->first.value,
                              .message = rule_text_expand(a, g->rules, group->rule, RULE_MESSAGE, slots, &failure),
                              .help = rule_text_expand(a, g->rules, group->rule, RULE_HELP, slots, &failure),
                              .rank = file->findings.len};
    finding.related = arena_array(a, struct related, PLACES_MOST);
    for (const struct group_chart *chart = group->first.next; chart && finding.related_count < PLACES_MOST;
         chart = chart->next) {
        struct source *source = arena_new(a, struct source);
        struct span span = read_source(a, chart, source);
        finding.related[finding.related_count++] =
            (struct related){source, span, arena_printf(a, "also in %.*s", STR_ARG(chart->name))};
    }
    vec_push(a, &file->findings, finding);
}

void groups_report(const struct groups *groups, void (*report)(void *data, struct lint_file *file, struct str chart),
                   void *data) {
    struct arena a = {NULL, NULL};
    const struct map *map = &groups->by_key;
    for (uint32_t i = 0; i < map->len;) {
        const struct group *first = map->entries[i].value;
        struct lint_file file = {.source = {.path = first->first.path}};
        for (; i < map->len; i++) {
            const struct group *group = map->entries[i].value;
            if (!str_eq(group->first.path, first->first.path)) break;
            if (group->count > 1) add_finding(groups, &a, group, &file);
        }
        if (file.findings.len == 0) continue;
        findings_sort(&file.findings);
        secrets_mask_findings(&a, &file.source, &file.findings);
        report(data, &file, first->first.name);
        arena_reset(&a);
    }
    arena_free(&a);
}
