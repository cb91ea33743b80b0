"""Neovim 0.12 as every test drives an editor."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import psutil

from editors.neovim import Neovim
from editors.sums import COMMAND

CONVERSATION = """
for _, window in ipairs(vim.api.nvim_list_wins()) do
  local buffer = vim.api.nvim_win_get_buf(window)
  if vim.api.nvim_buf_get_name(buffer):match('duo%-lsp/chat/') then
    return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\\n')
  end
end
return ''
"""
EXPLAIN = "vim.lsp.buf.code_action({apply = true, filter = function(a) return a.title:match('^Explain') ~= nil end})"


class Neovim012:
    """Headless, over its socket, with what `duo-lsp setup nvim` prints."""

    name: ClassVar[str] = "Neovim 0.12"
    menu: ClassVar[bool] = False
    cannot: ClassVar[Mapping[str, str]] = {
        "test_a_server_that_was_killed_is_told_of_once_and_comes_back": "Neovim starts no server again by itself",
        "test_whoever_is_signed_out_can_see_it": "it is told only when it is asked",
    }

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        printed = subprocess.run(
            [COMMAND, "setup", "nvim"], env=environment, capture_output=True, text=True, check=True
        ).stdout
        init = Path(tempfile.mkdtemp()) / "init.lua"
        init.write_text(printed)
        self._nvim = Neovim(init, folder / "none.py", environment, folder)

    def open(self, file: Path) -> None:
        self._nvim.press("<Esc><Esc>")
        self._nvim.lua("vim.cmd.only({ bang = true, mods = { silent = true } }); vim.cmd('edit! ' .. ...)", str(file))
        self._nvim.attach()
        self._nvim.lua("vim.bo.expandtab = false")
        self._nvim.press("Go")

    def type(self, text: str, pause: float = 0.0) -> None:
        for letter in text if pause else [text]:
            self._nvim.type(letter)
            time.sleep(pause)

    def offers(self, text: str) -> bool:
        return self.offer == text

    @property
    def offer(self) -> str:
        return re.sub(r" \(\d+/\d+\)$", "", self._nvim.ghost)

    def accept(self) -> None:
        self._nvim.press("<Tab>")

    def accept_word(self) -> None:
        self._nvim.press("<C-Right>")

    def next(self) -> None:
        self._nvim.press("<M-]>")

    def dismiss(self) -> None:
        self._nvim.press("<Esc>a")

    def undo(self) -> None:
        self._nvim.press("<Esc>ua")

    @property
    def text(self) -> str:
        return "\n".join(self._nvim.lines)

    def save(self) -> None:
        self._nvim.lua("vim.cmd('silent write')")

    def explain(self, first: int, last: int) -> None:
        self._nvim.press(f"<Esc>{first + 1}GV{last + 1}G")
        self._nvim.press(f"<Cmd>lua {EXPLAIN}<CR>")

    @property
    def conversation(self) -> str:
        return str(self._nvim.lua(CONVERSATION))

    @property
    def state(self) -> str:
        return self._nvim.messages

    @property
    def messages(self) -> Sequence[str]:
        return [line for line in self._nvim.messages.splitlines() if line and "--No lines" not in line]

    @property
    def servers(self) -> list[psutil.Process]:
        return psutil.Process(self._nvim.process.pid).children()

    def picture(self, path: Path) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self._nvim.close()
