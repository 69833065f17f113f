/* Four explanations of a key's values are tried, the one that says most first:
 *
 *     host: catalog.acme.example      the chart's name stands in it: ${chart}.acme.example
 *     targetPort: 8081                it equals another value of the same chart: values.service.port
 *     tag: "1.4.2"                    it equals the chart's appVersion
 *     logLevel: info                  most charts have the same
 *
 * All but the last count only where the values differ from chart to chart, and where they explain more charts than the
 * commonest value does. A value derives from an earlier one only, so that there are no circles. */
#include "infer/usual.h"

#include "base/ascii.h"
#include "schema/schema.h"
#include "text/secret.h"
#include "value/json.h"

/* Charts in which values are compared with each other; more tell nothing new. */
#define SAMPLE_MOST 400u
/* Values of so many charts at least must agree before one derives from another, or from the chart's name. */
#define AGREE_LEAST 3u

bool usual_counts(const struct draft *draft, const struct property *property, uint32_t chart) {
    bool by_role = property->main_count >= AGREE_LEAST && property->main_count * 3 >= property->count;
    return !by_role || draft->fleet->charts.items[chart].role == draft->fleet->main_role;
}

/* ---- The chart's name ---- */

static bool is_boundary(struct str text, size_t at) {
    return at >= text.len || (!ascii_is_alpha(text.ptr[at]) && !ascii_is_digit(text.ptr[at]));
}

static struct str snake_of(struct arena *a, struct str name) {
    char *bytes = arena_alloc_raw(a, name.len + 1);
    for (size_t i = 0; i < name.len; i++) bytes[i] = name.ptr[i] == '-' ? '_' : name.ptr[i];
    return (struct str){bytes, name.len};
}

/* `text` with each `name` that stands as a word of its own replaced; empty where there is none. */
static struct str replace_name(struct arena *a, struct str text, struct str name, struct str by) {
    struct buf out = buf_in(a);
    bool any = false;
    for (size_t i = 0; name.len && i < text.len;) {
        bool here = str_starts(str_slice(text, i, text.len), name) && (i == 0 || is_boundary(text, i - 1)) &&
                    is_boundary(text, i + name.len);
        buf_add(&out, here ? by : str_slice(text, i, i + 1));
        i += here ? name.len : 1;
        any = any || here;
    }
    return any ? buf_str(&out) : STR("");
}

struct tally {
    uint32_t of;    /* charts that count */
    uint32_t most;  /* that have the commonest value */
    uint32_t value; /* that value's place; of a pattern, nothing */
    struct str pattern;
    uint32_t patterned; /* that have it */
};

/* Counts the pattern that `text` has with `name`, for which `by` stands. */
static void count_pattern(struct arena *a, struct map *counts, struct str text, struct str name, struct str by,
                          struct tally *tally) {
    struct str pattern = replace_name(a, text, name, by);
    if (pattern.len == 0) return;
    struct fleet_count *count = map_get(counts, pattern);
    if (!count) {
        count = arena_new(a, struct fleet_count);
        map_put(a, counts, pattern, count);
    }
    if (++count->count <= tally->patterned) return;
    tally->patterned = count->count;
    tally->pattern = pattern;
}

static void tally_patterns(struct arena *a, const struct draft *draft, const struct property *p, struct tally *tally) {
    struct map counts = {NULL, 0, 0, NULL, 0};
    enum value_kind kind = p->types & TYPE_STRING ? VALUE_STRING : VALUE_LIST; /* of a list: its JSON */
    for (uint32_t i = 0; i < p->key->uses.len; i++) {
        const struct fleet_use *use = &p->key->uses.items[i];
        const struct fleet_value *value = &p->key->values.items[use->value];
        struct str name = draft->fleet->charts.items[use->chart].name;
        if (!value->kept || value->value.kind != kind || !usual_counts(draft, p, use->chart)) continue;
        if (str_find(value->text, STR("${")) < value->text.len) continue;
        count_pattern(a, &counts, value->text, name, STR("${chart}"), tally);
        count_pattern(a, &counts, value->text, snake_of(a, name), STR("${chart_snake}"),
                      tally); /* the same, if short */
    }
}

static void tally_values(struct arena *a, const struct draft *draft, const struct property *p, struct tally *tally) {
    uint32_t *counts = arena_array(a, uint32_t, p->key->values.len);
    for (uint32_t i = 0; i < p->key->uses.len; i++) {
        const struct fleet_use *use = &p->key->uses.items[i];
        if (!usual_counts(draft, p, use->chart)) continue;
        tally->of++;
        if (++counts[use->value] <= tally->most || !p->key->values.items[use->value].kept) continue;
        tally->most = counts[use->value];
        tally->value = use->value;
    }
}

/* ---- Another value ---- */

/* The texts of one property's values in the charts of the sample; a NULL pointer where there is none. */
struct column {
    struct property *property;
    const char **texts;
    uint32_t of; /* charts of the sample that have it, whatever its value */
    bool varies;
};

static bool is_telling(const struct fleet_value *value) {
    if (!value->kept || value->text.len == 0) return false;
    return value->value.kind == VALUE_STRING || value_is_number(&value->value);
}

/* Every so many charts one is in the sample. */
static uint32_t sample_step(const struct draft *draft) {
    return draft->fleet->charts.len / SAMPLE_MOST + 1;
}

static struct column column_of(struct arena *a, const struct draft *draft, struct property *p) {
    uint32_t step = sample_step(draft);
    struct column column = {p, arena_array(a, const char *, draft->fleet->charts.len / step + 1), 0, false};
    const char *first = NULL;
    for (uint32_t i = 0; i < p->key->uses.len; i++) {
        const struct fleet_use *use = &p->key->uses.items[i];
        const struct fleet_value *value = &p->key->values.items[use->value];
        if (use->chart % step || !usual_counts(draft, p, use->chart)) continue;
        column.of++;
        if (!is_telling(value)) continue;
        column.texts[use->chart / step] = value->text.ptr;
        if (!first) first = value->text.ptr;
        column.varies = column.varies || value->text.ptr != first;
    }
    return column;
}

/* The charts' appVersions. */
static struct column versions_column(struct arena *a, const struct draft *draft) {
    uint32_t step = sample_step(draft);
    struct column column = {NULL, arena_array(a, const char *, draft->fleet->charts.len / step + 1), 0, true};
    for (uint32_t i = 0; i < draft->fleet->charts.len; i += step)
        if (draft->fleet->charts.items[i].app_version.len)
            column.texts[i / step] = draft->fleet->charts.items[i].app_version.ptr;
    return column;
}

struct agreement {
    uint32_t agree, of;
    bool varies; /* not always in the same value */
};

static struct agreement compare(const struct column *source, const struct column *of, uint32_t count) {
    struct agreement found = {0, of->of, false};
    const char *first = NULL;
    for (uint32_t i = 0; i < count; i++) {
        if (!of->texts[i] || source->texts[i] != of->texts[i]) continue;
        found.agree++;
        if (!first) first = of->texts[i];
        found.varies = found.varies || of->texts[i] != first;
    }
    return found;
}

/* The kind of most values, for a conversion. */
static enum value_kind kind_of(const struct property *p) {
    return p->types & TYPE_STRING ? VALUE_STRING : VALUE_INT;
}

static bool is_identifier(struct str key) {
    bool ok = key.len > 0 && !ascii_is_digit(key.ptr[0]);
    for (size_t i = 0; i < key.len; i++)
        ok = ok && (ascii_is_alpha(key.ptr[i]) || ascii_is_digit(key.ptr[i]) || key.ptr[i] == '_');
    return ok && !str_eq(key, STR("in")) && !str_eq(key, STR("true")) && !str_eq(key, STR("false")) &&
           !str_eq(key, STR("null"));
}

static void add_path(struct buf *out, const struct fleet_key *key) {
    if (!key->parent) {
        buf_add(out, STR("values"));
        return;
    }
    add_path(out, key->parent);
    if (is_identifier(key->key)) buf_addf(out, ".%.*s", STR_ARG(key->key));
    else buf_addf(out, "[\"%.*s\"]", STR_ARG(key->key));
}

static struct str expression(struct arena *a, const struct property *source, const struct property *of) {
    struct buf out = buf_in(a);
    add_path(&out, source->key);
    struct str path = buf_str(&out);
    if (kind_of(source) == kind_of(of)) return path;
    return arena_printf(a, kind_of(of) == VALUE_STRING ? "string(%.*s)" : "int(%.*s)", STR_ARG(path));
}

/* A path that CEL can name without escapes. */
static bool is_plain_path(struct str path) {
    for (size_t i = 0; i < path.len; i++)
        if ((unsigned char)path.ptr[i] < ' ' || path.ptr[i] == '\\' || (unsigned char)path.ptr[i] > '~') return false;
    return true;
}

static bool is_sure(const struct property *p) {
    return p->types && (p->types & (uint8_t)(p->types - 1)) == 0;
}

/* The earlier property whose values explain most of those of `of`; siblings before others. */
static const struct column *best_source(const struct column *columns, uint32_t index, uint32_t count,
                                        struct agreement *best) {
    const struct column *of = &columns[index], *found = NULL;
    for (uint32_t i = 0; i < index; i++) {
        const struct column *source = &columns[i];
        if (!source->varies || !is_sure(source->property) || !is_plain_path(source->property->key->path)) continue;
        if (source->property->derive.len) continue;
        struct agreement now = compare(source, of, count);
        bool near = found && source->property->parent == of->property->parent &&
                    found->property->parent != of->property->parent;
        if (!now.varies || now.agree < best->agree || (now.agree == best->agree && found && !near)) continue;
        *best = now;
        found = source;
    }
    return found;
}

/* ---- Deciding ---- */

static void set_default(struct draft *draft, struct property *p, struct value value, uint32_t count, uint32_t of) {
    struct value *kept = arena_new(draft->arena, struct value);
    *kept = value;
    p->default_value = kept;
    p->default_count = count;
    p->default_of = of;
}

static uint8_t type_of(const struct value *value) {
    static const uint8_t TYPES[] = {
        [VALUE_NULL] = TYPE_NULL,     [VALUE_BOOL] = TYPE_BOOL, [VALUE_INT] = TYPE_INTEGER, [VALUE_FLOAT] = TYPE_NUMBER,
        [VALUE_STRING] = TYPE_STRING, [VALUE_LIST] = TYPE_LIST, [VALUE_MAP] = TYPE_MAP};
    return TYPES[value->kind];
}

/* Whether the value may be a default: of the property's types, and with nothing in it that would be a variable. */
static bool may_be_default(const struct property *p, const struct fleet_value *value) {
    uint8_t type = type_of(&value->value);
    if (type == TYPE_INTEGER && p->types & TYPE_NUMBER) type = TYPE_NUMBER;
    return value->kept && value->value.kind != VALUE_NULL && (p->types & type) &&
           str_find(value->text, STR("${")) == value->text.len;
}

/* The value that a pattern stands for: a text, or a list in JSON. */
static struct value pattern_value(struct arena *a, const struct property *p, struct str pattern) {
    struct value list;
    struct json_error error;
    pattern = arena_str(a, pattern);
    if (p->types & TYPE_STRING || !json_parse(a, pattern, &list, &error)) return value_from_string(pattern);
    return list;
}

static void decide(struct arena *scratch, struct draft *draft, struct property *p, struct tally *tally) {
    tally_values(scratch, draft, p, tally);
    if (p->types & (TYPE_STRING | TYPE_LIST)) tally_patterns(scratch, draft, p, tally);
    bool named = tally->patterned >= AGREE_LEAST || tally->patterned == draft->fleet->charts.len;
    if (named && tally->patterned >= tally->most && is_share(tally->patterned, tally->of, DEFAULT_SHARE)) {
        set_default(draft, p, pattern_value(draft->arena, p, tally->pattern), tally->patterned, tally->of);
        return;
    }
    const struct fleet_value *value = &p->key->values.items[tally->value];
    bool shared = tally->most > 1 || draft->fleet->charts.len == 1;
    if (shared && is_share(tally->most, tally->of, DEFAULT_SHARE) && may_be_default(p, value))
        set_default(draft, p, value->value, tally->most, tally->of);
}

static void derive(struct draft *draft, const struct column *columns, uint32_t index, const struct column *versions,
                   const struct tally *tally) {
    struct property *p = columns[index].property;
    struct agreement best = {0, 0, false};
    bool named = p->default_value && p->default_value->kind == VALUE_STRING &&
                 str_find(p->default_value->string, STR("${chart")) < p->default_value->string.len;
    if (named || !columns[index].varies || !is_sure(p)) return;
    uint32_t count = draft->fleet->charts.len / sample_step(draft) + 1;
    const struct column *source = best_source(columns, index, count, &best);
    struct agreement version = compare(versions, &columns[index], count);
    if (p->types == TYPE_STRING && version.varies && version.agree > best.agree) {
        best = version;
        source = versions;
    }
    if (!source || best.agree < AGREE_LEAST || !is_share(best.agree, best.of, DEFAULT_SHARE)) return;
    if ((uint64_t)best.agree * tally->of <= (uint64_t)tally->most * best.of) return; /* the commonest value says more */
    p->derive = source == versions ? STR("string(chart.appVersion)") : expression(draft->arena, source->property, p);
    p->default_count = best.agree;
    p->default_of = best.of;
}

void usual_decide(struct draft *draft) {
    struct arena *a = draft->arena;
    struct column *columns = arena_array(a, struct column, draft->all.len + 1);
    struct tally *tallies = arena_array(a, struct tally, draft->all.len + 1);
    struct arena scratch = {NULL, NULL};
    uint32_t count = 0;
    for (uint32_t i = 0; i < draft->all.len; i++) {
        struct property *p = draft->all.items[i];
        arena_reset(&scratch);
        struct tally tally = {0, 0, 0, {NULL, 0}, 0};
        if (p->children.len && !(p->types & ~TYPE_MAP)) {
            tally_values(&scratch, draft, p, &tally);
            const struct fleet_value *value = &p->key->values.items[tally.value];
            bool empty = value->kept && value->value.kind == VALUE_MAP;
            if (empty && is_share(tally.most, tally.of, DEFAULT_SHARE))
                set_default(draft, p, value->value, tally.most, tally.of);
            continue;
        }
        decide(&scratch, draft, p, &tally);
        if (!(p->types & (TYPE_STRING | TYPE_INTEGER)) || p->is_spelling) continue;
        tallies[count] = tally;
        columns[count++] = column_of(a, draft, p);
    }
    arena_free(&scratch);
    struct column versions = versions_column(a, draft);
    for (uint32_t i = 0; i < count; i++) derive(draft, columns, i, &versions, &tallies[i]);
}
