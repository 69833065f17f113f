#include "cli/option_table.h"

#include <stddef.h>

const struct command_spec COMMANDS[COMMAND_COUNT] = {
    [COMMAND_LINT] = {"lint", "[PATH...]", 0, MANY, "check values files (default command)"},
    [COMMAND_SHOW] = {"show", "FILE", 1, 1, "print the values of FILE as JSON, as Helm sees them"},
    [COMMAND_RENDER] = {"render", "CHART [NAME]", 1, 2, "print what helm template prints for CHART, without Helm"},
    [COMMAND_EXPLAIN] = {"explain", "ID...", 1, MANY, "explain rules, given by id or name"},
    [COMMAND_RULES] = {"rules", "", 0, 0, "list the rules"},
    [COMMAND_CONFIG] = {"config", "[PATH]", 0, 1, "print the settings in effect for a chart, and their origin"},
    [COMMAND_SCHEMA] = {"schema", "[PATH...]", 0, MANY,
                        "print the standard as a JSON Schema for Helm, or write it into charts"},
    [COMMAND_INIT] = {"init", "[PATH]", 0, 1, "draft a standard from the charts below PATH"},
    [COMMAND_NEW] = {"new", "CHART", 1, 1,
                     "create a chart in the folder CHART: Chart.yaml, values.yaml and its schema"},
    [COMMAND_MV] = {"mv", "[CHART] OLD NEW", 2, 3, "rename or move a value, with everything that sets or reads it"},
    [COMMAND_DOCS] = {"docs", "[FOLDER]", 0, 1, "write the rule pages to FOLDER (default: docs/rules)"},
    [COMMAND_BASELINE] = {"baseline", "[PATH...]", 0, MANY, "record current findings, for use with --baseline"},
    [COMMAND_MESH] = {"mesh", "[PATH...]", 0, MANY, "print who may call whom by the policies of a service mesh"},
    [COMMAND_TEST] = {"test", "[PATH]", 0, 1, "run the examples of your own rules and standards"},
    [COMMAND_COMPLETION] = {"completion", "SHELL", 1, 1, "print a completion script for bash, zsh or fish"},
    [COMMAND_MAN] = {"man", "[PAGE]", 0, 1, "print a manual page: valuelint (default) or valuelint.yaml"},
    [COMMAND_DEBUG] = {"debug", "tree FILE | plan CHART | template CHART FILE", 2, 3,
                       "print what valuelint makes of a file, a chart or a template, for its developers"},
    [COMMAND_LSP] = {"lsp", "", 0, 0, "serve an editor on standard input and output (Language Server Protocol)"},
    [COMMAND_VERSION] = {"version", "", 0, 0, "print the version"},
    [COMMAND_HELP] = {"help", "[COMMAND]", 0, 1, "print help for valuelint or a command"},
};

const char *const OPTION_GROUPS[GROUP_COUNT] = {
    [GROUP_FIX] = "Fixing",    [GROUP_CHECK] = "Selection", [GROUP_RENDER] = "Rendering",
    [GROUP_OUTPUT] = "Output", [GROUP_EXIT] = "Failing",    [GROUP_RUN] = "Other",
};

#define FIELD(name) offsetof(struct options, name)
#define ON(command) (UINT32_C(1) << COMMAND_##command)
/* What decides which findings there are. */
#define ON_CHECKING (ON(LINT) | ON(BASELINE) | ON(LSP))
/* What changes charts, and so finds them and tells what it did. */
#define ON_CHANGING (ON(LINT) | ON(MV))
/* What knows the rules of the user beside those that are built in. */
#define ON_OWN_RULES (ON(RULES) | ON(EXPLAIN) | ON(DOCS) | ON(TEST))
#define ON_ALL UINT32_MAX

const struct option_spec OPTIONS[OPTION_COUNT] = {
    [OPTION_FIX] = {"--fix", 0, KIND_FLAG, FIELD(fix), NULL, GROUP_FIX, ON(LINT),
                    "apply safe fixes in place; a file selects its whole chart"},
    [OPTION_DIFF] = {"--diff", 0, KIND_FLAG, FIELD(diff), NULL, GROUP_FIX, ON_CHANGING,
                     "show the changes --fix would make as a diff, without writing; with --fix, also write them"},
    [OPTION_UNSAFE_FIXES] = {"--unsafe-fixes", 0, KIND_FLAG, FIELD(unsafe_fixes), NULL, GROUP_FIX,
                             ON_CHANGING | ON(DEBUG), "also apply fixes that change rendered output"},
    [OPTION_VERIFY] =
        {"--verify", 0, KIND_HELM, FIELD(verify), "HELM", GROUP_FIX, ON_CHANGING,
         "render each release with HELM (default: helm) before and after, and write nothing that differs"},
    [OPTION_ALSO_VALUES] = {"--also-values", 0, KIND_TEXTS, FIELD(also_values), "GLOB", GROUP_FIX, ON(LINT),
                            "also search these files for old paths of moved values, and report them; may be repeated"},
    [OPTION_ADD_IGNORES] = {"--add-ignores", 0, KIND_TEXT, FIELD(add_ignores), "REASON", GROUP_FIX, ON(LINT),
                            "write a suppression comment with REASON for each finding that stands"},
    [OPTION_SELECT] = {"--select", 0, KIND_LIST, FIELD(select), "LIST", GROUP_CHECK, ON_CHECKING | ON(CONFIG),
                       "rules to enable: comma-separated ids (VL501), prefixes (VL5) or names; may be repeated"},
    [OPTION_IGNORE] = {"--ignore", 0, KIND_LIST, FIELD(ignore), "LIST", GROUP_CHECK, ON_CHECKING | ON(CONFIG),
                       "rules to disable; takes precedence over --select"},
    [OPTION_SEVERITY] = {"--severity", 0, KIND_SEVERITY, FIELD(severity), "SEVERITY", GROUP_CHECK, ON_CHECKING,
                         "lowest severity to report: error, warning or info (default: info)"},
    [OPTION_SCHEMA] = {"--schema", 0, KIND_TEXT, FIELD(schema), "FILE", GROUP_CHECK,
                       ON_CHECKING | ON(SCHEMA) | ON(CONFIG) | ON(NEW) | ON(TEST),
                       "the standard: a JSON Schema of one's own, `builtin` or `none`"},
    [OPTION_RULES] = {"--rules", 0, KIND_TEXTS, FIELD(rules), "PATH", GROUP_CHECK,
                      ON_CHECKING | ON(CONFIG) | ON_OWN_RULES,
                      "load additional rules from a file or folder; may be repeated"},
    [OPTION_MESH] = {"--mesh", 0, KIND_TEXTS, FIELD(mesh), "DIR", GROUP_CHECK, ON_CHECKING | ON(CONFIG) | ON(MESH),
                     "folder of service mesh manifests (Istio, Linkerd) to check against the charts; may be repeated"},
    [OPTION_BASELINE] = {"--baseline", 0, KIND_TEXT, FIELD(baseline), "FILE", GROUP_CHECK, ON(LINT) | ON(BASELINE),
                         "do not report findings recorded in FILE, which `valuelint baseline` writes (by default to "
                         ".valuelint-baseline.json)"},
    [OPTION_CONFIG] = {"--config", 0, KIND_TEXT, FIELD(config), "FILE", GROUP_CHECK,
                       ON_CHECKING | ON(MV) | ON(SCHEMA) | ON(CONFIG) | ON(NEW) | ON(MESH) | ON_OWN_RULES,
                       "use this configuration file instead of the discovered one"},
    [OPTION_NO_CONFIG] = {"--no-config", 0, KIND_FLAG, FIELD(no_config), NULL, GROUP_CHECK,
                          ON_CHECKING | ON(MV) | ON(SCHEMA) | ON(CONFIG) | ON(NEW) | ON(MESH) | ON_OWN_RULES,
                          "ignore configuration files"},
    [OPTION_ISOLATED] = {"--isolated", 0, KIND_FLAG, FIELD(isolated), NULL, GROUP_CHECK, ON_CHECKING | ON(CONFIG),
                         "do not let checked files influence the check: ignore discovered configuration, "
                         "suppression comments and .gitignore"},
    [OPTION_PREVIEW] = {"--preview", 0, KIND_FLAG, FIELD(preview), NULL, GROUP_CHECK, ON_CHECKING | ON(CONFIG),
                        "also rules that are new, which an upgrade does not switch on; those that run the templates "
                        "among them"},
    [OPTION_CHANGED_SINCE] = {"--changed-since", 0, KIND_TEXT, FIELD(changed_since), "REV", GROUP_CHECK, ON(LINT),
                              "only the charts that differ from where HEAD left the git revision REV"},
    [OPTION_STDIN_FILENAME] = {"--stdin-filename", 0, KIND_TEXT, FIELD(stdin_filename), "PATH", GROUP_CHECK, ON(LINT),
                               "path of the file whose content is on standard input (with - as PATH)"},
    [OPTION_FORMAT] = {"--format", 0, KIND_FORMAT, FIELD(outputs), "F[=FILE]", GROUP_OUTPUT,
                       ON(LINT) | ON(RULES) | ON(CONFIG) | ON(RENDER) | ON(INIT) | ON(MESH),
                       "output format (default: text) and destination; may be repeated, with at most one format "
                       "on standard output"},
    [OPTION_OUTPUT_FILE] = {"--output-file", 'o', KIND_TEXT, FIELD(output_file), "FILE", GROUP_OUTPUT, ON(LINT),
                            "write the format without its own FILE here instead of to standard output"},
    [OPTION_STATISTICS] = {"--statistics", 0, KIND_FLAG, FIELD(statistics), NULL, GROUP_OUTPUT, ON(LINT),
                           "also count findings by rule and by chart; with --quiet, show nothing else"},
    [OPTION_VERBOSE] = {"--verbose", 'v', KIND_FLAG, FIELD(verbose), NULL, GROUP_OUTPUT, ON(LINT) | ON(TEST),
                        "show fixable findings in full, too; with test, also the examples that pass"},
    [OPTION_QUIET] = {"--quiet", 'q', KIND_FLAG, FIELD(quiet), NULL, GROUP_OUTPUT, ON_CHANGING,
                      "no notes, and no summary if nothing was found"},
    [OPTION_COLOR] = {"--color", 0, KIND_COLOR, FIELD(color), "WHEN", GROUP_OUTPUT, ON_CHANGING,
                      "auto (default), always or never; auto honours FORCE_COLOR, CLICOLOR_FORCE and NO_COLOR"},
    [OPTION_FAIL_ON] = {"--fail-on", 0, KIND_SEVERITY, FIELD(fail_on), "SEVERITY", GROUP_EXIT, ON(LINT),
                        "lowest severity that causes exit status 1 (default: warning)"},
    [OPTION_EXIT_ZERO] = {"--exit-zero", 0, KIND_FLAG, FIELD(exit_zero), NULL, GROUP_EXIT, ON(LINT),
                          "exit with 0 instead of 1"},
    [OPTION_WRITE] = {"--write", 0, KIND_FLAG, FIELD(write), NULL, GROUP_RUN, ON(SCHEMA),
                      "write it as values.schema.json into the charts at PATH (default: the current folder)"},
    [OPTION_FORCE] = {"--force", 0, KIND_FLAG, FIELD(force), NULL, GROUP_RUN, ON(SCHEMA) | ON(DOCS),
                      "also overwrite files that valuelint did not write"},
    [OPTION_ANNOTATED] = {"--annotated", 0, KIND_FLAG, FIELD(annotated), NULL, GROUP_RUN, ON(SCHEMA),
                          "print it as it is written, with its annotations, to begin one's own from"},
    [OPTION_JOBS] = {"--jobs", 'j', KIND_THREADS, FIELD(jobs), "N", GROUP_RUN,
                     ON(LINT) | ON(BASELINE) | ON(MV) | ON(INIT) | ON(MESH),
                     "number of threads, 1 to 256 (default: one per processor; at least 8 with --fix)"},
    [OPTION_NO_CACHE] = {"--no-cache", 0, KIND_FLAG, FIELD(no_cache), NULL, GROUP_RUN, ON(LINT),
                         "accepted for compatibility; valuelint has no cache"},
    [OPTION_VALUES] = {"--values", 'f', KIND_TEXTS, FIELD(values), "FILE", GROUP_RENDER, ON(RENDER),
                       "values file, as for helm template; may be repeated"},
    [OPTION_SET] = {"--set", 0, KIND_TEXTS, FIELD(set), "NAME=VALUE", GROUP_RENDER, ON(RENDER),
                    "set values, in the syntax of Helm: a.b=1,c[0]=x; may be repeated"},
    [OPTION_SET_STRING] = {"--set-string", 0, KIND_TEXTS, FIELD(set_string), "NAME=VALUE", GROUP_RENDER, ON(RENDER),
                           "set values as strings; may be repeated"},
    [OPTION_SET_JSON] = {"--set-json", 0, KIND_TEXTS, FIELD(set_json), "NAME=JSON", GROUP_RENDER, ON(RENDER),
                         "set values as JSON; may be repeated"},
    [OPTION_NAMESPACE] = {"--namespace", 'n', KIND_TEXT, FIELD(name_space), "NAME", GROUP_RENDER, ON(RENDER),
                          "namespace of the release (default: default)"},
    [OPTION_KUBE_VERSION] = {"--kube-version", 0, KIND_TEXT, FIELD(kube_version), "VERSION", GROUP_RENDER, ON(RENDER),
                             "Kubernetes version (default: Helm's own default)"},
    [OPTION_API_VERSIONS] = {"--api-versions", 'a', KIND_LIST, FIELD(api_versions), "LIST", GROUP_RENDER, ON(RENDER),
                             "additional API versions of the cluster; may be repeated"},
    [OPTION_IS_UPGRADE] = {"--is-upgrade", 0, KIND_FLAG, FIELD(is_upgrade), NULL, GROUP_RENDER, ON(RENDER),
                           "render as an upgrade instead of an installation"},
    [OPTION_INCLUDE_CRDS] = {"--include-crds", 0, KIND_FLAG, FIELD(include_crds), NULL, GROUP_RENDER, ON(RENDER),
                             "include the files in crds/"},
    [OPTION_SKIP_TESTS] = {"--skip-tests", 0, KIND_FLAG, FIELD(skip_tests), NULL, GROUP_RENDER, ON(RENDER),
                           "skip test hooks"},
    [OPTION_NO_HOOKS] = {"--no-hooks", 0, KIND_FLAG, FIELD(no_hooks), NULL, GROUP_RENDER, ON(RENDER), "skip all hooks"},
    [OPTION_SHOW_ONLY] = {"--show-only", 's', KIND_TEXTS, FIELD(show_only), "GLOB", GROUP_RENDER, ON(RENDER),
                          "show only the output of these templates (templates/a.yaml); may be repeated"},
    [OPTION_HELM] = {"--helm", 0, KIND_TEXT, FIELD(helm), "VERSION", GROUP_RENDER, ON(RENDER),
                     "Helm major version: 3 (default) or 4"},
    [OPTION_HOLES] = {"--holes", 0, KIND_FLAG, FIELD(holes), NULL, GROUP_RENDER, ON(RENDER),
                      "print <unknown: REASON> for what is known only at install time"},
    [OPTION_TRACE] = {"--trace", 0, KIND_FLAG, FIELD(trace), NULL, GROUP_RENDER, ON(RENDER),
                      "show the template and the values behind each line"},
    [OPTION_HELP] = {"--help", 'h', KIND_FLAG, FIELD(help), NULL, GROUP_RUN, ON_ALL, "print this text"},
    [OPTION_VERSION] = {"--version", 'V', KIND_FLAG, FIELD(version), NULL, GROUP_RUN, ON_ALL, "print the version"},
};

const char ABOUT[] = "Checks the values.yaml files of Helm charts. PATH is a file, a chart or a folder of charts; - "
                     "reads standard input. "
                     "The default is the current folder. Write ./NAME for a path with the name of a command.";

const char *const EXIT_CODES[] = {
    "no findings at or above --fail-on",
    "findings at or above --fail-on",
    "invalid command line or configuration",
    "a file could not be read or written",
    NULL,
};

const char EXAMPLES[] = "  valuelint helm/charts\n"
                        "  valuelint --format github --format json=report.json\n"
                        "  valuelint --select VL1,VL501 --fail-on error helm/charts/pkd-service\n";
