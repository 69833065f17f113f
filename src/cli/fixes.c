#include "cli/fixes.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/file.h"
#include "base/path.h"
#include "base/system.h"
#include "chart/boundary.h"
#include "cli/command.h"
#include "fix/fix.h"
#include "mesh/mesh_fix.h"
#include "text/diff.h"
#include "text/secret.h"

/* Of what was refused so many are named at the end; all of them are findings. */
#define UNFIXED_MOST 100

void fixes_begin(struct fixes *fixes, struct arena *a, const struct options *options) {
    *fixes = (struct fixes){.arena = a, .options = options};
    fixes->terminal = system_is_terminal(stdout);
    fixes->color = terminal_color(options->color, stdout);
    fixes->figures.written = options->fix;
    fixes->figures.renames = options->rename != NULL;
}

static void add_moved(struct fixes *f, const struct fix_moved *moved) {
    struct arena_mark mark = arena_mark(f->arena);
    struct buf text = buf_in(f->arena);
    buf_add(&text, moved->from);
    buf_add_char(&text, '\n');
    buf_add(&text, moved->to);
    struct str key = buf_str(&text);
    struct report_move *move = map_get(&f->moves, key);
    if (move) {
        arena_release(f->arena, mark);
    } else {
        move = arena_new(f->arena, struct report_move);
        move->from = str_slice(key, 0, moved->from.len);
        move->to = str_slice(key, moved->from.len + 1, key.len);
        map_put(f->arena, &f->moves, key, move);
    }
    move->charts++;
}

static void add_unfixed(struct fixes *f, struct str chart, const struct fix_refusal *refusal) {
    struct report_unfixed unfixed = {.place = STR("")};
    if (f->figures.unfixed_total++ >= UNFIXED_MOST) return;
    if (refusal->about) {
        source_lines(f->arena, refusal->about);
        struct position at = source_position(refusal->about, refusal->span.start);
        unfixed.place = arena_printf(f->arena, "%.*s:%u:%u", STR_ARG(refusal->about->path), at.line, at.column);
    }
    unfixed.chart = arena_str(f->arena, chart);
    unfixed.path = arena_str(f->arena, refusal->path);
    unfixed.reason = arena_str(f->arena, secrets_mask(f->arena, refusal->about, refusal->reason));
    vec_push(f->arena, &f->unfixed, unfixed);
}

/* The file as a terminal may show it. A diff that goes elsewhere is to be applied, and exact. */
static struct diff_file without_secrets(struct arena *a, struct diff_file diff) {
    struct source source = {.text = diff.text};
    struct edits *edits = arena_new(a, struct edits);
    secrets_find(a, &source);
    for (uint32_t i = 0; i < diff.edits->len; i++) {
        struct edit edit = diff.edits->items[i];
        edit.text = secrets_blot(a, source.secrets, edit.text);
        vec_push(a, edits, edit);
    }
    return (struct diff_file){diff.path, secrets_blot(a, source.secrets, diff.text), edits};
}

static void print_diff(struct fixes *f, const struct fix_result *fixed) {
    struct arena arena = {NULL, NULL};
    struct buf out = buf_in(&arena);
    for (uint32_t i = 0; i < fixed->files.len; i++) {
        const struct fix_file *file = &fixed->files.items[i];
        struct diff_file diff = {file->source.path, file->source.text, &file->edits};
        if (f->terminal) diff = without_secrets(&arena, diff);
        diff_unified(&out, &diff, f->color);
    }
    if (out.len && fwrite(out.ptr, 1, out.len, stdout) != out.len) f->unwritten = true;
    arena_free(&arena);
}

/* With --diff there need be no report: files that keep a chart from being fixed are told all the same. */
static void tell_unread(struct fixes *f, const struct lint_result *result) {
    static const char *const ids[] = {"VL001", "VL005", "VL008"}; /* no YAML, refused by Helm, unreadable */
    for (uint32_t i = 0; i < result->files.len; i++) {
        const struct lint_file *file = result->files.items[i];
        for (uint32_t k = 0; k < file->findings.len; k++) {
            const struct finding *finding = &file->findings.items[k];
            const struct problem problem = {&file->source, finding->span, finding->message, finding->help};
            for (size_t n = 0; n < sizeof ids / sizeof *ids; n++)
                if (str_eq(finding->check->id, str_from(ids[n]))) command_error(problem_text(f->arena, &problem));
        }
    }
}

static void add_verified(struct fixes *f, const struct lint_verified *verified) {
    f->figures.renders += verified->renders;
    f->figures.verified_charts += verified->charts;
    f->figures.not_compared += verified->skipped;
    if (verified->differs.len == 0) return;
    f->figures.differing++;
    struct buf out = buf_in(f->arena);
    clean_add_lines(&out, verified->differs);
    fwrite(out.ptr, 1, out.len, stderr);
}

/* Files and charts count once, however often they come. */
static void count_changed(struct fixes *f, const struct chart_paths *paths, const struct lint_result *result) {
    struct str folder = paths->folder.len ? paths->folder : STR(".");
    struct map *known = map_get(&f->again, folder);
    if (!known && result->again) map_put(f->arena, &f->again, folder, known = arena_new(f->arena, struct map));
    if (result->fixed->files.len && (!known || known->len == 0)) {
        f->figures.charts++;
        vec_push(f->arena, &f->changed, folder);
    }
    for (uint32_t i = 0; i < result->fixed->files.len; i++) {
        struct str path = result->fixed->files.items[i].source.path;
        f->figures.files += !known || !map_put(f->arena, known, arena_str(f->arena, path), f);
    }
}

void fixes_chart(struct fixes *f, const struct chart_paths *paths, const struct lint_result *result) {
    const struct fix_result *fixed = result->fixed;
    f->done += !result->again;
    if (!fixed) return;
    f->named |= fixed->named || fixed->unread;
    if (f->near.len == 0) f->near = arena_str(f->arena, fixed->near);
    if (result->failure.len) command_error(result->failure);
    if (fixed->bug.len)
        command_error(arena_printf(f->arena,
                                   "%.*s is left as it is: %.*s; this is a bug in valuelint; please report it",
                                   STR_ARG(paths->folder.len ? paths->folder : STR(".")), STR_ARG(fixed->bug)));
    f->failed = f->failed || result->failure.len || fixed->bug.len;
    add_verified(f, &result->verified);
    for (uint32_t i = 0; i < fixed->moved.len; i++) add_moved(f, &fixed->moved.items[i]);
    struct str chart = paths->folder.len ? paths->folder : fixed->chart;
    for (uint32_t i = 0; i < fixed->refused.len && !result->again; i++)
        if (!fixed->refused.items[i].quiet) add_unfixed(f, chart, &fixed->refused.items[i]);
    if (fixed->stopped.reason.len) add_unfixed(f, chart, &fixed->stopped);
    count_changed(f, paths, result);
    if (f->options->diff && fixed->unread) tell_unread(f, result);
    if (f->options->diff) print_diff(f, fixed);
}

/* Whether a run may write the file: it lies in the repository of the current folder. */
static bool is_inside(struct arena *a, struct str path) {
    struct str here = path_absolute(a, STR("."));
    return boundary_holds(a, boundary_of(a, here, STR("")), path_absolute(a, path));
}

static void drop_fixed(struct lint_file *file) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < file->findings.len; i++)
        if (file->findings.items[i].fix != FIX_UNSAFE) file->findings.items[kept++] = file->findings.items[i];
    file->findings.len = kept;
}

void fixes_manifest(struct fixes *f, struct lint_file *file) {
    struct arena arena = {NULL, NULL};
    struct error error;
    struct edits edits;
    bool asked = f->options && !f->options->rename && f->options->unsafe_fixes && (f->options->fix || f->options->diff);
    if (asked && mesh_fixes_of(&arena, file, &edits)) {
        struct str path = arena_str(&arena, file->source.path), text = edits_apply(&arena, file->source.text, &edits);
        if (f->options->diff) {
            struct buf out = buf_in(&arena);
            struct diff_file diff = {path, file->source.text, &edits};
            if (f->terminal) diff = without_secrets(&arena, diff);
            diff_unified(&out, &diff, f->color);
            if (out.len && fwrite(out.ptr, 1, out.len, stdout) != out.len) f->unwritten = true;
        }
        if (!is_inside(&arena, path)) {
            if (f->options->fix)
                command_error(
                    arena_printf(&arena, "%.*s is left as it is: it lies outside of the repository", STR_ARG(path)));
            f->failed = f->failed || f->options->fix;
        } else if (f->options->fix && !file_rewrite(path.ptr, file->source.text, text, &error)) {
            command_error(str_from(error.message));
            f->failed = true;
        } else {
            f->figures.files++;
            if (f->options->fix) drop_fixed(file);
        }
    }
    arena_free(&arena);
}

/* So many charts are named; of more, how many. */
#define CHANGED_MOST 20

void fixes_interrupted(const struct fixes *f, uint32_t total) {
    struct buf out = buf_in(f->arena);
    buf_addf(&out, "interrupted: %u file%s in %u chart%s changed", f->figures.files, f->figures.files == 1 ? "" : "s",
             f->figures.charts, f->figures.charts == 1 ? "" : "s");
    for (uint32_t i = 0; i < f->changed.len && i < CHANGED_MOST; i++)
        buf_addf(&out, "%s%.*s", i ? ", " : ": ", STR_ARG(f->changed.items[i]));
    if (f->changed.len > CHANGED_MOST) buf_addf(&out, " and %u more", f->changed.len - CHANGED_MOST);
    buf_addf(&out, "; %u of %u charts unchanged; run again to continue", total - f->done, total);
    command_warning(buf_str(&out));
}

const struct report_fixes *fixes_figures(struct fixes *f) {
    struct report_move *moves = arena_array(f->arena, struct report_move, f->moves.len + 1);
    for (uint32_t i = 0; i < f->moves.len; i++) moves[i] = *(const struct report_move *)f->moves.entries[i].value;
    f->figures.moves = moves;
    f->figures.move_count = f->moves.len;
    f->figures.unfixed = f->unfixed.items;
    f->figures.unfixed_count = f->unfixed.len;
    return &f->figures;
}
