"""What an editor may ask for, one file each: LSP in, LSP out, no logic."""

from __future__ import annotations

from duo_lsp.features import (
    accepted,
    chat,
    chat_actions,
    completion,
    configuration,
    documents,
    inline_completion,
    learning,
    lifecycle,
    notices,
    progress,
    sign_in,
    status,
    toggle,
    watched_files,
    workspace_folders,
)
from duo_lsp.session import DuoServer

_ALL = (
    lifecycle,
    configuration,
    workspace_folders,
    watched_files,
    documents,
    inline_completion,
    completion,
    accepted,
    sign_in,
    status,
    toggle,
    chat,
    chat_actions,
    notices,
    progress,
    learning,
)


def register(server: DuoServer) -> None:
    """Give the server everything an editor may ask for."""
    for feature in _ALL:
        feature.register(server)
