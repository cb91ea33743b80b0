"""textDocument/didChange and didClose; the text itself is kept by the protocol's workspace."""

from __future__ import annotations

from lsprotocol import types as lsp

from duo_lsp.session import DuoServer


def register(server: DuoServer) -> None:
    """Add what a change of text means for suggestions."""

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: lsp.DidChangeTextDocumentParams) -> None:
        if server.suggestions is not None:
            server.suggestions.supersede(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: lsp.DidCloseTextDocumentParams) -> None:
        if server.suggestions is not None:
            server.suggestions.forget(params.text_document.uri)
