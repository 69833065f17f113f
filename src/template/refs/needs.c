/* What an action takes from a value, as far as its functions are known: two values that are alike in it print the same.
 * The functions are those of Go's text/template and of sprig (https://masterminds.github.io/sprig). */
#include "template/refs/flow.h"

#include "base/ascii.h"

/* Longer commands are not looked into, so that the work for each of their arguments stays small. */
#define ARGUMENTS_MAX 16

/* `print` puts a space between two arguments unless one of them is a string: whether all others are. */
static bool is_among_strings(const struct refs_flow_command *c, uint32_t place) {
    uint32_t count = c->command->arg_count;
    if (count > ARGUMENTS_MAX || (c->piped && place != count)) return false;
    for (uint32_t i = 1; i < count; i++)
        if (i != place && c->command->args[i].kind != TMPL_STRING) return false;
    return true;
}

/* Whether a printf prints its argument `place` by a plain %v. A format with flags, widths or indices is not read. */
static bool is_printed_plainly(const struct refs_flow_command *c, uint32_t place) {
    uint32_t count = c->command->arg_count, argument = 2;
    if (count < 2 || count > ARGUMENTS_MAX || place < 2 || c->command->args[1].kind != TMPL_STRING) return false;
    struct str format = c->command->args[1].name;
    for (size_t i = 0; i < format.len; i++) {
        if (format.ptr[i] != '%') continue;
        if (++i == format.len) return false;
        char verb = format.ptr[i];
        if (verb == '%') continue;
        if (!ascii_is_alpha(verb)) return false;
        if (argument++ == place) return verb == 'v';
    }
    return false;
}

/* Functions that fail without a value, measured on Helm 3 and 4: sprig's of strings, and some of collections. */
static bool fails_on_nil(struct str function) {
    static const struct str names[] = {
        STR_INIT("trunc"),      STR_INIT("trim"),         STR_INIT("trimSuffix"), STR_INIT("trimPrefix"),
        STR_INIT("trimAll"),    STR_INIT("upper"),        STR_INIT("lower"),      STR_INIT("title"),
        STR_INIT("untitle"),    STR_INIT("b64enc"),       STR_INIT("b64dec"),     STR_INIT("indent"),
        STR_INIT("nindent"),    STR_INIT("replace"),      STR_INIT("contains"),   STR_INIT("hasPrefix"),
        STR_INIT("hasSuffix"),  STR_INIT("tpl"),          STR_INIT("splitList"),  STR_INIT("split"),
        STR_INIT("sha256sum"),  STR_INIT("sha1sum"),      STR_INIT("adler32sum"), STR_INIT("kebabcase"),
        STR_INIT("snakecase"),  STR_INIT("camelcase"),    STR_INIT("repeat"),     STR_INIT("substr"),
        STR_INIT("abbrev"),     STR_INIT("nospace"),      STR_INIT("initials"),   STR_INIT("wrap"),
        STR_INIT("regexMatch"), STR_INIT("fromYaml"),     STR_INIT("fromJson"),   STR_INIT("semver"),
        STR_INIT("urlParse"),   STR_INIT("len"),          STR_INIT("first"),      STR_INIT("keys"),
        STR_INIT("atoi"),       STR_INIT("semverCompare")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(function, names[i])) return true;
    return false;
}

uint8_t refs_needs_of_argument(const struct refs_flow_command *c, uint32_t place) {
    struct str function = refs_flow_function(c);
    uint32_t count = c->command->arg_count - 1 + (c->piped ? 1 : 0);
    uint8_t handed_on = c->needs & (uint8_t)~REFS_FAILS_NIL; /* another value may stand in for it */
    if (str_eq(function, STR("default")) && count == 2)
        return place == 1 ? handed_on : handed_on | REFS_NEEDS_TRUTH | REFS_STOPS_EMPTY;
    if (str_eq(function, STR("coalesce"))) return handed_on | REFS_NEEDS_TRUTH | REFS_STOPS_EMPTY;
    if (str_eq(function, STR("quote")) || str_eq(function, STR("squote"))) return REFS_NEEDS_TEXT;
    if (str_eq(function, STR("print")) && is_among_strings(c, place)) return REFS_NEEDS_TEXT;
    if (str_eq(function, STR("printf")) && is_printed_plainly(c, place)) return REFS_NEEDS_TEXT;
    if (fails_on_nil(function)) return REFS_NEEDS_ALL | REFS_FAILS_NIL;
    if (count != 1) return REFS_NEEDS_ALL;
    if (str_eq(function, STR("toString"))) return REFS_NEEDS_TEXT;
    if (str_eq(function, STR("not")) || str_eq(function, STR("empty"))) return REFS_NEEDS_TRUTH;
    return REFS_NEEDS_ALL;
}

uint8_t refs_needs_of_action(enum refs_use use, bool declares, bool assigns) {
    if (assigns) return REFS_NEEDS_ALL;
    switch (use) {
    case REFS_USE_PRINT: return declares ? REFS_NEEDS_ALL : REFS_NEEDS_PRINTED;
    case REFS_USE_IF:
        if (!declares) return REFS_NEEDS_TRUTH;
        return REFS_NEEDS_TRUTH | REFS_NEEDS_ALL | REFS_STOPS_EMPTY;
    case REFS_USE_WITH: return REFS_NEEDS_TRUTH | REFS_NEEDS_ALL | REFS_STOPS_EMPTY;
    case REFS_USE_RANGE: return REFS_NEEDS_ITEMS;
    default: return REFS_NEEDS_ALL;
    }
}
