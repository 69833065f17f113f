#include "cli/page.h"

#include "rule/files.h"
#include "value/json.h"

bool page_load_rules(struct arena *a, const struct options *options, struct rule_set *set, struct problems *problems) {
    struct rule_documents documents = {NULL, 0, 0};
    struct rule_files files = {{NULL, 0, 0, NULL, 0}};
    bool ok = true;
    *set = (struct rule_set){.env = NULL};
    rule_set_add_embedded(a, set);
    for (uint32_t i = 0; i < options->rules.len; i++)
        ok = rule_files_add(a, &files, options->rules.items[i], set, &documents, problems) && ok;
    return ok && (options->rules.len == 0 || rule_set_compile(a, set, problems));
}

static void wrap_paragraph(struct buf *out, struct str text, size_t indent, size_t width) {
    size_t at = 0;
    struct str word;
    while (str_split_next(&text, ' ', &word)) {
        if (word.len == 0) continue;
        if (at > 0 && at + 1 + word.len > width) {
            buf_add_char(out, '\n');
            at = 0;
        }
        if (at == 0) buf_add_repeat(out, ' ', at = indent);
        else buf_add_char(out, ' '), at++;
        buf_add(out, word);
        at += word.len;
    }
    if (at > 0) buf_add_char(out, '\n');
}

void page_wrap(struct buf *out, struct str text, size_t indent, size_t width) {
    struct buf paragraph = buf_in(out->arena);
    struct str line;
    while (str_split_next(&text, '\n', &line)) {
        line = str_trim(line);
        if (line.len == 0) {
            wrap_paragraph(out, buf_str(&paragraph), indent, width);
            buf_add_char(out, '\n');
            paragraph.len = 0;
            continue;
        }
        buf_add(&paragraph, line);
        buf_add_char(&paragraph, ' ');
    }
    wrap_paragraph(out, buf_str(&paragraph), indent, width);
}

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

void page_values(struct buf *out, const struct rule *rule, const struct value *values, size_t indent) {
    static const char *const ordinals[] = {"one chart", "another chart", "a third chart"};
    struct str line, rest = values->kind == VALUE_STRING ? values->string : STR("");
    while (str_split_next(&rest, '\n', &line)) {
        buf_add_repeat(out, ' ', line.len ? indent : 0);
        buf_addf(out, "%.*s\n", STR_ARG(line));
    }
    if (values->kind == VALUE_MAP) add_block(out, rule, values, indent);
    for (uint32_t i = 0; values->kind == VALUE_LIST && i < values->list.len; i++) {
        buf_add_repeat(out, ' ', indent);
        buf_addf(out, "# %s\n", ordinals[i < 3 ? i : 2]);
        add_block(out, rule, &values->list.items[i], indent);
    }
}

void page_fix(struct buf *out, const struct rule *rule, size_t indent) {
    const struct value *fix = value_get(rule->entry, STR("fix"));
    for (uint32_t i = 0; fix && i < fix->list.len; i++) {
        buf_add_repeat(out, ' ', indent);
        json_write(out, &fix->list.items[i], JSON_ONE_LINE);
        buf_add_char(out, '\n');
    }
}

struct str page_places(struct arena *a, const struct rule *rule) {
    struct str rest = rule->texts[RULE_AT], path;
    struct buf out = buf_in(a);
    while (str_split_next(&rest, '\n', &path)) buf_addf(&out, "%s`%.*s`", out.len ? ", " : "", STR_ARG(path));
    return buf_str(&out);
}

struct str page_fixable(const struct rule *rule) {
    return rule->fix == FIX_SAFE ? STR("safe") : rule->fix == FIX_UNSAFE ? STR("unsafe") : STR("no");
}
