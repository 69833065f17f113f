"""What test programs say about their cases, and the sum of it.

A program is understood when it is
- a Criterion program (it is asked for TAP),
- a Python unittest,
- any other that ends with a line `N passed, N failed, N skipped`; it names what it skips on lines `SKIP name: why`,
- else one case: exit status 0 passed, 77 skipped, anything else failed.
"""
import re

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
PLAIN_LINE = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", re.M)
STATUS_SKIPPED = 77
UNNAMED = ("", "skipped ", "plain ", "plain skipped ")  # beginnings of the names that number_cases makes up


def parse_tap(text):
    """Case -> (state, note), from Criterion's TAP output."""
    cases = {}
    for match in re.finditer(r"^(not ok|ok) - (\S+)(?: *# SKIP *(.*))?", text, re.M):
        name, count = match[2], 1
        while name in cases:  # a parameterized test is listed once for each parameter
            count += 1
            name = f"{match[2]}#{count}"
        state = FAILED if match[1] == "not ok" else SKIPPED if match[3] is not None else PASSED
        cases[name] = (state, match[3] or "")
    return cases


def parse_unittest(text):
    """The same, from the output of Python's unittest; None where it is none."""
    match = re.search(r"^Ran (\d+) tests? in .*\n\n(OK|FAILED)(?: \((.*)\))?$", text, re.M)
    if not match:
        return None
    counts = {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", match[3] or "")}
    failed = sum(counts.get(name, 0) for name in ("failures", "errors"))
    skipped = counts.get("skipped", 0)
    notes = re.findall(r"^(\w+) .*\.\.\. skipped ['\"](.*)['\"]$", text, re.M)
    return number_cases(int(match[1]) - failed - skipped, failed, skipped, notes)


def parse_plain_line(text):
    """The same, from the last line `N passed, N failed, N skipped`; None where there is none."""
    found = PLAIN_LINE.findall(text)
    if not found:
        return None
    notes = re.findall(r"^SKIP ([^:\n]+): *(.*)$", text, re.M)
    return number_cases(*map(int, found[-1]), notes)


def number_cases(passed, failed, skipped, notes):
    """Names for cases that are known by their number only. Failed ones come first, then those that passed, so that
    one that fails in any build of a program stays failed in the sum."""
    cases = {}
    for state, count in ((FAILED, failed), (PASSED, passed)):
        for _ in range(count):
            cases[f"#{len(cases) + 1}"] = (state, "")
    for index in range(skipped):
        name, why = notes[index] if index < len(notes) else (f"skipped #{index + 1}", "")
        cases[name if name not in cases else f"{name} #{index + 1}"] = (SKIPPED, why)
    return cases


def read_cases(output, tap, status):
    """Case -> (state, note) of one finished program: its output, its TAP text (None without), its exit status."""
    if tap is not None:
        cases = parse_tap(tap)
        cases.update((f"plain {name}", case) for name, case in (parse_plain_line(output) or {}).items())
    else:
        cases = parse_plain_line(output)
        if cases is None:
            cases = parse_unittest(output)
    if status == STATUS_SKIPPED and (cases is None or all(state == SKIPPED for state, _ in cases.values())):
        last = output.strip().splitlines()[-1:]
        return cases or {"all": (SKIPPED, last[0] if last else "")}
    if cases is None:
        return {"exit status": (FAILED if status else PASSED, "")}
    if status and not any(state == FAILED for state, _ in cases.values()):
        cases["exit status"] = (FAILED, str(status))
    if not cases:
        cases["cases"] = (FAILED, "nothing ran")
    return cases


def count(cases):
    """(passed, failed, skipped) of a case -> (state, note) dictionary."""
    states = [state for state, _ in cases.values()]
    return tuple(states.count(state) for state in (PASSED, FAILED, SKIPPED))


class Tally:
    """The cases of a whole run. A case that several builds run counts once: as failed where one of them fails,
    as skipped only where none ran it."""

    RANK = {SKIPPED: 0, PASSED: 1, FAILED: 2}

    def __init__(self):
        self.cases = {}

    def add(self, program, cases):
        for name, (state, note) in cases.items():
            known = self.cases.get((program, name))
            if known is None or self.RANK[state] > self.RANK[known[0]]:
                self.cases[(program, name)] = (state, note)

    def count(self):
        return count(self.cases)


def names(cases, wanted):
    """Lines that name the (program, case) pairs of that state, with their notes; those that are known by their number
    only are summed up."""
    lines, unnamed = [], {}
    for (program, name), (state, note) in sorted(cases.items()):
        if state == wanted and "#" in name and name.split("#")[0] in UNNAMED:
            unnamed[program] = unnamed.get(program, 0) + 1
        elif state == wanted:
            lines.append(f"{program}: {name}" + (f" ({note})" if note else ""))
    return lines + [f"{program}: {number} without a name" for program, number in unnamed.items()]
