"""scripts/release --check: linux x86_64, as cases of a test."""
import os
import shutil

from releasing.pins import Unavailable
from releasing.release import Release
from support.cases import Cases, expect

TARGET = "linux-x86_64"
NAMES = ("static binary", "prints the same bytes", "wheel", "wheel, installed into a fresh venv", "built twice, the same bytes",
         "licences of the libraries")


def run_check(out):
    cases = Cases()
    machine = os.uname()
    if f"{machine.sysname.lower()}-{machine.machine}" != TARGET or not shutil.which("meson"):
        return skip_all(cases, f"not on {TARGET}, or without meson")
    try:
        release = Release(out)
        release.stage()
    except Unavailable as error:
        return skip_all(cases, str(error).splitlines()[0])
    built = {}
    cases.run(NAMES[0], lambda: built.update(program=release.build(TARGET, "first")))
    if "program" not in built:
        return cases.finish()
    cases.run(NAMES[1], lambda: release.compare([built["program"]]))
    cases.run(NAMES[2], lambda: built.update(wheel=release.wheel(TARGET, built["program"], release.work / "first")))
    cases.run(NAMES[3], lambda: release.try_wheel(built["wheel"]))
    cases.run(NAMES[4], check_twice, release, built)
    cases.run(NAMES[5], check_licences, release)
    return cases.finish()


def check_twice(release, built):
    program = release.build(TARGET, "second, elsewhere")
    release.expect_same(built["program"], program)
    release.expect_same(built["wheel"], release.wheel(TARGET, program, release.work / "second, elsewhere"))


def check_licences(release):
    for text in ("Petri Lehtinen", "University of Cambridge", "Yann Collet", "Pantelis Antoniou", "musl", "Zig"):
        expect(text in release.licences, f"no licence of {text}")


def skip_all(cases, why):
    for name in NAMES:
        cases.skip(name, why)
    return cases.finish()
