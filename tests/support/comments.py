"""The comments of a YAML text, found without a YAML library and without valuelint's own scanner: a `#` at the start of a
line or behind white space, outside of quotes and block texts."""
import collections
import re

# What may stand between the start of a node and its own text.
PREFIX = re.compile(r"(?:[-?:](?=[ \t\r\n]|$)|[\[\]{},]|[&!][^\s,\[\]{}]*|[ \t]+)")
KEY = re.compile(r"[^\s#\"'\[\]{},|>&*!%@`-][^#]*?:(?=\s|$)")
BLOCK = re.compile(r"[|>][-+0-9]*[ \t]*(#.*)?$")


def count_comments(text):
    """Comment, from its `#` and without white space at its end -> how often it stands there."""
    return collections.Counter(find_comments(text))


def find_comments(text):
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    found, state = [], {"quote": None}
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        comment, block_from = read_line(line, state)
        if comment:
            found.append(comment.rstrip())
        if block_from is not None:
            number = skip_block(lines, number, block_from)
    return found


def skip_block(lines, number, parent):
    """The first line behind a block text whose parent is indented by `parent`."""
    indent = None
    while number < len(lines):
        line = lines[number]
        own = len(line) - len(line.lstrip(" "))
        if line.strip():
            if indent is None:
                if own <= parent:
                    break
                indent = own
            if own < indent:
                break
        number += 1
    return number


def end_of_quoted(line, at, quote):
    """The index behind the quoted text whose inside `at` is in; None where it goes on in the next line."""
    while at < len(line):
        if quote == '"' and line[at] == "\\":
            at += 2
        elif line[at] == quote:
            if quote == "'" and line[at + 1:at + 2] == "'":
                at += 2
            else:
                return at + 1
        else:
            at += 1
    return None


def read_line(line, state):
    """The comment of a line, and the indentation of the parent of a block text that begins there; None for each that is
    not there. `state` holds the quote that is open."""
    at, key_column, starts = 0, 0, True  # starts: a node may begin at `at`
    if state["quote"]:
        end = end_of_quoted(line, 0, state["quote"])
        if end is None:
            return None, None
        state["quote"], at, starts = None, end, False
    else:
        key_column = len(line) - len(line.lstrip(" "))
    first = True
    while at < len(line):
        if line[at] == "#" and (at == 0 or line[at - 1] in " \t"):
            return line[at:], None
        if starts and line[at] in "\"'":
            end = end_of_quoted(line, at + 1, line[at])
            if end is None:
                state["quote"] = line[at]
                return None, None
            at, starts, first = end, False, False
            continue
        if starts and BLOCK.match(line, at):
            comment = BLOCK.match(line, at)[1]
            return comment, key_column if not first or line[:at].strip() else -1
        if starts and first and line[at] in "-?" and line[at + 1:at + 2] in ("", " ", "\t"):
            dash = at
            at += 1
            while line[at:at + 1] in (" ", "\t") and at < len(line):
                at += 1
            key_column = at if KEY.match(line, at) else dash
            continue
        prefix = PREFIX.match(line, at)
        if prefix:
            starts = starts or line[at] in ":[{,"
            at = prefix.end()
            continue
        starts, first = False, False
        at += 1
    return None, None
