"""A model that has lost its way says the same again and again; it is stopped at the first time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from duo_lsp.suggestions import around, lines
from duo_lsp.suggestions.context import Here

_SHARE: Final = 0.1
"""Of two lines that may differ and still be the same."""
_MOST_LINES: Final = 3
"""Lines that are repeated as one."""
_REPEATED_LINES: Final = 5
_REPEATED_BLOCKS: Final = 2
_ON_A_LINE: Final = ((10, 3), (3, 5))
"""So many characters, said so many more times."""
_TAIL: Final = 1_000
"""Characters of a line's end that are looked at."""
_SHORTEST: Final = 4
_WORD: Final = re.compile(r"\w")
_MARKS: Final = re.compile(r"[\s\"'`,;]+")
_BLANK_LINES: Final = re.compile(r"(?:[ \t]*\n){2,}")


def stop(text: str, here: Here) -> str:
    """Without what only repeats what the text, or the line above it, has said already.

    The numbers are those of Tabby's filters (five more lines or two more blocks, nine tenths of them the same;
    ten characters three more times, or three five more times) and Continue's for cycles of lines and the line above.
    """
    if _rewrites_line_above(text, here):
        return ""
    return _without_blocks(_without_lines(_without_tail(text), here.line_above))


def _rewrites_line_above(text: str, here: Here) -> bool:
    """Whether the first line is the line above it, but for blanks and quotes.

    Continue lets a tenth of it differ, but a test's next line often differs from the last by one name or number.
    """
    if not around.on_fresh_line(here):
        return False
    first = next(iter(lines.filled(lines.of(text))), "").strip()
    above = next(iter(lines.filled(lines.of(here.above[-lines.LONGEST :])[::-1])), "").strip()
    words = _MARKS.sub("", first)
    return len(words) > _SHORTEST and words == _MARKS.sub("", above)


def _without_lines(text: str, line_above: str) -> str:
    """Up to the first of some lines that are all the same, or that take turns."""
    written = text.split("\n")
    numbers = [number for number, line in enumerate(written) if line.strip()]
    said = [(written[number] if number else line_above + written[0]).rstrip() for number in numbers]
    for period in range(1, _MOST_LINES + 1):
        first = _repeating_from(said, period)
        if len(said) - first >= _REPEATED_LINES * period and _says_something(said[first - period : first]):
            return "\n".join(written[: numbers[first]]).rstrip()
    return text


def _without_blocks(text: str) -> str:
    """Up to the first of some blocks between blank lines that are all the same."""
    ends = [found.start() for found in _BLANK_LINES.finditer(text)]
    starts = [0, *(found.end() for found in _BLANK_LINES.finditer(text))]
    blocks = [text[start:end].rstrip() for start, end in zip(starts, [*ends, len(text)], strict=True)]
    first = _repeating_from(blocks, 1)
    return text[: ends[first - 1]] if len(blocks) - first >= _REPEATED_BLOCKS else text


def _repeating_from(said: Sequence[str], period: int) -> int:
    """Where the repetition begins that goes on to the end, whose last part may not be finished."""
    at = len(said)
    while at > period and (_same(said[at - 1], said[at - 1 - period]) or _begins(said, at, period)):
        at -= 1
    return at


def _begins(said: Sequence[str], at: int, period: int) -> bool:
    return at == len(said) and said[at - 1 - period].startswith(said[at - 1])


def _same(one: str, other: str) -> bool:
    return lines.alike(one, other, _SHARE * max(len(one.lstrip()), len(other.lstrip())))


def _says_something(said: Sequence[str]) -> bool:
    return any(map(_WORD.search, said))


def _without_tail(text: str) -> str:
    """Without a last line that ends by saying a few characters over and over."""
    before, end, last = text.rpartition("\n")
    return before if end and _stutters(last) else "" if _stutters(last) else text


def _stutters(line: str) -> bool:
    backwards = line[: -_TAIL - 1 : -1]
    for period, repeats in enumerate(_matches(backwards)):
        often = any(period >= least and repeats >= period * times for least, times in _ON_A_LINE)
        if often and _WORD.search(backwards, 0, period):
            return True
    return False


def _matches(text: str) -> list[int]:
    """For each place how much of the text from there on is what it begins with (Z-function; linear)."""
    found, left, right = [0] * len(text), 0, 0
    for at in range(1, len(text)):
        size = min(right - at, found[at - left]) if at < right else 0
        while at + size < len(text) and text[size] == text[at + size]:
            size += 1
        found[at] = size
        if at + size > right:
            left, right = at, at + size
    return found
