#!/usr/bin/env python3
"""What valuelint makes of real charts, held against the committed table, so that a change shows in review what it does
to them:  ecosystem.py PROGRAM [--update]

The charts are `charts` below $VALUELINT_TESTDATA; where they are not there, the status is 77, skipped. A line of the
table is a chart and a rule, with the number of findings and how many of them each kind of fix removes; or a chart and
`diff`, with the lines that `--fix` adds and takes away; or `moved`, with the places of a move and the charts that
make it. --update writes the table anew; its diff is to be read like any other change.
"""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

TABLE = pathlib.Path(__file__).resolve().parent / "table.txt"


def run(program, folder, *words):
    done = subprocess.run([program, "--no-config", "--schema", "builtin", *words, "."], cwd=folder, capture_output=True, check=False)
    if done.returncode not in (0, 1) or done.stderr:
        raise SystemExit(f"FAIL exit status {done.returncode}: {done.stderr.decode(errors='replace')[:2000]}")
    return done.stdout.decode()


def chart_of(path, folder):
    """The innermost folder around `path` that holds a Chart.yaml."""
    for parent in pathlib.PurePath(path).parents:
        if (folder / parent / "Chart.yaml").exists():
            return str(parent)
    return str(pathlib.PurePath(path).parent)


def count_findings(program, folder):
    report = json.loads(run(program, folder, "--format", "json"))
    counts = collections.defaultdict(collections.Counter)
    for finding in report["findings"]:
        counts[chart_of(finding["path"], folder), finding["id"]][finding.get("fix") or "none"] += 1
    for (chart, rule), kinds in counts.items():
        fixable = "".join(f", {kinds[kind]} {kind}" for kind in ("safe", "unsafe") if kinds[kind])
        yield f"{chart} {rule} {sum(kinds.values())}{fixable}"


def count_changes(program, folder):
    """By what `--fix` does to a copy."""
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as temporary:
        copy = pathlib.Path(temporary) / "fixed"
        shutil.copytree(folder, copy, symlinks=True)
        report = json.loads(run(program, copy, "--fix", "--format", "json"))
        done = subprocess.run(["git", "-c", "core.quotePath=false", "diff", "--no-index", "--numstat", "--no-renames",
                               folder, copy], capture_output=True, text=True, check=False)
        counts = collections.defaultdict(collections.Counter)
        for line in done.stdout.splitlines():
            added, removed, names = line.split("\t")
            chart = chart_of(names.split("}/", 1)[1], copy)  # "/{one folder => the other}/path"
            counts[chart]["+"] += int(added)
            counts[chart]["-"] += int(removed)
    for chart, lines in counts.items():
        yield f"{chart} diff +{lines['+']} -{lines['-']}"
    for move in report["summary"].get("fixes", {}).get("moved", []):
        yield f"moved {move['from']} -> {move['to']} {move['charts']}"


def main():
    data = pathlib.Path(os.environ.get("VALUELINT_TESTDATA", ".")) / "charts"
    if not data.is_dir():
        print(f"{data} is not there")
        return 77
    program = os.path.abspath(sys.argv[1])
    lines = sorted([*count_findings(program, data), *count_changes(program, data)])
    if "--update" in sys.argv:
        TABLE.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return 0
    known = TABLE.read_text(encoding="utf-8").splitlines()
    differences = [f"- {line}" for line in known if line not in set(lines)]
    differences += [f"+ {line}" for line in lines if line not in set(known)]
    for line in sorted(differences, key=lambda line: line[2:]):
        print(line)
    if differences:
        print("FAIL the table differs: read it, and where it is meant, keep it with --update")
    print(f"{0 if differences else 1} passed, {1 if differences else 0} failed, 0 skipped")
    return 1 if differences else 0


sys.exit(main())
