#include <criterion/criterion.h>

#include <glob.h>

#include "base/buf.h"
#include "base/file.h"
#include "template/refs/refs.h"

/* ---- tokens ---- */

static const char *const kind_names[] = {"open",  "close",   "comment", "string", "raw",  "char", "number",
                                         "ident", "keyword", "var",     "field",  "dot",  "(",    ")",
                                         "|",     ":=",      "=",       ",",      "other"};

/* "kind start-end" of each token, then the error as "! start-end words". */
static struct str tokens_text(struct arena *a, struct str text) {
    struct template_tokens tokens = {0};
    struct template_error error;
    struct buf b = buf_in(a);
    bool good = template_lex(a, text, &tokens, &error);
    for (uint32_t i = 0; i < tokens.len; i++)
        buf_addf(&b, "%s%s %u-%u", i ? ", " : "", kind_names[tokens.items[i].kind], tokens.items[i].span.start,
                 tokens.items[i].span.end);
    if (!good)
        buf_addf(&b, "%s! %u-%u %.*s", tokens.len ? ", " : "", error.span.start, error.span.end, STR_ARG(error.words));
    return buf_str(&b);
}

static const struct {
    const char *text, *tokens;
} token_cases[] = {
    {"", ""},
    {"a { b } }} {", ""},
    {"{{.}}", "open 0-2, dot 2-3, close 3-5"},
    {"{{- . -}}", "open 0-3, dot 4-5, close 6-9"},
    {"{{-3}}", "open 0-2, number 2-4, close 4-6"},
    {"{{- -}}", "open 0-3, ! 4-5 this is no number"},
    {"{{-\n.\n-}}", "open 0-3, dot 4-5, close 6-9"},
    {"{{.-}}", "open 0-2, ! 3-4 unexpected character"},
    {"{{.Values.a.b}}", "open 0-2, field 2-9, field 9-11, field 11-13, close 13-15"},
    {"{{$x.a $}}", "open 0-2, var 2-4, field 4-6, var 7-8, close 8-10"},
    {"{{$x:=1}}", "open 0-2, var 2-4, := 4-6, number 6-7, close 7-9"},
    {"{{$a, $b = x}}", "open 0-2, var 2-4, , 4-5, var 6-8, = 9-10, ident 11-12, close 12-14"},
    {"{{if true}}{{end}}", "open 0-2, keyword 2-4, ident 5-9, close 9-11, open 11-13, keyword 13-16, close 16-18"},
    {"{{\"}}\\\"{{\"}}", "open 0-2, string 2-10, close 10-12"},
    {"{{`}}\n{{`}}", "open 0-2, raw 2-9, close 9-11"},
    {"{{'\\''}}", "open 0-2, char 2-6, close 6-8"},
    {"{{0x1F 1e-3 .5 1_000 1+2i}}",
     "open 0-2, number 2-6, number 7-11, number 12-14, number 15-20, number 21-25, close 25-27"},
    {"{{/* }} */}}x", "comment 0-12"},
    {"{{- /* a */ -}}", "comment 0-15"},
    {"{{ /* a */}}", "open 0-2, other 3-4, other 4-5, ident 6-7, other 8-9, other 9-10, close 10-12"},
    {"# {{(a|b c)}}", "open 2-4, ( 4-5, ident 5-6, | 6-7, ident 7-8, ident 9-10, ) 10-11, close 11-13"},
    {"{{\n.a\n.b\n}}", "open 0-2, field 3-5, field 6-8, close 9-11"},
    {"{{ .n\xC3\xA4me }}", "open 0-2, field 3-9, close 10-12"},
    {"{{ \xE2\x80\x9Cx }}", "open 0-2, ! 3-4 unexpected character"},
    {"{{ .Values.\x01 }}", "open 0-2, field 3-10, ! 11-12 unexpected character"},
    {"{{", "open 0-2, ! 0-2 the action is not closed"},
    {"a{{ .", "open 1-3, ! 1-5 the action is not closed"},
    {"{{ .a }", "open 0-2, field 3-5, other 6-7, ! 0-7 the action is not closed"},
    {"{{ \"a\n\" }}", "open 0-2, ! 3-5 the string is not closed"},
    {"{{ \"a\\", "open 0-2, ! 3-6 the string is not closed"},
    {"{{ 'a }}", "open 0-2, ! 3-8 the character constant is not closed"},
    {"{{ `a }}", "open 0-2, ! 3-8 the raw string is not closed"},
    {"{{/* a }}", "! 0-9 the comment is not closed"},
    {"{{/* a */ }}", "! 9-10 a comment must end right before the closing mark of its action"},
    {"{{ (a }}", "open 0-2, ( 3-4, ident 4-5, ! 0-6 a parenthesis is not closed"},
    {"{{ a) }}", "open 0-2, ident 3-4, ! 4-5 a closing parenthesis without an opening one"},
    {"{{ : }}", "open 0-2, ! 3-4 `:` without `=` behind it"},
    {"{{ .a-b }}", "open 0-2, ! 5-6 unexpected character"},
    {"{{ 8a }}", "open 0-2, ! 3-4 this is no number"},
};

Test(template, tokens) {
    struct arena a = {0};
    for (size_t i = 0; i < sizeof token_cases / sizeof token_cases[0]; i++) {
        struct str got = tokens_text(&a, str_from(token_cases[i].text));
        cr_expect(str_eq(got, str_from(token_cases[i].tokens)), "%s\nwanted %s\ngot    %.*s", token_cases[i].text,
                  token_cases[i].tokens, STR_ARG(got));
    }
    arena_free(&a);
}

Test(template, strings_are_read_and_written) {
    struct arena a = {0};
    struct str content;
    cr_assert(template_unquote(&a, STR("\"a\\\"\\\\\\n\\x41\""), &content));
    cr_assert(str_eq(content, STR("a\"\\\nA")));
    cr_assert(template_unquote(&a, STR("`a\\n`"), &content));
    cr_assert(str_eq(content, STR("a\\n")));
    cr_assert_not(template_unquote(&a, STR("\"\\q\""), &content));
    cr_assert(str_eq(template_quote(&a, STR("a\"\\\n")), STR("\"a\\\"\\\\\\x0a\"")));
    cr_assert(template_is_identifier(STR("a_1")));
    cr_assert_not(template_is_identifier(STR("a-b")));
    cr_assert_not(template_is_identifier(STR("8080")));
    cr_assert_not(template_is_identifier(STR("")));
    arena_free(&a);
}

/* ---- references ---- */

static const char *const use_names[] = {"print", "arg",  "compare", "compute", "if",      "with",
                                        "range", "call", "set",     "chained", "function"};

/* One reference: "TEXT@START use[:function/argument] path [marks]", with the keys of its path behind `/`. */
static void add_ref(struct buf *b, struct str text, const struct template_ref *ref) {
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

static struct str refs_text(struct arena *a, struct str text) {
    struct template_refs refs;
    struct template_error error;
    struct buf b = buf_in(a);
    bool good = template_refs(a, text, &refs, &error);
    for (uint32_t i = 0; i < refs.refs.len; i++) add_ref(&b, text, &refs.refs.items[i]);
    if (!good) buf_addf(&b, "! %u-%u %.*s\n", error.span.start, error.span.end, STR_ARG(error.words));
    return buf_str(&b);
}

static const struct {
    const char *text, *refs;
} ref_cases[] = {
    {"{{ .Values.a.b }}", ".Values.a.b@3 print /a/b\n"},
    {"{{ $.Values.a }}", "$.Values.a@3 print /a\n"},
    {"{{ $root.Values.a }}", "$root.Values.a@3 print /a unknown\n"},
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
    {"{{ with f }}{{ .Values.b }}{{ end }}", ".Values.b@15 print /b unknown\n"},
    {"{{ with $ }}{{ .Values.b }}{{ end }}", "$@8 with  whole\n.Values.b@15 print /b\n"},
    {"{{ range $i, $x := .Values.a }}{{ .Values.b }}{{ end }}",
     ".Values.a@19 range /a\n.Values.b@34 print /b not-root\n"},
    {"{{ range . }}{{ .Values.b }}{{ end }}", ".@9 range  whole\n.Values.b@16 print /b unknown\n"},
    {"{{ with .Values.a }}{{ else with $.Values.b }}{{ .Values.c }}{{ end }}",
     ".Values.a@8 with /a\n$.Values.b@33 with /b\n.Values.c@49 print /c not-root\n"},
    {"{{ $x := .Values.a }}", ".Values.a@9 set /a\n"},
    {"{{ with $x := .Values.a }}{{ end }}", ".Values.a@14 with /a\n"},
    {"{{ $x := . }}{{ toYaml $x }}{{ $y }}", ".@9 set  whole\n$x@23 arg:toYaml/1  whole unknown among\n"},
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
    {"{{ f\n.Values.a\n.b }}", ".Values.a@5 arg:f/1 /a among\n"},
    {"{{/* .Values.a */}}{{ \"{{ .Values.b }}\" }}", ""},
    {"# {{ .Values.a }}", ".Values.a@5 print /a\n"},
    {"{{ end }}", "! 0-9 `end` without a block\n"},
    {"{{ else }}", "! 0-10 `else` without a block\n"},
    {"{{ define \"x\" }}{{ else }}{{ end }}", "! 16-26 `else` without a block\n"},
    {"a{{ if .Values.a }}", ".Values.a@7 if /a\n! 1-19 the block has no `end`\n"},
    {"{{}}", "! 0-4 the action is empty\n"},
    {"{{ if }}{{ end }}", "! 3-8 a value is missing\n"},
    {"{{ .Values.a | }}", ".Values.a@3 print /a\n"},
    {"{{ f (.Values.a |) }}", ".Values.a@6 arg:f/1 /a\n"},
    {"{{ $x := }}", "! 6-11 a value is missing\n"},
    {"{{ a () }}", "! 6-7 a value is missing before `)`\n"},
    {"{{ .a | | b }}", "! 8-9 a value is missing before `|`\n"},
    {"{{ .a ! }}", "! 6-7 unexpected `!`\n"},
    {"{{ define x }}", "! 0-14 the name of a template is missing\n"},
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
        struct template_refs refs;
        struct template_error error;
        buf_addf(&b, "%s:", strrchr(found.gl_pathv[i], '/') + 1);
        cr_expect(template_refs(a, file_text(a, found.gl_pathv[i]), &refs, &error));
        for (uint32_t k = 0; k < refs.refs.len; k++) {
            const struct template_ref *ref = &refs.refs.items[k];
            if (ref->shape == TEMPLATE_WHOLE_ROOT) continue;
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
        struct template_refs refs;
        struct template_error error;
        struct str text = file_text(&a, found.gl_pathv[i]);
        cr_expect(template_refs(&a, text, &refs, &error), "%s: %.*s", found.gl_pathv[i], STR_ARG(error.words));
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
        struct template_refs refs;
        struct template_error error;
        struct str path = arena_printf(&a, FIXTURES "/hostile/%s/templates/configmap.yaml", hostile_cases[i].folder);
        struct str got = {NULL, 0};
        if (!template_refs(&a, file_text(&a, path.ptr), &refs, &error))
            got = arena_printf(&a, "%u-%u %.*s", error.span.start, error.span.end, STR_ARG(error.words));
        cr_expect(str_eq(got, str_from(hostile_cases[i].error)), "%s: wanted %s, got %.*s", hostile_cases[i].folder,
                  hostile_cases[i].error ? hostile_cases[i].error : "nothing", STR_ARG(got));
    }
    arena_free(&a);
}
