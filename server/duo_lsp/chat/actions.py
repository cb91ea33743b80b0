"""What can be asked about code without writing a question: each a command, and GitLab's word for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

_ROOM: Final = 900
"""Characters of the problems that stand in the question itself; all of them go along as context."""


@attrs.frozen
class Action:
    """One of them."""

    command: str
    title: str
    slash: str
    """GitLab's slash command."""
    kind: str
    """Of code action (LSP, CodeActionKind)."""
    mends: bool = False
    """Whether it is about what is wrong, so that the problems in the range go along."""
    needs_function: bool = False
    """Whether it makes sense for functions and classes only."""

    def instruction(self, more: str, notes: Sequence[str]) -> str:
        """What GitLab is told."""
        words = [self.slash, *([more.strip()] if more.strip() else [])]
        room = _ROOM
        for note in notes if self.mends else ():
            room -= len(note) + 2
            if room < 0:
                break
            words.append(f"{note};")
        return " ".join(words).rstrip(";")


ACTIONS: Final = (
    Action("duo.explain", "Explain this code", "/explain", "duo.explain"),
    Action("duo.fix", "Fix this code", "/fix", "quickfix", mends=True),
    Action("duo.tests", "Write tests for this code", "/tests", "duo.tests", needs_function=True),
    Action("duo.refactor", "Refactor this code", "/refactor", "refactor.rewrite"),
)
