#include <criterion/criterion.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "report/display.h"
#include "report/report.h"
#include "value/json.h"

static struct arena arena;

static const struct check TAG = {STR_INIT("VL101"), STR_INIT("wrong-type"), SEVERITY_ERROR, STR_INIT("a wrong type")};
static const struct check KEY = {STR_INIT("VL102"), STR_INIT("unknown-key"), SEVERITY_WARNING, STR_INIT("a stray key")};
static const struct check NAME = {STR_INIT("VL501"), STR_INIT("odd-name"), SEVERITY_INFO, STR_INIT("an odd name")};

/* A run over the files that `add` gives it. */
struct run {
    const struct format *format;
    struct report_options options;
    struct report_summary summary;
    struct report_file files[32];
    uint32_t file_count;
    bool ok;
    struct error error;
    struct str warnings;
};

static struct run run_of(const char *format) {
    struct run run = {.format = format_find(str_from(format))};
    cr_assert_not_null(run.format);
    run.options.version = "0.1.0";
    return run;
}

static struct source *source_of(const char *path, struct str text) {
    struct source *source = arena_new(&arena, struct source);
    source->path = str_from(path);
    source->text = text;
    source_lines(&arena, source);
    return source;
}

static void add_all(struct run *run, struct source *source, struct findings *findings) {
    run->files[run->file_count++] = (struct report_file){source, findings, STR("pkd")};
    run->summary.charts++;
    run->summary.files++;
    for (uint32_t i = 0; i < findings->len; i++) run->summary.findings[findings->items[i].severity]++;
}

static struct finding *add(struct run *run, const struct check *check, const char *path, struct str text,
                           struct span span, const char *message) {
    struct findings *findings = arena_new(&arena, struct findings);
    vec_push(&arena, findings, (struct finding){0});
    struct finding *finding = &findings->items[0];
    finding->check = check;
    finding->severity = check->severity;
    finding->span = span;
    finding->message = str_from(message);
    add_all(run, source_of(path, text), findings);
    return finding;
}

/* The span of `part` in `text`. */
static struct span at(struct str text, const char *part) {
    size_t start = str_find(text, str_from(part));
    cr_assert_lt(start, text.len);
    return span_make(start, start + strlen(part));
}

static struct str output(struct run *run) {
    char *text = NULL, *warnings = NULL;
    size_t len = 0, warnings_len = 0;
    struct arena of_report = {0};
    FILE *out = run->options.out ? run->options.out : open_memstream(&text, &len);
    run->options.warnings = open_memstream(&warnings, &warnings_len);
    FILE *made = run->options.out ? NULL : out;
    run->options.out = out;
    void *state = run->format->begin(&of_report, &run->options);
    for (uint32_t i = 0; i < run->file_count; i++) run->format->file(state, &run->files[i]);
    run->ok = run->format->end(state, &run->summary, &run->error);
    if (made) fclose(made);
    fclose(run->options.warnings);
    run->warnings = arena_str(&arena, (struct str){warnings, warnings_len});
    struct str result = arena_str(&arena, (struct str){text, len});
    free(text);
    free(warnings);
    arena_free(&of_report);
    return result;
}

static void expect_at(struct run *run, const char *want, unsigned line) {
    struct str got = output(run);
    cr_assert(run->ok, "%s", run->error.message);
    cr_expect(str_eq(got, str_from(want)), "line %u: got\n%.*s\nnot\n%s", line, STR_ARG(got), want);
}
#define expect(run, want) expect_at((run), (want), __LINE__)

/* What the text format prints of one finding, without the summary. */
static void expect_excerpt_at(struct str text, struct span span, unsigned width, const char *want, unsigned line) {
    struct run run = run_of("text");
    run.options.width = width;
    add(&run, &TAG, "v.yaml", text, span, "m");
    struct str got = output(&run);
    got = str_slice(got, str_find_char(got, '\n') + 1, str_find(got, STR("\n\nFound")) + 1);
    cr_expect(str_eq(got, str_from(want)), "line %u: got\n%.*s\nnot\n%s", line, STR_ARG(got), want);
}
#define expect_excerpt(text, span, width, want) expect_excerpt_at((text), (span), (width), (want), __LINE__)

Test(formats, are_found_by_name) {
    for (const struct format *const *f = FORMATS; *f; f++) cr_expect_eq(format_find(str_from((*f)->name)), *f);
    cr_expect_str_eq(FORMATS[0]->name, "text");
    cr_expect_null(format_find(STR("xml")));
    cr_expect_null(format_find(STR("")));
}

Test(formats, empty_run) {
    struct run run = run_of("text");
    expect(&run, "No charts were checked.\n");
    run = run_of("concise");
    expect(&run, "No charts were checked.\n");
    run = run_of("github");
    expect(&run, "No charts were checked.\n");
    run = run_of("json");
    expect(&run, "{\n  \"version\": \"0.1.0\",\n  \"findings\": [],\n  \"summary\": {\"charts\":0,\"files\":0,"
                 "\"findings\":{\"error\":0,\"warning\":0,\"info\":0},\"fixable\":{\"safe\":0,\"unsafe\":0},"
                 "\"suppressed\":0,\"baselined\":0,\"unreadable\":0,\"notes\":[]}\n}\n");
    run = run_of("jsonl");
    expect(&run, "{\"type\":\"summary\",\"version\":\"0.1.0\",\"charts\":0,\"files\":0,\"findings\":{\"error\":0,"
                 "\"warning\":0,\"info\":0},\"fixable\":{\"safe\":0,\"unsafe\":0},\"suppressed\":0,\"baselined\":0,"
                 "\"unreadable\":0,"
                 "\"notes\":[]}\n");
}

Test(text, one_finding_with_all_its_parts) {
    struct str text = STR("replicaCount: 1\nimage:\n  tag: 1.10\n");
    struct run run = run_of("text");
    struct finding *f = add(&run, &TAG, "charts/pkd/values.yaml", text, at(text, "1.10"), "image.tag must be a string");
    f->help = STR("quote it");
    f->fix = FIX_SAFE;
    f->fix_does = STR("writes `\"1.1\"`");
    run.summary.fixable_safe = 1;
    run.options.verbose = true;
    f->related_count = 1;
    f->related = arena_new(&arena, struct related);
    *f->related = (struct related){run.files[0].source, at(text, "image"), STR("the block begins here")};
    run.options.docs = "docs/rules";
    expect(&run, "`valuelint --fix` repairs:\n"
                 "\n"
                 "charts/pkd/values.yaml:3:8: error[VL101] image.tag must be a string\n"
                 " 3 |   tag: 1.10\n"
                 "   |        ^^^^\n"
                 "   = note: charts/pkd/values.yaml:2:1: the block begins here\n"
                 "   = help: quote it (`--fix` writes `\"1.1\"`)\n"
                 "   = see `valuelint explain VL101`\n"
                 "\n"
                 "Found 1 problem (1 error) in 1 chart: 1 fixable with `valuelint --fix`.\n");
}

Test(text, a_rules_page_is_named_once) {
    struct run run = run_of("text");
    run.options.docs = "https://example.com/rules";
    for (int i = 0; i < 2; i++) add(&run, &KEY, "v.yaml", STR("a: 1\n"), span_make(0, 1), "no such key");
    add(&run, &NAME, "w.yaml", STR("a: 1\n"), span_make(0, 0), "the file has no name");
    expect(&run, "v.yaml:1:1: warning[VL102] no such key\n 1 | a: 1\n   | ^\n"
                 "   = see https://example.com/rules/VL102.md\n\n"
                 "v.yaml:1:1: warning[VL102] no such key\n 1 | a: 1\n   | ^\n\n"
                 "w.yaml:1:1: info[VL501] the file has no name\n"
                 "  = see https://example.com/rules/VL501.md\n\n"
                 "Found 3 problems (2 warnings, 1 info) in 3 charts.\n");
}

Test(text, colour_and_a_link_on_the_id) {
    struct run run = run_of("text");
    run.options.docs = "https://example.com/rules";
    run.options.color = true;
    add(&run, &TAG, "v.yaml", STR("a: 1\n"), span_make(3, 4), "m")->help = STR("h");
    expect(&run, "\x1B[1mv.yaml:1:4\x1B[0m: \x1B[1;31merror["
                 "\x1B]8;;https://example.com/rules/VL101.md\x1B\\VL101\x1B]8;;\x1B\\]\x1B[0m m\n"
                 "\x1B[34m 1 |\x1B[0m a: 1\n"
                 "\x1B[34m   |\x1B[0m    \x1B[1;31m^\x1B[0m\n"
                 "   \x1B[34m= \x1B[0m\x1B[1;36mhelp: \x1B[0mh\n\n"
                 "Found 1 problem (1 error) in 1 chart.\n");
}

Test(text, a_fix_without_help) {
    struct run run = run_of("text");
    add(&run, &TAG, "v.yaml", STR("a: 1\n"), span_make(0, 0), "m")->fix = FIX_SAFE;
    add(&run, &TAG, "v.yaml", STR("a: 1\n"), span_make(0, 0), "m")->fix = FIX_UNSAFE;
    run.summary.fixable_safe = run.summary.fixable_unsafe = 1;
    run.options.verbose = true;
    expect(&run, "v.yaml:1:1: error[VL101] m\n  = help: `--fix --unsafe-fixes` repairs it\n\n"
                 "`valuelint --fix` repairs:\n\n"
                 "v.yaml:1:1: error[VL101] m\n  = help: `--fix` repairs it\n\n"
                 "Found 2 problems (2 errors) in 2 charts: 1 fixable with `valuelint --fix`, "
                 "1 more with `--unsafe-fixes`.\n");
}

Test(excerpt, line_ends_and_byte_order_mark) {
    struct str crlf = STR("a: 1\r\nkey: x\r\n");
    expect_excerpt(crlf, at(crlf, "x"), 0, " 2 | key: x\n   |      ^\n");
    expect_excerpt(crlf, span_make(12, 12), 0, " 2 | key: x\n   |       ^\n"); /* on the CR */
    struct str marked = STR("\xEF\xBB\xBFkey: x\n");
    expect_excerpt(marked, at(marked, "key"), 0, " 1 | key: x\n   | ^^^\n");
    expect_excerpt(marked, at(marked, "x"), 0, " 1 | key: x\n   |      ^\n");
    expect_excerpt(marked, span_make(0, 3), 0, " 1 | key: x\n   | ^\n");
}

Test(excerpt, tabs_wide_and_combining_characters) {
    struct str tabs = STR("\tkey:\tx\n");
    expect_excerpt(tabs, at(tabs, "x"), 0, " 1 |     key:    x\n   |             ^\n");
    expect_excerpt(tabs, at(tabs, "\tx"), 0, " 1 |     key:    x\n   |         ^^^^^\n");
    struct str wide = STR("\u540D\u524D: \U0001F600 x\n");
    expect_excerpt(wide, at(wide, "x"), 0, " 1 | \u540D\u524D: \U0001F600 x\n   |          ^\n");
    expect_excerpt(wide, at(wide, "\u524D"), 0, " 1 | \u540D\u524D: \U0001F600 x\n   |   ^^\n");
    struct str combining = STR("cafe\u0301: x\n");
    expect_excerpt(combining, at(combining, "x"), 0, " 1 | cafe\u0301: x\n   |       ^\n");
    expect_excerpt(combining, at(combining, "e\u0301"), 0, " 1 | cafe\u0301: x\n   |    ^\n");
}

Test(excerpt, spans_at_the_end_and_over_lines) {
    struct str text = STR("a: 1\nb:\n  c: 2  \n  d: 3\n");
    expect_excerpt(text, span_make(text.len, text.len), 0, " 5 |\n   | ^\n");
    expect_excerpt(text, span_make(4, 4), 0, " 1 | a: 1\n   |     ^\n");
    expect_excerpt(text, at(text, "c: 2  \n  d: 3"), 0, " 3 |   c: 2  \n   |   ^^^^\n");
    struct str open = STR("a: [");
    expect_excerpt(open, span_make(4, 4), 0, " 1 | a: [\n   |     ^\n");
    expect_excerpt(open, span_make(3, 4), 0, " 1 | a: [\n   |    ^\n");
    expect_excerpt(STR("\n\n\n\n\n\n\n\n\nkey: x"), span_make(9, 12), 0, " 10 | key: x\n    | ^^^\n");
}

Test(excerpt, bytes_that_would_steer_the_terminal) {
    struct str text = STR("a: \x1B[31m\xFF\x80\x7F\xC2\x9B \u202Ex\n");
    expect_excerpt(text, at(text, "x"), 0,
                   " 1 | a: \uFFFD[31m\uFFFD\uFFFD\uFFFD\uFFFD \uFFFDx\n   |               ^\n");
}

Test(excerpt, is_not_cut_inside_a_character) {
    struct buf line = buf_in(&arena), want = buf_in(&arena);
    for (int i = 0; i < 100; i++) buf_add(&line, STR("e\u0301"));
    buf_add(&want, STR(" 1 | ..."));
    for (int i = 0; i < 32; i++) buf_add(&want, STR("e\u0301"));
    buf_addf(&want, "\n   | %34s^\n%c", "", 0);
    expect_excerpt(buf_str(&line), span_make(297, 300), 40, want.ptr);
}

/* `count` letters, the last one of each ten a digit. */
static struct str ruler(size_t count) {
    char *text = arena_alloc_raw(&arena, count);
    for (size_t i = 0; i < count; i++) text[i] = (char)(i % 10 == 9 ? '0' + i / 10 % 10 : 'a' + i % 10);
    return (struct str){text, count};
}

Test(excerpt, long_lines_are_cut_around_the_span) {
    struct str line = ruler(200); /* 40 columns: 35 for the text, 29 of them beside two cuts */
    expect_excerpt(line, span_make(0, 3), 40,
                   " 1 | abcdefghi0abcdefghi1abcdefghi2ab...\n"
                   "   | ^^^\n");
    expect_excerpt(line, span_make(100, 103), 40,
                   " 1 | ...hi8abcdefghi9abcdefghi0abcdef...\n"
                   "   |                 ^^^\n");
    expect_excerpt(line, span_make(197, 200), 40,
                   " 1 | ...i6abcdefghi7abcdefghi8abcdefghi9\n"
                   "   |                                 ^^^\n");
    expect_excerpt(line, span_make(100, 180), 40,
                   " 1 | ...defghi9abcdefghi0abcdefghi1ab...\n"
                   "   |           ^^^^^^^^^^^^^^^^^^^^^^\n");
    expect_excerpt(ruler(35), span_make(34, 35), 40,
                   " 1 | abcdefghi0abcdefghi1abcdefghi2abcde\n"
                   "   |                                   ^\n");
}

Test(text, summary_in_words) {
    struct run run = run_of("text");
    run.summary.charts = 1;
    expect(&run, "No problems in 1 chart.\n");
    struct report_note note = {STR("charts/mon\x1Bitoring"), STR("umbrella chart")};
    run = run_of("text");
    run.summary = (struct report_summary){
        .charts = 11, .suppressed = 3, .baselined = 12, .unreadable = 1, .notes = &note, .note_count = 1};
    expect(&run, "note: charts/mon\uFFFDitoring: checked as plain YAML only (umbrella chart)\n"
                 "No problems in 11 charts. 3 suppressed. 12 in the baseline. 1 file could not be read.\n");
    run.options.out = NULL;
    run.options.quiet = true;
    expect(&run, "");
    run.options.out = NULL;
    run.summary.findings[SEVERITY_ERROR] = 1;
    run.summary.findings[SEVERITY_WARNING] = 2;
    run.summary.findings[SEVERITY_INFO] = 2;
    run.summary.fixable_unsafe = 2;
    run.summary.unreadable = 2;
    expect(&run, "Found 5 problems (1 error, 2 warnings, 2 info) in 11 charts: "
                 "2 fixable with `valuelint --fix --unsafe-fixes`, 3 need a decision. "
                 "3 suppressed. 12 in the baseline. 2 files could not be read.\n");
}

Test(text, statistics) {
    struct check_count counts[] = {{&KEY, 123456}, {&TAG, 7}};
    struct run run = run_of("text");
    run.summary = (struct report_summary){.charts = 2, .statistics = counts, .statistic_count = 2};
    run.summary.findings[SEVERITY_ERROR] = 7;
    run.summary.findings[SEVERITY_WARNING] = 123456;
    const char *want = "\n"
                       " Count  Rule   Severity  Name\n"
                       "123456  VL102  warning   unknown-key\n"
                       "     7  VL101  error     wrong-type\n"
                       "\n"
                       "Found 123463 problems (7 errors, 123456 warnings) in 2 charts.\n";
    expect(&run, want + 1);
    run.format = format_find(STR("concise"));
    run.options.out = NULL;
    expect(&run, want);
}

Test(concise, one_line_a_finding) {
    struct run run = run_of("concise");
    struct str text = STR("\xEF\xBB\xBF\u00E9: \"x\"\r\n");
    add(&run, &TAG, "a:b\n.yaml", text, at(text, "\"x\""), "two\r\nlines\tand \x1B[0m \xC3 100%");
    add(&run, &KEY, "v.yaml", STR(""), span_make(0, 0), "empty");
    add(&run, &NAME, "v.yaml", STR("a: 1\nb: 2"), span_make(9, 9), "at the end");
    expect(&run, "a:b .yaml:1:4: VL101 error two lines    and \uFFFD[0m \uFFFD 100%\n"
                 "v.yaml:1:1: VL102 warning empty\n"
                 "v.yaml:2:5: VL501 info at the end\n"
                 "Found 3 problems (1 error, 1 warning, 1 info) in 3 charts.\n");
}

Test(concise, colour) {
    struct run run = run_of("concise");
    run.options.color = true;
    add(&run, &KEY, "v.yaml", STR("a: 1\n"), span_make(3, 4), "m");
    expect(&run, "v.yaml:1:4: \x1B[1;33mVL102 warning\x1B[0m m\nFound 1 problem (1 warning) in 1 chart.\n");
}

Test(github, escapes) {
    struct run run = run_of("github");
    struct str text = STR("\xEF\xBB\xBF\u00E9: 1\n");
    add(&run, &TAG, "a,b:c%\n.yaml", text, at(text, "1"), "50%, a: b\r\n::error::x\xFF");
    expect(&run, "::error file=a%2Cb%3Ac%25%0A.yaml,line=1,endLine=1,col=4,endColumn=5,title=VL101 wrong-type"
                 "::50%25, a: b%0D%0A::error::x\uFFFD\n"
                 "Found 1 problem (1 error) in 1 chart.\n");
}

Test(github, places) {
    struct run run = run_of("github");
    struct str text = STR("a:\n  b: 1\n  c: 2\n");
    add(&run, &NAME, "v.yaml", text, at(text, "b: 1\n  c: 2\n"), "several lines");
    add(&run, &KEY, "v.yaml", text, at(text, "b: 1\n"), "with the line end");
    add(&run, &KEY, "v.yaml", text, span_make(0, 0), "the file");
    add(&run, &TAG, "v.yaml", text, span_make(text.len, text.len), "the end");
    expect(&run, "::error file=v.yaml,line=4,endLine=4,col=1,endColumn=1,title=VL101 wrong-type::the end\n"
                 "::warning file=v.yaml,line=2,endLine=2,col=3,endColumn=8,title=VL102 unknown-key::with the line end\n"
                 "::warning file=v.yaml,title=VL102 unknown-key::the file\n"
                 "::notice file=v.yaml,line=2,endLine=3,title=VL501 odd-name::several lines\n"
                 "Found 4 problems (1 error, 2 warnings, 1 info) in 4 charts.\n");
}

Test(github, ten_of_each_severity) {
    struct run run = run_of("github");
    struct buf want = buf_in(&arena);
    for (int i = 0; i < 12; i++) {
        const char *path = arena_printf(&arena, "c%02d.yaml", i).ptr;
        add(&run, &KEY, path, STR("a: 1\n"), span_make(0, 0), "w");
        if (i < 11) add(&run, &TAG, path, STR("a: 1\n"), span_make(0, 0), "e");
    }
    for (int i = 0; i < 10; i++) buf_addf(&want, "::error file=c%02d.yaml,title=VL101 wrong-type::e\n", i);
    for (int i = 0; i < 10; i++) buf_addf(&want, "::warning file=c%02d.yaml,title=VL102 unknown-key::w\n", i);
    buf_add(&want, STR("Found 23 problems (11 errors, 12 warnings) in 23 charts.\n"
                       "3 findings not annotated (GitHub shows at most 10 per severity and step).\n"));
    buf_add_char(&want, '\0');
    expect(&run, want.ptr);
}

/* A step summary that holds `size` bytes already; the test's own folder. */
static const char *page_of(size_t size) {
    char *path = arena_alloc(&arena, 200);
    snprintf(path, 200, "%s/vl-page-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    FILE *file = fdopen(fd, "w");
    for (size_t i = 0; i < size; i++) fputc('x', file);
    fclose(file);
    return path;
}

static struct str page_text(const char *path) {
    struct str text;
    struct error error;
    cr_assert(file_read(&arena, path, (size_t)8 << 20, &text, &error), "%s", error.message);
    unlink(path);
    return text;
}

Test(github, step_summary) {
    struct run run = run_of("github");
    run.options.docs = "https://example.com/rules";
    run.options.step_summary = page_of(3);
    add(&run, &TAG, "a|b_c.yaml", STR("a:\n  b: 1\n"), span_make(5, 6), "x | y\r\n<b>`z` \\| *w*");
    add(&run, &KEY, "v.yaml", STR("a: 1\n"), span_make(0, 0), "plain");
    output(&run);
    struct str page = page_text(run.options.step_summary);
    const char *want = "xxx\n### valuelint\n\n| Severity | Rule | Place | Problem |\n|---|---|---|---|\n"
                       "| error | [VL101](https://example.com/rules/VL101.md) | a&#124;b&#95;c.yaml:2 "
                       "| x &#124; y &#60;b&#62;<code>z</code> &#92;&#124; &#42;w&#42; |\n"
                       "| warning | [VL102](https://example.com/rules/VL102.md) | v.yaml:1 | plain |\n"
                       "\nFound 2 problems (1 error, 1 warning) in 2 charts.\n";
    cr_expect(str_eq(page, str_from(want)), "%.*s", STR_ARG(page));
    cr_expect_eq(run.warnings.len, 0);
}

Test(github, step_summary_of_a_clean_run) {
    struct run run = run_of("github");
    run.options.step_summary = page_of(0);
    run.summary.charts = 2;
    expect(&run, "No problems in 2 charts.\n");
    struct str page = page_text(run.options.step_summary);
    cr_expect(str_eq(page, STR("\n### valuelint\n\nNo problems in 2 charts.\n")), "%.*s", STR_ARG(page));
}

Test(github, step_summary_has_a_limit) {
    struct run run = run_of("github");
    run.options.step_summary = page_of(1000);
    struct findings many = {0};
    for (int i = 0; i < 30000; i++) {
        struct finding finding = {.check = &KEY, .severity = SEVERITY_WARNING, .message = STR_INIT("such a stray key")};
        vec_push(&arena, &many, finding);
    }
    add_all(&run, source_of("v.yaml", STR("a: 1\n")), &many);
    struct str out = output(&run);
    struct str page = page_text(run.options.step_summary);
    cr_expect_leq(page.len, 1 << 20);
    cr_expect_gt(page.len, (1 << 20) - 2048);

    struct str tail = str_slice(page, str_find(page, STR("\n\nFound")), page.len);
    uint32_t rows = 0;
    for (size_t i = 0; i < page.len; i++) rows += str_starts(str_slice(page, i, page.len), STR("\n| warning"));
    struct str want = arena_printf(&arena,
                                   "\n\nFound 30000 problems (30000 warnings) in 1 chart.\n"
                                   "\n%u of them are left out here: GitHub takes 1 MiB for a step.\n",
                                   30000 - rows);
    cr_expect(str_eq(tail, want), "%.*s", STR_ARG(tail));
    cr_expect(str_ends(out, STR("\n29990 findings not annotated (GitHub shows at most 10 per severity and step).\n")));
}

Test(github, step_summary_that_is_full_or_cannot_be_written) {
    struct run run = run_of("github");
    run.options.step_summary = page_of((1 << 20) - 10);
    add(&run, &KEY, "v.yaml", STR("a: 1\n"), span_make(0, 0), "m");
    output(&run);
    cr_expect_eq(page_text(run.options.step_summary).len, (1 << 20) - 10);
    cr_expect(str_ends(run.warnings, STR(" is full\n")), "%.*s", STR_ARG(run.warnings));

    const char *broken[] = {"/nonexistent/page", "/", "/dev/full"};
    const char *why[] = {"No such file or directory", "Is a directory", "No space left on device"};
    for (int i = 0; i < 3; i++) {
        run = run_of("github");
        run.options.step_summary = broken[i];
        add(&run, &KEY, "v.yaml", STR("a: 1\n"), span_make(0, 0), "m");
        expect(&run, "::warning file=v.yaml,title=VL102 unknown-key::m\nFound 1 problem (1 warning) in 1 chart.\n");
        struct str want = arena_printf(&arena, "warning: cannot write the step summary %s: %s\n", broken[i], why[i]);
        cr_expect(str_eq(run.warnings, want), "%.*s", STR_ARG(run.warnings));
    }
}

Test(json, one_document) {
    struct run run = run_of("json");
    struct str text = STR("\xEF\xBB\xBF\u00E9: 1\n");
    struct finding *f = add(&run, &TAG, "a\xFF.yaml", text, at(text, "1"), "say \"no\"\n\x01");
    f->help = STR("quote it");
    f->path = STR("\u00E9");
    f->fix = FIX_UNSAFE;
    run.summary.fixable_unsafe = 1;
    f->related_count = 1;
    f->related = arena_new(&arena, struct related);
    *f->related = (struct related){run.files[0].source, span_make(3, 5), STR("here")};
    add(&run, &KEY, "v.yaml", STR(""), span_make(0, 0), "m");
    run.options.docs = "docs/rules";
    struct report_note note = {STR("lib"), STR("library chart")};
    struct check_count counts[] = {{&KEY, 1}};
    run.summary.notes = &note;
    run.summary.note_count = 1;
    run.summary.statistics = counts;
    run.summary.statistic_count = 1;
    expect(&run,
           "{\n  \"version\": \"0.1.0\",\n  \"findings\": [\n"
           "    {\"id\":\"VL101\",\"name\":\"wrong-type\",\"severity\":\"error\","
           "\"message\":\"say \\\"no\\\"\\n\\u0001\",\"help\":\"quote it\",\"path\":\"a\uFFFD.yaml\",\"chart\":\"pkd\","
           "\"value\":\"\u00E9\",\"start\":{\"line\":1,\"column\":4,\"byteColumn\":5,\"offset\":7},"
           "\"end\":{\"line\":1,\"column\":5,\"byteColumn\":6,\"offset\":8},\"fix\":\"unsafe\","
           "\"url\":\"docs/rules/VL101.md\",\"related\":[{\"path\":\"a\uFFFD.yaml\","
           "\"start\":{\"line\":1,\"column\":1,\"byteColumn\":1,\"offset\":3},"
           "\"end\":{\"line\":1,\"column\":2,\"byteColumn\":3,\"offset\":5},\"message\":\"here\"}]},\n"
           "    {\"id\":\"VL102\",\"name\":\"unknown-key\",\"severity\":\"warning\",\"message\":\"m\",\"help\":null,"
           "\"path\":\"v.yaml\",\"chart\":\"pkd\",\"value\":null,"
           "\"start\":{\"line\":1,\"column\":1,\"byteColumn\":1,\"offset\":0},"
           "\"end\":{\"line\":1,\"column\":1,\"byteColumn\":1,\"offset\":0},\"fix\":\"none\","
           "\"url\":\"docs/rules/VL102.md\",\"related\":[]}\n"
           "  ],\n  \"summary\": {\"charts\":2,\"files\":2,\"findings\":{\"error\":1,\"warning\":1,\"info\":0},"
           "\"fixable\":{\"safe\":0,\"unsafe\":1},\"suppressed\":0,\"baselined\":0,\"unreadable\":0,"
           "\"notes\":[{\"path\":\"lib\",\"text\":\"library chart\"}],"
           "\"statistics\":[{\"id\":\"VL102\",\"name\":\"unknown-key\",\"severity\":\"warning\",\"count\":1}]}\n}\n");
}

Test(json, any_bytes_give_valid_json) {
    char bytes[257];
    for (int i = 0; i < 256; i++) bytes[i] = (char)(i + 1);
    struct run run = run_of("json");
    struct finding *f = add(&run, &TAG, bytes, (struct str){bytes, 256}, span_make(200, 201), bytes);
    f->help = f->path = (struct str){bytes, 256};
    run.files[0].chart = f->help;
    struct value document;
    struct json_error error;
    cr_expect(json_parse(&arena, output(&run), &document, &error), "%s at %u", error.message, error.offset);

    run = run_of("jsonl");
    add(&run, &TAG, bytes, (struct str){bytes, 256}, span_make(200, 201), bytes);
    struct str rest = output(&run), line;
    int lines = 0;
    for (; str_split_next(&rest, '\n', &line); lines++)
        cr_expect(json_parse(&arena, line, &document, &error), "%s at %u", error.message, error.offset);
    cr_expect_eq(lines, 2);
}

Test(jsonl, a_line_for_each_object) {
    struct run run = run_of("jsonl");
    add(&run, &KEY, "v.yaml", STR("a: 1\r\nb: 2\r\n"), span_make(6, 7), "m");
    expect(&run, "{\"type\":\"finding\",\"id\":\"VL102\",\"name\":\"unknown-key\",\"severity\":\"warning\","
                 "\"message\":\"m\",\"help\":null,\"path\":\"v.yaml\",\"chart\":\"pkd\",\"value\":null,"
                 "\"start\":{\"line\":2,\"column\":1,\"byteColumn\":1,\"offset\":6},"
                 "\"end\":{\"line\":2,\"column\":2,\"byteColumn\":2,\"offset\":7},\"fix\":\"none\",\"url\":null,"
                 "\"related\":[]}\n"
                 "{\"type\":\"summary\",\"version\":\"0.1.0\",\"charts\":1,\"files\":1,\"findings\":{\"error\":0,"
                 "\"warning\":1,\"info\":0},\"fixable\":{\"safe\":0,\"unsafe\":0},\"suppressed\":0,\"baselined\":0,"
                 "\"unreadable\":0,"
                 "\"notes\":[]}\n");
}

Test(formats, a_full_disk_is_noticed) {
    for (const struct format *const *format = FORMATS; *format; format++) {
        for (int count = 1; count <= 30000; count *= 30000) {
            struct run run = run_of((*format)->name);
            struct findings many = {0};
            for (int i = 0; i < count; i++) {
                struct finding finding = {.check = &KEY, .severity = SEVERITY_WARNING, .message = STR_INIT("m")};
                vec_push(&arena, &many, finding);
            }
            add_all(&run, source_of("v.yaml", STR("a: 1\n")), &many);
            run.options.out = fopen("/dev/full", "w");
            output(&run);
            cr_expect_not(run.ok, "%s, %d findings", (*format)->name, count);
            cr_expect_str_eq(run.error.message, "the report could not be written: No space left on device");
            fclose(run.options.out);
        }
    }
}

Test(display, widths) {
    cr_expect_eq(width_of('a'), 1);
    cr_expect_eq(width_of(0xE9), 1);
    cr_expect_eq(width_of(0x301), 0);
    cr_expect_eq(width_of(0x200D), 0);
    cr_expect_eq(width_of(0x4E2D), 2);
    cr_expect_eq(width_of(0xFF21), 2);
    cr_expect_eq(width_of(0xAC00), 2);
    cr_expect_eq(width_of(0x1F600), 2);
    cr_expect_eq(width_of(0x2764), 1);
    cr_expect_eq(width_of(0x10FFFF), 1);
}
