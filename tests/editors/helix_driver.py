"""Helix as every test drives an editor: in a terminal, with what `duo-lsp setup` prints."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

import psutil

from editors import helix_menu
from editors.helix_wire import Wire
from editors.neovim import wait
from editors.sums import COMMAND
from editors.terminal import Terminal, program

QUIET: Final = f"""
theme = "{helix_menu.THEME}"

[editor]
completion-trigger-len = 1
completion-timeout = 100
auto-pairs = false
word-completion.enable = false
"""
ASKS_AGAIN: Final = 1.0
"""Seconds after which a person who waits for the menu asks for it."""


class Helix:
    """In tmux; its menu is read from the screen, its buffers from its log."""

    name: ClassVar[str] = "Helix 25.07"
    menu: ClassVar[bool] = True
    cannot: ClassVar[Mapping[str, str]] = {
        "test_its_next_word_can_be_taken": "its menu gives all or nothing",
        "test_a_server_that_was_killed_is_told_of_once_and_comes_back": "it waits for `:lsp-restart`",
    }

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        helix = program("hx")
        settings = Path(environment["XDG_CONFIG_HOME"]) / "helix"
        settings.mkdir(parents=True)
        (settings / "languages.toml").write_text(_printed("helix", environment))
        (settings / "config.toml").write_text(QUIET + _printed("helix-keys", environment))
        log = settings / "helix.log"
        self._wire = Wire(log)
        self._terminal = Terminal([helix, "-v", "--log", str(log)], folder, environment)
        self._terminal.shows("NOR")
        self._file = ""

    def open(self, file: Path) -> None:
        self._file = str(file)
        self._leave_insert_mode()
        self._command(f":open {file}")
        wait(lambda: self._wire.text(self._file) is not None, "Helix to open the file")
        self._terminal.press("g", "e", "o")
        self._leave_insert_mode()
        self._terminal.press("i")
        wait(lambda: self.text.endswith("\n"), "the empty line")

    def type(self, text: str, pause: float = 0.0) -> None:
        for letter in text if pause else [text]:
            self._terminal.press_text(letter)
            time.sleep(pause)

    def offers(self, text: str) -> bool:
        return self.offer == text.partition("\n")[0]

    @property
    def offer(self) -> str:
        items = self._items
        if not items:
            return ""
        label = next((item for item in items if item.chosen), items[0]).label
        return label[next(n for n in range(len(label), -1, -1) if self._typed.endswith(label[:n])) :]

    def accept(self) -> None:
        self._wait_for_menu()
        if not any(item.chosen for item in self._items):
            self._terminal.press("Tab")
        self._terminal.press("Enter")

    def accept_word(self) -> None:
        raise NotImplementedError

    def next(self) -> None:
        self._terminal.press("Tab", "Tab")

    def dismiss(self) -> None:
        self._terminal.press("C-c")

    def undo(self) -> None:
        self._leave_insert_mode()
        self._terminal.press("u", "i")

    @property
    def text(self) -> str:
        return (self._wire.text(self._file) or "").replace("\r\n", "\n").removesuffix("\n")

    def save(self) -> None:
        self._leave_insert_mode()
        self._command(":write")

    def explain(self, first: int, last: int) -> None:
        self._leave_insert_mode()
        self._terminal.press_text(f"{first + 1}gg{last - first + 1}x")
        self._terminal.press("Space")
        self._terminal.press_text("ie")

    @property
    def conversation(self) -> str:
        screen = self._terminal.screen
        return screen if "duo-lsp/chat/" in screen else ""

    @property
    def state(self) -> str:
        return self._terminal.screen.splitlines()[-1]

    @property
    def messages(self) -> Sequence[str]:
        return self._wire.messages

    @property
    def servers(self) -> list[psutil.Process]:
        return [process for process in self._terminal.family()[1:] if "duo-lsp" in " ".join(process.cmdline())]

    def picture(self, path: Path) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self._terminal.close()

    @property
    def _items(self) -> list[helix_menu.Item]:
        return helix_menu.items(self._terminal.coloured)

    @property
    def _typed(self) -> str:
        return self.text.rpartition("\n")[2]

    def _wait_for_menu(self) -> None:
        began = time.monotonic()
        while not self._items:
            if time.monotonic() - began > ASKS_AGAIN:
                self._terminal.press("C-x")
                began = time.monotonic()

    def _leave_insert_mode(self) -> None:
        """Wait until it has: a key right after Escape would be one with Alt."""
        self._terminal.press("Escape")
        self._terminal.shows(" NOR ")

    def _command(self, text: str) -> None:
        self._terminal.press_text(text)
        self._terminal.press("Enter")


def _printed(what: str, environment: Mapping[str, str]) -> str:
    done = subprocess.run([COMMAND, "setup", what], env=environment, capture_output=True, text=True, check=True)
    return done.stdout
