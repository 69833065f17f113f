#!/usr/bin/env python3
"""docs/ci.md: what linters say of its workflows (and of action.yml), and its problem matcher on what $VALUELINT prints."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support import samples, tools  # noqa: E402
from support.cases import Cases, expect  # noqa: E402
from support.samples import BAD, CHART, WARNED  # noqa: E402

TEXT = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
SOME_COMMIT = "0123456789abcdef0123456789abcdef01234567"


def blocks(first):
    """The indented blocks of the page whose text begins with `first`, without their indentation."""
    found = re.findall(r"(?:^(?: {4}.*)?\n)+", TEXT, re.M)
    texts = ["\n".join(line[4:] for line in block.strip("\n").split("\n")) + "\n" for block in found]
    return [text for text in texts if text.startswith(first)]


def lint(program, words, name, text, folder):
    """Status and output of a linter on one file of a repository."""
    path = folder / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    samples.git(folder, "init", "--quiet")
    done = subprocess.run([program, *words, path], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def check_workflows(program, *words):
    workflows = blocks("on:")
    expect(len(workflows) >= 2, f"{len(workflows)} workflows in docs/ci.md")
    for text in [text.replace("COMMIT", SOME_COMMIT) for text in workflows]:
        with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
            status, said = lint(program, words, ".github/workflows/lint.yml", text, pathlib.Path(folder))
            expect(status == 0, f"{text}\n{said}")
    wrong = workflows[0].replace("runs-on: ubuntu-latest", "runs-on: ${{ github.nothing }}").replace("@COMMIT", "@v4")
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        status, _ = lint(program, words, ".github/workflows/lint.yml", wrong, pathlib.Path(folder))
        expect(status != 0, "a wrong workflow is not noticed")


def check_action(zizmor):
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    for change, wanted in ((text, True), (text.replace('echo "$folder/bin"', 'echo "${{ inputs.args }}"'), False)):
        with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
            status, said = lint(zizmor, ("--offline", "--no-progress"), "a/action.yml", change, pathlib.Path(folder))
            expect((status == 0) == wanted, f"zizmor ended with {status}:\n{said}")


def check_matcher():
    """Each finding in the format concise is an annotation, with its place and severity, and no other line is one."""
    (text,) = blocks('{"problemMatcher"')
    (pattern,) = json.loads(text)["problemMatcher"][0]["pattern"]
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        samples.write_chart(pathlib.Path(folder) / "bad charts" / CHART, BAD)
        samples.write_chart(pathlib.Path(folder) / "charts" / CHART, WARNED)
        done = subprocess.run([os.environ["VALUELINT"], "--quiet", "--format", "concise", "--format", "json=report.json"],
                              cwd=folder, capture_output=True, text=True, check=False)
        findings = json.loads((pathlib.Path(folder) / "report.json").read_text(encoding="utf-8"))["findings"]
    found = []
    for line in done.stdout.splitlines():
        match = re.search(pattern["regexp"], line)
        if match:
            found.append(tuple(match[pattern[part]] for part in ("file", "line", "column", "code", "severity")))
    wanted = [(finding["path"], str(finding["start"]["line"]), str(finding["start"]["column"]), finding["id"],
               finding["severity"]) for finding in findings]
    expect(len(wanted) >= 2 and sorted(found) == sorted(wanted), f"{found} instead of {wanted}")


def main():
    if not os.environ.get("VALUELINT"):
        print("no VALUELINT")
        return 77
    os.environ["VALUELINT"] = str(pathlib.Path(os.environ["VALUELINT"]).resolve())
    cases = Cases()
    cases.run("problem matcher", check_matcher)
    zizmor, actionlint = tools.find_python_program(*tools.ZIZMOR), tools.find_go_program(*tools.ACTIONLINT)
    for name, program, function, *arguments in (
            ("workflows, actionlint", actionlint, check_workflows, "-no-color"),
            ("workflows, zizmor", zizmor, check_workflows, "--offline", "--no-progress"),
            ("action, zizmor", zizmor, check_action)):
        if program:
            cases.run(name, function, program, *arguments)
        else:
            cases.skip(name, "cannot be had here")
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
