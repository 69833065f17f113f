#!/usr/bin/env python3
"""The HTML report in Chromium: it loads without a word on the console and without the network, is readable without
scripts, filters, and shows what --fix does. Takes $VALUELINT from the environment; VALUELINT_SCREENSHOTS names a folder
for pictures of it. Skipped where Chromium, Node or playwright-core is missing."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support import tools  # noqa: E402

PROGRAM = os.environ.get("VALUELINT")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SCRIPT = """
const {chromium} = require('playwright-core');
(async () => {
  const [program, file, pictures, profile] = process.argv.slice(2);
  const seen = {console: [], requests: []};
  const options = {executablePath: program, viewport: {width: 1200, height: 900},
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run']};
  for (const scheme of ['light', 'dark']) {
    for (const javaScriptEnabled of [true, false]) {
      const name = scheme + (javaScriptEnabled ? '' : '-plain');
      const context = await chromium.launchPersistentContext(profile + '/' + name,
        {...options, colorScheme: scheme, javaScriptEnabled});
      const page = await context.newPage();
      page.on('console', message => seen.console.push(message.text()));
      page.on('pageerror', error => seen.console.push(String(error)));
      page.on('request', request => seen.requests.push(request.url()));
      await page.goto('file://' + file);
      if (pictures) await page.screenshot({path: `${pictures}/report-${name}.png`});
      const background = await page.locator('body').evaluate(e => getComputedStyle(e).backgroundColor);
      const result = seen[name] = {background, glance: await page.locator('#glance p').first().textContent(),
        first: await page.evaluate(() => document.querySelector('#glance').getBoundingClientRect().top <
          document.querySelector('.chart').getBoundingClientRect().top),
        charts: await page.locator('.chart').count(), findings: await page.locator('.finding').count(),
        form: await page.locator('#filter').isVisible(), wide: await page.evaluate(() =>
          document.documentElement.scrollWidth > document.documentElement.clientWidth)};
      await page.locator('.chart > summary').first().click();
      result.open = await page.locator('.finding').first().isVisible();
      result.added = await page.locator('.finding .d .a').first().textContent();
      if (pictures) await page.screenshot({path: `${pictures}/report-${name}-chart.png`});
      if (!javaScriptEnabled) { await context.close(); continue; }
      const shown = async () => {
        await page.waitForTimeout(400);
        return [await page.locator('#filter output').textContent(), await page.evaluate(() =>
          document.querySelectorAll('.finding:not([hidden])').length), await page.evaluate(() =>
          document.querySelectorAll('.chart:not([hidden])').length)];
      };
      result.all = await shown();
      await page.fill('[name=text]', 'LOG_LEVEL');
      result.text = await shown();
      await page.fill('[name=text]', 'no such words');
      result.nothing = await shown();
      await page.fill('[name=text]', '');
      await page.selectOption('[name=rule]', 'VL201');
      result.rule = await shown();
      await page.selectOption('[name=rule]', '');
      await page.uncheck('[name=error]');
      result.warnings = await shown();
      await page.check('[name=fixable]');
      result.fixable = await shown();
      await context.close();
    }
  }
  console.log(JSON.stringify(seen));
})().catch(error => { console.error(error); process.exit(1); });
"""


@unittest.skipUnless(PROGRAM, "no VALUELINT")
class HtmlReport(unittest.TestCase):
    def test_in_chromium(self):
        package = CHROMIUM and shutil.which("node") and tools.find_node_package(*tools.PLAYWRIGHT)
        if not package:
            self.skipTest("Chromium, Node and npm's playwright-core are needed")
        with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
            report, findings = self.make(pathlib.Path(folder))
            script = package / "html_report.js"
            script.write_text(SCRIPT, encoding="utf-8")
            done = subprocess.run(["node", script, CHROMIUM, report, os.environ.get("VALUELINT_SCREENSHOTS", ""),
                                   f"{folder}/profile"], capture_output=True, text=True, check=False, timeout=300)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.judge(json.loads(done.stdout), report, findings)

    def make(self, folder):
        report = folder / "report.html"
        done = subprocess.run([PROGRAM, "--exit-zero", "--format", f"html={report}", "--format", "json",
                               "fixtures/platform/before/charts"], cwd=tools.ROOT, capture_output=True, check=True)
        return report, json.loads(done.stdout)["findings"]

    def judge(self, seen, report, findings):
        self.assertEqual(seen["console"], [])
        self.assertEqual({url for url in seen["requests"] if not url.startswith("data:")}, {f"file://{report}"})
        self.assertNotEqual(seen["light"]["background"], seen["dark"]["background"])

        def count(fits):
            here = [finding for finding in findings if fits(finding)]
            charts = len({finding["chart"] for finding in here})
            return [f"{len(here)} of {len(findings)} findings", len(here), charts]

        for name in ("light", "light-plain", "dark", "dark-plain"):
            page = seen[name]
            self.assertTrue(page["glance"].startswith(f"Found {len(findings)} problems"), page["glance"])
            self.assertTrue(page["first"] and page["open"])
            self.assertFalse(page["wide"], "the page scrolls sideways")
            self.assertEqual(page["findings"], len(findings))
            self.assertEqual(page["form"], not name.endswith("plain"))
            self.assertTrue(page["added"].startswith("+"), page["added"])
        for name in ("light", "dark"):
            page = seen[name]
            self.assertEqual(page["all"], count(lambda f: True))
            self.assertEqual(page["rule"], count(lambda f: f["id"] == "VL201"))
            self.assertEqual(page["warnings"], count(lambda f: f["severity"] != "error"))
            self.assertEqual(page["fixable"], count(lambda f: f["severity"] != "error" and f["fix"] == "safe"))
            self.assertEqual(page["nothing"], [f"0 of {len(findings)} findings", 0, 0])
            self.assertGreater(page["text"][1], 0)
            self.assertLess(page["text"][1], len(findings))


if __name__ == "__main__":
    unittest.main(verbosity=2)
