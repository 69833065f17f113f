#!/usr/bin/env python3
"""`--verify` with the real Helm, 3 and 4, and with helms of the tests that lie, fail, hang or print other things each time.
Takes $VALUELINT, $VALUELINT_HELM3 and $VALUELINT_HELM4 from the environment; builds Helm where they are not set."""
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import tools  # noqa: E402
from support.cases import Cases, expect  # noqa: E402

FILES = {
    ".git/HEAD": "ref: refs/heads/main\n",
    "charts/orders/Chart.yaml": "apiVersion: v2\nname: orders\nversion: 0.1.0\n",
    "charts/orders/values.yaml": "service:\n  port: 8080\n",
    "charts/orders/values-prod.yaml": "service:\n  port: 80\n",
    "charts/orders/templates/service.yaml": """kind: Service
apiVersion: v1
metadata:
  name: x
spec:
  ports:
    - port: {{ .Values.service.port }}
""",
    "charts/orders/templates/secret.yaml": """kind: Secret
apiVersion: v1
metadata:
  name: x
data:
  password: {{ randAlphaNum 12 | b64enc }}
""",
    "charts/shop/Chart.yaml": """apiVersion: v2
name: shop
version: 0.1.0
dependencies:
  - name: orders
    alias: front
    version: 0.1.0
    repository: file://../orders
""",
    "charts/shop/values.yaml": "front:\n  service:\n    port: 7000\n",
    "charts/broken/Chart.yaml": """apiVersion: v2
name: broken
version: 0.1.0
dependencies:
  - name: orders
    version: 0.1.0
    repository: file://../orders
""",
    "charts/broken/values.yaml": "a: 1\n",
    "charts/broken/templates/fails.yaml": '{{ fail "never renders" }}\n',
}
MOVE = ("service.port", "service.http.port")
# Begins as a helm does; then $3 is the chart's copy, whose values tell whether the fix is in it.
SCRIPT = """#!/bin/sh
case "$3" in */probe) echo "version: v3.99.0"; exit 0;; esac
{}
"""
AFTER = 'grep -rq "http:" "$3/values.yaml" "$3/charts" 2>/dev/null'


def lay(folder):
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def texts(folder):
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def move(program, folder, helm, *words):
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as temporary:
        done = subprocess.run([program, "mv", *words, f"--verify={helm}", "charts/orders", *MOVE], cwd=folder, text=True,
                              capture_output=True, check=False, env={**os.environ, "TMPDIR": temporary})
        expect(not list(pathlib.Path(temporary).iterdir()), "temporary files are left")
    return done


def in_folder(test):
    def run(*arguments):
        with tempfile.TemporaryDirectory(prefix="valuelint-test-") as temporary:
            folder = pathlib.Path(temporary).resolve()
            lay(folder / "repository")
            test(folder, folder / "repository", *arguments)
    return run


def script(folder, text):
    path = folder / "helm"
    path.write_text(SCRIPT.format(text), encoding="utf-8")
    path.chmod(0o755)
    return path


@in_folder
def check_real(_, repository, program, helm, version):
    done = move(program, repository, helm)
    expect(done.returncode == 0, f"status {done.returncode}: {done.stderr}")
    line = f"helm {version}: 3 renders of 1 chart, all the same; 1 not compared\n"
    expect(line in done.stdout, f"no line {line!r} in {done.stdout}")
    expect("http" in (repository / "charts/shop/values.yaml").read_text(), "the umbrella did not move along")


@in_folder
def check_liar(folder, repository, program):
    before = texts(repository)
    helm = script(folder, f'echo "a: 1"; {AFTER} && printf "b: 2\\npassword: hunter22secret\\n"; exit 0')
    done = move(program, repository, helm)
    expect(done.returncode == 3, f"status {done.returncode}: {done.stdout}{done.stderr}")
    expect(texts(repository) == before, "something was written")
    expect("+b: 2\n" in done.stderr and "please report it" in done.stderr, done.stderr)
    expect("hunter22" not in done.stderr, "a secret is shown")
    expect("0 renders of 1 chart the same; 1 chart differs and is left as it is" in done.stdout, done.stdout)


@in_folder
def check_failing_after(folder, repository, program):
    before = texts(repository)
    helm = script(folder, f'{AFTER} && exit 1; echo "a: 1"')
    done = move(program, repository, helm)
    expect(done.returncode == 3 and "fails after the fix" in done.stderr, done.stdout + done.stderr)
    expect(texts(repository) == before, "something was written")


@in_folder
def check_random(folder, repository, program):
    helm = script(folder, 'echo "a: 1"; echo "b: $$"')
    done = move(program, repository, helm)
    expect(done.returncode == 0 and "4 renders of 1 chart, all the same\n" in done.stdout, done.stdout + done.stderr)


@in_folder
def check_random_and_liar(folder, repository, program):
    before = texts(repository)
    helm = script(folder, f'echo "b: $$"; {AFTER} && echo "a: 2" || echo "a: 1"')
    done = move(program, repository, helm)
    expect(done.returncode == 3 and texts(repository) == before, done.stdout + done.stderr)


@in_folder
def check_diff(folder, repository, program):
    before = texts(repository)
    done = move(program, repository, script(folder, 'echo "a: 1"'), "--diff")
    expect(done.returncode == 1 and "+++ b/charts/orders/values.yaml" in done.stdout, done.stdout + done.stderr)
    expect(texts(repository) == before, "something was written")


@in_folder
def check_environment(folder, repository, program):
    helm = script(folder, f'env > {folder}/seen; ls -A "$HOME" >> {folder}/seen; echo "$@" > {folder}/words; echo "a: 1"')
    os.environ["SECRET_OF_OURS"] = "1"
    move(program, repository, helm)
    seen, words = (folder / "seen").read_text(), (folder / "words").read_text()
    expect("SECRET_OF_OURS" not in seen and f"HOME={os.environ.get('HOME')}\n" not in seen, seen)
    expect(words.startswith("template r /"), words)


def lay_doubt(repository, text):
    """A text that nobody knows is run as a template."""
    for name in ("broken", "shop"):
        for path in sorted((repository / "charts" / name).rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
    (repository / "charts/orders/note.txt").write_text(text, encoding="utf-8")
    (repository / "charts/orders/templates/note.yaml").write_text(
        '{{ tpl (.Files.Get (printf "%s.txt" "note")) . }}\n', encoding="utf-8")


@in_folder
def check_doubt(_, repository, program, helm):
    lay_doubt(repository, "note: {{ .Chart.Name }}\n")
    done = move(program, repository, helm)
    expect(done.returncode == 1 and "not known here" in done.stdout, f"not held back: {done.stdout}{done.stderr}")
    done = move(program, repository, helm, "--unsafe-fixes")
    expect(done.returncode == 0 and "2 renders of 1 chart, all the same\n" in done.stdout, done.stdout + done.stderr)
    expect("http:" in (repository / "charts/orders/values.yaml").read_text(), "nothing moved")


@in_folder
def check_doubt_that_differs(_, repository, program, helm):
    lay_doubt(repository, "note: {{ .Values.service.port }}\n")
    before = texts(repository)
    done = move(program, repository, helm, "--unsafe-fixes")
    expect(done.returncode == 1 and "not known here" in done.stdout, done.stdout + done.stderr)
    expect("bug" not in done.stderr and texts(repository) == before, done.stderr)


@in_folder
def check_no_helm(folder, repository, program):
    before = texts(repository)
    for helm in ("/bin/true", str(folder / "none"), "no-such-helm"):
        done = move(program, repository, helm)
        expect(done.returncode == 2 and "--verify" in done.stderr, f"{helm}: {done.returncode} {done.stderr}")
    expect(texts(repository) == before, "something was written")


def main():
    cases = Cases()
    program = os.environ.get("VALUELINT")
    if not program:
        cases.skip("verify", "no program")
        return cases.finish()
    for variable, version in (("VALUELINT_HELM3", "3.22"), ("VALUELINT_HELM4", "4.3")):
        helm = tools.find_helm(variable)
        if helm:
            cases.run(f"helm {version}", check_real, program, helm, version)
            cases.run(f"helm {version}, a move that is not proved", check_doubt, program, helm)
            cases.run(f"helm {version}, one that prints something else", check_doubt_that_differs, program, helm)
        else:
            cases.skip(f"helm {version}", "it cannot be had here")
    for name, test in (("a helm that lies", check_liar), ("a render that fails after", check_failing_after),
                       ("random output", check_random), ("random output and a lie", check_random_and_liar),
                       ("--diff", check_diff), ("its environment", check_environment), ("no helm", check_no_helm)):
        cases.run(name, test, program)
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
