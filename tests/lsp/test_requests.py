#!/usr/bin/env python3
"""The requests of `valuelint lsp`: hover, completion, symbols, and what changes texts."""
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from charts import FILES, write  # noqa: E402
from client import Client, uri_of  # noqa: E402

VALUES, TEMPLATE, HELPERS = "web/values.yaml", "web/templates/deployment.yaml", "web/templates/_helpers.tpl"


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="valuelint-test-")).resolve()
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / ".git").mkdir()
        write(self.folder, FILES)

    def client(self, *arguments, **options):
        client = Client(self.folder, *arguments, **options)
        self.addCleanup(client.__exit__, None, None, None)
        return client


class Hover(Case):
    def hover(self, client, name, text, inside=0):
        result = client.request("textDocument/hover", client.at(name, text, inside))
        return (client.text_at(name, result["range"]), result["contents"]["value"]) if result else None

    def test_a_key_of_values(self):
        client = self.client()
        client.open(VALUES)
        self.assertEqual(self.hover(client, VALUES, "tag", 1), ("tag", """\
`image.tag` string, required

The tag of the image.

Default of the standard: `"1.0"`

Set by, as Helm reads it:
- values.yaml:2: `"1.10"`
- values-dev.yaml:2: `"dev"`
- ../shop/values.yaml:5: `"2.0"`

Read by:
- templates/deployment.yaml:10: `.Values.image.tag`

Ends in:
- Deployment `release-name`: `spec.template.spec.containers[0].image`
"""))

    def test_a_value_and_what_is_allowed(self):
        client = self.client()
        client.open(VALUES)
        word, text = self.hover(client, VALUES, "Always", 2)
        self.assertEqual(word, "Always")
        self.assertIn("Allowed: `\"Always\"`, `\"no\"`, `\"IfNotPresent\"`\n", text)
        self.assertIn("Read by:\n- templates/deployment.yaml:11: `.pullPolicy`\n", text)
        self.assertIn("Ends in:\n- Deployment `release-name`: `spec.template.spec.containers[0].imagePullPolicy`", text)

    def test_a_reference_of_a_template_and_a_define(self):
        client = self.client()
        client.open(HELPERS)
        word, text = self.hover(client, HELPERS, ".Values.level", 9)
        self.assertEqual(word, ".level")
        self.assertIn("Old places: `config.level`\n", text)
        self.assertIn("- values.yaml:4: `\"info\"`\n- ../shop/values.yaml:6: `\"warn\"`\n", text)
        self.assertIn("Ends in:\n- Deployment `release-name`: `spec.template.spec.containers[0].env[0].value`", text)
        self.assertEqual(self.hover(client, HELPERS, ".Values.level", 20), None)

    def test_a_value_for_a_subchart(self):
        client = self.client()
        client.open("shop/values.yaml")
        word, text = self.hover(client, "shop/values.yaml", "level")
        self.assertTrue(text.startswith("`level` string\n"), text)
        self.assertIn("- ../web/values.yaml:4: `\"info\"`\n- values.yaml:6: `\"warn\"`\n", text)
        self.assertIn("Read by:\n- ../web/templates/_helpers.tpl:3: `.Values.level`\n", text)

    def test_unsaved_texts_count(self):
        client = self.client()
        client.open(VALUES)
        client.open(TEMPLATE)
        client.edit(TEMPLATE, ".Values.image.tag", ".Values.image.pullPolicy")
        text = self.hover(client, VALUES, "tag")[1]
        self.assertNotIn("Read by", text)
        client.edit(VALUES, '"1.10"', "1.10")
        self.assertIn("values.yaml:2: `1.1`\n", self.hover(client, VALUES, "tag")[1])  # as Helm reads it

    def test_secrets_are_not_shown(self):
        client = self.client()
        client.open(VALUES)
        text = self.hover(client, VALUES, "dbPassword")[1]
        self.assertIn("***", text)
        self.assertNotIn("hunter2", text)

    def test_templates_that_do_not_render(self):
        client = self.client()
        client.open(VALUES)
        client.open(TEMPLATE, FILES[TEMPLATE] + '{{ fail "no" }}\n')
        self.assertIn("The templates do not render: `", self.hover(client, VALUES, "tag")[1])

    def test_no_value(self):
        client = self.client(capabilities={})
        client.open(VALUES)
        client.open("web/Chart.yaml")
        client.open("other.txt", "image:\n")
        self.assertIsNone(self.hover(client, VALUES, "# "))
        self.assertIsNone(self.hover(client, "web/Chart.yaml", "name"))
        self.assertIsNone(self.hover(client, "other.txt", "image"))
        self.assertTrue(self.hover(client, VALUES, "tag")[1].startswith("image.tag string"))  # no Markdown is known


class Completion(Case):
    def items(self, client, name, text, inside):
        return [(item["label"], item.get("insertText"))
                for item in client.request("textDocument/completion", client.at(name, text, inside))]

    def test_keys(self):
        client = self.client()
        client.open(VALUES)
        client.change(VALUES, "level: info\nima\n")
        self.assertEqual(self.items(client, VALUES, "ima", 3),
                         [("image", "image:"), ("debug", "debug: "), ("dbPassword", "dbPassword: ")])
        client.change(VALUES, "image:\n  # one\n  tag: x\n\n  p\nlevel: x\n")
        self.assertEqual(self.items(client, VALUES, "  p", 3), [("pullPolicy", 'pullPolicy: "IfNotPresent"')])
        client.change(VALUES, "image:\n  tag: x\n  ")
        self.assertEqual(self.items(client, VALUES, "x\n  ", 4), [("pullPolicy", 'pullPolicy: "IfNotPresent"')])

    def test_values(self):
        client = self.client()
        client.open(VALUES)
        client.change(VALUES, "image:\n  pullPolicy: \ndebug: t\n")
        self.assertEqual(self.items(client, VALUES, "Policy: ", 8),
                         [("IfNotPresent", None), ("Always", None), ('"no"', None)])
        self.assertEqual(self.items(client, VALUES, "debug: t", 8), [("true", None), ("false", None)])

    def test_nothing(self):
        client = self.client()
        client.open(TEMPLATE)
        self.assertEqual(self.items(client, TEMPLATE, "kind", 2), [])


class Symbols(Case):
    def test_a_tree_and_a_list(self):
        client = self.client()
        client.open(VALUES)
        found = client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri_of(self.folder / VALUES)}})
        self.assertEqual([(s["name"], s["kind"], client.text_at(VALUES, s["range"]).split("\n")[0]) for s in found],
                         [("image", 2, "image:"), ("level", 15, "level: info"),
                          ("dbPassword", 15, "dbPassword: hunter2hunter2")])
        self.assertEqual([s["name"] for s in found[0]["children"]], ["tag", "pullPolicy"])
        flat = self.client(capabilities={})
        flat.open(VALUES)
        found = flat.request("textDocument/documentSymbol", {"textDocument": {"uri": uri_of(self.folder / VALUES)}})
        self.assertEqual([(s["name"], s["containerName"]) for s in found],
                         [("image", ""), ("tag", "image"), ("pullPolicy", "image"), ("level", ""), ("dbPassword", "")])


if __name__ == "__main__":
    unittest.main()
