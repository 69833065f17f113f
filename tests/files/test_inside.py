#!/usr/bin/env python3
"""What a repository holds, whoever wrote it, does not make valuelint read or write outside of it, hang, or look away.

VALUELINT in the environment is the program."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from charts import OLD, TEMPLATE, chart, read, run, write  # noqa: E402


class Inside(unittest.TestCase):
    def setUp(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="valuelint-test-")).resolve()
        self.addCleanup(shutil.rmtree, self.top)
        self.repo = self.top / "repo"
        (self.repo / ".git").mkdir(parents=True)

    def test_a_link_to_a_folder_outside_is_not_followed(self):
        write(self.top, chart("other/victim"))
        write(self.repo, {**chart("own"), "link": ("../other",)})
        before = read(self.top / "other")
        done = run(self.repo, "--no-config", "--fix", ".")
        self.assertEqual(read(self.top / "other"), before)
        self.assertIn(f"link leads outside of {self.repo} and is not followed", done.stderr)
        self.assertNotEqual(read(self.repo)["own/values.yaml"], OLD.encode())

    def test_a_link_to_the_root_ends_at_once(self):
        write(self.repo, {**chart("own"), "all": ("/",)})
        done = run(self.repo, "--no-config", "-q", ".", timeout=10)
        self.assertIn("all leads outside of", done.stderr)

    def test_without_git_the_operand_is_the_boundary(self):
        (self.repo / ".git").rmdir()
        write(self.top, chart("other/victim"))
        write(self.repo, {**chart("own"), "link": ("../other",)})
        before = read(self.top / "other")
        run(self.repo, "--no-config", "--fix", ".")
        self.assertEqual(read(self.top / "other"), before)

    def test_a_link_inside_is_followed_once(self):
        write(self.repo, {**chart(".store/c"), "charts/c": ("../.store/c",), "charts/d": ("../.store/c",)})
        done = run(self.repo, "--no-config", "--format", "concise", "charts")
        self.assertIn("charts/c/values.yaml", done.stdout)
        self.assertNotIn("charts/d/", done.stdout)

    def test_loops_of_links_end(self):
        write(self.repo, {**chart("c"), "a": (".",), "b": (".",), "c/templates/x": (".",), "c/templates/y": (".",),
                          "c/templates/cm.yaml": TEMPLATE})
        once = run(self.repo, "--no-config", "--format", "concise", "c", timeout=20)
        done = run(self.repo, "--no-config", "--format", "concise", ".", timeout=20)
        self.assertEqual(done.stdout, once.stdout)

    def test_one_chart_by_two_names_is_one(self):
        write(self.repo, {**chart("c"), "d": ("c",)})
        once = run(self.repo, "--no-config", "--format", "concise", "c")
        self.assertEqual(run(self.repo, "--no-config", "--format", "concise", "d", "c").stdout, once.stdout)
        self.assertEqual(run(self.repo, "--no-config", "--format", "concise", "c", "d/values.yaml").stdout, once.stdout)

    def test_pipes_are_refused_at_once(self):
        for name in ("values.yaml", "values-prod.yaml", "Chart.yaml", ".valuelint.yaml"):
            with self.subTest(name):
                folder = self.repo / f"with-{name}"
                write(folder, chart("."))
                (folder / name).unlink(missing_ok=True)
                os.mkfifo(folder / name)
                done = run(folder, "--format", "concise", ".", timeout=10)
                self.assertIn(done.returncode, (1, 2, 3))
                self.assertIn("it is no regular file", done.stdout + done.stderr)

    def test_a_huge_file_ends_its_chart_only(self):
        write(self.repo, {**chart("huge"), **chart("other")})
        os.truncate(self.repo / "huge/values.yaml", 20 << 30)
        done = run(self.repo, "--no-config", "--format", "concise", ".")
        self.assertEqual(done.returncode, 3)
        self.assertIn("huge/values.yaml is larger than 32 MiB", done.stdout)
        self.assertIn("other/values.yaml:", done.stdout)

    def test_a_huge_template_ends_its_chart_only(self):
        write(self.repo, {**chart("huge", **{"templates/cm.yaml": TEMPLATE}), **chart("other")})
        os.truncate(self.repo / "huge/templates/cm.yaml", 20 << 30)
        done = run(self.repo, "--no-config", "--format", "concise", ".")
        self.assertIn("other/values.yaml:", done.stdout)
        self.assertIn("huge/templates/cm.yaml", done.stdout + done.stderr)

    def test_a_found_configuration_names_files_inside_only(self):
        write(self.top, {"secret.txt": "root:*:20228:0:99999:7::\n", "dir/a.yaml": "{{ secret"})
        for key, value in (("rules", "[../../secret.txt]"), ("schema", "../../secret.txt"), ("baseline", "../../secret.txt"),
                           ("mesh", "../../dir"), ("templates", "[../../dir]"), ("rules", "[link]"),
                           ("schema", f"{self.top}/secret.txt")):
            with self.subTest(key=key, value=value):
                shutil.rmtree(self.repo / "c", ignore_errors=True)
                write(self.repo, {**chart("c"), "c/.valuelint.yaml": f"{key}: {value}\n", "c/link": ("../../secret.txt",)})
                done = run(self.repo / "c", ".")
                self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
                self.assertIn(f"is outside of {self.repo}", done.stderr)
                self.assertNotIn("20228", done.stdout + done.stderr)
                self.assertNotIn("secret\n", done.stdout)

    def test_a_given_configuration_may_name_files_outside(self):
        write(self.top, {"baseline.json": '{"version": 1, "files": {}}\n'})
        write(self.repo, {**chart("c"), "c/given.yaml": "baseline: ../../baseline.json\n"})
        self.assertEqual(run(self.repo / "c", "--config", "given.yaml", ".").returncode, 1)
        (self.repo / "c/given.yaml").rename(self.repo / "c/.valuelint.yaml")
        self.assertEqual(run(self.repo / "c", ".").returncode, 2)

    def test_a_configuration_behind_a_link_that_leads_out(self):
        write(self.top, {"secret.txt": "root:*:20228:0:99999:7::\n"})
        write(self.repo, {**chart("c"), ".valuelint.yaml": ("../secret.txt",)})
        done = run(self.repo, "c")
        self.assertEqual(done.returncode, 2)
        self.assertNotIn("20228", done.stdout + done.stderr)

    def test_isolated(self):
        write(self.repo, {**chart("c", "# valuelint: ignore-file reason\n" + OLD), **chart("d"), "d/.gitignore": "values.yaml\n",
                          ".valuelint.yaml": "ignore: [VL104]\n"})
        done = run(self.repo, "--format", "concise", ".")
        self.assertNotIn("VL104", done.stdout)
        done = run(self.repo, "--isolated", "--format", "concise", ".")
        self.assertEqual(done.returncode, 1)
        self.assertIn("c/values.yaml:3:3: VL104", done.stdout)
        self.assertIn("d/values.yaml:", done.stdout)

    def git(self, *arguments):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments], cwd=self.repo,
                       check=True, capture_output=True)

    def test_tracked_but_ignored_is_named(self):
        if not shutil.which("git"):
            self.skipTest("needs git")
        (self.repo / ".git").rmdir()
        write(self.repo, {**chart("bad"), **chart("good"), "bad/templates/very/long/name/x.yaml": "a: 1\n"})
        for version, form in ((2, "sha1"), (4, "sha1"), (2, "sha256")):
            with self.subTest(version=version, form=form):
                shutil.rmtree(self.repo / ".git", ignore_errors=True)
                (self.repo / "bad/.gitignore").unlink(missing_ok=True)
                self.git("init", "-q", f"--object-format={form}")
                self.git("config", "index.version", str(version))
                self.git("add", ".")
                self.git("update-index", "--index-version", str(version))
                note = "bad/values.yaml is not checked: .gitignore excludes it, although git tracks it"
                self.assertNotIn(note, run(self.repo, "--no-config", "-q", ".").stderr)
                write(self.repo, {"bad/.gitignore": "values.yaml\n"})
                done = run(self.repo, "--no-config", "-q", ".")
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                self.assertIn(note, done.stderr)
                self.git("rm", "-q", "--cached", "bad/values.yaml")
                self.assertEqual(run(self.repo, "--no-config", "-q", ".").stderr, "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
