#!/usr/bin/env python3
"""The functions of templates against Helm's own engines, by random calls over random values.

    functions_helm.py [COUNT [SEED [FUNCTION...]]]

Helm's results come from helm_functions (built from its folder here with Go), valuelint's from run_templates beside
$VALUELINT. Both must print the same bytes, or fail with the same words of the innermost cause; what valuelint calls
unknown is counted, function by function, and must stay rare. COUNT (2000) is for each of the two Helms."""
import base64
import collections
import json
import os
import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import random_templates, tools  # noqa: E402

SKIPPED = 77
# Go lets a list grow into what was allocated behind it: whether that suffices for `slice` is luck.
LUCK = "slice index out of bounds"
# The most that may be unknown: a message of the YAML library, what lies behind the end of a list, groups of a pattern.
UNKNOWN_MAX = 0.01


def ask(command, cases):
    """What `command` says to each case: (word, text)."""
    text = "".join(f"{base64.b64encode(template.encode()).decode()}\n{json.dumps(values)}\n"
                   for _, template, values in cases)
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    lines = done.stdout.decode().splitlines()
    if len(lines) != len(cases):
        raise SystemExit(f"{command[0]} ended at case {len(lines)}: {cases[len(lines)]}\n{done.stderr.decode()}")
    words = (line.split(" ", 1) for line in lines)
    return [(word, base64.b64decode(encoded).decode(errors="surrogateescape")) for word, encoded in words]


def agree(helm, ours):
    if helm[0] == "error":
        return ours[0] == "error" and helm[1].endswith(ours[1])
    return helm == ours


def judge(cases, helm, ours, version, unknown_max):
    """Prints what differs; how many do, with one more where more than `unknown_max` are unknown."""
    failed, unknown = 0, collections.Counter()
    for case, theirs, own in zip(cases, helm, ours):
        if own[0] == "hole" or theirs[1].endswith(LUCK):
            unknown[case[0]] += 1
        elif not agree(theirs, own):
            failed += 1
            if failed <= 20:
                print(f"FAIL {case[0]}, Helm {version}: {case[1][:500]}\n     {str(case[2])[:500]}\n"
                      f"     Helm:      {theirs[0]} {theirs[1][:400]!r}\n     valuelint: {own[0]} {own[1][:400]!r}")
    errors = sum(theirs[0] == "error" for theirs in helm)
    print(f"Helm {version}: {len(cases)} calls, {errors} of which fail; {unknown.total()} unknown: "
          f"{', '.join(f'{name} {count}' for name, count in unknown.most_common(8))}")
    if unknown.total() > unknown_max:
        failed += 1
        print("FAIL too much is unknown")
    return failed


def check_names(run):
    """Each function is compared, or stands in a list with the reason why not."""
    names = set(subprocess.run([run, "names"], capture_output=True, text=True, check=True).stdout.split())
    known = {**random_templates.FUNCTIONS, **random_templates.FUNCTIONS_4, **random_templates.UNCOMPARED}
    for name in sorted(names ^ known.keys()):
        print(f"FAIL {name}: {'nothing compares it' if name in names else 'valuelint has no such function'}")
    return len(names ^ known.keys())


def main():
    program = os.environ.get("VALUELINT")
    helm = tools.find_go_source("helm_functions")
    if not program or not helm:
        print("no helm_functions" if program else "no VALUELINT")
        return SKIPPED
    run = str(pathlib.Path(program).resolve().parent / "tests" / "run_templates")
    count, seed = (int(word) for word in (sys.argv[1:3] + ["2000", "1"][len(sys.argv[1:3]):]))
    chosen = sys.argv[3:]
    failed = check_names(run)
    for version in ("3", "4"):
        chance = random.Random(f"{seed}.{version}")
        maker = random_templates.Maker(chance, int(version))
        cases = [maker.make(chance.choice(chosen) if chosen else None) for _ in range(count)]
        unknown_max = count if chosen else max(20, count * UNKNOWN_MAX)
        failed += judge(cases, ask([helm, version], cases), ask([run, version], cases), version, unknown_max)
    print(f"{2 * count - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
