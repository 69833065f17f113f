#!/usr/bin/env python3
"""--changed-since: only the charts that a branch touches are checked.

VALUELINT in the environment is the program; without git all of it is skipped by name."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from charts import chart, run, write  # noqa: E402

VALUES = "image:\n  tag: latest\n"


@unittest.skipUnless(shutil.which("git"), "git is missing")
class ChangedSince(unittest.TestCase):
    def setUp(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="valuelint-test-")).resolve()
        self.addCleanup(shutil.rmtree, self.top)
        self.git("init", "--quiet", "--initial-branch", "main")
        write(self.top, {".valuelint.yaml": "select: [VL201]\n"})
        for name in ("a", "b", "c"):
            write(self.top, chart(f"charts/{name}", VALUES))
        self.commit()
        self.git("checkout", "--quiet", "-b", "feature")

    def git(self, *words):
        environment = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(self.top)}
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x", *words], cwd=self.top, env=environment, check=True)

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "x")

    def checked(self, *words, status=0):
        done = run(self.top, "--exit-zero", "--format", "json=report.json", *words)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        if status:
            return done.stderr
        report = json.loads((self.top / "report.json").read_text(encoding="utf-8"))
        (self.top / "report.json").unlink()
        return sorted({finding["chart"] for finding in report["findings"]})

    def test_committed_uncommitted_and_untracked(self):
        self.assertEqual(self.checked("--changed-since", "main"), [])
        write(self.top, {"charts/a/values.yaml": VALUES + "a: 1\n"})
        self.commit()
        write(self.top, {"charts/b/templates/x.yaml": "# new\n"})
        self.assertEqual(self.checked("--changed-since", "main"), ["a", "b"])
        self.assertEqual(self.checked("--changed-since", "HEAD", "charts"), ["b"])
        self.assertEqual(self.checked(), ["a", "b", "c"])

    def test_what_main_did_meanwhile_is_no_change(self):
        self.git("checkout", "--quiet", "main")
        write(self.top, {"charts/c/values.yaml": VALUES + "c: 1\n"})
        self.commit()
        self.git("checkout", "--quiet", "feature")
        write(self.top, {"charts/a/values-prod.yaml": "a: 1\n"})
        self.assertEqual(self.checked("--changed-since", "main"), ["a"])

    def test_a_configuration_touches_its_charts(self):
        write(self.top, {".valuelint.yaml": "select: [VL2]\n"})
        self.assertEqual(self.checked("--changed-since", "main"), ["a", "b", "c"])

    def test_a_removed_file_counts(self):
        write(self.top, {"charts/a/values-prod.yaml": "a: 1\n"})
        self.commit()
        self.git("rm", "--quiet", "charts/a/values-prod.yaml")
        self.assertEqual(self.checked("--changed-since", "HEAD"), ["a"])

    def test_unknown_revision(self):
        said = self.checked("--changed-since", "nowhere", status=2)
        self.assertRegex(said, r"^valuelint: error: --changed-since nowhere: git: .*nowhere")
        self.assertIn("standard input", self.checked("--changed-since", "main", "-", status=2))

    def test_no_option_of_git_in_disguise(self):
        said = self.checked("--changed-since", "--output=stolen", status=2)
        self.assertIn("--changed-since", said)
        self.assertFalse((self.top / "stolen").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
