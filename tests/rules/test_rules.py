#!/usr/bin/env python3
"""Rules as a user meets them: added from outside, broken, explained; and the committed pages are those of the rules.

VALUELINT in the environment is the program.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("VALUELINT", str(ROOT / "build" / "valuelint"))

OWN_RULE = """\
section: Acme
rules:
  - id: ACME001
    name: team-label
    severity: error
    summary: A service without a team
    at: podAnnotations
    expect: "'acme.example.com/team' in self"
    message: "`{path}` of {vars.chart} names no team"
    why: Alerts go to the team.
    examples:
      - bad: {podAnnotations: {}}
        good: {podAnnotations: {acme.example.com/team: ledger}}
"""


class Rules(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="valuelint-rules-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def run_program(self, *words, status=0):
        done = subprocess.run([PROGRAM, *map(str, words)], cwd=self.folder, capture_output=True, text=True,
                              timeout=60, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def write(self, path, text):
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, encoding="utf-8")

    def write_chart(self, path, name, replace=()):
        text = (ROOT / "fixtures/schema/standard.yaml").read_text(encoding="utf-8")
        text = text.replace("example-service", name).replace("example_service", name.replace("-", "_"))
        for old, new in replace:
            self.assertIn(old, text)
            text = text.replace(old, new)
        self.write(f"{path}/Chart.yaml", f"apiVersion: v2\nname: {name}\nversion: 0.1.0\n")
        self.write(f"{path}/values.yaml", text)

    @staticmethod
    def read_findings(text):
        return json.loads(text)["findings"]

    def test_standard_has_no_findings(self):
        self.write_chart("charts/example", "example-service")
        self.assertEqual(self.run_program("charts", "-q").stdout, "")

    def test_rule_from_outside(self):
        self.write("rules.yaml", OWN_RULE)
        self.write_chart("charts/example", "example-service")
        done = self.run_program("--rules", "rules.yaml", "--format", "concise", "charts", status=1)
        self.assertIn("charts/example/values.yaml:14:1: ACME001 error `podAnnotations` of example-service names no team",
                      done.stdout)
        self.run_program("--rules", "rules.yaml", "--ignore", "ACME", "charts")
        self.run_program("--rules", "rules.yaml", "--select", "team-label", "charts", status=1)
        self.assertIn("team-label", self.run_program("rules", "--rules", "rules.yaml").stdout)
        self.assertIn("Alerts go to the team.", self.run_program("explain", "ACME001", "--rules", "rules.yaml").stdout)

    def test_rules_from_a_folder_and_twice(self):
        self.write("rules/b.yaml", OWN_RULE)
        self.write("rules/a.yml", OWN_RULE.replace("ACME001", "ACME002").replace("team-label", "other"))
        self.write("rules/.hidden.yaml", "no rule")
        self.write("rules/notes.txt", "no rule")
        self.write_chart("charts/example", "example-service")
        done = self.run_program("--rules", "rules", "--rules", "rules/b.yaml", "--format", "concise", "charts", status=1)
        self.assertEqual([line.split()[1] for line in done.stdout.splitlines()[:2]], ["ACME001", "ACME002"])

    def test_rules_of_a_configuration_hold_for_its_charts(self):
        self.write("one/own/rules.yaml", OWN_RULE)
        self.write("one/.valuelint.yaml", "rules: [own/rules.yaml]\nseverity: {ACME001: warning}\n")
        self.write_chart("one/first", "first-service")
        self.write_chart("two/second", "second-service")
        done = self.run_program("--format", "concise", "one", "two", status=1)
        self.assertIn("one/first/values.yaml:14:1: ACME001 warning", done.stdout)
        self.assertNotIn("two/second", done.stdout)
        self.assertEqual(done.stderr, "")

    def test_id_of_a_built_in_rule(self):
        self.write("rules.yaml", OWN_RULE.replace("ACME001", "VL201"))
        self.write_chart("charts/example", "example-service")
        done = self.run_program("--rules", "rules.yaml", "charts", status=2)
        self.assertIn("rules.yaml:3:9: the id `VL201` is already used by another rule; it is built in", done.stderr)

    def test_broken_rules(self):
        for old, new, message in (
                ("'acme.example.com/team' in self", "team in self", "rules.yaml:8:14: ACME001: undeclared reference"),
                ("at: podAnnotations", "at: grpc.tls.enabeld", "rules.yaml:7:9: ACME001: the schema has no"),
                ("{vars.chart}", "{vars.}", "rules.yaml:9:"),
                ("    why: Alerts go to the team.\n", "", "rules.yaml:3:5: `rules[0]` lacks `why`"),
                ("section: Acme", "section: [", "rules.yaml:")):
            self.assertIn(old, OWN_RULE)
            self.write("rules.yaml", OWN_RULE.replace(old, new))
            self.write_chart("charts/example", "example-service")
            done = self.run_program("--rules", "rules.yaml", "charts", status=2)
            self.assertIn(message, done.stderr)
            self.assertEqual(done.stdout, "")
        self.assertIn("missing.yaml", self.run_program("--rules", "missing.yaml", "charts", status=2).stderr)

    def test_between_charts(self):
        shared = [("consumer_group: ", "consumer_group: shared # ")]
        for name in ("a-one", "b-two", "c-three", "d-four", "e-five"):
            self.write_chart(f"charts/{name}", name, shared if name != "c-three" else ())
        done = self.run_program("--select", "VL691", "--format", "json", "-j2", "charts")
        findings = self.read_findings(done.stdout)
        self.assertEqual(len(findings), 1)
        self.assertEqual(findings[0]["path"], "charts/a-one/values.yaml")
        self.assertTrue(findings[0]["message"].startswith("a-one, b-two, d-four, e-five use the consumer group `shared`"))
        self.assertEqual([place["path"] for place in findings[0]["related"]],
                         [f"charts/{name}/values.yaml" for name in ("b-two", "d-four", "e-five")])
        for jobs in ("-j1", "-j4"):
            self.assertEqual(self.run_program("--select", "VL691", "--format", "json", jobs, "charts").stdout, done.stdout)

    def test_between_charts_suppressed(self):
        shared = [("consumer_group: ", "consumer_group: shared # ")]
        comment = [("    consumer_group: ", "    # valuelint: ignore[VL691] on purpose\n    consumer_group: shared # ")]
        self.write_chart("charts/a-one", "a-one", shared)
        self.write_chart("charts/b-two", "b-two", comment)
        self.assertNotIn("VL691", self.run_program("--format", "concise", "charts").stdout)
        self.write_chart("charts/c-three", "c-three", shared)
        self.assertIn("a-one, c-three use", self.run_program("--format", "concise", "charts").stdout)

    def test_explain(self):
        done = self.run_program("explain", "VL501", "mutable-tag")
        for text in ("VL501 password-in-dsn: warning", "Bad:", "Good:", "VL201 mutable-tag: warning"):
            self.assertIn(text, done.stdout)
        self.assertTrue(all(len(line) <= 80 or line.startswith("    ") for line in done.stdout.splitlines()))
        done = self.run_program("explain", "mutable-tga", status=2)
        self.assertIn("unknown rule `mutable-tga`; did you mean `mutable-tag`?", done.stderr)

    def test_list(self):
        rules = json.loads(self.run_program("rules", "--format", "json").stdout)
        lines = self.run_program("rules").stdout.splitlines()
        self.assertEqual(len(lines), len(rules) + 1)
        self.assertEqual([rule["id"] for rule in rules], sorted(rule["id"] for rule in rules))
        self.run_program("rules", "--format", "github", status=2)

    def test_pages_are_those_of_the_rules(self):
        self.run_program("docs", "pages")
        pages = {path.name: path.read_text(encoding="utf-8") for path in (self.folder / "pages").iterdir()}
        kept = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "rules").iterdir()}
        self.assertEqual(sorted(pages), sorted(kept), "write them anew with `valuelint docs`")
        for name, text in pages.items():
            self.assertEqual(text, kept[name], f"docs/rules/{name} is old: write it anew with `valuelint docs`")


if __name__ == "__main__":
    unittest.main(verbosity=2)
