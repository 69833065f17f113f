#!/usr/bin/env python3
"""`meson setup` where libraries or Criterion are missing: pkg-config gets to see some of the libraries only. And what
$VALUELINT says that it was built of."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.cases import Cases, expect  # noqa: E402

# zlib is also found without pkg-config.
LIBRARIES = ("libfyaml", "jansson", "libpcre2-8")
PACKAGES = {"libfyaml": "libfyaml >=0.7.12 (Debian: libfyaml-dev, Fedora: libfyaml-devel, Alpine: libfyaml-dev, "
                        "Arch: libfyaml, Homebrew: libfyaml)",
            "jansson": "jansson >=2.13 (Debian: libjansson-dev, Fedora: jansson-devel, Alpine: jansson-dev, "
                       "Arch: jansson, Homebrew: jansson)",
            "libpcre2-8": "libpcre2-8 >=10.30 (Debian: libpcre2-dev, Fedora: pcre2-devel, Alpine: pcre2-dev, "
                          "Arch: pcre2, Homebrew: pcre2)"}


def find_file(library):
    """The library's .pc file, or None."""
    folder = subprocess.run(["pkg-config", "--variable=pcfiledir", library], capture_output=True, text=True,
                            check=False).stdout.strip()
    return pathlib.Path(folder, f"{library}.pc") if folder else None


def set_up(libraries, *options):
    """Status and output of `meson setup` where pkg-config knows `libraries` alone, and the build's targets."""
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        known = pathlib.Path(folder, "pkgconfig")
        known.mkdir()
        for library in libraries:
            shutil.copy(find_file(library), known)
        build = pathlib.Path(folder, "build")
        environment = {**os.environ, "PKG_CONFIG_LIBDIR": str(known), "PKG_CONFIG_PATH": "",
                       "CMAKE_PREFIX_PATH": "/nothing"}
        done = subprocess.run(["meson", "setup", build, ROOT, *options], env=environment, capture_output=True, text=True,
                              check=False)
        ninja = build / "build.ninja"
        return done.returncode, done.stdout + done.stderr, ninja.read_text("utf-8") if ninja.exists() else ""


def check_no_criterion():
    status, said, targets = set_up(LIBRARIES)
    expect(status == 0, said)
    expect("build valuelint:" in targets and "test_yaml" not in targets, "other targets than the program alone")


def check_criterion_asked_for():
    status, said, _ = set_up(LIBRARIES, "-Dtests=enabled")
    expect(status != 0 and "criterion" in said, said)


def check_missing(absent):
    status, said, _ = set_up([library for library in LIBRARIES if library not in absent])
    expect(status != 0, "it was set up all the same")
    for library in LIBRARIES:
        expect((PACKAGES[library] in said) == (library in absent), f"{library}:\n{said}")


def check_version():
    said = subprocess.run([os.environ["VALUELINT"], "--version"], capture_output=True, text=True, check=True).stdout
    number = re.search(r"version: '([^']+)'", (ROOT / "meson.build").read_text(encoding="utf-8"))[1]
    commit = subprocess.run([ROOT / "scripts" / "commit"], capture_output=True, text=True, check=True).stdout.strip()
    versions = [subprocess.run(["pkg-config", "--modversion", library], capture_output=True, text=True,
                               check=True).stdout.strip() for library in (*LIBRARIES, "zlib")]
    wanted = "valuelint {} ({})\nlibfyaml {}, jansson {}, PCRE2 {}, zlib {}\n".format(number, commit, *versions)
    expect(said == wanted, f"says {said!r}, not {wanted!r}")


def main():
    if not shutil.which("meson") or not shutil.which("pkg-config") or not all(map(find_file, LIBRARIES)):
        print("no meson, pkg-config or libraries")
        return 77
    cases = Cases()
    cases.run("without Criterion", check_no_criterion)
    cases.run("without Criterion, which is asked for", check_criterion_asked_for)
    for library in LIBRARIES:
        cases.run(f"without {library}", check_missing, (library,))
    cases.run("without any library", check_missing, LIBRARIES)
    if os.environ.get("VALUELINT"):
        cases.run("version", check_version)
    else:
        cases.skip("version", "no VALUELINT")
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
