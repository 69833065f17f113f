"""Charts and repositories for the end-to-end tests to work on."""
import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
STANDARD = (ROOT / "fixtures" / "schema" / "standard.yaml").read_text(encoding="utf-8")
CHART = "example-service"  # whose values STANDARD holds
BAD = STANDARD.replace("pullPolicy: IfNotPresent", "pullPolicy: Sometimes", 1)  # --fix cannot know what was meant
BAD_FINDING = "values.yaml:6:15: error[VL101]"
WARNED = STANDARD.replace('tag: ""', "tag: latest", 1)  # a warning and no error: VL201
FIXABLE = STANDARD.replace('nameOverride: ""\n', "", 1)  # VL103
NOT_YET = "--fix is not available yet"
# What git hooks, pre-commit and the GitHub runner leave in the environment would lead the programs under test astray.
LEFT_OUT = ("GIT_", "PRE_COMMIT", "GITHUB_", "RUNNER_", "SKIP")


def write_chart(folder, values, **files):
    """Makes the chart `folder`, with other `files` as path -> text. A values.yaml of None is left out."""
    texts = {"Chart.yaml": f"apiVersion: v2\nname: {CHART}\nversion: 0.1.0\n", "values.yaml": values, **files}
    for name, text in texts.items():
        if text is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def write_moving_chart(folder):
    """A chart whose log level stands at its old place in values, overlay and template."""
    write_chart(folder, STANDARD.replace("  LOG_LEVEL: INFO\n", "", 1) + "config:\n  logLevel: INFO # for all\n",
                **{"values-prod.yaml": "config:\n  logLevel: ERROR\n",
                   "templates/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"
                                            "data:\n  level: {{ .Values.config.logLevel | quote }}\n"})


def moved_problem(folder):
    """What is wrong with the chart of write_moving_chart after --fix; None where the move is complete."""
    texts = {name: (folder / name).read_text(encoding="utf-8")
             for name in ("values.yaml", "values-prod.yaml", "templates/config.yaml")}
    for name, text in texts.items():
        if "logLevel" in text:
            return f"{name} still has the old key:\n{text}"
    if ".Values.env.LOG_LEVEL" not in texts["templates/config.yaml"]:
        return f"the template does not read the new key:\n{texts['templates/config.yaml']}"
    if "LOG_LEVEL: ERROR" not in texts["values-prod.yaml"] or "LOG_LEVEL: INFO" not in texts["values.yaml"]:
        return f"a value got lost:\n{texts['values-prod.yaml']}\n{texts['values.yaml']}"
    return None


def can_fix(program, folder):
    """Whether `valuelint --fix` is there already; `folder` is an empty one to try it in."""
    write_chart(folder / CHART, STANDARD)
    done = subprocess.run([program, "--fix", folder], capture_output=True, text=True, check=False)
    shutil.rmtree(folder / CHART)
    return not (done.returncode == 2 and NOT_YET in done.stderr)


def clean_environment(**more):
    """The environment without what would lead git and the programs astray, and with a committer's name."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)}
    return {**kept, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "A Tester",
            "GIT_AUTHOR_EMAIL": "tester@example.com", "GIT_COMMITTER_NAME": "A Tester",
            "GIT_COMMITTER_EMAIL": "tester@example.com", **more}


def git(folder, *words, environment=None):
    """Runs git in `folder`; fails the case where git fails. Its output."""
    done = subprocess.run(["git", *words], cwd=folder, env=environment or clean_environment(), capture_output=True,
                          text=True, check=False)
    if done.returncode:
        raise AssertionError(f"git {' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def make_repository(folder):
    """Makes `folder`, with all that stands in it, a git repository of one commit; the commit's id."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "All of it")
    return git(folder, "rev-parse", "HEAD")


def copy_project(folder):
    """Copies what git has of this project, as it stands in the working tree; the commit of the new repository."""
    names = git(ROOT, "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in names.split("\0"):
        source, target = ROOT / name, folder / name
        if name and (source.is_symlink() or source.is_file()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
    return make_repository(folder)


def make_bin(folder, program):
    """A folder for PATH in which `program` is called valuelint."""
    folder.mkdir()
    (folder / "valuelint").symlink_to(program)
    return folder
