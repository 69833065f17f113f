#!/usr/bin/env python3
"""`valuelint show` against Helm: for every values file, both must fail or both must print the same values.

Helm is asked by a chart around the file whose one template is `{{ toJson .Values }}`. The files are those of
fixtures/ and, where it is there, of values-corpus below $VALUELINT_TESTDATA. Takes $VALUELINT and $VALUELINT_HELM3
from the environment; names of files as arguments run these only."""
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SKIPPED = 77
# Helm picks one of two keys that become the same string by chance: no result to compare with.
RANDOM = ("hostile/number-keys",)
# What Helm takes and valuelint refuses on purpose, with a finding: text that other YAML tools read differently, or that
# Helm ignores in silence.
STRICTER = ("hostile/bom-inside", "hostile/broken-second-document", "hostile/indented-first-key", "hostile/lone-cr",
            "hostile/text-after-end", "hostile/utf16-be-bom", "hostile/utf16-le-bom")


def find_files(names, skipped):
    """The files to compare; what is left out goes to `skipped`, with the reason."""
    if names:
        return [pathlib.Path(name) for name in names]
    files = sorted((ROOT / "fixtures").rglob("*.yaml"))
    corpus = pathlib.Path(os.environ.get("VALUELINT_TESTDATA", "")) / "values-corpus"
    if "VALUELINT_TESTDATA" in os.environ and corpus.is_dir():
        files += sorted(corpus.resolve().rglob("*.yaml"))
    else:
        skipped["values-corpus"] = "not there"
    skipped.update((name, "Helm's own result differs from run to run") for name in RANDOM)
    return [file for file in files if file.is_file() and file.name.startswith("values")
            and not str(file.parent).endswith(RANDOM)]


def run_json(command):
    """(values, message): what `command` prints as JSON, or None and what it said on failing."""
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        return None, done.stderr.decode(errors="replace").strip()
    text = done.stdout.decode()
    return json.loads(text[text.index("{"):]), ""


def ask_helm(helm, values):
    with tempfile.TemporaryDirectory(prefix="valuelint-helm-") as folder:
        chart = pathlib.Path(folder) / "chart"
        (chart / "templates").mkdir(parents=True)
        (chart / "Chart.yaml").write_text("apiVersion: v2\nname: chart\nversion: 0.1.0\n", encoding="utf-8")
        (chart / "templates" / "values.yaml").write_text("{{ toJson .Values }}\n", encoding="utf-8")
        shutil.copy(values, chart / "values.yaml")
        return run_json([helm, "template", "x", str(chart)])


def compare(helm, program, values):
    """None where the two agree, else what they say."""
    expected, helm_says = ask_helm(helm, values)
    shown, valuelint_says = run_json([program, "show", str(values)])
    if str(values.parent).endswith(STRICTER):
        alone = expected is not None and shown is None
        return None if alone else "listed in STRICTER, but not refused by valuelint alone"
    if expected == shown:
        return None
    if shown is None:
        return f"Helm takes it, valuelint does not: {valuelint_says}"
    if expected is None:
        return f"Helm refuses it, valuelint does not: {helm_says.splitlines()[-1]}"
    keys = [key for key in expected.keys() | shown.keys() if expected.get(key, key) != shown.get(key, key)]
    return "\n".join(f"{key}: Helm {json.dumps(expected.get(key))[:300]}, valuelint {json.dumps(shown.get(key))[:300]}"
                     for key in sorted(keys))


def main():
    helm, program = os.environ.get("VALUELINT_HELM3"), os.environ.get("VALUELINT")
    if not helm or not program:
        print("no VALUELINT_HELM3" if program else "no VALUELINT")
        return SKIPPED
    skipped = {}
    files = find_files(sys.argv[1:], skipped)
    for name, why in skipped.items():
        print(f"SKIP {name}: {why}")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        problems = list(pool.map(lambda values: compare(helm, program, values), files))
    failed = 0
    for values, problem in zip(files, problems):
        if problem:
            failed += 1
            print(f"FAIL {values}\n     {problem}")
    print(f"{len(files) - failed} passed, {failed} failed, {len(skipped)} skipped")
    return 1 if failed or not files else 0


if __name__ == "__main__":
    sys.exit(main())
