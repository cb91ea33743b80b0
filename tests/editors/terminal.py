"""Drives a program of the terminal in a tmux of its own: keys in, what a person sees out."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import psutil
import pytest

from editors import drawing
from editors.neovim import EDITORS, PATIENCE, REQUIRED, left_after, wait


def program(name: str) -> str:
    """An editor of ours, or one on PATH; skips the test, or fails it where editors are required."""
    ours = EDITORS / "bin" / name
    found = str(ours) if ours.exists() else shutil.which(name)
    missing = next((what for what, there in ((name, found), ("tmux", shutil.which("tmux"))) if not there), "")
    if found and not missing:
        return found
    message = f"no {missing} found; ./scripts/editors installs the editors, tmux comes from the system"
    if REQUIRED:
        pytest.fail(message)
    pytest.skip(message)


SIZE: Final = ("-x", "100", "-y", "30")


class Terminal:
    """One program on a screen of its own."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._short = Path(tempfile.mkdtemp(prefix="tmux"))  # a socket's path has room for 107 bytes
        self._environment = {**environment, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
        self._environment.pop("TMUX", None)
        self._tmux("new-session", "-d", "-s", "s", *SIZE, "-c", str(folder), "--", *command)
        self._tmux("set-option", "-g", "status", "off")
        self._pid = int(self._tmux("display-message", "-p", "-t", "s", "#{pane_pid}"))

    def type(self, text: str) -> None:
        """Press the keys for this text, one by one as a person would, but faster."""
        for letter in text:
            self._tmux("send-keys", "-t", "s", "-l", "--", letter)

    def press_text(self, text: str) -> None:
        """Press the keys for this text all at once."""
        self._tmux("send-keys", "-t", "s", "-l", "--", text)

    def press(self, *keys: str) -> None:
        """Press keys in tmux's notation: `Tab`, `C-x`, `M-C-i`, `Escape`."""
        self._tmux("send-keys", "-t", "s", *keys)

    @property
    def screen(self) -> str:
        """What stands on the screen, without colours."""
        return "\n".join(line.rstrip() for line in self._tmux("capture-pane", "-p", "-t", "s").splitlines())

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row, from 0."""
        column, row = self._tmux("display-message", "-p", "-t", "s", "#{cursor_x} #{cursor_y}").split()
        return int(column), int(row)

    @property
    def coloured(self) -> str:
        """The screen with the colours in it, as terminals are told them."""
        return self._tmux("capture-pane", "-p", "-e", "-N", "-t", "s")

    def picture(self, path: Path, title: str, size: tuple[int, int]) -> None:
        """Draw the screen in columns and rows of this size, once it stands still, as an SVG."""
        self._tmux("resize-window", "-t", "s", "-x", str(size[0]), "-y", str(size[1]))
        seen = [""]

        def is_still() -> bool:
            time.sleep(0.2)
            seen.append(self.coloured)
            return seen[-1] == seen[-2]

        wait(is_still, "the screen to stand still")
        path.write_text(drawing.svg(seen[-1], self.cursor, size[0], title), "utf-8")
        self._tmux("resize-window", "-t", "s", *SIZE)

    def shows(self, text: str, seconds: float = PATIENCE) -> str:
        """The screen, once this text stands on it."""
        with contextlib.suppress(AssertionError):
            wait(lambda: text in self.screen, "the screen", seconds)
        screen = self.screen
        assert text in screen, f"{text!r} does not stand on the screen after {seconds} s:\n{screen}"
        return screen

    def shows_after(self, press: Callable[[], None], text: str) -> str:
        """The screen, once this text stands on it; the keys are pressed again where nothing came of them."""
        for _ in range(12):
            press()
            with contextlib.suppress(AssertionError):
                return self.shows(text, 1)
        return self.shows(text, 1)

    def family(self) -> list[psutil.Process]:
        """The program and everything it started."""
        try:
            root = psutil.Process(self._pid)
            return [root, *root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def close(self) -> None:
        """End it, by force if need be, and whatever it left behind."""
        family = self.family()
        subprocess.run([*self._at, "kill-server"], env=self._environment, capture_output=True, check=False)
        for process in left_after(5, family):
            process.kill()
        shutil.rmtree(self._short, ignore_errors=True)

    @property
    def _at(self) -> tuple[str, ...]:
        return ("tmux", "-u", "-f", "/dev/null", "-S", str(self._short / "s"))

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._at, *arguments], env=self._environment, capture_output=True, text=True, timeout=20, check=False
        )
        assert done.returncode == 0, f"{arguments[0]}: {done.stderr}"
        return done.stdout


def holds(file: Path, wanted: str) -> None:
    """Wait until just this is in the file; an editor may put a new one in its place."""

    with contextlib.suppress(AssertionError):
        wait(lambda: content(file) == wanted.encode(), "the file")
    assert content(file) == wanted.encode(), f"{content(file)!r}\nis not {wanted.encode()!r}"


def content(file: Path) -> bytes:
    """What is in it; nothing while an editor puts a new file in its place."""
    with contextlib.suppress(FileNotFoundError):
        return file.read_bytes()
    return b""
