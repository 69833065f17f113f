#!/usr/bin/env python3
"""Installing valuelint from a wheel: by pip, by the mirror of the pre-commit hooks in the real pre-commit, and by the action.

The wheel holds $VALUELINT, so that nothing has to be built; `scripts/release --check` tries the one of the static program. It
comes from a package index that this test serves at the loopback address."""
import contextlib
import functools
import http.server
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "e2e"), str(ROOT / "scripts" / "packaging")]

import action as action_test  # noqa: E402
from releasing import mirror, wheel  # noqa: E402
from releasing.pins import hash_of  # noqa: E402
from releasing.release import read_version  # noqa: E402
from support import samples, tools  # noqa: E402
from support.cases import Cases, expect  # noqa: E402
from support.samples import BAD, BAD_FINDING, CHART, STANDARD  # noqa: E402

TARGET = f"{os.uname().sysname.lower()}-{os.uname().machine}"
VERSION = read_version()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serve(folder):
    """The URL at which the files below `folder` are had."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def make_index(folder, program):
    """A wheel with `program`, in a folder as an index has it; the wheel's path."""
    packages = folder / "simple" / "valuelint"
    packages.mkdir(parents=True)
    return wheel.write_wheel(packages, VERSION, TARGET, program, "none here: the libraries are the system's\n", 1_700_000_000)


def check_pip(made, folder):
    """In a fresh venv: the program, the module, and nothing else."""
    venv.create(folder / "venv", with_pip=True)
    run = functools.partial(subprocess.run, capture_output=True, text=True, check=False)
    done = run([folder / "venv" / "bin" / "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", made])
    expect(done.returncode == 0, done.stderr)
    wanted = run([os.environ["VALUELINT"], "--version"]).stdout
    for words in ([folder / "venv" / "bin" / "valuelint"], [folder / "venv" / "bin" / "python", "-m", "valuelint"]):
        done = run([*words, "--version"])
        expect((done.returncode, done.stdout) == (0, wanted), f"{words}: {done.returncode} {done.stdout}{done.stderr}")
        done = run([*words, "nowhere"], cwd=folder)
        expect(done.returncode == 3, f"{words} ended with {done.returncode} instead of valuelint's own 3")
    files = run([folder / "venv" / "bin" / "pip", "show", "--files", "valuelint"]).stdout
    listed = {line.strip() for line in files.split("Files:")[1].splitlines() if line.strip() and "__pycache__" not in line}
    info = f"valuelint-{VERSION}.dist-info/"
    mine = {name for name in listed if not name.startswith(info)}
    expect(mine == {"../../../bin/valuelint", "valuelint/__init__.py", "valuelint/__main__.py"}, f"installed: {mine}")
    expect({info + "licenses/LICENSE", info + "licenses/LICENSE.libraries"} <= listed, f"no licences: {listed}")


def check_same_wheel(made, program, folder):
    again = make_index(folder, program)
    expect(hash_of(again) == hash_of(made), "two wheels of one program differ")


def write_mirror(folder, made, url=None):
    """A repository with the mirror's files; its commit."""
    mirror.write_mirror(folder, VERSION, {TARGET: made}, url)
    return samples.make_repository(folder)


def run_hook(pre_commit, folder, repository, revision, **environment):
    """Status and output of `pre-commit run` for the hook `valuelint` of `repository`, on a chart with a mistake."""
    user = folder / "user"
    samples.write_chart(user / "charts" / CHART, BAD)
    (user / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {repository}\n  rev: {revision}\n  hooks:\n  - id: valuelint\n", encoding="utf-8")
    samples.make_repository(user)
    clean = {name: value for name, value in samples.clean_environment().items() if not name.startswith("PIP_")}
    done = subprocess.run([pre_commit, "run", "--all-files"], cwd=user, capture_output=True, text=True, check=False,
                          env={**clean, "PRE_COMMIT_HOME": str(folder / "home"), **environment})
    return done.returncode, done.stdout + done.stderr


def check_mirror_by_name(pre_commit, folder, made, url):
    revision = write_mirror(folder / "mirror", made)
    text = (folder / "mirror" / "pyproject.toml").read_text(encoding="utf-8")
    expect(f'"valuelint=={VERSION}",' in text, text)
    status, said = run_hook(pre_commit, folder, folder / "mirror", revision, PIP_INDEX_URL=f"{url}/simple/")
    expect(status == 1 and BAD_FINDING in said, f"ended with {status}:\n{said}")


def check_mirror_without_index(pre_commit, folder, made):
    """Never from the public index, where the name may be anybody's."""
    revision = write_mirror(folder / "mirror", made)
    status, said = run_hook(pre_commit, folder, folder / "mirror", revision)
    expect(status not in (0, 1) and "must come from your own index" in said, f"ended with {status}:\n{said}")


def check_mirror_by_url(pre_commit, folder, made, url):
    revision = write_mirror(folder / "mirror", made, f"{url}/simple/valuelint/")
    status, said = run_hook(pre_commit, folder, folder / "mirror", revision)
    expect(status == 1 and BAD_FINDING in said, f"ended with {status}:\n{said}")


def check_mirror_wrong_hash(pre_commit, folder, made, url):
    write_mirror(folder / "mirror", made, f"{url}/simple/valuelint/")
    project = folder / "mirror" / "pyproject.toml"
    project.write_text(re.sub("sha256=.{8}", "sha256=00000000", project.read_text(encoding="utf-8")), encoding="utf-8")
    samples.git(folder / "mirror", "commit", "--quiet", "--all", "--message", "Another hash")
    revision = samples.git(folder / "mirror", "rev-parse", "HEAD")
    status, said = run_hook(pre_commit, folder, folder / "mirror", revision)
    expect(status not in (0, 1) and "sha256" in said.lower(), f"ended with {status}:\n{said}")


def check_manifest(pre_commit, folder, made):
    write_mirror(folder / "mirror", made)
    done = subprocess.run([pre_commit, "validate-manifest", folder / "mirror" / ".pre-commit-hooks.yaml"],
                          capture_output=True, text=True, check=False)
    expect(done.returncode == 0 and not done.stdout.strip(), done.stdout + done.stderr)
    text = (folder / "mirror" / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    expect(re.findall("^- id: (.+)$", text, re.M) == ["valuelint", "valuelint-fix"], text)


def check_action(action, made, url):
    """From an index, and from a file; the program comes onto PATH, alone."""
    digest = hash_of(made)
    for given in ({"version": f"valuelint=={VERSION}", "index_url": f"{url}/simple/"}, {"version": str(made)}):
        with action_test.Job(action, None, BAD) as runner:
            action_test.ends(runner, runner.run(install=True, hashes=f"{'0' * 64}\n{digest}", **given), 1, action_test.ANNOTATION)
            added = pathlib.Path(runner.path.split(os.pathsep)[0])
            expect([path.name for path in added.iterdir()] == ["valuelint"], f"on PATH: {list(added.iterdir())}")


def check_action_refuses(action, made, url):
    index, named, digest = f"{url}/simple/", f"valuelint=={VERSION}", hash_of(made)
    for given, text in (({"version": named, "hashes": digest}, "index-url has to say"),
                        ({"version": named, "index_url": index}, "set the input hashes"),
                        ({"version": named, "index_url": index, "hashes": "0" * 64}, "0000"),
                        ({"version": named, "index_url": index, "hashes": f"{digest} --pre"}, "something else than"),
                        ({"version": f"{named} --pre\nevil==1", "index_url": index, "hashes": digest}, "names no wheel"),
                        ({"version": "valuelint"}, "clone"), ({"version": "valuelint>=0.1"}, "no tag, commit, path"),
                        ({"version": str(made)}, "set the input hashes")):
        with action_test.Job(action, None, STANDARD) as runner:
            runner.server = "file:///nothing"
            status = runner.run(install=True, **given)
            expect(status not in (0, None) and runner.status is None, f"{given} was installed:\n{runner.log}")
            expect(text in runner.log, f"{given}: no {text!r} in\n{runner.log}")


def in_folder(function, *arguments):
    """A case with a folder of its own as the argument `folder`, behind the first one."""
    def run():
        with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
            function(arguments[0], pathlib.Path(folder), *arguments[1:])
    return run


def main():
    if not os.environ.get("VALUELINT") or not shutil.which("git") or TARGET not in mirror.MARKERS:
        print("no VALUELINT or git, or no target of releases")
        return 77
    program = pathlib.Path(os.environ["VALUELINT"]).resolve()
    os.environ["VALUELINT"] = str(program)
    cases = Cases()
    pre_commit = tools.find_python_program(*tools.PRE_COMMIT)
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        folder = pathlib.Path(folder)
        made = make_index(folder / "index", program)
        action = action_test.read_action(program)
        with serve(folder / "index") as url:
            cases.run("pip", in_folder(check_pip, made))
            cases.run("the same wheel again", check_same_wheel, made, program, folder / "again")
            for name, function, *arguments in (("mirror, its hooks", check_manifest, made),
                                               ("mirror, from an index", check_mirror_by_name, made, url),
                                               ("mirror, no index", check_mirror_without_index, made),
                                               ("mirror, by URL and hash", check_mirror_by_url, made, url),
                                               ("mirror, wrong hash", check_mirror_wrong_hash, made, url)):
                if pre_commit:
                    cases.run(name, in_folder(function, pre_commit, *arguments))
                else:
                    cases.skip(name, "no pre-commit")
            cases.run("action", check_action, action, made, url)
            cases.run("action, what it refuses", check_action_refuses, action, made, url)
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
