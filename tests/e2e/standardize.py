#!/usr/bin/env python3
"""scripts/standardize-helm-values.sh: it is `valuelint --fix` on helm/charts, or on what is given. Takes $VALUELINT
from the environment. What needs `valuelint --fix` is skipped as long as that is not available."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support import samples  # noqa: E402
from support.cases import Cases, expect  # noqa: E402
from support.samples import BAD, CHART, FIXABLE  # noqa: E402

SCRIPT = ROOT / "scripts" / "standardize-helm-values.sh"


def run(words, folder, path):
    done = subprocess.run([str(word) for word in words], cwd=folder, env=samples.clean_environment(PATH=path),
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def check_same(program, path, arguments, meaning):
    """The script with `arguments` does, says and ends as `valuelint --fix` with `meaning`."""
    results = []
    for words in ((SCRIPT, *arguments), (program, "--fix", *meaning)):
        with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
            folder = pathlib.Path(folder)
            samples.write_chart(folder / "helm" / "charts" / CHART, BAD)
            samples.write_chart(folder / "my charts" / CHART, FIXABLE)
            said = run(words, folder, path)
            files = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
            results.append((said, files))
    expect(results[0] == results[1], f"{results[0][0]} is not {results[1][0]}, or the files differ")


def check_fixed(path):
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        chart = pathlib.Path(folder) / "helm" / "charts" / CHART
        samples.write_moving_chart(chart)
        status, said, errors = run([SCRIPT], folder, path)
        expect(status == 0, f"ended with {status}: {said}{errors}")
        problem = samples.moved_problem(chart)
        expect(not problem, problem)


def check_without_program():
    """Where no valuelint is on PATH, scripts/run beside the script gets the arguments, and its status is passed on."""
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        scripts = pathlib.Path(folder) / "a checkout" / "scripts"
        tools = pathlib.Path(folder) / "bin"
        for made in (scripts, tools):
            made.mkdir(parents=True)
        shutil.copy(SCRIPT, scripts)
        for name in ("sh", "dirname", "printf"):
            (tools / name).symlink_to(shutil.which(name))
        (scripts / "run").write_text("#!/bin/sh\nprintf '<%s>' \"$@\"\nexit 7\n", encoding="utf-8")
        (scripts / "run").chmod(0o755)
        for arguments, wanted in (([], "<--fix><helm/charts>"), (["a b", "--diff"], "<--fix><a b><--diff>")):
            status, said, errors = run([scripts / SCRIPT.name, *arguments], folder, str(tools))
            expect((status, said) == (7, wanted), f"{status}: {said}{errors}")


def main():
    program = os.environ.get("VALUELINT")
    if not program:
        print("no VALUELINT")
        return 77
    program, cases = pathlib.Path(program).resolve(), Cases()
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        folder = pathlib.Path(folder)
        fixes = samples.can_fix(program, folder)
        path = f"{samples.make_bin(folder / 'bin', program)}{os.pathsep}{os.environ['PATH']}"
        for name, arguments, meaning in (
                ("without arguments", [], ["helm/charts"]), ("a folder", ["my charts"], ["my charts"]),
                ("a folder that is not there", ["nothing"], ["nothing"]),
                ("options", ["--fail-on", "error", "my charts"], ["--fail-on", "error", "my charts"])):
            cases.run(name, check_same, program, path, arguments, meaning)
        cases.run("without valuelint on PATH", check_without_program)
        if fixes:
            cases.run("rewritten", check_fixed, path)
        else:
            cases.skip("rewritten", "valuelint --fix is not available yet")
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
