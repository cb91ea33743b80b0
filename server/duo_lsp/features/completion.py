"""textDocument/completion, for editors that cannot show ghost text: one item in their menu."""

from __future__ import annotations

import re
from typing import Final

from lsprotocol import types as lsp

from duo_lsp.features import accepted
from duo_lsp.session import DuoServer, Offer

_TRIGGERS: Final = tuple(".([{,=: ")
_WORD_BEFORE: Final = re.compile(r"\w*\Z")
_LONGEST_WORD: Final = 200
_NAMES_OF_LSP_MODE: Final = ("emacs",)
"""It shows ghost text although it declares nothing."""


def register(server: DuoServer) -> None:
    """Add the menu where it is wanted; called when the editor has said who it is, before it is told what we can."""
    if not wanted(server.resolved.settings.completion_fallback, server.client_capabilities, server.client_name):
        return

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=_TRIGGERS))
    async def completion(params: lsp.CompletionParams) -> lsp.CompletionList | None:
        # editors say "invoked" for every letter of a word too, so that nothing tells a person who asked from typing
        offer = await server.suggestion(params.text_document.uri, params.position, invoked=False)
        return (
            None
            if offer is None
            else lsp.CompletionList(is_incomplete=True, items=[item(offer, _item_capabilities(server))])
        )


def wanted(setting: str, capabilities: lsp.ClientCapabilities, client_name: str) -> bool:
    """Whether to offer the menu: editors with ghost text would show the same thing twice."""
    if setting != "auto":
        return setting == "on"
    documents = capabilities.text_document
    ghost_text = documents is not None and documents.inline_completion is not None
    return not ghost_text and client_name.lower() not in _NAMES_OF_LSP_MODE


def item(offer: Offer, client: lsp.ClientCompletionItemOptions) -> lsp.CompletionItem:
    """One item that replaces the word at the cursor; its label is the first line it really inserts.

    Editors filter and complete by the label, so it begins with the word. As a snippet where the editor takes
    snippets: Neovim inserts only the first line of plain text.
    """
    word = "".join(_WORD_BEFORE.findall(offer.here.line_above[-_LONGEST_WORD:]))
    text = word + offer.text
    first, _, more = text.partition("\n")
    snippet = bool(client.snippet_support)
    return lsp.CompletionItem(
        label=first,
        kind=lsp.CompletionItemKind.Text,
        detail="GitLab Duo" + (", more lines" if more else ""),
        documentation=_preview(text, offer.here.language_id, client),
        preselect=True,
        sort_text="0000",
        filter_text=first,
        insert_text_format=lsp.InsertTextFormat.Snippet if snippet else lsp.InsertTextFormat.PlainText,
        insert_text_mode=lsp.InsertTextMode.AsIs if client.insert_text_mode_support else None,
        text_edit=lsp.TextEdit(offer.range_from(offer.here.character - len(word)), _escaped(text) if snippet else text),
        command=accepted.command(offer.suggestion),
    )


def _item_capabilities(server: DuoServer) -> lsp.ClientCompletionItemOptions:
    documents = server.client_capabilities.text_document
    menu = documents.completion if documents is not None else None
    return (menu.completion_item if menu is not None else None) or lsp.ClientCompletionItemOptions()


def _escaped(text: str) -> str:
    """A text as a snippet that means just this text (LSP, snippet syntax), the cursor at its end."""
    return re.sub(r"([\\$}])", r"\\\1", text) + "$0"


def _preview(text: str, language_id: str, client: lsp.ClientCompletionItemOptions) -> lsp.MarkupContent | str:
    if lsp.MarkupKind.Markdown not in (client.documentation_format or ()):
        return text
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return lsp.MarkupContent(lsp.MarkupKind.Markdown, f"{fence}{language_id}\n{text}\n{fence}")
