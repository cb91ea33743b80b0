"""The editor's open documents in pygls's workspace, and nothing from the disk."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import cast
from urllib.parse import unquote

from lsprotocol import types as lsp
from pygls.workspace import PositionCodec, ServerTextPosition, TextDocument, Workspace

from duo_lsp import urls
from duo_lsp.protocol.converter import NO_VERSION
from duo_lsp.protocol.documents import LineDocument, Outcome, Span
from duo_lsp.protocol.text_units import Encoding, column_from_client

log = logging.getLogger(__name__)

_SHOWN = 200  # characters of a URI in the log: they may be of any length


class ClampingCodec(PositionCodec):
    """pygls's conversions with the specification's clamping, and leaving the caller's position as it is."""

    def position_from_client_units(self, lines: Sequence[str], position: lsp.Position) -> ServerTextPosition:
        """A place in characters; past the last line it is the end of the text."""
        if position.line >= len(lines):
            return ServerTextPosition(len(lines) - 1, len(lines[-1]))
        column = column_from_client(lines[position.line], position.character, cast("Encoding", self.encoding))
        return ServerTextPosition(position.line, column)


class MirrorDocument(TextDocument):
    """A pygls document whose text is a LineDocument's; what pygls derives costs the whole file, `mirror` does not."""

    def __init__(self, mirror: LineDocument, codec: PositionCodec) -> None:
        self.mirror = mirror
        super().__init__(mirror.uri, "", mirror.version, mirror.language_id, position_codec=codec)

    @property
    def version(self) -> int | None:
        """The version the text stands for."""
        return self.mirror.version

    @version.setter
    def version(self, version: int | None) -> None:
        self.mirror.version = version

    @property
    def source(self) -> str:
        """The whole text, never from the disk."""
        return self.mirror.text

    @property
    def lines(self) -> Sequence[str]:
        """A snapshot of the lines with their ends; the last has none."""
        return tuple(self.mirror.lines)

    def apply_change(self, change: lsp.TextDocumentContentChangeEvent) -> None:
        """Apply one change whatever its version; `DuoWorkspace.apply` is the way that checks it."""
        self.mirror.apply(None, [_plain(change)])


class DuoWorkspace(Workspace):
    """Documents the editor opened, under exactly the URI it gave."""

    def __init__(
        self, root_uri: str | None, folders: Sequence[lsp.WorkspaceFolder] = (), encoding: str | None = "utf-16"
    ) -> None:
        super().__init__(root_uri, workspace_folders=folders)
        self._encoding: Encoding = lsp.PositionEncodingKind(encoding or "utf-16").value
        self._position_encoding = lsp.PositionEncodingKind(self._encoding)
        self._position_codec = ClampingCodec(self._position_encoding)

    @property
    def paths(self) -> tuple[str, ...]:
        """The folders as paths; an old client has one root instead."""
        uris = list(self.folders) or ([self.root_uri] if self.root_uri else [])
        return tuple(urls.document_path(uri) for uri in uris)

    def open_document(self, uri: str) -> LineDocument | None:
        """The document the editor has open under this URI, or None."""
        document = self._text_documents.get(uri)
        return document.mirror if isinstance(document, MirrorDocument) else None

    def open_at(self, uri: str) -> LineDocument | None:
        """The same, also where the editor writes the URI of that file with other signs."""
        files = [open_ for open_ in self._text_documents if uri.startswith("file:") and open_.startswith("file:")]
        same = (open_ for open_ in files if urls.document_path(open_) == urls.document_path(uri))
        return self.open_document(uri) or next(filter(None, map(self.open_document, same)), None)

    def apply(self, params: lsp.DidChangeTextDocumentParams) -> None:
        """Apply one didChange whole; for a document that is not open, or a version that went back, log one line."""
        identifier = params.text_document
        document = self.open_document(identifier.uri)
        if document is None:
            log.warning("Ignored a change to a document that is not open: %.*r", _SHOWN, identifier.uri)
            return
        changes = [_plain(change) for change in params.content_changes]
        before = document.version
        outcome = document.apply(_version(identifier.version), changes)
        if outcome in {Outcome.WENT_BACK, Outcome.RESYNCED}:
            log.warning("%.*r %s (%s -> %s)", _SHOWN, identifier.uri, outcome, before, identifier.version)

    def lose_step(self, params: object) -> None:
        """A didChange could not be read: until a full text comes, its document differs from the editor's."""
        match params:
            case {"textDocument": {"uri": str(uri)}}:
                if document := self.open_document(uri):
                    document.in_step = False

    def get_text_document(self, doc_uri: str) -> TextDocument:
        """The open document, or an empty one that belongs to nobody; never what is on the disk."""
        return self._text_documents.get(doc_uri) or self._create_text_document(doc_uri)

    def put_text_document(self, text_document: lsp.TextDocumentItem, notebook_uri: str | None = None) -> None:
        """Open a document; opening it again takes the newer text."""
        uri = text_document.uri
        self._text_documents[uri] = self._create_text_document(
            uri, text_document.text, _version(text_document.version), str(text_document.language_id)
        )
        if notebook_uri:
            self._cell_in_notebook[unquote(uri)] = unquote(notebook_uri)

    def remove_text_document(self, doc_uri: str) -> None:
        """Close a document; closing one that is not open does nothing."""
        self._text_documents.pop(doc_uri, None)
        self._cell_in_notebook.pop(unquote(doc_uri), None)

    def update_text_document(
        self, text_doc: lsp.VersionedTextDocumentIdentifier, change: lsp.TextDocumentContentChangeEvent
    ) -> None:
        """Apply one change of several that share a version, as pygls does for the cells of notebooks."""
        if isinstance(document := self._text_documents.get(text_doc.uri), MirrorDocument):
            document.apply_change(change)
            document.version = _version(text_doc.version)

    def _create_text_document(
        self, doc_uri: str, source: str | None = None, version: int | None = None, language_id: str | None = None
    ) -> MirrorDocument:
        mirror = LineDocument(doc_uri, source or "", version, language_id or "", self._encoding)
        return MirrorDocument(mirror, self._position_codec)


def _plain(change: lsp.TextDocumentContentChangeEvent) -> tuple[Span | None, str]:
    if isinstance(change, lsp.TextDocumentContentChangeWholeDocument):
        return None, change.text
    start, end = change.range.start, change.range.end
    return (start.line, start.character, end.line, end.character), change.text


def _version(number: int) -> int | None:
    return None if number == NO_VERSION else number
