#include "check/templates.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/fuzzy.h"
#include "base/path.h"
#include "chart/helmignore.h"
#include "chart/parts.h"
#include "chart/templates.h"
#include "check/moved_place.h"
#include "template/eval/manifest.h"
#include "template/eval/scope.h"
#include "template/syntax/names.h"
#include "value/change.h"
#include "value/pointer.h"
#include "yaml/read.h"

/* The longest piece of a template that a message shows, in bytes. */
#define SHOWN_MAX 60

/* The longest condition. */
#define CONDITION_MAX 120

struct names VEC(struct str);

struct checker {
    struct reporter *values;
    const struct templates_subject *subject;
    struct VEC(struct scope_file) files;
    struct VEC(struct chart_template) origins; /* by file */
    struct template_report **reports;          /* by file; NULL for none yet */
    struct names filled, merged;               /* keys that Helm fills from elsewhere; of these it is known with what */
    struct value rendered;                     /* the values with those of subcharts */
    struct scope_result scope;
    bool unread; /* a template could not be had */
};

#define CHECK_COUNT_HERE 5

static const enum builtin_check CHECKS[CHECK_COUNT_HERE] = {CHECK_RENDER_FAILS, CHECK_NEEDED_BLANK, CHECK_GONE_READ,
                                                            CHECK_UNREAD_VALUE, CHECK_BROKEN_TEMPLATE};

bool templates_is_check(const struct checks *checks, const struct check *check) {
    bool found = false;
    for (int i = 0; i < CHECK_COUNT_HERE; i++) found = found || checks->by[CHECKS[i]] == check;
    return found;
}

bool templates_wanted(const struct checks *checks, const struct settings *settings, bool has_templates) {
    bool any = false;
    for (int i = 0; i < CHECK_COUNT_HERE; i++) {
        uint32_t index = checks->by[CHECKS[i]]->index;
        any = any || (settings->enabled[index] && settings->severity[index] >= settings->lowest);
    }
    return any && (has_templates || settings->templates.len > 0);
}

static struct arena *arena_of(const struct checker *c) {
    return c->values->arena;
}

/* ---- reading ---- */

static struct template_report *report_of(struct checker *c, uint32_t file) {
    if (c->reports[file]) return c->reports[file];
    struct template_report *report = arena_new(arena_of(c), struct template_report);
    report->source = (struct source){.path = c->origins.items[file].path, .text = c->files.items[file].text};
    return c->reports[file] = report;
}

static struct reporter reporter_of(struct checker *c, uint32_t file) {
    struct template_report *report = report_of(c, file);
    struct reporter f = *c->values;
    f.source = &report->source;
    f.tree = NULL;
    f.findings = &report->findings;
    return f;
}

static void add_file(struct checker *c, const struct chart_template *from, bool rendered) {
    struct scope_file file = {.entry = rendered && path_name(from->path).ptr[0] != '_'};
    vec_push(arena_of(c), &c->files, file);
    vec_push(arena_of(c), &c->origins, *from);
}

/* Whether only what the file defines can be used. */
static bool is_of_others(const struct chart_template *file) {
    return file->kind == CHART_TEMPLATE_LIBRARY || file->kind == CHART_TEMPLATE_PARENT;
}

/* The texts, and what does not parse. */
static void read_files(struct checker *c) {
    struct error error;
    c->reports = arena_array(arena_of(c), struct template_report *, c->files.len + 1);
    for (uint32_t i = 0; i < c->files.len; i++) {
        struct scope_file *file = &c->files.items[i];
        const struct chart_template *from = &c->origins.items[i];
        if (!c->subject->read(c->subject->data, from->path, &file->text, &error)) {
            struct reporter f = reporter_of(c, i);
            report_of(c, i)->unreadable = c->unread = true;
            reporter_add(&f, CHECK_UNREADABLE_FILE, (struct span){0, 0}, STR(""),
                         arena_str(arena_of(c), str_from(error.message)));
            continue;
        }
        scope_parse(arena_of(c), c->subject->memo, file);
        if (!file->broken) continue;
        c->unread = true;
        if (is_of_others(from)) continue;
        struct reporter f = reporter_of(c, i);
        reporter_add(&f, CHECK_BROKEN_TEMPLATE, file->error.span, STR(""),
                     arena_printf(arena_of(c), "the template does not parse: %.*s", STR_ARG(file->error.message)));
    }
}

/* A template under the name that it has in the chart. */
struct named {
    struct str name;
    const struct chart_template *file;
    uint32_t depth; /* how many folders are around it */
    uint32_t index;
};

struct named_files VEC(struct named);

static void add_named(struct checker *c, struct named_files *files, struct str name,
                      const struct chart_template *file) {
    struct named named = {name, file, 0, files->len};
    for (size_t i = 0; i < name.len; i++) named.depth += name.ptr[i] == '/';
    vec_push(arena_of(c), files, named);
}

/* Helm reads the deepest templates first, and of those from the last to the first. */
static int named_cmp(const void *left, const void *right) {
    const struct named *a = left, *b = right;
    if (a->depth != b->depth) return a->depth < b->depth ? 1 : -1;
    int order = str_cmp(b->name, a->name);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

/* The files in the order in which their defines replace each other; those of the chart around it come last. */
static bool list_files(struct checker *c) {
    const struct setting_list *shared = &c->values->settings->templates;
    const struct helmignore *ignored = helmignore_read(arena_of(c), c->subject->folder);
    bool rendered = !str_eq(c->subject->chart->type, STR("library"));
    struct chart_templates own = {NULL, 0, 0}, others = {NULL, 0, 0};
    struct named_files files = {NULL, 0, 0};
    struct error error;
    if (!chart_list_templates(arena_of(c), c->subject->folder, &own, &error)) return false;
    /* Charts that are no services are not rendered with the templates that services share. */
    for (uint32_t i = 0; i < shared->len && !c->subject->exempt; i++) {
        uint32_t from = others.len;
        struct str folder = shared->items[i].value;
        if (!chart_list_shared(arena_of(c), folder, &others, &error)) return false;
        for (uint32_t k = from; k < others.len; k++) {
            struct str below = path_relative(others.items[k].path, folder);
            add_named(c, &files, path_join(arena_of(c), STR("templates"), below), NULL);
        }
    }
    for (uint32_t i = 0; i < others.len; i++) files.items[i].file = &others.items[i];
    for (uint32_t i = 0; i < own.len; i++) {
        struct str name = path_relative(own.items[i].path, c->subject->folder);
        if (own.items[i].kind != CHART_TEMPLATE_PARENT && !helmignore_excludes(ignored, name))
            add_named(c, &files, name, &own.items[i]);
    }
    if (files.len) qsort(files.items, files.len, sizeof *files.items, named_cmp);
    for (uint32_t i = 0; i < files.len; i++)
        add_file(c, files.items[i].file, rendered && !is_of_others(files.items[i].file));
    for (uint32_t i = 0; i < own.len; i++)
        if (own.items[i].kind == CHART_TEMPLATE_PARENT) add_file(c, &own.items[i], false);
    return true;
}

static bool read_chart_file(void *data, struct str name, struct str *text) {
    struct checker *c = data;
    struct error error;
    if (name.len == 0 || name.ptr[0] == '/' || str_find(name, STR("..")) < name.len) return false;
    struct str path = path_join(arena_of(c), c->subject->folder, arena_str(arena_of(c), name));
    return c->subject->read(c->subject->data, path, text, &error);
}

/* The values in the file at `path`; false where they cannot be had. */
static bool read_values(struct checker *c, struct str path, struct value *values) {
    struct error error;
    struct str text;
    return c->subject->read(c->subject->data, path, &text, &error) && read_plain_values(arena_of(c), text, values);
}

/* ---- what others fill ---- */

bool templates_of_subchart(struct arena *a, struct str folder) {
    struct str absolute = path_absolute(a, folder.len ? folder : STR("."));
    struct str parent = path_join(a, path_folder(path_folder(absolute)), STR("Chart.yaml"));
    return str_eq(path_name(path_folder(absolute)), STR("charts")) && file_kind(parent.ptr) == FILE_REGULAR;
}

static bool is_among(const struct names *names, struct str name) {
    for (uint32_t i = 0; i < names->len; i++)
        if (str_eq(names->items[i], name)) return true;
    return false;
}

static void add_filled(struct checker *c, struct str name) {
    if (!is_among(&c->merged, name) && !is_among(&c->filled, name)) vec_push(arena_of(c), &c->filled, name);
}

static bool is_subchart(const struct checker *c) {
    return templates_of_subchart(arena_of(c), c->subject->folder);
}

/* The chart in the folder charts/`name`: its values stand in the chart's, where it is known which. */
static void merge_part(struct checker *c, const struct parts_reader *reader, struct str name) {
    struct value values;
    if (c->rendered.kind != VALUE_MAP ||
        !parts_values(arena_of(c), c->subject->folder, c->subject->chart, c->subject->values, name, reader, &values))
        return;
    struct value_change change = {&name, 1, values};
    c->rendered = value_with(arena_of(c), &c->rendered, &change, 1);
    vec_push(arena_of(c), &c->merged, name);
    value_path_below(arena_of(c), value_path_below(arena_of(c), &c->scope.root, name), PARTS_GLOBAL)->uses |=
        VALUE_PATH_OTHER;
}

static bool read_part(void *data, struct str path, struct value *values) {
    return read_values(data, path, values);
}

/* What dependencies import; false where it is not known what. */
static bool add_imports(struct checker *c, const struct parts_reader *reader) {
    struct parts_filled filled = {0};
    parts_list_imports(arena_of(c), c->subject->folder, c->subject->chart, reader, &filled);
    for (uint32_t i = 0; i < filled.keys.len; i++) add_filled(c, filled.keys.items[i]);
    for (uint32_t i = 0; i < filled.paths.len; i++) {
        struct value_path *place = &c->scope.root;
        struct str path = filled.paths.items[i], key;
        while (str_split_next(&path, '.', &key))
            (place = value_path_below(arena_of(c), place, key))->uses |= VALUE_PATH_OTHER;
    }
    return !filled.unknown;
}

/* False where it is not known what Helm fills in. */
static bool find_filled(struct checker *c) {
    const struct parts_reader reader = {read_part, c};
    struct chart_names names = {NULL, 0, 0}, keys = {NULL, 0, 0};
    c->rendered = *c->subject->values;
    /* Charts in charts/ that Chart.yaml does not name are rendered too. */
    chart_list_subcharts(arena_of(c), c->subject->folder, &names);
    for (uint32_t i = 0; i < names.len; i++)
        if (names.items[i].ptr[0] != '_') merge_part(c, &reader, names.items[i]);
    parts_list_keys(arena_of(c), c->subject->folder, names.len == 0, c->subject->chart, &keys);
    for (uint32_t i = 0; i < keys.len; i++) add_filled(c, keys.items[i]);
    bool known = add_imports(c, &reader);
    if (is_subchart(c)) vec_push(arena_of(c), &c->filled, PARTS_GLOBAL);
    return known;
}

/* ---- reads that fail ---- */

/* Points to what stands in the values, or to the nearest around what does not. */
static void relate_values(struct checker *c, struct finding *finding, const struct value_path *place) {
    const struct value *value = c->subject->values, *next;
    struct str *keys;
    uint32_t count, depth = 0;
    if (!value_path_keys(arena_of(c), place, &keys, &count)) return;
    while (depth < count && (next = value_get(value, keys[depth]))) {
        value = next;
        depth++;
    }
    if (depth == 0) return;
    struct span span = reporter_key_span(c->values, value);
    struct str here = keys_dotted(arena_of(c), keys, depth);
    struct str words =
        arena_printf(arena_of(c), "`%.*s` has no `%.*s`", STR_ARG(here), STR_ARG(keys[depth < count ? depth : 0]));
    if (depth == count) {
        const char *kind = value_kind_words(value);
        words = arena_printf(arena_of(c), "`%.*s` is %s", STR_ARG(here), kind);
    }
    finding_relate(arena_of(c), finding, c->values->source, span, words);
}

static struct str failure_message(const struct checker *c, const struct scope_failure *failure) {
    struct arena *a = arena_of(c);
    struct str text = tmpl_excerpt(a, span_text(c->files.items[failure->file].text, failure->span), SHOWN_MAX);
    struct str what = arena_printf(a, "`%.*s`", STR_ARG(text));
    struct str fails = failure->certain ? STR("fails the render") : STR("may fail the render");
    if (c->origins.items[failure->file].kind == CHART_TEMPLATE_SHARED)
        fails = arena_printf(a, "%.*s of `%.*s`", STR_ARG(fails), STR_ARG(c->subject->chart->name));
    if (failure->inside) what = arena_printf(a, "`tpl` of `%.*s`", STR_ARG(text));
    else if (failure->cause != SCOPE_FAILS_FIELD)
        what = arena_printf(a, "`%.*s` of `%.*s`", STR_ARG(failure->function), STR_ARG(text));
    if (!failure->place)
        return arena_printf(a, "%.*s %.*s: nothing sets `%.*s`", STR_ARG(what), STR_ARG(fails),
                            STR_ARG(failure->absent));
    struct str path = value_path_text(a, failure->place);
    if (failure->value) {
        struct str kind = str_from(value_kind_words(failure->value));
        if (failure->against.len)
            kind = arena_printf(a, "%.*s, against %.*s", STR_ARG(kind), STR_ARG(failure->against));
        return arena_printf(a, "%.*s %.*s: `%.*s` is %.*s", STR_ARG(what), STR_ARG(fails), STR_ARG(path),
                            STR_ARG(kind));
    }
    return arena_printf(a, "%.*s %.*s: there is no value `%.*s`", STR_ARG(what), STR_ARG(fails), STR_ARG(path));
}

static struct str new_place(const struct checker *c, struct str path) {
    return moved_place(arena_of(c), c->values->settings->standard, path);
}

/* Whether a value stands at the dotted path. */
static bool holds(const struct value *values, struct str path) {
    values = value_at_dotted(values, path);
    return values && values->kind != VALUE_NULL;
}

/* Whether it is the template that has to change, and not a value. */
static bool is_misused(const struct scope_failure *failure) {
    return !failure->place || (failure->cause == SCOPE_FAILS_ARGUMENT && failure->value);
}

/* Whether the failures for want of one value are told at the first of them: this one is a later one. */
static bool is_told(const struct checker *c, uint32_t index) {
    const struct scope_failures *failures = &c->scope.failures;
    if (is_misused(&failures->items[index])) return false;
    for (uint32_t i = 0; i < failures->len; i++) {
        if (i == index || failures->items[i].place != failures->items[index].place) continue;
        if (is_misused(&failures->items[i])) continue;
        if (failures->items[i].certain == failures->items[index].certain ? i < index : failures->items[i].certain)
            return true;
    }
    return false;
}

/* How many others fail because of the same value. */
static uint32_t count_others(const struct checker *c, const struct scope_failure *failure) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < c->scope.failures.len && !is_misused(failure); i++) {
        const struct scope_failure *other = &c->scope.failures.items[i];
        count += other != failure && other->place == failure->place && !is_misused(other);
    }
    return count;
}

/* The one of the files that puts something at a place where the values hold nothing; empty for none. */
static struct str file_with(struct checker *c, const struct value_path *place, const struct str *files,
                            uint32_t file_count) {
    struct str *keys;
    uint32_t count;
    if (file_count == 0 || !value_path_keys(arena_of(c), place, &keys, &count)) return STR("");
    for (uint32_t i = 0; i < file_count; i++) {
        struct value values;
        if (!read_values(c, files[i], &values)) continue;
        const struct value *value = value_path(&values, keys, count);
        if (value && value->kind != VALUE_NULL) return path_name(files[i]);
    }
    return STR("");
}

static struct str overlay_with(struct checker *c, const struct value_path *place) {
    return file_with(c, place, c->subject->overlays, c->subject->overlay_count);
}

/* What it depends on whether the place is reached. */
static struct str uncertain(struct checker *c, const struct scope_failure *failure) {
    const struct scope_guard *guard = &failure->guard;
    if (guard->helm3) return STR("Helm 3 fails; Helm 4 drops the null and renders");
    struct str condition = tmpl_excerpt(arena_of(c), guard->condition, CONDITION_MAX);
    if (condition.len)
        return arena_printf(arena_of(c), "reached only if `%.*s` %s", STR_ARG(condition),
                            guard->members ? (guard->negated ? "has no members" : "has members")
                                           : (guard->negated ? "is false or empty" : "is true"));
    if (is_subchart(c)) return TEMPLATES_SET_AROUND;
    if (failure->overridden) return STR("`import-values` may set the value");
    return STR("reached only if an earlier `break` or `continue` is not");
}

/* What no value is behind: a key of the root or of a dict that nothing sets. */
static void report_absent(struct checker *c, const struct scope_failure *failure) {
    struct reporter f = reporter_of(c, failure->file);
    struct finding *finding = reporter_add(&f, CHECK_RENDER_FAILS, failure->span, STR(""), failure_message(c, failure));
    struct str nearest = fuzzy_nearest(failure->absent, tmpl_root_keys, TMPL_ROOT_KEY_COUNT);
    if (!failure->certain && finding->severity == SEVERITY_ERROR) finding->severity = SEVERITY_WARNING;
    if (nearest.len) finding->help = arena_printf(arena_of(c), "did you mean `%.*s`?", STR_ARG(nearest));
    else if (!failure->certain) finding->help = uncertain(c, failure);
}

static void report_failure(struct checker *c, const struct scope_failure *failure) {
    const struct templates_subject *subject = c->subject;
    if (!failure->value && file_with(c, failure->place, subject->always, subject->always_count).len) return;
    struct reporter f = reporter_of(c, failure->file);
    struct str path = value_path_text(arena_of(c), failure->place);
    struct finding *finding = reporter_add(&f, CHECK_RENDER_FAILS, failure->span, path, failure_message(c, failure));
    uint32_t others = count_others(c, failure);
    struct str moved = new_place(c, path);
    struct str overlay = failure->certain && !failure->value ? overlay_with(c, failure->place) : STR("");
    if ((!failure->certain || overlay.len) && finding->severity == SEVERITY_ERROR) finding->severity = SEVERITY_WARNING;
    if (moved.len && holds(c->subject->values, moved))
        finding->help = arena_printf(arena_of(c), "the value is `%.*s` now", STR_ARG(moved));
    else if (overlay.len) finding->help = arena_printf(arena_of(c), "it exists only with `%.*s`", STR_ARG(overlay));
    else if (failure->integer) finding->help = STR("Helm passes numbers as float64; convert with `int`");
    else if (!failure->certain) finding->help = uncertain(c, failure);
    if (others)
        finding->help =
            arena_printf(arena_of(c), "%.*s%s%u more %s because of the same value", STR_ARG(finding->help),
                         finding->help.len ? "; " : "", others, others == 1 ? "place fails" : "places fail");
    relate_values(c, finding, failure->place);
}

/* ---- reads that print nothing ---- */

static void report_blank(struct checker *c, const struct scope_blank *blank) {
    struct arena *a = arena_of(c);
    struct str text = c->files.items[blank->file].text, path = value_path_text(a, blank->place), *keys;
    struct str field = scope_needed_at(a, text, blank->action), moved = new_place(c, path);
    uint32_t count;
    /* NOTES.txt is for people. */
    bool notes = str_ends(c->origins.items[blank->file].path, STR(".txt"));
    if (notes || field.len == 0 || !value_path_keys(a, blank->place, &keys, &count)) return;
    /* VL903 tells of what has moved. */
    if (overlay_with(c, blank->place).len || (moved.len && holds(c->subject->values, moved))) return;
    const struct value *value = value_path(&c->rendered, keys, count);
    bool empty = value && value->kind == VALUE_STRING;
    struct str why = empty ? arena_printf(a, "`%.*s` is empty", STR_ARG(path))
                           : arena_printf(a, "there is no value `%.*s`", STR_ARG(path));
    struct reporter f = reporter_of(c, blank->file);
    struct finding *finding =
        reporter_add(&f, CHECK_NEEDED_BLANK, blank->action, path,
                     arena_printf(a, "`%.*s` prints nothing, and Kubernetes needs `%.*s`: %.*s",
                                  STR_ARG(tmpl_excerpt(a, span_text(text, blank->action), SHOWN_MAX)), STR_ARG(field),
                                  STR_ARG(why)));
    finding->help = STR("set the value, or leave the field out with `if` or `with` where it is not set");
    relate_values(c, finding, blank->place);
}

/* ---- values that have moved ---- */

static bool fails_at(const struct checker *c, const struct value_path_site *site) {
    for (uint32_t i = 0; i < c->scope.failures.len; i++) {
        const struct scope_failure *failure = &c->scope.failures.items[i];
        if (failure->file == site->file && failure->span.start == site->span.start) return true;
    }
    return false;
}

/* Whether a site before this one stands in the same action: the value is handed on within it (`.Values.a | quote`). */
static bool is_handed_on(const struct checker *c, const struct value_path *place, const struct value_path_site *site) {
    for (uint32_t i = 0; i < place->sites.len; i++) {
        const struct value_path_site *other = &place->sites.items[i];
        if (other->file != site->file || other->span.start >= site->span.start) continue;
        struct str between = str_slice(c->files.items[site->file].text, other->span.start, site->span.start);
        if (str_find(between, STR("}}")) == between.len) return true;
    }
    return false;
}

static void check_gone(struct checker *c, const struct value_path *place) {
    struct str path = place->sites.len ? value_path_text(arena_of(c), place) : STR("");
    struct str now = path.len ? new_place(c, path) : STR("");
    bool gone = now.len && !holds(c->subject->values, path) && holds(c->subject->values, now);
    for (uint32_t i = 0; gone && i < place->sites.len; i++) {
        const struct value_path_site *site = &place->sites.items[i];
        if (fails_at(c, site) || is_handed_on(c, place, site)) continue;
        struct reporter f = reporter_of(c, site->file);
        reporter_add(
            &f, CHECK_GONE_READ, site->span, path,
            arena_printf(arena_of(c), "this reads `%.*s`, whose value is `%.*s` now", STR_ARG(path), STR_ARG(now)))
            ->help = arena_printf(arena_of(c), "read `.Values.%.*s`", STR_ARG(now));
    }
    for (uint32_t i = 0; i < place->children.len; i++) check_gone(c, place->children.entries[i].value);
}

/* ---- values that nothing reads ---- */

void templates_mark_helm(struct arena *a, struct value_path *root, const struct chart *chart) {
    for (uint32_t i = 0; i < chart->dependencies.len; i++) {
        struct str rest = chart->dependencies.items[i].condition, path, key;
        while (parts_next_condition(&rest, &path)) {
            struct value_path *place = root;
            while (str_split_next(&path, '.', &key)) (place = value_path_below(a, place, key))->uses |= VALUE_PATH_READ;
            if (place->parent) place->uses |= VALUE_PATH_WHOLE;
        }
    }
    value_path_below(a, root, PARTS_TAGS)->uses |= VALUE_PATH_WHOLE;
    /* What charts around this one may import. */
    value_path_below(a, root, PARTS_EXPORTS)->uses |= VALUE_PATH_WHOLE;
    value_path_below(a, root, PARTS_GLOBAL)->uses |= VALUE_PATH_WHOLE;
}

/* The same, and the values of subcharts. */
static void mark_others(struct checker *c) {
    templates_mark_helm(arena_of(c), &c->scope.root, c->subject->chart);
    for (uint32_t i = 0; i < c->merged.len; i++)
        value_path_below(arena_of(c), &c->scope.root, c->merged.items[i])->uses |= VALUE_PATH_WHOLE;
}

static const struct value_path *copy_root(const struct checker *c) {
    struct value_path *root = arena_new(arena_of(c), struct value_path);
    *root = c->scope.root;
    return root;
}

void templates_check(struct reporter *f, const struct templates_subject *subject, struct template_reports *reports) {
    struct checker c = {.values = f, .subject = subject};
    bool entries = false;
    if (!list_files(&c) || c.files.len == 0) return;
    read_files(&c);
    bool known = find_filled(&c);
    for (uint32_t i = 0; i < c.files.len; i++) entries |= c.files.items[i].entry;
    struct scope_input input = {
        .values = &c.rendered,
        .chart = &subject->chart->document,
        .files = c.files.items,
        .file_count = c.files.len,
        .filled = c.filled.items,
        .filled_count = c.filled.len,
        .overridden = !known || is_subchart(&c),
        .read_file = read_chart_file,
        .data = &c,
    };
    if (entries) {
        scope_run(f->arena, &input, &c.scope);
        for (uint32_t i = 0; i < c.scope.failures.len; i++)
            if (!c.scope.failures.items[i].place) report_absent(&c, &c.scope.failures.items[i]);
            else if (!is_told(&c, i)) report_failure(&c, &c.scope.failures.items[i]);
        for (uint32_t i = 0; i < c.scope.blanks.len; i++) report_blank(&c, &c.scope.blanks.items[i]);
        if (!subject->exempt) check_gone(&c, &c.scope.root);
        mark_others(&c);
    } else {
        c.scope.root.uses |= VALUE_PATH_WHOLE; /* by charts that include what this one defines */
    }
    if (subject->read_at && !c.unread && !c.scope.stopped) *subject->read_at = copy_root(&c);
    for (uint32_t i = 0; i < c.files.len; i++)
        if (c.reports[i] && c.reports[i]->findings.len) vec_push(f->arena, reports, c.reports[i]);
}
