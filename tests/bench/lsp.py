#!/usr/bin/env python3
"""Measures how long an editor waits: from an edit to the diagnostics that answer it, in a repository of 1,000 charts with
templates, an umbrella chart over some of them, and an overlay each; and how long hover, completion and code actions
take. The median and the worst of the edits count. Exit status 1 where the median of one kind is above the limit.

usage: lsp.py PROGRAM [EDITS]
"""
import os
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lsp"))

from client import Client  # noqa: E402

MAX_EDIT = 0.050  # seconds, from an edit to its diagnostics
CHARTS = 1000
PLATFORM = HERE.parent.parent / "fixtures" / "platform"


def write_repository(folder):
    """1,000 charts like those of the platform, in the standard's shape; every tenth in the old one."""
    (folder / ".git").mkdir()
    shapes = {shape: sorted(path for path in (PLATFORM / shape / "charts").iterdir() if (path / "templates").is_dir())
              for shape in ("after", "before")}
    for number in range(CHARTS):
        shape = shapes["before" if number % 10 == 0 else "after"]
        source = shape[number % len(shape)]
        chart = folder / "charts" / f"chart-{number:04}"
        shutil.copytree(source, chart)
        manifest = (chart / "Chart.yaml").read_text().replace(f"name: {source.name}", f"name: {chart.name}")
        (chart / "Chart.yaml").write_text(manifest)
        (chart / "values-dev.yaml").write_text("replicaCount: 2\n")
    shop = folder / "shop"
    shop.mkdir()
    (shop / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n" + "".join(
        f"- {{name: chart-{number:04}, version: '*', repository: 'file://../charts/chart-{number:04}'}}\n"
        for number in range(0, 20)))
    (shop / "values.yaml").write_text("".join(f"chart-{number:04}: {{replicaCount: 3}}\n" for number in range(0, 20)))


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure_edits(client, name, edits, place, text):
    """Types and deletes `text` at `place`, a text in the document."""
    times = []
    for _ in range(edits):
        at = client.texts[name].index(place)
        removes = client.texts[name][:at].endswith(text)
        change = (at - len(text), at, "") if removes else (at, at, text)
        times.append(timed(lambda: (client.change(name, change), client.published(name))))
    return times


def show(name, times, limit=None):
    median, worst = statistics.median(times), max(times)
    good = limit is None or median <= limit
    print(f"{name:44}{median * 1e3:9.1f} ms{worst * 1e3:9.1f} ms  "
          f"{f'at most {limit * 1e3:.0f} ms' if limit else ''}{'' if good else '   MISSED'}", flush=True)
    return good


def measure(program, folder, edits, *options):
    good = True
    with Client(folder, *options, program=program) as client:
        standard, old, shop = "charts/chart-0001/", "charts/chart-0010/", "shop/"
        first = timed(lambda: client.open(standard + "values.yaml"))
        show("first diagnostics", [first])
        for name in (standard + "templates/deployment.yaml", old + "values.yaml", old + "templates/deployment.yaml",
                     shop + "values.yaml"):
            client.open(name)
        for name, place, text in ((standard + "values.yaml", "replicaCount", "x"),
                                  (standard + "templates/deployment.yaml", "replicas", " "),
                                  (old + "values.yaml", "\n", "x"),
                                  (old + "templates/deployment.yaml", "replicas", " "),
                                  (shop + "values.yaml", "replicaCount", "x")):
            good = show(f"edit of {name}", measure_edits(client, name, edits, place, text), MAX_EDIT) and good
        for method in ("hover", "completion", "definition", "references"):
            at = client.at(standard + "values.yaml", "replicaCount", 3)
            show(method, [timed(lambda: client.request(f"textDocument/{method}", {**at, "context": {}}))
                          for _ in range(edits)])
        at = client.at(old + "values.yaml", "replicaCount", 3)
        action = {"textDocument": at["textDocument"], "range": {"start": at["position"], "end": at["position"]},
                  "context": {"diagnostics": [], "only": ["source.fixAll"]}}
        show("source.fixAll of a chart in the old shape",
             [timed(lambda: client.request("textDocument/codeAction", action)) for _ in range(edits)])
    return good


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve()) if len(sys.argv) > 1 else os.environ["VALUELINT"]
    edits = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    folder = pathlib.Path(tempfile.mkdtemp(prefix="valuelint-bench-"))
    try:
        write_repository(folder)
        print(f"{'':44}{'median':>12}{'worst':>12}")
        good = measure(program, folder, edits)
        print("with --preview: the templates are run")
        good = measure(program, folder, edits, "--preview") and good
    finally:
        shutil.rmtree(folder)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
