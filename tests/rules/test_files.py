#!/usr/bin/env python3
"""Examples of rules that consist of files (`files`): the bad side gives exactly one finding of its rule, the good side none, and
nothing at or above a warning that the bad side does not give too.

VALUELINT in the environment is the program. A folder that has values.yaml or templates/ and no Chart.yaml gets one."""
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("VALUELINT", str(ROOT / "build" / "valuelint"))


def show(path):
    done = subprocess.run([PROGRAM, "show", path], capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def chart_folders(files):
    """The folders that stand for a chart, by what is in them."""
    folders = set()
    for path in map(pathlib.PurePosixPath, files):
        if path.name == "values.yaml":
            folders.add(path.parent)
        elif "templates" in path.parts:
            folders.add(pathlib.PurePosixPath(*path.parts[:path.parts.index("templates")]))
    return folders


class Files(unittest.TestCase):
    def find(self, example, side):
        """The findings on one side of an example: (rule, severity, text)."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="valuelint-files-"))
        self.addCleanup(shutil.rmtree, folder)
        (folder / ".git").mkdir()
        files = {**example["files"], **example[side]}
        for chart in chart_folders(files):
            files.setdefault(str(chart / "Chart.yaml"), f"apiVersion: v2\nname: {chart.name or 'web'}\nversion: 0.1.0\n")
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        words = shlex.split(example.get("arguments", "."))
        done = subprocess.run([PROGRAM, "--preview", "--format", "json=report.json", *words], cwd=folder, capture_output=True,
                              text=True, timeout=60, check=False)
        self.assertIn(done.returncode, (0, 1, 3), done.stdout + done.stderr)
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        return [(finding["id"], finding["severity"], f"{finding['path']}:{finding['start']['line']}: {finding['message']}")
                for finding in report["findings"]]

    def test_examples(self):
        count = 0
        for path in sorted((ROOT / "rules").glob("*.yaml")):
            for rule in show(path)["rules"]:
                for index, example in enumerate(rule.get("examples", ())):
                    if "files" not in example:
                        continue
                    count += 1
                    with self.subTest(rule=rule["id"], example=index):
                        bad, good = self.find(example, "bad"), self.find(example, "good")
                        self.assertEqual(len([text for name, _, text in bad if name == rule["id"]]), 1, bad)
                        known = {name for name, _, _ in bad} - {rule["id"]}
                        new = [finding for finding in good
                               if finding[0] == rule["id"] or finding[1] != "info" and finding[0] not in known]
                        self.assertEqual(new, [])
        self.assertGreater(count, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
