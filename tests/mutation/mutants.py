#!/usr/bin/env python3
"""Changes one condition of the sources at a time, and looks whether the unit tests or the golden tests notice.

usage: mutants.py [--count N] [--seed TEXT] [--file SRC/FILE.c]...

Works on a copy of the committed tree; runs one mutant after the other, which takes about a minute each. A mutant swaps
one operator (`&&` and `||`, `==` and `!=`, `<` and `<=`, `>` and `>=`) or negates one `if`. They are spread over all rooms;
the same seed gives the same ones on the same sources. Ends with the survivors, each to be looked at: it lacks a test, or
it changes nothing that anybody can see. Exit status 1 where more than one in ten survives.
"""
import argparse
import pathlib
import random
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SWAPS = {"&&": "||", "||": "&&", "==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">"}
OPERATOR = re.compile(r" (&&|\|\||==|!=|<=?|>=?) ")
IF = re.compile(r"\bif \((?=[^()]*(?:\([^()]*\)[^()]*)*\) \S)")
SECONDS = 600  # for one step: a mutant that does not end is killed


def find_mutants(path):
    """(line number, column, length, what takes its place)"""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        code = re.sub(r'"(?:[^"\\]|\\.)*"|/\*.*?\*/|\'(?:[^\'\\]|\\.)*\'', lambda m: "_" * len(m[0]), line)
        if re.match(r"\s*(\*|/\*|#|for \()", line):
            continue
        for match in OPERATOR.finditer(code):
            found.append((number, match.start(1), len(match[1]), SWAPS[match[1]]))
        for match in IF.finditer(code):
            found.append((number, match.end() - 1, 1, "(!"))
            depth = 0
            for at in range(match.end() - 1, len(code)):
                depth += {"(": 1, ")": -1}.get(code[at], 0)
                if depth == 0:
                    found[-1] = (number, match.end() - 1, at + 1 - (match.end() - 1), f"(!{line[match.end() - 1:at + 1]})")
                    break
    return found


def choose(root, count, seed, only):
    """As many mutants, from each room in turn: (name of the file, ...)."""
    rooms = {}
    for path in sorted((root / "src").rglob("*.c")):
        name = path.relative_to(root).as_posix()
        if not only or name in only:
            rooms.setdefault(path.parent, []).extend((name, *mutant) for mutant in find_mutants(path))
    draw = random.Random(seed)
    for mutants in rooms.values():
        draw.shuffle(mutants)
    chosen = []
    while len(chosen) < count and any(rooms.values()):
        for room in sorted(rooms):
            if rooms[room] and len(chosen) < count:
                chosen.append(rooms[room].pop())
    return chosen


def run(folder, *words):
    """(whether it went well, the end of what it said)"""
    try:
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return False, "does not end"
    return done.returncode == 0, (done.stdout + done.stderr)[-200:]


def judge(copy, build):
    """What noticed the mutant that stands in the copy; None for nothing."""
    if not run(copy, "ninja", "-C", build, "valuelint")[0]:
        return "compiler"
    if not run(copy, "python3", "tests/golden/run.py", "--program", f"{copy}/{build}/valuelint")[0]:
        return "golden"
    if not run(copy, "ninja", "-C", build)[0]:
        return "compiler"
    if not run(copy, "meson", "test", "-C", build, "--no-rebuild", "--suite", "unit", "--maxfail", "1")[0]:
        return "unit"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=46)
    parser.add_argument("--seed", default="valuelint")
    parser.add_argument("--file", action="append", default=[])
    options = parser.parse_args()
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "copy"
        subprocess.run(["git", "clone", "--quiet", "--shared", str(ROOT), str(copy)], check=True)
        subprocess.run(["meson", "setup", "build", "-Dwerror=false", "-Doptimization=0", "-Ddebug=false"], cwd=copy, check=True,
                       capture_output=True)
        if judge(copy, "build"):
            raise SystemExit("the tests fail without any mutant")
        mutants = choose(copy, options.count, options.seed, options.file)
        for name, number, column, length, other in mutants:
            target = copy / name
            text = target.read_text(encoding="utf-8")
            lines = text.splitlines(keepends=True)
            line = lines[number]
            lines[number] = line[:column] + other + line[column + length:]
            target.write_text("".join(lines), encoding="utf-8")
            killer = judge(copy, "build")
            target.write_text(text, encoding="utf-8")
            outcome = f"killed by {killer}" if killer else "survives"
            print(f"{outcome}: {name}:{number + 1}: {lines[number].strip()}", flush=True)
            if not killer:
                survivors.append(name)
    print(f"{len(mutants) - len(survivors)} of {len(mutants)} mutants killed")
    return 1 if len(survivors) * 10 > len(mutants) else 0


if __name__ == "__main__":
    sys.exit(main())
