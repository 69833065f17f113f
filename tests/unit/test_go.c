/* What Go's libraries do with numbers, texts, patterns, versions and dates: results measured with Go itself. Random
 * calls against Helm (tests/e2e/functions_helm.py) go further; these name what each piece must not lose. */
#include <criterion/criterion.h>

#include "template/go/date.h"
#include "template/go/decimal.h"
#include "template/go/hash.h"
#include "template/go/number.h"
#include "template/go/regex.h"
#include "template/go/semver.h"
#include "template/go/unicode.h"
#include "template/go/url.h"
#include "template/go/yaml.h"

static struct arena arena;

static void clear(void) {
    arena_free(&arena);
}

#define expect_text(built, wanted)                                                                                     \
    do {                                                                                                               \
        struct str text_ = buf_str(&(built));                                                                          \
        cr_expect(str_eq(text_, str_from(wanted)), "%.*s instead of %s", STR_ARG(text_), (wanted));                    \
    } while (0)

Test(number, floats, .fini = clear) {
    static const struct {
        double number;
        char format;
        int precision;
        const char *wanted;
    } cases[] = {
        {1000000, 'g', -1, "1e+06"},
        {123456, 'g', -1, "123456"},
        {0.0001, 'g', -1, "0.0001"},
        {1e-5, 'g', -1, "1e-05"},
        {5e-324, 'g', -1, "5e-324"},
        {9007199254740992, 'g', -1, "9.007199254740992e+15"},
        {-0.0, 'g', -1, "-0"},
        {2.5, 'f', 0, "2"},
        {1e21, 'f', -1, "1000000000000000000000"},
        {3.14159, 'e', 2, "3.14e+00"},
        {1.5, 'x', -1, "0x1.8p+00"},
        {0.1, 'b', -1, "7205759403792794p-56"},
        {100, 'G', 2, "1E+02"},
        {1e100, 'e', -1, "1e+100"},
        {5.684341886080802e-14, 'g', -1, "5.684341886080802e-14"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = buf_in(&arena);
        go_format_float(&out, cases[i].number, cases[i].format, cases[i].precision);
        expect_text(out, cases[i].wanted);
    }
}

Test(number, json, .fini = clear) {
    struct buf out = buf_in(&arena);
    static const double numbers[] = {1e20, 1e21, 1e-6, 1e-7, 123456789.5, -0.0};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        go_format_json_float(&out, numbers[i]);
        buf_add_char(&out, ' ');
    }
    expect_text(out, "100000000000000000000 1e+21 0.000001 1e-7 123456789.5 -0 ");
}

Test(number, parsing) {
    int64_t integer;
    uint64_t natural;
    double real;
    cr_expect(go_parse_int(STR("0x10"), 0, &integer) == GO_PARSE_OK && integer == 16);
    cr_expect(go_parse_int(STR("017"), 0, &integer) == GO_PARSE_OK && integer == 15);
    cr_expect(go_parse_int(STR("08"), 0, &integer) == GO_PARSE_SYNTAX && integer == 0);
    cr_expect(go_parse_int(STR("1_000"), 0, &integer) == GO_PARSE_OK && integer == 1000);
    cr_expect(go_parse_int(STR("1__000"), 0, &integer) == GO_PARSE_SYNTAX);
    cr_expect(go_parse_int(STR("1_000"), 10, &integer) == GO_PARSE_SYNTAX);
    cr_expect(go_parse_int(STR("9223372036854775808"), 10, &integer) == GO_PARSE_RANGE && integer == INT64_MAX);
    cr_expect(go_parse_uint(STR("18446744073709551615"), 10, &natural) == GO_PARSE_OK && natural == UINT64_MAX);
    cr_expect(go_parse_float(STR("1_0.5e1"), &real) == GO_PARSE_OK && real == 105);
    cr_expect(go_parse_float(STR("0x1p-2"), &real) == GO_PARSE_OK && real == 0.25);
    cr_expect(go_parse_float(STR("1e400"), &real) == GO_PARSE_RANGE);
    cr_expect(go_parse_float(STR(" 1"), &real) == GO_PARSE_SYNTAX);
}

Test(decimal, arithmetic, .fini = clear) {
    struct go_decimal a = go_decimal_from(&arena, 0.1), b = go_decimal_from(&arena, 0.2),
                      three = go_decimal_from(&arena, 3);
    struct go_decimal sum = go_decimal_add(&arena, &a, &b), difference = go_decimal_sub(&arena, &a, &b);
    struct go_decimal third = go_decimal_div(&arena, &a, &three), product = go_decimal_mul(&arena, &sum, &three);
    cr_expect(go_decimal_number(&arena, &sum) == 0.3); /* which 0.1 + 0.2 is not in binary */
    cr_expect(go_decimal_number(&arena, &difference) == -0.1);
    cr_expect(go_decimal_number(&arena, &third) == 0.0333333333333333);
    cr_expect(go_decimal_number(&arena, &product) == 0.9);
}

Test(unicode, quoting, .fini = clear) {
    struct buf out = buf_in(&arena);
    go_quote(&out, STR("a\"\\\n\x01\x7F\xC3\xA9\xE2\x80\x8B\xFF\xF0\x9F\x98\x80"), '"', false);
    expect_text(out, "\"a\\\"\\\\\\n\\x01\\x7f\xC3\xA9\\u200b\\xff\xF0\x9F\x98\x80\"");
    cr_expect(go_to_upper(0xDF) == 0xDF && go_to_title(0x1C6) == 0x1C5 && go_to_lower(0x130) == 'i');
}

Test(hash, sums, .fini = clear) {
    struct buf out = buf_in(&arena);
    go_sha1(&out, STR("abc"));
    buf_add_char(&out, ' ');
    go_sha256(&out, STR(""));
    buf_add_char(&out, ' ');
    go_adler32(&out, STR("Wikipedia"));
    expect_text(out, "a9993e364706816aba3e25717850c26c9cd0d89d "
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 300286872");
    struct buf long_sum = buf_in(&arena), text = buf_in(&arena);
    buf_add_repeat(&text, 'a', 200);
    go_sha512(&long_sum, buf_str(&text));
    expect_text(
        long_sum,
        "4b11459c33f52a22ee8236782714c150a3b2c60994e9acee17fe68947a3e6789f31e7668394592da7bef827cddca88c4e6f86e4df7"
        "ed1ae6cba71f3e98faee9f");
}

Test(hash, base64, .fini = clear) {
    struct buf out = buf_in(&arena);
    size_t bad = 0;
    cr_expect(go_base64_decode(&out, STR("YW\nJj"), &bad));
    expect_text(out, "abc");
    cr_expect(!go_base64_decode(&out, STR("YWJjZ"), &bad) && bad == 4);
    cr_expect(!go_base64_decode(&out, STR("YQ"), &bad) && bad == 0);
}

static enum go_regex_result compile(const char *pattern, const struct go_regex **regex, struct str *error) {
    return go_regex_compile(&arena, str_from(pattern), regex, error);
}

Test(regex, what_re2_refuses, .fini = clear) {
    static const struct {
        const char *pattern, *error;
    } cases[] = {
        {"a(?=b)", "invalid or unsupported Perl syntax: `(?=`"},
        {"(?<=a)b", "invalid named capture: `(?<=a)b`"},
        {"\\1", "invalid escape sequence: `\\1`"},
        {"a++", "invalid nested repetition operator: `++`"},
        {"\\Z", "invalid escape sequence: `\\Z`"},
        {"a{1001}", "invalid repeat count: `{1001}`"},
        {"*a", "missing argument to repetition operator: `*`"},
        {"(a", "missing closing ): `(a`"},
        {"[z-a]", "invalid character class range: `z-a`"},
        {"(a{100}){11}", "invalid repeat count: `{11}`"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct go_regex *regex;
        struct str error = STR("");
        cr_expect(compile(cases[i].pattern, &regex, &error) == GO_REGEX_REFUSED, "%s", cases[i].pattern);
        struct str wanted = arena_printf(&arena, "error parsing regexp: %s", cases[i].error);
        cr_expect(str_eq(error, wanted), "%.*s instead of %.*s", STR_ARG(error), STR_ARG(wanted));
    }
}

static void expect_replaced(const char *pattern, struct str text, const char *replacement, const char *wanted) {
    const struct go_regex *regex;
    struct go_regex_parts parts;
    struct str error;
    struct buf out = buf_in(&arena);
    cr_assert(compile(pattern, &regex, &error) == GO_REGEX_OK);
    cr_assert(go_regex_replace(&arena, regex, text, str_from(replacement), false, &parts) == GO_REGEX_OK);
    for (uint32_t i = 0; i < parts.len; i++) {
        const struct go_regex_part *part = &parts.items[i];
        buf_add(&out, part->replacement.ptr ? part->replacement : str_slice(text, part->start, part->end));
    }
    expect_text(out, wanted);
}

Test(regex, replacing, .fini = clear) {
    expect_replaced("a*", STR("baac"), "x", "xbxcx"); /* no empty match right behind another one */
    expect_replaced("(a)", STR("abc"), "$1x", "bc");  /* the group 1x */
    expect_replaced("(a)", STR("abc"), "${1}x$$", "ax$bc");
    expect_replaced("^[\\w-\\.]+$", STR("a.b-c"), "ok", "ok");
    expect_replaced("[^a]", STR("a\xFF"), "x", "ax"); /* a broken byte is a character */
    expect_replaced("b$", STR("b\n"), "x", "b\n");    /* the end is the end */
}

static void expect_met(const char *constraint, const char *text, bool wanted) {
    struct go_version version;
    struct str error;
    bool met = !wanted;
    cr_assert(go_version_parse(&arena, str_from(text), &version, &error), "%s", text);
    cr_assert(go_version_check(&arena, str_from(constraint), &version, &met, &error), "%s", constraint);
    cr_expect(met == wanted, "%s %s", constraint, text);
}

Test(semver, constraints, .fini = clear) {
    expect_met(">=1.19-0", "v1.20.15-eks-1", true);
    expect_met(">=1.19", "v1.20.15-eks-1", false); /* a pre-release needs one in the constraint */
    expect_met("=1.2", "1.2.9", true);
    expect_met(">1.2", "1.2.9", false);
    expect_met("^0.0.3", "0.0.4", false);
    expect_met("1.2 - 1.4", "1.4.0", true);
    expect_met(">= 1.19.x, <1.25-0 || ^2", "2.1.0", true);
    expect_met("!=1.2", "1.2.3", false);
}

Test(date, layouts, .fini = clear) {
    struct buf out = buf_in(&arena);
    struct go_time time = go_time_utc(951782400);
    go_time_format(&out, &time, STR("Mon Jan _2 15:04:05 MST 2006 002 3PM Z07:00 -0700 .000"));
    expect_text(out, "Tue Feb 29 00:00:00 UTC 2000 060 12AM Z +0000 .000");
}

Test(date, durations, .fini = clear) {
    int64_t duration;
    struct buf out = buf_in(&arena);
    cr_assert(go_duration_parse(STR("1h-2m"), &duration) == false);
    cr_assert(go_duration_parse(STR("-1.5h30ms"), &duration));
    go_duration_format(&out, duration);
    expect_text(out, "-1h30m0.03s");
}

Test(url, parts, .fini = clear) {
    struct go_url url;
    struct str error;
    struct buf out = buf_in(&arena);
    cr_assert(go_url_parse(&arena, STR("HTTP://u:p%40@[::1]:80/a%20b?q#f"), &url, &error));
    cr_expect(str_eq(url.host, STR("[::1]:80")) && str_eq(go_url_hostname(url.host), STR("::1")));
    go_url_format(&out, &url);
    expect_text(out, "http://u:p%40@[::1]:80/a%20b?q#f");
    cr_assert(!go_url_parse(&arena, STR("http://a:x"), &url, &error));
    cr_expect(str_eq(error, STR("parse \"http://a:x\": invalid port \":x\" after host")));
}

static void expect_yaml(struct str text, const char *wanted) {
    struct buf out = buf_in(&arena);
    struct go_yaml yaml;
    go_yaml_begin(&yaml, &out);
    int begun = go_yaml_map_begin(&yaml);
    go_yaml_key(&yaml, STR("k"));
    go_yaml_value(&yaml);
    go_yaml_string(&yaml, text);
    go_yaml_collection_end(&yaml, begun);
    go_yaml_end(&yaml);
    expect_text(out, wanted);
}

Test(yaml, quoting, .fini = clear) {
    expect_yaml(STR("yes"), "k: \"yes\"\n");
    expect_yaml(STR("a: b"), "k: 'a: b'\n");
    expect_yaml(STR("1:30"), "k: \"1:30\"\n");
    expect_yaml(STR("2001-13-01"), "k: 2001-13-01\n");
    expect_yaml(STR("\xF0\x9F\x98\x80"), "k: \"\\U0001F600\"\n");
    expect_yaml(STR("a\nb\n\n"), "k: |+\n  a\n  b\n\n");
    expect_yaml(STR(" a\nb"), "k: |2-\n   a\n  b\n");
    expect_yaml(STR("a \nb"), "k: \"a \\nb\"\n");
}

Test(yaml, folding, .fini = clear) {
    struct buf words = buf_in(&arena), wanted = buf_in(&arena);
    for (int i = 0; i < 20; i++) buf_addf(&words, "%sword", i ? " " : "");
    buf_add(&wanted, STR("k: "));
    for (int i = 0; i < 20; i++) buf_addf(&wanted, "%sword", i == 16 ? "\n  " : i ? " " : "");
    buf_add(&wanted, STR("\n"));
    buf_add_char(&wanted, '\0');
    expect_yaml(buf_str(&words), wanted.ptr);
}

Test(yaml, key_order) {
    static const char *const keys[] = {"-",   "_",   "1",    "1a", "01", "A9",    "B",      "a1", "a11",
                                       "a1b", "a01", "a001", "a2", "a9", "a10b2", "a10b10", "b"};
    for (size_t i = 1; i < sizeof keys / sizeof *keys; i++)
        cr_expect(go_yaml_key_cmp(str_from(keys[i - 1]), str_from(keys[i])) < 0, "%s before %s", keys[i - 1], keys[i]);
}
