#!/usr/bin/env python3
"""Random monorepos before and after `--fix`:  release_fix.py [COUNT [FIRST]]

For each seed the charts of a monorepo (support/random_monorepos.py) are rendered by Helm's own libraries, 3 and 4, as
they stand and with each of their overlays; then valuelint fixes them, and they are rendered again. What rendered must
print the same. A second run changes nothing, and one thread gives the same bytes as four. A run that is killed behind one of
its renames (another one for each seed, so that all phases are met) leaves releases that print the same, and the next run
ends as one that was never disturbed. With --unsafe-fixes what rendered still renders. Without COUNT: 100 monorepos.

Takes $VALUELINT from the environment, and libfault.so of the build that it is in."""
import collections
import difflib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import random_monorepos, tools  # noqa: E402
from support.cases import Cases, expect  # noqa: E402


class Helm:
    """Helm's libraries in one process."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def render(self, helm, chart, values):
        request = {"helm": helm, "chart": str(chart), "name": "r", "values": [str(path) for path in values]}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return None if answer.get("error") else answer["text"]


def lay(files, folder):
    (folder / ".git").mkdir(parents=True)
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, random_monorepos.Link):
            target.symlink_to(text)
        elif isinstance(text, bytes):
            target.write_bytes(text)
        else:
            target.write_text(text, encoding="utf-8")


def build_dependencies(folder):
    """As `helm dependency build`: what comes by file:// is put into charts/."""
    for chart in sorted(folder.rglob("Chart.yaml"), key=lambda path: -len(path.parts)):
        for line in chart.read_text(encoding="utf-8").splitlines():
            if "file://" in line:
                source = chart.parent / line.split("file://")[1].split('"')[0]
                target = chart.parent / "charts" / source.name
                if not target.exists():
                    shutil.copytree(source, target, symlinks=False)


def render_all(helm, folder):
    """(version, chart, overlay) -> text, or None where it does not render."""
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as temporary:
        built = pathlib.Path(temporary) / "built"
        shutil.copytree(folder, built, symlinks=True)
        build_dependencies(built)
        found = {}
        for chart in sorted(folder.rglob("Chart.yaml")):
            below = chart.parent.relative_to(folder)
            overlays = sorted(path.name for path in (built / below).glob("values[-.]?*.yaml"))
            for overlay in [None, *overlays]:
                values = [built / below / overlay] if overlay else []
                for version in (3, 4):
                    found[version, str(below), overlay] = helm.render(version, built / below, values)
        return found


def difference(before, after):
    if after is None:
        return "does not render any more"
    return "\n".join(list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2))[2:])


def run_fix(program, folder, *words):
    done = subprocess.run([program, "--no-config", "--fix", *words, "--format", "json", "."], cwd=folder,
                          capture_output=True, text=True, check=False)
    expect(done.returncode in (0, 1) and not done.stderr, f"status {done.returncode}: {done.stderr[:2000]}")
    return json.loads(done.stdout)


def texts(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.is_symlink()}


def run_to_kill(program, folder, log, at=None):
    """Runs --fix with the fault library; the numbers of its renames."""
    library = pathlib.Path(program).parent / "tests" / "support" / "libfault.so"
    environment = {**os.environ, "LD_PRELOAD": str(library), "VALUELINT_FAULT_ROOT": str(folder.resolve()),
                   "VALUELINT_FAULT_LOG": str(log)}
    if at:
        environment.update(VALUELINT_FAULT_AT=str(at), VALUELINT_FAULT_KIND="kill-after")
    done = subprocess.run([program, "--no-config", "--fix", "--jobs", "1", "."], cwd=folder, env=environment,
                          capture_output=True, text=True, check=False)
    expect(done.returncode == (-signal.SIGKILL if at else done.returncode), f"not killed: {done.returncode}")
    return [int(line.split()[0]) for line in log.read_text().splitlines() if line.split()[1].startswith("rename")]


def check_killed(program, helm, seed, folder, before, fixed, tally):
    """A run that is killed, and the one after it."""
    files, log = random_monorepos.make(seed), folder / "log"
    lay(files, folder / "counted")
    renames = run_to_kill(program, folder / "counted", log)
    if not renames:
        return
    lay(files, folder / "killed")
    run_to_kill(program, folder / "killed", log, renames[seed * 7 % len(renames)])
    tally["kills"] += 1
    expect_same(before, render_all(helm, folder / "killed"), "after a kill")
    run_fix(program, folder / "killed")
    expect(texts(folder / "killed") == fixed, "the run after a kill leaves other bytes")


def expect_same(before, after, when):
    for key, text in before.items():
        if text is not None:
            expect(after[key] == text, f"{when}: {key}:\n{difference(text, after[key])}")


def check(program, helm, seed, tally):
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as temporary:
        one, four = pathlib.Path(temporary) / "one", pathlib.Path(temporary) / "four"
        files = random_monorepos.make(seed)
        lay(files, one)
        lay(files, four)
        before = render_all(helm, one)
        report = run_fix(program, one, "--jobs", "1")
        run_fix(program, four, "--jobs", "4")
        expect(texts(one) == texts(four), "four threads leave other bytes than one")
        tally["renders"] += len(before)
        tally["rendered"] += sum(text is not None for text in before.values())
        expect_same(before, render_all(helm, one), "after the fix")
        moved = report["summary"].get("fixes", {}).get("moved", [])
        tally["moves"] += sum(move["charts"] for move in moved)
        tally["left"] += sum(finding["id"] == "VL104" for finding in report["findings"])
        again = texts(one)
        run_fix(program, one)
        expect(texts(one) == again, "a second run changes something")
        check_killed(program, helm, seed, pathlib.Path(temporary), before, again, tally)
        run_fix(program, four, "--unsafe-fixes")
        unsafe = render_all(helm, four)
        for key, text in before.items():
            expect(text is None or unsafe[key] is not None, f"with --unsafe-fixes {key} does not render any more")


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    cases = Cases()
    program, library = os.environ.get("VALUELINT"), tools.find_go_source("helm_render")
    if not program or not library:
        cases.skip("random monorepos", "no program" if not program else "helm_render cannot be had here")
        return cases.finish()
    helm = Helm(library)
    tally = collections.Counter()
    for seed in range(first, first + count):
        cases.run(f"monorepo {seed}", check, program, helm, seed, tally)
    print(", ".join(f"{name} {number}" for name, number in tally.items()))
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
