#!/usr/bin/env python3
"""`valuelint schema` against Helm: with the schema that it writes into a chart, `helm template` must refuse the values
in which valuelint finds an error of shape (VL101, VL103), and no others.

The values are those of fixtures/schema/cases.json, of the platform's charts, and of the schemas below, which hold what
the standard does not use. Takes $VALUELINT, $VALUELINT_HELM3 and $VALUELINT_HELM4 from the environment."""
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from schema_cases import FOLDER, ROOT, patched

SKIPPED = 77
SHAPE = "VL101,VL103"
REFUSED = "values don't meet the specifications of the schema"
HELMS = ("VALUELINT_HELM3", "VALUELINT_HELM4")
# What Helm refuses on top, on purpose: what stands at an old place and has another finding in valuelint (VL104), also
# where a fix could not move it; and what fits none of several alternatives, of which valuelint tells what the likeliest
# one lacks, which may be no error.
STRICTER = ("an image as one string", "document-signer after", "inspection-system after", "mdoc-engine after",
            'closed alternatives: {"a": {}}', 'closed alternatives: {"a": {"x": "1", "y": 1}}')
# What a Helm takes that valuelint refuses: Helm 4 drops a chart's nulls before it looks at the schema.
LAXER = {('nulls: {"a": "x", "b": null}', "VALUELINT_HELM4")}

# Schemas of one's own: name -> the schema, and the values to try.
OWN = {
    "closed alternatives": (
        {"type": "object", "properties": {"a": {"anyOf": [
            {"type": "object", "required": ["x"], "properties": {"x": {"type": "string"}},
             "additionalProperties": False},
            {"type": "string"}]}}},
        [{}, {"a": "s"}, {"a": {}}, {"a": {"x": "1"}}, {"a": {"x": "1", "y": 1}}, {"a": 1}]),
    "a closed block": (
        {"required": ["a"], "properties": {"a": {"required": ["x"], "properties": {"x": {"type": "integer"}},
                                                 "additionalProperties": False}}},
        [{}, {"a": {}}, {"a": {"x": 1}}, {"a": {"x": 1, "y": 1}}, {"a": {"y": 1}}, {"a": {"x": "1"}}]),
    "a condition beside what is required": (
        {"properties": {"a": {"type": "object", "required": ["kind"],
                              "if": {"properties": {"kind": {"const": "x"}}, "required": ["kind"]},
                              "then": {"required": ["x"]}, "else": {"required": ["y"]}}}},
        [{}, {"a": {}}, {"a": {"kind": "x"}}, {"a": {"kind": "x", "x": 1}}, {"a": {"kind": "y"}},
         {"a": {"kind": "y", "y": 1}}, {"a": {"x": 1, "y": 1}}]),
    "all of several": (
        {"allOf": [{"required": ["a"]}, {"properties": {"b": {"allOf": [{"required": ["x"]}, {"required": ["y"]}]}}}]},
        [{}, {"a": 1}, {"a": 1, "b": {}}, {"a": 1, "b": {"x": 1}}, {"a": 1, "b": {"x": 1, "y": 1}}, {"b": {}}]),
    "definitions that name themselves": (
        {"properties": {"tree": {"$ref": "#/definitions/node"}},
         "definitions": {"node": {
             "type": "object", "required": ["name"], "additionalProperties": False,
             "properties": {"name": {"type": "string"},
                            "children": {"type": "array", "items": {"$ref": "#/definitions/node"}}}}}},
        [{}, {"tree": {}}, {"tree": {"name": "a", "more": 1}}, {"tree": {"name": "a", "children": [{}]}},
         {"tree": {"name": "a", "children": [{"name": 1}]}}, {"tree": {"children": []}}]),
    "what is not": (
        {"properties": {"a": {"not": {"required": ["x"]}}, "b": {"propertyNames": {"pattern": "^[a-z]+$"}},
                        "c": {"contains": {"type": "object", "required": ["x"]}}}},
        [{}, {"a": {}}, {"a": {"x": 1}}, {"b": {"B": 1}}, {"b": {"b": 1}}, {"c": []}, {"c": [{}]}, {"c": [{"x": 1}]}]),
    "keys that ask for others": (
        {"properties": {"a": {"dependencies": {"x": ["y"], "z": {"required": ["w"], "additionalProperties": False}}}}},
        [{"a": {}}, {"a": {"x": 1}}, {"a": {"x": 1, "y": 1}}, {"a": {"q": 1}}, {"a": {"z": 1}}]),
    "properties with the names of keywords": (
        {"required": ["required"],
         "properties": {"default": {"type": "string"}, "x-valuelint": {"type": "integer"},
                        "required": {"type": "boolean"}, "additionalProperties": {"const": False},
                        "$comment": {"type": "array"}}},
        [{}, {"required": True}, {"required": True, "default": 1}, {"required": True, "x-valuelint": "a"},
         {"required": True, "additionalProperties": True}, {"required": True, "$comment": "x"}]),
    "items by place": (
        {"properties": {"a": {"items": [{"type": "string"}, {"required": ["x"]}], "additionalItems": False}}},
        [{"a": []}, {"a": [1]}, {"a": ["1", {}]}, {"a": ["1", {"y": 1}]}, {"a": ["1", {"x": 1}, 3]}]),
    "a later draft": (
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "required": ["a"],
         "properties": {"a": {"$ref": "#/$defs/a", "required": ["y"], "unevaluatedProperties": False}},
         "$defs": {"a": {"required": ["x"], "properties": {"x": {"type": "integer"}, "y": {}}}}},
        [{}, {"a": {}}, {"a": {"x": 1}}, {"a": {"x": 1, "y": 1}}, {"a": {"x": 1, "y": 1, "z": 1}},
         {"a": {"x": "1", "y": 1}}]),
    "nulls": (
        {"required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}}},
        [{"a": None}, {"a": "x", "b": None}]),
}


def write_chart(folder, values):
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: example-service\nversion: 0.1.0\n", encoding="utf-8")
    (folder / "templates" / "nothing.yaml").write_text("{{- /* renders nothing */ -}}\n", encoding="utf-8")
    (folder / "values.yaml").write_bytes(values)


def find_cases():
    """(name, schema or None, the bytes of a values file)."""
    shown = subprocess.run([os.environ["VALUELINT"], "show", FOLDER / "standard.yaml"], capture_output=True, check=True)
    standard = json.loads(shown.stdout)
    cases = [(case["name"], None, json.dumps(patched(standard, case["patch"])).encode())
             for case in json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))]
    cases += [(f"{path.parent.name} {path.parent.parent.parent.name}", None, path.read_bytes())
              for path in sorted((ROOT / "fixtures" / "platform").glob("*/charts/*/values.yaml"))]
    cases += [(f"{block} is empty", None, json.dumps({**standard, block: {}}).encode()) for block in standard
              if isinstance(standard[block], dict)]
    cases.append(("no values", None, b"{}\n"))
    for name, (schema, all_values) in OWN.items():
        cases += [(f"{name}: {json.dumps(values)}", schema, json.dumps(values).encode()) for values in all_values]
    return cases


def ask_valuelint(chart, options):
    """Whether valuelint finds an error of shape."""
    words = [os.environ["VALUELINT"], "--no-config", *options, "--select", SHAPE, "--format", "json", chart]
    done = subprocess.run(words, capture_output=True, check=False)
    return json.loads(done.stdout)["summary"]["findings"]["error"] > 0


def ask_helm(helm, chart):
    """Whether Helm refuses the values; anything else that it fails on is a failure of the test."""
    done = subprocess.run([helm, "template", "x", chart], capture_output=True, text=True, check=False)
    if done.returncode and REFUSED not in done.stderr:
        raise ValueError(f"Helm fails on something else: {done.stderr.strip()}")
    return done.returncode != 0, done.stderr.strip()


def run_case(case):
    """Problems, one for each Helm that disagrees."""
    name, schema, values = case
    with tempfile.TemporaryDirectory(prefix="valuelint-helm-") as folder:
        chart, options = pathlib.Path(folder) / "example-service", ["--schema", "builtin"]
        write_chart(chart, values)
        if schema:
            (pathlib.Path(folder) / "schema.json").write_text(json.dumps(schema), encoding="utf-8")
            options = ["--schema", pathlib.Path(folder) / "schema.json"]
        done = subprocess.run([os.environ["VALUELINT"], "schema", "--no-config", *options, "--write", chart],
                              capture_output=True, text=True, check=False)
        if done.returncode or not (chart / "values.schema.json").exists():
            return [f"FAIL {name}: no schema was written: {done.stdout}{done.stderr}"]
        expected, problems = ask_valuelint(chart, options), []
        for helm in HELMS:
            if helm not in os.environ:
                continue
            refused, words = ask_helm(os.environ[helm], chart)
            if name in STRICTER and (expected or not refused):
                problems.append(f"FAIL {name}: listed in STRICTER, but {helm} and valuelint agree")
            elif (name, helm) in LAXER and (refused or not expected):
                problems.append(f"FAIL {name}: listed in LAXER, but {helm} and valuelint agree")
            elif name not in STRICTER and (name, helm) not in LAXER and refused != expected:
                says = "refuses" if refused else "takes"
                problems.append(f"FAIL {name}: {helm} {says} it, valuelint does not\n{words}")
        return problems


def lint_standard(helm):
    """`helm lint` must take the schema and the standard's values."""
    with tempfile.TemporaryDirectory(prefix="valuelint-helm-") as folder:
        chart = pathlib.Path(folder) / "example-service"
        write_chart(chart, b"")
        shutil.copy(FOLDER / "standard.yaml", chart / "values.yaml")
        subprocess.run([os.environ["VALUELINT"], "schema", "--no-config", "--write", chart], stdout=subprocess.DEVNULL,
                       check=True)
        done = subprocess.run([helm, "lint", "--strict", chart], capture_output=True, text=True, check=False)
        return [f"FAIL helm lint: {done.stdout}{done.stderr}"] if done.returncode else []


def main():
    if "VALUELINT" not in os.environ:
        print("no VALUELINT")
        return SKIPPED
    missing = [name for name in HELMS if name not in os.environ]
    for name in missing:
        print(f"SKIP schema in {name.replace('VALUELINT_', '').lower()}: not there")
    cases = find_cases() if len(missing) < len(HELMS) else []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        problems = list(pool.map(run_case, cases))
    problems += [lint_standard(os.environ[helm]) for helm in HELMS if helm in os.environ]
    failed = 0
    for found in problems:
        failed += bool(found)
        print("\n".join(found), end="\n" if found else "")
    print(f"{len(problems) - failed} passed, {failed} failed, {len(missing)} skipped")
    return 1 if failed else 0 if problems else SKIPPED


if __name__ == "__main__":
    sys.exit(main())
