"""The command duo.status: what is going on, and why nothing shows."""

from __future__ import annotations

from duo_lsp.session import DuoServer

COMMAND = "duo.status"


def register(server: DuoServer) -> None:
    """Add the command that answers with the state of the server."""

    @server.command(COMMAND)
    def status(ls: DuoServer, *_: object) -> dict[str, str]:
        now = ls.status.current
        return {
            "state": now.name,
            "sentence": now.sentence,
            "remedy": now.remedy,
            "silence": ls.status.silence,
        }
