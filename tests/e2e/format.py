#!/usr/bin/env python3
"""All C files are formatted as .clang-format says, by the version that is pinned here: other versions differ in
details. To format:  pip install clang-format==VERSION; clang-format -i FILE..."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import tools  # noqa: E402
from support.cases import Cases, expect  # noqa: E402

CLANG_FORMAT = ("clang-format", "14.0.6")


def check(program):
    files = [*tools.ROOT.glob("src/**/*.[ch]"), *tools.ROOT.glob("tests/**/*.[ch]")]
    expect(files, "no C files")
    done = subprocess.run([program, "--dry-run", "--Werror", *sorted(files)], cwd=tools.ROOT, capture_output=True,
                          text=True, check=False)
    expect(done.returncode == 0, done.stderr[:2000])


def main():
    cases = Cases()
    program = tools.find_python_program(*CLANG_FORMAT)
    if not program:
        cases.skip("clang-format", "cannot be had here")
        return cases.finish()
    cases.run("clang-format", check, program)
    return cases.finish()


sys.exit(main())
