"""A suggestion for an editor: its text, and its place in the editor's units."""

from __future__ import annotations

import attrs
from lsprotocol import types as lsp

from duo_lsp.protocol.documents import LineDocument
from duo_lsp.suggestions import context, selected
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.outcome import Suggestion


@attrs.frozen
class Offer:
    """A suggestion, its place, and the document to count columns in."""

    suggestion: Suggestion
    here: Here
    document: LineDocument
    selected: lsp.SelectedCompletionInfo | None = None
    """What is chosen in the editor's menu, which the place takes for inserted."""

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


def cursor(
    document: LineDocument,
    position: lsp.Position,
    chosen: lsp.SelectedCompletionInfo | None,
    folders: tuple[str, ...],
) -> Here | None:
    """The place to ask for; with an entry chosen in the editor's menu, right behind it, as if it were inserted.

    None for an entry that does not go on what stands in its range, or that does not belong to this cursor.
    """
    line, character = document.place(position.line, position.character)
    if chosen is None:
        return context.at(document, line, character, folders)
    start = document.place(chosen.range.start.line, chosen.range.start.character)
    end = document.place(chosen.range.end.line, chosen.range.end.character)
    if start[0] != line or not start <= (line, character) <= end or end[0] != line:
        return None
    return selected.inserted(context.at(document, *end, folders), start[1], chosen.text)
