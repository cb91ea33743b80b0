"""pygls's language server with our documents in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lsprotocol import types as lsp
from pygls.protocol import LanguageServerProtocol, lsp_method

from duo_lsp.protocol.workspace import DuoWorkspace


class DuoProtocol(LanguageServerProtocol):
    """`LanguageServer(protocol_cls=DuoProtocol, converter_factory=make_converter)`."""

    @property
    def workspace(self) -> DuoWorkspace:
        """The open documents; raises RuntimeError before `initialize`."""
        made = super().workspace
        if not isinstance(made, DuoWorkspace):  # lsp_initialize makes pygls's own: the first who looks puts ours there
            made = DuoWorkspace(made.root_uri, list(made.folders.values()), made.position_encoding)
            self._workspace = made
        return made

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: lsp.DidChangeTextDocumentParams) -> Iterator[Any]:
        """Update the document with all changes at once: they share one version."""
        self.workspace.apply(params)
        if handler := self.fm.features.get(lsp.TEXT_DOCUMENT_DID_CHANGE):
            yield handler, (params,), None
