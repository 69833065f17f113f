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

void page_lines(struct buf *out, struct str text, size_t indent) {
    struct str line;
    while (str_split_next(&text, '\n', &line)) {
        buf_add_repeat(out, ' ', line.len ? indent : 0);
        buf_addf(out, "%.*s\n", STR_ARG(line));
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
