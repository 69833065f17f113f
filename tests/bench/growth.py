"""Inputs of many kinds, each of any size: what they take must grow in line with them."""
import pathlib

CHART = "apiVersion: v2\nname: a\nversion: 0.1.0\n"
CURVES = {}


def curve(start, *arguments, doublings=3):
    """A kind of input: `start` is its first size, `arguments` are valuelint's. The function makes {path: text}."""
    def add(function):
        CURVES[function.__name__.replace("_", " ")] = (start, doublings, arguments, function)
        return function
    return add


def lines(count, form):
    return "".join(form.format(n=number) + "\n" for number in range(count))


CHECK = ("--no-config", "-q", "-j1", "--format", "concise", "chart")
DIFF = ("--no-config", "-q", "-j1", "--diff", "chart")


@curve(1000, *CHECK)
def keys(size):
    return {"values.yaml": lines(size, "key{n}: value")}


@curve(1000, *CHECK)
def keys_in_a_line(size):
    return {"values.yaml": "a: {" + ", ".join(f"key{number}: value" for number in range(size)) + "}\n"}


@curve(20000, *CHECK)
def length_of_a_text(size):
    return {"values.yaml": f"a: \"{'x y' * size}\"\nb: |\n" + "  some text\n" * size}


@curve(500, *CHECK)
def findings(size):
    return {"values.yaml": lines(size, "key{n}: yes")}


@curve(500, "--no-config", "-q", "-j1", "chart")
def findings_in_a_line(size):
    return {"values.yaml": "a: {" + ", ".join(f"key{number}: yes" for number in range(size)) + "}\n"}


@curve(500, *DIFF)
def fixes_of_keys(size):
    return {"values.yaml": lines(size, "key{n}: yes")}


@curve(500, *DIFF)
def fixes_of_items(size):
    return {"values.yaml": "a:\n" + "- x: yes\n  y: no\n" * size}


@curve(500, *DIFF)
def fixes_in_a_line(size):
    return {"values.yaml": "a: [" + ", ".join("{x: yes}" for _ in range(size)) + "]\n"}


@curve(500, *DIFF)
def fixes_between_block_texts(size):
    return {"values.yaml": lines(size, "key{n}: yes\ntext{n}: |+\n  a\n\n")}


@curve(500, *DIFF)
def fixes_beside_an_alias(size):
    return {"values.yaml": "a: &a x\nb: *a\n" + lines(size, "key{n}: yes")}


@curve(500, *DIFF)
def fixes_that_an_alias_refuses(size):
    return {"values.yaml": "a: &a\n" + lines(size, "  key{n}: yes") + "b: *a\n"}


@curve(500, *DIFF)
def fixes_under_comments(size):
    return {"values.yaml": lines(size, "# valuelint: ignore[VL004] reason\nkey{n}: yes\nother{n}: yes")}


@curve(1000, *CHECK)
def comments_above_a_key(size):
    return {"values.yaml": "# valuelint: ignore[VL201] reason\n" * size + "a: 1\n"}


@curve(500, *CHECK)
def comments_with_findings(size):
    return {"values.yaml": lines(size, "# valuelint: ignore reason\nkey{n}: yes\nother{n}: yes # valuelint: ignore")}


@curve(500, *CHECK)
def merges(size):
    return {"values.yaml": "base: &b {a: 1, b: 2, c: 3}\n" + lines(size, "key{n}:\n  <<: *b\n  d: 4")}


@curve(500, *CHECK)
def refused_merges(size):
    base = "base: &b {" + ", ".join(f"k{number}: 1" for number in range(size)) + "}\n"
    return {"values.yaml": base + lines(size, "key{n}: {{<<: *b}}")}


@curve(1000, *CHECK)
def aliases(size):
    return {"values.yaml": "a: &a {b: c}\n" + lines(size, "key{n}: *a")}


@curve(1000, *CHECK)
def anchors(size):
    return {"values.yaml": lines(size, "key{n}: &a{n} x\nother{n}: *a{n}")}


def rule(expression):
    return {"values.yaml": "a: 1\n", "rules.yaml": "section: S\nrules:\n- {id: ACME001, name: r, severity: error, "
            f"summary: s, at: a, expect: \"{expression}\", message: m, why: w}}\n"}


RULES = ("--rules", "chart/rules.yaml", "--no-config", "-q", "-j1", "chart")


@curve(1000, *RULES)
def terms_of_and(size):
    return rule("true" + " && true" * size)


@curve(500, *RULES)
def terms_of_or_that_read(size):
    return rule("true" + "".join(f" || (has(values.k{number}) && values.k{number} == 1)" for number in range(size)))


@curve(100, "--no-config", "-q", "-j1", ".")
def charts(size):
    return {f"../c{number}/{name}": text for number in range(size)
            for name, text in (("Chart.yaml", CHART), ("values.yaml", "a: 1\n"))}


@curve(50, *CHECK)
def overlays(size):
    return {"values.yaml": "a: 1\n", **{f"values-e{number}.yaml": "a: 2\nb: yes\n" for number in range(size)}}


@curve(50, *CHECK)
def templates(size):
    return {"values.yaml": "a: 1\n", **{f"templates/t{number}.yaml": "a: {{ .Values.a }}\nb: {{ .Values.b }}\n"
                                        for number in range(size)}}


@curve(250, *CHECK)
def actions_of_a_template(size):
    return {"values.yaml": lines(size, "key{n}: 1"),
            "templates/t.yaml": "".join(f"a{number}: {{{{ .Values.key{number} }}}}\n" for number in range(size))}


@curve(250, *CHECK)
def conditions_of_a_template(size):
    return {"values.yaml": "a: 1\n", "templates/t.yaml": "{{ if .Values.a }}x: {{ .Values.a }}\n{{ end }}\n" * size}


@curve(1000, "--no-config", "-q", "-j1", "chart")
def ignore_patterns(size):
    return {"values.yaml": "a: 1\n", ".gitignore": lines(size, "*a{n}*b/**/c"), "templates/t.yaml": "a: b\n"}


@curve(500, *CHECK)
def items_that_the_schema_refuses(size):
    return {"values.yaml": "imagePullSecrets:\n" + "- x: 1\n" * size}


@curve(200, *DIFF)
def values_that_the_schema_wants_otherwise(size):
    return {"values.yaml": "env:\n" + lines(size, "  KEY{n}: {n}")}


def write(folder, curve_name, size):
    """Makes the input in `folder`; gives valuelint's arguments there."""
    _, _, arguments, function = CURVES[curve_name]
    for name, text in {"Chart.yaml": CHART, **function(size)}.items():
        path = pathlib.Path(folder) / "chart" / name
        path = pathlib.Path(*(part for part in path.parts if part != "..")) if ".." not in name else \
            pathlib.Path(folder) / name.removeprefix("../")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return arguments
