"""From what a model wrote to what may be inserted: small steps, each in its own file, in this order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from duo_lsp.suggestions import extent
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.postprocess import (
    beginning,
    comment_only,
    fences,
    indentation,
    length,
    line_ends,
    mid_word,
    next_lines,
    overlap,
    repetition,
    scope,
    statement,
    unsafe_characters,
)

_MOST: Final = 4 * length.MAX_BYTES
"""Characters that are looked at; a server may send far more than is ever shown."""
_MOST_ROUNDS: Final = 8
Filter = Callable[[str, Here], str]

FILTERS: Final[tuple[Filter, ...]] = (
    unsafe_characters.drop,
    line_ends.follow,
    fences.unwrap,
    length.cap,
    indentation.follow,
    beginning.trim,
    scope.cut,
    next_lines.leave_out,
    statement.cut,
    repetition.stop,
    overlap.cut,
    mid_word.keep,
    comment_only.drop,
)
"""Each takes a text and its place and gives a text back, the empty one when nothing should be shown."""


def prepare(here: Here) -> None:
    """Read in advance what the steps look at around a cursor: done while an answer is waited for."""
    extent.read(here)
    next_lines.below(here)


def clean(text: str, here: Here) -> str:
    """The text that may be inserted at this cursor, or nothing.

    What one step leaves may be something for another, so a text is clean when all of them leave it as it is.
    """
    return _through(FILTERS, text, here)


def whole(text: str, here: Here) -> str:
    """The same, with what follows the statement at which a suggestion may end: known for who goes on that far."""
    return _through(tuple(step for step in FILTERS if step is not statement.cut), text, here)


def _through(filters: tuple[Filter, ...], text: str, here: Here) -> str:
    text = text[:_MOST]
    for _ in range(_MOST_ROUNDS):
        before = text
        for step in filters:
            text = step(text, here)
            if not text.strip():
                return ""
        if text == before:
            return text
    return ""
