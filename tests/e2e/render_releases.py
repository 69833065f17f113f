#!/usr/bin/env python3
"""`valuelint render` of random releases against Helm 3 and Helm 4, as libraries: what stands between values files and
templates. Both fail, or both print the same bytes.

usage: render_releases.py [--count N] [--seed N] [--keep]   takes $VALUELINT from the environment
"""
import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "e2e")]
import tools  # noqa: E402
from cases import Cases, expect  # noqa: E402
from random_releases import Maker  # noqa: E402
from render_helm import KUBE_VERSION, Helm, difference  # noqa: E402

OPTIONS = {"values": "-f", "set": "--set", "set_string": "--set-string", "set_json": "--set-json"}


def render(program, helm, request):
    words = [program, "render", request["chart"], "r", "--holes", "--helm", str(helm), "--kube-version", KUBE_VERSION]
    for field, option in OPTIONS.items():
        words += [f"{option}={text}" if option != "-f" else f"-f{text}" for text in request[field]]
    done = subprocess.run(words, capture_output=True, check=False)
    error = done.stderr.decode(errors="replace")
    expect(done.returncode in (0, 1, 3), f"exit status {done.returncode}: {error[:500]}")
    return (None if done.returncode else done.stdout.decode(errors="replace")), error


def compare(program, helm, version, request):
    first, refused = helm.request(version, request)
    text, error = render(program, version, request)
    if refused:
        expect(text is None, f"Helm fails, valuelint does not: {refused[:400]}")
        return False
    expect(text is not None, f"valuelint fails, Helm does not: {error[:400]}")
    wrong, _ = difference(text, first, first)
    expect(not wrong, wrong)
    return True


def try_release(program, helm, seed, rendered):
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        request = Maker(random.Random(seed), folder).release()
        for version in (3, 4):
            try:
                rendered[version] += compare(program, helm, version, request)
            except AssertionError as error:
                given = {field: request[field] for field in OPTIONS if request[field]}
                raise AssertionError(f"Helm {version}, {given}: {error}") from error


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path, help="only make the release of --seed, in this folder")
    options = parser.parse_args()
    program, oracle = os.environ.get("VALUELINT"), tools.find_helm_render()
    if options.keep:
        options.keep.mkdir(parents=True)
        print(Maker(random.Random(options.seed), options.keep).release())
        return 0
    if not program or not oracle:
        print("SKIP releases: needs $VALUELINT and Go with Helm's modules")
        return 77
    cases, helm, rendered = Cases(), Helm(oracle), {3: 0, 4: 0}
    for seed in range(options.seed, options.seed + options.count):
        cases.run(f"release {seed}", try_release, program, helm, seed, rendered)
    print(f"     of {options.count}, Helm 3 renders {rendered[3]}, Helm 4 {rendered[4]}")
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
