/* Pages of the manual in the macros of man(7). */
#include "cli/manual.h"

#include "base/buf.h"
#include "cli/option_table.h"
#include "rule/document.h"
#include "value/json.h"

/* Adds running text: no line of it may begin as a request does, and a hyphen is one to be typed. */
static void add_text(struct buf *out, struct str text) {
    if (text.len && (text.ptr[0] == '.' || text.ptr[0] == '\'')) buf_add(out, STR("\\&"));
    for (size_t i = 0; i < text.len; i++) {
        switch (text.ptr[i]) {
        case '\\': buf_add(out, STR("\\e")); break;
        case '-': buf_add(out, STR("\\-")); break;
        case '\n': buf_add_char(out, ' '); break;
        default: buf_add_char(out, text.ptr[i]);
        }
    }
}

static void add_line(struct buf *out, struct str text) {
    add_text(out, text);
    buf_add_char(out, '\n');
}

static void add_head(struct buf *out, const char *title, int section, struct str release, struct str date) {
    buf_add(out, STR(".\\\" written by `valuelint man`; do not edit\n"));
    buf_addf(out, ".TH %s %d %.*s \"valuelint %.*s\"\n", title, section, STR_ARG(date), STR_ARG(release));
    buf_add(out, STR(".SH NAME\n"));
}

static void add_option(struct buf *out, const struct option_spec *spec) {
    buf_add(out, STR(".TP\n"));
    if (spec->letter) buf_addf(out, "\\fB\\-%c\\fR, ", spec->letter);
    buf_add(out, STR("\\fB"));
    add_text(out, str_from(spec->name));
    buf_add(out, STR("\\fR"));
    if (spec->value) buf_addf(out, spec->kind == KIND_HELM ? "[=\\fI%s\\fR]" : " \\fI%s\\fR", spec->value);
    buf_add_char(out, '\n');
    add_text(out, str_from(spec->help));
    if (spec->commands != UINT32_MAX && !(spec->commands >> COMMAND_LINT & 1)) {
        buf_add(out, STR(" (of"));
        for (size_t i = 0; i < COMMAND_COUNT; i++)
            if (spec->commands >> i & 1) buf_addf(out, " %s", COMMANDS[i].name);
        buf_add_char(out, ')');
    }
    buf_add_char(out, '\n');
}

static void add_options(struct buf *out) {
    buf_add(out, STR(".SH OPTIONS\n"));
    for (enum option_group group = 0; group < GROUP_COUNT; group++) {
        buf_addf(out, ".SS %s\n", OPTION_GROUPS[group]);
        for (size_t i = 0; i < OPTION_COUNT; i++)
            if (OPTIONS[i].group == group) add_option(out, &OPTIONS[i]);
    }
}

static void add_commands(struct buf *out) {
    buf_add(out, STR(".SH COMMANDS\n"));
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct command_spec *spec = &COMMANDS[i];
        buf_addf(out, ".TP\n\\fB%s\\fR", spec->name);
        if (*spec->operands) buf_addf(out, " \\fI%s\\fR", spec->operands);
        buf_add_char(out, '\n');
        add_line(out, str_from(spec->summary));
    }
}

static void add_formats(struct buf *out) {
    buf_add(out, STR(".SH FORMATS\n"));
    for (const struct format *const *f = FORMATS; *f; f++) {
        buf_addf(out, ".TP\n\\fB%s\\fR\n", (*f)->name);
        add_line(out, str_from((*f)->summary));
    }
}

struct str manual_program(struct arena *a, struct str release, struct str date) {
    struct buf out = buf_in(a);
    add_head(&out, "VALUELINT", 1, release, date);
    buf_add(&out, STR("valuelint \\- check the values.yaml files of Helm charts\n"
                      ".SH SYNOPSIS\n"
                      "\\fBvaluelint\\fR [\\fIOPTION\\fR...] [\\fIPATH\\fR...]\n"
                      ".br\n"
                      "\\fBvaluelint\\fR \\fICOMMAND\\fR [\\fIOPERAND\\fR...]\n"
                      ".SH DESCRIPTION\n"));
    add_line(&out, str_from(ABOUT));
    add_commands(&out);
    add_options(&out);
    add_formats(&out);
    buf_add(&out, STR(".SH EXIT STATUS\n"));
    for (size_t i = 0; EXIT_CODES[i]; i++) {
        buf_addf(&out, ".TP\n\\fB%zu\\fR\n", i);
        add_line(&out, str_from(EXIT_CODES[i]));
    }
    buf_add(&out, STR(".SH FILES\n.TP\n\\fI.valuelint.yaml\\fR\n"
                      "the configuration, see\n.BR valuelint.yaml (5)\n"
                      ".SH EXAMPLES\n.nf\n"));
    struct str examples = str_from(EXAMPLES), line;
    while (str_split_next(&examples, '\n', &line)) add_line(&out, str_trim(line));
    buf_add(&out, STR(".fi\n.SH SEE ALSO\n.BR valuelint.yaml (5)\n"));
    return buf_str(&out);
}

/* The definition that `schema` refers to (a reference into the same document), else `schema` itself. */
static const struct value *follow(const struct value *root, const struct value *schema) {
    const struct value *ref = value_get(schema, STR("$ref"));
    if (!ref || ref->kind != VALUE_STRING) return schema;
    struct str path = ref->string, key;
    const struct value *at = root;
    str_split_next(&path, '/', &key); /* the # */
    while (at && str_split_next(&path, '/', &key)) at = value_get(at, key);
    return at ? at : schema;
}

/* "a list of strings", "one of error, warning, info": what a value of `schema` is. */
static void add_type(struct buf *out, const struct value *root, const struct value *schema) {
    schema = follow(root, schema);
    const struct value *type = value_get(schema, STR("type")), *words = value_get(schema, STR("enum"));
    if (words && words->kind == VALUE_LIST) {
        buf_add(out, STR("one of"));
        for (uint32_t i = 0; i < words->list.len; i++) {
            buf_add(out, i ? STR(", ") : STR(" "));
            json_print_scalar(out, &words->list.items[i]);
        }
        return;
    }
    if (!type || type->kind != VALUE_STRING) {
        buf_add(out, STR("any value"));
        return;
    }
    const struct value *items = value_get(schema, STR("items")),
                       *members = value_get(schema, STR("additionalProperties"));
    buf_add(out, str_eq(type->string, STR("array"))    ? STR("list")
                 : str_eq(type->string, STR("object")) ? STR("map")
                                                       : type->string);
    const struct value *inner = items ? items : members;
    if (!inner || inner->kind != VALUE_MAP) return;
    buf_add(out, STR(" of "));
    add_type(out, root, inner);
}

/* The keys of the object `schema`, and below them those of the objects that they hold. */
static void add_keys(struct buf *out, const struct value *root, const struct value *schema, struct str prefix) {
    const struct value *keys = value_get(follow(root, schema), STR("properties"));
    for (uint32_t i = 0; keys && keys->kind == VALUE_MAP && i < keys->map.len; i++) {
        const struct member *member = &keys->map.members[i];
        const struct value *about = value_get(&member->value, STR("description"));
        const struct value *definition = follow(root, &member->value), *items = value_get(definition, STR("items"));
        struct str name = arena_printf(out->arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(member->key));
        struct buf type = buf_in(out->arena);
        if (!about) about = value_get(definition, STR("description"));
        add_type(&type, root, &member->value);
        buf_add(out, STR(".TP\n\\fB"));
        add_text(out, name);
        buf_add(out, STR("\\fR ("));
        add_text(out, buf_str(&type));
        buf_add(out, STR(")\n"));
        add_line(out, about && about->kind == VALUE_STRING ? about->string : STR("As above."));
        add_keys(out, root, definition, arena_printf(out->arena, "%.*s.", STR_ARG(name)));
        if (items) add_keys(out, root, items, arena_printf(out->arena, "%.*s[].", STR_ARG(name)));
    }
}

struct str manual_configuration(struct arena *a, struct str release, struct str date) {
    const struct str *text = document_embedded(STR("schema/config.schema.json"));
    struct json_error error;
    struct value root;
    if (!text || !json_parse(a, *text, &root, &error)) base_panic("the configuration's schema cannot be read");
    const struct value *about = value_get(&root, STR("description"));
    struct buf out = buf_in(a);
    add_head(&out, "VALUELINT.YAML", 5, release, date);
    buf_add(&out, STR("valuelint.yaml \\- configuration of valuelint\n.SH DESCRIPTION\n"));
    if (about && about->kind == VALUE_STRING) add_line(&out, about->string);
    buf_add(&out, STR("Paths are relative to the file.\n"
                      ".B valuelint config\n"
                      "prints what is in force for a chart.\n"
                      ".SH KEYS\n"));
    add_keys(&out, &root, &root, STR(""));
    buf_add(&out, STR(".SH SEE ALSO\n.BR valuelint (1)\n"));
    return buf_str(&out);
}
