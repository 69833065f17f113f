#include "cli/page.h"

#include "base/path.h"
#include "config/config.h"
#include "rule/files.h"
#include "value/json.h"

bool page_load_rules(struct arena *a, const struct options *options, struct rule_set *set, struct problems *problems) {
    struct config_store *store = arena_new(a, struct config_store);
    struct config_overrides overrides = {
        .rules = options->rules.items,
        .rules_count = options->rules.len,
        .config = options->config,
        .no_config = options->no_config,
        .version = STR(VALUELINT_VERSION),
    };
    *set = (struct rule_set){.env = NULL};
    rule_set_add_embedded(a, set);
    config_store_init(store, a, set, &overrides);
    config_open(store, path_absolute(a, STR(".")), true);
    bool own = store->given_rules.len > 0;
    for (uint32_t i = 0; i < set->rules.len; i++)
        own = own || !document_embedded(set->rules.items[i]->document->source.path);
    if (own && store->problems.len == 0) rule_set_compile(a, set, &store->problems);
    *problems = store->problems;
    return problems->len == 0;
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
