#include <criterion/criterion.h>

#include <glob.h>

#include "base/buf.h"
#include "base/file.h"
#include "template/rewrite.h"

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

/* ---- rewriting ---- */

/* "a/b > c/d; e > f" */
static uint32_t read_moves(struct arena *a, const char *text, struct template_move *moves) {
    struct str rest = str_from(text), one;
    uint32_t count = 0;
    while (str_split_next(&rest, ';', &one)) {
        struct VEC(struct str) keys[2] = {{0}, {0}};
        for (int side = 0; side < 2; side++) {
            struct str path, key;
            str_split_next(&one, '>', &path);
            path = str_trim(path);
            while (str_split_next(&path, '/', &key)) vec_push(a, &keys[side], key);
        }
        moves[count++] = (struct template_move){keys[0].items, keys[0].len, keys[1].items, keys[1].len};
    }
    return count;
}

/* The new text, then a line for each pin: "MOVE START-END REASON" (* for every move), and "tpl START-END". */
static struct str rewrite_text(struct arena *a, const char *text, const char *moves_text, enum template_role role) {
    struct template_move moves[8];
    struct template_set set;
    struct template_rewrite result;
    struct buf b = buf_in(a);
    uint32_t count = read_moves(a, moves_text, moves);
    template_set_init(a, &set);
    struct template_file *file = template_set_add(&set, str_from(text), role);
    template_set_finish(&set);
    template_rewrite(a, &set, file, moves, count, &result);
    if (result.more) template_rewrite_parts(a, &set, file, moves, count, &result);
    buf_add(&b, edits_apply(a, file->text, &result.edits));
    buf_add_char(&b, '\n');
    for (uint32_t i = 0; i < result.pins.len; i++) {
        const struct template_pin *p = &result.pins.items[i];
        if (p->move == TEMPLATE_EVERY_MOVE) buf_addf(&b, "*");
        else buf_addf(&b, "%u", p->move);
        buf_addf(&b, "%s %u-%u %.*s\n", p->kind == TEMPLATE_PIN_TARGET ? " target" : "", p->span.start, p->span.end,
                 STR_ARG(p->reason));
    }
    for (uint32_t i = 0; i < result.tpls.len; i++)
        buf_addf(&b, "tpl %u-%u\n", result.tpls.items[i].start, result.tpls.items[i].end);
    return buf_str(&b);
}

static const struct {
    const char *text, *moves, *wanted;
} rewrite_cases[] = {
    {"{{ .Values.a.b }}", "a/b > x/y", "{{ .Values.x.y }}\n"},
    {"{{ .Values.a.b }}", "a > x", "{{ .Values.x.b }}\n"},
    {"{{.Values.a.b.c|quote}} {{- $.Values.a.b -}}", "a/b > x", "{{.Values.x.c|quote}} {{- $.Values.x -}}\n"},
    {"{{ .Values.a.b }}", "a/c > x; ab > y", "{{ .Values.a.b }}\n"},
    {"{{ .Values.ab }}", "a > x", "{{ .Values.ab }}\n"},
    {"{{ .Values.a.b }}", "a > x; a/b > y", "{{ .Values.y }}\n"},
    {"# {{ .Values.a }}", "a > x", "# {{ .Values.x }}\n"},
    {"{{ `.Values.a` }}{{/* .Values.a */}}", "a > x", "{{ `.Values.a` }}{{/* .Values.a */}}\n"},
    {"{{ .Values.a }}", "a > x/y-z", "{{ index .Values \"x\" \"y-z\" }}\n"},
    {"{{ .Values.a | quote }}", "a > y-z", "{{ index .Values \"y-z\" | quote }}\n"},
    {"{{if.Values.a}}{{end}}", "a > y-z", "{{if index .Values \"y-z\"}}{{end}}\n"},
    {"{{ quote .Values.a }}", "a > y-z", "{{ quote (index .Values \"y-z\") }}\n"},
    {"{{ $.Values.a.b }}", "a > y-z", "{{ (index $.Values \"y-z\").b }}\n"},
    {"{{ range $k, $v := .Values.a }}{{ end }}", "a > 8", "{{ range $k, $v := index .Values \"8\" }}{{ end }}\n"},
    {"{{ index .Values \"a\" \"b\" }}", "a/b > x", "{{ index .Values \"x\" }}\n"},
    {"{{ index .Values.a \"b-c\" \"d\" }}", "a/b-c > x/y-z", "{{ index .Values \"x\" \"y-z\" \"d\" }}\n"},
    {"{{ index .Values.a \"b\" }}", "a > x", "{{ index .Values.x \"b\" }}\n"},
    {"{{ index .Values.a \"b\" }}", "a > y-z", "{{ index (index .Values \"y-z\") \"b\" }}\n"},
    {"{{ index .Values \"a\" .x }}", "a > x", "{{ index .Values \"x\" .x }}\n"},
    {"{{ index .Values.a .x }}", "a/b > x",
     "{{ index .Values.a .x }}\n0 9-18 `index .Values.a` computes a key below it\n"},
    {"{{ index .Values \"a\" .x }}", "a/b > x",
     "{{ index .Values \"a\" .x }}\n0 9-20 `index .Values \"a\"` computes a key below it\n"},
    {"{{ hasKey .Values.a \"b\" }}", "a/c > x", "{{ hasKey .Values.a \"b\" }}\n"},
    {"{{ hasKey .Values.a \"b\" }}", "a > x", "{{ hasKey .Values.x \"b\" }}\n"},
    {"{{ hasKey .Values.a \"b\" }}", "a/b > x", "{{ hasKey .Values \"x\" }}\n"},
    {"{{ get .Values.a.b \"c\" }}", "a/b/c > x/y", "{{ get .Values.x \"y\" }}\n"},
    {"{{ get .Values \"a\" }}", "a > x-y/z/0", "{{ get (index .Values \"x-y\" \"z\") \"0\" }}\n"},
    {"{{ with .Values.a.b }}{{ .c }}{{ end }}", "a > x", "{{ with .Values.x.b }}{{ .c }}{{ end }}\n"},
    {"{{ with .Values.a.b }}{{ .c }}{{ end }}", "a/b/c > x",
     "{{ with .Values.a.b }}{{ .c }}{{ end }}\n0 8-19 `with .Values.a.b` reads the whole of it\n"},
    {"{{ with .Values.a }}{{ .b }} {{ .c.d }}{{ end }}", "a/b > x/b; a/c > x/y",
     "{{ with .Values.x }}{{ .b }} {{ .y.d }}{{ end }}\n"},
    {"{{ with .Values.a }}{{ .b }}{{ end }}", "a/b > x/y; a/c > z", "{{ with .Values.x }}{{ .y }}{{ end }}\n"},
    {"{{ with .Values.a }}{{ .b }}{{ .c }}{{ end }}", "a/b > x/y; a/c > z/y",
     "{{ with .Values.a }}{{ .b }}{{ .c }}{{ end }}\n0 8-17 `with .Values.a` reads the whole of it\n"
     "1 8-17 `with .Values.a` reads the whole of it\n"},
    {"{{ with .Values.a }}{{ .b }}{{ .c }}{{ end }}", "a/b > x/y",
     "{{ with .Values.a }}{{ .b }}{{ .c }}{{ end }}\n0 8-17 `with .Values.a` reads the whole of it\n"},
    {"{{ with .Values.a }}{{ .b }}{{ . }}{{ end }}", "a/b > x/y",
     "{{ with .Values.a }}{{ .b }}{{ . }}{{ end }}\n0 8-17 `with .Values.a` reads the whole of it\n"},
    {"{{ with .Values.a }}{{ .b }}{{ range $k, $v := . }}{{ end }}{{ end }}", "a/b > x/y",
     "{{ with .Values.a }}{{ .b }}{{ range $k, $v := . }}{{ end }}{{ end }}\n"
     "0 8-17 `with .Values.a` reads the whole of it\n"},
    {"{{ with .Values.a }}{{ with .b }}{{ .c }}{{ end }}{{ end }}", "a/b/c > x/y/z",
     "{{ with .Values.x }}{{ with .y }}{{ .z }}{{ end }}{{ end }}\n"},
    {"{{ if .Values.a }}{{ .Values.a.b }}{{ end }}", "a/b > x/y", "{{ if .Values.x }}{{ .Values.x.y }}{{ end }}\n"},
    {"{{ with .Values.a }}{{ get . \"b\" }}{{ index . \"b\" }}{{ end }}", "a/b > x/y-z",
     "{{ with .Values.x }}{{ get . \"y-z\" }}{{ index . \"y-z\" }}{{ end }}\n"},
    {"{{ with .Values.a }}{{ .b }}{{ end }}", "a/b > x/y-z",
     "{{ with .Values.x }}{{ .b }}{{ end }}\n0 23-25 `.b` cannot name its new place\n"},
    {"{{ with .Values.a }}{{ dig \"b\" 1 . }}{{ end }}", "a/b > x/y",
     "{{ with .Values.a }}{{ dig \"b\" 1 . }}{{ end }}\n0 8-17 `with .Values.a` reads the whole of it\n"},
    {"{{ with .Values.a }}{{ get . $.Release.Name }}{{ .b }}{{ end }}", "a/b > x/y",
     "{{ with .Values.a }}{{ get . $.Release.Name }}{{ .b }}{{ end }}\n"
     "0 8-17 `with .Values.a` reads the whole of it\n"},
    {"{{ define \"d\" }}{{ .b }}{{ end }}{{ template \"d\" .Values.a }}", "a/b > x/y",
     "{{ define \"d\" }}{{ .y }}{{ end }}{{ template \"d\" .Values.x }}\n"},
    {"{{ define \"d\" }}{{ .b }}{{ end }}{{ template \"d\" .Values.a }}{{ template \"d\" .Values.c }}", "a/b > x/y",
     "{{ define \"d\" }}{{ .b }}{{ end }}{{ template \"d\" .Values.a }}{{ template \"d\" .Values.c }}\n"
     "0 49-58 `template \"d\" .Values.a` reads the whole of it\n"},
    {"{{ define \"d\" }}{{ .m.b }}{{ end }}{{ include \"d\" (dict \"m\" .Values.a \"r\" $) }}", "a/b > x/y",
     "{{ define \"d\" }}{{ .m.y }}{{ end }}{{ include \"d\" (dict \"m\" .Values.x \"r\" $) }}\n"},
    {"{{ tpl \"{{ .b }}\" .Values.a }}", "a/b > x/y",
     "{{ tpl \"{{ .b }}\" .Values.a }}\n0 18-27 `tpl .Values.a` reads the whole of it\n"},
    {"{{ toYaml .Values.a | indent 2 }}", "a/b > x",
     "{{ toYaml .Values.a | indent 2 }}\n0 10-19 `toYaml .Values.a` reads the whole of it\n"},
    {"{{ (.Values.a).b }}", "a/b > x", "{{ (.Values.a).b }}\n0 4-13 `.Values.a` reads the whole of it\n"},
    {"{{ (.Values.a).b }}", "a/b > x/y", "{{ (.Values.x).y }}\n"},
    {"{{ (index .Values \"a\").b }}", "a/b > x/y", "{{ (index .Values \"x\").y }}\n"},
    {"{{ $x := .Values.a }}{{ $x.b }}", "a > x", "{{ $x := .Values.x }}{{ $x.b }}\n"},
    {"{{ $x := .Values.a }}{{ $x.b }}", "a/b > x",
     "{{ $x := .Values.a }}{{ $x.b }}\n0 9-18 `:= .Values.a` reads the whole of it\n"},
    {"{{ $x := .Values.a }}{{ $x.b }}", "a/b > x/y", "{{ $x := .Values.x }}{{ $x.y }}\n"},
    {"{{ $x := .Values.a }}{{ if .q }}{{ $x = .Values.c }}{{ end }}{{ $x.b }}", "a/b > x/y",
     "{{ $x := .Values.a }}{{ if .q }}{{ $x = .Values.c }}{{ end }}{{ $x.b }}\n"
     "0 9-18 `:= .Values.a` reads the whole of it\n"},
    {"{{ template \"t\" .Values.a }}", "a/b > x",
     "{{ template \"t\" .Values.a }}\n0 16-25 `template \"t\" .Values.a` reads the whole of it\n"},
    {"{{ $r := . }}{{ $r.Values.a }}", "a > x", "{{ $r := . }}{{ $r.Values.x }}\n"},
    {"{{ $r := . }}{{ if .b }}{{ $r = .c }}{{ end }}{{ $r.Values.a }}", "a > x",
     "{{ $r := . }}{{ if .b }}{{ $r = .c }}{{ end }}{{ $r.Values.a }}\n"
     "0 49-60 `$r.Values.a` goes through a variable\n"},
    {"{{ .ctx.Values.a }}", "a > x", "{{ .ctx.Values.a }}\n"},
    {"{{ (merge dict .).Values.a }}", "a > x",
     "{{ (merge dict .).Values.a }}\n0 3-26 `(merge dict .).Values.a` does not begin at the root\n"
     "* 15-16 `merge .` may read all values\n"},
    {"{{ define \"d\" }}{{ .ctx.Values.a }}{{ toYaml .ctx }}{{ end }}{{ include \"d\" (dict \"ctx\" $) }}", "a > x",
     "{{ define \"d\" }}{{ .ctx.Values.x }}{{ toYaml .ctx }}{{ end }}{{ include \"d\" (dict \"ctx\" $) }}\n"
     "* 45-49 `.ctx` may hold all values\n"},
    {"{{ define \"d\" }}{{ merge dict .ctx | toYaml }}{{ end }}{{ include \"d\" (dict \"ctx\" $) }}", "a > x",
     "{{ define \"d\" }}{{ merge dict .ctx | toYaml }}{{ end }}{{ include \"d\" (dict \"ctx\" $) }}\n"
     "* 30-34 `.ctx` may hold all values\n"},
    {"{{ define \"d\" }}{{ toYaml . }}{{ end }}{{ include \"d\" (dict \"ctx\" $) }}", "a > x",
     "{{ define \"d\" }}{{ toYaml . }}{{ end }}{{ include \"d\" (dict \"ctx\" $) }}\n* 26-27 `toYaml .` may read all "
     "values\n"},
    {"{{ with dict \"r\" $ }}{{ printf \"%v\" . }}{{ end }}", "a > x",
     "{{ with dict \"r\" $ }}{{ printf \"%v\" . }}{{ end }}\n* 36-37 `.` may hold all values\n"},
    {"{{ define \"d\" }}{{ .ctx.Values.a }}{{ range . }}{{ end }}{{ end }}{{ include \"d\" (dict \"ctx\" $) }}",
     "a > x",
     "{{ define \"d\" }}{{ .ctx.Values.x }}{{ range . }}{{ end }}{{ end }}{{ include \"d\" (dict \"ctx\" $) }}\n"
     "* 44-45 `range .` may read all values\n"},
    {"{{ define \"d\" }}{{ range $k, $v := . }}{{ toYaml $v }}{{ end }}{{ end }}{{ $e := dict \"k\" (quote 1) }}"
     "{{ include \"d\" $e }}{{ include \"d\" .Values.b }}{{ .Values.a }}",
     "a > x",
     "{{ define \"d\" }}{{ range $k, $v := . }}{{ toYaml $v }}{{ end }}{{ end }}{{ $e := dict \"k\" (quote 1) }}"
     "{{ include \"d\" $e }}{{ include \"d\" .Values.b }}{{ .Values.x }}\n"},
    {"{{ with .Values.q }}{{ .Values.a }}{{ end }}", "a > x", "{{ with .Values.q }}{{ .Values.a }}{{ end }}\n"},
    {"{{ range list 1 }}{{ .Values.a }}{{ end }}", "a > x", "{{ range list 1 }}{{ .Values.a }}{{ end }}\n"},
    {"{{ range list . }}{{ .Values.a }}{{ end }}", "a > x",
     "{{ range list . }}{{ .Values.x }}{{ end }}\n* 14-15 `list .` may read all values\n"},
    {"{{ range list 1 . }}{{ .Values.a }}{{ end }}", "a > x",
     "{{ range list 1 . }}{{ .Values.a }}{{ end }}\n* 16-17 `list .` may read all values\n"
     "0 23-32 `.Values.a` stands where the dot may not be the root\n"},
    {"{{ toYaml .Values }}", "a > x", "{{ toYaml .Values }}\n* 10-17 `toYaml .Values` may read all values\n"},
    {"{{ .Values.AsMap | toYaml }}", "a > x",
     "{{ .Values.AsMap | toYaml }}\n* 3-16 `.Values.AsMap | toYaml` may read all values\n"},
    {"{{ toYaml . }}", "a > x", "{{ toYaml . }}\n* 10-11 `toYaml .` may read all values\n"},
    {"{{ . }}", "a > x", "{{ . }}\n* 3-4 `.` may read all values\n"},
    {"{{ $x := . }}{{ toYaml $x }}", "a > x",
     "{{ $x := . }}{{ toYaml $x }}\n* 23-25 `toYaml $x` may read all values\n"},
    {"{{ toYaml (dict \"a\" .) }}", "a > x", "{{ toYaml (dict \"a\" .) }}\n* 20-21 `dict .` may read all values\n"},
    {"{{ $c := dict \"r\" $ }}", "a > x", "{{ $c := dict \"r\" $ }}\n"},
    {"{{ dict \"Values\" .x }}", "a > x",
     "{{ dict \"Values\" .x }}\n* 8-16 `dict \"Values\"` names the values as a whole\n"},
    {"{{ tpl .Values.a . }}", "a > x", "{{ tpl .Values.x . }}\ntpl 0-21\n"},
    {"{{ tpl (toYaml .Values.a) $ }}", "b > x", "{{ tpl (toYaml .Values.a) $ }}\ntpl 0-30\n"},
    {"{{ with $x := . }}{{ toYaml $x }}{{ end }}", "a > x",
     "{{ with $x := . }}{{ toYaml $x }}{{ end }}\n* 28-30 `toYaml $x` may read all values\n"},
    {"{{ $c := dict \"r\" . }}{{ toYaml $c }}", "a > x",
     "{{ $c := dict \"r\" . }}{{ toYaml $c }}\n* 32-34 `toYaml $c` may read all values\n"},
    {"{{ define \"e\" }}{{ .Values.a }}{{ end }}{{ define \"d\" }}{{ template \"e\" . }}{{ end }}", "a > x",
     "{{ define \"e\" }}{{ .Values.a }}{{ end }}{{ define \"d\" }}{{ template \"e\" . }}{{ end }}\n"
     "0 19-28 `.Values.a` is in the define \"e\", which nothing here calls by name\n"},
    {"{{ tpl \"{{ .Values.a }}\" . }}", "a > x",
     "{{ tpl \"{{ .Values.a }}\" . }}\n* 0-29 `tpl` runs a text that is not known here\n"},
    {"{{ tpl \"plain\" . }}", "a > x", "{{ tpl \"plain\" . }}\n"},
    {"{{ tpl (.Files.Get \"f\") . }}", "a > x",
     "{{ tpl (.Files.Get \"f\") . }}\n* 0-28 `tpl` runs a text that is not known here\n"},
    {"{{ include \"gone\" . }}", "a > x",
     "{{ include \"gone\" . }}\n"
     "* 0-22 the template \"gone\", which is called with more than one value, is not in these files\n"},
    {"{{ include \"gone\" .Values.a }}", "a > x", "{{ include \"gone\" .Values.x }}\n"},
    {"{{ include (print $.Template.BasePath \"/c.yaml\") . | sha256sum }}", "a > x",
     "{{ include (print $.Template.BasePath \"/c.yaml\") . | sha256sum }}\n"},
    {"{{ include (print \"a\" \"b\") . }}", "a > x",
     "{{ include (print \"a\" \"b\") . }}\n* 0-31 the name of the template that is called is computed\n"},
    {"{{ define \"d\" }}{{ .Values.a }}{{ end }}{{ include \"d\" . }}", "a > x",
     "{{ define \"d\" }}{{ .Values.x }}{{ end }}{{ include \"d\" . }}\n"},
    {"{{ define \"d\" }}{{ .Values.a }}{{ end }}{{ . | include \"d\" }}", "a > x",
     "{{ define \"d\" }}{{ .Values.x }}{{ end }}{{ . | include \"d\" }}\n"},
    {"{{ define \"d\" }}{{ .Values.a }}{{ end }}", "a > x",
     "{{ define \"d\" }}{{ .Values.a }}{{ end }}\n"
     "0 19-28 `.Values.a` is in the define \"d\", which nothing here calls by name\n"},
    {"{{ define \"d\" }}{{ $.Values.a }}{{ end }}{{ template \"d\" . }}{{ template \"d\" .Values.q }}", "a > x",
     "{{ define \"d\" }}{{ $.Values.a }}{{ end }}{{ template \"d\" . }}{{ template \"d\" .Values.q }}\n"
     "0 19-29 `$.Values.a` is in the define \"d\", which is called with more than the root\n"},
    {"{{ define \"e\" }}{{ .Values.a }}{{ end }}{{ define \"d\" }}{{ template \"e\" . }}{{ end }}"
     "{{ template \"d\" dict }}",
     "a > x",
     "{{ define \"e\" }}{{ .Values.a }}{{ end }}{{ define \"d\" }}{{ template \"e\" . }}{{ end }}{{ template \"d\" "
     "dict }}\n"},
    {"{{ block \"b\" . }}{{ .Values.a }}{{ end }}", "a > x", "{{ block \"b\" . }}{{ .Values.x }}{{ end }}\n"},
    {"{{ define \"d\" }}{{ toYaml . }}{{ end }}{{ include \"d\" .Values.a }}", "a > x",
     "{{ define \"d\" }}{{ toYaml . }}{{ end }}{{ include \"d\" .Values.x }}\n"},
    {"{{ range .Values.env }}{{ end }}{{ .Values.a }}", "a > env/A",
     "{{ range .Values.env }}{{ end }}{{ .Values.env.A }}\n0 target 9-20 `range .Values.env` reads the new place\n"},
    {"{{ .Values.a", "a > x", "{{ .Values.a\n* 0-12 the template does not parse: the action is not closed\n"},
    {"{{ .Values.a }", "", "{{ .Values.a }\n"},
    {"\xEF\xBB\xBF\r\n\xFF{{ .Values.a }}\r\n", "a > x", "\xEF\xBB\xBF\r\n\xFF{{ .Values.x }}\r\n\n"},
};

Test(template, rewriting) {
    struct arena a = {0};
    for (size_t i = 0; i < sizeof rewrite_cases / sizeof rewrite_cases[0]; i++) {
        struct str got = rewrite_text(&a, rewrite_cases[i].text, rewrite_cases[i].moves, TEMPLATE_OWN);
        cr_expect(str_eq(got, str_from(rewrite_cases[i].wanted)), "%s\nwanted\n%sgot\n%.*s", rewrite_cases[i].text,
                  rewrite_cases[i].wanted, STR_ARG(got));
    }
    struct str got = rewrite_text(&a, "{{ .Values.a }}", "a > x", TEMPLATE_SHARED);
    cr_expect(str_eq(got, STR("{{ .Values.a }}\n0 3-12 `.Values.a` is in a template that is not changed\n")));
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

/* A define is read in one file, and called in others. */
Test(template, a_define_is_judged_by_the_calls_of_all_files) {
    static const struct str from[] = {STR_INIT("a")}, to[] = {STR_INIT("x")};
    static const struct template_move move = {from, 1, to, 1};
    struct arena a = {0};
    for (int other = 0; other < 2; other++) {
        struct template_set set;
        struct template_rewrite result;
        template_set_init(&a, &set);
        struct template_file *file =
            template_set_add(&set, STR("{{ define \"d\" }}{{ .Values.a }}{{ end }}"), TEMPLATE_OWN);
        template_set_add(&set, STR("{{ include \"d\" . }}"), TEMPLATE_OWN);
        if (other) template_set_add(&set, STR("{{ include \"d\" (dict \"Values\" 1) }}"), TEMPLATE_OWN);
        template_set_finish(&set);
        template_rewrite(&a, &set, file, &move, 1, &result);
        cr_assert_eq(result.edits.len, other ? 0 : 1);
        cr_assert_eq(result.pins.len, other ? 1 : 0);
    }
    arena_free(&a);
}

/* An own file and a file of another role, and what pins the move `a > x` in them. */
static const struct {
    enum template_role role;
    const char *own, *other, *own_pin, *other_pin;
} role_cases[] = {
    /* A shared body counts, a library's does not. */
    {TEMPLATE_SHARED, "", "{{ .Values.a }}", "", "`.Values.a` is in a template that is not changed"},
    {TEMPLATE_LIBRARY, "", "{{ .Values.a }}{{ toYaml . }}{{ include \"gone\" . }}", "", ""},
    /* A library's define counts where it is called from here. */
    {TEMPLATE_LIBRARY, "", "{{ define \"d\" }}{{ .Values.a }}{{ toYaml . }}{{ end }}{{ include \"d\" . }}", "", ""},
    {TEMPLATE_LIBRARY, "{{ include \"d\" . }}", "{{ define \"d\" }}{{ .Values.a }}{{ end }}", "",
     "`.Values.a` is in a template that is not changed"},
    {TEMPLATE_LIBRARY, "{{ include \"d\" . }}", "{{ define \"d\" }}{{ toYaml . }}{{ end }}", "",
     "`toYaml .` may read all values"},
    {TEMPLATE_LIBRARY, "{{ include \"d\" . }}",
     "{{ define \"d\" }}{{ include \"e\" . }}{{ end }}{{ define \"e\" }}{{ .Values.a }}{{ end }}", "",
     "`.Values.a` is in a template that is not changed"},
    {TEMPLATE_LIBRARY, "", "{{ define \"d\" }}{{ include \"gone\" . }}{{ end }}", "", ""},
    {TEMPLATE_LIBRARY, "{{ include \"d\" .Values.b }}", "{{ define \"d\" }}{{ toYaml . }}{{ end }}", "", ""},
    /* What a library calls, it calls with the values of another chart. */
    {TEMPLATE_LIBRARY, "{{ define \"d\" }}{{ .Values.a }}{{ end }}{{ include \"d\" . }}", "{{ include \"d\" . }}",
     "`.Values.a` is in the define \"d\", which is called with more than the root", ""},
    {TEMPLATE_LIBRARY, "{{ define \"d\" }}{{ .Values.a }}{{ end }}{{ include \"d\" . }}", "{{ include .b . }}",
     "`.Values.a` is in the define \"d\", which is called with more than the root", ""},
    /* What a broken library defines is not known. */
    {TEMPLATE_LIBRARY, "", "{{ end }}", "", "the template does not parse: `end` without a block"},
};

Test(template, the_role_of_a_file_tells_what_of_it_counts) {
    static const struct str from[] = {STR_INIT("a")}, to[] = {STR_INIT("x")};
    static const struct template_move move = {from, 1, to, 1};
    struct arena a = {0};
    for (size_t i = 0; i < sizeof role_cases / sizeof role_cases[0]; i++) {
        const char *wanted[] = {role_cases[i].own_pin, role_cases[i].other_pin};
        struct template_set set;
        template_set_init(&a, &set);
        template_set_add(&set, str_from(role_cases[i].own), TEMPLATE_OWN);
        template_set_add(&set, str_from(role_cases[i].other), role_cases[i].role);
        template_set_finish(&set);
        for (uint32_t k = 0; k < 2; k++) {
            struct template_rewrite result;
            template_rewrite(&a, &set, set.files.items[k], &move, 1, &result);
            struct str reason = result.pins.len ? result.pins.items[0].reason : STR("");
            cr_expect(str_eq(reason, str_from(wanted[k])), "%s + %s: wanted %s, got %.*s", role_cases[i].own,
                      role_cases[i].other, wanted[k], STR_ARG(reason));
            cr_expect(result.pins.len <= 1);
        }
    }
    arena_free(&a);
}

/* A define that gets a mapping from another file stays: the files are replaced one after the other. */
Test(template, a_part_is_followed_where_one_file_is_changed) {
    static const struct str from[] = {STR_INIT("a"), STR_INIT("b")}, to[] = {STR_INIT("x"), STR_INIT("y")};
    static const struct str same[] = {STR_INIT("x"), STR_INIT("b")};
    static const struct template_move moves[] = {{from, 2, to, 2}, {from, 2, same, 2}};
    static const char *const texts[] = {"{{ define \"d\" }}{{ .b }}{{ end }}", "{{ include \"d\" .Values.a }}"};
    static const char *const pins[2][2] = {
        {"`.b` is in the define \"d\", and other files name what it reads a part of", ""}, {"", ""}};
    struct arena a = {0};
    for (int renamed = 0; renamed < 2; renamed++) {
        struct template_set set;
        template_set_init(&a, &set);
        for (int i = 0; i < 2; i++) template_set_add(&set, str_from(texts[i]), TEMPLATE_OWN);
        template_set_finish(&set);
        for (uint32_t i = 0; i < 2; i++) {
            struct template_rewrite result;
            template_rewrite(&a, &set, set.files.items[i], &moves[renamed], 1, &result);
            template_rewrite_parts(&a, &set, set.files.items[i], &moves[renamed], 1, &result);
            struct str reason = result.pins.len ? result.pins.items[0].reason : STR("");
            cr_expect(str_eq(reason, str_from(pins[renamed][i])), "%.*s", STR_ARG(reason));
            cr_expect_eq(result.edits.len, i);
        }
    }
    arena_free(&a);
}

/* The platform's moves of one chart: all of its references follow, nothing pins. */
Test(template, the_references_of_a_chart_follow_its_moves) {
    struct arena a = {0};
    struct template_move moves[8];
    struct template_set set;
    struct template_rewrite result;
    uint32_t count = read_moves(&a,
                                "service/port > service/http/port; service/targetPort > service/http/targetPort;"
                                "service/metricsPort > service/metrics/port; config/logLevel > env/LOG_LEVEL;"
                                "config/database/host > database/host; config/kafka/brokers > eventBus/kafka/brokers",
                                moves);
    template_set_init(&a, &set);
    struct template_file *file = template_set_add(
        &set, file_text(&a, FIXTURES "/platform/before/charts/mdoc-engine/templates/all.yaml"), TEMPLATE_OWN);
    template_set_finish(&set);
    template_rewrite(&a, &set, file, moves, count, &result);
    cr_assert_eq(result.pins.len, 0);
    cr_assert_eq(result.edits.len, 7);
    struct str text = edits_apply(&a, file->text, &result.edits);
    cr_assert_lt(str_find(text, STR("{ name: LOG_LEVEL, value: {{ .Values.env.LOG_LEVEL }} }")), text.len);
    cr_assert_lt(
        str_find(text,
                 STR("port: {{ .Values.service.http.port }}, targetPort: {{ .Values.service.http.targetPort }} }")),
        text.len);
    cr_assert_lt(str_find(text, STR("\"{{ .Values.eventBus.kafka.brokers }}\"")), text.len);
    cr_assert_eq(str_find(text, STR("config.logLevel")), text.len);
    arena_free(&a);
}
