"""What a line measures: its line end, its bytes, and its columns in three encodings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_STRIDE = 16_384  # characters measured at once: long enough to be fast, short enough to stay in the processor's cache


def split_lines(text: str) -> list[str]:
    """Lines with their ends; the last has none, so there is always one more line than line ends."""
    if "\r" in text:
        lines = _LINE.findall(text)
        return [*lines, ""] if lines[-1][-1] in "\r\n" else lines
    *lines, last = text.split("\n")
    return [*(line + "\n" for line in lines), last]


def column_from_client(line: str, units: int, encoding: Encoding) -> int:
    """Characters of `line` before a column in the client's units, clamped before the line end.

    A column inside a character (the second half of a surrogate pair, a later byte of UTF-8) goes past it.
    """
    length = _length(line)
    if encoding == "utf-32" or line.isascii():
        return min(units, length)
    return _fill(line, units, length, _WIDTHS[encoding])


def column_to_client(line: str, characters: int, encoding: Encoding) -> int:
    """Client units before a character of `line`, clamped before the line end."""
    return _WIDTHS[encoding](line[: min(characters, _length(line))])


def _fill(line: str, units: int, length: int, width: Callable[[str], int]) -> int:
    """The fewest of the first `length` characters that take up `units`, or all of them."""
    at, high, step = 0, min(length, units), _STRIDE
    while at < high:
        middle = min(at + step, high)
        used = width(line[at:middle])
        if used <= units:
            at, units = middle, units - used
            high = min(high, at + units)
        elif middle - at == 1:
            return middle
        else:
            step = (middle - at) // 2
    return at


def _length(line: str) -> int:
    """Characters before the line end."""
    if line.endswith("\r\n"):
        return len(line) - 2
    return len(line) - line.endswith(("\n", "\r"))


def utf8_width(text: str) -> int:
    """Bytes in UTF-8; a lone surrogate counts three."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _utf16_width(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


_WIDTHS: Mapping[Encoding, Callable[[str], int]] = {"utf-8": utf8_width, "utf-16": _utf16_width, "utf-32": len}


def first_bytes(text: str, room: int) -> str:
    """The longest beginning of `text` that fits in `room` bytes of UTF-8."""
    if utf8_width(text) <= room:
        return text
    data = text.encode("utf-8", "surrogatepass")
    while data[room] & 0xC0 == 0x80:  # a later byte of a character: go back to its first
        room -= 1
    return data[:room].decode("utf-8", "surrogatepass")


def last_bytes(text: str, room: int) -> str:
    """The longest ending of `text` that fits in `room` bytes of UTF-8."""
    data = text.encode("utf-8", "surrogatepass")
    start = max(0, len(data) - room)
    while start < len(data) and data[start] & 0xC0 == 0x80:
        start += 1
    return data[start:].decode("utf-8", "surrogatepass")
