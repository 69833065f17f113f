"""A client of `valuelint lsp`: JSON-RPC over pipes, nothing else. $VALUELINT is the program."""
import json
import os
import pathlib
import subprocess

CAPABILITIES = {
    "workspace": {"workspaceEdit": {"documentChanges": True}, "applyEdit": True,
                  "didChangeWatchedFiles": {"dynamicRegistration": True}},
    "textDocument": {"hover": {"contentFormat": ["markdown"]},
                     "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}},
                     "documentSymbol": {"hierarchicalDocumentSymbolSupport": True}},
}


def uri_of(path):
    return pathlib.Path(path).as_uri()


class Client:
    """Every wait ends with the server's output, so that a server that dies fails a test rather than stopping it."""

    def __init__(self, folder, *arguments, capabilities=None, program=None):
        self.folder = pathlib.Path(folder)
        self.next_id = 0
        self.versions = {}
        self.texts = {}
        self.diagnostics = {}  # uri -> the last notification
        self.requests = []     # of the server
        self.process = subprocess.Popen([program or os.environ["VALUELINT"], "lsp", *arguments], cwd=folder,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if capabilities is not False:
            self.capabilities = self.request("initialize", {
                "processId": os.getpid(), "rootUri": uri_of(folder),
                "capabilities": CAPABILITIES if capabilities is None else capabilities})["capabilities"]
            self.notify("initialized", {})

    # ---- messages ----

    def write(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def read(self):
        """The next message; raises where the server has ended."""
        length = None
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise EOFError(f"the server ended: {self.process.wait()} {self.process.stderr.read().decode()}")
            if line == b"\r\n":
                break
            name, value = line.split(b":")
            if name == b"Content-Length":
                length = int(value)
        message = json.loads(self.process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]
        elif "method" in message and "id" in message:
            self.requests.append(message)
        return message

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def begin(self, method, params):
        self.next_id += 1
        self.send({"id": self.next_id, "method": method, "params": params})
        return self.next_id

    def answer(self, number):
        """The answer to a request: its result, or its error as a string."""
        while True:
            message = self.read()
            if message.get("id") == number and "method" not in message:
                return message["result"] if "result" in message else f"{message['error']['code']}"

    def request(self, method, params):
        return self.answer(self.begin(method, params))

    # ---- documents ----

    def path(self, name):
        return self.folder / name

    def open(self, name, text=None):
        """Opens a document and gives its diagnostics."""
        uri = uri_of(self.path(name))
        self.texts[name] = self.path(name).read_text(encoding="utf-8") if text is None else text
        self.versions[name] = 1
        self.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1,
                                                              "text": self.texts[name]}})
        return self.published(name)

    def change(self, name, *changes):
        """Changes a document: each change is a text, or (start, end, text) with offsets in the text so far."""
        made = []
        for change in changes:
            if isinstance(change, str):
                self.texts[name] = change
                made.append({"text": change})
                continue
            start, end, text = change
            made.append({"range": {"start": self.position(name, start), "end": self.position(name, end)},
                         "text": text})
            self.texts[name] = self.texts[name][:start] + text + self.texts[name][end:]
        self.versions[name] += 1
        self.notify("textDocument/didChange", {"textDocument": {"uri": uri_of(self.path(name)),
                                                                "version": self.versions[name]},
                                               "contentChanges": made})

    def edit(self, name, old, new):
        """Replaces the one place of `old` and gives the diagnostics then."""
        assert self.texts[name].count(old) == 1, old
        start = self.texts[name].index(old)
        self.change(name, (start, start + len(old), new))
        return self.published(name)

    def close(self, name):
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri_of(self.path(name))}})

    def published(self, name):
        """The diagnostics of the document's current version."""
        uri = uri_of(self.path(name))
        while self.diagnostics.get(uri, {}).get("version") != self.versions[name]:
            self.read()
        return self.diagnostics[uri]["diagnostics"]

    def codes(self, name):
        return sorted(found["code"] for found in self.diagnostics[uri_of(self.path(name))]["diagnostics"])

    def position(self, name, offset):
        before = self.texts[name][:offset]
        line = before.count("\n")
        return {"line": line, "character": len(before[before.rfind("\n") + 1:].encode("utf-16-le")) // 2}

    def offset(self, name, position):
        lines = self.texts[name].split("\n")
        units = lines[position["line"]].encode("utf-16-le")[:2 * position["character"]]
        return sum(len(line) + 1 for line in lines[:position["line"]]) + len(units.decode("utf-16-le"))

    def text_at(self, name, found):
        """The text in a range."""
        return self.texts[name][self.offset(name, found["start"]):self.offset(name, found["end"])]

    def at(self, name, text, inside=0):
        """The parameters of a request about the place of `text` in a document."""
        offset = self.texts[name].index(text) + inside
        return {"textDocument": {"uri": uri_of(self.path(name))}, "position": self.position(name, offset)}

    def stop(self):
        """Ends the server as the protocol has it; gives its status and what it said on standard error."""
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.finish()

    def finish(self):
        self.process.stdin.close()
        self.process.stdout.read()
        status = self.process.wait()
        words = self.process.stderr.read().decode()
        self.process.stdout.close()
        self.process.stderr.close()
        return status, words

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if self.process.poll() is None:
            if kind is None:
                self.process.stdin.close()
                self.process.wait()
            else:
                self.process.kill()
                self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()
