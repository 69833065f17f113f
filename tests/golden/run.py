#!/usr/bin/env python3
"""Runs valuelint as a user would and compares all that comes out with what is kept here.

A case is a folder GROUP/CASE with
  cmd                     the arguments, one line, quoted as in a shell. `$FIXTURES/x` stands for fixtures/x, of which
                          the case gets a copy of its own
  stdout, stderr, status  what has to come out, to the byte
  after/                  the files that the run changes or makes; all others have to stay as they are
  stdin, env              optional: standard input; lines NAME=VALUE
  without                 optional: a regular expression; what it matches (^ and $ at each line) is not compared. For what
                          lists all rules or formats, so that a new one is not a change of the case
and any other file is an input. The program runs in a copy of the folder. A new case is a new folder with `cmd` and
its inputs, filled in by --update, whose diff is to be read like any other change.
"""
import argparse
import concurrent.futures
import difflib
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUTPUTS = ("stdout", "stderr", "status")
SPECIAL = ("cmd", "after", "stdin", "env", "without", *OUTPUTS)
TIMEOUT = 120  # seconds; a hang is a failure too


def find_cases(folder, patterns):
    cases = []
    for case in sorted(path for path in folder.glob("*/*") if path.is_dir() and path.name != "__pycache__"):
        name = f"{case.parent.name}/{case.name}"
        if not patterns or any(pattern in name for pattern in patterns):
            cases.append((name, case))
    return cases


def read_files(folder):
    """Relative path -> bytes, of all files below `folder`."""
    if not folder.is_dir():
        return {}
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def read_arguments(case, work):
    """The words of cmd; copies the fixtures that they name into `work`."""
    words = []
    for word in shlex.split((case / "cmd").read_text(encoding="utf-8")):
        if "$FIXTURES" in word:
            word = word.replace("$FIXTURES", "fixtures")
            path = word[word.index("fixtures"):]
            source = ROOT / path
            if source.is_dir():
                shutil.copytree(source, work / path, symlinks=True, dirs_exist_ok=True)
            elif source.is_file():
                (work / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, work / path)
            else:
                raise ValueError(f"cmd names {path}, which is not there")
        words.append(word)
    return words


def make_environment(case, home):
    environment = {name: value for name, value in os.environ.items()
                   if name == "PATH" or name.endswith("SAN_OPTIONS") or name.endswith("SYMBOLIZER_PATH")}
    environment.update(LC_ALL="C.UTF-8", TZ="UTC", COLUMNS="100", HOME=str(home), XDG_CACHE_HOME=str(home / "cache"))
    if (case / "env").exists():
        for line in (case / "env").read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            environment[name] = value
    return environment


def run_case(case, program):
    """What came out: name of an expectation -> bytes."""
    with tempfile.TemporaryDirectory(prefix="valuelint-golden-") as temporary:
        temporary = pathlib.Path(temporary).resolve()
        work = temporary / "work"
        work.mkdir()
        (temporary / "home").mkdir()
        for path in case.iterdir():
            if path.name not in SPECIAL:
                if path.is_dir():
                    shutil.copytree(path, work / path.name, symlinks=True)
                else:
                    shutil.copy(path, work / path.name)
        words = read_arguments(case, work)
        before = read_files(work)
        stdin = (case / "stdin").read_bytes() if (case / "stdin").exists() else b""
        done = subprocess.run([program, *words], cwd=work, env=make_environment(case, temporary / "home"),
                              input=stdin, capture_output=True, timeout=TIMEOUT, check=False)
        if done.returncode < 0:
            raise ValueError(f"killed by signal {-done.returncode}\n{done.stderr.decode(errors='replace')}")
        result = {"stdout": done.stdout.replace(bytes(work), b"$CASE"),
                  "stderr": done.stderr.replace(bytes(work), b"$CASE"),
                  "status": b"%d\n" % done.returncode}
        after = read_files(work)
        for path in before.keys() - after.keys():
            raise ValueError(f"the run removed {path}")
        for path, content in after.items():
            if before.get(path) != content:
                result[f"after/{path}"] = content
        return result


def read_expected(case):
    expected = {name: (case / name).read_bytes() for name in OUTPUTS if (case / name).exists()}
    expected.update((f"after/{path}", content) for path, content in read_files(case / "after").items())
    return expected


def describe_difference(name, expected, result):
    if expected is None:
        expected, title = b"", f"{name}: not kept here"
    elif result is None:
        result, title = b"", f"{name}: kept here, but did not come out"
    else:
        title = f"{name}: differs"
    lines = difflib.unified_diff(*(text.decode(errors="backslashreplace").splitlines() for text in (expected, result)),
                                 "expected", "result", lineterm="", n=2)
    return "\n".join([title, *(f"    {line}" for line in lines)])


def drop_unwanted(case, texts):
    """The texts without what the case does not compare."""
    if not (case / "without").exists():
        return texts
    pattern = re.compile((case / "without").read_bytes().rstrip(b"\n"), re.MULTILINE)
    return {name: pattern.sub(b"", text) for name, text in texts.items()}


def compare(expected, result):
    """Descriptions of what differs; none for a case that passes."""
    return [describe_difference(name, expected.get(name), result.get(name))
            for name in sorted(expected.keys() | result.keys()) if expected.get(name) != result.get(name)]


def write_expected(case, result):
    for name in OUTPUTS:
        (case / name).unlink(missing_ok=True)
    shutil.rmtree(case / "after", ignore_errors=True)
    for name, content in result.items():
        (case / name).parent.mkdir(parents=True, exist_ok=True)
        (case / name).write_bytes(content)


def check_case(case, program, update):
    """None, or what is wrong; with `update`, what was changed."""
    try:
        result = run_case(case, program)
    except FileNotFoundError as error:
        return f"cannot run: {error}"
    except subprocess.TimeoutExpired:
        return f"ran for more than {TIMEOUT} s"
    except ValueError as error:
        return str(error)
    differences = compare(drop_unwanted(case, read_expected(case)), drop_unwanted(case, result))
    if differences and update:
        write_expected(case, result)
    return "\n".join(differences) or None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "build" / "valuelint"))
    parser.add_argument("--cases", default=str(HERE), help="the folder of the groups")
    parser.add_argument("--update", action="store_true", help="keep what comes out, and show the difference")
    parser.add_argument("pattern", nargs="*", help="a part of the cases' names; all without one")
    options = parser.parse_args()

    program = os.path.abspath(options.program)
    cases = find_cases(pathlib.Path(options.cases), options.pattern)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda case: check_case(case[1], program, options.update), cases))
    failed = 0
    for (name, _), problem in zip(cases, results):
        if problem:
            failed += 1
            print(f"{'UPDATE' if options.update else 'FAIL'} {name}: {problem}")
    if options.update:
        print(f"{failed} of {len(cases)} cases updated or not runnable")
        return 0
    print(f"{len(cases) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
