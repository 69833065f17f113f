#!/usr/bin/env python3
"""The same input gives the same bytes, whatever the number of threads. Takes $VALUELINT from the environment."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "bench"))

import fleet  # noqa: E402

FORMATS = ("text", "concise", "github", "json", "jsonl", "sarif", "junit", "gitlab", "rdjsonl", "markdown", "html")
NAMES = (*FORMATS, "baseline")
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

        known = pathlib.Path(folder) / "known.json"

        def run(name, jobs):
            """The output in the format `name`; of "baseline", what it writes and what is left with half of it."""
            if name != "baseline":
                return subprocess.run([program, "--format", name, "--jobs", jobs, charts, ROOT / "fixtures"],
                                      capture_output=True, check=False)
            known.unlink(missing_ok=True)
            subprocess.run([program, "baseline", "--jobs", jobs, "--baseline", known, charts], capture_output=True,
                           check=True)
            document = json.loads(known.read_text(encoding="utf-8"))
            half = {path: entries[::2] for path, entries in document["files"].items()}
            text = known.read_bytes()
            known.write_text(json.dumps({**document, "files": half}), encoding="utf-8")
            done = subprocess.run([program, "--baseline", known, "--jobs", jobs, charts], capture_output=True,
                                  check=False)
            done.stdout += text
            return done

        for name in NAMES:
            one = run(name, "1")
            for jobs in JOBS:
                other = run(name, jobs)
                if (one.returncode, one.stdout, one.stderr) != (other.returncode, other.stdout, other.stderr):
                    failed += 1
                    print(f"FAIL {name}: --jobs {jobs} differs from --jobs 1")
                elif not one.stdout:
                    failed += 1
                    print(f"FAIL {name}: no output")
    print(f"{len(NAMES) * len(JOBS) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
