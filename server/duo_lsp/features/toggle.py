"""The command duo.toggle: no suggestions for a while, in this editor."""

from __future__ import annotations

from typing import Any

from duo_lsp.features import status
from duo_lsp.session import DuoServer

COMMAND = "duo.toggle"


def register(server: DuoServer) -> None:
    """Add the command; it answers with the state that is now."""

    @server.command(COMMAND)
    def toggle(ls: DuoServer, *_: object) -> dict[str, Any]:
        ls.status.pause(on=not ls.status.paused)
        return status.report(ls)
