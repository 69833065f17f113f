#!/usr/bin/env python3
"""What `valuelint lsp` changes: code actions and renames, compared with what the program writes itself; and where values
are set and read."""
import json
import pathlib
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from charts import FILES, write  # noqa: E402
from client import CAPABILITIES, uri_of  # noqa: E402
from test_requests import HELPERS, TEMPLATE, VALUES, Case  # noqa: E402

PLATFORM = pathlib.Path(__file__).resolve().parent.parent.parent / "fixtures" / "platform" / "before"
LEDGER = "charts/credential-ledger/values.yaml"


def read(folder):
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8", errors="surrogateescape")
            for path in sorted(folder.rglob("*")) if path.is_file()}


class Changes(Case):
    def apply(self, client, edit, versions=True):
        """The files of the folder after a WorkspaceEdit, with the texts that the editor has."""
        files = {**read(self.folder), **client.texts}
        changes = ([(change["textDocument"], change["edits"]) for change in edit["documentChanges"]] if versions else
                   [({"uri": uri}, edits) for uri, edits in edit["changes"].items()])
        for document, edits in changes:
            name = str(pathlib.Path(document["uri"][7:]).relative_to(self.folder))
            if versions:
                self.assertEqual(document["version"], client.versions.get(name), name)
            client.texts.setdefault(name, files[name])
            for change in sorted(edits, key=lambda change: -client.offset(name, change["range"]["start"])):
                start, end = (client.offset(name, change["range"][side]) for side in ("start", "end"))
                files[name] = files[name][:start] + change["newText"] + files[name][end:]
        return files

    def actions(self, client, name, text, only=None):
        at = client.at(name, text)
        context = {"diagnostics": [], **({"only": only} if only else {})}
        return client.request("textDocument/codeAction", {
            "textDocument": at["textDocument"], "range": {"start": at["position"], "end": at["position"]},
            "context": context})

    def run_here(self, *arguments):
        return subprocess.run([client_program(), *arguments], cwd=self.folder, capture_output=True, text=True, check=False)

    def copy_platform(self):
        shutil.rmtree(self.folder)
        shutil.copytree(PLATFORM, self.folder)


class CodeActions(Changes):
    def test_all_fixes_are_those_of_a_run(self):
        self.copy_platform()
        for values in sorted(self.folder.glob("charts/*/values.yaml")):
            name = str(values.relative_to(self.folder))
            with self.client() as client:
                client.open(name)
                found = self.actions(client, name, "", ["source.fixAll"])
                self.assertEqual([(a["title"], a["kind"]) for a in found], bool(found) * [
                    ("Apply all safe fixes of valuelint to the chart", "source.fixAll.valuelint")], name)
                after = self.apply(client, found[0]["edit"]) if found else read(self.folder)
            self.run_here("--fix", str(values.parent.relative_to(self.folder)))
            self.assertEqual(after, read(self.folder), name)
        self.assertNotEqual(read(PLATFORM)[LEDGER], after[LEDGER])

    def test_a_fix_of_one_rule(self):
        self.copy_platform()
        client = self.client()
        client.open(LEDGER)
        moved = next(d for d in client.published(LEDGER) if d["code"] == "VL104")
        found = self.actions(client, LEDGER, client.text_at(LEDGER, moved["range"]))
        fixes = [a for a in found if a["title"].startswith("Fix all VL104")]
        self.assertEqual([a["kind"] for a in fixes], ["quickfix"])
        after = self.apply(client, fixes[0]["edit"])
        self.run_here("--fix", "--select", "VL104", "charts/credential-ledger")
        self.assertEqual(after, read(self.folder))

    def test_an_unsafe_fix_says_so(self):
        client = self.client()
        client.open(VALUES)
        client.edit(VALUES, "level: info", "config:\n  level: info")
        titles = [a["title"] for a in self.actions(client, VALUES, "level:")]
        self.assertEqual(titles, ["Fix all VL104 (legacy-path) in the chart (unsafe: changes rendered output)",
                                  "Suppress VL104 here with a comment", "Open rule VL104 (legacy-path)"])

    def test_one_finding_or_all_of_a_rule(self):
        client = self.client()
        client.open(VALUES)
        client.change(VALUES, "image:\n  tag: 1.10\nlevel: 3\n")
        found = {a["title"]: a for a in self.actions(client, VALUES, "level") if "edit" in a}
        self.assertEqual(list(found), ["Fix this VL101 (invalid-value)", "Fix all VL101 (invalid-value) in the chart",
                                       "Suppress VL101 here with a comment",
                                       "Apply all safe fixes of valuelint to the chart"])
        texts = [self.apply(client, action["edit"])[VALUES] for action in found.values()]
        self.assertEqual(texts, ["image:\n  tag: 1.10\nlevel: \"3\"\n", "image:\n  tag: \"1.1\"\nlevel: \"3\"\n",
                                 "image:\n  tag: 1.10\nlevel: 3  # valuelint: ignore[VL101]\n",
                                 "image:\n  tag: \"1.1\"\nlevel: \"3\"\n"])

    def test_suppressions_suppress(self):
        """Each finding that has such an action: with the comment it is gone, and none is there that was not."""
        self.copy_platform()
        done = 0
        for name in [str(path.relative_to(self.folder)) for path in sorted(self.folder.glob("charts/*/values*.yaml"))]:
            with self.client() as client:
                client.open(name)
                before = client.published(name)
                for finding in before[:40]:
                    text = client.texts[name]
                    found = client.request("textDocument/codeAction", {
                        "textDocument": {"uri": uri_of(self.folder / name)}, "context": {"diagnostics": []},
                        "range": finding["range"]})
                    action = [a for a in found if a["title"].startswith(f"Suppress {finding['code']} ")]
                    self.assertTrue(action, (name, finding))
                    client.change(name, self.apply(client, action[0]["edit"])[name])
                    after = client.published(name)
                    self.assertLess(len(after), len(before), (name, finding))
                    self.assertNotIn("VL009", [d["code"] for d in after])
                    client.change(name, text)
                    client.published(name)
                    done += 1
        self.assertGreater(done, 100)

    def test_where_the_comment_goes(self):
        client = self.client()
        client.open(VALUES)
        for text, code, expected in (
                ("image:\n  tag: 1\n", "VL101", "image:\n  tag: 1  # valuelint: ignore[VL101]\n"),
                ("image:\r\n  tag: 1", "VL101", "image:\r\n  tag: 1  # valuelint: ignore[VL101]"),
                ("image:\n  tag: 1 # mine\n", "VL101", "image:\n  # valuelint: ignore[VL101]\n  tag: 1 # mine\n"),
                ("image:\r\n  tag: 1 # mine\r\n", "VL101",
                 "image:\r\n  # valuelint: ignore[VL101]\r\n  tag: 1 # mine\r\n"),
                ("image:\n  tag: 1 # valuelint: ignore[VL904] x\n", "VL101",
                 "image:\n  # valuelint: ignore[VL101]\n  tag: 1 # valuelint: ignore[VL904] x\n"),
                ("image:\n  tag: \"x\"\nother: |\n  a: 1 # b\n", "VL904",
                 "image:\n  tag: \"x\"\n# valuelint: ignore[VL904]\nother: |\n  a: 1 # b\n"),
                ("level: a\n", "VL103", "# valuelint: ignore-file[VL103]\nlevel: a\n"),
                ("# valuelint: ignore-file[VL904]\nlevel: a\n", "VL103",
                 "# valuelint: ignore-file[VL103]\n# valuelint: ignore-file[VL904]\nlevel: a\n")):
            client.change(VALUES, text)
            place = next(d for d in client.published(VALUES) if d["code"] == code)
            found = client.request("textDocument/codeAction", {
                "textDocument": {"uri": uri_of(self.folder / VALUES)}, "context": {"diagnostics": []},
                "range": place["range"]})
            action = next(a for a in found if a["title"].startswith(f"Suppress {code} "))
            self.assertEqual(self.apply(client, action["edit"])[VALUES], expected)

    def test_opening_a_rule(self):
        client = self.client()
        self.assertIsNone(client.request("workspace/executeCommand",
                                         {"command": "valuelint.openRule", "arguments": ["VL104"]}))
        client.begin("workspace/executeCommand", {"command": "valuelint.openRule", "arguments": ["VL104"]})
        message = client.read()
        self.assertEqual(message["method"], "window/showMessage")
        self.assertTrue(message["params"]["message"].startswith("VL104 legacy-path: "))
        self.assertEqual(client.answer(2 + 1), None)
        for params in ({"command": "x"}, {"command": "valuelint.openRule"},
                       {"command": "valuelint.openRule", "arguments": ["VL999"]}):
            self.assertEqual(client.request("workspace/executeCommand", params), "-32602")

    def test_a_client_without_literals_gets_none(self):
        client = self.client(capabilities={})
        client.open(VALUES)
        client.edit(VALUES, '"1.10"', "1")
        self.assertEqual(self.actions(client, VALUES, "tag"), [])

    def test_edits_without_versions(self):
        capabilities = json.loads(json.dumps(CAPABILITIES))
        del capabilities["workspace"]["workspaceEdit"]
        client = self.client(capabilities=capabilities)
        client.open(VALUES)
        edit = client.request("textDocument/rename", {**client.at(VALUES, "level"), "newName": "logLevel"})
        self.assertIn("logLevel: info", self.apply(client, edit, versions=False)[VALUES])


class Navigation(Changes):
    def places(self, client, method, name, text, inside=0, **more):
        found = client.request(method, {**client.at(name, text, inside), **more})
        places = []
        for place in found:
            file = str(pathlib.Path(place["uri"][7:]).relative_to(self.folder))
            client.texts.setdefault(file, (self.folder / file).read_text())
            places.append((file, place["range"]["start"]["line"] + 1, client.text_at(file, place["range"])))
        return places

    def test_definition(self):
        client = self.client()
        for name in (VALUES, TEMPLATE, HELPERS, "shop/values.yaml", "web/values-dev.yaml"):
            client.open(name)
        where = "textDocument/definition"
        tags = [(VALUES, 2, "tag"), ("web/values-dev.yaml", 2, "tag"), ("shop/values.yaml", 5, "tag")]
        self.assertEqual(self.places(client, where, TEMPLATE, ".image.tag", 8), tags)
        self.assertEqual([place[0] for place in self.places(client, where, TEMPLATE, ".image.tag", 3)],
                         [name for name, _, _ in tags])
        self.assertEqual(self.places(client, where, TEMPLATE, ".pullPolicy", 5), [(VALUES, 3, "pullPolicy")])
        self.assertEqual(self.places(client, where, "web/values-dev.yaml", "tag"), [(VALUES, 2, "tag")])
        self.assertEqual(self.places(client, where, "shop/values.yaml", "2.0", 1), [(VALUES, 2, "tag")])
        self.assertEqual(self.places(client, where, VALUES, "level"),
                         [("standard.yaml", 10, "{type: string, x-valuelint: {legacy: [config.level]}}")])
        self.assertEqual(self.places(client, where, TEMPLATE, "Deployment", 3), [])

    def test_references(self):
        client = self.client()
        client.open(VALUES)
        client.open(TEMPLATE)
        where = "textDocument/references"
        around = [("shop/values.yaml", 5, "tag"), (TEMPLATE, 10, ".Values.image.tag")]
        self.assertEqual(self.places(client, where, VALUES, "tag", context={"includeDeclaration": False}), around)
        self.assertEqual(self.places(client, where, TEMPLATE, ".image.tag", 8, context={"includeDeclaration": True}),
                         [(VALUES, 2, "tag"), ("web/values-dev.yaml", 2, "tag"), *around])
        self.assertEqual(self.places(client, where, VALUES, "image", context={})[1:],
                         [(TEMPLATE, 10, ".Values.image"), (TEMPLATE, 11, ".Values.image"), (TEMPLATE, 11, ".pullPolicy")])
        self.assertEqual(self.places(client, where, VALUES, "level", context={}),
                         [("shop/values.yaml", 6, "level"), (HELPERS, 3, ".Values.level")])


class Rename(Changes):
    def rename(self, client, name, text, new, inside=0):
        return client.request("textDocument/rename", {**client.at(name, text, inside), "newName": new})

    def test_it_is_the_move_of_mv(self):
        for name, text, inside, new, old, path in (
                (VALUES, "tag", 1, "version", "image.tag", "image.version"),
                (TEMPLATE, ".image.tag", 8, "version", "image.tag", "image.version"),
                ("shop/values.yaml", "2.0", 0, "version", "image.tag", "image.version"),
                (VALUES, "level", 1, "log.level", "level", "log.level"),
                (HELPERS, ".Values.level", 9, "logLevel", "level", "logLevel")):
            with self.subTest(name=name, new=new), self.client() as client:
                client.open(name)
                prepared = client.request("textDocument/prepareRename", client.at(name, text, inside))
                self.assertEqual(prepared["placeholder"], old.split(".")[-1])
                after = self.apply(client, self.rename(client, name, text, new, inside))
                shutil.rmtree(self.folder)
                self.folder.mkdir()
                (self.folder / ".git").mkdir()
                write(self.folder, FILES)
                done = self.run_here("mv", "web", old, path)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertEqual(after, read(self.folder))
                self.assertNotEqual(after[VALUES], FILES[VALUES])
                write(self.folder, FILES)

    def test_the_text_of_the_editor_is_renamed(self):
        client = self.client("--schema", "none")
        client.open(VALUES)
        client.open(TEMPLATE)
        client.change(VALUES, "image:\n  tag: new\n")
        client.edit(TEMPLATE, 'image: "web:', 'x: {{ .Values.image.tag }}\n          image: "web:')
        after = self.apply(client, self.rename(client, VALUES, "tag", "version"))
        self.assertEqual(after[VALUES], "image:\n  version: new\n")
        self.assertEqual(after[TEMPLATE].count(".Values.image.version"), 2)

    def test_what_cannot_be_renamed_says_why(self):
        client = self.client("--schema", "none")
        client.open(VALUES)
        client.open(TEMPLATE)
        client.edit(TEMPLATE, ".Values.image.tag", "index .Values.image (print \"t\" \"ag\")")
        begun = client.begin("textDocument/rename", {**client.at(VALUES, "tag"), "newName": "version"})
        while True:
            message = client.read()
            if message.get("id") == begun:
                break
        self.assertEqual(message["error"]["code"], -32803)
        self.assertIn("templates/deployment.yaml:", message["error"]["message"])
        self.assertEqual(self.rename(client, VALUES, "tag", "a..b"), "-32602")
        self.assertEqual(self.rename(client, VALUES, "tag", ""), "-32602")
        self.assertEqual(self.rename(client, VALUES, "# ", "x"), "-32803")


def client_program():
    import os
    return os.environ["VALUELINT"]


if __name__ == "__main__":
    unittest.main()
