#!/usr/bin/env python3
"""What $VALUELINT prints for shells and man: the completions, run by bash, zsh and fish themselves, and the pages of the
manual, read by mandoc and man. Both must know every option and command of the help, and every key of the configuration."""
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

from support.cases import Cases, expect  # noqa: E402

SHELLS = ("bash", "zsh", "fish")
# What stands on the command line before the cursor, and what is offered for its last word.
BASH = r"""
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_valuelint
printf '%s\n' "${COMPREPLY[@]}"
"""
# A terminal with an interactive zsh in it; what it would add to its list is kept in a file. `zpty -r` waits for the mark.
ZSH = r"""
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PROMPT= RPROMPT=; autoload -Uz compinit; compinit -u -D; source ${(q)1}"
zpty -w z "compadd() { local -a got; builtin compadd -O got \"\$@\"; print -rl -- \$got >>${(q)2}; builtin compadd \"\$@\" }"
zpty -w z "take() { zle complete-word; print -r -- END''MARK }; zle -N take; bindkey '^X' take; cd ${(q)4}; print READY''MARK"
zpty -r z said '*READYMARK*'
zpty -w -n z "$3"$'\x18'
zpty -r z said '*ENDMARK*'
zpty -d z
"""


def ask(*words):
    done = subprocess.run([os.environ["VALUELINT"], *words], capture_output=True, text=True, check=False)
    expect(done.returncode == 0 and not done.stderr, f"valuelint {' '.join(words)}: {done.stderr}")
    return done.stdout


def help_names():
    """The commands and the options that the help lists, all of them."""
    commands = re.findall(r"^  ([a-z]+)\b", ask("--help").split("\nCommands:\n")[1].split("\n\n")[0], re.M)
    options = {option for command in commands for option in re.findall(r"(?<!\S)--[a-z-]+", ask(command, "--help"))}
    return commands, options


def complete(shell, script, folder, *words):
    """What the shell offers for the last of `words`."""
    if shell == "bash":
        command = ["bash", "-c", BASH, "bash", script, "valuelint", *words]
    elif shell == "fish":
        command = ["fish", "--no-config", "-c", f"source {script}; complete -C 'valuelint {' '.join(words)}'"]
    else:
        out = folder.parent / "zsh-out"
        out.write_text("", encoding="utf-8")
        command = ["zsh", "-f", "-c", ZSH, "zsh", script, out, f"valuelint {' '.join(words)}", folder]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False,
                          env={**os.environ, "TERM": "dumb", "HOME": str(folder.parent)})
    expect(not done.stderr, f"{shell}: {done.stderr}")
    said = out.read_text(encoding="utf-8") if shell == "zsh" else done.stdout
    return {line.split("\t")[0].rstrip("=/") for line in said.splitlines() if line}


def check_completion(shell, folder):
    commands, options = help_names()
    script = folder / f"completion.{shell}"
    script.write_text(ask("completion", shell), encoding="utf-8")
    inside = folder / "inside"
    (inside / "charts").mkdir(parents=True)
    (inside / "chart.yaml").touch()

    def offers(*words):
        return complete(shell, script, inside, *words)

    of_lint = set(re.findall(r"(?<!\S)--[a-z-]+", ask("--help").split("\nExamples:")[0]))
    found = {name for name in offers("--") if name.startswith("--")}
    expect(found == of_lint & options, f"for --: {sorted(found ^ (of_lint & options))} are wrong")
    expect(offers("--sev") >= {"--severity"} and offers("--fail-on", "w") == {"warning"}, f"{offers('--fail-on', 'w')}")
    expect({"charts"} <= offers("ch") and set(commands) <= offers(""), f"for an empty word: {sorted(offers(''))}")
    expect({"json", "jsonl"} <= offers("--format", "json"), f"formats: {offers('--format', 'json')}")
    of_schema = {name for name in offers("schema", "--") if name.startswith("--")}
    wanted = set(re.findall(r"(?<!\S)--[a-z-]+", ask("schema", "--help")))
    expect(of_schema == wanted, f"for schema --: {sorted(of_schema ^ wanted)} are wrong")


def check_bash_script(folder):
    script = folder / "completion.bash"
    script.write_text(ask("completion", "bash"), encoding="utf-8")
    done = subprocess.run(["shellcheck", "--shell", "bash", script], capture_output=True, text=True, check=False)
    expect(done.returncode == 0, done.stdout)


def page_text(page, folder):
    """The page as it is read in a terminal, without overstrikes."""
    path = folder / page
    path.write_text(ask("man", page), encoding="utf-8")
    done = subprocess.run(["mandoc", "-T", "utf8", path], capture_output=True, text=True, check=True)
    return re.sub(r".\x08", "", done.stdout), path


def check_lint(page, folder):
    _, path = page_text(page, folder)
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", path], capture_output=True, text=True, check=False)
    expect(done.returncode == 0 and not done.stdout, done.stdout + done.stderr)
    path.write_text(path.read_text(encoding="utf-8").replace(".SH NAME", ".SH NAME\n.nosuch"), encoding="utf-8")
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", path], capture_output=True, text=True, check=False)
    expect("nosuch" in done.stdout, "mandoc does not notice a wrong macro")


def check_program_page(folder):
    text, _ = page_text("valuelint", folder)
    commands, options = help_names()
    for name in (*commands, *options):
        expect(re.search(rf"^ +(-\w, )?{re.escape(name)}\b", text, re.M), f"{name} is not in valuelint(1)")


def keys_of(schema, root):
    """The dotted keys that the configuration's schema knows."""
    while "$ref" in schema:
        schema = root["definitions"][schema["$ref"].rsplit("/", 1)[1]]
    for key, inner in schema.get("properties", {}).items():
        yield key
        yield from (f"{key}.{below}" for below in keys_of(inner, root))
        yield from (f"{key}[].{below}" for below in keys_of(inner.get("items", {}), root))


def check_configuration_page(folder):
    text, _ = page_text("valuelint.yaml", folder)
    schema = json.loads((ROOT / "schema" / "config.schema.json").read_text(encoding="utf-8"))
    keys = list(keys_of(schema, schema))
    expect("overrides[].charts" in keys, f"keys: {keys}")
    for key in keys:
        expect(re.search(rf"^ +{re.escape(key)} \(", text, re.M), f"{key} is not in valuelint.yaml(5)")


def check_wrong_names():
    for words, said in ((("completion", "tcsh"), "unknown shell `tcsh`"), (("man", "x"), "unknown page `x`")):
        done = subprocess.run([os.environ["VALUELINT"], *words], capture_output=True, text=True, check=False)
        expect(done.returncode == 2 and said in done.stderr, f"{words}: {done.returncode} {done.stderr}")


def main():
    if not os.environ.get("VALUELINT"):
        print("no VALUELINT")
        return 77
    os.environ["VALUELINT"] = str(pathlib.Path(os.environ["VALUELINT"]).resolve())
    cases = Cases()
    with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
        folder = pathlib.Path(folder)
        for shell in SHELLS:
            (folder / shell).mkdir()
            if shutil.which(shell):
                cases.run(f"completion, {shell}", check_completion, shell, folder / shell)
            else:
                cases.skip(f"completion, {shell}", f"no {shell}")
        for tool, name, *call in (("shellcheck", "completion, shellcheck", check_bash_script, folder),
                                  ("mandoc", "valuelint(1), mandoc", check_lint, "valuelint", folder),
                                  ("mandoc", "valuelint.yaml(5), mandoc", check_lint, "valuelint.yaml", folder),
                                  ("mandoc", "valuelint(1), options", check_program_page, folder),
                                  ("mandoc", "valuelint.yaml(5), keys", check_configuration_page, folder)):
            if shutil.which(tool):
                cases.run(name, *call)
            else:
                cases.skip(name, f"no {tool}")
        cases.run("wrong names", check_wrong_names)
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
