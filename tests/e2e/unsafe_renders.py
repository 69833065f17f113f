#!/usr/bin/env python3
"""What rendered before `--fix --unsafe-fixes` renders after, by real Helm.

The charts are `charts` below $VALUELINT_TESTDATA, and those of tests/e2e/guards: their templates look at a value that the
standard's defaults would set. Takes $VALUELINT and $VALUELINT_HELM3 from the environment; without them, or without the
charts, the status is 77, skipped.
"""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# Those of which it is known that they do not.
KNOWN = set()


def renders(helm, chart):
    done = subprocess.run([helm, "template", "release", chart], capture_output=True, check=False)
    return done.returncode == 0, done.stderr.decode(errors="replace").strip()[:300]


def check(helm, program, name, chart, folder):
    """(name, what is wrong or None); None as a whole where the chart did not render before."""
    copy = folder / name.replace("/", "__") / chart.name
    shutil.copytree(chart, copy, symlinks=True)
    if not renders(helm, copy)[0]:
        return None
    subprocess.run([program, "--no-config", "--fix", "--unsafe-fixes", "--exit-zero", copy], capture_output=True,
                   check=False)
    good, error = renders(helm, copy)
    return name, None if good else error


def main():
    program, helm = os.environ.get("VALUELINT"), os.environ.get("VALUELINT_HELM3")
    data = pathlib.Path(os.environ.get("VALUELINT_TESTDATA", ".")) / "charts"
    if not program or not helm:
        print("VALUELINT or VALUELINT_HELM3 is not set")
        return 77
    charts = {f"guards/{path.name}": path for path in sorted((HERE / "guards").iterdir())}
    charts |= {str(path.parent.relative_to(data)): path.parent for path in sorted(data.rglob("Chart.yaml"))
               if not any((above / "Chart.yaml").exists() for above in path.parent.parents)}
    with tempfile.TemporaryDirectory(prefix="valuelint-unsafe-") as folder:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = [result for result in pool.map(
                lambda item: check(helm, program, *item, pathlib.Path(folder)), charts.items()) if result]
    broken = {name: error for name, error in results if error}
    problems = [f"FAIL {name}: {error}" for name, error in broken.items() if name not in KNOWN]
    problems += [f"FAIL {name} renders: take it off the list" for name in KNOWN - set(broken)]
    print("\n".join(problems))
    print(f"{len(results)} charts rendered before, {len(results) - len(broken)} after")
    if problems:
        return 1
    return 0 if data.is_dir() else 77


if __name__ == "__main__":
    sys.exit(main())
