#!/usr/bin/env python3
"""`valuelint lsp` and its protocol: what a client may send, in what order; garbage; edits; and that what an editor shows
is what a run over the files finds."""
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from client import Client, uri_of  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PLATFORM = ROOT / "fixtures" / "platform" / "before"
LEDGER = "charts/credential-ledger/"
METHODS = ["initialize", "initialized", "shutdown", "textDocument/didOpen", "textDocument/didChange",
           "textDocument/didSave", "textDocument/didClose", "textDocument/hover", "textDocument/completion",
           "textDocument/documentSymbol", "textDocument/codeAction", "textDocument/definition",
           "textDocument/references", "textDocument/rename", "textDocument/prepareRename",
           "workspace/executeCommand", "workspace/didChangeWatchedFiles", "$/cancelRequest", "$/setTrace"]


class Protocol(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="valuelint-test-")).resolve()
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copytree(PLATFORM, self.folder, dirs_exist_ok=True)

    def client(self, *arguments, **options):
        client = Client(self.folder, *arguments, **options)
        self.addCleanup(client.__exit__, None, None, None)
        return client

    def found(self, client, name):
        return [(found["range"]["start"]["line"] + 1, found["range"]["start"]["character"] + 1, found["code"])
                for found in client.published(name)]

    def run_on(self, *arguments):
        """What a run over files finds, by file."""
        done = subprocess.run([client_program(), "--format", "json", "--exit-zero", *arguments], cwd=self.folder,
                              capture_output=True, text=True, check=True)
        files = {}
        for found in json.loads(done.stdout)["findings"]:
            start = found["start"] or {"line": 1, "column": 1}
            files.setdefault(found["path"], []).append((start["line"], start["column"], found["id"]))
        return files

    # ---- the order of messages ----

    def test_begin_and_end(self):
        client = self.client()
        self.assertEqual(client.capabilities["positionEncoding"], "utf-16")
        self.assertEqual(client.capabilities["textDocumentSync"]["change"], 2)
        self.assertEqual(client.stop(), (0, ""))

    def test_before_initialize(self):
        client = self.client(capabilities=False)
        self.assertEqual(client.request("textDocument/hover", {}), "-32002")
        self.assertEqual(client.request("shutdown", None), "-32002")
        client.notify("exit", None)
        self.assertEqual(client.finish(), (1, ""))

    def test_initialize_twice_and_after_shutdown(self):
        client = self.client()
        self.assertEqual(client.request("initialize", {"capabilities": {}}), "-32600")
        self.assertIsNone(client.request("shutdown", None))
        self.assertEqual(client.request("shutdown", None), "-32600")
        client.notify("exit", None)
        self.assertEqual(client.finish(), (0, ""))

    def test_the_end_of_the_input_ends_the_server(self):
        client = self.client()
        self.assertEqual(client.finish(), (1, ""))

    def test_unknown_methods(self):
        client = self.client()
        self.assertEqual(client.request("textDocument/nothing", {}), "-32601")
        client.notify("$/nothing", {})
        client.notify("nothing", {})
        self.assertEqual(client.stop(), (0, ""))

    def test_a_cancelled_request_is_answered_as_such(self):
        client = self.client()
        first = client.begin("textDocument/nothing", {})
        body = b""
        for message in ({"id": 50, "method": "textDocument/nothing", "params": {}},
                        {"id": "50", "method": "textDocument/nothing", "params": {}},
                        {"method": "$/cancelRequest", "params": {"id": 50}}):
            text = json.dumps({"jsonrpc": "2.0", **message}).encode()
            body += b"Content-Length: %d\r\n\r\n%s" % (len(text), text)
        client.write(body)  # in one piece: the cancellation is there before the request's turn
        self.assertEqual(client.answer(first), "-32601")
        self.assertEqual(client.answer(50), "-32800")
        self.assertEqual(client.answer("50"), "-32601")

    # ---- garbage ----

    def test_headers(self):
        good = json.dumps({"jsonrpc": "2.0", "id": 9, "method": "textDocument/nothing"}).encode()
        header = b"Content-Length: %d\r\n" % len(good)
        for text in (b"Content-Type: x; charset=utf-8\r\n" + header + b"\r\n" + good,
                     header + b"Content-Type: x\r\n\r\n" + good,
                     b"content-length:%d\r\n\r\n" % len(good) + good):
            client = self.client()
            client.write(text)
            self.assertEqual(client.answer(9), "-32601", text)
            self.assertEqual(client.stop(), (0, ""))

    def test_garbage_between_messages(self):
        noise = random.Random(7)
        pieces = [b"\x00\xff\x1b[2J", b"GET / HTTP/1.1\r\n\r\n", b"Content-Length: x\r\n\r\n", b"Content-Length: -5\r\n\r\n{}",
                  b"Content-Length: 99999999999999999999\r\n\r\n", b"Content-Length:\r\n\r\n", b"Content-Len",
                  b"Content-Length: 3\r\n\r\n{}}", b"Content-Length: 2\r\n\r\n\xff\xfe", b"\r\n\r\n\r\n",
                  b"Content-Length: 0\r\n\r\n", b"Content-Length: 7\nX: y\n\n{}{}{}{", b"a" * 20000,
                  b"Content-Length: 12\r\n\r\n" + b"[" * 12,
                  b"Content-Length: 5\r\nContent-Length: 7\r\n\r\n{   }", b"Content-Length: 5\r\nX: y\r\n\r\n"]
        pieces += [bytes(noise.randrange(256) for _ in range(noise.randrange(1, 400))) for _ in range(60)]
        client = self.client()
        for piece in pieces:
            client.write(piece)
            answer = client.request("textDocument/nothing", {})
            self.assertEqual(answer, "-32601", piece)
        self.assertEqual(client.stop(), (0, ""))

    def test_texts_that_are_no_messages(self):
        client = self.client()
        for text in ("{}", "[]", "1", "null", '"x"', '{"jsonrpc":"1.0","id":1,"method":"shutdown"}', '{"jsonrpc":"2.0"}',
                     '{"jsonrpc":"2.0","id":{},"method":"x"}', '{"jsonrpc":"2.0","id":[1],"method":"x"}',
                     '{"jsonrpc":"2.0","id":1,"method":7}', '{"jsonrpc":"2.0","method":""}', "[" * 100000, '{"a":' * 3000,
                     '{"jsonrpc":"2.0","id":1,"id":2,"method":"shutdown"}', '{"jsonrpc":"2.0","id":7,"result":null}',
                     '{"jsonrpc":"2.0","id":7,"error":{"code":1}}', '{"jsonrpc":"2.0","id":1e999,"method":"x"}'):
            client.write(b"Content-Length: %d\r\n\r\n%s" % (len(text), text.encode()))
            self.assertEqual(client.request("textDocument/nothing", {}), "-32601", text)
        self.assertEqual(client.stop(), (0, ""))

    def test_parameters_of_all_kinds(self):
        """No method minds what it is given; those that change nothing go on answering."""
        name = LEDGER + "values.yaml"
        uri = uri_of(self.folder / name)
        places = [None, [], 1, "x", {}, {"line": -1, "character": -1}, {"line": 10 ** 12, "character": 10 ** 12},
                  {"line": "1", "character": None}, {"line": 0.5, "character": 1}, {"line": 0, "character": 99999}]
        documents = [None, [], "x", {}, {"uri": uri}, {"uri": 7}, {"uri": "untitled:x"}, {"uri": "file:///%00"},
                     {"uri": "file://" + "/x" * 3000}, {"uri": uri, "version": "x", "text": 5}, {"uri": uri + "%"}]
        for method in METHODS:
            if method in ("shutdown",):
                continue
            client = self.client()
            client.open(name)
            number = 1000
            for document in documents:
                for place in places:
                    number += 1
                    client.send({"id": number, "method": method, "params": {
                        "textDocument": document, "position": place, "range": {"start": place, "end": place},
                        "context": place, "contentChanges": [{"range": {"start": place, "end": place}, "text": ""}, place],
                        "changes": [place, {"uri": uri, "type": place}], "newName": place, "command": place,
                        "arguments": place}})
                client.answer(number)
            for params in (None, [], "x", 7):
                number += 1
                client.send({"id": number, "method": method, "params": params})
            client.answer(number)
            self.assertEqual(client.stop(), (0, ""), method)

    def test_random_parameters(self):
        """Messages made of a grammar's parts at random: the server answers each request once, and ends well."""
        rng = random.Random(3)
        name = LEDGER + "values.yaml"
        uris = [uri_of(self.folder / LEDGER / file) for file in ("values.yaml", "Chart.yaml", "templates/a.yaml", "x")]

        def value(depth=0):
            kind = rng.randrange(9 if depth < 3 else 6)
            if kind == 0:
                return rng.choice([None, True, False, 0, 1, -1, 2 ** 40, 1.5])
            if kind == 1:
                return rng.choice(uris)
            if kind == 2:
                return {"line": rng.randrange(0, 60), "character": rng.randrange(0, 40)}
            if kind == 3:
                return {"start": {"line": 1, "character": 0}, "end": {"line": rng.randrange(0, 9), "character": 3}}
            if kind == 4:
                return rng.choice(["", "a: b\n", "\U0001F600", "{{", "\r\n\r", "x" * 50])
            if kind == 5:
                return {"uri": rng.choice(uris), "version": rng.randrange(9), "text": "image: {a: [1\n"}
            if kind == 6:
                return [value(depth + 1) for _ in range(rng.randrange(3))]
            keys = ("textDocument", "position", "range", "text", "contentChanges", "changes", "context", "newName", "id")
            return {key: value(depth + 1) for key in rng.sample(keys, rng.randrange(1, 7))}

        client = self.client()
        client.open(name)
        for number in range(2000, 3200):
            method = rng.choice([method for method in METHODS if method != "shutdown"])
            client.send({"id": number, "method": method, "params": value()} if rng.randrange(2) else
                        {"method": method, "params": value()})
            if number % 40 == 0:
                self.assertEqual(client.request("textDocument/nothing", {}), "-32601")
        self.assertEqual(client.stop(), (0, ""))

    def test_hostile_files(self):
        """Whatever a repository holds: the server answers, and ends well."""
        hostile = ROOT / "fixtures" / "hostile"
        shutil.copytree(hostile, self.folder / "hostile", symlinks=True)
        with self.client("--preview", "--schema", "builtin") as client:
            files = sorted(path for path in (self.folder / "hostile").glob("*/**/*") if path.is_file())
            self.assertGreater(len(files), 100)
            for path in files:
                name = str(path.relative_to(self.folder))
                client.open(name, path.read_text(encoding="utf-8", errors="replace"))
                text = {"textDocument": {"uri": uri_of(path)}}
                lines = client.texts[name].count("\n")
                for line in {0, 1, lines // 2, lines}:
                    place = {**text, "position": {"line": line, "character": 3}, "context": {}, "newName": "x",
                             "range": {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 9}}}
                    for method in ("hover", "completion", "definition", "references", "codeAction", "rename",
                                   "prepareRename"):
                        client.request(f"textDocument/{method}", place)
                client.request("textDocument/documentSymbol", text)
                client.close(name)
            self.assertEqual(client.stop(), (0, ""))

    # ---- diagnostics ----

    def test_they_are_those_of_a_run(self):
        for values in sorted(self.folder.glob("charts/*/values*.yaml")):
            name = str(values.relative_to(self.folder))
            client = self.client()
            client.open(name)
            client.request("textDocument/nothing", {})
            expected = self.run_on(str(values.parent.relative_to(self.folder)))
            shown = {}
            for uri, published in client.diagnostics.items():
                if published["diagnostics"]:
                    shown[str(pathlib.Path(uri[7:]).relative_to(self.folder))] = [
                        (found["range"]["start"]["line"] + 1, found["range"]["start"]["character"] + 1, found["code"])
                        for found in published["diagnostics"]]
            self.assertEqual(shown, expected, name)
            self.assertEqual(client.stop(), (0, ""))

    def test_edits_lead_to_the_text(self):
        """Edits at random, some in one notification, in a text with characters of all widths and line ends of all kinds:
        the diagnostics are those of the text as a whole."""
        rng = random.Random(11)
        name = LEDGER + "values.yaml"
        client, other = self.client(), self.client()
        client.open(name)
        other.open(name)
        words = ["x: 1\n", "\U0001F600", "é", "\t", "  ", "image:\n  tag: latest\n", "# c\r\n", "\r\n", "a", "", "'"]
        for _ in range(60):
            changes = []
            for _ in range(rng.randrange(1, 4)):
                length = len(client.texts[name]) if not changes else None
                if length is None:
                    break
                start = rng.randrange(length + 1)
                changes.append((start, min(length, start + rng.choice([0, 0, 1, 5, 30])), rng.choice(words)))
            client.change(name, *changes)
            other.change(name, client.texts[name])
            self.assertEqual(client.published(name), other.published(name), client.texts[name])

    def test_positions_count_utf16(self):
        name = LEDGER + "values.yaml"
        client = self.client()
        client.open(name, '"\U0001F600é": 1\nx: {"\U0001F600": 1, "\U0001F600": 2}\n')
        found = [d for d in client.published(name) if d["code"] == "VL002"]
        self.assertEqual([d["range"] for d in found], [{"start": {"line": 1, "character": 13},
                                                        "end": {"line": 1, "character": 17}}])

    def test_unsaved_texts_take_the_place_of_files(self):
        chart = self.folder / "own"
        (chart / "templates").mkdir(parents=True)
        (chart / "Chart.yaml").write_text("apiVersion: v2\nname: own\nversion: 1.0.0\n")
        (chart / "values.yaml").write_text("a: 1\n")
        (chart / "values-dev.yaml").write_text("a: 2\n")
        (chart / "templates" / "a.yaml").write_text("a: {{ .Values.a }}\n")
        client = self.client("--preview", "--schema", "none")
        client.open("own/values.yaml")
        client.open("own/templates/a.yaml")
        self.assertEqual(client.codes("own/values.yaml"), [])
        client.edit("own/templates/a.yaml", ".Values.a", ".Values.b.c")  # unsaved, and the values are checked against it
        client.request("textDocument/nothing", {})
        self.assertIn("VL904", client.codes("own/values.yaml"))
        self.assertIn("VL901", client.codes("own/templates/a.yaml"))
        client.edit("own/values.yaml", "a: 1", "b: {c: 1}")
        client.request("textDocument/nothing", {})
        self.assertEqual(client.codes("own/values.yaml"), [])
        self.assertEqual(client.codes("own/templates/a.yaml"), [])
        self.assertEqual(client.open("own/values-dev.yaml")[0]["code"], "VL914")  # the templates ran with the buffers
        client.open("own/Chart.yaml")
        client.edit("own/Chart.yaml", "version: 1.0.0", "version: [")
        self.assertIn("VL011", client.codes("own/Chart.yaml"))
        client.open("own/values.schema.json", '{"required": ["d"]}')  # a file that is not there yet
        client.request("textDocument/nothing", {})
        self.assertIn("VL019", client.codes("own/values.yaml"))
        self.assertEqual((chart / "values.yaml").read_text(), "a: 1\n")

    def test_new_files_belong_to_the_chart(self):
        client = self.client()
        self.assertIn("VL002", [d["code"] for d in client.open(LEDGER + "values-new.yaml", "a: 1\na: 2\n")])

    def test_what_is_closed_is_not_shown(self):
        name = LEDGER + "values.yaml"
        client = self.client()
        self.assertNotEqual(client.open(name), [])
        client.close(name)
        client.request("textDocument/nothing", {})
        self.assertEqual(client.diagnostics[uri_of(self.folder / name)]["diagnostics"], [])

    def test_files_that_are_no_ones(self):
        client = self.client()
        (self.folder / ".valuelint.yaml").write_text("exclude: [\"charts/csca-service/**\", \"charts/csca-service\"]\n")
        for name in ("README.md", "other.yaml", "charts/csca-service/values.yaml"):
            self.assertEqual(client.open(name, "a: 1\na: 2\n"), [], name)
        client.notify("textDocument/didOpen", {"textDocument": {"uri": "untitled:one", "version": 1, "text": "a: ["}})
        self.assertEqual(client.stop(), (0, ""))

    def test_standards_and_configurations(self):
        (self.folder / ".valuelint.yaml").write_text("schema: standard.yaml\n")
        (self.folder / "standard.yaml").write_text("properties: {}\n")
        name = LEDGER + "values.yaml"
        client = self.client()
        client.open(name)
        client.open("standard.yaml")
        self.assertEqual(client.codes("standard.yaml"), [])
        client.edit("standard.yaml", "properties: {}", "properties: {a: {type: strung}}\nrequired: [a]")
        found = client.published("standard.yaml")
        self.assertEqual([(d["code"], client.text_at("standard.yaml", d["range"])) for d in found],
                         [("configuration", "strung")])
        client.edit("standard.yaml", "strung", "string")
        client.request("textDocument/nothing", {})
        self.assertEqual(client.codes("standard.yaml"), [])
        self.assertIn("VL103", client.codes(name))  # by the standard as it stands in the editor
        self.assertEqual([(d["code"], d["severity"]) for d in client.open(".valuelint.yaml", "ignore: [VL9x9]\n")],
                         [("configuration", 1)])

    def test_known_findings_are_left_out(self):
        subprocess.run([client_program(), "baseline", "charts"], cwd=self.folder, capture_output=True, check=True)
        (self.folder / ".valuelint.yaml").write_text("baseline: .valuelint-baseline.json\n")
        name = LEDGER + "values.yaml"
        client = self.client()
        self.assertEqual(client.open(name), [])
        client.change(name, client.texts[name] + "surprise: 1\n")
        self.assertEqual({d["code"] for d in client.published(name)}, {"VL904"})

    def test_manifests_of_a_mesh(self):
        shutil.rmtree(self.folder)
        shutil.copytree(ROOT / "tests" / "golden" / "mesh" / "unknown-service", self.folder)
        (self.folder / ".valuelint.yaml").write_text("mesh: k8s\nselect: [VL805, VL001]\n")
        expected = self.run_on("charts")["k8s/all.yaml"]
        client = self.client()
        client.open("k8s/all.yaml")
        self.assertEqual(self.found(client, "k8s/all.yaml"), expected)
        self.assertGreater(len(expected), 3)
        client.edit("k8s/all.yaml", "host: cache.marty.svc.cluster.local", "host: credential-ledger")
        self.assertEqual(self.found(client, "k8s/all.yaml"), [place for place in expected if place[0] != 24])
        client.change("k8s/all.yaml", "a: [\n")
        self.assertEqual([d["code"] for d in client.published("k8s/all.yaml")], ["VL001"])
        client.change("k8s/all.yaml", "# \U0001F600\n")
        self.assertEqual(client.published("k8s/all.yaml"), [])
        self.assertEqual(client.open("other.yaml", "a: ["), [])

    def test_what_changes_on_the_disk(self):
        name = LEDGER + "values.yaml"
        client = self.client()
        self.assertIn("VL103", [d["code"] for d in client.open(name)])
        watch = [m for m in client.requests if m["method"] == "client/registerCapability"]
        self.assertEqual([r["method"] for r in watch[0]["params"]["registrations"]], ["workspace/didChangeWatchedFiles"])
        (self.folder / ".valuelint.yaml").write_text("ignore: [VL103]\n")
        client.notify("workspace/didChangeWatchedFiles",
                      {"changes": [{"uri": uri_of(self.folder / ".valuelint.yaml"), "type": 1}]})
        client.request("textDocument/nothing", {})
        client.change(name, client.texts[name])
        self.assertNotIn("VL103", [d["code"] for d in client.published(name)])

    def test_secrets_are_not_shown(self):
        name = LEDGER + "values.yaml"
        client = self.client()
        client.open(name)
        client.change(name, "config:\n  dbPassword: hunter2hunter2\n  dbPassword: hunter2hunter3\n")
        self.assertNotIn("hunter2hunter", json.dumps(client.published(name)))


def client_program():
    import os
    return os.environ["VALUELINT"]


if __name__ == "__main__":
    unittest.main()
