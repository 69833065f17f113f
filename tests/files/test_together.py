#!/usr/bin/env python3
"""Several runs of --fix at once, or one that reaches a file by several names, leave every chart as it was or as one run
makes it, and what dead runs left behind goes.

VALUELINT in the environment is the program, ROUNDS how often two runs meet on 200 charts (default 3)."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from charts import PROGRAM, chart, read, run, write  # noqa: E402

ROUNDS = int(os.environ.get("ROUNDS", "3"))
CHARTS = 200
VALUES = """image: repo/x:1.2
config:
  logLevel: INFO
  database:
    host: db
    port: 5432
service:
  type: ClusterIP
  port: 8080
"""
OVERLAY = "config:\n  logLevel: ERROR\nservice:\n  port: 9090\n"
CONFIG_MAP = """l: {{ .Values.config.logLevel | quote }}
h: {{ .Values.config.database.host }}
p: "{{ .Values.config.database.port }}"
"""
SERVICE = "type: {{ .Values.service.type }}\nports: [{port: {{ .Values.service.port }}}]\n"


def large_chart(name):
    return chart(name, VALUES, **{"values-prod.yaml": OVERLAY, "templates/cm.yaml": CONFIG_MAP,
                                  "templates/svc.yaml": SERVICE})


class Folder(unittest.TestCase):
    large = False

    def setUp(self):
        # In memory, where there is such a folder: many small files are brought to the disk one by one.
        memory = "/dev/shm" if self.large and os.access("/dev/shm", os.W_OK) else None
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="valuelint-test-", dir=memory)).resolve()
        self.addCleanup(shutil.rmtree, self.top)
        (self.top / ".git").mkdir()


class Together(Folder):
    large = True

    def fixed(self):
        """What one run with one thread makes of all charts."""
        folder = self.make_charts("alone")
        self.assertEqual(run(folder, "--no-config", "--fix", "--exit-zero", "-q", "-j1", ".").returncode, 0)
        after = read(folder)
        self.assertNotEqual(after["c000/templates/cm.yaml"], CONFIG_MAP.encode())
        self.assertNotEqual(after["c000/templates/svc.yaml"], SERVICE.encode())
        shutil.rmtree(folder)
        return after

    def start(self, folder, *arguments):
        return subprocess.Popen([PROGRAM, "--no-config", "--fix", "--exit-zero", "-q", *arguments], cwd=folder,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def make_charts(self, name):
        folder = self.top / f"charts-{name}"
        for number in range(CHARTS):
            write(folder, large_chart(f"c{number:03}"))
        return folder

    def test_two_runs_at_once(self):
        fixed = self.fixed()
        for number in range(ROUNDS):
            folder = self.make_charts(number)
            jobs = ("-j1", "-j1") if number % 2 else ("-j2", "-j4")
            runs = [self.start(folder, option, ".") for option in jobs]
            for process in runs:
                out, errors = process.communicate(timeout=120)
                self.assertEqual((process.returncode, errors), (0, ""), out)
            after = read(folder)
            self.assertEqual([path for path in {*fixed, *after} if after.get(path) != fixed.get(path)], [])
            shutil.rmtree(folder)

    def test_one_run_by_two_names(self):
        fixed = self.fixed()
        folder = self.make_charts(0)
        for number in range(CHARTS):
            write(folder, {f"z{number:03}": (f"c{number:03}",)})
        names = [f"{letter}{number:03}/values.yaml" for number in range(CHARTS) for letter in "zc"]
        for arguments in ([".", "-j4"], ["-j4", *names]):
            process = self.start(folder, *arguments)
            out, errors = process.communicate(timeout=120)
            self.assertEqual((process.returncode, errors), (0, ""), out)
            after = read(folder)
            self.assertEqual([path for path in {*fixed, *after} if after.get(path) != fixed.get(path)], [])


class Files(Folder):
    def test_shared_values_are_read_and_not_written(self):
        template = "p: {{ .Values.service.port }}\nl: {{ .Values.config.logLevel }}\n"
        values = "service:\n  port: 8080\nconfig:\n  logLevel: INFO\n"
        shapes = {
            "values by links": {**chart("a", ("../common.yaml",)), **chart("b", ("../common.yaml",)), "common.yaml": values},
            "values of another chart": {**chart("a", values), **chart("b", ("../a/values.yaml",))},
            "overlay by links": {**chart("a", values), **chart("b", values), "common.yaml": OVERLAY,
                                 "a/values-prod.yaml": ("../common.yaml",), "b/values-prod.yaml": ("../common.yaml",)},
            "overlay of another chart": {**chart("a", values), **chart("b", values), "a/values-prod.yaml": OVERLAY,
                                         "b/values-prod.yaml": ("../a/values-prod.yaml",)},
        }
        for name, files in shapes.items():
            with self.subTest(name):
                folder = self.top / name.replace(" ", "-")
                write(folder, {**files, "a/templates/cm.yaml": template, "b/templates/cm.yaml": "x: {{ .Values.config }}\n"})
                before = read(folder)
                done = run(folder, "--no-config", "--fix", "--jobs", "4", ".")
                after = read(folder)
                shared = [path for path in before if path.startswith(("common", "a/values-prod"))]
                shared += ["a/values.yaml"] if name.startswith("values of") else []
                self.assertTrue(shared)
                for path in [*shared, "a/templates/cm.yaml", "b/templates/cm.yaml"]:
                    self.assertEqual(after[path], before[path], path)
                self.assertIn("valuelint never writes shared files", done.stdout)

    def test_an_overlay_by_two_names_in_one_chart_is_one_file(self):
        write(self.top, {**large_chart("c"), "c/values-staging.yaml": ("values-prod.yaml",)})
        done = run(self.top, "--no-config", "--fix", "-q", "c")
        self.assertEqual(done.stderr, "")
        after = read(self.top / "c")
        self.assertIn(b"LOG_LEVEL", after["values-prod.yaml"])
        self.assertNotEqual(after["templates/cm.yaml"], CONFIG_MAP.encode())

    def test_what_dead_runs_left_goes(self):
        done = subprocess.Popen(["true"])
        done.wait()
        write(self.top, large_chart("c"))
        left = [f"c/.valuelint-{done.pid}-0.tmp", f"c/templates/.valuelint-{done.pid}-3.tmp"]
        kept = [f"c/.valuelint-{os.getpid()}-0.tmp", "c/.valuelint-1x-0.tmp", "c/.valuelint-.tmp", "c/.valuelint.yaml"]
        write(self.top, {path: "" for path in left + kept})
        run(self.top, "--no-config", "--fix", "-q", "c")
        there = read(self.top)
        self.assertEqual([path for path in left if path in there], [])
        self.assertEqual([path for path in kept if path not in there], [])

    def test_attributes_are_kept(self):
        write(self.top, large_chart("c"))
        values = self.top / "c/values.yaml"
        try:
            os.setxattr(values, "user.origin", b"hand")
        except OSError:
            self.skipTest("this file system has no extended attributes")
        run(self.top, "--no-config", "--fix", "-q", "c")
        self.assertNotEqual(values.read_text(), VALUES)
        self.assertEqual(os.getxattr(values, "user.origin"), b"hand")

    def test_hard_links_are_refused(self):
        write(self.top, large_chart("c"))
        os.link(self.top / "c/values.yaml", self.top / "other.yaml")
        before = read(self.top)
        done = run(self.top, "--no-config", "--fix", "-q", "c")
        self.assertEqual(done.returncode, 3)
        self.assertIn("it is one of 2 hard links", done.stderr)
        self.assertEqual(read(self.top), before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
