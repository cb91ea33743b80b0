"""The command duo.accepted: the person took a suggestion."""

from __future__ import annotations

from lsprotocol import types as lsp

from duo_lsp.session import DuoServer
from duo_lsp.suggestions.outcome import Suggestion

COMMAND = "duo.accepted"


def register(server: DuoServer) -> None:
    """Add the command that editors run when a suggestion is accepted."""

    @server.command(COMMAND)
    def accepted(ls: DuoServer, *arguments: object) -> None:
        # pygls refuses a call with other arguments than are named here, so all are taken and looked at
        if ls.suggestions is not None and arguments and isinstance(arguments[0], str):
            ls.suggestions.accepted(arguments[0])


def command(suggestion: Suggestion) -> lsp.Command:
    """What an editor runs after inserting this suggestion; nothing from outside reaches it but an opaque id."""
    return lsp.Command(title="Accepted", command=COMMAND, arguments=[suggestion.id])
