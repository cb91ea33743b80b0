"""Helix as every test drives an editor: in a terminal, with what `duo-lsp setup` prints."""

from __future__ import annotations

import contextlib
import subprocess
import time
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

import psutil

from duo_lsp import capabilities
from editors import drawing, helix_menu
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
soft-wrap.enable = true
"""
PICTURE: Final = (100, 26)
"""Columns and rows, with room for what stands beside the menu."""
LETS_GO: Final = 0.3
"""Seconds that a key waits for an answer to one before it."""
ASKS_AGAIN: Final = 1.0
"""Seconds after which a person who waits for the menu asks for it."""


class Helix:
    """In tmux; its menu is read from the screen, its buffers from its log."""

    name: ClassVar[str] = "Helix 25.07"
    menu: ClassVar[bool] = True
    cannot: ClassVar[Mapping[str, str]] = {
        "test_its_next_word_can_be_taken": "its menu gives all or nothing",
        "test_a_server_that_was_killed_is_told_of_once_and_comes_back": (
            "it is told of once, and comes back with the next file that is opened or `:lsp-restart`"
        ),
    }

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        helix = program("hx")
        settings = Path(environment["XDG_CONFIG_HOME"]) / "helix"
        settings.mkdir(parents=True, exist_ok=True)
        (settings / "languages.toml").write_text(self.languages(_printed("helix", environment)))
        (settings / "config.toml").write_text(QUIET + _printed("helix-keys", environment))
        log = settings / "helix.log"
        self.wire = Wire(log)
        self.terminal = Terminal([helix, "-v", "--log", str(log)], folder, environment)
        self.terminal.shows("NOR")
        self._file = ""
        self._margin = 0
        self._keys = ""

    def languages(self, printed: str) -> str:
        """What a person makes of it."""
        return printed

    def open(self, file: Path) -> None:
        self._file = str(file)
        self.leave_insert_mode()
        self.command(f":open {file}")
        wait(lambda: self.wire.text(self._file) is not None, "Helix to open the file")
        self.write_with("geo")
        self.leave_insert_mode()
        self.write_with("i")
        wait(lambda: self.text.endswith("\n"), "the empty line")
        self._margin = self.terminal.cursor[0]
        self._keys = ""

    def type(self, text: str, pause: float = 0.0) -> None:
        self._keys = (self._keys + text).rpartition("\n")[2]
        whole = not pause and not self.wire.waits
        for part in [text] if whole else text:
            self.terminal.press_text(part)
            time.sleep(pause)
            with contextlib.suppress(AssertionError):  # nobody types all while Helix lets go of an older answer
                wait(lambda: pause or whole or not self.wire.waits, "Helix to wait for nothing", LETS_GO)

    def offers(self, text: str) -> bool:
        return self.offer == text.partition("\n")[0]

    @property
    def offer(self) -> str:
        items = self.items
        if not items:
            return ""
        label = next((item for item in items if item.chosen), items[0]).label
        return label[next(n for n in range(len(label), -1, -1) if self._typed.endswith(label[:n])) :]

    def accept(self) -> None:
        if not self._has_chosen:
            self._wait_for_menu()
            self.terminal.press("Tab")
            wait(lambda: self._has_chosen, "the suggestion to be chosen")
        self.terminal.press("Enter")

    def accept_word(self) -> None:
        raise NotImplementedError

    def next(self) -> None:
        self.terminal.press("Tab", "Tab")

    def dismiss(self) -> None:
        self.terminal.press("C-c")

    def undo(self) -> None:
        self.leave_insert_mode()
        self.write_with("ui")

    @property
    def text(self) -> str:
        return (self.wire.text(self._file) or "").replace("\r\n", "\n").removesuffix("\n")

    def save(self) -> None:
        self.leave_insert_mode()
        self.command(":write")

    def explain(self, first: int, last: int) -> None:
        self.leave_insert_mode()
        self.terminal.press_text(f"{first + 1}gg{last - first + 1}x")
        self.ours("e")

    @property
    def conversation(self) -> str:
        screen = self.terminal.screen
        return screen if "## Asked on" in screen else ""

    @property
    def state(self) -> str:
        if not self._told:
            self.leave_insert_mode()
            self.ours("s")
            wait(lambda: self._told, "the status")
        return self._told

    @property
    def messages(self) -> Sequence[str]:
        return self.wire.messages

    @property
    def servers(self) -> list[psutil.Process]:
        return [child for helix in self.terminal.family()[:1] for child in helix.children() if _is_ours(child)]

    def picture(self, path: Path) -> None:
        self.terminal.picture(path, Path(self._file).name, drawing.WIDE if self.conversation else PICTURE)

    def close(self) -> None:
        self.terminal.close()

    @property
    def _told(self) -> str:
        """What stands on the last line until the next key."""
        return self.terminal.screen.splitlines()[-1].strip()

    def ours(self, letter: str) -> None:
        """Press one of our keys."""
        self.terminal.press("Space")
        self.terminal.press_text(f"i{letter}")

    @property
    def items(self) -> list[helix_menu.Item]:
        return helix_menu.items(self.terminal.coloured)

    @property
    def _has_chosen(self) -> bool:
        return any(item.chosen for item in self.items)

    @property
    def _typed(self) -> str:
        return self.text.rpartition("\n")[2]

    def _wait_for_menu(self) -> None:
        """Wait for the one that is about all that was typed: an older one still stands there, and goes with Tab."""
        wait(lambda: self._typed.endswith(self._keys) and self._screen_is_new, "Helix to read the keys")
        asked = [time.monotonic() if _asks_by_itself(self._typed) else 0.0]

        def is_there() -> bool:
            if self.items and self.wire.knows(self._file, *self._place):
                return True
            if time.monotonic() - asked[0] > ASKS_AGAIN and not self.wire.waits:
                self.terminal.press("C-x")
                asked[0] = time.monotonic()
            return False

        wait(is_there, "the menu")

    @property
    def _place(self) -> tuple[int, int]:
        """The line and byte where the text ends, which is where tests write."""
        return self.text.count("\n"), len(self._typed.encode())

    @property
    def _screen_is_new(self) -> bool:
        """Whether it shows the cursor behind what Helix knows to be typed."""
        return self.terminal.cursor[0] == self._margin + sum(map(_columns, self._typed))

    def leave_insert_mode(self) -> None:
        """Wait until it has: a key right after Escape would be one with Alt."""
        if " INS " in self.terminal.screen:
            self.terminal.press("Escape")
        self.terminal.shows(" NOR ")

    def write_with(self, keys: str) -> None:
        """Go on in insert mode with these keys."""
        self.terminal.press_text(keys)
        self.terminal.shows(" INS ")

    def command(self, text: str) -> None:
        self.terminal.press_text(text)
        self.terminal.press("Enter")


def _asks_by_itself(typed: str) -> bool:
    """Whether Helix asks for its menu behind this: in a word, and behind what the server names."""
    return typed[-1:].isalnum() or typed.endswith(tuple(capabilities.TRIGGERS))


def _columns(sign: str) -> int:
    if sign == "\t":
        return 4
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _is_ours(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):  # it may have ended
        return "duo-lsp" in " ".join(process.cmdline())
    return False


def _printed(what: str, environment: Mapping[str, str]) -> str:
    done = subprocess.run([COMMAND, "setup", what], env=environment, capture_output=True, text=True, check=True)
    return done.stdout
