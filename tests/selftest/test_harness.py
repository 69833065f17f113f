#!/usr/bin/env python3
"""Tests of the test tools themselves: each must be able to fail."""
import os
import pathlib
import stat
import sys
import tempfile
import unittest

TESTS = pathlib.Path(__file__).resolve().parent.parent
for folder in ("", "layers", "golden"):
    sys.path.insert(0, str(TESTS / folder))

import check  # noqa: E402  tests/layers
import run as golden  # noqa: E402  tests/golden
from support import programs, results  # noqa: E402

P, F, S = results.PASSED, results.FAILED, results.SKIPPED


def write(folder, files):
    for path, text in files.items():
        target = pathlib.Path(folder) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


class Layers(unittest.TestCase):
    def problems(self, files):
        with tempfile.TemporaryDirectory() as root:
            write(root, files)
            return [problem for name, found in check.run_checks(root).items() for problem in found
                    if name != "listed layers are there"]

    def test_downward_is_fine(self):
        self.assertEqual(self.problems({"src/base/a.h": "", "src/value/v.h": '#include "base/a.h"',
                                        "src/yaml/b.c": '#include "value/v.h"\n#include <libfyaml.h>\n'}), [])

    def test_upward(self):
        self.assertEqual(self.problems({"src/base/a.c": '\n#include "yaml/b.h"\n', "src/yaml/b.h": ""}),
                         ["src/base/a.c:2: base must not include yaml/b.h"])

    def test_sideways(self):
        self.assertEqual(self.problems({"src/cel/a.c": '#include "schema/b.h"', "src/schema/b.h": ""}),
                         ["src/cel/a.c:1: cel must not include schema/b.h"])

    def test_circle(self):
        self.assertEqual(self.problems({"src/base/a.h": '#include "base/b.h"', "src/base/b.h": '#include "a.h"'}),
                         ["includes in a circle: base/a.h -> base/b.h -> base/a.h"])

    def test_foreign_header(self):
        files = {"src/value/a.c": "#include <libfyaml.h>", "src/yaml/a.c": "#include <jansson.h>"}
        self.assertEqual(self.problems(files),
                         ["src/value/a.c:1: only src/yaml may include libfyaml.h",
                          "src/yaml/a.c:1: only src/value may include jansson.h"])

    def test_foreign_header_of_two(self):
        files = {"src/cel/a.c": "#include <pcre2.h>", "src/yaml/a.c": "#include <pcre2.h>"}
        self.assertEqual(self.problems(files), ["src/yaml/a.c:1: only src/schema and src/cel and src/template/go may include pcre2.h"])

    def test_prefix_of_two(self):
        files = {"src/yaml/a.h": "/* map_put(x) */\nbool map_one(void);", "src/base/a.h": "void *map_get(int n);"}
        self.assertEqual(self.problems(files),
                         ["map_ has more owners than one: map_get in src/base/a.h, map_one in src/yaml/a.h"])
        files = {"src/yaml/a.h": "bool helm_one(void);", "src/render/a.h": "void *helm_get(int n);"}
        self.assertEqual(self.problems(files), [])

    def test_include_through_a_macro(self):
        self.assertEqual(self.problems({"src/base/a.c": '#define UP "yaml/b.h"\n#include UP\n', "src/yaml/b.h": ""}),
                         ["src/base/a.c:2: an include through a macro hides its layer"])

    def test_extern(self):
        self.assertEqual(self.problems({"src/base/a.c": "\nextern int up;\n"}),
                         ["src/base/a.c:2: declare it in a header, not with extern"])

    def test_prototype(self):
        files = {"src/base/a.c": "static int own(int x);\nint up(int x,\n       int y);\n"
                                 "static int own(int x) {\n    return up(x, x);\n}\n"}
        self.assertEqual(self.problems(files), ["src/base/a.c:2: declare it in a header, not by a prototype"])

    def test_layer_that_is_gone(self):
        with tempfile.TemporaryDirectory() as root:
            write(root, {f"src/{layer}/a.c": "" for layer in check.BELOW if layer != "patch"})
            self.assertEqual(check.run_checks(root)["listed layers are there"],
                             ["'patch' is a layer of tests/layers/check.py, but src/patch holds no C file"])

    def test_unknown_layer(self):
        self.assertEqual(self.problems({"src/other/a.c": ""}),
                         ["src/other/a.c: 'other' is not a layer of tests/layers/check.py"])

    def test_long_file(self):
        self.assertEqual(self.problems({"src/base/a.c": "\n" * 601, "src/base/b.c": "\n" * 600}),
                         ["src/base/a.c: 601 lines, more than 600"])


class Golden(unittest.TestCase):
    """A shell script stands for the program: it prints its arguments and adds a line to values.yaml."""

    PROGRAM = """#!/bin/sh
echo "args: $*"
echo oops >&2
cat
if [ "$1" = --fix ]; then echo new >>values.yaml; fi
exit 1
"""
    CASE = {"cmd": "--x 'a b'\n", "stdin": "in\n", "values.yaml": "old\n", "stdout": "args: --x a b\nin\n",
            "stderr": "oops\n", "status": "1\n"}

    def problem(self, changes, program=PROGRAM, update=False):
        with tempfile.TemporaryDirectory() as folder:
            write(folder, {"program": program, **{f"g/c/{path}": text for path, text in {**self.CASE, **changes}.items()
                                                  if text is not None}})
            path = os.path.join(folder, "program")
            os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
            [(name, case)] = golden.find_cases(pathlib.Path(folder), [])
            self.assertEqual(name, "g/c")
            problem = golden.check_case(case, path, update)
            return problem if not update else golden.check_case(case, path, False)

    def test_same(self):
        self.assertIsNone(self.problem({}))

    def test_differs(self):
        for name in ("stdout", "stderr", "status"):
            self.assertIn(f"{name}: differs", self.problem({name: "other\n"}))

    def test_missing_expectation(self):
        self.assertIn("stderr: not kept here", self.problem({"stderr": None}))

    def test_files_changed(self):
        fix = {"cmd": "--fix", "stdout": "args: --fix\nin\n"}
        self.assertIn("after/values.yaml: not kept here", self.problem(fix))
        self.assertIn("after/values.yaml: differs", self.problem({**fix, "after/values.yaml": "old\n"}))
        self.assertIsNone(self.problem({**fix, "after/values.yaml": "old\nnew\n"}))
        self.assertIn("did not come out", self.problem({"after/values.yaml": "old\n"}))

    def test_update(self):
        self.assertIsNone(self.problem({"cmd": "--fix", "status": None, "after/other": "x"}, update=True))

    def test_killed(self):
        self.assertIn("killed by signal 6", self.problem({}, "#!/bin/sh\nkill -6 $$\n"))

    def test_no_fixture(self):
        self.assertIn("not there", self.problem({"cmd": "$FIXTURES/none"}))


class Results(unittest.TestCase):
    def test_criterion(self):
        tap = ("1..5\nok - a::x  (0.00s)\nnot ok - a::y  (0.00s)\n  ---\nnot ok - a::z unexpected signal after c:8\n"
               "ok - a::p  (0.00s)\nok - a::p  (0.00s)\nok - a::s  # SKIP no data\n")
        self.assertEqual(results.read_cases("", tap, 1), {
            "a::x": (P, ""), "a::y": (F, ""), "a::z": (F, ""), "a::p": (P, ""), "a::p#2": (P, ""),
            "a::s": (S, "no data")})

    def test_plain_line(self):
        cases = results.read_cases("SKIP suite: no data\n7 passed, 1 failed, 1 skipped\n", None, 1)
        self.assertEqual(results.count(cases), (7, 1, 1))
        self.assertEqual(cases["suite"], (S, "no data"))

    def test_unittest(self):
        text = "x\n----\nRan 5 tests in 0.1s\n\nFAILED (failures=1, errors=1, skipped=1)\n"
        self.assertEqual(results.count(results.read_cases(text, None, 1)), (2, 2, 1))

    def test_status_alone(self):
        self.assertEqual(results.read_cases("", None, 0), {"exit status": (P, "")})
        self.assertEqual(results.read_cases("", None, 3), {"exit status": (F, "")})
        self.assertEqual(results.read_cases("a\nno data\n", None, 77), {"all": (S, "no data")})

    def test_status_against_cases(self):
        self.assertEqual(results.count(results.read_cases("3 passed, 0 failed, 0 skipped\n", None, 1)), (3, 1, 0))
        self.assertEqual(results.count(results.read_cases("3 passed, 0 failed, 0 skipped\n", None, 77)), (3, 1, 0))

    def test_nothing_ran(self):
        self.assertEqual(results.count(results.read_cases("0 passed, 0 failed, 0 skipped\n", None, 0)), (0, 1, 0))

    def test_sum_counts_a_case_once(self):
        tally = results.Tally()
        tally.add("p", results.number_cases(3, 0, 0, []))
        tally.add("p", results.number_cases(2, 1, 0, []))
        tally.add("q", {"x": (S, "")})
        tally.add("q", {"x": (P, "")})
        tally.add("q", {"y": (S, "why")})
        self.assertEqual(tally.count(), (3, 1, 1))
        self.assertEqual(results.names(tally.cases, S), ["q: y (why)"])

    def test_names(self):
        tally = results.Tally()
        tally.add("p", results.number_cases(3, 2, 2, [("suite", "no data")]))
        self.assertEqual(results.names(tally.cases, F), ["p: 2 without a name"])
        self.assertEqual(results.names(tally.cases, S), ["p: suite (no data)", "p: 1 without a name"])


class Programs(unittest.TestCase):
    def test_sanitizer_report_fails(self):
        cases, output = programs.run_program(["sh", "-c", 'echo leak >"${ASAN_OPTIONS##*log_path=}.1"'])
        self.assertEqual(cases["no sanitizer report"], (F, ""))
        self.assertIn("leak", output)

    def test_no_end(self):
        cases, output = programs.run_program(["sleep", "60"], timeout=0.1)
        self.assertEqual(results.count(cases), (0, 1, 0))
        self.assertIn("no end after", output)

    def test_no_program(self):
        self.assertEqual(results.count(programs.run_program(["/nonexistent/program"])[0]), (0, 1, 0))


if __name__ == "__main__":
    unittest.main()
