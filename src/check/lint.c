#include "check/lint_state.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/path.h"
#include "chart/parts.h"
#include "check/encrypted.h"
#include "check/exemption.h"
#include "check/mesh_prints.h"
#include "check/own_schema.h"
#include "check/printed.h"
#include "check/rules.h"
#include "check/secrets.h"
#include "check/shape.h"
#include "check/suppress.h"
#include "check/templates.h"
#include "check/unread.h"
#include "config/membership.h"
#include "text/secret.h"
#include "yaml/helm.h"
#include "yaml/read.h"
#include "yaml/scalar.h"

struct reporter lint_reporter(const struct lint *l, struct lint_file *file) {
    return reporter_on(l->arena, l->checks, l->settings, &file->source, &file->findings);
}

static const enum builtin_check ISSUE_CHECKS[YAML_ISSUE_KINDS] = {
    [YAML_UNREADABLE] = CHECK_INVALID_YAML,
    [YAML_DUPLICATE] = CHECK_DUPLICATE_KEY,
    [YAML_AMBIGUOUS] = CHECK_AMBIGUOUS_SCALAR,
    [YAML_CHANGED_KEY] = CHECK_CHANGED_KEY,
    [YAML_REFUSED] = CHECK_REFUSED_BY_HELM,
    [YAML_DOCUMENTS] = CHECK_SEVERAL_DOCUMENTS,
    [YAML_MERGE] = CHECK_MERGE_ORDER,
    [YAML_VERSIONS] = CHECK_HELM_VERSIONS,
    [YAML_INVISIBLE] = CHECK_INVISIBLE_CHARACTER,
};

static void add_issue(struct reporter *f, enum builtin_check check, const struct yaml_issue *issue) {
    struct finding *finding = reporter_add(f, check, issue->span, STR(""), issue->message);
    finding->help = issue->help;
    const struct node *node = f->tree && issue->node ? f->tree->nodes[issue->node] : NULL;
    if (check == CHECK_AMBIGUOUS_SCALAR && node && node->key && helm_is_own_boolean(node)) {
        finding->fix = FIX_SAFE;
        finding->becomes = scalar_resolve_helm(node->text).boolean ? STR("true") : STR("false");
        finding->fix_does = arena_printf(f->arena, "writes `%.*s`", STR_ARG(finding->becomes));
    }
    if (span_len(issue->other)) reporter_relate(f, finding, issue->other, STR("the first one"));
}

static void add_issues(struct reporter *f, const struct yaml_issues *issues) {
    for (uint32_t i = 0; i < issues->len; i++) add_issue(f, ISSUE_CHECKS[issues->items[i].kind], &issues->items[i]);
}

/* Drops findings below the lowest severity that is reported, and those that say the same of the same place. */
static void tidy(const struct lint *l, struct lint_file *file) {
    struct findings *findings = &file->findings;
    findings_drop_below(findings, l->settings->lowest);
    findings_sort(findings);
    findings_unite(findings);
    if (findings->len == 0) return;
    source_lines(l->arena, &file->source);
}

struct lint_file *lint_add_file(struct lint *l, struct str path) {
    struct lint_file *file = arena_new(l->arena, struct lint_file);
    file->source.path = path;
    vec_push(l->arena, &l->result->files, file);
    return file;
}

/* Parses `file`, or the part of it that is looked at, unless that was done before; false where its values cannot be
 * had. */
static bool read_values(const struct lint *l, struct reporter *f, struct lint_file *file) {
    struct yaml_issues issues = {NULL, 0, 0};
    const struct lint_text *given = lint_text_at(l->texts, file->source.path);
    struct value *values = arena_new(l->arena, struct value);
    bool ok;
    if (l->bound) given = NULL; /* it may be of the whole file */
    if (given && given->values) {
        f->tree = given->tree;
        *values = *given->values;
        file->foreseen = ok = true;
    } else if (given && given->tree) {
        f->tree = given->tree;
        ok = helm_values(l->arena, f->tree, values, &issues);
    } else {
        struct tree *tree = arena_new(l->arena, struct tree);
        ok = read_text_values(l->arena, f->source, tree, values, &issues);
        f->tree = tree->source ? tree : NULL;
    }
    add_issues(f, &issues);
    if (ok) file->tree = f->tree, file->values = values;
    return ok;
}

/* All that is said in CEL: the conditions of the schema's annotations, and the rules. */
static void check_conditions(struct reporter *f, const struct rules_subject *subject) {
    struct cel_value slots[RULE_VARIABLES];
    rules_slots(f, subject, slots);
    if (!subject->overlay) shape_check_when(f, subject->values, slots, subject->violations);
    rules_check(f, subject, slots);
}

const struct lint_text *lint_text_at(const struct lint_texts *texts, struct str path) {
    for (uint32_t i = 0; texts && i < texts->len; i++)
        if (str_eq(texts->items[i].path, path)) return &texts->items[i];
    return NULL;
}

bool lint_read_text(struct arena *a, const struct lint_texts *texts, struct str path, struct str *text,
                    struct error *error) {
    const struct lint_text *given = lint_text_at(texts, path);
    if (!given) return file_read(a, path.ptr, INPUT_MAX, text, error);
    *text = given->text;
    return true;
}

static bool read_template(void *data, struct str path, struct str *text, struct error *error) {
    const struct lint *l = data;
    return lint_read_text(l->arena, l->texts, path, text, error);
}

static bool is_readable(const struct lint *l, struct str path) {
    struct error error;
    struct str text;
    return lint_read_text(l->arena, l->texts, path, &text, &error) && !encrypted_looks(text);
}

/* The overlays whose values can be read, files that are bound to the chart among them. */
static void take_overlays(struct lint *l, struct templates_subject *subject) {
    struct VEC(struct str) readable = {NULL, 0, 0}, always = {NULL, 0, 0};
    for (uint32_t i = 0; i < l->paths->overlays.len; i++)
        if (is_readable(l, l->paths->overlays.items[i])) vec_push(l->arena, &readable, l->paths->overlays.items[i]);
    const struct release_bindings *bindings = lint_bindings(l);
    for (uint32_t i = 0; i < bindings->len; i++) {
        const struct release_binding *binding = &bindings->items[i];
        struct str path = lint_shown_path(l, binding->path);
        if (!lint_is_whole(binding) || !is_readable(l, path)) continue;
        vec_push(l->arena, &readable, path);
        if (binding->always) vec_push(l->arena, &always, path);
    }
    subject->overlays = readable.items;
    subject->overlay_count = readable.len;
    subject->always = always.items;
    subject->always_count = always.len;
}

/* Whether the values that are known are those of a text: fixes that are foreseen are in none. */
static bool is_written(const struct lint *l) {
    for (uint32_t i = 0; l->texts && i < l->texts->len; i++) {
        struct error error;
        struct str text;
        if (!l->texts->items[i].values) continue;
        if (!file_read_or(l->buffers, l->arena, l->texts->items[i].path, INPUT_MAX, &text, &error)) return false;
        if (!str_eq(text, l->texts->items[i].text)) return false;
    }
    return true;
}

/* Holds the values of values.yaml against the chart's templates. */
static void check_templates(struct lint *l, struct reporter *f, const struct value *values) {
    struct template_reports reports = {NULL, 0, 0};
    struct templates_subject subject = {.folder = l->folder, .chart = &l->chart, .values = values};
    bool mesh = mesh_is_printed(l->checks, l->settings);
    bool printed = (l->has_templates || l->has_charts || l->settings->templates.len) && l->paths &&
                   (mesh || printed_wanted(l->checks, l->settings));
    if (!printed && !templates_wanted(l->checks, l->settings, l->has_templates)) return;
    subject.exempt = l->result->exemption.len > 0;
    if (l->paths) take_overlays(l, &subject);
    subject.read = read_template;
    subject.data = l;
    subject.memo = l->templates;
    subject.read_at = &l->reads.named;
    subject.buffers = l->buffers;
    if (printed && mesh) {
        l->result->prints = subject.prints = arena_new(l->arena, struct mesh_prints);
        subject.prints->arena = l->arena;
    }
    templates_check(f, &subject, &reports);
    l->defaults = values;
    if (printed && is_written(l)) printed_check(f, &subject, &reports, &l->reads);
    else if (printed) printed_unwritten(f);
    unread_check(f, &subject, &l->reads);
    unread_name_failures(f, &reports, &l->reads, values);
    l->has_printed = printed;
    for (uint32_t i = 0; i < reports.len; i++) {
        struct lint_file *file = lint_add_file(l, reports.items[i]->source.path);
        file->source = reports.items[i]->source;
        file->findings = reports.items[i]->findings;
        file->unreadable = reports.items[i]->unreadable;
        tidy(l, file);
    }
}

/* Helm 3 loads no chart with a larger file in it. */
#define HELM_FILE_MAX ((size_t)5 << 20)

static void check_size(struct reporter *f) {
    if (f->source->text.len <= HELM_FILE_MAX) return;
    struct finding *finding = reporter_add(f, CHECK_LARGE_FILE, (struct span){0, 0}, STR(""),
                                           arena_printf(f->arena,
                                                        "the file has %zu bytes; Helm 3 does not load a chart "
                                                        "with a file above %zu",
                                                        f->source->text.len, HELM_FILE_MAX));
    finding->help = STR("shrink it, or list it in .helmignore if Helm does not need it");
}

/* Whether Helm may see more at the violation's place than values.yaml holds: a dependency's values, `global`. */
static bool is_completed(const struct lint *l, const struct violation *violation) {
    struct str rest = violation->path, first = STR("");
    dotted_next(&rest, &first);
    if (l->chart.dependencies.len == 0) return false;
    if (str_eq(first, PARTS_GLOBAL) || (violation->path.len == 0 && violation->keyword == SCHEMA_REQUIRED)) return true;
    for (uint32_t i = 0; i < l->chart.dependencies.len; i++)
        if (str_eq(first, parts_key(&l->chart.dependencies.items[i]))) return true;
    return false;
}

static bool is_reported(const struct reporter *f, struct span span) {
    for (uint32_t i = 0; i < f->findings->len; i++)
        if (f->findings->items[i].span.start == span.start) return true;
    return false;
}

/* Checks the values against the chart's own schema, as Helm does; places with a finding need no second one. */
static void check_own_schema(struct lint *l, struct reporter *f, const struct value *values) {
    struct violations violations = {NULL, 0, 0};
    struct own_schema own;
    own_schema_read(l->arena, l->buffers, l->folder, &own);
    if (own.problem.len || own.source.text.len > HELM_FILE_MAX) {
        struct lint_file *file = lint_add_file(l, own.source.path);
        file->source = own.source;
        struct reporter schema = lint_reporter(l, file);
        check_size(&schema);
        if (own.problem.len) {
            struct finding *finding = reporter_add(&schema, CHECK_UNUSABLE_SCHEMA, own.span, STR(""), own.problem);
            finding->help = STR("Helm checks the values against it, and fails on the chart");
        }
        tidy(l, file);
    }
    if (!own.schema || schema_validate(own.schema, l->arena, values, &violations)) return;
    for (uint32_t i = 0; i < violations.len; i++) {
        const struct violation *violation = &violations.items[i];
        struct span span =
            violation->member ? violation->member->key_span : reporter_value_span(f, violation->instance);
        if (violation->keyword == SCHEMA_REQUIRED) span = reporter_key_span(f, violation->instance);
        if (is_completed(l, violation) || is_reported(f, span)) continue;
        struct schema_message words = schema_violation_message(l->arena, violation);
        struct finding *finding = reporter_add(
            f, CHECK_REFUSED_BY_SCHEMA, span, violation->path,
            arena_printf(l->arena, "the chart's values.schema.json rejects this: %.*s", STR_ARG(words.message)));
        finding->help = words.help;
    }
}

/* The keys of the values whose value is null, at any depth of mappings. */
static void find_nulls(const struct value *map, const struct member **first, uint32_t *count) {
    for (uint32_t i = 0; i < map->map.len; i++) {
        const struct member *member = &map->map.members[i];
        if (member->value.kind == VALUE_MAP) find_nulls(&member->value, first, count);
        if (member->value.kind != VALUE_NULL) continue;
        if (!*first || member->key_span.start < (*first)->key_span.start) *first = member;
        ++*count;
    }
}

static const struct value NOTHING = {.kind = VALUE_MAP};

/* One finding a file: nobody writes a null by mistake, but what comes of it depends on Helm's version. */
static void check_nulls(struct reporter *f, const struct value *values) {
    const struct member *first = NULL;
    uint32_t count = 0;
    find_nulls(values, &first, &count);
    if (!first) return;
    struct str more = count > 1 ? arena_printf(f->arena, " (and %u more)", count - 1) : STR("");
    struct finding *finding = reporter_add(
        f, CHECK_NULL_DEFAULT, first->key_span, STR(""),
        arena_printf(f->arena,
                     "`%.*s` is null%.*s: Helm 3 keeps the key, Helm 4 (since 4.2) drops it from a chart's defaults",
                     STR_ARG(first->key), STR_ARG(more)));
    finding->help = STR("leave the key out, or write an empty value");
}

/* Whether the standard applies to a chart with these values, and which. */
void lint_choose_standard(struct lint *l, const struct value *values) {
    const struct settings *without = l->settings->without_standard;
    bool has_templates = !l->paths || l->paths->has_templates;
    l->result->exemption = exemption_of(l->arena, l->settings, &l->chart, l->folder, has_templates, values);
    if (l->paths && l->paths->is_plain) l->result->exemption = STR("no Chart.yaml beside it");
    if (!without || l->result->exemption.len || membership_holds(l->settings->standard, values)) return;
    l->base_settings = l->settings;
    l->settings = without;
    l->result->without_standard = true;
}

void lint_check_shape(struct lint *l, struct reporter *f, const struct value *values, bool overlay,
                      struct legacy_state *legacy) {
    struct violations violations = {NULL, 0, 0};
    /* A null in an overlay deletes what values.yaml holds there. */
    struct value left = overlay ? value_without_nulls(l->arena, values) : *values;
    uint32_t before = f->findings->len;
    struct chart_names parts = {NULL, 0, 0};
    legacy_scan(l->arena, l->settings->standard, values, legacy);
    parts_list_keys(l->arena, l->folder, l->paths && l->paths->is_flat, &l->chart, &parts);
    shape_check(f, l->work, &left, legacy, overlay, &parts, &violations);
    if (legacy->count) legacy_check(f, values, legacy);
    shape_name_standard(f, before);
    check_conditions(f, &(struct rules_subject){&left, &l->chart, &violations, overlay, NULL, legacy});
}

void lint_check_values(struct lint *l, struct lint_file *file, bool overlay) {
    struct reporter f = lint_reporter(l, file);
    struct legacy_state legacy;

    file->is_values = true;
    if (read_values(l, &f, file)) {
        const struct value *values = file->values;
        if (l->bound) values = value_path(values, l->bound->keys, l->bound->key_count);
        if (!values || values->kind != VALUE_MAP) values = &NOTHING;
        if (!overlay) lint_choose_standard(l, values);
        f.settings = l->settings;
        if (l->result->exemption.len == 0) lint_check_shape(l, &f, values, overlay, &legacy);
        if (mesh_is_wanted(l->checks, l->settings) && !l->bound) {
            file->mesh = mesh_values_read(&f, &l->chart, values, l->result->exemption.len > 0);
            file->mesh->overlay = overlay;
        }
        if (!overlay) check_nulls(&f, values);
        if (!overlay) check_own_schema(l, &f, values);
        if (!overlay) check_templates(l, &f, values);
        else if (l->has_printed) unread_check_overlay(&f, &l->reads, values, l->defaults);
        lint_check_parts(l, &f, values);
    }
    check_size(&f);
    file->suppressed = suppress_findings(&f);
    rules_take_members(&f, &file->members);
    mesh_values_settle(&f, file->mesh);
    if (f.findings->len && file->values && encrypted_is(file->values)) encrypted_drop_findings(&f, file->values);
    tidy(l, file);
}

static void check_file(struct lint *l, struct str path, bool overlay) {
    struct lint_file *file = lint_add_file(l, path);
    struct error error;
    if (lint_read_text(l->arena, l->texts, path, &file->source.text, &error)) {
        lint_check_values(l, file, overlay);
        return;
    }
    struct reporter f = lint_reporter(l, file);
    file->unreadable = file->is_values = true;
    reporter_add(&f, CHECK_UNREADABLE_FILE, (struct span){0, 0}, STR(""), arena_str(l->arena, str_from(error.message)));
    tidy(l, file);
}

static void check_app_version(const struct lint *l, struct reporter *f) {
    struct span span = l->chart.app_version_lost;
    if (!span_len(span)) return;
    struct finding *finding =
        reporter_add(f, CHECK_LOST_APP_VERSION, span, STR("appVersion"),
                     arena_printf(f->arena, "`%.*s` is a number to Helm, which prints %.*s",
                                  STR_ARG(span_text(l->chart.source.text, span)), STR_ARG(l->chart.app_version)));
    finding->help = arena_printf(f->arena, "write `\"%.*s\"`", STR_ARG(span_text(l->chart.source.text, span)));
}

/* Checks a chart without values.yaml: Helm renders its templates with no values. */
static void check_bare(struct lint *l) {
    if (l->paths->ignored_values.len) {
        struct lint_file *file = lint_add_file(l, l->paths->ignored_values);
        struct reporter f = lint_reporter(l, file);
        struct error error;
        if (!lint_read_text(l->arena, l->texts, file->source.path, &file->source.text, &error))
            file->source.text = STR("");
        struct finding *finding = reporter_add(&f, CHECK_IGNORED_VALUES, (struct span){0, 0}, STR(""),
                                               STR("Helm reads values.yaml and ignores this file"));
        finding->help = STR("rename it to values.yaml");
        tidy(l, file);
    }
    struct lint_file *none = arena_new(l->arena, struct lint_file);
    struct value *values = arena_new(l->arena, struct value);
    none->source.path = path_join(l->arena, l->folder, STR("values.yaml"));
    none->source.text = STR("");
    *values = value_map_new(l->arena, 0);
    struct reporter f = lint_reporter(l, none);
    struct tree tree;
    struct yaml_issue issue;
    if (tree_parse(l->arena, &none->source, &tree, &issue)) f.tree = &tree;
    if (!str_eq(l->chart.type, STR("library"))) check_templates(l, &f, values);
}

/* Tells what keeps Helm from reading the chart's Chart.yaml, and what it reads otherwise than it is written. */
static void check_chart_yaml(struct lint *l) {
    struct lint_file *file = NULL;
    if (span_len(l->chart.app_version_lost) || l->chart.source.text.len > HELM_FILE_MAX) {
        file = lint_add_file(l, l->chart.source.path);
        file->source.text = l->chart.source.text;
        struct reporter f = lint_reporter(l, file);
        check_app_version(l, &f);
        check_size(&f);
    }
    for (uint32_t i = 0; i < l->chart.issues.len; i++) {
        const struct yaml_issue *issue = &l->chart.issues.items[i];
        if (issue->kind != YAML_UNREADABLE && issue->kind != YAML_REFUSED) continue;
        if (!file) file = lint_add_file(l, l->chart.source.path);
        file->source.text = l->chart.source.text;
        struct reporter f = lint_reporter(l, file);
        add_issue(&f, CHECK_INVALID_CHART_YAML, issue);
    }
    if (file) tidy(l, file);
}

void lint_read_chart(struct arena *a, struct str folder, bool has_chart_yaml, struct chart *chart) {
    struct str name = path_name(folder);
    if (name.len == 0 || str_eq(name, STR(".")) || str_eq(name, STR("..")))
        name = path_name(path_absolute(a, folder.len ? folder : STR(".")));
    if (has_chart_yaml) chart_read(a, path_join(a, folder, STR("Chart.yaml")), name, chart);
    else *chart = (struct chart){.name = name};
}

static void read_chart(struct lint *l, struct str folder, bool has_chart_yaml, const struct chart *known) {
    struct chart *chart = known ? NULL : arena_new(l->arena, struct chart);
    if (chart) lint_read_chart(l->arena, folder, has_chart_yaml, chart);
    l->result->read = known ? known : chart;
    l->chart = *l->result->read;
    l->result->chart = l->chart.name;
}

/* Finds out whether the standard applies to a chart of which only overlays are checked. */
static void find_exemption(struct lint *l, struct str path) {
    struct value values;
    struct error error;
    struct str text;
    if (lint_read_text(l->arena, l->texts, path, &text, &error) && read_plain_values(l->arena, text, &values))
        lint_choose_standard(l, &values);
}

static int file_cmp(const void *left, const void *right) {
    const struct lint_file *const *a = left, *const *b = right;
    return str_cmp((*a)->source.path, (*b)->source.path);
}

void lint_mask_secrets(struct arena *a, const struct checks *checks, const struct settings *settings,
                       struct lint_result *result) {
    bool any = false;
    for (uint32_t i = 0; i < result->files.len; i++) any = any || result->files.items[i]->findings.len;
    for (uint32_t i = 0; any && i < result->files.len; i++) {
        struct lint_file *file = result->files.items[i];
        struct reporter f = reporter_on(a, checks, settings, &file->source, &file->findings);
        if (file->values) lint_secrets(&f, file->values);
    }
    for (uint32_t i = 0; any && i < result->files.len; i++)
        secrets_mask_findings(a, &result->files.items[i]->source, &result->files.items[i]->findings);
}

void lint_chart(struct arena *a, const struct lint_request *request, struct lint_result *result) {
    const struct chart_paths *paths = request->paths;
    struct lint l = {.arena = a,
                     .checks = request->checks,
                     .settings = request->settings,
                     .texts = request->texts,
                     .buffers = request->buffers,
                     .templates = request->templates,
                     .work = request->work,
                     .result = result,
                     .world = request->world,
                     .folder = paths->folder,
                     .paths = paths,
                     .has_templates = paths->has_templates && !request->values_only,
                     .has_charts = paths->has_charts && !request->values_only};
    *result = (struct lint_result){.chart = STR("")};
    read_chart(&l, paths->folder, paths->has_chart_yaml, request->chart);
    check_chart_yaml(&l);
    if (paths->is_bare) check_bare(&l);
    if (paths->values.len) check_file(&l, paths->values, false);
    else find_exemption(&l, path_join(a, paths->folder, STR("values.yaml")));
    for (uint32_t i = 0; i < paths->overlays.len; i++) check_file(&l, paths->overlays.items[i], true);
    lint_check_bound(&l);
    if (result->files.len) qsort(result->files.items, result->files.len, sizeof *result->files.items, file_cmp);
}

void lint_text(struct arena *a, const struct checks *checks, const struct settings *settings, struct str path,
               struct str text, struct lint_result *result) {
    struct lint l = {.arena = a, .checks = checks, .settings = settings, .result = result};
    bool overlay = discover_is_overlay(a, path, &l.folder);
    l.has_templates = true;
    *result = (struct lint_result){.chart = STR("")};
    struct str chart_yaml = path_join(a, l.folder, STR("Chart.yaml"));
    read_chart(&l, l.folder, file_kind(chart_yaml.ptr) == FILE_REGULAR, NULL);
    if (overlay) find_exemption(&l, path_join(a, l.folder, STR("values.yaml")));
    struct lint_file *file = lint_add_file(&l, path);
    file->source.text = text;
    lint_check_values(&l, file, overlay);
}
