"""What of the text above the cursor is code, and what is open there."""

from __future__ import annotations

import functools
from typing import Final

from duo_lsp.languages import Language
from duo_lsp.suggestions import comments
from duo_lsp.suggestions.comments import Span
from duo_lsp.suggestions.context import Here

NEAR: Final = 8_000
"""Characters above the cursor that are read; what began further up is told by what is near, see `comments.find`."""
PROSE: Final = frozenset({"markdown", "latex", "html", "xml", ""})
"""Languages in which text is no comment, and those we do not know."""
_LEADING: Final = " \t\r\n)]}"


def near(here: Here) -> str:
    """Whole lines near above the cursor."""
    if len(here.above) <= NEAR:
        return here.above
    start = here.above.find("\n", len(here.above) - NEAR) + 1
    return here.above[start:] if start else here.above


def spans(here: Here) -> tuple[Span, ...]:
    """The comments and long texts near above."""
    text = near(here)
    return _spans(text, here.language, here.is_cut or len(text) < len(here.above))


def in_comment(here: Here) -> bool:
    """Whether the cursor stands in a comment or a docstring."""
    found = spans(here)
    return bool(found) and found[-1].is_open and found[-1].kind != "text"


def in_text(here: Here) -> bool:
    """Whether the cursor stands in a comment or a text of many lines."""
    found = spans(here)
    return bool(found) and found[-1].is_open


def code(here: Here) -> str:
    """What is left without comments and texts of many lines."""
    return comments.without(near(here), spans(here), texts=True)


def on_fresh_line(here: Here) -> bool:
    """Whether nothing but blanks stands left of the cursor on its line."""
    return not here.line_above.strip()


def comment_above(here: Here) -> str:
    """The comment that ends above the cursor with nothing but blanks between; nothing when there is none."""
    above, found = near(here), spans(here)
    if not found or found[-1].kind == "text" or above[found[-1].end :].strip():
        return ""
    return above[found[-1].start : found[-1].end]


def leading_closers(text: str) -> str:
    """The brackets, and the blanks between, with which a text begins."""
    return text[: len(text) - len(text.lstrip(_LEADING))]


@functools.lru_cache(maxsize=8)  # all steps ask, and for each of an answer's texts
def _spans(text: str, language: Language, is_cut: bool) -> tuple[Span, ...]:  # noqa: FBT001 - a key
    return tuple(comments.find(text, language, is_cut=is_cut))
