/* There are two answers to what templates read: that of the analysis for any values, which gives up where something
 * unknown may read all of them, and that of a run (template/eval/reads.h), which knows what ran and is careful with
 * what did not. Either one suffices to call a value unread. */
#include "check/unread.h"

#include "base/fuzzy.h"
#include "base/path.h"
#include "check/moved_place.h"
#include "config/defaults.h"
#include "value/pointer.h"

/* ---- what is unread ---- */

/* Adds those of `more` that are not in `all`; where one lies in another, the outer one stays. */
static void add_others(struct arena *a, struct value_path_unreads *all, const struct value_path_unreads *more) {
    for (uint32_t i = 0; i < more->len; i++) {
        const struct value_path_unread *one = &more->items[i];
        bool known = false;
        uint32_t kept = 0;
        for (uint32_t k = 0; k < all->len && !known; k++) known = dotted_leads(all->items[k].path, one->path);
        if (known) continue;
        for (uint32_t k = 0; k < all->len; k++)
            if (!dotted_leads(one->path, all->items[k].path)) all->items[kept++] = all->items[k];
        all->len = kept;
        vec_push(a, all, *one);
    }
}

static void list_unread(struct arena *a, const struct reads_found *found, const struct value *values,
                        struct value_path_unreads *unreads) {
    struct value_path_unreads more = {NULL, 0, 0};
    if (found->named) value_path_unread(a, found->named, NULL, values, unreads);
    if (!found->run || found->run->everything) return;
    value_path_unread(a, &found->run->root, &found->run->names, values, &more);
    add_others(a, unreads, &more);
}

/* ---- names that are near ---- */

static const struct value_path *place_at(const struct value_path *place, struct str folder) {
    struct str key;
    while (place && dotted_next(&folder, &key)) place = map_get(&place->children, key);
    return place;
}

/* The part of a dotted path before its last key, and that key. */
static struct str folder_of(struct str path, struct str *key) {
    struct str rest = path, before = path;
    *key = path;
    while (rest.len) {
        before = rest;
        dotted_next(&rest, key);
    }
    size_t end = path.len - before.len;
    if (end > 0 && path.ptr[end - 1] == '.') end--;
    return str_slice(path, 0, end);
}

struct names VEC(struct str);

/* The keys below `place` that templates read and `around` does not hold. */
static void add_read(struct arena *a, const struct value_path *place, const struct value *around, struct names *names) {
    for (uint32_t i = 0; place && i < place->children.len; i++) {
        const struct value_path *child = place->children.entries[i].value;
        struct str key = place->children.entries[i].key;
        if (child->uses && !(around && value_get(around, key))) vec_push(a, names, key);
    }
}

struct str unread_nearest(struct arena *a, const struct reads_found *found, const struct value *values,
                          struct str path) {
    struct names names = {NULL, 0, 0};
    struct str key, folder = folder_of(path, &key);
    const struct value *around = value_at_dotted(values, folder);
    if (found->named) add_read(a, place_at(found->named, folder), around, &names);
    if (found->run) add_read(a, place_at(&found->run->root, folder), around, &names);
    return fuzzy_nearest(key, names.items, names.len);
}

const struct member *unread_meant(struct arena *a, const struct reads_found *found, const struct value *values,
                                  struct str path) {
    struct value_path_unreads unreads = {NULL, 0, 0};
    struct names names = {NULL, 0, 0};
    struct str key, folder = folder_of(path, &key), other;
    list_unread(a, found, values, &unreads);
    for (uint32_t i = 0; i < unreads.len; i++)
        if (str_eq(folder_of(unreads.items[i].path, &other), folder)) vec_push(a, &names, other);
    struct str nearest = fuzzy_nearest(key, names.items, names.len);
    for (uint32_t i = 0; nearest.len && i < unreads.len; i++)
        if (str_eq(folder_of(unreads.items[i].path, &other), folder) && str_eq(other, nearest))
            return unreads.items[i].member;
    return NULL;
}

static struct str advice(struct arena *a, const struct reads_found *found, const struct value *values,
                         struct str path) {
    struct str nearest = unread_nearest(a, found, values, path);
    return nearest.len ? arena_printf(a, "did you mean `%.*s`?", STR_ARG(nearest))
                       : STR("delete it, or correct its name");
}

/* ---- values.yaml ---- */

/* Whether the standard asks for a value at `path`, with these values. */
static bool is_required(const struct reporter *f, const struct value *values, struct str path) {
    const struct standard *standard = f->settings->standard;
    const struct schema_properties *properties = &standard->properties;
    for (uint32_t i = 0; i < properties->len; i++) {
        const struct schema_property *property = &properties->items[i];
        if (property->required && str_eq(property->path, path) &&
            schema_condition_holds(standard->schema, property->condition, values))
            return true;
    }
    return false;
}

/* What decides whether a value is no more than the standard's default. */
struct defaults {
    const struct reporter *reporter;
    struct value variables;
};

static bool is_empty(const struct value *v) {
    return v->kind == VALUE_NULL || (v->kind == VALUE_STRING && v->string.len == 0) ||
           (v->kind == VALUE_LIST && v->list.len == 0) || (v->kind == VALUE_MAP && v->map.len == 0);
}

static bool is_default(const struct defaults *d, struct str path, const struct value *v) {
    const struct standard *standard = d->reporter->settings->standard;
    const struct schema_property *property = standard_property(standard, path);
    if (is_empty(v) || (property && standard_derivation(standard, property))) return true;
    if (property && property->default_value) {
        struct value expanded = defaults_expand(d->reporter->arena, property->default_value, &d->variables);
        if (value_equal(&expanded, v)) return true;
    }
    if (v->kind != VALUE_MAP) return false;
    for (uint32_t i = 0; i < v->map.len; i++) {
        struct str below = dotted_member(d->reporter->arena, path, v->map.members[i].key);
        if (!is_default(d, below, &v->map.members[i].value)) return false;
    }
    return true;
}

/* Whether a value of the standard is no news where it is unread. The templates that charts share may read those; where
 * it is known which these are, only what the standard asks for stays; where the chart's own templates were run, only
 * what is the standard's default, since --fix adds it. */
static bool is_standard(const struct reporter *f, const struct templates_subject *subject,
                        const struct reads_found *found, const struct defaults *defaults,
                        const struct value_path_unread *unread) {
    const struct settings *settings = f->settings;
    struct str path = unread->path, rest = path, top = STR("");
    dotted_next(&rest, &top);
    if (subject->exempt) return false;
    if (settings->templates.len) return is_required(f, subject->values, path);
    if (standard_legacy(settings->standard, path) || moved_place(f->arena, settings->standard, path).len) return true;
    if (!standard_at(settings->standard, &top, 1)) return false;
    return !found->run || is_default(defaults, path, &unread->member->value);
}

/* Whether other parts of the file may repeat something of `value` through an alias: then it is read there. */
static bool is_repeated(const struct reporter *f, const struct value *value) {
    const struct tree *tree = f->tree;
    if (!tree || !tree->has_alias || !value->node) return false;
    const struct node *top = tree->nodes[value->node];
    for (uint32_t i = top->id; i < tree->node_count; i++) {
        const struct node *node = tree->nodes[i];
        if (node != top && node->span.start >= top->span.end) break;
        if (node->props && node->props->anchor.len) return true;
    }
    return false;
}

void unread_check(struct reporter *f, const struct templates_subject *subject, const struct reads_found *found) {
    struct value_path_unreads unreads = {NULL, 0, 0};
    if (!f->settings->enabled[f->checks->by[CHECK_UNREAD_VALUE]->index]) return;
    list_unread(f->arena, found, subject->values, &unreads);
    if (unreads.len == 0) return;
    struct str name = arena_str(f->arena, subject->chart->name);
    struct defaults defaults = {f, defaults_variables(f->arena, f->settings, name)};
    for (uint32_t i = 0; i < unreads.len; i++) {
        struct str path = unreads.items[i].path;
        if (is_standard(f, subject, found, &defaults, &unreads.items[i])) continue;
        if (is_repeated(f, &unreads.items[i].member->value)) continue;
        struct finding *finding = reporter_add(f, CHECK_UNREAD_VALUE, unreads.items[i].member->key_span, path,
                                               arena_printf(f->arena, "no template reads `%.*s`", STR_ARG(path)));
        finding->help = advice(f->arena, found, subject->values, path);
    }
}

void unread_name_failures(struct reporter *f, struct template_reports *reports, const struct reads_found *found,
                          const struct value *values) {
    struct arena *a = f->arena;
    for (uint32_t i = 0; i < reports->len; i++) {
        for (uint32_t k = 0; k < reports->items[i]->findings.len; k++) {
            struct finding *finding = &reports->items[i]->findings.items[k];
            if (finding->check != f->checks->by[CHECK_RENDER_FAILS] || finding->path.len == 0) continue;
            if (value_at_dotted(values, finding->path)) continue;
            const struct member *meant = unread_meant(a, found, values, finding->path);
            if (!meant) continue;
            struct str question = arena_printf(a, "did you mean `%.*s`, which no template reads?", STR_ARG(meant->key));
            struct str before = finding->help;
            finding->help = before.len ? arena_printf(a, "%.*s; %.*s", STR_ARG(question), STR_ARG(before)) : question;
            finding_relate(a, finding, f->source, meant->key_span, STR("defined here"));
        }
    }
}

/* ---- overlays ---- */

/* Whether a text of the overlay that is a template itself may read the key. */
static bool is_named_in_text(struct str text, struct str path) {
    struct str key;
    if (str_find(text, STR("{{")) == text.len) return false;
    folder_of(path, &key);
    for (size_t at = 0; key.len && at + key.len < text.len; at++) {
        at += str_find(str_slice(text, at, text.len), key);
        if (at > 0 && at < text.len && text.ptr[at - 1] == '.') return true;
    }
    return false;
}

void unread_check_overlay(struct reporter *f, const struct reads_found *found, const struct value *values,
                          const struct value *defaults) {
    struct value_path_unreads unreads = {NULL, 0, 0};
    list_unread(f->arena, found, values, &unreads);
    for (uint32_t i = 0; i < unreads.len; i++) {
        struct str path = unreads.items[i].path;
        if (value_at_dotted(defaults, path) || is_named_in_text(f->source->text, path)) continue;
        struct finding *finding = reporter_add(f, CHECK_UNREAD_IN_OVERLAY, unreads.items[i].member->key_span, path,
                                               arena_printf(f->arena, "no template reads `%.*s`", STR_ARG(path)));
        finding->help = advice(f->arena, found, values, path);
    }
}
