"""Text documents as lines: what the editor shows, edit by edit, at a cost that does not grow with the file."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from duo_lsp.protocol.text_units import (
    Encoding,
    column_from_client,
    column_to_client,
    first_bytes,
    last_bytes,
    split_lines,
    utf8_width,
)

_STRETCHES = (64, 8, 1)  # lines that are measured at once

Span = tuple[int, int, int, int]
"""Start line, start column, end line, end column, in the client's units."""


class Outcome(StrEnum):
    """What became of a change, for the caller's log."""

    APPLIED = "applied"
    RESYNCED = "back in step: a full text came"
    WENT_BACK = "out of step: the version repeated or went back"
    WAITING = "not applied: out of step until a full text comes"


class LineDocument:
    r"""One open document, kept equal to the editor's by its edits (LSP 3.17, Text Documents).

    Lines end at `\n`, `\r\n` or `\r` and nowhere else.
    Columns are in the units of `encoding`; a "character" is one Python character.
    """

    __slots__ = ("encoding", "in_step", "language_id", "lines", "uri", "version")

    def __init__(
        self, uri: str, text: str = "", version: int | None = None, language_id: str = "", encoding: Encoding = "utf-16"
    ) -> None:
        self.uri = uri
        self.language_id = language_id
        self.version = version
        self.encoding: Encoding = encoding
        self.lines = split_lines(text)
        """Each with its line end; the last has none and may be empty."""
        self.in_step = True
        """False while the text may differ from the editor's: suggest nothing then."""

    @property
    def text(self) -> str:
        """The whole text; costs the whole file, so never ask on a keystroke."""
        return "".join(self.lines)

    def replace(self, text: str) -> None:
        """Take a new full text; the document is in step again."""
        self.lines = split_lines(text)
        self.in_step = True

    def apply(self, version: int | None, changes: Sequence[tuple[Span | None, str]]) -> Outcome:
        """Apply one didChange: (span, text) pairs in order, a full text where the span is None.

        Versions only have to grow: the specification says they need not be consecutive, and Neovim's are not.
        One that repeats or goes back is not applied, nor is anything after it until a full text; None is unchecked.
        Raises ValueError, and is out of step, when a span is not four whole numbers from 0 up.
        """
        full = max((at for at, (span, _) in enumerate(changes) if span is None), default=None)
        if full is not None:
            was_in_step = self.in_step
            self._edit_all(version, changes[full:])
            return Outcome.APPLIED if was_in_step else Outcome.RESYNCED
        if not changes:
            return Outcome.APPLIED  # some clients announce a save so, with the version unchanged
        if not self.in_step:
            return Outcome.WAITING
        if version is not None and self.version is not None and version <= self.version:
            self.in_step = False
            return Outcome.WENT_BACK
        self._edit_all(version, changes)
        return Outcome.APPLIED

    def _edit_all(self, version: int | None, changes: Sequence[tuple[Span | None, str]]) -> None:
        self.in_step = False  # and so it stays when an edit raises half-way
        for span, text in changes:
            if span is None:
                self.lines = split_lines(text)
            else:
                self.edit(*span, text)
        if version is not None:
            self.version = version
        self.in_step = True

    def edit(self, start_line: int, start_col: int, end_line: int, end_col: int, new_text: str) -> None:
        """Put `new_text` in place of a range given in client units; an inverted range is turned round.

        Raises ValueError for a number that is negative or not an integer.
        """
        _require_uintegers(start_line, start_col, end_line, end_col)
        lines = self.lines
        start = end = self._place(start_line, start_col)
        if (end_line, end_col) != (start_line, start_col):  # not so when text is only put in, as most is
            end = self._place(end_line, end_col)
        (top, left), (bottom, right) = (start, end) if start <= end else (end, start)
        text = f"{lines[top][:left]}{new_text}{lines[bottom][right:]}"  # a chain of + would copy a long line twice
        if top and text.startswith("\n") and lines[top - 1].endswith("\r"):
            top -= 1  # the seam made one \r\n of two line ends
            text = lines[top] + text
        elif top == bottom and "\n" not in new_text and "\r" not in new_text:
            lines[top] = text
            return
        parts = split_lines(text)
        if bottom + 1 < len(lines):
            parts.pop()  # only the document's last line has no line end
        lines[top : bottom + 1] = parts

    def place(self, line: int, units: int) -> tuple[int, int]:
        """(line, character) of a client's position, clamped into the document as `Position` asks.

        A column past the end of its line means that end; a line past the last means the end of the text.
        Raises ValueError for a number that is negative or not an integer.
        """
        _require_uintegers(line, units)
        return self._place(line, units)

    def _place(self, line: int, units: int) -> tuple[int, int]:
        last = len(self.lines) - 1
        if line > last:
            return last, len(self.lines[last])
        return line, column_from_client(self.lines[line], units, self.encoding)

    def column_from_client(self, line_no: int, units: int) -> int:
        """Characters before a client's column of an existing line; see the function of the same name."""
        return column_from_client(self.lines[line_no], units, self.encoding)

    def column_to_client(self, line_no: int, characters: int) -> int:
        """Client units before a character of an existing line, clamped to the line's end."""
        return column_to_client(self.lines[line_no], characters, self.encoding)

    def before(self, line: int, character: int, max_bytes: int) -> str:
        """At most `max_bytes` of UTF-8 left of a place in characters, made of whole lines and the current one.

        A current line that alone is too long keeps what is nearest the place.
        """
        character = min(character, len(self.lines[line]))
        room = max(0, max_bytes)
        head = last_bytes(self.lines[line][max(0, character - room) : character], room)
        room -= utf8_width(head)
        if len(head) < character:
            return head
        parts = [head]
        for stretch in _STRETCHES:
            while line > 0 and (text := _fitting(self.lines[max(0, line - stretch) : line], room)) is not None:
                parts.append(text)
                room -= utf8_width(text)
                line = max(0, line - stretch)
        return "".join(reversed(parts))

    def after(self, line: int, character: int, max_bytes: int) -> str:
        """At most `max_bytes` of UTF-8 right of a place in characters, made of whole lines and the current one.

        A current line that alone is too long keeps what is nearest the place.
        """
        room = max(0, max_bytes)
        tail = first_bytes(self.lines[line][character : character + room], room)
        room -= utf8_width(tail)
        if character + len(tail) < len(self.lines[line]):
            return tail
        parts, line = [tail], line + 1
        for stretch in _STRETCHES:
            while line < len(self.lines) and (text := _fitting(self.lines[line : line + stretch], room)) is not None:
                parts.append(text)
                room -= utf8_width(text)
                line += stretch
        return "".join(parts)


def _fitting(lines: Sequence[str], room: int) -> str | None:
    """These lines as one text; None when they take more than `room` bytes of UTF-8."""
    if sum(map(len, lines)) > room:
        return None
    text = "".join(lines)
    return text if utf8_width(text) <= room else None


def _require_uintegers(*numbers: object) -> None:
    for number in numbers:
        if type(number) is not int or number < 0:
            raise ValueError(f"a position must be a whole number from 0 up, not {number!r}")
