#include <criterion/criterion.h>

#include "base/buf.h"
#include "template/eval/scope.h"
#include "value/json.h"

static struct value parse(struct arena *a, const char *json) {
    struct json_error error;
    struct value value;
    cr_assert(json_parse(a, str_from(json), &value, &error), "%s", json);
    return value;
}

/* Runs one template over `values`, whose text may hold a second one behind a line `---`: helpers. */
static void run(struct arena *a, const char *text, const struct value *values, struct scope_file *files,
                struct scope_result *scope) {
    struct str all = str_from(text);
    size_t cut = str_find(all, STR("---"));
    files[0] = (struct scope_file){.text = str_slice(all, cut + 3, all.len)};
    files[1] = (struct scope_file){.text = str_slice(all, 0, cut), .entry = true};
    for (int i = 0; i < 2; i++) {
        scope_parse(a, NULL, &files[i]);
        cr_assert(!files[i].broken, "%s: %.*s", text, STR_ARG(files[i].error.message));
    }
    struct scope_input input = {.values = values, .files = files, .file_count = 2};
    scope_run(a, &input, scope);
}

/* ---- what is read ---- */

/* The places with what is done with them: `?` whether they are empty, `+` read as a whole, `=` changed. */
static void add_places(struct arena *a, struct buf *out, const struct value_path *place) {
    if (place->parent || place->uses & (VALUE_PATH_WHOLE | VALUE_PATH_OTHER)) {
        struct str path = value_path_text(a, place);
        buf_addf(out, "%s%.*s%s%s%s", out->len ? " " : "", STR_ARG(path), place->uses & VALUE_PATH_TRUTH ? "?" : "",
                 place->uses & VALUE_PATH_WHOLE ? "+" : "", place->uses & VALUE_PATH_OTHER ? "=" : "");
    }
    for (uint32_t i = 0; i < place->children.len; i++) add_places(a, out, place->children.entries[i].value);
    if (place->any) add_places(a, out, place->any);
}

static const struct {
    const char *text, *reads;
} read_cases[] = {
    {"{{ .Values.a.b }} {{ $.Values.c | quote }}", "a a.b+ c+"},
    {"{{/* .Values.a */}}# {{ .Values.b }}", "b+"},
    {"{{ if .Values.a }}{{ .Values.b }}{{ else }}{{ .Values.c }}{{ end }}", "a? b+ c+"},
    {"{{ with .Values.a }}{{ .b }}{{ $.Values.c }}{{ else }}{{ .Values.d }}{{ end }}", "a? a.b+ c+ d+"},
    {"{{ range .Values.list }}{{ .x }}{{ end }}", "list? list.* list.*.x+"},
    {"{{ range $k, $v := .Values.map }}{{ $k }}{{ $v.y }}{{ end }}", "map? map.* map.*.y+"},
    {"{{ $x := .Values.a }}{{ $x.b.c }}", "a a.b a.b.c+"},
    {"{{ $x := .Values.a }}{{ if .Release.Name }}{{ $x = .Values.c }}{{ end }}{{ $x.b }}", "a+ c+"},
    {"{{ $x := .Values.a }}{{ if true }}{{ $x = .Values.c }}{{ end }}{{ $x.b }}", "a c c.b+"},
    {"{{ include \"d\" . }}---{{ define \"d\" }}{{ .Values.a }}{{ end }}", "a+"},
    {"{{ include \"d\" .Values.a }}---{{ define \"d\" }}{{ .b }}{{ $.c }}{{ end }}", "a a.b+ a.c+"},
    {"{{ template \"d\" (dict \"root\" $ \"x\" .Values.a) }}---{{ define \"d\" }}{{ .root.Values.c }}{{ .x.y }}{{ end "
     "}}",
     "a a.y+ c+"},
    {"{{ include \"d\" (list $ .Values.a) }}---{{ define \"d\" }}{{ (index . 0).Values.c }}{{ (index . 1).y }}{{ end "
     "}}",
     "a a.y+ c+"},
    {"{{ include \"missing\" . }}", "+"},
    {"{{ include \"missing\" .Values.a }}", "a+"},
    {"{{ include (printf \"%s.d\" \"x\") . }}---{{ define \"x.d\" }}{{ .Values.a }}{{ end }}", "a+"},
    {"{{ include .Release.Name . }}", "+"},
    {"{{ include (print $.Template.BasePath \"/x.yaml\") . }}", ""},
    {"{{ block \"b\" .Values.a }}{{ .c }}{{ end }}", "a a.c+"},
    {"{{ toYaml .Values.a }}", "a+"},
    {"{{ toYaml .Values }}", "+"},
    {"{{ .Values }}", "+"},
    {"{{ index .Values \"a\" \"b-c\" }}{{ index .Values.list 0 }}", "a a.b-c+ list list.*+"},
    {"{{ index .Values .Release.Name }}", "+"},
    {"{{ get .Values.a \"b\" }}{{ hasKey .Values.a \"c\" }}", "a a.b+ a.c?"},
    {"{{ dig \"a\" \"b\" \"x\" .Values.AsMap }}", "a a.b+"},
    {"{{ dig \"n\" \"b\" \"x\" .Values.AsMap }}", "n n.b?"},
    {"{{ default .Values.a .Values.c }}", "a+ c?+"},
    {"{{ coalesce .Values.n .Values.c .Values.a }}", "n? c?+ a?+"},
    {"{{ ternary .Values.a .Values.c true }}", "a+ c+"},
    {"{{ required \"x\" .Values.a.b }}", "a a.b?+"},
    {"{{ (.Values.a).b }}{{ (default dict .Values.a).b }}", "a? a.b+"},
    {"{{ if and .Values.a .Values.a.b }}{{ end }}", "a? a.b?"},
    {"{{ if not (empty .Values.a) }}{{ end }}", "a?"},
    {"{{ set .Values \"x\" 1 }}{{ .Values.x.y }}", "+ x= x.y+"},
    {"{{ $_ := set .Values.a \"x\" 1 }}{{ .Values.a.x.y }}{{ .Values.a.b }}", "a a.x= a.x.y+ a.b+"},
    {"{{ $_ := set . \"Values\" dict }}{{ .Values.a.b }}", "= a a.b+"},
    {"{{ $_ := mergeOverwrite .Values.a .Values.c }}{{ .Values.a.x.y }}", "a+= a.x a.x.y+ c+"},
    {"{{ $c := deepCopy .Values.a }}{{ $c.b }}", "a+"},
    {"{{ tpl \"{{ .Values.a }}\" . }}", "a+"},
    {"{{ tpl .Values.text . }}", "text+ a a.b+"},
    {"{{ tpl (toYaml .Values.texts) $ | nindent 2 }}", "texts+ c+"},
    {"{{ tpl (.Files.Get \"x\") . }}", "+"},
    {"{{ .Files.Get \"x\" }}{{ .Chart.Name }}{{ .Release.Name }}", ""},
    {"{{ range until 2 }}{{ $.Values.a }}{{ end }}", "a+"},
    {"{{ include \"d\" . }}---{{ define \"d\" }}{{ include \"d\" . }}{{ .Values.a }}{{ end }}", "a+"},
    {"{{ include \"d\" (dict \"n\" 1) }}---{{ define \"d\" }}{{ include \"d\" (dict \"n\" (add .n 1)) }}{{ end }}", ""},
    {"{{ .Values.YAML }}", "+"},
    {"{{ with .Values }}{{ .a.b }}{{ end }}", "a a.b+"},
    {"{{ with $v := .Values.a }}{{ $v.b }}{{ end }}", "a? a.b+"},
    {"{{ if eq .Values.c \"x\" }}{{ end }}", "c+"},
    {"{{ .Values.a.b | default .Values.c | quote }}", "a a.b?+ c+"},
    {"{{ pluck \"b\" .Values.a | first }}{{ keys .Values.map }}", "a+ map+"},
    {"{{ get . \"Values\" | toYaml }}", "+"},
};

#define VALUES                                                                                                         \
    "{\"a\": {\"b\": \"1\"}, \"c\": \"x\", \"list\": [{\"x\": 1}], \"map\": {\"k\": {\"y\": 2}}, \"empty\": {}, "      \
    "\"nil\": null, \"off\": false, \"on\": true, \"num\": 5, \"text\": \"{{ .Values.a.b }}\", "                       \
    "\"texts\": {\"t\": [\"{{ .Values.c }}\"]}, \"nils\": [null]}"

Test(scope, reads) {
    struct arena a = {0};
    struct value values = parse(&a, VALUES);
    for (size_t i = 0; i < sizeof read_cases / sizeof *read_cases; i++) {
        struct scope_file files[2];
        struct scope_result scope = {0};
        struct buf out = buf_in(&a);
        run(&a, read_cases[i].text, &values, files, &scope);
        add_places(&a, &out, &scope.root);
        cr_expect(str_eq(buf_str(&out), str_from(read_cases[i].reads)), "%s\n  got  %.*s\n  want %s",
                  read_cases[i].text, STR_ARG(buf_str(&out)), read_cases[i].reads);
    }
    arena_free(&a);
}

/* ---- what fails ---- */

static const struct {
    const char *text, *failures;
} failure_cases[] = {
    {"{{ .Values.n }}{{ .Values.a.b }}{{ .Values.a.n }}{{ .Values.empty.x }}", ""},
    {"{{ .Values.n.b }}", "n at .Values.n.b"},
    {"{{ .Values.nil.b.c }}", "nil at .Values.nil.b.c"},
    {"{{ .Values.a.n.c }}", "a.n at .Values.a.n.c"},
    {"{{ .Values.c.d }}", "c at .Values.c.d"},
    {"{{ .Values.list.d }}", "list at .Values.list.d"},
    {"{{ .Values.empty.x.y }}", "empty.x at .Values.empty.x.y"},
    {"{{ (.Values.n).b }}{{ (.Values.n).b.c }}{{ ((.Values.n).b).c }}", ""},
    {"{{ (.Values.empty).b.c }}", "empty.b at (.Values.empty).b.c"},
    {"{{ $x := .Values.n }}{{ $x.b.c }}", ""},
    {"{{ (default dict .Values.n).b }}", ""},
    {"{{ with .Values.n }}{{ .b.c }}{{ end }}{{ if .Values.n }}{{ .Values.n.b.c }}{{ end }}", ""},
    {"{{ if .Values.n.b }}{{ end }}", "n at .Values.n.b"},
    {"{{ template \"d\" .Values.n }}{{ include \"d\" .Values.n }}---{{ define \"d\" }}{{ .b.c }}{{ end }}", ""},
    {"{{ include \"d\" . }}---{{ define \"d\" }}{{ .Values.n.b }}{{ end }}", "n at .Values.n.b"},
    {"{{ range .Values.nils }}{{ .x }}{{ end }}", "nils.* at .x"},
    {"{{ range .Values.nils }}{{ (.).x }}{{ end }}", ""},
    {"{{ range $v := .Values.nils }}{{ $v.x }}{{ end }}", "nils.* at $v.x"},
    {"{{ $d := dict \"a\" .Values.n }}{{ $d.a.b }}", "n at $d.a.b"},
    {"{{ $d := dict \"a\" .Values.n }}{{ ($d.a).b }}", ""},
    {"{{ and .Values.n .Values.n.b }}{{ or .Values.c .Values.n.b }}", ""},
    {"{{ and .Values.c .Values.n.b }}", "n at .Values.n.b"},
    {"{{ or .Values.n .Values.n.b }}", "n at .Values.n.b"},
    {"{{ and .Release.IsInstall .Values.n.b }}", "n at .Values.n.b?"},
    {"{{ .Values.n.b | default 1 }}", "n at .Values.n.b"},
    {"{{ ternary .Values.n.b 1 false }}", "n at .Values.n.b"},
    {"{{ .Values.n.b | and .Values.n }}", "n at .Values.n.b"},
    {"{{ range .Values.c }}{{ end }}", "c at .Values.c"},
    {"{{ range .Values.n }}{{ .x.y }}{{ end }}", ""},
    {"{{ index .Values \"n\" \"b\" }}", "n at .Values"},
    {"{{ index .Values \"n\" }}{{ (index .Values \"n\").b }}", ""},
    {"{{ index .Values.n \"b\" }}", "n at .Values.n"},
    {"{{ hasKey .Values.n \"b\" }}{{ get .Values.n \"b\" }}{{ keys .Values.n }}",
     "n at .Values.n, n at .Values.n, n at .Values.n"},
    {"{{ hasKey (.Values.n) \"b\" }}{{ .Values.n | keys }}", ""},
    {"{{ (get .Values.a \"n\").b }}", "a.n at (get .Values.a \"n\").b"},
    {"{{ trunc 3 .Values.n }}{{ .Values.n | b64enc }}{{ upper .Values.num }}",
     "n at .Values.n, n at .Values.n, num at .Values.num"},
    {"{{ quote .Values.n }}{{ toYaml .Values.n }}{{ int .Values.n }}{{ toString .Values.n }}{{ empty .Values.n }}", ""},
    {"{{ if .Values.off }}{{ .Values.n.b }}{{ else }}{{ .Values.nil.b }}{{ end }}", "nil at .Values.nil.b"},
    {"{{ if .Release.IsUpgrade }}{{ .Values.n.b }}{{ end }}", "n at .Values.n.b?"},
    {"{{ if .Release.IsUpgrade }}{{ .Values.n.b }}{{ end }}{{ .Values.n.b }}", "n at .Values.n.b?, n at .Values.n.b"},
    {"{{ if and .Values.on (not .Values.off) }}{{ .Values.n.b }}{{ end }}", "n at .Values.n.b"},
    {"{{ if eq .Values.c \"y\" }}{{ .Values.n.b }}{{ end }}", ""},
    {"{{ if hasKey .Values \"n\" }}{{ .Values.n.b }}{{ end }}", ""},
    {"{{ if kindIs \"map\" .Values.c }}{{ .Values.c.b }}{{ end }}", ""},
    {"{{ if gt (int .Values.num) 4 }}{{ .Values.n.b }}{{ end }}", "n at .Values.n.b"},
    {"{{ if has .Values.c (list \"x\" \"z\") }}{{ .Values.n.b }}{{ end }}", "n at .Values.n.b"},
    {"{{ $x := false }}{{ if .Values.on }}{{ $x = true }}{{ end }}{{ if $x }}{{ .Values.n.b }}{{ end }}",
     "n at .Values.n.b"},
    {"{{ $x := false }}{{ if .Values.on }}{{ $x := true }}{{ end }}{{ if $x }}{{ .Values.n.b }}{{ end }}", ""},
    {"{{ range .Values.list }}{{ break }}{{ $.Values.n.b }}{{ end }}", ""},
    {"{{ range .Values.list }}{{ if .x }}{{ continue }}{{ end }}{{ $.Values.n.b }}{{ end }}", ""},
    {"{{ range list 1 2 3 }}{{ if eq . 2 }}{{ break }}{{ end }}{{ if eq . 3 }}{{ $.Values.n.b }}{{ end }}{{ end }}",
     ""},
    {"{{ range list 1 2 3 }}{{ if eq . 2 }}{{ continue }}{{ end }}{{ if eq . 3 }}{{ $.Values.n.b }}{{ end }}{{ end }}",
     "n at $.Values.n.b"},
    {"{{ range list 1 2 }}{{ if $.Release.Any }}{{ break }}{{ end }}{{ continue }}{{ end }}{{ .Values.n.b }}",
     "n at .Values.n.b"},
    {"{{ $x := 0 }}{{ range list 1 2 }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ $x = 1 }}{{ end }}{{ if eq $x 1 }}"
     "{{ .Values.n.b }}{{ end }}",
     "n at .Values.n.b"},
    {"{{ range list 1 2 3 }}{{ if $.Release.Any }}{{ continue }}{{ end }}{{ if eq . 3 }}{{ $.Values.n.b }}{{ end }}{{ "
     "end "
     "}}",
     "n at $.Values.n.b?"},
    {"{{ $x := 0 }}{{ range .Release.Any }}{{ $x = 1 }}{{ end }}{{ if $x }}{{ .Values.n.b }}{{ end }}",
     "n at .Values.n.b?"},
    {"{{ tpl \"{{ .Values.n.b }}\" . }}", "n at \"{{ .Values.n.b }}\""},
    {"{{ $_ := set .Values \"n\" dict }}{{ .Values.n.b }}", ""},
    {"{{ .Values.n.b }}{{ $_ := set .Values \"n\" dict }}", ""},
    {"{{ $d := dict \"x\" .Values.n }}{{ include \"s\" $d }}{{ $e := dict \"x\" .Values.n }}{{ include \"s\" $e }}"
     "{{ $e.x.b }}---{{ define \"s\" }}{{ $_ := set . \"x\" dict }}{{ end }}",
     ""},
    {"{{ range until 3 }}{{ $d := dict \"in\" (dict \"x\" $.Values.n) }}{{ include \"s\" $d }}{{ $d.in.x.b }}{{ end }}"
     "---{{ define \"s\" }}{{ $_ := set .in \"x\" dict }}{{ end }}",
     ""},
    {"{{ range until 40 }}{{ $d := dict \"x\" $.Values.n \"i\" . }}{{ include \"s\" $d }}{{ $d.x.b }}{{ end }}"
     "---{{ define \"s\" }}{{ $_ := set . \"x\" dict }}{{ end }}",
     ""},
    {"{{ $d := dict \"x\" .Values.n }}{{ include \"missing\" $d }}{{ $d.x.b }}{{ $d.y.b }}", ""},
    {"{{ include \"d\" (dict \"a\" .) }}---{{ define \"d\" }}{{ .a.Values.c }}{{ .b.c }}{{ .Values.x.y }}{{ end }}",
     "no b at .b.c, no Values at .Values.x.y"},
    {"{{ include \"d\" (dict \"a\" .) }}---{{ define \"d\" }}{{ if .b }}{{ .b.c }}{{ end }}{{ (.b).c }}{{ end }}", ""},
    {"{{ $d := dict }}{{ $_ := set $d .Release.Name 1 }}{{ $d.a.b }}{{ $e := dict }}{{ values $e }}{{ $e.a.b }}", ""},
    {"{{ trunc 3 (dict).a }}{{ .Value.x }}{{ $.values.x }}{{ .Release.Other.x }}",
     "no a at (dict).a, no Value at .Value.x, no values at $.values.x"},
    {"{{ .Other.x }}{{ include \"d\" . }}---{{ define \"d\" }}{{ $_ := set . \"Other\" dict }}{{ end }}", ""},
    {"{{ .Chart.Missing.x }}{{ .Capabilities.APIVersions.Has \"x\" }}", ""},
    {"{{ $x := .Values.n }}{{ range .Values.nil }}{{ $x = .Values.a }}{{ end }}{{ first $x }}", "n at $x"},
    {"{{ first .Values.n }}{{ append .Values.c 1 }}{{ concat .Values.list .Values.map }}{{ chunk 2 .Values.n }}",
     "n at .Values.n, c at .Values.c, map at .Values.map, n at .Values.n"},
    {"{{ first .Values.list }}{{ has 1 .Values.n }}{{ has 1 .Values.list }}{{ append (list 1) .Values.n }}", ""},
    {"{{ has 1 .Values.c }}", "c at .Values.c"},
    {"{{ ternary 1 2 .Values.on }}{{ .Values.n | empty | ternary 1 2 }}", ""},
    {"{{ ternary 1 2 .Values.c }}{{ .Values.n | ternary 1 2 }}", "c at .Values.c, n at .Values.n"},
    {"{{ trunc .Values.num .Values.c }}{{ trunc (int .Values.num) .Values.c }}{{ until (len .Values.list) }}",
     "num at .Values.num"},
    {"{{ merge .Values.n .Values.a }}{{ merge .Values.a .Values.map }}", "n at .Values.n"},
    {"{{ eq .Values.num 5 }}{{ ne .Values.c 1 }}{{ eq 1 .Values.on }}{{ eq .Values.list .Values.list }}",
     "num at .Values.num, c at .Values.c, on at .Values.on, list at .Values.list"},
    {"{{ eq .Values.num .Values.num }}{{ eq .Values.n 1 }}{{ eq .Values.map nil }}{{ eq .Values.c \"x\" 1 }}", ""},
    {"{{ eq (int .Values.num) 5 }}{{ eq (.Values.c | quote) 1 }}{{ lt (len .Values.list) 2 }}", ""},
    {"{{ eq .Values.c \"y\" 1 }}{{ eq .Values.c .Release.Name 1 }}", "c at .Values.c"},
    {"{{ gt .Values.n 1 }}{{ lt 1 .Values.n }}{{ le .Values.on true }}{{ ge .Values.num 5 }}",
     "n at .Values.n, n at .Values.n, on at .Values.on, num at .Values.num"},
    {"{{ gt .Values.c \"a\" }}{{ lt .Values.num .Release.Any }}{{ lt nil .Release.Any }}", ""},
    {"{{ dig \"a\" \"x\" \"y\" 1 .Values.AsMap }}{{ dig \"c\" \"x\" 1 .Values.AsMap }}", "c at .Values.AsMap"},
};

Test(scope, failures) {
    struct arena a = {0};
    struct value values = parse(&a, VALUES);
    for (size_t i = 0; i < sizeof failure_cases / sizeof *failure_cases; i++) {
        struct scope_file files[2];
        struct scope_result scope = {0};
        struct buf out = buf_in(&a);
        run(&a, failure_cases[i].text, &values, files, &scope);
        for (uint32_t k = 0; k < scope.failures.len; k++) {
            const struct scope_failure *f = &scope.failures.items[k];
            struct str what =
                f->place ? value_path_text(&a, f->place) : arena_printf(&a, "no %.*s", STR_ARG(f->absent));
            buf_addf(&out, "%s%.*s at %.*s%s", k ? ", " : "", STR_ARG(what),
                     STR_ARG(span_text(files[f->file].text, f->span)), f->certain ? "" : "?");
        }
        cr_expect(str_eq(buf_str(&out), str_from(failure_cases[i].failures)), "%s\n  got  %.*s\n  want %s",
                  failure_cases[i].text, STR_ARG(buf_str(&out)), failure_cases[i].failures);
    }
    arena_free(&a);
}

/* ---- what nobody reads ---- */

static const struct {
    const char *text, *values, *unread;
} unread_cases[] = {
    {"{{ .Values.a }}", "{\"a\": 1, \"b\": 2}", "b"},
    {"{{ .Values.a.b }}", "{\"a\": {\"b\": 1, \"c\": 2, \"d\": {\"e\": 3}}}", "a.c a.d"},
    {"{{ .Values.a.b.c }}", "{\"a\": null, \"x\": {}}", "x"},
    {"{{ toYaml .Values.a }}", "{\"a\": {\"b\": 1}}", ""},
    {"{{ if .Values.a }}{{ end }}", "{\"a\": {\"b\": 1}}", ""},
    {"{{ if .Values.a }}{{ .Values.a.b }}{{ end }}", "{\"a\": {\"b\": 1, \"c\": 1}}", "a.c"},
    {"{{ range .Values.a }}{{ .x }}{{ end }}", "{\"a\": {\"k\": {\"x\": 1, \"y\": 2}}}", "a.k.y"},
    {"{{ if false }}{{ .Values.a }}{{ end }}", "{\"a\": 1}", ""},
    {"{{ include \"other\" . }}", "{\"a\": 1}", ""},
};

Test(scope, unread) {
    struct arena a = {0};
    for (size_t i = 0; i < sizeof unread_cases / sizeof *unread_cases; i++) {
        struct value values = parse(&a, unread_cases[i].values);
        struct value_path_unreads unreads = {NULL, 0, 0};
        struct scope_file files[2];
        struct scope_result scope = {0};
        struct buf out = buf_in(&a);
        run(&a, unread_cases[i].text, &values, files, &scope);
        value_path_unread(&a, &scope.root, NULL, &values, &unreads);
        for (uint32_t k = 0; k < unreads.len; k++)
            buf_addf(&out, "%s%.*s", k ? " " : "", STR_ARG(unreads.items[k].path));
        cr_expect(str_eq(buf_str(&out), str_from(unread_cases[i].unread)), "%s\n  got  %.*s\n  want %s",
                  unread_cases[i].text, STR_ARG(buf_str(&out)), unread_cases[i].unread);
    }
    arena_free(&a);
}
