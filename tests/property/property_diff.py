#!/usr/bin/env python3
"""Random edits of real values files:  property_diff.py PROGRAM [SEED]

The diff that PROGRAM (diff_edits) prints must give the new texts byte for byte when `patch -p1` and `git apply` apply
it to the old ones, and its colours must be git's. The files are up to FILES of values-corpus below $VALUELINT_TESTDATA and
some that are made up, each under several names; a tool that is not there is named as skipped."""
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

FILES = 200
LARGEST = 200_000  # bytes
NAMES = ("charts/plain/{}", "my charts/a b/{}", "charts/ümläut/{}", 'charts/"quoted" \\ and\ttab/{}', "chärt s/{}")
WORDS = (b"a", b"enabled: true", b"  port: 80\n", b"\n", b"\r\n", b"x\ny\n", b"\n\n", b"# comment", b"", b"- 1\n- 2\n")
COLORS = re.compile(rb"\x1b\[\d*m")


def made_up():
    yield b""
    yield b"a"
    yield b"a\n"
    yield b"\n\n\n"
    yield b"\r\n\r\na\r\n"
    yield b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
    yield b"\\ No newline at end of file\n"
    yield b"".join(b"- %d\n" % (number % 3) for number in range(200))


def read_corpus(rng):
    folder = pathlib.Path(os.environ.get("VALUELINT_TESTDATA", ".")) / "values-corpus"
    files = sorted(path for path in folder.rglob("*.yaml") if path.is_file() and path.stat().st_size <= LARGEST)
    return [path.read_bytes() for path in rng.sample(files, min(FILES, len(files)))]


def random_lines(rng, text):
    """Edits of whole lines, as --fix makes them, or of words in them."""
    starts = [0] + [match.end() for match in re.finditer(rb"\n", text)] + [len(text)]
    edits, at = [], 0
    while at < len(starts) - 1:
        kind, count = rng.randrange(12), rng.randrange(1, 4)
        start, end = starts[at], starts[min(at + count, len(starts) - 1)]
        if kind == 0:
            edits.append((start, end, b""))
        elif kind == 1:
            edits.append((start, start, rng.choice(WORDS) + b"\n"))
        elif kind == 2:
            lines = text[start:end].splitlines(True)
            rng.shuffle(lines)
            edits.append((start, end, b"".join(lines)))
        elif kind == 3 and end - start > 2:
            middle = rng.randrange(start + 1, end)
            edits.append((middle, min(middle + rng.randrange(4), end), rng.choice(WORDS)))
        at += count
    return edits


def random_bytes(rng, text):
    """A few edits anywhere."""
    places = sorted(rng.randrange(len(text) + 1) for _ in range(2 * rng.randrange(1, 6)))
    return [(start, end, rng.choice(WORDS) + text[:rng.randrange(80)]) for start, end in zip(places[::2], places[1::2])]


def whole(new):
    return lambda rng, text: [(0, len(text), new(rng, text))]


KINDS = (random_lines, random_lines, random_bytes,
         whole(lambda rng, text: text.replace(b"\n", b"\r\n")),
         whole(lambda rng, text: text.rstrip(b"\n")),
         whole(lambda rng, text: b""),
         whole(lambda rng, text: b"replaced: true\n"),
         whole(lambda rng, text: b"".join(rng.sample(lines := text.splitlines(True), len(lines)))),
         lambda rng, text: [(len(text), len(text), b"end")],
         lambda rng, text: [(0, 0, b"begin\n")])


def apply_edits(text, edits):
    out, at = b"", 0
    for start, end, new in edits:
        out += text[at:start] + new
        at = end
    return out + text[at:]


def write_cases(folder, texts, rng):
    """Writes before/, edits/ and after/ below `folder`; gives the paths."""
    paths = []
    for number, text in enumerate(texts):
        path = NAMES[number % len(NAMES)].format(f"{number}.yaml")
        edits = KINDS[rng.randrange(len(KINDS))](rng, text)
        plain = b"".join(b"%d %d %d\n%s" % (start, end, len(new), new) for start, end, new in edits)
        for kind, content in (("before", text), ("edits", plain), ("after", apply_edits(text, edits))):
            target = folder / kind / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        paths.append(path)
    return paths


def check_tool(folder, words, diff, paths):
    """How many files are not what they should be after the tool applied the diff."""
    work = folder / words[0]
    shutil.copytree(folder / "before", work)
    done = subprocess.run(words, cwd=work, input=diff, capture_output=True, check=False,
                          env={**os.environ, "GIT_CEILING_DIRECTORIES": str(folder)})
    if done.returncode:
        print(f"FAIL {' '.join(words)}: {(done.stdout + done.stderr).decode(errors='replace')[-1500:]}")
        return len(paths)
    wrong = [path for path in paths if not (work / path).exists()
             or (work / path).read_bytes() != (folder / "after" / path).read_bytes()]
    for path in wrong:
        print(f"FAIL {' '.join(words)}: {path} has other bytes")
    left = sorted(path.name for path in work.rglob("*") if path.suffix in (".orig", ".rej"))
    if left:
        print(f"FAIL {' '.join(words)} is not sure and leaves {left}")
    return len(wrong) + len(left)


def check_colors(folder, diff, colored):
    """Without its colours the diff is the plain one, and its lines are those of git's own diff, but for a few: of
    several shortest ways, git may take another."""
    if COLORS.sub(b"", colored) != diff:
        print("FAIL the coloured diff holds other text than the plain one")
        return 1
    if not shutil.which("git"):
        return 0
    done = subprocess.run(["git", "diff", "--no-index", "--color", "--ws-error-highlight=none", "before", "after"],
                          cwd=folder, capture_output=True, check=False)
    lines = colored.split(b"\n")
    strange = set(lines) - set(done.stdout.replace(b"a/before/", b"a/").replace(b"b/after/", b"b/").split(b"\n"))
    strange = [line for line in strange if not line.startswith(b"\x1b[36m")]  # git names a section behind "@@"
    if len(strange) * 20 > len(lines):
        print(f"FAIL {len(strange)} of {len(lines)} coloured lines are not in git's own diff: {strange[:5]}")
        return 1
    return 0


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rng = random.Random(seed)
    corpus = read_corpus(rng)
    texts = list(made_up()) * len(KINDS) + corpus
    failed, skipped, cases = 0, 0, 0
    if not corpus:
        print("SKIP diffs of real values files: values-corpus is not there")
        skipped += 1
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as name:
        folder = pathlib.Path(name).resolve()
        paths = write_cases(folder, texts, rng)
        names = "".join(f"{path}\0" for path in paths).encode()
        diff = subprocess.run([sys.argv[1], folder], input=names, capture_output=True, check=True).stdout
        colored = subprocess.run([sys.argv[1], folder, "color"], input=names, capture_output=True, check=True).stdout
        for words in (["patch", "-p1", "-s"], ["git", "apply", "--whitespace=nowarn"]):
            if not shutil.which(words[0]):
                print(f"SKIP diffs applied by {words[0]}: not there")
                skipped += 1
                continue
            cases += len(paths)
            failed += check_tool(folder, words, diff, paths)
        cases += 1
        failed += check_colors(folder, diff, colored)
    if failed:
        print(f"seed {seed}")
    print(f"{max(cases - failed, 0)} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
