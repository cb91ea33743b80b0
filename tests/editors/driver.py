"""What a test may do with any real editor, and what a person would see of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Protocol

import psutil


class Driver(Protocol):
    """One real editor, set up as its README says, that completes nothing and indents nothing by itself.

    Keys are real keys wherever a promise is about typing; what is looked at may be read as data.
    Nothing here sleeps: a test waits for what it wants to see.
    """

    name: ClassVar[str]
    """The editor, its version, and the client in it where there are several: "Emacs 30, eglot"."""
    menu: ClassVar[bool]
    """Suggestions stand in the completion menu, by their first line, instead of behind the cursor."""
    cannot: ClassVar[Mapping[str, str]]
    """What it cannot do: a promise's sentence in `test_every_editor.py`, and the reason in a few words."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        """Start it in this folder, a git repository, with this environment; `open` comes next."""

    def open(self, file: Path) -> None:
        """Show this file, ready for typing on an empty line below its last one, once the server serves it."""

    def type(self, text: str, pause: float = 0.0) -> None:
        """Press the keys for this text, so many seconds after each other."""

    def offers(self, text: str) -> bool:
        """Whether just this is offered at the cursor, without what is typed already; in a menu: its first line."""

    @property
    def offer(self) -> str:
        """What is offered at the cursor, as far as it can be seen; empty when nothing is."""

    def accept(self) -> None:
        """Take the suggestion."""

    def accept_word(self) -> None:
        """Take its next word."""

    def next(self) -> None:
        """Show another suggestion for this place."""

    def dismiss(self) -> None:
        """Take the suggestion away, and go on writing."""

    def undo(self) -> None:
        """Undo once, as a person does, and go on where that leaves the cursor."""

    @property
    def text(self) -> str:
        r"""The buffer with `\n` between its lines, without the one behind the last line."""

    def save(self) -> None:
        """Write the file."""

    def explain(self, first: int, last: int) -> None:
        """Select these lines, counted from 0, the last one included, and ask for an explanation."""

    @property
    def conversation(self) -> str:
        """What can be seen of the conversation; empty while there is none."""

    @property
    def state(self) -> str:
        """What can be seen of the server's state without opening a log: a status line, a message."""

    @property
    def messages(self) -> Sequence[str]:
        """What the person has been told since the start, oldest first, each as often as it was told."""

    @property
    def servers(self) -> list[psutil.Process]:
        """The language servers it runs, without what they started themselves."""

    def picture(self, path: Path) -> None:
        """Draw the screen: `.svg` from a terminal, `.png` from a window."""

    def close(self) -> None:
        """End it, by force if need be, and whatever it left behind."""
