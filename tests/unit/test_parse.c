/* The parser of Go templates: what it makes of a text, and where it refuses one. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "template/syntax/parse.h"

/* ---- the tree as a text: each part as its source, in a bracket that tells its kind ---- */

static void add_pipe(struct buf *b, struct str text, const struct tmpl_pipe *pipe);

static void add_arg(struct buf *b, struct str text, const struct tmpl_arg *arg) {
    static const char *const kinds[] = {
        [TMPL_IDENTIFIER] = "func", [TMPL_FIELD] = "field",  [TMPL_VARIABLE] = "var", [TMPL_CHAIN] = "chain",
        [TMPL_PIPE] = "pipe",       [TMPL_DOT] = "dot",      [TMPL_NIL] = "nil",      [TMPL_BOOL] = "bool",
        [TMPL_NUMBER] = "number",   [TMPL_STRING] = "string"};
    buf_addf(b, "<%s", kinds[arg->kind]);
    switch (arg->kind) {
    case TMPL_CHAIN: add_arg(b, text, arg->head); break;
    case TMPL_PIPE: add_pipe(b, text, arg->pipe); break;
    case TMPL_BOOL: buf_addf(b, " %d", arg->boolean); break;
    case TMPL_NUMBER:
        buf_addf(b, " %.*s", STR_ARG(arg->name));
        if (arg->number->is_int) buf_addf(b, " i%lld", (long long)arg->number->integer);
        if (arg->number->is_uint) buf_addf(b, " u%llu", (unsigned long long)arg->number->natural);
        if (arg->number->is_float) buf_addf(b, " f%g", arg->number->real);
        if (arg->number->is_complex) buf_addf(b, " c%g+%gi", arg->number->real, arg->number->imaginary);
        break;
    case TMPL_DOT:
    case TMPL_NIL:
    case TMPL_FIELD: break;
    default: buf_addf(b, " %.*s", STR_ARG(arg->name));
    }
    for (uint32_t i = 0; i < arg->field_count; i++) {
        cr_assert(str_eq(span_text(text, arg->fields[i].span),
                         arena_printf(b->arena, ".%.*s", STR_ARG(arg->fields[i].name))));
        buf_addf(b, " %.*s", STR_ARG(span_text(text, arg->fields[i].span)));
    }
    buf_addf(b, "|%.*s>", STR_ARG(span_text(text, arg->span)));
}

static void add_pipe(struct buf *b, struct str text, const struct tmpl_pipe *pipe) {
    buf_addf(b, "[");
    for (uint32_t i = 0; i < pipe->variable_count; i++)
        buf_addf(b, "%.*s%s", STR_ARG(pipe->variables[i].name),
                 i + 1 < pipe->variable_count ? ","
                 : pipe->assigns              ? "="
                                              : ":=");
    for (uint32_t i = 0; i < pipe->command_count; i++) {
        if (i) buf_addf(b, " | ");
        for (uint32_t k = 0; k < pipe->commands[i].arg_count; k++) add_arg(b, text, &pipe->commands[i].args[k]);
    }
    buf_addf(b, "]");
}

static void add_list(struct buf *b, struct str text, const struct tmpl_node *node) {
    static const char *const kinds[] = {[TMPL_IF] = "if", [TMPL_WITH] = "with", [TMPL_RANGE] = "range"};
    for (; node; node = node->next) {
        switch (node->kind) {
        case TMPL_TEXT: buf_addf(b, "'%.*s'", STR_ARG(span_text(text, node->span))); break;
        case TMPL_ACTION: add_pipe(b, text, node->pipe); break;
        case TMPL_IF:
        case TMPL_WITH:
        case TMPL_RANGE:
            buf_addf(b, "%s ", kinds[node->kind]);
            add_pipe(b, text, node->pipe);
            buf_addf(b, "{");
            add_list(b, text, node->body);
            buf_addf(b, "}{");
            add_list(b, text, node->otherwise);
            buf_addf(b, "}%.*s;", STR_ARG(span_text(text, node->end_action)));
            break;
        case TMPL_TEMPLATE:
            buf_addf(b, "template %.*s ", STR_ARG(node->name));
            if (node->pipe) add_pipe(b, text, node->pipe);
            buf_addf(b, ";");
            break;
        case TMPL_BREAK: buf_addf(b, "break;"); break;
        case TMPL_CONTINUE: buf_addf(b, "continue;"); break;
        }
    }
}

static void check_tree(const char *source, const char *expected) {
    struct arena a = {0};
    struct tmpl_tree tree;
    struct tmpl_error error;
    struct str text = str_from(source);
    cr_assert(tmpl_parse(&a, text, &tree, &error), "%s: %.*s", source, STR_ARG(error.message));
    struct buf b = buf_in(&a);
    add_list(&b, text, tree.body);
    for (uint32_t i = 0; i < tree.defines.len; i++) {
        const struct tmpl_define *define = &tree.defines.items[i];
        buf_addf(&b, "%s%s %.*s{", define->block ? "block" : "define", define->empty ? " empty" : "",
                 STR_ARG(define->name));
        add_list(&b, text, define->body);
        buf_addf(&b, "}");
    }
    cr_expect(str_eq(buf_str(&b), str_from(expected)), "%s\n  gives    %.*s\n  expected %s", source,
              STR_ARG(buf_str(&b)), expected);
    arena_free(&a);
}

Test(parse, texts_lose_what_trim_markers_take) {
    check_tree("a {{- .b -}}\n c {{/* d */}} e {{- /* f */ -}} g", "'a'[<field .b|.b>]'c '' e''g'");
    check_tree(" {{- 1 -}} ", "[<number 1 i1 u1 f1|1>]");
    check_tree("{{-1}}", "[<number -1 i-1 f-1|-1>]");
    check_tree("{ {", "'{ {'");
}

Test(parse, words) {
    check_tree("a { b } }} {", "'a { b } }} {'");
    check_tree("{{\"}}\\\"{{\"}}{{`}}\n{{`}}", "[<string }}\"{{|\"}}\\\"{{\">][<string }}\n{{|`}}\n{{`>]");
    check_tree("{{'\\''}}", "[<number '\\'' i39 u39 f39|'\\''>]");
    check_tree("{{- .n\xC3\xA4me\n-}}", "[<field .n\xC3\xA4me|.n\xC3\xA4me>]");
    check_tree("{{\nlist\n.a\n.b\n}}", "[<func list|list><field .a|.a><field .b|.b>]");
    check_tree("{{ .5 }}{{ 1_000 }}{{ 1+2i }}",
               "[<number .5 f0.5|.5>][<number 1_000 i1000 u1000 f1000|1_000>][<number 1+2i c1+2i|1+2i>]");
    check_tree("{{/* }} */}}x", "'x'");
}

Test(parse, strings_are_read_and_written) {
    struct arena a = {0};
    struct str content;
    cr_assert(tmpl_unquote(&a, STR("\"a\\\"\\\\\\n\\x41\""), &content));
    cr_assert(str_eq(content, STR("a\"\\\nA")));
    cr_assert(tmpl_unquote(&a, STR("`a\\n\r`"), &content));
    cr_assert(str_eq(content, STR("a\\n")));
    cr_assert(tmpl_unquote(&a, STR("\"\xFF\\xff\""), &content));
    cr_assert(str_eq(content, STR("\xEF\xBF\xBD\xFF")));
    cr_assert_not(tmpl_unquote(&a, STR("\"\\q\""), &content));
    cr_assert_not(tmpl_unquote(&a, STR("\"\\'\""), &content));
    cr_assert(str_eq(tmpl_quote(&a, STR("a\"\\\n")), STR("\"a\\\"\\\\\\x0a\"")));
    cr_assert(tmpl_is_identifier(STR("a_1")));
    cr_assert_not(tmpl_is_identifier(STR("a-b")));
    cr_assert_not(tmpl_is_identifier(STR("8080")));
    cr_assert_not(tmpl_is_identifier(STR("")));
    arena_free(&a);
}

Test(parse, words_of_commands) {
    check_tree("{{ index .a.b $ . nil true (.d).e list.f | quote }}",
               "[<func index|index><field .a .b|.a.b><var $|$><dot|.><nil|nil><bool 1|true>"
               "<chain<pipe[<field .d|.d>]|(.d)> .e|(.d).e><chain<func list|list> .f|list.f> | <func quote|quote>]");
    check_tree("{{ $x := 1 }}{{ $x.a.b }}{{ $x = .c | }}",
               "[$x:=<number 1 i1 u1 f1|1>][<var $x .a .b|$x.a.b>][$x=<field .c|.c>]");
    check_tree("{{ \"a\\u00e9\\101\\n\" | print `r\\` '\\n' 1.5 0x10 1e3 2i }}",
               "[<string a\u00e9A\n|\"a\\u00e9\\101\\n\"> | <func print|print><string r\\|`r\\`><number '\\n' i10 u10 "
               "f10|'\\n'>"
               "<number 1.5 f1.5|1.5><number 0x10 i16 u16 f16|0x10><number 1e3 i1000 u1000 f1000|1e3>"
               "<number 2i c0+2i|2i>]");
}

Test(parse, blocks) {
    check_tree("{{ if .a }}1{{ else if .b }}2{{ else }}3{{ end }}",
               "if [<field .a|.a>]{'1'}{if [<field .b|.b>]{'2'}{'3'}{{ end }};}{{ end }};");
    check_tree("{{ with $y := .a }}{{ $y }}{{ else with .b }}{{ . }}{{ end }}",
               "with [$y:=<field .a|.a>]{[<var $y|$y>]}{with [<field .b|.b>]{[<dot|.>]}{}{{ end }};}{{ end }};");
    check_tree("{{ range $k, $v := .l }}{{ break }}{{ else }}{{ $k }}{{ end }}",
               "range [$k,$v:=<field .l|.l>]{break;}{[<var $k|$k>]}{{ end }};");
    check_tree("{{ define \"d\" }}{{ template `t` }}{{ end }}{{ define \"e\" }} {{/* c */}}{{ end }}{{ block \"b\" .x "
               "}}y{{ end }}",
               "template b [<field .x|.x>];define d{template t ;}define empty e{' '}block b{'y'}");
    check_tree("{{ define \"e\" }} {{ end }}{{ define \"e\" }}x{{ end }}{{ define \"e\" }}{{ end }}",
               "define empty e{' '}define e{'x'}define empty e{}");
}

/* ---- what is refused ---- */

static const struct {
    const char *text, *error; /* the span and the message */
} refused[] = {
    {"{{ if .a }}{{ define \"x\" }}{{ end }}{{ end }}", "11-27 `define` is allowed at the top level of a file only"},
    {"{{ define \"y\" }}{{ define \"x\" }}{{ end }}{{ end }}",
     "16-32 `define` is allowed at the top level of a file only"},
    {"{{ if .a }}{{ else with .b }}{{ end }}", "11-29 `else if` belongs to an `if`, and `else with` to a `with`"},
    {"{{ range .a }}{{ else if .b }}{{ end }}", "14-30 `else if` belongs to an `if`, and `else with` to a `with`"},
    {"{{ if .a }}{{ else }}{{ else }}{{ end }}", "21-31 `else` without a block"},
    {"{{ if .a }}{{ else range .b }}{{ end }}", "11-30 only `if` or `with` may follow `else`"},
    {"{{ define \"x\" }}{{ else }}{{ end }}", "16-26 `else` without a block"},
    {"{{ else }}", "0-10 `else` without a block"},
    {"{{ end }}", "0-9 `end` without a block"},
    {"{{ end .a }}", "7-9 nothing may follow `end`"},
    {"{{ if .a }}", "0-11 the block has no `end`"},
    {"{{ if }}{{ end }}", "3-8 a value is missing"},
    {"{{ }}", "0-5 the action is empty"},
    {"{{ $x }}", "3-5 the variable `$x` is not declared"},
    {"{{ if $x := .a }}{{ end }}{{ $x }}", "29-31 the variable `$x` is not declared"},
    {"{{ $x := 1 }}{{ define \"d\" }}{{ $x }}{{ end }}", "32-34 the variable `$x` is not declared"},
    {"{{ $x := 1 }}{{ block \"d\" . }}{{ $x }}{{ end }}", "33-35 the variable `$x` is not declared"},
    {"{{ nosuch .a }}", "3-9 Helm has no function `nosuch`"},
    {"{{ env \"HOME\" }}", "3-6 Helm has no function `env`"},
    {"{{ .a | nosuch }}", "8-14 Helm has no function `nosuch`"},
    {"{{ break }}", "0-11 `break` and `continue` are allowed inside `range` only"},
    {"{{ range .a }}{{ else }}{{ continue }}{{ end }}", "24-38 `break` and `continue` are allowed inside `range` only"},
    {"{{ range .a }}{{ block \"b\" . }}{{ break }}{{ end }}{{ end }}",
     "31-42 `break` and `continue` are allowed inside `range` only"},
    {"{{ template .a }}", "0-17 the template's name, a string constant, is missing"},
    {"{{ template (print \"a\") . }}", "0-28 the template's name, a string constant, is missing"},
    {"{{ define x }}{{ end }}", "0-14 the template's name, a string constant, is missing"},
    {"{{ define \"x\" . }}{{ end }}", "0-18 only a name follows `define`"},
    {"{{ block \"x\" }}{{ end }}", "0-15 `block` needs a name and a value"},
    {"{{ template \"a\" . | template \"b\" }}", "20-28 unexpected `template`"},
    {"{{ .a | \"b\" }}", "8-11 `\"b\"` follows `|` but is not a function"},
    {"{{ .a | . }}", "8-9 `.` follows `|` but is not a function"},
    {"{{ .a | true }}", "8-12 `true` follows `|` but is not a function"},
    {"{{ | .a }}", "3-4 a value is missing before `|`"},
    {"{{ .a | | quote }}", "8-9 a value is missing before `|`"},
    {"{{ () }}", "4-5 a value is missing before `)`"},
    {"{{ 1.a }}", "3-5 this is not a number"},
    {"{{ \"a\".b }}", "6-8 `\"a\"` has no fields"},
    {"{{ nil.a }}", "6-8 `nil` has no fields"},
    {"{{ ..a }}", "4-6 `.` has no fields"},
    {"{{ \"a\"\"b\" }}", "6-9 a space is missing before `\"b\"`"},
    {"{{ .a(.b) }}", "5-6 a space is missing before `(`"},
    {"{{ .a, .b }}", "5-6 unexpected `,`"},
    {"{{ $a, $b := .c }}", "5-6 unexpected `,`"},
    {"{{ range $a, $b, $c := .d }}{{ end }}", "15-16 unexpected `,`"},
    {"{{ range $a, .b }}{{ end }}", "13-15 unexpected `.b`"},
    {"{{ x := 1 }}", "3-4 Helm has no function `x`"},
    {"{{ .a ! }}", "6-7 unexpected `!`"},
    {"{{ .a } b", "0-9 the action is not closed"},
    {"{{ (.a }}", "0-7 `(` is not closed"},
    {"{{ .a) }}", "5-6 `)` without `(`"},
    {"{{ '' }}", "3-5 `''` is not a valid constant"},
    {"{{ 'ab' }}", "3-7 `'ab'` is not a valid constant"},
    {"{{ \"\\q\" }}", "3-7 `\"\\q\"` is not a valid constant"},
    {"{{ \"\\ud800\" }}", "3-11 `\"\\ud800\"` is not a valid constant"},
    {"{{ 08 }}", "3-5 `08` is not a valid constant"},
    {"{{ 99999999999999999999 }}", "3-23 `99999999999999999999` is not a valid constant"},
    {"{{ 1__0 }}", "3-7 `1__0` is not a valid constant"},
    {"{{ define \"x\" }}a{{ end }}{{ define \"x\" }}b{{ end }}", "26-42 the file defines `x` twice"},
    {"{{- -}}", "4-5 `-` is not a valid constant"},
    {"{{.-}}", "3-4 unexpected character"},
    {"{{ /* a */}}", "3-4 unexpected `/`"},
    {"{{ \xE2\x80\x9Cx }}", "3-4 unexpected character"},
    {"{{ .Values.\x01 }}", "11-12 unexpected character"},
    {"{{ .a\xCC\x81 }}", "5-6 unexpected character"},
    {"{{", "0-2 the action is not closed"},
    {"a{{ .", "1-5 the action is not closed"},
    {"{{ \"a\n\" }}", "3-5 the string is not closed"},
    {"{{ \"a\\", "3-6 the string is not closed"},
    {"{{ 'a }}", "3-8 the character constant is not closed"},
    {"{{ `a }}", "3-8 the raw string is not closed"},
    {"{{/* a }}", "0-9 the comment is not closed"},
    {"{{ : }}", "3-4 expected `=` after `:`"},
    {"{{ .a-b }}", "5-6 unexpected character"},
    {"{{ 8a }}", "3-4 this is not a number"},
    {"{{/* a */ }}", "9-10 `}}` must follow `*/` directly"},
};

Test(parse, refuses_what_helm_refuses) {
    struct arena a = {0};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct tmpl_tree tree;
        struct tmpl_error error;
        struct str got = STR("nothing");
        if (!tmpl_parse(&a, str_from(refused[i].text), &tree, &error))
            got = arena_printf(&a, "%u-%u %.*s", error.span.start, error.span.end, STR_ARG(error.message));
        cr_expect(str_eq(got, str_from(refused[i].error)), "%s\n  gives    %.*s\n  expected %s", refused[i].text,
                  STR_ARG(got), refused[i].error);
    }
    arena_free(&a);
}

static const struct {
    const char *text, *words;
} more_cases[] = {
    {"{{ frobnicate 1 }}", "Helm has no function `frobnicate`"},
    {"{{ env \"X\" }}", "Helm has no function `env`"},
    {"{{ $x }}", "the variable `$x` is not declared"},
    {"{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}", "the variable `$x` is not declared"},
    {"{{ $x := 1 }}{{ define \"d\" }}{{ $x }}{{ end }}", "the variable `$x` is not declared"},
    {"{{ range $i, $e := .Values.a }}{{ $i }}{{ $e }}{{ end }}", ""},
    {"{{ if true }}{{ define \"d\" }}{{ end }}{{ end }}", "`define` is allowed at the top level of a file only"},
    {"{{ if true }}{{ else }}{{ else }}{{ end }}", "`else` without a block"},
    {"{{ range .x }}{{ else if true }}{{ end }}", "`else if` belongs to an `if`, and `else with` to a `with`"},
    {"{{ break }}", "`break` and `continue` are allowed inside `range` only"},
    {"{{ range .x }}{{ if true }}{{ break }}{{ end }}{{ end }}", ""},
    {"{{ define \"d\" }}a{{ end }}{{ define \"d\" }}b{{ end }}", "the file defines `d` twice"},
    {"{{ define \"d\" }}{{ .a }}{{ end }}{{ define \"d\" }} {{/* */}} {{- /* */}} {{ end }}", ""},
    {"{{ define \"d\" }} {{/* */}}{{ end }}{{ define \"d\" }}{{ .a }}{{ end }}", ""},
    {"{{ define \"d\" }}{{ .a }}{{ end }}{{ block \"d\" . }}{{/* */}}x{{/* */}}{{ end }}",
     "the file defines `d` twice"},
    {"{{ if true }}", "the block has no `end`"},
    {"{{ end }}", "`end` without a block"},
    {"{{ }}", "the action is empty"},
    {"{{ if }}{{ end }}", "a value is missing"},
    {"{{ .Values.8080 }}", "a space is missing before `.8080`"},
    {"{{ .a..b }}", "a space is missing before `.`"},
    {"{{ (.a)(.b) }}", "a space is missing before `(`"},
    {"{{ quote(.a) }}", "a space is missing before `(`"},
    {"{{ (.a).b|quote }}{{ ((.a)) }}{{ (list).a.b }}", ""},
    {"{{ \"a\".b }}", "`\"a\"` has no fields"},
    {"{{ true.b }}", "`true` has no fields"},
    {"{{ .a | \"b\" }}", "`\"b\"` follows `|` but is not a function"},
    {"{{ .a | . }}", "`.` follows `|` but is not a function"},
    {"{{ true | quote }}{{ .a | .b }}", ""},
    {"{{ $x, $y := .a }}", "unexpected `,`"},
    {"{{ with $x, $y := .a }}{{ end }}", "unexpected `,`"},
    {"{{ range .a }}{{ break 1 }}{{ end }}", "nothing may follow `break`"},
    {"{{ if .a }}{{ end .b }}", "nothing may follow `end`"},
    {"{{ block \"a\" }}{{ end }}", "`block` needs a name and a value"},
    {"{{ \"\\q\" }}", "`\"\\q\"` is not a valid constant"},
    {"{{ \"\\uD800\" }}", "`\"\\uD800\"` is not a valid constant"},
    {"{{ \"\\x41\\101\\u00e9\\U0010FFFF\\\"\\\\\" }}{{ '\\'' }}{{ 'é' }}", ""},
    {"{{ 'ab' }}", "`'ab'` is not a valid constant"},
    {"{{ 08 }}", "`08` is not a valid constant"},
    {"{{ 07 }}{{ 0 }}{{ -1 }}{{ 08.5 }}{{ 1_000 }}{{ 0x1F }}", ""},
};

Test(parse, agrees_with_helm) {
    struct arena a = {0};
    for (size_t i = 0; i < sizeof more_cases / sizeof *more_cases; i++) {
        struct tmpl_tree tree;
        struct tmpl_error error;
        struct str got = {NULL, 0};
        if (!tmpl_parse(&a, str_from(more_cases[i].text), &tree, &error)) got = error.message;
        cr_expect(str_eq(got, str_from(more_cases[i].words)), "%s: got %.*s", more_cases[i].text, STR_ARG(got));
    }
    arena_free(&a);
}

Test(parse, takes_what_only_fails_when_it_runs) {
    static const char *const texts[] = {"{{ nil }}",
                                        "{{ $x = 1 }}{{ $x }}",
                                        "{{ if .a }}{{ $x := 1 }}{{ else }}{{ $x }}{{ end }}",
                                        "{{ 1 2 }}",
                                        "{{ (.a) .b }}",
                                        "{{ .a | .b }}",
                                        "{{ template \"none\" }}",
                                        "{{ $l := list 1 }}{{ range $i, $l }}{{ end }}"};
    struct arena a = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct tmpl_tree tree;
        struct tmpl_error error;
        cr_expect(tmpl_parse(&a, str_from(texts[i]), &tree, &error), "%s: %.*s", texts[i], STR_ARG(error.message));
    }
    arena_free(&a);
}

Test(parse, tells_functions_of_helm_4) {
    struct arena a = {0};
    struct tmpl_tree tree;
    struct tmpl_error error;
    cr_assert(tmpl_parse(&a, STR("{{ toYaml .a }}{{ mustToYaml .a }}{{ durationDays 1 }}"), &tree, &error));
    cr_expect(tree.helm4_function.start == 18 && tree.helm4_function.end == 28);
    arena_free(&a);
}
