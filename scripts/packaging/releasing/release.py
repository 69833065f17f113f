"""A release: its artefacts below one folder, what was checked of each, and the table that tells."""
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys
import venv

from releasing import binary, image, sources, toolchain, wheel
from releasing.binary import run
from releasing.pins import ROOT, Failed, hash_of

# pip and meson look at these, which a release must not depend on.
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith(("CFLAGS", "LDFLAGS", "CPPFLAGS"))}
EMULATORS = {"linux-aarch64": ("qemu-aarch64-static", "qemu-aarch64")}
# What must come out the same of every program, byte for byte, in a folder with the fixtures.
# C libraries have words of their own for the system's errors, so no folder in which a file cannot be read.
COMPARED = (["--no-config", "--exit-zero", "--format", "json", "fixtures/platform"],
            ["--no-config", "--exit-zero", "--jobs", "1", "--format", "json", "fixtures/platform"],
            ["--no-config", "--exit-zero", "--format", "text", "--statistics", "fixtures/platform"],
            ["--no-config", "--diff", "fixtures/platform/before/charts"], ["rules"], ["schema"], ["--help"])


@dataclasses.dataclass
class Row:
    """An artefact in the table."""
    path: pathlib.Path
    run: str = "no"
    compared: str = "no"
    checked: str = ""


class Release:
    def __init__(self, out):
        self.out = out
        self.version = read_version()
        self.commit = run([ROOT / "scripts" / "commit"]).strip()
        self.when = int(run(["git", "-C", ROOT, "log", "-1", "--format=%ct"]))
        self.archives = sources.find_archives()
        self.licences = all_licences(self.archives)
        self.rows = []
        self.wanted = None
        self.host = None
        self.tables = None  # the folder of those of a build for this machine
        shutil.rmtree(out, ignore_errors=True)
        (out / "work").mkdir(parents=True)
        self.work = out / "work"
        self.sources = self.work / "sources"

    def say(self, text):
        print(text, flush=True)

    def stage(self):
        """Makes the sources that all programs are built from."""
        self.sources.mkdir()
        binary.stage(self.sources, self.archives)

    def build(self, target, name):
        """The static program for `target`, built in the folder `name` from a copy of the sources of its own."""
        self.say(f"building {target} ({name})")
        folder = self.work / name / target
        shutil.copytree(self.sources, folder / "sources", symlinks=True)
        tables = "" if runs_here(target) else self.tables
        program = binary.build(target, folder / "sources", folder, self.commit, tables)
        if runs_here(target):
            self.tables = folder / "build" / "src" / "rule"
        image.check_image(program, target)
        return program

    def dynamic(self):
        """The program with the system's libraries, which all others are compared with: $VALUELINT, else one built here."""
        if not self.host:
            self.host = self.find_dynamic()
        return self.host

    def find_dynamic(self):
        given = os.environ.get("VALUELINT")
        if given:
            return pathlib.Path(given).resolve()
        folder = self.work / "dynamic"
        run(["meson", "setup", folder, ROOT, "--buildtype=release", "-Dwerror=false", "-Dtests=disabled",
             f"-Dcommit={self.commit}"], env=PLAIN)
        run(["ninja", "-C", folder, "valuelint"])
        return folder / "valuelint"

    def outputs(self, words):
        """What the program, run by `words`, prints for each of COMPARED, with its status; and the versions it names."""
        found = []
        for arguments in COMPARED:
            done = subprocess.run([*map(str, words), *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False)
            found.append((arguments, done.returncode, done.stdout, done.stderr))
        return found

    def compare(self, words):
        """Raises Failed where the program does not print what the dynamic one does."""
        if self.wanted is None:
            self.wanted = self.outputs([self.dynamic()])
            wrong = [arguments for arguments, status, _, _ in self.wanted if status == 2 or status < 0]
            if wrong:
                raise Failed(f"the program with the system's libraries fails: valuelint {' '.join(wrong[0])}")
        for (arguments, *wanted), (_, *found) in zip(self.wanted, self.outputs(words)):
            if found != wanted:
                raise Failed(f"{words[-1]} {' '.join(arguments)} prints something else than the program with the "
                             f"system's libraries: {describe(wanted, found)}")
        versions = run([*words, "--version"])
        first = f"valuelint {self.version} ({self.commit})\n"
        if not versions.startswith(first):
            raise Failed(f"{words[-1]} --version begins with {versions.splitlines()[0]!r}, not {first!r}")

    def try_program(self, target, program):
        """Runs the program where this machine can; how, and whether it was compared, in the words of the table."""
        words = runner_of(target)
        if words is None:
            return "not on this machine", "no"
        self.compare([*words, program])
        return words[0].rsplit("/", 1)[-1] if words else "yes", "same bytes"

    def wheel(self, target, program, folder):
        folder.mkdir(parents=True, exist_ok=True)
        return wheel.write_wheel(folder, self.version, target, program, self.licences, self.when)

    def try_wheel(self, path):
        """Installs the wheel into a fresh venv and runs the program, by its name and as a module."""
        folder = self.work / "venv"
        venv.create(folder, with_pip=True, clear=True)
        run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index",
             "--no-deps", path])
        self.compare([folder / "bin" / "valuelint"])
        self.compare([folder / "bin" / "python", "-m", "valuelint"])

    def expect_same(self, first, second):
        if hash_of(first) != hash_of(second):
            raise Failed(f"{first} and {second} were built from the same sources, but differ")


def read_version():
    """The project's version: the only place that has it is meson.build."""
    return re.search(r"^\s*version: '([^']+)'", (ROOT / "meson.build").read_text(encoding="utf-8"), re.M)[1]


def all_licences(archives):
    """The text of LICENSE.libraries: of each library, and of what zig links."""
    texts = sources.licence_texts(archives)
    zig = toolchain.find_zig().parent
    texts["musl"] = (zig / "lib" / "libc" / "musl" / "COPYRIGHT").read_text(encoding="utf-8")
    texts["zig (compiler runtime and C library)"] = (zig / "LICENSE").read_text(encoding="utf-8")
    return "The programs of a release hold these libraries.\n" + "".join(
        f"\n{'=' * 78}\n{name}\n{'=' * 78}\n\n{text.strip()}\n" for name, text in texts.items())


def runs_here(target):
    return runner_of(target) == []


def runner_of(target):
    """The words before a program of `target` that run it here: none, or an emulator; None where nothing does."""
    machine = os.uname()
    if target == f"{machine.sysname.lower()}-{machine.machine}":
        return []
    for name in EMULATORS.get(target, ()):
        if machine.sysname == "Linux" and shutil.which(name):
            return [shutil.which(name)]
    return None


def describe(wanted, found):
    for what, left, right in zip(("status", "output", "error output"), wanted, found):
        if left != right:
            if what == "status":
                return f"status {right}, not {left}"
            lines = list(zip(left.splitlines(), right.splitlines()))
            at = next((i for i, (a, b) in enumerate(lines) if a != b), len(lines))
            return f"{what} differs from line {at + 1} on: {right.splitlines()[at:at + 1]}"
    return "nothing"
