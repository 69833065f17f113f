#!/usr/bin/env python3
"""What valuelint reads, against what Helm 3 and Helm 4 read, on mutated values files.

    values_helm.py [COUNT [SEED]]     a COUNT of mutated texts (2000), chosen by SEED (1)
    values_helm.py FILE...            these files as they are

The texts are those of fixtures/ and, where it is there, of values-corpus and yaml-test-suite below $VALUELINT_TESTDATA,
each with some tokens cut, doubled, swapped or inserted. Helm's answers come from its own libraries (helm_values/, in
Go), valuelint's from show_many beside $VALUELINT. Both must refuse a text, or give the same values; the only differences that
may be are those of the kinds in EXPLAINED. The texts themselves are compared, too."""
import json
import os
import pathlib
import random
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
import tools  # noqa: E402

SKIPPED = 77
LARGEST = 6000  # bytes: of longer files a piece is taken
TOKENS = [b"\n", b"\n  ", b"\n- ", b"\n\n", b" ", b"  ", b"\t", b": ", b":", b"- ", b"-", b"? ", b"?", b"# ", b"#", b", ", b",",
          b"[", b"]", b"{", b"}", b"[]", b"{}", b"&a ", b"*a", b"&a", b"<<: ", b"<<: *a", b"!!str ", b"!!int ", b"!!binary ",
          b"! ", b"!x ", b"|", b">", b"|-", b"|+", b">2", b"|\n", b">-\n", b"'", b'"', b"''", b'""', b"\\", b'\\n', b"\\/",
          b"%", b"%YAML 1.1\n", b"%TAG ! x\n", b"@", b"`", b"---", b"---\n", b"\n---\n", b"...\n", b"\n...\n", b"--- # c\n",
          b"null", b"~", b"true", b"yes", b"n", b"off", b"0", b"0644", b"0x1F", b"1_000", b"1.10", b"1e3", b".5", b".inf",
          b"-9223372036854775808", b"9007199254740993", b"18446744073709551616", b"2024-01-01", b"1:30", b"0b11", b"08",
          b"\xc2\xa0", b"\xe2\x80\x8b", b"\xe2\x80\xa8", b"\xc2\x85", b"\xef\xbb\xbf", b"\r\n", b"\xc3\xa4", b"::/0",
          b"a: 1\n", b"  a: 1\n", b"a", b"b:c", b"<<"]
SPLIT = re.compile(rb"\n|[ \t]+|[A-Za-z0-9_]+|[^\x80-\xff]|[\x80-\xff]+")


def find_texts():
    """The values files and the other texts to be mutated, and the names of what is not there."""
    folders, skipped = [ROOT / "fixtures"], []
    data = pathlib.Path(os.environ.get("VALUELINT_TESTDATA") or "/nowhere")
    for name in ("values-corpus", "yaml-test-suite"):
        if (data / name).is_dir():
            folders.append((data / name).resolve())
        else:
            skipped.append(name)
    files = sorted(file for folder in folders for file in folder.rglob("*.y*ml") if file.is_file())
    values = [file.read_bytes() for file in files if file.name.startswith("values")]
    return values, [file.read_bytes() for file in files if not file.name.startswith(("values", "Chart"))], skipped


def mutate(chance, text):
    """The text with one to four changes."""
    if len(text) > LARGEST:
        start = text.rfind(b"\n", 0, chance.randrange(len(text) - LARGEST + 1)) + 1
        text = text[start:start + chance.randrange(200, LARGEST)]
    tokens = SPLIT.findall(text) or [b""]
    for _ in range(chance.choice((1, 1, 1, 1, 2, 3))):
        at, other = chance.randrange(len(tokens) + 1), chance.randrange(len(tokens) + 1)
        kind = chance.randrange(6)
        if kind == 0:
            del tokens[at:at + chance.choice((1, 1, 2, 5))]
        elif kind == 1:
            tokens[at:at] = tokens[at:at + chance.choice((1, 1, 3, 8))]
        elif kind == 2 and at < len(tokens) and other < len(tokens):
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif kind == 3:
            del tokens[at:]
        else:
            tokens.insert(at, chance.choice(TOKENS))
        tokens = tokens or [b""]
    return b"".join(tokens)


def ask(command, texts):
    """The answers of a program that takes texts, each behind its length, and gives a line of JSON for each."""
    stream = b"".join(b"%d\n%s" % (len(text), text) for text in texts)
    done = subprocess.run(command, input=stream, capture_output=True, check=False)
    answers = [json.loads(line, parse_int=float) for line in done.stdout.split(b"\n") if line]
    if done.returncode or len(answers) != len(texts):
        raise SystemExit(f"{command[0]} ended with {done.returncode} after {len(answers)} of {len(texts)} texts: "
                         + done.stderr.decode(errors="replace")[:2000])
    return answers


def without_nulls(value):
    """What Helm 4 leaves of a chart's own defaults: no null in mappings."""
    if not isinstance(value, dict):
        return value
    return {key: without_nulls(member) for key, member in value.items() if member is not None}


# The kinds of difference that are meant to be: kind -> (why, a text that shows it). Each text is part of every run and
# must still differ in that way.
EXPLAINED = {
    "ignored rest": ("Helm ignores in silence what stands behind the document's end: an error here",
                     b"  a: 1\nb: 2\n"),
    "later document": ("Helm 3 reads the first document alone; Helm 4 refuses the file for a later one, and so do we",
                       b"a: 1\n---\nb: [\n"),
    "characters": ("a byte order mark inside, a lone carriage return and UTF-16 are read differently by other tools",
                   b"a: 1\rb: 2\n"),
    "documents": ("Helm 4 merges all documents, `show` gives the first one as Helm 3; VL006 says so", b"a: 1\n---\nb: 2\n"),
    "versions": ("Helm 4 reads it otherwise or refuses it, `show` gives it as Helm 3; VL014 says so", b"a: |\n  x"),
    "nulls": ("Helm 4 drops nulls from a chart's own defaults, `show` keeps them as Helm 3; VL021 says so", b"a: null\n"),
    "flow key": ("`{}` as the first key ends the document for go-yaml, which forgets that it may be a key; it is refused "
                 "here like every key that is no scalar", b"{}: 1\n"),
    "same key": ("two keys become one string, of which Helm picks one by chance; VL002 says so", b"".join(b"%d: a\n'%d': b\n" % (i, i) for i in range(1, 20))),
}
CHARACTERS = ("the invisible character U+FEFF", "carriage return without", "the file is UTF-16")


def explain_refusal(text, helm, message):
    """The kind of a text that valuelint alone refuses, or None."""
    if message.startswith("the document ends above this line"):
        return "ignored rest"
    if message.startswith(CHARACTERS):
        return "characters"
    if "error" in helm["helm4"]:
        return "later document"
    return "flow key" if re.match(rb"(\s|#.*\n|---\s)*\{\s*\}", text) else None


def explain_values(name, helm, show):
    """The kind of a text from which Helm reads other values, or None."""
    expected, values = helm.get("values"), show["values"]
    if name == "helm4" and expected is not None and expected == without_nulls(values):
        return "nulls"
    possible = ("versions", "documents", "duplicate") if name == "helm4" else ("duplicate",)
    kind = next((kind for kind in possible if kind in show["issues"]), None)
    return "same key" if kind == "duplicate" else kind


def compare(text, helm, show):
    """The kinds of differences between Helm and valuelint, and those that are of no known kind as (what, details)."""
    kinds, problems = set(), []
    if "error" in show:
        taken = [name for name in ("helm3", "helm4") if "error" not in helm[name]]
        if len(taken) == 2 or taken == ["helm3"]:
            kind = explain_refusal(text, helm, show["error"])
            kinds.add(kind)
            if not kind:
                problems.append(("valuelint alone refuses it", show["error"]))
        return kinds - {None}, problems
    for name in ("helm3", "helm4"):
        if "values" in helm[name] and helm[name]["values"] == show["values"]:
            continue
        kind = explain_values(name, helm[name], show)
        kinds.add(kind)
        if not kind:
            problems.append((f"{name} reads it otherwise", f"{str(helm[name])[:300]}, valuelint: {str(show)[:300]}"))
    return kinds - {None}, problems


def judge(texts, helm, show):
    failed, counts = 0, dict.fromkeys(EXPLAINED, 0)
    for index, (text, answers, shown) in enumerate(zip(texts, helm, show)):
        kinds, problems = compare(text, answers, shown)
        for kind in kinds:
            counts[kind] += 1
        for what, details in problems:
            failed += 1
            if failed <= 20:
                print(f"FAIL text {index}: {what}: {text[:600]!r}\n     {details}")
    for kind, (why, example) in EXPLAINED.items():
        kinds, _ = compare(example, *(answers[texts.index(example)] for answers in (helm, show)))
        if kind not in kinds:
            failed += 1
            print(f"FAIL the known difference `{kind}` is gone: {example!r}")
        print(f"{counts[kind]:6} {kind}: {why}")
    accepted = sum("error" not in shown for shown in show)
    print(f"{len(texts)} texts, of which {accepted} are accepted by valuelint")
    print(f"{len(texts) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


def main():
    program = os.environ.get("VALUELINT")
    helm = tools.find_helm_values()
    if not program or not helm:
        print("no helm_values" if program else "no VALUELINT")
        return SKIPPED
    show = str(pathlib.Path(program).resolve().parent / "tests" / "show_many")
    texts = [example for _, example in EXPLAINED.values()]
    if len(sys.argv) > 1 and not sys.argv[1].isdigit():
        texts += [pathlib.Path(name).read_bytes() for name in sys.argv[1:]]
    else:
        count, seed = (int(word) for word in (sys.argv[1:] + ["2000", "1"][len(sys.argv) - 1:]))
        values, others, skipped = find_texts()
        for name in skipped:
            print(f"SKIP {name}: not there")
        chance = random.Random(seed)
        texts += values + others
        texts += [mutate(chance, chance.choice(chance.choice((values, values, values, others)))) for _ in range(count)]
    return judge(texts, ask([helm], texts), ask([show], texts))


if __name__ == "__main__":
    sys.exit(main())
