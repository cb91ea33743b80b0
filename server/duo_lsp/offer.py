"""A suggestion for an editor: its text, and its place in the editor's units."""

from __future__ import annotations

import attrs
from lsprotocol import types as lsp

from duo_lsp.protocol.documents import LineDocument
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.outcome import Suggestion


@attrs.frozen
class Offer:
    """A suggestion, its place, and the document to count columns in."""

    suggestion: Suggestion
    here: Here
    document: LineDocument

    @property
    def text(self) -> str:
        """What to insert; how lines end is left to the editor.

        Neovim and Emacs would insert a carriage return as a character.
        """
        return self.suggestion.text.replace("\r\n", "\n").replace("\r", "\n")

    def range_from(self, character: int) -> lsp.Range:
        """From a character of the cursor's line to exactly the cursor, in the editor's units."""
        start, end = (self.document.column_to_client(self.here.line, at) for at in (character, self.here.character))
        return lsp.Range(lsp.Position(self.here.line, start), lsp.Position(self.here.line, end))
