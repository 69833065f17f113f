#!/usr/bin/env python3
"""What a rule's example calls `fixed` is what `--fix --unsafe-fixes --select RULE` makes of its `bad`; and each rule that has a
fix, of its own or in the program, has such an example.

VALUELINT in the environment is the program. An example is laid over the standard as tests/rules/examples.c does it."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("VALUELINT", str(ROOT / "build" / "valuelint"))
STANDARD = ROOT / "fixtures" / "schema" / "standard.yaml"
FIXED_BY_PROGRAM = ("VL003", "VL101", "VL103", "VL104")


def show(path):
    done = subprocess.run([PROGRAM, "show", path], capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def lay_over(under, over):
    """`over` laid over `under`, as Helm does it: null takes a key away."""
    if not isinstance(under, dict) or not isinstance(over, dict):
        return over
    merged = {key: lay_over(value, over[key]) if key in over else value for key, value in under.items()}
    merged.update((key, value) for key, value in over.items() if key not in under)
    return {key: value for key, value in merged.items() if value is not None}


def write_block(value, indent=""):
    """Block-style YAML, in which everything but mappings is written as JSON."""
    lines = []
    for key, inner in value.items():
        if isinstance(inner, dict) and inner:
            lines += [f"{indent}{json.dumps(key)}:", *write_block(inner, indent + "  ")]
        else:
            lines.append(f"{indent}{json.dumps(key)}: {json.dumps(inner)}")
    return lines


class Fixed(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="valuelint-fixed-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.standard = show(STANDARD)
        self.rules = [rule for path in sorted((ROOT / "rules").glob("*.yaml")) for rule in show(path)["rules"]]

    def write(self, example):
        text = example if isinstance(example, str) else "\n".join(write_block(lay_over(self.standard, example))) + "\n"
        (self.folder / "Chart.yaml").write_text("apiVersion: v2\nname: example-service\nversion: 0.1.0\n", encoding="utf-8")
        (self.folder / "values.yaml").write_text(text, encoding="utf-8")
        return self.read(example)

    def read(self, example):
        """The file: its text where the example is one, else its values."""
        path = self.folder / "values.yaml"
        return path.read_text(encoding="utf-8") if isinstance(example, str) else show(path)

    def test_fix_makes_what_is_fixed(self):
        for rule in self.rules:
            for index, example in enumerate(rule.get("examples", [])):
                if "fixed" not in example:
                    continue
                with self.subTest(f"{rule['id']} examples[{index}]"):
                    fixed, bad = self.write(example["fixed"]), self.write(example["bad"])
                    self.assertNotEqual(fixed, bad)
                    subprocess.run([PROGRAM, "--no-config", "--fix", "--unsafe-fixes", "--select", rule["id"], self.folder],
                                   capture_output=True, timeout=60, check=True)
                    self.assertEqual(self.read(example["bad"]), fixed)

    def test_rules_with_a_fix_have_an_example(self):
        for rule in self.rules:
            with self.subTest(rule["id"]):
                fixed = any("fixed" in example for example in rule.get("examples", []))
                self.assertEqual(fixed, "fix" in rule or rule["id"] in FIXED_BY_PROGRAM)


if __name__ == "__main__":
    unittest.main(verbosity=2)
