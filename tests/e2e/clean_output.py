#!/usr/bin/env python3
"""No text of an input steers a terminal or a CI's runner: names, keys, values, comments and arguments that try to, in
every format and command, looked at as a runner looks at lines. Takes $VALUELINT from the environment."""
import contextlib
import itertools
import json
import os
import pathlib
import pty
import re
import subprocess
import tempfile
import unittest

PROGRAM = os.environ.get("VALUELINT")
EVIL = "x\n::stop-commands::tok\n##[add-mask]a ##vso[task.x]y \x1b]0;title\x07 \u202etxt\u2066 \x9b31m \u2028::set-env::z"
FILE_NAMES = ("::stop-commands::tok", " ::error::y", "\u3000::warning::z", "##[group]n", "a\n::error::b", "esc\x1b[31m",
              "rlo\u202ex")
FORMATS = ("text", "concise", "github", "json", "jsonl", "sarif", "junit", "gitlab", "rdjsonl", "markdown", "html")
OWN_COMMAND = re.compile(r"::(error|warning|notice) file=[^:]*,title=[A-Z]+[0-9]+ [a-z0-9-]+::")
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def problems_of(text):
    """What a runner or a terminal would make of `text`."""
    found = [f"character U+{ord(match[0]):04X} in {text[max(0, match.start() - 30):match.end() + 9]!r}"
             for match in UNSAFE.finditer(text)]
    for line in text.split("\n"):
        if line.lstrip().startswith("::") and not OWN_COMMAND.match(line):
            found.append(f"a command: {line!r}")
        if re.search(r"##[A-Za-z]*\[", line):
            found.append(f"an old command: {line!r}")
    return found


@unittest.skipUnless(PROGRAM, "no VALUELINT")
class CleanOutput(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="valuelint-test-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def write(self, path, text):
        path = self.folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def chart(self, folder):
        evil = json.dumps(EVIL)
        self.write(f"{folder}/Chart.yaml", f"apiVersion: v2\nname: {evil}\nversion: 1.0.0\n")
        self.write(f"{folder}/values.yaml",
                   "# ##[add-mask]comment \u202e\u2066 ::error::c\n"
                   f"image: {{repository: {evil}, tag: {evil}}} # ##[group]x ##vso[y]\n"
                   f"{evil}: 1\nservice:\n  {evil}: {evil}\n  type: {evil}\nreplicaCount: {evil}\n")
        self.write(f"{folder}/templates/::error::t.yaml", "a: {{ .Values.nowhere.x }}\n##[group]{{ if }}\n")

    def run_clean(self, *words, status=(0, 1, 2, 3)):
        done = subprocess.run([PROGRAM, *words], cwd=self.folder, capture_output=True, check=False)
        self.assertIn(done.returncode, status, done.stderr)
        for stream in (done.stdout, done.stderr):
            self.assertEqual(problems_of(stream.decode("utf-8")), [], words)
        return done

    def test_the_judge_sees_what_a_runner_sees(self):
        for text in ("::stop-commands::a", "  ::x::", "a ##[group]", "##vso[b]", "\x1b[1m", "\u202e", "\u3000::x::"):
            self.assertTrue(problems_of(text), text)
        self.assertEqual(problems_of("a ::x::\n### [b]\n::error file=a,line=1,title=VL101 invalid-value::b\n"), [])

    def test_names_of_files_and_folders(self):
        for name in FILE_NAMES:
            self.chart(name)
        for form in FORMATS:
            self.run_clean("--format", form, status=(0, 1))
        self.run_clean("--statistics")
        self.run_clean("--quiet")
        for command in (("baseline",), ("schema", "--write"), ("config",)):
            self.run_clean(*command)

    def test_fix_tells_of_it(self):
        for name in FILE_NAMES:
            self.chart(name)
        self.run_clean("--fix")

    def test_configurations(self):
        self.chart("charts/a")
        evil = json.dumps(EVIL)
        for text in (f"ignore: [{evil}]", f"select: [{evil}]", f"severity: {{{evil}: error}}", f"{evil}: 1",
                     f"schema: {evil}", f"rules: [{evil}]", f"optional: [{evil}]", f"templates: [{evil}]",
                     f"mesh: {evil}", f"baseline: {evil}", f"variables: {{a: {evil}}}", f"[{evil}"):
            with self.subTest(text=text[:20]):
                self.write(".valuelint.yaml", text + "\n")
                for command in ((), ("config", "charts/a"), ("--format", "github")):
                    self.run_clean(*command)

    def test_arguments(self):
        self.chart("charts/a")
        for words in ((EVIL,), ("--select", EVIL), ("--format", EVIL), ("explain", EVIL),
                      ("--" + EVIL,), ("show", EVIL), ("new", EVIL), ("--schema", EVIL), ("--config", EVIL),
                      ("--jobs", EVIL), ("help", EVIL), ("rules", EVIL)):
            self.run_clean(*words)

    def test_rules_of_strangers(self):
        self.chart("charts/a")
        evil = json.dumps(EVIL)
        self.write("rules.yaml", f"section: {evil}\nrules:\n  - id: OWN001\n    name: own\n    severity: error\n"
                                 f"    summary: {evil}\n    at: image.tag\n    expect: 'false'\n    message: {evil}\n"
                                 f"    help: {evil}\n    why: {evil}\n    examples: []\n")
        for words in (("rules",), ("rules", "--format", "json"), ("explain", "OWN001"),
                      *(("charts", "--select", "OWN001", "--format", form) for form in FORMATS)):
            self.run_clean(*itertools.chain(words, ("--rules", "rules.yaml")))

    def test_a_diff_is_masked_on_a_terminal_and_exact_elsewhere(self):
        self.write("charts/a/Chart.yaml", "apiVersion: v2\nname: a\nversion: 1.0.0\n")
        self.write("charts/a/values.yaml", "# postgres://u:in-a-comment@h/d\nconfig: {database: {url: "
                                           "'postgres://app:Tr0ub4dor@db/a', password: 123456}}\n")
        words = [PROGRAM, "--diff", "--color", "always", "charts"]
        exact = subprocess.run(words, cwd=self.folder, capture_output=True, check=False).stdout
        terminal, inner = pty.openpty()
        with subprocess.Popen(words, cwd=self.folder, stdout=inner, stderr=subprocess.DEVNULL):
            os.close(inner)
            shown = bytearray()
            with contextlib.suppress(OSError):
                while part := os.read(terminal, 65536):
                    shown.extend(part)
        os.close(terminal)
        for secret in (b"Tr0ub4dor", b"123456"):
            self.assertGreaterEqual(exact.count(secret), 2, exact)
            self.assertEqual(shown.count(secret), 0, shown)
        self.assertEqual(shown.replace(b"\r\n", b"\n").count(b"\n"), exact.count(b"\n"))
        self.assertIn(b"postgres://app:*********@db/a", shown)


if __name__ == "__main__":
    unittest.main(verbosity=2)
