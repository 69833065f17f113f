#include "cli/example.h"

#include "base/path.h"
#include "check/group.h"
#include "fix/fix.h"
#include "value/change.h"
#include "value/json.h"
#include "yaml/read.h"

/* Nothing can stand below a file: no chart that is there is read by mistake. */
#define NOWHERE STR("/dev/null")

static const char *const NAMES[] = {"example-service", "second-service", "third-service", "fourth-service"};

#define CHARTS_MOST (sizeof NAMES / sizeof *NAMES)

/* A chart of that name with the values `text`, of which nothing is on the disk. */
struct imagined {
    struct chart chart;
    struct chart_paths paths;
    struct lint_texts texts;
    struct lint_result checked;
};

static void put_text(struct value *map, const char *key, struct str text) {
    bool found;
    value_map_put(map, str_from(key), &found)->value = value_from_string(text);
}

static struct imagined *imagine(const struct example *e, const char *name, struct str text) {
    struct arena *a = e->arena;
    struct imagined *chart = arena_new(a, struct imagined);
    chart->chart = (struct chart){.name = str_from(name), .version = STR("1.0.0"), .app_version = STR("1.0.0")};
    chart->chart.document = value_map_new(a, 4);
    put_text(&chart->chart.document, "apiVersion", STR("v2"));
    put_text(&chart->chart.document, "name", str_from(name));
    put_text(&chart->chart.document, "version", STR("1.0.0"));
    put_text(&chart->chart.document, "appVersion", STR("1.0.0"));
    chart->paths = (struct chart_paths){.folder = path_join(a, NOWHERE, str_from(name)), .is_flat = true};
    chart->paths.values = path_join(a, chart->paths.folder, STR("values.yaml"));
    vec_push(a, &chart->texts, ((struct lint_text){.path = chart->paths.values, .text = text}));
    struct lint_request request = {.checks = e->checks,
                                   .settings = e->settings,
                                   .paths = &chart->paths,
                                   .texts = &chart->texts,
                                   .chart = &chart->chart,
                                   .values_only = true};
    lint_chart(a, &request, &chart->checked);
    return chart;
}

/* What --fix makes of `text`, or the text itself. */
static struct str fix(const struct example *e, const char *name, struct str text, struct str *refusal) {
    const struct imagined *chart = imagine(e, name, text);
    struct fix_request request = {.checks = e->checks,
                                  .settings = e->settings,
                                  .paths = &chart->paths,
                                  .texts = &chart->texts,
                                  .checked = &chart->checked,
                                  .unsafe = true};
    struct fix_result result;
    fix_chart(e->arena, &request, &result);
    *refusal = result.refused.len ? result.refused.items[0].reason : result.stopped.reason;
    for (uint32_t i = 0; i < result.files.len; i++)
        if (result.files.items[i].role == FIX_VALUES) return result.files.items[i].after;
    return text;
}

static void write_map(struct buf *out, const struct value *map, size_t indent) {
    for (uint32_t i = 0; i < map->map.len; i++) {
        const struct member *member = &map->map.members[i];
        bool block = member->value.kind == VALUE_MAP && member->value.map.len;
        buf_add_repeat(out, ' ', indent);
        json_write_string(out, member->key);
        buf_add(out, block ? STR(":\n") : STR(": "));
        if (block) {
            write_map(out, &member->value, indent + 2);
            continue;
        }
        json_write(out, &member->value, JSON_ONE_LINE);
        buf_add_char(out, '\n');
    }
}

static bool read_values(struct arena *a, struct str text, struct value *values) {
    struct source *source = arena_new(a, struct source);
    struct tree *tree = arena_new(a, struct tree);
    struct yaml_issues issues = {NULL, 0, 0};
    *source = (struct source){.path = STR("values.yaml"), .text = text};
    return read_text_values(a, source, tree, values, &issues);
}

/* The text of one chart's values: the standard's defaults, as --fix writes them, below the mapping `over`. */
static struct str lay_over(const struct example *e, const char *name, const struct value *over) {
    struct buf out = buf_in(e->arena);
    struct str refusal;
    struct value under;
    struct str defaults = fix(e, name, STR(""), &refusal);
    if (!read_values(e->arena, defaults, &under) || under.kind != VALUE_MAP) under = value_map_new(e->arena, 0);
    struct value values = value_overlay(e->arena, &under, over);
    if (values.map.len == 0) return STR("{}\n");
    write_map(&out, &values, 0);
    return buf_str(&out);
}

struct str example_text(const struct example *e, const struct value *v) {
    return v->kind == VALUE_STRING ? v->string : lay_over(e, NAMES[0], v);
}

struct str example_fix(const struct example *e, const struct value *v, struct str *refusal) {
    return fix(e, NAMES[0], example_text(e, v), refusal);
}

bool example_same(struct arena *a, struct str one, struct str other) {
    struct value left, right;
    if (str_eq(one, other)) return true;
    return read_values(a, one, &left) && read_values(a, other, &right) && value_equal(&left, &right);
}

static void take_all(struct arena *a, const struct findings *from, struct findings *into) {
    for (uint32_t i = 0; i < from->len; i++) vec_push(a, into, from->items[i]);
}

struct grouped {
    struct arena *arena;
    struct findings *findings;
};

static void take_grouped(void *data, struct lint_file *file, struct str chart) {
    const struct grouped *grouped = data;
    (void)chart;
    for (uint32_t i = 0; i < file->findings.len; i++) {
        struct finding finding = file->findings.items[i];
        finding.message = arena_str(grouped->arena, finding.message);
        finding.path = arena_str(grouped->arena, finding.path);
        vec_push(grouped->arena, grouped->findings, finding);
    }
}

struct findings example_check(const struct example *e, const struct value *v) {
    struct findings all = {NULL, 0, 0};
    struct groups groups = {.arena = e->arena, .rules = e->settings->rules};
    struct grouped grouped = {e->arena, &all};
    uint32_t count = v->kind == VALUE_LIST ? v->list.len : 1;
    for (uint32_t i = 0; i < count && i < CHARTS_MOST; i++) {
        const struct value *one = v->kind == VALUE_LIST ? &v->list.items[i] : v;
        struct str text = one->kind == VALUE_STRING ? one->string : lay_over(e, NAMES[i], one);
        const struct lint_result *result = &imagine(e, NAMES[i], text)->checked;
        for (uint32_t f = 0; f < result->files.len; f++) take_all(e->arena, &result->files.items[f]->findings, &all);
        groups_add(&groups, result);
    }
    if (count > 1) groups_report(&groups, take_grouped, &grouped);
    return all;
}
