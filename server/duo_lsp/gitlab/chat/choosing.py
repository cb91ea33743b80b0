"""Which way to ask."""

from __future__ import annotations

from duo_lsp.gitlab.chat.rest import Asker, RestChat
from duo_lsp.wire_chat import ChatTransport


def of(asker: Asker) -> ChatTransport:
    """The chat with an instance."""
    return RestChat(asker)
