"""textDocument/completion, for editors that cannot show ghost text: one item in their menu."""

from __future__ import annotations

from typing import Final

from lsprotocol import types as lsp

from duo_lsp.features.menu_item import Menu, Options
from duo_lsp.session import DuoServer

_TRIGGERS: Final = tuple(".([{,=: ")
_NAMES_OF_LSP_MODE: Final = ("emacs",)
"""It shows ghost text although it declares nothing."""


def register(server: DuoServer) -> None:
    """Add the menu where it is wanted; called when the editor has said who it is, before it is told what we can."""
    if not wanted(server.resolved.settings.completion_fallback, server.client_capabilities, server.client_name):
        return
    menu = Menu(server.client_name.lower(), _item_options(server.client_capabilities))

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=_TRIGGERS))
    async def completion(params: lsp.CompletionParams) -> lsp.CompletionList:
        # editors say "invoked" for every letter of a word too, so that nothing tells a person who asked from typing
        offer = await server.suggestion(params.text_document.uri, params.position, invoked=False)
        items = [] if offer is None else [menu.item(offer, _source(server))]
        # incomplete, even of nothing: the next letter may bring something, and then editors have to ask again
        return lsp.CompletionList(is_incomplete=True, items=items)


def wanted(setting: str, capabilities: lsp.ClientCapabilities, client_name: str) -> bool:
    """Whether to offer the menu: editors with ghost text would show the same thing twice."""
    if setting != "auto":
        return setting == "on"
    documents = capabilities.text_document
    ghost_text = documents is not None and documents.inline_completion is not None
    return not ghost_text and client_name.lower() not in _NAMES_OF_LSP_MODE


def _item_options(capabilities: lsp.ClientCapabilities) -> Options:
    documents = capabilities.text_document
    menu = documents.completion if documents is not None else None
    return (menu.completion_item if menu is not None else None) or Options()


def _source(server: DuoServer) -> str:
    """Whose suggestion it is, for the person."""
    local = server.suggestions is not None and server.suggestions.upstream.local
    return "local engine" if local else "GitLab Duo"
