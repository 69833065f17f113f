"""Builds of the project, and test programs run in them."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from support import results

SUPPRESSIONS = pathlib.Path(__file__).resolve().parent / "lsan.supp"


class BuildFailed(Exception):
    """Its text is the log."""


def run_quietly(words, **options):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          check=False, **options)
    if done.returncode:
        raise BuildFailed(f"$ {' '.join(words)}\n{done.stdout}")
    return done.stdout


class Build:
    """A build folder of its own: compiler and options fixed, made when it is missing, else brought up to date."""

    def __init__(self, root, name, compiler, *options):
        self.name = name
        self.root = root
        self.folder = root / "build-test" / name
        self.compiler = compiler
        self.options = options

    def make(self, *targets):
        if not (self.folder / "build.ninja").exists():
            shutil.rmtree(self.folder, ignore_errors=True)
            run_quietly(["meson", "setup", str(self.folder), str(self.root), *self.options],
                        env={**os.environ, "CC": self.compiler})
        run_quietly(["ninja", "--quiet", "-C", str(self.folder), *targets])

    def introspect(self, what):
        return json.loads(run_quietly(["meson", "introspect", f"--{what}", str(self.folder)]))

    def tests(self):
        """The build's tests, each a dictionary as `meson introspect` gives it, with `suite` as one word."""
        found = self.introspect("tests")
        for test in found:
            test["suite"] = test["suite"][0].split(":")[-1] if test["suite"] else "other"
        return found

    def program(self, name):
        """The path of the executable `name`, or None."""
        for target in self.introspect("targets"):
            if target["type"] == "executable" and target["name"] == name:
                return target["filename"][0]
        return None

    def programs(self, prefix):
        return {target["name"]: target["filename"][0] for target in self.introspect("targets")
                if target["type"] == "executable" and target["name"].startswith(prefix)}


def sanitizer_environment(folder):
    """Reports go to files in `folder`, since Criterion drops what a test's own process says at its exit, and with it
    a leak, without failing."""
    log = f"log_path={folder}/report"
    return {
        "ASAN_OPTIONS": f"detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:{log}",
        "LSAN_OPTIONS": f"suppressions={SUPPRESSIONS}:print_suppressions=0",
        "UBSAN_OPTIONS": f"print_stacktrace=1:halt_on_error=1:{log}",
        "TSAN_OPTIONS": f"exitcode=66:{log}",
    }


def run_program(words, environment=None, timeout=600, folder=None):
    """Runs a test program. Returns its cases (see results.read_cases) and its output with the sanitizers' reports."""
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as temporary:
        temporary = pathlib.Path(temporary)
        full = {**os.environ, **sanitizer_environment(temporary), "CRITERION_OUTPUTS": f"tap:{temporary}/tap",
                "PYTHONUNBUFFERED": "1", **(environment or {})}
        try:
            done = subprocess.run(words, env=full, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=timeout, check=False)
            output, status = done.stdout.decode(errors="replace"), done.returncode
        except subprocess.TimeoutExpired as error:
            output, status = (error.stdout or b"").decode(errors="replace") + f"\nno end after {timeout} s\n", -1
        except OSError as error:
            output, status = f"cannot run: {error}\n", -1
        tap = temporary / "tap"
        cases = results.read_cases(output, tap.read_text(errors="replace") if tap.exists() else None, status)
        for report in sorted(temporary.glob("report.*")):
            cases["no sanitizer report"] = (results.FAILED, "")
            output += "\n" + report.read_text(errors="replace")
    return cases, output
