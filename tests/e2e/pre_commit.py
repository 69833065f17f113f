#!/usr/bin/env python3
"""The hooks of .pre-commit-hooks.yaml in the real pre-commit: commits to repositories that use a copy of this one.

The hooks named -system run $VALUELINT; the others are built by pre-commit with pip. What needs `valuelint --fix` is
skipped as long as that is not available."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support import samples, tools  # noqa: E402
from support.cases import Cases, expect  # noqa: E402
from support.samples import BAD, BAD_FINDING, CHART, FIXABLE, STANDARD, WARNED  # noqa: E402

HOOKS = ("valuelint", "valuelint-fix", "valuelint-system", "valuelint-fix-system")
# Which files the hooks are for, and which not.
MATCHES = ("values.yaml", "charts/a/values.yaml", "charts/a/values-prod.yaml", "charts/a/values.prod.yaml",
           "charts/a/ci/small-values.yaml", "Chart.yaml", "charts/a/Chart.yaml", "charts/a/templates/x.yaml",
           "charts/a/templates/deep/x.yml", "charts/a/templates/_helpers.tpl", "charts/a/templates/NOTES.txt",
           "charts/a/charts/b/values.yaml", "with space/values.yaml")
OTHERS = ("values-template.yaml", "charts/a/values-template-2.yaml", "charts/a/ci/x.yaml",
          "values.json", "values.yaml.orig", "templates/page.html", "templates/app.py", "aChart.yaml",
          "Chart.lock", "values-x/a.yaml", "xtemplates/a.yaml", ".valuelint.yaml")


class PreCommit:
    """The real pre-commit with a home of its own, a copy of this project to take hooks from, and the program on PATH."""

    def __init__(self, folder, program):
        self.folder = folder
        self.program = tools.find_python_program(*tools.PRE_COMMIT)
        self.project = folder / "project"
        self.project.mkdir()
        self.revision = samples.copy_project(self.project)
        path = samples.make_bin(folder / "bin", program)
        self.environment = samples.clean_environment(
            PRE_COMMIT_HOME=str(folder / "home"), PATH=f"{path}{os.pathsep}{os.environ['PATH']}")
        self.count = 0

    def run(self, *words, folder=None, program=None):
        done = subprocess.run([program or self.program, *words], cwd=folder or self.project, env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def repository(self, hook, **files):
        """A repository of one chart, or with `files` alone, as path -> text, that uses `hook`; it has one commit."""
        self.count += 1
        folder = self.folder / f"user {self.count}"
        folder.mkdir()
        if files:
            for name, text in files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(text, encoding="utf-8")
        else:
            samples.write_chart(folder / "charts" / CHART, STANDARD)
        (folder / ".pre-commit-config.yaml").write_text(
            f"repos:\n- repo: {self.project}\n  rev: {self.revision}\n  hooks:\n  - id: {hook}\n", encoding="utf-8")
        samples.make_repository(folder)
        status, output = self.run("install", folder=folder)
        expect(status == 0, output)
        return folder

    def commit(self, folder):
        """`git add --all` and `git commit`: whether there is a commit, and what git and pre-commit said."""
        samples.git(folder, "add", "--all", environment=self.environment)
        before = samples.git(folder, "rev-parse", "HEAD")
        done = subprocess.run(["git", "commit", "--message", "A change"], cwd=folder, env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        made = samples.git(folder, "rev-parse", "HEAD") != before
        expect(made == (done.returncode == 0), f"git commit ended with {done.returncode}, a commit made: {made}")
        return made, done.stdout + done.stderr


def values_of(folder):
    return folder / "charts" / CHART / "values.yaml"


def check_manifest(pre_commit):
    status, output = pre_commit.run("validate-manifest", ".pre-commit-hooks.yaml")
    expect(status == 0 and not output.strip(), output)


def check_pattern(pre_commit):
    """The manifest's patterns, in pre-commit's own reading of it."""
    code = "import json, sys; from pre_commit import clientlib; print(json.dumps(clientlib.load_manifest(sys.argv[1])))"
    python = pathlib.Path(pre_commit.program).parent / "python"
    status, output = pre_commit.run("-c", code, ".pre-commit-hooks.yaml", program=python)
    expect(status == 0, output)
    hooks = {hook["id"]: hook for hook in json.loads(output)}
    expect(tuple(hooks) == HOOKS, f"other hooks than expected: {list(hooks)}")
    for name, hook in hooks.items():
        wrong = [path for path in MATCHES if not re.search(hook["files"], path)]
        wrong += [path for path in OTHERS if re.search(hook["files"], path)]
        expect(not wrong, f"{name}: the pattern is wrong about {wrong}")
        expect(hook["require_serial"] and hook["pass_filenames"], f"{name}: not one call with all files")


def check_try_repo(pre_commit):
    """On the platform's charts in this project's own fixtures."""
    files = samples.git(pre_commit.project, "ls-files", "-z", "fixtures/platform").split("\0")
    status, output = pre_commit.run("try-repo", str(pre_commit.project), "valuelint-system", "--files", *files)
    expect(status == 1, f"ended with {status}:\n{output[-3000:]}")
    for text in ("fixtures/platform/before/charts/pkd-service/values.yaml", "VL104",
                 "- hook id: valuelint-system"):
        expect(text in output, f"no {text} in:\n{output[-3000:]}")
    for text in ("Traceback", "cannot read", "valuelint: error"):
        expect(text not in output, f"{text} in:\n{output[-3000:]}")


def check_stopped(pre_commit, hook):
    folder = pre_commit.repository(hook)
    values_of(folder).write_text(BAD, encoding="utf-8")
    made, output = pre_commit.commit(folder)
    expect(not made, f"a bad values file was committed:\n{output}")
    for text in (f"charts/{CHART}/{BAD_FINDING}", "`image.pullPolicy`", "Sometimes", f"- hook id: {hook}"):
        expect(text in output, f"no {text} in:\n{output}")
    values_of(folder).write_text(STANDARD.replace("replicaCount: 1", "replicaCount: 2"), encoding="utf-8")
    made, output = pre_commit.commit(folder)
    expect(made and "Passed" in output, output)


def check_old(pre_commit, old):
    """The oldest pre-commit that the manifest allows."""
    folder = pre_commit.repository("valuelint-system")
    values_of(folder).write_text(BAD, encoding="utf-8")
    samples.git(folder, "add", "--all")
    status, output = pre_commit.run("run", folder=folder, program=old)
    expect(status == 1 and BAD_FINDING in output, output)


def check_other_files(pre_commit):
    """Names with white space; and nothing runs where no file of a chart changed."""
    folder = pre_commit.repository("valuelint-system")
    (folder / "README.md").write_text("Charts\n", encoding="utf-8")
    made, output = pre_commit.commit(folder)
    expect(made and "(no files to check)Skipped" in output, output)
    samples.write_chart(folder / "more charts" / CHART, BAD)
    made, output = pre_commit.commit(folder)
    expect(not made and f"more charts/{CHART}/{BAD_FINDING}" in output, output)


def check_overlay(pre_commit):
    """An overlay that changed alone is checked, and need not hold what the standard requires."""
    folder = pre_commit.repository("valuelint-system")
    overlay = folder / "charts" / CHART / "values-prod.yaml"
    overlay.write_text("replicaCount: many\n", encoding="utf-8")
    made, output = pre_commit.commit(folder)
    expect(not made and "values-prod.yaml:1:15: error[VL101]" in output, output)
    overlay.write_text("replicaCount: 3\n", encoding="utf-8")
    made, output = pre_commit.commit(folder)
    expect(made, output)


def check_many(pre_commit):
    """Several hundred charts in one call."""
    folder = pre_commit.repository("valuelint-system")
    for number in range(300):
        samples.write_chart(folder / "charts" / f"{number}" / CHART, STANDARD)
    made, output = pre_commit.commit(folder)
    expect(made, output[-3000:])
    status, output = pre_commit.run("run", "--all-files", "--verbose", folder=folder)
    expect(status == 0 and output.count(" in 301 charts.") == 1, output[-3000:])


def check_no_values(pre_commit):
    """Of a chart that has no values: there is nothing to check, and nothing to complain about."""
    folder = pre_commit.repository("valuelint-system")
    samples.write_chart(folder / "charts" / "library", None, **{
        "Chart.yaml": "apiVersion: v2\nname: library\nversion: 0.1.0\ntype: library\n",
        "templates/_names.tpl": '{{ define "name" }}{{ .Chart.Name }}{{ end }}\n'})
    made, output = pre_commit.commit(folder)
    expect(made, output)


def check_no_chart(pre_commit, hook):
    """templates/ of something that is no chart is none of the hooks' business."""
    folder = pre_commit.repository(hook)
    text = "server: {{ name }}\n"
    (folder / "roles" / "web" / "templates").mkdir(parents=True)
    (folder / "roles" / "web" / "templates" / "site.yaml").write_text(text, encoding="utf-8")
    made, output = pre_commit.commit(folder)
    expect(made, output)
    expect((folder / "roles/web/templates/site.yaml").read_text(encoding="utf-8") == text, "the file was rewritten")


def check_fixed(pre_commit, hook):
    folder = pre_commit.repository(hook)
    values_of(folder).write_text(FIXABLE.replace("replicaCount: 1", "replicaCount: 2"), encoding="utf-8")
    made, output = pre_commit.commit(folder)
    expect(not made, f"committed without what --fix added:\n{output}")
    for text in ("- files were modified by this hook", f"- hook id: {hook}"):
        expect(text in output, f"no {text} in:\n{output}")
    expect("\nnameOverride" in values_of(folder).read_text(encoding="utf-8"), "the key was not added")
    made, output = pre_commit.commit(folder)
    expect(made and "Passed" in output, output)


def check_moved(pre_commit, hook):
    """A change of values.yaml alone moves a key in the chart's overlay and template too."""
    chart = pathlib.Path("charts") / CHART
    samples.write_moving_chart(pre_commit.folder / "moving")
    files = {str(chart / path.relative_to(pre_commit.folder / "moving")): path.read_text(encoding="utf-8")
             for path in (pre_commit.folder / "moving").rglob("*") if path.is_file()}
    shutil.rmtree(pre_commit.folder / "moving")
    folder = pre_commit.repository(hook, **files)
    values = values_of(folder)
    text = values.read_text(encoding="utf-8")
    values.write_text(text.replace("replicaCount: 1", "replicaCount: 2"), encoding="utf-8")
    made, output = pre_commit.commit(folder)
    expect(not made and "files were modified by this hook" in output, output)
    problem = samples.moved_problem(folder / chart)
    expect(not problem, problem)
    made, output = pre_commit.commit(folder)
    expect(made and "Passed" in output, output)
    changed = samples.git(folder, "show", "--name-only", "--format=").splitlines()
    expect(set(changed) == {str(chart / name) for name in ("values.yaml", "values-prod.yaml", "templates/config.yaml")},
           f"the commit holds {changed}")


def check_not_fixable(pre_commit, hook):
    """What --fix cannot repair stops the commit where it is an error, and does not where it is a warning."""
    folder = pre_commit.repository(hook)
    values_of(folder).write_text(WARNED, encoding="utf-8")
    made, output = pre_commit.commit(folder)
    expect(made, output)
    values_of(folder).write_text(BAD, encoding="utf-8")
    made, output = pre_commit.commit(folder)
    expect(not made and BAD_FINDING in output, output)
    expect(values_of(folder).read_text(encoding="utf-8") == BAD, "the file was changed")


def check_libraries(pre_commit):
    """Without the C libraries, the build says which are missing and what they are called."""
    done = subprocess.run([sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", pre_commit.folder, "."],
                          cwd=pre_commit.project, capture_output=True, text=True, check=False,
                          env={**pre_commit.environment, "PKG_CONFIG_LIBDIR": str(pre_commit.folder / "nothing")})
    said = done.stdout + done.stderr
    expect(done.returncode != 0, "it was built without them")
    for package in ("libfyaml-dev", "libjansson-dev", "libpcre2-dev"):
        expect(f"Debian: {package}" in said, said[-3000:])


FIX_CASES = (check_fixed, check_moved, check_not_fixable, check_no_chart)
NO_FIX = "valuelint --fix is not available yet"
NO_PYPI = "pip cannot be had here, or reaches nothing"


def name_of(function, hook):
    return f"{hook}: {function.__name__.removeprefix('check_').replace('_', ' ')}"


def run_system(cases, pre_commit, fixes):
    old = tools.find_python_program(*tools.OLD_PRE_COMMIT)
    cases.run("manifest", check_manifest, pre_commit)
    cases.run("pattern", check_pattern, pre_commit)
    cases.run("try-repo", check_try_repo, pre_commit)
    cases.run(name_of(check_stopped, "valuelint-system"), check_stopped, pre_commit, "valuelint-system")
    for function in (check_other_files, check_overlay, check_many):
        cases.run(name_of(function, "valuelint-system"), function, pre_commit)
    if old:
        cases.run(f"pre-commit {tools.OLD_PRE_COMMIT[1]}", check_old, pre_commit, old)
    else:
        cases.skip(f"pre-commit {tools.OLD_PRE_COMMIT[1]}", NO_PYPI)
    # What --fix asks of the discovery of charts by files.
    for function, arguments in ((check_no_values, ()), (check_no_chart, ("valuelint-system",))):
        if fixes:
            cases.run(name_of(function, "valuelint-system"), function, pre_commit, *arguments)
        else:
            cases.skip(name_of(function, "valuelint-system"), NO_FIX)
    run_fix(cases, pre_commit, fixes, "valuelint-fix-system")


def run_fix(cases, pre_commit, fixes, hook):
    for function in FIX_CASES:
        if fixes:
            cases.run(name_of(function, hook), function, pre_commit, hook)
        else:
            cases.skip(name_of(function, hook), NO_FIX)


def run_built(cases, pre_commit, fixes):
    if not tools.can_install():
        for name in ("missing libraries", name_of(check_stopped, "valuelint"),
                     *(name_of(function, "valuelint-fix") for function in FIX_CASES)):
            cases.skip(name, NO_PYPI)
        return
    cases.run("missing libraries", check_libraries, pre_commit)
    cases.run(name_of(check_stopped, "valuelint"), check_stopped, pre_commit, "valuelint")
    run_fix(cases, pre_commit, fixes, "valuelint-fix")


def main():
    program = os.environ.get("VALUELINT")
    if not program or not shutil.which("git") or not tools.find_python_program(*tools.PRE_COMMIT):
        print("no pre-commit" if program and shutil.which("git") else "no git" if program else "no VALUELINT")
        return 77
    cases = Cases()
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        folder = pathlib.Path(folder)
        fixes = samples.can_fix(program, folder)
        pre_commit = PreCommit(folder, pathlib.Path(program).resolve())
        run_system(cases, pre_commit, fixes)
        run_built(cases, pre_commit, fixes)
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
