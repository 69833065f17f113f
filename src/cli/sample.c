#include "cli/sample.h"

#include "base/buf.h"

static struct str source_of(const struct rule *rule, struct span span) {
    return span_text(rule->document->source.text, span);
}

static void add_block(struct buf *out, const struct rule *rule, const struct value *values, size_t indent);

/* What stands behind a key or a dash: scalars as they are written in the rule's file. */
static void add_value(struct buf *out, const struct rule *rule, const struct value *value, size_t indent) {
    bool map = value->kind == VALUE_MAP, list = value->kind == VALUE_LIST;
    if ((map && value->map.len) || (list && value->list.len)) {
        buf_add_char(out, '\n');
        add_block(out, rule, value, indent);
        return;
    }
    struct str text = source_of(rule, value->span);
    if (map || list) buf_add(out, map ? STR(" {}") : STR(" []"));
    else if (text.len) buf_addf(out, " %.*s", STR_ARG(text));
    buf_add_char(out, '\n');
}

static void add_block(struct buf *out, const struct rule *rule, const struct value *values, size_t indent) {
    for (uint32_t i = 0; values->kind == VALUE_MAP && i < values->map.len; i++) {
        const struct member *member = &values->map.members[i];
        buf_add_repeat(out, ' ', indent);
        buf_addf(out, "%.*s:", STR_ARG(source_of(rule, member->key_span)));
        add_value(out, rule, &member->value, indent + 2);
    }
    for (uint32_t i = 0; values->kind == VALUE_LIST && i < values->list.len; i++) {
        buf_add_repeat(out, ' ', indent);
        buf_add_char(out, '-');
        add_value(out, rule, &values->list.items[i], indent + 2);
    }
}

static struct str text_of(struct arena *a, const struct rule *rule, const struct value *values) {
    static const char *const ordinals[] = {"one chart", "another chart", "a third chart"};
    struct buf out = buf_in(a);
    if (values->kind == VALUE_STRING) return values->string;
    if (values->kind == VALUE_MAP && values->map.len == 0) return STR("# the standard's defaults\n");
    if (values->kind == VALUE_MAP) add_block(&out, rule, values, 0);
    for (uint32_t i = 0; values->kind == VALUE_LIST && i < values->list.len; i++) {
        buf_addf(&out, "# %s\n", ordinals[i < 3 ? i : 2]);
        add_block(&out, rule, &values->list.items[i], 0);
    }
    return buf_str(&out);
}

static const char *language_of(struct str path) {
    static const char *const languages[][2] = {{".yaml", "yaml"}, {".yml", "yaml"}, {".json", "json"}};
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        if (str_ends(path, str_from(languages[i][0]))) return languages[i][1];
    return "";
}

/* Adds the files of `files`, each under its path behind `side`. */
static void add_files(struct arena *a, const char *side, const struct value *files, struct samples *samples) {
    for (uint32_t i = 0; i < files->map.len; i++) {
        const struct member *file = &files->map.members[i];
        struct sample sample = {.text = file->value.string, .language = language_of(file->key)};
        sample.title = arena_printf(a, "%s`%.*s`", side, STR_ARG(file->key));
        vec_push(a, samples, sample);
    }
}

void samples_add(struct arena *a, const struct rule *rule, const struct value *example, struct samples *samples) {
    const struct value *files = value_get(example, STR("files"));
    const struct {
        const char *key, *title, *with_path;
    } sides[] = {
        {"bad", "Bad", "Bad, "},
        {"good", "Good", "Good, "},
        {"fixed", rule->fix == FIX_UNSAFE ? "Repaired by `--fix --unsafe-fixes`" : "Repaired by `--fix`", ""},
    };
    if (files) add_files(a, "", files, samples);
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        const struct value *side = value_get(example, str_from(sides[i].key));
        if (side && files) add_files(a, sides[i].with_path, side, samples);
        else if (side) vec_push(a, samples, (struct sample){str_from(sides[i].title), text_of(a, rule, side), "yaml"});
    }
}
