#include "check/printed_report.h"

#include "yaml/read.h"

static const struct {
    enum builtin_check check;
    bool warns; /* whatever the rule's severity */
} KINDS[] = {
    [OBJECT_WRONG_TYPE] = {CHECK_FIELD_TYPE, false},       [OBJECT_UNKNOWN_FIELD] = {CHECK_FIELD_UNKNOWN, false},
    [OBJECT_MISSING_FIELD] = {CHECK_FIELD_MISSING, false}, [OBJECT_BAD_FORMAT] = {CHECK_FIELD_FORMAT, false},
    [OBJECT_UNKNOWN_KIND] = {CHECK_FIELD_UNKNOWN, false},  [OBJECT_BAD_IMAGE] = {CHECK_FIELD_FORMAT, true},
    [OBJECT_REPEATED] = {CHECK_FIELD_REPEATED, false},     [OBJECT_SHADOWED] = {CHECK_FIELD_REPEATED, true},
    [OBJECT_ROUNDED] = {CHECK_NUMBER_ROUNDED, false},      [OBJECT_NOT_SERVED] = {CHECK_NOT_SERVED, false},
    [OBJECT_EMPTY_FIELD] = {CHECK_FIELD_MISSING, true},
};

static void report_issue(struct printed *p, const struct go_value *text, const struct object_issue *issue) {
    struct object_origin origin = object_origin(text, issue->span);
    struct finding *finding =
        printed_add(p, KINDS[issue->kind].check, origin.site, origin.within, origin.values, issue->message);
    if (!finding) return;
    finding->help = issue->help;
    if (KINDS[issue->kind].warns && finding->severity == SEVERITY_ERROR) finding->severity = SEVERITY_WARNING;
}

void printed_check_objects(struct printed *p, const struct manifests *manifests) {
    struct arena *a = p->values->arena;
    for (uint32_t i = 0; i < manifests->len; i++) {
        const struct go_value *text = &manifests->items[i].text;
        struct object_document *document = arena_new(a, struct object_document);
        struct object_issues issues = {NULL, 0, 0};
        struct objects objects = {NULL, 0, 0};
        if (!object_read(a, text, document, &objects)) continue;
        for (uint32_t k = 0; k < objects.len; k++)
            object_check(a, &objects.items[k], p->values->settings->crds, p->minor, &issues);
        for (uint32_t k = 0; k < issues.len; k++) report_issue(p, text, &issues.items[k]);
    }
}

static bool is_list_or_map(const struct value *v) {
    return v && (v->kind == VALUE_LIST || v->kind == VALUE_MAP);
}

/* What Helm refuses in a document that is YAML. */
static struct span refused_part(const struct value *root) {
    static const char *const HEADS[] = {"apiVersion", "kind"};
    const struct value *metadata = value_get(root, STR("metadata"));
    const struct value *name = value_get(metadata, STR("name"));
    const struct value *annotations = value_get(metadata, STR("annotations"));
    for (int i = 0; i < 2; i++) {
        const struct value *head = value_get(root, str_from(HEADS[i]));
        if (is_list_or_map(head)) return head->span;
    }
    if (metadata && metadata->kind != VALUE_MAP) return metadata->span;
    if (is_list_or_map(name)) return name->span;
    if (annotations && annotations->kind != VALUE_MAP) return annotations->span;
    for (uint32_t i = 0; annotations && i < annotations->map.len; i++)
        if (is_list_or_map(&annotations->map.members[i].value)) return annotations->map.members[i].value.span;
    return root->span;
}

/* A parser often ends behind the fault: the last value that was printed up to the end of that line. */
static struct object_origin last_value(const struct go_value *text, struct span span) {
    size_t line = span.start + str_find_char(str_slice(text->text, span.start, text->text.len), '\n');
    struct object_origin found = object_origin(text, span_make(span.start, line));
    uint32_t from = 0;
    for (uint32_t i = 0; !found.values && text->runs && i < text->runs->count && from <= line; i++) {
        const struct go_run *run = &text->runs->items[i];
        if (run->paths && run->site) found = (struct object_origin){run->site, {0, 0}, NULL};
        if (run->paths && run->site && (i + 1 == text->runs->count || run->end > span.start)) found.values = run->paths;
        from = run->end;
    }
    return found;
}

struct object_origin printed_refused_at(struct arena *a, const struct go_value *text) {
    struct object_document document;
    struct objects objects = {NULL, 0, 0};
    struct yaml_issues issues = {NULL, 0, 0};
    if (object_read(a, text, &document, &objects)) return object_origin(text, refused_part(&document.root));
    struct source source = {.text = text->text};
    struct tree tree;
    struct value root;
    if (read_text_values(a, &source, &tree, &root, &issues) || issues.len == 0)
        return object_origin(text, span_make(0, text->text.len));
    return last_value(text, issues.items[issues.len - 1].span);
}
