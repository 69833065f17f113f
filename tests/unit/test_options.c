#include <criterion/criterion.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/option_table.h"

static struct arena arena;

/* Parses `line`, whose words stand apart by one space each. */
static bool parse_line(const char *line, struct options *options, struct error *error) {
    char *argv[32] = {"valuelint"};
    int argc = 1;
    struct str rest = str_from(line), word;
    while (str_split_next(&rest, ' ', &word)) {
        cr_assert_lt(argc, 31);
        argv[argc] = arena_alloc(&arena, word.len + 1);
        memcpy(argv[argc++], word.ptr, word.len);
    }
    return options_parse(&arena, argc, argv, options, error);
}

static struct options parse_at(const char *line, unsigned number) {
    struct options options;
    struct error error = {0};
    cr_assert(parse_line(line, &options, &error), "line %u: %s: %s", number, line, error.message);
    return options;
}
#define parse(line) parse_at((line), __LINE__)

static void refuse_at(const char *line, const char *message, unsigned number) {
    struct options options;
    struct error error = {0};
    cr_expect_not(parse_line(line, &options, &error), "line %u: %s is accepted", number, line);
    cr_expect_str_eq(error.message, message, "line %u: %s", number, error.message);
}
#define refuse(line, message) refuse_at((line), (message), __LINE__)

/* The message goes on with a list that is not the options' own. */
static void refuse_beginning_at(const char *line, const char *message, unsigned number) {
    struct options options;
    struct error error = {0};
    cr_expect_not(parse_line(line, &options, &error), "line %u: %s is accepted", number, line);
    cr_expect(str_starts(str_from(error.message), str_from(message)), "line %u: %s", number, error.message);
}
#define refuse_beginning(line, message) refuse_beginning_at((line), (message), __LINE__)

static void expect_list(struct str_list list, const char *want) {
    struct str all = STR("");
    for (uint32_t i = 0; i < list.len; i++)
        all = arena_printf(&arena, "%.*s%s%.*s", STR_ARG(all), i ? "|" : "", STR_ARG(list.items[i]));
    cr_expect(str_eq(all, str_from(want)), "%.*s, not %s", STR_ARG(all), want);
}

Test(options, defaults) {
    struct options o = parse("");
    cr_expect_eq(o.command, COMMAND_LINT);
    cr_expect_eq(o.operands.len, 0);
    cr_expect_eq(o.given, 0);
    cr_expect_eq(o.severity, SEVERITY_INFO);
    cr_expect_eq(o.fail_on, SEVERITY_WARNING);
    cr_expect_eq(o.jobs, 0);
    cr_expect_eq(o.color, COLOR_AUTO);
    cr_expect_eq(o.outputs.len, 1);
    cr_expect_str_eq(o.outputs.items[0].format->name, "text");
    cr_expect_eq(o.outputs.items[0].file.len, 0);
    cr_expect_not(o.quiet || o.statistics || o.exit_zero || o.no_config || o.no_cache || o.fix);
}

Test(options, values_in_both_spellings) {
    struct options o = parse("a --severity warning b --fail-on=error --jobs 3 --config x.yaml --schema=s=1.json "
                             "--color=never --quiet --statistics --exit-zero --no-cache");
    expect_list(o.operands, "a|b");
    cr_expect_eq(o.severity, SEVERITY_WARNING);
    cr_expect_eq(o.fail_on, SEVERITY_ERROR);
    cr_expect_eq(o.jobs, 3);
    cr_expect(str_eq(o.config, STR("x.yaml")));
    cr_expect(str_eq(o.schema, STR("s=1.json")));
    cr_expect_eq(o.color, COLOR_NEVER);
    cr_expect(o.quiet && o.statistics && o.exit_zero && o.no_cache);
    cr_expect(options_given(&o, OPTION_SEVERITY) && options_given(&o, OPTION_QUIET));
    cr_expect_not(options_given(&o, OPTION_SELECT) || options_given(&o, OPTION_NO_CONFIG));
    cr_expect(parse("--no-config").no_config);
    cr_expect_eq(parse("--severity error --severity info").severity, SEVERITY_INFO, "the last one counts");
}

Test(options, lists_and_formats_add_up) {
    struct options o =
        parse("--select VL1,VL501 --ignore=VL102 --select VL2 --format github --format json=out/a=b.json");
    expect_list(o.select, "VL1|VL501|VL2");
    expect_list(o.ignore, "VL102");
    cr_assert_eq(o.outputs.len, 2);
    cr_expect_str_eq(o.outputs.items[0].format->name, "github");
    cr_expect_eq(o.outputs.items[0].file.len, 0);
    cr_expect_str_eq(o.outputs.items[1].format->name, "json");
    cr_expect_str_eq(o.outputs.items[1].file.ptr, "out/a=b.json");
}

Test(options, short_forms) {
    struct options o = parse("-qj4 x");
    cr_expect(o.quiet);
    cr_expect_eq(o.jobs, 4);
    expect_list(o.operands, "x");
    cr_expect_eq(parse("-j 256").jobs, 256);
    cr_expect_eq(parse("-h").command, COMMAND_HELP);
    cr_expect_eq(parse("-V").command, COMMAND_VERSION);
    cr_expect_eq(parse("-qV").command, COMMAND_VERSION);
}

Test(options, operands_and_standard_input) {
    struct options o = parse("--quiet -- --fix a");
    expect_list(o.operands, "--fix|a");
    expect_list(parse("-").operands, "-");
    expect_list(parse("-- --fix show").operands, "--fix|show");
    cr_expect_eq(parse("-- show").command, COMMAND_LINT);
    expect_list(parse("./show").operands, "./show");
    o = parse("- --stdin-filename charts/pkd/values.yaml");
    cr_expect_str_eq(o.stdin_filename.ptr, "charts/pkd/values.yaml");
}

Test(options, commands) {
    struct options o = parse("lint show");
    cr_expect_eq(o.command, COMMAND_LINT);
    expect_list(o.operands, "show");
    o = parse("show values.yaml");
    cr_expect_eq(o.command, COMMAND_SHOW);
    expect_list(o.operands, "values.yaml");
    cr_expect_eq(parse("version").command, COMMAND_VERSION);
    cr_expect_eq(parse("charts/show").command, COMMAND_LINT);
}

Test(options, help_and_its_topic) {
    cr_expect_eq(parse("--help").topic, COMMAND_LINT);
    cr_expect_eq(parse("help").topic, COMMAND_LINT);
    cr_expect_eq(parse("help show").topic, COMMAND_SHOW);
    cr_expect_eq(parse("show --help").topic, COMMAND_SHOW);
    cr_expect_eq(parse("explain --help --bogus").topic, COMMAND_EXPLAIN);
    cr_expect_eq(parse("help explain").command, COMMAND_HELP);
    refuse("help shwo", "unknown command shwo; did you mean show?");
    refuse("help zzzzzz", "unknown command zzzzzz");
}

Test(options, unknown_names) {
    refuse("--selct VL1", "unknown option --selct; did you mean --select?");
    refuse("--selct=VL1", "unknown option --selct; did you mean --select?");
    refuse("--zzzzzzzz", "unknown option --zzzzzzzz");
    refuse("-x", "unknown option -x");
    refuse("-qx", "unknown option -x");
    refuse("-fix", "unknown option -fix; long options begin with two dashes");
    refuse("--format jsno", "unknown format jsno; did you mean json?");
    refuse_beginning("--format xyzzy=a", "unknown format xyzzy; choose from text, concise, ");
    refuse("--severity eror", "--severity must be error, warning or info, not eror");
    refuse("--fail-on=never", "--fail-on must be error, warning or info, not never");
    refuse("--color sometimes", "--color must be auto, always or never, not sometimes");
    refuse("explian VL101", "unknown command explian; did you mean explain?");
}

Test(options, a_path_that_looks_like_a_command) {
    char folder[] = "/tmp/vl-options-XXXXXX";
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
    cr_assert_eq(mkdir("explian", 0700), 0);
    expect_list(parse("explian").operands, "explian");
    expect_list(parse("values.yaml").operands, "values.yaml");
    refuse("show --jobs 2 explian", "--jobs cannot be used with the command show");
    rmdir("explian");
    rmdir(folder);
}

Test(options, missing_and_wrong_values) {
    refuse("--select", "--select needs a value: --select LIST");
    refuse("--select --quiet", "--select needs a value: --select LIST");
    refuse("--config=", "--config needs a value: --config FILE");
    refuse("-j", "--jobs needs a value: --jobs N");
    refuse("--quiet=yes", "--quiet takes no value");
    refuse("--select VL1,,VL2", "--select VL1,,VL2 has an empty part");
    refuse("--ignore VL1,", "--ignore VL1, has an empty part");
    refuse("--format json=", "--format json= names no file");
    refuse("--jobs 0", "--jobs must be a number from 1 to 256, not 0");
    refuse("--jobs 257", "--jobs must be a number from 1 to 256, not 257");
    refuse("--jobs 99999999999999999999", "--jobs must be a number from 1 to 256, not 99999999999999999999");
    refuse("--jobs=-1", "--jobs must be a number from 1 to 256, not -1");
    refuse("-j2x", "--jobs must be a number from 1 to 256, not 2x");
}

Test(options, output_file) {
    struct options o = parse("--output-file a.json --format json --format text=b");
    cr_expect(str_eq(o.outputs.items[0].file, STR("a.json")) && str_eq(o.outputs.items[1].file, STR("b")));
    o = parse("-o a");
    cr_expect_str_eq(o.outputs.items[0].format->name, "text");
    cr_expect(str_eq(o.outputs.items[0].file, STR("a")));
}

Test(options, what_does_not_go_together) {
    refuse("--config a --no-config", "--config and --no-config cannot be used together");
    refuse("--format text --format json", "formats text and json would both be written to standard output");
    refuse("--format text=a --format json=a", "formats text and json would both be written to a");
    refuse("--format text=a --output-file b", "--output-file has nothing to write: every format has its own file");
    refuse("--format text=a --format json --output-file a", "formats text and json would both be written to a");
    refuse("--fix -", "--fix cannot read standard input: the files of a chart change together");
    refuse("--diff -", "--diff cannot read standard input: the files of a chart change together");
    refuse("--unsafe-fixes", "--unsafe-fixes requires --fix or --diff");
    refuse("--also-values=x", "--also-values requires --fix or --diff");
    refuse("- a", "- (standard input) cannot be combined with other paths");
    refuse("a --stdin-filename b", "--stdin-filename requires - as the path");
    refuse("show", "show needs FILE");
    refuse("show a b", "unexpected argument b; usage: valuelint show FILE");
    refuse("baseline -", "baseline does not read standard input");
    refuse("--baseline -", "--baseline takes the path of a file, not -");
    refuse("version a", "unexpected argument a; usage: valuelint version");
    refuse("show a --quiet", "--quiet cannot be used with the command show");
    struct options options;
    struct error error;
    char *argv[] = {"valuelint", ""};
    cr_expect_not(options_parse(&arena, 2, argv, &options, &error));
    cr_expect_str_eq(error.message, "a path is empty");
}

Test(options, help_fits_a_terminal) {
    for (enum command command = COMMAND_LINT; command < COMMAND_COUNT; command++) {
        struct str help = options_help(&arena, command, 0), rest = help, line;
        cr_expect(str_starts(help, STR("Usage: valuelint ")));
        cr_expect(str_ends(help, STR("\n")));
        while (str_split_next(&rest, '\n', &line)) {
            cr_expect_leq(line.len, 80, "%.*s", STR_ARG(line));
            cr_expect_not(str_ends(line, STR(" ")), "%.*s|", STR_ARG(line));
        }
    }
}

static bool contains(struct str text, const char *part) {
    return str_find(text, str_from(part)) < text.len;
}

Test(options, help_says_what_there_is) {
    struct str help = options_help(&arena, COMMAND_LINT, 0);
    for (const struct format *const *f = FORMATS; *f; f++)
        cr_expect(contains(help, arena_printf(&arena, "\n  %s ", (*f)->name).ptr), "%s", (*f)->name);
    cr_expect(contains(help, "\n  -j, --jobs N            number of threads, 1 to 256 (default: one per\n"));
    cr_expect(contains(help, "\n  3  a file could not be read or written\n"));
    cr_expect(contains(help, "\n  --fix "));
    cr_expect(contains(help, "\n  new CHART "));
    cr_expect(contains(help, "\n  lsp "));
    cr_expect(
        str_eq(options_help(&arena, COMMAND_SHOW, 0),
               STR("Usage: valuelint show FILE\n\nPrint the values of FILE as JSON, as Helm sees them.\n\nOther:\n"
                   "  -h, --help              print this text\n"
                   "  -V, --version           print the version\n")));
}

Test(terminal, color) {
    static const struct {
        enum color_mode mode;
        bool terminal, colored;
        struct color_environment set;
    } cases[] = {
        {COLOR_AUTO, true, true, {.term = "xterm"}},
        {COLOR_AUTO, true, true, {.no_color = "", .term = "xterm"}},
        {COLOR_AUTO, true, false, {.no_color = "1", .term = "xterm"}},
        {COLOR_AUTO, true, false, {.clicolor = "0", .term = "xterm"}},
        {COLOR_AUTO, true, true, {.clicolor = "1", .term = "xterm"}},
        {COLOR_AUTO, true, false, {.term = "dumb"}},
        {COLOR_AUTO, true, false, {.term = NULL}},
        {COLOR_AUTO, false, false, {.term = "xterm"}},
        {COLOR_AUTO, false, true, {.force_color = "1"}},
        {COLOR_AUTO, false, false, {.force_color = ""}},
        {COLOR_AUTO, false, true, {.force_color = "1", .no_color = "1"}},
        {COLOR_AUTO, false, true, {.clicolor_force = "1", .no_color = "1"}},
        {COLOR_AUTO, false, false, {.clicolor_force = "0"}},
        {COLOR_ALWAYS, false, true, {.no_color = "1", .term = "dumb"}},
        {COLOR_NEVER, true, false, {.force_color = "1", .term = "xterm"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(color_decide(cases[i].mode, cases[i].terminal, &cases[i].set), cases[i].colored, "case %zu", i);
    cr_expect_eq(columns_parse("132"), 132);
    cr_expect_eq(columns_parse(NULL), 0);
    cr_expect_eq(columns_parse(""), 0);
    cr_expect_eq(columns_parse("80x"), 0);
    cr_expect_eq(columns_parse("99999999999999999999"), 0);
}
