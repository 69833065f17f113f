/* Texts that name what moves by its dotted path: scripts, CI, Terraform and the like. They are never changed. One that
 * names the chart in the same command or object, or lies in the chart's folder, sets the value there, and holds the
 * move back; any other one may be about any chart, and is only told. */
#include "base/path.h"
#include "fix/fix_plan.h"
#include "release/mention.h"

struct asking {
    struct fix_plan *plan;
    const struct mention *mention;
    struct str dotted; /* all of what is named: `orders.service.port` */
    struct str around; /* the command or object; empty until it is needed */
};

/* The keys that old paths begin with, and what they are known by: those of the standard, or of the moves of a rename.
 */
static struct str collect_firsts(struct fix_plan *p, struct map *firsts) {
    const struct map *legacies = &p->settings->standard->legacies;
    for (uint32_t i = 0; i < legacies->len && !p->request->rename; i++) {
        const struct legacy *legacy = legacies->entries[i].value;
        map_put(p->arena, firsts, legacy->keys[0], p);
    }
    for (uint32_t i = 0; i < p->moves.len && p->request->rename; i++)
        map_put(p->arena, firsts, p->moves.items[i]->from.keys[0], p);
    return p->request->rename ? fix_dotted(p, p->moves.items[0]->from) : p->settings->standard->document->source.path;
}

static bool is_prose(const struct mention *mention) {
    return str_ends(mention->file->path, STR(".md")) || str_ends(mention->file->path, STR(".gotmpl"));
}

/* In prose only a command of helm's sets anything: a table of values may well link to the chart. */
static bool names_chart(struct asking *asking, const struct release_chart *chart) {
    if (asking->around.len == 0) asking->around = mention_around(asking->mention);
    if (is_prose(asking->mention) && str_find(asking->around, STR("--set")) == asking->around.len) return false;
    return mention_has_word(asking->around, chart->chart.name) ||
           mention_has_word(asking->around, path_name(chart->folder));
}

/* Whether the file is the chart's own, and sets its values: questions for whoever installs it, suites of tests. */
static bool is_own(const struct mention *mention, const struct release_chart *chart) {
    return path_is_below(mention->file->path, chart->folder) && !is_prose(mention);
}

static struct source *source_of(struct fix_plan *p, const struct mention_file *file) {
    struct source *source = arena_new(p->arena, struct source);
    *source = (struct source){.path = fix_shown(p, file->path), .text = file->text};
    return source;
}

static void refuse(struct asking *asking, const struct fix_move *move) {
    struct fix_plan *p = asking->plan;
    struct source *source = source_of(p, asking->mention->file);
    fix_refuse(
        p, PART_MOVE, move->from, source, asking->mention->span,
        arena_printf(p->arena, "%.*s names the chart and `%.*s`", STR_ARG(source->path), STR_ARG(asking->dotted)));
}

/* Whether the chart, or one around it, is installed by what holds the mention. */
static bool is_set(struct asking *asking, const struct fix_move *move) {
    struct fix_plan *p = asking->plan;
    const struct release_views *views = p->views;
    if (fix_dotted_meet(asking->dotted, fix_dotted(p, move->from)) &&
        (is_own(asking->mention, p->node) || names_chart(asking, p->node)))
        return true;
    for (uint32_t i = 0; i < views->list.len; i++) {
        const struct release_view *view = &views->list.items[i];
        struct key_path above = {view->keys, view->key_count};
        if (!str_starts(asking->dotted, view->keys[0])) continue;
        if (fix_dotted_meet(asking->dotted, fix_dotted(p, fix_path_below(p, above, move->from))) &&
            (is_own(asking->mention, view->from) || names_chart(asking, view->from)))
            return true;
    }
    return false;
}

static bool is_open(const struct fix_plan *p, struct str path) {
    for (uint32_t i = 0; i < p->docs.len; i++)
        if (str_eq(p->docs.items[i]->source.path, path)) return true;
    return false;
}

static void check_mention(struct fix_plan *p, const struct mention *mention) {
    struct asking asking = {p, mention, span_text(mention->file->text, mention->span), {NULL, 0}};
    struct str named = span_text(mention->file->text, mention->path);
    for (uint32_t i = 0; i < p->moves.len; i++) {
        const struct fix_move *move = p->moves.items[i];
        struct str from = fix_dotted(p, move->from);
        if (!fix_dotted_meet(named, from) || is_open(p, fix_shown(p, mention->file->path))) continue;
        if (is_set(&asking, move)) {
            refuse(&asking, move);
            continue;
        }
        bool exact = str_eq(asking.dotted, from) || str_eq(named, from);
        struct fix_mention told = {source_of(p, mention->file), mention->span, from};
        if (exact) vec_push(p->arena, &p->result->mentions, told);
    }
}

void fix_check_mentions(struct fix_plan *p) {
    struct map firsts = {0};
    if (p->moves.len == 0 || !p->node || p->docs.items[0]->overlay) return;
    struct str key = collect_firsts(p, &firsts);
    const struct mentions *mentions =
        release_world_mentions(p->request->world, p->request->paths->folder, &firsts, key);
    p->result->mentions.len = 0;
    for (uint32_t i = 0; mentions && i < mentions->list.len; i++) check_mention(p, &mentions->list.items[i]);
    if (mentions && mentions->more)
        fix_refuse_moves(p, NULL, (struct span){0, 0}, STR("there is too much text around the chart to search"));
}
