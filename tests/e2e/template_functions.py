#!/usr/bin/env python3
"""The table of functions (src/template/syntax/functions.c) against Helm: Helm 4 parses a template that names them all, Helm
3 one that names all but those marked as Helm 4's own, and refuses each of these; both refuse what the table leaves out.

Takes $VALUELINT_HELM3 and $VALUELINT_HELM4 from the environment."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TABLE = ROOT / "src" / "template" / "syntax" / "functions.c"
ROW = re.compile(r'\{STR_INIT\("(\w+)"\), "\w+", (true|false)\}')
ABSENT = ("env", "expandenv", "frobnicate")
SKIPPED = 77


def refused(helm, names):
    """The function that Helm says it does not know; None where it parses the names. They stand where nothing runs them."""
    with tempfile.TemporaryDirectory() as folder:
        chart = pathlib.Path(folder)
        (chart / "templates").mkdir()
        (chart / "Chart.yaml").write_text("apiVersion: v2\nname: example\nversion: 0.1.0\n")
        calls = "".join(f"{{{{ {name} }}}}" for name in names)
        (chart / "templates" / "a.yaml").write_text(f"{{{{ if false }}}}{calls}{{{{ end }}}}")
        done = subprocess.run([helm, "template", chart], capture_output=True, text=True, check=False)
    found = re.search(r'function "(\w+)" not defined', done.stderr)
    return found[1] if found else done.stderr.strip() or None


def main():
    helms = [os.environ.get("VALUELINT_HELM3"), os.environ.get("VALUELINT_HELM4")]
    if not all(helms):
        print("SKIP template_functions: needs Helm 3 and Helm 4")
        return SKIPPED
    table = [(name, only4 == "true") for name, only4 in ROW.findall(TABLE.read_text(encoding="utf-8"))]
    both = [name for name, only4 in table if not only4]
    newer = [name for name, only4 in table if only4]
    cases = [(helms[0], both, None), (helms[1], both + newer, None)]
    cases += [(helms[0], [name], name) for name in newer]
    cases += [(helm, [name], name) for helm in helms for name in ABSENT]
    problems = []
    for helm, names, expected in cases:
        got = refused(helm, names)
        if got != expected:
            problems.append(f"FAIL {helm}: {len(names)} functions from {names[0]}: expected {expected}, got {got}")
    if len(both) < 200 or len(newer) < 10:
        problems.append(f"FAIL the table was read as {len(both)} and {len(newer)} functions")
    print(*problems, sep="\n")
    print(f"{len(cases) - len(problems)} passed, {len(problems)} failed, 0 skipped")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
