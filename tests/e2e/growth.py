#!/usr/bin/env python3
"""What valuelint takes grows in line with its input: for each kind of input (tests/bench/growth.py) the basic blocks that
it runs through and the bytes that it takes from its arenas, counted in a build of its own, grow at most 2.3 times when
the input doubles: the mean of the last two doublings counts, since arrays grow by jumps. --table prints the figures.

The libraries' own steps are not counted."""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from bench import growth  # noqa: E402
from support import programs, tools  # noqa: E402
from support.cases import Cases, expect  # noqa: E402

LIMIT = 2.3
STEPS = tools.ROOT / "tests" / "bench" / "steps.c"


def make_program():
    folder = tools.ROOT / "build-test" / "steps-library"
    folder.mkdir(parents=True, exist_ok=True)
    programs.run_quietly(["cc", "-O2", "-shared", "-fPIC", "-o", str(folder / "libsteps.so"), str(STEPS)])
    build = programs.Build(tools.ROOT, "steps", "cc", "--buildtype=debugoptimized", "-Ddebug=false", "-Dwerror=false",
                           "-Dtests=disabled", "-Dc_args=-fsanitize-coverage=trace-pc -DVALUELINT_STEPS",
                           f"-Dc_link_args=-L{folder} -lsteps -Wl,-rpath,{folder}")
    build.make("valuelint")
    return build.program("valuelint")


def measure(program, name, size):
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        arguments = growth.write(folder, name, size)
        counts = pathlib.Path(folder) / "counts"
        done = subprocess.run([program, *arguments], cwd=folder, env={**os.environ, "STEPS_FILE": str(counts)},
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        expect(done.returncode in (0, 1), f"ended with {done.returncode}: {done.stderr[:300]}")
        steps, taken = counts.read_text().split()
        return int(steps), int(taken)


def check(program, name, table):
    start, doublings, _, _ = growth.CURVES[name]
    points = [measure(program, name, start << index) for index in range(doublings + 1)]
    ratios = [(after[0] / before[0], after[1] / before[1]) for before, after in zip(points, points[1:])]
    if table:
        figures = "  ".join(f"{steps:.2f}/{taken:.2f}" for steps, taken in ratios)
        print(f"{name:40} {start:6} x{1 << doublings}: {points[-1][0]:12,} steps {points[-1][1]:12,} bytes  {figures}",
              flush=True)
    means = [(points[-1][kind] / points[-3][kind]) ** 0.5 for kind in (0, 1)]
    expect(max(means) <= LIMIT, f"at {start << doublings} a doubling takes {means[0]:.2f} times the steps, {means[1]:.2f} "
           "times the bytes")


def main():
    cases = Cases()
    program = make_program()
    for name in growth.CURVES:
        if len(sys.argv) < 2 or sys.argv[1].startswith("-") or name in sys.argv[1:]:
            cases.run(name, check, program, name, "--table" in sys.argv)
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
