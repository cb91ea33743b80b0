"""What is left of an answer at a cursor that has moved since it was asked for, and whether one to come may still fit.

Typed along, gone back, indented otherwise, with lines put in above: all of it costs no request.
"""

from __future__ import annotations

from typing import Final

import attrs

from duo_lsp.protocol.text_units import split_lines
from duo_lsp.suggestions import places
from duo_lsp.suggestions.context import Here, last_line_start, line_ends
from duo_lsp.suggestions.places import Place, Seen

MOST_GONE: Final = 20
"""Characters one may go back before the place that was asked about and still be offered them again."""
MOST_TYPOS: Final = 3
"""Characters that do not fit and may yet be taken back."""
_REACH: Final = 2_000
_TAB: Final = 4
"""Columns that a tab counts for where it meets blanks."""


@attrs.frozen
class Fit:
    """What an answer has for this cursor."""

    rest: str
    """Empty where it was typed to its end."""
    closers: str = ""
    """What the editor has put right of the cursor of it."""
    exact: bool = True
    """It was asked for here, or was typed along; otherwise the person has gone back, or indents otherwise."""

    @property
    def is_something(self) -> bool:
        """Whether more than blanks is left of it, or was when the editor put its closers there."""
        return bool(self.rest.strip() or self.closers)


def fit(text: str, place: Place, here: Here) -> Fit | None:
    """What is left at this cursor of a text that belongs to another place; None when it does not fit.

    Closers that the editor put right of the cursor meanwhile are part of the text, so it has to end with them.
    """
    paired = places.paired(place, here)
    if paired is None:
        return None
    for seen in places.again(place, here, len(place.start) + len(text)):
        found = _along(text, seen) or _reindented(text, seen, here)
        if found is not None and found.rest.endswith(paired):
            return attrs.evolve(found, rest=found.rest.removesuffix(paired), closers=paired)
    return None


def may_fit(begun: str, place: Place, here: Here) -> bool:
    """Whether an answer under way, of which so much has come, may have something for this cursor soon.

    Who is on the next line already does not wait for an answer of which nothing is known there.
    """
    return any(
        _misfit(begun, seen, here) == 0 and line_ends(seen.now[len(seen.then + begun) :]) == 0
        for seen in _seen(begun, place, here)
    )


def is_lost(begun: str, place: Place, here: Here) -> bool:
    """Whether an answer under way can no longer match: more than a typo is in between."""
    return all(_misfit(begun, seen, here) > MOST_TYPOS for seen in _seen(begun, place, here))


def _seen(begun: str, place: Place, here: Here) -> list[Seen]:
    if places.paired(place, here) is None:
        return []
    return list(places.again(place, here, len(place.start) + len(begun) + _REACH))


def _along(text: str, seen: Seen) -> Fit | None:
    """Typed along; or gone back, not to an empty line, where everything is open again."""
    whole = seen.then + text
    if not whole.startswith(seen.now) or (seen.gone and not (text and _is_offered_again(seen))):
        return None
    return Fit(whole[len(seen.now) :], exact=not seen.gone)


def _is_offered_again(seen: Seen) -> bool:
    return seen.gone <= MOST_GONE and bool(seen.now.strip())


def _reindented(text: str, seen: Seen, here: Here) -> Fit | None:
    """The cursor's line begins with other blanks than the text has there: those are eaten, the next lines follow."""
    whole, at = seen.then + text, last_line_start(seen.now)
    if not seen.whole or not whole.startswith(seen.now[:at]):
        return None
    first, following = _split(whole, at)
    old, body = _indentation(first)
    new, typed = _indentation(seen.now[at:])
    asked = _indentation(seen.then)[1] if not at else ""
    if not body or not typed.startswith(asked) or not body.startswith(typed) or _left(old, new, here):
        return None
    rest = body[len(typed) :] + _moved(following, old, new, outer=bool(at))
    return Fit(rest, exact=False) if rest else None


def _left(old: str, new: str, here: Here) -> bool:
    """Whether the person has left the block for good: less indentation, where that ends one."""
    return not here.language.body_end and _width(new) < _width(old)


def _moved(following: str, old: str, new: str, *, outer: bool) -> str:
    """The lines after the first, indented as that is now, up to one that stands further left than it did.

    Where the text began further out, that one and what follows stay as they are; otherwise nothing is known of them.
    """
    lines, kept = split_lines(following), ""
    for number, line in enumerate(lines):
        if line.strip() and not line.startswith(old):
            return kept + "".join(lines[number:]) if outer else kept.rstrip("\r\n")
        kept += new + line[len(old) :] if line.strip() else line
    return kept


def _misfit(begun: str, seen: Seen, here: Here) -> float:
    """Characters that would have to be typed or taken back on this line before such an answer may fit."""
    known, now = seen.then + begun, seen.now
    if not now.strip() and not seen.then.strip() and not line_ends(now):
        return seen.gone if _left(seen.then, now, here) else 0  # only the indentation has changed
    same = _same(known, now)
    if same == len(known):
        return 0
    if same == len(now):
        return 0 if _is_offered_again(seen) else seen.gone
    return float("inf") if line_ends(now[same:]) else max(len(now), len(seen.then)) - same


def _same(one: str, other: str) -> int:
    """How many characters at their beginning are the same."""
    both = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(both) if a != b), min(len(one), len(other)))


def _split(text: str, at: int) -> tuple[str, str]:
    """The line that begins there, without its end, and everything from there on."""
    end = min((found for found in (text.find("\n", at), text.find("\r", at)) if found >= 0), default=len(text))
    return text[at:end], text[end:]


def _indentation(line: str) -> tuple[str, str]:
    """The blanks a line begins with, and the rest."""
    body = line.lstrip(" \t")
    return line[: len(line) - len(body)], body


def _width(blanks: str) -> int:
    return len(blanks.expandtabs(_TAB))
