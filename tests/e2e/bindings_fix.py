#!/usr/bin/env python3
"""Random monorepos whose charts get values from outside, before and after `--fix`:  bindings_fix.py [COUNT [FIRST]]

For each seed the charts of a monorepo (support/random_bindings.py) are rendered by Helm's own libraries, 3 and 4, with
each stack of values: files, the values in objects of Argo CD and Flux and in helmfiles, single values that are set by
their path. Then valuelint fixes them, and they are rendered again. What rendered must print the same. A second run
changes nothing, and one thread gives the same bytes as four. What is held back is counted by its reason. Without
COUNT: 100 monorepos.
"""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import random_bindings, tools  # noqa: E402
from support.cases import Cases, expect  # noqa: E402
from e2e.release_fix import Helm, build_dependencies, difference, lay, texts  # noqa: E402

REASONS = (("a value set by its path", "by its path"), ("several charts", "several charts take"), ("a script", "names the chart"),
           ("a template", "is a template"), ("a pinned revision", "pins a revision"), ("a text in quotes", "not written with"),
           ("unknown values", "may set it"), ("another value at the new place", "holds another value"),
           ("a template would read another value", "would read another"))


def at_keys(value, keys):
    import yaml
    for key in keys:
        if isinstance(value, str):
            value = yaml.safe_load(value)
        if value is None or (isinstance(value, dict) and key not in value):
            return {}
        value = value[key]
    return yaml.safe_load(value) if isinstance(value, str) else value or {}


def part(folder, path, document, keys):
    """The values at a place of a file."""
    import yaml
    return at_keys(list(yaml.safe_load_all((folder / path).read_text(encoding="utf-8")))[document], keys)


def render_all(helm, folder, stacks):
    """(version, chart, number of the stack) -> text, or None where it does not render."""
    import shutil
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as temporary:
        built = pathlib.Path(temporary) / "built"
        shutil.copytree(folder, built, symlinks=True)
        build_dependencies(built)
        found = {}
        for number, (chart, sources) in enumerate(stacks):
            values, sets = [], []
            for index, (kind, *source) in enumerate(sources):
                if kind == "set":
                    sets += source
                elif kind == "file":
                    values.append(built / source[0])
                else:
                    values.append(pathlib.Path(temporary) / f"{number}-{index}.json")
                    values[-1].write_text(json.dumps(part(built, *source)), encoding="utf-8")
            for version in (3, 4):
                found[version, chart, number] = helm.render_with(version, built / chart, values, sets)
        return found


class StackHelm(Helm):
    def render_with(self, helm, chart, values, sets):
        request = {"helm": helm, "chart": str(chart), "name": "r", "values": [str(path) for path in values], "set": sets}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return None if answer.get("error") else answer["text"]


def run_fix(program, folder, *words):
    done = subprocess.run([program, "--fix", "--schema", "builtin", *words, "--format", "json", "."], cwd=folder,
                          capture_output=True, text=True, check=False)
    expect(done.returncode in (0, 1) and not done.stderr, f"status {done.returncode}: {done.stderr[:2000]}")
    return json.loads(done.stdout)


def count_reasons(report, tally):
    for refused in report["summary"].get("fixes", {}).get("unfixed", []):
        reason = next((name for name, words in REASONS if words in refused["reason"]), "other reasons")
        tally[f"held back: {reason}"] += 1


def check(program, helm, seed, tally):
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as temporary:
        one, four = pathlib.Path(temporary) / "one", pathlib.Path(temporary) / "four"
        files, stacks = random_bindings.make(seed)
        words = ("--select", "VL104") if seed % 2 else ()
        lay(files, one)
        lay(files, four)
        before = render_all(helm, one, stacks)
        report = run_fix(program, one, "--jobs", "1", *words)
        run_fix(program, four, "--jobs", "4", *words)
        expect(texts(one) == texts(four), "four threads leave other bytes than one")
        after = render_all(helm, one, stacks)
        for key, text in before.items():
            tally["renders"] += 1
            tally["rendered"] += text is not None
            if text is not None:
                expect(after[key] == text, f"{key} {stacks[key[2]]}:\n{difference(text, after[key])}")
        moved = report["summary"].get("fixes", {}).get("moved", [])
        tally["moves"] += sum(move["charts"] for move in moved)
        tally["left"] += sum(finding["id"] == "VL104" for finding in report["findings"])
        count_reasons(report, tally)
        again = texts(one)
        run_fix(program, one, *words)
        expect(texts(one) == again, "a second run changes something")


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    cases = Cases()
    program, library = os.environ.get("VALUELINT"), tools.find_go_source("helm_render")
    try:
        import yaml  # noqa: F401
    except ImportError:
        library = None
    if not program or not library:
        cases.skip("random bindings", "no program" if not program else "helm_render or PyYAML cannot be had here")
        return cases.finish()
    helm = StackHelm(library)
    tally = collections.Counter()
    for seed in range(first, first + count):
        cases.run(f"monorepo {seed}", check, program, helm, seed, tally)
    print(", ".join(f"{name} {number}" for name, number in sorted(tally.items())))
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
