#include <criterion/criterion.h>

#include <glob.h>

#include "base/buf.h"
#include "base/file.h"
#include "template/refs/refs.h"
#include "template/syntax/parse.h"

/* ---- references ---- */

static const char *const use_names[] = {"print", "arg",  "compare", "compute", "if",      "with",
                                        "range", "call", "set",     "chained", "function"};

/* One reference: "TEXT@START use[:function/argument] path [marks]", with the keys of its path behind `/`. */
static void add_ref(struct buf *b, struct str text, const struct refs_reference *ref) {
    static const char *const origins[] = {"", " not-root", " unknown"};
    static const char *const shapes[] = {" whole", "", " index", " key", " name"};
    struct str source = span_text(text, ref->span);
    buf_addf(b, "%.*s@%u %s", STR_ARG(source), ref->span.start, use_names[ref->use]);
    if (ref->function.len) buf_addf(b, ":%.*s", STR_ARG(ref->function));
    if (ref->argument) buf_addf(b, "/%u", ref->argument);
    buf_add_char(b, ' ');
    for (uint32_t i = 0; i < ref->part_count; i++) buf_addf(b, "/%.*s", STR_ARG(ref->parts[i].key));
    buf_addf(b, "%s%s%s%s\n", shapes[ref->shape], origins[ref->origin], ref->computed ? " computed" : "",
             ref->alone ? "" : " among");
}

/* The references of a text that parses. */
static struct refs_found refs_of(struct arena *a, struct str text) {
    struct refs_found refs;
    struct tmpl_tree *tree = arena_new(a, struct tmpl_tree);
    struct tmpl_error error;
    cr_assert(tmpl_parse(a, text, tree, &error), "%.*s: %.*s", STR_ARG(text), STR_ARG(error.message));
    refs_find(a, tree, &refs);
    return refs;
}

static struct str refs_text(struct arena *a, struct str text) {
    struct refs_found refs = refs_of(a, text);
    struct buf b = buf_in(a);
    for (uint32_t i = 0; i < refs.refs.len; i++) add_ref(&b, text, &refs.refs.items[i]);
    return buf_str(&b);
}

static const struct {
    const char *text, *refs;
} ref_cases[] = {
    {"{{ .Values.a.b }}", ".Values.a.b@3 print /a/b\n"},
    {"{{ $.Values.a }}", "$.Values.a@3 print /a\n"},
    {"{{ $x := list }}{{ $x.Values.a }}", "$x.Values.a@19 print /a unknown\n"},
    {"{{ .ctx.Values.a }}", ".ctx.Values.a@3 print /a unknown\n"},
    {"{{ (.x).Values.a }}", "(.x).Values.a@3 print /a unknown\n"},
    {"{{ .Subcharts.x.Values.a }}", ".Subcharts.x.Values.a@3 print /a not-root\n"},
    {"{{ .Values.a | quote }}", ".Values.a@3 arg:quote/1 /a\n"},
    {"{{ .Values.a | default 1 | quote }}", ".Values.a@3 arg:default/2 /a\n"},
    {"{{ quote .Values.a }}", ".Values.a@9 arg:quote/1 /a among\n"},
    {"{{ quote ((.Values.a)) }}", ".Values.a@11 arg:quote/1 /a\n"},
    {"{{ add 1 .Values.a }}{{ eq .Values.b 2 }}",
     ".Values.a@9 compute:add/2 /a among\n.Values.b@27 compare:eq/1 /b among\n"},
    {"{{ (.Values.a).b }}", ".Values.a@4 chained /a\n"},
    {"{{ if .Values.a }}{{ else if .Values.b }}{{ end }}", ".Values.a@6 if /a\n.Values.b@29 if /b\n"},
    {"{{ with .Values.a }}{{ .Values.b }}{{ $.Values.c }}{{ else }}{{ .Values.d }}{{ end }}{{ .Values.e }}",
     ".Values.a@8 with /a\n.Values.b@23 print /b not-root\n$.Values.c@38 print /c\n.Values.d@64 print /d\n"
     ".Values.e@88 print /e\n"},
    {"{{ with now }}{{ .Values.b }}{{ end }}", ".Values.b@17 print /b unknown\n"},
    {"{{ with $ }}{{ .Values.b }}{{ end }}", "$@8 with  whole\n.Values.b@15 print /b\n"},
    {"{{ range $i, $x := .Values.a }}{{ .Values.b }}{{ end }}",
     ".Values.a@19 range /a\n.Values.b@34 print /b not-root\n"},
    {"{{ range . }}{{ .Values.b }}{{ end }}", ".@9 range  whole\n.Values.b@16 print /b unknown\n"},
    {"{{ with .Values.a }}{{ else with $.Values.b }}{{ .Values.c }}{{ end }}",
     ".Values.a@8 with /a\n$.Values.b@33 with /b\n.Values.c@49 print /c not-root\n"},
    {"{{ $x := .Values.a }}", ".Values.a@9 set /a\n"},
    {"{{ with $x := .Values.a }}{{ end }}", ".Values.a@14 with /a\n"},
    {"{{ $x := . }}{{ toYaml $x }}", ".@9 set  whole\n$x@23 arg:toYaml/1  whole unknown among\n"},
    {"{{ index .Values \"a\" `b-c` }}", ".Values \"a\" `b-c`@9 arg:index/1 /a/b-c index among\n"},
    {"{{ index .Values.a \"b\" .c }}", ".Values.a \"b\"@9 arg:index/1 /a/b index computed among\n"},
    {"{{ \"b\" | index .Values \"a\" }}", ".Values \"a\"@15 arg:index/1 /a index computed among\n"},
    {"{{ hasKey .Values.a \"b\" }}", ".Values.a \"b\"@10 arg:hasKey/1 /a/b key among\n"},
    {"{{ get .Values .x }}", ".Values@7 arg:get/1  among\n"},
    {"{{ include \"x\" . }}", ".@15 arg:include/2  whole among\n"},
    {"{{ template \"x\" .Values.a }}", ".Values.a@16 call:x /a\n"},
    {"{{ block \"x\" . }}{{ .Values.a }}{{ end }}", ".@13 call:x  whole\n.Values.a@20 print /a\n"},
    {"{{ set . \"Values\" dict }}", ".@7 arg:set/1  whole among\n\"Values\"@9 arg:set/2  name unknown among\n"},
    {"{{ .Values.f 1 }}", ".Values.f@3 function /f among\n"},
    {"{{ list\n.Values.a\n.b }}", ".Values.a@8 arg:list/1 /a among\n"},
    {"{{/* .Values.a */}}{{ \"{{ .Values.b }}\" }}", ""},
    {"# {{ .Values.a }}", ".Values.a@5 print /a\n"},
    {"{{ .Values.a | }}", ".Values.a@3 print /a\n"},
    {"{{ list (.Values.a |) }}", ".Values.a@9 arg:list/1 /a\n"},
};

Test(template, references) {
    struct arena a = {0};
    for (size_t i = 0; i < sizeof ref_cases / sizeof ref_cases[0]; i++) {
        struct str got = refs_text(&a, str_from(ref_cases[i].text));
        cr_expect(str_eq(got, str_from(ref_cases[i].refs)), "%s\nwanted\n%sgot\n%.*s", ref_cases[i].text,
                  ref_cases[i].refs, STR_ARG(got));
    }
    arena_free(&a);
}

/* Each parenthesis of many is asked for a field: what each reads is followed so far that all of them together are not
 * quadratic, and the rest counts as read as a whole. */
Test(template, a_long_tail_is_cut) {
    struct arena a = {0};
    struct buf b = buf_in(&a);
    buf_add(&b, STR("{{ "));
    buf_add_repeat(&b, '(', 5000);
    buf_add(&b, STR(".Values.a"));
    for (int i = 0; i < 5000; i++) buf_add(&b, STR(").b"));
    buf_add(&b, STR(" }}"));
    struct refs_found refs = refs_of(&a, buf_str(&b));
    cr_assert_eq(refs.refs.len, 1);
    cr_expect_lt(refs.refs.items[0].tail_count, 100);
    cr_expect_eq(refs.refs.items[0].needs, REFS_NEEDS_ALL);
    arena_free(&a);
}

/* ---- files ---- */

static struct str file_text(struct arena *a, const char *path) {
    struct error error;
    struct str text;
    cr_assert(file_read(a, path, TEXT_MAX, &text, &error), "%s", error.message);
    return text;
}

/* "FILE:\n" and the paths that each reference to values names, on one line, for the files that match. */
static struct str paths_text(struct arena *a, const char *pattern) {
    struct buf b = buf_in(a);
    glob_t found;
    cr_assert_eq(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct refs_found refs = refs_of(a, file_text(a, found.gl_pathv[i]));
        buf_addf(&b, "%s:", strrchr(found.gl_pathv[i], '/') + 1);
        for (uint32_t k = 0; k < refs.refs.len; k++) {
            const struct refs_reference *ref = &refs.refs.items[k];
            if (ref->shape == REFS_WHOLE_ROOT) continue;
            buf_addf(&b, " %s=", use_names[ref->use]);
            for (uint32_t p = 0; p < ref->part_count; p++)
                buf_addf(&b, "%s%.*s", p ? "." : "", STR_ARG(ref->parts[p].key));
        }
        buf_add_char(&b, '\n');
    }
    globfree(&found);
    return buf_str(&b);
}

static void check_paths(struct arena *a, const char *pattern, const char *wanted) {
    struct str got = paths_text(a, pattern);
    cr_expect(str_eq(got, str_from(wanted)), "wanted\n%s\ngot\n%.*s", wanted, STR_ARG(got));
}

Test(template, references_of_a_chart_with_helpers) {
    struct arena a = {0};
    check_paths(&a, FIXTURES "/platform/before/charts/credential-ledger/templates/*",
                "_helpers.tpl: arg=nameOverride if=fullnameOverride arg=fullnameOverride "
                "print=config.database.user print=config.database.host print=config.database.port "
                "print=config.database.name\n"
                "configmap.yaml: arg=config.logLevel arg=service.port arg=service.healthPort "
                "arg=service.metricsPort arg=config.retentionDays arg=config.kafka.brokers "
                "arg=config.kafka.topicPrefix print=config.redis.host print=config.redis.port\n"
                "deployment.yaml: print=replicaCount with=imagePullSecrets print=image.repository "
                "print=image.tag print=image.pullPolicy print=service.targetPort print=service.healthPort "
                "print=service.metricsPort arg=config.database.password print=service.healthPort "
                "print=service.healthPort arg=resources with=nodeSelector with=tolerations\n"
                "service.yaml: print=service.type print=service.port print=service.targetPort "
                "print=service.metricsPort\n");
    arena_free(&a);
}

Test(template, references_of_a_chart_in_one_file) {
    struct arena a = {0};
    check_paths(&a, FIXTURES "/platform/before/charts/mdoc-engine/templates/*",
                "all.yaml: print=replicaCount print=image print=pullPolicy print=service.targetPort "
                "print=config.metrics.port print=config.logLevel print=config.environment "
                "print=service.healthPort print=config.database.host print=config.database.port "
                "print=config.database.name print=config.database.user print=config.kafka.brokers "
                "print=config.kafka.topicPrefix arg=config.doctypes print=service.healthPort arg=resources "
                "with=tolerations print=service.type print=service.port print=service.targetPort "
                "print=service.metricsPort\n");
    arena_free(&a);
}

Test(template, all_templates_of_the_platform_are_read) {
    struct arena a = {0};
    glob_t found;
    cr_assert_eq(glob(FIXTURES "/platform/*/charts/*/templates/*", 0, NULL, &found), 0);
    cr_assert_geq(found.gl_pathc, 40);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct refs_found refs = refs_of(&a, file_text(&a, found.gl_pathv[i]));
        for (uint32_t k = 0; k < refs.refs.len; k++)
            cr_expect(span_contains(refs.refs.items[k].action, refs.refs.items[k].span));
    }
    globfree(&found);
    arena_free(&a);
}

static const struct {
    const char *folder, *error; /* NULL: it is read */
} hostile_cases[] = {
    {"template-deep-blocks", NULL},
    {"template-deep-parentheses", NULL},
    {"template-empty", NULL},
    {"template-includes-itself", NULL},
    {"template-missing-end", "31-61 the block has no `end`"},
    {"template-not-utf8", NULL},
    {"template-nul-byte", "52-53 unexpected character"},
    {"template-stray-end", "31-41 `end` without a block"},
    {"template-unclosed-action", "41-67 the action is not closed"},
    {"template-unclosed-comment", "31-60 the comment is not closed"},
    {"template-unclosed-raw-string", "44-51 the raw string is not closed"},
    {"template-unclosed-string", "44-50 the string is not closed"},
};

Test(template, hostile_templates) {
    struct arena a = {0};
    for (size_t i = 0; i < sizeof hostile_cases / sizeof hostile_cases[0]; i++) {
        struct refs_found refs;
        struct tmpl_tree tree;
        struct tmpl_error error;
        struct str path = arena_printf(&a, FIXTURES "/hostile/%s/templates/configmap.yaml", hostile_cases[i].folder);
        struct str got = {NULL, 0};
        if (tmpl_parse(&a, file_text(&a, path.ptr), &tree, &error)) refs_find(&a, &tree, &refs);
        else got = arena_printf(&a, "%u-%u %.*s", error.span.start, error.span.end, STR_ARG(error.message));
        cr_expect(str_eq(got, str_from(hostile_cases[i].error)), "%s: wanted %s, got %.*s", hostile_cases[i].folder,
                  hostile_cases[i].error ? hostile_cases[i].error : "nothing", STR_ARG(got));
    }
    arena_free(&a);
}
