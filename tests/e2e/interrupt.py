#!/usr/bin/env python3
"""A signal in the middle of `valuelint --fix`: the run ends between two charts with the signal's own status, each chart
is as it was or fixed as a whole, nothing is left behind, and the next run does the rest. Takes $VALUELINT from the
environment."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from bench import fleet  # noqa: E402
from support.cases import Cases, expect  # noqa: E402

PROGRAM = os.environ.get("VALUELINT", str(ROOT / "build" / "valuelint"))
CHARTS = 800


def read_all(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def fix(folder, **options):
    return subprocess.Popen([PROGRAM, "--fix", "--quiet", "--exit-zero", "--jobs", "2", folder],
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **options)


def make(folder):
    fleet.write_fleet(folder, CHARTS, "legacy")
    return read_all(folder)


def check_signal(number, fixed):
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as temporary:
        folder = pathlib.Path(temporary) / "charts"
        before = make(folder)
        first = folder / sorted(path for path in before if path.name == "values.yaml")[0]
        size = first.stat().st_size
        # A parent that ignores the signal would hand that down.
        process = fix(folder, preexec_fn=lambda: signal.signal(number, signal.SIG_DFL))
        while first.stat().st_size == size and process.poll() is None:
            pass
        process.send_signal(number)
        _, errors = process.communicate()
        after = read_all(folder)
        expect(process.returncode == -number, f"ended with {process.returncode}: {errors}")
        expect(after.keys() == before.keys(), f"files came or went: {sorted(after.keys() ^ before.keys())[:3]}")
        odd = [str(path) for path in after if after[path] not in (before[path], fixed[path])]
        expect(not odd, f"neither old nor new: {odd[:3]}")
        done = sum(after[path] != before[path] for path in after)
        expect(0 < done < CHARTS, f"{done} of {CHARTS} charts were done: the signal came too early or too late")
        left = CHARTS - done
        expect(f"interrupted: {done} files in {done} charts changed: " in errors and
               f"; {left} of {CHARTS} charts unchanged; run again to continue" in errors, f"it says {errors!r}")
        again = fix(folder)
        again.communicate()
        expect(again.returncode == 0 and read_all(folder) == fixed, "the next run does not do the rest")


def main():
    cases = Cases()
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as temporary:
        folder = pathlib.Path(temporary) / "charts"
        make(folder)
        process = fix(folder)
        _, errors = process.communicate()
        expect(process.returncode == 0, f"an undisturbed run ended with {process.returncode}: {errors}")
        fixed = read_all(folder)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        cases.run(signal.Signals(number).name, check_signal, number, fixed)
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
