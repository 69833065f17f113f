#!/usr/bin/env python3
"""What fixtures/template/equivalence.json says about templates and values, against Helm: where it names no difference, `helm
template` must print the same bytes with the values before and after; where it names one, Helm must do what its entry
`helm` says (`helm4` where Helm 4 differs): print something else (other), fail (fails), have failed before (fails before),
or print the same (same: the difference is there to be on the safe side). tests/unit/test_equivalence.c holds the same table against refs_compare.

A `template` stands in the text of an otherwise empty file; `new_template` takes its place after the change. `also` is
another file of the chart, `shared` one whose name begins with `_`, `library` one of a library chart below it. Takes
$VALUELINT_HELM3 and $VALUELINT_HELM4 from the environment."""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77
TABLE = pathlib.Path(__file__).resolve().parent.parent.parent / "fixtures" / "template" / "equivalence.json"
HELMS = ("VALUELINT_HELM3", "VALUELINT_HELM4")
CHART = "apiVersion: v2\nname: {}\nversion: 0.1.0\ntype: {}\n"


def render(helm, case, template, values):
    """What Helm prints, or None where it fails; and what it complains about."""
    with tempfile.TemporaryDirectory(prefix="valuelint-helm-") as folder:
        chart = pathlib.Path(folder) / "example"
        files = {"Chart.yaml": CHART.format("example", "application"), "values.yaml": json.dumps(values),
                 "templates/t.yaml": f"out: |\n  [{template}]\n"}
        if "also" in case:
            files["templates/also.yaml"] = f"out: |\n  [{case['also']}]\n"
        if "shared" in case:
            files["templates/_shared.tpl"] = case["shared"]
        if "library" in case:
            files["charts/lib/Chart.yaml"] = CHART.format("lib", "library")
            files["charts/lib/templates/_lib.tpl"] = case["library"]
        for name, text in files.items():
            (chart / name).parent.mkdir(parents=True, exist_ok=True)
            (chart / name).write_text(text, encoding="utf-8")
        done = subprocess.run([helm, "template", "x", chart], capture_output=True, text=True, check=False)
        return None if done.returncode else done.stdout, done.stderr.strip()


def run_case(case):
    """Problems, one for each Helm that disagrees."""
    problems = []
    for name, helm in ((name, os.environ[name]) for name in HELMS if name in os.environ):
        wanted = case.get("helm", "same")
        if name == "VALUELINT_HELM4":
            wanted = case.get("helm4", wanted)
        before, complaint = render(helm, case, case["template"], case["before"])
        after, other_complaint = render(helm, case, case.get("new_template", case["template"]), case["after"])
        if before is None and "difference" not in case:
            continue  # it did not render: anything may come of it
        found = "fails" if after is None else "same" if before == after else "other"
        if before is None:
            found = "fails before"
        if found != wanted:
            problems.append(f"FAIL {json.dumps(case)}\n{name}: wanted {wanted}, found {found}\n{before}\n{after}\n"
                            f"{complaint}\n{other_complaint}")
    return problems


def main():
    missing = [name for name in HELMS if name not in os.environ]
    for name in missing:
        print(f"SKIP templates in {name.replace('VALUELINT_', '').lower()}: not there")
    if len(missing) == len(HELMS):
        return SKIPPED
    cases = json.loads(TABLE.read_text(encoding="utf-8"))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for problems in pool.map(run_case, cases):
            failed += bool(problems)
            print("\n".join(problems), end="\n" if problems else "")
    print(f"{len(cases) - failed} passed, {failed} failed, {len(missing)} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
