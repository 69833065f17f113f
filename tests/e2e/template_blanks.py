#!/usr/bin/env python3
"""VL902 against Helm: a field that Kubernetes needs is null or empty in the manifests exactly where VL902 says so.

The charts are the standard's defaults and a service of fixtures/platform/after, each with the shared templates
(fixtures/platform/helm), and the same of fixtures/platform/before with its own; each as it is, and with one value taken away, or made an empty
text, at a time. Whether a manifest lacks something is decided here by the objects that Helm makes, and by a list of fields of its own.
Precision is the share of the charts with a VL902 whose manifests lack something, recall the share of those whose
manifests lack something that have one. Charts that do not render do not count. Takes $VALUELINT and $VALUELINT_HELM3 from the
environment; PyYAML is installed for it where it can be had."""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support import platform_charts, tools  # noqa: E402

SKIPPED = 77
NEEDED = ("VALUELINT", "VALUELINT_HELM3")
SERVICES = ("pkd-service",)
PRECISION, RECALL = 1.0, 0.9  # missed is what `toYaml` prints as a whole
ANYWHERE = re.compile(r"(^|\.)((initC|c)ontainers\[]\.(name|image)|ports\[]\.containerPort|env\[]\.name"
                      r"|(configMap|secret)KeyRef\.(name|key)|volumes\[]\.name|volumeMounts\[]\.(name|mountPath)"
                      r"|persistentVolumeClaim\.claimName|(httpGet|tcpSocket|grpc)\.port|scaleTargetRef\.(name|kind)"
                      r"|hostPath\.path|backend\.service\.name)$")
OF_ALL = re.compile(r"apiVersion|kind|metadata\.name|roleRef\.(name|kind)|subjects\[]\.(name|kind)")
OF_KIND = {"Service": r"spec\.ports\[]\.port", "HorizontalPodAutoscaler": r"spec\.maxReplicas", "CronJob": r"spec\.schedule",
           "PersistentVolumeClaim": r"spec\.resources\.requests\.storage|spec\.accessModes\[]"}


def run(*words):
    return subprocess.run([*map(str, words)], capture_output=True, text=True, timeout=300, check=False)


def leaves(value, path=""):
    """(path, value) of all that is no mapping and no list, items without their numbers."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, f"{path}[]")
    else:
        yield path, value


def lacks(objects):
    """The fields that are needed and empty."""
    found = set()
    for one in objects:
        own = OF_KIND.get(one.get("kind"))
        for path, value in leaves(one):
            if not (ANYWHERE.search(path) or OF_ALL.fullmatch(path) or (own and re.fullmatch(own, path))):
                continue
            image = path.endswith(".image") and isinstance(value, str) and (value[-1:] in ":@" or value[:1] in ":@/")
            if value in (None, "") or image:
                found.add(path)
    return found


def paths_of(values, above=()):
    for key, value in values.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from paths_of(value, (*above, key))


def changed(values, path, make):
    """A copy in which the value at the path is what `make` gives; without it where that is None."""
    copy = dict(values)
    if len(path) > 1:
        copy[path[0]] = changed(values[path[0]], path[1:], make)
    elif make is None:
        del copy[path[0]]
    else:
        copy[path[0]] = make
    return copy


def variants(values):
    yield "as it is", values
    for path in paths_of(values):
        yield f"without {'.'.join(path)}", changed(values, path, None)
        yield f"empty {'.'.join(path)}", changed(values, path, "")


def try_chart(yaml, folder, values):
    """What VL902 says, and what the manifests lack; None for the second where Helm fails."""
    (folder / "values.yaml").write_text(json.dumps(values), encoding="utf-8")
    done = run(os.environ["VALUELINT"], "--no-config", "--exit-zero", "--select", "VL902", "--format",
               "json", folder)
    said = [one["message"] for one in json.loads(done.stdout)["findings"]]
    done = run(os.environ["VALUELINT_HELM3"], "template", "x", folder)
    if done.returncode:
        return said, None
    return said, lacks([one for one in yaml.load_all(done.stdout, Loader=yaml.CSafeLoader) if one])


def check(yaml, chart, values):
    """The lines of what is wrong, and how many cases were right, said for nothing, and missed."""
    problems, counts = [], [0, 0, 0, 0]
    for title, variant in variants(values):
        said, missing = try_chart(yaml, chart, variant)
        if missing is None:
            continue
        counts[0 if said and missing else 1 if said else 2 if missing else 3] += 1
        if said and not missing:
            problems.append(f"FALSE ALARM {chart.name}, {title}: {said[0]}")
        if missing and not said:
            problems.append(f"MISSED {chart.name}, {title}: {', '.join(sorted(missing))}")
    return problems, counts


def charts(folder):
    """(folder of a chart, its values)."""
    standard = platform_charts.show(ROOT / "fixtures" / "schema" / "standard.yaml")
    named = 'apiVersion: v2\nname: orders\nversion: 0.1.0\nappVersion: "1.0.0"\n'
    yield platform_charts.write_chart(folder / "standard", named, standard), standard
    for name in SERVICES:
        values = platform_charts.service_values(name)
        yield platform_charts.write_chart(folder / "after" / name, platform_charts.AFTER / name / "Chart.yaml", values), values
        shutil.copytree(platform_charts.BEFORE / name, folder / "before" / name)
        yield folder / "before" / name, platform_charts.show(platform_charts.BEFORE / name / "values.yaml")


def main():
    site = tools.find_python_package(*tools.PYYAML)
    if not site or not all(os.environ.get(name) for name in NEEDED):
        print("no PyYAML, VALUELINT or Helm 3")
        return SKIPPED
    sys.path.insert(0, site)
    import yaml  # pylint: disable=import-outside-toplevel

    with tempfile.TemporaryDirectory(prefix="valuelint-blanks-") as folder, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(check, yaml, *one) for one in charts(pathlib.Path(folder))]
        done = [job.result() for job in jobs]
    right, alarms, missed, quiet = (sum(counts[i] for _, counts in done) for i in range(4))
    precision, recall = right / max(right + alarms, 1), right / max(right + missed, 1)
    problems = [line for lines, _ in done for line in lines]
    print("\n".join(problems))
    print(f"{right + alarms + missed + quiet} charts render, of which {right + missed} lack something: "
          f"precision {precision:.3f}, recall {recall:.3f}")
    checks = [precision >= PRECISION, recall >= RECALL, right > 20]
    print(f"{sum(checks)} passed, {3 - sum(checks)} failed, 0 skipped")
    return 0 if all(checks) else 1


if __name__ == "__main__":
    sys.exit(main())
