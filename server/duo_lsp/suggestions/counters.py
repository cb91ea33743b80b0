"""What suggestions have done in this session; nothing of it leaves this machine."""

from __future__ import annotations

from duo_lsp.suggestions.outcome import Outcome, Suggestion


class Counters:
    """Told what happens; counts nothing yet."""

    def asked(self) -> None:
        """One request goes to the upstream."""

    def saved(self) -> None:
        """A request was answered with what was known, or was under way, already."""

    def answered(self, outcome: Outcome, seconds: float) -> None:
        """A request of the editor has its outcome, so long after it came."""

    def shown(self, suggestion: Suggestion) -> None:
        """A suggestion goes to the editor."""

    def accepted(self, id_: str) -> None:
        """The person took the suggestion with this id."""
