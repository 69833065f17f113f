#!/usr/bin/env python3
"""Drafts of `valuelint init` against standards that were written by hand, and what a check says with them.

Random fleets (random_fleets.py) are made from standards that are known. The others (*.json beside this file) were written before any draft was made. The charts of one are in fixtures/fleet, those
of the other below `charts` of $VALUELINT_TESTDATA. Of each draft: how much of the standard it has, and how much of it the
standard does not have; that a check with it finds no unknown key and few findings a chart; that a second `init` and a second
`--fix` have nothing to do; and that each chart prints what it printed before. Takes $VALUELINT from the environment."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
sys.path.insert(0, str(HERE))

import compare  # noqa: E402
import random_fleets  # noqa: E402
from support.cases import Cases, expect  # noqa: E402

FINDINGS_MOST = 5  # a chart, on the average
SEEDS = range(24)  # of random fleets, of which the means count
PROGRAM = os.environ["VALUELINT"]


def run(folder, *words, statuses=(0,)):
    done = subprocess.run([PROGRAM, *words], cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    expect(done.returncode in statuses, f"{' '.join(words)}: exit status {done.returncode}\n{done.stderr}{done.stdout[-2000:]}")
    return done.stdout


def outputs(folder, charts):
    """chart -> what it prints."""
    return {chart: run(folder, "render", str(chart), "--holes", statuses=(0, 1)) for chart in charts}


def measure(expected, folder):
    properties, spellings = compare.read_draft(folder / "standard.json")
    measures = compare.compare(expected, properties, spellings)
    missed = []
    for name, (value, behind) in measures.items():
        least, most = compare.LIMITS[name]
        print(f"     {name:20} {value:.3f}  {behind if behind else ''}")
        if not least <= value <= most:
            missed.append(f"{name} {value:.3f}: {behind}")
    expect(not missed, "\n     ".join(missed))


def check(folder, charts):
    report = json.loads(run(folder, "--format", "json", statuses=(0, 1)))
    unknown = [(f["path"], f["message"]) for f in report["findings"] if f["id"] == "VL102"]
    expect(not unknown, f"unknown keys: {unknown}")
    count = sum(f["severity"] != "info" for f in report["findings"])
    print(f"     {count} findings in {len(charts)} charts")
    expect(count < FINDINGS_MOST * len(charts), f"{count} findings in {len(charts)} charts")


def fix(folder, charts):
    before = outputs(folder, charts)
    run(folder, "--fix", statuses=(0, 1))
    changed = [str(chart) for chart, text in outputs(folder, charts).items() if text != before[chart]]
    expect(not changed, f"print something else after --fix: {changed}")
    again = run(folder, "--fix", statuses=(0, 1))
    expect("Nothing was changed" in again, f"the second --fix: {again[-1000:]}")


def run_fleet(cases, name, expected, source):
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as temporary:
        folder = pathlib.Path(temporary)
        for chart in source:
            shutil.copytree(chart, folder / "charts" / chart.name)
        charts = sorted(path.relative_to(folder) for path in (folder / "charts").iterdir())
        cases.run(f"{name}: init", run, folder, "init")
        cases.run(f"{name}: against the standard by hand", measure, expected, folder)
        cases.run(f"{name}: nothing new", lambda: expect(run(folder, "init").startswith("Nothing to change"), "a diff"))
        cases.run(f"{name}: check", check, folder, charts)
        cases.run(f"{name}: --fix", fix, folder, charts)


def run_random_fleets():
    sums = {}
    for seed in SEEDS:
        with tempfile.TemporaryDirectory(prefix="valuelint-test-") as temporary:
            folder = pathlib.Path(temporary)
            expected = random_fleets.Fleet(seed, folder).expected()
            run(folder, "init")
            for name, (value, _) in compare.compare(expected, *compare.read_draft(folder / "standard.json")).items():
                sums[name] = sums.get(name, 0) + value / len(SEEDS)
    for name, mean in sums.items():
        print(f"     {name:20} {mean:.3f}")
    missed = [f"{name} {mean:.3f}" for name, mean in sums.items()
              if not min(compare.LIMITS[name][0], 0.97) <= mean <= compare.LIMITS[name][1]]
    expect(not missed, f"means of {len(SEEDS)} fleets: {missed}")


def main():
    cases = Cases()
    cases.run("random fleets", run_random_fleets)
    data = pathlib.Path(os.environ.get("VALUELINT_TESTDATA", ROOT.parent / "shared" / "data")) / "charts"
    for path in sorted(HERE.glob("*.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        own = sorted((ROOT / "fixtures" / path.stem / "charts").glob("*"))
        source = own or [data / chart for chart in expected["charts"]]
        if all(chart.is_dir() for chart in source):
            run_fleet(cases, path.stem, expected, source)
        else:
            cases.skip(path.stem, "its charts are not there")
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
