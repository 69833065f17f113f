#!/usr/bin/env python3
"""What is called fixable is fixed:  fixable.py PROGRAM

Over whole public charts and values files (charts and values-corpus below $VALUELINT_TESTDATA) and the project's
fixtures: the findings that a check calls fixable are exactly those that a
check after `--fix` does not have any more, and those called fixable by --unsafe-fixes are exactly those that only
`--fix --unsafe-fixes` removes. Without the data the fixtures alone are looked at, and the status is 77.
"""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CHART = "apiVersion: v2\nname: example-service\nversion: 0.1.0\n"
SHOWN = 20  # differences a set


def run(program, folder, *words):
    """What is found in the charts below `folder`, without the files behind symbolic links: those have other names too."""
    done = subprocess.run([program, "--no-config", "--schema", "builtin", "--format", "json", *words, "."], cwd=folder,
                          capture_output=True, check=False)
    try:
        report = json.loads(done.stdout)
        findings = report["findings"]
    except (json.JSONDecodeError, KeyError):
        sys.exit(f"FAIL {program} {words}: exit status {done.returncode}: {done.stderr.decode(errors='replace')}")
    real = os.path.realpath(folder)
    moved = [(move["from"], move["to"]) for move in report["summary"].get("fixes", {}).get("moved", [])]
    return [finding for finding in findings
            if os.path.realpath(folder / finding["path"]) == os.path.join(real, finding["path"])], moved


def about(finding):
    """What a finding is about: its check, and the value in a file."""
    return finding["path"], finding["id"], finding["value"]


def meanings(finding, moved):
    """What a finding is about, and what that is where its value has moved."""
    yield about(finding)
    for old, new in moved:
        if finding["value"] and (finding["value"] + ".").startswith(old + "."):
            yield finding["path"], finding["id"], new + finding["value"][len(old):]


def removed(before, after, moved):
    """The places in `before` of the findings that `after` does not have. One of `after` stands for one that says the
    same, else for one about the same value, here or where it has moved, which looked fixable only where there is no
    other."""
    same = collections.Counter((about(finding), finding["message"]) for finding in after)
    left = collections.Counter(map(about, after))
    gone = []
    for place, finding in enumerate(before):
        if same[about(finding), finding["message"]]:
            same[about(finding), finding["message"]] -= 1
            left[about(finding)] -= 1
        else:
            gone.append(place)
    kept = set()
    for place in sorted(gone, key=lambda place: before[place]["fix"] != "none"):
        for meaning in meanings(before[place], moved):
            if left[meaning]:
                left[meaning] -= 1
                kept.add(place)
                break
    return set(gone) - kept


def compare(program, name, source, folder):
    """The differences between what is promised for the charts in `source` and what is done, as lines."""
    reports, moves = {}, {}
    for kind, words in (("none", ()), ("safe", ("--fix",)), ("unsafe", ("--fix", "--unsafe-fixes"))):
        copy = folder / f"{name}-{kind}"
        shutil.copytree(source, copy, symlinks=True)
        moves[kind] = run(program, copy, *words)[1] if words else []
        reports[kind] = run(program, copy)[0]
    before = reports["none"]
    safe, unsafe = (removed(before, reports[kind], moves[kind]) for kind in ("safe", "unsafe"))
    problems, counts = [], collections.Counter()
    for place, finding in enumerate(before):
        done = "safe" if place in safe else "unsafe" if place in unsafe else "none"
        counts[done] += 1
        if finding["fix"] != done:
            problems.append(f"FAIL {name}: {finding['path']}:{finding['start']['line']}: {finding['id']} "
                            f"{finding['value']}: called {finding['fix']}, and is {done}: {finding['message']}")
    print(f"{name}: {len(before)} findings, fixed {counts['safe']}, only by --unsafe-fixes {counts['unsafe']}, "
          f"called otherwise {len(problems)}", flush=True)
    return problems


def make_charts(files, folder):
    """Makes each values file a chart of its own."""
    for number, file in enumerate(sorted(files)):
        chart = folder / f"chart-{number:04}"
        chart.mkdir(parents=True)
        (chart / "Chart.yaml").write_text(CHART, encoding="utf-8")
        shutil.copy(file, chart / "values.yaml")
    return folder


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    data = pathlib.Path(os.environ.get("VALUELINT_TESTDATA", "."))
    problems, skipped = [], []
    with tempfile.TemporaryDirectory(prefix="valuelint-fixable-") as folder:
        folder = pathlib.Path(folder)
        sources = {"fixtures": ROOT / "fixtures"}
        for name in ("charts", "values-corpus"):
            if not (data / name).is_dir():
                skipped.append(f"SKIP {data / name} is not there")
            elif name == "charts":
                sources[name] = data / name
            else:
                sources[name] = make_charts((data / name).rglob("*.y*ml"), folder / name)
        for name, source in sources.items():
            found = compare(program, name, source, folder)
            problems += found[:SHOWN]
    print("\n".join(problems + skipped))
    return 1 if problems else 77 if skipped else 0


if __name__ == "__main__":
    sys.exit(main())
