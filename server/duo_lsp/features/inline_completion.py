"""textDocument/inlineCompletion (LSP 3.18)."""

from __future__ import annotations

from typing import Final

from lsprotocol import types as lsp

from duo_lsp.features import accepted
from duo_lsp.offer import Offer
from duo_lsp.session import DuoServer

_LONGEST_START: Final = 200
"""Characters of the line that an item repeats at most; a minified line is not sent back and forth."""


def register(server: DuoServer) -> None:
    """Add inline completion. Without options pygls does not announce it, and no editor asks."""

    @server.feature(lsp.TEXT_DOCUMENT_INLINE_COMPLETION, lsp.InlineCompletionOptions())
    async def inline_completion(params: lsp.InlineCompletionParams) -> lsp.InlineCompletionList | None:
        invoked = params.context.trigger_kind is lsp.InlineCompletionTriggerKind.Invoked
        offer = await server.suggestion(params.text_document.uri, params.position, invoked=invoked)
        # null, not an empty list: that would wipe what the editor shows now
        return None if offer is None else lsp.InlineCompletionList([item(offer)])


def item(offer: Offer) -> lsp.InlineCompletionItem:
    """The suggestion as editors want it: a range that ends at the cursor, and a text that begins with what is there."""
    repeated = offer.here.line_above[-_LONGEST_START:]
    return lsp.InlineCompletionItem(
        insert_text=repeated + offer.text,
        range=offer.range_from(offer.here.character - len(repeated)),
        command=accepted.command(offer.suggestion),
    )
