"""textDocument/inlineCompletion (LSP 3.18)."""

from __future__ import annotations

from typing import Final

from lsprotocol import types as lsp

from duo_lsp.features import accepted
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.session import DuoServer
from duo_lsp.suggestions import context
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.pipeline import Suggestion

_LONGEST_START: Final = 200
"""Characters of the line that an item repeats at most; a minified line is not sent back and forth."""


def register(server: DuoServer) -> None:
    """Add inline completion. Without options pygls does not announce it, and no editor asks."""

    @server.feature(lsp.TEXT_DOCUMENT_INLINE_COMPLETION, lsp.InlineCompletionOptions())
    async def inline_completion(params: lsp.InlineCompletionParams) -> lsp.InlineCompletionList | None:
        document = server.document(params.text_document.uri)
        if document is None or not document.in_step or server.suggestions is None:
            return None
        here = context.at(document, *document.place(params.position.line, params.position.character), server.folders)
        invoked = params.context.trigger_kind is lsp.InlineCompletionTriggerKind.Invoked
        outcome = await server.suggestions.suggest(here, invoked=invoked)
        moved_on = server.document(here.uri) is not document or document.version != here.version
        if outcome.suggestion is None or moved_on:
            return None  # null, not an empty list: that would wipe what the editor shows now
        return lsp.InlineCompletionList([item(outcome.suggestion, here, document)])


def item(suggestion: Suggestion, here: Here, document: LineDocument) -> lsp.InlineCompletionItem:
    """The suggestion as editors want it: a range that ends at the cursor, and a text that begins with what is there."""
    start = max(0, here.character - _LONGEST_START)
    repeated = here.line_above[len(here.line_above) - (here.character - start) :]
    return lsp.InlineCompletionItem(
        # LSP leaves line ends to the editor; Neovim and Emacs would show and insert a bare ^M
        insert_text=(repeated + suggestion.text).replace("\r\n", "\n").replace("\r", "\n"),
        range=lsp.Range(
            start=lsp.Position(here.line, document.column_to_client(here.line, start)),
            end=lsp.Position(here.line, document.column_to_client(here.line, here.character)),
        ),
        command=lsp.Command(title="Accepted", command=accepted.COMMAND, arguments=[suggestion.id]),
    )
