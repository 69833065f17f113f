/* A walk down an object along the table of fields. */
#include <stdio.h>

#include "base/ascii.h"
#include "base/fuzzy.h"
#include "base/map.h"
#include "object/fields_table.h"
#include "object/format.h"
#include "object/object.h"
#include "object/removed.h"

struct walk {
    struct arena *arena;
    const struct object *object;
    struct object_issues *issues;
    const struct object_table *table;
    bool custom;   /* it is the kind of a CustomResourceDefinition */
    uint8_t minor; /* of Kubernetes 1.`minor`; 0: any that the table knows */
};

/* More words, kinds or versions than any field, group or kind has. */
#define OBJECT_WORDS_MAX 96

/* Where a value stands: the path, and the span to point to where the value has no text of its own. */
struct place {
    struct str path;
    struct span key;
};

/* Lists whose items must differ in a member; `shadows` where the API takes it, and the last one counts. */
static const struct {
    const char *type, *field, *member;
    bool shadows;
} DISTINCT[] = {
    {"PodSpec", "containers", "name", false},
    {"PodSpec", "initContainers", "name", false},
    {"PodSpec", "volumes", "name", false},
    {"Container", "ports", "name", false},
    {"Container", "volumeMounts", "mountPath", false},
    {"Container", "env", "name", true},
    {"ServiceSpec", "ports", "name", false},
};

static struct span span_of(const struct value *value, const struct place *place) {
    return span_len(value->span) ? value->span : place->key;
}

/* Whether something within the span is not known. */
static bool is_unknown(const struct walk *w, struct span span) {
    const struct go_runs *runs = w->object->document->text->runs;
    for (uint32_t i = object_run_at(runs, span.start); runs && i < runs->count; i++) {
        if (i > 0 && runs->items[i - 1].end >= span.end) return false;
        if (runs->items[i].hole) return true;
    }
    return false;
}

static struct object_issue *add(struct walk *w, enum object_issue_kind kind, struct span span, struct str path,
                                struct str message) {
    struct object_issue issue = {kind, w->object, span, path, message, STR("")};
    vec_push(w->arena, w->issues, issue);
    return &w->issues->items[w->issues->len - 1];
}

static struct place below(struct walk *w, const struct place *place, const struct member *member) {
    bool plain = true;
    for (size_t i = 0; i < member->key.len; i++)
        plain = plain && member->key.ptr[i] != '.' && member->key.ptr[i] != '/' && member->key.ptr[i] > ' ';
    const char *before = !plain ? "[\"" : place->path.len ? "." : "";
    return (struct place){
        arena_printf(w->arena, "%.*s%s%.*s%s", STR_ARG(place->path), before, STR_ARG(member->key), plain ? "" : "\"]"),
        member->key_span};
}

/* ---- scalars ---- */

/* What stands there, as it is printed where that is short. */
static struct str shown(struct walk *w, const struct value *value) {
    struct str text = span_text(w->object->document->source.text, value->span);
    struct str kind = str_from(value_kind_words(value));
    bool scalar = value->kind != VALUE_MAP && value->kind != VALUE_LIST;
    if (!scalar || text.len == 0 || text.len > 40 || str_find_char(text, '\n') < text.len) return kind;
    return arena_printf(w->arena, "%.*s, %.*s", STR_ARG(kind), STR_ARG(text));
}

static void wrong_type(struct walk *w, const struct value *value, const struct place *place, const char *wanted,
                       const char *help) {
    struct str message = arena_printf(w->arena, "`%.*s` of the %.*s must be %s, not %.*s", STR_ARG(place->path),
                                      STR_ARG(w->object->kind), wanted, STR_ARG(shown(w, value)));
    add(w, OBJECT_WRONG_TYPE, span_of(value, place), place->path, message)->help = str_from(help);
}

static bool is_scalar(const struct value *value) {
    return value->kind != VALUE_MAP && value->kind != VALUE_LIST;
}

static struct object_issue *add_refused(struct walk *w, const struct value *value, const struct place *place,
                                        struct str wrong) {
    struct str message = arena_printf(w->arena, "`%.*s` of the %.*s %.*s", STR_ARG(place->path),
                                      STR_ARG(w->object->kind), STR_ARG(wrong));
    return add(w, OBJECT_BAD_FORMAT, span_of(value, place), place->path, message);
}

/* One of the words `A|B`. */
static void check_word(struct walk *w, struct str words, const struct value *value, const struct place *place) {
    struct str names[OBJECT_WORDS_MAX], rest = words, word;
    uint32_t count = 0;
    while (str_split_next(&rest, '|', &word)) {
        if (str_eq(word, value->string)) return;
        if (count < OBJECT_WORDS_MAX) names[count++] = word;
    }
    struct str nearest = fuzzy_nearest(value->string, names, count);
    struct object_issue *issue =
        add_refused(w, value, place, arena_printf(w->arena, "cannot be `%.*s`", STR_ARG(value->string)));
    issue->help = nearest.len ? arena_printf(w->arena, "did you mean `%.*s`?", STR_ARG(nearest))
                              : arena_printf(w->arena, "it is one of %.*s", STR_ARG(words));
}

/* A whole number within the bounds `A..B`. */
static void check_bounds(struct walk *w, struct str bounds, const struct value *value, const struct place *place) {
    long long low = 0, high = 0;
    struct str text = arena_str(w->arena, bounds);
    if (sscanf(text.ptr, "%lld..%lld", &low, &high) != 2 || (value->integer >= low && value->integer <= high)) return;
    add_refused(
        w, value, place,
        arena_printf(w->arena, "must be between %lld and %lld, not %lld", low, high, (long long)value->integer));
}

/* What the code says beyond the type. */
static void check_limits(struct walk *w, struct str code, const struct value *value, const struct place *place) {
    struct str rest = str_slice(code, 1, code.len);
    if (rest.len == 0) return;
    if (code.ptr[0] == 'i' && value->kind == VALUE_INT) check_bounds(w, rest, value, place);
    if (code.ptr[0] != 's' || value->kind != VALUE_STRING) return;
    if (rest.ptr[0] == '=') check_word(w, str_slice(rest, 1, rest.len), value, place);
    else if (value->string.len == 0) add_refused(w, value, place, STR("must not be empty"));
}

static void check_scalar(struct walk *w, struct str code, const struct value *value, const struct place *place) {
    char letter = code.ptr[0];
    const char *plain = value->kind == VALUE_STRING ? "`| int`, or no quotes, makes a number of it" : "";
    const char *quoted = is_scalar(value) ? "`| quote` makes a string of it" : "";
    bool number = value_is_number(value), whole = value->kind == VALUE_INT;
    if (is_scalar(value) && is_unknown(w, value->span)) return;
    switch (letter) {
    case 's':
        if (value->kind != VALUE_STRING) wrong_type(w, value, place, "a string", quoted);
        break;
    case 'i':
        if (!whole) wrong_type(w, value, place, "a whole number", plain);
        break;
    case 'n':
        if (!number) wrong_type(w, value, place, "a number", plain);
        break;
    case 'b':
        if (value->kind != VALUE_BOOL) wrong_type(w, value, place, "true or false", "");
        break;
    case 'p':
        if (!whole && value->kind != VALUE_STRING) wrong_type(w, value, place, "a whole number or a string", "");
        break;
    case 'q':
        if (number) break;
        if (value->kind != VALUE_STRING || !object_format_is_quantity(value->string))
            wrong_type(w, value, place, "a quantity, such as 500m or 1Gi", "");
        break;
    default: break;
    }
    check_limits(w, code, value, place);
}

/* Whether `text` is a number with an exponent, as Go prints one: 1e+06. */
static bool has_exponent(struct str text) {
    size_t e = str_find(text, STR("e+")), at = 0;
    if (e == text.len || e == 0 || text.len - e < 4) return false;
    for (; at < text.len; at++) {
        bool fine = ascii_is_digit(text.ptr[at]) || (at == 0 && text.ptr[at] == '-') || (at < e && text.ptr[at] == '.');
        if (!fine && at != e && at != e + 1) return false;
    }
    return true;
}

/* A number of values that was printed into a text with an exponent. */
static void check_rounded(struct walk *w, const struct value *value, const struct place *place) {
    const struct go_value *text = w->object->document->text;
    uint32_t first = object_run_at(text->runs, value->span.start);
    uint32_t from = first > 0 ? text->runs->items[first - 1].end : 0;
    for (uint32_t i = first; text->runs && i < text->runs->count && from < value->span.end; i++) {
        const struct go_run *run = &text->runs->items[i];
        struct str printed = str_slice(text->text, from, run->end);
        if (run->paths && from >= value->span.start && run->end <= value->span.end) {
            size_t quoted = printed.len > 2 && printed.ptr[0] == '"' && printed.ptr[printed.len - 1] == '"';
            if (has_exponent(str_slice(printed, quoted, printed.len - quoted)))
                add(w, OBJECT_ROUNDED, span_make(from, run->end), place->path,
                    arena_printf(w->arena, "a number is printed as %.*s into `%.*s` of the %.*s", STR_ARG(printed),
                                 STR_ARG(place->path), STR_ARG(w->object->kind)))
                    ->help = STR("write it as a string in the values, or print it with `int64` or `toYaml`");
        }
        from = run->end;
    }
}

/* The same at any depth. */
static void check_texts(struct walk *w, const struct value *value, const struct place *place) {
    if (value->kind == VALUE_STRING) check_rounded(w, value, place);
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->list.len; i++) {
        struct place item = {arena_printf(w->arena, "%.*s[%u]", STR_ARG(place->path), i), place->key};
        check_texts(w, &value->list.items[i], &item);
    }
    for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->map.len; i++) {
        struct place member = below(w, place, &value->map.members[i]);
        check_texts(w, &value->map.members[i].value, &member);
    }
}

/* ---- names and repetitions ---- */

static void bad_format(struct walk *w, enum object_issue_kind kind, struct span span, struct str path, struct str text,
                       const char *wrong) {
    add(w, kind, span, path,
        arena_printf(w->arena, "`%.*s` of the %.*s, `%.*s`, %s", STR_ARG(path), STR_ARG(w->object->kind), STR_ARG(text),
                     wrong));
}

static void check_format(struct walk *w, const struct object_type *type, const struct member *member,
                         const struct place *place) {
    const struct value *value = &member->value;
    bool image;
    const char *wrong = object_format_wrong(type->name, member->key, value, &image);
    if (!wrong || is_unknown(w, value->span)) return;
    struct str text =
        value->kind == VALUE_STRING ? value->string : arena_printf(w->arena, "%lld", (long long)value->integer);
    bad_format(w, image ? OBJECT_BAD_IMAGE : OBJECT_BAD_FORMAT, span_of(value, place), place->path, text, wrong);
}

static void check_labels(struct walk *w, const struct value *map, const struct place *place, bool values) {
    for (uint32_t i = 0; map && map->kind == VALUE_MAP && i < map->map.len; i++) {
        const struct member *member = &map->map.members[i];
        struct place at = below(w, place, member);
        const char *wrong = is_unknown(w, member->key_span) ? NULL : object_format_wrong_label_key(member->key);
        if (wrong) bad_format(w, OBJECT_BAD_FORMAT, member->key_span, at.path, member->key, wrong);
        if (!values || member->value.kind != VALUE_STRING || is_unknown(w, member->value.span)) continue;
        wrong = object_format_wrong_label_value(member->value.string);
        if (wrong) bad_format(w, OBJECT_BAD_FORMAT, span_of(&member->value, &at), at.path, member->value.string, wrong);
    }
}

static void check_distinct(struct walk *w, const struct object_type *type, const struct member *member,
                           const struct place *place) {
    for (size_t d = 0; d < sizeof DISTINCT / sizeof *DISTINCT; d++) {
        if (!str_eq(type->name, str_from(DISTINCT[d].type)) || !str_eq(member->key, str_from(DISTINCT[d].field)) ||
            member->value.kind != VALUE_LIST)
            continue;
        struct map seen = {0};
        for (uint32_t i = 0; i < member->value.list.len; i++) {
            const struct value *key = value_get(&member->value.list.items[i], str_from(DISTINCT[d].member));
            if (!key || key->kind != VALUE_STRING || key->string.len == 0 || is_unknown(w, key->span)) continue;
            if (!map_put(w->arena, &seen, key->string, (void *)(uintptr_t)key)) continue;
            struct str path = arena_printf(w->arena, "%.*s[%u].%s", STR_ARG(place->path), i, DISTINCT[d].member);
            add(w, DISTINCT[d].shadows ? OBJECT_SHADOWED : OBJECT_REPEATED, span_of(key, place), path,
                arena_printf(w->arena, "`%.*s` of the %.*s names `%.*s` twice%s", STR_ARG(place->path),
                             STR_ARG(w->object->kind), STR_ARG(key->string),
                             DISTINCT[d].shadows ? ": the last one counts" : ""));
        }
    }
}

/* ---- the walk ---- */

static const struct object_field *find_field(const struct object_field *fields, const struct object_type *type,
                                             struct str name) {
    uint32_t low = type->first, high = type->first + type->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = str_cmp(fields[middle].name, name);
        if (order == 0) return &fields[middle];
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

static void unknown_field(struct walk *w, const struct object_type *type, const struct member *member,
                          const struct place *place) {
    struct str *names = arena_array(w->arena, struct str, type->count);
    if (is_unknown(w, member->key_span)) return;
    for (uint32_t i = 0; i < type->count; i++) names[i] = w->table->fields[type->first + i].name;
    struct str nearest = fuzzy_nearest(member->key, names, type->count);
    struct object_issue *issue =
        add(w, OBJECT_UNKNOWN_FIELD, member->key_span, place->path,
            arena_printf(w->arena, "%s knows no `%.*s` in the %.*s", w->custom ? "the API" : "Kubernetes",
                         STR_ARG(place->path), STR_ARG(w->object->kind)));
    if (nearest.len) issue->help = arena_printf(w->arena, "did you mean `%.*s`?", STR_ARG(nearest));
}

static void check_value(struct walk *w, struct str code, const struct value *value, const struct place *place);

/* A field that other versions of Kubernetes know. */
static void check_version(struct walk *w, const struct object_field *field, const struct member *member,
                          const struct place *place) {
    if (w->minor == 0 || (w->minor >= field->first && w->minor <= field->last)) return;
    if (is_unknown(w, member->key_span)) return;
    bool early = w->minor < field->first;
    add(w, OBJECT_UNKNOWN_FIELD, member->key_span, place->path,
        arena_printf(w->arena, "Kubernetes 1.%u knows no `%.*s` in the %.*s, which %s 1.%u", w->minor,
                     STR_ARG(place->path), STR_ARG(w->object->kind), early ? "came with" : "went after",
                     early ? field->first : field->last));
}

static void check_missing(struct walk *w, const struct object_type *type, const struct value *map,
                          const struct place *place) {
    for (uint32_t i = 0; i < type->count; i++) {
        const struct object_field *field = &w->table->fields[type->first + i];
        const struct value *value = field->required ? value_get(map, field->name) : NULL;
        if (!field->required || (value && value->kind != VALUE_NULL)) continue;
        struct str path = arena_printf(w->arena, "%.*s%s%.*s", STR_ARG(place->path), place->path.len ? "." : "",
                                       STR_ARG(field->name));
        struct span span = span_len(place->key) ? place->key : map->span;
        if (map->map.len) span = map->map.members[0].key_span;
        for (uint32_t k = 0; value && k < map->map.len; k++)
            if (&map->map.members[k].value == value) span = map->map.members[k].key_span;
        add(w, OBJECT_MISSING_FIELD, span, path,
            arena_printf(w->arena, "the %.*s needs `%.*s`, and %s", STR_ARG(w->object->kind), STR_ARG(path),
                         value ? "nothing stands there" : "there is none"));
    }
}

/* Fields of which at most one may be there. */
static void check_exclusive(struct walk *w, const struct object_type *type, const struct value *map,
                            const struct place *place) {
    struct str groups = type->exclusive, group, name;
    while (str_split_next(&groups, ' ', &group)) {
        const struct member *first = NULL;
        while (str_split_next(&group, '|', &name)) {
            const struct member *member = value_member(map, name);
            if (!member || member->value.kind == VALUE_NULL) continue;
            struct place at = below(w, place, member);
            if (first)
                add(w, OBJECT_BAD_FORMAT, member->key_span, at.path,
                    arena_printf(w->arena, "`%.*s` of the %.*s excludes `%.*s`", STR_ARG(at.path),
                                 STR_ARG(w->object->kind), STR_ARG(first->key)));
            if (!first) first = member;
        }
    }
}

/* A field of a custom resource with nothing behind it, where a mapping or a list is meant. */
static void check_nothing(struct walk *w, const struct object_field *field, const struct place *place) {
    if (!w->custom || field->required ||
        !(field->code.ptr[0] == '*' || field->code.ptr[0] == '%' || ascii_is_digit(field->code.ptr[0])))
        return;
    add(w, OBJECT_EMPTY_FIELD, place->key, place->path,
        arena_printf(w->arena, "nothing stands at `%.*s` of the %.*s: the API takes it as if it were not there",
                     STR_ARG(place->path), STR_ARG(w->object->kind)))
        ->help = STR("leave it out, or write what is meant: `{}` or `[]` for nothing");
}

static void check_type(struct walk *w, const struct object_type *type, const struct value *map,
                       const struct place *place) {
    for (uint32_t i = 0; i < map->map.len; i++) {
        const struct member *member = &map->map.members[i];
        const struct object_field *field = find_field(w->table->fields, type, member->key);
        struct place at = below(w, place, member);
        /* What the cluster writes is of no interest to it. */
        if (str_eq(at.path, STR("status"))) continue;
        if (!field) {
            unknown_field(w, type, member, &at);
            continue;
        }
        check_version(w, field, member, &at);
        if (member->value.kind == VALUE_NULL) check_nothing(w, field, &at);
        check_value(w, field->code, &member->value, &at);
        check_format(w, type, member, &at);
        check_distinct(w, type, member, &at);
        bool meta = str_eq(type->name, STR("ObjectMeta"));
        if (meta && str_eq(member->key, STR("labels"))) check_labels(w, &member->value, &at, true);
        if (meta && str_eq(member->key, STR("annotations"))) check_labels(w, &member->value, &at, false);
    }
    check_exclusive(w, type, map, place);
    check_missing(w, type, map, place);
}

/* The code of what is in the list or mapping of `code`; adds an issue where it must not be empty. */
static struct str inner_code(struct walk *w, struct str code, uint32_t count, const struct value *value,
                             const struct place *place) {
    struct str rest = str_slice(code, 1, code.len);
    if (rest.ptr[0] != '+') return rest;
    if (count == 0) add_refused(w, value, place, STR("must not be empty"));
    return str_slice(rest, 1, rest.len);
}

static void check_list(struct walk *w, struct str code, const struct value *value, const struct place *place) {
    if (code.len && code.ptr[0] == '[') code = str_slice(code, str_find_char(code, ']') + 1, code.len);
    for (uint32_t i = 0; i < value->list.len; i++) {
        const struct value *item = &value->list.items[i];
        struct place at = {arena_printf(w->arena, "%.*s[%u]", STR_ARG(place->path), i), place->key};
        if (item->kind == VALUE_MAP && item->map.len) at.key = item->map.members[0].key_span;
        check_value(w, code, item, &at);
    }
}

static void check_value(struct walk *w, struct str code, const struct value *value, const struct place *place) {
    char letter = code.ptr[0];
    if (value->kind == VALUE_NULL || letter == 'x') return;
    if (letter == '*' || letter == '%' || ascii_is_digit(letter)) {
        enum value_kind wanted = letter == '*' ? VALUE_LIST : VALUE_MAP;
        if (value->kind != wanted) {
            if (!is_scalar(value) || !is_unknown(w, value->span))
                wrong_type(w, value, place, letter == '*' ? "a list" : "a mapping", "");
            return;
        }
        if (letter == '*') {
            check_list(w, inner_code(w, code, value->list.len, value, place), value, place);
        } else if (letter == '%') {
            struct str inner = inner_code(w, code, value->map.len, value, place);
            for (uint32_t i = 0; i < value->map.len; i++) {
                struct place at = below(w, place, &value->map.members[i]);
                check_value(w, inner, &value->map.members[i].value, &at);
            }
        } else {
            uint32_t type = 0;
            for (size_t i = 0; i < code.len; i++) type = type * 10 + (uint32_t)(code.ptr[i] - '0');
            check_type(w, &w->table->types[type], value, place);
        }
        return;
    }
    check_scalar(w, code, value, place);
}

static const struct object_kind *kind_of(const struct object_table *table, const struct object *object) {
    for (uint32_t i = 0; table && i < table->kind_count; i++)
        if (str_eq(table->kinds[i].kind, object->kind) && str_eq(table->kinds[i].api_version, object->api_version))
            return &table->kinds[i];
    return NULL;
}

static struct str group_of(struct str api_version) {
    size_t slash = str_find_char(api_version, '/');
    return slash < api_version.len ? str_slice(api_version, 0, slash) : STR("");
}

/* A kind or version that no CustomResourceDefinition of a known group has. */
static void check_kind(struct walk *w) {
    const struct object *object = w->object;
    struct str group = group_of(object->api_version), kinds[OBJECT_WORDS_MAX], versions[OBJECT_WORDS_MAX];
    uint32_t kind_count = 0, version_count = 0;
    for (uint32_t i = 0; i < OBJECT_KIND_COUNT; i++) {
        const struct object_kind *kind = &OBJECT_KINDS[i];
        if (!kind->custom || group.len == 0 || !str_eq(group_of(kind->api_version), group)) continue;
        if (kind_count < OBJECT_WORDS_MAX) kinds[kind_count++] = kind->kind;
        if (str_eq(kind->kind, object->kind) && version_count < OBJECT_WORDS_MAX)
            versions[version_count++] = kind->api_version;
    }
    const struct member *at = value_member(object->root, version_count ? STR("apiVersion") : STR("kind"));
    if (kind_count == 0 || !at || is_unknown(w, at->value.span)) return;
    struct object_issue *issue = add(
        w, OBJECT_UNKNOWN_KIND, at->value.span, at->key,
        arena_printf(w->arena, "the API knows no %.*s of %.*s", STR_ARG(object->kind), STR_ARG(object->api_version)));
    struct str nearest = fuzzy_nearest(object->kind, kinds, kind_count);
    if (version_count) issue->help = arena_printf(w->arena, "its version is %.*s", STR_ARG(versions[0]));
    else if (nearest.len) issue->help = arena_printf(w->arena, "did you mean `%.*s`?", STR_ARG(nearest));
}

static void check_name(struct walk *w) {
    const struct value *metadata = value_get(w->object->root, STR("metadata"));
    const struct member *name = value_member(metadata, STR("name"));
    if (!name || name->value.kind != VALUE_STRING || is_unknown(w, name->value.span)) return;
    const char *wrong = name->value.string.len ? object_format_wrong_name(w->object->kind, name->value.string) : NULL;
    if (wrong) bad_format(w, OBJECT_BAD_FORMAT, name->value.span, STR("metadata.name"), name->value.string, wrong);
}

/* Whether Kubernetes has this version of the API: not yet, or no longer, is an issue. */
static bool check_served(struct walk *w, const struct object_kind *kind) {
    const struct object *object = w->object;
    const struct value *at = value_get(object->root, STR("apiVersion"));
    struct str now = STR("");
    uint8_t gone = 0;
    if (w->minor == 0 || w->custom || !at || is_unknown(w, at->span)) return true;
    bool early = kind && w->minor < kind->first;
    if (!early && !object_removed(object->api_version, object->kind, &gone, &now)) {
        if (!kind || w->minor <= kind->last) return true;
        gone = (uint8_t)(kind->last + 1);
    }
    if (!early && w->minor < gone) return true;
    struct str message = early
                             ? arena_printf(w->arena, "Kubernetes 1.%u has no %.*s of `%.*s`, which came with 1.%u",
                                            w->minor, STR_ARG(object->kind), STR_ARG(object->api_version), kind->first)
                             : arena_printf(w->arena, "Kubernetes 1.%u removed `%.*s` of the %.*s", gone,
                                            STR_ARG(object->api_version), STR_ARG(object->kind));
    struct object_issue *issue = add(w, OBJECT_NOT_SERVED, at->span, STR("apiVersion"), message);
    if (now.len) issue->help = arena_printf(w->arena, "use `%.*s`", STR_ARG(now));
    return false;
}

void object_check(struct arena *a, const struct object *object, const struct object_table *more, uint8_t minor,
                  struct object_issues *issues) {
    const struct object_table builtin = {OBJECT_KINDS, OBJECT_KIND_COUNT, OBJECT_TYPES, OBJECT_FIELDS};
    const struct object_kind *kind = kind_of(more, object);
    const struct object_table *table = kind ? more : &builtin;
    if (!kind) kind = kind_of(&builtin, object);
    struct walk w = {a, object, issues, table, kind && kind->custom, table == more ? 0 : minor};
    struct place root = {STR(""), {0, 0}};
    check_texts(&w, object->root, &root);
    if (!check_served(&w, kind)) return;
    if (!kind) {
        check_kind(&w);
        return;
    }
    check_name(&w);
    check_type(&w, &table->types[kind->type], object->root, &root);
}
