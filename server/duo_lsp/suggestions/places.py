"""A cursor small enough to remember, and where it is in a text that has changed since."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import attrs

from duo_lsp.suggestions.context import Here, last_line_start

_ABOVE: Final = 1_000
_BELOW: Final = 200
"""Characters that are remembered."""
_MOST_PAIRED: Final = 40
_MOST_LINES: Final = 200
_KEY_LINES: Final = 3
"""Lines with something in them that have to be the same where others were put in above."""
_PAIRED: Final = re.compile(r"[\s)\]}>\"'`]*")
"""What editors put right of the cursor by themselves when a bracket or quote is typed."""
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)")


@attrs.frozen
class Place:
    """Where a suggestion was asked for: the text right before and right after the cursor."""

    uri: str
    head: str
    """The lines above the cursor's."""
    start: str
    """The cursor's line up to it; of one too long, its end."""
    below: str
    line: int
    character: int


@attrs.frozen
class Seen:
    """The line of an earlier cursor, seen again."""

    then: str
    """What stood from its start up to that cursor."""
    now: str
    """What stands from its start up to this cursor; the line may have become several."""
    whole: bool = True
    """Both begin where the line does."""

    @property
    def gone(self) -> int:
        """Characters by which this cursor is before that one, on the same line."""
        return max(0, len(self.then) - len(self.now))


def of(here: Here) -> Place:
    """What to remember of a cursor."""
    above = here.above[-_ABOVE:]
    at = last_line_start(above)
    return Place(here.uri, above[:at], above[at:], here.below[:_BELOW], here.line, here.character)


def paired(place: Place, here: Here) -> str | None:
    """What an editor put right of the cursor since, as it does for `(`; None when it is not only that."""
    if place.uri != here.uri:
        return None
    if here.below[:_BELOW] == place.below:
        return ""
    closers = _PAIRED.match(here.below, 0, _MOST_PAIRED)
    for size in range(1, len(closers[0]) + 1 if closers else 0):
        if here.below[size : size + _BELOW] == place.below:
            return here.below[:size]
    return None


def again(place: Place, here: Here, reach: int) -> Iterator[Seen]:
    """Where the earlier cursor's line may be now, likeliest first; nothing when what is around it has changed.

    Its number says so. Where lines were put in above it, as an added import is, or taken away, the three lines with
    something in them that stand right above it do; `reach` is how many characters may lie between there and here.
    """
    if len(place.start) < place.character or here.character > len(here.above):
        yield from _on_a_long_line(place, here)
        return
    start = _line_start(here.above, here.line - place.line)
    if start >= 0 and here.above.endswith(place.head, 0, start):
        yield Seen(place.start, here.above[start:])
        return
    for at in _found(_key(place.head), here.above, reach):
        if at != start:  # there, something above it was rewritten
            yield Seen(place.start, here.above[at:])


def _on_a_long_line(place: Place, here: Here) -> Iterator[Seen]:
    """The same line, as far as it is known: counted from the cursor, because its beginning may not be there."""
    start, left_out = len(here.above) - here.character, place.character - len(place.start)
    column = max(0, -start, left_out)
    if place.line == here.line and column <= place.character:
        yield Seen(place.start[column - left_out :], here.above[start + column :], whole=not column)


def _line_start(text: str, up: int) -> int:
    """Where the line begins that stands so many lines above the last one; -1 when that is out of reach."""
    if up == 0:
        return last_line_start(text)
    starts = _line_starts(text) if 0 < up <= _MOST_LINES else ()
    return starts[up] if 0 < up < len(starts) else -1


@lru_cache(maxsize=2)
def _line_starts(text: str) -> tuple[int, ...]:
    """Where its last lines begin, the last one first; found once for all that is known of a document."""
    starts = [last_line_start(text)]
    while starts[-1] > 0 and len(starts) <= _MOST_LINES:
        end = starts[-1] - (2 if text.endswith("\r\n", 0, starts[-1]) else 1)
        starts.append(last_line_start(text, end))
    return tuple(starts)


def _key(head: str) -> str:
    """The last lines of it, of which three hold something; nothing where it has none that do."""
    kept, filled = [], 0
    for line in reversed(_LINE.findall(head)):
        kept.append(line)
        filled += bool(line.strip())
        if filled == _KEY_LINES:
            break
    return "".join(reversed(kept)) if filled else ""


def _found(key: str, text: str, reach: int) -> Iterator[int]:
    """Where these lines end in the text, the last first."""
    lowest, end = max(0, len(text) - reach - len(key)), len(text)
    while key and (at := text.rfind(key, lowest, end)) >= 0:
        if last_line_start(text, at) == at:
            yield at + len(key)
        end = at + len(key) - 1
