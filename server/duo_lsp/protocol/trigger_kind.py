"""Which number an editor sends for "the person asked"."""

from __future__ import annotations


class TriggerKinds:
    """Reads a session's trigger kinds in both numberings of inline completion.

    LSP 3.18 counts Invoked 1, Automatic 2.
    Its drafts, and so clients on vscode-languageserver 9, count Invoked 0, Automatic 1.
    A session that once sent 0 counts the old way from then on.
    """

    __slots__ = ("_old",)

    def __init__(self) -> None:
        self._old = False

    def read(self, raw: object) -> bool:
        """True if the person asked; whatever is unknown or missing counts as automatic."""
        if type(raw) is not int:
            return False
        if raw == 0:
            self._old = True
        return raw == (0 if self._old else 1)
