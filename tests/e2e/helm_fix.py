#!/usr/bin/env python3
"""`valuelint --fix` against Helm: a chart that renders before it renders the same bytes after it, with its values.yaml alone
and with each of its overlays, and both, on top; with `--unsafe-fixes` it still renders; and a second run changes nothing.

    helm_fix.py [FIRST [LAST]]     with these seeds in place of the usual ones, for the search for counterexamples

The charts are those of fixtures/platform/before and, one for each seed, those of tests/support/random_charts.py. That the
test can fail is seen with the platform's charts: with new values and old templates, they do not render the same. Takes
$VALUELINT, $VALUELINT_HELM3 and $VALUELINT_HELM4 from the environment."""
import collections
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support import random_charts  # noqa: E402

SKIPPED = 77
HELMS = ("VALUELINT_HELM3", "VALUELINT_HELM4")
PLATFORM = ROOT / "fixtures" / "platform" / "before" / "charts"
NOT_RENDERED = ("monitoring",)  # its dependencies cannot be had
SEEDS = range(240)
OVERLAYS = ((), ("values-prod.yaml",), ("values-eu.yaml",), ("values-prod.yaml", "values-eu.yaml"))
# What is asked for: by the seed, everything most of the time.
SELECTIONS = ((), (), (), ("--select", "VL104"), (), ("--ignore", "VL104"))
# What the seeds must give at least, so that the test cannot pass by doing nothing: values that moved, by chart, and the
# share of the renderings that do not fail before.
MOVED_LEAST = 3
RENDERED_LEAST = 0.5


def run(*words):
    return subprocess.run([*map(str, words)], capture_output=True, timeout=120, check=False)


def render(helm, chart, overlays):
    """The manifests, or None where Helm fails; and what it says then."""
    more = [word for overlay in overlays for word in ("--values", chart / overlay)]
    done = run(os.environ[helm], "template", "x", chart, "--api-versions", "monitoring.coreos.com/v1", *more)
    return (None if done.returncode else done.stdout), done.stderr.decode(errors="replace").strip()


class Outcome:
    """What came of one chart: the counts, and a description for each case that failed."""

    def __init__(self):
        self.passed = self.moved = self.rendered = self.failed_before = 0
        self.problems = []

    def check(self, fine, name, what):
        if fine:
            self.passed += 1
        else:
            self.problems.append(f"{name}: {what}")


def fix(chart, *words):
    """How many values moved, and how many files changed."""
    done = run(os.environ["VALUELINT"], "--fix", "--no-config", "--format", "json", *words, chart)
    if done.returncode not in (0, 1) or done.stderr:
        raise ValueError(f"status {done.returncode}: {done.stderr.decode(errors='replace').strip()}")
    fixes = json.loads(done.stdout)["summary"]["fixes"]
    return sum(move["charts"] for move in fixes["moved"]), fixes["files"]


def compare(outcome, name, before, after, same):
    """Renders both with each Helm, with and without overlays. `same`: the bytes too, else that it does not fail."""
    for helm in HELMS if same else HELMS[:1]:
        for overlays in OVERLAYS:
            if not all((before / overlay).exists() for overlay in overlays):
                continue
            expected, _ = render(helm, before, overlays)
            if expected is None:
                outcome.failed_before += 1
                continue
            outcome.rendered += 1
            result, message = render(helm, after, overlays)
            title = f"{name} ({', '.join((helm[-5:].lower(), *overlays, *(() if same else ('unsafe fixes',))))})"
            outcome.check(result is not None, title, f"does not render any more: {message}")
            if same and result is not None:
                outcome.check(result == expected, title, "renders other manifests")


def check_chart(name, source, folder, selection=()):
    outcome = Outcome()
    for kind, words in (("safe", selection), ("unsafe", ("--unsafe-fixes", *selection))):
        chart = folder / kind
        shutil.copytree(source, chart, symlinks=True)
        try:
            moved, _ = fix(chart, *words)
            outcome.moved += moved if kind == "safe" else 0
            outcome.check(fix(chart, *words)[1] == 0, f"{name} ({kind})", "a second run goes on to change it")
        except ValueError as error:
            outcome.check(False, f"{name} ({kind})", error)
            continue
        compare(outcome, name, source, chart, kind == "safe")
    return outcome


def check_generated(seed):
    with tempfile.TemporaryDirectory(prefix="valuelint-fix-") as folder:
        source = pathlib.Path(folder) / "before"
        for path, text in random_charts.make_chart(seed).items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_bytes(text.encode())
        return check_chart(f"seed {seed}", source, pathlib.Path(folder), SELECTIONS[seed % len(SELECTIONS)])


def check_platform(chart):
    """A chart of the platform; and that it does not render the same where its templates do not follow."""
    with tempfile.TemporaryDirectory(prefix="valuelint-fix-") as folder:
        folder = pathlib.Path(folder)
        outcome = check_chart(chart.name, chart, folder)
        outcome.check(outcome.rendered and not outcome.failed_before, chart.name, "does not render before")
        mixed = folder / "mixed"
        shutil.copytree(chart, mixed, symlinks=True)
        shutil.copy(folder / "safe" / "values.yaml", mixed / "values.yaml")
        follows = any(path.read_bytes() != (folder / "safe" / path.relative_to(chart)).read_bytes()
                      for path in (chart / "templates").rglob("*") if path.is_file())
        outcome.check(follows, chart.name, "no template follows")
        same = render(HELMS[0], mixed, ())[0] == render(HELMS[0], chart, ())[0]
        outcome.check(not same, chart.name, "new values and old templates render the same: this test sees nothing")
        return outcome


def main():
    missing = [name for name in ("VALUELINT", *HELMS) if not os.environ.get(name)]
    if missing:
        print("no " + ", ".join(missing))
        return SKIPPED
    given = [int(word) for word in sys.argv[1:3]]
    seeds = range(given[0], (given + [given[0]])[1] + 1) if given else SEEDS
    charts = [] if given else [chart for chart in sorted(PLATFORM.iterdir()) if chart.name not in NOT_RENDERED]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        platform = list(pool.map(check_platform, charts))
        generated = list(pool.map(check_generated, seeds))
    total = collections.Counter()
    for outcome in generated:
        total.update(moved=outcome.moved, rendered=outcome.rendered, failed_before=outcome.failed_before)
    print(f"{len(generated)} charts: {total['moved']} values moved; of {total['rendered'] + total['failed_before']} "
          f"renderings, {total['failed_before']} fail before")
    problems = [problem for outcome in platform + generated for problem in outcome.problems]
    if not given:
        if total["moved"] < MOVED_LEAST * len(generated):
            problems.append("too few values moved")
        if total["rendered"] < RENDERED_LEAST * (total["rendered"] + total["failed_before"]):
            problems.append("too few charts render before")
    for problem in problems:
        print(f"FAIL {problem}")
    print(f"{sum(outcome.passed for outcome in platform + generated)} passed, {len(problems)} failed, 0 skipped")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
