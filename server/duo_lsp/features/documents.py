"""textDocument/didChange and didClose; the text itself is kept by the protocol's workspace."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types as lsp

from duo_lsp.session import DuoServer


def register(server: DuoServer) -> None:
    """Add what a change of text means for suggestions."""

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: lsp.DidChangeTextDocumentParams) -> None:
        if server.suggestions is not None:
            server.suggestions.changed(params.text_document.uri, _inserted(params.content_changes))

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: lsp.DidCloseTextDocumentParams) -> None:
        if server.suggestions is not None:
            server.suggestions.forget(params.text_document.uri)


def _inserted(changes: Sequence[lsp.TextDocumentContentChangeEvent]) -> str:
    """What came in, where all that happened is one plain insertion, as of a key."""
    change = changes[0] if len(changes) == 1 else None
    if not isinstance(change, lsp.TextDocumentContentChangePartial) or change.range.start != change.range.end:
        return ""
    return change.text
