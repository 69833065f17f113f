/* Completions for shells, from the tables of commands and options. */
#include "cli/completion.h"

#include "base/buf.h"
#include "cli/option_table.h"

/* What completes an option's value: words, paths, or nothing that is known beforehand. */
enum value_source { VALUES_NONE, VALUES_WORDS, VALUES_FILES, VALUES_FOLDERS };

static enum value_source source_of(const struct option_spec *spec) {
    if (spec->kind == KIND_SEVERITY || spec->kind == KIND_COLOR || spec->kind == KIND_FORMAT) return VALUES_WORDS;
    if (spec->kind != KIND_TEXT && spec->kind != KIND_TEXTS) return VALUES_NONE;
    return str_eq(str_from(spec->value), STR("DIR")) ? VALUES_FOLDERS : VALUES_FILES;
}

static struct str words_of(struct arena *a, const struct option_spec *spec) {
    if (spec->kind == KIND_SEVERITY) return STR("error warning info");
    if (spec->kind == KIND_COLOR) return STR("auto always never");
    struct buf out = buf_in(a);
    for (const struct format *const *f = FORMATS; *f; f++) buf_addf(&out, "%s%s", f == FORMATS ? "" : " ", (*f)->name);
    return buf_str(&out);
}

static bool takes(size_t command, const struct option_spec *spec) {
    return spec->commands >> command & 1;
}

/* Whether the command's operands are paths. */
static bool wants_paths(size_t command) {
    struct str operands = str_from(COMMANDS[command].operands);
    return str_find(operands, STR("PATH")) < operands.len || str_eq(operands, STR("FILE")) ||
           str_find(operands, STR("FOLDER")) < operands.len || str_eq(operands, STR("CHART"));
}

/* The names of all commands, with `between` between them. */
static void add_commands(struct buf *out, const char *between) {
    bool any = false;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        buf_addf(out, "%s%s", any ? between : "", COMMANDS[i].name);
        any = true;
    }
}

/* Adds `text` with a backslash before each character of `special`. */
static void add_escaped(struct buf *out, const char *text, const char *special) {
    for (const char *c = text; *c; c++) {
        if (str_find_char(str_from(special), *c) < strlen(special)) buf_add_char(out, '\\');
        buf_add_char(out, *c);
    }
}

/* Adds `text` as a part of a word in single quotes. */
static void add_in_quotes(struct buf *out, const char *text, const char *special) {
    for (const char *c = text; *c; c++) {
        if (*c == '\'') buf_add(out, STR("'\\''"));
        else add_escaped(out, (const char[]){*c, '\0'}, special);
    }
}

static const char BASH_HEAD[] =
    "# valuelint(1) completion for bash: source it, or put it into bash-completion's folder of completions\n"
    "_valuelint() {\n"
    "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=lint options=\n"
    "    if [[ $current == = ]]; then current=; elif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD - 2]}; "
    "fi\n"
    "    COMPREPLY=()\n"
    "    if ((COMP_CWORD > 1)); then\n"
    "        case ${COMP_WORDS[1]} in\n        ";

static void add_bash_values(struct buf *out) {
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_spec *spec = &OPTIONS[i];
        static const char *const HOW[] = {[VALUES_FILES] = "-f", [VALUES_FOLDERS] = "-d"};
        if (!spec->value) continue;
        buf_addf(out, "    %s", spec->name);
        if (spec->letter) buf_addf(out, " | -%c", spec->letter);
        buf_add(out, STR(")\n"));
        enum value_source source = source_of(spec);
        if (source == VALUES_WORDS)
            buf_addf(out, "        mapfile -t COMPREPLY < <(compgen -W '%.*s' -- \"$current\")\n",
                     STR_ARG(words_of(out->arena, spec)));
        else if (source != VALUES_NONE)
            buf_addf(out, "        mapfile -t COMPREPLY < <(compgen %s -- \"$current\")\n", HOW[source]);
        buf_add(out, STR("        return\n        ;;\n"));
    }
}

static void complete_bash(struct buf *out) {
    buf_add(out, STR(BASH_HEAD));
    add_commands(out, " | ");
    buf_add(out, STR(") command=${COMP_WORDS[1]} ;;\n        esac\n    fi\n    case $before in\n"));
    add_bash_values(out);
    buf_add(out, STR("    esac\n    case $command in\n"));
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        buf_addf(out, "    %s) options='", COMMANDS[i].name);
        for (size_t j = 0, any = 0; j < OPTION_COUNT; j++)
            if (takes(i, &OPTIONS[j])) buf_addf(out, "%s%s", any++ ? " " : "", OPTIONS[j].name);
        buf_add(out, STR("' ;;\n"));
    }
    buf_add(out, STR("    esac\n"
                     "    if [[ $current == -* ]]; then\n"
                     "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\")\n"
                     "        return\n"
                     "    fi\n"
                     "    mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
                     "    if ((COMP_CWORD == 1)); then\n"
                     "        mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W '"));
    add_commands(out, " ");
    buf_add(out, STR("' -- \"$current\")\n"
                     "    fi\n"
                     "}\n"
                     "complete -o filenames -F _valuelint valuelint\n"));
}

/* What _arguments takes for an option: its name, help in brackets, and how its value is completed. */
static void add_zsh_option(struct buf *out, const struct option_spec *spec) {
    static const char BRACKETS[] = "[]:\\";
    bool many = spec->kind == KIND_TEXTS || spec->kind == KIND_LIST || spec->kind == KIND_FORMAT;
    buf_addf(out, " \\\n            '%s%s%s[", many ? "*" : "", spec->name, spec->value ? "=" : "");
    add_in_quotes(out, spec->help, BRACKETS);
    buf_add_char(out, ']');
    if (spec->value) {
        buf_add_char(out, ':');
        add_in_quotes(out, spec->value, BRACKETS);
        buf_add_char(out, ':');
        enum value_source source = source_of(spec);
        if (source == VALUES_WORDS) buf_addf(out, "(%.*s)", STR_ARG(words_of(out->arena, spec)));
        if (source == VALUES_FILES) buf_add(out, STR("_files"));
        if (source == VALUES_FOLDERS) buf_add(out, STR("_files -/"));
        if (source == VALUES_NONE) buf_add_char(out, ' ');
    }
    buf_add_char(out, '\'');
}

static void complete_zsh(struct buf *out) {
    buf_add(out, STR("#compdef valuelint\n"
                     "_valuelint_operand() {\n"
                     "    local -a commands=("));
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        buf_addf(out, "\n        '%s:", COMMANDS[i].name);
        add_in_quotes(out, COMMANDS[i].summary, "");
        buf_add_char(out, '\'');
    }
    buf_add(out, STR(")\n"
                     "    ((CURRENT == 2)) && _describe command commands\n"
                     "    _files\n"
                     "}\n"
                     "_valuelint() {\n"
                     "    local command=lint\n"
                     "    if ((CURRENT > 2)); then\n"
                     "        case ${words[2]} in\n        "));
    add_commands(out, " | ");
    buf_add(out, STR(")\n"
                     "            command=${words[2]}\n"
                     "            shift words\n"
                     "            ((CURRENT--))\n"
                     "            ;;\n"
                     "        esac\n"
                     "    fi\n"
                     "    case $command in\n"));
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        buf_addf(out, "    %s)\n        _arguments", COMMANDS[i].name);
        for (size_t j = 0; j < OPTION_COUNT; j++)
            if (takes(i, &OPTIONS[j])) add_zsh_option(out, &OPTIONS[j]);
        if (i == COMMAND_LINT) buf_add(out, STR(" \\\n            '*:path:_valuelint_operand'"));
        else if (wants_paths(i)) buf_add(out, STR(" \\\n            '*:path:_files'"));
        buf_add(out, STR("\n        ;;\n"));
    }
    buf_add(
        out,
        STR("    esac\n"
            "}\n"
            "if [[ $funcstack[1] == _valuelint ]]; then _valuelint \"$@\"; else compdef _valuelint valuelint; fi\n"));
}

static void add_fish_option(struct buf *out, size_t command, const struct option_spec *spec) {
    buf_addf(out, "complete -c valuelint -n '__valuelint_command %s' -l %s", COMMANDS[command].name, spec->name + 2);
    if (spec->letter) buf_addf(out, " -s %c", spec->letter);
    if (spec->value) {
        enum value_source source = source_of(spec);
        if (source == VALUES_FILES || source == VALUES_FOLDERS) buf_add(out, STR(" -r"));
        else buf_add(out, STR(" -x"));
        if (source == VALUES_WORDS) buf_addf(out, " -a '%.*s'", STR_ARG(words_of(out->arena, spec)));
        if (source == VALUES_FOLDERS) buf_add(out, STR(" -a '(__fish_complete_directories)'"));
    }
    buf_add(out, STR(" -d '"));
    add_escaped(out, spec->help, "\\'");
    buf_add(out, STR("'\n"));
}

static void complete_fish(struct buf *out) {
    buf_add(out, STR("# valuelint(1) completion for fish\n"
                     "function __valuelint_command\n"
                     "    set -l words (commandline -opc)\n"
                     "    if contains -- \"$words[2]\" "));
    add_commands(out, " ");
    buf_add(out, STR("\n"
                     "        test \"$words[2]\" = $argv[1]\n"
                     "    else\n"
                     "        test lint = $argv[1]\n"
                     "    end\n"
                     "end\n"));
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        buf_addf(out, "complete -c valuelint -n __fish_is_first_arg -a %s -d '", COMMANDS[i].name);
        add_escaped(out, COMMANDS[i].summary, "\\'");
        buf_add(out, STR("'\n"));
        for (size_t j = 0; j < OPTION_COUNT; j++)
            if (takes(i, &OPTIONS[j])) add_fish_option(out, i, &OPTIONS[j]);
    }
}

static const struct {
    const char *name;
    void (*write)(struct buf *out);
} SHELLS[] = {{"bash", complete_bash}, {"zsh", complete_zsh}, {"fish", complete_fish}};

bool completion_script(struct arena *a, struct str shell, struct str *script) {
    for (size_t i = 0; i < sizeof SHELLS / sizeof *SHELLS; i++) {
        if (!str_eq(shell, str_from(SHELLS[i].name))) continue;
        struct buf out = buf_in(a);
        SHELLS[i].write(&out);
        *script = buf_str(&out);
        return true;
    }
    return false;
}
