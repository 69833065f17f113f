#!/usr/bin/env python3
"""What a user trusts: files that valuelint did not write stay, what it wrote is named, folders are made, and the line
that tells how far a run is stays while findings go elsewhere. Takes $VALUELINT from the environment."""
import contextlib
import os
import pathlib
import pty
import shutil
import subprocess
import tempfile
import threading
import unittest

PROGRAM = os.environ.get("VALUELINT")
MARK = "<!-- written by `valuelint docs`"


@unittest.skipUnless(PROGRAM, "no VALUELINT")
class OwnFiles(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="valuelint-test-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def run_in_folder(self, *words):
        done = subprocess.run([PROGRAM, *words], cwd=self.folder, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines(), done.stderr.splitlines()

    def test_docs_names_what_it_writes(self):
        status, out, err = self.run_in_folder("docs")
        written = sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*.md"))
        self.assertEqual((status, err), (0, []))
        self.assertEqual(sorted(out[:-1]), written)
        self.assertEqual(out[-1], f"{len(written)} written, 0 unchanged, 0 skipped.")
        for path in written:
            self.assertTrue((self.folder / path).read_text(encoding="utf-8").startswith(MARK), path)
        status, out, err = self.run_in_folder("docs")
        self.assertEqual((status, out, err), (0, [f"0 written, {len(written)} unchanged, 0 skipped."], []))

    def test_docs_leaves_the_pages_of_others(self):
        page = self.folder / "docs/rules/README.md"
        page.parent.mkdir(parents=True)
        page.write_text("# Our own rules\n", encoding="utf-8")
        status, out, err = self.run_in_folder("docs")
        self.assertEqual(status, 1)
        self.assertEqual(err, ["valuelint: warning: docs/rules/README.md was not written by valuelint and is left as "
                               "it is; --force replaces it"])
        self.assertEqual(page.read_text(encoding="utf-8"), "# Our own rules\n")
        self.assertTrue(out[-1].endswith("written, 0 unchanged, 1 skipped."), out[-1])
        status, out, err = self.run_in_folder("docs", "--force")
        self.assertEqual((status, out[0], err), (0, "docs/rules/README.md", []))
        self.assertTrue(page.read_text(encoding="utf-8").startswith(MARK))

    def test_docs_replaces_its_own_stale_page(self):
        self.run_in_folder("docs")
        page = self.folder / "docs/rules/VL101.md"
        page.write_text(page.read_text(encoding="utf-8") + "old\n", encoding="utf-8")
        status, out, _ = self.run_in_folder("docs")
        self.assertEqual((status, out[0]), (0, "docs/rules/VL101.md"))

    def test_new_makes_the_folders_above(self):
        status, out, err = self.run_in_folder("new", "charts/ledger")
        self.assertEqual((status, out, err), (0, ["charts/ledger/Chart.yaml", "charts/ledger/values.yaml",
                                                    "charts/ledger/values.schema.json"], []))

    def test_new_leaves_nothing_behind_where_it_fails(self):
        (self.folder / "schema.json").write_text("{", encoding="utf-8")
        status, _, _ = self.run_in_folder("new", "--schema", "schema.json", "a/b/ledger")
        self.assertEqual(status, 2)
        self.assertFalse((self.folder / "a").exists())

    def test_new_below_a_file(self):
        (self.folder / "charts").write_text("", encoding="utf-8")
        status, _, err = self.run_in_folder("new", "charts/ledger")
        self.assertEqual(status, 3)
        self.assertEqual(len(err), 1, err)

    def progress_of_a_run(self):
        """What a run over many charts draws on a terminal, standard output being none."""
        charts = self.folder / "fleet"
        for number in range(150):
            chart = charts / f"c{number:03}"
            chart.mkdir(parents=True)
            (chart / "Chart.yaml").write_text(f"apiVersion: v2\nname: c{number:03}\nversion: 1.0.0\n", encoding="utf-8")
            (chart / "values.yaml").write_text("image: {tag: latest}\non: 1\n", encoding="utf-8")
        shutil.copytree(charts, self.folder / "more")
        terminal, inner = pty.openpty()
        drawn = bytearray()

        def read():
            with contextlib.suppress(OSError):
                while part := os.read(terminal, 65536):
                    drawn.extend(part)

        reader = threading.Thread(target=read)
        reader.start()
        subprocess.run([PROGRAM, "--fix", "--jobs", "1", "--format", "concise", "fleet", "more"], cwd=self.folder,
                       stdout=subprocess.DEVNULL, stderr=inner, check=False)
        os.close(inner)
        reader.join()
        os.close(terminal)
        return drawn.decode()

    def test_progress_stays_while_findings_go_elsewhere(self):
        drawn = self.progress_of_a_run()
        erased = drawn.count("\r\033[K") - drawn.count("\r\033[Kchecked ")
        self.assertLessEqual(erased, 1, drawn[-400:])


if __name__ == "__main__":
    unittest.main(verbosity=2)
