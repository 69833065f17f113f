#!/usr/bin/env python3
"""Each of a number of templates with each of a number of values in Helm: of any two values with which refs_compare
says that a template prints the same, Helm must print the same bytes. Of what it calls a failure, Helm must fail.

Takes $VALUELINT, beside which tests/equivalence_lines asks refs_compare, and $VALUELINT_HELM3 from the environment."""
import concurrent.futures
import itertools
import json
import os
import pathlib
import subprocess
import sys

from template_helm import SKIPPED, render

# Where a value stands that is not `.Values.a`, and what prints or tests what stands there.
PLACES = ("(.Values.a).b", ".Values.a.b", 'index .Values "a" "b"', '(get .Values.a "b")')
USES = ("{{ @ }}", "{{ @ | quote }}", "{{ toString (@) }}", '{{ printf "%v:%s" (@) "x" }}', '{{ print "x" (@) }}',
        "{{ if @ }}1{{ else }}2{{ end }}", "{{ with @ }}{{ toJson . }}{{ else }}2{{ end }}",
        "{{ range @ }}{{ toJson . }}{{ else }}2{{ end }}", '{{ default "x" (@) }}', '{{ @ | default "x" | quote }}',
        "{{ not (@) }}", "{{ range $k, $x := @ }}{{ $k }}{{ $x | toJson }}{{ end }}")
OTHERS = ('{{ hasKey .Values.a "b" }}', '{{ hasKey .Values "a" }}', "{{ squote .Values.a }}", "{{ empty .Values.a }}",
          '{{ coalesce .Values.a "x" | quote }}', "{{ toJson .Values.a }}", "{{ default .Values.a .Values.b }}",
          "{{ if $x := .Values.a }}{{ $x }}{{ else }}2{{ end }}", "{{ with $x := .Values.a }}{{ toJson $x }}{{ end }}",
          "{{ range (default list .Values.a) }}{{ toJson . }}{{ end }}", "{{ kindOf .Values.a }}",
          '{{ define "d" }}{{ .Values.a }}{{ end }}{{ include "d" . | quote }}', "{{ (.Values.a).b.c }}",
          '{{ default 1 .Values.a | int }}', '{{ (index .Values "a").b | quote }}')
# What is read of a mapping by its parts alone, or not by them alone.
PARTS = ("{{ with .Values.a }}{{ .b }}{{ end }}", "{{ with .Values.a }}{{ .b | quote }}{{ else }}2{{ end }}",
         "{{ $x := .Values.a }}{{ if $x }}{{ $x.b }}{{ end }}", "{{ $x := .Values.a }}{{ ($x).b }}",
         "{{ $x := .Values.a }}{{ if $x }}1{{ else }}{{ toJson $x }}{{ end }}",
         '{{ $x := .Values.a }}{{ if $x }}{{ get $x "b" }}{{ hasKey $x "c" }}{{ end }}',
         '{{ with .Values.a }}{{ index . "b" }}{{ end }}', "{{ with .Values.a }}{{ .b }}{{ len . }}{{ end }}",
         "{{ with .Values.a }}{{ with .c }}{{ toJson . }}{{ end }}{{ end }}",
         '{{ with .Values.a }}{{ dig "b" "none" . | toJson }}{{ end }}',
         '{{ with .Values.a }}{{ $k := "b" }}{{ index . $k }}{{ end }}',
         '{{ define "d" }}{{ .b }}{{ end }}{{ include "d" .Values.a }}',
         '{{ define "d" }}{{ .m.b }}{{ .n.b }}{{ end }}{{ if .Values.a }}{{ include "d" (dict "m" .Values.a "n" dict) }}{{ end }}',
         '{{ define "d" }}{{ .b }}{{ end }}{{ template "d" .Values.a }}{{ template "d" .Values }}')
ABSENT = object()
SINGLE = (ABSENT, None, "", "x", "1", 1, 0, "0", 1.5, "1.5", 1000000, "1e+06", True, "true", False, [], [1], {})
NESTED = (*SINGLE[:9], True, "true", {"c": 1}, [])


def with_key(key, value):
    return {} if value is ABSENT else {key: value}


def find_templates():
    """(template, the values to try)."""
    outer = [with_key("a", value) for value in SINGLE]
    inner = [{"a": with_key("b", value)} for value in NESTED]
    short = [{}, {"a": None}, {"a": ""}, {"a": []}]
    for use in USES:
        yield use.replace("@", ".Values.a"), outer + inner[1:4]
    for place, use in itertools.product(PLACES, USES[::2]):
        yield use.replace("@", place), inner + short
    more = [{"a": {"b": 1, "c": 2}}, {"a": {"c": 2}}, {"a": {"b": 1, "d": [1]}}, {"a": {"c": {"d": 1}}}, {"b": 1}]
    for template in PARTS:
        yield template, outer + inner[1:6] + more
    for template in OTHERS:
        yield template, outer + inner[1:6]


def ask(program, cases):
    done = subprocess.run([program], input=json.dumps(cases), capture_output=True, text=True, check=True)
    return done.stdout.split("\n")[:-1]


def check_template(program, helm, template, values):
    """Problems of one template."""
    printed = [render(helm, {}, template, value)[0] for value in values]
    pairs = list(itertools.permutations(range(len(values)), 2))
    cases = [{"template": template, "before": values[old], "after": values[new]} for old, new in pairs]
    problems = []
    for (old, new), case, difference in zip(pairs, cases, ask(program, cases), strict=True):
        if printed[old] is None:
            continue
        if not difference and printed[old] != printed[new]:
            problems.append(f"FAIL {json.dumps(case)}: no difference, but Helm prints {printed[new]!r}")
        if difference.startswith("fails: ") and printed[new] is not None:
            problems.append(f"FAIL {json.dumps(case)}: {difference}, but Helm prints {printed[new]!r}")
    return problems


def main():
    if "VALUELINT" not in os.environ or "VALUELINT_HELM3" not in os.environ:
        print("no VALUELINT or no Helm 3")
        return SKIPPED
    program = pathlib.Path(os.environ["VALUELINT"]).resolve().parent / "tests" / "equivalence_lines"
    helm, templates, failed = os.environ["VALUELINT_HELM3"], list(find_templates()), 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for problems in pool.map(lambda entry: check_template(program, helm, *entry), templates):
            failed += bool(problems)
            print("\n".join(problems), end="\n" if problems else "")
    print(f"{len(templates) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
