"""textDocument/completion, for editors that cannot show ghost text: one item in their menu."""

from __future__ import annotations

from typing import Final

from lsprotocol import types as lsp

from duo_lsp import capabilities
from duo_lsp.features.menu_item import Menu, Options
from duo_lsp.session import DuoServer

_NOTHING: Final = lsp.CompletionList(is_incomplete=False, items=[])
_OPTIONS: Final = lsp.CompletionOptions(trigger_characters=capabilities.TRIGGERS)


def register(server: DuoServer) -> None:
    """Add the menu; whether it is announced, `capabilities` says, and whether it holds anything, a setting."""

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, _OPTIONS)
    async def completion(params: lsp.CompletionParams) -> lsp.CompletionList:
        if not wanted(server):
            return _NOTHING
        # editors say "invoked" for every letter of a word too, so that nothing tells a person who asked from typing
        offers = await server.offers(params.text_document.uri, params.position, invoked=False)
        menu = Menu(server.client_name.lower(), _item_options(server.client_capabilities))
        items = [menu.item(offer, _source(server), rank) for rank, offer in enumerate(offers or ())]
        # incomplete, even of nothing: the next letter may bring something, and then editors have to ask again
        return lsp.CompletionList(is_incomplete=True, items=items)


def wanted(server: DuoServer) -> bool:
    """Whether to offer the menu: editors with ghost text would show the same thing twice."""
    setting = server.resolved.settings.completion_fallback
    if setting == "auto":
        return not capabilities.shows_ghost_text(server.protocol.introduction)
    return setting == "on"


def _item_options(client: lsp.ClientCapabilities) -> Options:
    documents = client.text_document
    menu = documents.completion if documents is not None else None
    return (menu.completion_item if menu is not None else None) or Options()


def _source(server: DuoServer) -> str:
    """Whose suggestion it is, for the person."""
    local = server.suggestions is not None and server.suggestions.upstream.local
    return "local engine" if local else "GitLab Duo"
