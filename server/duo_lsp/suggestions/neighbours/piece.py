"""A file beside the current one, as far as it may be sent."""

from __future__ import annotations

import attrs

from duo_lsp.protocol.text_units import utf8_width


@attrs.frozen
class Piece:
    """Lines of one file, secrets as stars."""

    name: str
    """In its workspace folder."""
    lines: tuple[str, ...] = attrs.field(repr=False)
    """With their ends; all of the file, or those around `focus`."""
    focus: int = 0
    """The line that matters most, counted from the first one here: where somebody wrote last, else the beginning."""
    is_whole: bool = True
    text: str = attrs.field(init=False, eq=False, repr=False)
    """All of its lines."""
    size: int = attrs.field(init=False, eq=False)
    """Bytes of its text in UTF-8."""

    @text.default
    def _text(self) -> str:
        return "".join(self.lines)

    @size.default
    def _size(self) -> int:
        return utf8_width(self.text)

    @property
    def memory(self) -> int:
        """About how many bytes it takes here; a character takes up to four, in its line and in the text."""
        return 500 + 8 * self.size + 100 * len(self.lines)
