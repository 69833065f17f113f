#!/usr/bin/env python3
"""fixtures/schema/cases.json against the program: each change to the standard values is found at the right place, and a
change that is allowed is not found at all. Takes $VALUELINT from the environment."""
import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "fixtures" / "schema"
SHAPE = "VL101,VL102,VL103,VL104"  # what stands at an old place is told as such
MISSING, UNKNOWN = "required", "additionalProperties"


def parts(pointer):
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def patched(document, operations):
    document = copy.deepcopy(document)
    for operation in operations:
        *parents, last = parts(operation["path"])
        target = document
        for part in parents:
            target = target[int(part)] if isinstance(target, list) else target[part]
        if isinstance(target, list):
            last = len(target) if last == "-" else int(last)
        if operation["op"] == "remove":
            del target[last]
        elif isinstance(target, list) and operation["op"] == "add":
            target.insert(last, operation["value"])
        else:
            target[last] = operation["value"]
    return document


def dotted(pointer):
    out = ""
    for part in parts(pointer):
        plain = part.replace("-", "").replace("_", "").replace("/", "").isalnum()
        out += f"[{part}]" if part.isdigit() else (("." if out else "") + part) if plain else f'["{part}"]'
    return out


def is_empty_map(document, pointer):
    for part in parts(pointer):
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document == {} and pointer != ""


def expected(document, errors):
    """The places (dotted) that must be named. What is missing may be told at the mapping that lacks it, or as the block
    that is missing; an empty mapping is taken as it is."""
    found = set()
    for error in errors:
        path = error["path"]
        if error["keyword"] == MISSING:
            if not is_empty_map(document, path):
                found.add((MISSING, dotted(path), dotted(path + "/" + error["property"])))
        elif "property" in error:
            found.add((UNKNOWN, dotted(path + "/" + error["property"].replace("~", "~0").replace("/", "~1")), None))
        else:
            found.add(("value", dotted(path), None))
    return found


def run(program, folder, document):
    values = pathlib.Path(folder) / "values.yaml"
    (values.parent / "Chart.yaml").write_text("apiVersion: v2\nname: example-service\nversion: 0.1.0\n", encoding="utf-8")
    values.write_text(json.dumps(document, indent=2), encoding="utf-8")
    done = subprocess.run([program, "--no-config", "--select", SHAPE, "--format", "json", values], capture_output=True,
                          check=False)
    return [(finding["id"], finding["value"] or "") for finding in json.loads(done.stdout)["findings"]]


def problem_of(findings, wanted):
    left = list(findings)
    for kind, path, block in wanted:
        places = {path, block} if kind == MISSING else {path}
        hits = [finding for finding in findings if finding[1] in places]
        if not hits:
            return f"nothing found at {path or 'the root'} ({kind}), only {findings}"
        left = [finding for finding in left if finding not in hits]
    return f"found too much: {left}" if left else None


def main():
    program = os.environ.get("VALUELINT")
    if not program:
        print("no VALUELINT")
        return 77
    shown = subprocess.run([program, "show", FOLDER / "standard.yaml"], capture_output=True, check=True)
    standard = json.loads(shown.stdout)
    cases = json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))
    failed = 0
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        for case in cases:
            document = patched(standard, case["patch"])
            problem = problem_of(run(program, folder, document), expected(document, case["errors"]))
            if problem:
                failed += 1
                print(f"FAIL {case['name']}: {problem}")
    print(f"{len(cases) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
