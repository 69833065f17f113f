#!/usr/bin/env python3
"""A session of Neovim with `valuelint lsp`, without a terminal: open, diagnostics, hover, completion, definition, edit,
code action, rename, save; the files on the disk are compared with what the program makes of them. The settings are those
of docs/editors.md. Takes $VALUELINT from the environment; skipped where there is no Neovim."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "lsp"))

from charts import FILES, write  # noqa: E402

PROGRAM = os.environ.get("VALUELINT")
NEOVIM = shutil.which("nvim")
SESSION = r"""
local seen = {}
-- Waits until `ready` gives something; the editor goes on meanwhile.
local function wait(what, ready)
  local result
  local ok = vim.wait(20000, function() result = ready(); return result end, 20)
  if not ok then error('waited in vain for ' .. what) end
  return result
end
local function codes()
  local found = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, {diagnostic.code or diagnostic.user_data.lsp.code, diagnostic.lnum + 1, diagnostic.col + 1})
  end
  return found
end
local function has(code)
  for _, found in ipairs(codes()) do if found[1] == code then return true end end
  return false
end
local function go(text)
  vim.fn.cursor(1, 1)
  vim.fn.search('\\V' .. text, 'c')
end
-- The lines of the window that floats above the text.
local function floating()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
      vim.api.nvim_win_close(window, true)
      return lines
    end
  end
end
-- Takes the code action with that title.
local function act(title)
  local done
  vim.ui.select = function(items, options, choose)
    for _, item in ipairs(items) do
      if options.format_item(item):find(title, 1, true) then choose(item); done = true; return end
    end
    done = 'none'
  end
  vim.lsp.buf.code_action()
  return wait('code actions', function() return done end)
end

local ok, problem = pcall(function()
  vim.cmd('edit web/values.yaml')
  wait('a client', function() return #vim.lsp.buf_get_clients(0) > 0 end)
  seen.version = vim.version().major .. '.' .. vim.version().minor
  vim.api.nvim_buf_set_lines(0, 1, 2, false, {'  tag: 1.10'})
  wait('diagnostics of the edit', function() return has('VL101') end)
  seen.diagnostics = codes()

  go('tag')
  vim.lsp.buf.hover()
  seen.hover = wait('a hover', floating)
  seen.completion = vim.lsp.buf_request_sync(0, 'textDocument/completion', vim.lsp.util.make_position_params(), 5000)
  seen.completion = seen.completion and select(2, next(seen.completion)).result

  seen.action = act('Fix this VL101')
  wait('the fix', function() return vim.fn.getline(2) ~= '  tag: 1.10' end)
  seen.fixed = vim.fn.getline(2)
  wait('diagnostics of the fix', function() return not has('VL101') end)

  go('level')
  vim.lsp.buf.rename('logLevel')
  wait('the rename', function() return vim.fn.search('logLevel', 'nw') > 0 end)
  vim.cmd('wall')

  vim.cmd('edit web/templates/deployment.yaml')
  wait('a client of the template', function() return #vim.lsp.buf_get_clients(0) > 0 end)
  go('image.tag')
  vim.fn.search('tag')
  vim.lsp.buf.definition()
  wait('the definition', function() return vim.fn.expand('%:t') ~= 'deployment.yaml' or #vim.fn.getqflist() > 0 end)
  seen.definition = {}
  for _, item in ipairs(vim.fn.getqflist()) do
    table.insert(seen.definition, vim.fn.fnamemodify(vim.fn.bufname(item.bufnr), ':t') .. ':' .. item.lnum)
  end
  vim.cmd('cclose')

  vim.cmd('edit web/values.yaml')
  go('dbPassword')
  vim.api.nvim_buf_set_lines(0, 0, 0, false, {'unknown: 1'})
  wait('diagnostics of an unread value', function() return has('VL904') end)
  go('unknown')
  seen.suppressed = act('Suppress VL904')
  wait('the comment', function() return vim.fn.getline(1):find('ignore%[VL904%]') end)
  wait('no diagnostics', function() return not has('VL904') end)
  vim.cmd('wall')
end)
seen.problem = not ok and tostring(problem) or nil
vim.fn.writefile({vim.fn.json_encode(seen)}, vim.env.SESSION_RESULT)
vim.lsp.stop_client(vim.lsp.get_active_clients())
vim.cmd('qall!')
"""


def settings():
    """The block of docs/editors.md that works with the Neovim of the oldest supported Debian."""
    text = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    return next(block for block in re.findall(r"```lua\n(.*?)```", text, re.S) if "start_client" in block)


@unittest.skipUnless(PROGRAM, "no VALUELINT")
@unittest.skipUnless(NEOVIM, "no Neovim")
class Neovim(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="valuelint-test-")).resolve()
        self.addCleanup(shutil.rmtree, self.top)
        self.folder = self.top / "repository"
        (self.folder / ".git").mkdir(parents=True)
        write(self.folder, FILES)

    def read(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def run_session(self):
        (self.top / "bin").mkdir()
        (self.top / "bin" / "valuelint").symlink_to(PROGRAM)
        (self.top / "settings.lua").write_text(settings())
        (self.top / "session.lua").write_text(SESSION)
        result = self.top / "result.json"
        environment = {**os.environ, "PATH": f"{self.top / 'bin'}:{os.environ['PATH']}", "SESSION_RESULT": str(result),
                       "HOME": str(self.top), "XDG_STATE_HOME": str(self.top / "state"),
                       "XDG_CACHE_HOME": str(self.top / "cache"), "XDG_DATA_HOME": str(self.top / "data")}
        done = subprocess.run([NEOVIM, "--headless", "-n", "-i", "NONE", "-u", str(self.top / "settings.lua"),
                               "-c", f"luafile {self.top / 'session.lua'}"], cwd=self.folder, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=300)
        self.assertTrue(result.exists(), done.stdout + done.stderr)
        seen = json.loads(result.read_text())
        self.assertIsNone(seen.get("problem"), done.stdout + done.stderr)
        return seen

    def test_a_session(self):
        seen = self.run_session()
        self.assertIn(["VL101", 2, 8], seen["diagnostics"])
        hover = "\n".join(seen["hover"])
        for text in ("The tag of the image.", "values.yaml:2: `1.1`", "../shop/values.yaml:5: `\"2.0\"`",
                     "templates/deployment.yaml:10", "spec.template.spec.containers[0].image"):
            self.assertIn(text, hover)
        self.assertEqual([item["label"] for item in seen["completion"]], ["tag"])
        self.assertEqual((seen["action"], seen["fixed"], seen["suppressed"]), (True, '  tag: "1.1"', True))
        self.assertEqual(sorted(seen["definition"]), ["values-dev.yaml:2", "values.yaml:2", "values.yaml:5"])

        # On the disk stands what `valuelint mv` makes, with the edits of the session.
        expected = {**FILES, "web/values.yaml": FILES["web/values.yaml"].replace('"1.10"', '"1.1"')}
        copy = self.top / "copy"
        (copy / ".git").mkdir(parents=True)
        write(copy, expected)
        subprocess.run([PROGRAM, "mv", "web", "level", "logLevel"], cwd=copy, capture_output=True, check=True)
        for name in FILES:
            text = (copy / name).read_text(encoding="utf-8")
            if name == "web/values.yaml":
                text = "unknown: 1  # valuelint: ignore[VL904]\n" + text
                self.assertIn("logLevel: info", text)
            self.assertEqual(self.read(name), text, name)


if __name__ == "__main__":
    unittest.main()
