"""What lies open in the editor, and what of it was worked on last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from duo_lsp import urls
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.suggestions.neighbours.recent import Recent

PATIENCE: Final = 0.1
"""Seconds that a request waits for what goes along; what is not there by then stays at home."""


def _nothing(_: str) -> None:
    return None


@attrs.frozen
class Desk:
    """The open documents; without an editor there are none."""

    recent: Recent = attrs.field(factory=Recent)
    document: Callable[[str], LineDocument | None] = _nothing
    """The document that is open under a URI, as it is in the editor; None when there is none."""
    patience: float = PATIENCE
    """The same for whoever sits here."""

    def near(self) -> list[str]:
        """The files that somebody works on, the latest first."""
        return [path for path in map(urls.file_path, self.recent.latest()) if path]
