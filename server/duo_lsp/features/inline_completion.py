"""textDocument/inlineCompletion (LSP 3.18)."""

from __future__ import annotations

import re
from typing import Final

from lsprotocol import types as lsp

from duo_lsp.features import accepted
from duo_lsp.offer import Offer
from duo_lsp.session import DuoServer

_LONGEST_START: Final = 200
"""Characters of the line that an item repeats at most; a minified line is not sent back and forth."""
_WIDE: Final = re.compile("[\U00010000-\U0010ffff]")
"""Two units in UTF-16. VS Code 1.139 shows no item that repeats one, so who counts in UTF-16 gets what is behind."""
_NEOVIM: Final = "neovim"
"""It always says that nobody asked by hand, shows the first item, and counts the others once a person cycles.

With null it goes on showing what it shows, though that fits no more, and Tab would put it where it was asked for.
"""


def register(server: DuoServer) -> None:
    """Add inline completion. Without options pygls does not announce it, and no editor asks."""

    @server.feature(lsp.TEXT_DOCUMENT_INLINE_COMPLETION, lsp.InlineCompletionOptions())
    async def inline_completion(params: lsp.InlineCompletionParams) -> lsp.InlineCompletionList | None:
        invoked = params.context.trigger_kind is lsp.InlineCompletionTriggerKind.Invoked
        selected = params.context.selected_completion_info
        offers = await server.offers(params.text_document.uri, params.position, invoked=invoked, selected=selected)
        neovim = server.client_name.lower() == _NEOVIM
        if offers is None or not (offers or neovim):
            return None  # not an empty list, which would take away what a newer answer shows
        shown = offers if invoked or neovim else offers[:1]
        return lsp.InlineCompletionList([item(offer) for offer in shown])


def item(offer: Offer) -> lsp.InlineCompletionItem:
    """The suggestion as editors want it: a range that ends at the cursor, and a text that begins with what is there.

    Where an entry is chosen in the editor's menu, it takes the place of that, and begins with it.
    """
    if offer.selected is not None:
        repeated, place = offer.selected.text, offer.selected.range
    else:
        repeated = offer.here.line_above[-_LONGEST_START:]
        if offer.document.encoding == "utf-16":
            repeated = _WIDE.split(repeated)[-1]
        place = offer.range_from(offer.here.character - len(repeated))
    return lsp.InlineCompletionItem(repeated + offer.text, range=place, command=accepted.command(offer.suggestion))
