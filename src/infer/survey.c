#include "infer/survey.h"

#include "infer/write.h"
#include "report/markdown.h"
#include "schema/schema.h"
#include "value/json.h"

static struct str types_of(struct arena *a, uint8_t types) {
    static const struct {
        uint8_t type;
        const char *name;
    } NAMES[] = {{TYPE_MAP, "object"},    {TYPE_LIST, "array"},   {TYPE_STRING, "string"}, {TYPE_INTEGER, "integer"},
                 {TYPE_NUMBER, "number"}, {TYPE_BOOL, "boolean"}, {TYPE_NULL, "null"}};
    struct buf out = buf_in(a);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (types & NAMES[i].type) buf_addf(&out, "%s%s", out.len ? " or " : "", NAMES[i].name);
    return out.len ? buf_str(&out) : STR("any");
}

/* "default 8080", "values.service.port"; empty where a chart has to say it itself. */
static struct str usual_of(struct arena *a, const struct property *p) {
    struct buf out = buf_in(a);
    if (p->derive.len) return arena_printf(a, "= %.*s", STR_ARG(p->derive));
    if (!p->default_value) return STR("");
    json_write(&out, p->default_value, JSON_ONE_LINE);
    return buf_str(&out);
}

static void count_keys(const struct draft *draft, uint32_t *all, uint32_t *required) {
    *all = *required = 0;
    for (uint32_t i = 0; i < draft->all.len; i++) {
        if (draft->all.items[i]->is_spelling) continue;
        ++*all;
        *required += draft->all.items[i]->required;
    }
}

static void add_suggestions(struct buf *out, const struct draft *draft, bool markdown) {
    bool any = false;
    for (uint32_t i = 0; i < draft->all.len; i++) {
        const struct property *p = draft->all.items[i];
        for (uint32_t k = 0; k < p->suggestions.len; k++) {
            const struct suggestion *s = &p->suggestions.items[k];
            if (!any)
                buf_add(out, markdown ? STR("\n## Perhaps two names of one thing\n\n")
                                      : STR("\nPerhaps two names of one thing:\n"));
            any = true;
            struct str line = arena_printf(out->arena, "`%.*s` in %u charts, `%.*s` in %u: %.*s", STR_ARG(s->key->path),
                                           s->charts, STR_ARG(p->key->path), p->count, STR_ARG(s->field));
            buf_add(out, markdown ? STR("- ") : STR("  "));
            if (markdown) markdown_add_message(out, line);
            else buf_add(out, line);
            buf_add_char(out, '\n');
        }
    }
}

struct str survey_text(const struct draft *draft) {
    struct buf out = buf_in(draft->arena);
    const struct fleet *fleet = draft->fleet;
    uint32_t all, required;
    buf_addf(&out, "%u charts:\n", fleet->charts.len);
    for (uint32_t i = 0; i < fleet->roles.len; i++)
        buf_addf(&out, "  %u make %.*s\n", fleet->roles.items[i].count, STR_ARG(write_role(&fleet->roles.items[i])));
    for (uint32_t i = 0; i < fleet->skipped.len; i++)
        buf_addf(&out, "  skipped: %.*s (%.*s)\n", STR_ARG(fleet->skipped.items[i].folder),
                 STR_ARG(fleet->skipped.items[i].why));
    count_keys(draft, &all, &required);
    buf_addf(&out, "\n%u keys, %u of them required (R). In brackets: how many charts have the key", all, required);
    if (fleet->roles.len > 1) {
        const struct fleet_role *role = &fleet->roles.items[fleet->main_role];
        buf_addf(&out, ", of them how many that make %.*s", STR_ARG(write_role(role)));
    }
    buf_add(&out, STR("; values.\n"));
    for (uint32_t i = 0; i < draft->all.len; i++) {
        const struct property *p = draft->all.items[i];
        if (p->is_spelling) continue;
        struct str usual = usual_of(draft->arena, p);
        buf_addf(&out, "%s %.*s: %.*s", p->required ? "R" : " ", STR_ARG(p->key->path),
                 STR_ARG(types_of(draft->arena, p->types)));
        if (usual.len) buf_addf(&out, ", %s%.*s", p->derive.len ? "" : "default ", STR_ARG(usual));
        buf_addf(&out, " (%.*s)\n", STR_ARG(write_short_evidence(draft, p)));
    }
    add_suggestions(&out, draft, false);
    return buf_str(&out);
}

static void add_cell(struct buf *out, struct str text) {
    buf_add(out, STR(" | "));
    markdown_add(out, text);
}

struct str survey_markdown(const struct draft *draft) {
    struct buf out = buf_in(draft->arena);
    const struct fleet *fleet = draft->fleet;
    uint32_t all, required;
    count_keys(draft, &all, &required);
    buf_addf(&out, "# The values of %u charts\n\n| charts | that make |\n|---|---|\n", fleet->charts.len);
    for (uint32_t i = 0; i < fleet->roles.len; i++) {
        buf_addf(&out, "| %u", fleet->roles.items[i].count);
        add_cell(&out, write_role(&fleet->roles.items[i]));
        buf_add(&out, STR(" |\n"));
    }
    for (uint32_t i = 0; i < fleet->skipped.len; i++) {
        buf_add(&out, i ? STR("- ") : STR("\nSkipped:\n\n- "));
        markdown_add(&out, fleet->skipped.items[i].folder);
        buf_add(&out, STR(": "));
        markdown_add(&out, fleet->skipped.items[i].why);
        buf_add_char(&out, '\n');
    }
    buf_addf(
        &out,
        "\n## Keys\n\n%u of %u are required.\n\n| key | required | type | default | seen |\n|---|---|---|---|---|\n",
        required, all);
    for (uint32_t i = 0; i < draft->all.len; i++) {
        const struct property *p = draft->all.items[i];
        if (p->is_spelling) continue;
        buf_add(&out, STR("| "));
        markdown_add(&out, p->key->path);
        buf_add(&out, p->required ? STR(" | yes") : STR(" |"));
        add_cell(&out, types_of(draft->arena, p->types));
        add_cell(&out, usual_of(draft->arena, p));
        add_cell(&out, write_evidence(draft, p));
        buf_add(&out, STR(" |\n"));
    }
    add_suggestions(&out, draft, true);
    return buf_str(&out);
}
