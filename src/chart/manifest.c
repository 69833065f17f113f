/* Helm decodes Chart.yaml into a structure, where numbers and booleans become text but a list or mapping does not, and
 * then looks at some of its fields. */
#include "chart/manifest.h"

#include "base/ascii.h"
#include "base/map.h"

enum field_kind {
    FIELD_TEXT,
    FIELD_BOOL,
    FIELD_TEXTS,    /* a list of texts */
    FIELD_TEXT_MAP, /* a mapping of texts */
    FIELD_LIST,     /* of anything */
    FIELD_MAINTAINERS,
    FIELD_DEPENDENCIES,
};

struct field {
    struct str name;
    enum field_kind kind;
};

static const struct field CHART[] = {
    {STR_INIT("apiVersion"), FIELD_TEXT},
    {STR_INIT("name"), FIELD_TEXT},
    {STR_INIT("version"), FIELD_TEXT},
    {STR_INIT("kubeVersion"), FIELD_TEXT},
    {STR_INIT("description"), FIELD_TEXT},
    {STR_INIT("type"), FIELD_TEXT},
    {STR_INIT("keywords"), FIELD_TEXTS},
    {STR_INIT("home"), FIELD_TEXT},
    {STR_INIT("sources"), FIELD_TEXTS},
    {STR_INIT("dependencies"), FIELD_DEPENDENCIES},
    {STR_INIT("maintainers"), FIELD_MAINTAINERS},
    {STR_INIT("icon"), FIELD_TEXT},
    {STR_INIT("appVersion"), FIELD_TEXT},
    {STR_INIT("deprecated"), FIELD_BOOL},
    {STR_INIT("annotations"), FIELD_TEXT_MAP},
    {STR_INIT("condition"), FIELD_TEXT},
    {STR_INIT("tags"), FIELD_TEXT},
    {{NULL, 0}, FIELD_TEXT},
};

static const struct field MAINTAINER[] = {{STR_INIT("name"), FIELD_TEXT},
                                          {STR_INIT("email"), FIELD_TEXT},
                                          {STR_INIT("url"), FIELD_TEXT},
                                          {{NULL, 0}, FIELD_TEXT}};

static const struct field DEPENDENCY[] = {
    {STR_INIT("name"), FIELD_TEXT},          {STR_INIT("version"), FIELD_TEXT}, {STR_INIT("repository"), FIELD_TEXT},
    {STR_INIT("condition"), FIELD_TEXT},     {STR_INIT("tags"), FIELD_TEXTS},   {STR_INIT("enabled"), FIELD_BOOL},
    {STR_INIT("import-values"), FIELD_LIST}, {STR_INIT("alias"), FIELD_TEXT},   {{NULL, 0}, FIELD_TEXT}};

struct manifest {
    struct arena *arena;
    struct yaml_issues *issues;
};

static void refuse(struct manifest *m, struct span span, struct str message, struct str help) {
    vec_push(m->arena, m->issues,
             (struct yaml_issue){.kind = YAML_REFUSED, .span = span, .message = message, .help = help});
}

/* The member that Go's decoder takes for a field: of any case, if none is spelled right. */
static const struct member *find_member(const struct value *map, struct str name) {
    const struct member *found = NULL;
    for (uint32_t i = 0; i < map->map.len; i++) {
        struct str key = map->map.members[i].key;
        bool same = key.len == name.len;
        for (size_t k = 0; k < name.len && same; k++) same = ascii_lower(key.ptr[k]) == ascii_lower(name.ptr[k]);
        if (str_eq(key, name)) return &map->map.members[i];
        if (same) found = &map->map.members[i];
    }
    return found;
}

static const char *const WANTED[] = {
    [FIELD_TEXT] = "text",
    [FIELD_BOOL] = "true or false",
    [FIELD_TEXTS] = "a list of texts",
    [FIELD_TEXT_MAP] = "a mapping of texts",
    [FIELD_LIST] = "a list",
    [FIELD_MAINTAINERS] = "a list of mappings",
    [FIELD_DEPENDENCIES] = "a list of mappings",
};

static bool is_text(const struct value *value) {
    return value->kind != VALUE_LIST && value->kind != VALUE_MAP;
}

static void check_fields(struct manifest *m, const struct value *map, const struct field *fields, struct str path);

static void check_entries(struct manifest *m, const struct value *list, enum field_kind kind, struct str path) {
    for (uint32_t i = 0; i < list->list.len; i++) {
        const struct value *item = &list->list.items[i];
        struct str name = arena_printf(m->arena, "%.*s[%u]", STR_ARG(path), i);
        if (item->kind == VALUE_MAP) check_fields(m, item, kind == FIELD_DEPENDENCIES ? DEPENDENCY : MAINTAINER, name);
        else
            refuse(m, item->span, arena_printf(m->arena, "`%.*s` must be a mapping", STR_ARG(name)),
                   STR("write its fields, or delete the entry"));
    }
}

/* Whether a value is what its field wants, as far as Helm looks. */
static bool fits(const struct value *value, enum field_kind kind) {
    bool ok = true;
    switch (kind) {
    case FIELD_TEXT: return is_text(value);
    case FIELD_BOOL: return value->kind == VALUE_BOOL;
    case FIELD_TEXTS:
        for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->list.len; i++)
            ok = ok && is_text(&value->list.items[i]);
        return ok && value->kind == VALUE_LIST;
    case FIELD_TEXT_MAP:
        for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->map.len; i++)
            ok = ok && is_text(&value->map.members[i].value);
        return ok && value->kind == VALUE_MAP;
    default: return value->kind == VALUE_LIST;
    }
}

static void check_fields(struct manifest *m, const struct value *map, const struct field *fields, struct str path) {
    for (; fields->name.ptr; fields++) {
        const struct member *member = find_member(map, fields->name);
        if (!member || member->value.kind == VALUE_NULL) continue;
        struct str name =
            path.len ? arena_printf(m->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(fields->name)) : fields->name;
        if (!fits(&member->value, fields->kind))
            refuse(m, member->key_span,
                   arena_printf(m->arena, "`%.*s` must be %s", STR_ARG(name), WANTED[fields->kind]),
                   STR("Helm cannot load the chart otherwise"));
        else if (fields->kind == FIELD_MAINTAINERS || fields->kind == FIELD_DEPENDENCIES)
            check_entries(m, &member->value, fields->kind, name);
    }
}

static bool is_identifier(char c) {
    return ascii_is_alnum(c) || c == '-';
}

/* Digits that fit 64 bits; *at moves behind them. */
static bool read_number(struct str text, size_t *at) {
    uint64_t number = 0;
    size_t start = *at;
    for (; *at < text.len && ascii_is_digit(text.ptr[*at]); ++*at)
        if (__builtin_mul_overflow(number, (uint64_t)10, &number) ||
            __builtin_add_overflow(number, (uint64_t)(text.ptr[*at] - '0'), &number))
            return false;
    return *at > start;
}

/* Names with dots between them; numbers among them may not begin with 0 where `strict`. */
static bool read_identifiers(struct str text, size_t *at, bool strict) {
    for (;;) {
        size_t start = *at;
        bool digits = true;
        for (; *at < text.len && is_identifier(text.ptr[*at]); ++*at) digits = digits && ascii_is_digit(text.ptr[*at]);
        if (*at == start || (strict && digits && *at - start > 1 && text.ptr[start] == '0')) return false;
        if (*at == text.len || text.ptr[*at] != '.') return true;
        ++*at;
    }
}

/* A semantic version as Helm takes it: one to three numbers, with or without a `v`. */
static bool is_version(struct str text) {
    size_t at = text.len && text.ptr[0] == 'v';
    if (text.len > 256 || !read_number(text, &at)) return false;
    for (int i = 0; i < 2 && at < text.len && text.ptr[at] == '.'; i++)
        if (++at, !read_number(text, &at)) return false;
    if (at < text.len && text.ptr[at] == '-')
        if (++at, !read_identifiers(text, &at, true)) return false;
    if (at < text.len && text.ptr[at] == '+')
        if (++at, !read_identifiers(text, &at, false)) return false;
    return at == text.len;
}

static bool is_empty(const struct member *member) {
    const struct value *value = member ? &member->value : NULL;
    return !value || value->kind == VALUE_NULL || (value->kind == VALUE_STRING && value->string.len == 0);
}

static void check_name(struct manifest *m, const struct value *document) {
    const struct member *name = find_member(document, STR("name"));
    if (is_empty(name))
        refuse(m, name ? name->key_span : (struct span){0, 0}, STR("`name` is missing; Helm requires it"),
               STR("add the chart's name"));
    else if (name->value.kind == VALUE_STRING &&
             (str_find_char(name->value.string, '/') < name->value.string.len || str_eq(name->value.string, STR(".")) ||
              str_eq(name->value.string, STR(".."))))
        refuse(m, name->value.span, STR("a chart's name cannot be a path"), STR("write the name alone"));
}

static void check_version(struct manifest *m, const struct value *document) {
    const struct member *version = find_member(document, STR("version"));
    if (is_empty(version))
        refuse(m, version ? version->key_span : (struct span){0, 0}, STR("`version` is missing; Helm requires it"),
               STR("add a version, as in `version: 0.1.0`"));
    else if (version->value.kind == VALUE_BOOL ||
             (version->value.kind == VALUE_STRING && !is_version(version->value.string)))
        refuse(m, version->value.span, STR("this is not a semantic version, which Helm requires here"),
               STR("write three numbers separated by dots, as in `0.1.0`"));
}

static void check_type(struct manifest *m, const struct value *document) {
    const struct member *type = find_member(document, STR("type"));
    if (is_empty(type) || !is_text(&type->value)) return;
    bool known = type->value.kind == VALUE_STRING &&
                 (str_eq(type->value.string, STR("application")) || str_eq(type->value.string, STR("library")));
    if (!known)
        refuse(m, type->value.span, STR("a chart's type must be `application` or `library`"), STR("write one of them"));
}

/* The names under which dependencies are used: each once, and aliases of letters, digits, `_` and `-`. */
static void check_dependencies(struct manifest *m, const struct value *document) {
    const struct member *list = find_member(document, STR("dependencies"));
    struct map seen = {NULL, 0, 0, NULL, 0};
    for (uint32_t i = 0; list && list->value.kind == VALUE_LIST && i < list->value.list.len; i++) {
        const struct value *item = &list->value.list.items[i];
        if (item->kind != VALUE_MAP) continue;
        const struct member *name = find_member(item, STR("name")), *alias = find_member(item, STR("alias"));
        const struct member *used = is_empty(alias) ? name : alias;
        if (is_empty(used) || used->value.kind != VALUE_STRING) continue;
        struct str text = used->value.string;
        for (size_t k = 0; used == alias && k < text.len; k++) {
            if (is_identifier(text.ptr[k]) || text.ptr[k] == '_') continue;
            refuse(m, used->value.span, STR("an alias may contain only letters, digits, `_` and `-`"),
                   STR("choose another alias"));
            break;
        }
        if (map_get(&seen, text))
            refuse(m, used->value.span, arena_printf(m->arena, "two dependencies are named `%.*s`", STR_ARG(text)),
                   STR("give one of them an alias"));
        map_put(m->arena, &seen, text, m);
    }
}

void chart_manifest_check(struct arena *a, const struct value *document, struct yaml_issues *issues) {
    struct manifest m = {a, issues};
    check_name(&m, document);
    check_version(&m, document);
    check_type(&m, document);
    check_fields(&m, document, CHART, STR(""));
    check_dependencies(&m, document);
}
