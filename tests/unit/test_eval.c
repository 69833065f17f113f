/* The interpreter of templates, on small texts; what comes out was taken from Helm 3.22. */
#include <criterion/criterion.h>
#include <string.h>

#include "render/helm_chart.h"
#include "template/eval/program.h"

static struct arena arena;

static void end(void) {
    arena_free(&arena);
}

TestSuite(eval, .fini = end);

struct outcome {
    bool fine;
    struct go_value text;
    struct template_error error;
};

static const char VALUES[] =
    "a: {b: hello, num: 5, big: 1000000, t: true, f: false, z: null, e: {}, l: [1, two, null]}\n"
    "list: [x, z]\ntext: word\ntpl: '{{ .Values.a.b }}!'\n";

/* Runs `text` as the file c/templates/a.yaml, with `helper` as one that only defines. */
static struct outcome run(const char *text, const char *helper, struct go_env *env) {
    struct outcome outcome = {0};
    struct error error;
    struct template_file files[2] = {
        {.source = {.name = STR("c/templates/a.yaml"), .text = str_from(text)}, .runs = true},
        {.source = {.name = STR("c/templates/_h.tpl"), .text = str_from(helper)}}};
    env->arena = &arena;
    struct go_map *values = helm_values_read(env, str_from(VALUES), NULL, &error);
    struct go_value dot = go_map(env, &GO_TYPE_MAP, 4);
    go_map_set(env, dot.map, STR("Values"), (struct go_value){.type = &GO_TYPE_MAP, .map = values});
    files[0].dot = files[1].dot = dot;
    outcome.fine = program_run(env, files, 2, &outcome.error);
    for (int i = 0; i < 2; i++)
        if (files[i].runs && outcome.fine) outcome.text = files[i].output;
    return outcome;
}

static struct go_env fresh(void) {
    return (struct go_env){.budget = {100000, 1 << 20, 0}, .helm = 3};
}

static const char HELPER[] =
    "{{ define \"d\" }}[{{ .Values.a.b }}]{{ end }}{{ define \"nil\" }}{{ .Values.no }}{{ end }}"
    "{{ define \"deep\" }}{{ .Values.no.more }}{{ end }}{{ define \"loop\" }}{{ include \"loop\" . }}{{ end }}";

static void prints(const char *text, const char *expected) {
    struct go_env env = fresh();
    struct outcome got = run(text, HELPER, &env);
    cr_expect(got.fine, "%s: fails: %.*s", text, STR_ARG(got.error.text));
    if (got.fine)
        cr_expect(str_eq(got.text.text, str_from(expected)), "%s: %.*s, not %s", text, STR_ARG(got.text.text),
                  expected);
}

static void fails(const char *text, enum template_failure failure, const char *message) {
    struct go_env env = fresh();
    struct outcome got = run(text, HELPER, &env);
    cr_expect(!got.fine, "%s: does not fail", text);
    cr_expect_eq(got.error.failure, failure, "%s: kind %d, not %d: %.*s", text, (int)got.error.failure, (int)failure,
                 STR_ARG(got.error.message));
    cr_expect(str_eq(got.error.message, str_from(message)), "%s: %.*s, not %s", text, STR_ARG(got.error.message),
              message);
}

Test(eval, values) {
    prints("{{ .Values.a.b }} {{ .Values.a.num }} {{ .Values.a.big }} {{ .Values.a.t }}", "hello 5 1e+06 true");
    prints("{{ .Values.a.l }}", "[1 two <nil>]");
    prints("{{ .Values.no }}|{{ .Values.a.z }}", "|");
    prints("{{ 3.0 }} {{ 1e6 }} {{ 'a' }} {{ 0x10 }} {{ 1_000 }}", "3 1e+06 97 16 1000");
    prints("{{ (.Values.no).more }}{{ $x := .Values.no }}{{ $x.more.still }}", "");
}

Test(eval, control) {
    prints("{{ range $i, $x := .Values.list }}{{ $i }}{{ $x }} {{ end }}", "0x 1z ");
    prints("{{ range $k, $v := .Values.a.e }}x{{ else }}none{{ end }}", "none");
    prints("{{ range 3 }}{{ . }}{{ end }}", "012");
    prints("{{ range .Values.list }}{{ if eq . \"x\" }}{{ continue }}{{ end }}{{ . }}{{ break }}{{ end }}", "z");
    prints("{{ with .Values.text }}{{ . }}{{ else }}no{{ end }}{{ with .Values.a.z }}yes{{ else }}no{{ end }}",
           "wordno");
    prints("{{ if and .Values.a.t .Values.a.f }}1{{ else if or .Values.a.f .Values.text }}2{{ end }}", "2");
    prints("{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x := 3 }}{{ end }}{{ $x }}", "2");
    prints("{{ $m := dict \"k\" 1 }}{{ range $k, $v := $m }}{{ $_ := set $m \"z\" 2 }}{{ $k }}{{ end }}{{ len $m }}",
           "k2");
}

Test(eval, defines) {
    prints("{{ include \"d\" . }} {{ template \"d\" . }}", "[hello] [hello]");
    prints("{{ include \"nil\" . | len }} {{ include \"nil\" . | upper }}", "10 <NO VALUE>");
    prints("{{ tpl .Values.tpl . }} {{ tpl \"{{ .Values.no }}\" . | len }}", "hello! 0");
    prints("{{ tpl \"{{ define \\\"d\\\" }}own{{ end }}{{ include \\\"d\\\" . }}\" . }}{{ include \"d\" . }}",
           "own[hello]");
}

Test(eval, failures) {
    fails("{{ .Values.no.more }}", TEMPLATE_NIL_POINTER, "nil pointer evaluating interface {}.more");
    fails("{{ .Values.text.more }}", TEMPLATE_NO_FIELD, "can't evaluate field more in type interface {}");
    fails("{{ range .Values.text }}{{ end }}", TEMPLATE_RANGE, "range can't iterate over word");
    fails("{{ eq .Values.a.num 5 }}", TEMPLATE_COMPARE,
          "error calling eq: incompatible types for comparison: float64 and int");
    fails("{{ len .Values.no }}", TEMPLATE_LENGTH, "error calling len: len of nil pointer");
    fails("{{ index .Values.list 2 }}", TEMPLATE_INDEX, "error calling index: reflect: slice index out of range");
    fails("{{ .Values.text \"x\" }}", TEMPLATE_ARGUMENTS, "text is not a method but has arguments");
    fails("{{ trunc .Values.a.num \"x\" }}", TEMPLATE_WRONG_TYPE, "wrong type for value; expected int; got float64");
    fails("{{ template \"none\" . }}", TEMPLATE_NOT_DEFINED, "template \"none\" not defined");
    fails("{{ required \"give it\" .Values.no }}", TEMPLATE_REQUIRED, "give it");
    fails("{{ fail \"stop\" }}", TEMPLATE_FAIL, "stop");
    fails("{{ include \"loop\" . }}", TEMPLATE_TOO_DEEP,
          "rendering template has a nested reference name: loop: unable to execute template");
}

Test(eval, helm_names_the_place) {
    struct go_env env = fresh();
    struct outcome got = run("x\n  {{ include \"deep\" . }}", HELPER, &env);
    cr_expect(!got.fine);
    cr_expect(
        str_eq(got.error.text,
               STR("template: c/templates/a.yaml:2:5: executing \"c/templates/a.yaml\" at <include \"deep\" .>: error "
                   "calling include: template: c/templates/_h.tpl:1:116: executing \"deep\" at <.Values.no.more>: nil "
                   "pointer evaluating interface {}.more")),
        "%.*s", STR_ARG(got.error.text));
    env = fresh();
    got = run("x: {{ required \"give it\" .Values.no }}", HELPER, &env);
    cr_expect(str_eq(got.error.text, STR("execution error at (c/templates/a.yaml:1:6): give it")), "%.*s",
              STR_ARG(got.error.text));
}

static void unknown(const char *text, const char *expected) {
    struct go_env env = fresh();
    struct outcome got = run(text, HELPER, &env);
    cr_assert(got.fine, "%s: %.*s", text, STR_ARG(got.error.text));
    cr_expect(str_eq(got.text.text, str_from(expected)), "%s: %.*s, not %s", text, STR_ARG(got.text.text), expected);
}

Test(eval, holes) {
    unknown("a {{ randAlphaNum 5 }} b", "a <unknown: randAlphaNum> b");
    unknown("{{ randAlphaNum 5 | b64enc | quote }}", "\"<unknown: randAlphaNum>\"");
    unknown("{{ if randAlphaNum 5 }}yes{{ end }}{{ randAlphaNum 5 | len }}", "yes5");
    unknown("{{ if eq (randAlphaNum 5) \"x\" }}yes{{ end }}", "");
    unknown("{{ if eq (randAlphaNum 1) \"x\" }}yes{{ else }}yes{{ end }}", "yes");
    unknown("{{ if eq (randAlphaNum 1) \"x\" }}a{{ else }}b{{ end }}!", "<unknown: randAlphaNum>!");
    unknown("{{ $x := 1 }}{{ if eq (randAlphaNum 1) \"x\" }}{{ $x = 2 }}{{ end }}{{ $x }}", "<unknown: randAlphaNum>");
    unknown("{{ $m := dict \"k\" 1 }}{{ if eq (randAlphaNum 1) \"x\" }}{{ $_ := set $m \"k\" 2 }}{{ end }}{{ $m.k }}",
            "<unknown: randAlphaNum>");
}

Test(eval, budgets) {
    struct go_env env = fresh();
    env.budget.steps = 1000;
    struct outcome got = run("{{ range 1000000 }}{{ range 1000000 }}x{{ end }}{{ end }}", HELPER, &env);
    cr_expect(!got.fine);
    cr_expect_eq(got.error.failure, TEMPLATE_CUT_OFF);
}

/* Loops that make more than they print. */
Test(eval, memory) {
    static const char *const LOOPS[] = {
        "{{ $s := \"x\" }}{{ range 100000 }}{{ $s = print $s $s }}{{ end }}",
        "{{ $l := list }}{{ range 100000 }}{{ $l = append $l . }}{{ end }}",
        "{{ range 100000 }}{{ $x := merge (dict) $.Values.a }}{{ end }}",
        "{{ range 100000 }}{{ $x := deepCopy $.Values }}{{ end }}",
        "{{ range 100000 }}{{ range $.Values.a }}{{ break }}{{ end }}{{ end }}",
    };
    for (size_t i = 0; i < sizeof LOOPS / sizeof *LOOPS; i++) {
        struct go_env env = fresh();
        env.budget.steps = 1000000;
        struct outcome got = run(LOOPS[i], HELPER, &env);
        cr_expect_eq(got.error.failure, TEMPLATE_CUT_OFF, "%s: %.*s", LOOPS[i], STR_ARG(got.error.message));
        cr_expect_eq(env.budget.bytes, 0, "%s", LOOPS[i]);
    }
}

/* The paths that a byte of a text shows. */
static struct str paths_at(const struct go_value *text, const char *piece) {
    size_t at = str_find(text->text, str_from(piece));
    struct buf out = buf_in(&arena);
    for (uint32_t i = 0; text->runs && i < text->runs->count; i++) {
        const struct go_run *run = &text->runs->items[i];
        if (run->end <= at) continue;
        for (uint32_t p = 0; run->paths && p < run->paths->count; p++)
            buf_addf(&out, "%s%.*s", p ? "," : "", STR_ARG(go_path_text(&arena, run->paths->items[p])));
        break;
    }
    return buf_str(&out);
}

static void shows(const char *template, const char *piece, const char *paths) {
    struct go_env env = fresh();
    env.trace = true;
    struct error error;
    env.arena = &arena;
    struct value_layer *layer = arena_new(&arena, struct value_layer);
    struct template_file file = {.source = {.name = STR("c/templates/a.yaml"), .text = str_from(template)},
                                 .runs = true};
    struct go_map *values = helm_values_read(&env, str_from(VALUES), layer, &error);
    struct template_error failed;
    file.dot = go_map(&env, &GO_TYPE_MAP, 4);
    go_map_set(&env, file.dot.map, STR("Values"),
               (struct go_value){.type = &GO_TYPE_MAP, .map = values, .runs = go_path_new(&env, NULL, STR(""))->runs});
    cr_assert(program_run(&env, &file, 1, &failed), "%s: %.*s", template, STR_ARG(failed.text));
    struct str found = paths_at(&file.output, piece);
    cr_expect(str_eq(found, str_from(paths)), "%s: %s in %.*s shows %.*s, not %s", template, piece,
              STR_ARG(file.output.text), STR_ARG(found), paths);
}

Test(eval, provenance) {
    shows("x: {{ .Values.a.b }}", "hello", "a.b");
    shows("x: {{ .Values.a.b }}", "x", "");
    shows("{{ .Values.a.b | quote }}", "hello", "a.b");
    shows("{{ printf \"%s-%s\" .Values.text .Values.a.b }}", "hello", "a.b");
    shows("{{ toYaml .Values.a | nindent 2 }}", "hello", "a.b");
    shows("{{ toYaml .Values.list | indent 4 }}", "z", "list.1");
    shows("{{ .Values.a.b | default .Values.text | upper }}", "HELLO", "a.b");
    shows("{{ tpl .Values.tpl . }}", "hello", "a.b");
    shows("{{ tpl .Values.tpl . }}", "!", "tpl");
    shows("{{ (fromYaml \"k: 1\").k }}{{ (fromYaml (printf \"k: %s\" .Values.text)).k }}", "word", "text");
    shows("{{ .Values.text | b64enc }}", "d29yZA==", "text");
}
