#!/usr/bin/env python3
"""Fixes of real values files:  corpus_fix.py PROGRAM [FOLDER]

Each YAML file of FOLDER (without it: values-corpus below $VALUELINT_TESTDATA; where that is not there, the status is 77,
skipped) becomes the values.yaml of a chart of its own. With a schema that asks for nothing, `--fix` changes no byte. With
the standard, a second run changes nothing, every comment is still there, and so is every value: at its place, or at
the one that the report of moves names.
"""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.comments import count_comments  # noqa: E402

CHART = "apiVersion: v2\nname: example-service\nversion: 0.1.0\n"


def run(*words):
    return subprocess.run([*map(str, words)], capture_output=True, check=False)


def fix(program, charts, *words):
    """The report of a run of --fix over the charts, and what went wrong with it."""
    done = run(program, "--fix", "--no-config", "--format", "json",
               *(words or ("--schema", "builtin")), charts)
    problem = None
    if done.returncode not in (0, 1) or done.stderr:
        problem = f"FAIL exit status {done.returncode}: {done.stderr.decode(errors='replace')[:2000]}"
    return json.loads(done.stdout) if done.stdout else None, problem


def show(program, file):
    done = run(program, "show", file)
    text = done.stdout.decode()
    return json.loads(text) if done.returncode == 0 else None


def keys_of(dotted):
    """`a["b.c"].d` -> its keys."""
    return tuple(json.loads(quoted) if quoted else plain
                 for quoted, plain in re.findall(r'\[("(?:[^"\\]|\\.)*")\]|([^.\[]+)', dotted))


def leaves(value, path=()):
    """(path, value) of all that is no mapping with something in it; a list is one value."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, path + (key,))
    else:
        yield path, value


def value_at(value, path):
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    return value


def is_same(old, new):
    """Whether a fix may have made `new` of `old`: the same, or its spelling as another type."""
    if old == new and isinstance(old, bool) == isinstance(new, bool):
        return True
    texts = [value if isinstance(value, str) else json.dumps(value) for value in (old, new)]
    return isinstance(old, str) != isinstance(new, str) and texts[0] == texts[1]


def moved_value(after, path, moves):
    """What stands where the value at `path` went; None for nothing."""
    for start, ends in moves.items():
        if path[:len(start)] == start:
            for end in ends:
                found = value_at(after, end + path[len(start):])
                if found is not None:
                    return found
    return None


def lost_values(before, after, moves):
    lost = []
    for path, value in leaves(before):
        if not path or is_same(value, value_at(after, path)):
            continue
        if path == ("image",) and isinstance(value, str) and isinstance(after["image"], dict):
            parts = [after["image"].get("repository"), after["image"].get("tag")]
            if ":".join(part for part in parts if part) == value:
                continue
        if value == {} and not value_at(after, path) and any(path[:len(start)] == start for start in moves):
            continue  # an emptied mapping goes with the last value that it held
        if not is_same(value, moved_value(after, path, moves)):
            lost.append(".".join(path))
    return lost


def write_charts(folder, files):
    charts = []
    for number, file in enumerate(files):
        chart = folder / f"chart-{number:04}"
        chart.mkdir(parents=True)
        (chart / "Chart.yaml").write_text(CHART, encoding="utf-8")
        shutil.copy(file, chart / "values.yaml")
        charts.append(chart / "values.yaml")
    return charts


def check_nothing_asked(program, folder, files):
    schema = folder / "empty.json"
    schema.write_text("{}", encoding="utf-8")
    charts = write_charts(folder / "empty", files)
    _, problem = fix(program, folder / "empty", "--schema", schema, "--select", "VL1")
    problems = [problem] if problem else []
    return problems + [f"FAIL {file}: changed although nothing is asked" for file, copy in zip(files, charts)
                       if file.read_bytes() != copy.read_bytes()]


def check_standard(program, folder, files):
    charts = write_charts(folder / "standard", files)
    report, problem = fix(program, folder / "standard")
    if problem:
        return [problem]
    moves = collections.defaultdict(list)
    for move in report["summary"]["fixes"]["moved"]:
        moves[keys_of(move["from"])].append(keys_of(move["to"]))
    problems, changed = [], 0
    for file, copy in zip(files, charts):
        text, new_text = file.read_bytes(), copy.read_bytes()
        if text == new_text:
            continue
        changed += 1
        missing = count_comments(text.decode()) - count_comments(new_text.decode())
        if missing:
            problems.append(f"FAIL {file}: comments are missing: {list(missing)[:3]}")
        lost = lost_values(show(program, file), show(program, copy), moves)
        if lost:
            problems.append(f"FAIL {file}: values are lost: {', '.join(lost[:5])}")
    again, problem = fix(program, folder / "standard")
    if problem:
        problems.append(problem)
    elif again["summary"]["fixes"]["files"]:
        problems.append(f"FAIL a second run changes {again['summary']['fixes']['files']} files")
    print(f"{len(files)} files, {changed} changed, {len(moves)} places moved from")
    if changed < len(files) // 2:
        problems.append("FAIL too few files changed for this to say anything")
    return problems


def main():
    data = os.environ.get("VALUELINT_TESTDATA", ".")
    corpus = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else os.path.join(data, "values-corpus"))
    if not corpus.is_dir():
        print(f"{corpus} is not there")
        return 77
    files = [file for file in sorted(corpus.resolve().rglob("*.yaml")) if file.is_file()]
    with tempfile.TemporaryDirectory(prefix="valuelint-corpus-") as folder:
        problems = check_nothing_asked(sys.argv[1], pathlib.Path(folder), files)
        problems += check_standard(sys.argv[1], pathlib.Path(folder), files)
    print("\n".join(problems))
    print(f"{max(2 * len(files) - len(problems), 0)} passed, {len(problems)} failed, 0 skipped")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
