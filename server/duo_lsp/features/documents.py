"""textDocument/didOpen, didChange, didSave and didClose; the text itself is kept by the protocol's workspace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lsprotocol import types as lsp

from duo_lsp.session import DuoServer

SHOWN: Final = "$/gitlab/didChangeDocumentInActiveEditor"
"""By which GitLab's own editor extensions tell which document the person looks at: its URI."""


def register(server: DuoServer) -> None:
    """Add what a change of text means for suggestions."""

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: lsp.DidOpenTextDocumentParams) -> None:
        server.desk.recent.touched(params.text_document.uri)

    @server.feature(SHOWN)
    def shown(params: Any) -> None:
        match params:
            case str(uri) | [str(uri), *_] if server.document(uri) is not None:
                server.desk.recent.touched(uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: lsp.DidChangeTextDocumentParams) -> None:
        server.desk.recent.touched(params.text_document.uri, _line(params.content_changes))
        if server.suggestions is not None:
            server.suggestions.changed(params.text_document.uri, _inserted(params.content_changes))

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: lsp.DidSaveTextDocumentParams) -> None:
        server.in_force.files_changed([params.text_document.uri])

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: lsp.DidCloseTextDocumentParams) -> None:
        server.desk.recent.closed(params.text_document.uri)
        if server.suggestions is not None:
            server.suggestions.forget(params.text_document.uri)


def _inserted(changes: Sequence[lsp.TextDocumentContentChangeEvent]) -> str:
    """What came in, where all that happened is one plain insertion, as of a key."""
    change = changes[0] if len(changes) == 1 else None
    if not isinstance(change, lsp.TextDocumentContentChangePartial) or change.range.start != change.range.end:
        return ""
    return change.text


def _line(changes: Sequence[lsp.TextDocumentContentChangeEvent]) -> int | None:
    """Where the last change was; None when all that came is a full text."""
    change = changes[-1] if changes else None
    return change.range.start.line if isinstance(change, lsp.TextDocumentContentChangePartial) else None
