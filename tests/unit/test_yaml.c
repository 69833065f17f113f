#include <criterion/criterion.h>

#include "base/buf.h"
#include "value/json.h"
#include "yaml/helm.h"
#include "yaml/lex.h"
#include "yaml/scalar.h"

static struct arena arena;

static struct source make_source(const char *text, size_t len) {
    struct source source = {.path = STR("values.yaml"), .text = arena_str(&arena, (struct str){text, len})};
    source_lines(&arena, &source);
    return source;
}

/* The values of `text` as JSON, then a line "KIND LINE:COLUMN MESSAGE" for each issue. */
static struct str describe(const char *text) {
    static const char *const kinds[] = {"unreadable", "duplicate", "ambiguous", "key",
                                        "refused",    "documents", "merge",     "versions"};
    struct source *source = arena_new(&arena, struct source);
    struct yaml_issues issues = {NULL, 0, 0};
    struct yaml_issue broken;
    struct buf out = buf_in(&arena);
    struct value values;
    struct tree tree;

    *source = make_source(text, strlen(text));
    if (!tree_parse(&arena, source, &tree, &broken)) vec_push(&arena, &issues, broken);
    else if (helm_values(&arena, &tree, &values, &issues)) json_write(&out, &values, JSON_ONE_LINE);
    for (uint32_t i = 0; i < issues.len; i++) {
        struct position at = source_position(source, issues.items[i].span.start);
        buf_addf(&out, "\n%s %u:%u %.*s", kinds[issues.items[i].kind], at.line, at.column,
                 STR_ARG(issues.items[i].message));
    }
    return buf_str(&out);
}

static void check(const char *text, const char *expected) {
    struct str got = describe(text);
    cr_expect(str_eq(got, str_from(expected)), "%s\n gives: %.*s\n  not: %s", text, STR_ARG(got), expected);
}

static void check_scalar(const char *text, const char *helm) {
    struct str s = str_from(text);
    struct scalar scalar = scalar_resolve_helm(s);
    struct str got = scalar_words(&arena, s, &scalar);
    cr_expect(str_eq(got, str_from(helm)), "%s is %.*s, not %s", text, STR_ARG(got), helm);
}

Test(scalar, as_helm_resolves_it) {
    static const char *const yes[] = {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"};
    static const char *const no[] = {"n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"};
    static const char *const strings[] = {"yEs",    "oN", "tRUE",  "0o8", "1:30", "2024-01-01", "4e7f", "1.2.3",
                                          "1e",     "-",  "+",     ".",   "_1",   "0x",         "0xg",  "1e999",
                                          "12e03x", "-_", "truex", "nul", "1 2",  "0b2"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) check_scalar(yes[i], "the boolean true");
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) check_scalar(no[i], "the boolean false");
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        check_scalar(strings[i], arena_printf(&arena, "the string \"%s\"", strings[i]).ptr);
    check_scalar("", "null");
    check_scalar("~", "null");
    check_scalar("Null", "null");
    check_scalar("0644", "the number 420");
    check_scalar("0o644", "the number 420");
    check_scalar("0b101", "the number 5");
    check_scalar("-0b101", "the number -5");
    check_scalar("1_000", "the number 1000");
    check_scalar("0x1F", "the number 31");
    check_scalar("0X_1f", "the number 31");
    check_scalar("+12", "the number 12");
    check_scalar("08", "the number 8");
    check_scalar("1.10", "the number 1.1");
    check_scalar("1.", "the number 1");
    check_scalar(".5e1", "the number 5");
    check_scalar("685e2", "the number 68500");
    check_scalar("1_000.5", "the number 1000.5");
    check_scalar("18446744073709551615", "the number 18446744073709552000");
    check_scalar("99999999999999999999", "the number 100000000000000000000");
    check_scalar("-.inf", "infinity");
    check_scalar(".NaN", "not a number");
}

Test(helm, values_of_every_style) {
    check("a: 1\nb: 'it''s'\nc: \"x\\ty\"\nd: |\n  l1\n  l2\ne: >-\n  f1\n  f2\nf: [1, {g: h}]\ni:\n- j\n- k: l\nm:\n",
          "{\"a\":1,\"b\":\"it's\",\"c\":\"x\\ty\",\"d\":\"l1\\nl2\\n\",\"e\":\"f1 "
          "f2\",\"f\":[1,{\"g\":\"h\"}],\"i\":[\"j\",{\"k\":\"l\"}],"
          "\"m\":null}");
    check("", "{}");
    check("# only a comment\n", "{}");
    check("\xEF\xBB\xBF"
          "a: 1\r\nb: |\r\n  x\r\n",
          "{\"a\":1,\"b\":\"x\\n\"}");
    check("a: !!str 5\nb: !!int \"5\"\nc: !own 5\nd: !!binary aGk=\n",
          "{\"a\":\"5\",\"b\":5,\"c\":\"5\",\"d\":\"hi\"}");
}

Test(helm, empty_block_scalars_take_nothing_from_their_neighbours) {
    check("t:\n  a: |-\n  b: |-\n\n  # c\nd: 1\n", "{\"d\":1,\"t\":{\"a\":\"\",\"b\":\"\"}}");
    check("t:\n  a: |\n  # x\n  b: 1\n", "{\"t\":{\"a\":\"\",\"b\":1}}");
    check("a: |+\n\n\nb: 1\n", "{\"a\":\"\\n\\n\",\"b\":1}");
}

Test(helm, aliases_and_merges) {
    check("a: &x {p: 1, q: 2}\nb: *x\nc:\n  <<: *x\n  q: 3\n",
          "{\"a\":{\"p\":1,\"q\":2},\"b\":{\"p\":1,\"q\":2},\"c\":{\"p\":1,\"q\":3}}");
    check("a: &x {p: 1}\nb: &y {p: 2, r: 3}\nc:\n  <<: [*x, *y]\n",
          "{\"a\":{\"p\":1},\"b\":{\"p\":2,\"r\":3},\"c\":{\"p\":1,\"r\":3}}");
    check("a: &x {q: 2}\nc:\n  q: 3\n  <<: *x\n",
          "{\"a\":{\"q\":2},\"c\":{\"q\":2}}\nmerge 4:7 in Helm this merge overrides `q` above it");
    check("a: *x\n", "\nrefused 1:4 no anchor `&x` is defined above this alias");
    check("a: &x [*x]\n", "\nrefused 1:8 the anchor `&x` contains itself");
    check("a: &x 1\n<<: *x\n", "\nrefused 2:5 a merge (`<<`) takes a mapping, or a list of mappings");
}

Test(helm, what_helm_and_yaml_1_2_read_differently) {
    check("a: yes\n",
          "{\"a\":true}\nambiguous 1:4 `yes` is the boolean true to Helm, but the string \"yes\" in YAML 1.2");
    check("a: 0644\n", "{\"a\":420}\nambiguous 1:4 `0644` is the number 420 to Helm, but the number 644 in YAML 1.2");
    check("a: 9007199254740993\n", "{\"a\":9007199254740992}\nambiguous 1:4 `9007199254740993` becomes "
                                   "9007199254740992 in Helm, which keeps numbers as 64-bit floats");
    check("a: 1e999\n",
          "{\"a\":\"1e999\"}\nambiguous 1:4 `1e999` is the string \"1e999\" to Helm, but infinity in YAML 1.2");
    check("a: \"yes\"\nb: 'no'\nc: 1.10\nd: 1:30\ne: 08\n",
          "{\"a\":\"yes\",\"b\":\"no\",\"c\":1.1,\"d\":\"1:30\",\"e\":8}");
}

Test(helm, keys) {
    check("a: 1\nb: 2\na: 3\n", "{\"a\":3,\"b\":2}\nduplicate 3:1 duplicate key `a` in this mapping");
    check("on: 1\n", "{\"true\":1}\nkey 1:1 Helm turns the key `on` into `true`");
    check("0644: 1\n1.10: 2\n1e6: 3\n8080: 4\n",
          "{\"1.1\":2,\"1e+06\":3,\"420\":1,\"8080\":4}\nkey 1:1 Helm turns the key `0644` into `420`\n"
          "key 2:1 Helm turns the key `1.10` into `1.1`\nkey 3:1 Helm turns the key `1e6` into `1e+06`");
    check("~: 1\n", "\nrefused 1:1 Helm does not accept null as a key");
    check("? [a]\n: 1\n", "\nrefused 1:3 Helm does not accept a list or mapping as a key");
    check("a: {{ .Values.b }}\n",
          "\nrefused 1:5 a values file is not a template: Helm does not evaluate `{{ }}` in it");
}

Test(helm, documents) {
    check("- a\n", "\nrefused 1:1 the document must be a mapping, not a list");
    check("a: .inf\n", "\nrefused 1:4 Helm cannot load `.inf`: JSON has no such number");
    check("a: 1\n---\nb: 2\n", "{\"a\":1}\ndocuments 2:1 a values file is one document: Helm 3 ignores this second one "
                               "in silence, and Helm 4 merges it "
                               "over the first");
}

Test(helm, what_only_its_dialect_refuses) {
    check("a:\n  - \tb\n", "\nrefused 2:5 tabs are not allowed here; use spaces");
    check("a: \"x\\/y\"\n", "\nrefused 1:6 Helm does not know the escape `\\/`");
    check("a: 1\n \t\nb: 2\n", "{\"a\":1,\"b\":2}");
    check("a: 1\n# c\n \t\nb: 2\n", "\nrefused 3:2 tabs are not allowed here; use spaces");
    check("a: \"1\"\n \t\nb: 2\n", "\nrefused 2:2 tabs are not allowed here; use spaces");
    check("a:\n1\n", "\nrefused 2:1 Helm wants this value indented below its key");
    check("a:\n  b:\n  \"c\"\n", "\nrefused 3:3 Helm wants this value indented below its key");
    check("a:\n  b:\n   \"c\"\nd:\n- e\n", "{\"a\":{\"b\":\"c\"},\"d\":[\"e\"]}");
    check("a: {b\n : 1}\n", "\nrefused 1:5 Helm wants a key and its `:` on one line");
    check("a:\tb\n\nc: [1,\t2]\n", "{\"a\":\"b\",\"c\":[1,2]}");
}

Test(parse, the_plain_reader_takes_what_values_files_are_made_of) {
    static const struct {
        const char *text;
        bool plain;
    } cases[] = {
        {"a: 1\nb:\n  c: [x, {y: z}]\n  d: \"e\" # f\n", true},
        {"a:\n- b: 1\n  c: 'd'\n- e\n", true},
        {"# only a comment\n", false},
        {"a: |\n  text\n  more\nb: 2\n", true},
        {"---\na: &b {c: d}\n", false},
        {"a: two\n  lines\n", false},
        {"? a\n: b\n", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct source source = make_source(cases[i].text, strlen(cases[i].text));
        struct yaml_issue broken;
        struct tree tree;
        cr_assert(tree_parse(&arena, &source, &tree, &broken));
        cr_expect_eq(tree.is_plain, cases[i].plain, "%s", cases[i].text);
    }
}

Test(parse, each_kind_of_broken_text_in_its_own_words) {
    check("a: \"x\nb: 1\n", "\nunreadable 1:4 this quote is never closed");
    check("a:\n\t- b\n", "\nunreadable 2:1 tab in the indentation; YAML allows only spaces");
    check("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n",
          "\nunreadable 2:1 a merge conflict is left in the file");
    check("{{ if .Values.x }}\na: b\n{{ end }}\n",
          "\nunreadable 1:1 a values file is not a template: Helm does not evaluate `{{ }}` in it");
    check("a: [1, 2\n", "\nunreadable 2:1 a bracket is never closed");
    check("a: b: c\n", "\nunreadable 1:5 a second `: ` on one line is not allowed in a plain scalar");
    check("a: @x\n", "\nunreadable 1:4 a plain scalar cannot start with this character");
    check("a: \xFF\n", "\nunreadable 1:4 byte 0xFF is not UTF-8");
    check("a: \x01\n", "\nunreadable 1:4 the invisible character U+0001 is not allowed in YAML");
    check("a: 1\rb: 2\n", "\nunreadable 1:5 carriage return without a line feed");
    check("? a:\t-\n", "\nunreadable 1:6 a list item cannot start on the line of its key");
}

Test(parse, deep_nesting_is_refused) {
    struct buf text = buf_in(&arena);
    buf_add_repeat(&text, '[', 5000);
    buf_add_char(&text, '\0');
    check(text.ptr, "\nunreadable 1:1001 collections are nested more than 1000 levels deep");
}

/* Each node's key and text in order, as `key=text` with `;` behind it; collections in full. */
static void list_spans(struct buf *out, struct str text, const struct node *node) {
    if (node->key) buf_addf(out, "%.*s=", STR_ARG(span_text(text, node->key->span)));
    buf_addf(out, "%.*s;", STR_ARG(span_text(text, node->span)));
    if (node->kind == NODE_ALIAS) return;
    for (const struct node *child = node->first; child; child = child->next) list_spans(out, text, child);
}

static void check_spans(const char *text, const char *expected) {
    struct source source = make_source(text, strlen(text));
    struct buf out = buf_in(&arena);
    struct yaml_issue broken;
    struct tree tree;
    cr_assert(tree_parse(&arena, &source, &tree, &broken), "%s: %.*s", text, STR_ARG(broken.message));
    list_spans(&out, source.text, tree.root);
    cr_expect(str_eq(buf_str(&out), str_from(expected)), "%s\n gives: %.*s\n  not: %s", text, STR_ARG(buf_str(&out)),
              expected);
}

Test(parse, spans_are_those_of_the_text) {
    check_spans("a: 'x' # c\n", "a: 'x';a='x';");
    check_spans("\"a\": &n !!str x\n*n : 1\n", "\"a\": &n !!str x\n*n : 1;\"a\"=x;*n=1;");
    check_spans("a: |2-  # c\n    x\n\n# c\nb:\n", "a: |2-  # c\n    x\n\n# c\nb:;a=|2-  # c\n    x;b=;");
    check_spans("a:\n- b\n-\n  - c\n# d\ne: {f: , g}\n",
                "a:\n- b\n-\n  - c\n# d\ne: {f: , g};a=- b\n-\n  - c;b;- c;c;e={f: , g};f=;g=;");
    check_spans("[a: b, \"c\"]", "[a: b, \"c\"];a: b;a=b;\"c\";");
}

Test(lex, each_byte_has_one_class) {
    static const char text[] = "\xEF\xBB\xBF# c\na:\t\"# no\"  # c\nb: | # c\n  # no\n\nd: x#y\n";
    static const char want[] = "WWW"
                               "CCCE"
                               "TTWTTTTTTWWCCCE"
                               "TTWTWCCCT"
                               "TTTTTTEE"
                               "TTWTTTE";
    struct source source = make_source(text, sizeof text - 1);
    struct yaml_issue broken;
    struct tree tree;
    char got[sizeof want];
    cr_assert(tree_parse(&arena, &source, &tree, &broken));
    const uint8_t *classes = yaml_lex_classify(&arena, &tree);
    for (size_t i = 0; i < source.text.len; i++) got[i] = "TCWE"[classes[i]];
    got[source.text.len] = '\0';
    cr_expect_str_eq(got, want);
}

Test(helm, reads_what_yaml_1_2_does_not) {
    check("b:\n-\n- x\n", "{\"b\":[null,\"x\"]}");
    check("- x\n-\n", "\nrefused 1:1 the document must be a mapping, not a list");
    check("a: [-, -]\n", "{\"a\":[\"-\",\"-\"]}");
    check("a: \"it\\'s\"\n", "{\"a\":\"it's\"}");
    check("a: \"b\"#c\n", "{\"a\":\"b\"}");
    check("a: \"b\n\tc\"\n", "{\"a\":\"b c\"}");
    check("a: |1-\n  x\n", "{\"a\":\" x\"}");
    check("a: x # y\xE2\x80\xA8"
          "b: 1\n",
          "{\"a\":\"x\",\"b\":1}\nambiguous 1:9 invisible character that Helm reads as a line break");
    check("%TAG !e! tag:yaml.org,2002:\n---\na: !e!str 1\n",
          "{\"a\":\"1\"}\nversions 2:1 Helm 4 reads the text between two `---` on its own and rejects it: a `---` "
          "is missing behind the directive");
}

Test(helm, refuses_what_yaml_1_2_reads) {
    check("a: [0.0.0.0/0, ::/0]\n", "\nrefused 1:16 Helm takes this `:` for the end of a key");
    check("a: [0.0.0.0/0, \"::/0\"]\n", "{\"a\":[\"0.0.0.0/0\",\"::/0\"]}");
    check("a: {b:[c]}\n", "\nrefused 1:7 a comma or a closing bracket is missing");
    check("a: {b: [c]}\n", "{\"a\":{\"b\":[\"c\"]}}");
    check("a: |\n  \tb\n", "\nrefused 2:3 Helm takes no tab as the indentation of a block text");
    check("a: |2\n  \tb\n", "{\"a\":\"\\tb\\n\"}");
    check("a: |\n  b\n  \tc\n", "{\"a\":\"b\\n\\tc\\n\"}");
    check("%YAML 1.2\n---\na: 1\n", "\nrefused 1:1 Helm accepts only YAML version 1.1");
    check("%FOO bar\n---\na: 1\n", "\nrefused 1:1 Helm does not know this directive");
    check("%foo: 1\n", "\nrefused 1:1 Helm does not know this directive");
    check("\"%foo\": 1\n", "{\"%foo\":1}");
}

Test(helm, the_rest_that_it_ignores_is_named) {
    const char *const ignored =
        "\nunreadable 2:1 the document ends above this line: Helm silently ignores everything from here on";
    check("  a: 1\nb: 2\n", ignored);
    check("{a: 1}\nb: 2\n", ignored);
    check("a: 1\n%YAML 1.1\n", ignored);
    check("  a: 1\n  b: 2\n", "{\"a\":1,\"b\":2}");
}

Test(helm, a_merge_of_its_own_mapping) {
    check("a: &a {x: 1}\n<<: *a\n", "{\"a\":{\"x\":1},\"x\":1}");
    check("a: {b: &b {x: 1}}\n<<: *b\nz: 2\n", "{\"a\":{\"b\":{\"x\":1}},\"x\":1,\"z\":2}");
    check("a: &a\n  <<: *a\n", "\nrefused 2:7 the anchor `&a` contains itself");
    check("! <<: a\n", "\nrefused 1:7 a merge (`<<`) takes a mapping, or a list of mappings");
    check("\"<<\": a\n", "{\"<<\":\"a\"}");
}

Test(helm, where_its_versions_differ) {
    const char *const end =
        "{\"a\":\"x\"}\nversions 1:4 Helm 3 reads this text without a final newline, Helm 4 with one";
    check("a: |\n  x", end);
    check("a: >\n  x", end);
    check("a: |-\n  x", "{\"a\":\"x\"}");
    check("a: |\n  x\n", "{\"a\":\"x\\n\"}");
    check("a: |\n  x\n  ", "{\"a\":\"x\\n\"}");
    check("--- {a: 1}\n",
          "{\"a\":1}\nversions 1:1 Helm 4 reads `---` as the end of a document and rejects what follows it");
    check("---a: 1\n",
          "{\"---a\":1}\nversions 1:1 Helm 4 reads `---` as the end of a document and rejects what follows it");
    check("# x\n--- # y\na: 1\n", "{\"a\":1}");
}

Test(helm, large_numbers) {
    check("a: -9223372036854775808\n", "{\"a\":-9223372036854776000}\nambiguous 1:4 `-9223372036854775808` becomes "
                                       "-9223372036854776000 in Helm, which "
                                       "keeps numbers as 64-bit floats");
    check("a: -9007199254740992\n", "{\"a\":-9007199254740992}");
}
