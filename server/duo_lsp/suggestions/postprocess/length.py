"""No suggestion is longer than a person would read."""

from __future__ import annotations

from typing import Final

from duo_lsp.suggestions.context import Here

MAX_BYTES: Final = 8 << 10
MAX_LINES: Final = 200


def cap(text: str, here: Here) -> str:  # noqa: ARG001 - every filter takes the same two
    """Cut to 200 lines and 8 KiB, at a line end where there is one."""
    lines = text.splitlines(keepends=True)
    if len(lines) <= MAX_LINES and len(text.encode("utf-8", "replace")) <= MAX_BYTES:
        return text
    kept, size = [], 0
    for line in lines[:MAX_LINES]:
        size += len(line.encode("utf-8", "replace"))
        if size > MAX_BYTES:
            break
        kept.append(line)
    return "".join(kept).rstrip("\r\n")
