#!/usr/bin/env python3
"""Runs all tests. Ends with a line `N passed, N failed, N skipped` that counts single cases, a case that several
builds run once; what was skipped is named above it. The exit status is 0 where nothing failed and something ran.

  gcc         every test of `meson test`, then tests/e2e with real Helm, pre-commit and linters
  clang       the unit tests
  sanitizers  address, undefined behaviour and leaks: unit, conformance and golden tests
  threads     ThreadSanitizer: the suite `thread`, and valuelint itself with four threads
  fuzz        each fuzz target for FUZZ_SECONDS (5): by chance, on from what earlier runs found; where CI is set, the
              committed inputs alone, those that found something among them, so that a change fails by what it changed

FUZZ_SECONDS, VALUELINT_TESTDATA (the folder of the test data), VALUELINT_HELM3 and VALUELINT_HELM4 (paths of Helm
to use in place of those built here) are read from the environment.
"""
import argparse
import concurrent.futures
import os
import pathlib
import shutil
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from bench import fleet  # noqa: E402
from support import programs, results, tools  # noqa: E402

ROOT = tools.ROOT
QUICK = ("unit", "style", "golden", "selftest")
SANITIZED = ("unit", "conformance", "golden", "property")
ON_PURPOSE = {"leak_on_purpose": "LeakSanitizer", "overflow_on_purpose": "signed integer overflow"}
SLOW = 10  # a test under a sanitizer gets this many times its time


class Runner:
    def __init__(self):
        self.tally = results.Tally()
        self.failures = []

    def report(self, title, cases, seconds, log):
        """One line for a step, whose cases are (program, name) -> (state, note); with its log where one failed."""
        passed, failed, skipped = results.count(cases)
        notes = f"{passed} passed"
        notes += (f", {failed} failed" if failed else "") + (f", {skipped} skipped" if skipped else "")
        print(f"{'FAIL' if failed else 'ok':5}{title:28}{notes:36}{seconds:7.1f} s", flush=True)
        if failed:
            self.failures += [f"{title}: {line}" for line in results.names(cases, results.FAILED)]
            print("\n".join(f"    | {line}" for line in log.rstrip().splitlines()[-300:]), flush=True)

    def build(self, build, *targets):
        """Makes the build; false where that failed, which is a failed case."""
        start = time.monotonic()
        try:
            build.make(*targets)
        except programs.BuildFailed as error:
            self.tally.add(build.name, {"build": (results.FAILED, "")})
            cases = {(build.name, "build"): (results.FAILED, "")}
            self.report(f"{build.name}: build", cases, time.monotonic() - start, str(error))
            return False
        print(f"{'ok':5}{build.name + ': build':64}{time.monotonic() - start:7.1f} s", flush=True)
        return True

    def step(self, title, jobs, workers=1):
        """Runs the programs of `jobs`, which are (name, arguments of run_program) pairs, as one step."""
        start = time.monotonic()
        cases, logs = {}, []
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            done = list(pool.map(lambda job: (job[0], programs.run_program(**job[1])), jobs))
        for program, (found, output) in done:
            self.tally.add(program, found)
            cases.update(((program, name), case) for name, case in found.items())
            if results.count(found)[1]:
                logs.append(f"{program}\n{output}")
        self.report(title, cases, time.monotonic() - start, "\n".join(logs))

    def suites(self, build, wanted, environment, patience=1):
        """The tests of `meson test` in the suites that `wanted` accepts, a step for each suite."""
        jobs = {}
        for test in build.tests():
            if wanted(test["suite"]):
                jobs.setdefault(test["suite"], []).append((test["name"], {
                    "words": test["cmd"], "environment": {**test["env"], **environment},
                    "folder": test["workdir"] or build.folder, "timeout": max(test["timeout"], 30) * patience}))
        for suite, found in jobs.items():
            self.step(f"{build.name}: {suite}", found)


def prepare(runner):
    """The environment of the tests: where the data and the Helms are. What is missing is counted as skipped."""
    start = time.monotonic()
    data, missing = tools.find_data()
    environment = {"VALUELINT_TESTDATA": str(data)}
    for variable in tools.HELM:
        program = tools.find_helm(variable)
        if program:
            environment[variable] = program
        else:
            missing.append(variable.replace("VALUELINT_", "").lower())
    runner.tally.add("set-up", {name: (results.SKIPPED, "cannot be had here") for name in missing})
    print(f"{'ok':5}{'set-up':28}{('without ' + ', '.join(missing)) if missing else '':36}"
          f"{time.monotonic() - start:7.1f} s", flush=True)
    return environment


def run_end_to_end(runner, build, environment):
    program = build.program("valuelint")
    jobs = [(str(path.relative_to(ROOT)), {"words": [str(path)], "folder": ROOT, "timeout": 900,
                                            "environment": {**environment, "VALUELINT": program}})
            for path in sorted((ROOT / "tests" / "e2e").glob("*")) if path.is_file() and os.access(path, os.X_OK)]
    if program and jobs:
        runner.step(f"{build.name}: e2e", jobs)


def run_self_test(runner, build):
    """The sanitizers must report what these programs do wrong on purpose; else their silence elsewhere says nothing."""
    start = time.monotonic()
    cases, logs = {}, []
    for name, sign in ON_PURPOSE.items():
        _, output = programs.run_program([build.program(name)])
        cases[("sanitizers report", name)] = (results.PASSED if sign in output else results.FAILED, "")
        if sign not in output:
            logs.append(f"{name}: no report\n{output}")
    runner.tally.cases.update(cases)
    runner.report(f"{build.name}: self-test", cases, time.monotonic() - start, "\n".join(logs))


def run_threads(runner, build, environment):
    runner.suites(build, lambda suite: suite == "thread", environment, SLOW)
    program = build.program("valuelint")
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        charts = pathlib.Path(folder) / "fleet"
        fleet.write_fleet(charts, 300)
        if program:
            runner.step(f"{build.name}: valuelint", [("valuelint with four threads", {
                "words": [program, "--jobs", "4", "--exit-zero", "--format", "concise", charts, "fixtures/platform"],
                "folder": ROOT, "timeout": 900})])
            runner.step(f"{build.name}: init", [("valuelint init with four threads", {
                "words": [program, "init", "--jobs", "4", charts], "folder": ROOT, "timeout": 900})])


def run_fuzz(runner, build, data):
    repeatable = bool(os.environ.get("CI"))
    seconds = int(os.environ.get("FUZZ_SECONDS") or 5)
    jobs = []
    for name, program in sorted(build.programs("fuzz_").items()):
        grown = (build.folder if repeatable else tools.CACHE) / "fuzz" / name
        if repeatable:
            shutil.rmtree(grown, ignore_errors=True)
        grown.mkdir(parents=True, exist_ok=True)
        corpora = [str(grown)]
        seeds = ROOT / "fixtures" / "fuzz" / name.removeprefix("fuzz_")
        if seeds.is_dir():
            corpora.append(str(seeds))
        # libFuzzer's own exit status after a crash, 77, would be read as "skipped".
        words = [program, "-runs=0" if repeatable else f"-max_total_time={seconds}", "-seed=0", "-verbosity=0", "-timeout=20", "-rss_limit_mb=3000", "-error_exitcode=1",
                 "-timeout_exitcode=1", f"-artifact_prefix={build.folder}/{name}-", *corpora]
        jobs.append((name, {"words": words, "folder": build.folder, "timeout": seconds + 300,
                            "environment": {"VALUELINT_TESTDATA": data}}))
    if jobs:
        runner.step(f"{build.name}: " + ("committed inputs" if repeatable else f"{seconds} s each"), jobs, workers=os.cpu_count() or 1)


def finish(runner):
    for line in results.names(runner.tally.cases, results.SKIPPED):
        print(f"skipped  {line}")
    for line in runner.failures:
        print(f"failed   {line}")
    passed, failed, skipped = runner.tally.count()
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if passed and not failed else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="gcc only, without conformance, e2e and fuzz tests")
    options = parser.parse_args()
    runner = Runner()
    tested = ("-Dtests=enabled",)
    sanitize = (*tested, "-Db_lundef=false")
    gcc = programs.Build(ROOT, "gcc", "gcc", *tested)
    if options.quick:
        if runner.build(gcc):
            runner.suites(gcc, lambda suite: suite in QUICK, {})
        return finish(runner)

    environment = prepare(runner)
    if runner.build(gcc):
        runner.suites(gcc, lambda suite: True, environment)
        run_end_to_end(runner, gcc, environment)
    clang = programs.Build(ROOT, "clang", "clang", *tested)
    if runner.build(clang):
        runner.suites(clang, lambda suite: suite == "unit", environment)
    sanitizers = programs.Build(ROOT, "sanitizers", "clang", "-Db_sanitize=address,undefined", *sanitize)
    if runner.build(sanitizers, "all", *(f"tests/selftest/{name}" for name in ON_PURPOSE)):
        run_self_test(runner, sanitizers)
        runner.suites(sanitizers, lambda suite: suite in SANITIZED, environment, SLOW)
    threads = programs.Build(ROOT, "threads", "clang", "-Db_sanitize=thread", *sanitize)
    if runner.build(threads):
        run_threads(runner, threads, environment)
    # Without the flag for all sources libFuzzer sees no coverage but that of the targets' own files.
    fuzz = programs.Build(ROOT, "fuzz", "clang", "-Db_sanitize=address,undefined", "-Dfuzz=true",
                          "-Dc_args=-fsanitize=fuzzer-no-link", *sanitize)
    if runner.build(fuzz):
        run_fuzz(runner, fuzz, environment["VALUELINT_TESTDATA"])
    return finish(runner)


if __name__ == "__main__":
    sys.exit(main())
