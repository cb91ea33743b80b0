"""Open documents as pieces, as they are in the editor; made anew only when they have changed."""

from __future__ import annotations

from typing import Final

import attrs
from cachetools import LRUCache

from duo_lsp import machine_made, urls
from duo_lsp.privacy.redactor import Redactor
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.protocol.text_units import split_lines
from duo_lsp.suggestions import context
from duo_lsp.suggestions.neighbours.desk import Desk
from duo_lsp.suggestions.neighbours.piece import Piece
from duo_lsp.suggestions.neighbours.trimming import MAX_BYTES

REMEMBERED_BYTES: Final = 1 << 20


@attrs.frozen
class _Known:
    """A piece, or that there is none, and what it was made of."""

    piece: Piece | None
    document: LineDocument
    made_of: tuple[object, ...]

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return 500 + (self.piece.memory if self.piece else 0)


class Opened:
    """Pieces of open documents, redacted; bounded in bytes."""

    def __init__(self, desk: Desk, redactor: Redactor) -> None:
        self.desk = desk
        self._redactor = redactor
        self._known: LRUCache[str, _Known] = LRUCache(REMEMBERED_BYTES, getsizeof=lambda known: known.size)

    def piece(self, uri: str, folder: str, *, redacts: bool) -> Piece | None:
        """The document around the place where somebody wrote last; None when it is no help to anybody."""
        document = self.desk.document(uri)
        if document is None or not document.in_step:
            return None
        made_of = document.version, self.desk.recent.line(uri), folder, redacts
        known = self._known.get(uri)
        if known is None or known.document is not document or known.made_of != made_of:
            known = _Known(self._made(document, folder, redacts=redacts), document, made_of)
            self._known[uri] = known
        return known.piece

    def forget(self, uri: str) -> None:
        """It was changed or closed."""
        self._known.pop(uri, None)

    def _made(self, document: LineDocument, folder: str, *, redacts: bool) -> Piece | None:
        line = min(self.desk.recent.line(document.uri), len(document.lines) - 1)
        here = context.at(document, line, 0, (folder,), room=MAX_BYTES, room_below=MAX_BYTES // 2)
        name, text = urls.document_path(document.uri), here.above + here.below
        if not is_help(name, text, document.after(0, 0, machine_made.HEAD)):
            return None
        sent = context.redacted(here, self._redactor) if redacts else here
        lines = tuple(split_lines(context.wellformed(sent.above + sent.below)))
        focus = context.line_ends(here.above)
        return Piece(sent.file_name, lines, focus, is_whole=len(lines) == len(document.lines))


def is_help(name: str, text: str, head: str) -> bool:
    """Whether people wrote a file, and wrote something; of its text a part may do, and its beginning."""
    made = machine_made.is_data(name) or machine_made.is_packed(text) or machine_made.is_generated(name, head)
    return bool(text.strip()) and not made
