#!/usr/bin/env python3
"""Random templates over random values, `valuelint render` against Helm 3 or Helm 4, as libraries: both fail, or both print the
same bytes. What stands in them is the language itself: control structures, variables, chains, nil in all its forms, defines,
tpl, maps that are shared and changed. (Functions one by one have a test of their own.)

usage: render_fuzz.py [--count N] [--seed N] [--show]   takes $VALUELINT from the environment
"""
import argparse
import json
import os
import pathlib
import random
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "e2e")]
import tools  # noqa: E402
from cases import Cases, expect  # noqa: E402
from render_helm import Helm, render  # noqa: E402

VALUES = {"a": {"b": {"c": "deep"}, "n": None, "t": True, "f": False, "e": {}}, "num": 5, "big": 1000000, "half": 2.5,
          "text": "word", "empty": "", "list": ["x", "y", {"k": "v"}, None], "none": None, "zero": 0, "nl": "one\ntwo\n",
          "tpl": "{{ .Values.text }}-{{ .Values.missing }}", "m": {"z": 1, "y": [1, 2], "x": {"w": "q"}}}
PATHS = ("a", "a.b", "a.b.c", "a.n", "a.t", "a.f", "a.e", "a.e.x", "num", "big", "half", "text", "empty", "list", "none", "zero",
         "nl", "missing", "m", "m.z", "m.y", "m.x", "m.x.w", "tpl")
BAD_PATHS = ("a.n.x", "text.x", "none.x", "missing.x", "list.x")
LITERALS = ("1", "0", "2.0", "-3", "1e3", '"s"', '""', "true", "false", "nil", "`raw`", "'c'", "0x10", '"{{ .a }}"')
SAFE = ("quote", "not", "toYaml", "toJson", "print", "default 1", "empty", "toString", "int", "list", "kindOf", "typeOf", "squote",
        "printf \"%v\"", "printf \"%s\"", "join \"-\"", "int64", "float64", "coalesce nil", "cat 1", "toPrettyJson",
        "kindIs \"map\"", "typeIs \"string\"", "tuple", "html", "println", "default .Values.text", "or .Values.text", "and 1", "ne nil",
        "eq nil", "toString | upper", "toString | trim", "toString | len", "quote | nindent 2", "toJson | b64enc", "print | trunc 3",
        "toYaml | fromYaml", "toJson | fromJson", "toString | contains \"o\"", "dict \"k\"", "print | replace \"o\" \"0\"", "print | splitList \"o\"")
ONE = ("quote", "len", "not", "toYaml", "toJson", "print", "upper", "trim", "default 1", "empty", "toString", "int",
       "list", "kindOf", "typeOf", "first", "last", "keys", "b64enc", "squote", "fromYaml", "deepCopy", "html", "js",
       "trunc 3", "indent 2", "nindent 2", "hasKey .Values.a", "printf \"%v\"", "printf \"%s|%d\" 1", "join \"-\"", "has 1", "int64",
       "float64", "sha256sum", "reverse", "uniq", "compact", "sortAlpha", "urlquery", "println", "typeIs \"string\"", "rest", "values",
       "replace \"o\" \"0\"", "splitList \"o\"", "contains \"o\"", "repeat 2", "title", "cat 1", "atoi", "max 3", "add 1", "ternary 1 2",
       "required \"r\"", "kindIs \"map\"", "toPrettyJson", "fromJson", "floor", "tuple", "until", "coalesce nil")
TWO = ("eq", "ne", "lt", "gt", "le", "ge", "and", "or", "default", "index", "dict \"k\"", "list", "print", "printf \"%v %v\"", "append",
       "get", "hasKey", "set .Values.m \"new\"", "merge", "pick", "omit", "ternary 1", "add", "sub", "mul", "concat", "coalesce",
       "mergeOverwrite", "tpl", "include", "dig \"b\" \"c\"", "pluck \"a\"", "prepend", "without", "has", "slice", "unset", "join", "cat")


class Writer:
    def __init__(self, chance):
        self.chance = chance
        self.variables = []

    def field(self):
        path = self.chance.choice(BAD_PATHS if self.chance.random() < 0.02 else PATHS)
        start = self.chance.choice(("$.Values", "$.Values", ".Values"))
        if self.chance.random() < 0.08:
            return self.chance.choice((".", ".", "$", ".k", "$.Release.Name", "$.Chart.Name", "$.Release.No", "$.Values", "$.Template.Name"))
        if self.variables and self.chance.random() < 0.25:
            return self.chance.choice(self.variables) + self.chance.choice(("", "", "", "", ".k"))
        return f"{start}.{path}"

    def word(self, depth):
        """An argument."""
        roll = self.chance.random()
        if roll < 0.45:
            return self.field()
        if roll < 0.7 or depth <= 0:
            return self.chance.choice(LITERALS)
        return f"({self.pipe(depth - 1)})" + (self.chance.choice((".b", ".k", ".x.w")) if self.chance.random() < 0.2 else "")

    def command(self, depth):
        roll = self.chance.random()
        if roll < 0.35:
            return self.word(depth)
        if roll < 0.45:
            return f'include "{self.chance.choice(("t1", "t2", "t3", "none"))}" {self.word(depth)}'
        if roll < 0.5:
            return f"tpl {self.chance.choice(('.Values.tpl', '.Values.text', self.quoted()))} {self.chance.choice(('$', '.', self.word(depth)))}"
        if roll < 0.78:
            return f"{self.word(depth)} | {self.chance.choice(SAFE)}"
        if roll < 0.84:
            return f"{self.chance.choice(ONE)} {self.word(depth)}"
        if roll < 0.93:
            two = self.chance.choice(("and", "or", "default", "list", "print", "dict \"k\"", "printf \"%v %v\"", "coalesce", "ternary 1"))
            return f"{two} {self.word(depth)} {self.word(depth)}" + (" true" if two == "ternary 1" else "")
        return f"{self.chance.choice(TWO)} {self.word(depth)} {self.word(depth)}"

    def quoted(self):
        return json.dumps("{{ " + Writer(self.chance).pipe(0) + " }}") if self.chance.random() < 0.8 else '"{{ if }}"'

    def pipe(self, depth):
        parts = [self.command(depth)]
        while self.chance.random() < 0.25:
            parts.append(self.chance.choice(SAFE if self.chance.random() < 0.9 else ONE))
        return " | ".join(parts)

    def action(self, text):
        left, right = self.chance.choice(("{{ ", "{{ ", "{{- ")), self.chance.choice((" }}", " }}", " -}}"))
        return left + text + right

    def block(self, depth, in_range):
        kept = len(self.variables)
        body = self.nodes(depth - 1, in_range)
        del self.variables[kept:]
        return body

    def node(self, depth, in_range):
        roll = self.chance.random()
        if roll < 0.2:
            return self.chance.choice((" t ", "\n", "  \n  x: ", "-", "é"))
        if roll < 0.5 or depth <= 0:
            return self.action(self.pipe(2))
        if roll < 0.6:
            name = f"$v{len(self.variables) % 4}"
            if name in self.variables and self.chance.random() < 0.5:
                return self.action(f"{name} = {self.pipe(1)}")
            self.variables.append(name)
            return self.action(f"{name} := {self.pipe(1)}")
        if in_range and roll < 0.63:
            return self.action(self.chance.choice(("break", "continue")))
        if roll < 0.67:
            return self.action(f'template "{self.chance.choice(("t1", "t2", "t3"))}" {self.pipe(1)}')
        if roll < 0.8:
            middle = self.action(f"else if {self.pipe(1)}") + self.block(depth, in_range) if self.chance.random() < 0.2 else ""
            other = self.action("else") + self.block(depth, in_range) if self.chance.random() < 0.5 else ""
            return self.action(f"if {self.pipe(2)}") + self.block(depth, in_range) + middle + other + self.action("end")
        if roll < 0.88:
            name = f"$w := " if self.chance.random() < 0.3 else ""
            return self.action(f"with {name}{self.pipe(1)}") + self.block(depth, in_range) + self.action("end")
        kept = len(self.variables)
        names = self.chance.choice(("", "$i, $e := ", "$e := "))
        self.variables += [name for name in ("$i", "$e") if name in names]
        text = self.action(f"range {names}{self.pipe(1)}") + self.block(depth, True)
        del self.variables[kept:]
        if self.chance.random() < 0.3:
            text += self.action("else") + self.block(depth, in_range)
        return text + self.action("end")

    def nodes(self, depth, in_range):
        return "".join(self.node(depth, in_range) for _ in range(self.chance.randint(1, 3)))


def helpers(chance):
    writer = Writer(chance)
    return (f'{{{{ define "t1" }}}}[{writer.nodes(1, False)}]{{{{ end }}}}\n'
            '{{ define "t2" }}{{ .Values.missing }}{{ end }}{{ define "t3" }}{{ toYaml . }}{{ end }}\n')


def try_one(program, helm, version, chart, seed):
    chance = random.Random(seed)
    (chart / "templates" / "_h.tpl").write_text(helpers(chance), encoding="utf-8")
    text = Writer(chance).nodes(3, False)
    body = f'{{{{ define "body" }}}}{text}{{{{ end }}}}kind: A\ntext: {{{{ include "body" . | quote }}}}\n'
    (chart / "templates" / "a.yaml").write_text(body, encoding="utf-8")
    first, refused = helm.render(version, chart)
    ours, error = render(program, version, chart)
    if ours and "<unknown: " in ours:  # it prints the root, which has addresses in it
        return False
    if refused:
        expect(ours is None, f"Helm {version} fails, valuelint does not: {refused[:400]}\n     {text!r}\n     {ours[-300:] if ours else ''}")
        return False
    expect(ours is not None, f"valuelint fails, Helm {version} does not: {error[:400]}\n     {text!r}")
    expect(ours == first, f"Helm {version}: {first[-300:]!r}\n     valuelint {ours[-300:]!r}\n     {text!r}")
    return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    program, oracle = os.environ.get("VALUELINT"), tools.find_helm_render()
    if not program or not oracle:
        print("SKIP random templates: needs $VALUELINT and Go with Helm's modules")
        return 77
    cases, helm, rendered, wrong = Cases(), Helm(oracle), 0, []
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        chart = pathlib.Path(folder) / "chart"
        (chart / "templates").mkdir(parents=True)
        (chart / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 0.1.0\n", encoding="utf-8")
        (chart / "values.yaml").write_text(json.dumps(VALUES), encoding="utf-8")
        for seed in range(options.seed, options.seed + options.count):
            try:
                rendered += try_one(program, helm, 3 + seed % 2, chart, seed)
            except AssertionError as error:
                wrong.append(f"seed {seed}: {error}")
    print(f"     {rendered} of {options.count} render")
    cases.run("random templates", expect, not wrong, f"{len(wrong)} of {options.count} differ\n     " + "\n     ".join(wrong[:20]))
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
