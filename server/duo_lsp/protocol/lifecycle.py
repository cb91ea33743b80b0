"""What may be asked when: nothing before initialize, nothing after shutdown."""

from __future__ import annotations

from enum import Enum, auto

from duo_lsp.protocol import refusals
from duo_lsp.protocol.refusals import Refusal


class Stage(Enum):
    """Of a session."""

    NEW = auto()
    OPEN = auto()
    CLOSING = auto()


class Lifecycle:
    """Where a session stands."""

    def __init__(self) -> None:
        self.stage = Stage.NEW

    def refusal(self, method: str) -> Refusal | None:
        """Why a request with this method is not served now; a notification is then dropped without a word."""
        if self.stage is Stage.CLOSING:
            return refusals.TOO_LATE
        if (method == "initialize") is (self.stage is Stage.NEW):
            return None
        return refusals.TOO_EARLY if self.stage is Stage.NEW else refusals.TWICE

    def accepted(self, method: str) -> None:
        """A request is being served: initialize and shutdown change what may come next."""
        if method == "initialize":
            self.stage = Stage.OPEN
        elif method == "shutdown":
            self.stage = Stage.CLOSING

    def initialize_failed(self) -> None:
        """It may be sent again."""
        if self.stage is Stage.OPEN:
            self.stage = Stage.NEW

    @property
    def exit_code(self) -> int:
        """0 after shutdown, else 1 (LSP, Exit Notification)."""
        return 0 if self.stage is Stage.CLOSING else 1
