#!/usr/bin/env python3
"""The same input gives the same bytes, whatever the number of threads. Takes $VALUELINT from the environment."""
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "bench"))

import fleet  # noqa: E402

FORMATS = ("text", "concise", "github", "json", "jsonl")
JOBS = ("2", "3", "8")


def main():
    program = os.environ.get("VALUELINT")
    if not program:
        print("no VALUELINT")
        return 77
    failed = 0
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        charts = pathlib.Path(folder) / "fleet"
        fleet.write_fleet(charts, 300)

        def run(name, jobs):
            return subprocess.run([program, "--format", name, "--jobs", jobs, charts, ROOT / "fixtures"],
                                  capture_output=True, check=False)

        for name in FORMATS:
            one = run(name, "1")
            for jobs in JOBS:
                other = run(name, jobs)
                if (one.returncode, one.stdout, one.stderr) != (other.returncode, other.stdout, other.stderr):
                    failed += 1
                    print(f"FAIL {name}: --jobs {jobs} differs from --jobs 1")
                elif not one.stdout:
                    failed += 1
                    print(f"FAIL {name}: no output")
    print(f"{len(FORMATS) * len(JOBS) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
