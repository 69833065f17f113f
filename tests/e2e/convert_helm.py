#!/usr/bin/env python3
"""Moves that change the shape of a value (`convert` in a standard), against Helm: what `--fix` makes of a chart renders the same
bytes as before, with its values.yaml alone and with each overlay, and a second run changes nothing.

    convert_helm.py [FIRST [LAST]]     with these seeds in place of the usual ones

The charts are those of tests/golden/convert, and one for each seed, with values, a standard and reads of its own. Takes
$VALUELINT, $VALUELINT_HELM3 and $VALUELINT_HELM4 from the environment."""
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CASES = ROOT / "tests" / "golden" / "convert"
HELMS = ("VALUELINT_HELM3", "VALUELINT_HELM4")
SKIPPED = 77
TELLS_TIME = ("known-at-install",)  # prints the time of the run
SEEDS = range(80)
MOVED_LEAST = 0.5  # the share of the seeds in which something moves, so that the test cannot pass by doing nothing


def word(r):
    return "".join(r.choice("abcdefgh") for _ in range(r.randint(1, 6)))


# (old value, `convert` for each new property with its type) by kind.
KINDS = {
    "single": (word, [("[self]", "array")]),
    "list": (lambda r: ",".join(word(r) for _ in range(r.randint(1, 3))), [("self.split(',')", "array")]),
    "text": (lambda r: [word(r) for _ in range(r.randint(1, 3))], [("self.join(' ')", "string")]),
    "unit": (lambda r: r.randint(1, 90), [("string(self) + 's'", "string")]),
    "prefix": (lambda r: r.randint(1, 90), [("'v' + string(self)", "string")]),
    "times": (lambda r: r.randint(1, 90), [("self * 1000", "integer")]),
    "part": (lambda r: r.randint(1, 90) * 60, [("self / 60", "integer")]),
    "quoted": (lambda r: r.randint(1, 90), [("string(self)", "string")]),
    "parts": (lambda r: f"{word(r)}/{word(r)}:{r.randint(1, 9)}.{r.randint(0, 9)}",
              [("self.split(':')[0]", "string"), ("self.split(':')[1]", "string")]),
    "pairs": (lambda r: {word(r).upper(): word(r) for _ in range(2)}, [("self.map(k, {'name': k, 'value': self[k]})", "array")]),
}
READS = ("{{ %s }}", "{{ %s | quote }}", "{{ if %s }}{{ %s }}{{ end }}", "{{ with %s }}{{ . }}{{ end }}", "{{ default \"x\" %s }}",
         "{{ toJson %s }}", "{{ range $i, $v := list %s }}{{ $v }}{{ end }}", "")


def write_chart(r, folder):
    """A chart and a standard for it; the names of its overlays."""
    properties, values, lines, overlays = {}, {}, [], {}
    for number, kind in enumerate(r.sample(sorted(KINDS), r.randint(1, 4))):
        make, targets = KINDS[kind]
        old, value = f"old{number}", make(r)
        values[old] = value
        if r.random() < 0.4:
            overlays.setdefault("values-prod.yaml", {})[old] = make(r)
        for index, (convert, kind_of_value) in enumerate(targets):
            properties[f"new{number}x{index}"] = {
                "type": kind_of_value, "x-valuelint": {"legacy": [{"path": old, "convert": convert}]}}
        read = r.choice(READS)
        if kind == "pairs" and r.random() < 0.7:
            read = ""
        if read:
            place = r.choice((f".Values.{old}", f"$.Values.{old}"))
            lines.append(f"key{number}: {read.replace('%s', place)}")
    (folder / "c" / "templates").mkdir(parents=True)
    (folder / "s.json").write_text(json.dumps({"type": "object", "properties": properties}), encoding="utf-8")
    (folder / "c" / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n", encoding="utf-8")
    for name, content in {"values.yaml": values, **overlays}.items():
        (folder / "c" / name).write_text("".join(f"{key}: {json.dumps(value)} # {key}\n" for key, value in content.items()),
                                         encoding="utf-8")
    (folder / "c" / "templates" / "a.yaml").write_text("kind: ConfigMap\n" + "\n".join(lines) + "\n", encoding="utf-8")


def render(helm, chart, overlay):
    more = ["--values", chart / overlay] if overlay else []
    done = subprocess.run([os.environ[helm], "template", "x", chart, *more], capture_output=True, timeout=120, check=False)
    return None if done.returncode else done.stdout


def texts(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def check(name, folder, charts):
    """The problems with what --fix does in `folder`, and whether it did anything."""
    problems = []
    before = {(helm, chart, overlay): render(helm, folder / chart, overlay) for helm in HELMS for chart in charts
              for overlay in ("", *(path.name for path in sorted((folder / chart).glob("values-*.yaml"))))}
    first = texts(folder)
    words = [os.environ["VALUELINT"], "--schema", "s.json", "--fix", *charts]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    second = texts(folder)
    if done.returncode not in (0, 1):
        problems.append(f"{name}: exit status {done.returncode}: {done.stdout}{done.stderr}")
    for (helm, chart, overlay), output in before.items():
        if output is not None and render(helm, folder / chart, overlay) != output:
            problems.append(f"{name}: {helm} prints something else for {chart} {overlay}")
    comments = [sum(text.count(b"#") for path, text in files.items() if path.name.startswith("values")) for files in (first, second)]
    if comments[0] != comments[1]:
        problems.append(f"{name}: {comments[0]} comments became {comments[1]}")
    subprocess.run(words, cwd=folder, capture_output=True, timeout=120, check=False)
    if texts(folder) != second:
        problems.append(f"{name}: a second run changes something")
    return problems, first != second


def main():
    if not all(os.environ.get(helm) for helm in HELMS):
        print("Helm is missing\n0 passed, 0 failed, 1 skipped")
        return SKIPPED
    numbers = [int(argument) for argument in sys.argv[1:]]
    seeds = range(numbers[0], (numbers + numbers)[1] + 1) if numbers else SEEDS
    passed = failed = moved = 0
    jobs = [] if numbers else [(case.name, case) for case in sorted(CASES.iterdir()) if (case / "after").exists() and case.name not in TELLS_TIME]
    for name, source in [*jobs, *((f"seed {seed}", seed) for seed in seeds)]:
        with tempfile.TemporaryDirectory(prefix="valuelint-convert-") as temporary:
            folder = pathlib.Path(temporary)
            if isinstance(source, int):
                write_chart(random.Random(source), folder)
            else:
                shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("after", "cmd", "std*", "status"))
            charts = [name for name in ("c", "parent") if (folder / name).exists()]
            problems, changed = check(name, folder, charts)
            moved += isinstance(source, int) and changed
        for problem in problems:
            print("FAIL", problem)
        failed += bool(problems)
        passed += not problems
    if moved < MOVED_LEAST * len(seeds):
        print(f"FAIL only {moved} of {len(seeds)} charts changed")
        failed += 1
    print(f"{moved} of {len(seeds)} charts changed\n{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
