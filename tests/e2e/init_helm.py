#!/usr/bin/env python3
"""Fleets with the standard that `valuelint init` drafts for them, against Helm 3 and Helm 4 as libraries: after `--fix` each chart
prints what it printed before; no key is called unknown; charts of the commonest role have few findings; and a second `--fix`,
and a second `init`, have nothing to do.

The fleets: fixtures/fleet, with its suggested old names confirmed too; all charts of $VALUELINT_TESTDATA, those of each repository
in it with at least four, and some chosen at random. usage: init_helm.py [SEED...]     takes $VALUELINT from the environment"""
import collections
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
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from render_helm import Helm  # noqa: E402
from support import tools  # noqa: E402
from support.cases import Cases, expect  # noqa: E402

SEEDS = (1, 2, 3)
LEAST, CHOSEN = 4, 20  # charts of a fleet
FINDINGS_MOST = 5  # a chart, on the average


def find_charts(folder):
    found = sorted(path.parent for path in folder.rglob("Chart.yaml"))
    return [chart for chart in found if not any(other != chart and other in chart.parents for other in found)]


def fleets(charts, data, seeds):
    """name -> charts."""
    made = {}
    if charts:
        made["all charts"] = charts
        repositories = collections.defaultdict(list)
        for chart in charts:
            repositories[chart.relative_to(data).parts[0]].append(chart)
        made.update((name, found) for name, found in sorted(repositories.items()) if len(found) >= LEAST)
        made.update((f"seed {seed}", random.Random(seed).sample(charts, min(CHOSEN, len(charts)))) for seed in seeds)
    return made


class Fleet:
    def __init__(self, program, helm, folder, charts):
        self.program, self.helm, self.folder = program, helm, folder
        for number, chart in enumerate(charts):
            shutil.copytree(chart, folder / "charts" / f"{number:03}-{chart.name}")
        self.charts = sorted((folder / "charts").iterdir())

    def run(self, *words, statuses=(0, 1)):
        done = subprocess.run([self.program, *words], cwd=self.folder, capture_output=True, text=True, timeout=300, check=False)
        expect(done.returncode in statuses, f"{' '.join(words)}: exit status {done.returncode}\n{done.stderr[-2000:]}{done.stdout[-2000:]}")
        return done.stdout

    def outputs(self):
        """(Helm, chart) -> what it prints; without those of which two runs differ, or which do not render."""
        found = {}
        for version in (3, 4):
            for chart in self.charts:
                text, error = self.helm.render(version, chart)
                if not error and self.helm.render(version, chart)[0] == text:
                    found[(version, chart.name)] = text
        return found

    def check(self):
        report = json.loads(self.run("--format", "json"))
        unknown = [(f["path"], f["message"]) for f in report["findings"] if f["id"] == "VL102"]
        expect(not unknown, f"unknown keys: {unknown[:5]}")
        config = (self.folder / ".valuelint.yaml").read_text(encoding="utf-8")
        usual = [chart.name for chart in self.charts if f"charts/{chart.name}\n" not in config]
        counts = collections.Counter(f["path"].split("/")[1] for f in report["findings"] if f["severity"] != "info")
        count = sum(counts[name] for name in usual)
        print(f"     {count} findings in {len(usual)} charts of the commonest role, {sum(counts.values())} in all {len(self.charts)}")
        expect(count < FINDINGS_MOST * max(len(usual), 1), f"{count} findings in {len(usual)} charts")

    def fix(self, before):
        self.run("--fix")
        after = self.outputs()
        changed = [key for key, text in before.items() if after.get(key) != text]
        print(f"     {len(before)} outputs compared")
        expect(before and not changed, f"other output after --fix: {changed}")
        expect("Nothing was changed" in self.run("--fix"), "the second --fix changes something")

    def confirm(self):
        path = self.folder / "standard.json"
        text = re.sub('"suggested"', '"legacy"', path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")


def try_fleet(cases, name, fleet, confirmed=False):
    before = fleet.outputs()
    cases.run(f"{name}: init", lambda: fleet.run("init", statuses=(0,)))
    if confirmed:
        fleet.confirm()
    cases.run(f"{name}: nothing new", lambda: expect(fleet.run("init").startswith("Nothing to change"), "a diff"))
    cases.run(f"{name}: check", fleet.check)
    cases.run(f"{name}: --fix", fleet.fix, before)


def main():
    program, oracle = os.environ.get("VALUELINT"), tools.find_helm_render()
    if not program or not oracle:
        print("SKIP init: needs $VALUELINT and Go with Helm's modules")
        return 77
    cases, helm = Cases(), Helm(oracle)
    data = (tools.find_data()[0] / "charts").resolve()
    if not data.is_dir():
        cases.skip("charts", "not there")
    charts = find_charts(data) if data.is_dir() else []
    seeds = [int(word) for word in sys.argv[1:]] or SEEDS
    own = find_charts(ROOT / "fixtures" / "fleet")
    for name, found in {"fleet": own, "fleet, confirmed": own, **fleets(charts, data, seeds)}.items():
        with tempfile.TemporaryDirectory(prefix="valuelint-test-") as temporary:
            try_fleet(cases, name, Fleet(program, helm, pathlib.Path(temporary), found), name.endswith("confirmed"))
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
