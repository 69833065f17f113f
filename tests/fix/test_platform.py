#!/usr/bin/env python3
"""fixtures/platform/after is what `valuelint --fix` makes of fixtures/platform/before, and is what it ought to be.

VALUELINT in the environment is the program. With --update, after/ is written anew; the difference is to be read like any
other change."""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.comments import count_comments  # noqa: E402

PROGRAM = os.environ.get("VALUELINT", str(ROOT / "build" / "valuelint"))
BEFORE = ROOT / "fixtures" / "platform" / "before"
AFTER = ROOT / "fixtures" / "platform" / "after"

# http, health and metrics, as they were in use before.
PORTS = {
    "credential-ledger": (8089, 8090, 9089),
    "csca-service": (8081, 8082, 9081),
    "document-signer": (8082, 8083, 9082),
    "inspection-system": (8083, 8084, 9083),
    "mdl-engine": (8085, 8086, 9085),
    "mdoc-engine": (8086, 8087, 9086),
    "passport-engine": (8084, 8085, 9084),
    "pkd-service": (9090, 9091, 10090),
    "trust-anchor": (9080, 9081, 10080),
}
PINNED_HEALTH_PORT = "inspection-system"  # a template compares it
REDIS = ("credential-ledger", "mdl-engine", "trust-anchor", "passport-engine")

# What is left to people, (id, value) by chart.
LEFT = {
    "credential-ledger": {("VL201", "image.tag")},
    "document-signer": {("VL104", "config.logLevel")},  # `info` is none of the levels
    "inspection-system": {("VL201", "image.tag"),
                          ("VL104", "service.healthPort")},  # pinned
    "mdoc-engine": {("VL104", "image"),  # pinned
                    ("VL104", "config.kafka.topicPrefix")},  # no dot at its end
    "passport-engine": {("VL201", "image.tag")},
    "trust-svc": {("VL501", "database.dsn")},  # a password that the chart brought along
}


def run(*words, folder=ROOT):
    done = subprocess.run([PROGRAM, *map(str, words)], cwd=folder, capture_output=True, timeout=120, check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})
    if done.returncode not in (0, 1):
        raise AssertionError(f"{words}: status {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")
    return done


def fix_before(folder, *words):
    """A copy of before/ in `folder`, fixed."""
    shutil.copytree(BEFORE, folder, symlinks=True)
    return run("--fix", *words, "charts", folder=folder)


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def show(chart, folder=AFTER):
    return json.loads(run("show", folder / "charts" / chart / "values.yaml").stdout)


class Platform(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="valuelint-platform-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def assert_same_files(self, one, other):
        one, other = files(one), files(other)
        self.assertEqual(sorted(one), sorted(other))
        for name, content in one.items():
            if content != other[name]:
                self.assertEqual(content.decode().split("\n"), other[name].decode().split("\n"), name)

    def test_after_is_what_fix_makes(self):
        fix_before(self.folder / "fixed")
        self.assert_same_files(self.folder / "fixed", AFTER)

    def test_second_run_changes_nothing(self):
        shutil.copytree(AFTER, self.folder / "twice")
        done = run("--fix", "charts", folder=self.folder / "twice")
        self.assert_same_files(self.folder / "twice", AFTER)
        self.assertNotIn(b"Moved:", done.stdout)

    def test_threads(self):
        one = fix_before(self.folder / "one", "--jobs", "1")
        four = fix_before(self.folder / "four", "--jobs", "4")
        self.assertEqual((one.stdout, one.stderr), (four.stdout, four.stderr))
        self.assert_same_files(self.folder / "one", self.folder / "four")

    @unittest.skipUnless(shutil.which("patch"), "no patch")
    def test_diff_is_the_same_change(self):
        shutil.copytree(BEFORE, self.folder / "patched")
        diff = run("--diff", "charts", folder=self.folder / "patched").stdout
        self.assert_same_files(self.folder / "patched", BEFORE)
        subprocess.run(["patch", "-p1", "--binary", "--quiet"], cwd=self.folder / "patched", input=diff, check=True)
        self.assert_same_files(self.folder / "patched", AFTER)

    def test_ports(self):
        for chart, (http, health, metrics) in PORTS.items():
            with self.subTest(chart):
                values = show(chart)
                service, env = values["service"], values["env"]
                self.assertEqual((service["http"]["port"], service["metrics"]["port"]), (http, metrics))
                self.assertEqual(env["METRICS_PORT"], str(metrics))
                if chart == PINNED_HEALTH_PORT:
                    self.assertEqual(service["healthPort"], health)
                    self.assertNotIn("HEALTH_CHECK_PORT", env)
                else:
                    self.assertEqual(env["HEALTH_CHECK_PORT"], str(health))
                    self.assertEqual(values["livenessProbe"]["httpGet"]["port"], health)
                    self.assertEqual(values["readinessProbe"]["httpGet"]["port"], health)
                own = [service[name]["port"] for name in ("http", "grpc", "metrics")]
                self.assertEqual(len(set(own)), 3)
        self.assertEqual(show("pkd-service")["service"]["grpc"]["port"], 50051)

    def test_trust_svc(self):
        before, after = show("trust-svc", BEFORE), show("trust-svc")
        self.assertEqual(after["replicaCount"], 2)
        self.assertEqual(after["service"], before["service"])
        self.assertEqual(after["persistence"], {**before["persistence"], "annotations": {}})
        self.assertEqual(after["database"]["dsn"], before["config"]["database"]["url"])
        self.assertEqual(after["serviceConfig"], {name: before["config"][name] for name in ("sync", "trust", "cors")})
        monitor = {**after["monitoring"]["serviceMonitor"]}
        self.assertEqual(monitor.pop("port"), "metrics")
        self.assertEqual(monitor, before["serviceMonitor"])

    def test_what_the_old_script_lost(self):
        for chart in REDIS:
            self.assertEqual(show(chart)["serviceConfig"]["redis"], show(chart, BEFORE)["config"]["redis"])
        self.assertEqual(show("csca-service")["serviceConfig"]["openxpki"], show("csca-service", BEFORE)["openxpki"])
        for chart in PORTS:
            with self.subTest(chart):
                before, after = show(chart, BEFORE), show(chart)
                for name in ("host", "port", "name", "user"):
                    self.assertEqual(after["database"][name], before["config"]["database"][name])
                self.assertIn("enabled", after["persistence"])

    def test_umbrella_is_left_alone(self):
        self.assertEqual(files(BEFORE / "charts/monitoring"), files(AFTER / "charts/monitoring"))

    def test_every_comment_is_there(self):
        for path in sorted(BEFORE.rglob("values.yaml")):
            with self.subTest(path.parent.name):
                before = count_comments(path.read_bytes().decode())
                after = count_comments((AFTER / path.relative_to(BEFORE)).read_bytes().decode())
                self.assertEqual(before - after, collections.Counter())
                self.assertTrue(before)

    def test_findings_that_are_left(self):
        found = collections.defaultdict(set)
        for finding in json.loads(run("--format", "json", "charts", folder=AFTER).stdout)["findings"]:
            self.assertNotEqual(finding["severity"], "error", finding)
            found[finding["chart"]].add((finding["id"], finding["value"]))
        self.assertEqual(dict(found), LEFT)


def update():
    with tempfile.TemporaryDirectory(prefix="valuelint-platform-") as folder:
        fixed = pathlib.Path(folder) / "fixed"
        fix_before(fixed)
        shutil.rmtree(AFTER, ignore_errors=True)
        shutil.copytree(fixed, AFTER, symlinks=True)


if __name__ == "__main__":
    if "--update" in sys.argv:
        update()
    else:
        unittest.main(verbosity=2)
