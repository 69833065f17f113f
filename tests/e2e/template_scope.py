#!/usr/bin/env python3
"""VL901, VL904 and VL905 against Helm: a chart fails for want of a value exactly where VL901 says so, and a value that
nothing reads can go without a byte of the manifests changing.

    template_scope.py [-v] [FIRST [LAST]]     charts of these seeds in place of the usual ones

The charts are those of fixtures/platform, before and after, and, one for each seed, those of tests/support/random_charts.py;
each as it is, and with one value (a leaf, or a mapping with all that it holds) taken away at a time (some of them where there
are many). Precision is the share
of the charts with an error of VL901 that fail in Helm, recall the share of those that Helm fails with on a nil or a value of
another kind that have such an error. Helm tells its first error only: where that is another one, the chart does not count.
Takes $VALUELINT and $VALUELINT_HELM3 from the environment."""
import collections
import concurrent.futures
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
sys.path.insert(0, str(ROOT / "tests"))

from support import random_charts  # noqa: E402

SKIPPED = 77
NEEDED = ("VALUELINT", "VALUELINT_HELM3")
SEEDS = range(40)
REMOVALS = 10  # of a generated chart
PLATFORM_REMOVALS = 15  # of a chart of the platform
NOT_RENDERED = ("monitoring",)  # its dependencies cannot be had
PRECISION, RECALL = 0.98, 0.99
ON_NIL = re.compile(r"nil pointer evaluating|can't evaluate field|index of (untyped )?nil|range can't iterate over"
                    r"|wrong type for value; expected [^;]*; got (interface|<nil>|\S+)|invalid value; expected"
                    r"|interface conversion: interface \{\} is")
ON_PARSE = re.compile(r"^Error: parse error at|^Error: .*parse error at \(")


class Case:
    def __init__(self, folder, name, removed):
        self.folder, self.name, self.removed = folder, name, removed
        self.errors, self.warnings, self.unread, self.broken = [], [], [], []
        self.manifests = self.message = None


def run(*words, **more):
    return subprocess.run([*map(str, words)], capture_output=True, timeout=300, check=False, **more)


def paths_of(values, above=()):
    """All paths of a tree of mappings; a mapping before what it holds."""
    for key, value in values.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from paths_of(value, (*above, key))


def without(values, path):
    if len(path) == 1:
        return {key: value for key, value in values.items() if key != path[0]}
    return {key: without(value, path[1:]) if key == path[0] else value for key, value in values.items()}


def read_values(path):
    done = run(os.environ["VALUELINT"], "show", path)
    return json.loads(done.stdout) if done.returncode == 0 else None


def make_cases(folder, source, name, removals, chooser):
    """The chart as it is, and copies without one value; their values are written as JSON, which is YAML."""
    values = read_values(source / "values.yaml")
    removed = [()]
    if isinstance(values, dict):
        paths = list(paths_of(values))
        removed += paths if len(paths) <= removals else chooser.sample(paths, removals)
    for number, path in enumerate(removed):
        chart = folder / f"{name}-{number}" / source.name
        # Overlays are left out: a value that one of them holds is not an error, but Helm renders without them here.
        shutil.copytree(source, chart, ignore=shutil.ignore_patterns("values-*.yaml"))
        if path:
            (chart / "values.yaml").write_text(json.dumps(without(values, path)), encoding="utf-8")
        yield Case(chart, name, ".".join(path))


def render(case):
    done = run(os.environ["VALUELINT_HELM3"], "template", "x", case.folder)
    if done.returncode == 0:
        case.manifests = done.stdout
    else:
        case.message = done.stderr.decode(errors="replace").strip()


def check(folder, cases):
    # With a folder of shared templates, though an empty one, the standard's own values are looked at too.
    (folder / "shared").mkdir()
    (folder / ".valuelint.yaml").write_text("templates: [shared]\n", encoding="utf-8")
    done = run(os.environ["VALUELINT"], "--format", "json", "--select", "VL9", folder)
    by_folder = {str(case.folder): case for case in cases}
    for finding in json.loads(done.stdout)["findings"]:
        path = next((str(above) for above in pathlib.Path(finding["path"]).parents if str(above) in by_folder), None)
        if path is None or "/charts/sub/" in finding["path"]:
            continue
        case = by_folder[path]
        kinds = {"VL901": case.errors if finding["severity"] == "error" else case.warnings, "VL904": case.unread,
                 "VL905": case.broken}
        kinds.get(finding["id"], []).append(f"{finding['value']}: {finding['message']}")


def judge(cases, verbose):
    """Counts of what was told and what Helm does; and the cases that disagree, by cause."""
    counts, wrong = collections.Counter(), []
    for case in cases:
        # The values of a subchart may be set by others: nothing is certain to fail there.
        below = case.message and re.search(r"template: [^ ]*/charts/sub/templates/", case.message)
        nil = case.message and not below and ON_NIL.search(case.message)
        if case.errors:
            kind = "false" if case.message is None else "true" if nil else "other"
        else:
            kind = "missed" if nil else "right" if case.message is None else "other"
        if not case.errors and case.message is None and case.warnings:
            kind = "warned"
        if not case.errors and nil and case.warnings:
            counts["missed with a warning"] += 1
        counts[kind] += 1
        parse = bool(case.message and ON_PARSE.search(case.message) and not nil)
        if bool(case.broken) != parse:
            kind = "broken"
            counts[kind] += 1
        if kind in ("false", "missed", "broken") or (verbose and kind == "warned"):
            told = "; ".join(case.errors + case.warnings + case.broken) or "nothing"
            wrong.append(f"{kind}: {case.name} without `{case.removed}`: told: {told}\n       Helm: {case.message}")
    return counts, wrong


def check_unread(folder, cases):
    """Values that nothing reads, taken away one by one: those that change what is rendered, and how many there are."""
    copies = []
    for number, case in enumerate(case for case in cases if case.manifests is not None and not case.removed):
        values = read_values(case.folder / "values.yaml")
        for unread in case.unread:
            path = unread.split(":")[0]
            keys = next(keys for keys in paths_of(values) if ".".join(keys) == path)
            chart = folder / f"unread-{number}-{len(copies)}" / case.folder.name
            shutil.copytree(case.folder, chart)
            (chart / "values.yaml").write_text(json.dumps(without(values, keys)), encoding="utf-8")
            copies.append((case, Case(chart, case.name, path)))
            plain = chart.parent / "plain" / case.folder.name
            shutil.copytree(case.folder, plain)
            (plain / "values.yaml").write_text(json.dumps(values), encoding="utf-8")
            copies[-1][1].plain = Case(plain, case.name, "")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(render, [copy for _, copy in copies] + [copy.plain for _, copy in copies]))
    wrong = [f"{copy.name}: `{copy.removed}` is read: {copy.message or 'the manifests change'}"
             for _, copy in copies if copy.manifests != copy.plain.manifests]
    return len(copies), wrong


def make_generated(folder, seed):
    source = folder / "source" / str(seed) / "x"
    for path, text in random_charts.make_chart(seed).items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_bytes(text.encode())
    return list(make_cases(folder / "cases", source, f"seed {seed}", REMOVALS, random.Random(seed)))


def share(counts, wrong):
    return counts["true"] / (counts["true"] + counts[wrong]) if counts["true"] + counts[wrong] else 1.0


def study(title, folder, cases, verbose):
    """Renders and checks the cases; the problems."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(render, cases))
    check(folder / "cases", cases)
    counts, wrong = judge(cases, verbose)
    unread, still_read = check_unread(folder, cases)
    precision, recall = share(counts, "false"), share(counts, "missed")
    print(f"{title}: {len(cases)} renderings, of which {counts['true'] + counts['missed']} fail on a value: precision "
          f"{precision:.3f}, recall {recall:.3f}; {dict(counts)}; {unread} values that nothing reads, "
          f"{len(still_read)} of them read")
    return precision, recall, wrong, still_read


def main():
    words = [word for word in sys.argv[1:] if word != "-v"]
    verbose = "-v" in sys.argv
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        print("no " + ", ".join(missing))
        return SKIPPED
    given = [int(word) for word in words[:2]]
    seeds = range(given[0], (given + [given[0]])[1] + 1) if given else SEEDS
    problems, passed = [], 0
    with tempfile.TemporaryDirectory(prefix="valuelint-scope-") as temporary:
        temporary = pathlib.Path(temporary)
        for state in () if given else ("before", "after"):
            folder = temporary / state
            charts = ROOT / "fixtures" / "platform" / state / "charts"
            cases = [case for chart in sorted(charts.iterdir()) if chart.name not in NOT_RENDERED
                     for case in make_cases(folder / "cases", chart, f"{state} {chart.name}", PLATFORM_REMOVALS,
                                            random.Random(chart.name))]
            _, _, wrong, still_read = study(f"platform, {state}", folder, cases, verbose)
            problems += wrong + still_read
            problems += [f"{case.name}: {told}" for case in cases if not case.removed
                         for told in case.errors + case.warnings + case.broken]
            passed += len(cases) - len(wrong)
        folder = temporary / "generated"
        cases = [case for seed in seeds for case in make_generated(folder, seed)]
        precision, recall, wrong, still_read = study("generated", folder, cases, verbose)
        passed += len(cases) - len(wrong)
        for line in wrong:
            print(line)
        if precision < PRECISION or recall < RECALL:
            problems.append(f"precision {precision:.3f}, recall {recall:.3f}")
        problems += still_read
    for problem in problems:
        print(f"FAIL {problem}")
    print(f"{passed} passed, {len(problems)} failed, 0 skipped")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
