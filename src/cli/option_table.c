#include "cli/option_table.h"

#include <stddef.h>

const struct command_spec COMMANDS[COMMAND_COUNT] = {
    [COMMAND_LINT] = {"lint", "[PATH...]", 0, MANY, "check values files; the default, so its name may be left out"},
    [COMMAND_SHOW] = {"show", "FILE", 1, 1, "print the values of FILE as JSON, as Helm sees them"},
    [COMMAND_RENDER] = {"render", "CHART [NAME]", 1, 2, "print what helm template prints for CHART, without Helm"},
    [COMMAND_EXPLAIN] = {"explain", "ID...", 1, MANY, "tell what rules are about, by their ids or names"},
    [COMMAND_RULES] = {"rules", "", 0, 0, "list the rules"},
    [COMMAND_CONFIG] = {"config", "[PATH]", 0, 1, "print what is in force for a chart, and where it comes from"},
    [COMMAND_SCHEMA] = {"schema", "[PATH...]", 0, MANY,
                        "print the standard as a JSON Schema for Helm, or put it into charts"},
    [COMMAND_NEW] = {"new", "CHART", 1, 1, "begin a chart in the folder CHART: its Chart.yaml and values.yaml"},
    [COMMAND_DOCS] = {"docs", "[FOLDER]", 0, 1, "write the pages of the rules into FOLDER (default: docs/rules)"},
    [COMMAND_BASELINE] = {"baseline", "[PATH...]", 0, MANY,
                          "write down the findings that stand today, so that --baseline can leave them out"},
    [COMMAND_COMPLETION] = {"completion", "SHELL", 1, 1, "print the completions for a shell: bash, zsh or fish"},
    [COMMAND_MAN] = {"man", "[PAGE]", 0, 1,
                     "print a page of the manual for man: valuelint (default) or valuelint.yaml"},
    [COMMAND_DEBUG] = {"debug", "tree FILE | plan CHART | template CHART FILE", 2, 3,
                       "print what valuelint makes of a file, a chart or a template, for its developers"},
    [COMMAND_LSP] = {"lsp", "", 0, 0, "serve an editor", .planned = true},
    [COMMAND_VERSION] = {"version", "", 0, 0, "print the version"},
    [COMMAND_HELP] = {"help", "[COMMAND]", 0, 1, "print this text, or that of a command"},
};

const char *const OPTION_GROUPS[GROUP_COUNT] = {
    [GROUP_FIX] = "Fixing",    [GROUP_CHECK] = "What is checked", [GROUP_RENDER] = "What is rendered",
    [GROUP_OUTPUT] = "Output", [GROUP_EXIT] = "Failing",          [GROUP_RUN] = "Other",
};

#define FIELD(name) offsetof(struct options, name)
#define ON(command) (UINT32_C(1) << COMMAND_##command)
/* What decides which findings there are. */
#define ON_CHECKING (ON(LINT) | ON(BASELINE))
#define ON_ALL UINT32_MAX

const struct option_spec OPTIONS[OPTION_COUNT] = {
    [OPTION_FIX] = {"--fix", 0, KIND_FLAG, FIELD(fix), NULL, GROUP_FIX, ON(LINT),
                    "repair the charts in place, where that is safe; a file stands for its whole chart"},
    [OPTION_DIFF] = {"--diff", 0, KIND_FLAG, FIELD(diff), NULL, GROUP_FIX, ON(LINT),
                     "show what --fix would change as a diff, and write nothing; with --fix, show it and write"},
    [OPTION_UNSAFE_FIXES] = {"--unsafe-fixes", 0, KIND_FLAG, FIELD(unsafe_fixes), NULL, GROUP_FIX, ON(LINT) | ON(DEBUG),
                             "also fixes that change what templates print"},
    [OPTION_ALSO_VALUES] =
        {"--also-values", 0, KIND_TEXTS, FIELD(also_values), "GLOB", GROUP_FIX, ON(LINT),
         "other files that may name the old path of a value that moves, which is reported; may be repeated"},
    [OPTION_SELECT] = {"--select", 0, KIND_LIST, FIELD(select), "LIST", GROUP_CHECK, ON_CHECKING | ON(CONFIG),
                       "only these rules: ids (VL501) or their beginnings (VL5), with commas between them; may be "
                       "repeated"},
    [OPTION_IGNORE] = {"--ignore", 0, KIND_LIST, FIELD(ignore), "LIST", GROUP_CHECK, ON_CHECKING | ON(CONFIG),
                       "not these rules; goes before --select"},
    [OPTION_SEVERITY] = {"--severity", 0, KIND_SEVERITY, FIELD(severity), "SEVERITY", GROUP_CHECK, ON_CHECKING,
                         "the lowest that is reported: error, warning or info (default: info)"},
    [OPTION_SCHEMA] = {"--schema", 0, KIND_TEXT, FIELD(schema), "FILE", GROUP_CHECK,
                       ON_CHECKING | ON(SCHEMA) | ON(CONFIG) | ON(NEW),
                       "the standard: a JSON Schema of one's own, `builtin` or `none`"},
    [OPTION_RULES] = {"--rules", 0, KIND_TEXTS, FIELD(rules), "PATH", GROUP_CHECK,
                      ON_CHECKING | ON(CONFIG) | ON(RULES) | ON(EXPLAIN) | ON(DOCS),
                      "more rules, from a file or a folder; may be repeated"},
    [OPTION_MESH] = {"--mesh", 0, KIND_TEXT, FIELD(mesh), "DIR", GROUP_CHECK, ON_CHECKING | ON(CONFIG),
                     "the folder of the service mesh's manifests (Istio, Linkerd), which are held against the values"},
    [OPTION_BASELINE] =
        {"--baseline", 0, KIND_TEXT, FIELD(baseline), "FILE", GROUP_CHECK, ON_CHECKING,
         "the file of the findings that are known, which are left out; the command baseline writes it (by "
         "default to .valuelint-baseline.json)"},
    [OPTION_CONFIG] = {"--config", 0, KIND_TEXT, FIELD(config), "FILE", GROUP_CHECK,
                       ON_CHECKING | ON(SCHEMA) | ON(CONFIG) | ON(NEW),
                       "the configuration file, rather than the one that is found"},
    [OPTION_NO_CONFIG] = {"--no-config", 0, KIND_FLAG, FIELD(no_config), NULL, GROUP_CHECK,
                          ON_CHECKING | ON(SCHEMA) | ON(CONFIG) | ON(NEW), "no configuration file at all"},
    [OPTION_ISOLATED] = {"--isolated", 0, KIND_FLAG, FIELD(isolated), NULL, GROUP_CHECK, ON_CHECKING | ON(CONFIG),
                         "do not let the checked files decide what is checked: no configuration but that of --config, "
                         "no comments that suppress, no .gitignore"},
    [OPTION_PREVIEW] = {"--preview", 0, KIND_FLAG, FIELD(preview), NULL, GROUP_CHECK, ON_CHECKING | ON(CONFIG),
                        "also rules that are new, which an upgrade does not switch on; those that run the templates "
                        "among them"},
    [OPTION_STDIN_FILENAME] = {"--stdin-filename", 0, KIND_TEXT, FIELD(stdin_filename), "PATH", GROUP_CHECK, ON(LINT),
                               "the path of the file whose text comes on standard input (with - as PATH)"},
    [OPTION_FORMAT] = {"--format", 0, KIND_FORMAT, FIELD(outputs), "F[=FILE]", GROUP_OUTPUT,
                       ON(LINT) | ON(RULES) | ON(RENDER),
                       "how to report (default: text), and where; may be repeated, with at most one format on "
                       "standard output"},
    [OPTION_OUTPUT_FILE] = {"--output-file", 'o', KIND_TEXT, FIELD(output_file), "FILE", GROUP_OUTPUT, ON(LINT),
                            "where the format without a FILE of its own goes, in place of standard output"},
    [OPTION_STATISTICS] = {"--statistics", 0, KIND_FLAG, FIELD(statistics), NULL, GROUP_OUTPUT, ON(LINT),
                           "also count findings by rule and by chart; with --quiet, show nothing else"},
    [OPTION_VERBOSE] = {"--verbose", 'v', KIND_FLAG, FIELD(verbose), NULL, GROUP_OUTPUT, ON(LINT),
                        "show the findings that --fix repairs in full, too"},
    [OPTION_QUIET] = {"--quiet", 'q', KIND_FLAG, FIELD(quiet), NULL, GROUP_OUTPUT, ON(LINT),
                      "no notes, and no summary where nothing was found"},
    [OPTION_COLOR] = {"--color", 0, KIND_COLOR, FIELD(color), "WHEN", GROUP_OUTPUT, ON(LINT),
                      "auto (default: on a terminal, unless NO_COLOR is set or TERM is dumb), always or never"},
    [OPTION_FAIL_ON] = {"--fail-on", 0, KIND_SEVERITY, FIELD(fail_on), "SEVERITY", GROUP_EXIT, ON(LINT),
                        "the lowest that makes the exit status 1 (default: warning)"},
    [OPTION_EXIT_ZERO] = {"--exit-zero", 0, KIND_FLAG, FIELD(exit_zero), NULL, GROUP_EXIT, ON(LINT), "0 in place of 1"},
    [OPTION_WRITE] = {"--write", 0, KIND_FLAG, FIELD(write), NULL, GROUP_RUN, ON(SCHEMA),
                      "put it as values.schema.json into the charts that PATH means (default: those below the current "
                      "folder)"},
    [OPTION_FORCE] = {"--force", 0, KIND_FLAG, FIELD(force), NULL, GROUP_RUN, ON(SCHEMA) | ON(DOCS),
                      "also replace files that valuelint did not write"},
    [OPTION_ANNOTATED] = {"--annotated", 0, KIND_FLAG, FIELD(annotated), NULL, GROUP_RUN, ON(SCHEMA),
                          "print it as it is written, with its annotations, to begin one's own from"},
    [OPTION_JOBS] = {"--jobs", 'j', KIND_THREADS, FIELD(jobs), "N", GROUP_RUN, ON_CHECKING,
                     "threads, 1 to 256 (default: one for each processor)"},
    [OPTION_NO_CACHE] = {"--no-cache", 0, KIND_FLAG, FIELD(no_cache), NULL, GROUP_RUN, ON(LINT),
                         "changes nothing: valuelint keeps no cache"},
    [OPTION_VALUES] = {"--values", 'f', KIND_TEXTS, FIELD(values), "FILE", GROUP_RENDER, ON(RENDER),
                       "a values file over the chart's own; may be repeated"},
    [OPTION_SET] = {"--set", 0, KIND_TEXTS, FIELD(set), "NAME=VALUE", GROUP_RENDER, ON(RENDER),
                    "values over those of files, as Helm takes them: a.b=1,c[0]=x; may be repeated"},
    [OPTION_SET_STRING] = {"--set-string", 0, KIND_TEXTS, FIELD(set_string), "NAME=VALUE", GROUP_RENDER, ON(RENDER),
                           "the same, and each value is a string; may be repeated"},
    [OPTION_SET_JSON] = {"--set-json", 0, KIND_TEXTS, FIELD(set_json), "NAME=JSON", GROUP_RENDER, ON(RENDER),
                         "the same, and each value is JSON; may be repeated"},
    [OPTION_NAMESPACE] = {"--namespace", 'n', KIND_TEXT, FIELD(name_space), "NAME", GROUP_RENDER, ON(RENDER),
                          "the release's namespace (default: default)"},
    [OPTION_KUBE_VERSION] = {"--kube-version", 0, KIND_TEXT, FIELD(kube_version), "VERSION", GROUP_RENDER, ON(RENDER),
                             "the version of Kubernetes (default: the one that Helm takes by itself)"},
    [OPTION_API_VERSIONS] = {"--api-versions", 'a', KIND_LIST, FIELD(api_versions), "LIST", GROUP_RENDER, ON(RENDER),
                             "API versions that the cluster has besides those that Helm knows; may be repeated"},
    [OPTION_IS_UPGRADE] = {"--is-upgrade", 0, KIND_FLAG, FIELD(is_upgrade), NULL, GROUP_RENDER, ON(RENDER),
                           "an upgrade rather than an installation"},
    [OPTION_INCLUDE_CRDS] = {"--include-crds", 0, KIND_FLAG, FIELD(include_crds), NULL, GROUP_RENDER, ON(RENDER),
                             "the files in crds/ too"},
    [OPTION_SKIP_TESTS] = {"--skip-tests", 0, KIND_FLAG, FIELD(skip_tests), NULL, GROUP_RENDER, ON(RENDER),
                           "no hooks that are tests"},
    [OPTION_NO_HOOKS] = {"--no-hooks", 0, KIND_FLAG, FIELD(no_hooks), NULL, GROUP_RENDER, ON(RENDER), "no hooks"},
    [OPTION_SHOW_ONLY] = {"--show-only", 's', KIND_TEXTS, FIELD(show_only), "GLOB", GROUP_RENDER, ON(RENDER),
                          "only what these templates print (templates/a.yaml); may be repeated"},
    [OPTION_HELM] = {"--helm", 0, KIND_TEXT, FIELD(helm), "VERSION", GROUP_RENDER, ON(RENDER),
                     "which Helm: 3 (default) or 4"},
    [OPTION_HOLES] = {"--holes", 0, KIND_FLAG, FIELD(holes), NULL, GROUP_RENDER, ON(RENDER),
                      "print <unknown: REASON> where only an installation tells what stands there"},
    [OPTION_TRACE] = {"--trace", 0, KIND_FLAG, FIELD(trace), NULL, GROUP_RENDER, ON(RENDER),
                      "beside each line, the template that printed it and the values that it shows"},
    [OPTION_HELP] = {"--help", 'h', KIND_FLAG, FIELD(help), NULL, GROUP_RUN, ON_ALL, "print this text"},
    [OPTION_VERSION] = {"--version", 'V', KIND_FLAG, FIELD(version), NULL, GROUP_RUN, ON_ALL, "print the version"},
};

const char ABOUT[] =
    "Checks the values.yaml files of Helm charts. A PATH is a file, a chart, or a folder with charts below it; - is "
    "standard input. Without a PATH it is the current folder. A path that has the name of a command is given as "
    "./NAME.";

const char *const EXIT_CODES[] = {
    "nothing at or above --fail-on is left",
    "findings are left",
    "the command line or the configuration is wrong",
    "a file could not be read or written",
    NULL,
};

const char EXAMPLES[] = "  valuelint helm/charts\n"
                        "  valuelint --format github --format json=report.json\n"
                        "  valuelint --select VL1,VL501 --fail-on error helm/charts/pkd-service\n";
