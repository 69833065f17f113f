#include "cli/options.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/fuzzy.h"
#include "base/path.h"
#include "chart/discover.h"
#include "cli/option_table.h"

#define MOST_THREADS 256

struct parser {
    struct arena *arena;
    int argc;
    char *const *argv;
    int at; /* the argument being read */
    struct options *options;
    struct error *error;
};

/* Sets the error "unknown WHAT WORD", with the name that may be meant where `nearest` is not empty. */
static bool fail_unknown(struct parser *p, const char *what, struct str word, struct str nearest) {
    if (nearest.len)
        error_set(p->error, 0, "unknown %s %.*s; did you mean %.*s?", what, STR_ARG(word), STR_ARG(nearest));
    else error_set(p->error, 0, "unknown %s %.*s", what, STR_ARG(word));
    return false;
}

static bool add_parts(struct parser *p, const struct option_spec *spec, struct str_list *list, struct str value) {
    for (size_t from = 0; from <= value.len;) {
        size_t comma = from + str_find_char(str_slice(value, from, value.len), ',');
        struct str part = str_trim(str_slice(value, from, comma));
        if (part.len == 0) {
            error_set(p->error, 0, "%s %.*s has an empty part", spec->name, STR_ARG(value));
            return false;
        }
        vec_push(p->arena, list, part);
        from = comma + 1;
    }
    return true;
}

static bool set_threads(struct parser *p, const struct option_spec *spec, unsigned *field, struct str value) {
    unsigned number = 0;
    bool good = value.len <= 3;
    for (size_t i = 0; i < value.len && good; i++) {
        good = ascii_is_digit(value.ptr[i]);
        number = number * 10 + (unsigned)(value.ptr[i] - '0');
    }
    if (good && number >= 1 && number <= MOST_THREADS) {
        *field = number;
        return true;
    }
    error_set(p->error, 0, "%s must be a number from 1 to %d, not %.*s", spec->name, MOST_THREADS, STR_ARG(value));
    return false;
}

static bool set_severity(struct parser *p, const struct option_spec *spec, enum severity *field, struct str value) {
    if (severity_parse(value, field)) return true;
    error_set(p->error, 0, "%s must be error, warning or info, not %.*s", spec->name, STR_ARG(value));
    return false;
}

static bool set_color(struct parser *p, const struct option_spec *spec, enum color_mode *field, struct str value) {
    static const struct str names[] = {
        [COLOR_AUTO] = STR_INIT("auto"), [COLOR_ALWAYS] = STR_INIT("always"), [COLOR_NEVER] = STR_INIT("never")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!str_eq(value, names[i])) continue;
        *field = (enum color_mode)i;
        return true;
    }
    error_set(p->error, 0, "%s must be auto, always or never, not %.*s", spec->name, STR_ARG(value));
    return false;
}

static bool fail_format(struct parser *p, struct str name) {
    struct str_list names = {0};
    struct buf all = buf_in(p->arena);
    for (const struct format *const *f = FORMATS; *f; f++) {
        vec_push(p->arena, &names, str_from((*f)->name));
        buf_addf(&all, "%s%s", all.len ? ", " : "", (*f)->name);
    }
    struct str nearest = fuzzy_nearest(name, names.items, names.len);
    if (nearest.len) return fail_unknown(p, "format", name, nearest);
    error_set(p->error, 0, "unknown format %.*s; choose from %.*s", STR_ARG(name), STR_ARG(buf_str(&all)));
    return false;
}

static bool add_format(struct parser *p, const struct option_spec *spec, struct output_list *list, struct str value) {
    size_t equals = str_find_char(value, '=');
    struct str name = str_slice(value, 0, equals), file = str_slice(value, equals + 1, value.len);
    const struct format *format = format_find(name);
    if (!format) return fail_format(p, name);
    if (equals < value.len && file.len == 0) {
        error_set(p->error, 0, "%s %.*s names no file", spec->name, STR_ARG(value));
        return false;
    }
    vec_push(p->arena, list, (struct output){format, file});
    return true;
}

static bool set_value(struct parser *p, const struct option_spec *spec, struct str value) {
    void *field = (char *)p->options + spec->field;
    p->options->given |= UINT64_C(1) << (spec - OPTIONS);
    if (spec->kind == KIND_HELM && value.len == 0) value = STR("helm");
    if (spec->kind != KIND_FLAG && value.len == 0) {
        error_set(p->error, 0, "%s needs a value: %s %s", spec->name, spec->name, spec->value);
        return false;
    }
    switch (spec->kind) {
    case KIND_FLAG: *(bool *)field = true; return true;
    case KIND_HELM:
    case KIND_TEXT: *(struct str *)field = value; return true;
    case KIND_TEXTS: vec_push(p->arena, (struct str_list *)field, value); return true;
    case KIND_LIST: return add_parts(p, spec, field, value);
    case KIND_THREADS: return set_threads(p, spec, field, value);
    case KIND_SEVERITY: return set_severity(p, spec, field, value);
    case KIND_COLOR: return set_color(p, spec, field, value);
    case KIND_FORMAT: return add_format(p, spec, field, value);
    }
    return false;
}

/* The next argument as an option's value; empty where there is none, or where it is an option itself (a value that
 * begins with a dash is given behind `=`). */
static struct str next_value(struct parser *p) {
    if (p->at + 1 >= p->argc) return STR("");
    struct str next = str_from(p->argv[p->at + 1]);
    if (next.len > 1 && next.ptr[0] == '-') return STR("");
    p->at++;
    return next;
}

static bool parse_long(struct parser *p, struct str argument) {
    struct str names[OPTION_COUNT];
    size_t equals = str_find_char(argument, '=');
    struct str name = str_slice(argument, 0, equals);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_spec *spec = &OPTIONS[i];
        names[i] = str_from(spec->name);
        if (!str_eq(name, names[i])) continue;
        if (spec->kind == KIND_FLAG && equals < argument.len) {
            error_set(p->error, 0, "%s takes no value", spec->name);
            return false;
        }
        if (equals < argument.len) return set_value(p, spec, str_slice(argument, equals + 1, argument.len));
        return set_value(p, spec, spec->kind == KIND_FLAG || spec->kind == KIND_HELM ? STR("") : next_value(p));
    }
    return fail_unknown(p, "option", name, fuzzy_nearest(name, names, OPTION_COUNT));
}

/* `-fix` is meant to be `--fix`, though there may be an option -f that takes `ix`. */
static bool is_long_name(struct str word) {
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (word.len > 1 && str_eq(word, str_from(OPTIONS[i].name + 2))) return true;
    return false;
}

/* `-q`, `-qj4`, `-j 4`. */
static bool parse_short(struct parser *p, struct str argument) {
    for (size_t at = 1; at < argument.len; at++) {
        const struct option_spec *spec = NULL;
        bool is_long = at == 1 && is_long_name(str_slice(argument, 1, argument.len));
        for (size_t i = 0; i < OPTION_COUNT && !spec && !is_long; i++)
            if (OPTIONS[i].letter == argument.ptr[at]) spec = &OPTIONS[i];
        if (!spec) {
            struct str shown = str_slice(argument, at, at == 1 ? argument.len : at + 1);
            error_set(p->error, 0, "unknown option -%.*s%s", STR_ARG(shown),
                      shown.len > 1 ? "; long options begin with two dashes" : "");
            return false;
        }
        if (spec->kind != KIND_FLAG) {
            struct str rest = str_slice(argument, at + 1, argument.len);
            return set_value(p, spec, rest.len ? rest : next_value(p));
        }
        if (!set_value(p, spec, STR(""))) return false;
    }
    return true;
}

/* The command of that name; COMMAND_COUNT where there is none. */
static enum command find_command(struct str name) {
    enum command command = COMMAND_LINT;
    while (command < COMMAND_COUNT && !str_eq(name, str_from(COMMANDS[command].name))) command++;
    return command;
}

static struct str nearest_command(struct str word) {
    struct str names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++) names[i] = str_from(COMMANDS[i].name);
    return fuzzy_nearest(word, names, COMMAND_COUNT);
}

/* Names that other tools have for a command, with what it is called here. */
static const struct {
    struct str name;
    const char *here;
} HABITS[] = {
    {STR_INIT("check"), "valuelint [PATH...]"},
    {STR_INIT("validate"), "valuelint [PATH...]"},
    {STR_INIT("test"), "valuelint [PATH...]"},
    {STR_INIT("run"), "valuelint [PATH...]"},
    {STR_INIT("scan"), "valuelint [PATH...]"},
    {STR_INIT("fix"), "valuelint --fix [PATH...]"},
    {STR_INIT("format"), "valuelint --fix [PATH...]"},
    {STR_INIT("fmt"), "valuelint --fix [PATH...]"},
    {STR_INIT("diff"), "valuelint --diff [PATH...]"},
    {STR_INIT("template"), "valuelint render CHART"},
    {STR_INIT("create"), "valuelint new CHART"},
    {STR_INIT("rule"), "valuelint explain ID"},
    {STR_INIT("list"), "valuelint rules"},
    {STR_INIT("server"), "valuelint lsp"},
    {STR_INIT("values"), "valuelint show FILE"},
};

/* A first operand that names no command is a path; but where nothing exists at that path and it looks like a command,
 * that is what was meant. */
static bool parse_first(struct parser *p, struct str operand, bool *is_command) {
    enum command command = find_command(operand);
    *is_command = command < COMMAND_COUNT;
    if (*is_command) {
        p->options->command = command;
        return true;
    }
    for (size_t i = 0; i < sizeof HABITS / sizeof *HABITS; i++) {
        if (!str_eq(operand, HABITS[i].name) || file_kind(operand.ptr) != FILE_MISSING) continue;
        error_set(p->error, 0, "unknown command %.*s; use `%s`", STR_ARG(operand), HABITS[i].here);
        return false;
    }
    struct str nearest = nearest_command(operand);
    bool plain = str_find_char(operand, '/') == operand.len;
    if (!plain || nearest.len == 0 || file_kind(operand.ptr) != FILE_MISSING) return true;
    return fail_unknown(p, "command", operand, nearest);
}

/* Whether the folder at `path` is or holds charts. */
static bool holds_charts(struct arena *a, struct str path) {
    struct discover_options options = {.root = path_absolute(a, path)};
    struct discover_problems problems = {NULL, 0, 0};
    struct chart_list charts = {NULL, 0, 0};
    if (file_kind(path.ptr) != FILE_FOLDER) return false;
    discover_charts(a, path, &options, &charts, &problems);
    return charts.len > 0;
}

/* A command's name that is a folder of charts too means neither of both by itself; before `--` it is the command. */
static bool check_first(struct parser *p, const char *word) {
    if (!word || p->options->help || p->options->version || !holds_charts(p->arena, str_from(word))) return true;
    error_set(p->error, 0,
              "%s is a command and a folder with charts: write `valuelint ./%s` for the folder, or `valuelint %s --` "
              "for the command",
              word, word, word);
    return false;
}

static bool parse_arguments(struct parser *p) {
    bool ended = false, first = true;
    const char *command = NULL;
    for (p->at = 1; p->at < p->argc && !p->options->help; p->at++) {
        struct str argument = str_from(p->argv[p->at]);
        bool dash = argument.len > 1 && argument.ptr[0] == '-' && !ended, is_command = false;
        if (dash && str_eq(argument, STR("--"))) {
            ended = true;
        } else if (dash) {
            bool ok = argument.ptr[1] == '-' ? parse_long(p, argument) : parse_short(p, argument);
            if (!ok) return false;
        } else {
            if (first && !ended && !parse_first(p, argument, &is_command)) return false;
            if (is_command) command = argument.ptr;
            else vec_push(p->arena, &p->options->operands, argument);
            first = false;
        }
    }
    return ended || check_first(p, command);
}

static bool check_options(struct parser *p) {
    const struct options *options = p->options;
    const struct command_spec *command = &COMMANDS[options->command];
    for (enum option i = OPTION_FIX; i < OPTION_COUNT; i++) {
        if (!options_given(options, i)) continue;
        if (!(OPTIONS[i].commands >> options->command & 1)) {
            error_set(p->error, 0, "%s cannot be used with the command %s", OPTIONS[i].name, command->name);
            return false;
        }
    }
    bool repairs = options->fix || options->diff || options->command == COMMAND_MV;
    if (!repairs && (options->unsafe_fixes || options->also_values.len || options->verify.len)) {
        error_set(p->error, 0, "%s requires --fix or --diff",
                  options->unsafe_fixes      ? "--unsafe-fixes"
                  : options->also_values.len ? "--also-values"
                                             : "--verify");
        return false;
    }
    if (str_eq(options->baseline, STR("-"))) {
        error_set(p->error, 0, "--baseline takes the path of a file, not -");
        return false;
    }
    if (options->command == COMMAND_SCHEMA && !options->write && (options->operands.len || options->force)) {
        error_set(p->error, 0, "%s requires --write", options->force ? "--force" : "a PATH");
        return false;
    }
    if (options->annotated && options->write) {
        error_set(p->error, 0, "--annotated and --write exclude each other");
        return false;
    }
    if (options->no_config && options->config.len) {
        error_set(p->error, 0, "--config and --no-config cannot be used together");
        return false;
    }
    if (options->add_ignores.len && (options->fix || options->diff || options->isolated)) {
        error_set(p->error, 0, "--add-ignores and %s cannot be used together",
                  options->isolated ? "--isolated"
                  : options->fix    ? "--fix"
                                    : "--diff");
        return false;
    }
    if (options->changed_since.len && options->operands.len == 1 && str_eq(options->operands.items[0], STR("-"))) {
        error_set(p->error, 0, "--changed-since cannot be used with standard input");
        return false;
    }
    if (str_find_char(options->add_ignores, '\n') < options->add_ignores.len) {
        error_set(p->error, 0, "the reason of --add-ignores must be one line");
        return false;
    }
    return true;
}

static bool check_operands(struct parser *p) {
    const struct options *options = p->options;
    const struct command_spec *command = &COMMANDS[options->command];
    uint32_t count = options->operands.len;
    bool input = false;
    if (count < command->least) {
        error_set(p->error, 0, "%s needs %s", command->name, command->operands);
        return false;
    }
    if (count > command->most) {
        struct str extra = options->operands.items[command->most];
        error_set(p->error, 0, "unexpected argument %.*s; usage: valuelint %s%s%s", STR_ARG(extra), command->name,
                  *command->operands ? " " : "", command->operands);
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (options->operands.items[i].len == 0) {
            error_set(p->error, 0, "a path is empty");
            return false;
        }
        input = input || str_eq(options->operands.items[i], STR("-"));
    }
    bool takes_input = options->command == COMMAND_LINT || options->command == COMMAND_SHOW;
    if (input && !takes_input) error_set(p->error, 0, "%s does not read standard input", command->name);
    else if (input && (options->fix || options->diff))
        error_set(p->error, 0, "%s cannot read standard input: the files of a chart change together",
                  options->fix ? "--fix" : "--diff");
    else if (input && options->add_ignores.len)
        error_set(p->error, 0, "--add-ignores cannot read standard input: comments are written into files");
    else if (input && count > 1) error_set(p->error, 0, "- (standard input) cannot be combined with other paths");
    else if (options->stdin_filename.len && !input) error_set(p->error, 0, "--stdin-filename requires - as the path");
    else return true;
    return false;
}

/* At least one output; no two to one place. */
static bool check_outputs(struct parser *p) {
    struct output_list *outputs = &p->options->outputs;
    bool placed = p->options->output_file.len == 0;
    if (outputs->len == 0) vec_push(p->arena, outputs, (struct output){FORMATS[0], STR("")});
    for (uint32_t i = 0; i < outputs->len && !placed; i++) {
        placed = outputs->items[i].file.len == 0;
        if (placed) outputs->items[i].file = p->options->output_file;
    }
    if (!placed) {
        error_set(p->error, 0, "--output-file has nothing to write: every format has its own file");
        return false;
    }
    for (uint32_t i = 1; i < outputs->len; i++) {
        for (uint32_t j = 0; j < i; j++) {
            const struct output *one = &outputs->items[j], *other = &outputs->items[i];
            if (!str_eq(one->file, other->file)) continue;
            error_set(p->error, 0, "formats %s and %s would both be written to %.*s", one->format->name,
                      other->format->name, STR_ARG(one->file.len ? one->file : STR("standard output")));
            return false;
        }
    }
    return true;
}

/* `--help` and `help COMMAND` mean the same. */
static bool set_topic(struct parser *p) {
    struct options *options = p->options;
    bool named = options->command == COMMAND_HELP && options->operands.len == 1;
    options->topic = options->command == COMMAND_HELP ? COMMAND_LINT : options->command;
    if (named) options->topic = find_command(options->operands.items[0]);
    if (options->topic == COMMAND_COUNT) {
        struct str name = options->operands.items[0];
        return fail_unknown(p, "command", name, nearest_command(name));
    }
    options->command = COMMAND_HELP;
    return true;
}

bool options_parse(struct arena *a, int argc, char *const *argv, struct options *options, struct error *error) {
    struct parser parser = {.arena = a, .argc = argc, .argv = argv, .options = options, .error = error};
    *options = (struct options){.severity = SEVERITY_INFO, .fail_on = SEVERITY_WARNING};
    if (!parse_arguments(&parser)) return false;
    if (options->help) return set_topic(&parser);
    if (options->version) options->command = COMMAND_VERSION;
    if (options->version) return true;

    if (!check_options(&parser) || !check_operands(&parser) || !check_outputs(&parser)) return false;
    return options->command != COMMAND_HELP || set_topic(&parser);
}
