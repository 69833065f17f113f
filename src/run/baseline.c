#include "run/baseline.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/path.h"
#include "check/reporter.h"
#include "text/secret.h"
#include "value/json.h"

/* So many findings about a baseline become one, if most of it is not needed. */
#define MANY_UNNEEDED 5
#define BASELINE_MAX ((size_t)256 << 20)

struct baseline_entry {
    struct str rule;    /* its id */
    struct str value;   /* dotted path; empty where the finding is about no value */
    struct str message; /* empty where it is about one */
    struct span span;   /* in the document */
    uint32_t count;     /* findings that it stands for */
    uint32_t found;     /* of them in this run */
};

struct baseline_file {
    struct str path;
    struct span span;                /* of its key in the document */
    struct map entries;              /* key -> struct baseline_entry */
    const struct settings *settings; /* that it was checked under; NULL where it was not */
};

void baseline_init(struct baseline *baseline, struct arena *a, const struct checks *checks, struct str path) {
    struct str absolute = path_absolute(a, path);
    *baseline = (struct baseline){.arena = a, .checks = checks, .folder = arena_str(a, path_folder(absolute))};
    baseline->document.source.path = path;
}

void baseline_free(struct baseline *baseline) {
    arena_free(&baseline->scratch);
}

/* The value that a finding is about, or empty. Keys that are missing at the top are told together: that one of them was
 * added must not make the others a new finding. */
static struct str value_of(const struct baseline *b, const struct finding *finding) {
    bool top = finding->path.len == 0 && finding->check == b->checks->by[CHECK_MISSING_KEY];
    return top ? STR(".") : finding->path;
}

/* What makes two findings of a file the same one. No rule's id and no path holds a space or a line end at these places.
 */
static struct str key_of(struct arena *a, struct str rule, struct str value, struct str message) {
    return value.len ? arena_printf(a, "%.*s %.*s", STR_ARG(rule), STR_ARG(value))
                     : arena_printf(a, "%.*s\n%.*s", STR_ARG(rule), STR_ARG(message));
}

static struct str text_of(const struct value *entry, const char *name) {
    const struct value *text = value_get(entry, str_from(name));
    return text ? text->string : STR("");
}

static bool read_entry(struct baseline *b, struct baseline_file *file, const struct value *value,
                       struct problems *problems) {
    const struct value *count = value_get(value, STR("count"));
    struct baseline_entry *entry = arena_new(b->arena, struct baseline_entry);
    bool huge = count && (count->kind != VALUE_INT || count->integer > UINT32_MAX);
    *entry = (struct baseline_entry){
        .rule = text_of(value, "rule"),
        .value = text_of(value, "value"),
        .message = text_of(value, "message"),
        .span = value->span,
        .count = count && !huge ? (uint32_t)count->integer : 1,
    };
    struct str key = key_of(b->arena, entry->rule, entry->value, entry->message);
    if (!huge && !map_get(&file->entries, key)) {
        map_put(b->arena, &file->entries, key, entry);
        return true;
    }
    problem_add(b->arena, problems, &b->document.source, huge ? count->span : value->span,
                huge ? STR("`count` is too large")
                     : STR("duplicate entry; `count` says how many findings it stands for"),
                STR(""));
    return false;
}

static bool read_files(struct baseline *b, struct problems *problems) {
    const struct value *files = value_get(&b->document.root, STR("files"));
    bool ok = true;
    for (uint32_t f = 0; f < files->map.len; f++) {
        const struct member *member = &files->map.members[f];
        struct baseline_file *file = arena_new(b->arena, struct baseline_file);
        file->path = member->key;
        file->span = member->key_span;
        map_put(b->arena, &b->files, file->path, file);
        for (uint32_t i = 0; i < member->value.list.len; i++)
            ok = read_entry(b, file, &member->value.list.items[i], problems) && ok;
    }
    return ok;
}

bool baseline_read(struct baseline *baseline, struct arena *a, const struct checks *checks, struct str path,
                   struct problems *problems) {
    struct document *document = &baseline->document;
    struct json_error broken;
    struct error error;

    baseline_init(baseline, a, checks, path);
    if (file_kind(path.ptr) == FILE_MISSING) {
        problem_add(a, problems, NULL, (struct span){0, 0}, arena_printf(a, "no baseline at %.*s", STR_ARG(path)),
                    STR("`valuelint baseline` writes one"));
        return false;
    }
    if (!file_read(a, path.ptr, BASELINE_MAX, &document->source.text, &error)) {
        problem_add(a, problems, NULL, (struct span){0, 0}, arena_str(a, str_from(error.message)), STR(""));
        return false;
    }
    if (!json_parse(a, document->source.text, &document->root, &broken)) {
        problem_add(a, problems, &document->source, (struct span){broken.offset, broken.offset},
                    arena_printf(a, "this is not JSON: %s", broken.message), STR(""));
        return false;
    }
    return document_check(a, document, STR("schema/baseline.schema.json"), problems) && read_files(baseline, problems);
}

/* The path of a file as the baseline has it, for the length of a call. */
static struct str path_below(struct baseline *b, struct str path) {
    arena_reset(&b->scratch);
    return path_between(&b->scratch, b->folder, path_absolute(&b->scratch, path));
}

/* Findings that no baseline holds back: that a file could not be read decides the exit status. */
static bool never_held(const struct lint_file *file) {
    return file->unreadable;
}

void baseline_add(struct baseline *b, const struct lint_file *file) {
    struct str path = path_below(b, file->source.path);
    if (file->findings.len == 0 || never_held(file)) return;
    struct baseline_file *known = map_get(&b->files, path);
    if (!known) {
        known = arena_new(b->arena, struct baseline_file);
        known->path = arena_str(b->arena, path);
        map_put(b->arena, &b->files, known->path, known);
    }
    for (uint32_t i = 0; i < file->findings.len; i++) {
        const struct finding *finding = &file->findings.items[i];
        struct str value = value_of(b, finding);
        struct str key = key_of(&b->scratch, finding->check->id, value, finding->message);
        struct baseline_entry *entry = map_get(&known->entries, key);
        if (!entry) {
            entry = arena_new(b->arena, struct baseline_entry);
            entry->rule = finding->check->id;
            entry->value = arena_str(b->arena, value);
            if (value.len == 0) entry->message = arena_str(b->arena, finding->message);
            map_put(b->arena, &known->entries, arena_str(b->arena, key), entry);
        }
        entry->count++;
    }
}

uint32_t baseline_count(const struct baseline *baseline, uint32_t *files) {
    uint32_t count = 0;
    for (uint32_t f = 0; f < baseline->files.len; f++) {
        const struct baseline_file *file = baseline->files.entries[f].value;
        for (uint32_t i = 0; i < file->entries.len; i++)
            count += ((const struct baseline_entry *)file->entries.entries[i].value)->count;
    }
    *files = baseline->files.len;
    return count;
}

static int entry_cmp(const void *left, const void *right) {
    return str_cmp(((const struct map_entry *)left)->key, ((const struct map_entry *)right)->key);
}

/* The entries of `map` in the order of their keys. */
static const struct map_entry *sorted(struct arena *a, const struct map *map) {
    struct map_entry *entries = arena_array(a, struct map_entry, map->len);
    if (map->len == 0) return entries;
    memcpy(entries, map->entries, sizeof *entries * map->len);
    qsort(entries, map->len, sizeof *entries, entry_cmp);
    return entries;
}

static void add_entry(struct buf *out, const struct baseline_entry *entry) {
    bool value = entry->value.len > 0;
    buf_add(out, STR("      {\"rule\": "));
    json_write_string(out, entry->rule);
    buf_addf(out, ", \"%s\": ", value ? "value" : "message");
    json_write_string(out, value ? entry->value : entry->message);
    if (entry->count > 1) buf_addf(out, ", \"count\": %u", entry->count);
    buf_add_char(out, '}');
}

struct str baseline_text(struct arena *a, const struct baseline *baseline) {
    struct buf out = buf_in(a);
    const struct map_entry *files = sorted(a, &baseline->files);
    buf_add(&out, STR("{\n  \"version\": 1,\n  \"files\": {"));
    for (uint32_t f = 0; f < baseline->files.len; f++) {
        const struct baseline_file *file = files[f].value;
        const struct map_entry *entries = sorted(a, &file->entries);
        buf_add(&out, f ? STR(",\n    ") : STR("\n    "));
        json_write_string(&out, file->path);
        buf_add(&out, STR(": ["));
        for (uint32_t i = 0; i < file->entries.len; i++) {
            buf_add(&out, i ? STR(",\n") : STR("\n"));
            add_entry(&out, entries[i].value);
        }
        buf_add(&out, STR("\n    ]"));
    }
    buf_add(&out, baseline->files.len ? STR("\n  }\n}\n") : STR("}\n}\n"));
    return buf_str(&out);
}

void baseline_restart(struct baseline *baseline) {
    for (uint32_t f = 0; f < baseline->files.len; f++) {
        const struct baseline_file *file = baseline->files.entries[f].value;
        for (uint32_t i = 0; i < file->entries.len; i++) {
            struct baseline_entry *entry = file->entries.entries[i].value;
            entry->found = 0;
        }
    }
    arena_reset(&baseline->scratch);
}

/* A file was checked, and with it the Chart.yaml of its chart, which is not among the files where nothing is wrong with
 * it. */
static struct baseline_file *check_file(struct baseline *b, const struct settings *settings, struct str path) {
    struct str chart_yaml = path_join(&b->scratch, path_folder(path), STR("Chart.yaml"));
    struct baseline_file *beside = map_get(&b->files, chart_yaml), *known = map_get(&b->files, path);
    if (beside && settings) beside->settings = settings;
    if (known && settings) known->settings = settings;
    return known;
}

void baseline_take(struct baseline *b, const struct settings *settings, struct lint_file *file) {
    const struct baseline_file *known = check_file(b, settings, path_below(b, file->source.path));
    struct findings *findings = &file->findings;
    uint32_t kept = 0;
    if (!known || never_held(file)) return;
    for (uint32_t i = 0; i < findings->len; i++) {
        const struct finding *finding = &findings->items[i];
        struct baseline_entry *entry =
            map_get(&known->entries, key_of(&b->scratch, finding->check->id, value_of(b, finding), finding->message));
        if (entry && entry->found < entry->count) entry->found++;
        else findings->items[kept++] = *finding;
    }
    file->baselined += findings->len - kept;
    findings->len = kept;
}

/* How many of the findings of `entry` could have been found but were not: 0 where its rule was not in force, or its
 * file not looked at. */
static uint32_t unneeded(const struct baseline *b, const struct baseline_file *file, const struct baseline_entry *entry,
                         bool gone) {
    const struct settings *settings = file->settings;
    if (gone) return entry->count;
    if (!settings) return 0;
    const struct rule *rule = rule_find(settings->rules, entry->rule);
    if (!rule) return entry->count;
    uint32_t index = rule->check.index;
    /* What these find depends on the other charts and on the overlays that were looked at. */
    bool between = rule->texts[RULE_GROUP_BY].len > 0 || checks_is_of_mesh(b->checks, &rule->check);
    if (between || !settings->enabled[index] || settings->severity[index] < settings->lowest) return 0;
    return entry->count - entry->found;
}

static void add_finding(struct reporter *f, struct span span, struct str message) {
    reporter_add(f, CHECK_UNNEEDED_BASELINE, span, STR(""), message)->help =
        STR("delete it, or run `valuelint baseline` again");
}

static void report_entry(struct reporter *f, const struct baseline_entry *entry, uint32_t left) {
    bool named = entry->value.len && !str_eq(entry->value, STR("."));
    struct str place = named ? arena_printf(f->arena, " at `%.*s`", STR_ARG(entry->value)) : STR("");
    struct str message =
        arena_printf(f->arena, "%.*s no longer reports this%.*s", STR_ARG(entry->rule), STR_ARG(place));
    if (left < entry->count)
        message = arena_printf(f->arena, "%.*s reports %u of these%.*s, not %u", STR_ARG(entry->rule),
                               entry->count - left, STR_ARG(place), entry->count);
    if (!rule_find(f->settings->rules, entry->rule))
        message = arena_printf(f->arena, "unknown rule %.*s", STR_ARG(entry->rule));
    add_finding(f, entry->span, message);
}

static bool is_gone(const struct reporter *f, const struct baseline *b, const struct baseline_file *file) {
    return !file->settings && file_kind(path_join(f->arena, b->folder, file->path).ptr) == FILE_MISSING;
}

/* One finding for a file of which no entry is needed, else one for each entry. */
static void report_file(struct reporter *f, const struct baseline *b, const struct baseline_file *file) {
    bool gone = is_gone(f, b, file);
    uint32_t all = 0;
    for (uint32_t i = 0; i < file->entries.len; i++) {
        const struct baseline_entry *entry = file->entries.entries[i].value;
        all += unneeded(b, file, entry, gone) == entry->count;
    }
    if (gone || (all == file->entries.len && all > 1)) {
        struct str message = arena_printf(f->arena, "this no longer occurs in `%.*s`", STR_ARG(file->path));
        if (gone) message = arena_printf(f->arena, "`%.*s` is gone", STR_ARG(file->path));
        add_finding(f, file->span, message);
        return;
    }
    for (uint32_t i = 0; i < file->entries.len; i++) {
        const struct baseline_entry *entry = file->entries.entries[i].value;
        uint32_t left = unneeded(b, file, entry, false);
        if (left) report_entry(f, entry, left);
    }
}

/* Where there is much to say and most of the baseline is done with, one finding takes the place of all: it is to be
 * written anew. */
static void unite_most(struct reporter *f, const struct baseline *b) {
    uint32_t all = 0, left = 0;
    if (f->findings->len < MANY_UNNEEDED) return;
    for (uint32_t i = 0; i < b->files.len; i++) {
        const struct baseline_file *file = b->files.entries[i].value;
        bool gone = is_gone(f, b, file);
        for (uint32_t k = 0; k < file->entries.len; k++) {
            all += ((const struct baseline_entry *)file->entries.entries[k].value)->count;
            left += unneeded(b, file, file->entries.entries[k].value, gone);
        }
    }
    if (left <= all / 2) return;
    f->findings->len = 0;
    reporter_add(f, CHECK_UNNEEDED_BASELINE, (struct span){0, 0}, STR(""),
                 arena_printf(f->arena, "%u of %u recorded findings no longer occur", left, all))
        ->help = STR("run `valuelint baseline` again");
}

void baseline_report(struct baseline *b, struct arena *a, const struct settings *settings, struct lint_file *file) {
    *file = (struct lint_file){.source = b->document.source};
    struct reporter reporter = {a, b->checks, settings, &file->source, NULL, &file->findings};
    if (settings->severity[b->checks->by[CHECK_UNNEEDED_BASELINE]->index] < settings->lowest) return;
    for (uint32_t f = 0; f < b->files.len; f++) report_file(&reporter, b, b->files.entries[f].value);
    unite_most(&reporter, b);
    if (file->findings.len) source_lines(a, &file->source);
    secrets_mask_findings(a, &file->source, &file->findings);
}
