#!/usr/bin/env python3
"""Makes the pictures of the documentation: the HTML report, in Chromium; and an editor, Neovim in a terminal of
xterm.js in Chromium, with findings and a hover of `valuelint lsp`. What is shown is read from the pages, so that the
script fails where there is nothing to see.

usage: pictures.py [--update]     without it, the pictures are made in a temporary folder and judged there

Takes $VALUELINT from the environment; skipped where Chromium, Node, Neovim, or npm's playwright-core and @xterm/xterm are
missing."""
import base64
import fcntl
import json
import os
import pathlib
import pty
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

import neovim  # noqa: E402
from support import tools  # noqa: E402

PROGRAM = os.environ.get("VALUELINT")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
XTERM = ("@xterm/xterm", "6.0.0")  # on npm
PICTURES = tools.ROOT / "docs" / "pictures"
NAMES = ("report.png", "editor.png")
LARGEST = 200_000  # bytes
COLUMNS, ROWS = 108, 27
READY = b"valuelint-ready"  # the terminal's title once all is there

SESSION = r"""
vim.o.termguicolors, vim.o.number, vim.o.signcolumn, vim.o.laststatus = true, true, 'yes', 0
vim.cmd('syntax on')
for name, colors in pairs({
  Normal = {fg = '#d7dae0', bg = '#1e2227'}, NormalFloat = {fg = '#e6e8eb', bg = '#323b48'}, SignColumn = {bg = '#1e2227'},
  LineNr = {fg = '#5c6370'}, Identifier = {fg = '#7fb4ca'}, yamlBlockMappingKey = {fg = '#7fb4ca'},
  String = {fg = '#98bb6c'}, Comment = {fg = '#7f848e'}, DiagnosticError = {fg = '#e06c75'},
  DiagnosticWarn = {fg = '#d6a35c'},
}) do vim.api.nvim_set_hl(0, name, colors) end
vim.diagnostic.config({severity_sort = true})
vim.cmd('edit charts/inspection-system/values.yaml')
vim.wait(20000, function() return #vim.diagnostic.get(0) > 0 end, 20)
vim.fn.search('image:')
vim.cmd('normal! zt')
vim.fn.search('tag')
vim.lsp.buf.hover()
vim.wait(20000, function() return #vim.api.nvim_list_wins() > 1 end, 20)
vim.cmd('redraw!')
vim.defer_fn(function() vim.o.titlestring, vim.o.title = 'valuelint-ready', true end, 300)
"""
SCRIPT = """
const {chromium} = require('playwright-core');
(async () => {
  const [program, report, terminal, pictures, profile] = process.argv.slice(2);
  const context = await chromium.launchPersistentContext(profile, {executablePath: program,
    viewport: {width: 1100, height: 760}, colorScheme: 'light',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run']});
  const page = await context.newPage();
  const seen = {};
  await page.goto('file://' + report);
  await page.locator('.chart > summary').first().click();
  seen.report = await page.locator('body').innerText();
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({path: `${pictures}/report.png`});
  await page.goto('file://' + terminal);
  await page.waitForFunction(() => window.done);
  seen.editor = await page.evaluate(() => {
    const buffer = window.terminal.buffer.active, lines = [];
    for (let row = 0; row < window.terminal.rows; row++) lines.push(buffer.getLine(row).translateToString(true));
    return lines.join('\\n');
  });
  await page.locator('.xterm-screen').screenshot({path: `${pictures}/editor.png`});
  await context.close();
  console.log(JSON.stringify(seen));
})().catch(error => { console.error(error); process.exit(1); });
"""
PAGE = """<!doctype html><meta charset=utf-8><style>%(css)s body{margin:0}</style><div id=t></div><script>%(script)s</script>
<script>
window.terminal = new Terminal({cols: %(columns)d, rows: %(rows)d, fontSize: 13, cursorBlink: false, allowProposedApi: true,
  fontFamily: 'DejaVu Sans Mono, monospace'});
window.terminal.open(document.getElementById('t'));
const bytes = Uint8Array.from(atob('%(bytes)s'), c => c.charCodeAt(0));
window.terminal.write(bytes, () => requestAnimationFrame(() => requestAnimationFrame(() => { window.done = true; })));
</script>"""


def run_editor(folder):
    """What Neovim writes to its terminal until the session is ready."""
    top = folder / "editor"
    repository = top / "repository"
    shutil.copytree(tools.ROOT / "fixtures" / "platform" / "before", repository)
    (repository / ".git").mkdir()
    (top / "bin").mkdir()
    (top / "bin" / "valuelint").symlink_to(PROGRAM)
    (top / "settings.lua").write_text(neovim.settings())
    (top / "session.lua").write_text(SESSION)
    here, there = pty.openpty()
    fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environment = {**os.environ, "PATH": f"{top / 'bin'}:{os.environ['PATH']}", "TERM": "xterm-256color",
                   "COLORTERM": "truecolor", "HOME": str(top)}
    process = subprocess.Popen([neovim.NEOVIM, "-n", "-i", "NONE", "-u", str(top / "settings.lua"),
                                "-c", f"luafile {top / 'session.lua'}"],
                               cwd=repository, env=environment, stdin=there, stdout=there, stderr=there,
                               start_new_session=True)
    os.close(there)
    output = b""
    while READY not in output and select.select([here], [], [], 60)[0]:
        output += os.read(here, 65536)
    process.kill()
    process.wait()
    os.close(here)
    return output[:output.index(READY)].rsplit(b"\x1b]", 1)[0]


def make(folder, pictures, packages):
    """Makes the pictures in `pictures`; gives the texts that they show."""
    report, terminal = folder / "report.html", folder / "terminal.html"
    subprocess.run([PROGRAM, "--exit-zero", "--format", f"html={report}", "charts"], check=True, stdout=subprocess.DEVNULL,
                   cwd=tools.ROOT / "fixtures" / "platform" / "before")
    xterm = packages[1] / "node_modules" / XTERM[0]
    terminal.write_text(PAGE % {
        "css": (xterm / "css" / "xterm.css").read_text(), "script": (xterm / "lib" / "xterm.js").read_text(),
        "columns": COLUMNS, "rows": ROWS, "bytes": base64.b64encode(run_editor(folder)).decode()}, encoding="utf-8")
    script = packages[0] / "pictures.js"
    script.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(["node", script, CHROMIUM, report, terminal, pictures, folder / "profile"],
                          capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


@unittest.skipUnless(PROGRAM, "no VALUELINT")
@unittest.skipUnless(CHROMIUM and shutil.which("node"), "no Chromium or Node")
@unittest.skipUnless(neovim.NEOVIM, "no Neovim")
class Pictures(unittest.TestCase):
    update = False

    def test_they_show_something(self):
        packages = [tools.find_node_package(*package) for package in (tools.PLAYWRIGHT, XTERM)]
        if not all(packages):
            self.skipTest("npm's playwright-core and @xterm/xterm are needed")
        with tempfile.TemporaryDirectory(prefix="valuelint-test-") as folder:
            pictures = PICTURES if self.update else pathlib.Path(folder) / "pictures"
            pictures.mkdir(exist_ok=True)
            seen = make(pathlib.Path(folder), pictures, packages)
            self.assertIn("Found ", seen["report"])
            self.assertIn("VL104", seen["report"])
            for text in ("image.tag", "The tag; empty for the chart's appVersion.", "Set by, as Helm reads it:"):
                self.assertIn(text, seen["editor"])
            for name in NAMES:
                self.judge(pictures / name)

    def test_they_are_there(self):
        for name in NAMES:
            self.judge(PICTURES / name)

    def judge(self, picture):
        data = picture.read_bytes()
        self.assertTrue(data.startswith(b"\x89PNG"), picture)
        width, height = struct.unpack(">II", data[16:24])
        self.assertTrue(600 <= width <= 1200 and 300 <= height <= 900, (picture, width, height))
        self.assertLess(len(data), LARGEST, picture)


if __name__ == "__main__":
    if "--update" in sys.argv:
        sys.argv.remove("--update")
        Pictures.update = True
    unittest.main()
