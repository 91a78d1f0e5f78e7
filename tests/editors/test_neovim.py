"""The Neovim settings, in a real Neovim without a window; passed over where there is none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed")

PLUGIN = Path(__file__).parents[2] / "editors" / "neovim" / "nemo_run_lint.lua"
EXPERIMENT = """import nemo_run as run


def train(steps: int = 1): ...


task = run.Partial(train, stpes=10)
other = run.Partial(train, steps=lambda: 1)
"""

#: Opens a file, waits until something is told of it, does `act`, and writes what it sees to standard error.
SCRIPT = """
vim.g.nemo_run_lint_command = {{ {command}, 'server' }}
{settings}
vim.cmd('source {plugin}')
vim.cmd('filetype on')
vim.cmd('edit experiment.py')

local function codes()
  local found = {{}}
  for _, each in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, each.lnum + 1 .. ':' .. each.col + 1 .. ' ' .. tostring(each.user_data.lsp.code))
  end
  return found
end

local function wait(count)
  vim.wait(30000, function() return #vim.diagnostic.get(0) == count end, 50)
end

local told = {{}}
wait({count})
table.insert(told, codes())
{act}
io.stderr:write(vim.fn.json_encode(told))
vim.cmd('qall!')
"""


def driven(folder: Path, act: str, settings: str = "", count: int = 2) -> Any:
    (folder / "pyproject.toml").write_text('[tool.nemo-run-lint]\nprofile = "correctness"\n')
    (folder / "experiment.py").write_text(EXPERIMENT)
    command = json.dumps(str(Path(sys.executable).with_name("nemo-run-lint")))
    script = folder / "driven.lua"
    script.write_text(SCRIPT.format(command=command, plugin=PLUGIN, act=act, settings=settings, count=count))
    environment = {**os.environ, "XDG_CONFIG_HOME": str(folder), "XDG_STATE_HOME": str(folder), "HOME": str(folder)}
    found = subprocess.run(
        ["nvim", "--headless", "-u", "NONE", "-n", "-c", f"luafile {script}", "-c", "qall!"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "[[" in found.stderr, found.stderr
    return json.loads(found.stderr[found.stderr.index("[[") :])


BEFORE = ["7:27 NRL804", "8:34 NRL401"]


def test_a_broken_experiment_is_fixed_and_saved(tmp_path: Path) -> None:
    act = "vim.cmd('NemoRunLintFix') wait(1) table.insert(told, codes()) vim.cmd('write')"
    assert driven(tmp_path, act) == [BEFORE, ["8:34 NRL401"]]
    assert (tmp_path / "experiment.py").read_text() == EXPERIMENT.replace("stpes", "steps")


def test_fixed_on_save(tmp_path: Path) -> None:
    driven(tmp_path, "vim.cmd('write') wait(1)", "vim.g.nemo_run_lint_fix_on_save = true")
    assert (tmp_path / "experiment.py").read_text() == EXPERIMENT.replace("stpes", "steps")


def test_a_quick_fix_of_neovims_own(tmp_path: Path) -> None:
    act = """
    vim.api.nvim_win_set_cursor(0, {7, 27})
    vim.ui.select = function(items, _, chosen) chosen(items[1], 1) end
    vim.lsp.buf.code_action({ context = { only = { 'quickfix' } } })
    wait(1)
    table.insert(told, codes())
    table.insert(told, vim.api.nvim_buf_get_lines(0, 6, 7, true))
    """
    assert driven(tmp_path, act) == [BEFORE, ["8:34 NRL401"], ["task = run.Partial(train, steps=10)"]]


def test_settings(tmp_path: Path) -> None:
    settings = "vim.g.nemo_run_lint_settings = { config = { 'ignore = [\"NRL401\"]' } }"
    assert driven(tmp_path, "", settings, count=1) == [["7:27 NRL804"]]


def test_hover_and_completion(tmp_path: Path) -> None:
    act = """
    local document = { uri = vim.uri_from_bufnr(0) }
    local function asked(method, line, character)
      local params = { textDocument = document, position = { line = line, character = character } }
      for _, answer in pairs(vim.lsp.buf_request_sync(0, method, params, 10000)) do return answer.result end
    end
    table.insert(told, asked('textDocument/hover', 6, 21).contents.value)
    table.insert(told, asked('textDocument/completion', 6, 28).items[1].label)
    """
    _, hover, label = driven(tmp_path, act)
    assert "train(steps: int = 1)" in hover
    assert label == "steps="
