"""The entry that is chosen in the editor's own menu: what is suggested goes on from there."""

from __future__ import annotations

from typing import Final

import attrs

from duo_lsp.suggestions.context import Here, line_ends

LONGEST: Final = 1_000
"""Characters of an entry; a longer one is nothing that a person chooses in a menu."""


def inserted(here: Here, start: int, text: str) -> Here | None:
    """The cursor once this text stands from a character of its line up to it.

    None when the text does not begin with what stands there now, as the ghost text has to; LSP 3.18,
    `InlineCompletionContext.selectedCompletionInfo`.
    """
    typed = here.line_above[max(0, len(here.line_above) - (here.character - start)) :]
    if not text.startswith(typed) or len(text) > LONGEST or line_ends(text):
        return None
    rest = text[len(typed) :]
    return attrs.evolve(here, above=here.above + rest, character=here.character + len(rest), lines=())
