#!/usr/bin/env python3
"""What is left on the disk when writing fails or the program is killed, at each of its system calls in turn:

    faults.py [--command fix|schema]...     default: both

For each call on a chart's files and each kind of fault (tests/support/fault.c): afterwards every file holds its old
bytes, its new ones or, a values file after a kill or on a full disk, a state in between with all of the old keys; after
a failure there is a message that names a file, the exit status is 3 and no temporary file is left; where Helm is there,
the chart renders the same manifests; and a run without faults then ends with the same bytes as one that was never
disturbed.

Takes $VALUELINT and $VALUELINT_HELM3 from the environment, and $VALUELINT_FAULT_LIBRARY, by default libfault.so of the
build that $VALUELINT is in."""
import argparse
import concurrent.futures
import fnmatch
import functools
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import namedtuple

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PLATFORM = ROOT / "fixtures" / "platform" / "before" / "charts"
SKIPPED = 77
FAILURES = ("enospc", "eio", "eacces", "short")
KILLS = ("kill-before", "kill-after")
EXIT_IO = 3
# After which kinds of faults a values file may be in between: a run that goes on can undo what it began, unless the
# disk stays full.
IN_BETWEEN = (*KILLS, "short")
TEMPORARY = ".*valuelint-*.tmp"
VALUES = ("values.yaml", "values-*.yaml", "values.*.yaml")
NOT_YET = "not available yet"
# What the program can do without: some file systems cannot bring a folder to the disk.
HARMLESS = ("fsync of a folder",)

OVERLAY = b"config:\n  logLevel: DEBUG # while we look for the leak\n  database:\n    poolSize: 20\n"
OTHER_SCHEMA = {"type": "object", "properties": {"replicaCount": {"type": "integer"}}}


def copy_charts(folder, *names):
    for name in names:
        shutil.copytree(PLATFORM / name, folder / "charts" / name)


def one_file(folder):
    (folder / "charts" / "document-signer").mkdir(parents=True)
    shutil.copy(PLATFORM / "document-signer" / "values.yaml", folder / "charts" / "document-signer")


def one_chart(folder):
    copy_charts(folder, "csca-service")
    (folder / "charts" / "csca-service" / "values-prod.yaml").write_bytes(OVERLAY)


def several_charts(folder):
    copy_charts(folder, "credential-ledger", "csca-service", "trust-svc")


def with_owner(folder):
    """A schema that another owner has, which is replaced by a run of root, and charts without one."""
    several_charts(folder)
    (folder / "other.json").write_text(json.dumps(OTHER_SCHEMA), encoding="utf-8")
    chart = folder / "charts" / "csca-service"
    words = [os.environ["VALUELINT"], "schema", "--no-config", "--schema", folder / "other.json", "--write", chart]
    subprocess.run(words, check=True, capture_output=True)
    (folder / "other.json").unlink()
    if os.geteuid() == 0:
        os.chown(chart / "values.schema.json", 1234, 1234)


Scenario = namedtuple("Scenario", "command name words build")
SCENARIOS = (
    Scenario("fix", "a single values file", ("--fix", "charts/document-signer/values.yaml"), one_file),
    Scenario("fix", "a chart", ("--fix", "charts"), one_chart),
    Scenario("fix", "several charts", ("--fix", "charts"), several_charts),
    Scenario("schema", "several charts", ("schema", "--write", "charts"), with_owner),
)


class NotAvailable(Exception):
    pass


def is_temporary(path):
    return fnmatch.fnmatch(pathlib.PurePath(path).name, TEMPORARY)


def is_values(path):
    return any(fnmatch.fnmatch(pathlib.PurePath(path).name, pattern) for pattern in VALUES)


def read_files(folder):
    """Path -> (mode, owner, bytes) of all files below charts/, without temporary ones; and the names of these."""
    paths = [path for path in sorted((folder / "charts").rglob("*")) if path.is_file()]
    files = {str(path.relative_to(folder)): (path.stat().st_mode, path.stat().st_uid, path.read_bytes())
             for path in paths if not is_temporary(path)}
    return files, [str(path.relative_to(folder)) for path in paths if is_temporary(path)]


def run(folder, scenario, faults=None):
    """One run with the library's settings `faults`, in which the program's one thread makes the calls in order."""
    words = [os.environ["VALUELINT"], *scenario.words, "--no-config"]
    environment = {**os.environ}
    if scenario.command == "fix":
        words += ["--jobs", "1"]
    if faults is not None:
        environment["LD_PRELOAD"] = str(library())
        environment["VALUELINT_FAULT_ROOT"] = str(folder / "charts")
        environment["VALUELINT_FAULT_LOG"] = str(folder / "calls")
        environment.update({f"VALUELINT_FAULT_{name.upper()}": str(value) for name, value in faults.items()})
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, errors="replace",
                          timeout=120, check=False)
    if NOT_YET in done.stderr:
        raise NotAvailable(done.stderr.strip().split(": ", 2)[-1])
    return done


def library():
    given = os.environ.get("VALUELINT_FAULT_LIBRARY")
    return pathlib.Path(given or pathlib.Path(os.environ["VALUELINT"]).parent / "tests" / "support" / "libfault.so")


def read_calls(folder):
    """(call, path) of each call that was made, in order."""
    log = folder / "calls"
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return [(f"{call} of a folder" if pathlib.Path(path).is_dir() else call, path)
            for _, call, path in (line.split(" ", 2) for line in lines)]


def key_paths(text):
    """The paths of all keys of a values file as Helm sees them; None where it cannot be read."""
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(text)
        file.flush()
        done = subprocess.run([os.environ["VALUELINT"], "show", file.name], capture_output=True, check=False)
    found = set()

    def visit(value, path):
        for key, child in value.items() if isinstance(value, dict) else ():
            found.add((*path, key))
            visit(child, (*path, key))

    if done.returncode:
        return None
    visit(json.loads(done.stdout), ())
    return found


@functools.lru_cache(maxsize=None)
def in_between(old, text):
    """Whether `text` has every key of `old`."""
    keys, old_keys = key_paths(text), key_paths(old)
    return keys is not None and old_keys is not None and old_keys <= keys


class Renders:
    """What Helm makes of the charts in a folder; what was rendered once is kept."""

    def __init__(self, helm):
        self.helm = helm
        self.known = {}

    def of(self, folder):
        """Chart -> the manifests with each of its values files, or what Helm says when it fails. Empty without Helm."""
        if not self.helm:
            return {}
        charts = [path.parent for path in sorted((folder / "charts").glob("*/Chart.yaml"))]
        return {chart.name: self.of_chart(chart) for chart in charts}

    def of_chart(self, chart):
        files = [path for path in sorted(chart.rglob("*")) if path.is_file() and not is_temporary(path)]
        parts = [(str(path.relative_to(chart)), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]
        key = (chart.name, *parts)
        if key not in self.known:
            overlays = [path for path in files if path.parent == chart and is_values(path)]
            self.known[key] = [self.ask(chart, overlay) for overlay in overlays]
        return self.known[key]

    def ask(self, chart, values):
        done = subprocess.run([self.helm, "template", "x", chart, "-f", values], capture_output=True, text=True,
                              check=False)
        return done.stdout if done.returncode == 0 else f"Helm fails: {done.stderr}"


class Plan:
    """A scenario, what it does undisturbed, and the calls that it makes."""

    def __init__(self, scenario, helm, work):
        self.scenario = scenario
        self.renders = Renders(helm)
        self.work = work
        with tempfile.TemporaryDirectory(dir=work) as name:
            folder = pathlib.Path(name)
            scenario.build(folder)
            self.old, _ = read_files(folder)
            self.manifests = self.renders.of(folder)
            done = run(folder, scenario, {})
            self.status, self.output = done.returncode, done.stdout + done.stderr
            self.calls = read_calls(folder)
            self.new, self.left = read_files(folder)
            self.new_manifests = self.renders.of(folder)

    def problems(self):
        """What is wrong with the undisturbed run."""
        if self.status not in (0, 1):
            yield f"exit status {self.status}: {self.output}"
        if self.new == self.old or not self.calls:
            yield "it writes nothing"
        if self.left:
            yield f"it leaves {self.left}"
        if self.new_manifests != self.manifests:
            yield "the charts render other manifests than before"

    def check(self, number, kind):
        """What is wrong after a fault of that kind at that call; and what Helm says where it is there."""
        call, path = self.calls[number - 1]
        found = []
        with tempfile.TemporaryDirectory(dir=self.work) as name:
            folder = pathlib.Path(name)
            self.scenario.build(folder)
            done = run(folder, self.scenario, {"at": number, "kind": kind})
            files, left = read_files(folder)
            found += self.check_files(files, kind in IN_BETWEEN)
            if kind in KILLS:
                if done.returncode != -signal.SIGKILL:
                    found.append(f"it was not killed: exit status {done.returncode}")
            else:
                found += self.check_failure(call, files, left, done, pathlib.Path(path))
            if self.renders.of(folder) != self.manifests:
                found.append("the charts render other manifests than before")
            done = run(folder, self.scenario)
            files, again = read_files(folder)
            if done.returncode != self.status:
                found.append(f"the next run ends with {done.returncode}, not {self.status}: {done.stderr!r}")
            found += [f"{path} has other bytes, owner or mode after the next run" for path in self.changed(files)]
            if again:
                found.append(f"the next run leaves {again}")
        return [f"call {number} ({call} {pathlib.Path(path).name}), {kind}: {what}" for what in found]

    def changed(self, files):
        return sorted(path for path in files.keys() | self.new.keys() if files.get(path) != self.new.get(path))

    def check_files(self, files, between):
        for path in sorted(files.keys() | self.old.keys() | self.new.keys()):
            state, old = files.get(path), self.old.get(path)
            if state in (old, self.new.get(path)):
                continue
            if not (between and is_values(path) and state and old and in_between(old[2], state[2])):
                yield f"{path} is neither old nor new"

    def check_failure(self, call, files, left, done, path):
        """After a call failed that the program survived; `path` is what it was about in the undisturbed run, which was
        in another folder."""
        if left:
            yield f"it leaves {left}"
        if call in HARMLESS:
            if done.returncode != self.status or self.changed(files):
                yield f"it does no harm, but ends with {done.returncode}: {done.stderr!r}"
            return
        if done.returncode != EXIT_IO:
            yield f"exit status {done.returncode}, not {EXIT_IO}: {done.stderr!r}"
        folder = f"charts{str(path.parent).rpartition('/charts')[2]}/"
        named = [name for name in self.old.keys() | self.new.keys() if name.startswith(folder) and name in done.stderr]
        if not named:
            yield f"no message names a file in {folder}: {done.stderr!r}"


def run_scenario(scenario, helm, work):
    """(passed, failed, skipped): a case for each kind, over all calls."""
    name = f"{scenario.command}, {scenario.name}"
    try:
        # A schema changes what Helm takes, on purpose.
        plan = Plan(scenario, helm if scenario.command == "fix" else None, work)
    except NotAvailable as why:
        for kind in FAILURES + KILLS:
            print(f"SKIP {name}, {kind}: {why}")
        return 0, 0, len(FAILURES + KILLS)
    problems = list(plan.problems())
    if problems:
        print("\n".join(f"FAIL {name}, undisturbed: {problem}" for problem in problems))
        return 0, 1, 0
    failed = 0
    for kind in FAILURES + KILLS:
        numbers = [number for number, (call, _) in enumerate(plan.calls, 1) if kind != "short" or call == "write"]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            found = [line for lines in pool.map(lambda number: plan.check(number, kind), numbers) for line in lines]
        failed += bool(found or not numbers)
        for line in found[:20] if numbers else ["no call of that kind"]:
            print(f"FAIL {name}: {line}")
        if not found:
            print(f"ok {name}, {kind}: {len(numbers)} calls", flush=True)
    return len(FAILURES + KILLS) - failed, failed, 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", action="append", choices=("fix", "schema"))
    options = parser.parse_args()
    if "VALUELINT" not in os.environ or not library().exists():
        print(f"no {library()}" if "VALUELINT" in os.environ else "no VALUELINT")
        return SKIPPED
    passed = failed = skipped = 0
    helm = os.environ.get("VALUELINT_HELM3")
    if not helm:
        print("SKIP faults, what Helm renders: no VALUELINT_HELM3")
        skipped += 1
    with tempfile.TemporaryDirectory(prefix="valuelint-faults-") as work:
        for scenario in SCENARIOS:
            if scenario.command in (options.command or ("fix", "schema")):
                counts = run_scenario(scenario, helm, pathlib.Path(work).resolve())
                passed, failed, skipped = (sum(pair) for pair in zip((passed, failed, skipped), counts))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
