"""The disk, as far as imported files are concerned."""

from __future__ import annotations

from typing import Protocol

import attrs

from duo_lsp.suggestions.neighbours.piece import Piece


@attrs.frozen
class Importer:
    """A file whose imports are looked for."""

    folder: str
    """Its workspace folder, an absolute path."""
    name: str
    """Where it is in that folder, with forward slashes."""
    language_id: str
    head: str = attrs.field(repr=False)
    """Its beginning."""


@attrs.frozen
class Found:
    """A file that is there."""

    path: str
    """Absolute, as the system writes it, without links."""
    name: str
    """As it is imported, in the workspace folder."""
    inside: str
    """Where it really is in that folder; links lead elsewhere."""
    stamp: tuple[int, int, int]
    """Changes when the file does."""


class Shelf(Protocol):
    """Where files are taken from; may block."""

    def look(self, importer: Importer) -> tuple[Found, ...]:
        """The files that it imports from its folder, in the order of the imports; none outside of it."""

    def read(self, found: Found, *, redacts: bool) -> Piece | None:
        """What of a file may go along; None when nothing does."""


class Disk:
    """The files of this machine."""

    def look(self, importer: Importer) -> tuple[Found, ...]:
        """What is there now."""
        from duo_lsp.suggestions.neighbours import finding  # loaded by who wants imports, and not on the event loop

        return finding.look(importer)

    def read(self, found: Found, *, redacts: bool) -> Piece | None:
        """What stands there now."""
        from duo_lsp.suggestions.neighbours import finding

        return finding.read(found, redacts=redacts)
