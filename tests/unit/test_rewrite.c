#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/file.h"
#include "template/refs/rewrite.h"

/* "a/b > c/d; e > f" */
static uint32_t read_moves(struct arena *a, const char *text, struct refs_move *moves) {
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
        moves[count++] = (struct refs_move){keys[0].items, keys[0].len, keys[1].items, keys[1].len};
    }
    return count;
}

/* The new text, then a line for each pin: "MOVE START-END REASON" (* for every move), and "tpl START-END". */
static struct str rewrite_text(struct arena *a, const char *text, const char *moves_text, enum refs_role role) {
    struct refs_move moves[8];
    struct refs_set set;
    struct refs_rewrite result;
    struct buf b = buf_in(a);
    uint32_t count = read_moves(a, moves_text, moves);
    refs_set_init(a, NULL, &set);
    struct refs_file *file = refs_set_add(&set, str_from(text), role);
    refs_set_finish(&set);
    refs_rewrite_file(a, &set, file, moves, count, &result);
    if (result.more) refs_rewrite_parts(a, &set, file, moves, count, &result);
    buf_add(&b, edits_apply(a, file->text, &result.edits));
    buf_add_char(&b, '\n');
    for (uint32_t i = 0; i < result.blockers.len; i++) {
        const struct refs_blocker *p = &result.blockers.items[i];
        if (p->move == REFS_EVERY_MOVE) buf_addf(&b, "*");
        else buf_addf(&b, "%u", p->move);
        buf_addf(&b, "%s %u-%u %.*s\n", p->kind == REFS_BLOCKS_TARGET ? " target" : "", p->span.start, p->span.end,
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
     "{{ with .Values.a.b }}{{ .c }}{{ end }}\n0 8-19 `with .Values.a.b` reads all of it\n"},
    {"{{ with .Values.a }}{{ .b }} {{ .c.d }}{{ end }}", "a/b > x/b; a/c > x/y",
     "{{ with .Values.x }}{{ .b }} {{ .y.d }}{{ end }}\n"},
    {"{{ with .Values.a }}{{ .b }}{{ end }}", "a/b > x/y; a/c > z", "{{ with .Values.x }}{{ .y }}{{ end }}\n"},
    {"{{ with .Values.a }}{{ .b }}{{ .c }}{{ end }}", "a/b > x/y; a/c > z/y",
     "{{ with .Values.a }}{{ .b }}{{ .c }}{{ end }}\n0 8-17 `with .Values.a` reads all of it\n"
     "1 8-17 `with .Values.a` reads all of it\n"},
    {"{{ with .Values.a }}{{ .b }}{{ .c }}{{ end }}", "a/b > x/y",
     "{{ with .Values.a }}{{ .b }}{{ .c }}{{ end }}\n0 8-17 `with .Values.a` reads all of it\n"},
    {"{{ with .Values.a }}{{ .b }}{{ . }}{{ end }}", "a/b > x/y",
     "{{ with .Values.a }}{{ .b }}{{ . }}{{ end }}\n0 8-17 `with .Values.a` reads all of it\n"},
    {"{{ with .Values.a }}{{ .b }}{{ range $k, $v := . }}{{ end }}{{ end }}", "a/b > x/y",
     "{{ with .Values.a }}{{ .b }}{{ range $k, $v := . }}{{ end }}{{ end }}\n"
     "0 8-17 `with .Values.a` reads all of it\n"},
    {"{{ with .Values.a }}{{ with .b }}{{ .c }}{{ end }}{{ end }}", "a/b/c > x/y/z",
     "{{ with .Values.x }}{{ with .y }}{{ .z }}{{ end }}{{ end }}\n"},
    {"{{ if .Values.a }}{{ .Values.a.b }}{{ end }}", "a/b > x/y", "{{ if .Values.x }}{{ .Values.x.y }}{{ end }}\n"},
    {"{{ with .Values.a }}{{ get . \"b\" }}{{ index . \"b\" }}{{ end }}", "a/b > x/y-z",
     "{{ with .Values.x }}{{ get . \"y-z\" }}{{ index . \"y-z\" }}{{ end }}\n"},
    {"{{ with .Values.a }}{{ .b }}{{ end }}", "a/b > x/y-z",
     "{{ with .Values.x }}{{ .b }}{{ end }}\n0 23-25 `.b` cannot be rewritten to its new place\n"},
    {"{{ with .Values.a }}{{ dig \"b\" 1 . }}{{ end }}", "a/b > x/y",
     "{{ with .Values.a }}{{ dig \"b\" 1 . }}{{ end }}\n0 8-17 `with .Values.a` reads all of it\n"},
    {"{{ with .Values.a }}{{ get . $.Release.Name }}{{ .b }}{{ end }}", "a/b > x/y",
     "{{ with .Values.a }}{{ get . $.Release.Name }}{{ .b }}{{ end }}\n"
     "0 8-17 `with .Values.a` reads all of it\n"},
    {"{{ define \"d\" }}{{ .b }}{{ end }}{{ template \"d\" .Values.a }}", "a/b > x/y",
     "{{ define \"d\" }}{{ .y }}{{ end }}{{ template \"d\" .Values.x }}\n"},
    {"{{ define \"d\" }}{{ .b }}{{ end }}{{ template \"d\" .Values.a }}{{ template \"d\" .Values.c }}", "a/b > x/y",
     "{{ define \"d\" }}{{ .b }}{{ end }}{{ template \"d\" .Values.a }}{{ template \"d\" .Values.c }}\n"
     "0 49-58 `template \"d\" .Values.a` reads all of it\n"},
    {"{{ define \"d\" }}{{ .m.b }}{{ end }}{{ include \"d\" (dict \"m\" .Values.a \"r\" $) }}", "a/b > x/y",
     "{{ define \"d\" }}{{ .m.y }}{{ end }}{{ include \"d\" (dict \"m\" .Values.x \"r\" $) }}\n"},
    {"{{ tpl \"{{ .b }}\" .Values.a }}", "a/b > x/y",
     "{{ tpl \"{{ .b }}\" .Values.a }}\n0 18-27 `tpl .Values.a` reads all of it\n"},
    {"{{ toYaml .Values.a | indent 2 }}", "a/b > x",
     "{{ toYaml .Values.a | indent 2 }}\n0 10-19 `toYaml .Values.a` reads all of it\n"},
    {"{{ (.Values.a).b }}", "a/b > x", "{{ (.Values.a).b }}\n0 4-13 `.Values.a` reads all of it\n"},
    {"{{ (.Values.a).b }}", "a/b > x/y", "{{ (.Values.x).y }}\n"},
    {"{{ (index .Values \"a\").b }}", "a/b > x/y", "{{ (index .Values \"x\").y }}\n"},
    {"{{ $x := .Values.a }}{{ $x.b }}", "a > x", "{{ $x := .Values.x }}{{ $x.b }}\n"},
    {"{{ $x := .Values.a }}{{ $x.b }}", "a/b > x",
     "{{ $x := .Values.a }}{{ $x.b }}\n0 9-18 `:= .Values.a` reads all of it\n"},
    {"{{ $x := .Values.a }}{{ $x.b }}", "a/b > x/y", "{{ $x := .Values.x }}{{ $x.y }}\n"},
    {"{{ $x := .Values.a }}{{ if .q }}{{ $x = .Values.c }}{{ end }}{{ $x.b }}", "a/b > x/y",
     "{{ $x := .Values.a }}{{ if .q }}{{ $x = .Values.c }}{{ end }}{{ $x.b }}\n"
     "0 9-18 `:= .Values.a` reads all of it\n"},
    {"{{ template \"t\" .Values.a }}", "a/b > x",
     "{{ template \"t\" .Values.a }}\n0 16-25 `template \"t\" .Values.a` reads all of it\n"},
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
     "0 23-32 `.Values.a` is used where the dot may not be the root\n"},
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
     "{{ dict \"Values\" .x }}\n* 8-16 `dict \"Values\"` reads all of `.Values`\n"},
    {"{{ tpl .Values.a . }}", "a > x", "{{ tpl .Values.x . }}\ntpl 0-21\n"},
    {"{{ tpl (toYaml .Values.a) $ }}", "b > x", "{{ tpl (toYaml .Values.a) $ }}\ntpl 0-30\n"},
    {"{{ with $x := . }}{{ toYaml $x }}{{ end }}", "a > x",
     "{{ with $x := . }}{{ toYaml $x }}{{ end }}\n* 28-30 `toYaml $x` may read all values\n"},
    {"{{ $c := dict \"r\" . }}{{ toYaml $c }}", "a > x",
     "{{ $c := dict \"r\" . }}{{ toYaml $c }}\n* 32-34 `toYaml $c` may read all values\n"},
    {"{{ define \"e\" }}{{ .Values.a }}{{ end }}{{ define \"d\" }}{{ template \"e\" . }}{{ end }}", "a > x",
     "{{ define \"e\" }}{{ .Values.x }}{{ end }}{{ define \"d\" }}{{ template \"e\" . }}{{ end }}\n"},
    {"{{ tpl \"{{ .Values.a }}\" . }}", "a > x",
     "{{ tpl \"{{ .Values.a }}\" . }}\n* 0-29 `tpl` evaluates text that is not known here\n"},
    {"{{ tpl \"plain\" . }}", "a > x", "{{ tpl \"plain\" . }}\n"},
    {"{{ tpl (.Files.Get \"f\") . }}", "a > x",
     "{{ tpl (.Files.Get \"f\") . }}\n* 0-28 `tpl` evaluates text that is not known here\n"},
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
    {"{{ define \"d\" }}{{ .Values.a }}{{ end }}", "a > x", "{{ define \"d\" }}{{ .Values.x }}{{ end }}\n"},
    {"{{ define \"d\" }}{{ toYaml .Values }}{{ tpl .x . }}{{ toYaml . }}{{ end }}", "a > x",
     "{{ define \"d\" }}{{ toYaml .Values }}{{ tpl .x . }}{{ toYaml . }}{{ end }}\n"},
    {"{{ define \"d\" }}{{ $.Values.a }}{{ end }}{{ template \"d\" . }}{{ template \"d\" .Values.q }}", "a > x",
     "{{ define \"d\" }}{{ $.Values.a }}{{ end }}{{ template \"d\" . }}{{ template \"d\" .Values.q }}\n"
     "0 19-29 `$.Values.a` is in the named template \"d\", which is called with more than the root\n"},
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

Test(rewrite, rewriting) {
    struct arena a = {0};
    for (size_t i = 0; i < sizeof rewrite_cases / sizeof rewrite_cases[0]; i++) {
        struct str got = rewrite_text(&a, rewrite_cases[i].text, rewrite_cases[i].moves, REFS_OWN);
        cr_expect(str_eq(got, str_from(rewrite_cases[i].wanted)), "%s\nwanted\n%sgot\n%.*s", rewrite_cases[i].text,
                  rewrite_cases[i].wanted, STR_ARG(got));
    }
    struct str got = rewrite_text(&a, "{{ .Values.a }}", "a > x", REFS_SHARED);
    cr_expect(str_eq(got, STR("{{ .Values.a }}\n0 3-12 `.Values.a` is in a template that is not changed\n")));
    arena_free(&a);
}

/* A define is read in one file, and called in others. */
Test(rewrite, a_define_is_judged_by_the_calls_of_all_files) {
    static const struct str from[] = {STR_INIT("a")}, to[] = {STR_INIT("x")};
    static const struct refs_move move = {from, 1, to, 1};
    struct arena a = {0};
    for (int other = 0; other < 2; other++) {
        struct refs_set set;
        struct refs_rewrite result;
        refs_set_init(&a, NULL, &set);
        struct refs_file *file = refs_set_add(&set, STR("{{ define \"d\" }}{{ .Values.a }}{{ end }}"), REFS_OWN);
        refs_set_add(&set, STR("{{ include \"d\" . }}"), REFS_OWN);
        if (other) refs_set_add(&set, STR("{{ include \"d\" (dict \"Values\" 1) }}"), REFS_OWN);
        refs_set_finish(&set);
        refs_rewrite_file(&a, &set, file, &move, 1, &result);
        cr_assert_eq(result.edits.len, other ? 0 : 1);
        cr_assert_eq(result.blockers.len, other ? 1 : 0);
    }
    arena_free(&a);
}

/* An own file and a file of another role, and what pins the move `a > x` in them. */
static const struct {
    enum refs_role role;
    const char *own, *other, *own_pin, *other_pin;
} role_cases[] = {
    /* A shared body counts, a library's does not. */
    {REFS_SHARED, "", "{{ .Values.a }}", "", "`.Values.a` is in a template that is not changed"},
    {REFS_LIBRARY, "", "{{ .Values.a }}{{ toYaml . }}{{ include \"gone\" . }}", "", ""},
    /* A library's define counts where it is called from here. */
    {REFS_LIBRARY, "", "{{ define \"d\" }}{{ .Values.a }}{{ toYaml . }}{{ end }}{{ include \"d\" . }}", "", ""},
    {REFS_LIBRARY, "{{ include \"d\" . }}", "{{ define \"d\" }}{{ .Values.a }}{{ end }}", "",
     "`.Values.a` is in a template that is not changed"},
    {REFS_LIBRARY, "{{ include \"d\" . }}", "{{ define \"d\" }}{{ toYaml . }}{{ end }}", "",
     "`toYaml .` may read all values"},
    {REFS_LIBRARY, "{{ include \"d\" . }}",
     "{{ define \"d\" }}{{ include \"e\" . }}{{ end }}{{ define \"e\" }}{{ .Values.a }}{{ end }}", "",
     "`.Values.a` is in a template that is not changed"},
    {REFS_LIBRARY, "", "{{ define \"d\" }}{{ include \"gone\" . }}{{ end }}", "", ""},
    {REFS_LIBRARY, "{{ include \"d\" .Values.b }}", "{{ define \"d\" }}{{ toYaml . }}{{ end }}", "", ""},
    /* What a library calls, it calls with the values of another chart. */
    {REFS_LIBRARY, "{{ define \"d\" }}{{ .Values.a }}{{ end }}{{ include \"d\" . }}", "{{ include \"d\" . }}",
     "`.Values.a` is in the named template \"d\", which is called with more than the root", ""},
    {REFS_LIBRARY, "{{ define \"d\" }}{{ .Values.a }}{{ end }}{{ include \"d\" . }}", "{{ include .b . }}",
     "`.Values.a` is in the named template \"d\", which is called with more than the root", ""},
    /* What a broken library defines is not known. */
    {REFS_LIBRARY, "", "{{ end }}", "", "the template does not parse: `end` without a block"},
};

Test(rewrite, the_role_of_a_file_tells_what_of_it_counts) {
    static const struct str from[] = {STR_INIT("a")}, to[] = {STR_INIT("x")};
    static const struct refs_move move = {from, 1, to, 1};
    struct arena a = {0};
    for (size_t i = 0; i < sizeof role_cases / sizeof role_cases[0]; i++) {
        const char *wanted[] = {role_cases[i].own_pin, role_cases[i].other_pin};
        struct refs_set set;
        refs_set_init(&a, NULL, &set);
        refs_set_add(&set, str_from(role_cases[i].own), REFS_OWN);
        refs_set_add(&set, str_from(role_cases[i].other), role_cases[i].role);
        refs_set_finish(&set);
        for (uint32_t k = 0; k < 2; k++) {
            struct refs_rewrite result;
            refs_rewrite_file(&a, &set, set.files.items[k], &move, 1, &result);
            struct str reason = result.blockers.len ? result.blockers.items[0].reason : STR("");
            cr_expect(str_eq(reason, str_from(wanted[k])), "%s + %s: wanted %s, got %.*s", role_cases[i].own,
                      role_cases[i].other, wanted[k], STR_ARG(reason));
            cr_expect(result.blockers.len <= 1);
        }
    }
    arena_free(&a);
}

/* A define that gets a mapping from another file stays: the files are replaced one after the other. */
Test(rewrite, a_part_is_followed_where_one_file_is_changed) {
    static const struct str from[] = {STR_INIT("a"), STR_INIT("b")}, to[] = {STR_INIT("x"), STR_INIT("y")};
    static const struct str same[] = {STR_INIT("x"), STR_INIT("b")};
    static const struct refs_move moves[] = {{from, 2, to, 2}, {from, 2, same, 2}};
    static const char *const texts[] = {"{{ define \"d\" }}{{ .b }}{{ end }}", "{{ include \"d\" .Values.a }}"};
    static const char *const pins[2][2] = {
        {"`.b` is in the named template \"d\", and other files name what it reads a part of", ""}, {"", ""}};
    struct arena a = {0};
    for (int renamed = 0; renamed < 2; renamed++) {
        struct refs_set set;
        refs_set_init(&a, NULL, &set);
        for (int i = 0; i < 2; i++) refs_set_add(&set, str_from(texts[i]), REFS_OWN);
        refs_set_finish(&set);
        for (uint32_t i = 0; i < 2; i++) {
            struct refs_rewrite result;
            refs_rewrite_file(&a, &set, set.files.items[i], &moves[renamed], 1, &result);
            refs_rewrite_parts(&a, &set, set.files.items[i], &moves[renamed], 1, &result);
            struct str reason = result.blockers.len ? result.blockers.items[0].reason : STR("");
            cr_expect(str_eq(reason, str_from(pins[renamed][i])), "%.*s", STR_ARG(reason));
            cr_expect_eq(result.edits.len, i);
        }
    }
    arena_free(&a);
}

/* The platform's moves of one chart: all of its references follow, nothing pins. */
Test(rewrite, the_references_of_a_chart_follow_its_moves) {
    struct arena a = {0};
    struct refs_move moves[8];
    struct refs_set set;
    struct refs_rewrite result;
    struct error error;
    struct str all;
    uint32_t count = read_moves(&a,
                                "service/port > service/http/port; service/targetPort > service/http/targetPort;"
                                "service/metricsPort > service/metrics/port; config/logLevel > env/LOG_LEVEL;"
                                "config/database/host > database/host; config/kafka/brokers > eventBus/kafka/brokers",
                                moves);
    refs_set_init(&a, NULL, &set);
    cr_assert(file_read(&a, FIXTURES "/platform/before/charts/mdoc-engine/templates/all.yaml", TEXT_MAX, &all, &error));
    struct refs_file *file = refs_set_add(&set, all, REFS_OWN);
    refs_set_finish(&set);
    refs_rewrite_file(&a, &set, file, moves, count, &result);
    cr_assert_eq(result.blockers.len, 0);
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
