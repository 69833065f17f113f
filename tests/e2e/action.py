#!/usr/bin/env python3
"""action.yml: what linters say of it, and its steps run as GitHub's runner runs them.

Only what the action uses is there of the runner: `env` with whole-value expressions, bash as for `shell: bash`, and the
files behind GITHUB_OUTPUT, GITHUB_PATH and GITHUB_STEP_SUMMARY. In most cases $VALUELINT stands in for the step that
installs; two cases really install. What needs `valuelint --fix` is skipped as long as that is not available."""
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
from support.samples import BAD, CHART, FIXABLE, STANDARD, WARNED  # noqa: E402

EXPRESSION = re.compile(r"\$\{\{\s*(inputs|github)\.([\w-]+)\s*\}\}")
ANNOTATION = f"::error file=charts/{CHART}/values.yaml,line=6,"
NO_FIX = "valuelint --fix is not available yet"
NO_PYPI = "pip cannot be had here, or reaches nothing"
USES = """on: pull_request
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: ./
        id: lint
        with:
          paths: |
            charts
            more charts
          fix: false
          fail-on: error
          args: --statistics
          version: main
      - if: always()
        env:
          STATUS: ${{ steps.lint.outputs.status }}
        run: echo "$STATUS"
"""
# Paths that a shell would obey, or valuelint would take for options or standard input. None of them exists.
HOSTILE = ("$(touch x)", "; touch x", "`touch x`", "&& touch x #", "| touch x", '"; touch x; "', "'; touch x; '",
           "--help", "--fix", "--config=x", "*", "~", "$HOME", "rules", "a\nb; touch x\n", "charts/*\n$(touch x)",
           "\\", "> x", '"', "::error::x")
# Names of folders that exist, each with a chart in it.
ODD = ("with space", " leading", "it's", 'a "quoted" one', "$(touch x)", "; touch x", "--help", "a*b", "back\\slash",
       "`x`", "tab\there", "{a,b}", "%41::x,y")


def read_action(program):
    """action.yml as JSON values: valuelint itself reads the YAML."""
    done = subprocess.run([program, "show", ROOT / "action.yml"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


class Runner:
    """One job: a workspace, and a folder for what the runner keeps."""

    def __init__(self, action, folder, program, action_path=ROOT):
        self.action = action
        self.workspace, self.temporary = folder / "workspace", folder / "runner"
        for made in (self.workspace, self.temporary):
            made.mkdir(parents=True)
        self.github = {"action_path": str(action_path), "action_repository": "owner/valuelint"}
        self.program = program
        self.server = "https://git.example.com"
        self.path = os.environ["PATH"]
        self.log = self.summary = ""
        self.outputs = {}

    def value(self, text, inputs):
        def replace(match):
            return {"inputs": inputs, "github": self.github}[match[1]][match[2]]
        known = EXPRESSION.fullmatch(text)
        expect(known or "${{" not in text, f"more in env than this test can evaluate: {text}")
        return replace(known) if known else text

    def run(self, install=False, **given):
        """Runs the steps until one fails; its exit status. Inputs are named with _ for -."""
        given = {name.replace("_", "-"): value for name, value in given.items()}
        inputs = {name: spec.get("default", "") for name, spec in self.action["inputs"].items()}
        expect(not given.keys() - inputs.keys(), f"no such input: {given}")
        inputs.update(given)
        steps = self.action["runs"]["steps"]
        if not install:
            folder = samples.make_bin(self.temporary / "bin", self.program)
            self.path = f"{folder}{os.pathsep}{self.path}"
            steps = steps[1:]
        for step in steps:
            status = self.run_step(step, inputs)
            if status:
                break
        return status

    def run_step(self, step, inputs):
        files = {name: self.temporary / name for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_ENV",
                                                          "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_bytes(b"")
        script = self.temporary / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        expect(step["shell"] == "bash", f"a shell that this test does not know: {step['shell']}")
        full = samples.clean_environment(
            **{name: str(file) for name, file in files.items()}, GITHUB_ACTIONS="true", PATH=self.path,
            GITHUB_ACTION_PATH=self.github["action_path"], GITHUB_WORKSPACE=str(self.workspace),
            GITHUB_SERVER_URL=self.server, RUNNER_TEMP=str(self.temporary),
            **{name: self.value(text, inputs) for name, text in step.get("env", {}).items()})
        # Standard input is kept open: a program that reads it would hang.
        words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", script]
        with subprocess.Popen(words, cwd=self.workspace, env=full, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:
            try:
                self.log += running.stdout.read().decode(errors="replace")
                status = running.wait(timeout=300)
            finally:
                running.kill()
        self.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        for line in files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            self.outputs.setdefault(step.get("id"), {})[name] = value
        for line in files["GITHUB_PATH"].read_text(encoding="utf-8").splitlines():
            self.path = f"{line}{os.pathsep}{self.path}"
        return status

    @property
    def status(self):
        """The action's output."""
        match = re.fullmatch(r"\$\{\{\s*steps\.(\w+)\.outputs\.(\w+)\s*\}\}", self.action["outputs"]["status"]["value"])
        return self.outputs.get(match[1], {}).get(match[2])


class Job:
    """A runner in a folder of its own, with one chart in the workspace."""

    def __init__(self, action, program, values=STANDARD, **options):
        self.arguments = (action, program, values, options)

    def __enter__(self):
        action, program, values, options = self.arguments
        self.folder = tempfile.TemporaryDirectory(prefix="valuelint-test-")
        runner = Runner(action, pathlib.Path(self.folder.name), program, **options)
        samples.write_chart(runner.workspace / "charts" / CHART, values)
        return runner

    def __exit__(self, *_):
        self.folder.cleanup()


def ends(runner, status, wanted, *texts):
    """Expects the exit status `wanted`, told in the output too, and the texts in the log."""
    expect((status, runner.status) == (wanted, str(wanted)),
           f"ended with {status}, output status={runner.status}:\n{runner.log}")
    for text in texts:
        expect(text in runner.log, f"no {text} in:\n{runner.log}")


def check_expressions(action):
    """An expression inside of a script would be text that the shell reads."""
    for step in action["runs"]["steps"]:
        expect("${{" not in step["run"], f"an expression in the script of the step {step['name']}")


def check_schema(program):
    done = subprocess.run([program, "--builtin-schema", "vendor.github-actions", ROOT / "action.yml"],
                          capture_output=True, text=True, check=False)
    expect(done.returncode == 0, done.stdout + done.stderr)


def run_actionlint(program, workflow, action=True):
    """What actionlint says of a workflow, in a repository that holds the action."""
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        folder = pathlib.Path(folder)
        (folder / ".github" / "workflows").mkdir(parents=True)
        (folder / ".github" / "workflows" / "lint.yml").write_text(workflow, encoding="utf-8")
        if action:
            shutil.copy(ROOT / "action.yml", folder)
        samples.git(folder, "init", "--quiet")
        done = subprocess.run([program, "-no-color"], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def check_use(actionlint):
    status, said = run_actionlint(actionlint, USES)
    expect(status == 0 and not said, said)
    status, said = run_actionlint(actionlint, USES.replace("fail-on:", "fails-on:"))
    expect(status == 1 and 'input "fails-on" is not defined' in said, f"a wrong input is not noticed: {said}")


def steps_as_workflow(action, change=""):
    """A workflow with the action's steps (JSON is YAML too), so that actionlint hands their scripts to shellcheck."""
    steps = [{**step, "run": step["run"] + change} for step in action["runs"]["steps"]]
    return json.dumps({"on": {"workflow_call": {"inputs": {name: {"type": "string"} for name in action["inputs"]}}},
                       "jobs": {"lint": {"runs-on": "ubuntu-latest", "steps": steps}}}, indent=1)


def check_scripts(actionlint, action):
    status, said = run_actionlint(actionlint, steps_as_workflow(action), action=False)
    expect(status == 0 and not said, said)
    status, said = run_actionlint(actionlint, steps_as_workflow(action, "echo $HOME\n"), action=False)
    expect(status == 1 and said.count("SC2086") >= len(action["runs"]["steps"]), f"shellcheck does not run: {said}")


def check_clean(action, program):
    with Job(action, program) as runner:
        ends(runner, runner.run(), 0)
        expect("::error" not in runner.log and "::warning" not in runner.log, runner.log)


def check_findings(action, program):
    with Job(action, program, BAD) as runner:
        ends(runner, runner.run(), 1, ANNOTATION, "VL101")
        for text in (f"charts/{CHART}/values.yaml", "VL101", "|"):
            expect(text in runner.summary, f"no {text} in the summary:\n{runner.summary}")


def check_fail_on(action, program):
    for fail_on, wanted in (("warning", 1), ("error", 0)):
        with Job(action, program, WARNED) as runner:
            ends(runner, runner.run(fail_on=fail_on), wanted, "::warning file=")


def check_args(action, program):
    with Job(action, program, BAD) as runner:
        args = " --ignore VL101\n --format\tjson=report.json "
        ends(runner, runner.run(args=args), 0)
        report = json.loads((runner.workspace / "report.json").read_text(encoding="utf-8"))
        expect(report["summary"]["charts"] == 1, f"{report['summary']}")


def check_paths(action, program):
    """Several on one line, one a line, and nothing but the default."""
    for paths in (f"charts/{CHART} more/a", f"charts/{CHART}\n\nmore/a\n", "  charts   more ", "charts\nmore", ".", ""):
        with Job(action, program, BAD) as runner:
            samples.write_chart(runner.workspace / "more" / "a", BAD)
            samples.write_chart(runner.workspace / "charts more", STANDARD)
            ends(runner, runner.run(paths=paths), 1, ANNOTATION, "::error file=more/a/values.yaml,line=6,")


def check_odd_paths(action, program):
    """Folders with any characters in their names are found, as lines of `paths`."""
    with Job(action, program) as runner:
        for name in ODD:
            samples.write_chart(runner.workspace / "odd" / name / "chart", BAD)
            samples.write_chart(runner.workspace / name / "chart", BAD)
        paths = "".join(f"odd/{name}\n{name}\n" for name in ODD)
        ends(runner, runner.run(paths=paths, args="--format json=report.json"), 1)
        report = json.loads((runner.workspace / "report.json").read_text(encoding="utf-8"))
        found = {finding["path"] for finding in report["findings"] if finding["id"] == "VL101"}
        wanted = {f"{top}{name}/chart/values.yaml" for name in ODD for top in ("", "odd/")}
        expect(found == wanted, f"not found: {sorted(wanted - found)}; found too: {sorted(found - wanted)}")
        expect(not (runner.workspace / "x").exists(), "a name was executed")


def check_hostile(action, program, paths):
    with Job(action, program) as runner:
        before = sorted(runner.workspace.rglob("*"))
        ends(runner, runner.run(paths=paths), 3, "cannot read")
        expect(sorted(runner.workspace.rglob("*")) == before, "something was made")
        expect("Usage:" not in runner.log and "\n::error::x" not in runner.log, runner.log)


def check_standard_input(action, program):
    """`-` is standard input, which is empty."""
    with Job(action, program) as runner:
        runner.run(paths="-")
        expect(runner.status in ("0", "1"), runner.log)


def check_wrong_inputs(action, program):
    """The other inputs are no shell text either."""
    for given, text in (({"fix": "true; touch x"}, "fix is true or false"), ({"fix": ""}, "fix is true or false"),
                        ({"fail_on": "$(touch x)"}, "--fail-on must"), ({"fail_on": "error --exit-zero"}, "--fail-on must"),
                        ({"fail_on": ""}, "--fail-on needs"), ({"args": "--no-such"}, "unknown option")):
        with Job(action, program, BAD) as runner:
            ends(runner, runner.run(**given), 2, text)
            expect(not (runner.workspace / "x").exists(), "an input was executed")
    with Job(action, program) as runner:
        ends(runner, runner.run(args="; touch x $(touch x)"), 3, "cannot read")
        expect(not (runner.workspace / "x").exists(), "an input was executed")


def check_fix(action, program):
    with Job(action, program, FIXABLE) as runner:
        ends(runner, runner.run(fix="true"), 0)
        text = (runner.workspace / "charts" / CHART / "values.yaml").read_text(encoding="utf-8")
        expect("\nnameOverride" in text, "the key was not added")
        expect("::error" not in runner.log, runner.log)
    with Job(action, program, BAD) as runner:
        ends(runner, runner.run(fix="true"), 1, ANNOTATION)


def check_libraries(action, project):
    """The libraries are asked of apt-get; where that fails, the step does, with what apt-get said."""
    with Job(action, None, action_path=project) as runner:
        stubs = runner.temporary / "stubs"
        stubs.mkdir()
        for name, text in (("pkg-config", "exit 1"), ("sudo", 'exec "$@"'),
                           ("apt-get", f"echo $* >>'{stubs}/asked'\n[ $1 = update ] || {{ echo no room; exit 100; }}")):
            (stubs / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
            (stubs / name).chmod(0o755)
        runner.path = f"{stubs}{os.pathsep}{runner.path}"
        status = runner.run(install=True)
        expect(status and runner.status is None and "no room" in runner.log, f"ended with {status}: {runner.log}")
        asked = (stubs / "asked").read_text(encoding="utf-8")
        expect("libfyaml-dev libjansson-dev libpcre2-dev zlib1g-dev" in asked, f"apt-get was asked for: {asked}")


def check_install(action, project):
    """The action's own files are installed, and nothing but the program comes onto PATH."""
    with Job(action, None, BAD, action_path=project) as runner:
        ends(runner, runner.run(install=True), 1, ANNOTATION)
        added = pathlib.Path(runner.path.split(os.pathsep)[0])
        expect([path.name for path in added.iterdir()] == ["valuelint"], f"on PATH: {list(added.iterdir())}")


def check_version(action, project, folder):
    """A ref of the action's repository, a requirement for pip, and what is neither."""
    (folder / "server" / "owner").mkdir(parents=True)
    (folder / "server" / "owner" / "valuelint").symlink_to(project)
    samples.git(project, "tag", "v9")
    with Job(action, None, BAD, action_path=ROOT) as runner:
        runner.server = f"file://{folder}/server"
        ends(runner, runner.run(install=True, version="v9"), 1, ANNOTATION)
    for version in ("no-such-tag", "-r/etc/passwd", "$(touch x)", f"valuelint @ file://{folder}/nothing"):
        with Job(action, None, BAD, action_path=ROOT) as runner:
            runner.server = f"file://{folder}/server"
            status = runner.run(install=True, version=version)
            expect(status not in (0, 1) or not runner.status, f"{version!r} was installed:\n{runner.log}")
            expect(status and runner.status is None, f"{version!r} was installed:\n{runner.log}")
            expect(not (runner.workspace / "x").exists(), "an input was executed")


def run_linters(cases, action):
    cases.run("no expression in a script", check_expressions, action)
    schema = tools.find_python_program(*tools.CHECK_JSONSCHEMA)
    if schema:
        cases.run("schema", check_schema, schema)
    else:
        cases.skip("schema", "no check-jsonschema")
    actionlint = tools.find_go_program(*tools.ACTIONLINT)
    if actionlint and shutil.which("git"):
        cases.run("actionlint", check_use, actionlint)
    else:
        cases.skip("actionlint", "no actionlint, or no git")
    if actionlint and shutil.which("git") and shutil.which("shellcheck"):
        cases.run("shellcheck", check_scripts, actionlint, action)
    else:
        cases.skip("shellcheck", "no actionlint, git or shellcheck")


def run_installed(cases, action):
    if not shutil.which("git") or not tools.can_install():
        for name in ("libraries", "install", "install a version"):
            cases.skip(name, NO_PYPI)
        return
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        project = pathlib.Path(folder) / "project"
        project.mkdir()
        samples.copy_project(project)
        cases.run("libraries", check_libraries, action, project)
        cases.run("install", check_install, action, project)
        cases.run("install a version", check_version, action, project, pathlib.Path(folder))


def main():
    program = os.environ.get("VALUELINT")
    if not program or not shutil.which("bash"):
        print("no VALUELINT" if not program else "no bash")
        return 77
    program = str(pathlib.Path(program).resolve())
    action, cases = read_action(program), Cases()
    run_linters(cases, action)
    for function in (check_clean, check_findings, check_fail_on, check_args, check_paths, check_odd_paths,
                     check_standard_input, check_wrong_inputs):
        cases.run(function.__name__.removeprefix("check_").replace("_", " "), function, action, program)
    for paths in HOSTILE:
        cases.run(f"paths {json.dumps(paths)}", check_hostile, action, program, paths)
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        fixes = samples.can_fix(program, pathlib.Path(folder))
    if fixes:
        cases.run("fix", check_fix, action, program)
    else:
        cases.skip("fix", NO_FIX)
    run_installed(cases, action)
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
