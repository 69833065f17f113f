#!/usr/bin/env python3
"""Real values files:  corpus.py PROGRAM [FOLDER]

PROGRAM checks all of FOLDER (without it: values-corpus below $VALUELINT_TESTDATA; where that is not there, the status is 77,
skipped). Each file must be read, or be refused with a finding that names a place; nothing else may happen to the
program; and twice must give the same bytes, on one thread and on four.
"""
import json
import os
import pathlib
import subprocess
import sys

REFUSED = ("VL001", "VL005")


def run(program, folder, jobs):
    return subprocess.run([program, "--no-config", "--format", "json", "--jobs", jobs, folder], capture_output=True,
                          check=False)


def main():
    data = os.environ.get("VALUELINT_TESTDATA", ".")
    folder = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else os.path.join(data, "values-corpus"))
    if not folder.is_dir():
        print(f"{folder} is not there")
        return 77
    done = run(sys.argv[1], folder, "1")
    if done.returncode not in (0, 1) or done.stderr:
        print(f"FAIL exit status {done.returncode}: {done.stderr.decode(errors='replace')[:2000]}")
        print("0 passed, 1 failed, 0 skipped")
        return 1
    failed = 0
    if run(sys.argv[1], folder, "4").stdout != done.stdout:
        print("FAIL four threads give other bytes than one")
        failed += 1
    report = json.loads(done.stdout)
    refused = {finding["path"]: finding for finding in report["findings"] if finding["id"] in REFUSED}
    for path, finding in sorted(refused.items()):
        if not 0 <= finding["start"]["offset"] <= os.path.getsize(path) or not finding["help"]:
            print(f"FAIL {path} is refused at no place in it, or without a word on what to do")
            failed += 1
    files = sum(1 for _ in folder.rglob("values.yaml"))
    if report["summary"]["files"] < files:
        print(f"FAIL {report['summary']['files']} files were checked, of {files}")
        failed += 1
    print(f"{report['summary']['files']} files, {len(refused)} refused, {len(report['findings'])} findings")
    print(f"{report['summary']['files'] + 1 - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


sys.exit(main())
