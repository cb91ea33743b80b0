"""Neovim 0.12 and 0.11 as every test drives an editor."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import psutil

from duo_lsp import editor_setup
from editors import drawing, looks
from editors.neovim import CONVERSATION, Neovim, old_program, program, wait
from editors.terminal import Terminal

STATE = "vim.cmd('silent Duo status'); return require('duo_lsp').statusline()"
MENU = """
if vim.fn.pumvisible() == 0 then
  return { vim.empty_dict(), '' }
end
local menu = vim.fn.complete_info({ 'items', 'selected' })
local before = vim.api.nvim_get_current_line():sub(1, vim.api.nvim_win_get_cursor(0)[2])
return { menu.items[math.max(menu.selected, 0) + 1] or vim.empty_dict(), before }
"""


class Neovim012:
    """Headless, over its socket, with what `duo-lsp setup nvim` prints."""

    name: ClassVar[str] = "Neovim 0.12"
    menu: ClassVar[bool] = False
    cannot: ClassVar[Mapping[str, str]] = {}

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        init = Path(tempfile.mkdtemp()) / "init.lua"
        init.write_text(editor_setup.lines("nvim"))
        self._nvim = Neovim(init, folder / "none.py", environment, folder, self._program())

    def _program(self) -> str:
        return program()

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
        self._nvim.press("<C-]>")

    def undo(self) -> None:
        self._nvim.press("<Esc>ua")

    @property
    def text(self) -> str:
        return "\n".join(self._nvim.lines)

    def save(self) -> None:
        self._nvim.lua("vim.cmd('silent write')")

    def explain(self, first: int, last: int) -> None:
        self._nvim.press(f"<Esc>{first + 1}GV{last + 1}G:Duo explain<CR>")

    @property
    def conversation(self) -> str:
        return str(self._nvim.lua(CONVERSATION))

    @property
    def state(self) -> str:
        return "\n".join([str(self._nvim.lua(STATE)), *self.messages[-2:]])

    @property
    def messages(self) -> Sequence[str]:
        return [line for line in self._nvim.messages.splitlines() if line and "--No lines" not in line]

    @property
    def servers(self) -> list[psutil.Process]:
        return psutil.Process(self._nvim.process.pid).children()

    def picture(self, path: Path) -> None:
        self._nvim.lua("vim.cmd(...)", looks.NEOVIM)
        command = [self._program(), "--remote-ui", "--server", str(self._nvim.lua("return vim.v.servername"))]
        with contextlib.closing(Terminal(command, Path.cwd(), os.environ)) as terminal:
            title = Path(str(self._nvim.lua("return vim.api.nvim_buf_get_name(0)"))).name
            terminal.picture(path, title, drawing.WIDE if self.conversation else drawing.PICTURE)

    def close(self) -> None:
        self._nvim.close()


class Neovim011(Neovim012):
    """The same with the menu that an older Neovim has."""

    name: ClassVar[str] = "Neovim 0.11"
    menu: ClassVar[bool] = True
    cannot: ClassVar[Mapping[str, str]] = {
        "test_its_next_word_can_be_taken": "a menu's entry is taken as a whole",
    }

    def _program(self) -> str:
        return old_program()

    def offers(self, text: str) -> bool:
        return self.offer == text.partition("\n")[0]

    @property
    def offer(self) -> str:
        item, before = self._nvim.lua(MENU)
        label = item.get("abbr", "")
        typed = max((n for n in range(len(label) + 1) if before.endswith(label[:n])), default=0)
        return str(label[typed:])

    def accept(self) -> None:
        wait(lambda: self.offer, "the menu, which a person waits for, too")
        super().accept()
