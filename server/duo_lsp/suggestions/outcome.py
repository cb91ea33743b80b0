"""What becomes of a request for a suggestion."""

from __future__ import annotations

from typing import Final

import attrs


@attrs.frozen
class Suggestion:
    """A text to insert at the cursor, and its opaque id."""

    id: str
    text: str


@attrs.frozen
class Outcome:
    """Suggestions, the best first, or in a sentence why there is none."""

    suggestions: tuple[Suggestion, ...] = ()
    reason: str = ""

    @property
    def suggestion(self) -> Suggestion | None:
        """The best."""
        return self.suggestions[0] if self.suggestions else None

    @property
    def is_late(self) -> bool:
        """Whether somebody newer is answered instead."""
        return self is SUPERSEDED


SUPERSEDED: Final = Outcome(reason="Something newer came.")
FAULT: Final = Outcome(reason="duo-lsp has a fault here; the log says where.")
"""Even our own mistakes never interrupt typing."""
