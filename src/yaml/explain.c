#include "yaml/explain.h"

static struct span line_span(struct str text, uint32_t offset) {
    uint32_t start = offset, end = offset;
    while (start > 0 && text.ptr[start - 1] != '\n') start--;
    while (end < text.len && text.ptr[end] != '\n' && text.ptr[end] != '\r') end++;
    return (struct span){start, end};
}

bool yaml_explain_template(struct str text, uint32_t offset, struct span *span) {
    struct span line = line_span(text, offset);
    struct str content = span_text(text, line);
    size_t open = str_find(content, STR("{{"));
    if (open == content.len) return false;
    struct str before = str_slice(content, 0, open);
    if (str_find_char(before, '"') < before.len || str_find_char(before, '\'') < before.len) return false;
    if (str_find_char(before, '#') < before.len) return false;
    struct str rest = str_slice(content, open, content.len);
    size_t close = str_find(rest, STR("}}"));
    size_t len = close == rest.len ? rest.len : close + 2;
    *span = span_make(line.start + open, line.start + open + len);
    return true;
}

/* A line that git left for a person to decide. Only asked for when a text could not be parsed. */
static bool find_conflict(struct str text, struct span *span) {
    struct str rest = text, line;
    size_t at = 0;
    while (str_split_next(&rest, '\n', &line)) {
        if (str_starts(line, STR("<<<<<<< ")) || str_starts(line, STR(">>>>>>> ")) ||
            str_eq(str_trim(line), STR("======="))) {
            *span = span_make(at, at + str_trim(line).len);
            return true;
        }
        at += line.len + 1;
    }
    return false;
}

/* A tab in the white space that a line begins with, in the line of `offset` or the next one that has text. */
static bool find_tab_indent(struct str text, uint32_t offset, struct span *span) {
    struct span line = line_span(text, offset);
    for (int lines = 0; lines < 2; lines++) {
        for (uint32_t i = line.start; i < line.end && (text.ptr[i] == ' ' || text.ptr[i] == '\t'); i++) {
            if (text.ptr[i] != '\t') continue;
            *span = span_make(i, i + 1);
            return true;
        }
        if (line.end + 1 >= text.len) break;
        line = line_span(text, line.end + 1);
    }
    return false;
}

/* The parser's words, and ours. The first entry whose `theirs` stands in the message counts. */
static const struct {
    const char *theirs;
    struct str message;
    struct str help;
} WORDS[] = {
    {"closing quote", STR_INIT("this quote is never closed"),
     STR_INIT("add the closing quote, or escape a quote inside")},
    {"missing comma", STR_INIT("a comma or a closing bracket is missing"),
     STR_INIT("close the bracket that is open, or put a comma between the entries")},
    {"without a closing", STR_INIT("a bracket is never closed"), STR_INIT("add the missing `]` or `}`")},
    {"extra closing", STR_INIT("this bracket closes nothing"), STR_INIT("delete it, or quote the text")},
    {"tab character", STR_INIT("tab in the indentation; YAML allows only spaces"),
     STR_INIT("replace the tab with spaces")},
    {"tab as indent", STR_INIT("tab in the indentation; YAML allows only spaces"),
     STR_INIT("replace the tab with spaces")},
    {"invalid tab", STR_INIT("tab in the indentation; YAML allows only spaces"),
     STR_INIT("replace the tab with spaces")},
    {"invalid nested block mapping on the same line",
     STR_INIT("a second `: ` on one line is not allowed in a plain scalar"),
     STR_INIT("quote the value, or put the nested mapping on its own lines")},
    {"invalid mapping in plain multiline", STR_INIT("a mapping starts inside a multi-line scalar"),
     STR_INIT("check the indentation of this line and of the one above")},
    {"invalid multiline plain key", STR_INIT("a key must be on one line and end in `: `"),
     STR_INIT("check that each key has a colon and a space behind it, and that the lines are indented alike")},
    {"could not find expected ':'", STR_INIT("a `:` is missing behind this key"),
     STR_INIT("write `key: value`, or indent the line as part of the text above")},
    {"cannot start with", STR_INIT("a plain scalar cannot start with this character"),
     STR_INIT("put quotes around the text")},
    {"invalid indentation", STR_INIT("this line's indentation fits none of the levels above it"),
     STR_INIT("indent it like its siblings")},
    {"invalid alias", STR_INIT("`*` must be followed by the name of an anchor"),
     STR_INIT("quote the text if it is meant literally")},
    {"invalid anchor", STR_INIT("`&` must be followed by a name"), STR_INIT("quote the text if it is meant literally")},
    {"invalid escape", STR_INIT("a double-quoted string holds an escape that YAML does not know"),
     STR_INIT("double the backslash, or use single quotes")},
    {"block sequence on the same line", STR_INIT("a list item cannot start on the line of its key"),
     STR_INIT("put the `-` on its own line, below the key")},
    {"end of block sequence", STR_INIT("a key is at the level of list items"),
     STR_INIT("indent it as part of an item, or less than the list")},
    {"did not find expected key", STR_INIT("a key with its `:` is expected here"),
     STR_INIT("check the indentation of this line and of the one above")},
    {"block scalar no linebreak", STR_INIT("unexpected text after `|` or `>`"),
     STR_INIT("put the text on the next lines, or quote it")},
    {"trailing content after", STR_INIT("unexpected text after a closing quote"),
     STR_INIT("quote all of the value, or none of it")},
    {"two anchors", STR_INIT("one value cannot have two anchors"), STR_INIT("delete one of them")},
    {"two tags", STR_INIT("one value cannot have two tags"), STR_INIT("delete one of them")},
};

/* Where an unclosed quote opened: the first quote behind the last good token. */
static uint32_t quote_start(struct str text, uint32_t cursor, uint32_t offset) {
    for (uint32_t i = cursor; i < text.len; i++)
        if (text.ptr[i] == '"' || text.ptr[i] == '\'') return i;
    return offset;
}

bool yaml_explain_error(struct arena *a, struct str text, uint32_t cursor, uint32_t offset, const char *message,
                        struct yaml_issue *issue) {
    *issue = (struct yaml_issue){.kind = YAML_UNREADABLE};
    if (offset > text.len) offset = (uint32_t)text.len;
    if (find_conflict(text, &issue->span)) {
        issue->message = STR("a merge conflict is left in the file");
        issue->help = STR("decide which side is right, and delete the marker lines");
        return true;
    }
    if (yaml_explain_template(text, offset, &issue->span) || yaml_explain_template(text, cursor, &issue->span)) {
        issue->message = EXPLAIN_TEMPLATE_MESSAGE;
        issue->help = EXPLAIN_TEMPLATE_HELP;
        return true;
    }
    if (find_tab_indent(text, offset, &issue->span)) {
        issue->message = STR("tab in the indentation; YAML allows only spaces");
        issue->help = STR("replace the tab with spaces");
        return true;
    }
    issue->span = span_make(offset, offset < text.len && text.ptr[offset] != '\n' ? offset + 1 : offset);
    issue->message = arena_printf(a, "this is not YAML: %s", message);
    issue->help = STR("check the quotes and the indentation of this line and of the one above");
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        if (!strstr(message, WORDS[i].theirs)) continue;
        issue->message = WORDS[i].message;
        issue->help = WORDS[i].help;
        if (i == 0) issue->span = span_make(quote_start(text, cursor, offset), quote_start(text, cursor, offset) + 1);
        return true;
    }
    return false;
}
