#!/usr/bin/env python3
"""Measures valuelint's speed and memory against the limits of the design. Exit status 1 where one is missed.

  fleet      10,000 charts, all rules, two threads: at most 1.25 times a bare loop that reads the same files and runs
             libfyaml's events over them on two threads (floor.c). Run in turns; the median of the pairs' ratios counts.
  fixes      --diff of 10,000 charts in the old shape: at most twice the time that checking them takes, in turns
  durable    --fix of 1,000 charts in the old shape on the disk against the same in memory (/dev/shm), in turns: the median
             of the pairs' ratios, which is to be at most 2; a measurement, not a limit, for disks differ
  init       a draft from 10,000 charts: at most three times the time that checking them takes, in turns
  mesh       1,000 charts and 1,000 manifests of a mesh with --preview: at most twice the time of the charts alone, in turns
  memory     peak resident memory under 64 MB, for 11, 1,000 and 10,000 charts
  one chart  from exec to exit under 10 ms, also with templates; start-up under 3 ms: a chart with an empty values.yaml
  evaluation public charts (`charts` below $VALUELINT_TESTDATA) with two overlays each, and 1,000 charts of the platform with
             their templates, run with their values and each overlay (--preview): at most 1/50 of what `helm lint` takes for
             the same values, of which some are timed; no public chart above 100 ms
  layers     what reading, parsing, the values, the schema and the rules take of one chart (no limit)
  editor     from an edit to its diagnostics, 1,000 charts with templates in the repository: at most 50 ms (lsp.py)
  peer       `jsonschema validate` of @sourcemeta/jsonschema on the same values, where npm is at hand (no limit)
"""
import argparse
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import fleet  # noqa: E402
from support import programs, tools  # noqa: E402

MAX_RATIO = 1.25
MAX_DIFF_RATIO = 2.0
MAX_INIT_RATIO = 3.0
MAX_MESH_RATIO = 2.0
MAX_MEMORY = 64_000_000 // 1024  # KiB
MAX_ONE_CHART = 0.010  # seconds
MAX_START = 0.003
MAX_HELM_RATIO = 1 / 50
MAX_PUBLIC_CHART = 0.100
SIZES = (11, 1000, 10000)
HELM_RUNS = 60  # of `helm lint`, from which all are reckoned
STATUS_DONE = (0, 1)  # of valuelint: 1 where there are findings


class Bench:
    def __init__(self, folder, runs):
        build = programs.Build(tools.ROOT, "bench", os.environ.get("CC", "cc"), "--buildtype=release", "-Dwerror=false",
                               "-Dtests=disabled")
        build.make("valuelint", "tests/bench/floor", "tests/bench/measure", "tests/bench/layers")
        self.valuelint = build.program("valuelint")
        self.floor = build.program("floor")
        self.measure_program = build.program("measure")
        self.layers = build.program("layers")
        self.folder = folder
        self.runs = runs
        self.missed = []

    def measure(self, runs, *command):
        """(seconds, peak KiB) of each run."""
        done = subprocess.run([self.measure_program, str(runs), *map(str, command)], capture_output=True, text=True,
                              check=True)
        found = []
        for line in done.stdout.splitlines():
            seconds, memory, status = line.split()
            if int(status) not in STATUS_DONE:
                raise SystemExit(f"exit status {status} of: {' '.join(map(str, command))}")
            found.append((float(seconds), int(memory)))
        return found

    def lint(self, runs, *paths):
        return self.measure(runs, self.valuelint, "--no-cache", "--jobs", "2", *paths)

    def fleet(self, count, shape="standard"):
        path = self.folder / f"{shape}-{count}"
        if not path.exists():
            fleet.write_fleet(path, count, shape)
        return path

    def row(self, name, measured, limit="", good=True):
        if not good:
            self.missed.append(name)
        print(f"{name:34}{measured:>34}  {limit}{'' if good else '   MISSED'}", flush=True)

    def bench_ratio(self, shape):
        path = self.fleet(SIZES[-1], shape)
        self.measure(1, self.floor, path)
        self.lint(1, path)
        pairs = []
        for _ in range(self.runs):
            [(floor, _)] = self.measure(1, self.floor, path, 2)
            [(seconds, _)] = self.lint(1, path)
            pairs.append((seconds / floor, floor, seconds))
        floor, seconds = (statistics.median(pair[index] for pair in pairs) for index in (1, 2))
        ratios = sorted(pair[0] for pair in pairs)
        ratio = statistics.median(ratios)
        self.row(f"{SIZES[-1]} charts, {shape}: bare loop", f"{floor:.3f} s")
        self.row(f"{SIZES[-1]} charts, {shape}: valuelint", f"{seconds:.3f} s")
        limited = shape == "standard"
        self.row("  ratio: median (least, most)", f"{ratio:.2f} ({ratios[0]:.2f}, {ratios[-1]:.2f})",
                 f"at most {MAX_RATIO}" if limited else "", not limited or ratio <= MAX_RATIO)

    def bench_fixes(self):
        path = self.fleet(SIZES[-1], "legacy")
        pairs, peak = [], 0
        for _ in range(self.runs):
            [(check, _)] = self.lint(1, path)
            [(diff, memory)] = self.lint(1, "--diff", path)
            pairs.append((diff / check, check, diff))
            peak = max(peak, memory)
        check, diff = (statistics.median(pair[index] for pair in pairs) for index in (1, 2))
        ratios = sorted(pair[0] for pair in pairs)
        ratio = statistics.median(ratios)
        self.row(f"{SIZES[-1]} charts, legacy: check", f"{check:.3f} s")
        self.row(f"{SIZES[-1]} charts, legacy: --diff", f"{diff:.3f} s")
        self.row("  ratio: median (least, most)", f"{ratio:.2f} ({ratios[0]:.2f}, {ratios[-1]:.2f})",
                 f"at most {MAX_DIFF_RATIO}", ratio <= MAX_DIFF_RATIO)
        self.row("  peak memory of --diff", f"{peak * 1024 / 1e6:.1f} MB", "under 64 MB", peak < MAX_MEMORY)

    def fix_in(self, place, charts):
        """Seconds of one --fix of a copy of the charts in `place`."""
        with tempfile.TemporaryDirectory(prefix="valuelint-bench-", dir=place) as folder:
            path = pathlib.Path(folder) / "charts"
            shutil.copytree(charts, path)
            os.sync()
            [(seconds, _)] = self.measure(1, self.valuelint, "--fix", "--quiet", path)
        return seconds

    def bench_durable(self):
        memory = pathlib.Path("/dev/shm")
        if not os.access(memory, os.W_OK):
            self.row("--fix on a disk", "no /dev/shm")
            return
        path = self.fleet(SIZES[1], "legacy")
        pairs = [(self.fix_in(self.folder, path), self.fix_in(memory, path)) for _ in range(self.runs)]
        disk, shared = (statistics.median(pair[index] for pair in pairs) for index in (0, 1))
        ratios = sorted(pair[0] / pair[1] for pair in pairs)
        self.row(f"{SIZES[1]} charts, legacy: --fix on disk", f"{disk:.3f} s")
        self.row(f"{SIZES[1]} charts, legacy: --fix in memory", f"{shared:.3f} s")
        self.row("  ratio: median (least, most)", f"{statistics.median(ratios):.2f} ({ratios[0]:.2f}, {ratios[-1]:.2f})",
                 "measured; 2 is the aim")

    def bench_init(self):
        path = self.fleet(SIZES[-1])
        pairs = []
        for _ in range(self.runs):
            [(check, _)] = self.lint(1, path)
            [(seconds, memory)] = self.measure(1, self.valuelint, "init", "--jobs", "2", path)
            for name in ("standard.json", ".valuelint.yaml"):
                (path / name).unlink()
            pairs.append((seconds / check, seconds, memory))
        ratio, seconds = (statistics.median(pair[index] for pair in pairs) for index in (0, 1))
        self.row(f"{SIZES[-1]} charts: init", f"{seconds:.3f} s, {max(p[2] for p in pairs) * 1024 / 1e6:.0f} MB")
        self.row("  ratio to a check: median (least, most)", f"{ratio:.2f} ({min(pairs)[0]:.2f}, {max(pairs)[0]:.2f})",
                 f"at most {MAX_INIT_RATIO}", ratio <= MAX_INIT_RATIO)

    def bench_mesh(self):
        path = self.folder / "mesh"
        fleet.write_mesh(path, SIZES[1])
        pairs = []
        for _ in range(self.runs):
            [(alone, _)] = self.lint(1, "--preview", "--schema", "none", path / "charts")
            [(mesh, memory)] = self.lint(1, "--preview", "--schema", "none", "--mesh", path / "k8s", path / "charts")
            pairs.append((mesh / alone, mesh, memory))
        ratio, seconds = (statistics.median(pair[index] for pair in pairs) for index in (0, 1))
        peak = max(pair[2] for pair in pairs) * 1024 / 1e6
        self.row(f"{SIZES[1]} charts and manifests of a mesh", f"{seconds:.3f} s, {peak:.0f} MB")
        self.row("  ratio to the charts: median (least, most)", f"{ratio:.2f} ({min(pairs)[0]:.2f}, {max(pairs)[0]:.2f})",
                 f"at most {MAX_MESH_RATIO}", ratio <= MAX_MESH_RATIO)

    def bench_memory(self):
        for count in SIZES:
            peak = max(memory for _, memory in self.lint(3, self.fleet(count)))
            self.row(f"{count} charts: peak memory", f"{peak * 1024 / 1e6:.1f} MB", "under 64 MB",
                     peak < MAX_MEMORY)

    def bench_latency(self):
        chart = next(iter(sorted(self.fleet(SIZES[0]).iterdir())))
        empty = self.folder / "empty-chart"
        if not empty.exists():
            shutil.copytree(chart, empty)
            (empty / "values.yaml").write_text("", encoding="utf-8")
        templates = tools.ROOT / "fixtures" / "platform" / "after" / "charts" / "inspection-system"
        cases = (("one chart", chart, MAX_ONE_CHART), ("one chart with templates", templates, MAX_ONE_CHART),
                 ("start-up: an empty chart", empty, MAX_START))
        for name, path, limit in cases:
            times = [seconds for seconds, _ in self.lint(10 * self.runs + 1, path)][1:]
            median = statistics.median(times)
            self.row(f"{name}: median (least)", f"{median * 1e3:.2f} ms ({min(times) * 1e3:.2f} ms)",
                     f"under {limit * 1e3:.0f} ms", median < limit)

    def helm_seconds(self, helm, charts):
        """What `helm lint` takes for all of `charts`, with their values and each overlay; from some of the runs."""
        runs = [(chart, values) for chart in charts for values in (None, *sorted(chart.glob("values-*.yaml")))]
        sample = runs[::max(1, len(runs) // HELM_RUNS)]
        begin = time.monotonic()
        for chart, values in sample:
            subprocess.run([helm, "lint", chart, *(("-f", values) if values else ())], capture_output=True, check=False)
        return (time.monotonic() - begin) / len(sample) * len(runs)

    def bench_evaluation(self):
        helm, data = tools.find_helm("VALUELINT_HELM3"), tools.find_data()[0] / "charts"
        if not helm or not data.is_dir():
            print("evaluation skipped: needs Helm and the public charts")
            return
        public = copy_public(data, self.folder / "public")
        platform_charts = copy_platform(self.folder / "platform")
        for kind, charts in (("public", public), ("platform", platform_charts)):
            name = f"{len(charts)} {kind} charts"
            ours = statistics.median(seconds for seconds, _ in self.lint(self.runs, "--preview", *parents_of(charts)))
            ratio = ours / self.helm_seconds(helm, charts)
            self.row(f"{name}, run with 3 layers each", f"{ours:.3f} s")
            self.row("  ratio to helm lint", f"1/{1 / ratio:.0f}", "at most 1/50", ratio <= MAX_HELM_RATIO)
        times = [(statistics.median(seconds for seconds, _ in self.lint(3, "--preview", chart)), chart) for chart in public]
        most = max(times)
        self.row("  the slowest public chart", f"{most[0] * 1e3:.0f} ms ({most[1].name})", "under 100 ms", most[0] < MAX_PUBLIC_CHART)

    def bench_layers(self):
        charts = sorted(self.fleet(SIZES[1]).iterdir())
        done = subprocess.run([self.layers, *map(str, charts)], capture_output=True, text=True, check=True)
        print(f"\nwhat one chart costs on one thread, layer by layer ({SIZES[1]} charts, least of five rounds):")
        for line in done.stdout.splitlines():
            time, name = line.split(" ", 1)
            print(f"  {name:32}{time:>8} us")

    def bench_editor(self):
        print("\nan editor on 1,000 charts with templates:", flush=True)
        done = subprocess.run([sys.executable, HERE / "lsp.py", self.valuelint], check=False)
        if done.returncode:
            self.missed.append("editor")

    def bench_peer(self):
        prefix = tools.CACHE / "npm"
        program = prefix / "node_modules" / ".bin" / "jsonschema"
        if not program.exists():
            if not shutil.which("npm"):
                print("peer skipped: no npm here")
                return
            prefix.mkdir(parents=True, exist_ok=True)
            subprocess.run(["npm", "install", "--silent", "--prefix", prefix, "@sourcemeta/jsonschema"], check=True)
        schema = tools.ROOT / "schema" / "values.schema.json"
        values = self.folder / "values-only"
        if not values.exists():
            values.mkdir()
            for path in self.fleet(SIZES[-1]).glob("*/values.yaml"):
                shutil.copy(path, values / f"{path.parent.name}.yaml")
        command = (program, "validate", schema, values, "--extension", ".yaml", "--continue", "--fast")
        done = subprocess.run([self.measure_program, "2", *map(str, command)], capture_output=True, text=True,
                              check=True)
        runs = [line.split() for line in done.stdout.splitlines()]
        seconds, memory = min(float(run[0]) for run in runs), max(int(run[1]) for run in runs)
        self.row(f"{SIZES[-1]} values files: jsonschema", f"{seconds:.3f} s, {memory * 1024 / 1e6:.0f} MB",
                 f"(status {runs[0][2]}; schema only)")


def parents_of(charts):
    """The one folder that holds them all."""
    return [os.path.commonpath([str(chart) for chart in charts])]


def copy_public(data, folder):
    """The charts below `data`, each with two overlays that hold all of its values."""
    found = sorted(path.parent for path in data.rglob("Chart.yaml"))
    found = [chart for chart in found if not any(other != chart and other in chart.parents for other in found)]
    copies = []
    for number, chart in enumerate(found):
        copy = folder / f"{number}" / chart.name
        shutil.copytree(chart, copy)
        for overlay in ("values-one.yaml", "values-two.yaml"):
            if (copy / "values.yaml").exists():
                shutil.copy(copy / "values.yaml", copy / overlay)
        copies.append(copy)
    return copies


def copy_platform(folder, count=1000):
    charts = sorted(path.parent for path in (tools.ROOT / "fixtures" / "platform" / "after" / "charts").glob("*/templates"))
    copies = []
    for number in range(count):
        copy = folder / "charts" / f"{charts[number % len(charts)].name}-{number}"
        shutil.copytree(charts[number % len(charts)], copy)
        copies.append(copy)
    return copies


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7, help="pairs of runs (default 7)")
    parser.add_argument("--no-peer", action="store_true", help="without @sourcemeta/jsonschema")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="valuelint-bench-") as folder:
        try:
            bench = Bench(pathlib.Path(folder), options.runs)
        except programs.BuildFailed as error:
            print(error)
            return 2
        print(f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}; to repeat: scripts/bench "
              f"--runs {options.runs}\n")
        bench.bench_ratio("standard")
        bench.bench_ratio("legacy")
        bench.bench_fixes()
        bench.bench_durable()
        bench.bench_init()
        bench.bench_mesh()
        bench.bench_memory()
        bench.bench_latency()
        bench.bench_evaluation()
        bench.bench_layers()
        bench.bench_editor()
        if not options.no_peer:
            bench.bench_peer()
    print("\n" + (f"missed: {', '.join(bench.missed)}" if bench.missed else "all limits are kept"))
    return 1 if bench.missed else 0


if __name__ == "__main__":
    sys.exit(main())
