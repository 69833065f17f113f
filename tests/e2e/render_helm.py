#!/usr/bin/env python3
"""`valuelint render` against Helm 3 and Helm 4 themselves, as libraries (tests/e2e/helm_render).

Each chart below `charts` of $VALUELINT_TESTDATA and of fixtures/ is rendered with its defaults and with each of its
overlays: on every line without a hole the bytes must be Helm's, a line with a hole must differ between two runs of Helm, and
holes are few. Then single values are changed, one at a time: both must render, with the same text, or both must fail.

usage: render_helm.py [--changes N] [--seed N] [--helm 3|4] [CHART...]   takes $VALUELINT from the environment
"""
import argparse
import collections
import copy
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import tools  # noqa: E402
from cases import Cases, expect  # noqa: E402

KUBE_VERSION = "v1.37.0"
HOLE = "<unknown: "
MAX_HOLES = 0.002  # of all lines
# Reasons for holes whose text is the same in each run of one Helm, but not of all.
FIXED_HOLES = ("that Helm was built",)
# What Helm takes and valuelint refuses on purpose, with a finding: text that Helm ignores in silence.
STRICTER = ("fixtures/hostile/indented-first-key",)
OTHERS = (None, "text", 5, True, ["item"], {"key": "value"})


class Helm:
    """Helm's libraries, in one process that answers one request after the other."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)

    def render(self, helm, chart, values=()):
        return self.request(helm, {"chart": str(chart), "values": [str(path) for path in values]})

    def request(self, helm, fields):
        request = {"helm": helm, "name": "r", "namespace": "default", "kube_version": KUBE_VERSION, **fields}
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["text"], answer["error"]


def render(program, helm, chart, values=()):
    """(text, error) of valuelint; None for the text where it fails."""
    words = [program, "render", str(chart), "r", "--holes", "--helm", str(helm), "--kube-version", KUBE_VERSION]
    for path in values:
        words += ["-f", str(path)]
    done = subprocess.run(words, capture_output=True, check=False)
    error = done.stderr.decode(errors="replace")
    expect(done.returncode in (0, 1, 3), f"exit status {done.returncode}: {error[:500]}")
    return (None if done.returncode else done.stdout.decode(errors="replace")), error


def difference(text, first, second):
    """What is wrong with `text`, where Helm gave `first` and then `second`; and how many lines are holes."""
    ours, lines, again = text.split("\n"), first.split("\n"), second.split("\n")
    holes = sum(HOLE in line for line in ours)
    for number, (line, other) in enumerate(zip(ours, lines), 1):
        if HOLE not in line and line != other:
            return f"line {number}: Helm {other[:200]!r}, valuelint {line[:200]!r}", holes
        same = len(lines) == len(again) and other == again[number - 1]
        if HOLE in line and same and not any(reason in line for reason in FIXED_HOLES):
            return f"line {number}: a hole for what is always the same: {line[:200]!r}, Helm {other[:200]!r}", holes
    if len(ours) != len(lines):
        return f"{len(ours)} lines, Helm {len(lines)}", holes
    return None, holes


def find_charts(names, skipped):
    if names:
        return [pathlib.Path(name).resolve() for name in names]
    folders = [ROOT / "fixtures"]
    data, _ = tools.find_data()
    if (data / "charts").is_dir():
        folders.append((data / "charts").resolve())
    else:
        skipped["charts"] = "not there"
    found = sorted(path.parent for folder in folders for path in folder.rglob("Chart.yaml"))
    return [chart for chart in found if not any(other != chart and other in chart.parents for other in found)]


def overlays_of(chart):
    """Lists of values files: none, and each overlay by itself."""
    files = sorted(set(chart.glob("values-*.yaml")) | set(chart.glob("values.*.yaml")) | set(chart.glob("ci/*-values.yaml")))
    return [()] + [(path,) for path in files if "template" not in path.name]


def name_of(chart):
    for folder in (ROOT, *chart.parents):
        if folder.name == "charts" and folder.parent.name != "charts" or folder == ROOT:
            try:
                return str(chart.relative_to(folder))
            except ValueError:
                continue
    return chart.name


class Comparison:
    def __init__(self, program, helm):
        self.program, self.helm = program, helm
        self.lines = self.holes = 0

    def compare(self, version, chart, values):
        first, refused = self.helm.render(version, chart, values)
        text, error = render(self.program, version, chart, values)
        if refused:
            expect(text is None, f"Helm fails, valuelint does not: {refused[:300]}")
            return
        if name_of(chart) in STRICTER:
            expect(text is None, "listed in STRICTER, but not refused")
            return
        expect(text is not None, f"valuelint fails, Helm does not: {error[:500]}")
        wrong, holes = difference(text, first, self.helm.render(version, chart, values)[0])
        self.lines += text.count("\n")
        self.holes += holes
        expect(not wrong, wrong)


def paths_of(values, path=()):
    """The paths of all values below the root."""
    for key, value in sorted(values.items()) if isinstance(values, dict) else enumerate(values):
        yield (*path, key)
        if isinstance(value, (dict, list)):
            yield from paths_of(value, (*path, key))


def change(values, path, how):
    changed = copy.deepcopy(values)
    at = changed
    for key in path[:-1]:
        at = at[key]
    if how == "deleted":
        del at[path[-1]]
    elif how == "renamed" and isinstance(at, dict):
        at[f"{path[-1]}X"] = at.pop(path[-1])
    else:
        at[path[-1]] = how if how != "renamed" else None
    return changed


CLASSES = (("required or fail", "execution error at"), ("parse", "parse error at"), ("nil pointer", "nil pointer evaluating"),
           ("field", "can't evaluate field"), ("range", "range can't iterate"), ("comparison", "for comparison"),
           ("comparison", "non-comparable"), ("type of an argument", "wrong type for value"),
           ("output", "YAML parse error"), ("output", "unable to build kubernetes objects"), ("schema", "values don't meet"),
           ("length", "error calling len"), ("index", "error calling index"), ("function", "error calling"),
           ("before templates", "type mismatch on"))


def class_of(error):
    """Of several failures that wrap each other, the innermost."""
    last = error.rsplit("template: ", 1)[-1]
    for text in (last, error):
        for name, mark in CLASSES:
            if mark in text:
                return name
    return "other"


class Changes:
    """Single changes of values, each tried with Helm and with valuelint."""

    def __init__(self, comparison, version, temporary):
        self.comparison, self.version, self.temporary = comparison, version, temporary
        self.counts = collections.defaultdict(collections.Counter)

    def try_one(self, chart, path, how):
        work = self.temporary / "chart"
        if work.exists():
            shutil.rmtree(work)
        shutil.copytree(chart, work, symlinks=False)
        values = json.loads(subprocess.run([self.comparison.program, "show", str(chart / "values.yaml")],
                                           capture_output=True, check=True).stdout)
        (work / "values.yaml").write_text(json.dumps(change(values, path, how)), encoding="utf-8")
        first, refused = self.comparison.helm.render(self.version, work)
        text, error = render(self.comparison.program, self.version, work)
        kind = class_of(refused) if refused else "renders"
        if bool(refused) != (text is None):
            self.counts[kind]["wrong"] += 1
            return f"{kind}: Helm {refused[:300] or 'renders'!r}, valuelint {error[:300] or 'renders'!r}"
        if not refused:
            wrong, _ = difference(text, first, self.comparison.helm.render(self.version, work)[0])
            if wrong:
                self.counts[kind]["text differs"] += 1
                return wrong
        self.counts[kind]["agree"] += 1
        return None


def sample_changes(program, charts, count, seed):
    """`count` changes: a chart, a path of its values and what becomes of it."""
    chance = random.Random(seed)
    paths = {}
    for chart in charts:
        done = subprocess.run([program, "show", str(chart / "values.yaml")], capture_output=True, check=False)
        found = list(paths_of(json.loads(done.stdout))) if done.returncode == 0 else []
        if found:
            paths[chart] = found
    for _ in range(count if paths else 0):
        chart = chance.choice(sorted(paths))
        yield chart, chance.choice(paths[chart]), chance.choice(("deleted", "renamed", *OTHERS))


def try_changes(cases, comparison, charts, version, options):
    wrong = []
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as temporary:
        changes = Changes(comparison, version, pathlib.Path(temporary))
        for chart, path, how in sample_changes(comparison.program, charts, options.changes, options.seed):
            problem = changes.try_one(chart, path, how)
            if problem:
                wrong.append(f"{name_of(chart)}: {'.'.join(map(str, path))} {how if isinstance(how, str) else json.dumps(how)}: {problem}")
    for kind, counts in sorted(changes.counts.items()):
        print(f"     Helm {version}, {kind}: " + ", ".join(f"{number} {what}" for what, number in sorted(counts.items())))
    for line in wrong:
        print(f"     {line}")
    cases.run(f"helm {version}: changes of values", expect, not wrong, f"{len(wrong)} of {options.changes} differ")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--changes", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--helm", type=int, choices=(3, 4))
    parser.add_argument("charts", nargs="*")
    options = parser.parse_args()
    program, oracle = os.environ.get("VALUELINT"), tools.find_helm_render()
    cases, skipped = Cases(), {}
    if not program or not oracle:
        print("SKIP render: needs $VALUELINT and Go with Helm's modules")
        return 77
    charts = find_charts(options.charts, skipped)
    for name, why in skipped.items():
        cases.skip(name, why)
    for version in (options.helm,) if options.helm else (3, 4):
        comparison = Comparison(program, Helm(oracle))
        for chart in charts:
            for values in overlays_of(chart):
                label = f"helm {version}: {name_of(chart)}" + "".join(f" -f {path.name}" for path in values)
                cases.run(label, comparison.compare, version, chart, values)
        share = comparison.holes / max(comparison.lines, 1)
        cases.run(f"helm {version}: holes", expect, share <= MAX_HOLES, f"{share:.2%} of all lines are holes")
        print(f"     {comparison.holes} of {comparison.lines} lines are holes, {share:.3%}")
        real = [chart for chart in charts if ROOT not in chart.parents] or charts
        try_changes(cases, comparison, real, version, options)
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
