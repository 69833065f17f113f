#!/usr/bin/env python3
"""The examples of the rules on a mesh's overlays: `bad` gives exactly one finding of its rule, `good` none.

An example is a text of manifests, which lies beside the charts of fixtures/mesh. A line `# FILE: PATH` begins another file; one
below charts/ stands in place of that of the fixture. VALUELINT in the environment is the program."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

PROGRAM = os.environ.get("VALUELINT", str(ROOT / "build" / "valuelint"))
CONFIG = "mesh: k8s\nschema: none\npreview: true\nvariables: {namespace: marty}\n"


def rules():
    """The mesh's rules with what `show` makes of their files."""
    texts = [subprocess.run([PROGRAM, "show", path], check=True, capture_output=True, text=True).stdout
             for path in sorted((ROOT / "rules").glob("mesh_*.yaml"))]
    return [rule for text in texts for rule in json.loads(text)["rules"] if rule.get("preview")]


def write(folder, example):
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "fixtures" / "mesh" / "charts", folder / "charts")
    (folder / ".valuelint.yaml").write_text(CONFIG, encoding="utf-8")
    parts = re.split(r"^# FILE: (.*)\n", "# FILE: k8s/all.yaml\n" + example, flags=re.MULTILINE)[1:]
    for path, text in zip(parts[::2], parts[1::2]):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def findings(folder, *words):
    done = subprocess.run([PROGRAM, "--format", "json", *words, "charts"], cwd=folder, capture_output=True, text=True,
                          check=False)
    if done.returncode not in (0, 1):
        raise AssertionError(done.stderr)
    return [f"{one['id']} {one['path']}:{one['start']['line']} {one['message']}" for one in json.loads(done.stdout)["findings"]]


class Examples(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="valuelint-mesh-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def test_every_rule_has_examples(self):
        self.assertEqual([rule["id"] for rule in rules() if not rule.get("examples")], [])

    def test_bad_gives_one_finding(self):
        for rule in rules():
            for number, example in enumerate(rule.get("examples", [])):
                with self.subTest(rule=rule["id"], example=number):
                    write(self.folder / "work", example["bad"])
                    found = findings(self.folder / "work", "--select", rule["id"])
                    self.assertEqual(len(found), 1, found)
                    self.assertTrue(found[0].startswith(rule["id"]), found)

    def test_good_gives_none(self):
        for rule in rules():
            for number, example in enumerate(rule.get("examples", [])):
                with self.subTest(rule=rule["id"], example=number):
                    write(self.folder / "work", example["good"])
                    self.assertEqual(findings(self.folder / "work", "--select", rule["id"]), [])


if __name__ == "__main__":
    unittest.main()
