"""No suggestion is longer than a person would read."""

from __future__ import annotations

from typing import Final

from duo_lsp.protocol.text_units import split_lines, utf8_width
from duo_lsp.suggestions.context import Here

MAX_BYTES: Final = 8 << 10
MAX_LINES: Final = 200


def cap(text: str, here: Here) -> str:  # noqa: ARG001 - every filter takes the same two
    """Cut to 200 lines and 8 KiB at a line end; a longer first line is nothing anybody reads."""
    lines = split_lines(text)
    if len(lines) <= MAX_LINES and utf8_width(text) <= MAX_BYTES:
        return text
    kept, room = [], MAX_BYTES
    for line in lines[:MAX_LINES]:
        room -= utf8_width(line)
        if room < 0:
            break
        kept.append(line)
    return "".join(kept).rstrip("\r\n")
