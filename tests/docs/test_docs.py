#!/usr/bin/env python3
"""What README.md and docs/*.md show of the program is what it prints.

A block of code (indented or fenced) with lines that begin with `$ ` is a transcript: the commands run, one after the other, in a
copy of the folder of fixtures/ that FOLDERS names for the page, and what stands behind each is its output; a line `...`, in any
indentation, stands for any lines, and `...` at the end of a line for its rest. In all other blocks the options of valuelint are those that exist, and its commands too. Rules
that a page names exist, and so does each file that it links to.

VALUELINT in the environment is the program."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("VALUELINT", str(ROOT / "build" / "valuelint"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FOLDERS = {"README.md": "platform/before", "own-rules.md": "own-rules", "standard.md": "fleet"}
OTHER = "docs"  # where transcripts of all other pages run


def blocks(text):
    """The blocks of code of a page: of fences, and of indentation outside of lists."""
    fenced = re.findall(r"^```[^\n]*\n(.*?)^```$", text, re.M | re.S)
    rest = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    indented = re.findall(r"(?:^\n|\A)((?:^(?: {4}[^\n]*)?\n)+)", rest, re.M)
    return fenced + ["\n".join(line[4:] for line in block.strip("\n").split("\n")) + "\n" for block in indented if block.strip()]


def commands(block):
    """(command, output) of a transcript."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.M)
    return list(zip(parts[1::2], parts[2::2]))


def pattern_of(output):
    """A regular expression for what a page shows of an output."""
    lines = output.rstrip("\n").split("\n") if output.strip() else []
    return "".join(r"(?:[^\n]*\n)*?" if line.strip() == "..." else
                   re.escape(line.removesuffix("...")) + (r"[^\n]*\n" if line.endswith("...") else r"\n") for line in lines)


def program(*words):
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


class Docs(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="valuelint-docs-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def copy_fixture(self, page):
        work = self.folder / page.name
        source = ROOT / "fixtures" / FOLDERS.get(page.name, OTHER)
        shutil.copytree(source, work)
        (work / "bin").mkdir()
        (work / "bin" / "valuelint").symlink_to(pathlib.Path(PROGRAM).resolve())
        environment = {"PATH": f"{work / 'bin'}:{os.environ['PATH']}", "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "TZ": "UTC",
                       "GIT_CONFIG_NOSYSTEM": "1"}
        (work / ".gitignore").write_text("bin\n.gitignore\n", encoding="utf-8")
        for words in (["init", "--quiet"], ["add", "."], ["-c", "user.name=x", "-c", "user.email=x", "commit", "--quiet", "-m", "x"]):
            subprocess.run(["git", *words], cwd=work, env=environment, check=True)
        return work, environment

    def test_transcripts(self):
        if not shutil.which("git"):
            self.skipTest("git is missing")
        count = 0
        for page in PAGES:
            transcript = [pair for block in blocks(page.read_text(encoding="utf-8")) for pair in commands(block)]
            if not transcript:
                continue
            work, environment = self.copy_fixture(page)
            for command, output in transcript:
                count += 1
                done = subprocess.run(["sh", "-c", command], cwd=work, env=environment, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
                with self.subTest(page=page.name, command=command):
                    self.assertRegex(done.stdout, r"\A" + pattern_of(output) + r"\n?\Z")
        self.assertGreater(count, 5)

    def test_commands_and_options(self):
        overview = program("--help")
        known = set(re.findall(r"^  ([a-z]+) ", overview[overview.index("Commands:"):overview.index("Fixing:")], re.M))
        options = {None: set(re.findall(r"--[a-z-]+", overview))}
        for page in PAGES:
            for block in blocks(page.read_text(encoding="utf-8")):
                for rest in re.findall(r"(?:^|\| |\$ )valuelint ([^\n|#]*)", block, re.M):
                    words = rest.split()
                    command = words[0] if words and words[0] in known else None
                    if command not in options:
                        options[command] = set(re.findall(r"--[a-z-]+", program(command, "--help"))) | options[None]
                    for option in re.findall(r"(?<!\S)(--[a-z-]+)", rest):
                        with self.subTest(page=page.name, command=rest):
                            self.assertIn(option, options[command])

    def test_rule_and_configuration_are_taken(self):
        rule = blocks((ROOT / "docs" / "own-rules.md").read_text(encoding="utf-8"))[0]
        configuration = blocks((ROOT / "docs" / "configuration.md").read_text(encoding="utf-8"))[0]
        work = self.folder / "work"
        shutil.copytree(ROOT / "fixtures" / OTHER, work)
        for name, text in (("rules/own.yaml", rule), (".valuelint.yaml", configuration), ("k8s/none.yaml", ""), ("templates/_none.tpl", ""), ("crds/none.yaml", ""),
                           ("shared.yaml", "a: 1\n"),
                           ("job-rules.yaml", "section: Jobs\nrules: []\n"), ("standards/job.json", "{}\n"),
                           (".valuelint-baseline.json", '{"version": 1, "files": {}}')):
            (work / name).parent.mkdir(exist_ok=True)
            (work / name).write_text(text, encoding="utf-8")
        annotated = subprocess.run([PROGRAM, "schema", "--annotated"], capture_output=True, check=True, timeout=60).stdout
        (work / "ours.schema.json").write_bytes(annotated)
        done = subprocess.run([PROGRAM, "config", "charts/ledger"], cwd=work, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("ACME001 (replicas-behind-autoscaling)", done.stdout)

    def test_rules_exist(self):
        known = set(re.findall(r"^(VL\d+)", program("rules"), re.M))
        for page in PAGES:
            with self.subTest(page=page.name):
                named = set(re.findall(r"\bVL\d{3}\b", page.read_text(encoding="utf-8")))
                self.assertEqual(named - known, set())

    def test_links_lead_somewhere(self):
        for page in PAGES:
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
                if "://" not in target:
                    with self.subTest(page=page.name, target=target):
                        self.assertTrue((page.parent / target).exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
