"""What of the neighbours fits into a request: whole files go out first, then far lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from duo_lsp import wire
from duo_lsp.protocol.text_units import utf8_width
from duo_lsp.suggestions.neighbours.piece import Piece

MAX_BYTES: Final = 15_000
"""Of all texts together, in UTF-8."""
LEAST: Final = 400
"""Bytes; less of a file than this says nothing."""


def fitted(pieces: Sequence[Piece], room: int = MAX_BYTES) -> tuple[wire.ContextItem, ...]:
    """The items for these pieces, most important first, with at most `room` bytes of text.

    Those that fit go whole. Of the first that does not, the lines around its focus get the room that is left; when it
    is the first of all, the others leave it half.
    """
    whole, cut, left = dict[int, str](), None, room
    kept_free = 0 if not pieces or _fits(pieces[0], room) else room // 2
    for index, piece in enumerate(pieces):
        if _fits(piece, left - kept_free):
            whole[index] = piece.text
            left -= piece.size
        elif cut is None:
            cut = index
    near = "" if cut is None or left < LEAST else near_lines(pieces[cut], left)
    return tuple(_items(pieces, whole, cut, near))


def near_lines(piece: Piece, room: int) -> str:
    """The lines around its focus, as many as fit, on both sides alike; nothing when not even that line does."""
    lines, low, high = piece.lines, piece.focus, piece.focus
    is_growing = True
    while is_growing:
        is_growing = False
        if high < len(lines) and (size := utf8_width(lines[high])) <= room:
            room, high, is_growing = room - size, high + 1, True
        if 0 < low < high and (size := utf8_width(lines[low - 1])) <= room:
            room, low, is_growing = room - size, low - 1, True
    return "".join(lines[low:high])


def _fits(piece: Piece, room: int) -> bool:
    return piece.is_whole and piece.size <= room


def _items(pieces: Sequence[Piece], whole: dict[int, str], cut: int | None, near: str) -> list[wire.ContextItem]:
    texts = whole if cut is None else whole | {cut: near}
    return [
        wire.ContextItem("snippet" if index == cut else "file", pieces[index].name, texts[index])
        for index in sorted(texts)
        if texts[index].strip()  # GitLab takes no blank ones
    ]
