/* A copy of a release holds its chart, and in the charts/ of each chart what it depends on by file:// or, where it is
 * one chart here, by URL: as `helm dependency build` would put it there. Links are followed, so that the copy hangs on
 * nothing outside. The files that change are known by their real paths: where one is copied, its new text is laid over
 * the copy once all renders before are done. */
#include "run/real_helm.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/path.h"
#include "base/system.h"
#include "release/world.h"
#include "text/secret.h"

#define SECONDS_MOST 60
#define OUTPUT_MOST ((size_t)64 << 20)
/* Folders inside each other, and charts inside each other. */
#define DEPTH_MAX 32
#define CHARTS_DEPTH_MAX 8
/* Lines of a difference that are shown. */
#define SHOWN_MAX 20

/* A copied file that changes. */
struct changing {
    struct str copy;
    const struct fix_file *file;
};

struct copying {
    struct arena *arena;
    struct map changed; /* real path -> struct fix_file */
    struct VEC(struct changing) changing;
    bool failed; /* something could not be copied */
};

/* ---- Helm ---- */

/* What Helm prints for the chart; false where it fails. */
static bool render(struct arena *a, const struct real_helm *helm, struct str chart, struct str overlay,
                   struct system_ended *ended) {
    char *arguments[] = {"helm", "template", "r", (char *)(uintptr_t)chart.ptr, NULL, NULL, NULL};
    char *environment[] = {(char *)(uintptr_t)arena_printf(a, "HOME=%.*s", STR_ARG(helm->home)).ptr,
                           (char *)(uintptr_t)arena_printf(a, "TMPDIR=%.*s", STR_ARG(helm->home)).ptr,
                           "LC_ALL=C",
                           "TZ=UTC",
                           "KUBECONFIG=/dev/null",
                           "HELM_NO_PLUGINS=1",
                           NULL};
    struct system_program program = {helm->program.ptr, arguments, environment, SECONDS_MOST, OUTPUT_MOST};
    if (overlay.len) arguments[4] = "--values", arguments[5] = (char *)(uintptr_t)overlay.ptr;
    return system_run(a, &program, ended) == 0 && ended->status == 0;
}

static bool make_folder(struct arena *a, struct str path, struct error *error) {
    struct str made;
    return folder_make(a, path, &made, error);
}

bool real_helm_open(struct arena *a, struct str name, struct real_helm *helm, struct error *error) {
    static const struct str files[][2] = {
        {STR_INIT("probe/Chart.yaml"), STR_INIT("apiVersion: v2\nname: probe\nversion: 0.1.0\n")},
        {STR_INIT("probe/templates/version.yaml"), STR_INIT("version: {{ .Capabilities.HelmVersion.Version }}\n")}};
    struct system_ended ended = {0};
    struct str key = STR("version: v");
    *helm = (struct real_helm){.program = system_find_program(a, name)};
    if (helm->program.len == 0) {
        error_set(error, 0, "--verify: there is no program %.*s", STR_ARG(name));
        return false;
    }
    int problem = system_make_temporary(a, &helm->home);
    bool ok = problem == 0 && make_folder(a, path_join(a, helm->home, STR("probe/templates")), error);
    for (int i = 0; ok && i < 2; i++) ok = file_write(path_join(a, helm->home, files[i][0]).ptr, files[i][1], error);
    if (!ok) {
        if (problem) error_set(error, problem, "--verify: no temporary folder can be made");
        return false;
    }
    bool rendered = render(a, helm, path_join(a, helm->home, STR("probe")), STR(""), &ended);
    size_t at = str_find(ended.out, key);
    if (rendered && at < ended.out.len) {
        struct str rest = str_slice(ended.out, at + key.len, ended.out.len);
        helm->version = str_slice(rest, 0, str_find_char(rest, '\n'));
        return true;
    }
    error_set(error, 0, "--verify: %.*s does not render a chart: %.*s", STR_ARG(helm->program),
              STR_ARG(str_trim(ended.err.len ? ended.err : STR("it is no helm"))));
    real_helm_close(helm);
    return false;
}

static void remove_all(struct arena *a, struct str path, int depth) {
    struct system_entries entries = {NULL, 0, 0};
    if (depth > DEPTH_MAX + CHARTS_DEPTH_MAX || system_list(a, path.ptr, &entries)) return;
    for (uint32_t i = 0; i < entries.len; i++) {
        struct str below = path_join(a, path, entries.items[i].name);
        if (entries.items[i].kind == FILE_FOLDER && !entries.items[i].is_link) remove_all(a, below, depth + 1);
        else system_remove(below.ptr);
    }
    system_remove_folder(path.ptr);
}

void real_helm_close(const struct real_helm *helm) {
    struct arena arena = {NULL, NULL};
    if (helm->home.len) remove_all(&arena, helm->home, 0);
    arena_free(&arena);
}

/* ---- Copies ---- */

/* A new file that nobody else sees yet: it needs no lock, and need not survive a crash. */
static bool write_new(struct str path, struct str text) {
    int file;
    if (system_create(path.ptr, 0600, &file)) return false;
    bool ok = system_write(file, text) == 0;
    return system_close(file) == 0 && ok;
}

static void copy_file(struct copying *c, struct str from, struct str to) {
    struct str text, real = path_real(c->arena, from);
    struct error error;
    const struct fix_file *file = real.len ? map_get(&c->changed, real) : NULL;
    if (!file_read(c->arena, from.ptr, INPUT_MAX, &text, &error) || !write_new(to, text)) c->failed = true;
    if (file) vec_push(c->arena, &c->changing, (struct changing){to, file});
}

static void copy_folder(struct copying *c, struct str from, struct str to, int depth) {
    struct system_entries entries = {NULL, 0, 0};
    if (depth > DEPTH_MAX || system_make_folder(to.ptr) || system_list(c->arena, from.ptr, &entries)) {
        c->failed = true;
        return;
    }
    for (uint32_t i = 0; i < entries.len && !c->failed; i++) {
        struct str name = entries.items[i].name, path = path_join(c->arena, from, name);
        enum file_kind kind = entries.items[i].is_link ? file_kind(path.ptr) : entries.items[i].kind;
        if (str_eq(name, STR(".git"))) continue;
        if (kind == FILE_FOLDER) copy_folder(c, path, path_join(c->arena, to, name), depth + 1);
        else if (kind == FILE_REGULAR) copy_file(c, path, path_join(c->arena, to, name));
    }
}

/* Makes the copy what it is after the fixes, or before. */
static void lay(struct copying *c, bool after) {
    for (uint32_t i = 0; i < c->changing.len && !c->failed; i++) {
        const struct changing *changing = &c->changing.items[i];
        system_remove(changing->copy.ptr);
        c->failed = !write_new(changing->copy, after ? changing->file->after : changing->file->source.text);
    }
}

/* Whether a packed chart of that name lies in the charts/ of the chart. */
static bool is_packed(const struct release_chart *chart, struct str name) {
    for (uint32_t i = 0; i < chart->packed.len; i++) {
        struct str file = chart->packed.items[i];
        if (str_starts(file, name) && file.len > name.len && file.ptr[name.len] == '-') return true;
    }
    return false;
}

/* Puts what the chart depends on into its copy; what lies there already is the one that counts. */
static void add_dependencies(struct copying *c, const struct release_chart *chart, struct str copy, int depth) {
    struct str charts = path_join(c->arena, copy, STR("charts"));
    if (depth > CHARTS_DEPTH_MAX) c->failed = true;
    for (uint32_t i = 0; i < chart->below.len && !c->failed; i++) {
        const struct release_link *link = chart->below.items[i];
        bool own = link->source == RELEASE_UNPACKED && path_is_below(link->below->folder, chart->folder);
        struct str name = own ? path_name(link->below->folder) : link->below->chart.name;
        struct str to = path_join(c->arena, charts, name);
        if (file_kind(charts.ptr) == FILE_MISSING && system_make_folder(charts.ptr)) c->failed = true;
        if (file_kind(to.ptr) == FILE_MISSING && link->source != RELEASE_UNPACKED && !is_packed(chart, name))
            copy_folder(c, link->below->folder, to, depth);
        if (file_kind(to.ptr) == FILE_FOLDER && !c->failed) add_dependencies(c, link->below, to, depth + 1);
    }
}

/* ---- Comparison ---- */

struct lines VEC(struct str);

static struct lines split(struct arena *a, struct str text) {
    struct lines lines = {NULL, 0, 0};
    struct str line;
    while (text.len && str_split_next(&text, '\n', &line)) vec_push(a, &lines, line);
    return lines;
}

/* Whether `after` is `before` but for the lines that `again`, another render of the same, has otherwise too. False in
 * *comparable where what Helm prints each time cannot be compared line by line. */
static bool is_same(struct arena *a, struct str before, struct str again, struct str after, bool *comparable) {
    struct lines one = split(a, before), two = split(a, again), now = split(a, after);
    *comparable = one.len == two.len;
    if (!*comparable || one.len != now.len) return false;
    for (uint32_t i = 0; i < one.len; i++)
        if (!str_eq(one.items[i], now.items[i]) && str_eq(one.items[i], two.items[i])) return false;
    return true;
}

static void add_lines(struct buf *out, const char *sign, const struct lines *lines, uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to && i < from + SHOWN_MAX; i++)
        buf_addf(out, "%s%.*s\n", sign, STR_ARG(lines->items[i]));
    if (to > from + SHOWN_MAX) buf_addf(out, "%s... %u more lines\n", sign, to - from - SHOWN_MAX);
}

static struct str without_secrets(struct arena *a, struct str text) {
    struct source source = {.path = STR("render"), .text = text};
    secrets_find(a, &source);
    return secrets_blot(a, source.secrets, text);
}

/* What lies between the lines that both begin and end with. */
static void add_difference(struct buf *out, struct str before, struct str after) {
    struct arena *a = out->arena;
    struct lines old = split(a, without_secrets(a, before)), new = split(a, without_secrets(a, after));
    uint32_t first = 0, last = 0;
    while (first < old.len && first < new.len &&str_eq(old.items[first], new.items[first])) first++;
    while (last < old.len - first &&
           last < new.len - first &&str_eq(old.items[old.len - 1 - last], new.items[new.len - 1 - last]))
        last++;
    add_lines(out, "-", &old, first, old.len - last);
    add_lines(out, "+", &new, first, new.len - last);
}

/* A release with the values of one stack. */
struct stack {
    struct str overlay; /* in the copy; empty for none */
    struct str name;    /* of the overlay */
    struct str before;  /* what Helm prints; of one that does not render `rendered` is false */
    bool rendered;
};

struct stacks VEC(struct stack);

static struct stacks find_stacks(struct arena *a, struct str folder, struct str copy) {
    struct stacks stacks = {NULL, 0, 0};
    struct chart_paths paths;
    vec_push(a, &stacks, (struct stack){.name = STR("")});
    discover_chart(a, folder, &paths);
    for (uint32_t i = 0; i < paths.overlays.len; i++) {
        struct str name = path_relative(paths.overlays.items[i], folder);
        vec_push(a, &stacks, (struct stack){.overlay = path_join(a, copy, name), .name = name});
    }
    return stacks;
}

/* Whether what Helm prints after is what it printed before, or would be but for what it prints otherwise each time:
 * then the release is rendered once more as it was. *comparable becomes false where that does not tell either. */
static bool is_equal(struct copying *c, const struct real_helm *helm, struct str copy, const struct stack *stack,
                     struct str after, bool *comparable) {
    struct system_ended again;
    *comparable = true;
    if (str_eq(after, stack->before)) return true;
    lay(c, false);
    bool rendered = !c->failed && render(c->arena, helm, copy, stack->overlay, &again);
    lay(c, true);
    return rendered && is_same(c->arena, stack->before, again.out, after, comparable);
}

/* Compares one stack, once the copy has become what it is after the fixes; gives what differs. */
static struct str compare_stack(struct copying *c, const struct real_helm *helm, struct str release, struct str copy,
                                const struct stack *stack, struct lint_verified *counts) {
    struct system_ended ended;
    struct buf out = buf_in(c->arena);
    bool comparable = true;
    bool rendered = render(c->arena, helm, copy, stack->overlay, &ended);
    bool same = rendered && is_equal(c, helm, copy, stack, ended.out, &comparable);
    counts->renders += same;
    counts->skipped += !comparable;
    if (same || !comparable) return STR("");
    buf_addf(&out, "helm %.*s %s for %.*s%s%.*s\n", STR_ARG(helm->version),
             rendered ? "prints something else" : "fails after the fix", STR_ARG(release),
             stack->name.len ? " with " : "", STR_ARG(stack->name));
    if (rendered) add_difference(&out, stack->before, ended.out);
    else buf_add(&out, without_secrets(c->arena, ended.err));
    return buf_str(&out);
}

/* Compares one release in all its stacks. */
static struct str compare_release(struct copying *c, const struct real_helm *helm, const struct release_chart *chart,
                                  struct str folder, struct str work, struct lint_verified *counts) {
    struct arena *a = c->arena;
    struct str copy = path_join(a, work, path_name(path_real(a, folder))), difference = STR("");
    struct stacks stacks = find_stacks(a, folder, copy);
    struct system_ended ended;
    c->changing.len = 0;
    c->failed = false;
    copy_folder(c, folder, copy, 0);
    if (chart) add_dependencies(c, chart, copy, 0);
    for (uint32_t i = 0; i < stacks.len && !c->failed; i++) {
        struct stack *stack = &stacks.items[i];
        stack->rendered = render(a, helm, copy, stack->overlay, &ended);
        stack->before = ended.out;
    }
    lay(c, true);
    for (uint32_t i = 0; i < stacks.len && difference.len == 0; i++) {
        if (c->failed || !stacks.items[i].rendered) counts->skipped++;
        else difference = compare_stack(c, helm, folder, copy, &stacks.items[i], counts);
    }
    return difference;
}

struct str real_helm_compare(struct arena *a, const struct real_helm *helm, struct release_world *world,
                             struct str folder, const struct fix_result *fixed, struct lint_verified *counts) {
    struct copying copying = {.arena = a};
    struct release_views views = {{NULL, 0, 0}, false};
    struct str work, difference = STR(""), own = folder.len ? folder : STR(".");
    const struct release_graph *graph;
    const struct release_chart *node = world ? release_world_chart(world, own, &graph) : NULL;
    struct map seen = {0};
    for (uint32_t i = 0; i < fixed->files.len; i++) {
        const struct fix_file *file = &fixed->files.items[i];
        map_put(a, &copying.changed, path_real(a, file->source.path), (void *)(uintptr_t)file);
    }
    if (system_make_temporary(a, &work)) {
        counts->skipped++;
        return difference;
    }
    if (node) release_views(a, node, &views);
    difference = compare_release(&copying, helm, node, own, work, counts);
    for (uint32_t i = 0; i < views.list.len && difference.len == 0; i++) {
        const struct release_chart *above = views.list.items[i].from;
        if (map_put(a, &seen, above->folder, &copying)) continue;
        struct str place = path_join(a, work, arena_printf(a, "%u", i));
        if (system_make_folder(place.ptr)) continue;
        difference = compare_release(&copying, helm, above, above->folder, place, counts);
    }
    counts->charts++;
    remove_all(a, work, 0);
    return difference;
}
