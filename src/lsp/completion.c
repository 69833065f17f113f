/* Keys that the standard knows and the values do not have yet, and the values that it allows. */
#include "base/path.h"
#include "chart/overlay.h"
#include "lsp/request.h"
#include "lsp/words.h"
#include "value/json.h"
#include "value/pointer.h"

/* Where a line is being written. */
struct place {
    struct VEC(struct str) keys; /* around it, from the root */
    struct VEC(struct str) siblings;
    struct str key; /* of the line, where the value is being written; else empty */
    bool is_value;
};

struct completion {
    struct lsp_call *call;
    struct arena *arena;
    struct lsp_chart *chart;
    const struct standard *standard;
    const struct settings *settings;
    struct place place;
};

/* A line of the text is taken as it stands: a text that is being written seldom parses. Its key is empty where it has
 * none. */
struct line {
    uint32_t indent;
    struct str key;
    bool blank; /* or a comment */
};

static struct line read_line(struct str text) {
    struct line line = {.key = STR("")};
    while (line.indent < text.len && text.ptr[line.indent] == ' ') line.indent++;
    struct str rest = str_trim(str_slice(text, line.indent, text.len));
    line.blank = rest.len == 0 || rest.ptr[0] == '#';
    size_t colon = str_find_char(rest, ':');
    bool is_key = colon < rest.len && (colon + 1 == rest.len || rest.ptr[colon + 1] == ' ');
    struct str key = is_key ? str_slice(rest, 0, colon) : STR("");
    bool quoted = key.len > 1 && (key.ptr[0] == '"' || key.ptr[0] == '\'') && key.ptr[key.len - 1] == key.ptr[0];
    line.key = quoted ? str_slice(key, 1, key.len - 1) : key;
    return line;
}

static struct str line_text(const struct lsp_lines *lines, uint32_t line) {
    uint32_t end = line + 1 < lines->count ? lines->starts[line + 1] : (uint32_t)lines->text.len;
    return str_slice(lines->text, lines->starts[line], end);
}

/* The keys around the line, and those beside it. */
static void find_keys(struct completion *c, uint32_t line, uint32_t indent) {
    const struct lsp_lines *lines = &c->call->doc->lines;
    struct VEC(struct str) keys = {NULL, 0, 0};
    uint32_t least = indent;
    for (uint32_t i = line; i-- > 0;) {
        struct line above = read_line(line_text(lines, i));
        if (above.blank) continue;
        if (above.indent == indent && least == indent && above.key.len)
            vec_push(c->arena, &c->place.siblings, above.key);
        if (above.indent >= least) continue;
        least = above.indent;
        if (above.key.len) vec_push(c->arena, &keys, above.key);
    }
    for (uint32_t i = line + 1; i < lines->count; i++) {
        struct line below = read_line(line_text(lines, i));
        if (below.blank) continue;
        if (below.indent < indent) break;
        if (below.indent == indent && below.key.len) vec_push(c->arena, &c->place.siblings, below.key);
    }
    while (keys.len) vec_push(c->arena, &c->place.keys, keys.items[--keys.len]);
}

static void find_place(struct completion *c) {
    const struct lsp_lines *lines = &c->call->doc->lines;
    uint32_t line = lsp_position_at(lines, c->call->offset).line;
    struct str before = str_slice(lines->text, lines->starts[line], c->call->offset);
    struct line at = read_line(before);
    find_keys(c, line, at.indent);
    c->place.is_value = at.key.len > 0;
    c->place.key = at.key;
}

static bool is_there(const struct place *place, struct str key) {
    for (uint32_t i = 0; i < place->siblings.len; i++)
        if (str_eq(place->siblings.items[i], key)) return true;
    return false;
}

static void put_words(struct completion *c, struct emit *out, const struct schema_property *property) {
    struct str types = lsp_types_of(c->arena, property);
    if (types.len) emit_put_text(out, "detail", types);
    if (property->description.len) emit_put_text(out, "documentation", property->description);
}

/* The text of a key with its default behind it, as it is written on a line. */
static struct str key_text(struct completion *c, const struct schema_property *property, struct str key) {
    struct buf out = buf_in(c->arena);
    struct value value;
    buf_addf(&out, "%.*s:", STR_ARG(key));
    bool known = lsp_default_of(c->arena, c->settings, property, c->chart->outcome.result.chart, &value);
    bool block = (value.kind == VALUE_MAP && value.map.len) || (value.kind == VALUE_LIST && value.list.len);
    if (known && !block) {
        buf_add_char(&out, ' ');
        json_write(&out, &value, JSON_ONE_LINE);
    } else if (!known && property->types != TYPE_MAP && property->types != TYPE_LIST) {
        buf_add_char(&out, ' ');
    }
    return buf_str(&out);
}

static void add_key(struct completion *c, const struct schema_property *property) {
    struct emit *out = &c->call->result;
    struct str key = property->keys[property->key_count - 1];
    if (is_there(&c->place, key)) return;
    emit_open(out, '{');
    emit_put_text(out, "label", key);
    emit_put_number(out, "kind", 10); /* property */
    put_words(c, out, property);
    uint32_t rank = standard_rank(c->standard, property);
    emit_put_text(out, "sortText", arena_printf(c->arena, "%c%06u", property->required ? 'a' : 'b', rank % 1000000));
    emit_put_text(out, "insertText", key_text(c, property, key));
    emit_close(out, '}');
}

static void add_keys(struct completion *c) {
    const struct place *place = &c->place;
    struct map seen = {0};
    for (uint32_t i = 0; i < c->standard->properties.len; i++) {
        const struct schema_property *property = &c->standard->properties.items[i];
        if (property->key_count != place->keys.len + 1) continue;
        if (!keys_lead(place->keys.items, place->keys.len, property->keys, property->key_count)) continue;
        if (!map_put(c->arena, &seen, property->keys[property->key_count - 1], c)) add_key(c, property);
    }
}

static void add_value(struct completion *c, struct str text, struct str detail) {
    struct emit *out = &c->call->result;
    emit_open(out, '{');
    emit_put_text(out, "label", text);
    emit_put_number(out, "kind", 12); /* value */
    if (detail.len) emit_put_text(out, "detail", detail);
    emit_close(out, '}');
}

/* A value as it is written: a string that reads as one without quotes has none. */
static struct str value_text(struct arena *a, const struct value *value) {
    struct buf out = buf_in(a);
    bool plain = value->kind == VALUE_STRING && value->string.len > 0;
    for (size_t i = 0; plain && i < value->string.len; i++) {
        char c = value->string.ptr[i];
        plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    }
    static const char *const words[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
    for (size_t i = 0; plain && i < sizeof words / sizeof *words; i++) {
        struct str word = str_from(words[i]);
        plain = word.len != value->string.len || strncasecmp(word.ptr, value->string.ptr, word.len) != 0;
    }
    if (plain) buf_add(&out, value->string);
    else json_write(&out, value, JSON_ONE_LINE);
    return buf_str(&out);
}

static void add_values(struct completion *c) {
    struct lsp_values choices = {NULL, 0, 0};
    struct value value;
    vec_push(c->arena, &c->place.keys, c->place.key);
    const struct schema_property *property =
        standard_property(c->standard, keys_dotted(c->arena, c->place.keys.items, c->place.keys.len));
    if (!property) return;
    bool known = lsp_default_of(c->arena, c->settings, property, c->chart->outcome.result.chart, &value);
    bool block = known && ((value.kind == VALUE_MAP && value.map.len) || (value.kind == VALUE_LIST && value.list.len));
    lsp_choices_of(c->arena, c->standard, property, &choices);
    if (known && !block) add_value(c, value_text(c->arena, &value), STR("default"));
    for (uint32_t i = 0; i < choices.len; i++)
        if (!known || !value_equal(choices.items[i], &value))
            add_value(c, value_text(c->arena, choices.items[i]), STR(""));
}

void lsp_completion(struct lsp_call *call) {
    struct completion c = {.call = call, .arena = call->arena, .chart = lsp_call_chart(call)};
    emit_open(&call->result, '[');
    struct str below = c.chart ? path_relative(call->doc->path, c.chart->folder) : STR("");
    if (str_eq(below, STR("values.yaml")) || overlay_is(below)) {
        bool without = c.chart->outcome.result.without_standard;
        c.settings = c.chart->setup.settings;
        c.standard = lsp_standard_of(c.settings, without);
        find_place(&c);
        if (c.place.is_value) add_values(&c);
        else add_keys(&c);
    }
    emit_close(&call->result, ']');
}
