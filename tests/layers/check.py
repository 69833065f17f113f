#!/usr/bin/env python3
"""Checks the sources against the layers of the design: includes go downward only and without cycles, foreign
libraries have their own includers, nothing goes around the includes, and no file is longer than 600 lines.

usage: check.py [ROOT]     ends with a line `N passed, N failed, N skipped`
"""
import os
import re
import sys

# A layer and those directly below it; what these may include, it may include too.
BELOW = {
    "base": [],
    "text": ["base"],
    "value": ["base"],
    "yaml": ["text", "value"],
    "schema": ["value"],
    "cel": ["value"],
    "patch": ["yaml"],
    "chart": ["yaml"],
    "template/go": ["base"],
    "template/syntax": ["text", "value", "template/go"],
    "template/eval": ["template/syntax", "yaml"],
    "template/refs": ["template/eval"],
    "release": ["chart", "template/syntax"],
    "object": ["template/eval"],
    "render": ["template/eval", "chart", "schema"],
    "report": ["text", "value"],
    "rule": ["schema", "cel", "patch", "chart"],
    "config": ["rule"],
    "check": ["config", "release", "template/refs", "object", "render"],
    "fix": ["check"],
    "mesh": ["check"],
    "infer": ["check", "report"],
    "run": ["fix", "mesh"],
    "lsp": ["run"],
    "cli": ["lsp", "infer", "report", "render"],
}
# A library's header and the layers that may include it.
OWNERS = {"libfyaml.h": ["yaml"], "jansson.h": ["value"], "pcre2.h": ["schema", "cel", "template/go"], "zlib.h": ["chart"]}
MAX_LINES = 600
# Folders whose C files and scripts are held to MAX_LINES.
SHORT = ("src", "tests", "scripts")


def allowed(layer):
    found = {layer}
    for below in BELOW[layer]:
        found |= allowed(below)
    return found


def layer_of(path):
    """The layer of a path below src/: the longest folder that is one, else its first folder."""
    folder = os.path.dirname(path)
    while folder and folder not in BELOW:
        folder = os.path.dirname(folder)
    return folder or path.split(os.sep)[0]


def read_sources(root):
    """Path below src/ -> text."""
    sources = {}
    src = os.path.join(root, "src")
    for folder, _, names in os.walk(src):
        for name in names:
            if name.endswith((".c", ".h")):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as file:
                    sources[os.path.relpath(path, src)] = file.read()
    return sources


def read_includes(sources):
    """Path below src/ -> list of (line number, what it includes)."""
    return {path: [(number, match[1]) for number, line in enumerate(text.splitlines(), 1)
                   if (match := re.match(r'\s*#\s*include\s*[<"]([^">]+)[">]', line))]
            for path, text in sources.items()}


def resolve(path, name, includes):
    """The file of the project that `path` means by `name`, or None."""
    for candidate in (os.path.normpath(os.path.join(os.path.dirname(path), name)), name):
        if candidate in includes:
            return candidate
    return None


def check_directions(includes):
    for path, found in sorted(includes.items()):
        layer = layer_of(path)
        if layer not in BELOW:
            yield f"src/{path}: '{layer}' is not a layer of tests/layers/check.py"
            continue
        for line, name in found:
            target = resolve(path, name, includes)
            if target and layer_of(target) not in allowed(layer):
                yield f"src/{path}:{line}: {layer} must not include {name}"


def check_owners(includes):
    for path, found in sorted(includes.items()):
        for line, name in found:
            owners = OWNERS.get(name)
            if owners and layer_of(path) not in owners:
                yield f"src/{path}:{line}: only src/{' and src/'.join(owners)} may include {name}"


# What makes a name of another file known without including its header: each has its own message.
DETOURS = (
    (re.compile(r'^[ \t]*#[ \t]*include[ \t]+[A-Za-z_]', re.M), (".c", ".h"), "an include through a macro hides its layer"),
    (re.compile(r'^[ \t]*extern\b[^;=]*?(\w+)(?:\[\])?;', re.M), (".c",), "declare it in a header, not with extern"),
    (re.compile(r'^(?!static\b|typedef\b|extern\b|return\b|else\b)[A-Za-z_][\w \t*]*[ \t*](?![A-Z_]+\()\w+\([^;{}()]*\)'
                r'(?:\s*__attribute__\(\(.*\)\))?;', re.M), (".c",), "declare it in a header, not by a prototype"),
)


def check_detours(sources):
    for path, text in sorted(sources.items()):
        for pattern, endings, message in DETOURS:
            if path.endswith(endings):
                for match in pattern.finditer(text):
                    if match.groups() and re.search(rf"^(?!extern\b).*\b{match[1]}(?:\[\])? = ", text, re.M):
                        continue  # of its own
                    yield f"src/{path}:{text.count(chr(10), 0, match.start()) + 1}: {message}"


def check_presence(includes):
    """A layer that is listed holds something: else a breach would be looked for in the wrong place."""
    there = {layer_of(path) for path in includes}
    for layer in BELOW:
        if layer not in there:
            yield f"'{layer}' is a layer of tests/layers/check.py, but src/{layer} holds no C file"


# What differs between systems stands in one file a system; these headers, and the macros that name a system, nowhere else.
SYSTEM_FILE = re.compile(r"base/system_\w+\.c")
SYSTEM_HEADER = re.compile(r"(sys/|arpa/|netinet/|mach/|linux/).*|(unistd|fcntl|dirent|signal|pthread|poll|termios|time|spawn|"
                           r"dlfcn|glob|ftw|pwd|sched|windows|io|direct|process)\.h")
SYSTEM_MACRO = re.compile(r"\s*#\s*(?:el)?if.*(__linux|__APPLE__|_WIN32|__unix|__FreeBSD|__GLIBC)")


def check_system(includes, sources):
    for path in sorted(includes):
        if SYSTEM_FILE.fullmatch(path):
            continue
        for line, name in includes[path]:
            if SYSTEM_HEADER.fullmatch(name):
                yield f"src/{path}:{line}: only src/base/system_*.c may include {name}"
        for number, line in enumerate(sources[path].splitlines(), 1):
            if SYSTEM_MACRO.match(line):
                yield f"src/{path}:{number}: only src/base/system_*.c may ask for the system"


def check_cycles(includes):
    """Depth-first; a file met again while it is still open closes a cycle."""
    state = {}

    def visit(path, trail):
        if state.get(path) == "done":
            return
        if state.get(path) == "open":
            yield "includes in a circle: " + " -> ".join(trail[trail.index(path):] + [path])
            return
        state[path] = "open"
        for _, name in includes[path]:
            target = resolve(path, name, includes)
            if target:
                yield from visit(target, trail + [path])
        state[path] = "done"

    for path in sorted(includes):
        yield from visit(path, [])


# Prefixes of more layers than one, which speak of one noun: Go's library, Helm, the mesh, a value and its path.
SHARED_PREFIXES = {"go": {"template/go", "template/eval"}, "helm": {"yaml", "render"}, "mesh": {"mesh", "check"},
                   "value": {"value", "template/eval"}}
PUBLIC = re.compile(r"^(?!static|typedef|#|struct \w+ \{|enum|/?[ *]*\*)[A-Za-z_][\w \t*]*[ \t*](?![A-Z_]+\()(\w+)\([^)]", re.M)


def check_prefixes(sources):
    """The first word of a public function's name belongs to one layer."""
    owners = {}
    for path, text in sorted(sources.items()):
        if path.endswith(".h"):
            for match in PUBLIC.finditer(text):
                owners.setdefault(match[1].split("_")[0], {}).setdefault(layer_of(path), (path, match[1]))
    for prefix, layers in sorted(owners.items()):
        if not set(layers) <= SHARED_PREFIXES.get(prefix, set()) and len(layers) > 1:
            places = ", ".join(f"{name} in src/{path}" for path, name in layers.values())
            yield f"{prefix}_ has more owners than one: {places}"


def check_lengths(root):
    for top in SHORT:
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if name.endswith((".c", ".h", ".py", ".sh")):
                    path = os.path.join(folder, name)
                    with open(path, encoding="utf-8", errors="replace") as file:
                        lines = sum(1 for _ in file)
                    if lines > MAX_LINES:
                        yield f"{os.path.relpath(path, root)}: {lines} lines, more than {MAX_LINES}"


def run_checks(root):
    """Name of a check -> list of what it found."""
    sources = read_sources(root)
    includes = read_includes(sources)
    if not includes:
        raise SystemExit(f"no C files below {root}/src")
    return {
        "includes go downward": list(check_directions(includes)),
        "foreign headers have one layer": list(check_owners(includes)),
        "what differs between systems is in one place": list(check_system(includes, sources)),
        "no circles": list(check_cycles(includes)),
        "nothing goes around the includes": list(check_detours(sources)),
        "listed layers are there": list(check_presence(includes)),
        "a prefix has one layer": list(check_prefixes(sources)),
        "files are short": list(check_lengths(root)),
    }


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..", "..")
    results = run_checks(os.path.abspath(root))
    for name, problems in results.items():
        for problem in problems:
            print(f"FAIL {name}: {problem}")
    failed = sum(1 for problems in results.values() if problems)
    print(f"{len(results) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
