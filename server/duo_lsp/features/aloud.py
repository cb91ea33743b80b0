"""What a command answers, said as a message where the editor drops the answer."""

from __future__ import annotations

from typing import Final

from lsprotocol import types as lsp

from duo_lsp.session import DuoServer

_DROPS_ANSWERS: Final = ("helix",)


def say(server: DuoServer, sentence: str, kind: lsp.MessageType = lsp.MessageType.Info) -> None:
    """Every time, because the person pressed a key for it."""
    if server.client_name.lower() in _DROPS_ANSWERS:
        server.say(sentence, kind)
